// try.html: the whole engine in simulated worlds, in the visitor's browser. No account, no server.

import { html, nothing, render, type TemplateResult } from 'lit';
import type { Answer, Played, Request } from './try-worker.ts';
import { nameOf, words, type Language } from './try-words.ts';

const LANGUAGE = 'blikk-demo-language';
const root = document.querySelector('#app') as HTMLElement;
const worker = new Worker(new URL('./try-worker.ts', import.meta.url), { type: 'module' });
const ask = (request: Request): void => worker.postMessage(request);

/** What was played since the page was opened. */
const all: Played = { seeds: 0, deeds: {}, faults: {}, engine: {}, failures: [] };
let next = 0;
let seed = 0;
let isPlaying = false;
let isBroken = false;
let story: { seed: number; text: string } | undefined;
/** Milliseconds spent playing, those since `startedAt` not counted. */
let spent = 0;
let startedAt = 0;

function language(): Language {
  return localStorage.getItem(LANGUAGE) === 'en' ? 'en' : 'sv';
}

function chooseLanguage(event: Event): void {
  localStorage.setItem(LANGUAGE, (event.target as HTMLSelectElement).value);
  show();
}

function toggle(): void {
  isPlaying = !isPlaying;
  if (isPlaying) {
    startedAt = performance.now();
    ask({ kind: 'play', from: next });
  } else {
    spent += performance.now() - startedAt;
    ask({ kind: 'stop' });
  }
  show();
}

function tell(event: Event): void {
  event.preventDefault();
  ask({ kind: 'tell', seed });
}

worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
  if (data.kind === 'told') {
    story = { seed: data.seed, text: data.story };
  } else if (data.kind === 'broken') {
    isBroken = true;
  } else {
    next = data.next;
    take(data.played);
  }
  show();
});
worker.addEventListener('error', () => {
  isBroken = true;
  show();
});

function take(played: Played): void {
  all.seeds += played.seeds;
  for (const kind of ['deeds', 'faults', 'engine'] as const)
    for (const [name, times] of Object.entries(played[kind])) all[kind][name] = (all[kind][name] ?? 0) + times;
  all.failures.push(...played.failures);
  const [first] = played.failures;
  // The first one tells itself.
  if (first !== undefined && all.failures.length === played.failures.length) ask({ kind: 'tell', seed: first.seed });
}

function show(): void {
  const say = words(language());
  document.documentElement.lang = language();
  document.title = `${say.title} – Blikk`;
  render(page(), root);
}

function page(): TemplateResult {
  const say = words(language());
  const seconds = (spent + (isPlaying ? performance.now() - startedAt : 0)) / 1000;
  const number = new Intl.NumberFormat(language() === 'en' ? 'en' : 'sv-SE', { maximumFractionDigits: 0 });
  return html`<main class="try">
    <h1>${say.title}</h1>
    <p class="lead">${say.lead}</p>
    ${isBroken ? html`<p class="trouble" role="alert">${say.broken}</p>` : nothing}
    <form class="controls" @submit=${tell}>
      <button type="button" class="primary" @click=${toggle}>${isPlaying ? say.stop : say.start}</button>
      <label>${say.seed}
        <input type="number" min="0" max="4294967295" .value=${String(seed)}
          @input=${(event: Event) => (seed = Number((event.target as HTMLInputElement).value))} /></label>
      <button>${say.tellOne}</button>
      <label><span class="hidden">Språk / Language</span>
        <select @change=${chooseLanguage}>
          <option value="sv" ?selected=${language() === 'sv'}>Svenska</option>
          <option value="en" ?selected=${language() === 'en'}>English</option>
        </select></label>
    </form>
    <dl class="figures" aria-live="off">
      <div><dt>${say.seeds}</dt><dd data-figure="seeds">${number.format(all.seeds)}</dd></div>
      <div><dt>${say.perSecond}</dt><dd data-figure="per-second">${seconds > 0 ? number.format(all.seeds / seconds) : '–'}</dd></div>
      <div><dt>${say.wrong}</dt><dd data-figure="wrong" class=${all.failures.length > 0 ? 'bad' : nothing}>${number.format(all.failures.length)}</dd></div>
    </dl>
    ${all.failures.length > 0 ? html`<ul>${all.failures.slice(0, 20).map((failure) => html`<li><code>${failure.seed}</code> ${failure.complaint}</li>`)}</ul>` : nothing}
    ${story === undefined ? nothing : told(story)}
    <div class="tried">
      ${table(say.people, all.deeds, number)} ${table(say.faults, all.faults, number)} ${table(say.engine, all.engine, number)}
    </div>
  </main>`;
}

function told({ seed, text }: { seed: number; text: string }): TemplateResult {
  const say = words(language());
  const isWrong = text.includes('\nWRONG ');
  return html`<section><h2>${say.storyOf(seed)}</h2>
    ${isWrong ? nothing : html`<p>${say.nothingWrong}</p>`}
    <pre tabindex="0" data-story=${seed}>${text}</pre></section>`;
}

function table(title: string, counts: Record<string, number>, number: Intl.NumberFormat): TemplateResult {
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return html`<section><h2>${title}</h2>
    <table><tbody>${rows.map(([name, times]) => html`<tr><td>${nameOf(name, language())}</td><td>${number.format(times)}</td></tr>`)}</tbody></table>
  </section>`;
}

show();
