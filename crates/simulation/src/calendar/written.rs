//! What a calendar does for a client: create, update and delete one event.

use blikk_calendar_sync::event::{Event, Exception};
use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::port::{Draft, Marker, Observed, Removal, Revision};
use blikk_calendar_sync::sync::state::RemoteId;

use super::{MemoryCalendar, makes_forget};

impl MemoryCalendar {
    pub(super) fn create_one(&self, draft: &Draft, is_half: bool) -> Result<Observed, Problem> {
        if self.is_refused(&draft.event) {
            return Err(self.refusal());
        }
        // Blikk promises idempotency; Exchange does not.
        let earlier = self.created_by_key.borrow().get(draft.link.as_str()).cloned();
        if let (Side::Blikk, Some(id)) = (self.side, earlier) {
            // 410: what this key made is deleted.
            return self.observed(&id).ok_or_else(|| Code::BlikkNotFound.into());
        }
        if let Some(taken) = self.taken(draft) {
            // The external id is unique: the same event is given back, another is a conflict.
            let is_same = taken.content.as_ref() == Ok(&draft.event);
            return if is_same { Ok(taken) } else { Err(Code::EventDuplicateUid.into()) };
        }
        let marker = Marker { link: draft.link.clone(), blikk: draft.counterpart.clone() };
        let marker = (self.side == Side::Exchange).then_some(marker);
        let id = self.insert(draft.event.clone(), draft.uid.clone(), marker);
        if is_half {
            self.leave_half(&id, None, &draft.event);
        }
        self.created_by_key.borrow_mut().insert(draft.link.as_str().to_owned(), id.clone());
        self.has_written(None, self.event(&id).as_ref());
        self.observed(&id).ok_or_else(|| self.refusal())
    }

    fn taken(&self, draft: &Draft) -> Option<Observed> {
        let held = self.held.borrow();
        let mut taken = held.values().filter(|held| draft.uid.is_some() && held.observed.uid == draft.uid);
        taken.next().filter(|_| self.side == Side::Blikk).map(|held| held.observed.clone())
    }

    pub(super) fn update_one(&self, revision: &Revision, is_half: bool) -> Result<Observed, Problem> {
        match self.held.borrow().get(&revision.id) {
            None => return Err(self.conflict()),
            Some(held) if held.observed.version != revision.expected => return Err(self.conflict()),
            Some(_) if self.is_refused(&revision.after) => return Err(self.refusal()),
            Some(_) => {}
        }
        let before = self.event(&revision.id);
        self.hold(&revision.id, revision.after.clone(), true);
        match is_half {
            true => self.leave_half(&revision.id, before.as_ref(), &revision.after),
            false => self.mark(&revision.id, false),
        }
        if let (true, Some(held)) = (revision.unmark, self.held.borrow_mut().get_mut(&revision.id)) {
            held.observed.marker = None;
        }
        self.has_written(before.as_ref(), self.event(&revision.id).as_ref());
        self.observed(&revision.id).ok_or_else(|| self.conflict())
    }

    pub(super) fn delete_one(&self, removal: &Removal) -> Result<(), Problem> {
        match self.held.borrow().get(&removal.id) {
            None => return Ok(()),
            Some(held) if held.observed.version != removal.expected => return Err(self.conflict()),
            Some(_) => {}
        }
        let before = self.event(&removal.id);
        self.remove(&removal.id);
        self.has_written(before.as_ref(), None);
        Ok(())
    }

    /// Takes back what the later calls of a write would have done.
    fn leave_half(&self, id: &RemoteId, before: Option<&Event>, after: &Event) {
        let mut half = after.clone();
        let Some(series) = &mut half.series else { return };
        let had = before.and_then(|before| Some(&before.series.as_ref()?.exceptions));
        let is_reshaped = before.is_none_or(|before| makes_forget(before, &after.when, series));
        let had = had.cloned().unwrap_or_default();
        let is_done = if is_reshaped { series.exceptions.is_empty() } else { had == series.exceptions };
        if is_done {
            return;
        }
        let exceptions = std::mem::take(&mut series.exceptions);
        let brings_back =
            had.iter().any(|(date, had)| *had == Exception::Cancelled && exceptions.get(date) != Some(had));
        if !is_reshaped && !brings_back {
            series.exceptions = had;
        }
        if brings_back && self.sequence.get().is_multiple_of(2) {
            half.series = None; // Taken away, and not given again.
        }
        self.hold(id, half, true);
        self.mark(id, true);
    }

    fn mark(&self, id: &RemoteId, is_unfinished: bool) {
        if let Some(one) = self.held.borrow_mut().get_mut(id) {
            one.observed.is_unfinished = is_unfinished;
        }
    }

    pub(super) fn observed(&self, id: &RemoteId) -> Option<Observed> {
        self.held.borrow().get(id).map(|held| held.observed.clone())
    }

    fn is_refused(&self, event: &Event) -> bool {
        self.poison.get().is_some_and(|word| event.title.contains(word))
    }

    fn refusal(&self) -> Problem {
        match self.side {
            Side::Blikk => Code::BlikkEventRefused.into(),
            Side::Exchange => Code::ExchangeItemRefused.into(),
        }
    }

    pub(super) fn conflict(&self) -> Problem {
        match self.side {
            Side::Blikk => Code::BlikkConflict.into(),
            Side::Exchange => Code::ExchangeItemChanged.into(),
        }
    }

    /// Tells the witness.
    fn has_written(&self, before: Option<&Event>, after: Option<&Event>) {
        self.writes.set(self.writes.get() + 1);
        let Some(surroundings) = &self.surroundings else { return };
        surroundings.say(|| match (before, after) {
            (None, Some(after)) => format!("        {:?} makes {}", self.side, crate::tell::event(after)),
            (Some(before), Some(after)) => {
                format!("        {:?} changes {}", self.side, crate::tell::change(before, after))
            }
            (Some(before), None) => format!("        {:?} deletes {}", self.side, crate::tell::event(before)),
            (None, None) => String::new(),
        });
        let held = self.held.borrow();
        let all = held.values().filter_map(|held| held.observed.content.as_ref().ok());
        surroundings.witness.engine_writes(self.side, before, after, all);
    }
}
