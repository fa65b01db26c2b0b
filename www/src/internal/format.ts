// From values to sentences: pure, so that it can be tested without a page.

import type { Code, RunReport, Start, Written } from '../generated/core.ts';
import { texts, words, type Language, type Text } from '../texts.ts';

/** Swedish unless somebody asked for English: it is a Swedish product. */
export function languageOf(tag: string | null | undefined): Language {
  return tag?.toLowerCase().startsWith('en') === true ? 'en' : 'sv';
}

/** What to say about a code; a code that this version does not know is a fault of ours. */
export function textOf(code: Code, language: Language): Text {
  return (texts[code] ?? texts.internal)[language];
}

/** "idag 14:32", "igår 09:05", "3 mars 14:32". */
export function whenOf(instant: string | Date, language: Language, now: Date = new Date(), timeZone?: string): string {
  const date = new Date(instant);
  const zone = timeZone === undefined ? {} : { timeZone };
  const clock = new Intl.DateTimeFormat(localeOf(language), { hour: '2-digit', minute: '2-digit', ...zone });
  return `${dayOf(dayNumber(date, timeZone), language, dayNumber(now, timeZone))} ${clock.format(date)}`;
}

/**
 * When an event begins: an all-day one on a date, the same wherever the reader is, and at no time of day. A report that
 * an earlier version kept in this browser has a plain instant there.
 */
export function startOf(start: Start | string, language: Language, now: Date = new Date(), timeZone?: string): string {
  if (typeof start === 'string') return whenOf(start, language, now, timeZone);
  if ('at' in start) return whenOf(start.at, language, now, timeZone);
  return dayOf(Date.parse(start.on) / DAY_MS, language, dayNumber(now, timeZone));
}

/** Only the time, with seconds: for waits, which are short. */
export function clockOf(instant: string | Date, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(
    new Date(instant),
  );
}

export const writtenTotal = ({ created, updated, deleted }: Written): number => created + updated + deleted;

/** The reasons with their counts, most frequent first. A remark about an event that *is* synchronised is not one. */
export function reasonsOf(report: RunReport): [Code, number][] {
  const counts = Object.entries(report.notSynchronised) as [Code, number][];
  return counts.filter(([code, count]) => count > 0 && code !== 'event.untitled').sort((a, b) => b[1] - a[1]);
}

export const notSynchronisedTotal = (report: RunReport): number =>
  reasonsOf(report).reduce((sum, [, count]) => sum + count, 0);

/** The one sentence at the end of a run. */
export function headlineOf(report: RunReport, language: Language): string {
  const say = words[language];
  switch (report.outcome.kind) {
    case 'failed':
      return textOf(report.outcome.problem.code, language).what;
    case 'cancelled':
      return say.cancelled;
    case 'held':
      return say.held;
    case 'done': {
      if (report.asking > 0) return say.doneAsking(report.asking);
      const left = notSynchronisedTotal(report);
      if (left > 0) return say.doneExcept(left);
      const nothing = writtenTotal(report.blikk) + writtenTotal(report.exchange) + report.linked === 0;
      return nothing ? say.doneNothing : say.done;
    }
  }
}

/** A day by its number, as a person says it who reads today: "idag", "igår", "3 mars", "24 december 2026". */
function dayOf(day: number, language: Language, today: number): string {
  const locale = localeOf(language);
  if (day === today || day === today - 1) {
    const name = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(day - today, 'day');
    return name === 'i dag' ? 'idag' : name === 'i går' ? 'igår' : name;
  }
  const [date, now] = [new Date(day * DAY_MS), new Date(today * DAY_MS)];
  const year = date.getUTCFullYear() === now.getUTCFullYear() ? {} : { year: 'numeric' as const };
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', ...year, timeZone: 'UTC' }).format(date);
}

/** Which day it is there, counted from 1970. */
function dayNumber(date: Date, timeZone: string | undefined): number {
  const zone = timeZone === undefined ? {} : { timeZone };
  const parts = new Intl.DateTimeFormat('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit', ...zone }).format(
    date,
  );
  return Date.parse(parts) / DAY_MS;
}

const DAY_MS = 86_400_000;

export const localeOf = (language: Language): string => (language === 'sv' ? 'sv-SE' : 'en-GB');
