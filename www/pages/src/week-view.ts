// <week-view>: one calendar's week, as columns of hours, or as a list of days where there is no room for columns.

import { html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { styleMap } from 'lit/directives/style-map.js';
import { clock, wallOfPoint, type CalendarEvent } from './event.ts';
import { PlainElement } from './plain-element.ts';
import { daysOf, layoutWeek, type Bar, type Block } from './week.ts';
import { addDays, clockChanges, wallOf, type PlainDate } from './zone.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** The working day is what one sees first. */
const FIRST_HOUR_SEEN = 7;

/** How long an event must be for each line of text that it shows. */
const MINUTES_PER_LINE = 25;

/** Why an event is not synchronised, in words; undefined when it is. */
export type BadgeOf = (event: CalendarEvent) => string | undefined;

export class WeekView extends PlainElement {
  static override properties = {
    heading: {},
    events: { attribute: false },
    monday: {},
    zone: {},
    badgeOf: { attribute: false },
    trouble: {},
    narrow: { state: true },
  };

  declare heading: string;
  declare events: CalendarEvent[] | undefined;
  declare monday: PlainDate;
  declare zone: string;
  declare badgeOf: BadgeOf;
  /** Why there is nothing to show. */
  declare trouble: string;
  declare private narrow: boolean;

  private readonly width = new ResizeObserver(([entry]) => {
    this.narrow = (entry?.contentRect.width ?? 1000) < 600;
  });

  constructor() {
    super();
    this.heading = '';
    this.trouble = '';
    this.narrow = false;
    this.badgeOf = () => undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.width.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.width.disconnect();
  }

  protected override updated(changed: PropertyValues): void {
    const grid = this.querySelector<HTMLElement>('.hours');
    const hour = this.querySelector<HTMLElement>('.hour');
    if (grid === null || hour === null || !(changed.has('narrow') || grid.dataset['seen'] === undefined)) return;
    grid.dataset['seen'] = '';
    grid.scrollTop = hour.offsetHeight * (FIRST_HOUR_SEEN - 0.25);
  }

  protected override render(): TemplateResult {
    const week = layoutWeek(this.events ?? [], this.monday, this.zone);
    const title = `week-${this.id}`;
    return html`<section class="week" aria-labelledby=${title} aria-busy=${this.events === undefined}>
      <header>
        <h2 id=${title}>${this.heading}</h2>
        <button class="subtle" @click=${() => this.tell('slot', { date: this.defaultDay(), minutes: 9 * 60 })}>
          <span aria-hidden="true">+</span> Ny händelse</button>
      </header>
      ${this.trouble === '' ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
      ${this.narrow ? this.listPart() : html`${this.headPart(week.bars, week.barLanes)}${this.gridPart(week.blocks)}`}
    </section>`;
  }

  // --- columns ---

  private headPart(bars: Bar[], lanes: number): TemplateResult {
    const today = wallOf(Date.now(), this.zone).date;
    return html`<div class="days">
      <div></div>
      ${daysOf(this.monday).map(
        (date) => html`<div class="day ${date === today ? 'today' : ''}">
          <span>${weekday(date)}</span> <b>${Number(date.slice(8))}</b></div>`,
      )}
      <div class="allday-label">Heldag</div>
      <div class="allday" style=${styleMap({ '--lanes': String(Math.max(lanes, 1)) })}>
        ${bars.map((bar) => this.barPart(bar))}
      </div>
    </div>`;
  }

  private barPart(bar: Bar): TemplateResult {
    const place = { gridColumn: `${bar.firstDay + 1} / ${bar.lastDay + 2}`, gridRow: String(bar.lane + 1) };
    const ends = `${bar.continuesBefore ? 'before' : ''} ${bar.continuesAfter ? 'after' : ''}`;
    return this.eventPart(bar.event, `band ${ends}`, place);
  }

  private gridPart(blocks: Block[]): TemplateResult {
    return html`<div class="hours" tabindex="0" role="group" aria-label="Timmar">
      <div class="clock">${HOURS.map((hour) => html`<div class="hour"><span>${hour === 0 ? '' : clock(hour * 60)}</span></div>`)}</div>
      ${daysOf(this.monday).map((date, day) =>
        this.columnPart(
          date,
          blocks.filter((block) => block.day === day),
        ),
      )}
    </div>`;
  }

  private columnPart(date: PlainDate, blocks: Block[]): TemplateResult {
    const { skipped, doubled } = clockChanges(date, this.zone);
    const now = wallOf(Date.now(), this.zone);
    const note = (hour: number): string =>
      skipped.includes(hour) ? 'Klockan ställs fram' : doubled.includes(hour) ? 'Timmen kommer två gånger' : '';
    return html`<div class="column ${now.date === date ? 'today' : ''}" data-date=${date} @click=${(event: MouseEvent) => this.pickSlot(event, date)}>
      ${HOURS.map(
        (
          hour,
        ) => html`<div class="hour ${skipped.includes(hour) ? 'skipped' : ''} ${doubled.includes(hour) ? 'doubled' : ''}"
          title=${note(hour) || nothing}></div>`,
      )}
      ${blocks.map((block) => this.blockPart(block))}
      ${now.date === date ? html`<div class="now" style=${styleMap({ '--from': String(now.minutes) })}></div>` : nothing}
    </div>`;
  }

  private blockPart(block: Block): TemplateResult {
    const { from, to, lane, lanes } = block;
    const lines = Math.max(Math.floor((to - from) / MINUTES_PER_LINE), 1);
    const ends = `${block.isFirst ? '' : 'before'} ${block.isLast ? '' : 'after'} ${lines < 3 ? 'one-line' : ''} ${lines < 2 ? 'short' : ''} ${lines < 2 && lanes > 1 ? 'lane' : ''}`;
    const place = {
      '--from': from,
      '--to': to,
      '--lane': lane,
      '--lanes': lanes,
      '--title-lines': Math.max(lines - 1, 1),
    };
    return this.eventPart(
      block.event,
      `block ${ends}`,
      Object.fromEntries(Object.entries(place).map(([name, value]) => [name, String(value)])),
    );
  }

  private pickSlot(event: MouseEvent, date: PlainDate): void {
    if ((event.target as Element).closest('.event') !== null) return;
    const column = event.currentTarget as HTMLElement;
    const share = (event.clientY - column.getBoundingClientRect().top) / column.offsetHeight;
    this.tell('slot', { date, minutes: Math.min(Math.floor(share * 48) * 30, 23 * 60) });
  }

  // --- a list of days ---

  private listPart(): TemplateResult {
    return html`<ol class="list">
      ${daysOf(this.monday).map((date) => {
        const events = this.eventsOn(date);
        return html`<li><h3>${weekday(date)} ${Number(date.slice(8))}</h3>
          ${events.length === 0 ? html`<p class="none">Inget inplanerat</p>` : events.map((event) => this.eventPart(event, 'row', {}))}
        </li>`;
      })}
    </ol>`;
  }

  private eventsOn(date: PlainDate): CalendarEvent[] {
    const { bars, blocks } = layoutWeek(this.events ?? [], this.monday, this.zone);
    const day = daysOf(this.monday).indexOf(date);
    return [
      ...bars.filter((bar) => bar.firstDay <= day && bar.lastDay >= day).map((bar) => bar.event),
      ...blocks.filter((block) => block.day === day).map((block) => block.event),
    ];
  }

  // --- one event ---

  private eventPart(event: CalendarEvent, className: string, style: Record<string, string>): TemplateResult {
    const badge = this.badgeOf(event);
    const title = event.title || '(utan rubrik)';
    const comesAgain = event.originalStart != null || event.isSeries === true;
    const isChanged = event.isChanged === true;
    const isCancelled = event.meeting?.isCancelled === true;
    const spoken = [
      title,
      isCancelled ? 'inställt' : '',
      whenOf(event, this.zone),
      event.place,
      comesAgain ? (isChanged ? 'återkommer, ändrad denna gång' : 'återkommer') : '',
      meetingIn(event),
      isHidden(event) ? 'privat' : '',
      badge ?? '',
    ].filter((part) => part !== '');
    return html`<button class="event ${className} ${event.status} ${isCancelled ? 'cancelled' : ''}" style=${styleMap(style)} title=${spoken.join('\n')} aria-label=${spoken.join(', ')}
      data-title=${event.title} @click=${() => this.tell('pick', event)}>
      <span class="line">${badge === undefined ? nothing : html`<span class="badge" aria-hidden="true">!</span>`}${isHidden(event) ? lock : nothing}${comesAgain ? again(isChanged) : nothing}<b>${title}</b></span>
      <span class="more">${event.allDay ? '' : hoursOf(event, this.zone)}${event.place === '' ? '' : ` · ${event.place}`}</span>
    </button>`;
  }

  private defaultDay(): PlainDate {
    const today = wallOf(Date.now(), this.zone).date;
    return daysOf(this.monday).includes(today) ? today : this.monday;
  }

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

const lock = html`<svg class="lock" aria-hidden="true" viewBox="0 0 12 12" width="10" height="10" fill="none" stroke="currentColor" stroke-width="1.4">
  <rect x="2" y="5.2" width="8" height="5.6" rx="1.2" /><path d="M4 5V3.6a2 2 0 0 1 4 0V5" /></svg>`;

/** ↻, and with a dot in it for an occurrence that departs from its series. */
export const again = (isChanged: boolean): TemplateResult =>
  html`<svg class="again ${isChanged ? 'changed' : ''}" aria-hidden="true" viewBox="0 0 12 12" width="11" height="11" fill="none"
    stroke="currentColor" stroke-width="1.5" stroke-linecap="round"><path d="M10.2 6A4.2 4.2 0 1 1 8.7 2.8" /><path d="M9.2.6v2.6H6.6" />${
      isChanged ? svg`<circle cx="6" cy="6" r="1.5" fill="currentColor" stroke="none" />` : nothing
    }</svg>`;

function meetingIn({ meeting }: CalendarEvent): string {
  if (meeting == null) return '';
  const by = meeting.isMine ? 'mitt möte' : `möte, ${meeting.organizer?.name || 'någon annan'} har kallat`;
  return `${by}, ${meeting.participants.length} deltagare`;
}

const isHidden = (event: CalendarEvent): boolean => event.visibility !== 'normal';

function weekday(date: PlainDate): string {
  return new Intl.DateTimeFormat('sv-SE', { weekday: 'short', timeZone: 'UTC' }).format(new Date(date));
}

function hoursOf(event: CalendarEvent, zone: string): string {
  return `${clock(wallOfPoint(event.start, zone).minutes)}–${clock(wallOfPoint(event.end, zone).minutes)}`;
}

export function whenOf(event: CalendarEvent, zone: string): string {
  const day = (date: PlainDate): string =>
    new Intl.DateTimeFormat('sv-SE', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(
      new Date(date),
    );
  const [start, end] = [wallOfPoint(event.start, zone), wallOfPoint(event.end, zone)];
  const last = event.allDay ? addDays(end.date, -1) : end.date;
  const days = start.date === last ? day(start.date) : `${day(start.date)} till ${day(last)}`;
  return event.allDay ? `${days}, heldag` : `${days} ${hoursOf(event, zone)}`;
}

customElements.define('week-view', WeekView);

declare global {
  interface HTMLElementTagNameMap {
    'week-view': WeekView;
  }
}
