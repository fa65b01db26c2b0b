// <two-calendars>: the weeks of Blikk and Outlook above each other, day under day, both editable.

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Note, Start } from '../../src/public/host.ts';
import type { Calendar } from './api.ts';
import type { CalendarEvent, Point } from './event.ts';
import './event-dialog.ts';
import { PlainElement } from './plain-element.ts';
import type { SignedIn } from './signed-in.ts';
import { daysOf, isoWeekOf, mondayOf, spanOfWeek } from './week.ts';
import { again } from './week-view.ts';
import { addDays, wallOf, type PlainDate } from './zone.ts';

/** The demo's company works here; the plugin itself takes the browser's zone. */
const ZONE = 'Europe/Stockholm';

type Name = 'blikk' | 'outlook';

interface Shown {
  events: CalendarEvent[] | undefined;
  trouble: string;
}

export class TwoCalendars extends PlainElement {
  static override properties = {
    session: { attribute: false },
    only: {},
    notes: { attribute: false },
    monday: { state: true },
    blikk: { state: true },
    outlook: { state: true },
  };

  declare session: SignedIn;
  /** Show this one alone. */
  declare only: Name | undefined;
  /** The events that the plugin has set aside. */
  declare notes: Note[];
  declare private monday: PlainDate;
  declare private blikk: Shown;
  declare private outlook: Shown;

  constructor() {
    super();
    this.notes = [];
    this.monday = mondayOf(wallOf(Date.now(), ZONE).date);
    this.blikk = { events: undefined, trouble: '' };
    this.outlook = { events: undefined, trouble: '' };
  }

  /** Reads both calendars anew. */
  async refresh(): Promise<void> {
    await Promise.all(this.names.map((name) => this.read(name)));
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('session') || changed.has('monday') || changed.has('only')) void this.refresh();
  }

  /** Whoever synchronises wants to know at once. */
  private changed(): void {
    void this.refresh();
    this.dispatchEvent(new CustomEvent('calendar-changed', { bubbles: true }));
  }

  private async read(name: Name): Promise<void> {
    const { monday } = this;
    const { from, to } = spanOfWeek(monday, ZONE);
    const shown = await this.api(name)
      .list(from, to)
      .then(
        (events): Shown => ({ events, trouble: '' }),
        (): Shown => ({ events: [], trouble: 'Kalendern går inte att läsa just nu.' }),
      );
    // The person may have turned the page meanwhile.
    if (monday === this.monday) this[name] = shown;
  }

  private get names(): Name[] {
    return this.only === undefined ? ['blikk', 'outlook'] : [this.only];
  }

  private api(name: Name): Calendar {
    return name === 'blikk' ? this.session.blikk : this.session.outlook;
  }

  protected override render(): TemplateResult {
    return html`${this.toolbar()}
      ${this.names.map((name) => this.calendarPart(name))}
      ${this.legendPart()}
      <event-dialog .zone=${ZONE} @changed=${() => this.changed()}></event-dialog>`;
  }

  private toolbar(): TemplateResult {
    const { week } = isoWeekOf(this.monday);
    const turn = (days: number) => () => (this.monday = addDays(this.monday, days));
    return html`<div class="weekbar">
      <h2>Vecka ${week} <span>${monthsOf(this.monday)}</span></h2>
      <div>
        <button @click=${turn(-7)} aria-label="Föregående vecka">‹</button>
        <button @click=${() => (this.monday = mondayOf(wallOf(Date.now(), ZONE).date))}>Idag</button>
        <button @click=${turn(7)} aria-label="Nästa vecka">›</button>
        <input type="date" aria-label="Gå till datum" .value=${this.monday} @change=${(event: Event) => this.goTo((event.target as HTMLInputElement).value)} />
      </div>
    </div>`;
  }

  private legendPart(): TemplateResult {
    const missing = html`<span><span class="badge" aria-hidden="true">!</span> synkroniseras inte</span>`;
    return html`<p class="legend">
      <span>${again(false)} återkommer</span> <span>${again(true)} ändrad denna gång</span>
      <span><s>inställt</s></span> ${this.only === undefined ? missing : nothing}</p>`;
  }

  private goTo(date: string): void {
    if (/^\d{4}-\d{2}-\d{2}$/.test(date)) this.monday = mondayOf(date);
  }

  private calendarPart(name: Name): TemplateResult {
    const heading = name === 'blikk' ? 'Blikk' : 'Outlook';
    const calendar = { name: heading, api: this.api(name) };
    const shown = this[name];
    const dialog = (): HTMLElementTagNameMap['event-dialog'] | null => this.querySelector('event-dialog');
    return html`<week-view id=${name} .heading=${heading} .events=${shown.events} .trouble=${shown.trouble} .monday=${this.monday} .zone=${ZONE}
      .badgeOf=${(event: CalendarEvent) => badgeOf(event, name, this.notes)}
      @pick=${(event: CustomEvent<CalendarEvent>) => dialog()?.edit(calendar, event.detail)}
      @slot=${(event: CustomEvent<{ date: string; minutes: number }>) => dialog()?.create(calendar, event.detail.date, event.detail.minutes)}></week-view>`;
  }
}

/** What the plugin said about this event, found by what a person knows it by: a series by its title alone. */
function badgeOf(event: CalendarEvent, name: Name, notes: Note[]): string | undefined {
  const side = name === 'blikk' ? 'blikk' : 'exchange';
  const said = notes.find(
    (note) =>
      note.side === side &&
      note.event.title === event.title &&
      (event.originalStart != null || note.event.start == null || isAt(note.event.start, event.start)),
  );
  return said === undefined ? undefined : 'Synkroniseras inte, se Inställningar';
}

function isAt(start: Start, point: Point): boolean {
  if ('date' in point) return 'on' in start && start.on === point.date;
  return 'at' in start && Date.parse(start.at) === Date.parse(point.dateTime);
}

function monthsOf(monday: PlainDate): string {
  const name = (date: PlainDate): string =>
    new Intl.DateTimeFormat('sv-SE', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(date));
  const [first, last] = [name(monday), name(daysOf(monday)[6] as string)];
  return first === last ? first : `${first.replace(/ \d+$/, '')}–${last}`;
}

customElements.define('two-calendars', TwoCalendars);

declare global {
  interface HTMLElementTagNameMap {
    'two-calendars': TwoCalendars;
  }
}
