//! Scenarios 2 and 4 to 7: what a list says, and what it does not say.

use std::cell::Cell;

use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::options::{Brake, Options};
use blikk_calendar_sync::sync::port::Observed;
use blikk_calendar_sync::sync::preview::{Approval, Hold};
use blikk_calendar_sync::sync::report::Outcome;
use blikk_calendar_sync::sync::state::RemoteId;
use simulation::calendar::{Fault, Temper};
use simulation::store::StoreFault;

use crate::event;
use crate::liar::{Liar, run_between};
use crate::pair::Pair;

const SIDES: [Side; 2] = [Side::Blikk, Side::Exchange];

/// So many events that were made on `side` and are on both.
fn linked(side: Side, count: usize) -> Pair {
    let pair = roomy();
    for number in 0..count {
        pair.side(side).add(event(&format!("Möte {number:05}")));
    }
    assert_eq!(pair.run().outcome, Outcome::Done);
    pair
}

/// Pages and batches of a hundred, for many events.
fn roomy() -> Pair {
    let pair = Pair::new();
    for side in SIDES {
        pair.side(side).temper.set(Temper { page_size: 100, batch_size: 100, ..Temper::default() });
    }
    pair
}

fn hold_of(outcome: &Outcome) -> Option<Hold> {
    match outcome {
        Outcome::Held { preview } => preview.held,
        _ => None,
    }
}

#[test]
fn scenario_2_killed_after_4_000_of_10_000_ten_deletions_and_ten_edits_of_copies_stand() {
    let (all, done) = (10_000, 4_000);
    let pair = roomy();
    for number in 0..all {
        pair.blikk.add(event(&format!("Möte {number:05}")));
    }
    // One commit for each batch of a hundred, with the results of the batch before.
    pair.store.fail_after(done / 100, StoreFault::Dies);
    assert_eq!(pair.run_with("test", Approval::default()), None, "the tab is closed");
    let mut copies = pair.exchange.ids();
    copies.sort_by_key(|id| (id.as_str().len(), id.as_str().to_owned())); // In the order of their making.
    assert_eq!(copies.len(), done);

    // Of the last batch nobody was told any more. What is deleted of it cannot be told from what never arrived; what is
    // edited of it can.
    let known = copies.len() - 100;
    let (deleted, edited) = (&copies[known - 10..known], &copies[copies.len() - 10..]);
    let titles: Vec<String> = deleted.iter().filter_map(|id| Some(pair.exchange.event(id)?.title)).collect();
    for id in deleted {
        pair.exchange.remove(id);
    }
    for id in edited {
        pair.exchange.edit(id, |event| event.place = "Rum 7".into());
    }
    // It is the first run still, so what it would delete waits for a yes.
    assert_eq!(hold_of(&pair.run().outcome), Some(Hold::FirstRun));
    assert_eq!(pair.run_approved(10, 0).outcome, Outcome::Done);
    pair.assert_same();
    pair.assert_at_rest();
    let left = pair.blikk.titles();
    assert_eq!(left.len(), all - 10, "none doubled, none lost");
    assert_eq!(titles.iter().filter(|title| left.contains(title)).count(), 0, "what was deleted stays deleted");
    for side in SIDES {
        let edited = pair.side(side).events().into_iter().filter(|event| event.place == "Rum 7").count();
        assert_eq!(edited, 10, "every edit is there: {side:?}");
    }
}

#[test]
fn scenario_4_our_own_create_that_comes_back_plans_nothing_in_three_runs() {
    for side in SIDES {
        let pair = linked(side, 20);
        let writes = pair.writes();
        for run in 0..3 {
            // The whole calendar is told again, our own creates among it.
            pair.side(side.other()).kill_tokens();
            assert_eq!(pair.preview().steps, [], "{side:?}, run {run}");
            let calls = pair.side(side.other()).calls();
            assert_eq!(pair.run().outcome, Outcome::Done);
            assert_eq!(pair.side(side.other()).calls() - calls, 2, "the dead token, one page, and nothing read");
        }
        for run in 0..3 {
            // A server that gives everything a new version for no reason (R15).
            for id in pair.side(side.other()).ids() {
                pair.side(side.other()).edit(&id, |_| {});
            }
            let preview = pair.preview();
            assert_eq!((preview.steps, preview.linked), (Vec::new(), 0), "{side:?}, run {run}");
            assert_eq!(pair.run().outcome, Outcome::Done);
        }
        assert_eq!(pair.writes(), writes, "{side:?}");
        let calls = pair.calls();
        pair.run();
        assert_eq!([0, 1, 2].map(|place| pair.calls()[place] - calls[place]), [1, 1, 1], "and it is forgotten");
    }
}

