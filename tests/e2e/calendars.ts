// Both calendars as a test sees them from outside, by their own addresses: what is really there, whatever a page says.

export const addresses = {
  blikk: process.env['E2E_BASE'] ?? 'http://127.0.0.1:8420',
  exchange: process.env['E2E_EXCHANGE'] ?? 'http://127.0.0.1:8421',
  gateway: process.env['E2E_GATEWAY'] ?? 'http://127.0.0.1:8422',
};

export type Point = { dateTime: string; timeZone: string } | { date: string };

export interface NewEvent {
  title: string;
  start: Point;
  end: Point;
  body?: string;
  place?: string;
  allDay?: boolean;
  status?: string;
  visibility?: string;
  reminderMinutes?: number | null;
  categories?: string[];
  importance?: string;
  /** In Blikk content lines, in Outlook a pattern. */
  recurrence?: unknown;
  attachments?: string[];
  /** Blikk only. */
  exceptions?: unknown[];
  /** Outlook only. */
  attendees?: { name: string; email: string; answer?: string }[];
  organizer?: { name: string; email: string };
  myAnswer?: string;
  cancelled?: boolean;
  onlineUrl?: string;
}

type Fields = 'title' | 'start' | 'end' | 'body' | 'place' | 'allDay' | 'status' | 'visibility' | 'reminderMinutes';

export interface Event extends Required<Pick<NewEvent, Fields | 'categories' | 'importance' | 'attachments'>> {
  id: string;
  version: string;
  /** Of an occurrence of a series. */
  originalStart?: Point | null;
  /** Blikk only. */
  meeting?: { isMine: boolean; organizer: { email: string } | null; participants: { email: string; answer: string }[] };
}

export interface Fault {
  match?: { operation?: string; user?: string; skip?: number; times?: number };
  fault: { kind: string; [detail: string]: unknown };
}

export interface Person {
  id: string;
  name: string;
  email: string;
  password: string;
}

interface Standins {
  exchange: { serviceAccount: { user: string; password: string } };
  blikk: { users: (Person & { role: string })[] };
}

/** What the stand-ins said when they started: accounts that nobody else could know. */
function standins(): Standins {
  const said = process.env['E2E_STANDINS'];
  if (said === undefined) throw new Error('E2E_STANDINS is missing: run the tests with `cargo xtask test whole`');
  return JSON.parse(said) as Standins;
}

export const serviceAccount = (): { user: string; password: string } => standins().exchange.serviceAccount;

export function administrator(): Person {
  const found = standins().blikk.users.find(({ role }) => role === 'admin');
  if (found === undefined) throw new Error('Blikk has no administrator');
  return found;
}

let people = 0;

/** Somebody new, with a sign-in to Blikk and a mailbox, both empty. */
export async function newPerson(name = 'Åsa Öberg'): Promise<Person> {
  people += 1;
  const email = `person${people}.${Date.now()}@konsult.example`;
  await json('POST', `${addresses.exchange}/_control/users`, { email, name });
  return (await json('POST', `${addresses.blikk}/_control/users`, { email, name })) as Person;
}

/** What a person does in Outlook. */
export class Outlook {
  constructor(private readonly person: Person) {}

  /** `calendar`: the name of another one than the first. */
  async all(calendar?: string): Promise<Event[]> {
    const which = calendar === undefined ? '' : `?calendar=${encodeURIComponent(calendar)}`;
    return ((await json('GET', `${this.events()}${which}`)) as { items: Event[] }).items;
  }

  /** What takes place in the coming five weeks, occurrences of series by themselves. */
  async coming(): Promise<Event[]> {
    const [from, to] = comingWeeks();
    return ((await json('GET', `${this.events()}?from=${from}&to=${to}`)) as { items: Event[] }).items;
  }

  async create(event: NewEvent, calendar?: string): Promise<Event> {
    return (await json('POST', this.events(), { ...event, calendar })) as Event;
  }

