// admin.html: Administrera > Generell > Integrationer, with Kalenderintegration.

import { html, nothing, render, type TemplateResult } from 'lit';
import type { BlikkCalendarIntegration } from '../../src/public/integration-element.ts';
import { frame } from './frame.ts';
import { loadPlugin, signedIn, type SignedIn } from './signed-in.ts';

const INTEGRATIONS = '#/generell/integrationer';
const root = document.querySelector('#app') as HTMLElement;

async function show(): Promise<void> {
  const session = await signedIn();
  if (session === undefined) {
    location.assign('./');
    return;
  }
  const isThere = location.hash === INTEGRATIONS;
  render(frame(session, 'admin', page(session, isThere)), root);
  const element = root.querySelector<BlikkCalendarIntegration>('blikk-calendar-integration');
  if (element === null) return;
  element.host = session.host;
  await loadPlugin(session.config.gateway).catch((error: Error) => (element.textContent = error.message));
}

function page(session: SignedIn, isThere: boolean): TemplateResult {
  return html`<div class="admin">
    <nav class="side" aria-label="Administrera">
      <details open>
        <summary>Generell</summary>
        <a href=${INTEGRATIONS} aria-current=${isThere ? 'page' : nothing}>Integrationer</a>
      </details>
    </nav>
    <div>
      ${
        isThere
          ? html`<h1>Integrationer</h1>
            <blikk-calendar-integration gateway=${session.config.gateway} lang=${localStorage.getItem('blikk-demo-language') ?? 'sv'}></blikk-calendar-integration>`
          : html`<h1>Administrera</h1><p>Välj <a href=${INTEGRATIONS}>Integrationer</a> under Generell för att fylla i kontot för kalendersynken.</p>`
      }
    </div>
  </div>`;
}

function start(): void {
  show().catch(() =>
    render(html`<p class="trouble" role="alert">Blikk svarar inte. Ladda om sidan om en stund.</p>`, root),
  );
}

window.addEventListener('hashchange', start);
start();
