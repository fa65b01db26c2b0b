//! What a calendar answers the engine, and what happens to the call on its way.

use blikk_calendar_sync::event::Event;
use blikk_calendar_sync::problem::{Problem, Side};
use blikk_calendar_sync::sync::merge::differences;
use blikk_calendar_sync::sync::port::{Calendar, ChangePage, Draft, Observed, Reading, Removal, Revision};
use blikk_calendar_sync::sync::state::{RemoteId, Token, Uid};

use super::page::{Ailment, parts};
use super::{Fault, Held, MemoryCalendar};
use crate::surroundings::pause;
use crate::tally::Count;

impl Calendar for MemoryCalendar {
    fn side(&self) -> Side {
        self.side
    }

    async fn changes(&self, since: Option<&Token>) -> Result<ChangePage, Problem> {
        let since = since.and_then(parts);
        let page = |fault: Option<Fault>| {
            let is_dead = since.is_some_and(|(_, issued)| issued < self.oldest_token.get());
            if is_dead || (since.is_some() && fault == Some(Fault::DeadToken)) {
                return Err(Fault::DeadToken.code(self.side).into());
            }
            Ok(self.page(since.map(|(at, _)| at), ailment(fault)))
        };
        self.call("changes", page).await?
    }

    async fn list(&self, page: Option<&Token>) -> Result<Option<ChangePage>, Problem> {
        let from: usize = page.and_then(|page| page.as_str().parse().ok()).unwrap_or(0);
        match self.side {
            Side::Blikk => Ok(None),
            Side::Exchange => self.call("list", |fault| Some(self.listing(from, ailment(fault)))).await,
        }
    }

    async fn read(&self, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        let read = |fault: Option<Fault>| {
            let read_one = |(place, id): (usize, &RemoteId)| match self.observed(id) {
                _ if self.is_left_out(fault, place) => Reading::Failed(id.clone(), self.passing()),
                Some(observed) => Reading::Found(Box::new(observed)),
                None => Reading::Gone(id.clone()),
            };
            ids.iter().enumerate().map(read_one).collect()
        };
        self.call("read", read).await
    }

    async fn find(&self, drafts: &[Draft]) -> Result<Vec<Option<Observed>>, Problem> {
        let is_its = |held: &&Held, draft: &Draft| match self.side {
            Side::Blikk => draft.uid.is_some() && held.observed.uid == draft.uid,
            Side::Exchange => held.observed.marker.as_ref().is_some_and(|marker| marker.link == draft.link),
        };
        let find = |_| {
            let held = self.held.borrow();
            let find_one = |draft: &Draft| {
                let its = held.values().filter(|held| is_its(held, draft));
                // As the wire's calendar chooses: what is most like it, and of these the oldest.
                let unlikeness = |held: &Held| {
                    let written = |now| {
                        let fields = differences(now, &draft.event).into_iter();
                        fields.filter(|field| !field.is_told_by_exchange()).count()
                    };
                    held.observed.content.as_ref().map_or(usize::MAX, written)
                };
                let rank = |held: &&Held| (unlikeness(held), held.observed.created_at, held.created);
                its.min_by_key(rank).map(|held| held.observed.clone())
            };
            drafts.iter().map(find_one).collect()
        };
        self.call("find", find).await
    }

    async fn locate(&self, uids: &[Uid]) -> Result<Vec<Observed>, Problem> {
        let is_meant = |held: &&Held| held.observed.uid.as_ref().is_some_and(|uid| uids.contains(uid));
        let locate = |_| self.held.borrow().values().filter(is_meant).map(|held| held.observed.clone()).collect();
        match self.side {
            Side::Exchange if !self.temper.get().is_blind => self.call("locate", locate).await,
            Side::Blikk | Side::Exchange => Ok(Vec::new()),
        }
    }

