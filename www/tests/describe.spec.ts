// Reasons, fields and values in words, in both languages.

import { expect, test } from '@playwright/test';
import type { Field, Options, Pattern, Reason } from '../src/generated/core.ts';
import { consequencesOf, countsOf, reasonOf, ruleOf, spanOf, valueOf } from '../src/internal/describe.ts';
import { moreWords } from '../src/texts-more.ts';
import { meeting, none, options } from './plans.ts';

const reasons: [Reason, sv: string, en: string][] = [
  [{ kind: 'new', on: 'exchange' }, 'Finns bara i Outlook.', 'Is only in Outlook.'],
  [{ kind: 'equal' }, 'Är redan likadan på båda ställena.', 'Is the same in both places already.'],
  [{ kind: 'edited' }, 'Har ändrats.', 'Was changed.'],
  [
    {
      kind: 'overruled',
      edits: [
        { field: 'title', winner: 'blikk' },
        { field: 'when', winner: 'exchange' },
      ],
    },
    'Samma sak har ändrats på båda ställena. I fråga om rubrik gäller Blikk. I fråga om tid gäller Outlook.',
    'The same thing was changed in both places. For title, Blikk stands. For time, Outlook stands.',
  ],
  [
    { kind: 'belongsToExchange', fields: ['when', 'place'] },
    'Någon annans möte. Det som ändrats i Blikk ställs tillbaka: tid, plats.',
    "Someone else's meeting. What was changed in Blikk is put back: time, place.",
  ],
  [
    { kind: 'belongsToExchange', fields: [] },
    'Någon annans möte, som togs bort i Blikk. Det läggs tillbaka.',
    "Someone else's meeting, deleted in Blikk. It is put back.",
  ],
  [{ kind: 'deleted', on: 'blikk' }, 'Har tagits bort i Blikk.', 'Was deleted in Blikk.'],
  [
    { kind: 'editOutlivesDeletion', deletedOn: 'exchange' },
    'Har tagits bort i Outlook men ändrats i Blikk. Ändringen får leva kvar.',
    'Was deleted in Outlook but changed in Blikk. The change lives on.',
  ],
  [{ kind: 'goneOnBoth' }, 'Är borttagen på båda ställena.', 'Is deleted in both places.'],
  [{ kind: 'setAside' }, 'Kan inte synkroniseras just nu.', 'Cannot be synchronised for now.'],
  [
    { kind: 'asks', fields: ['title'] },
    'Väntar på ditt svar. Har ändrats på båda ställena: rubrik.',
    'Waits for your answer. Was changed in both places: title.',
  ],
  [
    { kind: 'deletionStands', deletedOn: 'blikk' },
    'Har tagits bort i Blikk och ändrats i Outlook. Du har valt att borttagningen gäller.',
    'Was deleted in Blikk and changed in Outlook. You chose that the deletion stands.',
  ],
  [
    { kind: 'outsideWindow' },
    'Ligger utanför de dagar som synkroniseras.',
    'Lies outside the days that are synchronised.',
  ],
  [
    { kind: 'oneWay' },
    'Skrivs inte, eftersom du har valt en riktning.',
    'Is not written, because of the direction you chose.',
  ],
  [
    { kind: 'private' },
    'Är privat, och du har valt hur privata händelser visas i Blikk.',
    'Is private, and you chose how private events are shown in Blikk.',
  ],
  [{ kind: 'undone', run: 7 }, 'Ställs tillbaka: nr 7 ångras.', 'Is put back: no. 7 is undone.'],
  [
    { kind: 'disconnected' },
    'Lades in av synkroniseringen, och du kopplar från.',
    'Was put there by the synchronisation, and you disconnect.',
  ],
];
for (const [reason, sv, en] of reasons)
  test(`${JSON.stringify(reason)} is told as "${sv}"`, () => {
    expect([reasonOf(reason, 'sv'), reasonOf(reason, 'en')]).toEqual([sv, en]);
  });

test('every kind of reason stands in this table', () => {
  expect([...new Set(reasons.map(([{ kind }]) => kind))].sort()).toEqual(Object.keys(moreWords.sv.reason).sort());
});

test('the two languages say nothing alike where they should differ, and none says what only we say', () => {
  const texts = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(texts)
        : [];
  for (const text of [...texts(moreWords.sv), ...texts(moreWords.en)])
    expect(text).not.toMatch(/token|SOAP|EWS|JSON|gateway|Exchange|link|\bfält\b|\bfield\b/i);
  expect(texts(moreWords.sv)).toHaveLength(texts(moreWords.en).length);
});

const zone = 'Europe/Stockholm';
const values: [Field, sv: string, en: string][] = [
  ['title', 'Kundmöte Åre', 'Kundmöte Åre'],
  ['body', 'Ta med ritningarna.', 'Ta med ritningarna.'],
  ['place', 'Rum 2', 'Rum 2'],
  ['when', 'ons 3 mars 2027 09:00–10:00', 'Wed, 3 Mar 2027, 09:00–10:00'],
  ['freeBusy', 'upptagen', 'busy'],
  ['sensitivity', 'ingen', 'none'],
  ['reminder', '15 min före', '15 min before'],
  ['categories', 'Projekt', 'Projekt'],
  ['importance', 'normal', 'normal'],
  ['rule', 'upprepas inte', 'does not repeat'],
  ['exceptions', '', ''],
  ['meeting', '', ''],
  ['attachments', '', ''],
];
for (const [field, sv, en] of values)
  test(`${field} of an event is shown as "${sv}"`, () => {
    expect([valueOf(meeting, field, 'sv', zone), valueOf(meeting, field, 'en', zone)].map(plain)).toEqual([sv, en]);
  });

