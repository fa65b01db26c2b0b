// What the demo's pages ask of the two calendars and of Blikk's sign-in. A real host page has its own.

import type { CalendarEvent, NewEvent } from './event.ts';

export interface User {
  id: string;
  name: string;
  email: string;
  role: 'user' | 'admin';
}

/** Written by `cargo xtask demo` beside the pages. */
export interface DemoConfig {
  gateway: string;
  exchange: string;
  /** People to sign in as with one click. */
  users?: { name: string; email: string; password: string; role: string }[];
}

export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'Refused';
  }
}

export interface Calendar {
  /** The events between two instants. */
  list(from: string, to: string): Promise<CalendarEvent[]>;
  create(event: NewEvent): Promise<void>;
  update(event: CalendarEvent, changed: Partial<NewEvent>): Promise<void>;
  remove(event: CalendarEvent): Promise<void>;
}

export async function demoConfig(): Promise<DemoConfig> {
  return (await call('GET', '/demo/config.json')) as DemoConfig;
}

/** Blikk's own API, on the page's origin. */
export class Blikk implements Calendar {
  constructor(private readonly token: string) {}

  static async signIn(email: string, password: string): Promise<{ token: string; user: User }> {
    return (await call('POST', '/v1/session', { json: { email, password } })) as { token: string; user: User };
  }

  async whoAmI(): Promise<User> {
    const answer = (await this.call('GET', '/v1/session')) as User | { user: User };
    return 'user' in answer ? answer.user : answer;
  }

  async gatewayToken(): Promise<string> {
    return ((await this.call('GET', '/v1/calendar/gateway-token')) as { token: string }).token;
  }

  async list(from: string, to: string): Promise<CalendarEvent[]> {
    const events: CalendarEvent[] = [];
    for (let page = 1, pages = 1; page <= pages; page++) {
      const query = new URLSearchParams({ page: String(page), pageSize: '200', 'filter.from': from, 'filter.to': to });
      const answer = (await this.call('GET', `/v1/calendar/events?${query}`)) as {
        items: CalendarEvent[];
        totalPages: number;
      };
      events.push(...answer.items);
      pages = answer.totalPages;
    }
    return events;
  }

  async create(event: NewEvent): Promise<void> {
    await this.call('POST', '/v1/calendar/events', {
      json: event,
      headers: { 'Idempotency-Key': crypto.randomUUID() },
    });
  }

  async update(event: CalendarEvent, changed: Partial<NewEvent>): Promise<void> {
    await this.call('PUT', this.pathOf(event), { json: changed, headers: ifMatch(event) });
  }

  async remove(event: CalendarEvent): Promise<void> {
    await this.call('DELETE', this.pathOf(event), { headers: ifMatch(event) });
  }

  private pathOf(event: CalendarEvent): string {
    return `/v1/calendar/events/${encodeURIComponent(event.id)}`;
  }

  private call(method: string, path: string, sent: Sent = {}): Promise<unknown> {
    return call(method, path, { ...sent, headers: { ...sent.headers, Authorization: `Bearer ${this.token}` } });
  }
}

/** What Outlook would show and do: the stand-in Exchange's API for people. */
export class Outlook implements Calendar {
  private readonly events: string;

  constructor(exchange: string, mailbox: string) {
    this.events = `${exchange}/people/${encodeURIComponent(mailbox)}/events`;
  }

  /** The stand-in gives the whole calendar; the week view shows what lies in the week. */
  async list(): Promise<CalendarEvent[]> {
    return ((await call('GET', this.events)) as { items: CalendarEvent[] }).items;
  }

  async create(event: NewEvent): Promise<void> {
    await call('POST', this.events, { json: event });
  }

  async update(event: CalendarEvent, changed: Partial<NewEvent>): Promise<void> {
    await call('PUT', `${this.events}/${encodeURIComponent(event.id)}`, { json: changed });
  }

  async remove(event: CalendarEvent): Promise<void> {
    await call('DELETE', `${this.events}/${encodeURIComponent(event.id)}`);
  }
}

interface Sent {
  json?: unknown;
  headers?: Record<string, string>;
}

const ifMatch = (event: CalendarEvent): Record<string, string> => ({ 'If-Match': `"${event.version ?? ''}"` });

/** Once more after a 429: the week view must not break because the synchronisation used up the second's requests. */
async function call(method: string, url: string, { json, headers }: Sent = {}, patience = 3): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(json === undefined ? {} : { 'Content-Type': 'application/json' }) },
    body: json === undefined ? null : JSON.stringify(json),
    cache: 'no-store',
  });
  if (response.status === 429 && patience > 0) {
    const seconds = Number(response.headers.get('retry-after') ?? 1) || 1;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return call(
      method,
      url,
      { ...(json === undefined ? {} : { json }), ...(headers === undefined ? {} : { headers }) },
      patience - 1,
    );
  }
  const text = await response.text();
  if (!response.ok) throw new Refused(response.status, text.slice(0, 300));
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
