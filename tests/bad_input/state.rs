//! What is remembered is unreadable, of another time, or cannot be written.

use std::cell::Cell;

use blikk_calendar_sync::event::{Event, Sensitivity};
use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::anew::begin_anew;
use blikk_calendar_sync::sync::history::{ChangeRecord, RunRecord};
use blikk_calendar_sync::sync::journal::Operation;
use blikk_calendar_sync::sync::options::{Conflicts, Options, PrivateEvents};
use blikk_calendar_sync::sync::port::StateStore;
use blikk_calendar_sync::sync::preview::Approval;
use blikk_calendar_sync::sync::report::Outcome;
use blikk_calendar_sync::sync::run::World;
use blikk_calendar_sync::sync::state::{Commit, Head, IndexRow, Link, LinkId, Remains, RemoteId};
use blikk_calendar_sync::zone::IanaRules;
use simulation::calendar::Fault;
use simulation::store::{StoreFault, WatchedStore};

use crate::liar::run_between;
use crate::pair::{Pair, at_once};
use crate::{code_of, event, linked};

/// What of the state is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    Head,
    /// No part of the head.
    HeadAndChoice,
    LinksOf,
    Index,
    LinksAfter,
    Operations,
}

/// A store of which one table cannot be read, until it is cleared.
struct Spoilt<'a> {
    inner: &'a WatchedStore,
    spoilt: Cell<Option<(Question, Code)>>,
}

impl Spoilt<'_> {
    fn asked(&self, question: Question) -> Result<(), Problem> {
        match self.spoilt.get() {
            Some((spoilt, code)) if spoilt == question => Err(Problem::new(code).said("a row is not what we wrote")),
            _ => Ok(()),
        }
    }
}

impl StateStore for Spoilt<'_> {
    async fn head(&self) -> Result<Head, Problem> {
        self.asked(Question::Head)?;
        self.asked(Question::HeadAndChoice)?;
        self.inner.head().await
    }

    async fn remains(&self) -> Result<Remains, Problem> {
        let remains = self.inner.remains().await?;
        let options = remains.options.filter(|_| self.asked(Question::HeadAndChoice).is_ok());
        Ok(Remains { options, ..remains })
    }

    async fn links_of(&self, side: Side, ids: &[RemoteId]) -> Result<Vec<Link>, Problem> {
        self.asked(Question::LinksOf)?;
        self.inner.links_of(side, ids).await
    }

    async fn index(&self) -> Result<Vec<IndexRow>, Problem> {
        self.asked(Question::Index)?;
        self.inner.index().await
    }

    async fn links_after(&self, after: Option<&LinkId>, limit: u32) -> Result<Vec<Link>, Problem> {
        self.asked(Question::LinksAfter)?;
        self.inner.links_after(after, limit).await
    }

    async fn operations(&self) -> Result<Vec<Operation>, Problem> {
        self.asked(Question::Operations)?;
        self.inner.operations().await
    }

    async fn runs(&self) -> Result<Vec<RunRecord>, Problem> {
        self.inner.runs().await
    }

    async fn changes_of(&self, run: u64) -> Result<Vec<ChangeRecord>, Problem> {
        self.inner.changes_of(run).await
    }

    async fn commit(&self, commit: Commit) -> Result<(), Problem> {
        let clears = commit.clear;
        self.inner.commit(commit).await?;
        if clears {
            self.spoilt.set(None);
        }
        Ok(())
    }
}

/// A pair of which everything has to be asked: all is told again, the person chose otherwise, and a write was left.
fn with_everything_to_ask() -> Pair {
    let pair = linked(5);
    pair.run();
    pair
}

#[test]
fn a_row_that_cannot_be_read_lets_the_run_forget_and_link_everything_anew_without_a_write() {
    for question in [Question::LinksOf, Question::Index, Question::LinksAfter] {
        let pair = with_everything_to_ask();
        // So that each of the tables is asked.
        pair.exchange.kill_tokens();
        pair.choose(Options { conflicts: Conflicts::Ask, ..Options::default() });
        let (writes, options) = (pair.writes(), pair.head().options);
        let store = Spoilt { inner: &pair.store, spoilt: Cell::new(Some((question, Code::StoreUnreadable))) };
        let report = run_between(&pair.blikk, &pair.exchange, &store, &pair.world);
        assert_eq!((report.outcome, report.linked, pair.writes()), (Outcome::Done, 10, writes), "{question:?}");
        assert_eq!(store.spoilt.get(), None, "{question:?}: it was asked, and is forgotten");
        assert_eq!((pair.links().len(), pair.head().options), (10, options), "{question:?}: what was chosen stays");
        pair.assert_same();
        pair.assert_at_rest();
    }
}

