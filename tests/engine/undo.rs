//! What runs did, and taking it back.

use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::farewell::Farewell;
use blikk_calendar_sync::sync::history::RunKind;
use blikk_calendar_sync::sync::preview::{Approval, Hold};
use blikk_calendar_sync::sync::report::Outcome;
use blikk_calendar_sync::sync::state::RemoteId;

use crate::event;
use crate::pair::{Pair, sorted};

const YES: Approval = Approval { blikk_deletions: 1000, exchange_deletions: 1000 };

#[test]
fn a_run_that_wrote_is_in_the_history_with_what_it_did_and_one_that_did_not_is_not() {
    let pair = Pair::new();
    let here = pair.blikk.add(event("Möte"));
    let first = pair.run().run.expect("it wrote");
    assert_eq!(pair.run().run, None);
    pair.blikk.edit(&here, |event| event.place = "Rum 1".into());
    let second = pair.run().run.expect("it wrote");
    assert_eq!(pair.runs().iter().map(|run| run.run).collect::<Vec<_>>(), [second, first]);
    assert!(pair.runs().iter().all(|run| run.kind == RunKind::Synchronise && run.outcome == Some(Outcome::Done)));
    let change = pair.changes_of(second).remove(0);
    let places = [&change.before, &change.after].map(|event| event.as_ref().map(|event| event.place.clone()));
    assert_eq!(places, [Some(String::new()), Some("Rum 1".into())]);
}

#[test]
fn run_then_undo_is_as_if_the_run_had_not_been() {
    for side in [Side::Blikk, Side::Exchange] {
        let pair = Pair::new();
        let (edited, deleted) = (pair.side(side).add(event("Ändras")), pair.side(side).add(event("Tas bort")));
        pair.run_until_done();
        pair.side(side).edit(&edited, |event| event.place = "Rum 1".into());
        pair.side(side).remove(&deleted);
        pair.side(side).add(event("Nytt"));
        let before = [sorted(pair.blikk.events()), sorted(pair.exchange.events())];
        let run = pair.run().run.expect("it wrote");
        let preview = pair.preview_undo(run);
        assert_eq!(preview.held, Some(Hold::OptionChanged), "what it would delete is seen first");
        let report = pair.undo(run, YES);
        assert_eq!(report.outcome, Outcome::Done);
        assert_eq!((preview.blikk, preview.exchange), (report.blikk, report.exchange));
        assert_eq!([sorted(pair.blikk.events()), sorted(pair.exchange.events())], before, "{side:?}");
        pair.assert_at_rest();
        assert_eq!([sorted(pair.blikk.events()), sorted(pair.exchange.events())], before, "and it stays so");
    }
}

#[test]
fn an_undo_can_be_undone() {
    let pair = Pair::new();
    let here = pair.blikk.add(event("Möte"));
    pair.run_until_done();
    pair.blikk.edit(&here, |event| event.place = "Rum 1".into());
    let run = pair.run().run.expect("it wrote");
    let undo = pair.undo(run, YES).run.expect("it wrote");
    assert_eq!(pair.exchange.only().1.place, "");
    pair.undo(undo, YES);
    assert_eq!(pair.exchange.only().1.place, "Rum 1");
}

#[test]
fn an_undo_does_not_touch_what_people_did_since() {
    let pair = Pair::new();
    let here = pair.blikk.add(event("Möte"));
    pair.run_until_done();
    pair.blikk.edit(&here, |event| {
        event.place = "Rum 1".into();
        event.title = "Nytt namn".into();
    });
    pair.blikk.add(event("Nytt möte"));
    let run = pair.run().run.expect("it wrote");
    for id in pair.exchange.ids() {
        pair.exchange.edit(&id, |event| event.place = "Rum 2".into());
    }
    pair.undo(run, YES);
    let mut there: Vec<(String, String)> =
        pair.exchange.events().into_iter().map(|event| (event.title, event.place)).collect();
    there.sort();
    assert_eq!(there, [("Möte".into(), "Rum 2".into()), ("Nytt möte".into(), "Rum 2".into())]);
}

#[test]
fn what_was_undone_is_brought_over_again_when_somebody_changes_it() {
    let pair = Pair::new();
    let here = pair.blikk.add(event("Möte"));
    let run = pair.run().run.expect("it wrote");
    pair.undo(run, YES);
    assert_eq!(pair.exchange.ids(), []);
    pair.run_until_done();
    assert_eq!(pair.exchange.ids(), [], "it is left alone");
    pair.blikk.edit(&here, |event| event.place = "Rum 1".into());
    pair.run_until_done();
    assert_eq!(pair.exchange.only().1.place, "Rum 1");
    pair.assert_same();
}

#[test]
fn scenario_24_parting_keeps_both_calendars_and_coming_back_doubles_nothing() {
    let pair = both();
    let writes = pair.writes();
    let report = pair.disconnect(Farewell::KeepBoth, Approval::default());
    assert_eq!((report.outcome, pair.writes(), pair.links().len()), (Outcome::Done, writes, 0));
    pair.run_until_done();
    assert_eq!((pair.writes(), pair.links().len()), (writes, 2), "everything is recognised");
}

#[test]
fn scenario_24_parting_can_take_away_what_we_created_and_nothing_else() {
    let pair = both();
    let edited = pair.exchange.add(event("Från Outlook, ändrat"));
    pair.run_until_done();
    let is_it = |id: &RemoteId| pair.blikk.event(id).is_some_and(|event| event.title == "Från Outlook, ändrat");
    let copy = pair.blikk.ids().into_iter().find(is_it).expect("its copy");
    pair.blikk.edit(&copy, |event| event.place = "Rum 1".into());
    let report = pair.disconnect(Farewell::RemoveOurs, Approval::default());
    assert!(matches!(report.outcome, Outcome::Held { .. }), "not without a yes");
    let report = pair.disconnect(Farewell::RemoveOurs, YES);
    assert_eq!(report.outcome, Outcome::Done);
    assert_eq!(pair.blikk.titles(), ["Från Blikk", "Från Outlook, ändrat"], "what somebody edited stays");
    assert_eq!(pair.exchange.titles(), ["Från Outlook", "Från Outlook, ändrat"]);
    assert_eq!((pair.links().len(), pair.exchange.event(&edited).is_some()), (0, true));
}

fn both() -> Pair {
    let pair = Pair::new();
    pair.blikk.add(event("Från Blikk"));
    pair.exchange.add(event("Från Outlook"));
    pair.run_until_done();
    pair
}
