import { expect, test } from '@playwright/test';
import { addDays, clockChanges, instantOf, wallOf } from '../pages/src/zone.ts';

const STOCKHOLM = 'Europe/Stockholm';

for (const [what, date, minutes, zone, instant] of [
  ['a winter morning', '2027-01-11', 540, STOCKHOLM, '2027-01-11T08:00:00.000Z'],
  ['a summer morning', '2027-06-25', 540, STOCKHOLM, '2027-06-25T07:00:00.000Z'],
  ['the minute before the clock is put forward', '2027-03-28', 119, STOCKHOLM, '2027-03-28T00:59:00.000Z'],
  ['the minute after it', '2027-03-28', 180, STOCKHOLM, '2027-03-28T01:00:00.000Z'],
  ['the first of two 02:30 in October', '2027-10-31', 150, STOCKHOLM, '2027-10-31T00:30:00.000Z'],
  ['half an hour of daylight saving', '2027-01-11', 0, 'Australia/Lord_Howe', '2027-01-10T13:00:00.000Z'],
  ['a date that begins a day earlier in UTC', '2027-01-01', 0, 'Pacific/Kiritimati', '2026-12-31T10:00:00.000Z'],
] as const) {
  test(`${what} is the same instant there and back`, () => {
    expect(instantOf({ date, minutes }, zone).toISOString()).toBe(instant);
    expect(wallOf(instant, zone)).toEqual({ date, minutes });
  });
}

test('an hour that does not exist moves on with the clock', () => {
  expect(instantOf({ date: '2027-03-28', minutes: 150 }, STOCKHOLM).toISOString()).toBe('2027-03-28T01:30:00.000Z');
});

test('a day knows which hour is skipped and which comes twice', () => {
  expect(clockChanges('2027-03-28', STOCKHOLM)).toEqual({ skipped: [2], doubled: [] });
  expect(clockChanges('2027-10-31', STOCKHOLM)).toEqual({ skipped: [], doubled: [2] });
  expect(clockChanges('2027-03-29', STOCKHOLM)).toEqual({ skipped: [], doubled: [] });
});

test('days are counted on the calendar, not in hours', () => {
  expect(addDays('2027-03-27', 2)).toBe('2027-03-29');
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
});
