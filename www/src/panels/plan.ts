// A plan in words: how much on which side, and each event with what would happen to it and why.

import { html, nothing, type TemplateResult } from 'lit';
import type { Approval, PlannedStep, PlannedWrite, Preview, Side } from '../generated/core.ts';
import { fieldsOf, reasonOf } from '../internal/describe.ts';
import { startOf, writtenTotal } from '../internal/format.ts';
import { message } from '../public/parts.ts';
import { words } from '../texts.ts';
import type { Scene } from './panel.ts';

const SIDES: readonly Side[] = ['blikk', 'exchange'];

/** The yes to exactly what was shown. */
export const approvalOf = ({ blikk, exchange }: Preview): Approval => ({
  blikkDeletions: blikk.deleted,
  exchangeDeletions: exchange.deleted,
});

export const deletionsOf = ({ blikk, exchange }: Preview): number => blikk.deleted + exchange.deleted;

export const writesOf = ({ blikk, exchange }: Preview): number => writtenTotal(blikk) + writtenTotal(exchange);

export function planPart(preview: Preview, scene: Scene): TemplateResult {
  const { say, language } = scene;
  const listed = preview.steps.reduce((sum, { writes }) => sum + writes.length, 0);
  const more = writesOf(preview) - listed;
  return html`
    ${writesOf(preview) === 0 ? html`<p>${say.previewNothing}</p>` : countsPart(preview, scene)}
    ${preview.linked > 0 ? html`<p class="muted">${say.wouldLink(preview.linked)}</p>` : nothing}
    <p class="assured">${say.invitations(preview.invitations)}</p>
    ${
      preview.steps.length === 0
        ? nothing
        : html`<ul class="steps" tabindex="0" aria-label=${say.steps}>
            ${preview.steps.map((step) => stepPart(step, scene, say.willBe))}
            ${more > 0 ? html`<li class="muted">${words[language].andMore(more)}</li>` : nothing}
          </ul>`
    }`;
}

function countsPart(preview: Preview, { language }: Scene): TemplateResult {
  const say = words[language];
  return html`<table class="counts">
    <caption class="visually-hidden">${say.preview}</caption>
    <thead><tr><td></td><th scope="col">${say.created}</th><th scope="col">${say.updated}</th><th scope="col">${say.deleted}</th></tr></thead>
    <tbody>
      ${SIDES.map((side) => {
        const { created, updated, deleted } = preview[side];
        return html`<tr data-plan=${side}><th scope="row">${say.inSide(say.side[side])}</th><td>${created}</td><td>${updated}</td>
          <td class=${deleted > 0 ? 'loss' : ''}>${deleted}</td></tr>`;
      })}
    </tbody>
  </table>`;
}

/** An event with what is done to it, in the time that the words have, and why. */
export function stepPart(
  step: PlannedStep,
  { language, say }: Scene,
  told: Scene['say']['willBe'],
  more: unknown = nothing,
): TemplateResult {
  const write = ({ side, verb, fields }: PlannedWrite): TemplateResult =>
    html`<span class="write ${verb}">${told[verb](say.side[side])}${fields.length > 0 ? `: ${fieldsOf(fields, language)}` : ''}</span>`;
  return html`<li>
    <span class="name">${step.title || words[language].untitled}</span>
    ${step.start == null ? nothing : html`<span class="muted when">${startOf(step.start, language)}</span>`}
    ${step.writes.map(write)}
    <span class="muted why">${reasonOf(step.reason, language)}</span>
    ${more}
  </li>`;
}

/** Where a yes deletes something, the safe answer is the one that stands out. */
export function yesOrNo(
  [yes, onYes]: [string, () => void],
  [no, onNo]: [string, () => void],
  deletions: number,
): TemplateResult {
  const [first, second] = deletions > 0 ? ['danger', 'primary'] : ['primary', ''];
  const yesButton = html`<button class=${first} @click=${onYes}>${yes}</button>`;
  const noButton = html`<button class=${second} @click=${onNo}>${no}</button>`;
  return html`<div class="row sure">${deletions > 0 ? [noButton, yesButton] : [yesButton, noButton]}</div>`;
}

/** Why it waits for a yes, with the whole plan. */
export function holdPart(preview: Preview, headline: string, scene: Scene, answer: TemplateResult): TemplateResult {
  const { say } = scene;
  const why = preview.held === null ? say.heldNothing : `${say.hold[preview.held]} ${say.heldNothing}`;
  return html`<div class="hold stack">
    ${message('warn', headline, html`<p>${why}</p>`)}
    ${planPart(preview, scene)}
    ${answer}
  </div>`;
}
