// The engine's memory in the gateway, over HTTP: it survives a new computer, and a person's devices share it. Lists come
// in pages, so that no answer is too large; a commit is one request.

import type { HttpFault, Problem, Side } from '../generated/core.ts';
import type { CarriedResponse, IndexRow, StateCommit } from '../generated/pkg/blikk_calendar_sync.js';
import { Fault, type Send } from './http.ts';
import { StoreFault, type StateStore } from './state-store.ts';

/** As many ids as one question takes. */
const IDS_AT_ONCE = 1000;
/** How often a gateway that is busy is asked again, and how long we wait for it at most. */
const TRIES = 3;
const LONGEST_WAIT_SECONDS = 30;

export type Wait = (milliseconds: number) => Promise<void>;

interface Page {
  rows: unknown[];
  next: string | null;
}

export class RemoteStore implements StateStore {
  /** What the gateway said when it was asked whether it keeps a state: the first `head()` need not ask again. */
  private known: { head: unknown } | undefined;

  constructor(
    private readonly send: Send,
    private readonly folder: string | null,
    private readonly wait: Wait,
  ) {}

  /** Whether the gateway keeps a state at all; one of before it could answers as one that is not told to. */
  async isKept(): Promise<boolean> {
    const answer = await this.ask('GET', '/head');
    if (answer.status === 404) return false;
    // One that cannot be read is kept too; whoever wants it is told so then.
    if (isRefusal(answer) && refusalOf(answer).code === 'store.unreadable') return true;
    this.known = { head: headOf(answer) };
    return true;
  }

  async head(): Promise<unknown> {
    const { head } = this.known ?? { head: headOf(await this.ask('GET', '/head')) };
    this.known = undefined;
    return head;
  }

  async generation(): Promise<number> {
    // Who asks for it wants to know of a head that is not older.
    this.known = undefined;
    const { generation } = (jsonOf(accepted(await this.ask('GET', '/generation'))) ?? {}) as { generation?: unknown };
    if (typeof generation === 'number') return generation;
    throw new StoreFault({ code: 'gateway.failed', server: 'an answer that is no generation' });
  }

  async linksOf(side: Side, ids: string[]): Promise<unknown[]> {
    const wanted = [...new Set(ids)];
    const found: unknown[] = [];
    for (let at = 0; at < wanted.length; at += IDS_AT_ONCE) {
      const some = wanted.slice(at, at + IDS_AT_ONCE);
      const page = (after: string | null): Promise<CarriedResponse> =>
        this.ask('POST', '/links-of', {}, { side, ids: some, after });
      for (const row of await pages(page)) found.push(row);
    }
    return found;
  }

  async index(): Promise<IndexRow[]> {
    return (await this.list('/index')) as IndexRow[];
  }

  async linksAfter(after: string | null, limit: number): Promise<unknown[]> {
    const page = (after: string | null, left: number): Promise<CarriedResponse> =>
      this.ask('GET', '/links', { limit: String(left), after });
    return pages(page, after, limit);
  }

  async operations(): Promise<unknown[]> {
    return this.list('/operations');
  }

  async runs(): Promise<unknown[]> {
    return this.list('/runs');
  }

  async changesOf(run: number): Promise<unknown[]> {
    return this.list('/changes', { run: String(run) });
  }

  async commit(commit: StateCommit): Promise<boolean> {
    this.known = undefined;
    const answer = await this.ask('POST', '/commit', {}, commit);
    if (answer.status === 409) return false;
    accepted(answer);
    return true;
  }

  private list(path: string, query: Query = {}): Promise<unknown[]> {
    return pages((after) => this.ask('GET', path, { ...query, after }));
  }

  /** A gateway that says it is busy has carried out nothing, so the same may be asked again. */
  private async ask(method: string, path: string, query: Query = {}, body?: unknown): Promise<CarriedResponse> {
    const parameters = Object.entries({ ...query, folder: this.folder }).filter(([, value]) => value !== null);
    const search = new URLSearchParams(parameters as [string, string][]).toString();
    const request = {
      service: 'gateway' as const,
      method,
      path: `/state${path}${search === '' ? '' : `?${search}`}`,
      headers: (body === undefined ? [] : [['Content-Type', 'application/json']]) as [string, string][],
      ...(body === undefined ? {} : { body: new TextEncoder().encode(JSON.stringify(body)) }),
    };
    for (let tries = 1; ; tries += 1) {
      const answer = await this.carry(request);
      const seconds = waitOf(answer);
      if (seconds === undefined || seconds > LONGEST_WAIT_SECONDS || tries === TRIES) return answer;
      await this.wait(seconds * 1000);
    }
  }

