// What the demo's pages ask of the two calendars and of Blikk's sign-in. A real host page has its own.

import type { Answer, CalendarEvent, EventFields, NewEvent, Participant, Person } from './event.ts';
import type { Repetition } from './repetition.ts';
import { changedSeries, withChangedOccurrence, withoutOccurrence } from './series.ts';

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
  /** What takes place between two instants: single events, and the occurrences of series. */
  list(from: string, to: string): Promise<CalendarEvent[]>;
  /** The series that an occurrence belongs to. */
  seriesOf(occurrence: CalendarEvent): Promise<CalendarEvent>;
  create(event: NewEvent): Promise<void>;
  /** A single event, or a whole series. */
  update(event: CalendarEvent, changed: Partial<NewEvent>): Promise<void>;
  remove(event: CalendarEvent): Promise<void>;
  updateOccurrence(occurrence: CalendarEvent, changed: Partial<EventFields>): Promise<void>;
  removeOccurrence(occurrence: CalendarEvent): Promise<void>;
  /** Whether a meeting can be changed here, whoever called it. */
  readonly isHomeOfMeetings: boolean;
  /** Whether a series can be made to take place once. */
  readonly endsSeries: boolean;
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

  readonly endsSeries = true;
  readonly isHomeOfMeetings = false;

  async list(from: string, to: string): Promise<CalendarEvent[]> {
    const query = new URLSearchParams({ 'filter.from': from, 'filter.to': to });
    return ((await this.call('GET', `/v1/calendar/occurrences?${query}`)) as { items: CalendarEvent[] }).items;
  }

  async seriesOf(occurrence: CalendarEvent): Promise<CalendarEvent> {
    return (await this.call('GET', this.pathOf(occurrence))) as CalendarEvent;
  }

  async create({ repetition, ...fields }: NewEvent): Promise<void> {
    const lines = repetition.pattern === 'once' ? {} : changedSeries(fields, fields.start, repetition);
    await this.call('POST', '/v1/calendar/events', {
      json: { ...fields, ...lines },
      headers: { 'Idempotency-Key': crypto.randomUUID() },
    });
  }

  async update(event: CalendarEvent, { repetition, ...fields }: Partial<NewEvent>): Promise<void> {
    const isSeries = event.recurrence != null;
    const isLaidOutAnew = repetition !== undefined || (isSeries && fields.start !== undefined);
    const lines = isLaidOutAnew ? changedSeries(event, fields.start ?? event.start, repetition) : {};
    await this.put(event, { ...fields, ...lines });
  }

  async remove(event: CalendarEvent): Promise<void> {
    await this.call('DELETE', this.pathOf(event), { headers: ifMatch(event) });
  }

  async updateOccurrence(occurrence: CalendarEvent, changed: Partial<EventFields>): Promise<void> {
    const series = await this.seriesOf(occurrence);
    if (occurrence.originalStart != null)
      await this.put(occurrence, withChangedOccurrence(series, occurrence.originalStart, changed));
  }

  async removeOccurrence(occurrence: CalendarEvent): Promise<void> {
    const series = await this.seriesOf(occurrence);
    if (occurrence.originalStart != null)
      await this.put(occurrence, withoutOccurrence(series, occurrence.originalStart));
  }

  private async put(event: CalendarEvent, json: unknown): Promise<void> {
    await this.call('PUT', this.pathOf(event), { json, headers: ifMatch(event) });
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
  readonly endsSeries = false;
  readonly isHomeOfMeetings = true;
  private readonly events: string;

  constructor(
    exchange: string,
    private readonly mailbox: string,
  ) {
    this.events = `${exchange}/people/${encodeURIComponent(mailbox)}/events`;
  }

  async list(from: string, to: string): Promise<CalendarEvent[]> {
    const answer = (await call('GET', `${this.events}?${new URLSearchParams({ from, to })}`)) as { items: Item[] };
    return answer.items.map((item) => this.eventOf(item));
  }

  async seriesOf({ seriesId }: CalendarEvent): Promise<CalendarEvent> {
    return this.eventOf((await call('GET', this.pathOf(seriesId ?? ''))) as Item);
  }

  async create({ repetition, ...fields }: NewEvent): Promise<void> {
    await call('POST', this.events, { json: { ...fields, ...recurrenceOf(repetition) } });
  }

  async update(event: CalendarEvent, { repetition, ...fields }: Partial<NewEvent>): Promise<void> {
    const recurrence = repetition === undefined ? {} : recurrenceOf(repetition);
    await call('PUT', this.pathOf(event.id), { json: { ...fields, ...recurrence } });
  }

  async remove(event: CalendarEvent): Promise<void> {
    await call('DELETE', this.pathOf(event.id));
  }

  async updateOccurrence(occurrence: CalendarEvent, changed: Partial<EventFields>): Promise<void> {
    await call('PUT', this.pathOf(occurrence.id), { json: changed });
  }

  async removeOccurrence(occurrence: CalendarEvent): Promise<void> {
    await call('DELETE', this.pathOf(occurrence.id));
  }

  private pathOf(id: string): string {
    return `${this.events}/${encodeURIComponent(id)}`;
  }

  /** In the words of Blikk's contract. */
  private eventOf(item: Item): CalendarEvent {
    const { kind, organizer, participants = [], myAnswer, cancelled, onlineUrl, importance, ...event } = item;
    const isMine = organizer?.email.toLowerCase() === this.mailbox.toLowerCase();
    return {
      ...event,
      importance: importance ?? 'normal',
      isSeries: kind === 'series',
      isChanged: kind === 'exception',
      meeting:
        organizer == null
          ? null
          : {
              isMine,
              organizer,
              participants,
              myAnswer: myAnswer ?? 'notAnswered',
              isCancelled: cancelled === true,
              onlineUrl: onlineUrl ?? null,
            },
    };
  }
}

/** An event as the people's API tells it. */
interface Item extends CalendarEvent {
  kind?: 'single' | 'meeting' | 'series' | 'occurrence' | 'exception';
  organizer?: Person | null;
  participants?: Participant[];
  myAnswer?: Answer | null;
  cancelled?: boolean;
  onlineUrl?: string | null;
}

const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function recurrenceOf({ pattern, interval, days, end }: Repetition): { recurrence?: unknown } {
  if (pattern === 'once' || pattern === 'own') return {};
  const daysOfWeek = days.map((day) => DAY_NAMES[day]);
  const until = end.kind === 'until' ? { until: end.date } : {};
  const count = end.kind === 'count' ? { count: end.count } : {};
  return { recurrence: { pattern, interval, daysOfWeek, ...until, ...count } };
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
