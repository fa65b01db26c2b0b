// What the page and its worker say to each other. Nothing else crosses.

import type {
  Approval,
  Asked,
  ConnectionReport,
  Farewell,
  HistoryEntry,
  Note,
  Options,
  Preview,
  Problem,
  Progress,
  RunRecord,
  RunReport,
  Service,
  Side,
  Status,
} from '../generated/core.ts';
import type { CalendarChoice } from '../generated/pkg/blikk_calendar_sync.js';

/** What a worker can be started for, with what it has to know, and what it gives. It does this one thing and ends. */
export interface Errands {
  run: { with: { approval?: Approval }; gives: RunReport };
  preview: { with: object; gives: Preview };
  status: { with: object; gives: Status };
  setOptions: { with: { options: Options }; gives: null };
  /** Gives the seconds until a run may begin. */
  beginAnew: { with: { busyTitle: string }; gives: number };
  setAside: { with: object; gives: Note[] };
  questions: { with: object; gives: Asked[] };
  answer: { with: { link: string; winner: Side }; gives: RunReport };
  history: { with: object; gives: RunRecord[] };
  historyOf: { with: { run: number }; gives: HistoryEntry[] };
  previewUndo: { with: { run: number }; gives: Preview };
  undo: { with: { run: number; approval: Approval }; gives: RunReport };
  previewDisconnect: { with: object; gives: Preview };
  disconnect: { with: { how: Farewell; approval?: Approval }; gives: RunReport };
  /** These three are the mailbox's, and no pair's. */
  test: { with: object; gives: ConnectionReport };
  calendars: { with: object; gives: CalendarChoice[] };
  createCalendar: { with: object; gives: CalendarChoice };
}

export type ErrandName = keyof Errands;
export type Errand<Name extends ErrandName = ErrandName> = { [N in Name]: { name: N } & Errands[N]['with'] }[Name];
export type Gives<Name extends ErrandName> = Errands[Name]['gives'];

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
  /** What the errand gives. */
  | { kind: 'done'; result: Gives<ErrandName> }
  /** The errand could not be carried out at all. */
  | { kind: 'broken'; problem: Problem };
