// What is remembered cannot be read, and no run can mend that: beginning anew, with what it means in plain words.

import { html, nothing, type TemplateResult } from 'lit';
import type { Problem } from '../generated/core.ts';
import { clockOf } from '../internal/format.ts';
import { problemOf } from '../internal/session.ts';
import { message, problemMessage } from '../public/parts.ts';
import { Panel, type Scene } from './panel.ts';

const OPENER = '#begin-anew';

export class AnewPanel extends Panel<never> {
  /** Done: when a run may begin. */
  private state: 'closed' | 'sure' | 'doing' | Date = 'closed';
  private problem: Problem | undefined;

  open(): void {
    this.problem = undefined;
    this.become('sure', '#anew-no');
  }

  override close(focus?: string): void {
    this.become('closed', focus);
  }

  private become(state: typeof this.state, focus?: string, wasHere?: boolean): void {
    this.state = state;
    void this.redraw(focus, wasHere);
  }

  private async begin({ session, say }: Scene): Promise<void> {
    const wasHere = this.hasFocus;
    this.problem = undefined;
    this.become('doing', '#anew');
    try {
      this.become(await session.beginAnew(say.busyTitle), '#anew', wasHere);
    } catch (error) {
      this.problem = problemOf(error);
      this.become('sure', '#anew-no', wasHere);
    }
  }

  render(scene: Scene): TemplateResult | typeof nothing {
    if (this.state === 'closed') return nothing;
    return html`<section class="panel stack" id="anew" tabindex="-1" aria-label=${scene.say.anewTitle}>
      ${this.bodyPart(scene)}
    </section>`;
  }

  private bodyPart(scene: Scene): TemplateResult {
    const { say, language } = scene;
    if (this.state === 'doing') return html`<p class="muted" role="status">${say.anewDoing}</p>`;
    if (this.state instanceof Date) {
      const what = say.anewDone(clockOf(this.state, language));
      return html`<div role="status">${message('good', what, html`<p>${say.anewLook}</p>`)}</div>`;
    }
    return html`
      ${this.problem === undefined ? nothing : html`<div role="alert">${problemMessage(this.problem, language, 'user')}</div>`}
      <div role="status">${message(
        'plain',
        say.anewTitle,
        html`<p>${say.anewMeans}</p><p>${say.anewLoses}</p><p>${say.anewOptions}</p>
          <div class="row sure">
            <button id="anew-no" @click=${() => this.close(OPENER)}>${say.no}</button>
            <button class="primary" @click=${() => this.begin(scene)}>${say.anewYes}</button>
          </div>`,
      )}</div>`;
  }
}
