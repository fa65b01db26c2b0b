// Something that is shown before it is done, and done only after a yes to just that.

import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { Approval, Preview, Problem, RunReport } from '../generated/core.ts';
import type { Session } from '../internal/session.ts';
import { message, problemMessage } from '../public/parts.ts';
import { Panel, troubleOf, type Scene } from './panel.ts';
import { approvalOf, deletionsOf, planPart, writesOf, yesOrNo } from './plan.ts';

export interface DeedWords {
  title: string;
  lead: string;
  doing: string;
  done: string;
  /** When there is nothing to do. */
  nothing: string;
  yes: (deletions: number) => string;
  no: string;
}

export interface Doing {
  preview(session: Session): Promise<Preview>;
  carry(session: Session, approval: Approval): Promise<RunReport>;
  /** It was done. */
  finished?(): void;
  /** Whether a plan without a single write is worth a yes. */
  isWorthNothing?: boolean;
}

export class Deed extends Panel<Preview> {
  private state: 'asking' | 'doing' | 'done' = 'asking';
  private problem: Problem | undefined;

  /** `id`: unique in the card; `#${id}-open` is the button that opens it. */
  constructor(
    element: LitElement,
    private readonly id: string,
    private readonly doing: Doing,
  ) {
    super(element);
  }

  open(session: Session): void {
    this.state = 'asking';
    this.problem = undefined;
    void this.fetch(this.doing.preview(session), `#${this.id}`);
  }

  private async carry(session: Session, preview: Preview): Promise<void> {
    const wasHere = this.hasFocus;
    this.state = 'doing';
    this.problem = undefined;
    void this.redraw(`#${this.id}`);
    const report = await this.doing.carry(session, approvalOf(preview));
    this.problem = troubleOf(report);
    this.state = report.outcome.kind === 'done' ? 'done' : 'asking';
    // Meanwhile it would delete more than what was said yes to: that is another question.
    if (report.outcome.kind === 'held') this.fetched = { kind: 'here', value: report.outcome.preview };
    await this.redraw(`#${this.id}`, wasHere);
    if (this.state === 'done') this.doing.finished?.();
  }

  render(scene: Scene, say: DeedWords): TemplateResult | typeof nothing {
    if (!this.isOpen) return nothing;
    return html`<div class="panel stack deed" id=${this.id} tabindex="-1" role="group" aria-label=${say.title}>
      ${this.waiting(scene, scene.say.previewLoading) ?? this.bodyPart(scene, say)}
    </div>`;
  }

  private bodyPart(scene: Scene, say: DeedWords): TemplateResult {
    if (this.fetched.kind !== 'here') return html``;
    const preview = this.fetched.value;
    const { session, language } = scene;
    const close = (): void => this.close(`#${this.id}-open`);
    if (this.state === 'done') return html`<div role="status">${message('good', say.done)}</div>`;
    if (this.state === 'doing') return html`<p class="muted" role="status">${say.doing}</p>`;
    if (writesOf(preview) === 0 && this.doing.isWorthNothing !== true) {
      return html`<p>${say.nothing}</p><div class="row"><button @click=${close}>${scene.say.close}</button></div>`;
    }
    const yes = (): void => void this.carry(session, preview);
    return html`<p><b>${say.title}.</b> ${say.lead}</p>
      ${this.problem === undefined ? nothing : html`<div role="alert">${problemMessage(this.problem, language, 'user')}</div>`}
      ${writesOf(preview) === 0 ? html`<p>${say.nothing}</p>` : planPart(preview, scene)}
      ${yesOrNo([say.yes(deletionsOf(preview)), yes], [say.no, close], deletionsOf(preview))}`;
  }
}
