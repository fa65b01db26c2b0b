//! A calendar in memory that can fail in the ways that networks and servers fail: the engine's tests act on two of
//! them, as people do.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use blikk_calendar_sync::event::Event;
use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::port::{
    Calendar, Change, ChangePage, Draft, Marker, Observed, Reading, Removal, Revision,
};
use blikk_calendar_sync::sync::state::{RemoteId, Token, Uid, Version};
use chrono::{DateTime, TimeDelta, Utc};

/// What happens to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It never arrives.
    LostRequest,
    /// It is carried out, and the answer is lost.
    LostAnswer,
}

#[derive(Clone, Debug)]
struct Held {
    observed: Observed,
    created: u64,
    changed: u64,
}

struct Tombstone {
    created: u64,
    deleted: u64,
}

/// One side.
pub struct MemoryCalendar {
    side: Side,
    held: RefCell<BTreeMap<RemoteId, Held>>,
    deleted: RefCell<BTreeMap<RemoteId, Tombstone>>,
    created_by_key: RefCell<BTreeMap<String, RemoteId>>,
    sequence: Cell<u64>,
    calls: Cell<u32>,
    writes: Cell<u32>,
    /// What happens to the next calls; when empty, all goes well.
    pub faults: RefCell<VecDeque<Option<Fault>>>,
    /// Creating or changing an event with this word in its title is refused for ever.
    pub poison: Cell<Option<&'static str>>,
    /// Left out of every list, though they are there.
    pub hidden: RefCell<BTreeSet<RemoteId>>,
    /// Told as deleted in every list, though they are there.
    pub slandered: RefCell<BTreeSet<RemoteId>>,
    /// Tokens older than this are dead.
    oldest_token: Cell<u64>,
    page_size: usize,
}

impl MemoryCalendar {
    pub fn new(side: Side) -> Self {
        MemoryCalendar {
            side,
            held: RefCell::default(),
            deleted: RefCell::default(),
            created_by_key: RefCell::default(),
            sequence: Cell::new(0),
            calls: Cell::new(0),
            writes: Cell::new(0),
            faults: RefCell::default(),
            poison: Cell::new(None),
            hidden: RefCell::default(),
            slandered: RefCell::default(),
            oldest_token: Cell::new(0),
            page_size: 7,
        }
    }

    /// Someone adds an event by hand.
    pub fn add(&self, event: Event) -> RemoteId {
        self.insert(event, None, None)
    }

    /// Someone edits an event by hand; nothing happens if it is gone.
    pub fn edit(&self, id: &RemoteId, change: impl FnOnce(&mut Event)) {
        let mut held = self.held.borrow_mut();
        if let Some(one) = held.get_mut(id)
            && let Ok(event) = &mut one.observed.content
        {
            change(event);
            let now = self.tick();
            one.changed = now;
            one.observed.version = Version::new(now.to_string());
            one.observed.changed_at = Some(time(now));
        }
    }

    /// Someone deletes an event by hand.
    pub fn remove(&self, id: &RemoteId) {
        if let Some(held) = self.held.borrow_mut().remove(id) {
            let tombstone = Tombstone { created: held.created, deleted: self.tick() };
            self.deleted.borrow_mut().insert(id.clone(), tombstone);
        }
    }

    /// Someone copies an event, marker and all (scenario 8).
    pub fn copy(&self, id: &RemoteId, title: &str) -> Option<RemoteId> {
        let original = self.held.borrow().get(id)?.observed.clone();
        let mut event = original.content.ok()?;
        event.title = title.to_owned();
        Some(self.insert(event, None, original.marker))
    }

    /// A badly made copy: another item with the original's UID.
    pub fn copy_with_uid(&self, id: &RemoteId) -> Option<RemoteId> {
        let original = self.held.borrow().get(id)?.observed.clone();
        let copy = self.insert(original.content.ok()?, None, original.marker);
        self.held.borrow_mut().get_mut(&copy)?.observed.uid = original.uid;
        Some(copy)
    }

    pub fn ids(&self) -> Vec<RemoteId> {
        self.held.borrow().keys().cloned().collect()
    }

