// index.html: sign in, then the calendar, or Inställningar with the plugin.

import { html, render, type TemplateResult } from 'lit';
import type { AutoSync } from '../../src/public/host.ts';
import type { BlikkCalendarSync } from '../../src/public/sync-element.ts';
import './calendars.ts';
import { frame } from './frame.ts';
import './sign-in.ts';
import { loadAutoSync, loadPlugin, signedIn, type SignedIn } from './signed-in.ts';

const LANGUAGE = 'blikk-demo-language';
/** `no` for a demo in which nothing happens by itself. */
const BY_ITSELF = 'blikk-demo-by-itself';
const root = document.querySelector('#app') as HTMLElement;

/** On the page without the element. */
let autoSync: AutoSync | undefined;
let shown = 0;

async function show(): Promise<void> {
  const turn = ++shown;
  const session = await signedIn();
  // Somebody went on to another page meanwhile: only the last one is shown.
  if (turn !== shown) return;
  autoSync?.stop();
  autoSync = undefined;
  if (session === undefined) {
    render(html`<sign-in @signed-in=${enter}></sign-in>`, root);
    return;
  }
  const place = location.hash === '#/installningar' ? 'settings' : 'calendar';
  document.title = place === 'settings' ? 'Inställningar – Blikk' : 'Kalender – Blikk';
  render(frame(session, place, place === 'settings' ? settings(session) : calendar(session)), root);
  if (place === 'settings') return attachPlugin(session);
  // Without the gateway there is still the calendar.
  if (isByItself()) await synchroniseHere(session, turn).catch(() => undefined);
}

/** The demo is about the synchronisation, so it begins where that is. */
function enter(): void {
  if (location.hash === '#/installningar') start();
  else location.hash = '#/installningar';
}

function calendar(session: SignedIn): TemplateResult {
  return html`<h1>Kalender</h1><two-calendars .session=${session} .only=${'blikk'}
    @calendar-changed=${() => autoSync?.changed()}></two-calendars>`;
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
          interval=${isByItself() ? 5 : 0} @blikk-sync-finished=${refreshCalendars}
          @blikk-sync-elsewhere=${refreshCalendars}></blikk-calendar-sync>
      </div>
      <two-calendars .session=${session} .only=${undefined}
        @calendar-changed=${() => isByItself() && root.querySelector('blikk-calendar-sync')?.changed?.()}></two-calendars>
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

/** The calendars are kept the same on this page too, where nobody sees the plugin. */
async function synchroniseHere({ config, host }: SignedIn, turn: number): Promise<void> {
  const { startAutoSync } = await loadAutoSync(config.gateway);
  if (turn !== shown) return;
  autoSync = startAutoSync(host, {
    gateway: config.gateway,
    onReport: () => void root.querySelector('two-calendars')?.refresh(),
  });
}

const isByItself = (): boolean => localStorage.getItem(BY_ITSELF) !== 'no';

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
