// From the core's reasons, fields and events to words: pure, so that it can be tested without a page.

import type {
  Event,
  Exception,
  Field,
  Options,
  Reason,
  Recurrence,
  RunRecord,
  Side,
  Verb,
  When,
} from '../generated/core.ts';
import { moreWords, type MoreWords } from '../texts-more.ts';
import type { Language } from '../texts.ts';
import { localeOf } from './format.ts';

/** Why a step is what it is, as a sentence. */
export function reasonOf(reason: Reason, language: Language): string {
  const say = moreWords[language];
  const named = Object.entries(reason).map(([key, value]) => [key, key === 'kind' ? value : inWords(value, say)]);
  const other = 'deletedOn' in reason ? say.side[reason.deletedOn === 'blikk' ? 'exchange' : 'blikk'] : '';
  // Of each kind the words take what that kind has, now in words: the compiler cannot follow that through the table.
  const sentence = say.reason[reason.kind] as (reason: Record<string, unknown>) => string;
  return sentence({ ...Object.fromEntries(named), other });
}

/** A side, fields, or edits that do not stand. */
function inWords(value: Side | number | (Field | { field: Field; winner: Side })[], say: MoreWords): string | number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return say.side[value];
  const part = (one: (typeof value)[number]): string =>
    typeof one === 'string' ? say.field[one] : say.wins(say.field[one.field], say.side[one.winner]);
  const isEdits = value.some((one) => typeof one !== 'string');
  return value.map(part).join(isEdits ? '. ' : ', ');
}

export const fieldsOf = (fields: Field[], language: Language): string =>
  fields.map((field) => moreWords[language].field[field]).join(', ');

/** "3 nya, 1 ändrad i Blikk" for each side that was written to. */
export function countsOf({ blikk, exchange }: Pick<RunRecord, 'blikk' | 'exchange'>, language: Language): string {
  const say = moreWords[language];
  const of = (side: Side, { created, updated, deleted }: RunRecord['blikk']): string[] => {
    const counts: [Verb, number][] = [
      ['create', created],
      ['update', updated],
      ['delete', deleted],
    ];
    const parts = counts
      .filter(([, count]) => count > 0)
      .map(([verb, count]) => `${count} ${(count === 1 ? say.countsOne : say.counts)[verb]}`);
    return parts.length === 0 ? [] : [`${say.side[side]}: ${parts.join(', ')}`];
  };
  return [...of('blikk', blikk), ...of('exchange', exchange)].join(' · ');
}

/** What the next run does otherwise than before. */
export function consequencesOf(before: Options, after: Options, language: Language): string[] {
  const { will } = moreWords[language];
  const differs = (key: keyof Options): boolean => JSON.stringify(before[key]) !== JSON.stringify(after[key]);
  const { window, brake } = after;
  const all: [keyof Options, string][] = [
    ['direction', will.direction[after.direction]],
    ['window', window === null ? will.allDays : will.someDays(window.daysBack, window.daysAhead)],
    ['privateEvents', will.privateEvents[after.privateEvents]],
    ['categories', will.categories(after.categories)],
    ['reminders', will.reminders(after.reminders)],
    ['conflicts', will.conflicts[after.conflicts]],
    ['deletions', will.deletions[after.deletions]],
    ['brake', will.brake(brake.events, brake.percent)],
  ];
  return all.filter(([key]) => differs(key)).map(([, sentence]) => sentence);
}

// --- the parts of an event ---

/** What one part of an event holds; empty when it is not there. */
export function valueOf(event: Event | null, field: Field, language: Language, timeZone?: string): string {
  const say = moreWords[language];
  if (event === null) return '';
  switch (field) {
    case 'title':
    case 'body':
    case 'place':
      return event[field];
    case 'when':
      return spanOf(event.when, language, timeZone);
    case 'freeBusy':
      return say.freeBusy[event.freeBusy];
    case 'sensitivity':
      return say.sensitivity[event.sensitivity];
    case 'importance':
      return say.importance[event.importance];
    case 'reminder':
      return event.reminder === null ? say.noReminder : say.minutesBefore(event.reminder.minutesBeforeStart);
    case 'categories':
      return event.categories.join(', ');
    case 'attachments':
      return event.attachments?.join(', ') ?? '';
    case 'meeting':
      return event.meeting == null ? '' : say.participants(event.meeting.participants.length);
    case 'rule':
      return event.series == null ? say.once : ruleOf(event.series.recurrence, language);
    case 'exceptions':
      return exceptionsOf(event.series?.exceptions ?? {}, language);
  }
}

