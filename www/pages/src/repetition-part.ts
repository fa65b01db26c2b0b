// The part of the form where a person chooses how an event comes back.

import { html, nothing, type TemplateResult } from 'lit';
import { weekdayOf } from './event.ts';
import { ONCE, placeInMonth, type Pattern, type Repetition } from './repetition.ts';
import { addDays, type PlainDate } from './zone.ts';

const DAYS = ['måndag', 'tisdag', 'onsdag', 'torsdag', 'fredag', 'lördag', 'söndag'];
const PLACES = new Map([
  [1, 'första'],
  [2, 'andra'],
  [3, 'tredje'],
  [4, 'fjärde'],
  [-1, 'sista'],
]);
const UNITS: Partial<Record<Pattern, string>> = {
  daily: 'dag',
  weekly: 'vecka',
  monthly: 'månad',
  monthlyByWeekday: 'månad',
};

interface Options {
  /** The day on which it begins, from which the patterns take theirs. */
  startDate: PlainDate;
  /** Whether it can take place once. */
  mayBeOnce: boolean;
  /** Whether it has a rule that the form has no words for. */
  hasOwn: boolean;
  choose: (repetition: Repetition) => void;
}

export function repetitionPart(repetition: Repetition, options: Options): TemplateResult {
  const { pattern, interval } = repetition;
  const unit = UNITS[pattern];
  const set = (change: Partial<Repetition>): void => options.choose({ ...repetition, ...change });
  return html`<fieldset class="repetition wide">
    <legend>Återkommer</legend>
    <label>Hur ofta<select name="pattern" @change=${(event: Event) => options.choose(begun((event.target as HTMLSelectElement).value as Pattern, repetition, options.startDate))}>
      ${patternsOf(options).map(([value, label]) => html`<option value=${value} .selected=${value === pattern}>${label}</option>`)}
    </select></label>
    ${
      unit === undefined
        ? html`<span></span>`
        : html`<label>Mellanrum<span class="unit">var <input name="interval" type="number" min="1" max="99" required .value=${String(interval)}
            @change=${(event: Event) => set({ interval: numberIn(event) })} /> ${unit}</span></label>`
    }
    ${pattern === 'weekly' ? weekdaysPart(repetition.days, (days) => set({ days })) : nothing}
    ${pattern === 'once' || pattern === 'own' ? nothing : endPart(repetition.end, options.startDate, (end) => set({ end }))}
  </fieldset>`;
}

function patternsOf({ startDate, mayBeOnce, hasOwn }: Options): [Pattern, string][] {
  const [month, day] = [monthOf(startDate), Number(startDate.slice(8))];
  const place = PLACES.get(placeInMonth(startDate)) ?? '';
  return [
    ...(mayBeOnce ? ([['once', 'Aldrig']] as [Pattern, string][]) : []),
    ...(hasOwn ? ([['own', 'Som den är']] as [Pattern, string][]) : []),
    ['daily', 'Dagligen'],
    ['weekly', 'Veckovis på vissa dagar'],
    ['monthly', `Månadsvis den ${day}`],
    ['monthlyByWeekday', `Månadsvis ${place} ${DAYS[weekdayOf(startDate)]}en`],
    ['yearly', `Årligen den ${day} ${month}`],
  ];
}

/** A pattern that has just been chosen, with what is usual for it. */
function begun(pattern: Pattern, { end }: Repetition, startDate: PlainDate): Repetition {
  const days = pattern === 'weekly' ? [weekdayOf(startDate)] : [];
  return { ...ONCE, pattern, days, end: pattern === 'once' ? ONCE.end : end };
}

function weekdaysPart(days: number[], choose: (days: number[]) => void): TemplateResult {
  return html`<div class="weekdays wide" role="group" aria-label="Veckodagar">
    ${DAYS.map(
      (name, day) => html`<label><input type="checkbox" name="weekday" value=${day} .checked=${days.includes(day)}
        @change=${(event: Event) => choose((event.target as HTMLInputElement).checked ? [...days, day].sort() : days.filter((other) => other !== day))}
        /><span aria-hidden="true">${name.slice(0, 2)}</span><span class="unseen">${name}</span></label>`,
    )}
  </div>`;
}

function endPart(
  end: Repetition['end'],
  startDate: PlainDate,
  choose: (end: Repetition['end']) => void,
): TemplateResult {
  const begin = (kind: string): void => {
    if (kind === 'until') choose({ kind, date: addDays(startDate, 90) });
    else if (kind === 'count') choose({ kind, count: 10 });
    else choose({ kind: 'never' });
  };
  return html`<label>Serien slutar<select name="seriesEnd" @change=${(event: Event) => begin((event.target as HTMLSelectElement).value)}>
      ${[
        ['never', 'Aldrig'],
        ['until', 'På ett datum'],
        ['count', 'Efter ett antal gånger'],
      ].map(([value, label]) => html`<option value=${value} .selected=${value === end.kind}>${label}</option>`)}
    </select></label>
    ${
      end.kind === 'until'
        ? html`<label>Sista dag<input name="until" type="date" required .value=${end.date}
            @input=${(event: Event) => choose({ kind: 'until', date: (event.target as HTMLInputElement).value })} /></label>`
        : end.kind === 'count'
          ? html`<label>Antal gånger<input name="count" type="number" min="1" max="999" required .value=${String(end.count)}
              @change=${(event: Event) => choose({ kind: 'count', count: numberIn(event) })} /></label>`
          : html`<span></span>`
    }`;
}

function numberIn(event: Event): number {
  return Math.max(1, Math.floor(Number((event.target as HTMLInputElement).value)) || 1);
}

function monthOf(date: PlainDate): string {
  return new Intl.DateTimeFormat('sv-SE', { month: 'long', timeZone: 'UTC' }).format(new Date(date));
}