#[test]
fn what_people_did_before_the_state_was_found_spoilt_is_not_lost() {
    let pair = linked(5);
    pair.run();
    let (edited, deleted) = (pair.blikk.ids()[0].clone(), pair.exchange.ids()[1].clone());
    pair.blikk.edit(&edited, |event| event.place = "Rum 1".into());
    pair.exchange.remove(&deleted);
    pair.blikk.add(event("Nytt"));
    let store = Spoilt { inner: &pair.store, spoilt: Cell::new(Some((Question::LinksOf, Code::StoreUnreadable))) };
    assert_eq!(run_between(&pair.blikk, &pair.exchange, &store, &pair.world).outcome, Outcome::Done);
    pair.run_until_done();
    pair.assert_same();
    // What was deleted comes back: without a past, an absence says nothing.
    assert_eq!(pair.blikk.ids().len(), 11);
    assert!(pair.exchange.events().iter().any(|event| event.place == "Rum 1"));
}

#[test]
fn a_journal_that_cannot_be_read_ends_in_linking_anew_too() {
    let pair = linked(3);
    pair.blikk.add(event("Nytt"));
    pair.exchange.faults.borrow_mut().extend([None, Some(Fault::LostAnswer)]);
    assert!(code_of(&pair.run()).is_some());
    assert_eq!(pair.operations().len(), 1);
    let store = Spoilt { inner: &pair.store, spoilt: Cell::new(Some((Question::Operations, Code::StoreUnreadable))) };
    let report = run_between(&pair.blikk, &pair.exchange, &store, &pair.world);
    assert_eq!(report.outcome, Outcome::Done);
    assert_eq!((pair.blikk.ids().len(), pair.exchange.ids().len(), pair.links().len()), (7, 7, 7));
    pair.assert_at_rest();
}

#[test]
fn a_head_that_cannot_be_read_is_named_and_nothing_is_written() {
    for code in [Code::StoreUnreadable, Code::StoreNewer, Code::StoreFailed] {
        let pair = linked(3);
        pair.blikk.add(event("Nytt"));
        let (writes, links) = (pair.writes(), pair.links());
        let store = Spoilt { inner: &pair.store, spoilt: Cell::new(Some((Question::Head, code))) };
        for _ in 0..3 {
            let report = run_between(&pair.blikk, &pair.exchange, &store, &pair.world);
            assert_eq!(code_of(&report), Some(code));
            assert_eq!((pair.writes(), pair.links()), (writes, links.clone()), "{code:?}");
        }
        store.spoilt.set(None);
        assert_eq!(run_between(&pair.blikk, &pair.exchange, &store, &pair.world).outcome, Outcome::Done);
        pair.assert_same();
    }
}

/// Begins anew with any memory.
fn anew(pair: &Pair, store: &impl StateStore) -> Result<u32, Code> {
    let (blikk, exchange, host) = (&pair.blikk, &pair.exchange, &pair.world);
    let world =
        World { blikk, exchange, store, clock: host, random: host, audience: host, zones: &IanaRules, holder: "test" };
    at_once(begin_anew(&world, "Upptagen")).expect("no waiting").map_err(|problem| problem.code)
}

#[test]
fn a_head_that_cannot_be_read_is_forgotten_when_the_person_says_so_and_the_next_run_knows_everything_again() {
    let pair = linked(5);
    let options = Options { conflicts: Conflicts::Ask, ..Options::default() };
    pair.choose(options.clone());
    pair.run_until_done();
    let (writes, generation) = (pair.writes(), pair.head().generation);
    let store = Spoilt { inner: &pair.store, spoilt: Cell::new(Some((Question::Head, Code::StoreUnreadable))) };
    assert_eq!(anew(&pair, &store), Ok(120));
    assert_eq!((pair.links(), pair.operations(), pair.runs(), pair.writes()), (vec![], vec![], vec![], writes));
    assert_eq!((pair.head().generation, pair.head().options), (generation + 1, options), "what was chosen stays");
    // What another device sent before it was shut out has the time to arrive.
    let waits = Problem { code: Code::RunElsewhere, server: None, wait_seconds: Some(120) };
    assert_eq!(pair.run().outcome, Outcome::Failed { side: None, problem: waits });
    pair.pass_hours(1);
    let report = pair.run();
    assert_eq!((report.outcome, report.linked, pair.writes()), (Outcome::Done, 10, writes));
    pair.assert_same();
    pair.assert_at_rest();
}