/** "tis 3 mars 2027 09:00–10:00", on the clock of the person who reads. */
export function spanOf(when: When, language: Language, timeZone?: string): string {
  const locale = localeOf(language);
  const day = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  if ('allDay' in when) {
    const format = new Intl.DateTimeFormat(locale, { ...day, timeZone: 'UTC' });
    // The end is the day after.
    const last = new Date(Date.parse(when.allDay.end) - 86_400_000);
    return `${format.formatRange(new Date(when.allDay.start), last)}, ${moreWords[language].allDay}`;
  }
  const zone = timeZone === undefined ? {} : { timeZone };
  const format = new Intl.DateTimeFormat(locale, { ...day, hour: '2-digit', minute: '2-digit', ...zone });
  return format.formatRange(new Date(when.timed.start.instant), new Date(when.timed.end.instant));
}

function dateOf(date: string, language: Language): string {
  const format = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(localeOf(language), format).format(new Date(date));
}

/** A Monday, and the first of a January, to ask a locale for the names of days and months. */
const MONDAY = Date.UTC(2024, 0, 1);
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const MONTHS = 'january february march april may june july august september october november december'.split(' ');

function weekdayName(index: number, language: Language): string {
  const format = new Intl.DateTimeFormat(localeOf(language), { weekday: 'long', timeZone: 'UTC' });
  return format.format(MONDAY + index * 86_400_000);
}

function monthName(month: string, language: Language): string {
  const format = new Intl.DateTimeFormat(localeOf(language), { month: 'long', timeZone: 'UTC' });
  return format.format(Date.UTC(2024, MONTHS.indexOf(month), 1));
}

/** "varje vecka på måndag och torsdag, till 3 mars 2027" */
export function ruleOf({ pattern, range }: Recurrence, language: Language): string {
  const say = moreWords[language];
  let end = '';
  if (range !== 'noEnd')
    end = 'endDate' in range ? say.until(dateOf(range.endDate, language)) : say.times(range.numbered);
  return patternOf(pattern, language, say) + end;
}

function patternOf(pattern: Recurrence['pattern'], language: Language, say: MoreWords): string {
  const dayName = (day: string): string =>
    day in say.kindOfDay
      ? say.kindOfDay[day as keyof typeof say.kindOfDay]
      : say.theDay(weekdayName(WEEKDAYS.indexOf(day), language));
  if ('daily' in pattern) return say.every.day(pattern.daily.interval);
  if ('weekly' in pattern) {
    // One bit for each day, Monday the lowest.
    const days = WEEKDAYS.flatMap((_, index) =>
      pattern.weekly.days & (1 << index) ? [weekdayName(index, language)] : [],
    );
    return say.every.week(pattern.weekly.interval, new Intl.ListFormat(localeOf(language)).format(days));
  }
  if ('absoluteMonthly' in pattern) {
    const { interval, dayOfMonth } = pattern.absoluteMonthly;
    return say.every.month(interval, say.dayOfMonth(dayOfMonth, undefined));
  }
  if ('relativeMonthly' in pattern) {
    const { interval, index, day } = pattern.relativeMonthly;
    return say.every.month(interval, say.indexed(index, dayName(day), undefined));
  }
  if ('absoluteYearly' in pattern) {
    const { month, dayOfMonth } = pattern.absoluteYearly;
    return say.every.year(say.dayOfMonth(dayOfMonth, monthName(month, language)));
  }
  const { month, index, day } = pattern.relativeYearly;
  return say.every.year(say.indexed(index, dayName(day), monthName(month, language)));
}

function exceptionsOf(exceptions: { [date in string]?: Exception }, language: Language): string {
  const say = moreWords[language];
  const dates = (isCancelled: boolean): string =>
    Object.entries(exceptions)
      .filter(([, exception]) => (exception === 'cancelled') === isCancelled)
      .map(([date]) => dateOf(date, language))
      .join(', ');
  const [cancelled, changed] = [dates(true), dates(false)];
  return [
    ...(cancelled === '' ? [] : [say.cancelledDates(cancelled)]),
    ...(changed === '' ? [] : [say.changedDates(changed)]),
  ].join('; ');
}
