//! What is read of an interrupted write, and what the history then says of it.

use chrono::NaiveDate;

use super::*;
use crate::event::{Event, When};
use crate::sync::journal::OperationId;
use crate::sync::plan::Reason;
use crate::sync::port::Observed;
use crate::sync::state::{LinkId, SideState, Unsynced};

fn event(title: &str) -> Event {
    let day = NaiveDate::from_ymd_opt(2027, 2, 1).unwrap();
    Event::new(title, When::all_day(day, day.succ_opt().unwrap()).unwrap())
}

fn held(event: Event) -> Box<Observed> {
    Box::new(Observed {
        id: RemoteId::new("x"),
        version: Version::new("3"),
        uid: None,
        marker: None,
        created_at: None,
        changed_at: None,
        is_unfinished: false,
        content: Ok(event),
    })
}

fn create() -> Write {
    Write::Create { on: Side::Exchange, event: event("Efter") }
}

fn update(before: Event, after: Event) -> Write {
    let (id, expected) = (RemoteId::new("x"), Version::new("1"));
    Write::Update { on: Side::Exchange, id, expected, before, after, unmark: false }
}

fn delete() -> Write {
    Write::Delete { on: Side::Exchange, id: RemoteId::new("x"), expected: Version::new("1"), before: None }
}

fn row(exchange: Option<SideState>) -> Link {
    let (id, base) = (LinkId::new("l"), Some(event("Före")));
    Link { id, origin: Side::Blikk, state: LinkState::Active, blikk: None, exchange, uid: None, base }
}

fn journalled(write: Write, is_done: bool) -> Operation {
    let (id, sent_at) = (OperationId::new(1, 0), DateTime::UNIX_EPOCH);
    Operation { id, link: row(None), replaces: None, write, reason: Reason::Edited, sent_at, is_done }
}

#[test]
fn what_is_read_of_a_write_tells_its_fate_or_that_nobody_can_tell_now() {
    let (found, gone) = (|| Reading::Found(held(event("Efter"))), || Reading::Gone(RemoteId::new("x")));
    let failed = |code: Code| Reading::Failed(RemoteId::new("x"), code.into());
    let update = || update(event("Före"), event("Efter"));
    #[rustfmt::skip]
    let cases = [
        (update(), found(),                            Ok(Fate::Unknown(held(event("Efter"))))),
        (update(), gone(),                             Ok(Fate::Gone)),
        (update(), failed(Code::ExchangeBusy),         Err(Code::ExchangeBusy)),
        // Nobody can read it, ever: the plan begins anew from what was before.
        (update(), failed(Code::EventZoneUnknown),     Ok(Fate::NotDone)),
        (delete(), gone(),                             Ok(Fate::Done(None))),
        (delete(), found(),                            Ok(Fate::NotDone)),
        (delete(), failed(Code::ExchangeUnreachable),  Err(Code::ExchangeUnreachable)),
        (delete(), failed(Code::EventZoneUnknown),     Ok(Fate::NotDone)),
    ];
    for (write, reading, expected) in cases {
        let operation = journalled(write, false);
        let fate = fate_of(&operation.write, operation.is_done, reading.clone()).map_err(|problem| problem.code);
        assert_eq!(fate, expected, "{:?}, {reading:?}", operation.write);
    }
    // Of a step with two writes, the one that was answered before the other was sent.
    let before = fate_of(&update(), true, found()).map_err(|problem| problem.code);
    assert_eq!(before, Ok(Fate::DoneBefore(held(event("Efter")))));
}

/// Better said once too often than that a value which a write replaced is nowhere.
#[test]
fn the_history_tells_of_whatever_may_have_been_carried_out() {
    let unknown = |event| Fate::Unknown(held(event));
    let update_title = || update(event("Före"), event("Efter"));
    let mut both = event("Efter");
    both.place = "Rum".into();
    #[rustfmt::skip]
    let cases = [
        (create(),                              unknown(event("Efter")),   true),
        (create(),                              unknown(event("Ändrat")),  true),
        (create(),                              Fate::NotDone,             false),
        (update_title(),                        unknown(event("Efter")),   true),
        (update_title(),                        unknown(event("Före")),    false),
        // A person wrote it over, or wrote it instead.
        (update_title(),                        unknown(event("Annat")),   true),
        (update_title(),                        Fate::Gone,                true),
        (update_title(),                        Fate::NotDone,             false),
        // It was told when it was answered.
        (update_title(),                        Fate::DoneBefore(held(event("Efter"))), false),
        // Half of it is enough to say it.
        (update(event("Före"), both.clone()),   unknown(event("Efter")),   true),
        (delete(),                              Fate::Done(None),          true),
        (delete(),                              Fate::NotDone,             false),
    ];
    for (write, fate, is_told) in cases {
        let told = done(&write, &fate);
        assert_eq!(told.is_some(), is_told, "{write:?}, {fate:?}");
        if let (Write::Update { after, .. } | Write::Create { event: after, .. }, Some(told)) = (&write, told) {
            assert_eq!(told.after.as_ref(), Some(after), "as it was written, not as somebody made it since");
        }
    }
}

#[test]
fn a_body_that_was_written_and_laid_out_anew_is_in_the_history() {
    let body = |text: &str| Event { body: text.into(), ..event("Möte") };
    let write = update(body("Före"), body("Ett två"));
    let fate = Fate::Unknown(held(body("Ett\n\n   två")));
    assert!(is_carried_out(&write, &fate));
    assert!(done(&write, &fate).is_some());
}

#[test]
fn what_was_settled_is_news_for_the_pull_and_what_waits_is_looked_at_in_a_quarter_of_an_hour() {
    let state = || Some(SideState { id: RemoteId::new("x"), version: Version::new("3"), seen: Some(event("Efter")) });
    let row = row(state());
    let unknown = with_unknown_versions(row.clone());
    assert_eq!(unknown.exchange.as_ref().map(|state| state.version.is_unknown()), Some(true));
    assert_eq!((&unknown.blikk, unknown.seen_on(Side::Exchange)), (&None, row.seen_on(Side::Exchange)));

    let reason = Unsynced { problem: Code::ExchangeBusy.into(), title: "Efter".into(), start: None };
    let unsettled = Unsettled {
        link: row.id.clone(),
        side: Side::Exchange,
        reason: reason.clone(),
        is_moving: false,
        is_gone_again: false,
        prior: None,
    };
    let now = DateTime::UNIX_EPOCH;
    let waits = waiting(row.clone(), &unsettled, now);
    assert_eq!((waits.wakes_at(), waits.set_aside()), (Some(now + WAIT), Some((Side::Exchange, &reason))));
    assert_eq!((waits.exchange, waits.base), (row.exchange, row.base));
}
