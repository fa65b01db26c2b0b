// A calendar event as Blikk's contract (docs/blikk-calendar.openapi.yaml) and the stand-in's people API both spell it.

import { addDays, instantOf, wallOf, type PlainDate } from './zone.ts';

export type Point = { dateTime: string; timeZone: string } | { date: PlainDate };
export type Status = 'free' | 'tentative' | 'busy' | 'outOfOffice' | 'workingElsewhere';
export type Visibility = 'normal' | 'personal' | 'private' | 'confidential';

export interface CalendarEvent {
  id: string;
  version?: string;
  externalId?: string | null;
  title: string;
  body: string;
  place: string;
  start: Point;
  end: Point;
  allDay: boolean;
  status: Status;
  visibility: Visibility;
  reminderMinutes: number | null;
  categories: string[];
  /** Only from Outlook: what the synchronisation does not carry yet. */
  kind?: 'single' | 'series' | 'meeting';
}

export type NewEvent = Omit<CalendarEvent, 'id' | 'version' | 'externalId' | 'kind'>;

/** What the form holds: text as it is typed, times by the clock on the wall, and the *last* day of an all-day event. */
export interface Draft {
  title: string;
  body: string;
  place: string;
  allDay: boolean;
  startDate: PlainDate;
  startTime: string;
  endDate: PlainDate;
  endTime: string;
  status: Status;
  visibility: Visibility;
  reminderMinutes: number | null;
  categories: string;
}

export function emptyDraft(date: PlainDate, minutes: number): Draft {
  return {
    title: '',
    body: '',
    place: '',
    allDay: false,
    startDate: date,
    startTime: clock(minutes),
    endDate: date,
    endTime: clock(Math.min(minutes + 60, 23 * 60 + 59)),
    status: 'busy',
    visibility: 'normal',
    reminderMinutes: 15,
    categories: '',
  };
}

export function draftOf(event: CalendarEvent, zone: string): Draft {
  const { title, body, place, allDay, status, visibility, reminderMinutes } = event;
  const [start, end] = [wallOfPoint(event.start, zone), wallOfPoint(event.end, zone)];
  return {
    title,
    body,
    place,
    allDay,
    status,
    visibility,
    reminderMinutes,
    startDate: start.date,
    startTime: clock(allDay ? 8 * 60 : start.minutes),
    endDate: allDay ? addDays(end.date, -1) : end.date,
    endTime: clock(allDay ? 9 * 60 : end.minutes),
    categories: event.categories.join(', '),
  };
}

/** Undefined when it would end before it starts. A time that nobody touched keeps the zone it came in. */
export function eventOf(draft: Draft, zone: string, original?: CalendarEvent): NewEvent | undefined {
  const { title, body, place, allDay, status, visibility, reminderMinutes } = draft;
  const { start, end } = spanOf(draft, zone, original);
  if (value(end) < value(start) || (allDay && value(end) <= value(start))) return undefined;
  const categories = [
    ...new Set(
      draft.categories
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ),
  ];
  return {
    title: title.trim(),
    body,
    place: place.trim(),
    allDay,
    start,
    end,
    status,
    visibility,
    reminderMinutes,
    categories,
  };
}

function spanOf(draft: Draft, zone: string, original?: CalendarEvent): { start: Point; end: Point } {
  if (original !== undefined) {
    const before = draftOf(original, zone);
    const times = ['allDay', 'startDate', 'endDate', 'startTime', 'endTime'] as const;
    if (times.every((name) => before[name] === draft[name])) return { start: original.start, end: original.end };
  }
  if (draft.allDay) return { start: { date: draft.startDate }, end: { date: addDays(draft.endDate, 1) } };
  return { start: pointOf(draft.startDate, draft.startTime, zone), end: pointOf(draft.endDate, draft.endTime, zone) };
}

/** Only what the person changed: what a calendar keeps in a form of its own (Outlook's HTML) is not written for nothing. */
export function changesOf(original: CalendarEvent, changed: NewEvent): Partial<NewEvent> {
  const keys = Object.keys(changed) as (keyof NewEvent)[];
  const differs = (key: keyof NewEvent): boolean => JSON.stringify(original[key]) !== JSON.stringify(changed[key]);
  const times = ['start', 'end', 'allDay'] as (keyof NewEvent)[];
  const moved = times.some(differs);
  return Object.fromEntries(
    keys.filter((key) => (times.includes(key) ? moved : differs(key))).map((key) => [key, changed[key]]),
  );
}

export function wallOfPoint(point: Point, zone: string): { date: PlainDate; minutes: number } {
  return 'date' in point ? { date: point.date, minutes: 0 } : wallOf(point.dateTime, zone);
}

export function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function pointOf(date: PlainDate, time: string, zone: string): Point {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const dateTime = instantOf({ date, minutes: hours * 60 + minutes }, zone)
    .toISOString()
    .replace('.000Z', 'Z');
  return { dateTime, timeZone: zone };
}

const value = (point: Point): number => Date.parse('date' in point ? point.date : point.dateTime);
