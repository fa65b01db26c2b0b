// Historik: what each run did and why, with before and after; and the way back, shown before it is gone.

import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Field, HistoryEntry, RunRecord } from '../generated/core.ts';
import { countsOf, valueOf } from '../internal/describe.ts';
import { textOf, whenOf } from '../internal/format.ts';
import type { Session } from '../internal/session.ts';
import { words } from '../texts.ts';
import { Deed } from './deed.ts';
import { Panel, type Scene } from './panel.ts';
import { stepPart } from './plan.ts';

/** How many changes of a run are drawn. */
const LISTED = 200;

export class HistoryPanel extends Panel<RunRecord[]> {
  private readonly runs = new Map<number, OneRun>();

  constructor(private readonly card: LitElement) {
    super(card);
  }

  open({ session }: Scene): void {
    this.runs.clear();
    void this.fetch(session.ask({ name: 'history' }));
  }

  render(scene: Scene): TemplateResult {
    const { say } = scene;
    const waiting = this.waiting(scene, say.historyLoading);
    if (this.fetched.kind !== 'here') return html`${waiting}`;
    const records = this.fetched.value;
    if (records.length === 0) return html`<p class="muted">${say.historyEmpty}</p>`;
    return html`<p class="muted">${say.historyKept}</p>
      <ul class="runs">${repeat(
        records,
        ({ run }) => run,
        (record) => this.runPart(record, scene),
      )}</ul>`;
  }

  private runPart(record: RunRecord, scene: Scene): TemplateResult {
    const { say, language } = scene;
    const kind = say.kind[record.kind.kind](record.kind.kind === 'undo' ? record.kind.run : record.run);
    const open = ({ target }: Event): void => {
      if ((target as HTMLDetailsElement).open && !this.runs.has(record.run)) this.openRun(record, scene.session);
    };
    return html`<li data-run=${record.run}><details @toggle=${open}>
      <summary>
        <span class="name">${whenOf(record.started, language)}</span>
        <span>${kind}</span>
        <span class="muted">${countsOf(record, language)}${endOf(record, scene)}</span>
      </summary>
      ${this.runs.get(record.run)?.render(scene) ?? nothing}
    </details></li>`;
  }

  private openRun({ run }: RunRecord, session: Session): void {
    const one = new OneRun(this.card, run, () => void this.again(session));
    this.runs.set(run, one);
    one.open(session);
  }

  /** What was undone is a run too, and stands on top. */
  private async again(session: Session): Promise<void> {
    const records = await session.ask({ name: 'history' }).catch(() => undefined);
    if (records !== undefined) this.fetched = { kind: 'here', value: records };
    await this.redraw();
  }
}

/** How a run ended, when that was not well. */
function endOf({ outcome }: RunRecord, { say, language }: Scene): string {
  if (outcome == null) return ` · ${say.interrupted}`;
  if (outcome.kind === 'failed') return ` · ${textOf(outcome.problem.code, language).what}`;
  return outcome.kind === 'cancelled' ? ` · ${words[language].cancelled}` : '';
}

/** One run that somebody opened. */
class OneRun extends Panel<HistoryEntry[]> {
  private readonly undo: Deed;

  constructor(
    card: LitElement,
    private readonly run: number,
    undone: () => void,
  ) {
    super(card);
    this.undo = new Deed(card, `undo-${run}`, {
      preview: (session) => session.ask({ name: 'previewUndo', run }),
      carry: (session, approval) => session.carry({ name: 'undo', run, approval }),
      finished: undone,
    });
  }

  open(session: Session): void {
    void this.fetch(session.ask({ name: 'historyOf', run: this.run }));
  }

  render(scene: Scene): TemplateResult {
    const { say } = scene;
    const waiting = this.waiting(scene, words[scene.language].loadingWhich);
    if (this.fetched.kind !== 'here') return html`${waiting}`;
    const entries = this.fetched.value;
    const more = entries.length - LISTED;
    return html`<ul class="steps" tabindex="0" aria-label=${say.steps}>
        ${entries.slice(0, LISTED).map((entry) => stepPart(entry, scene, say.wasBe, changesPart(entry, scene)))}
        ${more > 0 ? html`<li class="muted">${words[scene.language].andMore(more)}</li>` : nothing}
      </ul>
      ${this.undo.isOpen ? nothing : html`<div class="row"><button id="undo-${this.run}-open" @click=${() => this.undo.open(scene.session)}>${say.undo}</button></div>`}
      ${this.undo.render(scene, {
        title: say.undoTitle,
        lead: say.undoLead,
        doing: say.undoing,
        done: say.undone,
        nothing: say.undoNothing,
        yes: (deletions) => (deletions === 0 ? say.undoYes : say.undoYesDeleting(deletions)),
        no: say.undoNo,
      })}`;
  }
}

/** What was otherwise before. */
function changesPart(
  { writes, before, after }: HistoryEntry,
  { say, language }: Scene,
): TemplateResult | typeof nothing {
  const fields = [...new Set(writes.flatMap((write) => write.fields))];
  if (before === null || after === null || fields.length === 0) return nothing;
  const cell = (event: typeof before, field: Field): string => valueOf(event, field, language) || say.nothingThere;
  return html`<dl class="changes">
    ${fields.map(
      (field) => html`<div><dt>${say.field[field]}</dt>
        <dd><span class="visually-hidden">${say.before}: </span><del>${cell(before, field)}</del>
          <span aria-hidden="true">→</span>
          <span class="visually-hidden">${say.after}: </span><ins>${cell(after, field)}</ins></dd></div>`,
    )}
  </dl>`;
}
