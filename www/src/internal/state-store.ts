// Where the engine's memory lives, as the page sees it. Two places keep this promise, the browser's IndexedDB (`idb.ts`)
// and the gateway (`remote-store.ts`); the same cases (`tests/store_contract/`) hold both to it, and the core's own.

import type { Problem } from '../generated/core.ts';
import type { Host, IndexRow, LinkRow } from '../generated/pkg/blikk_calendar_sync.js';

/** What the core's `Host` asks of a store. */
export type StateStore = Pick<
  Host,
  'head' | 'generation' | 'linksOf' | 'index' | 'linksAfter' | 'operations' | 'runs' | 'changesOf' | 'commit'
>;

/** Why a store could not answer. The core takes the problem from it. */
export class StoreFault extends Error {
  constructor(readonly problem: Problem) {
    super(problem.server ?? problem.code);
    this.name = 'StoreFault';
  }
}

/** What an error of a store means; one without a problem of its own is the browser's. */
export function storeProblem(error: unknown): Problem {
  if (error instanceof StoreFault) return error.problem;
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  const said = String(error).slice(0, 300);
  switch (name) {
    case 'QuotaExceededError':
      return { code: 'store.full', server: said };
    // The database was upgraded by a newer page.
    case 'VersionError':
      return { code: 'store.newer', server: said };
    default:
      return { code: 'store.failed', server: said };
  }
}

/**
 * What of a row tells whether there is news of it. A row that is not one of ours must not pass for a link that has lost
 * a side: its event would be taken for a new one.
 */
export function indexRowOf(link: LinkRow): IndexRow {
  const blikk = sideOf(link, 'blikk');
  const exchange = sideOf(link, 'exchange');
  const { state } = link;
  const enters = typeof state === 'object' && 'outsideWindow' in state ? state.outsideWindow.enters : undefined;
  return {
    id: link.id,
    blikk: blikk?.id ?? null,
    blikkVersion: blikk?.version ?? null,
    exchange: exchange?.id ?? null,
    exchangeVersion: exchange?.version ?? null,
    ...(enters === undefined ? {} : { enters }),
  };
}

function sideOf(link: LinkRow, side: 'blikk' | 'exchange'): LinkRow['blikk'] {
  const state: unknown = link[side];
  if (state === null || state === undefined) return null;
  const { id, version } = state as { id?: unknown; version?: unknown };
  if (typeof id === 'string' && typeof version === 'string') return { id, version };
  throw new StoreFault({ code: 'store.unreadable', server: `a link's ${side} side is not what we wrote` });
}
