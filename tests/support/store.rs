//! A store to which something happens at one of its commits.

use std::cell::Cell;
use std::future::pending;

use blikk_calendar_sync::problem::{Problem, Side};
use blikk_calendar_sync::sync::history::{ChangeRecord, RunRecord};
use blikk_calendar_sync::sync::journal::Operation;
use blikk_calendar_sync::sync::memory_store::MemoryStore;
use blikk_calendar_sync::sync::port::StateStore;
use blikk_calendar_sync::sync::state::{Commit, Head, IndexRow, Link, LinkId, RemoteId};

/// What happens, and at which commit from now on; 0 is the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The device dies before it is written.
    Dies(u32),
    /// Another device commits just before.
    Overtaken(u32),
    /// There is no room.
    Full(u32),
}

#[derive(Default)]
pub struct TroubledStore {
    pub inner: MemoryStore,
    pub trouble: Cell<Option<Trouble>>,
}

impl TroubledStore {
    pub fn calls(&self) -> u32 {
        self.inner.calls()
    }

    pub fn wipe(&self) {
        self.inner.wipe();
    }

    /// What happens to this commit.
    fn next_trouble(&self) -> Option<Trouble> {
        let trouble = self.trouble.get()?;
        let (Trouble::Dies(left) | Trouble::Overtaken(left) | Trouble::Full(left)) = trouble;
        let later = |left| match trouble {
            Trouble::Dies(_) => Trouble::Dies(left),
            Trouble::Overtaken(_) => Trouble::Overtaken(left),
            Trouble::Full(_) => Trouble::Full(left),
        };
        self.trouble.set(left.checked_sub(1).map(later));
        (left == 0).then_some(trouble)
    }
}

impl StateStore for TroubledStore {
    async fn head(&self) -> Result<Head, Problem> {
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
        match self.next_trouble() {
            Some(Trouble::Dies(_)) => pending().await,
            Some(Trouble::Full(_)) => return Err(blikk_calendar_sync::problem::Code::StoreFull.into()),
            Some(Trouble::Overtaken(_)) => {
                let head = self.inner.head().await?;
                let expected_generation = head.generation;
                let head = Head { generation: expected_generation + 1, ..head };
                self.inner.commit(Commit { expected_generation, head, ..Commit::default() }).await?;
            }
            None => {}
        }
        self.inner.commit(commit).await
    }
}
