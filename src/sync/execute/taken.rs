//! Creates in Blikk that were answered with an event of another link, or refused because of it.

use crate::host::{Audience, Clock};
use crate::problem::{Code, Problem, Side};
use crate::sync::plan::{Step, Write};
use crate::sync::port::{Calendar, Observed, Reading, StateStore, read_all, whole};
use crate::sync::state::{Link, RemoteId, SideState, Version};

use super::{Executor, Open, Task, draft};

impl<B: Calendar, X: Calendar, S: StateStore, C: Clock, A: Audience> Executor<'_, B, X, S, C, A> {
    /// A create that was answered with an event of another link, or refused because of it: two Exchange items with one UID.
    /// One Blikk event must not be linked twice, or the two items would overwrite each other through it for ever. A row
    /// that holds only the Blikk event is no other link; and if the other link's item is gone, this one is it, moved out of
    /// the calendar and back: from now on it is that link's, and the step is none (`None`).
    pub(super) async fn refuse_taken(
        &mut self,
        side: Side,
        batch: &[Task],
        open: &[Open],
        results: Vec<Result<Option<Observed>, Problem>>,
    ) -> Result<Vec<Option<Result<Option<Observed>, Problem>>>, (Option<Side>, Problem)> {
        let held = if side == Side::Blikk { self.held_instead(batch, open, &results).await? } else { Vec::new() };
        let ids: Vec<RemoteId> = held.iter().flatten().map(|held| held.id.clone()).collect();
        if ids.is_empty() {
            return Ok(results.into_iter().map(Some).collect());
        }
        let owners = self.ledger.links_of(side, &ids).await.map_err(|problem| (None, problem))?;
        let gone = self.items_gone(batch, open, &owners).await?;
        let mut judged = Vec::with_capacity(results.len());
        for ((task, result), held) in batch.iter().zip(results).zip(held) {
            let Some(held) = held else {
                judged.push(Some(result));
                continue;
            };
            let step = &open[task.open].step;
            let owner = owner_of(&owners, &held, step);
            let is_linked = owner.is_some_and(|link| link.exchange.is_some());
            let item = owner.and_then(|link| link.exchange.as_ref()).filter(|item| gone.contains(&item.id));
            judged.push(if let (Some(owner), Some(item)) = (owner, item) {
                self.take_over(owner, item, step);
                None
            } else if result.is_err() {
                Some(result)
            } else if is_linked || self.claimed.put(held.id.as_str(), 0).is_some() {
                Some(Err(Code::EventDuplicateUid.into()))
            } else {
                if let Some(owner) = owner {
                    self.ledger.forget(owner); // It waited for this item, by its UID.
                }
                Some(result)
            });
        }
        Ok(judged)
    }

    /// For each write of a batch, if it was a create, what Blikk holds of it: what it was answered with, or the event that
    /// has its UID already.
    async fn held_instead(
        &self,
        batch: &[Task],
        open: &[Open],
        results: &[Result<Option<Observed>, Problem>],
    ) -> Result<Vec<Option<Observed>>, (Option<Side>, Problem)> {
        let mut held = Vec::with_capacity(batch.len());
        let (mut taken, mut drafts) = (Vec::new(), Vec::new());
        for (place, (task, result)) in batch.iter().zip(results).enumerate() {
            held.push(match (&task.write, result) {
                (Write::Create { .. }, Ok(created)) => created.clone(),
                (Write::Create { on, event }, Err(problem)) if problem.code == Code::EventDuplicateUid => {
                    taken.push(place);
                    drafts.push(draft(&open[task.open].step.link, *on, event.clone()));
                    None
                }
                _ => None,
            });
        }
        if !drafts.is_empty() {
            let on_blikk = |problem| (Some(Side::Blikk), problem);
            let found =
                self.blikk.find(&drafts).await.and_then(|found| whole(drafts.len(), found)).map_err(on_blikk)?;
            taken.into_iter().zip(found).for_each(|(place, found)| held[place] = found);
        }
        Ok(held)
    }

    /// Which items are gone of links whose Blikk event was just given to another.
    async fn items_gone(
        &self,
        batch: &[Task],
        open: &[Open],
        owners: &[Link],
    ) -> Result<Vec<RemoteId>, (Option<Side>, Problem)> {
        let is_own = |link: &&Link| {
            batch.iter().any(|task| open[task.open].step.prior.as_ref().is_some_and(|prior| prior.id == link.id))
        };
        let others = owners.iter().filter(|link| !is_own(link));
        let ids: Vec<RemoteId> = others.filter_map(|link| Some(link.exchange.as_ref()?.id.clone())).collect();
        let readings = read_all(self.exchange, &ids).await.map_err(|problem| (Some(Side::Exchange), problem))?;
        let gone = |reading| if let Reading::Gone(id) = reading { Some(id) } else { None };
        Ok(readings.into_iter().filter_map(gone).collect())
    }

    /// The item of `step` is the one that `owner` has lost.
    fn take_over(&mut self, owner: &Link, lost: &SideState, step: &Step) {
        let Some(item) = &step.link.exchange else { return };
        let exchange = SideState { id: item.id.clone(), version: Version::unknown(), seen: lost.seen.clone() };
        let link = Link { exchange: Some(exchange), ..owner.clone() };
        self.ledger.put(Some(owner), link.clone());
        self.done.again.links.push(link);
    }
}

/// The link that holds this event already, if it is another than the step's own.
fn owner_of<'l>(owners: &'l [Link], held: &Observed, step: &Step) -> Option<&'l Link> {
    let own = step.prior.as_ref().map(|prior| &prior.id);
    let holds = |link: &&Link| link.blikk.as_ref().is_some_and(|state| state.id == held.id);
    owners.iter().filter(holds).find(|link| Some(&link.id) != own)
}
