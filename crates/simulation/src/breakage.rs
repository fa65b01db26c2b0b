//! Engines that are broken on purpose, to see that the simulation sees it.
//!
//! Nothing of the core is changed: what stands between the engine and its ports breaks a promise, and so the engine as a
//! whole does.

use std::cell::RefCell;
use std::rc::Rc;

use blikk_calendar_sync::problem::{Problem, Side};
use blikk_calendar_sync::sync::history::{ChangeRecord, RunRecord};
use blikk_calendar_sync::sync::journal::Operation;
use blikk_calendar_sync::sync::port::{Calendar, ChangePage, Draft, Observed, Reading, Removal, Revision, StateStore};
use blikk_calendar_sync::sync::state::{Commit, Head, IndexRow, Link, LinkId, RemoteId, Token};

use crate::surroundings::Surroundings;

/// What is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakage {
    /// Nothing.
    None,
}

/// A calendar behind what is broken.
pub struct BrokenCalendar<'a, C> {
    inner: &'a C,
    breakage: Breakage,
    surroundings: &'a Rc<Surroundings>,
    state: RefCell<()>,
}

impl<'a, C> BrokenCalendar<'a, C> {
    pub fn new(inner: &'a C, breakage: Breakage, surroundings: &'a Rc<Surroundings>) -> Self {
        BrokenCalendar { inner, breakage, surroundings, state: RefCell::default() }
    }
}

impl<C: Calendar> Calendar for BrokenCalendar<'_, C> {
    fn side(&self) -> Side {
        self.inner.side()
    }

    async fn changes(&self, since: Option<&Token>) -> Result<ChangePage, Problem> {
        self.inner.changes(since).await
    }

    async fn list(&self, page: Option<&Token>) -> Result<Option<ChangePage>, Problem> {
        self.inner.list(page).await
    }

    async fn read(&self, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        self.inner.read(ids).await
    }

    async fn find(&self, drafts: &[Draft]) -> Result<Vec<Option<Observed>>, Problem> {
        self.inner.find(drafts).await
    }

    async fn create(&self, drafts: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        self.inner.create(drafts).await
    }

    async fn update(&self, revisions: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        self.inner.update(revisions).await
    }

    async fn delete(&self, removals: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        self.inner.delete(removals).await
    }

    fn batch_size(&self) -> usize {
        self.inner.batch_size()
    }
}

/// A store behind what is broken.
pub struct BrokenStore<'a, S> {
    inner: &'a S,
    breakage: Breakage,
}

impl<'a, S> BrokenStore<'a, S> {
    pub fn new(inner: &'a S, breakage: Breakage) -> Self {
        BrokenStore { inner, breakage }
    }
}

impl<S: StateStore> StateStore for BrokenStore<'_, S> {
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
        self.inner.commit(commit).await
    }
}
