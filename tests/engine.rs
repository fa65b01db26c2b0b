//! The engine between two calendars in memory: what people do, what networks do, and what must come of it.

#![cfg(not(target_arch = "wasm32"))]

#[path = "engine/brakes.rs"]
mod brakes;
#[path = "engine/check.rs"]
mod check;
#[path = "engine/histories.rs"]
mod histories;
#[path = "support/pair.rs"]
mod pair;
#[path = "engine/questions.rs"]
mod questions;
#[path = "engine/recovery.rs"]
mod recovery;
#[path = "engine/series.rs"]
mod series;
#[path = "engine/undo.rs"]
mod undo;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use blikk_calendar_sync::event::{Event, When};
use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::report::Outcome;
use chrono::NaiveDate;
use pair::Pair;
use simulation::calendar::Fault;

fn event(title: &str) -> Event {
    let day = NaiveDate::from_ymd_opt(2027, 2, 1).unwrap();
    Event::new(title, When::all_day(day, day.succ_opt().unwrap()).unwrap())
}

#[test]
fn the_first_run_brings_each_side_the_others_events_and_the_third_does_nothing() {
    let pair = Pair::new();
    for number in 0..20 {
        pair.blikk.add(event(&format!("Blikk {number}")));
        pair.exchange.add(event(&format!("Outlook {number}")));
    }
    let report = pair.run();
    assert_eq!((report.blikk.created, report.exchange.created), (20, 20));
    pair.assert_same();
    pair.run();
    let (before, writes) = (pair.calls(), pair.writes());
    pair.run();
    let after = pair.calls();
    let idle = [0, 1, 2].map(|place| after[place] - before[place]);
    assert_eq!((idle, pair.writes()), ([1, 1, 1], writes), "one call a side, one of the store, and no write");
}

#[test]
fn edits_and_deletions_travel_both_ways() {
    let pair = Pair::new();
    let (here, gone_here) = (pair.blikk.add(event("Ett")), pair.blikk.add(event("Två")));
    let (there, gone_there) = (pair.exchange.add(event("Tre")), pair.exchange.add(event("Fyra")));
    pair.run();
    pair.blikk.edit(&here, |event| event.place = "Rum 3".into());
    pair.blikk.remove(&gone_here);
    pair.exchange.edit(&there, |event| event.title = "Trean".into());
    pair.exchange.remove(&gone_there);
    let report = pair.run();
    assert_eq!((report.blikk.updated, report.blikk.deleted), (1, 1));
    assert_eq!((report.exchange.updated, report.exchange.deleted), (1, 1));
    assert_eq!(pair.blikk.titles(), ["Ett", "Trean"]);
    pair.assert_same();
}

#[test]
fn scenario_3_with_the_state_lost_the_next_run_links_everything_and_writes_nothing() {
    let pair = Pair::new();
    for number in 0..10 {
        pair.blikk.add(event(&format!("Blikk {number}")));
        pair.exchange.add(event(&format!("Outlook {number}")));
    }
    pair.run();
    let writes = pair.writes();
    pair.store.wipe();
    let report = pair.run();
    assert_eq!((pair.writes(), report.linked), (writes, 20));
    pair.assert_same();
}

#[test]
fn scenario_1_a_create_whose_answer_was_lost_is_recognised_not_repeated() {
    for side in [Side::Blikk, Side::Exchange] {
        let pair = Pair::new();
        pair.side(side.other()).add(event("Kick-off"));
        // The pull of each side is its first call; the create is the next on `side`.
        pair.side(side).faults.borrow_mut().extend([None, Some(Fault::LostAnswer)]);
        assert!(matches!(pair.run().outcome, Outcome::Failed { .. }));
        pair.run_until_done();
        assert_eq!((pair.blikk.titles(), pair.exchange.titles()), (vec!["Kick-off".into()], vec!["Kick-off".into()]));
    }
}

