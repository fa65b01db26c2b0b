// What the administrator sees of a search for the server: where it was found, or how each question ended.

import { html, nothing, type TemplateResult } from 'lit';
import type { ServerSearch, Step } from '../internal/server-search.ts';
import type { Words } from '../texts.ts';
import { message } from './parts.ts';

/** What the person may answer. */
export interface Answers {
  confirm: (host: string) => void;
  decline: () => void;
}

export function serverSearchPart(search: ServerSearch, say: Words, { confirm, decline }: Answers): TemplateResult {
  const { serverUrl, steps } = search;
  const last = steps.at(-1);
  if (serverUrl !== null && last !== undefined) {
    const before = steps.slice(0, -1);
    return message(
      'good',
      say.serverFound,
      html`<p>${say.serverFoundAt(last.host, serverUrl)}</p>
        ${before.length === 0 ? nothing : html`<details><summary>${say.howSearched}</summary>${stepsPart(before, say)}</details>`}`,
    );
  }
  const [host] = steps.filter(({ outcome }) => outcome === 'confirm').map((step) => step.host);
  if (host === undefined) {
    return message('bad', say.serverNotFound, html`<p>${say.serverNotFoundTodo}</p>${stepsPart(steps, say)}`);
  }
  return message(
    'warn',
    say.mayHavePassword(host),
    html`<p>${say.mayHavePasswordTodo}</p>
      <div class="row sure">
        <button type="button" @click=${() => confirm(host)}>${say.askHost(host)}</button>
        <button type="button" @click=${decline}>${say.no}</button>
      </div>
      <details><summary>${say.howSearched}</summary>${stepsPart(steps, say)}</details>`,
  );
}

function stepsPart(steps: Step[], say: Words): TemplateResult {
  return html`<ul class="steps">${steps.map(
    ({ way, host, outcome }) => html`<li data-outcome=${outcome}>${say.ways[way]}: ${say.outcomes[outcome](host)}</li>`,
  )}</ul>`;
}
