//! The ports: everything the engine asks of the world, as small traits.
//!
//! The two calendars are one trait, [`Calendar`], implemented by Exchange over EWS
//! ([`crate::sync::exchange::ExchangeCalendar`]) and by Blikk ([`crate::sync::blikk::BlikkCalendar`]), so that the
//! engine treats both sides alike and Microsoft Graph can take Exchange's place later. Nothing here is `Send`: there
//! is one thread in a Web Worker, in a test and in the simulation.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::problem::{Code, Problem, Side};
use crate::sync::history::{ChangeRecord, RunRecord};
use crate::sync::journal::Operation;
use crate::sync::state::{Commit, Head, IndexRow, Link, LinkId, Remains, RemoteId, Token, Uid, Unsynced, Version};

/// One side's calendar of one user.
///
/// Every method is one or a few calls over the network. `Err` means that the whole call failed and *it is not known*
/// what of it was carried out; the engine then never repeats it blindly but reads.
#[allow(async_fn_in_trait, reason = "one thread everywhere: no Send is wanted")]
pub trait Calendar {
    fn side(&self) -> Side;

    /// One page of what changed since `since`; `None` enumerates the whole calendar.
    ///
    /// # Errors
    /// `exchange.token_dead` / `blikk.token_dead` when `since` is no longer valid: start again with `None`.
    async fn changes(&self, since: Option<&Token>) -> Result<ChangePage, Problem>;

    /// One page of all that is there, told in another way than [`Calendar::changes`] tells it: a check finds so what a
    /// list of changes kept quiet about. `page` is where the page before ended; `None` begins. An event of which only
    /// reading can tell whether it is as it was comes with an unknown version ([`Version::is_unknown`]).
    ///
    /// `None`: this side's list of changes can be relied on, and there is nothing to check.
    ///
    /// # Errors
    /// Whatever keeps the list from being whole.
    async fn list(&self, _page: Option<&Token>) -> Result<Option<ChangePage>, Problem> {
        Ok(None)
    }

    /// The present state of these events, in the order asked for, whatever their number (batches are the
    /// implementation's business).
    async fn read(&self, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem>;

    /// What was made of a create of which nobody knows whether it was carried out: for each draft the event that carries
    /// its identity, if there is one. Settles a create by reading (scenarios 1, 6 and 21).
    async fn find(&self, drafts: &[Draft]) -> Result<Vec<Option<Observed>>, Problem>;

    /// What is there under these UIDs: an item that was moved out of the calendar and back has another id, and the list
    /// of changes may not have told of it yet (scenario 16). Nothing for a UID: there is no such item, or the server
    /// cannot search for it.
    async fn locate(&self, _uids: &[Uid]) -> Result<Vec<Observed>, Problem> {
        Ok(Vec::new())
    }

    /// Creates events and reads them back, in order. Never mails anyone. Creating the same [`Draft::link`] twice
    /// makes one event where the server can promise that (Blikk's idempotency key).
    async fn create(&self, drafts: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem>;

    /// Changes the fields in which `before` and `after` differ, provided the version is still the expected one, and
    /// reads back, in order.
    async fn update(&self, revisions: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem>;

    /// Deletes, provided the version is still the expected one, in order. Deleting what is gone already is `Ok`.
    async fn delete(&self, removals: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem>;

    /// How many events one `create`, `update` or `delete` should be given: the engine commits its state after each.
    fn batch_size(&self) -> usize;
}

/// A page of changes.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangePage {
    pub changes: Vec<Change>,
    /// Where the next call goes on. Durable only once everything before it is.
    pub next: Token,
    /// More pages follow at once.
    pub more: bool,
}

/// One change in a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Created or changed, and not read yet: `version` tells whether it is news at all (our own write coming back
    /// is not, scenario 4).
    Touched { id: RemoteId, version: Version },
    /// Created or changed, with its content.
    Seen(Box<Observed>),
    /// An explicit tombstone: the only thing a change page says that is evidence of deletion.
    Deleted { id: RemoteId },
}

/// What [`Calendar::read`] found.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    Found(Box<Observed>),
    /// The server says that it does not exist (ErrorItemNotFound, 404). Evidence of deletion.
    Gone(RemoteId),
    /// This one could not be read this time; nothing follows from it.
    Failed(RemoteId, Problem),
}

/// An event as one side holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    pub id: RemoteId,
    pub version: Version,
    /// The iCalendar UID by which the two sides know each other's events: Exchange's own UID of the item, Blikk's
    /// `externalId`. `None` for an event that was made in Blikk.
    pub uid: Option<Uid>,
    /// What we once wrote on the item (Exchange only). A copy made by the user carries the original's marker (scenario 8).
    pub marker: Option<Marker>,
    /// When the item was made: an original is older than its copies (scenario 8).
    pub created_at: Option<DateTime<Utc>>,
    /// When the server last saw it change; used by "newest wins" alone.
    pub changed_at: Option<DateTime<Utc>>,
    /// We were interrupted while we wrote it, so what it lacks was not taken away by a person (Exchange only).
    pub is_unfinished: bool,
    pub content: Result<Event, Unsynced>,
}