#[test]
fn scenario_1_what_was_made_anew_is_recognised_whichever_answers_are_lost() {
    // Deleted in Exchange, edited in Blikk: made anew in Exchange, under another UID.
    let pair = Pair::new();
    let there = pair.exchange.add(event("Möte"));
    pair.run();
    pair.exchange.remove(&there);
    pair.blikk.edit(&pair.blikk.only().0, |event| event.place = "Rum 1".into());
    pair.exchange.faults.borrow_mut().extend([None, None, Some(Fault::LostAnswer)]);
    assert!(matches!(pair.run().outcome, Outcome::Failed { .. }));
    pair.run_until_done();
    assert_eq!((pair.blikk.only().1, pair.writes()), (pair.exchange.only().1, 2));
    // Deleted in Blikk, edited in Exchange: made anew in Blikk, by that other UID.
    pair.blikk.remove(&pair.blikk.only().0);
    pair.exchange.edit(&pair.exchange.only().0, |event| event.place = "Rum 2".into());
    pair.blikk.faults.borrow_mut().extend([None, None, Some(Fault::LostAnswer)]);
    assert!(matches!(pair.run().outcome, Outcome::Failed { .. }));
    pair.exchange.edit(&pair.exchange.only().0, |event| event.place = "Rum 3".into());
    pair.run_until_done();
    assert_eq!(pair.blikk.only().1, pair.exchange.only().1);
    assert_eq!(pair.blikk.only().1.place, "Rum 3");
}

#[test]
fn scenario_5_a_failed_page_is_no_evidence_of_deletion() {
    let pair = Pair::new();
    for number in 0..30 {
        pair.exchange.add(event(&format!("Outlook {number}")));
    }
    pair.run_until_done();
    pair.exchange.kill_tokens();
    // The dead token is answered, then the third page of the new enumeration is lost.
    pair.exchange.faults.borrow_mut().extend([None, None, None, Some(Fault::LostRequest)]);
    assert!(matches!(pair.run().outcome, Outcome::Failed { side: Some(Side::Exchange), .. }));
    let writes = pair.writes();
    pair.run_until_done();
    assert_eq!((pair.writes(), pair.blikk.ids().len()), (writes, 30));
}

#[test]
fn scenarios_5_and_6_a_list_that_lacks_an_event_or_calls_it_deleted_deletes_nothing() {
    for side in [Side::Blikk, Side::Exchange] {
        let pair = Pair::new();
        let (missing, slandered) = (pair.side(side).add(event("Saknas")), pair.side(side).add(event("Förtalad")));
        pair.run();
        let writes = pair.writes();
        pair.side(side).slandered.borrow_mut().insert(slandered);
        pair.run();
        pair.side(side).hidden.borrow_mut().insert(missing);
        pair.side(side).kill_tokens();
        pair.run();
        assert_eq!((pair.writes(), pair.side(side.other()).ids().len()), (writes, 2), "{side:?}");
    }
}

#[test]
fn scenario_18_a_dead_token_leads_to_a_full_reading_that_finds_what_was_missed() {
    let pair = Pair::new();
    let (kept, dropped) = (pair.exchange.add(event("Kvar")), pair.exchange.add(event("Bort")));
    pair.run();
    pair.exchange.remove(&dropped);
    pair.exchange.edit(&kept, |event| event.place = "Ny plats".into());
    pair.exchange.kill_tokens();
    let report = pair.run();
    assert_eq!((report.blikk.created, report.blikk.updated, report.blikk.deleted), (0, 1, 1));
    pair.assert_same();
}

#[test]
fn scenario_8_a_copy_with_our_marker_is_an_event_of_its_own() {
    let pair = Pair::new();
    pair.blikk.add(event("Original"));
    pair.run();
    let original = pair.exchange.ids().remove(0);
    pair.exchange.copy(&original, "Kopia");
    pair.run();
    assert_eq!(pair.blikk.titles(), ["Kopia", "Original"]);
    pair.store.wipe();
    let writes = pair.writes();
    pair.run();
    assert_eq!(pair.writes(), writes, "even with the state lost, each copy finds its own");
    pair.assert_same();
}

/// Before anybody heard of either, the person who copied an event and deleted it has moved it.
#[test]
fn scenario_8_a_copy_whose_original_was_deleted_at_once_is_what_became_of_it() {
    let pair = Pair::new();
    let here = pair.blikk.add(event("Original"));
    pair.run();
    let original = pair.exchange.ids().remove(0);
    pair.exchange.copy(&original, "Kopia");
    pair.exchange.remove(&original);
    pair.blikk.edit(&here, |event| event.place = "Flyttad".into());
    pair.run();
    assert_eq!(pair.blikk.only().0, here, "it is the same event");
    assert_eq!((pair.blikk.titles(), pair.blikk.only().1.place), (vec!["Kopia".into()], "Flyttad".into()));
    pair.assert_same();
}