  private async carry(request: Parameters<Send>[0]): Promise<CarriedResponse> {
    try {
      return await this.send(request);
    } catch (error) {
      const fault = error instanceof Fault ? error.fault : 'unreachable';
      throw new StoreFault({ code: CODES[fault], server: fault });
    }
  }
}

/** The gateway's state where it keeps one, otherwise the browser's; found out with the first question. */
export class GatewayFirst implements StateStore {
  private chosen: Promise<StateStore> | undefined;

  constructor(
    private readonly gateway: RemoteStore,
    private readonly browser: StateStore,
  ) {}

  head = async (): Promise<unknown> => (await this.store()).head();
  generation = async (): Promise<number> => (await this.store()).generation();
  linksOf = async (side: Side, ids: string[]): Promise<unknown[]> => (await this.store()).linksOf(side, ids);
  index = async (): Promise<IndexRow[]> => (await this.store()).index();
  linksAfter = async (after: string | null, limit: number): Promise<unknown[]> =>
    (await this.store()).linksAfter(after, limit);
  operations = async (): Promise<unknown[]> => (await this.store()).operations();
  runs = async (): Promise<unknown[]> => (await this.store()).runs();
  changesOf = async (run: number): Promise<unknown[]> => (await this.store()).changesOf(run);
  commit = async (commit: StateCommit): Promise<boolean> => (await this.store()).commit(commit);

  private store(): Promise<StateStore> {
    // A gateway that did not answer has not said no: what is asked fails, and the next question asks it again.
    this.chosen ??= this.gateway
      .isKept()
      .then((isKept) => (isKept ? this.gateway : this.browser))
      .catch((error: unknown) => {
        this.chosen = undefined;
        throw error;
      });
    return this.chosen;
  }
}

type Query = Record<string, string | null>;

const CODES: Record<HttpFault, Problem['code']> = {
  unreachable: 'gateway.unreachable',
  timedOut: 'gateway.unreachable',
  tooLarge: 'gateway.failed',
  cancelled: 'run.cancelled',
  notSignedIn: 'gateway.token_expired',
};

/** The rows of all pages, or of as many as hold `limit`. */
async function pages(
  page: (after: string | null, left: number) => Promise<CarriedResponse>,
  after: string | null = null,
  limit = Infinity,
): Promise<unknown[]> {
  const all: unknown[] = [];
  let place = after;
  while (all.length < limit) {
    const { rows, next } = pageOf(accepted(await page(place, limit - all.length)));
    for (const row of rows) all.push(row);
    if (next === null) break;
    place = next;
  }
  return all;
}

/** What is no list must not be taken for an empty one: events would be taken for new. */
function pageOf(answer: CarriedResponse): Page {
  const { rows, next } = (jsonOf(answer) ?? {}) as Partial<Page>;
  if (Array.isArray(rows) && (next === null || typeof next === 'string')) return { rows, next };
  throw new StoreFault({ code: 'gateway.failed', server: 'an answer that is no list' });
}

const headOf = (answer: CarriedResponse): unknown => (accepted(answer).status === 204 ? undefined : jsonOf(answer));

/** An answer that is none of the gateway's refusals. */
function accepted(answer: CarriedResponse): CarriedResponse {
  if (!isRefusal(answer)) return answer;
  throw new StoreFault(refusalOf(answer));
}

const isRefusal = ({ status }: CarriedResponse): boolean => status !== 200 && status !== 204;

function refusalOf(answer: CarriedResponse): Problem {
  const unknown: Problem = { code: 'gateway.failed', server: `HTTP ${answer.status}` };
  try {
    const { error } = jsonOf(answer) as { error: { code: Problem['code']; message: string; retryAfter?: number } };
    const wait = error.retryAfter === undefined ? {} : { waitSeconds: error.retryAfter };
    return typeof error.code === 'string' ? { code: error.code, server: error.message, ...wait } : unknown;
  } catch {
    return unknown;
  }
}

/** How many seconds a busy gateway asks us to wait. */
function waitOf({ status, headers }: CarriedResponse): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const seconds = Number(headers.find(([name]) => name === 'retry-after')?.[1]);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

function jsonOf({ body }: CarriedResponse): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    throw new StoreFault({ code: 'gateway.failed', server: 'an answer that is not JSON' });
  }
}