/// The named extended properties on every item that we create in Exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    pub link: LinkId,
    pub blikk: RemoteId,
}

/// An event to create.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub link: LinkId,
    /// The id of the same event on the other side.
    pub counterpart: RemoteId,
    /// The UID of the Exchange item, which becomes Blikk's external id.
    pub uid: Option<Uid>,
    pub event: Event,
}

/// An event to change.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    pub id: RemoteId,
    pub expected: Version,
    /// As the side holds it now, so that only what differs is written.
    pub before: Event,
    pub after: Event,
    /// It is a copy that a person made of an item of ours: it must not carry the original's marker any longer
    /// (Exchange only, scenario 8).
    pub unmark: bool,
}

/// An event to delete.
#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    pub id: RemoteId,
    pub expected: Version,
}

/// Where the engine's memory lives. One row per link, so that a run writes what changed and not the whole state.
///
/// Three stores keep this promise, and one test holds them to it: [memory](super::memory_store), the browser's IndexedDB
/// (`www/src/internal/idb.ts`), and the gateway over HTTP.
///
/// # Errors
/// `store.failed`; `store.full` when there is no room; `store.unreadable` when a row is not what we wrote.
#[allow(async_fn_in_trait, reason = "one thread everywhere: no Send is wanted")]
pub trait StateStore {
    /// Tokens, generation and counts; the default for a pair that was never synchronised.
    async fn head(&self) -> Result<Head, Problem>;

    /// What can be told of the state although its head cannot be read. A store whose head always can has no more to tell
    /// than that.
    async fn remains(&self) -> Result<Remains, Problem> {
        let Head { generation, options, .. } = self.head().await?;
        Ok(Remains { generation, options: Some(options) })
    }

    /// The links that hold these ids on that side. Unknown ids are left out.
    async fn links_of(&self, side: Side, ids: &[RemoteId]) -> Result<Vec<Link>, Problem>;

    /// What tells the state of every link, for a full enumeration only. In no particular order.
    async fn index(&self) -> Result<Vec<IndexRow>, Problem>;

    /// At most `limit` links, in the order of their ids, after that one. Fewer than `limit`: it was the end.
    async fn links_after(&self, after: Option<&LinkId>, limit: u32) -> Result<Vec<Link>, Problem>;

    /// The whole journal, in the order of sending.
    async fn operations(&self) -> Result<Vec<Operation>, Problem>;

    /// The runs that are remembered, the last one first.
    async fn runs(&self) -> Result<Vec<RunRecord>, Problem>;

    /// What a run did, in order.
    async fn changes_of(&self, run: u64) -> Result<Vec<ChangeRecord>, Problem>;

    /// All of it or nothing, and durable when it is answered.
    ///
    /// # Errors
    /// `store.stale` when the generation is no longer [`Commit::expected_generation`].
    async fn commit(&self, commit: Commit) -> Result<(), Problem>;
}

/// How many links are read at once.
const LINKS_AT_ONCE: u32 = 1000;

/// Every link.
pub(super) async fn all_links(store: &impl StateStore) -> Result<Vec<Link>, Problem> {
    let mut all: Vec<Link> = Vec::new();
    loop {
        let after = all.last().map(|link| link.id.clone());
        let links = store.links_after(after.as_ref(), LINKS_AT_ONCE).await?;
        let is_last = links.len() < LINKS_AT_ONCE as usize;
        all.extend(links);
        if is_last {
            return Ok(all);
        }
    }
}

/// What a side says of these events, one answer for each.
///
/// # Errors
/// The calendar's; and `internal` when it tells of fewer, for what it keeps quiet about would never be asked again.
pub(super) async fn read_all(calendar: &impl Calendar, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    whole(ids.len(), calendar.read(ids).await?)
}

/// As many results as there were questions.
pub(super) fn whole<T>(asked: usize, results: Vec<T>) -> Result<Vec<T>, Problem> {
    if results.len() == asked { Ok(results) } else { Err(Problem::new(Code::Internal).said("answered in part")) }
}
