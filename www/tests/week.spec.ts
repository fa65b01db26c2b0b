import { expect, test } from '@playwright/test';
import type { CalendarEvent, Point } from '../pages/src/event.ts';
import { isoWeekOf, layoutWeek, mondayOf, spanOfWeek } from '../pages/src/week.ts';

const ZONE = 'Europe/Stockholm';

function event(title: string, start: string, end: string): CalendarEvent {
  const point = (text: string): Point => (text.includes('T') ? { dateTime: text, timeZone: ZONE } : { date: text });
  return {
    id: title,
    title,
    body: '',
    place: '',
    start: point(start),
    end: point(end),
    allDay: !start.includes('T'),
    status: 'busy',
    visibility: 'normal',
    importance: 'normal',
    reminderMinutes: null,
    categories: [],
  };
}

for (const [date, year, week] of [
  ['2026-12-31', 2026, 53],
  ['2027-01-01', 2026, 53],
  ['2027-01-04', 2027, 1],
  ['2027-03-28', 2027, 12],
  ['2024-12-30', 2025, 1],
] as const) {
  test(`${date} lies in week ${week} of ${year}`, () => {
    expect(isoWeekOf(date)).toEqual({ year, week });
  });
}

test('a week begins on Monday, and is an hour shorter when the clock is put forward', () => {
  expect(mondayOf('2027-03-28')).toBe('2027-03-22');
  expect(spanOfWeek('2027-03-22', ZONE)).toEqual({ from: '2027-03-21T23:00:00Z', to: '2027-03-28T22:00:00Z' });
});

test('nine in the morning stands at nine on both sides of the clock change', () => {
  const events = [
    event('lördag', '2027-03-27T08:00:00Z', '2027-03-27T09:00:00Z'),
    event('söndag', '2027-03-28T07:00:00Z', '2027-03-28T08:00:00Z'),
  ];
  const { blocks } = layoutWeek(events, '2027-03-22', ZONE);
  expect(blocks.map(({ day, from, to }) => [day, from, to])).toEqual([
    [5, 540, 600],
    [6, 540, 600],
  ]);
});

test('an event over midnight is one block on each day', () => {
  const { blocks } = layoutWeek([event('natt', '2027-03-02T21:00:00Z', '2027-03-03T01:30:00Z')], '2027-03-01', ZONE);
  expect(blocks.map(({ day, from, to, isFirst, isLast }) => [day, from, to, isFirst, isLast])).toEqual([
    [1, 22 * 60, 24 * 60, true, false],
    [2, 0, 150, false, true],
  ]);
});

test('events that overlap stand side by side, and those that only touch do not', () => {
  const events = [
    event('a', '2027-03-01T08:00:00Z', '2027-03-01T10:00:00Z'),
    event('b', '2027-03-01T08:30:00Z', '2027-03-01T09:00:00Z'),
    event('c', '2027-03-01T09:00:00Z', '2027-03-01T10:00:00Z'),
    event('d', '2027-03-01T10:00:00Z', '2027-03-01T11:00:00Z'),
  ];
  const placed = layoutWeek(events, '2027-03-01', ZONE).blocks.map(
    ({ event: { title }, lane, lanes }) => `${title}:${lane}/${lanes}`,
  );
  expect(placed).toEqual(['a:0/2', 'b:1/2', 'c:1/2', 'd:0/1']);
});

test('an event of no length can be seen, and keeps its room', () => {
  const events = [
    event('nu', '2027-03-01T08:00:00Z', '2027-03-01T08:00:00Z'),
    event('strax', '2027-03-01T08:10:00Z', '2027-03-01T09:00:00Z'),
  ];
  expect(layoutWeek(events, '2027-03-01', ZONE).blocks.map(({ lane, lanes }) => [lane, lanes])).toEqual([
    [0, 2],
    [1, 2],
  ]);
});

test('all-day events are bars on their own dates, cut at the edges of the week', () => {
  const events = [
    event('semester', '2027-02-26', '2027-03-03'),
    event('röd dag', '2027-03-02', '2027-03-03'),
    event('resa', '2027-03-07', '2027-03-10'),
  ];
  const { bars, barLanes } = layoutWeek(events, '2027-03-01', ZONE);
  expect(barLanes).toBe(2);
  expect(
    bars.map(({ event: { title }, firstDay, lastDay, lane, continuesBefore, continuesAfter }) => [
      title,
      firstDay,
      lastDay,
      lane,
      continuesBefore,
      continuesAfter,
    ]),
  ).toEqual([
    ['semester', 0, 1, 0, true, false],
    ['röd dag', 1, 1, 1, false, false],
    ['resa', 6, 6, 0, false, true],
  ]);
});

test('an event of more than a day is a bar, although it has a clock', () => {
  const { bars, blocks } = layoutWeek(
    [event('mässa', '2027-03-02T08:00:00Z', '2027-03-04T15:00:00Z')],
    '2027-03-01',
    ZONE,
  );
  expect(blocks).toEqual([]);
  expect(bars.map(({ firstDay, lastDay }) => [firstDay, lastDay])).toEqual([[1, 3]]);
});

test('an all-day event that ended on Sunday is not in the week', () => {
  const { bars } = layoutWeek([event('helg', '2027-02-27', '2027-03-01')], '2027-03-01', ZONE);
  expect(bars).toEqual([]);
});
