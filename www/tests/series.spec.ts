import { expect, test } from '@playwright/test';
import type { Point } from '../pages/src/event.ts';
import { ONCE, type Repetition } from '../pages/src/repetition.ts';
import { changedSeries, losesExceptions, withChangedOccurrence, withoutOccurrence } from '../pages/src/series.ts';

const at = (dateTime: string, timeZone = 'Europe/Stockholm'): Point => ({ dateTime, timeZone });

/** Mondays at nine; 29 March cancelled, 5 April elsewhere. Summer time begins on 28 March. */
const series = {
  start: at('2027-03-22T08:00:00Z'),
  recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20270618T070000Z', 'EXDATE;TZID=Europe/Stockholm:20270329T090000'],
  exceptions: [{ originalStart: at('2027-04-05T07:00:00Z'), place: 'Teams' }],
};

test('a cancelled occurrence is one more EXDATE, at the time of the series, and no exception any more', () => {
  expect(withoutOccurrence(series, at('2027-04-05T07:00:00Z'))).toEqual({
    recurrence: [...series.recurrence, 'EXDATE;TZID=Europe/Stockholm:20270405T090000'],
    exceptions: [],
  });
  const birthday = { start: { date: '2027-06-06' }, recurrence: ['RRULE:FREQ=YEARLY'], exceptions: [] };
  expect(withoutOccurrence(birthday, { date: '2028-06-06' }).recurrence).toEqual([
    'RRULE:FREQ=YEARLY',
    'EXDATE;VALUE=DATE:20280606',
  ]);
});

test('an occurrence that is changed again keeps what was different before', () => {
  const originalStart = at('2027-04-05T09:00:00+02:00', 'Asia/Tokyo');
  expect(withChangedOccurrence(series, originalStart, { title: 'Påskmöte' }).exceptions).toEqual([
    { originalStart, place: 'Teams', title: 'Påskmöte' },
  ]);
  const another = withChangedOccurrence(series, at('2027-04-12T07:00:00Z'), { title: 'x' });
  expect(another.exceptions).toHaveLength(2);
  expect(another.recurrence).toEqual(series.recurrence);
});

test('who only turns the clock keeps what is different on certain days, at the new time', () => {
  const later = at('2027-03-22T09:30:00Z');
  expect(losesExceptions(series, later, undefined)).toBe(false);
  expect(changedSeries(series, later, undefined)).toEqual({
    recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20270618T083000Z', 'EXDATE;TZID=Europe/Stockholm:20270329T103000'],
    exceptions: [{ originalStart: at('2027-04-05T08:30:00Z'), place: 'Teams' }],
  });
});

test('a series that ends earlier keeps what is different until then', () => {
  const mondays: Repetition = { ...ONCE, pattern: 'weekly', days: [0], end: { kind: 'until', date: '2027-04-02' } };
  expect(losesExceptions(series, series.start, mondays)).toBe(false);
  expect(changedSeries(series, series.start, mondays)).toEqual({
    recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20270402T070000Z', 'EXDATE;TZID=Europe/Stockholm:20270329T090000'],
    exceptions: [],
  });
  expect(losesExceptions(series, series.start, { ...mondays, end: { kind: 'count', count: 9 } })).toBe(true);
});

test('on other days nothing is left of it', () => {
  const tuesdays: Repetition = { ...ONCE, pattern: 'weekly', days: [1] };
  const tuesday = at('2027-03-23T08:00:00Z');
  expect(losesExceptions(series, tuesday, tuesdays)).toBe(true);
  expect(changedSeries(series, tuesday, tuesdays)).toEqual({
    recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=TU'],
    exceptions: [],
  });
  expect(changedSeries(series, series.start, ONCE)).toEqual({ recurrence: null, exceptions: [] });
  expect(losesExceptions({ start: series.start }, tuesday, tuesdays)).toBe(false);
});

test('a rule that the form has no words for is kept as it is', () => {
  const own = { start: series.start, recurrence: ['RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=4'], exceptions: [] };
  expect(changedSeries(own, at('2027-03-22T09:00:00Z'), undefined).recurrence).toEqual(own.recurrence);
});
