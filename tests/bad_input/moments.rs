//! People who change an event while we read it, or between our reading and our writing.

use std::cell::Cell;

use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::report::Outcome;
use blikk_calendar_sync::sync::state::RemoteId;
use simulation::calendar::MemoryCalendar;

use crate::liar::{Liar, run_between};
use crate::pair::Pair;
use crate::{SIDES, event};

/// Does something once.
struct Once<'a>(Cell<Option<Box<dyn FnOnce() + 'a>>>);

impl<'a> Once<'a> {
    fn new(act: impl FnOnce() + 'a) -> Self {
        Once(Cell::new(Some(Box::new(act))))
    }

    fn now(&self) {
        if let Some(act) = self.0.take() {
            act();
        }
    }
}

/// When a person acts: after that.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// The list has been made, and nothing was read yet.
    Listed,
    Read,
    /// The other side was written to.
    Created,
    Updated,
}

const MOMENTS: [Moment; 4] = [Moment::Listed, Moment::Read, Moment::Created, Moment::Updated];

/// `calendar`, and at that moment of it, for the first time, somebody acts.
fn at<'a>(calendar: &'a MemoryCalendar, moment: Moment, once: &'a Once<'_>) -> Liar<'a, MemoryCalendar> {
    let mut liar = Liar::before(calendar);
    match moment {
        Moment::Listed => {
            liar.changes = Box::new(|_, page| {
                once.now();
                page
            });
        }
        Moment::Read => {
            liar.read = Box::new(|_, readings| {
                once.now();
                readings
            });
        }
        Moment::Created => {
            liar.create = Box::new(|results| {
                once.now();
                results
            });
        }
        Moment::Updated => {
            liar.update = Box::new(|results| {
                once.now();
                results
            });
        }
    }
    liar
}

/// A pair with an event on both sides that was just edited on `side`, and one more that is new there.
fn edited_on(side: Side) -> Pair {
    let pair = Pair::new();
    pair.side(side).add(event("Möte"));
    pair.run_until_done();
    pair.side(side).edit(&its(&pair, side), |event| event.place = "Rum 1".into());
    pair.side(side).add(event("Nytt"));
    pair
}

fn its(pair: &Pair, side: Side) -> RemoteId {
    let is_it = |id: &RemoteId| pair.side(side).event(id).is_some_and(|event| event.title.starts_with("Möte"));
    pair.side(side).ids().into_iter().find(is_it).expect("the event")
}

fn run_while(pair: &Pair, watched: Side, moment: Moment, act: impl FnOnce()) -> Outcome {
    let once = Once::new(act);
    let liar = at(pair.side(watched), moment, &once);
    let report = match watched {
        Side::Blikk => run_between(&liar, &pair.exchange, &pair.store, &pair.world),
        Side::Exchange => run_between(&pair.blikk, &liar, &pair.store, &pair.world),
    };
    report.outcome
}

#[test]
fn an_event_that_is_edited_at_any_moment_of_a_run_ends_with_every_edit_on_both_sides() {
    for edited in SIDES {
        for (watched, moment) in SIDES.into_iter().flat_map(|side| MOMENTS.map(|moment| (side, moment))) {
            for acting in SIDES {
                let what = format!("edited in {edited:?}; {moment:?} of {watched:?}, in {acting:?}");
                let pair = edited_on(edited);
                run_while(&pair, watched, moment, || {
                    pair.side(acting).edit(&its(&pair, acting), |event| event.body = "Medan du läste".into());
                });
                pair.run_until_done();
                pair.assert_same();
                assert_eq!(pair.blikk.titles(), ["Möte", "Nytt"], "{what}");
                let held = pair.blikk.event(&its(&pair, Side::Blikk)).expect("it is there");
                let acted = pair.side(acting).event(&its(&pair, acting)).expect("it is there");
                assert_eq!((held.place.as_str(), &held.body), ("Rum 1", &acted.body), "{what}");
                pair.assert_at_rest();
            }
        }
    }
}

#[test]
fn an_event_that_is_deleted_at_any_moment_of_a_run_takes_nobodys_edit_with_it() {
    for edited in SIDES {
        for (watched, moment) in SIDES.into_iter().flat_map(|side| MOMENTS.map(|moment| (side, moment))) {
            for acting in SIDES {
                let what = format!("edited in {edited:?}; {moment:?} of {watched:?}, deleted in {acting:?}");
                let pair = edited_on(edited);
                run_while(&pair, watched, moment, || pair.side(acting).remove(&its(&pair, acting)));
                pair.run_until_done();
                pair.assert_same();
                let titles = pair.blikk.titles();
                assert!(titles == ["Möte", "Nytt"] || titles == ["Nytt"], "{what}: {titles:?}");
                if titles.len() == 2 {
                    let held = pair.blikk.event(&its(&pair, Side::Blikk)).expect("it is there");
                    assert_eq!(held.place, "Rum 1", "{what}");
                } else {
                    // Nobody's edit is gone that was not seen by who deleted it, or stands in the history.
                    let is_told = pair
                        .runs()
                        .iter()
                        .any(|run| pair.changes_of(run.run).iter().any(|change| change.title == "Möte"));
                    assert!(acting == edited || is_told, "{what}");
                }
                pair.assert_at_rest();
            }
        }
    }
}

#[test]
fn an_event_that_is_edited_whenever_we_look_ends_the_run_and_not_the_edits() {
    for side in SIDES {
        let pair = edited_on(side);
        let count = Cell::new(0);
        let restless = |calendar| {
            let edit = || {
                count.set(count.get() + 1);
                let id = its(&pair, side.other());
                pair.side(side.other()).edit(&id, |event| event.body = format!("Gång {}", count.get()));
            };
            Liar {
                read: Box::new(move |_, readings| {
                    edit();
                    readings
                }),
                ..Liar::before(calendar)
            }
        };
        let liar = restless(pair.side(side.other()));
        for _ in 0..3 {
            match side {
                Side::Blikk => run_between(&pair.blikk, &liar, &pair.store, &pair.world),
                Side::Exchange => run_between(&liar, &pair.exchange, &pair.store, &pair.world),
            };
        }
        drop(liar);
        pair.run_until_done();
        pair.assert_same();
        let held = pair.blikk.event(&its(&pair, Side::Blikk)).expect("it is there");
        assert_eq!(held.place, "Rum 1", "{side:?}");
        assert_eq!(
            held.body,
            if count.get() == 0 { String::new() } else { format!("Gång {}", count.get()) },
            "{side:?}"
        );
        pair.assert_at_rest();
    }
}
