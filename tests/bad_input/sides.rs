//! A side whose lists and answers cannot be true.

use std::cell::Cell;

use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::port::{Change, ChangePage, Reading};
use blikk_calendar_sync::sync::report::{Outcome, RunReport};
use blikk_calendar_sync::sync::state::{RemoteId, Token, Uid};
use simulation::calendar::MemoryCalendar;

use crate::liar::{Liar, run_between};
use crate::pair::Pair;
use crate::{SIDES, code_of, event, linked};

type Lies<'a> = Liar<'a, MemoryCalendar>;

/// A run in which one side is spoken for by `liar`.
fn run_with(pair: &Pair, liar: &Lies<'_>) -> RunReport {
    match liar.inner_side() {
        Side::Blikk => run_between(liar, &pair.exchange, &pair.store, &pair.world),
        Side::Exchange => run_between(&pair.blikk, liar, &pair.store, &pair.world),
    }
}

fn id_of(change: &Change) -> RemoteId {
    match change {
        Change::Touched { id, .. } | Change::Deleted { id } => id.clone(),
        Change::Seen(observed) => observed.id.clone(),
    }
}

/// Each list of changes of `side`, made otherwise.
fn lists_otherwise<'a>(pair: &'a Pair, side: Side, make: impl Fn(ChangePage) -> ChangePage + 'a) -> Lies<'a> {
    Liar { changes: Box::new(move |_, page| page.map(&make)), ..Liar::before(pair.side(side)) }
}

/// Edited, added and deleted on `side`; what comes of it at the end.
fn with_news_on(side: Side) -> Pair {
    let pair = linked(3);
    pair.run();
    let ids = pair.side(side).ids();
    pair.side(side).edit(&ids[0], |event| event.place = "Rum 1".into());
    pair.side(side).add(event("Nytt"));
    pair.side(side).remove(&ids[5]);
    pair
}

fn assert_the_news_have_come(pair: &Pair, what: &str) {
    pair.assert_same();
    assert_eq!(pair.blikk.ids().len(), 6, "{what}: {:?}", pair.blikk.titles());
    assert_eq!(pair.blikk.events().iter().filter(|event| event.place == "Rum 1").count(), 1, "{what}");
    assert!(pair.blikk.titles().contains(&"Nytt".to_owned()), "{what}");
    pair.assert_at_rest();
}

#[test]
fn an_id_that_comes_twice_on_a_page_or_on_the_next_is_one_event() {
    for side in SIDES {
        type Make = fn(ChangePage) -> ChangePage;
        let cases: [(&str, Make); 3] = [
            ("one after the other", |page| {
                let changes = page.changes.into_iter().flat_map(|change| [change.clone(), change]).collect();
                ChangePage { changes, ..page }
            }),
            ("all once more", |page| {
                let changes = [page.changes.clone(), page.changes].concat();
                ChangePage { changes, ..page }
            }),
            ("backwards", |page| {
                let back = page.changes.iter().rev().cloned().collect();
                ChangePage { changes: [page.changes, back].concat(), ..page }
            }),
        ];
        for (what, make) in cases {
            let pair = with_news_on(side);
            assert_eq!(run_with(&pair, &lists_otherwise(&pair, side, make)).outcome, Outcome::Done);
            assert_the_news_have_come(&pair, &format!("{what}, {side:?}"));
        }
        // On two pages: the first comes once more, as the second.
        let pair = with_news_on(side);
        let (first, is_first): (Cell<Option<ChangePage>>, Cell<bool>) = (Cell::default(), Cell::new(true));
        let twice = Liar {
            changes: Box::new(|since, page| {
                if since.as_ref().is_some_and(|since| since.as_str() == "once more") {
                    return Ok(first.take().expect("the first page"));
                }
                let page = page?;
                if !is_first.replace(false) {
                    return Ok(page);
                }
                let again = ChangePage { next: Token::new("once more"), more: true, ..page.clone() };
                first.set(Some(page));
                Ok(again)
            }),
            ..Liar::before(pair.side(side))
        };
        assert_eq!(run_with(&pair, &twice).outcome, Outcome::Done);
        drop(twice);
        assert_the_news_have_come(&pair, &format!("on two pages, {side:?}"));
    }
}

