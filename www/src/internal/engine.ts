// What the page asks of the core, beside what `CalendarSync` offers already: the questions that wait for an answer.

import type { Event, Field, RunReport, Side } from '../generated/core.ts';
import type { CalendarSync } from '../generated/pkg/blikk_calendar_sync.js';

/** An event that waits for the person's answer. */
export interface Asked {
  link: string;
  title: string;
  start: string | null;
  /** What was edited on both sides. */
  fields: Field[];
  /** As both last agreed. */
  before: Event | null;
  blikk: Event;
  exchange: Event;
}

export interface Engine extends CalendarSync {
  questions(): Promise<Asked[]>;
  answer(link: string, winner: Side): Promise<RunReport>;
}
