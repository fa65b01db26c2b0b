//! State in memory: for tests and the simulation, and the plainest statement of what a [`StateStore`] promises.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::problem::{Code, Problem, Side};
use crate::sync::port::StateStore;
use crate::sync::state::{Commit, Head, Link, LinkId, RemoteId};

/// Forgets everything when dropped; [`MemoryStore::clone`] is a snapshot.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    inner: RefCell<Inner>,
}

#[derive(Clone, Debug, Default)]
struct Inner {
    head: Head,
    links: BTreeMap<LinkId, Link>,
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
        inner.head = Head::default();
        inner.links.clear();
    }
}

impl StateStore for MemoryStore {
    async fn head(&self) -> Result<Head, Problem> {
        let mut inner = self.inner.borrow_mut();
        inner.calls += 1;
        Ok(inner.head.clone())
    }

    async fn links_of(&self, side: Side, ids: &[RemoteId]) -> Result<Vec<Link>, Problem> {
        let mut inner = self.inner.borrow_mut();
        inner.calls += 1;
        let wanted: std::collections::BTreeSet<&RemoteId> = ids.iter().collect();
        let holds = |link: &&Link| link.on(side).is_some_and(|state| wanted.contains(&state.id));
        Ok(inner.links.values().filter(holds).cloned().collect())
    }

    async fn all_links(&self) -> Result<Vec<Link>, Problem> {
        let mut inner = self.inner.borrow_mut();
        inner.calls += 1;
        Ok(inner.links.values().cloned().collect())
    }

    async fn commit(&self, commit: Commit) -> Result<(), Problem> {
        let mut inner = self.inner.borrow_mut();
        inner.calls += 1;
        if inner.head.generation != commit.expected_generation {
            return Err(Code::StoreStale.into());
        }
        inner.head = commit.head;
        for id in &commit.remove {
            inner.links.remove(id);
        }
        inner.links.extend(commit.put.into_iter().map(|link| (link.id.clone(), link)));
        Ok(())
    }
}
