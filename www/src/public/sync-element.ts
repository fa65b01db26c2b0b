// <blikk-calendar-sync>: the user's field "Synkronisera min kalender".

import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Note, Problem, Progress, RunReport, Side, Written } from '../generated/core.ts';
import {
  clockOf,
  headlineOf,
  languageOf,
  notSynchronisedTotal,
  reasonsOf,
  textOf,
  whenOf,
  writtenTotal,
} from '../internal/format.ts';
import { Session } from '../internal/session.ts';
import { baseAddress, ownGateway } from '../internal/address.ts';
import { words, type Language, type Words } from '../texts.ts';
import { CalendarChooser } from './calendar-choice.ts';
import type { PluginHost } from './host.ts';
import { message, problemMessage } from './parts.ts';
import { shared } from './styles.ts';

const SIDES: readonly Side[] = ['blikk', 'exchange'];
/** How many events "Visa vilka" lists. */
const LISTED = 100;

export class BlikkCalendarSync extends LitElement {
  static override properties = {
    gateway: {},
    blikk: {},
    lang: {},
    interval: { type: Number },
    state: {},
    host: { attribute: false },
    setAside: { state: true },
  };

  /** The gateway's address; empty: where this script came from. */
  declare gateway: string;
  /** The address of Blikk's calendar API; empty: the page's own origin. */
  declare blikk: string;
  declare lang: string;
  /** Minutes between runs by itself while the page is open and the switch is on; 0: only when asked. */
  declare interval: number;
  /** `browser`: what the engine remembers stays in this browser. Otherwise the gateway keeps it, where it does so. */
  declare state: string;
  declare host: PluginHost | undefined;

  declare private setAside: Note[] | 'loading' | undefined;
  private session: Session | undefined;
  private readonly chooser = new CalendarChooser(this);

  constructor() {
    super();
    this.gateway = '';
    this.blikk = '';
    this.lang = '';
    this.interval = 5;
    this.state = '';
  }

  /** Whether the synchronisation is switched on in this browser. Setting it is what the switch does. */
  get enabled(): boolean {
    return this.session?.enabled ?? false;
  }

  set enabled(enabled: boolean) {
    void this.switchTo(enabled);
  }

  /** How the last run ended, also one before the page was loaded. */
  get lastReport(): RunReport | undefined {
    return this.session?.last;
  }

  /** Runs once, and resolves with the report however the run ended. While a run goes on: that one's report. */
  sync(): Promise<RunReport> {
    if (this.session === undefined)
      return Promise.reject(new Error('blikk-calendar-sync: set the property `host` first'));
    return this.session.sync();
  }

  /** Asks a running run to stop. What is done stays; the run's promise resolves soon. */
  cancel(): void {
    this.session?.cancel();
  }

