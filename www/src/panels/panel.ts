// What every panel of the card has in common: it asks the core when it is opened, waits, and shows an answer or why
// there is none. The keyboard is never left on a button that is gone.

import { html, type LitElement, type TemplateResult } from 'lit';
import type { Problem, RunReport } from '../generated/core.ts';
import { problemOf, type Session } from '../internal/session.ts';
import { problemMessage } from '../public/parts.ts';
import { moreWords, type MoreWords } from '../texts-more.ts';
import type { Language } from '../texts.ts';

export type Fetched<T> =
  { kind: 'nothing' } | { kind: 'loading' } | { kind: 'here'; value: T } | { kind: 'failed'; problem: Problem };

/** What a panel is drawn with. */
export interface Scene {
  session: Session;
  language: Language;
  say: MoreWords;
}

export const sceneOf = (session: Session, language: Language): Scene => ({
  session,
  language,
  say: moreWords[language],
});

export abstract class Panel<T> {
  protected fetched: Fetched<T> = { kind: 'nothing' };

  constructor(private readonly element: LitElement) {}

  get isOpen(): boolean {
    return this.fetched.kind !== 'nothing';
  }

  close(focus?: string): void {
    this.fetched = { kind: 'nothing' };
    void this.redraw(focus);
  }

  /** Asks, and shows the answer; of two questions the later one counts. */
  protected async fetch(question: Promise<T>, focus?: string): Promise<void> {
    const wasHere = this.hasFocus;
    const loading: Fetched<T> = { kind: 'loading' };
    this.fetched = loading;
    void this.redraw();
    const next = await question.then(
      (value): Fetched<T> => ({ kind: 'here', value }),
      (error: unknown): Fetched<T> => ({ kind: 'failed', problem: problemOf(error) }),
    );
    if (this.fetched !== loading) return;
    this.fetched = next;
    await this.redraw(focus, wasHere);
  }

  /** Whether the keyboard is in the card. */
  protected get hasFocus(): boolean {
    return this.element.shadowRoot?.activeElement != null;
  }

  /**
   * `focus`: where a person goes on who was in the card when it began (`wasHere`). It is never taken from the rest of
   * the page; what was focused and is gone leaves it to the body.
   */
  protected async redraw(focus?: string, wasHere = this.hasFocus): Promise<void> {
    const { element } = this;
    element.requestUpdate();
    if (focus === undefined || !wasHere) return;
    await element.updateComplete;
    if (this.hasFocus || document.activeElement === document.body)
      element.renderRoot.querySelector<HTMLElement>(focus)?.focus();
  }

  /** What there is to say before the answer is here; undefined when it is. */
  protected waiting({ language }: Scene, loading: string): TemplateResult | undefined {
    const { fetched } = this;
    if (fetched.kind === 'failed') {
      return html`<div role="alert">${problemMessage(fetched.problem, language, 'user')}</div>`;
    }
    return fetched.kind === 'here' ? undefined : html`<p class="muted" role="status">${loading}</p>`;
  }
}

/** Why a run did not do what was asked; undefined when it did. */
export const troubleOf = ({ outcome }: RunReport): Problem | undefined =>
  outcome.kind === 'failed' ? outcome.problem : undefined;
