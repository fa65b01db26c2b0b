//! Exchange over EWS as a [`Calendar`].
//!
//! An idle run is one call, SyncFolderItems. What changed is fetched with GetItem in batches (R08), what is written
//! goes out in batches and is read back in one more call. A series is one event here and one item there, with further
//! items for its exceptions: [`reading`] fetches those as well, and [`series`] writes them.

mod reading;
mod series;
mod writing;

use std::cell::RefCell;
use std::ops::Deref;

use crate::event::Event;
use crate::ews::client::Ews;
use crate::ews::envelope::{Answer, RequestVersion};
use crate::ews::item::{CalendarItem, CalendarItemType, ChangeKey, ItemElement, ItemId, MarkerField};
use crate::ews::mapping::Place;
use crate::ews::operation::find_item::{FindItem, FoundItems, MOST_ENTRIES, Which};
use crate::ews::operation::get_folder::GetFolder;
use crate::ews::operation::sync_folder_items::{ItemChange, MOST_CHANGES, SyncFolderItems, SyncPage};
use crate::ews::operation::{FolderId, ItemRef, Shape};
use crate::ews::zone_definition::ZoneDefinition;
use crate::host::{Audience, Clock};
use crate::http::{Json, Transport};
use crate::problem::{Code, Problem, Side};
use crate::sync::merge::differences;
use crate::sync::port::{Calendar, Change, ChangePage, Draft, Observed, Reading, Removal, Revision};
use crate::sync::state::{LinkId, RemoteId, Token, Uid, Version};
use crate::zone::{ZoneId, ZoneRules};

/// How many items one CreateItem, UpdateItem or DeleteItem holds at most.
///
/// Exchange names no limit of its own. A write that gets no answer is settled by reading, so a request should be done
/// well within the 100 seconds that the gateway waits for an answer, and an Exchange takes some hundredths of a second
/// for an item. Of requests at the same time it allows few (EWSMaxConcurrency), so larger ones it must be, not more:
/// <https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange>.
const WRITE_AT_ONCE: usize = 100;

/// How many events the engine writes between two commits of its state: as many as one GetItem reads back. So N events
/// are created in N/100 + N/200 calls, and heard again in N/512 (`tests/budgets.rs`).
const EVENTS_AT_ONCE: usize = 200;

/// How many UIDs one restriction asks for.
const UIDS_AT_ONCE: usize = 50;

/// How many items with one UID are believed to be an answer: a badly made copy bears its original's.
const MOST_OF_ONE_UID: usize = 4;

/// The calendar of one mailbox.
pub struct ExchangeCalendar<P, Z> {
    ews: Ews<P>,
    own_zone: ZoneId,
    rules: Z,
    /// What the server said of zones whose names say nothing to us; asked once for each.
    zones: RefCell<Vec<ZoneDefinition>>,
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
        ExchangeCalendar { ews: Ews::new(ports, mailbox), own_zone, rules, zones: RefCell::default() }
    }

    /// The same, speaking another version of the schema.
    #[must_use]
    pub fn speaking(mut self, version: RequestVersion) -> Self {
        self.ews = self.ews.speaking(version);
        self
    }

    /// The same, with another calendar of the mailbox than the first ([`Ews::calendars`]).
    #[must_use]
    pub fn in_folder(mut self, folder: FolderId) -> Self {
        self.ews = self.ews.with_folder(folder);
        self
    }

    /// The protocol below: for what is no calendar's business, such as choosing one.
    pub fn ews(&self) -> &Ews<P> {
        &self.ews
    }

    /// Whether we get there, and what it is called: the administrator's test.
    ///
    /// # Errors
    /// What keeps us from it.
    pub async fn open(&self) -> Result<OpenedCalendar, Problem> {
        let answer = self.ews.call(&GetFolder { folder: self.ews.calendar() }).await?;
        let server_version = answer.server_version.clone();
        let folder = answer.only()?.into_iter().next().ok_or_else(|| missing("the folder"))?;
        Ok(OpenedCalendar { name: folder.name, item_count: folder.item_count.unwrap_or(0), server_version })
    }

    /// The items that carry this link's marker: one, or none, or one more for each copy that the user made.
    ///
    /// # Errors
    /// When the server does not answer; an answer with nothing in it is not an error.
    pub async fn marked(&self, link: &LinkId) -> Result<Vec<RemoteId>, Problem> {
        let folder = self.ews.calendar();
        let which = Which::Marked { field: MarkerField::LINK, is_equal_to: link.as_str().to_owned() };
        let find = FindItem { folder, shape: Shape::Known, which };
        let found = self.ews.call(&find).await?.only()?;
        // Not every server knows the restriction; one that does not gives everything.
        let ours = found.items.into_iter().filter(|item| item.link_id.as_deref() == Some(link.as_str()));
        Ok(ours.filter_map(|item| item.id).map(|id| RemoteId::new(id.as_str())).collect())
    }

    fn place(&self) -> Place<'_, Z> {
        Place::new(&self.own_zone, &self.rules)
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
        page_of(self.ews.call(&sync).await?.only()?, since)
    }

    async fn list(&self, page: Option<&Token>) -> Result<Option<ChangePage>, Problem> {
        let offset = match page {
            Some(page) => page.as_str().parse().map_err(|_| missing("a place to go on"))?,
            None => 0,
        };
        let which = Which::Page { offset, max_entries: MOST_ENTRIES };
        let find = FindItem { folder: self.ews.calendar(), shape: Shape::Known, which };
        listed(self.ews.call(&find).await?.only()?, offset).map(Some)
    }

    async fn read(&self, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        let items: Vec<ItemRef> = ids.iter().map(item_ref).collect();
        let found = self.observe(self.fetch(&items).await?).await?;
        Ok(ids.iter().zip(found).map(|(id, observed)| reading(id, observed)).collect())
    }

    /// By our marker. A copy that a person made meanwhile carries it too, and is less like it, or younger (scenario 8); an
    /// item that was moved is younger than its own copies.
    async fn find(&self, drafts: &[Draft]) -> Result<Vec<Option<Observed>>, Problem> {
        let mut found = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let marked = self.marked(&draft.link).await?;
            let items: Vec<ItemRef> = marked.iter().map(item_ref).collect();
            let mut items: Vec<Observed> =
                self.observe(self.fetch(&items).await?).await?.into_iter().flatten().collect();
            items.retain(|item| item.marker.as_ref().is_some_and(|marker| marker.link == draft.link));
            items.sort_by_key(|item| (unlikeness(item, &draft.event), item.created_at));
            found.push(items.into_iter().next());
        }
        Ok(found)
    }

    /// By what MAPI calls the UID, since a restriction on `calendar:UID` is refused. A server that knows no such search
    /// refuses it, or gives everything.
    async fn locate(&self, uids: &[Uid]) -> Result<Vec<Observed>, Problem> {
        let mut located = Vec::new();
        for some in uids.chunks(UIDS_AT_ONCE) {
            let which = Which::Named { uids: some.iter().map(|uid| uid.as_str().to_owned()).collect() };
            let find = FindItem { folder: self.ews.calendar(), shape: Shape::Ids, which };
            let found = match self.ews.call(&find).await.and_then(Answer::only) {
                Err(problem) if problem.code == Code::ExchangeRefused => return Ok(Vec::new()),
                found => found?,
            };
            if found.items.len() > MOST_OF_ONE_UID * some.len() {
                return Ok(Vec::new());
            }
            let ids = found.items.into_iter().filter_map(|item| item.id);
            let items: Vec<ItemRef> = ids.map(ItemRef::from).collect();
            let items = self.observe(self.fetch(&items).await?).await?.into_iter().flatten();
            located.extend(items.filter(|item| item.uid.as_ref().is_some_and(|uid| some.contains(uid))));
        }
        Ok(located)
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
        EVENTS_AT_ONCE
    }
}