    pub fn titles(&self) -> Vec<String> {
        let mut titles: Vec<String> = self.events().into_iter().map(|event| event.title).collect();
        titles.sort();
        titles
    }

    pub fn events(&self) -> Vec<Event> {
        self.held.borrow().values().filter_map(|held| held.observed.content.clone().ok()).collect()
    }

    pub fn calls(&self) -> u32 {
        self.calls.get()
    }

    /// Creates, updates and deletes that were carried out for a client.
    pub fn writes(&self) -> u32 {
        self.writes.get()
    }

    /// The server forgets all tokens given so far (R10).
    pub fn kill_tokens(&self) {
        self.oldest_token.set(self.tick());
    }

    fn insert(&self, event: Event, uid: Option<Uid>, marker: Option<Marker>) -> RemoteId {
        let now = self.tick();
        let id = RemoteId::new(format!("{:?}-{now}", self.side));
        let uid = match self.side {
            Side::Exchange => Some(Uid::new(format!("uid-{now}"))),
            Side::Blikk => uid,
        };
        let observed = Observed {
            id: id.clone(),
            version: Version::new(now.to_string()),
            uid,
            marker,
            created_at: Some(time(now)),
            changed_at: Some(time(now)),
            is_unfinished: false,
            content: Ok(event),
        };
        self.held.borrow_mut().insert(id.clone(), Held { observed, created: now, changed: now });
        id
    }

    fn tick(&self) -> u64 {
        self.sequence.set(self.sequence.get() + 1);
        self.sequence.get()
    }

    fn fault(&self) -> Option<Fault> {
        self.calls.set(self.calls.get() + 1);
        self.faults.borrow_mut().pop_front().flatten()
    }

