// Generated from the Rust types by `cargo xtask types`. Do not edit.

/**
 * ResponseType (EWS), PARTSTAT (RFC 5545 §3.2.12).
 */
export type Answer = "notAnswered" | "organizer" | "accepted" | "tentative" | "declined";

/**
 * How many deletions a person has seen and said yes to. A run that would delete more waits again.
 */
export type Approval = { blikkDeletions: number, exchangeDeletions: number, };

/**
 * An event of which people edited the same parts on both sides.
 */
export type Asked = { link: string, title: string, start: Start,
/**
 * What was edited on both sides.
 */
fields: Array<Field>,
/**
 * As both sides last agreed; `None`: they never did.
 */
before: Event | null, blikk: Event, exchange: Event, };

export type Attendance = "required" | "optional" | "resource";

/**
 * How many deletions on one side a run carries out without asking (scenario 7): the larger of the two.
 */
export type Brake = { events: number,
/**
 * Of all linked events.
 */
percent: number, };

/**
 * What is different about one occurrence; `None` is as in the series, and follows it when the series changes.
 */
export type Changes = { title: string | null, body: string | null, place: string | null,
/**
 * Where it was moved. `None`: on its original date, at the time of the series.
 */
when: When | null, freeBusy: FreeBusy | null, sensitivity: Sensitivity | null, importance: Importance | null,
/**
 * `Some(None)`: this one reminds nobody, though the series does.
 */
reminder?: Reminder | null, categories: Array<string> | null, };

/**
 * Stable names of everything that can go wrong. A name is never reused for something else.
 */
export type Code = "gateway.token_expired" | "gateway.token_invalid" | "gateway.refused" | "gateway.request_too_large" | "gateway.not_configured" | "gateway.unreachable" | "gateway.failed" | "exchange.unauthorized" | "exchange.forbidden" | "exchange.impersonation_denied" | "exchange.password_expired" | "exchange.account_disabled" | "exchange.mailbox_unknown" | "exchange.mailbox_unusable" | "exchange.mailbox_full" | "exchange.mailbox_moving" | "exchange.wrong_server" | "exchange.folder_gone" | "exchange.version_unknown" | "exchange.unreachable" | "exchange.timed_out" | "exchange.busy" | "exchange.failed" | "exchange.not_xml" | "exchange.not_soap" | "exchange.truncated" | "exchange.too_large" | "exchange.refused" | "exchange.item_refused" | "exchange.item_gone" | "exchange.item_changed" | "exchange.token_dead" | "blikk.unauthorized" | "blikk.forbidden" | "blikk.not_found" | "blikk.conflict" | "blikk.event_refused" | "blikk.busy" | "blikk.failed" | "blikk.unreachable" | "blikk.timed_out" | "blikk.too_large" | "blikk.not_understood" | "blikk.token_dead" | "event.ends_before_start" | "event.zone_unknown" | "event.rule_not_expressible" | "event.unreadable" | "event.occurrence_crosses" | "event.time_out_of_range" | "event.too_large" | "event.not_organizer" | "event.duplicate_uid" | "event.not_an_appointment" | "event.untitled" | "event.belongs_to_exchange" | "run.cancelled" | "run.already_running" | "run.elsewhere" | "run.unsettled" | "store.failed" | "store.full" | "store.newer" | "store.unreadable" | "store.stale" | "internal";

/**
 * Who wins when people edited the same part of an event on both sides.
 */
export type Conflicts = "blikkWins" | "exchangeWins" | "newestWins" | "ask";

/**
 * What the administrator's *Testa anslutningen* found.
 */
export type ConnectionReport = { "kind": "connected", folderName: string, itemCount: number, serverVersion: string | null, } | { "kind": "failed", problem: Problem, };

/**
 * How many occurrences, deleted ones included.
 */
export type Count = number;

/**
 * Whole days from `start` up to, not including, `end`; at least one.
 */
export type DateSpan = { start: string, end: string, };

/**
 * Every how many days.
 */
export type DayInterval = number;

/**
 * A day of a month. In a month that is shorter it is the last day: so says Exchange, unlike RFC 5545, which
 * would skip that month.
 */
export type DayOfMonth = number;

/**
 * DayOfWeekType (EWS) where it is counted: "the second *Tuesday*", "the last *weekday*".
 */
export type DayOfWeek = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday" | "day" | "weekday" | "weekendDay";

/**
 * What happens to an event that was deleted on one side and edited on the other (scenario 22).
 */
export type Deletions = "editSurvives" | "deletionStands";

/**
 * Where changes may go.
 */
