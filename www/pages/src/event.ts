// A calendar event as Blikk's contract (docs/blikk-calendar.openapi.yaml) and the stand-in's people API both spell it.

import { everyDayOf, isSameRepetition, ONCE, repetitionOf, type Repetition } from './repetition.ts';
import { addDays, instantOf, wallOf, type PlainDate } from './zone.ts';

export type Point = { dateTime: string; timeZone: string } | { date: PlainDate };
export type Status = 'free' | 'tentative' | 'busy' | 'outOfOffice' | 'workingElsewhere';
export type Visibility = 'normal' | 'personal' | 'private' | 'confidential';
export type Importance = 'low' | 'normal' | 'high';
export type Answer = 'notAnswered' | 'organizer' | 'accepted' | 'tentative' | 'declined';

export interface Person {
  name: string;
  email: string;
}

export interface Participant extends Person {
  role: 'required' | 'optional' | 'resource';
  answer: Answer;
}

export interface Meeting {
  /** Whether the person whose calendar this is has called it. */
  isMine: boolean;
  organizer: Person | null;
  participants: Participant[];
  myAnswer: Answer;
  isCancelled: boolean;
  onlineUrl: string | null;
}

/** An event that takes place once, a whole series, or (with an `originalStart`) one occurrence of a series. */
export interface CalendarEvent extends EventFields {
  id: string;
  version?: string;
  externalId?: string | null;
  /** Of a series in Blikk: content lines (RFC 5545), and what is different on certain days. */
  recurrence?: string[] | null;
  exceptions?: Exception[];
  meeting?: Meeting | null;
  /** Names alone: the files are in Outlook. */
  attachments?: string[];
  originalStart?: Point | null;
  /** Of an occurrence: it departs from its series. */
  isChanged?: boolean;
  /** Of an occurrence in Outlook, where it has an id of its own. */
  seriesId?: string | null;
  /** Outlook knows that it is a series, and tells no rule. */
  isSeries?: boolean;
}

export type Exception = Partial<EventFields> & { originalStart: Point };

/** What a person fills in. */
export interface EventFields {
  title: string;
  body: string;
  place: string;
  start: Point;
  end: Point;
  allDay: boolean;
  status: Status;
  visibility: Visibility;
  importance: Importance;
  reminderMinutes: number | null;
  categories: string[];
}

export interface NewEvent extends EventFields {
  repetition: Repetition;
}

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
  importance: Importance;
  reminderMinutes: number | null;
  categories: string;
  repetition: Repetition;
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
    importance: 'normal',
    reminderMinutes: 15,
    categories: '',
    repetition: ONCE,
  };
}

export function draftOf(event: CalendarEvent, zone: string): Draft {
  const { title, body, place, allDay, status, visibility, importance, reminderMinutes } = event;
  const [start, end] = [wallOfPoint(event.start, zone), wallOfPoint(event.end, zone)];
  return {
    title,
    body,
    place,
    allDay,
    status,
    visibility,
    importance,
    reminderMinutes,
    startDate: start.date,
    startTime: clock(allDay ? 8 * 60 : start.minutes),
    endDate: allDay ? addDays(end.date, -1) : end.date,
    endTime: clock(allDay ? 9 * 60 : end.minutes),
    categories: event.categories.join(', '),
    repetition: repetitionOf(event),
  };
}

/** A sentence when it makes no sense. A time that nobody touched keeps the zone it came in. */
export function eventOf(draft: Draft, zone: string, original?: CalendarEvent): NewEvent | string {
  const { title, body, place, allDay, status, visibility, importance, reminderMinutes, repetition } = draft;
  const { start, end } = spanOf(draft, zone, original);
  if (value(end) < value(start) || (allDay && value(end) <= value(start))) return 'Händelsen slutar innan den börjar.';
  if (!everyDayOf(repetition).includes(weekdayOf(draft.startDate)))
    return 'Serien måste börja på en av veckodagarna som den återkommer på.';
  if (repetition.end.kind === 'until' && repetition.end.date < draft.startDate)
    return 'Serien slutar innan den börjar.';
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
    importance,
    reminderMinutes,
    categories,
    repetition,
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
export function changesOf(original: CalendarEvent, { repetition, ...fields }: NewEvent): Partial<NewEvent> {
  const keys = Object.keys(fields) as (keyof EventFields)[];
  const differs = (key: keyof EventFields): boolean => JSON.stringify(original[key]) !== JSON.stringify(fields[key]);
  const times = ['start', 'end', 'allDay'] as (keyof EventFields)[];
  const moved = times.some(differs);
  const changed: Partial<NewEvent> = Object.fromEntries(
    keys.filter((key) => (times.includes(key) ? moved : differs(key))).map((key) => [key, fields[key]]),
  );
  return isSameRepetition(repetition, repetitionOf(original)) ? changed : { ...changed, repetition };
}

export function wallOfPoint(point: Point, zone: string): { date: PlainDate; minutes: number } {
  return 'date' in point ? { date: point.date, minutes: 0 } : wallOf(point.dateTime, zone);
}

/** 0 for Monday. */
export function weekdayOf(date: PlainDate): number {
  return (new Date(date).getUTCDay() + 6) % 7;
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
