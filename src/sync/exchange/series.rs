//! Writing the exceptions of a series: occurrence by occurrence, found by number, believed by date.

use std::ops::Deref;

use crate::event::{Event, OriginalDate};
use crate::ews::item::{CalendarItem, ItemId, changes, mark_finished, set_rule};
use crate::ews::mapping::{event_of, wire};
use crate::ews::operation::delete_item::DeleteItem;
use crate::ews::operation::update_item::{Conflict, ItemUpdate, UpdateItem};
use crate::ews::operation::{ItemRef, Shape};
use crate::ews::series::{Act, Step, brings_back, original_date_of, steps};
use crate::host::{Audience, Clock};
use crate::http::{Json, Transport};
use crate::problem::{Code, Problem};
use crate::zone::ZoneRules;

use super::{ExchangeCalendar, WRITE_AT_ONCE, missing};

/// How often the exceptions are gone through. An occurrence may not pass its neighbour (R19), so one that is refused
/// may find its place free once the other has moved.
const ROUNDS: usize = 2;

impl<P, Z> ExchangeCalendar<P, Z>
where
    P: Deref<Target: Transport + Clock + Audience + Json>,
    Z: ZoneRules,
{
    /// Makes the exceptions of the series what they are in `wanted`, and says on the item that it is finished. Computed
    /// from what the server says it holds now, because a change of the rule makes it forget what it held before.
    ///
    /// `Ok(Err)` when the server refuses one of them for good: that event's own fault.
    pub(super) async fn write_exceptions(
        &self,
        id: ItemId,
        wanted: &Event,
    ) -> Result<Result<ItemId, Problem>, Problem> {
        let mut refusal = None;
        let mut is_unfinished = false;
        for _ in 0..ROUNDS {
            let mut now = self.series_now(&id).await?;
            if now.as_ref().is_ok_and(|(now, _)| brings_back(now, wanted)) {
                refusal = self.start_over(&id, wanted).await?;
                now = self.series_now(&id).await?;
            }
            let now = match (now, refusal.take()) {
                (Ok((now, flag)), None) => {
                    is_unfinished = flag;
                    now
                }
                (Err(problem), _) | (_, Some(problem)) => return Ok(Err(problem)),
            };
            refusal = self.take_steps(&id, &now, wanted).await?;
            if refusal.is_none() {
                break;
            }
        }
        if let Some(problem) = refusal {
            return Ok(Err(problem));
        }
        if is_unfinished {
            let item = ItemRef::from(id.clone());
            let update = ItemUpdate { item, changes: vec![mark_finished(true)] };
            if let Err(problem) = self.update_occurrences(vec![update]).await?.remove(0) {
                return Ok(Err(problem));
            }
        }
        Ok(Ok(id))
    }

    /// Takes the rule away and gives it back: a single event has no exceptions, and no deleted occurrences. The item's
    /// mark says meanwhile that it is unfinished.
    async fn start_over(&self, id: &ItemId, wanted: &Event) -> Result<Option<Problem>, Problem> {
        let single = Event { series: None, ..wanted.clone() };
        for event in [&single, wanted] {
            let item = ItemRef::from(id.clone());
            let update = match wire(event, None, &self.place()) {
                Ok(wire) => ItemUpdate { item, changes: set_rule(&wire).into_iter().collect() },
                Err(problem) => return Ok(Some(problem)),
            };
            if let Some(problem) = self.update_occurrences(vec![update]).await?.into_iter().find_map(Result::err) {
                return Ok(Some(problem));
            }
        }
        Ok(None)
    }

    /// The series as Exchange holds it, and whether it is marked as unfinished.
    async fn series_now(&self, id: &ItemId) -> Result<Result<(Event, bool), Problem>, Problem> {
        let mut found = self.fetch(&[ItemRef::from(id.clone())]).await?;
        let mut item = match found.pop().unwrap_or_else(|| Err(missing("the series"))) {
            Ok(item) => item,
            Err(problem) => return Ok(Err(problem)),
        };
        let ids: Vec<ItemRef> = item.modified_occurrences.iter().map(|one| ItemRef::from(one.id.clone())).collect();
        let exceptions: Result<Vec<CalendarItem>, Problem> = self.fetch(&ids).await?.into_iter().collect();
        let is_unfinished = item.is_unfinished;
        Ok(exceptions
            .and_then(|exceptions| event_of(&mut item, exceptions, &self.place()))
            .map(|event| (event, is_unfinished)))
    }

    /// The first refusal, if there is one; the others are done all the same.
    async fn take_steps(&self, id: &ItemId, now: &Event, wanted: &Event) -> Result<Option<Problem>, Problem> {
        let mut refusal = None;
        for batch in steps(now, wanted, &self.rules).chunks(WRITE_AT_ONCE) {
            let (mut cancelled, mut changed) = (Vec::new(), Vec::new());
            for (step, occurrence) in batch.iter().zip(self.occurrences(id, batch).await?) {
                match (occurrence, &step.act) {
                    (Ok(occurrence), Act::Cancel) => cancelled.push(occurrence),
                    (Ok(item), Act::Change { before, after }) => match self.occurrence_changes(item, before, after) {
                        Ok(update) => changed.extend(update),
                        Err(problem) => refusal = refusal.or(Some(problem)),
                    },
                    // It does not take place already.
                    (Err(Problem { code: Code::ExchangeItemGone, .. }), Act::Cancel) => {}
                    (Err(problem), _) => refusal = refusal.or(Some(problem)),
                }
            }
            let outcomes = [self.cancel_occurrences(cancelled).await?, self.update_occurrences(changed).await?];
            refusal = refusal.or(outcomes.into_iter().flatten().find_map(Result::err));
        }
        Ok(refusal)
    }

    /// The occurrences that the steps are about, each asked for by its number, and believed only when it stands on the
    /// date that we mean: no server lists the numbers, and one that counts otherwise would have us change another day
    /// (R17).
    async fn occurrences(&self, id: &ItemId, steps: &[Step]) -> Result<Vec<Result<ItemRef, Problem>>, Problem> {
        let by_number = |step: &Step| ItemRef::Occurrence { series: id.clone(), index: step.index, change_key: None };
        let refs: Vec<ItemRef> = steps.iter().map(by_number).collect();
        let found = self.get(Shape::Placed, &refs).await?;
        let believed = |(step, item): (&Step, Result<CalendarItem, Problem>)| {
            let date = original_date_of(&item?, &self.place()).map(OriginalDate);
            if date == Some(step.date) {
                Ok(by_number(step))
            } else {
                Err(Problem::new(Code::ExchangeItemRefused).said("InstanceIndex counts otherwise"))
            }
        };
        Ok(steps.iter().zip(found).map(believed).collect())
    }

    fn occurrence_changes<'e>(
        &self,
        item: ItemRef,
        before: &'e Event,
        after: &'e Event,
    ) -> Result<Option<ItemUpdate<'e>>, Problem> {
        let (place, version) = (self.place(), self.ews.version());
        let before = wire(before, None, &place)?.speaking(version);
        let after = wire(after, None, &place)?.speaking(version);
        let changes = changes(&before, &after);
        Ok((!changes.is_empty()).then_some(ItemUpdate { item, changes }))
    }

    /// The key of the series was compared when it was written, and it moves with each of its occurrences, so these
    /// name none.
    async fn update_occurrences(&self, items: Vec<ItemUpdate<'_>>) -> Result<Vec<Result<(), Problem>>, Problem> {
        let update = |items| UpdateItem { items, conflict: Conflict::AlwaysOverwrite };
        self.ews.call_each(&items, update, |_| ()).await
    }

    async fn cancel_occurrences(&self, items: Vec<ItemRef>) -> Result<Vec<Result<(), Problem>>, Problem> {
        let delete = |items| DeleteItem { items };
        let is_done = |result: Result<(), Problem>| match result {
            Err(Problem { code: Code::ExchangeItemGone, .. }) => Ok(()),
            other => other,
        };
        Ok(self.ews.call_each(&items, delete, |()| ()).await?.into_iter().map(is_done).collect())
    }
}
