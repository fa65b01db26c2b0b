//! Exchange over EWS as a [`Calendar`].
//!
//! An idle run is one call, SyncFolderItems. What changed is fetched with GetItem in batches (R08), what is written
//! goes out in batches and is read back in one more call. A series is one event here and one item there, with further
//! items for its exceptions: [`reading`] fetches those as well, and [`series`] writes them.

mod reading;
mod series;
mod writing;

use std::ops::Deref;

use crate::ews::client::Ews;
use crate::ews::envelope::RequestVersion;
use crate::ews::error::ResponseError;
use crate::ews::item::{CalendarItem, ChangeKey, ItemId, MarkerField};
use crate::ews::mapping::Place;
use crate::ews::operation::find_item::{FindItem, Which};
use crate::ews::operation::get_folder::GetFolder;
use crate::ews::operation::sync_folder_items::{ItemChange, MOST_CHANGES, SyncFolderItems, SyncPage};
use crate::ews::operation::{ItemRef, Operation, Shape};
use crate::host::{Audience, Clock};
use crate::http::{Json, Transport};
use crate::problem::{Code, Problem, Side};
use crate::sync::port::{Calendar, Change, ChangePage, Draft, Observed, Reading, Removal, Revision};
use crate::sync::state::{LinkId, RemoteId, Token, Version};
use crate::zone::{ZoneId, ZoneRules};

/// How many items one CreateItem, UpdateItem or DeleteItem holds at most.
const WRITE_AT_ONCE: usize = 50;

/// The calendar of one mailbox.
pub struct ExchangeCalendar<P, Z> {
    ews: Ews<P>,
    own_zone: ZoneId,
    rules: Z,
}

/// What [`ExchangeCalendar::open`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedCalendar {
    pub name: String,
    pub item_count: u32,
    pub server_version: Option<String>,
}

impl<P, Z> ExchangeCalendar<P, Z>
where
    P: Deref<Target: Transport + Clock + Audience + Json>,
    Z: ZoneRules,
{
    /// `own_zone` is where the person is: all-day events are written there, and a Windows zone that covers it is
    /// taken for it.
    pub fn new(ports: P, rules: Z, mailbox: &str, own_zone: ZoneId) -> Self {
        ExchangeCalendar { ews: Ews::new(ports, mailbox), own_zone, rules }
    }

    /// The same, speaking another version of the schema.
    #[must_use]
    pub fn speaking(mut self, version: RequestVersion) -> Self {
        self.ews = self.ews.speaking(version);
        self
    }

    /// Whether we get there, and what it is called: the administrator's test.
    ///
    /// # Errors
    /// What keeps us from it.
    pub async fn open(&self) -> Result<OpenedCalendar, Problem> {
        let answer = self.ews.call(&GetFolder { folder: self.ews.calendar() }).await?;
        let server_version = answer.server_version.clone();
        let folder = only(answer.messages)?.into_iter().next().ok_or_else(|| missing("the folder"))?;
        Ok(OpenedCalendar { name: folder.name, item_count: folder.item_count.unwrap_or(0), server_version })
    }

    /// The items that carry this link's marker: one, or none, or one more for each copy that the user made.
    ///
    /// # Errors
    /// When the server does not answer; an answer with nothing in it is not an error.
    pub async fn find(&self, link: &LinkId) -> Result<Vec<RemoteId>, Problem> {
        let folder = self.ews.calendar();
        let which = Which::Marked { field: MarkerField::LINK, is_equal_to: link.as_str().to_owned() };
        let find = FindItem { folder, shape: Shape::Known, which };
        let found = only(self.ews.call(&find).await?.messages)?;
        // Not every server knows the restriction; one that does not gives everything.
        let ours = found.items.into_iter().filter(|item| item.link_id.as_deref() == Some(link.as_str()));
        Ok(ours.filter_map(|item| item.id).map(|id| RemoteId::new(id.as_str())).collect())
    }

    fn place(&self) -> Place<'_, Z> {
        Place { own_zone: &self.own_zone, rules: &self.rules }
    }
}

