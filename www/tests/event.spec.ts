import { expect, test } from '@playwright/test';
import {
  changesOf,
  draftOf,
  emptyDraft,
  eventOf,
  type CalendarEvent,
  type Draft,
  type NewEvent,
} from '../pages/src/event.ts';
import { ONCE, type Repetition } from '../pages/src/repetition.ts';

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
  importance: 'high',
  reminderMinutes: 7,
  categories: ['Kund', 'Resa'],
};

/** What the form says, when that makes sense. */
function saved(draft: Draft, original?: CalendarEvent): NewEvent {
  const event = eventOf(draft, ZONE, original);
  if (typeof event === 'string') throw new Error(event);
  return event;
}

test('saving without touching the time keeps the zone it came in', () => {
  const event = saved({ ...draftOf(inTokyo, ZONE), title: 'Nytt namn' }, inTokyo);
  expect([event.start, event.title, event.reminderMinutes]).toEqual([inTokyo.start, 'Nytt namn', 7]);
});

test('a new time is meant by the clock on the wall here', () => {
  const { start } = saved({ ...draftOf(inTokyo, ZONE), startTime: '08:30' }, inTokyo);
  expect(start).toEqual({ dateTime: '2027-03-01T07:30:00Z', timeZone: ZONE });
});

test('the form shows the last day of an all-day event, the contract has the day after', () => {
  const draft = { ...emptyDraft('2027-06-25', 540), allDay: true, endDate: '2027-06-26' };
  const event = saved(draft);
  expect([event.start, event.end]).toEqual([{ date: '2027-06-25' }, { date: '2027-06-27' }]);
  expect(draftOf({ ...inTokyo, ...event, id: '2' }, ZONE).endDate).toBe('2027-06-26');
});

test('what makes no sense is not saved, and why is said', () => {
  const draft = emptyDraft('2027-03-01', 540);
  const weekly: Repetition = { ...ONCE, pattern: 'weekly' };
  const until = { kind: 'until', date: '2027-02-28' } as const;
  const cases: [Partial<Draft>, RegExp | undefined][] = [
    [{ endTime: '08:59' }, /slutar innan/],
    [{ endTime: '09:00' }, undefined],
    [{ allDay: true, endDate: '2027-02-28' }, /slutar innan/],
    // 1 March 2027 is a Monday.
    [{ repetition: { ...weekly, days: [1] } }, /veckodagarna/],
    [{ repetition: { ...weekly, days: [] } }, /veckodagarna/],
    [{ repetition: { ...weekly, days: [0, 1] } }, undefined],
    [{ repetition: { ...weekly, days: [0], end: until } }, /Serien slutar innan/],
  ];
  for (const [change, sentence] of cases) {
    const event = eventOf({ ...draft, ...change }, ZONE);
    if (sentence === undefined) expect(event).toMatchObject({ title: '' });
    else expect(event).toMatch(sentence);
  }
});

test('categories are separated by commas, and none is said twice', () => {
  expect(saved({ ...emptyDraft('2027-03-01', 540), categories: ' Kund, ,Resa,Kund' }).categories).toEqual([
    'Kund',
    'Resa',
  ]);
});

test('only what was changed is sent, and a time goes with both its ends', () => {
  const renamed = saved({ ...draftOf(inTokyo, ZONE), title: 'Nytt namn' }, inTokyo);
  expect(changesOf(inTokyo, renamed)).toEqual({ title: 'Nytt namn' });
  const moved = saved({ ...draftOf(inTokyo, ZONE), endTime: '11:00' }, inTokyo);
  expect(Object.keys(changesOf(inTokyo, moved)).sort()).toEqual(['allDay', 'end', 'start']);
});

test('how it comes back is sent when a person chose another way, whatever the order of the words', () => {
  const series = { ...inTokyo, recurrence: ['RRULE:BYDAY=WE,MO;FREQ=WEEKLY;COUNT=9'] };
  const draft = draftOf(series, ZONE);
  expect(changesOf(series, saved(draft, series))).toEqual({});
  const shorter = { ...draft.repetition, end: { kind: 'count', count: 8 } } as const;
  expect(changesOf(series, saved({ ...draft, repetition: shorter }, series))).toEqual({ repetition: shorter });
});
