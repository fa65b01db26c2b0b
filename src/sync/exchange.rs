//! Exchange over EWS as a [`Calendar`].
//!
//! An idle run is one call, SyncFolderItems. What changed is fetched with GetItem in batches (R08), what is written
//! goes out in batches and is read back in one more call.

use std::ops::Deref;

use crate::event::Event;
use crate::ews::client::Ews;
use crate::ews::envelope::RequestVersion;
use crate::ews::error::ResponseError;
use crate::ews::item::{CalendarItem, ChangeKey, ItemId, MarkerField, MarkerText, changes};
use crate::ews::mapping::{Place, event_of, wire};
use crate::ews::operation::create_item::CreateItem;
use crate::ews::operation::delete_item::DeleteItem;
use crate::ews::operation::find_item::FindItem;
use crate::ews::operation::get_folder::GetFolder;
use crate::ews::operation::get_item::GetItem;
use crate::ews::operation::sync_folder_items::{ItemChange, MOST_CHANGES, SyncFolderItems, SyncPage};
use crate::ews::operation::update_item::{ItemUpdate, UpdateItem};
use crate::ews::operation::{ItemRef, Operation, Shape};
use crate::host::{Audience, Clock};
use crate::http::{Json, Transport};
use crate::problem::{Code, Problem, Side};
use crate::sync::port::{Calendar, Change, ChangePage, Draft, Marker, Observed, Reading, Removal, Revision};
use crate::sync::state::{LinkId, RemoteId, Token, Uid, Unsynced, Version};
use crate::zone::{ZoneId, ZoneRules};

/// How many items one GetItem asks for.
const READ_AT_ONCE: usize = 100;

/// How many items one CreateItem, UpdateItem or DeleteItem holds at most.
const WRITE_AT_ONCE: usize = 50;

/// How many bytes of text one request holds at most, so that it stays well below the gateway's limit. One event that
/// alone is larger goes alone.
const BYTES_AT_ONCE: usize = 1_000_000;

