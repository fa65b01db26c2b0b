// The words of what comes when it is opened: preview, questions, settings, history, parting. As in texts.ts, English has
// the same keys, and each reason, field and choice of the core has its words, or the build fails.

import type {
  Conflicts,
  Deletions,
  Direction,
  Field,
  FreeBusy,
  Hold,
  Importance,
  PrivateEvents,
  Reason,
  RunKind,
  Sensitivity,
  Side,
  Verb,
  WeekIndex,
} from './generated/core.ts';
import { plural, words, type Language } from './texts.ts';

/** The two fields are the names of things in words already: "rubrik, tid". */
type ReasonWords = { [Kind in Reason['kind']]: (reason: ReasonIn<Kind>) => string };

/** A reason with its sides and fields in words. */
type ReasonIn<Kind extends Reason['kind']> = InWords<Extract<Reason, { kind: Kind }>>;
type InWords<Reason> = {
  [Key in keyof Reason]: Reason[Key] extends Side ? string : Reason[Key] extends unknown[] ? string : Reason[Key];
} & { other: string };

const inSwedish = words.sv.side;
const inEnglish = words.en.side;

const swedish = {
  side: inSwedish,
  /** After a heading: "rubrik, tid". */
  field: {
    title: 'rubrik',
    body: 'anteckning',
    place: 'plats',
    when: 'tid',
    freeBusy: 'visas som',
    sensitivity: 'sekretess',
    reminder: 'påminnelse',
    categories: 'kategorier',
    importance: 'prioritet',
    rule: 'upprepning',
    exceptions: 'enstaka gånger',
    meeting: 'möte och svar',
    attachments: 'bilagor',
  } satisfies Record<Field, string> as Record<Field, string>,

  reason: {
    new: ({ on }) => `Finns bara i ${on}.`,
    equal: () => 'Är redan likadan på båda ställena.',
    edited: () => 'Har ändrats.',
    overruled: ({ edits }) => `Samma sak har ändrats på båda ställena. ${edits}.`,
    belongsToExchange: ({ fields }) =>
      fields === ''
        ? 'Någon annans möte, som togs bort i Blikk. Det läggs tillbaka.'
        : `Någon annans möte. Det som ändrats i Blikk ställs tillbaka: ${fields}.`,
    deleted: ({ on }) => `Har tagits bort i ${on}.`,
    editOutlivesDeletion: ({ deletedOn, other }) =>
      `Har tagits bort i ${deletedOn} men ändrats i ${other}. Ändringen får leva kvar.`,
    goneOnBoth: () => 'Är borttagen på båda ställena.',
    setAside: () => 'Kan inte synkroniseras just nu.',
    asks: ({ fields }) => `Väntar på ditt svar. Har ändrats på båda ställena: ${fields}.`,
    deletionStands: ({ deletedOn, other }) =>
      `Har tagits bort i ${deletedOn} och ändrats i ${other}. Du har valt att borttagningen gäller.`,
    outsideWindow: () => 'Ligger utanför de dagar som synkroniseras.',
    oneWay: () => 'Skrivs inte, eftersom du har valt en riktning.',
    private: () => 'Är privat, och du har valt hur privata händelser visas i Blikk.',
    undone: ({ run }) => `Ställs tillbaka: nr ${run} ångras.`,
    disconnected: () => 'Lades in av synkroniseringen, och du kopplar från.',
  } satisfies ReasonWords as ReasonWords,
  wins: (field: string, side: string): string => `I fråga om ${field} gäller ${side}`,

  hold: {
    firstRun: 'Det här är första gången, och då tar vi aldrig bort något utan att du har sagt ja.',
    tooMany: 'Ovanligt mycket skulle tas bort på en gång. Har något gått snett på andra hållet?',
    optionChanged: 'De nya inställningarna skulle ta bort händelser.',
  } satisfies Record<Hold, string> as Record<Hold, string>,
  heldNothing: 'Inget är ändrat i någon av kalendrarna.',
  heldYes: (count: number): string =>
    count === 0 ? 'Ja, fortsätt' : `Ja, ta bort ${plural(count, 'händelse', 'händelser')}`,
  heldNo: 'Nej, inget tas bort',
  declined: 'Inget tas bort.',
  declinedMeans:
    'Synkroniseringen står stilla tills du svarar ja, lägger tillbaka händelserna eller ändrar inställningarna.',
  showHeld: 'Visa vad som väntar',
  checkAgain: 'Kontrollera igen',

  previewTitle: 'Det här skulle hända',
  undoTitle: 'Det här skulle hända om du ångrar',
  previewLoading: 'Jämför kalendrarna. Inget skrivs …',
  previewNothing: 'Inget skulle ändras. Kalendrarna är redan lika.',
  invitations: (count: number): string => `${count} inbjudningar eller mejl skickas.`,
  wouldLink: (count: number): string =>
    `${plural(count, 'händelse finns', 'händelser finns')} redan på båda ställena och känns igen.`,
  willBe: {
    create: (side) => `Läggs till i ${side}`,
    update: (side) => `Ändras i ${side}`,
    delete: (side) => `Tas bort i ${side}`,
  } as Record<Verb, (side: string) => string>,
  wasBe: {
    create: (side) => `Lades till i ${side}`,
    update: (side) => `Ändrades i ${side}`,
    delete: (side) => `Togs bort i ${side}`,
  } as Record<Verb, (side: string) => string>,
  steps: 'Händelser',
  close: 'Stäng',
  run: 'Synkronisera nu',

  questionsTitle: 'Vad ska gälla?',
  questionsLead: 'Samma sak har ändrats på båda ställena. Välj vad som ska gälla, så skrivs det på det andra.',
  before: 'Innan',
  use: (side: string): string => `${side} gäller`,
  useAll: (side: string): string => `${side} gäller för alla`,
  useFor: (side: string, title: string): string => `${side} gäller för ${title}`,
  answering: (done: number, total: number): string => (total === 1 ? 'Sparar …' : `Sparar ${done} av ${total} …`),
  answered: 'Sparat.',
  nothingThere: '–',

  optionsLoading: 'Hämtar inställningarna …',
  direction: 'Riktning',
  directions: {
    both: 'Åt båda hållen',
    toExchange: 'Bara från Blikk till Outlook',
    toBlikk: 'Bara från Outlook till Blikk',
  } satisfies Record<Direction, string> as Record<Direction, string>,
  days: 'Dagar',
  allDays: 'Alla dagar',
  someDays: 'Bara dagarna omkring idag',
  daysBack: 'Dagar bakåt',
  daysAhead: 'Dagar framåt',
  privateEvents: 'Privata händelser',
  privateChoices: {
    asTheyAre: 'Visas som de är i Blikk',
    asBusy: 'Visas som upptagen i Blikk',
    notAtAll: 'Visas inte i Blikk',
  } satisfies Record<PrivateEvents, string> as Record<PrivateEvents, string>,
  /** What a private event is called in Blikk. */
  busyTitle: 'Upptagen',
  carried: 'Följer med',
  categories: 'Kategorier',
  reminders: 'Påminnelser',
  conflicts: 'Om samma sak har ändrats på båda ställena',
  conflictChoices: {
    newestWins: 'Senaste ändringen gäller',
    blikkWins: 'Blikk gäller',
    exchangeWins: 'Outlook gäller',
    ask: 'Fråga mig',
  } satisfies Record<Conflicts, string> as Record<Conflicts, string>,
  deletions: 'Om den tagits bort här men ändrats där',
  deletionChoices: {
    editSurvives: 'Behåll den ändrade',
    deletionStands: 'Ta bort den',
  } satisfies Record<Deletions, string> as Record<Deletions, string>,
  brake: 'Fråga först om mer än så här skulle tas bort på en gång',
  brakeEvents: 'Händelser',
  brakePercent: 'Procent av alla',
  brakeHint: 'Det som är mest av de två gäller.',
  nextRunWill: 'Nästa synkronisering kommer att:',
  ifSaved: 'När du sparar kommer nästa synkronisering att:',
  neverUnseen: 'Om något skulle behöva tas bort frågar vi dig först.',
  save: 'Spara',
  saving: 'Sparar …',
  saved: 'Sparat.',
  reset: 'Återställ',
  showWhatWould: 'Visa vad som skulle hända',
  will: {
    direction: {
      both: 'skriva i både Blikk och Outlook',
      toExchange: 'bara skriva i Outlook, medan Blikk lämnas som det är',
      toBlikk: 'bara skriva i Blikk, medan Outlook lämnas som det är',
    } satisfies Record<Direction, string> as Record<Direction, string>,
    allDays: 'ta med alla dagar',
    someDays: (back: number, ahead: number): string =>
      `ta med ${plural(back, 'dag', 'dagar')} bakåt och ${plural(ahead, 'dag', 'dagar')} framåt. Det som ligger utanför ligger kvar som det är`,
    privateEvents: {
      asTheyAre: 'visa privata händelser i Blikk som de är i Outlook',
      asBusy: 'visa privata händelser i Blikk som ”Upptagen”. Vad de handlar om stannar i Outlook',
      notAtAll: 'hålla privata händelser utanför Blikk',
    } satisfies Record<PrivateEvents, string> as Record<PrivateEvents, string>,
    categories: (on: boolean): string => (on ? 'föra över kategorier' : 'lämna kategorierna som de är'),
    reminders: (on: boolean): string => (on ? 'föra över påminnelser' : 'lämna påminnelserna som de är'),
    conflicts: {
      newestWins: 'låta den senaste ändringen gälla när samma sak har ändrats på båda ställena',
      blikkWins: 'låta Blikk gälla när samma sak har ändrats på båda ställena',
      exchangeWins: 'låta Outlook gälla när samma sak har ändrats på båda ställena',
      ask: 'låta en händelse vänta och fråga dig när samma sak har ändrats på båda ställena',
    } satisfies Record<Conflicts, string> as Record<Conflicts, string>,
    deletions: {
      editSurvives: 'behålla en händelse som har ändrats, även om den tagits bort på andra stället',
      deletionStands: 'ta bort en händelse som tagits bort på ett ställe, även om den ändrats på det andra',
    } satisfies Record<Deletions, string> as Record<Deletions, string>,
    brake: (events: number, percent: number): string =>
      `fråga dig innan mer än ${plural(events, 'händelse', 'händelser')}, eller ${percent} % av alla, tas bort på en gång`,
  },

  historyLoading: 'Hämtar historiken …',
  historyEmpty: 'Här står vad synkroniseringen har gjort, när den har gjort något.',
  historyKept: 'Historiken sparas i 30 dagar. Allt i den går att ångra.',
  kind: {
    synchronise: (run) => `Synkronisering nr ${run}`,
    undo: (run) => `Nr ${run} ångrades`,
    answer: () => 'Ditt svar',
    disconnect: () => 'Frånkoppling',
  } satisfies KindWords as KindWords,
  interrupted: 'Avbröts',
  counts: { create: 'nya', update: 'ändrade', delete: 'borttagna' } as Record<Verb, string>,
  countsOne: { create: 'ny', update: 'ändrad', delete: 'borttagen' } as Record<Verb, string>,
  after: 'Efter',
  undo: 'Ångra',
  undoYes: 'Ja, ångra',
  undoYesDeleting: (count: number): string => `Ja, ångra och ta bort ${plural(count, 'händelse', 'händelser')}`,
  undoNo: 'Nej, låt det vara',
  undoLead:
    'Det som någon har ändrat efteråt skrivs inte över. Det som ställs tillbaka lämnas i fred tills någon ändrar det igen.',
  undoing: 'Ångrar …',
  undone: 'Ångrat.',
  undoNothing: 'Det finns inget kvar att ångra.',

  anewTitle: 'Börja om?',
  anewMeans:
    'Inget tas bort i någon av kalendrarna. Vi glömmer vilka händelser som hör ihop, och nästa synkronisering känner igen dem så att inget dubbleras.',
  anewLoses:
    'Historiken glöms också, så det som redan är gjort går inte att ångra. Det som du har tagit bort på bara ett ställe sedan sist kan komma tillbaka.',
  anewOptions:
    'Inställningarna ligger kvar om de går att läsa. Annars är de som från början, och privata händelser visas bara som upptagen i Blikk tills du väljer något annat.',
  anewYes: 'Ja, börja om',
  anewDoing: 'Börjar om …',
  anewDone: (time: string): string => `Klart. Nästa synkronisering kan börja ${time}.`,
  anewLook: 'Titta gärna igenom inställningarna innan dess.',

  pauseTitle: 'Pausa',
  pauseMeans: 'Inget tas bort. När du slår på igen fortsätter allt där det slutade.',
  pause: 'Pausa',
  resume: 'Fortsätt',
  partTitle: 'Koppla från och behåll allt',
  partMeans:
    'Inget tas bort någonstans. Vi glömmer vilka händelser som hör ihop. Slår du på igen känns de igen och inget dubbleras.',
  partSure: 'Koppla från? Alla händelser ligger kvar i båda kalendrarna.',
  partYes: 'Ja, koppla från',
  part: 'Koppla från',
  removeTitle: 'Koppla från och ta bort det vi lagt in',
  removeMeans:
    'Händelser som synkroniseringen har skapat tas bort, till exempel de från Blikk i Outlook. Det du själv har lagt in, eller ändrat efteråt, ligger kvar.',
  removeShow: 'Visa vad som tas bort',
  removeYes: (count: number): string =>
    count === 0 ? 'Ja, koppla från' : `Ja, ta bort ${plural(count, 'händelse', 'händelser')} och koppla från`,
  removeSure: 'Det här tas bort',
  removeNothing: 'Synkroniseringen har inte lagt in något som finns kvar.',
  parting: 'Kopplar från …',
  parted: 'Frånkopplad.',
  no: 'Nej',

  freeBusy: {
    free: 'ledig',
    tentative: 'preliminär',
    busy: 'upptagen',
    outOfOffice: 'inte på plats',
    workingElsewhere: 'arbetar på annan plats',
  } satisfies Record<FreeBusy, string> as Record<FreeBusy, string>,
  sensitivity: {
    normal: 'ingen',
    personal: 'personlig',
    private: 'privat',
    confidential: 'konfidentiell',
  } satisfies Record<Sensitivity, string> as Record<Sensitivity, string>,
  importance: { low: 'låg', normal: 'normal', high: 'hög' } satisfies Record<Importance, string> as Record<
    Importance,
    string
  >,
  noReminder: 'ingen',
  minutesBefore: (minutes: number): string => (minutes === 0 ? 'vid start' : `${minutes} min före`),
  once: 'upprepas inte',
  every: {
    day: (n: number): string => (n === 1 ? 'varje dag' : `var ${n}:e dag`),
    week: (n: number, days: string): string => (n === 1 ? `varje vecka på ${days}` : `var ${n}:e vecka på ${days}`),
    month: (n: number, day: string): string => (n === 1 ? `${day} varje månad` : `${day} var ${n}:e månad`),
    year: (day: string): string => `${day} varje år`,
  },
  dayOfMonth: (day: number, month: string | undefined): string =>
    month === undefined ? `den ${day}:e` : `den ${day} ${month}`,
  indexed: (index: WeekIndex, day: string, month: string | undefined): string =>
    `${{ first: 'första', second: 'andra', third: 'tredje', fourth: 'fjärde', last: 'sista' }[index]} ${day}${month === undefined ? '' : ` i ${month}`}`,
  kindOfDay: { day: 'dagen', weekday: 'vardagen', weekendDay: 'helgdagen' },
  theDay: (weekday: string): string => `${weekday}en`,
  until: (date: string): string => `, till ${date}`,
  times: (count: number): string => `, ${count} gånger`,
  cancelledDates: (dates: string): string => `inställd ${dates}`,
  changedDates: (dates: string): string => `ändrad ${dates}`,
  participants: (count: number): string => plural(count, 'deltagare', 'deltagare'),
  allDay: 'hela dagen',
};

