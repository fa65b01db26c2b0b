// When a run begins by itself, and when a person has to know that none succeeded: as tables, without a clock.

import { expect, test } from '@playwright/test';
import { PASSING, SIGNED_OUT, type Code, type Outcome, type RunReport } from '../src/generated/core.ts';
import {
  attentionOf,
  healthAfter,
  isElsewhere,
  isStale,
  nextRunAt,
  type Circumstances,
  type Health,
} from '../src/internal/due.ts';
import { nothingPlanned } from './plans.ts';
import { texts } from '../src/texts.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const ended = Date.parse('2027-03-01T08:00:00Z');

function report(outcome: Outcome, more: Partial<RunReport> = {}): RunReport {
  const nothing = { created: 0, updated: 0, deleted: 0 };
  const time = new Date(ended).toISOString();
  const counts = { blikk: nothing, exchange: nothing, linked: 0, run: null, asking: 0, notSynchronised: {}, notes: [] };
  return { started: time, ended: time, outcome, ...counts, ...more };
}
const done = report({ kind: 'done' });
const held = report({ kind: 'held', preview: nothingPlanned });
const failed = (code: Code, waitSeconds?: number): RunReport =>
  report({ kind: 'failed', side: null, problem: { code, ...(waitSeconds === undefined ? {} : { waitSeconds }) } });

/** A page that has been open and looked at all along. */
const usual: Circumstances = {
  last: done,
  failures: 0,
  interval: 5,
  isVisible: true,
  isOnline: true,
  openedAt: ended - HOUR,
  seenAt: ended - HOUR,
  onlineAt: 0,
  changedAt: 0,
  chance: 0,
};

const cases: [what: string, circumstances: Partial<Circumstances>, due: number | undefined][] = [
  ['nothing has ever run: at once', { last: undefined }, 0],
  ['nothing has ever run and nobody wants it by itself: never', { last: undefined, interval: 0 }, undefined],
  ['a run went well: when the interval is over', {}, ended + 5 * MINUTE],
  ['the person cancelled: when the interval is over', { last: report({ kind: 'cancelled' }) }, ended + 5 * MINUTE],
  ['nobody wants it by itself: never', { interval: 0 }, undefined],
  ['nobody looks at the page: six times less often', { isVisible: false }, ended + 30 * MINUTE],
  ['the person turns to the page after a while: at once', { seenAt: ended + 3 * MINUTE }, ended + 3 * MINUTE],
  ['the person turns to the page right after a run: a minute after it', { seenAt: ended + SECOND }, ended + MINUTE],
  [
    'the person turned to it, and then hid it: as hidden',
    { seenAt: ended + SECOND, isVisible: false },
    ended + 30 * MINUTE,
  ],
  [
    'the host says that something was changed: two seconds later',
    { changedAt: ended + MINUTE },
    ended + MINUTE + 2 * SECOND,
  ],
  [
    'a change is enough, also where nothing runs by itself',
    { changedAt: ended + MINUTE, interval: 0 },
    ended + MINUTE + 2 * SECOND,
  ],
  ['a change before the last run is in it', { changedAt: ended - MINUTE }, ended + 5 * MINUTE],
  ['there is no network: never', { isOnline: false, changedAt: ended + MINUTE }, undefined],
  ['it waits for a yes: never', { last: held, changedAt: ended + MINUTE, seenAt: ended + HOUR }, undefined],
];
for (const [what, circumstances, due] of cases)
  test(`${what}`, () => {
    expect(nextRunAt({ ...usual, ...circumstances })).toBe(due);
  });

test('failures that pass are tried again, each time after twice as long and never less often than once an hour', () => {
  const waits = [1, 2, 3, 4, 5, 50].map((failures) => {
    const due = nextRunAt({ ...usual, last: failed('exchange.unreachable'), failures });
    return ((due ?? NaN) - ended) / MINUTE;
  });
  expect(waits).toEqual([5, 10, 20, 40, 60, 60]);
});

test('not everybody comes back at the same moment', () => {
  const at = (chance: number): number | undefined =>
    nextRunAt({ ...usual, last: failed('exchange.unreachable'), failures: 2, chance });
  expect([at(0), at(0.5), at(1)]).toEqual([ended + 10 * MINUTE, ended + 12.5 * MINUTE, ended + 15 * MINUTE]);
});

