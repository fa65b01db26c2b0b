//! Interrupted runs: the journal, and what the next run makes of it.

use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::options::{Conflicts, Options};
use blikk_calendar_sync::sync::preview::Approval;
use blikk_calendar_sync::sync::report::Outcome;
use simulation::calendar::Fault;
use simulation::store::StoreFault;

use crate::event;
use crate::pair::Pair;

#[test]
fn nothing_goes_out_before_the_journal_knows_of_it() {
    for side in [Side::Blikk, Side::Exchange] {
        let pair = Pair::new();
        for number in 0..7 {
            pair.side(side.other()).add(event(&format!("Möte {number}")));
        }
        // Each side is pulled first; the second batch of three never arrives.
        pair.side(side).faults.borrow_mut().extend([None, None, Some(Fault::LostRequest)]);
        assert!(matches!(pair.run().outcome, Outcome::Failed { .. }));
        assert_eq!(pair.head().operations, 3, "the batch that was on its way, and no other: {side:?}");
        assert_eq!(pair.operations().len(), 3);
        pair.run_until_done();
        assert_eq!((pair.head().operations, pair.operations().len()), (0, 0));
        pair.assert_same();
    }
}

#[test]
fn scenario_6_a_create_is_settled_by_its_marker_though_the_list_does_not_show_it_yet() {
    let pair = Pair::new();
    pair.blikk.add(event("Kick-off"));
    pair.exchange.faults.borrow_mut().extend([None, Some(Fault::LostAnswer)]);
    assert!(matches!(pair.run().outcome, Outcome::Failed { .. }));
    let made = pair.exchange.ids().remove(0);
    pair.exchange.hidden.borrow_mut().insert(made.clone());
    pair.run_until_done();
    pair.run_until_done();
    assert_eq!(pair.exchange.ids(), std::slice::from_ref(&made), "not made a second time");
    pair.exchange.hidden.borrow_mut().remove(&made);
    pair.run_until_done();
    assert_eq!((pair.blikk.ids().len(), pair.exchange.ids().len()), (1, 1));
    pair.assert_at_rest();
}

#[test]
fn our_own_write_of_which_the_answer_was_lost_is_not_taken_for_a_persons_edit() {
    // Blikk's edit went out, its answer was lost, and the person edits again. If Exchange wins conflicts, our own older
    // write must not win over the person.
    let pair = Pair::new();
    pair.choose(Options { conflicts: Conflicts::ExchangeWins, ..Options::default() });
    let here = pair.blikk.add(event("Möte"));
    pair.run_until_done();
    pair.blikk.edit(&here, |event| event.place = "Rum 1".into());
    pair.exchange.faults.borrow_mut().extend([None, Some(Fault::LostAnswer)]);
    assert!(matches!(pair.run().outcome, Outcome::Failed { .. }));
    pair.blikk.edit(&here, |event| event.place = "Rum 2".into());
    pair.run_until_done();
    assert_eq!((pair.blikk.only().1.place.as_str(), pair.exchange.only().1.place.as_str()), ("Rum 2", "Rum 2"));
}

#[test]
fn an_edit_that_was_not_carried_over_is_still_an_edit() {
    let pair = Pair::new();
    let here = pair.blikk.add(event("Möte"));
    pair.run_until_done();
    pair.blikk.edit(&here, |event| event.place = "Rum 1".into());
    pair.exchange.edit(&pair.exchange.only().0, |event| event.title = "Nytt namn".into());
    pair.exchange.faults.borrow_mut().extend([None, None, Some(Fault::LostRequest)]);
    assert!(matches!(pair.run().outcome, Outcome::Failed { .. }));
    pair.run_until_done();
    pair.assert_same();
    let event = pair.blikk.only().1;
    assert_eq!((event.title.as_str(), event.place.as_str()), ("Nytt namn", "Rum 1"));
}

#[test]
fn a_deletion_of_which_the_answer_was_lost_is_done() {
    let pair = Pair::new();
    let here = pair.blikk.add(event("Möte"));
    pair.run_until_done();
    pair.blikk.remove(&here);
    pair.exchange.faults.borrow_mut().extend([None, Some(Fault::LostAnswer)]);
    assert!(matches!(pair.run().outcome, Outcome::Failed { .. }));
    pair.run_until_done();
    assert_eq!((pair.blikk.ids().len(), pair.exchange.ids().len()), (0, 0));
    assert_eq!(pair.links(), []);
}

#[test]
fn the_history_knows_of_a_write_whose_answer_was_lost() {
    let pair = Pair::new();
    pair.blikk.add(event("Kick-off"));
    pair.exchange.faults.borrow_mut().extend([None, Some(Fault::LostAnswer)]);
    let run = pair.run().run.expect("a run that wrote");
    assert_eq!(pair.changes_of(run), []);
    pair.run_until_done();
    let changes = pair.changes_of(run);
    assert_eq!((changes.len(), changes[0].title.as_str(), changes[0].side), (1, "Kick-off", Side::Exchange));
}

#[test]
fn a_second_device_waits_while_the_first_is_at_work_and_takes_over_when_it_is_silent() {
    let pair = Pair::new();
    for number in 0..7 {
        pair.blikk.add(event(&format!("Möte {number}")));
    }
    pair.store.fail_after(1, StoreFault::Dies);
    assert_eq!(pair.run_with("test", Approval::default()), None, "the first device dies");
    let other = pair.run_on("another device");
    assert!(matches!(other.outcome, Outcome::Failed { problem: Problem { code: Code::RunElsewhere, .. }, .. }));
    assert_eq!(other.outcome, pair.run_on("another device").outcome, "and it stays so");
    pair.pass_hours(1);
    // What the first has sent may still arrive: the second says that it takes over, and waits as long as a call can take.
    let taking_over = pair.run_on("another device").outcome;
    assert!(matches!(taking_over, Outcome::Failed { problem: Problem { wait_seconds: Some(120), .. }, .. }));
    pair.pass_hours(1);
    assert_eq!(pair.run_on("another device").outcome, Outcome::Done);
    pair.assert_same();
}

#[test]
fn a_device_that_was_overtaken_writes_nothing_more() {
    let pair = Pair::new();
    for number in 0..7 {
        pair.blikk.add(event(&format!("Möte {number}")));
    }
    // Somebody else commits while the first batch is under way.
    pair.store.fail_after(1, StoreFault::Overtaken);
    let report = pair.run();
    assert!(matches!(report.outcome, Outcome::Failed { problem: Problem { code: Code::StoreStale, .. }, .. }));
    assert!(pair.exchange.ids().len() <= 3, "no batch went out after the first");
    pair.run_until_done();
    pair.assert_same();
}