type KindWords = { [Kind in RunKind['kind']]: (run: number) => string };

export type MoreWords = typeof swedish;

const english: MoreWords = {
  side: inEnglish,
  field: {
    title: 'title',
    body: 'notes',
    place: 'place',
    when: 'time',
    freeBusy: 'shown as',
    sensitivity: 'sensitivity',
    reminder: 'reminder',
    categories: 'categories',
    importance: 'priority',
    rule: 'repetition',
    exceptions: 'single occurrences',
    meeting: 'meeting and answers',
    attachments: 'attachments',
  },

  reason: {
    new: ({ on }) => `Is only in ${on}.`,
    equal: () => 'Is the same in both places already.',
    edited: () => 'Was changed.',
    overruled: ({ edits }) => `The same thing was changed in both places. ${edits}.`,
    belongsToExchange: ({ fields }) =>
      fields === ''
        ? "Someone else's meeting, deleted in Blikk. It is put back."
        : `Someone else's meeting. What was changed in Blikk is put back: ${fields}.`,
    deleted: ({ on }) => `Was deleted in ${on}.`,
    editOutlivesDeletion: ({ deletedOn, other }) =>
      `Was deleted in ${deletedOn} but changed in ${other}. The change lives on.`,
    goneOnBoth: () => 'Is deleted in both places.',
    setAside: () => 'Cannot be synchronised for now.',
    asks: ({ fields }) => `Waits for your answer. Was changed in both places: ${fields}.`,
    deletionStands: ({ deletedOn, other }) =>
      `Was deleted in ${deletedOn} and changed in ${other}. You chose that the deletion stands.`,
    outsideWindow: () => 'Lies outside the days that are synchronised.',
    oneWay: () => 'Is not written, because of the direction you chose.',
    private: () => 'Is private, and you chose how private events are shown in Blikk.',
    undone: ({ run }) => `Is put back: no. ${run} is undone.`,
    disconnected: () => 'Was put there by the synchronisation, and you disconnect.',
  },
  wins: (field, side) => `For ${field}, ${side} stands`,

  hold: {
    firstRun: 'This is the first time, and then we never delete anything before you have said yes.',
    tooMany: 'Unusually much would be deleted at once. Did something go wrong on the other side?',
    optionChanged: 'The new settings would delete events.',
  },
  heldNothing: 'Nothing is changed in either calendar.',
  heldYes: (count) => (count === 0 ? 'Yes, go on' : `Yes, delete ${plural(count, 'event', 'events')}`),
  heldNo: 'No, nothing is deleted',
  declined: 'Nothing is deleted.',
  declinedMeans: 'The synchronisation stands still until you say yes, put the events back or change the settings.',
  showHeld: 'Show what waits',
  checkAgain: 'Check again',

  previewTitle: 'This would happen',
  undoTitle: 'This would happen if you undo',
  previewLoading: 'Comparing the calendars. Nothing is written …',
  previewNothing: 'Nothing would be changed. The calendars are the same already.',
  invitations: (count) => `${count} invitations or e-mails are sent.`,
  wouldLink: (count) => `${plural(count, 'event is', 'events are')} in both places already and are recognised.`,
  willBe: {
    create: (side) => `Is added to ${side}`,
    update: (side) => `Is changed in ${side}`,
    delete: (side) => `Is deleted in ${side}`,
  },
  wasBe: {
    create: (side) => `Was added to ${side}`,
    update: (side) => `Was changed in ${side}`,
    delete: (side) => `Was deleted in ${side}`,
  },
  steps: 'Events',
  close: 'Close',
  run: 'Synchronise now',

  questionsTitle: 'What stands?',
  questionsLead: 'The same thing was changed in both places. Choose what stands, and it is written to the other.',
  before: 'Before',
  use: (side) => `${side} stands`,
  useAll: (side) => `${side} stands for all`,
  useFor: (side, title) => `${side} stands for ${title}`,
  answering: (done, total) => (total === 1 ? 'Saving …' : `Saving ${done} of ${total} …`),
  answered: 'Saved.',
  nothingThere: '–',

  optionsLoading: 'Fetching the settings …',
  direction: 'Direction',
  directions: {
    both: 'Both ways',
    toExchange: 'Only from Blikk to Outlook',
    toBlikk: 'Only from Outlook to Blikk',
  },
  days: 'Days',
  allDays: 'All days',
  someDays: 'Only the days around today',
  daysBack: 'Days back',
  daysAhead: 'Days ahead',
  privateEvents: 'Private events',
  privateChoices: {
    asTheyAre: 'Are shown as they are in Blikk',
    asBusy: 'Are shown as busy in Blikk',
    notAtAll: 'Are not shown in Blikk',
  },
  busyTitle: 'Busy',
  carried: 'Follow along',
  categories: 'Categories',
  reminders: 'Reminders',
  conflicts: 'If the same thing was changed in both places',
  conflictChoices: {
    newestWins: 'The latest change stands',
    blikkWins: 'Blikk stands',
    exchangeWins: 'Outlook stands',
    ask: 'Ask me',
  },
  deletions: 'If it was deleted here but changed there',
  deletionChoices: { editSurvives: 'Keep the changed one', deletionStands: 'Delete it' },
  brake: 'Ask first if more than this would be deleted at once',
  brakeEvents: 'Events',
  brakePercent: 'Per cent of all',
  brakeHint: 'The larger of the two counts.',
  nextRunWill: 'The next synchronisation will:',
  ifSaved: 'When you save, the next synchronisation will:',
  neverUnseen: 'If anything had to be deleted, we ask you first.',
  save: 'Save',
  saving: 'Saving …',
  saved: 'Saved.',
  reset: 'Reset',
  showWhatWould: 'Show what would happen',
  will: {
    direction: {
      both: 'write to both Blikk and Outlook',
      toExchange: 'write to Outlook only, and leave Blikk as it is',
      toBlikk: 'write to Blikk only, and leave Outlook as it is',
    },
    allDays: 'take all days',
    someDays: (back, ahead) =>
      `take ${plural(back, 'day', 'days')} back and ${plural(ahead, 'day', 'days')} ahead. What lies outside stays as it is`,
    privateEvents: {
      asTheyAre: 'show private events in Blikk as they are in Outlook',
      asBusy: 'show private events in Blikk as “Busy”. What they are about stays in Outlook',
      notAtAll: 'keep private events out of Blikk',
    },
    categories: (on) => (on ? 'carry categories over' : 'leave the categories as they are'),
    reminders: (on) => (on ? 'carry reminders over' : 'leave the reminders as they are'),
    conflicts: {
      newestWins: 'let the latest change stand when the same thing was changed in both places',
      blikkWins: 'let Blikk stand when the same thing was changed in both places',
      exchangeWins: 'let Outlook stand when the same thing was changed in both places',
      ask: 'let an event wait and ask you when the same thing was changed in both places',
    },
    deletions: {
      editSurvives: 'keep an event that was changed, even if it was deleted in the other place',
      deletionStands: 'delete an event that was deleted in one place, even if it was changed in the other',
    },
    brake: (events, percent) =>
      `ask you before more than ${plural(events, 'event', 'events')}, or ${percent} % of all, are deleted at once`,
  },

  historyLoading: 'Fetching the history …',
  historyEmpty: 'What the synchronisation has done stands here, once it has done something.',
  historyKept: 'The history is kept for 30 days. Everything in it can be undone.',
  kind: {
    synchronise: (run) => `Synchronisation no. ${run}`,
    undo: (run) => `No. ${run} was undone`,
    answer: () => 'Your answer',
    disconnect: () => 'Disconnection',
  },
  interrupted: 'Was interrupted',
  counts: { create: 'new', update: 'changed', delete: 'deleted' },
  countsOne: { create: 'new', update: 'changed', delete: 'deleted' },
  after: 'After',
  undo: 'Undo',
  undoYes: 'Yes, undo',
  undoYesDeleting: (count) => `Yes, undo and delete ${plural(count, 'event', 'events')}`,
  undoNo: 'No, leave it',
  undoLead:
    'What somebody has changed since is not overwritten. What is put back is left alone until somebody changes it again.',
  undoing: 'Undoing …',
  undone: 'Undone.',
  undoNothing: 'There is nothing left to undo.',

  anewTitle: 'Begin anew?',
  anewMeans:
    'Nothing is deleted in either calendar. We forget which events belong together, and the next synchronisation recognises them, so that nothing is doubled.',
  anewLoses:
    'The history is forgotten too, so what is done already cannot be undone. What you have deleted in one place only since the last time may come back.',
  anewOptions:
    'The settings stay if they can be read. Otherwise they are as at first, and private events are shown as busy in Blikk until you choose otherwise.',
  anewYes: 'Yes, begin anew',
  anewDoing: 'Beginning anew …',
  anewDone: (time) => `Done. The next synchronisation can begin at ${time}.`,
  anewLook: 'Please look through the settings before that.',

  pauseTitle: 'Pause',
  pauseMeans: 'Nothing is deleted. When you switch on again, everything goes on where it left off.',
  pause: 'Pause',
  resume: 'Continue',
  partTitle: 'Disconnect and keep everything',
  partMeans:
    'Nothing is deleted anywhere. We forget which events belong together. If you switch on again they are recognised, and nothing is doubled.',
  partSure: 'Disconnect? All events stay in both calendars.',
  partYes: 'Yes, disconnect',
  part: 'Disconnect',
  removeTitle: 'Disconnect and remove what we put there',
  removeMeans:
    'Events that the synchronisation created are deleted, such as those from Blikk in Outlook. What you put there yourself, or changed since, stays.',
  removeShow: 'Show what is deleted',
  removeYes: (count) =>
    count === 0 ? 'Yes, disconnect' : `Yes, delete ${plural(count, 'event', 'events')} and disconnect`,
  removeSure: 'This is deleted',
  removeNothing: 'The synchronisation has put nothing there that is left.',
  parting: 'Disconnecting …',
  parted: 'Disconnected.',
  no: 'No',

  freeBusy: {
    free: 'free',
    tentative: 'tentative',
    busy: 'busy',
    outOfOffice: 'out of office',
    workingElsewhere: 'working elsewhere',
  },
  sensitivity: { normal: 'none', personal: 'personal', private: 'private', confidential: 'confidential' },
  importance: { low: 'low', normal: 'normal', high: 'high' },
  noReminder: 'none',
  minutesBefore: (minutes) => (minutes === 0 ? 'at the start' : `${minutes} min before`),
  once: 'does not repeat',
  every: {
    day: (n) => (n === 1 ? 'every day' : `every ${n} days`),
    week: (n, days) => (n === 1 ? `every week on ${days}` : `every ${n} weeks on ${days}`),
    month: (n, day) => (n === 1 ? `${day} of every month` : `${day} of every ${n} months`),
    year: (day) => `${day} every year`,
  },
  dayOfMonth: (day, month) => (month === undefined ? `day ${day}` : `${day} ${month}`),
  indexed: (index, day, month) => `the ${index} ${day}${month === undefined ? '' : ` of ${month}`}`,
  kindOfDay: { day: 'day', weekday: 'weekday', weekendDay: 'weekend day' },
  theDay: (weekday) => weekday,
  until: (date) => `, until ${date}`,
  times: (count) => `, ${count} times`,
  cancelledDates: (dates) => `cancelled ${dates}`,
  changedDates: (dates) => `changed ${dates}`,
  participants: (count) => plural(count, 'participant', 'participants'),
  allDay: 'all day',
};

export const moreWords: Record<Language, MoreWords> = { sv: swedish, en: english };