/// What an item weighs beside its texts.
const BYTES_AROUND: usize = 2_000;

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
        let find = FindItem { folder, field: MarkerField::LINK, is_equal_to: link.as_str().to_owned() };
        let found = only(self.ews.call(&find).await?.messages)?;
        // Not every server knows the restriction; one that does not gives everything.
        let ours = found.items.into_iter().filter(|item| item.link_id.as_deref() == Some(link.as_str()));
        Ok(ours.filter_map(|item| item.id).map(|id| RemoteId::new(id.as_str())).collect())
    }

    fn place(&self) -> Place<'_, Z> {
        Place { own_zone: &self.own_zone, rules: &self.rules }
    }

    /// One GetItem: one result for each id, in order.
    async fn get(&self, shape: Shape, ids: &[ItemRef]) -> Result<Vec<Result<CalendarItem, Problem>>, Problem> {
        let get = GetItem { shape, items: ids.to_vec() };
        let messages = self.ews.call(&get).await?.messages;
        in_order::<GetItem>(messages, ids.len())
            .map(|results| results.into_iter().map(|result| result.and_then(only_item)).collect())
    }

    /// Items by their ids, however large: a batch that the carrier refuses for its size is halved.
    async fn fetch(&self, ids: &[ItemRef]) -> Result<Vec<Result<CalendarItem, Problem>>, Problem> {
        let mut found = Vec::with_capacity(ids.len());
        let mut batches: Vec<&[ItemRef]> = ids.chunks(READ_AT_ONCE).rev().collect();
        while let Some(batch) = batches.pop() {
            match self.get(Shape::Everything, batch).await {
                Ok(items) => found.extend(items),
                Err(problem) if problem.code == Code::ExchangeTooLarge && batch.len() > 1 => {
                    let (first, second) = batch.split_at(batch.len() / 2);
                    batches.extend([second, first]);
                }
                Err(problem) if problem.code == Code::ExchangeTooLarge => found.push(Err(problem)),
                Err(problem) => return Err(problem),
            }
        }
        Ok(found)
    }

    fn observed(&self, mut item: CalendarItem) -> Result<Observed, Problem> {
        let (Some(id), Some(key)) = (item.id.take(), item.change_key.take()) else {
            return Err(missing("the item's id"));
        };
        let content = event_of(&mut item, &self.place()).map_err(|problem| Unsynced {
            problem,
            title: std::mem::take(&mut item.subject),
            start: item.start,
        });
        let marker = |link, blikk| Marker { link: LinkId::new(link), blikk: RemoteId::new(blikk) };
        Ok(Observed {
            id: RemoteId::new(id.as_str()),
            version: Version::new(key.as_str()),
            uid: item.uid.map(Uid::new),
            marker: item.link_id.zip(item.blikk_id).map(|(link, blikk)| marker(link, blikk)),
            created_at: item.created,
            changed_at: item.last_modified,
            content,
        })
    }

    /// Reads back what was written: for each write that succeeded, the item as the server now holds it.
    async fn read_back(
        &self,
        written: Vec<Result<ItemId, Problem>>,
    ) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let ids: Vec<ItemRef> = written.iter().flatten().cloned().map(ItemRef::from).collect();
        let mut items = self.fetch(&ids).await?.into_iter();
        Ok(written
            .into_iter()
            .map(|result| match result {
                Ok(_) => items.next().unwrap_or_else(|| Err(missing("a message"))).and_then(|item| self.observed(item)),
                Err(problem) => Err(problem),
            })
            .collect())
    }

    /// Sends writes in requests of bearable size, each made by `request`; the ids of what was written, in order.
    async fn send<I: Clone, O: Operation<Outcome = Vec<CalendarItem>>>(
        &self,
        items: &[(usize, I)],
        request: impl Fn(Vec<I>) -> O,
    ) -> Result<Vec<Result<Option<ItemId>, Problem>>, Problem> {
        let mut written = Vec::with_capacity(items.len());
        let mut pending: Vec<_> = batches(items).collect();
        pending.reverse();
        while let Some(batch) = pending.pop() {
            let operation = request(batch.iter().map(|(_, item)| item.clone()).collect());
            match self.ews.call(&operation).await {
                Ok(answer) => written.extend(
                    in_order::<O>(answer.messages, batch.len())?
                        .into_iter()
                        .map(|result| result.map(|items| items.into_iter().find_map(|item| item.id))),
                ),
                // Refused unread, so it may be sent again in halves, until one event is too large by itself: its own
                // fault, not its neighbours'.
                Err(problem) if problem.code == Code::GatewayRequestTooLarge && batch.len() > 1 => {
                    let (first, second) = batch.split_at(batch.len() / 2);
                    pending.extend([second, first]);
                }
                Err(problem) if problem.code == Code::GatewayRequestTooLarge => written.push(Err(problem)),
                Err(problem) => return Err(problem),
            }
        }
        Ok(written)
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
        let found = self.fetch(&items).await?;
        Ok(ids.iter().zip(found).map(|(id, item)| reading(id, item.and_then(|item| self.observed(item)))).collect())
    }

    async fn create(&self, drafts: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let place = self.place();
        let (mut results, mut items) = (Vec::with_capacity(drafts.len()), Vec::new());
        for draft in drafts {
            let marker = MarkerText { link: draft.link.as_str(), blikk: draft.counterpart.as_str() };
            results.push(wire(&draft.event, Some(marker), &place).map(|wire| items.push((weight(&draft.event), wire))));
        }
        let request = |items| CreateItem { folder: self.ews.calendar(), items };
        let mut ids = self.send(&items, request).await?.into_iter();
        let written = results.into_iter().map(|result| {
            result.and_then(|()| ids.next().unwrap_or(Ok(None))?.ok_or_else(|| missing("the new item's id")))
        });
        self.read_back(written.collect()).await
    }

    async fn update(&self, revisions: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let place = self.place();
        // Whether each is sent at all: what does not differ on Exchange's side is only read.
        let (mut results, mut items) = (Vec::with_capacity(revisions.len()), Vec::new());
        for revision in revisions {
            results.push(update_of(revision, &place).map(|update| match update {
                Some(update) => {
                    items.push((weight(&revision.after), update));
                    true
                }
                None => false,
            }));
        }
        let mut sent = self.send(&items, |items| UpdateItem { items }).await?.into_iter();
        let written = revisions.iter().zip(results).map(|(revision, result)| {
            let id = ItemId::new(revision.id.as_str());
            match result {
                Ok(true) => sent.next().unwrap_or_else(|| Err(missing("a message"))).map(|_| id),
                Ok(false) => Ok(id),
                Err(problem) => Err(problem),
            }
        });
        self.read_back(written.collect()).await
    }

    /// DeleteItem compares no ChangeKey, so the items are asked for theirs first. Between the two calls a person could
    /// still edit one: it would then lie in *Deleted Items*, not be lost.
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

