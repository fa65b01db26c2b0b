// Where each event stands in a week: pure, so that the awkward weeks can be tested. Heights follow the clock on the
// wall: 09:00 is always at nine, also on the days when the clock is changed.

import { wallOfPoint, type CalendarEvent } from './event.ts';
import { addDays, daysBetween, instantOf, type PlainDate } from './zone.ts';

export const DAY_MINUTES = 24 * 60;
/** Shorter events are drawn, and kept apart from others, as if they were this long. */
const SHORTEST = 30;

/** A part of an event in one day's column. */
export interface Block {
  event: CalendarEvent;
  day: number;
  from: number;
  to: number;
  lane: number;
  lanes: number;
  isFirst: boolean;
  isLast: boolean;
}

/** An event of whole days (or longer than a day) above the columns. */
export interface Bar {
  event: CalendarEvent;
  firstDay: number;
  lastDay: number;
  lane: number;
  continuesBefore: boolean;
  continuesAfter: boolean;
}

export interface WeekLayout {
  blocks: Block[];
  bars: Bar[];
  barLanes: number;
}

export function mondayOf(date: PlainDate): PlainDate {
  return addDays(date, -((new Date(date).getUTCDay() + 6) % 7));
}

export function daysOf(monday: PlainDate): PlainDate[] {
  return Array.from({ length: 7 }, (_, day) => addDays(monday, day));
}

/** ISO 8601: a week belongs to the year of its Thursday. */
export function isoWeekOf(date: PlainDate): { year: number; week: number } {
  const thursday = addDays(mondayOf(date), 3);
  const year = Number(thursday.slice(0, 4));
  return { year, week: 1 + Math.floor(daysBetween(`${year}-01-01`, thursday) / 7) };
}

/** The instants between which a week lies; a day more on each side would only cost, all-day events have no zone. */
export function spanOfWeek(monday: PlainDate, zone: string): { from: string; to: string } {
  const at = (date: PlainDate): string => instantOf({ date, minutes: 0 }, zone).toISOString().replace('.000Z', 'Z');
  return { from: at(monday), to: at(addDays(monday, 7)) };
}

export function layoutWeek(events: CalendarEvent[], monday: PlainDate, zone: string): WeekLayout {
  const spans = events
    .map((event) => spanOf(event, monday, zone))
    .filter(({ from, to }) => to > 0 && from < 7 * DAY_MINUTES);
  const bars = barsOf(spans.filter(isBar));
  return {
    bars,
    barLanes: bars.reduce((most, bar) => Math.max(most, bar.lane + 1), 0),
    blocks: blocksOf(spans.filter((span) => !isBar(span))),
  };
}

/** Minutes by the wall since Monday 00:00. */
interface Span {
  event: CalendarEvent;
  from: number;
  to: number;
}

function spanOf(event: CalendarEvent, monday: PlainDate, zone: string): Span {
  const minutes = (point: CalendarEvent['start']): number => {
    const wall = wallOfPoint(point, zone);
    return daysBetween(monday, wall.date) * DAY_MINUTES + wall.minutes;
  };
  const from = minutes(event.start);
  // What has no length is still there to be seen.
  return { event, from, to: Math.max(minutes(event.end), from + 1) };
}

const isBar = ({ event, from, to }: Span): boolean => event.allDay || to - from >= DAY_MINUTES;

function barsOf(spans: Span[]): Bar[] {
  const ends: number[] = [];
  return spans
    .sort((a, b) => a.from - b.from || b.to - a.to)
    .map(({ event, from, to }) => {
      const firstDay = Math.max(0, Math.floor(from / DAY_MINUTES));
      const lastDay = Math.min(6, Math.ceil(to / DAY_MINUTES) - 1);
      const lane = freeLane(ends, firstDay, lastDay + 1);
      return { event, firstDay, lastDay, lane, continuesBefore: from < 0, continuesAfter: to > 7 * DAY_MINUTES };
    });
}

function blocksOf(spans: Span[]): Block[] {
  return Array.from({ length: 7 }, (_, day) => dayBlocks(spans, day)).flat();
}

function dayBlocks(spans: Span[], day: number): Block[] {
  const midnight = day * DAY_MINUTES;
  const parts = spans
    .filter(({ from, to }) => to > midnight && from < midnight + DAY_MINUTES)
    .map(({ event, from, to }) => ({
      event,
      day,
      lane: 0,
      lanes: 1,
      from: Math.max(from - midnight, 0),
      to: Math.min(to - midnight, DAY_MINUTES),
      isFirst: from >= midnight,
      isLast: to <= midnight + DAY_MINUTES,
    }))
    .sort((a, b) => a.from - b.from || b.to - a.to);
  return clusters(parts).flatMap(sideBySide);
}

/** Groups of events that overlap each other, directly or through another. */
function clusters(parts: Block[]): Block[][] {
  const groups: Block[][] = [];
  let end = -1;
  for (const part of parts) {
    if (part.from >= end) groups.push([]);
    groups.at(-1)?.push(part);
    end = Math.max(end, shownEnd(part));
  }
  return groups;
}

function sideBySide(group: Block[]): Block[] {
  const ends: number[] = [];
  const placed = group.map((part) => ({ ...part, lane: freeLane(ends, part.from, shownEnd(part)) }));
  return placed.map((part) => ({ ...part, lanes: ends.length }));
}

const shownEnd = ({ from, to }: Block): number => Math.max(to, from + SHORTEST);

/** The first lane that is free from `from` on; marks it taken until `to`. */
function freeLane(ends: number[], from: number, to: number): number {
  const free = ends.findIndex((end) => end <= from);
  const lane = free === -1 ? ends.length : free;
  ends[lane] = to;
  return lane;
}
