//! Fetching items, and the exceptions of those that are series.

use std::ops::Deref;

use chrono::DateTime;

use crate::event::set_of;
use crate::ews::envelope::Answer;
use crate::ews::item::CalendarItem;
use crate::ews::mapping::{event_of, start_of};
use crate::ews::operation::get_item::GetItem;
use crate::ews::operation::get_server_time_zones::GetServerTimeZones;
use crate::ews::operation::{ItemRef, Shape};
use crate::ews::zone_definition::ZoneDefinition;
use crate::host::{Audience, Clock};
use crate::http::{Json, Transport};
use crate::problem::Problem;
use crate::sync::port::{Marker, Observed};
use crate::sync::state::{LinkId, RemoteId, Uid, Unsynced, Version};
use crate::zone::{Purpose, ZoneRules, zone_named};

use super::{EVENTS_AT_ONCE, ExchangeCalendar, missing};

/// How many items one GetItem asks for. An answer with as many full items is about 1 MB; with the longest bodies it may
/// pass the gateway's 20 MiB, and then each half is asked for by itself ([`Ews::call_each`](crate::ews::client::Ews)).
const READ_AT_ONCE: usize = EVENTS_AT_ONCE;

impl<P, Z> ExchangeCalendar<P, Z>
where
    P: Deref<Target: Transport + Clock + Audience + Json>,
    Z: ZoneRules,
{
    /// Items by their ids, as much of each as `shape` says: one result for each id, in order.
    pub(super) async fn get(
        &self,
        shape: Shape,
        ids: &[ItemRef],
    ) -> Result<Vec<Result<CalendarItem, Problem>>, Problem> {
        let mut found = Vec::with_capacity(ids.len());
        for batch in ids.chunks(READ_AT_ONCE) {
            let get = |items| GetItem { shape, items };
            let only = |items: Vec<CalendarItem>| items.into_iter().next().ok_or_else(|| missing("the item"));
            let items = self.ews.call_each(batch, get, only).await?;
            found.extend(items.into_iter().map(|item| item.and_then(|item| item)));
        }
        Ok(found)
    }

    /// Items with everything about them.
    pub(super) async fn fetch(&self, ids: &[ItemRef]) -> Result<Vec<Result<CalendarItem, Problem>>, Problem> {
        self.get(Shape::Everything, ids).await
    }

    /// What was fetched, as the engine sees it. The exceptions of all series among it are fetched in turn.
    pub(super) async fn observe(
        &self,
        items: Vec<Result<CalendarItem, Problem>>,
    ) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let named = items.iter().flatten().flat_map(|item| &item.modified_occurrences);
        let ids: Vec<ItemRef> = named.map(|occurrence| ItemRef::from(occurrence.id.clone())).collect();
        let mut exceptions = self.fetch(&ids).await?;
        let mut items = items;
        self.spell_out_zones(items.iter_mut().chain(&mut exceptions).flatten()).await;
        let mut exceptions = exceptions.into_iter();
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

    /// Gives zones whose names say nothing to us the rules that the server has for them (R05). Without an answer they
    /// stay as they are, and their events are set aside by name.
    async fn spell_out_zones(&self, items: impl Iterator<Item = &mut CalendarItem>) {
        let zones = items.flat_map(|item| [&mut item.start_zone, &mut item.end_zone]).flatten();
        let is_strange = |zone: &&mut Box<ZoneDefinition>| {
            let named = || {
                zone_named(
                    &zone.id,
                    Purpose::Event { start: DateTime::UNIX_EPOCH, end: DateTime::UNIX_EPOCH },
                    &self.own_zone,
                    &self.rules,
                )
            };
            zone.periods.is_empty() && !zone.id.is_empty() && named().is_none()
        };
        let strange: Vec<&mut Box<ZoneDefinition>> = zones.filter(is_strange).collect();
        let known = |id: &str| self.zones.borrow().iter().find(|zone| zone.id == id).cloned();
        let asked = set_of(strange.iter().map(|zone| zone.id.clone()));
        let asked: Vec<String> = asked.into_iter().filter(|id| known(id).is_none()).collect();
        if !asked.is_empty() {
            let told = self.ews.call(&GetServerTimeZones { ids: asked.clone() }).await;
            let told = told.and_then(Answer::only).unwrap_or_default();
            let untold = asked.into_iter().filter(|id| told.iter().all(|zone| zone.id != *id));
            let untold: Vec<_> = untold.map(|id| ZoneDefinition { id, ..ZoneDefinition::default() }).collect();
            self.zones.borrow_mut().extend(told.into_iter().chain(untold));
        }
        for zone in strange {
            if let Some(definition) = known(&zone.id) {
                **zone = definition;
            }
        }
    }

    pub(super) fn observed(&self, mut item: CalendarItem, exceptions: Vec<CalendarItem>) -> Result<Observed, Problem> {
        let (Some(id), Some(key)) = (item.id.take(), item.change_key.take()) else {
            return Err(missing("the item's id"));
        };
        let content = event_of(&mut item, exceptions, &self.place()).map_err(|problem| Unsynced {
            problem,
            title: std::mem::take(&mut item.subject),
            start: start_of(&item, &self.place()),
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
