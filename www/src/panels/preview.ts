// "Visa vad som skulle hända": the plan of the next run, without a single write; and a run that waits for a yes.

import { html, nothing, type TemplateResult } from 'lit';
import type { Approval, Preview, RunReport } from '../generated/core.ts';
import { message } from '../public/parts.ts';
import { words } from '../texts.ts';
import { Panel, type Scene } from './panel.ts';
import { approvalOf, deletionsOf, holdPart, planPart, yesOrNo } from './plan.ts';

const TITLE = '#preview-title';
/** The button that opens it. */
const OPENER = '#preview';

export class PreviewPanel extends Panel<Preview> {
  open({ session }: Scene): void {
    void this.fetch(session.ask({ name: 'preview' }), TITLE);
  }

  render(scene: Scene): TemplateResult | typeof nothing {
    const { say } = scene;
    if (!this.isOpen) return nothing;
    return html`<section class="panel stack" aria-labelledby="preview-title">
      <h3 id="preview-title" tabindex="-1">${say.previewTitle}</h3>
      ${this.waiting(scene, say.previewLoading) ?? this.planPart(scene)}
    </section>`;
  }

  private planPart(scene: Scene): TemplateResult {
    const { session, say } = scene;
    if (this.fetched.kind !== 'here') return html``;
    const preview = this.fetched.value;
    const close = (): void => this.close(OPENER);
    const run = async (approval?: Approval): Promise<void> => {
      this.close();
      if (session.enabled !== true) await session.setEnabled(true);
      await session.sync(approval);
    };
    if (preview.held !== null) {
      const deletions = deletionsOf(preview);
      const yes = (): void => void run(approvalOf(preview));
      const answer = yesOrNo([say.heldYes(deletions), yes], [say.heldNo, close], deletions);
      return holdPart(preview, words[scene.language].held, scene, answer);
    }
    return html`${planPart(preview, scene)}
      <div class="row">
        <button class="primary" @click=${() => run()}>${say.run}</button>
        <button @click=${close}>${say.close}</button>
      </div>`;
  }
}

/** The last run is held: it is on the card until it is answered, also after a reload. */
export class HeldPanel extends Panel<never> {
  private isShownAgain = false;

  render(report: RunReport, preview: Preview, scene: Scene): TemplateResult {
    const { session, say } = scene;
    if (session.declined === report.ended && !this.isShownAgain) return this.declinedPart(scene);
    const yes = (): void => {
      this.isShownAgain = false;
      void session.sync(approvalOf(preview));
    };
    const no = async (): Promise<void> => {
      const wasHere = this.hasFocus;
      this.isShownAgain = false;
      await session.decline();
      await this.redraw('#show-held', wasHere);
    };
    const deletions = deletionsOf(preview);
    const answer = yesOrNo([say.heldYes(deletions), yes], [say.heldNo, no], deletions);
    return html`<div id="held" tabindex="-1">${holdPart(preview, words[scene.language].held, scene, answer)}</div>`;
  }

  private declinedPart({ session, say }: Scene): TemplateResult {
    const show = (): void => {
      this.isShownAgain = true;
      void this.redraw('#held');
    };
    return message(
      'plain',
      say.declined,
      html`<p>${say.declinedMeans}</p>
        <div class="row sure">
          <button @click=${() => session.sync()}>${say.checkAgain}</button>
          <button id="show-held" @click=${show}>${say.showHeld}</button>
        </div>`,
    );
  }
}
