//! How the rows of the state are read.
//!
//! They are written as serde derives it, and read by hand: derived, reading a row is a machine with a place for every member
//! that was not read yet, for each struct and each variant, and more for an enum that names its kind inside (see
//! [`crate::value`]). A test beside the value holds the two to each other.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::problem::{Code, Problem, Side};
use crate::rfc3339::instant_from;
use crate::sync::history::{ChangeRecord, RunKind, RunRecord};
use crate::sync::journal::Operation;
use crate::sync::merge::{Field, Overruled};
use crate::sync::options::{Brake, Conflicts, Deletions, Direction, Options, PrivateEvents, Window};
use crate::sync::plan::{Reason, Write};
use crate::sync::preview::{Hold, PlannedStep, PlannedWrite, Preview, Verb};
use crate::sync::report::{Outcome, Written};
use crate::sync::state::{Head, Lease, Link, LinkState, Question, SideState, Unsynced};
use crate::value::{FromValue, Value, deserialized_by_value, from_names, read};
use crate::zone::ZoneId;

deserialized_by_value!(ChangeRecord, Head, Link, Operation, Options, Outcome, RunRecord, Unsynced, Written);

from_names! {
    Side { "blikk" => Blikk, "exchange" => Exchange }
    Verb { "create" => Create, "update" => Update, "delete" => Delete }
    Hold { "firstRun" => FirstRun, "tooMany" => TooMany, "optionChanged" => OptionChanged }
    Direction { "both" => Both, "toExchange" => ToExchange, "toBlikk" => ToBlikk }
    PrivateEvents { "asTheyAre" => AsTheyAre, "asBusy" => AsBusy, "notAtAll" => NotAtAll }
    Conflicts {
        "blikkWins" => BlikkWins, "exchangeWins" => ExchangeWins, "newestWins" => NewestWins, "ask" => Ask,
    }
    Deletions { "editSurvives" => EditSurvives, "deletionStands" => DeletionStands }
    Field {
        "title" => Title, "body" => Body, "place" => Place, "when" => When, "freeBusy" => FreeBusy,
        "sensitivity" => Sensitivity, "reminder" => Reminder, "categories" => Categories, "importance" => Importance,
        "rule" => Rule, "exceptions" => Exceptions, "meeting" => Meeting, "attachments" => Attachments,
    }
}

/// Structs by their members' names; `or_default` where a row of before may lack it.
macro_rules! from_members {
    ($($type:ident { $($field:ident: $name:literal $($how:ident)?,)* })*) => {$(
        impl FromValue for $type {
            fn from_value(mut value: Value) -> Option<Self> {
                Some($type { $($field: from_members!(value, $name $($how)?),)* })
            }
        }
    )*};
    ($value:ident, $name:literal) => { $value.member($name)? };
    ($value:ident, $name:literal or_default) => { $value.member_or_default($name)? };
}

from_members! {
    Link {
        id: "id", origin: "origin", state: "state", blikk: "blikk", exchange: "exchange", uid: "uid", base: "base",
    }
    SideState { id: "id", version: "version", seen: "seen", }
    Question { fields: "fields", blikk: "blikk", exchange: "exchange", }
    Unsynced { problem: "problem", title: "title", start: "start", }
    Head {
        format: "format", generation: "generation", blikk_token: "blikkToken", exchange_token: "exchangeToken",
        tokens_cover_writes: "tokensCoverWrites" or_default, exchange_checked_at: "exchangeCheckedAt",
        set_aside: "setAside" or_default, options: "options" or_default, settled_options: "settledOptions",
        linked: "linked" or_default, asking: "asking" or_default, operations: "operations" or_default,
        last_run: "lastRun" or_default, last_success: "lastSuccess", next_waking: "nextWaking", lease: "lease",
    }
    Lease { holder: "holder", until: "until", taken_at: "takenAt", }
    Brake { events: "events", percent: "percent", }
    Operation {
        id: "id", link: "link", replaces: "replaces", write: "write", reason: "reason", sent_at: "sentAt",
        is_done: "isDone" or_default,
    }
    RunRecord {
        run: "run", kind: "kind", started: "started", outcome: "outcome", blikk: "blikk", exchange: "exchange",
    }
    ChangeRecord {
        run: "run", place: "place", at: "at", link: "link", side: "side", id: "id", verb: "verb",
        is_private: "isPrivate" or_default, title: "title", start: "start", before: "before", after: "after",
        reason: "reason",
    }
    Written { created: "created", updated: "updated", deleted: "deleted", }
    Overruled { field: "field", winner: "winner", }
    Preview {
        blikk: "blikk", exchange: "exchange", linked: "linked", invitations: "invitations", held: "held",
        steps: "steps",
    }
    PlannedStep { title: "title", start: "start", reason: "reason", writes: "writes", }
    PlannedWrite { side: "side", verb: "verb", fields: "fields", }
}

