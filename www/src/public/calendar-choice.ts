// Which calendar in Outlook is synchronised, and the way to another. The server is asked for the list only when
// somebody opens it, and nothing changes before that person has read what it means and said yes.

import { css, html, nothing, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import type { Problem } from '../generated/core.ts';
import type { CalendarChoice } from '../generated/pkg/blikk_calendar_sync.js';
import { OWN_CALENDAR } from '../internal/messages.ts';
import { problemOf, type Session } from '../internal/session.ts';
import { words, type Language, type Words } from '../texts.ts';
import { message, problemMessage } from './parts.ts';

/** One that is there, or one of our own that is made first. */
type Picked = CalendarChoice | 'own';

type State =
  | { kind: 'closed' }
  | { kind: 'loading' }
  | { kind: 'open'; calendars: CalendarChoice[]; picked?: Picked }
  | { kind: 'switching' }
  | { kind: 'failed'; problem: Problem };

/** Where the list takes the keyboard. */
const LIST = ['#calendars :checked', '#calendars input'];

const nameOf = (picked: Picked): string => (picked === 'own' ? OWN_CALENDAR : picked.name);

export class CalendarChooser implements ReactiveController {
  private state: State = { kind: 'closed' };

  constructor(private readonly element: LitElement) {
    element.addController(this);
  }

  hostDisconnected(): void {
    this.close();
  }

  private get isOpen(): boolean {
    return this.state.kind !== 'closed';
  }

  close(): void {
    void this.become({ kind: 'closed' });
  }

  async open(session: Session): Promise<void> {
    if (this.isOpen) return;
    const loading: State = { kind: 'loading' };
    void this.become(loading);
    const next = await session.ask({ name: 'calendars' }).then(
      (calendars): State => ({ kind: 'open', calendars }),
      (error: unknown): State => ({ kind: 'failed', problem: problemOf(error) }),
    );
    // Closed meanwhile, and perhaps opened again: that is another question.
    if (this.state !== loading) return;
    await this.become(next, ...LIST);
  }

  private async change(session: Session, picked: Picked): Promise<void> {
    void this.become({ kind: 'switching' }, '#calendar');
    try {
      await session.choose(picked === 'own' ? await session.ask({ name: 'createCalendar' }) : picked);
    } catch (error) {
      return this.become({ kind: 'failed', problem: problemOf(error) });
    }
    this.close();
    if (session.enabled === true) await session.sync();
  }

  /** `focus`: where a person goes on who was in here, the first that is there. It is never taken from the rest of the page. */
  private async become(state: State, ...focus: string[]): Promise<void> {
    const { element } = this;
    const wasHere = element.shadowRoot?.activeElement != null;
    this.state = state;
    element.requestUpdate();
    if (!wasHere) return;
    await element.updateComplete;
    const places = focus.map((place) => element.renderRoot.querySelector<HTMLElement>(place));
    places.find((place) => place !== null)?.focus();
  }

  // --- what is seen ---

  render(session: Session, language: Language): TemplateResult {
    const say = words[language];
    const { isOpen } = this;
    return html`<div class="calendar">
      <p class="row">
        <span>${say.calendar}: <b>${session.calendar?.name ?? say.firstCalendar}</b></span>
        <button class="link" id="calendar" aria-expanded=${isOpen} aria-controls="calendars"
          @click=${() => (isOpen ? this.close() : this.open(session))}>${say.changeCalendar}</button>
      </p>
      <div id="calendars">${this.panelPart(session, language, say)}</div>
    </div>`;
  }

  private panelPart(session: Session, language: Language, say: Words): TemplateResult | typeof nothing {
    const { state } = this;
    switch (state.kind) {
      case 'closed':
        return nothing;
      case 'loading':
      case 'switching':
        return html`<p class="muted" role="status">${state.kind === 'loading' ? say.loadingWhich : say.switching}</p>`;
      case 'failed':
        return html`<div role="alert">${problemMessage(state.problem, language, 'user')}</div>`;
      case 'open':
        return html`${this.listPart(session, state.calendars, state.picked, say)}
          <div role="status">
            ${state.picked === undefined ? nothing : this.questionPart(session, state.calendars, state.picked, say)}
          </div>`;
    }
  }

  private listPart(
    session: Session,
    calendars: CalendarChoice[],
    picked: Picked | undefined,
    say: Words,
  ): TemplateResult {
    const current = currentOf(session, calendars);
    const pick = (choice: Picked): void =>
      void this.become({ kind: 'open', calendars, ...(choice === current ? {} : { picked: choice }) });
    const radio = (choice: Picked, label: string): TemplateResult =>
      html`<label><input type="radio" name="calendar" .checked=${choice === (picked ?? current)}
        @change=${() => pick(choice)} /> ${label}</label>`;
    return html`<fieldset>
      <legend>${say.chooseCalendar}</legend>
      ${calendars.map((calendar) => radio(calendar, calendar.name))}
      ${calendars.some(({ name }) => name === OWN_CALENDAR) ? nothing : radio('own', say.ownCalendar(OWN_CALENDAR))}
    </fieldset>`;
  }

  private questionPart(session: Session, calendars: CalendarChoice[], picked: Picked, say: Words): TemplateResult {
    const former = currentOf(session, calendars);
    const meaning = say.switchMeans(nameOf(picked), former?.name);
    return message(
      'plain',
      say.switchSure(nameOf(picked)),
      html`<p>${meaning}</p>
        <div class="row sure">
          <button class="primary" @click=${() => this.change(session, picked)}>${say.switchYes}</button>
          <button @click=${() => this.become({ kind: 'open', calendars }, ...LIST)}>${say.no}</button>
        </div>`,
    );
  }

  static readonly styles = css`
    .calendar {
      padding-top: 0.75rem;
      border-top: 1px solid var(--border);
      font-size: 0.875rem;
      color: var(--muted);
    }
    .calendar b {
      color: var(--text);
      font-weight: 600;
    }
    button.link {
      min-height: 1.5rem;
      padding: 0;
      border: 0;
      font-weight: 400;
      color: var(--accent);
      text-decoration: underline;
      text-underline-offset: 0.2em;
    }
    #calendars:not(:empty) {
      color: var(--text);
    }
    fieldset {
      margin: 0.6rem 0 0;
      padding: 0;
      border: 0;
      min-width: 0;
    }
    legend {
      padding: 0 0 0.25rem;
      color: var(--muted);
    }
    fieldset label {
      display: flex;
      gap: 0.6rem;
      align-items: center;
      min-height: 2rem;
      overflow-wrap: anywhere;
      cursor: pointer;
    }
    input[type='radio'] {
      flex: none;
      width: 1.1rem;
      height: 1.1rem;
      margin: 0;
      accent-color: var(--accent);
    }
    #calendars .message {
      margin-top: 0.6rem;
      font-size: 1rem;
    }
    .sure {
      margin-top: 0.6rem;
    }
    .sure:not(:last-child) {
      margin-bottom: 0.6rem;
    }
  `;
}

/** Undefined when the chosen one is not there any more. */
function currentOf(session: Session, calendars: CalendarChoice[]): CalendarChoice | undefined {
  const folder = session.calendar?.folder ?? null;
  return calendars.find((calendar) => calendar.folder === folder);
}