#[test]
fn only_a_head_that_cannot_be_read_is_forgotten() {
    let pair = linked(3);
    let (head, links) = (pair.head(), pair.links());
    assert_eq!(anew(&pair, &pair.store), Ok(0), "there is nothing wrong with it");
    for code in [Code::StoreNewer, Code::StoreFailed] {
        let store = Spoilt { inner: &pair.store, spoilt: Cell::new(Some((Question::Head, code))) };
        assert_eq!(anew(&pair, &store), Err(code));
    }
    pair.store.fail_after(0, StoreFault::Overtaken);
    let store = Spoilt { inner: &pair.store, spoilt: Cell::new(Some((Question::Head, Code::StoreUnreadable))) };
    assert_eq!(anew(&pair, &store), Err(Code::StoreStale), "somebody mended it meanwhile");
    assert_eq!((Head { generation: head.generation, ..pair.head() }, pair.links()), (head, links));
}

#[test]
fn a_device_that_was_at_work_when_another_began_anew_writes_nothing_more_and_doubles_nothing() {
    for commit in 1..4 {
        let pair = much_to_do();
        // It has sent a part, and its next commit never comes.
        pair.store.fail_after(commit, StoreFault::Dies);
        assert!(pair.run_with("another", Approval::default()).is_none());
        let expected_generation = pair.head().generation;
        let store = Spoilt { inner: &pair.store, spoilt: Cell::new(Some((Question::Head, Code::StoreUnreadable))) };
        assert_eq!(anew(&pair, &store), Ok(120));
        let head = Head { generation: expected_generation + 1, ..Head::default() };
        let late = at_once(pair.store.commit(Commit { expected_generation, head, ..Commit::default() }));
        assert_eq!(late.expect("no waiting").map_err(|problem| problem.code), Err(Code::StoreStale));
        pair.pass_hours(1);
        pair.run_until_done();
        pair.assert_same();
        let mut titles = pair.blikk.titles();
        let all = titles.len();
        titles.dedup();
        assert_eq!(titles.len(), all, "commit {commit}: none is doubled");
        pair.assert_at_rest();
    }
}

#[test]
fn where_the_choice_is_lost_too_nothing_private_is_shown_until_the_person_chooses_again() {
    let pair = Pair::new();
    pair.exchange.add(Event { sensitivity: Sensitivity::Private, ..event("Läkarbesök") });
    pair.choose(Options { private_events: PrivateEvents::AsBusy, busy_title: "Upptagen".into(), ..Options::default() });
    pair.run_until_done();
    let spoilt = Cell::new(Some((Question::HeadAndChoice, Code::StoreUnreadable)));
    assert_eq!(anew(&pair, &Spoilt { inner: &pair.store, spoilt }), Ok(120));
    pair.pass_hours(1);
    pair.run_until_done();
    assert_eq!((pair.blikk.titles(), pair.exchange.titles()), (vec!["Upptagen".into()], vec!["Läkarbesök".into()]));
}

#[test]
fn a_store_that_fails_to_read_ends_the_run_and_forgets_nothing() {
    for question in [Question::LinksOf, Question::Index, Question::LinksAfter, Question::Operations] {
        for code in [Code::StoreFailed, Code::StoreNewer] {
            let pair = linked(3);
            pair.blikk.add(event("Nytt"));
            if question == Question::Operations {
                pair.exchange.faults.borrow_mut().extend([None, Some(Fault::LostAnswer)]);
                pair.run();
            }
            pair.exchange.kill_tokens();
            pair.choose(Options { categories: false, ..Options::default() });
            let (writes, links) = (pair.writes(), pair.links().len());
            let store = Spoilt { inner: &pair.store, spoilt: Cell::new(Some((question, code))) };
            let report = run_between(&pair.blikk, &pair.exchange, &store, &pair.world);
            assert_eq!(code_of(&report), Some(code), "{question:?}");
            assert_eq!((pair.writes(), pair.links().len()), (writes, links), "{question:?}, {code:?}");
            pair.run_until_done();
            assert_eq!((pair.blikk.ids().len(), pair.exchange.ids().len()), (7, 7), "{question:?}, {code:?}");
            pair.assert_at_rest();
        }
    }
}