impl<P, Z> Calendar for ExchangeCalendar<P, Z>
where
    P: Deref<Target: Transport + Clock + Audience + Json>,
    Z: ZoneRules,
{
    fn side(&self) -> Side {
        Side::Exchange
    }

    async fn changes(&self, since: Option<&Token>) -> Result<ChangePage, Problem> {
        let state = since.map(|token| token.as_str().to_owned());
        let sync = SyncFolderItems { folder: self.ews.calendar(), state, max_changes: MOST_CHANGES };
        page_of(only(self.ews.call(&sync).await?.messages)?, since)
    }

    async fn read(&self, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        let items: Vec<ItemRef> = ids.iter().map(item_ref).collect();
        let found = self.observe(self.fetch(&items).await?).await?;
        Ok(ids.iter().zip(found).map(|(id, observed)| reading(id, observed)).collect())
    }

    async fn create(&self, drafts: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        self.create_all(drafts).await
    }

    async fn update(&self, revisions: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        self.update_all(revisions).await
    }

    async fn delete(&self, removals: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        let mut results = Vec::with_capacity(removals.len());
        for batch in removals.chunks(WRITE_AT_ONCE) {
            results.extend(self.delete_batch(batch).await?);
        }
        Ok(results)
    }

    fn batch_size(&self) -> usize {
        WRITE_AT_ONCE
    }
}

fn page_of(page: SyncPage, since: Option<&Token>) -> Result<ChangePage, Problem> {
    let next = Token::new(page.state.ok_or_else(|| missing("the SyncState"))?);
    let does_not_move = page.changes.is_empty() && since == Some(&next);
    // A server that does not say goes on until a page is empty: the end must not be guessed where it may not be.
    let is_last = page.is_last.unwrap_or(page.changes.is_empty()) || does_not_move;
    let changes = page.changes.into_iter().filter_map(change_of).collect();
    Ok(ChangePage { changes, next, more: !is_last })
}

/// A change without an id can be about nothing; it is the one kind that is left out.
fn change_of(change: ItemChange) -> Option<Change> {
    let id = RemoteId::new(change.item().id.as_ref()?.as_str());
    if matches!(change, ItemChange::Deleted(_)) {
        return Some(Change::Deleted { id });
    }
    let version = Version::new(change.item().change_key.as_ref().map(ChangeKey::as_str).unwrap_or_default());
    Some(Change::Touched { id, version })
}

fn reading(id: &RemoteId, observed: Result<Observed, Problem>) -> Reading {
    match observed {
        Ok(observed) if observed.id == *id => Reading::Found(Box::new(observed)),
        Ok(_) => Reading::Failed(id.clone(), Problem::new(Code::ExchangeNotSoap).said("another item than asked for")),
        Err(problem) if problem.code == Code::ExchangeItemGone => Reading::Gone(id.clone()),
        Err(problem) => Reading::Failed(id.clone(), problem),
    }
}

fn item_ref(id: &RemoteId) -> ItemRef {
    ItemRef::from(ItemId::new(id.as_str()))
}

/// The messages of an answer to `count` things, each with its problem. Fewer messages than things cannot be told
/// apart, so they are no answer.
fn in_order<O: Operation>(
    messages: Vec<Result<O::Outcome, ResponseError>>,
    count: usize,
) -> Result<Vec<Result<O::Outcome, Problem>>, Problem> {
    if messages.len() != count {
        return Err(missing("a message for everything asked"));
    }
    Ok(messages.into_iter().map(|message| message.map_err(|error| error.of_item())).collect())
}

/// The one message of an answer to one thing.
fn only<T>(messages: Vec<Result<T, ResponseError>>) -> Result<T, Problem> {
    messages.into_iter().next().ok_or_else(|| missing("a message"))?.map_err(|error| error.of_request())
}

fn only_item(items: Vec<CalendarItem>) -> Result<CalendarItem, Problem> {
    items.into_iter().next().ok_or_else(|| missing("the item"))
}

fn missing(what: &str) -> Problem {
    Problem::new(Code::ExchangeNotSoap).said(format!("the answer lacks {what}"))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "exchange_tests.rs"]
mod tests;
