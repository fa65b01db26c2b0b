// What the page keeps of a run, beside what the core remembers: how the last one ended, and how it has gone lately.

import type { RunReport } from '../generated/core.ts';
import { healthAfter, isElsewhere } from './due.ts';
import type { Store } from './idb.ts';

/** The errands that write to the calendars. */
export type RunErrand = 'run' | 'undo' | 'answer' | 'disconnect';

export async function rememberRun(store: Store, errand: RunErrand, report: RunReport): Promise<void> {
  if (errand === 'disconnect') {
    // The pair is forgotten; what is said of it goes too.
    if (report.outcome.kind === 'done') for (const key of ['lastRun', 'health'] as const) await store.forget(key);
    return;
  }
  if (errand === 'run') {
    // Another device does it: of this pair there is nothing new to tell.
    if (isElsewhere(report)) return;
    await store.remember('health', healthAfter(await store.recall('health'), report));
    return store.remember('lastRun', report);
  }
  // The last run is still the last one; only what waits may be less now.
  const last = await store.recall('lastRun');
  if (last !== undefined) await store.remember('lastRun', withCounts(last, report));
}

/** The former report with what waits now. A run that failed does not know. */
export function withCounts(last: RunReport, { outcome, asking, notSynchronised }: RunReport): RunReport {
  return outcome.kind === 'failed' ? last : { ...last, asking, notSynchronised };
}
