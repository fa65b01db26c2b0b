// <blikk-calendar-sync>: the user's field "Synkronisera min kalender".

import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Note, Progress, RunReport } from '../generated/core.ts';
import type { Attention } from '../internal/due.ts';
import { clockOf, headlineOf, languageOf } from '../internal/format.ts';
import { Session, type Place } from '../internal/session.ts';
import { baseAddress, ownGateway } from '../internal/address.ts';
import type { More, Section } from '../panels/more.ts';
import { words, type Language, type Words } from '../texts.ts';
import { CalendarChooser } from './calendar-choice.ts';
import type { PluginHost } from './host.ts';
import { message, problemMessage } from './parts.ts';
import { resultPart, resultStyles, successPart, type ResultScene } from './result.ts';
import { shared } from './styles.ts';

/** What opens in place, at the foot of the card. */
const SECTIONS: readonly Section[] = ['options', 'history', 'parting'];

export class BlikkCalendarSync extends LitElement {
  static override properties = {
    gateway: {},
    blikk: {},
    lang: {},
    interval: { type: Number },
    state: {},
    host: { attribute: false },
    setAside: { state: true },
    more: { state: true },
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
  /** What comes when it is needed; `missing` when it did not come. */
  declare private more: More | 'loading' | 'missing' | undefined;
  private attention: Attention | undefined;
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

  /** The host changed something in Blikk's calendar: synchronises soon, in whichever tab leads. */
  changed(): void {
    this.session?.changed();
  }

  /** What the person has to know or decide, for a badge on the host's own menu; undefined when all is well. */
  get needsAttention(): Attention | undefined {
    return this.session?.attention;
  }

  /** Asks a running run to stop. What is done stays; the run's promise resolves soon. */
  cancel(): void {
    this.session?.cancel();
  }

  /** Every event that is set aside now, with the reason. */
  async notSynchronised(): Promise<Note[]> {
    return (await this.session?.ask({ name: 'setAside' })) ?? [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // The first time, `willUpdate` opens it, when the properties that were set before the upgrade are there.
    if (this.hasUpdated) this.openSession();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // One that is only moved in the page is back by then, and its run goes on.
    queueMicrotask(() => this.isConnected || this.closeSession());
  }

  protected override willUpdate(changed: PropertyValues): void {
    const place = ['host', 'gateway', 'blikk', 'interval', 'state'];
    if (!place.some((name) => changed.has(name))) return;
    // Newer tokens of the same person end nothing.
    if (this.host !== undefined && this.session?.adopt(this.host, this.place) === true) return;
    this.closeSession();
    this.openSession();
  }

  protected override updated(): void {
    const last = this.session?.last;
    const isAsked = last !== undefined && (last.outcome.kind === 'held' || last.asking > 0);
    if (isAsked && this.more === undefined) void this.bringMore();
  }

  private get place(): Place {
    return {
      gateway: baseAddress(this.gateway, ownGateway()),
      blikk: baseAddress(this.blikk, '/'),
      interval: this.interval,
      state: this.state === 'browser' ? 'browser' : 'gateway',
    };
  }

  private openSession(): void {
    if (this.host === undefined || this.session !== undefined) return;
    this.session = new Session(this.host, this.place, {
      changed: () => this.noticed(),
      progress: (progress) => this.tell('blikk-sync-progress', progress),
      finished: (report) => this.finished(report),
      heard: (report) => this.tell('blikk-sync-elsewhere', report),
    });
    void this.session.load();
  }

  private noticed(): void {
    this.requestUpdate();
    const attention = this.session?.attention;
    if (attention === this.attention) return;
    this.attention = attention;
    this.tell('blikk-sync-attention', attention ?? null);
  }

  private closeSession(): void {
    this.session?.close();
    this.session = undefined;
    this.setAside = undefined;
    this.attention = undefined;
    this.chooser.close();
    // What is open tells of somebody else now.
    this.more = undefined;
    for (const section of this.renderRoot.querySelectorAll<HTMLDetailsElement>('.sections > details'))
      section.open = false;
  }

  private get here(): More | undefined {
    return typeof this.more === 'object' ? this.more : undefined;
  }

  /** Brings what is not on every card; undefined when it is not to be had. */
  private async bringMore(): Promise<More | undefined> {
    if (this.here !== undefined) return this.here;
    this.more = 'loading';
    try {
      const { More } = await import('../panels/more.ts');
      if (this.more === 'loading') this.more = new More(this);
    } catch {
      this.more = 'missing';
    }
    return this.here;
  }

  private async showPreview(session: Session): Promise<void> {
    (await this.bringMore())?.showPreview(session, this.language);
  }

  private async askToBeginAnew(): Promise<void> {
    (await this.bringMore())?.askToBeginAnew();
  }

  private async openSection(section: Section, { target }: Event, session: Session): Promise<void> {
    if ((target as HTMLDetailsElement).open) (await this.bringMore())?.open(section, session, this.language);
  }

  private finished(report: RunReport): void {
    this.setAside = undefined;
    this.here?.runEnded();
    this.tell('blikk-sync-finished', report);
    if (report.outcome.kind === 'held') this.tell('blikk-sync-held', report.outcome.preview);
    if (report.asking > 0) this.tell('blikk-sync-question', { asking: report.asking });
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
      ${session !== undefined && ready ? this.bodyPart(session, on, say) : nothing}
    </section>`;
  }

  private bodyPart(session: Session, on: boolean, say: Words): TemplateResult {
    const { language } = this;
    const more = this.here;
    const asking = on && (session.last?.asking ?? 0) > 0;
    return html`
      ${session.running || session.last === undefined ? nothing : this.resultPart(session, session.last, say)}
      ${session.running ? nothing : more?.anew(session, language)}
      ${this.more === 'missing' ? problemMessage({ code: 'gateway.unreachable' }, language, 'user') : nothing}
      ${asking ? more?.questions(session, language) : nothing}
      ${session.running ? nothing : this.actionPart(session, on, say)}
      ${session.running ? nothing : more?.preview(session, language)}
      ${this.chooser.render(session, language)}
      <div class="sections">
        ${SECTIONS.map(
          (
            section,
          ) => html`<details data-section=${section} @toggle=${(event: Event) => this.openSection(section, event, session)}>
            <summary>${say[section]}</summary>
            <div class="section">${more?.section(section, session, language) ?? html`<p class="muted">${say.loadingWhich}</p>`}</div>
          </details>`,
        )}
      </div>`;
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

  private actionPart(session: Session, on: boolean, say: Words): TemplateResult | typeof nothing {
    const { last } = session;
    // The held run asks its own question.
    if (last?.outcome.kind === 'held') return nothing;
    const preview = html`<button id="preview" class=${on ? '' : 'link'} @click=${() => this.showPreview(session)}>${say.preview}</button>`;
    if (!on) return html`<div class="row">${preview}</div>`;
    return html`<div class="row actions">
      <button class="primary" @click=${() => this.sync()}>${last?.outcome.kind === 'failed' ? say.tryAgain : say.syncNow}</button>
      ${preview}
      ${last === undefined ? html`<span class="muted">${say.neverRun}</span>` : nothing}
    </div>`;
  }

  private resultPart(session: Session, report: RunReport, say: Words): TemplateResult {
    const { outcome } = report;
    const scene: ResultScene = {
      language: this.language,
      health: session.health,
      setAside: this.setAside,
      showSetAside: (event) => this.showSetAside(event),
      chooseCalendar: () => this.chooser.open(session),
      beginAnew: () => this.askToBeginAnew(),
    };
    if (outcome.kind !== 'held') return resultPart(report, scene);
    const held = this.here?.held(report, outcome.preview, session, this.language) ?? message('warn', say.held);
    return html`${held}${successPart(report, scene)}`;
  }

  static override styles = [
    shared,
    CalendarChooser.styles,
    resultStyles,
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
      .sections {
        margin-bottom: -0.6rem;
        border-top: 1px solid var(--border);
      }
      .sections > details + details {
        border-top: 1px solid var(--border);
      }
      .sections > details > summary {
        width: auto;
        margin: 0;
        padding: 0.65rem 0;
        font-weight: 600;
        color: var(--text);
        text-decoration: none;
      }
      .sections > details > summary::marker {
        color: var(--muted);
      }
      .section {
        padding-bottom: 1.1rem;
      }
      .section > * + * {
        margin-top: 0.6rem;
      }
      @container (max-width: 24rem) {
        .card {
          padding: 1rem;
        }
      }
    `,
  ];
}
