// <event-dialog>: the form for one event, for either calendar. An occurrence is changed alone, or with its whole series;
// somebody else's meeting is shown in Blikk and not changed.

import { html, nothing, type TemplateResult } from 'lit';
import {
  changesOf,
  draftOf,
  emptyDraft,
  eventOf,
  weekdayOf,
  type CalendarEvent,
  type Draft,
  type Importance,
  type Status,
  type Visibility,
} from './event.ts';
import type { Calendar } from './api.ts';
import { meetingPart } from './meeting-part.ts';
import { PlainElement } from './plain-element.ts';
import { repetitionPart } from './repetition-part.ts';
import { repetitionOf } from './repetition.ts';
import { losesExceptions } from './series.ts';
import { whenOf } from './week-view.ts';

const STATUSES: [Status, string][] = [
  ['busy', 'Upptagen'],
  ['tentative', 'Preliminär'],
  ['free', 'Ledig'],
  ['outOfOffice', 'Frånvarande'],
  ['workingElsewhere', 'Arbetar på annan plats'],
];
const VISIBILITIES: [Visibility, string][] = [
  ['normal', 'Normal'],
  ['private', 'Privat'],
  ['personal', 'Personlig'],
  ['confidential', 'Konfidentiell'],
];
const IMPORTANCES: [Importance, string][] = [
  ['low', 'Låg'],
  ['normal', 'Normal'],
  ['high', 'Hög'],
];
const REMINDERS: [string, string][] = [
  ['', 'Ingen'],
  ['0', 'När den börjar'],
  ['5', '5 minuter före'],
  ['15', '15 minuter före'],
  ['30', '30 minuter före'],
  ['60', '1 timme före'],
  ['1440', '1 dag före'],
];

interface Opened {
  name: string;
  api: Calendar;
}

/** What is changed: one occurrence of a series, or all there is. */
type Scope = 'once' | 'all';

export class EventDialog extends PlainElement {
  static override properties = {
    zone: {},
    draft: { state: true },
    original: { state: true },
    occurrence: { state: true },
    trouble: { state: true },
  };

  declare zone: string;
  declare private draft: Draft | undefined;
  /** What the draft was made of: a single event, an occurrence, or the series of one. */
  declare private original: CalendarEvent | undefined;
  /** The occurrence that was clicked. */
  declare private occurrence: CalendarEvent | undefined;
  declare private trouble: string;
  private calendar: Opened | undefined;

  constructor() {
    super();
    this.trouble = '';
  }

  /** A new event at that time. */
  create(calendar: Opened, date: string, minutes: number): void {
    void this.open(calendar, emptyDraft(date, minutes), undefined);
  }

  edit(calendar: Opened, event: CalendarEvent): void {
    void this.open(calendar, draftOf(event, this.zone), event);
  }

  private async open(calendar: Opened, draft: Draft, original: CalendarEvent | undefined): Promise<void> {
    this.calendar = calendar;
    this.draft = draft;
    this.original = original;
    this.occurrence = original?.originalStart == null ? undefined : original;
    this.trouble = '';
    await this.updateComplete;
    this.querySelector('dialog')?.showModal();
  }

  private close(): void {
    this.querySelector('dialog')?.close();
    this.draft = undefined;
  }

  private get scope(): Scope {
    return this.occurrence !== undefined && this.original === this.occurrence ? 'once' : 'all';
  }

