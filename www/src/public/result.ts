// How a run ended: the headline, what was written where, and what was left out and why.

import { css, html, nothing, type TemplateResult } from 'lit';
import type { Note, Problem, RunReport, Side, Written } from '../generated/core.ts';
import { isElsewhere, isStale, type Health } from '../internal/due.ts';
import {
  clockOf,
  headlineOf,
  notSynchronisedTotal,
  reasonsOf,
  startOf,
  textOf,
  whenOf,
  writtenTotal,
} from '../internal/format.ts';
import { words, type Language, type Words } from '../texts.ts';
import { message, problemMessage } from './parts.ts';

const SIDES: readonly Side[] = ['blikk', 'exchange'];
/** How many events "Visa vilka" lists. */
const LISTED = 100;

export interface ResultScene {
  language: Language;
  health: Health | undefined;
  /** The events of "Visa vilka", when somebody asked. */
  setAside: Note[] | 'loading' | undefined;
  showSetAside(event: Event): void;
  chooseCalendar(): void;
  beginAnew(): void;
}

export function resultPart(report: RunReport, scene: ResultScene): TemplateResult {
  const say = words[scene.language];
  const wrote = writtenTotal(report.blikk) + writtenTotal(report.exchange) > 0;
  return html`<div class="result stack">
    ${headlinePart(report, scene, say)}
    ${wrote ? tablePart(report, say) : nothing}
    ${report.linked > 0 ? html`<p class="muted">${say.linked(report.linked)}</p>` : nothing}
    ${notSynchronisedTotal(report) > 0 ? notSynchronisedPart(report, scene, say) : nothing}
    ${remarksPart(report, scene, say)}
  </div>`;
}

/** When it last went well stands on the card however the last run ended (scenario 25). */
export function successPart(report: RunReport, { health, language }: ResultScene): TemplateResult | typeof nothing {
  const success = health?.lastSuccess ?? (report.outcome.kind === 'done' ? report.ended : null);
  if (success === null) return nothing;
  return html`<p class="small success">${words[language].lastRun(whenOf(success, language))}</p>`;
}

function headlinePart(report: RunReport, scene: ResultScene, say: Words): TemplateResult {
  const { outcome } = report;
  const success = successPart(report, scene);
  if (outcome.kind === 'failed') {
    const stale = stalePart(report, scene, say);
    const way = wayOut(outcome.problem, report, scene, say);
    return html`${stale}${problemMessage(outcome.problem, scene.language, 'user', way)}${stale === undefined ? success : nothing}`;
  }
  const headline = headlineOf(report, scene.language);
  if (outcome.kind === 'cancelled') return message('plain', headline, html`<p>${say.cancelledKept}</p>${success}`);
  return message(report.asking > 0 ? 'plain' : 'good', headline, success);
}

/** The calendars have been apart for a day or more. */
function stalePart(report: RunReport, { health, language }: ResultScene, say: Words): TemplateResult | undefined {
  if (!isStale(health, Date.now()) || isElsewhere(report)) return undefined;
  const since = health?.lastSuccess == null ? undefined : whenOf(health.lastSuccess, language);
  return message('warn', say.stale(since), html`<p>${say.staleTodo}</p>`);
}

/** What the person can do about it here, or until when to wait. */
function wayOut(
  { code, waitSeconds }: Problem,
  { ended }: RunReport,
  { language, chooseCalendar, beginAnew }: ResultScene,
  say: Words,
): TemplateResult | typeof nothing {
  if (code === 'exchange.folder_gone') {
    return html`<div class="row sure"><button @click=${chooseCalendar}>${say.chooseAnother}</button></div>`;
  }
  if (code === 'store.newer') {
    return html`<div class="row sure"><button @click=${() => location.reload()}>${say.reload}</button></div>`;
  }
  if (code === 'store.unreadable') {
    return html`<div class="row sure"><button id="begin-anew" @click=${beginAnew}>${say.beginAnew}</button></div>`;
  }
  if (!waitSeconds) return nothing;
  return html`<p>${say.waitBefore(clockOf(new Date(Date.parse(ended) + waitSeconds * 1000), language))}</p>`;
}

