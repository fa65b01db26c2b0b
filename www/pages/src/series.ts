// What becomes of a series in Blikk when a person changes it: its content lines and exceptions, by the contract. An
// occurrence is known by the date on which the rule puts it, in the zone of the series, wherever it was moved.

import type { CalendarEvent, EventFields, Exception, Point } from './event.ts';
import { dateIn, firstWall, isSameRepetition, repetitionOf, ruleOf, type Repetition } from './repetition.ts';
import { instantOf, wallOf, type PlainDate } from './zone.ts';

export interface Lines {
  recurrence: string[] | null;
  exceptions: Exception[];
}

type Series = Pick<CalendarEvent, 'start' | 'recurrence' | 'exceptions'>;

/** One occurrence does not take place. */
export function withoutOccurrence(series: Series, originalStart: Point): Lines {
  const date = originalDate(series.start, originalStart);
  return {
    recurrence: [...(series.recurrence ?? []), excluding([date], series.start)],
    exceptions: exceptionsBut(series, date),
  };
}

/** One occurrence takes place otherwise. */
export function withChangedOccurrence(series: Series, originalStart: Point, changes: Partial<EventFields>): Lines {
  const date = originalDate(series.start, originalStart);
  const before = (series.exceptions ?? []).find((one) => originalDate(series.start, one.originalStart) === date);
  return {
    recurrence: series.recurrence ?? null,
    exceptions: [...exceptionsBut(series, date), { ...before, ...changes, originalStart }],
  };
}

/** The whole series begins at another time, or comes back otherwise. Its exceptions are kept while its days are. */
export function changedSeries(series: Series, start: Point, repetition: Repetition | undefined): Lines {
  const chosen = repetition ?? repetitionOf(series);
  if (chosen.pattern === 'once') return { recurrence: null, exceptions: [] };
  const rules = (series.recurrence ?? []).filter((line) => line.startsWith('RRULE'));
  const recurrence = chosen.pattern === 'own' ? rules : [`RRULE:${ruleOf(chosen, start)}`];
  if (losesExceptions(series, start, repetition)) return { recurrence, exceptions: [] };
  const { end } = chosen;
  const isStillThere = (date: PlainDate): boolean => end.kind !== 'until' || date <= end.date;
  const excluded = excludedDates(series).filter(isStillThere);
  const exceptions = (series.exceptions ?? [])
    .map((one) => ({ one, date: originalDate(series.start, one.originalStart) }))
    .filter(({ date }) => isStillThere(date))
    .map(({ one, date }) => ({ ...one, originalStart: onDate(date, start) }));
  return { recurrence: excluded.length === 0 ? recurrence : [...recurrence, excluding(excluded, start)], exceptions };
}

/** Whether what was changed or cancelled on single days cannot be kept. */
export function losesExceptions(series: Series, start: Point, repetition: Repetition | undefined): boolean {
  const [before, after] = [firstWall(series.start), firstWall(start)];
  const beginsSo = before.date === after.date && (before.zone === undefined) === (after.zone === undefined);
  const keepsDays = beginsSo && (repetition === undefined || isAnotherLastDay(repetitionOf(series), repetition));
  return !keepsDays && ((series.exceptions ?? []).length > 0 || excludedDates(series).length > 0);
}

/** After a number of times, which day that is would have to be counted. */
function isAnotherLastDay(before: Repetition, after: Repetition): boolean {
  return after.end.kind !== 'count' && isSameRepetition({ ...before, end: after.end }, after);
}

function exceptionsBut(series: Series, date: PlainDate): Exception[] {
  return (series.exceptions ?? []).filter((one) => originalDate(series.start, one.originalStart) !== date);
}

function originalDate(seriesStart: Point, original: Point): PlainDate {
  if ('date' in original) return original.date;
  return wallOf(original.dateTime, 'date' in seriesStart ? original.timeZone : seriesStart.timeZone).date;
}

function excludedDates(series: Series): PlainDate[] {
  const lines = (series.recurrence ?? []).filter((line) => line.startsWith('EXDATE'));
  const stamps = lines.flatMap((line) => line.slice(line.indexOf(':') + 1).split(','));
  return stamps.map((stamp) => dateIn(stamp, firstWall(series.start).zone));
}

/** The EXDATE line, in the zone of the series. */
function excluding(dates: PlainDate[], start: Point): string {
  const { seconds, zone } = firstWall(start);
  const days = dates.map((date) => date.replaceAll('-', ''));
  if (zone === undefined) return `EXDATE;VALUE=DATE:${days.join(',')}`;
  const clock = new Date(seconds * 1000).toISOString().slice(11, 19).replaceAll(':', '');
  return `EXDATE;TZID=${zone}:${days.map((day) => `${day}T${clock}`).join(',')}`;
}

/** When an occurrence of that date begins, in a series that begins so. */
function onDate(date: PlainDate, start: Point): Point {
  const { seconds, zone } = firstWall(start);
  if (zone === undefined) return { date };
  const instant = instantOf({ date, minutes: seconds / 60 }, zone);
  return { dateTime: instant.toISOString().replace('.000Z', 'Z'), timeZone: zone };
}