    /// One call: it may be lost before or after it is carried out.
    fn call<T>(&self, act: impl FnOnce() -> T) -> Result<T, Problem> {
        let unreachable = match self.side {
            Side::Blikk => Code::BlikkUnreachable,
            Side::Exchange => Code::ExchangeUnreachable,
        };
        match self.fault() {
            None => Ok(act()),
            Some(Fault::LostRequest) => Err(unreachable.into()),
            Some(Fault::LostAnswer) => {
                act();
                Err(unreachable.into())
            }
        }
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

    fn conflict(&self) -> Problem {
        match self.side {
            Side::Blikk => Code::BlikkConflict.into(),
            Side::Exchange => Code::ExchangeItemChanged.into(),
        }
    }

    fn create_one(&self, draft: &Draft) -> Result<Observed, Problem> {
        if self.is_refused(&draft.event) {
            return Err(self.refusal());
        }
        // Blikk promises idempotency; Exchange does not.
        let earlier = self.created_by_key.borrow().get(draft.link.as_str()).cloned();
        if let (Side::Blikk, Some(id)) = (self.side, earlier) {
            return self.held.borrow().get(&id).map(|held| held.observed.clone()).ok_or_else(|| self.refusal());
        }
        let held = self.held.borrow();
        let taken = held.values().find(|held| draft.uid.is_some() && held.observed.uid == draft.uid);
        if let (Side::Blikk, Some(taken)) = (self.side, taken) {
            // The external id is unique: the same event is given back, another is a conflict.
            let is_same = taken.observed.content.as_ref() == Ok(&draft.event);
            return if is_same { Ok(taken.observed.clone()) } else { Err(Code::EventDuplicateUid.into()) };
        }
        drop(held);
        let marker = Marker { link: draft.link.clone(), blikk: draft.counterpart.clone() };
        let marker = (self.side == Side::Exchange).then_some(marker);
        let id = self.insert(draft.event.clone(), draft.uid.clone(), marker);
        self.created_by_key.borrow_mut().insert(draft.link.as_str().to_owned(), id.clone());
        self.writes.set(self.writes.get() + 1);
        Ok(self.held.borrow()[&id].observed.clone())
    }

    fn update_one(&self, revision: &Revision) -> Result<Observed, Problem> {
        match self.held.borrow().get(&revision.id) {
            None => return Err(self.conflict()),
            Some(held) if held.observed.version != revision.expected => return Err(self.conflict()),
            Some(_) if self.is_refused(&revision.after) => return Err(self.refusal()),
            Some(_) => {}
        }
        self.edit(&revision.id, |event| *event = revision.after.clone());
        self.writes.set(self.writes.get() + 1);
        Ok(self.held.borrow()[&revision.id].observed.clone())
    }

    fn delete_one(&self, removal: &Removal) -> Result<(), Problem> {
        match self.held.borrow().get(&removal.id) {
            None => return Ok(()),
            Some(held) if held.observed.version != removal.expected => return Err(self.conflict()),
            Some(_) => {}
        }
        self.remove(&removal.id);
        self.writes.set(self.writes.get() + 1);
        Ok(())
    }

    fn page(&self, since: Option<u64>) -> ChangePage {
        let mut changes: Vec<(u64, Change)> = Vec::new();
        for (id, held) in self.held.borrow().iter().filter(|(_, held)| held.changed > since.unwrap_or(0)) {
            let change = match self.side {
                Side::Blikk => Change::Seen(Box::new(held.observed.clone())),
                Side::Exchange => Change::Touched { id: id.clone(), version: held.observed.version.clone() },
            };
            changes.push((held.changed, change));
        }
        let deleted = self.deleted.borrow();
        // As Exchange does it: what was created and deleted after the token is never told.
        let is_told =
            |tombstone: &Tombstone| since.is_some_and(|since| tombstone.created <= since && tombstone.deleted > since);
        let tombstones = deleted.iter().filter(|(_, tombstone)| is_told(tombstone));
        changes.extend(tombstones.map(|(id, tombstone)| (tombstone.deleted, Change::Deleted { id: id.clone() })));
        let hidden = self.hidden.borrow();
        changes.retain(|(_, change)| !matches!(change, Change::Touched { id, .. } if hidden.contains(id)));
        changes.retain(|(_, change)| !matches!(change, Change::Seen(observed) if hidden.contains(&observed.id)));
        let slandered = self.slandered.borrow();
        changes.extend(slandered.iter().map(|id| (self.sequence.get(), Change::Deleted { id: id.clone() })));
        changes.sort_by_key(|(at, _)| *at);
        let more = changes.len() > self.page_size;
        changes.truncate(self.page_size);
        let next = if more { changes[changes.len() - 1].0 } else { self.sequence.get() };
        // Changes up to `next` are told; the token itself is as young as this answer.
        let next = Token::new(format!("{next} {}", self.sequence.get()));
        ChangePage { changes: changes.into_iter().map(|(_, change)| change).collect(), next, more }
    }
}

fn parts(token: &Token) -> Option<(u64, u64)> {
    let (since, issued) = token.as_str().split_once(' ')?;
    Some((since.parse().ok()?, issued.parse().ok()?))
}

fn time(tick: u64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(tick as i64)
}

impl Calendar for MemoryCalendar {
    fn side(&self) -> Side {
        self.side
    }

    async fn changes(&self, since: Option<&Token>) -> Result<ChangePage, Problem> {
        let since = since.and_then(parts);
        if since.is_some_and(|(_, issued)| issued < self.oldest_token.get()) {
            self.call(|| ())?;
            let dead = if self.side == Side::Blikk { Code::BlikkTokenDead } else { Code::ExchangeTokenDead };
            return Err(dead.into());
        }
        self.call(|| self.page(since.map(|(at, _)| at)))
    }

    async fn read(&self, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        let held = self.held.borrow();
        let read = |id: &RemoteId| match held.get(id) {
            Some(held) => Reading::Found(Box::new(held.observed.clone())),
            None => Reading::Gone(id.clone()),
        };
        self.call(|| ids.iter().map(read).collect())
    }

    async fn create(&self, drafts: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        self.call(|| drafts.iter().map(|draft| self.create_one(draft)).collect())
    }

    async fn update(&self, revisions: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        self.call(|| revisions.iter().map(|revision| self.update_one(revision)).collect())
    }

    async fn delete(&self, removals: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        self.call(|| removals.iter().map(|removal| self.delete_one(removal)).collect())
    }

    fn batch_size(&self) -> usize {
        3
    }
}
