// What the page and its worker say to each other. Nothing else crosses.

import type { ConnectionReport, Note, Problem, Progress, RunReport, Service } from '../generated/core.ts';
import type { CalendarChoice } from '../generated/pkg/blikk_calendar_sync.js';

/** What a worker is started for. It does this one thing and ends. */
export type Errand = 'run' | 'setAside' | 'test' | 'calendars' | 'createCalendar';

/** What a calendar of our own is called; the same in every language, for it is found again by it. */
export const OWN_CALENDAR = 'Blikk';

/** What the worker has to know before it can begin. Addresses are absolute and carry no trailing slash. */
export interface Settings {
  userId: string;
  mailbox: string;
  timeZone: string;
  gateway: string;
  blikk: string;
  /** Where the engine's memory is kept; the gateway's only where it keeps one. */
  state?: StatePlace;
}

export type StatePlace = 'gateway' | 'browser';

export type ToWorker =
  | { kind: 'start'; errand: Errand; settings: Settings }
  /** The answer to `tokenWanted`; null when the host has none to give. */
  | { kind: 'token'; id: number; token: string | null }
  | { kind: 'cancel' };

export type FromWorker =
  /** Tokens live in the host's page; the worker asks for one when it needs it. `refresh`: the last one was refused. */
  | { kind: 'tokenWanted'; id: number; service: Service; refresh: boolean }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'ran'; report: RunReport }
  | { kind: 'setAside'; notes: Note[] }
  | { kind: 'tested'; report: ConnectionReport }
  | { kind: 'calendars'; calendars: CalendarChoice[] }
  | { kind: 'calendarCreated'; calendar: CalendarChoice }
  /** The errand could not be carried out at all. */
  | { kind: 'broken'; problem: Problem };
