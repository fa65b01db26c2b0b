//! Writing items in batches, and reading back what the server made of them.

use std::ops::Deref;

use crate::event::Event;
use crate::ews::item::{CalendarItem, ChangeKey, ItemId, MarkerText, changes, mark_finished, unmark};
use crate::ews::mapping::wire;
use crate::ews::operation::create_item::CreateItem;
use crate::ews::operation::delete_item::DeleteItem;
use crate::ews::operation::update_item::{Conflict, ItemUpdate, UpdateItem};
use crate::ews::operation::{ItemRef, Operation, Shape};
use crate::ews::series::{brings_back, makes_forget, steps};
use crate::host::{Audience, Clock};
use crate::http::{Json, Transport};
use crate::problem::{Code, Problem};
use crate::sync::outcome::{as_written, is_all_as_written, is_unwritten_as_before};
use crate::sync::port::{Draft, Observed, Removal, Revision};
use crate::sync::state::Version;
use crate::zone::ZoneRules;

use super::{ExchangeCalendar, WRITE_AT_ONCE, item_ref, missing};

/// How many bytes of text one request holds at most, so that it stays well below the gateway's limit. One event that
/// alone is larger goes alone.
const BYTES_AT_ONCE: usize = 1_000_000;

/// What an item weighs beside its texts.
const BYTES_AROUND: usize = 2_000;

