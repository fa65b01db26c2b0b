//! The engine's memory in the simulation and in the engine's own tests: the reference store, behind a connection that can
//! break.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::pending;
use std::rc::Rc;

use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::history::{ChangeRecord, RunRecord};
use blikk_calendar_sync::sync::journal::Operation;
use blikk_calendar_sync::sync::memory_store::MemoryStore;
use blikk_calendar_sync::sync::port::StateStore;
use blikk_calendar_sync::sync::state::{Commit, Head, IndexRow, Link, LinkId, RemoteId};

use crate::surroundings::{Surroundings, pause};
use crate::tally::Count;

/// What happens to one commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreFault {
    /// It is refused: no room, no connection.
    Refused,
    /// It is written, and nobody is told.
    LostAnswer,
    /// There is no room for it.
    Full,
    /// Another device commits just before.
    Overtaken,
    /// The device dies before it is written.
    Dies,
}

/// See the module.
#[derive(Default)]
pub struct WatchedStore {
    pub inner: MemoryStore,
    /// What happens to the next commits; when empty, all goes well.
    pub faults: RefCell<VecDeque<Option<StoreFault>>>,
    /// `None`: nobody watches, and nothing ever pauses.
    surroundings: Option<Rc<Surroundings>>,
}

impl WatchedStore {
    pub fn new(surroundings: Rc<Surroundings>) -> Self {
        WatchedStore { surroundings: Some(surroundings), ..WatchedStore::default() }
    }

    /// Only this happens from now on, after so many commits that go well.
    pub fn fail_after(&self, commits: usize, fault: StoreFault) {
        let mut faults = vec![None; commits];
        faults.push(Some(fault));
        self.faults.replace(faults.into());
    }

    /// How often it was asked, or given a commit.
    pub fn calls(&self) -> u32 {
        self.inner.calls()
    }

    /// It is lost.
    pub fn wipe(&self) {
        self.inner.wipe();
    }

    async fn on_the_way(&self) {
        if self.surroundings.is_some() {
            pause().await;
        }
    }

    fn note(&self, commit: &Commit, fault: Option<StoreFault>) {
        let Some(surroundings) = &self.surroundings else { return };
        surroundings.say(|| told(commit, fault));
        match fault {
            Some(StoreFault::LostAnswer) => surroundings.count(Count::fault("state written, answer lost")),
            Some(_) => surroundings.count(Count::fault("state not written")),
            None => {}
        }
    }

    /// Another device's commit, in which nothing is new.
    async fn move_on(&self) -> Result<(), Problem> {
        let head = self.inner.head().await?;
        let expected_generation = head.generation;
        let head = Head { generation: expected_generation + 1, ..head };
        self.inner.commit(Commit { expected_generation, head, ..Commit::default() }).await
    }
}

impl StateStore for WatchedStore {
    async fn head(&self) -> Result<Head, Problem> {
        self.on_the_way().await;
        self.inner.head().await
    }

    async fn links_of(&self, side: Side, ids: &[RemoteId]) -> Result<Vec<Link>, Problem> {
        self.inner.links_of(side, ids).await
    }

    async fn index(&self) -> Result<Vec<IndexRow>, Problem> {
        self.inner.index().await
    }

    async fn links_after(&self, after: Option<&LinkId>, limit: u32) -> Result<Vec<Link>, Problem> {
        self.inner.links_after(after, limit).await
    }

    async fn operations(&self) -> Result<Vec<Operation>, Problem> {
        self.inner.operations().await
    }

    async fn runs(&self) -> Result<Vec<RunRecord>, Problem> {
        self.inner.runs().await
    }

    async fn changes_of(&self, run: u64) -> Result<Vec<ChangeRecord>, Problem> {
        self.inner.changes_of(run).await
    }

    async fn commit(&self, commit: Commit) -> Result<(), Problem> {
        self.on_the_way().await;
        let fault = self.faults.borrow_mut().pop_front().flatten();
        self.note(&commit, fault);
        match fault {
            None => {}
            Some(StoreFault::Refused) => return Err(Code::StoreFailed.into()),
            Some(StoreFault::Full) => return Err(Code::StoreFull.into()),
            Some(StoreFault::LostAnswer) => {
                self.inner.commit(commit).await?;
                return Err(Code::StoreFailed.into());
            }
            Some(StoreFault::Overtaken) => self.move_on().await?,
            Some(StoreFault::Dies) => pending().await,
        }
        let answer = self.inner.commit(commit).await;
        self.on_the_way().await;
        answer
    }
}

fn told(commit: &Commit, fault: Option<StoreFault>) -> String {
    let fault = fault.map(|fault| format!(": {fault:?}")).unwrap_or_default();
    let links = |links: &[Link]| {
        links.iter().map(|link| link.id.as_str().chars().take(4).collect::<String>()).collect::<Vec<_>>().join(" ")
    };
    let mut text = format!("    state {} -> {}", commit.expected_generation, commit.head.generation);
    if !commit.put.is_empty() {
        text += &format!(", rows {}", links(&commit.put));
    }
    if !commit.remove.is_empty() {
        text += &format!(", {} rows less", commit.remove.len());
    }
    if !commit.put_operations.is_empty() || !commit.remove_operations.is_empty() {
        text += &format!(", journal +{} -{}", commit.put_operations.len(), commit.remove_operations.len());
    }
    if !commit.put_changes.is_empty() {
        text += &format!(", {} changes noted", commit.put_changes.len());
    }
    text + &fault
}