export type Direction = "both" | "toExchange" | "toBlikk";

/**
 * A calendar event: a single one, or a whole series.
 *
 * Equality is what the sync calls "the same": two events that are equal need no writing. Build events through
 * [`Event::new`] and [`Event::tidied`], so that what servers rewrite on their own (line ends, blank space around
 * a title) is never taken for an edit (scenario 10).
 */
export type Event = {
/**
 * Subject (EWS), SUMMARY (RFC 5545 §3.8.1.12). May be empty: both sides allow an untitled event.
 */
title: string,
/**
 * Plain text, lines ended by `\n`.
 */
body: string,
/**
 * Location, as free text.
 */
place: string,
/**
 * Of a series: its first occurrence, whose time of day and zone all others share.
 */
when: When, freeBusy: FreeBusy, sensitivity: Sensitivity, importance: Importance,
/**
 * `None`: the event has no reminder.
 */
reminder: Reminder | null, categories: Array<string>,
/**
 * `None`: it takes place once.
 */
series?: Series | null,
/**
 * Read-only: never written to Exchange (R16).
 */
meeting?: Meeting | null,
/**
 * The names of what is attached in Exchange: mentioned, not copied. Read-only.
 */
attachments?: Array<string>, };

/**
 * How one occurrence departs from its series.
 */
export type Exception = "cancelled" | { "changed": Changes };

/**
 * How a person parts from the synchronisation.
 */
export type Farewell = "keepBoth" | "removeOurs";

/**
 * One part of an event.
 */
export type Field = "title" | "body" | "place" | "when" | "freeBusy" | "sensitivity" | "reminder" | "categories" | "importance" | "rule" | "exceptions" | "meeting" | "attachments";

/**
 * LegacyFreeBusyStatus. `NoData` is read as [`FreeBusy::Busy`]: Exchange never stores it for an item of one's own.
 */
export type FreeBusy = "free" | "tentative" | "busy" | "outOfOffice" | "workingElsewhere";

/**
 * A change as a page shows it.
 */
export type HistoryEntry = { at: string, title: string, start: Start | null, reason: Reason,
/**
 * Exactly one.
 */
writes: Array<PlannedWrite>,
/**
 * Of an update and a deletion.
 */
before: Event | null,
/**
 * Of an update.
 */
after: Event | null, };

/**
 * Why a run waits for a yes.
 */
export type Hold = "firstRun" | "tooMany" | "optionChanged";

/**
 * No whole answer came. Whether the request was carried out is *not known*.
 */
export type HttpFault = "unreachable" | "timedOut" | "tooLarge" | "cancelled" | "notSignedIn";

/**
 * Importance (EWS), PRIORITY (RFC 5545 §3.8.1.9) in three steps.
 */
export type Importance = "low" | "normal" | "high";

/**
 * Every how many weeks or months.
 */
export type Interval = number;

/**
 * A meeting, as the mailbox's owner has it in the calendar.
 */
export type Meeting = {
/**
 * Whether the mailbox's owner called it. Somebody else's meeting belongs to Exchange: Blikk shows it and does not
 * change it.
 */
isMine: boolean, organizer: Person | null, participants: Array<Participant>,
/**
 * MyResponseType: what the mailbox's owner answered.
 */
myAnswer: Answer,
/**
 * The organiser called it off; Exchange leaves the item for its owner to take away.
 */
isCancelled: boolean,
/**
 * JoinOnlineMeetingUrl: where to click when it begins.
 */
onlineUrl: string | null, };

/**
 * An instant, and the zone in which a person thinks of it. Whole seconds: neither side keeps more.
 */
export type Moment = { instant: string, zone: ZoneId, };

/**
 * MonthNamesType (EWS).
 */
export type Month = "january" | "february" | "march" | "april" | "may" | "june" | "july" | "august" | "september" | "october" | "november" | "december";

/**
 * One event that a person should know about.
 */
export type Note = {
/**
 * The side that holds the event, or that refused it.
 */
side: Side, event: Unsynced, };

/**
 * What a person can choose for a pair of calendars.
 */
export type Options = { direction: Direction,
/**
 * Which days are synchronised; `None`: all of them.
 */
window: Window | null, privateEvents: PrivateEvents,
/**
 * What a private event is called in Blikk under [`PrivateEvents::AsBusy`]; the page's words, in the person's language.
 */
busyTitle: string, categories: boolean, reminders: boolean, conflicts: Conflicts, deletions: Deletions, brake: Brake, };

/**
 * How a run ended. In every case but `Done`, what was written stands and the next run goes on from there.
 */
