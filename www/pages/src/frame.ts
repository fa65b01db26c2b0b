// What is around every page of the demo's Blikk: the bar with the menus, and the person's name at the upper right.

import { html, nothing, type TemplateResult } from 'lit';
import { signOut, type SignedIn } from './signed-in.ts';

export type Place = 'calendar' | 'settings' | 'admin';

export function frame({ user }: SignedIn, place: Place, content: TemplateResult): TemplateResult {
  const current = (other: Place): 'page' | typeof nothing => (other === place ? 'page' : nothing);
  return html`<a class="skip" href="#main">Till innehållet</a>
    <header class="bar">
      <a class="brand" href="./#/kalender"><span aria-hidden="true"></span>Blikk</a>
      <nav aria-label="Huvudmeny">
        <a href="./#/kalender" aria-current=${current('calendar')}>Kalender</a>
        <a href="./try.html">Prova motorn</a>
        ${user.role === 'admin' ? html`<a href="./admin.html" aria-current=${current('admin')}>Administrera</a>` : nothing}
      </nav>
      <details class="me" @focusout=${closeWhenLeft} @keydown=${closeOnEscape}>
        <summary><span class="initials" aria-hidden="true">${initials(user.name)}</span><span class="name">${user.name}</span></summary>
        <div class="menu">
          <p>${user.email}</p>
          <a href="./#/installningar" @click=${closeMenu}>Inställningar</a>
          <button @click=${signOut}>Logga ut</button>
        </div>
      </details>
    </header>
    <main id="main" tabindex="-1">${content}</main>`;
}

function initials(name: string): string {
  const parts = name.split(' ').filter((part) => part !== '');
  return `${parts[0]?.[0] ?? ''}${parts.length > 1 ? (parts.at(-1)?.[0] ?? '') : ''}`.toUpperCase();
}

function closeMenu(event: Event): void {
  (event.currentTarget as HTMLElement).closest('details')?.removeAttribute('open');
}

function closeWhenLeft(event: FocusEvent): void {
  const menu = event.currentTarget as HTMLDetailsElement;
  if (event.relatedTarget !== null && !menu.contains(event.relatedTarget as Node)) menu.open = false;
}

function closeOnEscape(event: KeyboardEvent): void {
  if (event.key === 'Escape') (event.currentTarget as HTMLDetailsElement).open = false;
}