/** Intl puts thin spaces around some dashes, and newer versions more of them. */
const plain = (text: string): string => text.replace(/\s*–\s*/g, '–').replace(/[\u202f\u00a0\u2009]/g, ' ');

test('an event that is not there has no values', () => {
  expect(values.map(([field]) => valueOf(null, field, 'sv'))).toEqual(values.map(() => ''));
});

test('an all-day event is shown by its dates, wherever the reader is', () => {
  for (const timeZone of ['Pacific/Kiritimati', 'America/New_York']) {
    const span = spanOf({ allDay: { start: '2027-06-25', end: '2027-06-26' } }, 'sv', timeZone);
    expect(plain(span)).toBe('fre 25 juni 2027, hela dagen');
  }
  expect(plain(spanOf({ allDay: { start: '2027-07-05', end: '2027-07-10' } }, 'sv'))).toMatch(
    /5.*9 juli 2027, hela dagen/,
  );
});

const patterns: [Pattern, sv: string, en: string][] = [
  [{ daily: { interval: 1 } }, 'varje dag', 'every day'],
  [{ daily: { interval: 3 } }, 'var 3:e dag', 'every 3 days'],
  [
    { weekly: { interval: 1, days: 0b0001001, firstDayOfWeek: 'monday' } },
    'varje vecka på måndag och torsdag',
    'every week on Monday and Thursday',
  ],
  [{ absoluteMonthly: { interval: 2, dayOfMonth: 15 } }, 'den 15:e var 2:e månad', 'day 15 of every 2 months'],
  [
    { relativeMonthly: { interval: 1, day: 'tuesday', index: 'second' } },
    'andra tisdagen varje månad',
    'the second Tuesday of every month',
  ],
  [
    { relativeMonthly: { interval: 1, day: 'weekday', index: 'last' } },
    'sista vardagen varje månad',
    'the last weekday of every month',
  ],
  [{ absoluteYearly: { month: 'june', dayOfMonth: 6 } }, 'den 6 juni varje år', '6 June every year'],
  [
    { relativeYearly: { month: 'october', day: 'saturday', index: 'first' } },
    'första lördagen i oktober varje år',
    'the first Saturday of October every year',
  ],
];
for (const [pattern, sv, en] of patterns)
  test(`a repetition is told as "${sv}"`, () => {
    expect([ruleOf({ pattern, range: 'noEnd' }, 'sv'), ruleOf({ pattern, range: 'noEnd' }, 'en')]).toEqual([sv, en]);
  });

test('a repetition says until when', () => {
  const pattern: Pattern = { daily: { interval: 1 } };
  expect(ruleOf({ pattern, range: { numbered: 5 } }, 'sv')).toBe('varje dag, 5 gånger');
  expect(ruleOf({ pattern, range: { endDate: '2027-03-03' } }, 'en')).toBe('every day, until 3 Mar 2027');
});

test('occurrences that depart from the rule are named by their dates', () => {
  const changes = { title: null, body: null, place: null, when: null, freeBusy: null, sensitivity: null } as const;
  const changed = { changed: { ...changes, importance: null, categories: null } };
  const series = {
    recurrence: { pattern: { daily: { interval: 1 } }, range: 'noEnd' },
    exceptions: { '2027-03-04': 'cancelled', '2027-03-05': changed },
  } as const;
  expect(valueOf({ ...meeting, series }, 'exceptions', 'sv')).toBe('inställd 4 mars 2027; ändrad 5 mars 2027');
});

test('a run is summed up for each side that it wrote to', () => {
  const counts = { blikk: { created: 1, updated: 2, deleted: 0 }, exchange: { created: 0, updated: 0, deleted: 1 } };
  expect(countsOf(counts, 'sv')).toBe('Blikk: 1 ny, 2 ändrade · Outlook: 1 borttagen');
  expect(countsOf({ blikk: none, exchange: none }, 'sv')).toBe('');
});

test('only what is chosen otherwise than before has consequences', () => {
  expect(consequencesOf(options, { ...options, busyTitle: 'Upptagen' }, 'sv')).toEqual([]);
  const others: Options = {
    direction: 'toExchange',
    window: { daysBack: 1, daysAhead: 90, zone: 'Europe/Stockholm' },
    privateEvents: 'notAtAll',
    busyTitle: '',
    categories: false,
    reminders: false,
    conflicts: 'ask',
    deletions: 'deletionStands',
    brake: { events: 1, percent: 50 },
  };
  expect(consequencesOf(options, others, 'sv')).toHaveLength(8);
  expect(consequencesOf(options, { ...options, window: others.window }, 'en')).toEqual([
    'take 1 day back and 90 days ahead. What lies outside stays as it is',
  ]);
  expect(consequencesOf({ ...options, window: others.window }, options, 'en')).toEqual(['take all days']);
});
