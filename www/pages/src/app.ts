// index.html: sign in, then the calendar, or Inställningar with the plugin.

import { html, render, type TemplateResult } from 'lit';
import type { BlikkCalendarSync } from '../../src/public/sync-element.ts';
import './calendars.ts';
import { frame } from './frame.ts';
import './sign-in.ts';
import { loadPlugin, signedIn, type SignedIn } from './signed-in.ts';

const LANGUAGE = 'blikk-demo-language';
const root = document.querySelector('#app') as HTMLElement;

async function show(): Promise<void> {
  const session = await signedIn();
  if (session === undefined) {
    render(html`<sign-in @signed-in=${enter}></sign-in>`, root);
    return;
  }
  const place = location.hash === '#/installningar' ? 'settings' : 'calendar';
  document.title = place === 'settings' ? 'Inställningar – Blikk' : 'Kalender – Blikk';
  render(frame(session, place, place === 'settings' ? settings(session) : calendar(session)), root);
  if (place === 'settings') await attachPlugin(session);
}

/** The demo is about the synchronisation, so it begins where that is. */
function enter(): void {
  if (location.hash === '#/installningar') start();
  else location.hash = '#/installningar';
}

function calendar(session: SignedIn): TemplateResult {
  return html`<h1>Kalender</h1><two-calendars .session=${session} .only=${'blikk'}></two-calendars>`;
}

function settings(session: SignedIn): TemplateResult {
  return html`<h1>Inställningar</h1>
    <div class="settings">
      <div class="aside">
        <section class="panel">
          <h2>Mina uppgifter</h2>
          <dl><dt>Namn</dt><dd>${session.user.name}</dd><dt>E-post</dt><dd>${session.user.email}</dd></dl>
          <label>Språk i kalendersynken
            <select name="language" @change=${chooseLanguage}>
              <option value="sv" ?selected=${language() === 'sv'}>Svenska</option>
              <option value="en" ?selected=${language() === 'en'}>English</option>
            </select></label>
        </section>
        <blikk-calendar-sync gateway=${session.config.gateway} blikk="" lang=${language()}
          @blikk-sync-finished=${refreshCalendars}></blikk-calendar-sync>
      </div>
      <two-calendars .session=${session} .only=${undefined}></two-calendars>
    </div>`;
}

async function attachPlugin(session: SignedIn): Promise<void> {
  const element = root.querySelector<BlikkCalendarSync>('blikk-calendar-sync');
  if (element === null) return;
  element.host = session.host;
  try {
    await loadPlugin(session.config.gateway);
  } catch (error) {
    element.textContent = `Kalendersynken kunde inte hämtas. ${error instanceof Error ? error.message : ''}`;
  }
}

async function refreshCalendars(event: Event): Promise<void> {
  const plugin = event.target as BlikkCalendarSync;
  const calendars = root.querySelector('two-calendars');
  if (calendars === null) return;
  await calendars.refresh();
  calendars.notes = await plugin.notSynchronised().catch(() => []);
}

function language(): string {
  return localStorage.getItem(LANGUAGE) ?? 'sv';
}

function chooseLanguage(event: Event): void {
  const chosen = (event.target as HTMLSelectElement).value;
  localStorage.setItem(LANGUAGE, chosen);
  root.querySelector('blikk-calendar-sync')?.setAttribute('lang', chosen);
}

function start(): void {
  show().catch(() =>
    render(html`<p class="trouble" role="alert">Blikk svarar inte. Ladda om sidan om en stund.</p>`, root),
  );
}

window.addEventListener('hashchange', start);
start();
