// Inställningar: what is synchronised, which way, and who wins. What a choice will lead to stands beside it before
// anything is saved, and saving deletes nothing.

import { html, nothing, type TemplateResult } from 'lit';
import type { Options, Problem, Window } from '../generated/core.ts';
import { consequencesOf } from '../internal/describe.ts';
import { ownZone, problemOf } from '../internal/session.ts';
import { message, problemMessage } from '../public/parts.ts';
import { Panel, type Scene } from './panel.ts';

/** What the days are when somebody first wants only some of them. */
const USUAL_DAYS = { daysBack: 30, daysAhead: 365 };

/** Days as a person counts them who is here. */
const countedHere = (days: Omit<Window, 'zone'>): Window => ({ ...days, zone: ownZone() });

type Saving =
  { kind: 'no' } | { kind: 'saving' } | { kind: 'saved'; before: Options } | { kind: 'failed'; problem: Problem };

export class OptionsPanel extends Panel<Options> {
  /** As the form stands. */
  private draft: Options | undefined;
  private saving: Saving = { kind: 'no' };

  open({ session }: Scene): void {
    this.draft = undefined;
    this.saving = { kind: 'no' };
    void this.fetch(session.ask({ name: 'status' }).then(({ options }) => options));
  }

  private change(part: Partial<Options>): void {
    if (this.fetched.kind !== 'here') return;
    this.draft = { ...(this.draft ?? this.fetched.value), ...part };
    this.saving = { kind: 'no' };
    void this.redraw();
  }

  private async save({ session, say }: Scene, before: Options, draft: Options): Promise<void> {
    const wasHere = this.hasFocus;
    this.saving = { kind: 'saving' };
    void this.redraw();
    // Private events get their name in the language of the person who chose so.
    const options = { ...draft, busyTitle: say.busyTitle };
    try {
      await session.ask({ name: 'setOptions', options });
      this.fetched = { kind: 'here', value: options };
      this.draft = undefined;
      this.saving = { kind: 'saved', before };
    } catch (error) {
      this.saving = { kind: 'failed', problem: problemOf(error) };
    }
    await this.redraw('#options-saved', wasHere);
  }

  /** `showPreview`: opens "Visa vad som skulle hända". */
  render(scene: Scene, showPreview: () => void): TemplateResult {
    const waiting = this.waiting(scene, scene.say.optionsLoading);
    if (this.fetched.kind !== 'here') return html`${waiting}`;
    const saved = this.fetched.value;
    const draft = this.draft ?? saved;
    return html`<form class="options" @submit=${(event: Event) => {
      event.preventDefault();
      void this.save(scene, saved, draft);
    }}>
      ${this.fieldsPart(draft, scene)}
      ${this.endPart(saved, draft, scene, showPreview)}
    </form>`;
  }

  private fieldsPart(draft: Options, { say }: Scene): TemplateResult {
    const { window, brake } = draft;
    return html`
      ${this.choicePart('direction', say.direction, say.directions, draft)}
      ${selectPart(
        'days',
        say.days,
        { all: say.allDays, some: say.someDays },
        window === null ? 'all' : 'some',
        (days) => this.change({ window: days === 'all' ? null : countedHere(USUAL_DAYS) }),
      )}
      ${
        window === null
          ? nothing
          : html`<div class="pair">
              ${numberPart('daysBack', say.daysBack, window.daysBack, (daysBack) => this.change({ window: countedHere({ ...window, daysBack }) }))}
              ${numberPart('daysAhead', say.daysAhead, window.daysAhead, (daysAhead) => this.change({ window: countedHere({ ...window, daysAhead }) }))}
            </div>`
      }
      ${this.choicePart('privateEvents', say.privateEvents, say.privateChoices, draft)}
      <fieldset>
        <legend>${say.carried}</legend>
        ${(['categories', 'reminders'] as const).map(
          (name) => html`<label class="check"><input type="checkbox" name=${name} .checked=${draft[name]}
            @change=${({ target }: Event) => this.change({ [name]: (target as HTMLInputElement).checked })} /> ${say[name]}</label>`,
        )}
      </fieldset>
      ${this.choicePart('conflicts', say.conflicts, say.conflictChoices, draft)}
      ${this.choicePart('deletions', say.deletions, say.deletionChoices, draft)}
      <fieldset aria-describedby="brake-hint">
        <legend>${say.brake}</legend>
        <div class="pair">
          ${numberPart('brakeEvents', say.brakeEvents, brake.events, (events) => this.change({ brake: { ...brake, events } }))}
          ${numberPart('brakePercent', say.brakePercent, brake.percent, (percent) => this.change({ brake: { ...brake, percent } }), 100)}
        </div>
        <p class="small" id="brake-hint">${say.brakeHint}</p>
      </fieldset>`;
  }

