// Plans, questions and histories as the core would give them.

import type {
  Asked,
  Event,
  HistoryEntry,
  Options,
  PlannedStep,
  Preview,
  RunRecord,
  RunReport,
  Status,
  Written,
} from '../src/generated/core.ts';

export const none: Written = { created: 0, updated: 0, deleted: 0 };

export const nothingPlanned: Preview = {
  blikk: none,
  exchange: none,
  linked: 0,
  invitations: 0,
  held: null,
  steps: [],
};

export function report(more: Partial<RunReport> = {}): RunReport {
  const now = new Date().toISOString();
  const counts = { blikk: none, exchange: none, linked: 0, run: null, asking: 0, notSynchronised: {}, notes: [] };
  return { started: now, ended: now, outcome: { kind: 'done' }, ...counts, ...more };
}

export const options: Options = {
  direction: 'both',
  window: null,
  privateEvents: 'asTheyAre',
  busyTitle: '',
  categories: true,
  reminders: true,
  conflicts: 'newestWins',
  deletions: 'editSurvives',
  brake: { events: 5, percent: 20 },
};

export const status: Status = {
  options,
  lastSuccess: null,
  linked: 12,
  asking: 0,
  notSynchronised: {},
  isFirst: false,
};

export const meeting: Event = {
  title: 'Kundmöte Åre',
  body: 'Ta med ritningarna.',
  place: 'Rum 2',
  when: {
    timed: {
      start: { instant: '2027-03-03T08:00:00Z', zone: 'Europe/Stockholm' },
      end: { instant: '2027-03-03T09:00:00Z', zone: 'Europe/Stockholm' },
    },
  },
  freeBusy: 'busy',
  sensitivity: 'normal',
  importance: 'normal',
  reminder: { minutesBeforeStart: 15 },
  categories: ['Projekt'],
};

const at = '2027-03-03T08:00:00Z';

export const plan: Preview = {
  ...nothingPlanned,
  blikk: { created: 1, updated: 1, deleted: 1 },
  exchange: { created: 0, updated: 1, deleted: 0 },
  linked: 3,
  steps: [
    {
      title: 'Inställd lunch',
      start: { at },
      reason: { kind: 'deleted', on: 'exchange' },
      writes: [{ side: 'blikk', verb: 'delete', fields: [] }],
    },
    {
      title: 'Styrelsemöte',
      start: { at },
      reason: { kind: 'new', on: 'exchange' },
      writes: [{ side: 'blikk', verb: 'create', fields: [] }],
    },
    {
      title: 'Kundmöte Åre',
      start: { at },
      reason: { kind: 'overruled', edits: [{ field: 'title', winner: 'blikk' }] },
      writes: [
        { side: 'blikk', verb: 'update', fields: ['when'] },
        { side: 'exchange', verb: 'update', fields: ['title', 'place'] },
      ],
    },
  ],
};

/** A run that would delete many events in Blikk. */
export function massDeletion(count: number, held: Preview['held'] = 'tooMany'): Preview {
  const steps: PlannedStep[] = Array.from({ length: Math.min(count, 200) }, (_, index) => ({
    title: `Händelse ${index + 1}`,
    start: { at: new Date(Date.parse(at) + index * 3_600_000).toISOString() },
    reason: { kind: 'deleted', on: 'exchange' },
    writes: [{ side: 'blikk', verb: 'delete', fields: [] }],
  }));
  return { ...nothingPlanned, blikk: { ...none, deleted: count }, held, steps };
}

export const questions: Asked[] = [
  {
    link: 'a1',
    title: 'Kundmöte Åre',
    start: { at },
    fields: ['title', 'when'],
    before: meeting,
    blikk: { ...meeting, title: 'Kundmöte Östersund' },
    exchange: {
      ...meeting,
      title: 'Kundmöte Åre och middag',
      when: {
        timed: {
          start: { instant: '2027-03-03T12:00:00Z', zone: 'Europe/Stockholm' },
          end: { instant: '2027-03-03T13:30:00Z', zone: 'Europe/Stockholm' },
        },
      },
    },
  },
  {
    link: 'b2',
    title: 'Semester',
    start: { on: '2027-07-05' },
    fields: ['place', 'categories'],
    before: null,
    blikk: { ...meeting, title: 'Semester', place: 'Gotland', categories: [] },
    exchange: { ...meeting, title: 'Semester', place: 'Öland', categories: ['Ledigt', 'Familj'] },
  },
];

export const runs: RunRecord[] = [
  {
    run: 4,
    kind: { kind: 'undo', run: 2 },
    started: '2027-03-02T09:00:00Z',
    outcome: { kind: 'done' },
    blikk: { ...none, created: 1 },
    exchange: none,
  },
  {
    run: 3,
    kind: { kind: 'synchronise' },
    started: '2027-03-01T09:05:00Z',
    blikk: none,
    exchange: { ...none, deleted: 2 },
  },
  {
    run: 2,
    kind: { kind: 'synchronise' },
    started: '2027-03-01T09:00:00Z',
    outcome: { kind: 'done' },
    blikk: { created: 12, updated: 1, deleted: 1 },
    exchange: { ...none, updated: 3 },
  },
];

/** An event of whole days, and what is done to it. */
export const holiday: PlannedStep = {
  title: 'Midsommarafton',
  start: { on: '2021-06-25' },
  reason: { kind: 'deleted', on: 'exchange' },
  writes: [{ side: 'blikk', verb: 'delete', fields: [] }],
};

export const entries: HistoryEntry[] = [
  {
    at: '2027-03-01T09:00:01Z',
    title: 'Kundmöte Åre',
    start: { at },
    reason: { kind: 'edited' },
    writes: [{ side: 'blikk', verb: 'update', fields: ['title', 'reminder'] }],
    before: { ...meeting, title: 'Kundmöte' },
    after: { ...meeting, reminder: null },
  },
  {
    at: '2027-03-01T09:00:02Z',
    title: 'Inställd lunch',
    start: { at },
    reason: { kind: 'deleted', on: 'exchange' },
    writes: [{ side: 'blikk', verb: 'delete', fields: [] }],
    before: { ...meeting, title: 'Inställd lunch' },
    after: null,
  },
];