  /** Every event that is set aside now, with the reason. */
  async notSynchronised(): Promise<Note[]> {
    return (await this.session?.setAside()) ?? [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // The first time, `willUpdate` opens it, when the properties that were set before the upgrade are there.
    if (this.hasUpdated) this.openSession();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.closeSession();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const place = ['host', 'gateway', 'blikk', 'interval', 'state'];
    if (place.some((name) => changed.has(name))) {
      this.closeSession();
      this.openSession();
    }
  }

  private openSession(): void {
    if (this.host === undefined || this.session !== undefined) return;
    const place = {
      gateway: baseAddress(this.gateway, ownGateway()),
      blikk: baseAddress(this.blikk, '/'),
      interval: this.interval,
      state: this.state === 'browser' ? ('browser' as const) : ('gateway' as const),
    };
    this.session = new Session(this.host, place, {
      changed: () => this.requestUpdate(),
      progress: (progress) => this.tell('blikk-sync-progress', progress),
      finished: (report) => this.finished(report),
    });
    void this.session.load();
  }

  private closeSession(): void {
    this.session?.close();
    this.session = undefined;
    this.setAside = undefined;
    this.chooser.close();
  }

  private finished(report: RunReport): void {
    this.setAside = undefined;
    this.tell('blikk-sync-finished', report);
    if (report.outcome.kind === 'failed') {
      this.tell('blikk-sync-error', { problem: report.outcome.problem, side: report.outcome.side ?? null });
    }
  }

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  private async switchTo(enabled: boolean): Promise<void> {
    await this.session?.setEnabled(enabled);
    if (enabled) await this.session?.sync();
  }

  private async showSetAside(event: Event): Promise<void> {
    if (!(event.target as HTMLDetailsElement).open || this.setAside !== undefined) return;
    this.setAside = 'loading';
    try {
      this.setAside = await this.notSynchronised();
    } catch {
      this.setAside = [];
    }
  }

  private get language(): Language {
    return languageOf(this.lang || this.closest<HTMLElement>('[lang]:not(blikk-calendar-sync)')?.lang);
  }

  // --- what is seen ---

  protected override render(): TemplateResult {
    const say = words[this.language];
    const session = this.session;
    const on = session?.enabled ?? false;
    const ready = session?.enabled !== undefined;
    return html`<section class="card stack" aria-labelledby="title" lang=${this.language}>
      <div class="head">
        <div>
          <h2 id="title">${say.syncTitle}</h2>
          <p class="muted" id="lead">${on || session?.last === undefined ? say.syncLead : say.syncOff}</p>
        </div>
        <button class="switch" role="switch" aria-checked=${on} aria-labelledby="title" aria-describedby="lead"
          aria-disabled=${!ready} @click=${() => ready && this.switchTo(!on)}><span></span></button>
      </div>
      ${session === undefined ? html`<p class="muted">${say.hostMissing}</p>` : nothing}
      ${session?.running === true ? this.progressPart(session, say) : nothing}
      <div role="status" class="visually-hidden">${this.announcement(say)}</div>
      ${session !== undefined && !session.running && session.last !== undefined ? this.resultPart(session.last, say) : nothing}
      ${session !== undefined && on && !session.running ? this.actionPart(session, say) : nothing}
      ${session !== undefined && ready ? this.chooser.render(session, this.language) : nothing}
    </section>`;
  }

  /** For screen readers: the phase when it changes and the result, not every count. */
  private announcement(say: Words): string {
    const session = this.session;
    if (session === undefined) return '';
    if (session.cancelling) return say.cancelling;
    if (session.running) return session.progress === undefined ? say.starting : this.phaseOf(session.progress, say);
    return session.last === undefined ? '' : headlineOf(session.last, this.language);
  }

  private phaseOf(progress: Progress, say: Words): string {
    const side = say.side[progress.side];
    switch (progress.kind) {
      case 'reading':
        return say.reading(side);
      case 'writing':
        return say.writing(side);
      case 'waiting':
        return say.waiting(side, clockOf(progress.until, this.language));
    }
  }

  private progressPart(session: Session, say: Words): TemplateResult {
    const { progress, cancelling } = session;
    const writing = progress?.kind === 'writing' ? progress : undefined;
    return html`<div class="going">
      <div class="row spread">
        <span class="phase">${cancelling ? say.cancelling : progress === undefined ? say.starting : this.phaseOf(progress, say)}</span>
        <span class="muted count">
          ${progress?.kind === 'reading' && progress.events > 0 ? say.eventsSoFar(progress.events) : nothing}
          ${writing ? say.ofTotal(writing.done, writing.total) : nothing}
        </span>
      </div>
      ${
        writing
          ? html`<progress aria-label=${say.progress} max=${Math.max(writing.total, 1)} .value=${writing.done}></progress>`
          : html`<progress aria-label=${say.progress}></progress>`
      }
      <div class="row"><button @click=${() => this.cancel()} aria-disabled=${cancelling}>${say.cancel}</button></div>
    </div>`;
  }

  private actionPart(session: Session, say: Words): TemplateResult {
    const failed = session.last?.outcome.kind === 'failed';
    return html`<div class="row spread">
      <button class="primary" @click=${() => this.sync()}>${failed ? say.tryAgain : say.syncNow}</button>
      <span class="muted">${session.last === undefined ? say.neverRun : nothing}</span>
    </div>`;
  }

  private resultPart(report: RunReport, say: Words): TemplateResult {
    const wrote = writtenTotal(report.blikk) + writtenTotal(report.exchange) > 0;
    return html`<div class="result stack">
      ${this.headlinePart(report, say)}
      ${wrote ? this.tablePart(report, say) : nothing}
      ${report.linked > 0 ? html`<p class="muted">${say.linked(report.linked)}</p>` : nothing}
      ${notSynchronisedTotal(report) > 0 ? this.notSynchronisedPart(report, say) : nothing}
      ${this.remarksPart(report, say)}
    </div>`;
  }

  private headlinePart(report: RunReport, say: Words): TemplateResult {
    const { outcome } = report;
    const when = html`<p class="small">${say.lastRun(whenOf(report.ended, this.language))}</p>`;
    if (outcome.kind === 'failed') {
      return problemMessage(outcome.problem, this.language, 'user', this.wayOut(outcome.problem, report, say));
    }
    const headline = headlineOf(report, this.language);
    if (outcome.kind === 'cancelled') return message('plain', headline, html`<p>${say.cancelledKept}</p>${when}`);
    return message('good', headline, when);
  }

  /** What the person can do about it here, or until when to wait. */
  private wayOut({ code, waitSeconds }: Problem, { ended }: RunReport, say: Words): TemplateResult | typeof nothing {
    const { session } = this;
    if (code === 'exchange.folder_gone' && session !== undefined) {
      return html`<div class="row sure">
        <button @click=${() => this.chooser.open(session)}>${say.chooseAnother}</button>
      </div>`;
    }
    if (!waitSeconds) return nothing;
    const until = clockOf(new Date(Date.parse(ended) + waitSeconds * 1000), this.language);
    return html`<p>${say.waitBefore(until)}</p>`;
  }

  private tablePart(report: RunReport, say: Words): TemplateResult {
    const row = (side: Side, { created, updated, deleted }: Written): TemplateResult =>
      html`<tr data-side=${side}><th scope="row">${say.inSide(say.side[side])}</th><td>${created}</td><td>${updated}</td><td>${deleted}</td></tr>`;
    return html`<table>
      <caption class="visually-hidden">${say.tableCaption}</caption>
      <thead><tr><td></td><th scope="col">${say.created}</th><th scope="col">${say.updated}</th><th scope="col">${say.deleted}</th></tr></thead>
      <tbody>${SIDES.map((side) => row(side, report[side]))}</tbody>
    </table>`;
  }

  private notSynchronisedPart(report: RunReport, say: Words): TemplateResult {
    return html`<div class="aside">
      <h3>${say.notSynchronised(notSynchronisedTotal(report))}</h3>
      <ul class="reasons">
        ${reasonsOf(report).map(([code, count]) => {
          const text = textOf(code, this.language);
          return html`<li data-code=${code}><b>${count}</b> <span>${text.what}. <span class="muted">${text.todo}</span></span></li>`;
        })}
      </ul>
      <details @toggle=${this.showSetAside}>
        <summary>${say.showWhich}</summary>
        ${this.setAsidePart(say)}
      </details>
    </div>`;
  }

  private setAsidePart(say: Words): TemplateResult {
    if (this.setAside === undefined || this.setAside === 'loading')
      return html`<p class="muted">${say.loadingWhich}</p>`;
    return this.notesPart(this.setAside, say);
  }

  private remarksPart(report: RunReport, say: Words): TemplateResult | typeof nothing {
    const remarks = report.notes.filter((note) => report.notSynchronised[note.event.problem.code] === undefined);
    if (remarks.length === 0) return nothing;
    return html`<details class="aside"><summary>${say.remarks} (${remarks.length})</summary>${this.notesPart(remarks, say)}</details>`;
  }

  private notesPart(notes: Note[], say: Words): TemplateResult {
    return html`<ul class="notes">
      ${notes.slice(0, LISTED).map(
        ({ side, event }) => html`<li>
          <span class="name">${event.title || say.untitled}</span>
          <span class="muted">${say.side[side]}${event.start ? ` · ${whenOf(event.start, this.language)}` : ''} · ${textOf(event.problem.code, this.language).what}</span>
        </li>`,
      )}
      ${notes.length > LISTED ? html`<li class="muted">${say.andMore(notes.length - LISTED)}</li>` : nothing}
    </ul>`;
  }

  static override styles = [
    shared,
    CalendarChooser.styles,
    css`
      .head {
        display: flex;
        justify-content: space-between;
        gap: 1rem;
        align-items: flex-start;
      }
      .head .muted {
        margin-top: 0.15rem;
        max-width: 46ch;
      }
      .switch {
        flex: none;
        position: relative;
        width: 3.25rem;
        min-height: 0;
        height: 1.875rem;
        padding: 0;
        border-radius: 999px;
        border: 2px solid var(--control);
        background: transparent;
        transition: background 0.15s, border-color 0.15s;
      }
      .switch span {
        position: absolute;
        inset: 3px auto 3px 3px;
        aspect-ratio: 1;
        border-radius: 50%;
        background: var(--control);
        transition: translate 0.15s, background 0.15s;
      }
      .switch[aria-checked='true'] {
        background: var(--accent);
        border-color: var(--accent);
      }
      .switch[aria-checked='true'] span {
        background: var(--on-accent);
        translate: 1.375rem 0;
      }
      .spread {
        justify-content: space-between;
      }
      .phase {
        font-weight: 600;
      }
      .count {
        font-variant-numeric: tabular-nums;
      }
      .going > * + * {
        margin-top: 0.6rem;
      }
      progress {
        appearance: none;
        display: block;
        width: 100%;
        height: 0.5rem;
        border: 0;
        border-radius: 999px;
        overflow: hidden;
        background: var(--border);
        color: var(--accent);
      }
      progress::-webkit-progress-bar {
        background: var(--border);
      }
      progress::-webkit-progress-value {
        background: var(--accent);
        transition: inline-size 0.2s;
      }
      progress::-moz-progress-bar {
        background: var(--accent);
      }
      progress:indeterminate {
        background: linear-gradient(90deg, var(--border) 30%, var(--accent) 50%, var(--border) 70%) 0 / 250% 100%;
        animation: slide 1.6s linear infinite;
      }
      progress:indeterminate::-webkit-progress-bar {
        background: transparent;
      }
      @keyframes slide {
        from {
          background-position: 120% 0;
        }
        to {
          background-position: -60% 0;
        }
      }
      .result.stack > * + * {
        margin-top: 0.9rem;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 0.35rem 0.25rem;
        text-align: right;
        border-bottom: 1px solid var(--border);
      }
      thead th {
        font-size: 0.8125rem;
        font-weight: 500;
        color: var(--muted);
      }
      tbody th {
        text-align: left;
        font-weight: 600;
      }
      .reasons,
      .notes {
        list-style: none;
        padding: 0;
      }
      .reasons li {
        display: flex;
        gap: 0.6rem;
        margin-top: 0.4rem;
      }
      .reasons b {
        flex: none;
        min-width: 1.75rem;
        height: 1.5rem;
        padding: 0 0.35rem;
        border-radius: 999px;
        background: var(--warn-surface);
        color: var(--warn);
        font-size: 0.8125rem;
        line-height: 1.5rem;
        text-align: center;
      }
      summary {
        width: fit-content;
        margin-top: 0.5rem;
        padding: 0.2rem 0;
        cursor: pointer;
        font-size: 0.875rem;
        color: var(--accent);
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      .notes {
        max-height: 18rem;
        overflow: auto;
      }
      .notes li {
        padding: 0.4rem 0;
        border-bottom: 1px solid var(--border);
        overflow-wrap: anywhere;
      }
      .notes .muted {
        display: block;
      }
      @container (max-width: 24rem) {
        .card {
          padding: 1rem;
        }
      }
    `,
  ];
}