export type Outcome = { "kind": "done" } | { "kind": "cancelled" } | { "kind": "failed", side: Side | null, problem: Problem, } | { "kind": "held", preview: Preview, };

/**
 * A field that was edited on one side, and holds what `winner` says.
 */
export type Overruled = { field: Field, winner: Side, };

export type Participant = { person: Person, attendance: Attendance, answer: Answer, };

/**
 * Which dates: the six patterns of EWS' RecurrencePatternTypes. (The *regenerating* patterns belong to tasks.)
 *
 * Intervals are counted from the first date: from its day, its week, its month.
 */
export type Pattern = { "daily": { interval: DayInterval, } } | { "weekly": { interval: Interval, days: WeekDays, firstDayOfWeek: Weekday, } } | { "absoluteMonthly": { interval: Interval, dayOfMonth: DayOfMonth, } } | { "relativeMonthly": { interval: Interval, day: DayOfWeek, index: WeekIndex, } } | { "absoluteYearly": { month: Month, dayOfMonth: DayOfMonth, } } | { "relativeYearly": { month: Month, day: DayOfWeek, index: WeekIndex, } };

export type Person = { name: string,
/**
 * SMTP address; empty when Exchange knows only a legacy (EX) address.
 */
address: string, };

/**
 * One event to which something would happen.
 */
export type PlannedStep = { title: string, start?: Start | null, reason: Reason,
/**
 * One, or one on each side.
 */
writes: Array<PlannedWrite>, };

export type PlannedWrite = { side: Side, verb: Verb,
/**
 * What would be otherwise than before; empty but for an update.
 */
fields: Array<Field>, };

/**
 * What would happen.
 */
export type Preview = { blikk: Written, exchange: Written,
/**
 * Events that are found to be the same, without a write.
 */
linked: number,
/**
 * How many people would get mail: none, ever. No write can ask a server to send any.
 */
invitations: number,
/**
 * Why the run would wait for a yes before it does this.
 */
held: Hold | null,
/**
 * At most [`LISTED`].
 */
steps: Array<PlannedStep>, };

/**
 * How Exchange's private events are shown in Blikk.
 */
export type PrivateEvents = "asTheyAre" | "asBusy" | "notAtAll";

/**
 * Something went wrong: what, where, and what the server said.
 */
export type Problem = { code: Code,
/**
 * The server's own code or status line, for support. Never the content of an event.
 */
server?: string | null,
/**
 * Seconds to wait before the next try, when the server said so.
 */
waitSeconds?: number | null, };

/**
 * A step of a run, told while it happens.
 */
export type Progress = { "kind": "reading", side: Side, events: number, } | { "kind": "writing", side: Side, done: number, total: number, } | { "kind": "waiting", side: Side, until: string, };

/**
 * Until when: the three ranges of EWS' RecurrenceRangeTypes.
 */
export type Range = "noEnd" | { "endDate": string } | { "numbered": Count };

/**
 * Why a step is what it is; the page and the history put it into words.
 */
export type Reason = { "kind": "new", on: Side, } | { "kind": "equal" } | { "kind": "edited" } | { "kind": "overruled", edits: Array<Overruled>, } | { "kind": "belongsToExchange", fields: Array<Field>, } | { "kind": "deleted", on: Side, } | { "kind": "editOutlivesDeletion", deletedOn: Side, } | { "kind": "goneOnBoth" } | { "kind": "setAside" } | { "kind": "asks", fields: Array<Field>, } | { "kind": "deletionStands", deletedOn: Side, } | { "kind": "outsideWindow" } | { "kind": "oneWay" } | { "kind": "private" } | { "kind": "undone", run: number, } | { "kind": "disconnected" };

/**
 * How a series repeats: pattern and range (EWS RecurrenceType, RFC 5545 RECUR). Dates only: the time of day, the zone
 * and the first date are the event's own ([`Event::when`](crate::event::Event::when)).
 */
export type Recurrence = { pattern: Pattern, range: Range, };

/**
 * How long before the start the person is reminded.
 */
export type Reminder = { minutesBeforeStart: number, };

/**
 * What a run was for.
 */
export type RunKind = { "kind": "synchronise" } | { "kind": "undo", run: number, } | { "kind": "answer" } | { "kind": "disconnect" };

/**
 * A run that wrote something.
 */
export type RunRecord = {
/**
 * Rises by one with each run that writes.
 */
run: number, kind: RunKind, started: string,
/**
 * `None` while it goes on, or when it was interrupted.
 */
outcome?: Outcome | null, blikk: Written, exchange: Written, };

