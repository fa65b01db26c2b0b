// For the host's other pages: synchronises by itself while one of them is open, without the elements and their words.

export { startAutoSync } from '../internal/auto.ts';
export type { AutoSync, AutoSyncOptions } from '../internal/auto.ts';