#[test]
fn a_first_list_that_names_everything_twice_makes_nothing_twice() {
    for side in SIDES {
        let pair = Pair::new();
        for number in 0..10 {
            pair.side(side).add(event(&format!("Möte {number}")));
        }
        let twice = lists_otherwise(&pair, side, |page| ChangePage {
            changes: [page.changes.clone(), page.changes].concat(),
            ..page
        });
        assert_eq!(run_with(&pair, &twice).outcome, Outcome::Done);
        drop(twice);
        pair.assert_same();
        assert_eq!(pair.blikk.ids().len(), 10, "{side:?}");
        pair.assert_at_rest();
    }
}

#[test]
fn an_event_and_its_tombstone_in_one_list_are_settled_by_reading_in_whatever_order_they_come() {
    for side in SIDES {
        for tombstone_first in [false, true] {
            let pair = with_news_on(side);
            // Everything that is there is told as deleted too, and everything that is deleted as changed.
            let both = lists_otherwise(&pair, side, |page| {
                let tombstones = page.changes.iter().map(|change| Change::Deleted { id: id_of(change) });
                let tombstones: Vec<Change> = tombstones.collect();
                let changes = if tombstone_first {
                    [tombstones, page.changes].concat()
                } else {
                    [page.changes, tombstones].concat()
                };
                ChangePage { changes, ..page }
            });
            assert_eq!(run_with(&pair, &both).outcome, Outcome::Done);
            drop(both);
            pair.run_until_done();
            pair.side(side).kill_tokens();
            pair.run_until_done();
            assert_the_news_have_come(&pair, &format!("tombstone first: {tombstone_first}, {side:?}"));
        }
    }
}

#[test]
fn a_tombstone_for_everything_deletes_nothing_that_is_there() {
    for side in SIDES {
        let pair = linked(10);
        pair.run();
        let writes = pair.writes();
        let ids = pair.side(side).ids();
        let slander = lists_otherwise(&pair, side, |page| {
            let changes = ids.iter().map(|id| Change::Deleted { id: id.clone() }).collect();
            ChangePage { changes, ..page }
        });
        assert_eq!(run_with(&pair, &slander).outcome, Outcome::Done);
        drop(slander);
        assert_eq!(
            (pair.writes(), pair.side(side.other()).ids().len(), pair.links().len()),
            (writes, 20, 20),
            "{side:?}"
        );
        pair.assert_at_rest();
    }
}

#[test]
fn a_cursor_that_goes_in_circles_ends_the_run_with_a_reason_and_nothing_is_written() {
    for side in SIDES {
        let expected = if side == Side::Blikk { Code::BlikkNotUnderstood } else { Code::ExchangeFailed };
        for length in [1, 2, 5] {
            let pair = with_news_on(side);
            let (writes, tokens) = (pair.writes(), (pair.head().blikk_token, pair.head().exchange_token));
            let pages = Cell::new(0);
            let circle = Liar {
                changes: Box::new(|_, page| {
                    pages.set(pages.get() + 1);
                    assert!(pages.get() < 100, "it goes round and round");
                    Ok(ChangePage { next: Token::new(format!("place {}", pages.get() % length)), more: true, ..page? })
                }),
                ..Liar::before(pair.side(side))
            };
            let report = run_with(&pair, &circle);
            drop(circle);
            assert_eq!(code_of(&report), Some(expected), "{side:?}, {length}");
            assert_eq!((pair.writes(), (pair.head().blikk_token, pair.head().exchange_token)), (writes, tokens));
            pair.run_until_done();
            assert_the_news_have_come(&pair, &format!("afterwards, {side:?}"));
        }
    }
}

