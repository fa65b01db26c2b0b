// Small pieces of markup that both elements show.

import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Code, Problem } from '../generated/core.ts';
import { textOf } from '../internal/format.ts';
import { words, type Language, type Text } from '../texts.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'plain';

const SHAPES: Record<Tone, TemplateResult> = {
  good: svg`<circle cx="10" cy="10" r="8.25"/><path d="m6.3 10.4 2.5 2.5 4.9-5.3"/>`,
  warn: svg`<path d="M10 2.6 18 17H2Z"/><path d="M10 8v4.2M10 14.6v.2"/>`,
  bad: svg`<circle cx="10" cy="10" r="8.25"/><path d="M10 5.8v5M10 13.9v.2"/>`,
  plain: svg`<circle cx="10" cy="10" r="8.25"/><path d="M10 9v5M10 6v.2"/>`,
};

export function message(tone: Tone, what: unknown, more: unknown = nothing): TemplateResult {
  return html`<div class="message ${tone}">
    <svg aria-hidden="true" width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor"
      stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">${SHAPES[tone]}</svg>
    <div><strong>${what}</strong>${more}</div>
  </div>`;
}

/** Nothing is wrong: another tab or device is at it. */
const CALM: readonly Code[] = ['run.already_running', 'run.elsewhere'];

/** What happened, what to do, and small print for support: the stable code and the server's own words. */
export function problemMessage(
  problem: Problem,
  language: Language,
  reader: 'user' | 'admin',
  more: unknown = nothing,
  text: Text = textOf(problem.code, language),
): TemplateResult {
  const say = words[language];
  return message(
    CALM.includes(problem.code) ? 'plain' : 'bad',
    text.what,
    html`<p>${reader === 'admin' ? (text.admin ?? text.todo) : text.todo}</p>
      ${more}
      <p class="small">${say.code}: <code>${problem.code}</code>
        ${problem.server ? html`<br />${say.serverSaid}: ${problem.server}` : nothing}</p>`,
  );
}