impl FromValue for Options {
    /// What a row of before lacks is as it is at first.
    fn from_value(mut value: Value) -> Option<Self> {
        if !matches!(value, Value::Object(_)) {
            return None;
        }
        let first = Options::default();
        Some(Options {
            direction: member_or(&mut value, "direction", first.direction)?,
            window: value.member("window")?,
            private_events: member_or(&mut value, "privateEvents", first.private_events)?,
            busy_title: member_or(&mut value, "busyTitle", first.busy_title)?,
            categories: member_or(&mut value, "categories", first.categories)?,
            reminders: member_or(&mut value, "reminders", first.reminders)?,
            conflicts: member_or(&mut value, "conflicts", first.conflicts)?,
            deletions: member_or(&mut value, "deletions", first.deletions)?,
            brake: member_or(&mut value, "brake", first.brake)?,
        })
    }
}

impl FromValue for Window {
    /// Up to the second format days were counted in UTC.
    fn from_value(mut value: Value) -> Option<Self> {
        let zone = member_or(&mut value, "zone", ZoneId::utc())?;
        Some(Window { days_back: value.member("daysBack")?, days_ahead: value.member("daysAhead")?, zone })
    }
}

impl FromValue for ZoneId {
    fn from_value(value: Value) -> Option<Self> {
        String::from_value(value).map(ZoneId::new)
    }
}

fn member_or<T: FromValue>(value: &mut Value, name: &str, otherwise: T) -> Option<T> {
    value.take(name).map_or(Some(otherwise), T::from_value)
}

impl FromValue for LinkState {
    fn from_value(value: Value) -> Option<Self> {
        let (name, mut value) = value.variant()?;
        Some(match name.as_str() {
            "active" => LinkState::Active,
            "setAside" => LinkState::SetAside { side: value.member("side")?, reason: value.member("reason")? },
            "waits" => LinkState::Waits {
                side: value.member("side")?,
                reason: value.member("reason")?,
                until: value.member("until")?,
            },
            "asks" => LinkState::Asks { question: Box::new(value.member("question")?) },
            "outsideWindow" => LinkState::OutsideWindow { enters: value.member("enters")? },
            "leftAlone" => LinkState::LeftAlone { run: value.member("run")? },
            _ => return None,
        })
    }
}

impl FromValue for Write {
    fn from_value(value: Value) -> Option<Self> {
        let (name, mut value) = value.variant()?;
        let on = value.member("on")?;
        Some(match name.as_str() {
            "create" => Write::Create { on, event: value.member("event")? },
            "update" => Write::Update {
                on,
                id: value.member("id")?,
                expected: value.member("expected")?,
                before: value.member("before")?,
                after: value.member("after")?,
                unmark: value.member("unmark")?,
            },
            "delete" => Write::Delete {
                on,
                id: value.member("id")?,
                expected: value.member("expected")?,
                before: value.member("before")?,
            },
            _ => return None,
        })
    }
}

impl FromValue for Reason {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(match value.member::<String>("kind")?.as_str() {
            "new" => Reason::New { on: value.member("on")? },
            "equal" => Reason::Equal,
            "edited" => Reason::Edited,
            "overruled" => Reason::Overruled { edits: value.member("edits")? },
            "belongsToExchange" => Reason::BelongsToExchange { fields: value.member("fields")? },
            "deleted" => Reason::Deleted { on: value.member("on")? },
            "editOutlivesDeletion" => Reason::EditOutlivesDeletion { deleted_on: value.member("deletedOn")? },
            "goneOnBoth" => Reason::GoneOnBoth,
            "setAside" => Reason::SetAside,
            "asks" => Reason::Asks { fields: value.member("fields")? },
            "deletionStands" => Reason::DeletionStands { deleted_on: value.member("deletedOn")? },
            "outsideWindow" => Reason::OutsideWindow,
            "oneWay" => Reason::OneWay,
            "private" => Reason::Private,
            "undone" => Reason::Undone { run: value.member("run")? },
            "disconnected" => Reason::Disconnected,
            _ => return None,
        })
    }
}

