// <event-dialog>: the form for one event, for either calendar.

import { html, nothing, type TemplateResult } from 'lit';
import {
  changesOf,
  draftOf,
  emptyDraft,
  eventOf,
  type CalendarEvent,
  type Draft,
  type Status,
  type Visibility,
} from './event.ts';
import type { Calendar } from './api.ts';
import { PlainElement } from './plain-element.ts';

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
const REMINDERS: [string, string][] = [
  ['', 'Ingen'],
  ['0', 'När den börjar'],
  ['5', '5 minuter före'],
  ['15', '15 minuter före'],
  ['30', '30 minuter före'],
  ['60', '1 timme före'],
  ['1440', '1 dag före'],
];

export class EventDialog extends PlainElement {
  static override properties = {
    zone: {},
    draft: { state: true },
    original: { state: true },
    trouble: { state: true },
  };

  declare zone: string;
  declare private draft: Draft | undefined;
  declare private original: CalendarEvent | undefined;
  declare private trouble: string;
  private calendar: { name: string; api: Calendar } | undefined;

  constructor() {
    super();
    this.trouble = '';
  }

  /** A new event at that time. */
  create(calendar: { name: string; api: Calendar }, date: string, minutes: number): void {
    void this.open(calendar, emptyDraft(date, minutes), undefined);
  }

  edit(calendar: { name: string; api: Calendar }, event: CalendarEvent): void {
    void this.open(calendar, draftOf(event, this.zone), event);
  }

  private async open(
    calendar: { name: string; api: Calendar },
    draft: Draft,
    original: CalendarEvent | undefined,
  ): Promise<void> {
    this.calendar = calendar;
    this.draft = draft;
    this.original = original;
    this.trouble = '';
    await this.updateComplete;
    this.querySelector('dialog')?.showModal();
  }

  private close(): void {
    this.querySelector('dialog')?.close();
    this.draft = undefined;
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.draft === undefined) return;
    const changed = eventOf(this.draft, this.zone, this.original);
    if (changed === undefined) {
      this.trouble = 'Händelsen slutar innan den börjar.';
      return;
    }
    const { original } = this;
    await this.carryOut((api) =>
      original === undefined ? api.create(changed) : api.update(original, changesOf(original, changed)),
    );
  }

  private async removeEvent(): Promise<void> {
    const { original } = this;
    if (original !== undefined) await this.carryOut((api) => api.remove(original));
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
    const { draft, original } = this;
    return html`<dialog aria-labelledby="dialog-title" @close=${() => (this.draft = undefined)}>
      ${
        draft === undefined
          ? nothing
          : html`<form @submit=${this.save}>
        <h2 id="dialog-title">${original === undefined ? 'Ny händelse' : 'Ändra händelse'} <span class="where">i ${this.calendar?.name}</span></h2>
        ${
          original?.kind === 'series' || original?.kind === 'meeting'
            ? html`<p class="hint">${original.kind === 'series' ? 'En serie' : 'Ett möte med deltagare'} synkroniseras inte ännu.</p>`
            : nothing
        }
        ${this.fields(draft)}
        ${this.trouble === '' ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
        <div class="actions">
          ${original === undefined ? nothing : html`<button type="button" class="danger" @click=${this.removeEvent}>Ta bort</button>`}
          <span></span>
          <button type="button" @click=${this.close}>Stäng</button>
          <button type="submit" class="primary">Spara</button>
        </div>
      </form>`
      }
    </dialog>`;
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
      <label>Kategorier<input name="categories" placeholder="Kund, Resa" .value=${draft.categories} @input=${text('categories')} /></label>`;
  }

  /** The end follows the start's day, as calendars do. */
  private setWhen(name: 'startDate' | 'startTime' | 'endDate' | 'endTime', value: string): void {
    const follows =
      name === 'startDate' &&
      this.draft !== undefined &&
      (this.draft.endDate < value || this.draft.endDate === this.draft.startDate);
    this.set(follows ? { startDate: value, endDate: value } : { [name]: value });
  }
}

function choice<T extends string>(
  name: string,
  options: [T, string][],
  chosen: string,
  choose: (value: T) => void,
): TemplateResult {
  return html`<select name=${name} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as T)}>
    ${options.map(([value, label]) => html`<option value=${value} ?selected=${value === chosen}>${label}</option>`)}
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
