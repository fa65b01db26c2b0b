// How an event comes back, as a person chooses it, and the RRULE that says so (RFC 5545 §3.3.10). The form offers what
// Exchange can hold and nothing else; a rule beyond it is kept as it is.

import type { CalendarEvent, Point } from './event.ts';
import { instantOf, wallOf, type PlainDate } from './zone.ts';

export type Pattern = 'once' | 'daily' | 'weekly' | 'monthly' | 'monthlyByWeekday' | 'yearly' | 'own';

export interface Repetition {
  pattern: Pattern;
  /** Every so many days, weeks or months. */
  interval: number;
  /** Of `weekly`; 0 for Monday. */
  days: number[];
  end: { kind: 'never' } | { kind: 'until'; date: PlainDate } | { kind: 'count'; count: number };
}

export const ONCE: Repetition = { pattern: 'once', interval: 1, days: [], end: { kind: 'never' } };
/** A rule that the form has no words for, or that the calendar does not tell. */
export const OWN: Repetition = { ...ONCE, pattern: 'own' };

const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** The days on which it may begin. */
export function everyDayOf({ pattern, days }: Repetition): number[] {
  return pattern === 'weekly' ? days : [0, 1, 2, 3, 4, 5, 6];
}

export function isSameRepetition(a: Repetition, b: Repetition): boolean {
  const text = ({ pattern, interval, days, end }: Repetition): string =>
    JSON.stringify([pattern, interval, [...days].sort(), end]);
  return text(a) === text(b);
}

/** Which of its weekday in its month a date is: 1 to 4, or -1 for a fifth, which is the last. */
export function placeInMonth(date: PlainDate): number {
  const place = Math.ceil(Number(date.slice(8)) / 7);
  return place === 5 ? -1 : place;
}

/** The date, and the time of day in seconds, where a series takes place. */
export function firstWall(start: Point): { date: PlainDate; seconds: number; zone: string | undefined } {
  if ('date' in start) return { date: start.date, seconds: 0, zone: undefined };
  const { date, minutes } = wallOf(start.dateTime, start.timeZone);
  return { date, seconds: minutes * 60 + new Date(start.dateTime).getUTCSeconds(), zone: start.timeZone };
}

/** What stands after `RRULE:`. */
export function ruleOf(repetition: Repetition, start: Point): string {
  const { date } = firstWall(start);
  const [month, day] = [Number(date.slice(5, 7)), Number(date.slice(8))];
  const every = repetition.interval > 1 ? `;INTERVAL=${repetition.interval}` : '';
  const end = endOf(repetition.end, start);
  switch (repetition.pattern) {
    case 'daily':
      return `FREQ=DAILY${every}${end}`;
    case 'weekly': {
      const days = [...repetition.days].sort().map((weekday) => DAYS[weekday]);
      return `FREQ=WEEKLY${every};BYDAY=${days.join(',')}${repetition.interval > 1 ? ';WKST=MO' : ''}${end}`;
    }
    case 'monthly':
      return `FREQ=MONTHLY${every};${onDay(day, 28)}${end}`;
    case 'monthlyByWeekday':
      return `FREQ=MONTHLY${every};BYDAY=${placeInMonth(date)}${DAYS[(new Date(date).getUTCDay() + 6) % 7]}${end}`;
    case 'yearly':
      return `FREQ=YEARLY;BYMONTH=${month};${onDay(day, month === 2 ? 28 : day)}${end}`;
    case 'once':
    case 'own':
      throw new Error(`${repetition.pattern} has no rule`);
  }
}

/** A day that a month may lack is the last of those that it has. BYMONTHDAY=31 alone would leave such months out. */
function onDay(day: number, shortest: number): string {
  if (day <= shortest) return `BYMONTHDAY=${day}`;
  const days = Array.from({ length: day - shortest + 1 }, (_, more) => shortest + more);
  return `BYMONTHDAY=${days.join(',')};BYSETPOS=-1`;
}

function endOf(end: Repetition['end'], start: Point): string {
  switch (end.kind) {
    case 'never':
      return '';
    case 'count':
      return `;COUNT=${end.count}`;
    case 'until': {
      const { seconds, zone } = firstWall(start);
      if (zone === undefined) return `;UNTIL=${end.date.replaceAll('-', '')}`;
      return `;UNTIL=${basic(instantOf({ date: end.date, minutes: seconds / 60 }, zone))}`;
    }
  }
}

/** `20270329T070000Z` */
function basic(instant: Date): string {
  return instant.toISOString().replace(/[-:]|\.\d+/g, '');
}

/** As the form shows it. */
export function repetitionOf(event: Pick<CalendarEvent, 'recurrence' | 'isSeries' | 'start'>): Repetition {
  const rule = event.recurrence?.find((line) => line.startsWith('RRULE:'))?.slice('RRULE:'.length);
  if (rule === undefined) return event.isSeries === true ? OWN : ONCE;
  const parts = new Map(rule.split(';').map((part) => part.split('=') as [string, string]));
  const end = endIn(parts, event.start);
  const interval = Number(parts.get('INTERVAL') ?? 1);
  const byDay = parts.get('BYDAY');
  const days = (byDay ?? '').split(',').map((name) => DAYS.indexOf(name));
  const guesses: Repetition[] = [
    { pattern: 'daily', interval, days: [], end },
    { pattern: 'weekly', interval, days: byDay === undefined ? [] : days, end },
    { pattern: 'monthly', interval, days: [], end },
    { pattern: 'monthlyByWeekday', interval, days: [], end },
    { pattern: 'yearly', interval: 1, days: [], end },
  ];
  // Parts stand in any order, and a week begins on Monday where nothing else is said.
  const plain = (text: string): string => text.replace(';WKST=MO', '').split(';').sort().join(';');
  return guesses.find((guess) => plain(ruleOf(guess, event.start)) === plain(rule)) ?? OWN;
}

function endIn(parts: Map<string, string>, start: Point): Repetition['end'] {
  const [until, count] = [parts.get('UNTIL'), parts.get('COUNT')];
  if (count !== undefined) return { kind: 'count', count: Number(count) };
  if (until === undefined) return { kind: 'never' };
  return { kind: 'until', date: dateIn(until, firstWall(start).zone) };
}

/** The date of `20270329`, `20270329T090000` or `20270329T070000Z` on the wall of a zone. */
export function dateIn(stamp: string, zone: string | undefined): PlainDate {
  const date = `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)}`;
  if (!stamp.endsWith('Z') || zone === undefined) return date;
  return wallOf(`${date}T${stamp.slice(9, 11)}:${stamp.slice(11, 13)}:${stamp.slice(13, 15)}Z`, zone).date;
}