#[test]
fn scenario_5_of_500_linked_events_an_empty_a_broken_or_an_incomplete_list_deletes_none() {
    for side in SIDES {
        let pair = linked(side, 500);
        pair.run();
        let writes = pair.writes();
        let stands = |what: &str| {
            let counts = (pair.writes(), pair.side(side.other()).ids().len(), pair.links().len());
            assert_eq!(counts, (writes, 500, 500), "{what}: {side:?}");
        };

        // 200 with nothing in it, where only changes were asked for, where everything was, and where it is checked.
        pair.side(side).hidden.borrow_mut().extend(pair.side(side).ids());
        assert_eq!(pair.run().outcome, Outcome::Done);
        stands("nothing changed");
        pair.side(side).kill_tokens();
        assert_eq!(pair.run().outcome, Outcome::Done);
        stands("there is nothing");
        pair.pass_hours(24);
        assert_eq!(pair.run().outcome, Outcome::Done);
        stands("the check finds nothing");
        pair.side(side).hidden.borrow_mut().clear();

        // Page three of five.
        pair.side(side).kill_tokens();
        pair.side(side).faults.borrow_mut().extend([None, None, None, Some(Fault::LostRequest)]);
        let tokens = (pair.head().blikk_token, pair.head().exchange_token);
        assert!(matches!(pair.run().outcome, Outcome::Failed { side: Some(failed), .. } if failed == side));
        stands("a page is missing");
        assert_eq!((pair.head().blikk_token, pair.head().exchange_token), tokens, "it goes on from where it was");
        assert_eq!(pair.run().outcome, Outcome::Done);
        stands("and then it is not");

        // One of five hundred.
        let missing = pair.side(side).ids().swap_remove(250);
        pair.side(side).hidden.borrow_mut().insert(missing);
        pair.side(side).kill_tokens();
        assert_eq!(pair.run().outcome, Outcome::Done);
        stands("one is missing");
    }
}

#[test]
fn scenario_5_a_deletion_among_500_that_an_incomplete_list_does_not_mention_is_found_all_the_same() {
    for side in SIDES {
        let pair = linked(side, 500);
        let ids = pair.side(side).ids();
        pair.side(side).remove_untold(&ids[17]);
        pair.side(side).hidden.borrow_mut().insert(ids[18].clone());
        pair.side(side).kill_tokens();
        let report = pair.run();
        let deleted = if side == Side::Blikk { report.exchange.deleted } else { report.blikk.deleted };
        assert_eq!((deleted, pair.side(side.other()).ids().len()), (1, 499), "what is gone, and not what is hidden");
    }
}

#[test]
fn scenario_6_what_we_have_just_created_may_be_missing_from_every_list_for_as_long_as_it_takes() {
    for side in SIDES {
        let pair = linked(side, 3);
        let here = pair.side(side).add(event("Nytt"));
        let other = pair.side(side.other());
        // It is made, and no list shows it: from the very next page on.
        let hide = Liar {
            create: Box::new(|results| {
                let made = results.iter().flatten().flatten().map(|observed| observed.id.clone());
                other.hidden.borrow_mut().extend(made);
                results
            }),
            ..Liar::before(other)
        };
        match side {
            Side::Blikk => run_between(&pair.blikk, &hide, &pair.store, &pair.world),
            Side::Exchange => run_between(&hide, &pair.exchange, &pair.store, &pair.world),
        };
        drop(hide);
        assert_eq!(other.hidden.borrow().len(), 1);
        let writes = pair.writes();
        for run in 0..5 {
            if run % 2 == 1 {
                other.kill_tokens();
            }
            pair.pass_hours(25);
            assert_eq!(pair.run().outcome, Outcome::Done);
            assert!(pair.side(side).event(&here).is_some(), "{side:?}, run {run}");
        }
        other.hidden.borrow_mut().clear();
        other.kill_tokens();
        pair.run();
        assert_eq!((pair.writes(), other.ids().len()), (writes, 4), "and it is not made again either: {side:?}");
    }
}