/**
 * The end of a run.
 */
export type RunReport = { started: string, ended: string, outcome: Outcome, blikk: Written, exchange: Written,
/**
 * Links made without writing anything (first run on equal calendars, or lost state).
 */
linked: number,
/**
 * The run's number in the history; `None`: it wrote nothing.
 */
run: number | null,
/**
 * Events that wait for the person's answer, those of earlier runs included.
 */
asking: number,
/**
 * All events that are not synchronised, by reason, those of earlier runs included.
 */
notSynchronised: Partial<Record<Code, number>>,
/**
 * The events that this run set aside or remarks on, at most 100.
 */
notes: Array<Note>, };

/**
 * Sensitivity (EWS), CLASS (RFC 5545 §3.8.1.3). Everything but `Normal` is hidden from colleagues.
 */
export type Sensitivity = "normal" | "personal" | "private" | "confidential";

/**
 * How an event repeats, and where it departs from that.
 */
export type Series = { recurrence: Recurrence,
/**
 * DeletedOccurrences and ModifiedOccurrences (EWS), EXDATE and RECURRENCE-ID (RFC 5545 §3.8.5.1, §3.8.4.4).
 */
exceptions?: { [key in string]: Exception }, };

/**
 * Which service a request is for.
 */
export type Service = "gateway" | "blikk";

/**
 * One of the two calendars.
 */
export type Side = "blikk" | "exchange";

/**
 * When an event begins, where that is all that is told of it. A date has no clock here either, so nobody can be shown
 * the hour at which some zone's midnight falls.
 */
export type Start = { "at": string } | { "on": string };

/**
 * Where a pair stands.
 */
export type Status = { options: Options,
/**
 * When a run that had something to do last came to its good end.
 */
lastSuccess: string | null,
/**
 * Events that stand on both sides.
 */
linked: number,
/**
 * Events that wait for an answer.
 */
asking: number, notSynchronised: Partial<Record<Code, number>>,
/**
 * No run has come to its end yet.
 */
isFirst: boolean, };

/**
 * From `start` to `end`, never backwards.
 */
export type TimedSpan = { start: Moment, end: Moment, };

/**
 * Why an event is not synchronised: counted and shown, never dropped silently.
 */
export type Unsynced = { problem: Problem,
/**
 * What a person knows it by.
 */
title: string, start?: Start | null, };

export type Verb = "create" | "update" | "delete";

/**
 * Some days of the week, at least one.
 *
 * ```
 * use blikk_calendar_sync::recurrence::{WeekDays, Weekday};
 *
 * let days: WeekDays = WeekDays::new([Weekday::Thursday, Weekday::Monday]).unwrap();
 * assert_eq!(days.iter().collect::<Vec<_>>(), [Weekday::Monday, Weekday::Thursday]);
 * assert_eq!(WeekDays::new([]), None);
 * ```
 */
export type WeekDays = number;

/**
 * DayOfWeekIndexType (EWS): which of a month's days of one kind. There is no fifth: a month may not have it.
 */
export type WeekIndex = "first" | "second" | "third" | "fourth" | "last";

/**
 * The days of the week, in ISO's order.
 */
export type Weekday = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

/**
 * When an event takes place.
 */
export type When = { "timed": TimedSpan } | { "allDay": DateSpan };

/**
 * Days before and after today, both counted.
 */
export type Window = { daysBack: number, daysAhead: number,
/**
 * Whose days: where the person was who chose so. Every device counts by it, wherever it is.
 */
zone: ZoneId, };

/**
 * What was written to one side.
 */
export type Written = { created: number, updated: number, deleted: number, };

/**
 * An IANA time zone id, such as `Europe/Stockholm`. Not checked against a list: zones are born and renamed, and the
 * rules' source ([`ZoneRules`](super::ZoneRules)) is the one that knows.
 */
export type ZoneId = string;

/**
 * What may succeed later as it is, without anybody doing anything.
 */
export const PASSING: readonly Code[] = ["gateway.unreachable", "exchange.mailbox_full", "exchange.mailbox_moving", "exchange.unreachable", "exchange.timed_out", "exchange.busy", "exchange.failed", "exchange.truncated", "blikk.busy", "blikk.failed", "blikk.unreachable", "blikk.timed_out", "run.already_running", "run.elsewhere", "run.unsettled", "store.stale"];

/**
 * The person's own sign-in has run out.
 */
export const SIGNED_OUT: readonly Code[] = ["gateway.token_expired", "blikk.unauthorized"];