test('a server that said how long to wait is not asked before, whatever happens', () => {
  const last = failed('exchange.busy', 1200);
  const told = ended + 1200 * SECOND;
  const eager = { onlineAt: ended + MINUTE, changedAt: ended + MINUTE, seenAt: ended + MINUTE };
  expect(nextRunAt({ ...usual, last, failures: 1 })).toBe(told);
  expect(nextRunAt({ ...usual, ...eager, last, failures: 1 })).toBe(told);
});

test('when the network is back, what failed is tried at once', () => {
  const due = nextRunAt({ ...usual, last: failed('gateway.unreachable'), failures: 4, onlineAt: ended + MINUTE });
  expect(due).toBe(ended + MINUTE + 2 * SECOND);
});

test('scenario 25: what needs a person is never repeated by itself, whatever happens on the page', () => {
  const needed = (Object.keys(texts) as Code[]).filter((code) => !PASSING.includes(code));
  expect(needed).toContain('exchange.unauthorized');
  for (const code of needed.filter((code) => !SIGNED_OUT.includes(code))) {
    const eager = { onlineAt: ended + HOUR, changedAt: ended + HOUR, seenAt: ended + HOUR, openedAt: ended + HOUR };
    expect(nextRunAt({ ...usual, ...eager, last: failed(code), failures: 1 }), code).toBeUndefined();
  }
});

test("an expired sign-in of the person's own is tried once on each page that is opened after it", () => {
  expect(SIGNED_OUT).toEqual(['gateway.token_expired', 'blikk.unauthorized']);
  for (const code of SIGNED_OUT) {
    expect(nextRunAt({ ...usual, last: failed(code), failures: 1 })).toBeUndefined();
    expect(nextRunAt({ ...usual, last: failed(code), failures: 1, openedAt: ended + HOUR })).toBe(ended + HOUR);
  }
});

test('every passing code is tried again, and another device that is at it too', () => {
  for (const code of PASSING)
    expect(nextRunAt({ ...usual, last: failed(code), failures: 1 }), code).toBeGreaterThan(ended);
  expect(PASSING.filter((code) => isElsewhere(failed(code)))).toEqual(['run.already_running', 'run.elsewhere']);
});

const later = (hours: number): RunReport => {
  const time = new Date(ended + hours * HOUR).toISOString();
  return { ...failed('exchange.unauthorized'), started: time, ended: time };
};

test('scenario 25: after 24 hours without success the person has to know, since when, and until it goes well', () => {
  let health: Health | undefined = healthAfter(undefined, done);
  for (const hours of [1, 2]) health = healthAfter(health, later(hours));
  expect(health).toEqual({ lastSuccess: done.ended, since: done.ended, failures: 2 });
  expect(isStale(health, ended + 24 * HOUR - 1)).toBe(false);
  expect(isStale(health, ended + 24 * HOUR)).toBe(true);
  expect(attentionOf(later(2), health, ended + 24 * HOUR)).toBe('stale');
  const well = { ...done, ended: new Date(ended + 25 * HOUR).toISOString() };
  expect(isStale(healthAfter(health, well), ended + 26 * HOUR)).toBe(false);
});

test('one who never succeeded has to know 24 hours after the first try', () => {
  const health = healthAfter(healthAfter(undefined, later(0)), later(20));
  expect(health.lastSuccess).toBeNull();
  expect(isStale(health, ended + 24 * HOUR)).toBe(true);
  expect(isStale(undefined, ended)).toBe(false);
});

test('a run elsewhere is no failure and no success', () => {
  const before = healthAfter(healthAfter(undefined, done), later(1));
  expect(healthAfter(before, failed('run.elsewhere'))).toEqual(before);
});

test('a run that waits for a yes comes before everything else that a person should know', () => {
  const health: Health = { lastSuccess: null, since: done.ended, failures: 3 };
  expect(attentionOf({ ...held, asking: 2 }, health, ended + 48 * HOUR)).toBe('held');
  expect(attentionOf({ ...done, asking: 2 }, healthAfter(health, done), ended)).toBe('questions');
  expect(attentionOf(done, healthAfter(health, done), ended)).toBeUndefined();
});
