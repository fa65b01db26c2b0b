// The administrator's calls to the gateway: which service account is saved, save another, remove it. The password goes
// one way only.

import { texts } from '../texts.ts';
import type { Code, HttpFault, Problem } from '../generated/core.ts';
import type { PluginHost } from '../public/host.ts';
import { Fault, sender, type Send } from './http.ts';
import type { ServerSearch } from './server-search.ts';
import { tokenFrom } from './session.ts';

export interface Integration {
  provider: string | null;
  account: string | null;
  /** The address that was chosen; null: the provider's own. */
  serverUrl: string | null;
  hasPassword: boolean;
  savedAt: string | null;
  providers: Provider[];
}

export interface Provider {
  id: string;
  name: string;
  /** Null: the administrator gives one. */
  serverUrl: string | null;
}

export interface Saving {
  provider: string;
  account: string;
  /** Empty: the provider's own. */
  serverUrl: string;
  /** Left out: keep the one that is saved. */
  password?: string;
}

export interface Searching {
  account: string;
  /** Left out: the one that is saved. */
  password?: string;
  /** Hosts that may have the password although they are not the account's own. */
  confirmed: string[];
}

export class IntegrationRefused extends Error {
  /** `status`: the gateway's, or 0 when it did not answer. */
  constructor(
    readonly problem: Problem,
    readonly status: number,
  ) {
    super(problem.code);
    this.name = 'IntegrationRefused';
  }
}

export class IntegrationApi {
  private readonly send: Send;

  constructor(host: PluginHost, gateway: string) {
    this.send = sender(
      { gateway, blikk: '' },
      (service, refresh) => tokenFrom(host, service, refresh),
      new AbortController().signal,
    );
  }

  async read(): Promise<Integration> {
    return (await this.call('GET')) as Integration;
  }

  async save(saving: Saving): Promise<Integration> {
    // The answer to a PUT may be empty: what counts is what a reader gets.
    await this.call('PUT', saving);
    return this.read();
  }

  async remove(): Promise<Integration> {
    await this.call('DELETE');
    return this.read();
  }

  async findServer(searching: Searching): Promise<ServerSearch> {
    return (await this.call('POST', searching, '/integration/server')) as ServerSearch;
  }

  private async call(method: string, body?: unknown, path = '/integration'): Promise<unknown> {
    const sent = body === undefined ? {} : { body: new TextEncoder().encode(JSON.stringify(body)) };
    const answer = await this.send({
      service: 'gateway',
      method,
      path,
      headers: body === undefined ? [] : [['Content-Type', 'application/json']],
      ...sent,
    }).catch((error: unknown) => {
      throw new IntegrationRefused({ code: error instanceof Fault ? BY_FAULT[error.fault] : 'internal' }, 0);
    });
    const json = parsed(answer.body);
    if (answer.status >= 200 && answer.status < 300) return json;
    throw new IntegrationRefused(refusalOf(answer.status, json), answer.status);
  }
}

const BY_FAULT: Record<HttpFault, Code> = {
  unreachable: 'gateway.unreachable',
  timedOut: 'gateway.unreachable',
  tooLarge: 'gateway.failed',
  cancelled: 'run.cancelled',
  notSignedIn: 'gateway.token_expired',
};

function refusalOf(status: number, json: unknown): Problem {
  const error = (json as { error?: { code?: string; message?: string } } | undefined)?.error;
  const code = error?.code !== undefined && error.code in texts ? (error.code as Code) : 'gateway.failed';
  return { code, server: `HTTP ${status}${error?.message === undefined ? '' : `, ${error.message}`}` };
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
