//! Fetching items, and the exceptions of those that are series.

use std::ops::Deref;

use crate::ews::item::CalendarItem;
use crate::ews::mapping::event_of;
use crate::ews::operation::get_item::GetItem;
use crate::ews::operation::{ItemRef, Shape};
use crate::host::{Audience, Clock};
use crate::http::{Json, Transport};
use crate::problem::{Code, Problem};
use crate::sync::port::{Marker, Observed};
use crate::sync::state::{LinkId, RemoteId, Uid, Unsynced, Version};
use crate::zone::ZoneRules;

use super::{ExchangeCalendar, in_order, missing, only_item};

/// How many items one GetItem asks for.
const READ_AT_ONCE: usize = 100;

impl<P, Z> ExchangeCalendar<P, Z>
where
    P: Deref<Target: Transport + Clock + Audience + Json>,
    Z: ZoneRules,
{
    /// One GetItem: one result for each id, in order.
    pub(super) async fn get(
        &self,
        shape: Shape,
        ids: &[ItemRef],
    ) -> Result<Vec<Result<CalendarItem, Problem>>, Problem> {
        let get = GetItem { shape, items: ids.to_vec() };
        let messages = self.ews.call(&get).await?.messages;
        in_order::<GetItem>(messages, ids.len())
            .map(|results| results.into_iter().map(|result| result.and_then(only_item)).collect())
    }

    /// Items by their ids, however large: a batch that the carrier refuses for its size is halved.
    pub(super) async fn fetch(&self, ids: &[ItemRef]) -> Result<Vec<Result<CalendarItem, Problem>>, Problem> {
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

    /// What was fetched, as the engine sees it. The exceptions of all series among it are fetched in turn.
    pub(super) async fn observe(
        &self,
        items: Vec<Result<CalendarItem, Problem>>,
    ) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let named = items.iter().flatten().flat_map(|item| &item.modified_occurrences);
        let ids: Vec<ItemRef> = named.map(|occurrence| ItemRef::from(occurrence.id.clone())).collect();
        let mut exceptions = self.fetch(&ids).await?.into_iter();
        let observed = items.into_iter().map(|item| {
            let item = item?;
            let count = item.modified_occurrences.len();
            // Taken off the list before one of them may end this: what follows are another series' exceptions.
            let own: Vec<_> = exceptions.by_ref().take(count).collect();
            // A series of which a part cannot be read is not read: what is missing would look like a person's deletion.
            self.observed(item, own.into_iter().collect::<Result<_, _>>()?)
        });
        Ok(observed.collect())
    }

    pub(super) fn observed(&self, mut item: CalendarItem, exceptions: Vec<CalendarItem>) -> Result<Observed, Problem> {
        let (Some(id), Some(key)) = (item.id.take(), item.change_key.take()) else {
            return Err(missing("the item's id"));
        };
        let content = event_of(&mut item, exceptions, &self.place()).map_err(|problem| Unsynced {
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
            is_unfinished: item.is_unfinished,
            content,
        })
    }
}
