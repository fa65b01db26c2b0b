//! State in memory: for tests and the simulation, and the plainest statement of what a [`StateStore`] promises.

use std::cell::{RefCell, RefMut};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::problem::{Code, Problem, Side};
use crate::sync::history::{ChangeRecord, RunRecord};
use crate::sync::journal::{Operation, OperationId};
use crate::sync::port::StateStore;
use crate::sync::state::{Commit, Head, IndexRow, Link, LinkId, RemoteId};

/// Forgets everything when dropped; [`MemoryStore::clone`] is a snapshot.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    inner: RefCell<Inner>,
}

#[derive(Clone, Debug, Default)]
struct Inner {
    head: Head,
    links: BTreeMap<LinkId, Link>,
    operations: BTreeMap<OperationId, Operation>,
    runs: BTreeMap<u64, RunRecord>,
    changes: BTreeMap<(u64, u32), ChangeRecord>,
    calls: u32,
}

impl MemoryStore {
    /// How often the store was called since it was made.
    pub fn calls(&self) -> u32 {
        self.inner.borrow().calls
    }

    /// As when the browser throws the site's storage away (scenario 3).
    pub fn wipe(&self) {
        let mut inner = self.inner.borrow_mut();
        *inner = Inner { calls: inner.calls, ..Inner::default() };
    }

    fn called(&self) -> RefMut<'_, Inner> {
        let mut inner = self.inner.borrow_mut();
        inner.calls += 1;
        inner
    }
}

impl StateStore for MemoryStore {
    async fn head(&self) -> Result<Head, Problem> {
        Ok(self.called().head.clone())
    }

    async fn links_of(&self, side: Side, ids: &[RemoteId]) -> Result<Vec<Link>, Problem> {
        let wanted: BTreeSet<&RemoteId> = ids.iter().collect();
        let holds = |link: &&Link| link.on(side).is_some_and(|state| wanted.contains(&state.id));
        Ok(self.called().links.values().filter(holds).cloned().collect())
    }

    async fn index(&self) -> Result<Vec<IndexRow>, Problem> {
        Ok(self.called().links.values().map(IndexRow::of).collect())
    }

    async fn links_after(&self, after: Option<&LinkId>, limit: u32) -> Result<Vec<Link>, Problem> {
        let from = after.map_or(Bound::Unbounded, |after| Bound::Excluded(after.clone()));
        let inner = self.called();
        Ok(inner.links.range((from, Bound::Unbounded)).take(limit as usize).map(|(_, link)| link.clone()).collect())
    }

    async fn operations(&self) -> Result<Vec<Operation>, Problem> {
        Ok(self.called().operations.values().cloned().collect())
    }

    async fn runs(&self) -> Result<Vec<RunRecord>, Problem> {
        Ok(self.called().runs.values().rev().cloned().collect())
    }

    async fn changes_of(&self, run: u64) -> Result<Vec<ChangeRecord>, Problem> {
        Ok(self.called().changes.range((run, 0)..=(run, u32::MAX)).map(|(_, change)| change.clone()).collect())
    }

    async fn commit(&self, commit: Commit) -> Result<(), Problem> {
        let mut inner = self.called();
        if inner.head.generation != commit.expected_generation {
            return Err(Code::StoreStale.into());
        }
        if commit.clear {
            *inner = Inner { calls: inner.calls, ..Inner::default() };
        }
        inner.head = commit.head;
        for id in &commit.remove {
            inner.links.remove(id);
        }
        for id in &commit.remove_operations {
            inner.operations.remove(id);
        }
        if let Some(limit) = commit.forget_before {
            inner.runs.retain(|_, run| run.started >= limit);
            inner.changes.retain(|_, change| change.at >= limit);
        }
        inner.links.extend(commit.put.into_iter().map(|link| (link.id.clone(), link)));
        inner.operations.extend(commit.put_operations.into_iter().map(|operation| (operation.id.clone(), operation)));
        inner.runs.extend(commit.put_runs.into_iter().map(|run| (run.run, run)));
        inner.changes.extend(commit.put_changes.into_iter().map(|change| ((change.run, change.place), change)));
        Ok(())
    }
}