    async fn create(&self, drafts: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let create = |fault: Option<Fault>| {
            let is_half = fault == Some(Fault::Interrupted) && self.side == Side::Exchange;
            let create_one = |(place, draft): (usize, &Draft)| {
                if self.is_left_out(fault, place) { Err(self.passing()) } else { self.create_one(draft, is_half) }
            };
            let answers = drafts.iter().enumerate().map(create_one).collect();
            if fault == Some(Fault::Twice) && self.side == Side::Blikk {
                return drafts.iter().map(|draft| self.create_one(draft, false)).collect();
            }
            answers
        };
        self.call("create", create).await
    }

    async fn update(&self, revisions: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let update = |fault: Option<Fault>| {
            self.stir(fault, revisions.first().map(|revision| &revision.id));
            let is_half = fault == Some(Fault::Interrupted) && self.side == Side::Exchange;
            let update_one = |(place, revision): (usize, &Revision)| {
                if self.is_left_out(fault, place) { Err(self.passing()) } else { self.update_one(revision, is_half) }
            };
            let answers = revisions.iter().enumerate().map(update_one).collect();
            if fault == Some(Fault::Twice) {
                revisions.iter().for_each(|revision| self.denies(&revision.after));
                return revisions.iter().map(|revision| self.update_one(revision, false)).collect();
            }
            answers
        };
        self.call("update", update).await
    }

    async fn delete(&self, removals: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        let delete = |fault: Option<Fault>| {
            self.stir(fault, removals.first().map(|removal| &removal.id));
            let delete_one = |(place, removal): (usize, &Removal)| {
                if self.is_left_out(fault, place) { Err(self.passing()) } else { self.delete_one(removal) }
            };
            let answers = removals.iter().enumerate().map(delete_one).collect();
            if fault == Some(Fault::Twice) {
                return removals.iter().map(|removal| self.delete_one(removal)).collect();
            }
            answers
        };
        self.call("delete", delete).await
    }

    fn batch_size(&self) -> usize {
        self.temper.get().batch_size
    }
}

impl MemoryCalendar {
    /// One call: it may be lost before or after it is carried out.
    async fn call<T>(&self, name: &'static str, act: impl FnOnce(Option<Fault>) -> T) -> Result<T, Problem> {
        self.calls.set(self.calls.get() + 1);
        let fault = self.faults.borrow_mut().pop_front().flatten();
        self.note(name, fault);
        self.on_the_way().await;
        let lost = |fault: Fault| Err(fault.code(self.side).into());
        match fault {
            Some(fault @ (Fault::LostRequest | Fault::Busy | Fault::Denied)) => lost(fault),
            Some(fault @ (Fault::LostAnswer | Fault::Interrupted | Fault::CutOff)) => {
                drop(act(Some(fault)));
                self.on_the_way().await;
                lost(fault)
            }
            fault => {
                let answer = act(fault);
                self.on_the_way().await;
                Ok(answer)
            }
        }
    }

    async fn on_the_way(&self) {
        if self.surroundings.is_some() {
            pause().await;
        }
    }

    fn note(&self, name: &'static str, fault: Option<Fault>) {
        let Some(surroundings) = &self.surroundings else { return };
        if let Some(fault) = fault {
            surroundings.count(Count::fault(fault.name()));
        }
        surroundings.say(|| {
            let fault = fault.map(|fault| format!(": {}", fault.name())).unwrap_or_default();
            format!("    {:?} is asked to {name}{fault}", self.side)
        });
    }

    fn denies(&self, written: &Event) {
        if let Some(surroundings) = &self.surroundings {
            surroundings.witness.denies(written);
        }
    }

    fn is_left_out(&self, fault: Option<Fault>, place: usize) -> bool {
        fault == Some(Fault::InPart) && place.is_multiple_of(2)
    }

    fn passing(&self) -> Problem {
        Fault::InPart.code(self.side).into()
    }

    fn stir(&self, fault: Option<Fault>, id: Option<&RemoteId>) {
        if let (Some(Fault::Stirred), Some(id)) = (fault, id) {
            self.touch(id);
        }
    }
}

fn ailment(fault: Option<Fault>) -> Ailment {
    Ailment {
        late: if let Some(Fault::Late(changes)) = fault { changes.into() } else { 0 },
        slanders: fault == Some(Fault::Slander),
        is_short: fault == Some(Fault::ShortPage),
    }
}