  private async choose(scope: Scope): Promise<void> {
    const { occurrence, calendar } = this;
    if (occurrence === undefined || calendar === undefined) return;
    try {
      const chosen = scope === 'once' ? occurrence : await calendar.api.seriesOf(occurrence);
      this.original = chosen;
      this.draft = draftOf(chosen, this.zone);
    } catch {
      this.trouble = 'Serien går inte att läsa just nu.';
    }
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.draft === undefined) return;
    const changed = eventOf(this.draft, this.zone, this.original);
    if (typeof changed === 'string') {
      this.trouble = changed;
      return;
    }
    const { original } = this;
    await this.carryOut((api) => {
      if (original === undefined) return api.create(changed);
      const { repetition, ...changes } = changesOf(original, changed);
      if (this.scope === 'once') return api.updateOccurrence(original, changes);
      return api.update(original, repetition === undefined ? changes : { ...changes, repetition });
    });
  }

  private async removeEvent(): Promise<void> {
    const { original } = this;
    if (original === undefined) return;
    const isOne = this.scope === 'once';
    await this.carryOut((api) => (isOne ? api.removeOccurrence(original) : api.remove(original)));
  }

  private async carryOut(work: (api: Calendar) => Promise<void>): Promise<void> {
    if (this.calendar === undefined) return;
    try {
      await work(this.calendar.api);
      this.close();
      this.dispatchEvent(new CustomEvent('changed'));
    } catch (error) {
      this.trouble = `Det gick inte att spara. ${error instanceof Error ? error.message : ''}`;
    }
  }

  private set(change: Partial<Draft>): void {
    if (this.draft !== undefined) this.draft = { ...this.draft, ...change };
  }

  protected override render(): TemplateResult {
    const { draft, original, calendar } = this;
    const isShown = original?.meeting?.isMine === false && calendar?.api.isHomeOfMeetings === false;
    return html`<dialog aria-labelledby="dialog-title" @close=${() => (this.draft = undefined)}>
      ${draft === undefined ? nothing : isShown ? this.shownPart(original) : this.formPart(draft)}
    </dialog>`;
  }

  private formPart(draft: Draft): TemplateResult {
    const { original, occurrence, calendar } = this;
    const remove =
      occurrence === undefined ? 'Ta bort' : this.scope === 'once' ? 'Ta bort denna gång' : 'Ta bort hela serien';
    return html`<form @submit=${this.save}>
      <h2 id="dialog-title">${original === undefined ? 'Ny händelse' : 'Ändra händelse'} <span class="where">i ${calendar?.name}</span></h2>
      ${occurrence === undefined ? nothing : this.scopePart(occurrence)}
      ${original === undefined ? nothing : meetingPart(original)}
      ${original?.meeting == null || calendar?.api.isHomeOfMeetings === true ? nothing : html`<p class="hint wide">Deltagare och svar kan bara ändras i Outlook.</p>`}
      ${this.fields(draft)}
      ${this.trouble === '' ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
      <div class="actions">
        ${original === undefined ? nothing : html`<button type="button" class="danger" @click=${this.removeEvent}>${remove}</button>`}
        <span></span>
        <button type="button" @click=${this.close}>Stäng</button>
        <button type="submit" class="primary">Spara</button>
      </div>
    </form>`;
  }

  private scopePart(occurrence: CalendarEvent): TemplateResult {
    const part = (scope: Scope, label: string): TemplateResult =>
      html`<label><input type="radio" name="scope" value=${scope} .checked=${this.scope === scope}
        @change=${() => this.choose(scope)} /> ${label}</label>`;
    return html`<fieldset class="scope wide"><legend>Händelsen återkommer${occurrence.isChanged === true ? ' och är ändrad denna gång' : ''}. Ändra</legend>
      ${part('once', 'endast denna gång')} ${part('all', 'hela serien')}</fieldset>`;
  }

  /** Before it is too late to think again. */
  private lossPart(draft: Draft): TemplateResult | typeof nothing {
    const { original } = this;
    if (original === undefined) return nothing;
    const changed = eventOf(draft, this.zone, original);
    if (typeof changed === 'string') return nothing;
    const { start = original.start, repetition } = changesOf(original, changed);
    return losesExceptions(original, start, repetition)
      ? html`<p class="hint warn" role="status">Det som är ändrat eller inställt på enstaka dagar i serien går förlorat.</p>`
      : nothing;
  }

  /** Somebody else's meeting. */
  private shownPart(event: CalendarEvent): TemplateResult {
    const by = event.meeting?.organizer;
    const line = (term: string, text: string): TemplateResult | typeof nothing =>
      text === '' ? nothing : html`<dt>${term}</dt><dd>${text}</dd>`;
    return html`<form @submit=${(submit: Event) => this.leave(submit)}>
      <h2 id="dialog-title">${event.title || '(utan rubrik)'} <span class="where">i ${this.calendar?.name}</span></h2>
      <p class="hint">${by?.name || by?.email || 'Någon annan'} har kallat till mötet, så det kan bara ändras i Outlook.</p>
      <dl class="wide">
        ${line('Tid', whenOf(event, this.zone))} ${line('Återkommer', this.occurrence === undefined ? '' : this.occurrence.isChanged === true ? 'ja, ändrat denna gång' : 'ja')}
        ${line('Plats', event.place)} ${line('Anteckning', event.body)} ${line('Kategorier', event.categories.join(', '))}
      </dl>
      ${meetingPart(event)}
      <div class="actions"><span></span><span></span><span></span><button type="submit" class="primary" autofocus>Stäng</button></div>
    </form>`;
  }

  private leave(submit: Event): void {
    submit.preventDefault();
    this.close();
  }

  private fields(draft: Draft): TemplateResult {
    const text = (name: 'title' | 'place' | 'categories') => (event: Event) =>
      this.set({ [name]: (event.target as HTMLInputElement).value });
    const when = (name: 'startDate' | 'startTime' | 'endDate' | 'endTime') => (event: Event) =>
      this.setWhen(name, (event.target as HTMLInputElement).value);
    return html`
      <label class="wide">Rubrik<input name="title" .value=${draft.title} @input=${text('title')} autofocus /></label>
      <label class="check wide"><input name="allDay" type="checkbox" .checked=${draft.allDay}
        @change=${(event: Event) => this.set({ allDay: (event.target as HTMLInputElement).checked })} /> Heldag</label>
      <label>Startdag<input name="startDate" type="date" required .value=${draft.startDate} @input=${when('startDate')} /></label>
      <label ?hidden=${draft.allDay}>Börjar<input name="startTime" type="time" .value=${draft.startTime} @input=${when('startTime')} /></label>
      <label>Slutdag<input name="endDate" type="date" required .value=${draft.endDate} @input=${when('endDate')} /></label>
      <label ?hidden=${draft.allDay}>Slutar<input name="endTime" type="time" .value=${draft.endTime} @input=${when('endTime')} /></label>
      ${this.scope === 'once' ? nothing : html`${this.repetitionPart(draft)} ${this.lossPart(draft)}`}
      <label class="wide">Plats<input name="place" .value=${draft.place} @input=${text('place')} /></label>
      <label class="wide">Anteckning<textarea name="body" rows="4" .value=${draft.body}
        @input=${(event: Event) => this.set({ body: (event.target as HTMLTextAreaElement).value })}></textarea></label>
      <label>Visa som${choice('status', STATUSES, draft.status, (status) => this.set({ status }))}</label>
      <label>Synlighet${choice('visibility', VISIBILITIES, draft.visibility, (visibility) => this.set({ visibility }))}</label>
      <label>Påminnelse${choice(
        'reminder',
        withOwn(draft.reminderMinutes),
        String(draft.reminderMinutes ?? ''),
        (minutes) => this.set({ reminderMinutes: minutes === '' ? null : Number(minutes) }),
      )}</label>
      <label>Prioritet${choice('importance', IMPORTANCES, draft.importance, (importance) => this.set({ importance }))}</label>
      <label class="wide">Kategorier<input name="categories" placeholder="Kund, Resa" .value=${draft.categories} @input=${text('categories')} /></label>`;
  }

  private repetitionPart({ repetition, startDate }: Draft): TemplateResult {
    const { original, calendar } = this;
    const before = original === undefined ? undefined : repetitionOf(original).pattern;
    return repetitionPart(repetition, {
      startDate,
      mayBeOnce: before === undefined || before === 'once' || calendar?.api.endsSeries === true,
      hasOwn: before === 'own',
      choose: (chosen) => this.set({ repetition: chosen }),
    });
  }

  /** The end follows the start's day, as calendars do, and so does the only weekday of a series. */
  private setWhen(name: 'startDate' | 'startTime' | 'endDate' | 'endTime', value: string): void {
    const { draft } = this;
    if (draft === undefined) return;
    if (name !== 'startDate' || value === '') {
      this.set({ [name]: value });
      return;
    }
    const { repetition, startDate, endDate } = draft;
    const followsDay = repetition.pattern === 'weekly' && String(repetition.days) === String([weekdayOf(startDate)]);
    this.set({
      startDate: value,
      endDate: endDate < value || endDate === startDate ? value : endDate,
      repetition: followsDay ? { ...repetition, days: [weekdayOf(value)] } : repetition,
    });
  }
}

function choice<T extends string>(
  name: string,
  options: [T, string][],
  chosen: string,
  choose: (value: T) => void,
): TemplateResult {
  return html`<select name=${name} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as T)}>
    ${options.map(([value, label]) => html`<option value=${value} .selected=${value === chosen}>${label}</option>`)}
  </select>`;
}

/** A reminder that another program set to something else is offered too, so that saving does not change it. */
function withOwn(minutes: number | null): [string, string][] {
  const known = REMINDERS.some(([value]) => value === String(minutes ?? ''));
  return known ? REMINDERS : [...REMINDERS, [String(minutes), `${minutes} minuter före`]];
}

customElements.define('event-dialog', EventDialog);

declare global {
  interface HTMLElementTagNameMap {
    'event-dialog': EventDialog;
  }
}
