// From values to sentences: pure, so that it can be tested without a page.

import type { Code, RunReport, Written } from '../generated/core.ts';
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
  const locale = language === 'sv' ? 'sv-SE' : 'en-GB';
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', ...zone }).format(date);
  const days = dayNumber(date, timeZone) - dayNumber(now, timeZone);
  if (days === 0 || days === -1) {
    const day = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
    return `${day === 'i dag' ? 'idag' : day === 'i går' ? 'igår' : day} ${time}`;
  }
  const thisYear = new Intl.DateTimeFormat('en', { year: 'numeric', ...zone });
  const year = thisYear.format(date) === thisYear.format(now) ? {} : { year: 'numeric' as const };
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', ...year, ...zone }).format(date);
  return `${day} ${time}`;
}

/** Only the time, with seconds: for waits, which are short. */
export function clockOf(instant: string | Date, language: Language): string {
  const locale = language === 'sv' ? 'sv-SE' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(
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

function dayNumber(date: Date, timeZone: string | undefined): number {
  const zone = timeZone === undefined ? {} : { timeZone };
  const parts = new Intl.DateTimeFormat('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit', ...zone }).format(
    date,
  );
  return Date.parse(`${parts}T00:00:00Z`) / 86_400_000;
}