  private choicePart<Key extends 'direction' | 'privateEvents' | 'conflicts' | 'deletions'>(
    key: Key,
    label: string,
    choices: Record<Options[Key], string>,
    draft: Options,
  ): TemplateResult {
    return selectPart(key, label, choices, draft[key], (value) => this.change({ [key]: value }));
  }

  private endPart(saved: Options, draft: Options, scene: Scene, showPreview: () => void): TemplateResult {
    const { say, language } = scene;
    const { saving } = this;
    const ahead = consequencesOf(saved, draft, language);
    const list = (lead: string, items: string[]): TemplateResult =>
      html`<p>${lead}</p><ul class="will">${items.map((item) => html`<li>${item}.</li>`)}</ul><p>${say.neverUnseen}</p>`;
    if (saving.kind === 'saved') {
      const preview = html`<div class="row sure"><button type="button" @click=${showPreview}>${say.showWhatWould}</button></div>`;
      const will = list(`${say.nextRunWill}`, consequencesOf(saving.before, saved, language));
      return html`<div id="options-saved" tabindex="-1" role="status">${message('good', say.saved, html`${will}${preview}`)}</div>`;
    }
    return html`
      <div role="status">${ahead.length > 0 ? html`<div class="ahead">${list(say.ifSaved, ahead)}</div>` : nothing}</div>
      ${saving.kind === 'failed' ? html`<div role="alert">${problemMessage(saving.problem, language, 'user')}</div>` : nothing}
      ${
        ahead.length === 0
          ? nothing
          : html`<div class="row">
              <button class="primary" type="submit" aria-disabled=${saving.kind === 'saving'}>${saving.kind === 'saving' ? say.saving : say.save}</button>
              <button type="button" @click=${() => this.change(saved)}>${say.reset}</button>
            </div>`
      }`;
  }
}

function selectPart<Value extends string>(
  name: string,
  label: string,
  choices: Record<Value, string>,
  value: Value,
  choose: (value: Value) => void,
): TemplateResult {
  const chosen = ({ target }: Event): void => choose((target as HTMLSelectElement).value as Value);
  return html`<div class="field">
    <label for="option-${name}">${label}</label>
    <select id="option-${name}" @change=${chosen}>
      ${Object.entries<string>(choices).map(
        ([key, text]) => html`<option value=${key} .selected=${key === value}>${text}</option>`,
      )}
    </select>
  </div>`;
}

/** What is no number, or none that the core takes, is not taken over; the field says so itself. */
function numberPart(
  name: string,
  label: string,
  value: number,
  change: (value: number) => void,
  most = 3650,
): TemplateResult {
  const read = ({ target }: Event): void => {
    const input = target as HTMLInputElement;
    if (input.value !== '' && input.checkValidity()) change(input.valueAsNumber);
  };
  return html`<div class="number">
    <label for="option-${name}">${label}</label>
    <input id="option-${name}" type="number" min="0" max=${most} step="1" required .value=${String(value)} @input=${read} />
  </div>`;
}
