// Carries one HTTP request for the core: finds the service's address, puts the token on, and answers with the whole
// response or with the reason why there is none. It never looks into a body and never repeats a request, with one
// exception: a 401 says that nothing was carried out, so it is sent once more with a fresh token.

import type { HttpFault, Service } from '../generated/core.ts';
import type { CarriedRequest, CarriedResponse } from '../generated/pkg/blikk_calendar_sync.js';

/** How the core's `Host.send` rejects. */
export class Fault extends Error {
  constructor(readonly fault: HttpFault) {
    super(fault);
    this.name = 'Fault';
  }
}

/** Asks the host page for a token; null when it has none. */
export type TokenSource = (service: Service, refresh: boolean) => Promise<string | null>;

export interface Limits {
  milliseconds: number;
  bytes: number;
}

/** Wider than the gateway's own (which answers with a code of its own first), so that ours are the last resort. */
const LIMITS: Record<Service, Limits> = {
  gateway: { milliseconds: 120_000, bytes: 24 * 1024 * 1024 },
  blikk: { milliseconds: 30_000, bytes: 16 * 1024 * 1024 },
};

export type Send = (request: CarriedRequest) => Promise<CarriedResponse>;

/**
 * @param cancelled aborts when the person's patience with a running request is over, see `worker.ts`
 */
export function sender(
  bases: Record<Service, string>,
  tokenSource: TokenSource,
  cancelled: AbortSignal,
  limits: Record<Service, Limits> = LIMITS,
): Send {
  const tokens = new Map<Service, string>();

  async function token(service: Service, refused?: string): Promise<string> {
    const known = tokens.get(service);
    if (known !== undefined && known !== refused) return known;
    const fresh = await tokenSource(service, refused !== undefined);
    if (fresh === null || fresh === '') throw new Fault('notSignedIn');
    tokens.set(service, fresh);
    return fresh;
  }

  return async (request) => {
    const carry = (bearer: string): Promise<CarriedResponse> =>
      fetchWhole(bases[request.service] + request.path, request, bearer, cancelled, limits[request.service]);

    const first = await token(request.service);
    const answer = await carry(first);
    if (answer.status !== 401) return answer;
    const second = await token(request.service, first);
    return second === first ? answer : carry(second);
  };
}

async function fetchWhole(
  url: string,
  request: CarriedRequest,
  bearer: string,
  cancelled: AbortSignal,
  limits: Limits,
): Promise<CarriedResponse> {
  const timeout = AbortSignal.timeout(limits.milliseconds);
  const signal = AbortSignal.any([cancelled, timeout]);
  try {
    const response = await fetch(url, {
      method: request.method,
      headers: [...request.headers, ['Authorization', `Bearer ${bearer}`]],
      body: request.body === undefined ? null : (request.body as Uint8Array<ArrayBuffer>),
      signal,
      // Nothing of the browser's own may go along or stay behind: no cookies, no cache, no page address.
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      // A redirect would carry the token to a place nobody configured.
      redirect: 'error',
    });
    return { status: response.status, headers: [...response.headers], body: await bodyOf(response, limits.bytes) };
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (cancelled.aborted) throw new Fault('cancelled');
    if (timeout.aborted) throw new Fault('timedOut');
    throw new Fault('unreachable');
  }
}

/** The whole body, or a fault as soon as it is clear that it is too large: what is too large is never held. */
async function bodyOf(response: Response, limit: number): Promise<Uint8Array> {
  if (Number(response.headers.get('content-length') ?? 0) > limit) {
    await response.body?.cancel();
    throw new Fault('tooLarge');
  }
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(chunks, size);
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new Fault('tooLarge');
    }
    chunks.push(value);
  }
}

function joined(chunks: Uint8Array[], size: number): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