impl<P, Z> ExchangeCalendar<P, Z>
where
    P: Deref<Target: Transport + Clock + Audience + Json>,
    Z: ZoneRules,
{
    async fn delete_batch(&self, removals: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        let ids: Vec<ItemRef> = removals.iter().map(|removal| item_ref(&removal.id)).collect();
        let present = self.get(Shape::Ids, &ids).await?;
        let verdicts: Vec<_> = removals.iter().zip(present).map(|(removal, item)| may_delete(removal, item)).collect();
        let items: Vec<ItemRef> = verdicts.iter().flatten().flatten().cloned().collect();
        if items.is_empty() {
            return Ok(verdicts.into_iter().map(|verdict| verdict.map(|_| ())).collect());
        }
        let count = items.len();
        let answer = self.ews.call(&DeleteItem { items }).await?;
        let mut deleted = in_order::<DeleteItem>(answer.messages, count)?.into_iter();
        let gone_is_fine = |result: Result<(), Problem>| match result {
            Err(problem) if problem.code == Code::ExchangeItemGone => Ok(()),
            other => other,
        };
        Ok(verdicts
            .into_iter()
            .map(|verdict| match verdict? {
                Some(_) => gone_is_fine(deleted.next().unwrap_or_else(|| Err(missing("a message")))),
                None => Ok(()),
            })
            .collect())
    }
}

/// What to delete, `None` when it is gone already.
fn may_delete(removal: &Removal, present: Result<CalendarItem, Problem>) -> Result<Option<ItemRef>, Problem> {
    let key = match present {
        Ok(item) => item.change_key.ok_or_else(|| missing("the item's ChangeKey"))?,
        Err(problem) if problem.code == Code::ExchangeItemGone => return Ok(None),
        Err(problem) => return Err(problem),
    };
    if key.as_str() != removal.expected.as_str() {
        return Err(Code::ExchangeItemChanged.into());
    }
    Ok(Some(ItemRef::in_state(ItemId::new(removal.id.as_str()), key)))
}

/// The update that a revision needs; `None` if the two events are the same to Exchange.
fn update_of<'e, Z: ZoneRules>(
    revision: &'e Revision,
    place: &Place<'_, Z>,
) -> Result<Option<ItemUpdate<'e>>, Problem> {
    let changes = changes(&wire(&revision.before, None, place)?, &wire(&revision.after, None, place)?);
    let change_key = ChangeKey::new(revision.expected.as_str());
    let item = ItemRef::in_state(ItemId::new(revision.id.as_str()), change_key);
    Ok((!changes.is_empty()).then_some(ItemUpdate { item, changes }))
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

/// Roughly how many bytes an event adds to a request.
fn weight(event: &Event) -> usize {
    BYTES_AROUND + event.title.len() + event.place.len() + event.body.len()
}

/// Runs of neighbours that fit into one request.
fn batches<I>(items: &[(usize, I)]) -> impl Iterator<Item = &[(usize, I)]> {
    let mut rest = items;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |(weight, _): &&(usize, I)| {
            bytes += weight;
            bytes <= BYTES_AT_ONCE
        };
        let count = rest.iter().take(WRITE_AT_ONCE).take_while(fits).count();
        let (batch, after) = rest.split_at(count.max(1).min(rest.len()));
        rest = after;
        (!batch.is_empty()).then_some(batch)
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "exchange_tests.rs"]
mod tests;