  async update(event: Event, change: Partial<NewEvent>): Promise<void> {
    await json('PUT', this.events(event.id), change);
  }

  async remove(event: Event): Promise<void> {
    await json('DELETE', this.events(event.id));
  }

  private events(id?: string): string {
    const events = `${addresses.exchange}/people/${encodeURIComponent(this.person.email)}/events`;
    return id === undefined ? events : `${events}/${encodeURIComponent(id)}`;
  }
}

/** What a person does in Blikk, by the contract. */
export class Blikk {
  private token: string | undefined;

  constructor(private readonly person: Person) {}

  async all(): Promise<Event[]> {
    return ((await this.call('GET', '?pageSize=500')) as { items: Event[] }).items;
  }

  async coming(): Promise<Event[]> {
    const [from, to] = comingWeeks();
    const query = `?filter.from=${from}&filter.to=${to}`;
    return ((await this.call('GET', query, undefined, undefined, 'occurrences')) as { items: Event[] }).items;
  }

  async create(event: NewEvent): Promise<Event> {
    return (await this.call('POST', '', event)) as Event;
  }

  async update(event: Event, change: Partial<NewEvent>): Promise<void> {
    await this.call('PUT', `/${event.id}`, change, event.version);
  }

  async remove(event: Event): Promise<void> {
    await this.call('DELETE', `/${event.id}`, undefined, event.version);
  }

  private async call(
    method: string,
    path: string,
    body?: unknown,
    version?: string,
    list = 'events',
  ): Promise<unknown> {
    const { email, password } = this.person;
    this.token ??= (
      (await json('POST', `${addresses.blikk}/v1/session`, { email, password })) as { token: string }
    ).token;
    const headers = {
      Authorization: `Bearer ${this.token}`,
      ...(version === undefined ? {} : { 'If-Match': `"${version}"` }),
    };
    return json(method, `${addresses.blikk}/v1/calendar/${list}${path}`, body, headers);
  }
}

function comingWeeks(): [from: string, to: string] {
  const midnight = (days: number): string =>
    `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`;
  return [midnight(0), midnight(35)];
}

/** How both sides must agree on an event: all that a person sees, times as instants. */
export function seen(event: Event): unknown {
  const time = (point: Point): string => ('date' in point ? point.date : new Date(point.dateTime).toISOString());
  const { title, body, place, allDay, status, visibility, importance, reminderMinutes, categories } = event;
  const { attachments, originalStart } = event;
  const text = body.replaceAll('\r\n', '\n').trim();
  return {
    title,
    body: text,
    place,
    allDay,
    status,
    visibility,
    importance,
    reminderMinutes,
    attachments,
    original: originalStart == null ? undefined : time(originalStart),
    start: time(event.start),
    end: time(event.end),
    categories: [...categories].sort(),
  };
}

export const byTitle = (events: Event[]): unknown[] =>
  [...events]
    .sort((a, b) => a.title.localeCompare(b.title) || JSON.stringify(a.start).localeCompare(JSON.stringify(b.start)))
    .map(seen);

/** Mails that Exchange would have sent. There must never be one. */
export async function outbox(): Promise<unknown[]> {
  return ((await json('GET', `${addresses.exchange}/_control/outbox`)) as { items: unknown[] }).items;
}

export async function spoil(side: 'blikk' | 'exchange', fault: Fault): Promise<void> {
  await json('POST', `${addresses[side]}/_control/faults`, fault);
}

export async function control(what: string, body: unknown): Promise<void> {
  await json('POST', `${addresses.exchange}/_control/${what}`, body);
}

export async function heal(): Promise<void> {
  await Promise.all([
    json('DELETE', `${addresses.blikk}/_control/faults`),
    json('DELETE', `${addresses.exchange}/_control/faults`),
  ]);
}

async function json(
  method: string,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status === 429) {
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get('retry-after') ?? 1)));
    return json(method, url, body, headers);
  }
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
