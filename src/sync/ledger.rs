//! The run's hold on the state: reads the head once, commits rows in groups, keeps the counts right.

use chrono::{DateTime, Utc};

use crate::problem::{Code, Problem, Side};
use crate::sync::port::StateStore;
use crate::sync::state::{Commit, FORMAT, Head, Link, LinkId, LinkState, RemoteId, Token};

/// Collects row changes until [`Ledger::commit`].
pub(super) struct Ledger<'a, S> {
    store: &'a S,
    head: Head,
    put: Vec<Link>,
    remove: Vec<LinkId>,
}

impl<'a, S: StateStore> Ledger<'a, S> {
    pub async fn open(store: &'a S) -> Result<Self, Problem> {
        let head = store.head().await?;
        if head.format > FORMAT {
            // A newer plugin wrote this. Leave it alone: a guess could lose what it knows.
            return Err(Problem::new(Code::StoreNewer).said(format!("state format {}", head.format)));
        }
        Ok(Ledger { store, head, put: Vec::new(), remove: Vec::new() })
    }

    pub fn head(&self) -> &Head {
        &self.head
    }

    pub async fn links_of(&self, side: Side, ids: &[RemoteId]) -> Result<Vec<Link>, Problem> {
        self.store.links_of(side, ids).await
    }

    /// Replaces `prior` by `link` in the next commit.
    pub fn put(&mut self, prior: Option<&Link>, link: Link) {
        self.count(prior, Some(&link));
        self.put.push(link);
    }

    /// Drops the row in the next commit.
    pub fn forget(&mut self, link: &Link) {
        self.count(Some(link), None);
        self.put.retain(|other| other.id != link.id);
        self.remove.push(link.id.clone());
    }

    /// Writes what was collected, if anything was.
    pub async fn commit(&mut self) -> Result<(), Problem> {
        if self.put.is_empty() && self.remove.is_empty() {
            return Ok(());
        }
        self.head.tokens_cover_writes = false;
        self.write().await
    }

    /// Writes what was collected, and the places from where to go on. `cover_writes`: nothing was written since the
    /// tokens were given. `checked_at`: when Exchange was checked, if it was.
    pub async fn advance(
        &mut self,
        [blikk, exchange]: [Token; 2],
        cover_writes: bool,
        checked_at: Option<DateTime<Utc>>,
    ) -> Result<(), Problem> {
        self.head.blikk_token = Some(blikk);
        self.head.exchange_token = Some(exchange);
        self.head.tokens_cover_writes = cover_writes;
        self.head.exchange_checked_at = checked_at.or(self.head.exchange_checked_at);
        self.write().await
    }

    async fn write(&mut self) -> Result<(), Problem> {
        let expected_generation = self.head.generation;
        self.head.generation += 1;
        let put = std::mem::take(&mut self.put);
        let remove = std::mem::take(&mut self.remove);
        let head = self.head.clone();
        self.store.commit(Commit { expected_generation, head, put, remove, ..Commit::default() }).await
    }

    fn count(&mut self, prior: Option<&Link>, link: Option<&Link>) {
        if let Some(code) = prior.and_then(why_set_aside) {
            let count = self.head.set_aside.entry(code).or_default();
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.head.set_aside.remove(&code);
            }
        }
        if let Some(code) = link.and_then(why_set_aside) {
            *self.head.set_aside.entry(code).or_default() += 1;
        }
    }
}

fn why_set_aside(link: &Link) -> Option<Code> {
    match &link.state {
        LinkState::SetAside { reason, .. } => Some(reason.problem.code),
        _ => None,
    }
}
