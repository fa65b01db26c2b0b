//! The engine's memory in the simulation: the reference store, behind a connection that can break.

use std::cell::RefCell;
use std::collections::VecDeque;
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
}

/// See the module.
pub struct WatchedStore {
    pub inner: MemoryStore,
    pub faults: RefCell<VecDeque<Option<StoreFault>>>,
    surroundings: Rc<Surroundings>,
}

impl WatchedStore {
    pub fn new(surroundings: Rc<Surroundings>) -> Self {
        WatchedStore { inner: MemoryStore::default(), faults: RefCell::default(), surroundings }
    }
}

impl StateStore for WatchedStore {
    async fn head(&self) -> Result<Head, Problem> {
        pause().await;
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
        pause().await;
        let fault = self.faults.borrow_mut().pop_front().flatten();
        self.surroundings.say(|| told(&commit, fault));
        match fault {
            None => {
                let answer = self.inner.commit(commit).await;
                pause().await;
                answer
            }
            Some(StoreFault::Refused) => {
                self.surroundings.count(Count::fault("state not written"));
                Err(Code::StoreFailed.into())
            }
            Some(StoreFault::LostAnswer) => {
                self.surroundings.count(Count::fault("state written, answer lost"));
                self.inner.commit(commit).await?;
                Err(Code::StoreFailed.into())
            }
        }
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
