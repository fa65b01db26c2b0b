// When the calendars are synchronised without anybody asking, and when a person has to know that they are not (pure).

import { PASSING, SIGNED_OUT, type Code, type RunReport } from '../generated/core.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A page that nobody looks at synchronises this many times less often. */
const HIDDEN_TIMES = 6;
/** Whoever turns to the page gets what is new, unless a run ended just now. */
const FRESH = MINUTE;
/** Somebody who changes one event often changes the next one too; a network that came back needs a moment. */
const SETTLE = 2 * SECOND;
const LONGEST_BACK_OFF = HOUR;
/** After this long without success the person has to know (scenario 25). */
const STALE = 24 * HOUR;

/** How it has gone lately. */
export interface Health {
  /** When a run last came to its good end. */
  lastSuccess: string | null;
  /** When the first run ended, however it did. */
  since: string;
  /** Runs that failed, in a row. */
  failures: number;
}

/** All that the next run by itself depends on; times in milliseconds since 1970. */
export interface Circumstances {
  last: RunReport | undefined;
  failures: number;
  /** Minutes between runs while somebody looks at the page; 0: none by itself. */
  interval: number;
  isVisible: boolean;
  isOnline: boolean;
  /** When the page was opened. */
  openedAt: number;
  /** When the person last turned to the page. */
  seenAt: number;
  /** When the network came back. */
  onlineAt: number;
  /** When the host last said that something was changed. */
  changedAt: number;
  /** From 0 to 1, drawn once after each run: so that not everybody comes back at the same moment. */
  chance: number;
}

/** When the next run by itself is due; undefined: not before something happens. */
export function nextRunAt(now: Circumstances): number | undefined {
  const { last, interval, changedAt } = now;
  const isWanted = last === undefined ? changedAt > 0 : changedAt >= Date.parse(last.started);
  if (!now.isOnline || (interval <= 0 && !isWanted)) return undefined;
  if (last === undefined) return 0;
  if (last.outcome.kind === 'failed') return afterFailure(now, last.outcome.problem, Date.parse(last.ended));
  // It waits for a yes, and nothing goes on without one.
  if (last.outcome.kind === 'held') return undefined;
  const ended = Date.parse(last.ended);
  const due = isWanted ? [changedAt + SETTLE] : [];
  if (interval > 0) due.push(ended + interval * MINUTE * (now.isVisible ? 1 : HIDDEN_TIMES));
  if (interval > 0 && now.isVisible && now.seenAt > ended) due.push(Math.max(now.seenAt, ended + FRESH));
  return Math.min(...due);
}

/**
 * What needs a person is never repeated: a wrong password, sent again by every user's page, would lock the service
 * account. Only the person's own sign-in may be another one on a page that was opened since.
 */
function afterFailure(
  now: Circumstances,
  problem: { code: Code; waitSeconds?: number | null },
  ended: number,
): number | undefined {
  if (SIGNED_OUT.includes(problem.code)) return now.openedAt > ended ? now.openedAt : undefined;
  if (!PASSING.includes(problem.code)) return undefined;
  const told = ended + (problem.waitSeconds ?? 0) * SECOND;
  if (now.onlineAt > ended) return Math.max(now.onlineAt + SETTLE, told);
  const doubled = (now.interval || 5) * MINUTE * 2 ** Math.max(now.failures - 1, 0);
  return Math.max(ended + Math.min(doubled * (1 + now.chance / 2), LONGEST_BACK_OFF), told);
}

/** Another tab or device is at it, and says when it is done. */
export const isElsewhere = ({ outcome }: RunReport): boolean =>
  outcome.kind === 'failed' && ELSEWHERE.includes(outcome.problem.code);

const ELSEWHERE: readonly Code[] = ['run.already_running', 'run.elsewhere'];

export function healthAfter(health: Health | undefined, report: RunReport): Health {
  const { lastSuccess = null, since = report.ended, failures = 0 } = health ?? {};
  if (report.outcome.kind === 'done') return { lastSuccess: report.ended, since, failures: 0 };
  const isFailure = report.outcome.kind === 'failed' && !isElsewhere(report);
  return { lastSuccess, since, failures: isFailure ? failures + 1 : failures };
}

/** Whether the calendars have been apart for so long that the person has to know. */
export function isStale(health: Health | undefined, now: number): boolean {
  return health !== undefined && now - Date.parse(health.lastSuccess ?? health.since) >= STALE;
}

/** What a person has to know or decide before all is well again. */
export type Attention = 'held' | 'stale' | 'questions';

export function attentionOf(
  last: RunReport | undefined,
  health: Health | undefined,
  now: number,
): Attention | undefined {
  if (last?.outcome.kind === 'held') return 'held';
  if (isStale(health, now)) return 'stale';
  return (last?.asking ?? 0) > 0 ? 'questions' : undefined;
}