function tablePart(report: RunReport, say: Words): TemplateResult {
  const row = (side: Side, { created, updated, deleted }: Written): TemplateResult =>
    html`<tr data-side=${side}><th scope="row">${say.inSide(say.side[side])}</th><td>${created}</td><td>${updated}</td><td>${deleted}</td></tr>`;
  return html`<table>
    <caption class="visually-hidden">${say.tableCaption}</caption>
    <thead><tr><td></td><th scope="col">${say.created}</th><th scope="col">${say.updated}</th><th scope="col">${say.deleted}</th></tr></thead>
    <tbody>${SIDES.map((side) => row(side, report[side]))}</tbody>
  </table>`;
}

function notSynchronisedPart(report: RunReport, scene: ResultScene, say: Words): TemplateResult {
  const { setAside } = scene;
  return html`<div class="aside">
    <h3>${say.notSynchronised(notSynchronisedTotal(report))}</h3>
    <ul class="reasons">
      ${reasonsOf(report).map(([code, count]) => {
        const text = textOf(code, scene.language);
        return html`<li data-code=${code}><b>${count}</b> <span>${text.what}. <span class="muted">${text.todo}</span></span></li>`;
      })}
    </ul>
    <details @toggle=${scene.showSetAside}>
      <summary>${say.showWhich}</summary>
      ${
        setAside === undefined || setAside === 'loading'
          ? html`<p class="muted">${say.loadingWhich}</p>`
          : notesPart(setAside, scene, say)
      }
    </details>
  </div>`;
}

function remarksPart(report: RunReport, scene: ResultScene, say: Words): TemplateResult | typeof nothing {
  const remarks = report.notes.filter((note) => report.notSynchronised[note.event.problem.code] === undefined);
  if (remarks.length === 0) return nothing;
  return html`<details class="aside"><summary>${say.remarks} (${remarks.length})</summary>${notesPart(remarks, scene, say)}</details>`;
}

function notesPart(notes: Note[], { language }: ResultScene, say: Words): TemplateResult {
  return html`<ul class="notes">
    ${notes.slice(0, LISTED).map(
      ({ side, event }) => html`<li>
        <span class="name">${event.title || say.untitled}</span>
        <span class="muted">${say.side[side]}${event.start ? ` · ${startOf(event.start, language)}` : ''} · ${textOf(event.problem.code, language).what}</span>
      </li>`,
    )}
    ${notes.length > LISTED ? html`<li class="muted">${say.andMore(notes.length - LISTED)}</li>` : nothing}
  </ul>`;
}

export const resultStyles = css`
  .result.stack > * + * {
    margin-top: 0.9rem;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.35rem 0.25rem;
    text-align: right;
    border-bottom: 1px solid var(--border);
  }
  thead th {
    font-size: 0.8125rem;
    font-weight: 500;
    color: var(--muted);
  }
  tbody th {
    text-align: left;
    font-weight: 600;
  }
  .reasons,
  .notes {
    list-style: none;
    padding: 0;
  }
  .reasons li {
    display: flex;
    gap: 0.6rem;
    margin-top: 0.4rem;
  }
  .reasons b {
    flex: none;
    min-width: 1.75rem;
    height: 1.5rem;
    padding: 0 0.35rem;
    border-radius: 999px;
    background: var(--warn-surface);
    color: var(--warn);
    font-size: 0.8125rem;
    line-height: 1.5rem;
    text-align: center;
  }
  summary {
    width: fit-content;
    margin-top: 0.5rem;
    padding: 0.2rem 0;
    cursor: pointer;
    font-size: 0.875rem;
    color: var(--accent);
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  .notes {
    max-height: 18rem;
    overflow: auto;
  }
  .notes li {
    padding: 0.4rem 0;
    border-bottom: 1px solid var(--border);
    overflow-wrap: anywhere;
  }
  .notes .muted {
    display: block;
  }
`;
