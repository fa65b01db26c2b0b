// Events that were changed on both sides and wait for the person's answer: before, Blikk and Outlook side by side.

import { html, nothing, type TemplateResult } from 'lit';
import type { Asked, Field, Problem, Side } from '../generated/core.ts';
import { spanOf, valueOf } from '../internal/describe.ts';
import type { Session } from '../internal/session.ts';
import { problemMessage } from '../public/parts.ts';
import { words } from '../texts.ts';
import { Panel, troubleOf, type Scene } from './panel.ts';

const TITLE = '#questions-title';

export class QuestionsPanel extends Panel<Asked[]> {
  private answering: { done: number; total: number } | undefined;
  private problem: Problem | undefined;
  /** The report that these questions belong to: another one may have brought others. */
  private askedAt: string | undefined;

  /** Fetches the questions once for each run that left some. */
  private refresh(session: Session): void {
    const { last } = session;
    if (this.answering !== undefined || this.askedAt === last?.ended) return;
    this.askedAt = last?.ended;
    this.problem = undefined;
    queueMicrotask(() => void this.fetch(session.ask({ name: 'questions' })));
  }

  private async answer(session: Session, questions: Asked[], winner: Side): Promise<void> {
    const wasHere = this.hasFocus;
    this.problem = undefined;
    for (const [done, { link }] of questions.entries()) {
      this.answering = { done: done + 1, total: questions.length };
      void this.redraw();
      const report = await session.carry({ name: 'answer', link, winner });
      this.problem = troubleOf(report);
      if (this.problem !== undefined) break;
      if (this.fetched.kind === 'here')
        this.fetched = { kind: 'here', value: this.fetched.value.filter((one) => one.link !== link) };
    }
    this.answering = undefined;
    // Who went on editing meanwhile is asked anew.
    if (this.fetched.kind === 'here' && this.fetched.value.length !== session.last?.asking) this.askedAt = undefined;
    await this.redraw(TITLE, wasHere);
  }

  render(scene: Scene): TemplateResult {
    const { session, say, language } = scene;
    this.refresh(session);
    const questions = this.fetched.kind === 'here' ? this.fetched.value : [];
    const count = this.fetched.kind === 'here' ? questions.length : (session.last?.asking ?? 0);
    return html`<section class="panel stack questions" aria-labelledby="questions-title">
      <h3 id="questions-title" tabindex="-1">${count === 0 ? say.answered : say.questionsTitle}</h3>
      ${count === 0 ? nothing : html`<p class="muted">${say.questionsLead}</p>`}
      <div role="status" class="muted">${this.answering === undefined ? nothing : say.answering(this.answering.done, this.answering.total)}</div>
      ${this.problem === undefined ? nothing : html`<div role="alert">${problemMessage(this.problem, language, 'user')}</div>`}
      ${this.waiting(scene, words[language].loadingWhich)}
      ${questions.map((question) => this.questionPart(question, scene))}
      ${questions.length < 2 ? nothing : this.allPart(questions, scene)}
    </section>`;
  }

  private questionPart(question: Asked, scene: Scene): TemplateResult {
    const { say, language } = scene;
    const title = question.title || words[language].untitled;
    const cell = (event: Asked['before'], field: Field): string => valueOf(event, field, language) || say.nothingThere;
    const row = (field: Field): TemplateResult => html`<tr>
      <th scope="row">${say.field[field]}</th>
      <td data-label=${say.before} class="muted">${cell(question.before, field)}</td>
      <td data-label=${say.side.blikk}>${cell(question.blikk, field)}</td>
      <td data-label=${say.side.exchange}>${cell(question.exchange, field)}</td>
    </tr>`;
    return html`<article class="question" data-link=${question.link}>
      <h4>${title} <span class="muted">${spanOf(question.exchange.when, language)}</span></h4>
      <table class="sides">
        <caption class="visually-hidden">${title}</caption>
        <thead><tr><td></td><th scope="col">${say.before}</th><th scope="col">${say.side.blikk}</th><th scope="col">${say.side.exchange}</th></tr></thead>
        <tbody>${question.fields.map(row)}</tbody>
      </table>
      ${this.choicePart([question], scene, say.use, (side) => say.useFor(side, title))}
    </article>`;
  }

  private allPart(questions: Asked[], scene: Scene): TemplateResult {
    return html`<div class="all">${this.choicePart(questions, scene, scene.say.useAll)}</div>`;
  }

  private choicePart(
    questions: Asked[],
    { session, say }: Scene,
    label: (side: string) => string,
    name: (side: string) => string = label,
  ): TemplateResult {
    const busy = this.answering !== undefined || session.running;
    const button = (side: Side): TemplateResult =>
      html`<button aria-disabled=${busy} aria-label=${name(say.side[side])}
        @click=${() => busy || this.answer(session, questions, side)}>${label(say.side[side])}</button>`;
    return html`<div class="row sure">${button('blikk')}${button('exchange')}</div>`;
  }
}
