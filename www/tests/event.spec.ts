import { expect, test } from '@playwright/test';
import { changesOf, draftOf, emptyDraft, eventOf, type CalendarEvent } from '../pages/src/event.ts';

const ZONE = 'Europe/Stockholm';

const inTokyo: CalendarEvent = {
  id: '1',
  title: 'Samtal med Tōkyō',
  body: 'rad 1\nrad 2',
  place: '',
  allDay: false,
  start: { dateTime: '2027-03-01T08:00:00Z', timeZone: 'Asia/Tokyo' },
  end: { dateTime: '2027-03-01T09:00:00Z', timeZone: 'Asia/Tokyo' },
  status: 'busy',
  visibility: 'private',
  reminderMinutes: 7,
  categories: ['Kund', 'Resa'],
};

test('saving without touching the time keeps the zone it came in', () => {
  const saved = eventOf({ ...draftOf(inTokyo, ZONE), title: 'Nytt namn' }, ZONE, inTokyo);
  expect(saved?.start).toEqual(inTokyo.start);
  expect(saved?.title).toBe('Nytt namn');
  expect(saved?.reminderMinutes).toBe(7);
});

test('a new time is meant by the clock on the wall here', () => {
  const saved = eventOf({ ...draftOf(inTokyo, ZONE), startTime: '08:30' }, ZONE, inTokyo);
  expect(saved?.start).toEqual({ dateTime: '2027-03-01T07:30:00Z', timeZone: ZONE });
});

test('the form shows the last day of an all-day event, the contract has the day after', () => {
  const draft = { ...emptyDraft('2027-06-25', 540), allDay: true, endDate: '2027-06-26' };
  const saved = eventOf(draft, ZONE);
  expect([saved?.start, saved?.end]).toEqual([{ date: '2027-06-25' }, { date: '2027-06-27' }]);
  expect(draftOf({ ...inTokyo, ...saved, id: '2' }, ZONE).endDate).toBe('2027-06-26');
});

test('an event that ends before it starts is not saved', () => {
  expect(eventOf({ ...emptyDraft('2027-03-01', 540), endTime: '08:59' }, ZONE)).toBeUndefined();
  expect(eventOf({ ...emptyDraft('2027-03-01', 540), endTime: '09:00' }, ZONE)).toBeDefined();
  expect(eventOf({ ...emptyDraft('2027-03-02', 540), allDay: true, endDate: '2027-03-01' }, ZONE)).toBeUndefined();
});

test('categories are separated by commas, and none is said twice', () => {
  expect(eventOf({ ...emptyDraft('2027-03-01', 540), categories: ' Kund, ,Resa,Kund' }, ZONE)?.categories).toEqual([
    'Kund',
    'Resa',
  ]);
});

test('only what was changed is sent, and a time goes with both its ends', () => {
  const renamed = eventOf({ ...draftOf(inTokyo, ZONE), title: 'Nytt namn' }, ZONE, inTokyo);
  expect(renamed && changesOf(inTokyo, renamed)).toEqual({ title: 'Nytt namn' });
  const moved = eventOf({ ...draftOf(inTokyo, ZONE), endTime: '11:00' }, ZONE, inTokyo);
  expect(moved && Object.keys(changesOf(inTokyo, moved)).sort()).toEqual(['allDay', 'end', 'start']);
});