#[test]
fn two_items_with_one_uid_never_share_a_blikk_event() {
    for state_is_lost in [false, true] {
        let pair = Pair::new();
        let original = pair.exchange.add(event("Original"));
        pair.run();
        let twin = pair.exchange.copy_with_uid(&original).unwrap();
        if state_is_lost {
            pair.store.wipe();
        }
        assert_eq!(pair.run().not_synchronised.get(&Code::EventDuplicateUid), Some(&1));
        pair.exchange.edit(&twin, |event| event.title = "Tvilling".into());
        pair.run();
        pair.exchange.remove(&twin);
        assert_eq!(pair.run().not_synchronised.len(), 0);
        assert_eq!((pair.blikk.titles(), pair.exchange.titles()), (vec!["Original".into()], vec!["Original".into()]));
    }
}

#[test]
fn scenario_20_one_poisoned_event_is_set_aside_and_tried_again_when_it_changes() {
    let pair = Pair::new();
    pair.exchange.poison.set(Some("gift"));
    let poisoned = pair.blikk.add(event("gift"));
    for number in 0..9 {
        pair.blikk.add(event(&format!("Frisk {number}")));
    }
    let report = pair.run();
    assert_eq!((report.exchange.created, report.outcome), (9, Outcome::Done));
    assert_eq!(report.not_synchronised.get(&Code::ExchangeItemRefused), Some(&1));
    assert_eq!(report.notes[0].event.title, "gift");
    pair.run();
    let calls = pair.exchange.calls();
    assert_eq!(pair.run().not_synchronised.len(), 1, "it stays in the count");
    assert_eq!(pair.exchange.calls() - calls, 1, "and is not tried again while nothing changed");
    pair.blikk.edit(&poisoned, |event| event.title = "Frisk igen".into());
    assert_eq!(pair.run().not_synchronised.len(), 0);
    pair.assert_same();
}

#[test]
fn an_edit_that_was_refused_is_not_lost_when_the_other_side_is_edited_later() {
    let pair = Pair::new();
    let id = pair.blikk.add(event("Möte"));
    pair.run();
    pair.exchange.poison.set(Some("gift"));
    pair.blikk.edit(&id, |event| event.title = "gift".into());
    pair.run();
    pair.exchange.poison.set(None);
    let there = pair.exchange.ids().remove(0);
    pair.exchange.edit(&there, |event| event.place = "Rum 1".into());
    pair.run();
    pair.assert_same();
    assert_eq!((pair.blikk.titles(), pair.blikk.events()[0].place.as_str()), (vec!["gift".into()], "Rum 1"));
}

#[test]
fn scenario_22_an_edit_on_one_side_outlives_a_deletion_on_the_other() {
    for side in [Side::Blikk, Side::Exchange] {
        let pair = Pair::new();
        pair.side(side).add(event("Möte"));
        pair.run();
        let (here, there) = (pair.side(side).ids().remove(0), pair.side(side.other()).ids().remove(0));
        pair.side(side).edit(&here, |event| event.place = "Ändrat".into());
        pair.side(side.other()).remove(&there);
        pair.run();
        pair.assert_same();
        assert_eq!(pair.blikk.events()[0].place, "Ändrat");
    }
}

#[test]
fn a_run_that_is_cancelled_says_so_and_the_next_goes_on() {
    let pair = Pair::new();
    for number in 0..20 {
        pair.blikk.add(event(&format!("Blikk {number}")));
    }
    pair.world.cancel_after.set(Some(6));
    let report = pair.run();
    assert_eq!(report.outcome, Outcome::Cancelled);
    assert!(report.exchange.created > 0 && report.exchange.created < 20);
    pair.world.cancel_after.set(None);
    pair.run();
    pair.assert_same();
}

#[test]
fn a_state_of_a_newer_format_is_left_alone() {
    use blikk_calendar_sync::sync::port::StateStore;
    use blikk_calendar_sync::sync::state::{Commit, FORMAT, Head};
    let pair = Pair::new();
    pair.blikk.add(event("Möte"));
    let head = Head { format: FORMAT + 1, generation: 1, ..Head::default() };
    let commit = Commit { head, ..Commit::default() };
    let written = pin!(pair.store.commit(commit)).poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(written, Poll::Ready(Ok(())));
    assert!(matches!(pair.run().outcome, Outcome::Failed { problem: Problem { code: Code::StoreNewer, .. }, .. }));
    assert_eq!(pair.writes(), 0);
}