#[test]
fn a_cursor_that_goes_backwards_tells_old_news_again_and_nothing_comes_of_it() {
    for side in SIDES {
        let pair = linked(5);
        let first = pair.head();
        let first = if side == Side::Blikk { first.blikk_token } else { first.exchange_token };
        pair.run();
        let ids = pair.side(side).ids();
        pair.side(side).edit(&ids[0], |event| event.place = "Rum 1".into());
        pair.side(side).remove(&ids[1]);
        pair.run_until_done();
        let writes = pair.writes();
        // From now on it always says: go on from where you once began.
        let back = lists_otherwise(&pair, side, |page| ChangePage { next: first.clone().expect("a token"), ..page });
        for run in 0..5 {
            assert_eq!(run_with(&pair, &back).outcome, Outcome::Done, "{side:?}, run {run}");
            assert_eq!((pair.writes(), pair.links().len()), (writes, 9), "{side:?}, run {run}");
        }
        drop(back);
        pair.side(side).edit(&ids[0], |event| event.place = "Rum 2".into());
        pair.run_until_done();
        pair.assert_same();
        pair.assert_at_rest();
    }
}

#[test]
fn a_list_with_ids_that_nobody_can_read_deletes_nothing_and_makes_nothing() {
    for side in SIDES {
        let pair = linked(5);
        pair.run();
        let writes = pair.writes();
        let strange = lists_otherwise(&pair, side, |page| {
            let strangers = (0..5).map(|number| RemoteId::new(format!("nobody-{number}")));
            let changes = strangers.flat_map(|id| {
                let version = blikk_calendar_sync::sync::state::Version::new("1");
                [Change::Touched { id: id.clone(), version }, Change::Deleted { id }]
            });
            ChangePage { changes: changes.collect(), ..page }
        });
        assert_eq!(run_with(&pair, &strange).outcome, Outcome::Done);
        drop(strange);
        assert_eq!((pair.writes(), pair.links().len()), (writes, 10), "{side:?}");
        pair.assert_at_rest();
    }
}

#[test]
fn two_blikk_events_of_one_external_id_are_both_kept_and_neither_writes_over_the_other() {
    let pair = Pair::new();
    pair.exchange.add(event("Möte"));
    pair.run();
    pair.run();
    let uid = pair.exchange.uid(&pair.exchange.only().0).expect("a UID");
    pair.blikk.add(event("Tvilling"));
    // Blikk says of both that they are the item's.
    let twins = || {
        let with_uid = |uid: &Uid, page: ChangePage| {
            let changes = page.changes.into_iter().map(|change| match change {
                Change::Seen(mut observed) => {
                    observed.uid = Some(uid.clone());
                    Change::Seen(observed)
                }
                other => other,
            });
            ChangePage { changes: changes.collect(), ..page }
        };
        let uid = uid.clone();
        Liar { changes: Box::new(move |_, page| Ok(with_uid(&uid, page?))), ..Liar::before(&pair.blikk) }
    };
    for round in 0..3 {
        assert_eq!(run_with(&pair, &twins()).outcome, Outcome::Done, "round {round}");
        assert_eq!(pair.blikk.titles(), ["Möte", "Tvilling"], "round {round}");
        assert!(pair.exchange.titles().contains(&"Möte".to_owned()), "round {round}");
        assert!(pair.exchange.ids().len() <= 2, "round {round}: {:?}", pair.exchange.titles());
    }
    pair.store.wipe();
    for round in 0..3 {
        assert_eq!(run_with(&pair, &twins()).outcome, Outcome::Done);
        let titles = pair.blikk.titles();
        let is_there = |title: &str| titles.iter().any(|there| there == title);
        assert!(is_there("Möte") && is_there("Tvilling"), "with the state lost, round {round}: {titles:?}");
    }
    let writes = pair.writes();
    run_with(&pair, &twins());
    assert_eq!(pair.writes(), writes, "and it comes to rest");
}

