//! What a list of changes may say, and what of it is done.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

use chrono::DateTime;

use super::*;
use crate::event::Event;
use crate::sync::memory_store::MemoryStore;
use crate::sync::options::Options;
use crate::sync::pairing::pair_up;
use crate::sync::plan::Rules;
use crate::sync::plan::{Act, plan};
use crate::sync::port::{ChangePage, Draft, Removal, Revision};
use crate::sync::state::{Commit, LinkId, LinkState, SideState};

/// A side that tells these pages, and of whose events these are there, each in its version.
struct Pages {
    side: Side,
    pages: RefCell<VecDeque<ChangePage>>,
    there: BTreeMap<&'static str, &'static str>,
    /// How many events it was asked for.
    asked: Cell<usize>,
}

impl Pages {
    fn of(side: Side, pages: impl IntoIterator<Item = ChangePage>) -> Self {
        let pages = RefCell::new(pages.into_iter().collect());
        Pages { side, pages, there: BTreeMap::new(), asked: Cell::new(0) }
    }

    fn with<const N: usize>(mut self, there: [(&'static str, &'static str); N]) -> Self {
        self.there = there.into();
        self
    }
}

impl Calendar for Pages {
    fn side(&self) -> Side {
        self.side
    }

    async fn changes(&self, _: Option<&Token>) -> Result<ChangePage, Problem> {
        Ok(self.pages.borrow_mut().pop_front().expect("a page more"))
    }

    async fn read(&self, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        self.asked.set(self.asked.get() + ids.len());
        let read = |id: &RemoteId| match self.there.get(id.as_str()) {
            Some(version) => Reading::Found(Box::new(observed(id.as_str(), version))),
            None => Reading::Gone(id.clone()),
        };
        Ok(ids.iter().map(read).collect())
    }

    async fn find(&self, _: &[Draft]) -> Result<Vec<Option<Observed>>, Problem> {
        unreachable!()
    }

    async fn create(&self, _: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        unreachable!()
    }

    async fn update(&self, _: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        unreachable!()
    }

    async fn delete(&self, _: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        unreachable!()
    }

    fn batch_size(&self) -> usize {
        1
    }
}

struct Nobody;

impl Audience for Nobody {
    fn tell(&self, _: Progress) {}

    fn has_cancelled(&self) -> bool {
        false
    }
}

fn event() -> Event {
    let when = crate::event::When::all_day("2027-03-01".parse().unwrap(), "2027-03-02".parse().unwrap());
    Event::new("Möte", when.unwrap())
}

fn observed(id: &str, version: &str) -> Observed {
    Observed {
        id: RemoteId::new(id),
        version: Version::new(version),
        uid: None,
        marker: None,
        created_at: None,
        changed_at: None,
        is_unfinished: false,
        content: Ok(event()),
    }
}

fn touched(id: &str, version: &str) -> Change {
    Change::Touched { id: RemoteId::new(id), version: Version::new(version) }
}

fn seen(id: &str, version: &str) -> Change {
    Change::Seen(Box::new(observed(id, version)))
}

fn deleted(id: &str) -> Change {
    Change::Deleted { id: RemoteId::new(id) }
}

/// Pages that follow each other, each with the token after it.
fn pages(pages: Vec<(Vec<Change>, &str)>) -> Vec<ChangePage> {
    let last = pages.len() - 1;
    let page = |(number, (changes, next)): (usize, (Vec<Change>, &str))| ChangePage {
        changes,
        next: Token::new(next),
        more: number < last,
    };
    pages.into_iter().enumerate().map(page).collect()
}

/// A store that remembers these, all in their first version: on both sides under the same id, or, where it ends in
/// `?`, in Blikk alone.
async fn remembering(ids: &[&str]) -> MemoryStore {
    let store = MemoryStore::default();
    let state = |id: &str| Some(SideState { id: RemoteId::new(id), version: Version::new("1"), seen: None });
    let link = |id: &&str| Link {
        id: LinkId::new(format!("link-{id}")),
        origin: Side::Blikk,
        state: LinkState::Active,
        blikk: state(id),
        exchange: if id.ends_with('?') { None } else { state(id) },
        uid: None,
        base: Some(event()),
    };
    store.commit(Commit { put: ids.iter().map(link).collect(), ..Commit::default() }).await.unwrap();
    store
}

/// What is news when everything is enumerated: who is here, who is gone, whose links were fetched; each in a line.
async fn news(calendar: &Pages, store: &MemoryStore) -> [String; 3] {
    let mut pulled = pull(calendar, store, None, &Nobody).await.unwrap();
    let confirmed = confirm(calendar, store, &mut pulled, &Confirmed::default()).await.unwrap();
    let here = confirmed.heard.here.iter().map(|event| format!("{} {}", event.id, event.version));
    let gone = confirmed.heard.gone.iter().map(RemoteId::to_string);
    let links = confirmed.links.iter().map(|link| link.id.to_string());
    [here.collect::<Vec<_>>(), gone.collect(), links.collect()].map(|mut some| {
        some.sort();
        some.join(", ")
    })
}

#[tokio::test]
async fn r21_what_is_created_on_one_page_and_changed_or_deleted_on_the_next_is_one_event() {
    let calendar = Pages::of(
        Side::Exchange,
        pages(vec![
            (vec![touched("a", "1"), touched("b", "1"), touched("c", "1")], "0"),
            (vec![touched("b", "2"), deleted("a"), touched("d", "1")], "1"),
            (vec![touched("b", "3")], "2"),
        ]),
    );
    let pulled = pull(&calendar, &MemoryStore::default(), None, &Nobody).await.unwrap();
    // Shown and then called deleted: nobody knows it, so nobody would ever ask about it again; it is read.
    assert_eq!(pulled.changes, [touched("a", ""), touched("b", "3"), touched("c", "1"), touched("d", "1")]);
    assert_eq!(pulled.next, Token::new("2"));
}

