// Pause and the two ways to part: three different things, each with what it means in plain words.

import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { Problem } from '../generated/core.ts';
import { message, problemMessage } from '../public/parts.ts';
import { Deed } from './deed.ts';
import { Panel, troubleOf, type Scene } from './panel.ts';

export class PartingPanel extends Panel<never> {
  private state: 'no' | 'sure' | 'doing' | 'done' = 'no';
  private problem: Problem | undefined;
  private readonly removal: Deed;

  constructor(card: LitElement) {
    super(card);
    this.removal = new Deed(card, 'removal', {
      preview: (session) => session.ask({ name: 'previewDisconnect' }),
      carry: (session, approval) => session.carry({ name: 'disconnect', how: 'removeOurs', approval }),
      isWorthNothing: true,
    });
  }

  /** Somebody opens it anew. */
  open(): void {
    this.state = 'no';
    this.problem = undefined;
    this.removal.close();
  }

  private become(state: typeof this.state, focus: string, wasHere?: boolean): void {
    this.state = state;
    void this.redraw(focus, wasHere);
  }

  private async part({ session }: Scene): Promise<void> {
    const wasHere = this.hasFocus;
    this.problem = undefined;
    this.become('doing', '#keep-both');
    const report = await session.carry({ name: 'disconnect', how: 'keepBoth' });
    this.problem = troubleOf(report);
    this.become(report.outcome.kind === 'done' ? 'done' : 'no', '#keep-both', wasHere);
  }

  render(scene: Scene): TemplateResult {
    const { session, say } = scene;
    const on = session.enabled === true;
    return html`
      <section class="way">
        <h4>${say.pauseTitle}</h4>
        <p class="muted">${say.pauseMeans}</p>
        <button @click=${() => session.setEnabled(!on)}>${on ? say.pause : say.resume}</button>
      </section>
      <section class="way" id="keep-both" tabindex="-1">
        <h4>${say.partTitle}</h4>
        <p class="muted">${say.partMeans}</p>
        ${this.keepPart(scene)}
      </section>
      <section class="way">
        <h4>${say.removeTitle}</h4>
        <p class="muted">${say.removeMeans}</p>
        ${this.removal.isOpen ? nothing : html`<button id="removal-open" @click=${() => this.removal.open(session)}>${say.removeShow}</button>`}
        ${this.removal.render(scene, {
          title: say.removeSure,
          lead: '',
          doing: say.parting,
          done: say.parted,
          nothing: say.removeNothing,
          yes: say.removeYes,
          no: say.heldNo,
        })}
      </section>`;
  }

  private keepPart(scene: Scene): TemplateResult {
    const { say, language } = scene;
    switch (this.state) {
      case 'no':
        return html`
          ${this.problem === undefined ? nothing : html`<div role="alert">${problemMessage(this.problem, language, 'user')}</div>`}
          <button id="part" @click=${() => this.become('sure', '#part-no')}>${say.part}</button>`;
      case 'sure':
        return html`<div role="status">${message(
          'plain',
          say.partSure,
          html`<div class="row sure">
            <button id="part-no" @click=${() => this.become('no', '#part')}>${say.no}</button>
            <button class="primary" @click=${() => this.part(scene)}>${say.partYes}</button>
          </div>`,
        )}</div>`;
      case 'doing':
        return html`<p class="muted" role="status">${say.parting}</p>`;
      case 'done':
        return html`<div role="status">${message('good', say.parted)}</div>`;
    }
  }
}
