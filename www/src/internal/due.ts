// When a page that is left open synchronises by itself.

import type { Code, RunReport } from '../generated/core.ts';

/**
 * When the next run by itself is due, in milliseconds since 1970; undefined: not before a person asks for it. What
 * needs a person is never repeated: a wrong password, sent again by every user's page, would lock the service account.
 */
export function nextRunAt(last: RunReport | undefined, intervalMinutes: number): number | undefined {
  if (intervalMinutes <= 0) return undefined;
  if (last === undefined) return 0;
  const ended = Date.parse(last.ended);
  if (last.outcome.kind !== 'failed') return ended + intervalMinutes * 60_000;
  if (!PASSING.has(last.outcome.problem.code)) return undefined;
  return ended + Math.max(intervalMinutes * 60, last.outcome.problem.waitSeconds ?? 0) * 1000;
}

/** What may well succeed later without anybody doing anything. */
const PASSING: ReadonlySet<Code> = new Set<Code>([
  'gateway.unreachable',
  'exchange.unreachable',
  'exchange.timed_out',
  'exchange.busy',
  'exchange.failed',
  'exchange.truncated',
  'blikk.busy',
  'blikk.failed',
  'blikk.unreachable',
  'blikk.timed_out',
  'store.stale',
  'run.already_running',
  'run.unsettled',
]);
