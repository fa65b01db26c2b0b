import { expect, test } from '@playwright/test';
import type { Code, Outcome, RunReport } from '../src/generated/core.ts';
import {
  headlineOf,
  languageOf,
  notSynchronisedTotal,
  reasonsOf,
  startOf,
  textOf,
  whenOf,
} from '../src/internal/format.ts';
import { texts, words } from '../src/texts.ts';

function report(outcome: Outcome, more: Partial<RunReport> = {}): RunReport {
  const nothing = { created: 0, updated: 0, deleted: 0 };
  const time = '2027-03-01T08:00:00Z';
  return {
    started: time,
    ended: time,
    outcome,
    blikk: nothing,
    exchange: nothing,
    linked: 0,
    run: null,
    asking: 0,
    notSynchronised: {},
    notes: [],
    ...more,
  };
}
const failed = (code: Code, waitSeconds?: number): RunReport =>
  report({ kind: 'failed', side: null, problem: { code, ...(waitSeconds === undefined ? {} : { waitSeconds }) } });

test('every code says what happened and what to do, as sentences, in both languages', () => {
  for (const [code, languages] of Object.entries(texts)) {
    for (const { what, todo, admin } of Object.values(languages)) {
      // An event's reason is a label in a list; everything else is a sentence.
      expect(what, code).toMatch(code.startsWith('event.') ? /^\p{Lu}.*[^.]$/u : /^\p{Lu}.*\.$/u);
      expect(todo, code).toMatch(/^\p{Lu}.*\.$/u);
      if (admin !== undefined) expect(admin, code).toMatch(/^\p{Lu}.*[.)]$/u);
      // Words of ours, not of the people who read them.
      expect(`${what} ${todo}`, code).not.toMatch(/token|SOAP|HTTP|EWS|JSON|cache|gateway/i);
    }
    expect(languages.sv.what, code).not.toBe(languages.en.what);
  }
});

test('a code from a newer core is answered as a fault of ours', () => {
  expect(textOf('future.code' as Code, 'sv')).toBe(texts.internal.sv);
});

for (const [tag, language] of [
  ['sv', 'sv'],
  ['sv-FI', 'sv'],
  ['en', 'en'],
  ['en-GB', 'en'],
  ['EN', 'en'],
  ['nb', 'sv'],
  ['', 'sv'],
  [undefined, 'sv'],
] as const) {
  test(`language ${JSON.stringify(tag)} is shown in ${language}`, () => {
    expect(languageOf(tag)).toBe(language);
  });
}

for (const [instant, sv, en] of [
  ['2027-03-01T13:32:00Z', 'idag 14:32', 'today 14:32'],
  ['2027-02-28T23:05:00Z', 'idag 00:05', 'today 00:05'],
  ['2027-02-28T08:05:00Z', 'igår 09:05', 'yesterday 09:05'],
  ['2027-02-11T08:05:00Z', '11 februari 09:05', '11 February 09:05'],
  ['2026-12-24T14:00:00Z', '24 december 2026 15:00', '24 December 2026 15:00'],
] as const) {
  test(`${instant} is told as "${sv}"`, () => {
    const now = new Date('2027-03-01T20:00:00Z');
    expect(whenOf(instant, 'sv', now, 'Europe/Stockholm')).toBe(sv);
    expect(whenOf(instant, 'en', now, 'Europe/Stockholm')).toBe(en);
  });
}

for (const [date, sv, en] of [
  ['2027-03-01', 'idag', 'today'],
  ['2027-02-28', 'igår', 'yesterday'],
  ['2027-03-02', '2 mars', '2 March'],
  ['2026-12-24', '24 december 2026', '24 December 2026'],
] as const) {
  test(`an all-day event on ${date} begins "${sv}", at no time of day, wherever the reader is`, () => {
    // Noon in UTC: the same day in both places.
    const now = new Date('2027-03-01T12:00:00Z');
    for (const zone of ['America/Los_Angeles', 'Asia/Tokyo']) {
      expect(startOf({ on: date }, 'sv', now, zone)).toBe(sv);
      expect(startOf({ on: date }, 'en', now, zone)).toBe(en);
    }
  });
}

test('any other event begins at a time of day, also in a report that an earlier version kept', () => {
  const now = new Date('2027-03-01T12:00:00Z');
  for (const start of [{ at: '2027-03-03T08:00:00Z' }, '2027-03-03T08:00:00Z'])
    expect(startOf(start, 'sv', now, 'Europe/Stockholm')).toBe('3 mars 09:00');
});

test('the headline says whether anything was done, and what is left', () => {
  const wrote = { blikk: { created: 1, updated: 0, deleted: 0 } };
  expect(headlineOf(report({ kind: 'done' }), 'sv')).toBe('Allt var redan lika.');
  expect(headlineOf(report({ kind: 'done' }, wrote), 'sv')).toBe('Klart! Kalendrarna är lika.');
  expect(headlineOf(report({ kind: 'done' }, { notSynchronised: { 'event.rule_not_expressible': 1 } }), 'sv')).toBe(
    'Klart! 1 händelse synkroniseras inte.',
  );
  expect(headlineOf(report({ kind: 'done' }, { notSynchronised: { 'event.rule_not_expressible': 2 } }), 'en')).toBe(
    'Done! 2 events are not synchronised.',
  );
  expect(headlineOf(failed('exchange.busy'), 'sv')).toBe(texts['exchange.busy'].sv.what);
});

test('an untitled event is synchronised, so it is not counted among those that are not', () => {
  const mixed = report(
    { kind: 'done' },
    { notSynchronised: { 'event.untitled': 3, 'event.zone_unknown': 1, 'event.rule_not_expressible': 4 } },
  );
  expect(reasonsOf(mixed)).toEqual([
    ['event.rule_not_expressible', 4],
    ['event.zone_unknown', 1],
  ]);
  expect(notSynchronisedTotal(mixed)).toBe(5);
});

test('one event is spoken of in the singular', () => {
  expect([words.sv.eventsSoFar(1), words.sv.eventsSoFar(2), words.en.eventsSoFar(1)]).toEqual([
    '1 händelse',
    '2 händelser',
    '1 event',
  ]);
});