impl<P, Z> ExchangeCalendar<P, Z>
where
    P: Deref<Target: Transport + Clock + Audience + Json>,
    Z: ZoneRules,
{
    pub(super) async fn create_all(&self, drafts: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let place = self.place();
        let (mut results, mut items) = (Vec::with_capacity(drafts.len()), Vec::new());
        for draft in drafts {
            let marker = MarkerText {
                link: draft.link.as_str(),
                blikk: draft.counterpart.as_str(),
                is_unfinished: has_exceptions(&draft.event),
            };
            let wire = wire(&draft.event, Some(marker), &place).map(|wire| wire.speaking(self.ews.version()));
            results.push(wire.map(|wire| items.push((weight(&draft.event), wire))));
        }
        let request = |items| CreateItem { folder: self.ews.calendar(), items };
        let mut ids = self.send(&items, request).await?.into_iter();
        let mut written = Vec::with_capacity(drafts.len());
        for (draft, result) in drafts.iter().zip(results) {
            let item =
                result.and_then(|()| ids.next().unwrap_or(Ok(None))?.ok_or_else(|| missing("the new item's id")));
            written.push(match item {
                Ok(item) if has_exceptions(&draft.event) => self.with_exceptions(item, &draft.event).await?,
                item => item,
            });
        }
        let mut made = self.read_back(written, drafts.iter().map(|draft| (None, &draft.event))).await?;
        for (draft, result) in drafts.iter().zip(&mut made) {
            let marker = result.as_ref().ok().and_then(|item| item.marker.as_ref());
            if marker.is_some_and(|marker| marker.link != draft.link) {
                // Answered in another order than asked: to be found again by its marker.
                *result = Err(Problem::new(Code::ExchangeFailed).said("another item than was created"));
            }
        }
        Ok(made)
    }

    /// UpdateItem compares the ChangeKey, but not on every server, so the items are asked for theirs first.
    pub(super) async fn update_all(&self, revisions: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let refs: Vec<ItemRef> = revisions.iter().map(|revision| item_ref(&revision.id)).collect();
        let present = self.get(Shape::Known, &refs).await?;
        // Whether each is sent at all: what does not differ on Exchange's side is only read.
        let (mut results, mut items) = (Vec::with_capacity(revisions.len()), Vec::new());
        for (revision, present) in revisions.iter().zip(present) {
            let update = present.and_then(|item| {
                let is_unfinished = item.is_unfinished;
                unchanged_key(item, &revision.expected)?;
                self.update_of(revision, is_unfinished)
            });
            results.push(update.map(|update| update.map(|update| items.push((weight(&revision.after), update)))));
        }
        let request = |items| UpdateItem { items, conflict: Conflict::NeverOverwrite };
        let mut sent = self.send(&items, request).await?.into_iter();
        let mut written = Vec::with_capacity(revisions.len());
        for (revision, result) in revisions.iter().zip(results) {
            let id = ItemId::new(revision.id.as_str());
            let result = match result {
                Ok(Some(())) => sent.next().unwrap_or_else(|| Err(missing("a message"))).map(|item| {
                    let key = item.map_or(Key::Unknown, |item| item.key);
                    WrittenItem { id, key }
                }),
                Ok(None) => Ok(WrittenItem { id, key: Key::Unknown }),
                Err(problem) => Err(problem),
            };
            written.push(match result {
                Ok(item) if revision.after.series.is_some() => self.with_exceptions(item, &revision.after).await?,
                result => result,
            });
        }
        self.read_back(written, revisions.iter().map(|revision| (Some(&revision.before), &revision.after))).await
    }

    /// After these writes the ChangeKey is another.
    async fn with_exceptions(&self, item: WrittenItem, event: &Event) -> Result<Result<WrittenItem, Problem>, Problem> {
        let written = self.write_exceptions(item.id, event).await?;
        Ok(written.map(|id| WrittenItem { id, key: Key::Moved }))
    }

    /// The update that a revision needs; `None` if the two events are the same to Exchange. Of a series, this is the
    /// item alone; what its exceptions need comes after. A single event has none, so with this write it is finished.
    fn update_of<'e>(&self, revision: &'e Revision, is_unfinished: bool) -> Result<Option<ItemUpdate<'e>>, Problem> {
        let (place, version) = (self.place(), self.ews.version());
        let before = wire(&revision.before, None, &place)?.speaking(version);
        let after = wire(&revision.after, None, &place)?.speaking(version);
        let mut changes = changes(&before, &after);
        let (before, after) = (&revision.before, &revision.after);
        let may_be_forgotten = has_exceptions(after) && makes_forget(before, after);
        if may_be_forgotten || brings_back(before, after) || !steps(before, after, &self.rules).is_empty() {
            changes.push(mark_finished(false));
        } else if is_unfinished && after.series.is_none() {
            changes.push(mark_finished(true));
        }
        if revision.unmark {
            changes.extend(unmark());
        }
        let key = ChangeKey::new(revision.expected.as_str());
        let item = ItemRef::in_state(ItemId::new(revision.id.as_str()), key);
        Ok((!changes.is_empty()).then_some(ItemUpdate { item, changes }))
    }

    /// Reads back what was written, `sent` (as it was before, where it was, and as it was to be): for each write that
    /// succeeded, the item as the server now holds it.
    ///
    /// If its ChangeKey is not the one that the write was answered with, somebody was there in between. Then this is the
    /// item as *written*, in the version of the write: what is otherwise is that person's edit, which the next list of
    /// changes tells of, and no form of the server's own. So it is with what we did not write at all: not every server
    /// compares the ChangeKey (grommunio), and somebody was there before our write.
    async fn read_back<'e>(
        &self,
        written: Vec<Result<WrittenItem, Problem>>,
        sent: impl Iterator<Item = (Option<&'e Event>, &'e Event)>,
    ) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let ids: Vec<ItemRef> = written.iter().flatten().map(|item| ItemRef::from(item.id.clone())).collect();
        let mut items = self.observe(self.fetch(&ids).await?).await?.into_iter();
        let read = |(result, (before, sent)): (Result<WrittenItem, Problem>, (Option<&Event>, &Event))| {
            let WrittenItem { id, key } = result?;
            let item = items.next().unwrap_or_else(|| Err(missing("a message")))?;
            if item.id.as_str() != id.as_str() {
                // It was written, whatever this is: not refused, but to be found again by its marker.
                return Err(Problem::new(Code::ExchangeFailed).said("another item than was written"));
            }
            let version = match key {
                Key::Is(key) if key.as_str() != item.version.as_str() => Version::new(key.as_str()),
                Key::Moved if !is_all_as_written(sent, &item) => Version::unknown(),
                Key::Is(_) if before.is_some_and(|before| !is_unwritten_as_before(before, sent, &item)) => {
                    Version::unknown()
                }
                Key::Is(_) | Key::Moved | Key::Unknown => return Ok(item),
            };
            Ok(Observed { version, content: Ok(as_written(sent, sent, &item)), ..item })
        };
        Ok(written.into_iter().zip(sent).map(read).collect())
    }

    /// Sends writes in requests of bearable size, each made by `request`; what was written, in order.
    pub(super) async fn send<I: Clone, O: Operation<Outcome = Vec<CalendarItem>>>(
        &self,
        items: &[(usize, I)],
        request: impl Fn(Vec<I>) -> O,
    ) -> Result<Vec<Result<Option<WrittenItem>, Problem>>, Problem> {
        let mut written = Vec::with_capacity(items.len());
        for batch in batches(items) {
            let things: Vec<I> = batch.iter().map(|(_, item)| item.clone()).collect();
            let named = |items: Vec<CalendarItem>| {
                let written = |item: CalendarItem| {
                    let key = item.change_key.map_or(Key::Unknown, Key::Is);
                    Some(WrittenItem { id: item.id?, key })
                };
                items.into_iter().find_map(written)
            };
            written.extend(self.ews.call_each(&things, &request, named).await?);
        }
        Ok(written)
    }

    /// DeleteItem compares no ChangeKey, so the items are asked for theirs first. Between the two calls a person could
    /// still edit one: it would then lie in *Deleted Items*, not be lost.
    pub(super) async fn delete_batch(&self, removals: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        let ids: Vec<ItemRef> = removals.iter().map(|removal| item_ref(&removal.id)).collect();
        let present = self.get(Shape::Ids, &ids).await?;
        let verdicts: Vec<_> = removals.iter().zip(present).map(|(removal, item)| may_delete(removal, item)).collect();
        let items: Vec<ItemRef> = verdicts.iter().flatten().flatten().cloned().collect();
        if items.is_empty() {
            return Ok(verdicts.into_iter().map(|verdict| verdict.map(|_| ())).collect());
        }
        let delete = |items| DeleteItem { items };
        let mut deleted = self.ews.call_each(&items, delete, |()| ()).await?.into_iter();
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

/// An item, in the state in which a write left it.
pub(super) struct WrittenItem {
    pub id: ItemId,
    key: Key,
}

/// The ChangeKey after a write.
enum Key {
    Is(ChangeKey),
    /// It took several writes, each with a key of its own, so only what is there can tell whether somebody came between.
    Moved,
    Unknown,
}

/// What to delete, `None` when it is gone already.
fn may_delete(removal: &Removal, present: Result<CalendarItem, Problem>) -> Result<Option<ItemRef>, Problem> {
    let item = match present {
        Ok(item) => item,
        Err(problem) if problem.code == Code::ExchangeItemGone => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let key = unchanged_key(item, &removal.expected)?;
    Ok(Some(ItemRef::in_state(ItemId::new(removal.id.as_str()), key)))
}

/// The item's ChangeKey, if nobody has changed it.
fn unchanged_key(item: CalendarItem, expected: &Version) -> Result<ChangeKey, Problem> {
    let key = item.change_key.ok_or_else(|| missing("the item's ChangeKey"))?;
    if key.as_str() == expected.as_str() { Ok(key) } else { Err(Code::ExchangeItemChanged.into()) }
}

fn has_exceptions(event: &Event) -> bool {
    event.series.as_ref().is_some_and(|series| !series.exceptions.is_empty())
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