impl FromValue for RunKind {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(match value.member::<String>("kind")?.as_str() {
            "synchronise" => RunKind::Synchronise,
            "undo" => RunKind::Undo { run: value.member("run")? },
            "answer" => RunKind::Answer,
            "disconnect" => RunKind::Disconnect,
            _ => return None,
        })
    }
}

impl FromValue for Outcome {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(match value.member::<String>("kind")?.as_str() {
            "done" => Outcome::Done,
            "cancelled" => Outcome::Cancelled,
            "failed" => Outcome::Failed { side: value.member("side")?, problem: value.member("problem")? },
            "held" => Outcome::Held { preview: value.member("preview")? },
            _ => return None,
        })
    }
}

impl FromValue for Problem {
    fn from_value(value: Value) -> Option<Self> {
        read(value).ok()
    }
}

impl FromValue for BTreeMap<Code, u32> {
    fn from_value(value: Value) -> Option<Self> {
        let Value::Object(members) = value else { return None };
        members.into_iter().map(|(name, count)| Code::from_name(&name).zip(u32::from_value(count))).collect()
    }
}

impl FromValue for DateTime<Utc> {
    fn from_value(value: Value) -> Option<Self> {
        instant_from(&String::from_value(value)?)
    }
}

impl FromValue for u64 {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).and_then(|number| u64::try_from(number).ok())
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::fmt::Debug;

    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::event::{Event, Start, When};
    use crate::sync::journal::OperationId;
    use crate::sync::state::{LinkId, RemoteId, Token, Uid, Version};

    fn event(title: &str) -> Event {
        Event::new(title, When::all_day("2027-03-01".parse().unwrap(), "2027-03-02".parse().unwrap()).unwrap())
    }

    fn instant() -> DateTime<Utc> {
        "2027-01-11T08:00:00Z".parse().unwrap()
    }

    fn date() -> Start {
        Start::On("2027-03-01".parse().unwrap())
    }

    fn unsynced() -> Unsynced {
        let problem = Problem::new(Code::ExchangeBusy).said("ErrorServerBusy").after(30);
        Unsynced { problem, title: "Möte".into(), start: Some(Start::At(instant())) }
    }

    fn link(state: LinkState) -> Link {
        let side =
            |id: &str| Some(SideState { id: RemoteId::new(id), version: Version::new("1"), seen: Some(event(id)) });
        let (id, uid) = (LinkId::new("0a"), Some(Uid::new("uid")));
        Link { id, origin: Side::Exchange, state, blikk: side("b"), exchange: side("x"), uid, base: Some(event("")) }
    }

    fn reasons() -> Vec<Reason> {
        let (on, fields) = (Side::Blikk, Field::ALL.to_vec());
        vec![
            Reason::New { on },
            Reason::Equal,
            Reason::Edited,
            Reason::Overruled { edits: vec![Overruled { field: Field::When, winner: Side::Exchange }] },
            Reason::BelongsToExchange { fields: fields.clone() },
            Reason::Deleted { on },
            Reason::EditOutlivesDeletion { deleted_on: on },
            Reason::GoneOnBoth,
            Reason::SetAside,
            Reason::Asks { fields },
            Reason::DeletionStands { deleted_on: on },
            Reason::OutsideWindow,
            Reason::OneWay,
            Reason::Private,
            Reason::Undone { run: 7 },
            Reason::Disconnected,
        ]
    }

    /// What is written is read again, with every member: one that is read by a wrong name would come back empty.
    fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(row: T) {
        let text = serde_json::to_string(&row).unwrap();
        assert_eq!(serde_json::from_str::<T>(&text).map_err(|error| format!("{error}: {text}")), Ok(row));
    }

    #[test]
    fn every_row_comes_back_as_it_was_written() {
        let question = Question { fields: vec![Field::Title], blikk: event("b"), exchange: event("x") };
        for state in [
            LinkState::Active,
            LinkState::SetAside { side: Side::Blikk, reason: unsynced() },
            LinkState::Waits { side: Side::Exchange, reason: unsynced(), until: instant() },
            LinkState::Asks { question: Box::new(question) },
            LinkState::OutsideWindow { enters: Some(instant()) },
            LinkState::OutsideWindow { enters: None },
            LinkState::LeftAlone { run: 1 << 40 },
        ] {
            comes_back(link(state));
        }
        let options = Options {
            direction: Direction::ToBlikk,
            window: Some(Window { days_back: 7, days_ahead: 90, zone: ZoneId::new("Europe/Stockholm") }),
            private_events: PrivateEvents::AsBusy,
            busy_title: "Upptagen".into(),
            categories: false,
            reminders: false,
            conflicts: Conflicts::Ask,
            deletions: Deletions::DeletionStands,
            brake: Brake { events: 9, percent: 30 },
        };
        comes_back(options.clone());
        comes_back(Head {
            format: 2,
            generation: 7,
            blikk_token: Some(Token::new("b")),
            exchange_token: Some(Token::new("x")),
            tokens_cover_writes: true,
            exchange_checked_at: Some(instant()),
            set_aside: [(Code::ExchangeBusy, 2)].into(),
            options: options.clone(),
            settled_options: Some(options),
            linked: 3,
            asking: 4,
            operations: 5,
            last_run: 6,
            last_success: Some(instant()),
            next_waking: Some(instant()),
            lease: Some(Lease { holder: "a".into(), until: instant(), taken_at: Some(instant()) }),
        });
    }

    #[test]
    fn where_only_an_instant_was_kept_an_event_begins_at_it() {
        let row = r#"{"problem":{"code":"exchange.busy"},"title":"Semester","start":"2027-01-11T08:00:00Z"}"#;
        assert_eq!(serde_json::from_str::<Unsynced>(row).unwrap().start, Some(Start::At(instant())));
        for start in [r#""2027-01-11""#, r#"{"on":"2027-01-11T08:00:00Z"}"#, r#"{"at":"2027-01-11"}"#, r#"{"at":1}"#] {
            let row = row.replace(r#""2027-01-11T08:00:00Z""#, start);
            assert!(serde_json::from_str::<Unsynced>(&row).is_err(), "{start}");
        }
    }

    #[test]
    fn days_that_were_chosen_without_a_zone_are_those_of_utc() {
        let row = r#"{"window":{"daysBack":7,"daysAhead":90}}"#;
        let window = serde_json::from_str::<Options>(row).unwrap().window;
        assert_eq!(window, Some(Window { days_back: 7, days_ahead: 90, zone: ZoneId::utc() }));
    }

    #[test]
    fn every_row_of_the_journal_and_of_the_history_comes_back_as_it_was_written() {
        let (on, id, expected) = (Side::Exchange, RemoteId::new("x"), Version::new("1"));
        let update = Write::Update {
            on,
            id: id.clone(),
            expected: expected.clone(),
            before: event("a"),
            after: event("b"),
            unmark: true,
        };
        let delete = Write::Delete { on, id: id.clone(), expected, before: Some(event("a")) };
        for write in [Write::Create { on, event: event("a") }, update, delete] {
            let replaces = Some(LinkId::new("0b"));
            let (id, link, reason) = (OperationId::new(17, 3), link(LinkState::Active), Reason::Edited);
            comes_back(Operation { id, link, replaces, write, reason, sent_at: instant(), is_done: true });
        }
        for (reason, verb) in reasons().into_iter().zip([Verb::Create, Verb::Update, Verb::Delete].into_iter().cycle())
        {
            comes_back(ChangeRecord {
                run: 17,
                place: 3,
                at: instant(),
                link: LinkId::new("0a"),
                side: on,
                id: id.clone(),
                verb,
                is_private: true,
                title: "Möte".into(),
                start: Some(date()),
                before: Some(event("a")),
                after: Some(event("b")),
                reason,
            });
        }
        let written = Written { created: 1, updated: 2, deleted: 3 };
        let step = PlannedStep {
            title: "Möte".into(),
            start: Some(date()),
            reason: Reason::Private,
            writes: vec![PlannedWrite { side: on, verb: Verb::Update, fields: vec![Field::Body] }],
        };
        let held = |held| Outcome::Held {
            preview: Preview {
                blikk: written,
                exchange: Written::default(),
                linked: 4,
                invitations: 0,
                held,
                steps: vec![step.clone()],
            },
        };
        let holds = [Hold::FirstRun, Hold::TooMany, Hold::OptionChanged].map(|hold| held(Some(hold)));
        let failed = Outcome::Failed { side: Some(on), problem: unsynced().problem };
        let kinds = [RunKind::Synchronise, RunKind::Undo { run: 5 }, RunKind::Answer, RunKind::Disconnect];
        let outcomes = holds.into_iter().chain([Outcome::Done, Outcome::Cancelled, failed, held(None)]);
        for (outcome, kind) in outcomes.zip(kinds.into_iter().cycle()) {
            let exchange = Written { created: 4, updated: 5, deleted: 6 };
            comes_back(RunRecord {
                run: 9,
                kind,
                started: instant(),
                outcome: Some(outcome),
                blikk: written,
                exchange,
            });
        }
    }
}