/// The list lags by so many changes: by one it tells of the new item and not that the old one is gone, by two of neither.
#[test]
fn scenario_16_an_item_that_was_moved_is_the_same_event_whatever_half_of_it_the_list_tells() {
    for origin in SIDES {
        for lag in [0, 1, 2] {
            for is_edited in [false, true] {
                let pair = linked(origin, 2);
                let (here, there) = (pair.blikk.ids().remove(0), pair.exchange.ids().remove(0));
                pair.exchange.move_out_and_back(&there);
                if is_edited {
                    pair.blikk.edit(&here, |event| event.place = "Rum 2".into());
                }
                let events = (pair.blikk.ids(), pair.exchange.ids());
                pair.exchange.faults.borrow_mut().push_back(Some(Fault::Late(lag)));
                for _ in 0..3 {
                    pair.run();
                }
                let what = format!("made in {origin:?}, {lag} changes late, edited: {is_edited}");
                assert_eq!((pair.blikk.ids(), pair.exchange.ids()), events, "{what}");
                assert_eq!(pair.run().not_synchronised.len(), 0, "{what}");
                pair.assert_same();
            }
        }
    }
}

#[test]
fn scenario_16_an_item_that_was_moved_twice_is_still_the_same_event() {
    let pair = linked(Side::Exchange, 2);
    pair.exchange.move_out_and_back(&pair.exchange.ids().remove(0));
    let kept_back: Vec<RemoteId> = pair.exchange.ids();
    pair.exchange.hidden.borrow_mut().extend(kept_back);
    pair.run();
    pair.exchange.hidden.borrow_mut().clear();
    let moved = pair.exchange.ids().into_iter().next_back().expect("an item");
    pair.exchange.move_out_and_back(&moved);
    let events = (pair.blikk.ids(), pair.exchange.ids());
    pair.run();
    pair.run();
    assert_eq!((pair.blikk.ids(), pair.exchange.ids()), events);
    pair.assert_same();
}

#[test]
fn scenario_3_with_the_state_lost_a_list_of_blikks_that_lags_doubles_nothing() {
    for origin in SIDES {
        let pair = linked(origin, 2);
        let writes = pair.writes();
        pair.store.wipe();
        pair.blikk.faults.borrow_mut().push_back(Some(Fault::Late(2)));
        pair.run();
        pair.run();
        assert_eq!((pair.writes(), pair.blikk.ids().len(), pair.exchange.ids().len()), (writes, 2, 2), "{origin:?}");
        pair.assert_same();
    }
}

/// Between CreateItem and the GetItem that reads back.
#[test]
fn scenario_21_an_item_that_is_gone_when_it_is_to_be_read_back_was_deleted_or_moved() {
    for is_moved in [false, true] {
        let pair = linked(Side::Blikk, 3);
        pair.blikk.add(event("Nytt"));
        let person = Liar {
            create: Box::new(|results| {
                let acts = |made: Result<Observed, Problem>| {
                    let id = made?.id;
                    if is_moved {
                        pair.exchange.move_out_and_back(&id)
                    } else {
                        pair.exchange.remove(&id)
                    }
                    Err(Code::ExchangeItemGone.into())
                };
                results.map(|results| results.into_iter().map(acts).collect())
            }),
            ..Liar::before(&pair.exchange)
        };
        let report = run_between(&pair.blikk, &person, &pair.store, &pair.world);
        assert_eq!((report.outcome, report.not_synchronised.len()), (Outcome::Done, 0), "moved: {is_moved}");
        let left = if is_moved { 4 } else { 3 };
        assert_eq!((pair.blikk.ids().len(), pair.exchange.ids().len()), (left, left), "moved: {is_moved}");
        pair.run();
        pair.assert_same();
    }
}

