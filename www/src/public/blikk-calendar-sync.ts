// The plugin's entry: defines the two elements. It is small; the worker and the Wasm come when they are needed.

import { BlikkCalendarIntegration } from './integration-element.ts';
import { BlikkCalendarSync } from './sync-element.ts';

export { startAutoSync } from '../internal/auto.ts';
export type * from './host.ts';
export { BlikkCalendarIntegration, BlikkCalendarSync };

// A page that loads two versions keeps the first.
if (customElements.get('blikk-calendar-sync') === undefined)
  customElements.define('blikk-calendar-sync', BlikkCalendarSync);
if (customElements.get('blikk-calendar-integration') === undefined)
  customElements.define('blikk-calendar-integration', BlikkCalendarIntegration);

declare global {
  interface HTMLElementTagNameMap {
    'blikk-calendar-sync': BlikkCalendarSync;
    'blikk-calendar-integration': BlikkCalendarIntegration;
  }
}
