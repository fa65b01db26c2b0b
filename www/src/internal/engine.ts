// What the page asks of the core, beside what `CalendarSync` has offered from the beginning.

import type {
  Approval,
  Code,
  Event,
  Field,
  Options,
  PlannedStep,
  Preview,
  RunRecord,
  RunReport,
  Side,
} from '../generated/core.ts';
import type { CalendarSync } from '../generated/pkg/blikk_calendar_sync.js';

/** How a pair stands, read from what is remembered. */
export interface Status {
  options: Options;
  lastSuccess: string | null;
  linked: number;
  asking: number;
  notSynchronised: Partial<Record<Code, number>>;
  /** Nothing has been synchronised yet. */
  isFirst: boolean;
}

/** What is known of an event before or after a change. */
export type EventFacts = Partial<Event>;

/** One write that a run carried out. */
export type HistoryEntry = PlannedStep & { at: string; before: EventFacts | null; after: EventFacts | null };

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

/** Two ways to part: nothing is deleted, or what we created is. */
export type Parting = 'keepBoth' | 'removeOurs';

export interface Engine extends Omit<CalendarSync, 'run'> {
  run(approval?: Approval): Promise<RunReport>;
  preview(): Promise<Preview>;
  status(): Promise<Status>;
  setOptions(options: Options): Promise<void>;
  history(): Promise<RunRecord[]>;
  historyOf(run: number): Promise<HistoryEntry[]>;
  previewUndo(run: number): Promise<Preview>;
  undo(run: number, approval: Approval): Promise<RunReport>;
  questions(): Promise<Asked[]>;
  answer(link: string, winner: Side): Promise<RunReport>;
  previewDisconnect(): Promise<Preview>;
  disconnect(how: Parting, approval?: Approval): Promise<RunReport>;
}