/// Creates, updates and deletions for both sides, in several batches, and an event edited on both.
fn much_to_do() -> Pair {
    let pair = linked(12);
    pair.run();
    for side in [Side::Blikk, Side::Exchange] {
        let ids = pair.side(side).ids();
        let word = if side == Side::Blikk { "Blikk" } else { "Outlook" };
        let title_of = |id: &RemoteId| pair.side(side).event(id).map(|event| event.title).unwrap_or_default();
        let its: Vec<&RemoteId> =
            ids.iter().filter(|id| title_of(id).starts_with(word) && title_of(id) != "Blikk 9").collect();
        for id in &its[..4] {
            pair.side(side).edit(id, |event| event.place = format!("Rum {word}"));
        }
        for id in &its[4..6] {
            pair.side(side).remove(id);
        }
        for number in 0..4 {
            pair.side(side).add(event(&format!("Nytt i {word} {number}")));
        }
    }
    let both = |pair: &Pair, side: Side| {
        let is_it = |id: &RemoteId| pair.side(side).event(id).is_some_and(|event| event.title == "Blikk 9");
        pair.side(side).ids().into_iter().find(is_it).unwrap()
    };
    pair.blikk.edit(&both(&pair, Side::Blikk), |event| event.place = "Åre".into());
    pair.exchange.edit(&both(&pair, Side::Exchange), |event| event.body = "Ny text".into());
    pair
}

/// What must come of it, whatever happened on the way.
fn assert_all_is_done(pair: &Pair, what: &str) {
    pair.run_until_done();
    pair.assert_same();
    let events = pair.blikk.events();
    assert_eq!(events.len(), 28, "{what}: {:?}", pair.blikk.titles());
    let mut titles = pair.blikk.titles();
    titles.dedup();
    assert_eq!(titles.len(), 28, "{what}: none is doubled");
    let edited = events.iter().filter(|event| event.place.starts_with("Rum")).count();
    assert_eq!(edited, 8, "{what}: every edit is there");
    assert!(events.iter().any(|event| event.place == "Åre" && event.body == "Ny text"), "{what}: and both of one");
    assert_eq!((pair.head().operations, pair.operations().len()), (0, 0), "{what}: nothing is left in the journal");
    pair.assert_at_rest();
}

#[test]
fn a_store_that_fails_at_any_of_its_commits_ends_the_run_with_its_reason_and_the_next_goes_on() {
    for trouble in [StoreFault::Full, StoreFault::Overtaken, StoreFault::Dies] {
        let mut commits = 0;
        for commit in 0.. {
            let what = format!("{trouble:?} at commit {commit}");
            let pair = much_to_do();
            let deletions = |pair: &Pair| (pair.blikk.ids().len(), pair.exchange.ids().len());
            let before = deletions(&pair);
            pair.store.fail_after(commit, trouble);
            let report = pair.run_with("test", Approval::default());
            if !pair.store.faults.borrow().is_empty() {
                break; // There are no more commits.
            }
            commits += 1;
            match (trouble, &report) {
                (StoreFault::Dies, None) => {}
                (StoreFault::Full, Some(report)) => assert_eq!(code_of(report), Some(Code::StoreFull), "{what}"),
                (StoreFault::Overtaken, Some(report)) => assert_eq!(code_of(report), Some(Code::StoreStale), "{what}"),
                _ => panic!("{what}: {report:?}"),
            }
            if commit == 0 {
                assert_eq!(deletions(&pair), before, "{what}: nothing goes out before the journal knows of it");
            }
            assert_all_is_done(&pair, &what);
        }
        assert!(commits > 10, "{trouble:?}: only {commits}");
    }
}

#[test]
fn a_store_that_stays_full_stays_harmless_and_the_run_says_so_each_time() {
    let pair = much_to_do();
    let before = (pair.blikk.titles(), pair.exchange.titles());
    for _ in 0..5 {
        pair.store.fail_after(0, StoreFault::Full);
        assert_eq!(code_of(&pair.run()), Some(Code::StoreFull));
        assert_eq!((pair.blikk.titles(), pair.exchange.titles()), before);
    }
    pair.store.faults.borrow_mut().clear();
    assert_all_is_done(&pair, "there is room again");
}

#[test]
fn a_store_that_fails_at_any_two_of_its_commits_one_after_the_other_loses_nothing_either() {
    for first in 0..14 {
        for second in 0..4 {
            let pair = much_to_do();
            for commit in [first, second] {
                pair.store.fail_after(commit, StoreFault::Dies);
                pair.run_with("test", Approval::default());
            }
            pair.store.faults.borrow_mut().clear();
            assert_all_is_done(&pair, &format!("dies at commit {first}, then at {second}"));
        }
    }
}