/// In how many fields an item is otherwise than what we meant to create, of those that we write.
fn unlikeness(item: &Observed, event: &Event) -> usize {
    let written = |now| differences(now, event).into_iter().filter(|field| !field.is_told_by_exchange()).count();
    item.content.as_ref().map_or(usize::MAX, written)
}

fn page_of(page: SyncPage, since: Option<&Token>) -> Result<ChangePage, Problem> {
    let next = Token::new(page.state.ok_or_else(|| missing("the SyncState"))?);
    let does_not_move = page.changes.is_empty() && since == Some(&next);
    // A server that does not say goes on until a page is empty: the end must not be guessed where it may not be.
    let is_last = page.is_last.unwrap_or(page.changes.is_empty()) || does_not_move;
    let changes = page.changes.into_iter().filter_map(change_of).collect();
    Ok(ChangePage { changes, next, more: !is_last })
}

/// A change without an id can be about nothing, and an occurrence is its series' business: these two are left out.
fn change_of(change: ItemChange) -> Option<Change> {
    if matches!(change, ItemChange::Deleted(_)) {
        let id = RemoteId::new(change.item().id.as_ref()?.as_str());
        return Some(Change::Deleted { id });
    }
    let (id, version) = state_of(change.item())?;
    Some(Change::Touched { id, version })
}

/// A page of a list of items that begins at `offset`.
fn listed(found: FoundItems, offset: u32) -> Result<ChangePage, Problem> {
    let count = u32::try_from(found.items.len()).unwrap_or(u32::MAX);
    let is_all = found.total.is_some_and(|total| offset.saturating_add(count) >= total);
    // As of the list of changes, the end is not guessed.
    let is_last = found.is_last.unwrap_or(count == 0 || is_all);
    let next = found.next_offset.filter(|next| *next > offset).unwrap_or(offset.saturating_add(count));
    if !is_last && next == offset {
        return Err(missing("the rest of the list"));
    }
    let changes = found.items.iter().filter_map(|item| {
        let (id, version) = state_of(item)?;
        Some(Change::Touched { id, version: if may_hide_edits(item) { Version::unknown() } else { version } })
    });
    Ok(ChangePage { changes: changes.collect(), next: Token::new(next.to_string()), more: !is_last })
}

/// An item's id and ChangeKey. Some servers list the occurrences of a series beside it; they are not events of their
/// own.
fn state_of(item: &CalendarItem) -> Option<(RemoteId, Version)> {
    if matches!(item.item_type, Some(CalendarItemType::Occurrence | CalendarItemType::Exception)) {
        return None;
    }
    let key = item.change_key.as_ref().map_or("", ChangeKey::as_str);
    Some((RemoteId::new(item.id.as_ref()?.as_str()), Version::new(key)))
}

/// Whether its ChangeKey may be what it was although an occurrence was edited (grommunio): a series, and what may be one.
fn may_hide_edits(item: &CalendarItem) -> bool {
    item.element == ItemElement::CalendarItem && item.item_type != Some(CalendarItemType::Single)
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

fn missing(what: &str) -> Problem {
    Problem::new(Code::ExchangeNotSoap).said(format!("the answer lacks {what}"))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "exchange_tests.rs"]
mod tests;