#[test]
fn scenario_7_when_600_of_1_000_vanish_the_run_waits_with_a_preview_for_as_long_as_nobody_says_yes() {
    for side in SIDES {
        let pair = linked(side, 1_000);
        for id in pair.side(side).ids().into_iter().take(600) {
            pair.side(side).remove(&id);
        }
        let writes = pair.writes();
        for _ in 0..3 {
            let Outcome::Held { preview } = pair.run().outcome else { panic!("it waits: {side:?}") };
            let deleted = if side == Side::Blikk { preview.exchange.deleted } else { preview.blikk.deleted };
            assert_eq!((preview.held, deleted), (Some(Hold::TooMany), 600));
            assert_eq!((pair.writes(), pair.side(side.other()).ids().len()), (writes, 1_000));
            pair.pass_hours(1);
        }
        let report = match side {
            Side::Blikk => pair.run_approved(0, 600),
            Side::Exchange => pair.run_approved(600, 0),
        };
        assert_eq!((report.outcome, pair.side(side.other()).ids().len()), (Outcome::Done, 400));
        pair.assert_at_rest();
    }
}

#[test]
fn scenario_7_where_the_brake_is_set_it_holds() {
    #[rustfmt::skip]
    let cases = [
        // brake                              gone   waits
        (Brake { events: 5, percent: 20 },     20,   false),
        (Brake { events: 5, percent: 20 },     21,   true),
        (Brake { events: 5, percent: 0 },       5,   false),
        (Brake { events: 5, percent: 0 },       6,   true),
        (Brake { events: 0, percent: 0 },       1,   true),
        (Brake { events: 60, percent: 20 },    60,   false),
        (Brake { events: 0, percent: 60 },     61,   true),
    ];
    for (brake, gone, waits) in cases {
        for side in SIDES {
            let pair = linked(side, 100);
            pair.choose(Options { brake, ..Options::default() });
            for id in pair.side(side).ids().into_iter().take(gone) {
                pair.side(side).remove(&id);
            }
            let report = pair.run();
            let left = pair.side(side.other()).ids().len();
            let expected = if waits { (Some(Hold::TooMany), 100) } else { (None, 100 - gone) };
            assert_eq!((hold_of(&report.outcome), left), expected, "{brake:?}, {gone}, {side:?}");
        }
    }
}

/// The pair's very first run, while which somebody deletes what it has just brought over.
fn first_run_with_a_deletion() -> (Pair, Outcome) {
    let pair = roomy();
    for number in 0..10 {
        pair.exchange.add(event(&format!("Möte {number}")));
    }
    let is_done = Cell::new(false);
    let somebody = Liar {
        create: Box::new(|results| {
            if !is_done.replace(true) {
                pair.exchange.remove(&pair.exchange.ids()[3]);
            }
            results
        }),
        ..Liar::before(&pair.blikk)
    };
    let outcome = run_between(&somebody, &pair.exchange, &pair.store, &pair.world).outcome;
    drop(somebody);
    (pair, outcome)
}

#[test]
fn scenario_7_a_first_run_deletes_nothing_without_a_yes() {
    let (pair, outcome) = first_run_with_a_deletion();
    assert_eq!(hold_of(&outcome), Some(Hold::FirstRun));
    assert_eq!((pair.blikk.ids().len(), pair.exchange.ids().len()), (10, 9));
    assert_eq!(pair.run_approved(1, 0).outcome, Outcome::Done);
    assert_eq!((pair.blikk.ids().len(), pair.exchange.ids().len()), (9, 9));
}

#[test]
fn scenario_7_a_first_run_that_waits_for_a_yes_is_not_overtaken_by_the_next_run() {
    let (pair, outcome) = first_run_with_a_deletion();
    assert_eq!(hold_of(&outcome), Some(Hold::FirstRun));
    assert_eq!(hold_of(&pair.run().outcome), Some(Hold::FirstRun), "nobody has said yes yet");
    assert_eq!(pair.blikk.ids().len(), 10);
}