#[test]
fn a_side_that_answers_for_fewer_than_were_asked_about_loses_nothing() {
    for side in SIDES {
        // What is written.
        for verb in 0..3 {
            let pair = with_news_on(side);
            let is_done = Cell::new(false);
            let short = |pair: &Pair| -> bool { pair.calls()[0] > 0 && !is_done.replace(true) };
            let mut liar = Liar::before(pair.side(side.other()));
            match verb {
                0 => liar.create = Box::new(|results| shortened(results, short(&pair))),
                1 => liar.update = Box::new(|results| shortened(results, short(&pair))),
                _ => liar.delete = Box::new(|results| shortened(results, short(&pair))),
            }
            let report = run_with(&pair, &liar);
            drop(liar);
            assert_eq!(code_of(&report), Some(Code::Internal), "{side:?}, verb {verb}: {report:?}");
            pair.run_until_done();
            assert_the_news_have_come(&pair, &format!("{side:?}, verb {verb}"));
        }
    }
}

fn shortened<T>(results: Result<Vec<T>, Problem>, is_short: bool) -> Result<Vec<T>, Problem> {
    let mut results = results?;
    if is_short {
        results.pop();
    }
    Ok(results)
}

#[test]
fn a_reading_that_tells_of_fewer_than_were_asked_about_is_no_news_of_the_others_and_is_asked_for_again() {
    for side in SIDES {
        let pair = with_news_on(side);
        let is_done = Cell::new(false);
        let short = Liar {
            read: Box::new(|ids, readings| shortened(readings, ids.len() > 1 && !is_done.replace(true))),
            ..Liar::before(pair.side(side))
        };
        let report = run_with(&pair, &short);
        drop(short);
        assert!(report.outcome == Outcome::Done || code_of(&report) == Some(Code::Internal), "{report:?}");
        pair.run_until_done();
        assert_the_news_have_come(&pair, &format!("{side:?}"));
    }
}

#[test]
fn readings_in_another_order_belong_to_the_events_that_they_name() {
    for side in SIDES {
        let pair = with_news_on(side);
        let turned = Liar {
            read: Box::new(|_, readings| readings.map(|readings| readings.into_iter().rev().collect())),
            ..Liar::before(pair.side(side))
        };
        run_with(&pair, &turned);
        drop(turned);
        pair.run_until_done();
        assert_the_news_have_come(&pair, &format!("{side:?}"));
    }
}

#[test]
fn a_reading_of_somebody_elses_event_is_not_brought_over() {
    let strange = || {
        let elsewhere = Pair::new();
        elsewhere.exchange.add(event("Någon annans"));
        let (id, _) = elsewhere.exchange.only();
        pollster(&elsewhere.exchange, &id)
    };
    let pair = with_news_on(Side::Exchange);
    let others = Liar {
        read: Box::new(move |_, readings| {
            let mut readings = readings?;
            readings.push(strange());
            Ok(readings)
        }),
        ..Liar::before(&pair.exchange)
    };
    run_with(&pair, &others);
    drop(others);
    pair.run_until_done();
    assert!(!pair.blikk.titles().contains(&"Någon annans".to_owned()), "{:?}", pair.blikk.titles());
    assert_the_news_have_come(&pair, "afterwards");
}

/// What a calendar says of one event.
fn pollster(calendar: &MemoryCalendar, id: &RemoteId) -> Reading {
    use blikk_calendar_sync::sync::port::Calendar as _;
    let read = crate::pair::at_once(calendar.read(std::slice::from_ref(id))).expect("no waiting");
    let Some(Reading::Found(mut observed)) = read.expect("a reading").pop() else { panic!("it is there") };
    observed.id = RemoteId::new("somebody-elses");
    Reading::Found(observed)
}
