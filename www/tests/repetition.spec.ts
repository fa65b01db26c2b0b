import { expect, test } from '@playwright/test';
import type { Point } from '../pages/src/event.ts';
import { ONCE, OWN, repetitionOf, ruleOf, type Repetition } from '../pages/src/repetition.ts';

const at = (dateTime: string): Point => ({ dateTime, timeZone: 'Europe/Stockholm' });
const every = (change: Partial<Repetition>): Repetition => ({ ...ONCE, ...change });

// What the form says, from which day, as a rule; and the form says the same of the rule.
const table: [Repetition, Point, string][] = [
  [every({ pattern: 'daily', interval: 3 }), at('2027-01-11T08:00:00Z'), 'FREQ=DAILY;INTERVAL=3'],
  [every({ pattern: 'weekly', days: [0] }), at('2027-01-11T08:00:00Z'), 'FREQ=WEEKLY;BYDAY=MO'],
  [
    every({ pattern: 'weekly', interval: 2, days: [0, 3] }),
    at('2027-01-11T08:00:00Z'),
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=MO',
  ],
  [every({ pattern: 'monthly' }), { date: '2027-01-25' }, 'FREQ=MONTHLY;BYMONTHDAY=25'],
  [every({ pattern: 'monthly' }), { date: '2027-01-31' }, 'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1'],
  [every({ pattern: 'monthlyByWeekday' }), at('2027-01-12T08:00:00Z'), 'FREQ=MONTHLY;BYDAY=2TU'],
  [every({ pattern: 'monthlyByWeekday' }), at('2027-01-29T08:00:00Z'), 'FREQ=MONTHLY;BYDAY=-1FR'],
  // Ten past midnight on the 12th in Stockholm, though it is the 11th in UTC.
  [every({ pattern: 'monthlyByWeekday' }), at('2027-01-11T23:10:00Z'), 'FREQ=MONTHLY;BYDAY=2TU'],
  [every({ pattern: 'yearly' }), { date: '2027-06-06' }, 'FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=6'],
  [every({ pattern: 'yearly' }), { date: '2028-02-29' }, 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1'],
  [every({ pattern: 'daily', end: { kind: 'count', count: 10 } }), at('2027-01-11T08:00:00Z'), 'FREQ=DAILY;COUNT=10'],
  // The last one is at nine by the clock on the wall, which is summer time by then.
  [
    every({ pattern: 'daily', end: { kind: 'until', date: '2027-06-18' } }),
    at('2027-01-11T08:00:00Z'),
    'FREQ=DAILY;UNTIL=20270618T070000Z',
  ],
  [
    every({ pattern: 'daily', end: { kind: 'until', date: '2027-06-18' } }),
    { date: '2027-01-11' },
    'FREQ=DAILY;UNTIL=20270618',
  ],
];
for (const [place, [repetition, start, rule]] of table.entries()) {
  test(`${place}: ${rule} is what the form says, both ways`, () => {
    expect(ruleOf(repetition, start)).toBe(rule);
    expect(repetitionOf({ recurrence: ['EXDATE:20270101T080000Z', `RRULE:${rule}`], start })).toEqual(repetition);
  });
}

test('a rule that the form has no words for is one of its own', () => {
  const start = at('2027-01-11T08:00:00Z');
  for (const rule of ['FREQ=HOURLY', 'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2', 'FREQ=WEEKLY;WKST=SU;INTERVAL=2;BYDAY=MO'])
    expect(repetitionOf({ recurrence: [`RRULE:${rule}`], start })).toEqual(OWN);
  expect(repetitionOf({ isSeries: true, start })).toEqual(OWN);
  expect(repetitionOf({ recurrence: null, start })).toEqual(ONCE);
});