#[tokio::test]
async fn of_an_id_that_is_named_twice_the_last_word_counts_on_a_page_and_across_pages() {
    #[rustfmt::skip]
    let table = [
        // said of an event that is remembered in version 1,        there is,  heard of it, gone, links
        (vec![seen("a", "2"), seen("a", "3")],                      "3",       ["a 3", "", "link-a"]),
        (vec![seen("a", "2"), seen("a", "1")],                      "1",       ["", "", ""]),
        (vec![deleted("a"), seen("a", "2")],                        "2",       ["a 2", "", "link-a"]),
        (vec![deleted("a"), seen("a", "1")],                        "1",       ["", "", ""]),
        (vec![seen("a", "1"), deleted("a")],                        "",        ["", "a", "link-a"]),
        // A tombstone is asked about, so that it does not count if it is not true.
        (vec![seen("a", "1"), deleted("a")],                        "1",       ["a 1", "", "link-a"]),
        (vec![deleted("a"), deleted("a")],                          "",        ["", "a", "link-a"]),
    ];
    for (changes, there, expected) in table {
        let apart = changes.iter().enumerate().map(|(number, change)| (vec![change.clone()], ["x", "y"][number]));
        for pages in [pages(vec![(changes.clone(), "x")]), pages(apart.collect())] {
            let calendar = Pages::of(Side::Blikk, pages);
            let calendar = if there.is_empty() { calendar } else { calendar.with([("a", there)]) };
            assert_eq!(news(&calendar, &remembering(&["a"]).await).await, expected, "{changes:?}");
        }
    }
}

#[tokio::test]
async fn a_cursor_that_comes_to_where_it_was_ends_the_pull_and_no_loop() {
    let page = |next: &str, more: bool| ChangePage { changes: vec![touched(next, "1")], next: Token::new(next), more };
    let round = || [page("1", true), page("2", true), page("3", true), page("1", true), page("2", true)];
    #[rustfmt::skip]
    let table = [
        ("stands still",               None,      vec![page("1", true), page("1", true)],                    false),
        ("in a circle",                None,      round().to_vec(),                                          false),
        ("back to where it began",     Some("0"), vec![page("1", true), page("0", true)],                    false),
        ("ends in the past",           Some("0"), vec![page("1", true), page("2", true), page("1", false)],  false),
        ("ends before where it began", Some("0"), vec![page("1", true), page("0", false)],                   false),
        ("nothing new",                Some("0"), vec![page("0", false)],                                    true),
        ("an empty last page",         Some("0"), vec![page("1", true), page("1", false)],                   true),
    ];
    for (name, since, pages, is_fine) in table {
        for (side, code) in [(Side::Blikk, Code::BlikkNotUnderstood), (Side::Exchange, Code::ExchangeFailed)] {
            let since = since.map(Token::new);
            let calendar = Pages::of(side, pages.clone());
            let pulled = pull(&calendar, &MemoryStore::default(), since.as_ref(), &Nobody).await;
            assert_eq!(pulled.err().map(|problem| problem.code), (!is_fine).then_some(code), "{name}");
        }
    }
}

#[tokio::test]
async fn an_enumeration_fetches_the_links_of_what_is_news_and_of_nothing_else() {
    let said = vec![touched("as-it-was", "1"), touched("edited", "2"), touched("new", "1")];
    let there = [("as-it-was", "1"), ("edited", "2"), ("new", "1"), ("untold", "1"), ("untold-edit", "2")];
    let calendar = Pages::of(Side::Exchange, pages(vec![(said, "x")])).with(there);
    let store = remembering(&["as-it-was", "edited", "untold", "untold-edit", "deleted", "waiting?"]).await;
    let here = "edited 2, new 1, untold-edit 2";
    // What lacks its Exchange side comes along: something new may be it.
    let links = "link-deleted, link-edited, link-untold-edit, link-waiting?";
    assert_eq!(news(&calendar, &store).await, [here, "deleted", links]);
    assert_eq!(calendar.asked.get(), 5, "two that were said to be new, and three that were not mentioned");
}

#[tokio::test]
async fn scenario_5_somebody_elses_list_deletes_nothing() {
    // A cache on the way answers with another mailbox's list: nothing of ours in it, and nothing that we may read.
    let said = vec![touched("theirs-1", "1"), touched("theirs-2", "1"), deleted("theirs-3")];
    let calendar = Pages::of(Side::Exchange, pages(vec![(said, "x")])).with([("ours-1", "1"), ("ours-2", "1")]);
    let store = remembering(&["ours-1", "ours-2"]).await;
    let mut pulled = pull(&calendar, &store, None, &Nobody).await.unwrap();
    let confirmed = confirm(&calendar, &store, &mut pulled, &Confirmed::default()).await.unwrap();
    assert!(confirmed.heard.here.is_empty() && confirmed.unread.is_none());
    let options = Options::default();
    let pairs = pair_up(confirmed.links, Heard::default(), confirmed.heard);
    let steps = plan(pairs, &Rules::new(&options, DateTime::UNIX_EPOCH), || LinkId::new("drawn"));
    assert!(steps.iter().all(|step| !matches!(step.act, Act::Write(_) | Act::Forget)), "{steps:?}");
}
