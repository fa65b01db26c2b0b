//! A calendar in memory that can fail in the ways that networks and servers fail: the engine's tests act on two of
//! them, as people do.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use blikk_calendar_sync::event::{Event, Exception, OriginalDate, Series, When};
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
    /// A series in Exchange takes several calls to write. The first is carried out, and that is all.
    Interrupted,
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
    /// Exchange as grommunio is: that an occurrence was edited is told nobody, and the series keeps its version.
    pub is_forgetful: Cell<bool>,
    /// A Blikk of before: of meetings and attachments it keeps nothing.
    pub knows_no_meetings: Cell<bool>,
    /// Left out of every list, though they are there.
    pub hidden: RefCell<BTreeSet<RemoteId>>,
    /// Told as deleted in every list, though they are there.
    pub slandered: RefCell<BTreeSet<RemoteId>>,
    /// Tokens older than this are dead.
    oldest_token: Cell<u64>,
    /// How many changes a page holds, and how many events a write.
    pub page_size: Cell<usize>,
    pub batch_size: Cell<usize>,
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
            is_forgetful: Cell::new(false),
            knows_no_meetings: Cell::new(false),
            hidden: RefCell::default(),
            slandered: RefCell::default(),
            oldest_token: Cell::new(0),
            page_size: Cell::new(7),
            batch_size: Cell::new(3),
        }
    }

    /// Someone adds an event by hand.
    pub fn add(&self, event: Event) -> RemoteId {
        self.insert(event, None, None)
    }

    /// Someone edits an event by hand; nothing happens if it is gone. A new rule or time makes Exchange forget the
    /// exceptions, and bring back what was cancelled.
    pub fn edit(&self, id: &RemoteId, change: impl FnOnce(&mut Event)) {
        let Some(mut event) = self.event(id) else { return };
        let before = event.clone();
        change(&mut event);
        if let (Side::Exchange, Some(series)) = (self.side, &mut event.series)
            && makes_forget(&before, &event.when, series)
        {
            series.exceptions.clear();
        }
        self.hold(id, event, true);
    }

    /// Someone edits one occurrence of a series by hand; nothing happens to what is none.
    pub fn edit_occurrence(&self, id: &RemoteId, date: OriginalDate, exception: Option<Exception>) {
        let Some(mut event) = self.event(id) else { return };
        let Some(series) = &mut event.series else { return };
        match exception {
            Some(exception) => series.exceptions.insert(date, exception),
            None => series.exceptions.remove(&date),
        };
        let is_told = !self.is_forgetful.get();
        let mut held = self.held.borrow_mut();
        if let (false, Some(one)) = (is_told, held.get_mut(id)) {
            one.observed.content = Ok(event);
        } else {
            drop(held);
            self.hold(id, event, true);
        }
    }

    /// As [`MemoryCalendar::edit`], and the list of changes never tells.
    pub fn edit_untold(&self, id: &RemoteId, change: impl FnOnce(&mut Event)) {
        let Some(mut event) = self.event(id) else { return };
        change(&mut event);
        self.hold(id, event, false);
    }

    fn hold(&self, id: &RemoteId, event: Event, is_told: bool) {
        let now = self.tick();
        if let Some(one) = self.held.borrow_mut().get_mut(id) {
            one.changed = if is_told { now } else { one.changed };
            one.observed.version = Version::new(now.to_string());
            one.observed.changed_at = Some(time(now));
            one.observed.content = Ok(self.kept(event));
        }
    }

    fn kept(&self, event: Event) -> Event {
        if self.knows_no_meetings.get() { without_meeting(event) } else { event }
    }

    /// Someone deletes an event by hand.
    pub fn remove(&self, id: &RemoteId) {
        if let Some(held) = self.held.borrow_mut().remove(id) {
            let tombstone = Tombstone { created: held.created, deleted: self.tick() };
            self.deleted.borrow_mut().insert(id.clone(), tombstone);
        }
    }

    /// As [`MemoryCalendar::remove`], and the list of changes never tells.
    pub fn remove_untold(&self, id: &RemoteId) {
        self.held.borrow_mut().remove(id);
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

    pub fn event(&self, id: &RemoteId) -> Option<Event> {
        self.held.borrow().get(id)?.observed.content.clone().ok()
    }

    /// The one event there is.
    pub fn only(&self) -> (RemoteId, Event) {
        let ids = self.ids();
        assert_eq!(ids.len(), 1, "{:?}", self.events());
        (ids[0].clone(), self.event(&ids[0]).unwrap())
    }

    pub fn is_unfinished(&self, id: &RemoteId) -> bool {
        self.held.borrow()[id].observed.is_unfinished
    }

    /// Whether it carries our marker.
    pub fn is_marked(&self, id: &RemoteId) -> bool {
        self.held.borrow()[id].observed.marker.is_some()
    }

    pub fn uid(&self, id: &RemoteId) -> Option<Uid> {
        self.held.borrow().get(id)?.observed.uid.clone()
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
            content: Ok(self.kept(event)),
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
        self.call_of_several(act, None::<fn() -> T>)
    }

    /// A call that is several, of which `half` is what the first of them does.
    fn call_of_several<T>(&self, act: impl FnOnce() -> T, half: Option<impl FnOnce() -> T>) -> Result<T, Problem> {
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
            Some(Fault::Interrupted) => {
                match half {
                    Some(half) => drop(half()),
                    None => drop(act()),
                }
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

    fn create_one(&self, draft: &Draft, is_half: bool) -> Result<Observed, Problem> {
        if self.is_refused(&draft.event) {
            return Err(self.refusal());
        }
        // Blikk promises idempotency; Exchange does not.
        let earlier = self.created_by_key.borrow().get(draft.link.as_str()).cloned();
        if let (Side::Blikk, Some(id)) = (self.side, earlier) {
            let held = self.held.borrow().get(&id).map(|held| held.observed.clone());
            return held.ok_or_else(|| Code::BlikkNotFound.into());
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
        if is_half {
            self.leave_half(&id, None, &draft.event);
        }
        self.created_by_key.borrow_mut().insert(draft.link.as_str().to_owned(), id.clone());
        self.writes.set(self.writes.get() + 1);
        Ok(self.held.borrow()[&id].observed.clone())
    }

    fn update_one(&self, revision: &Revision, is_half: bool) -> Result<Observed, Problem> {
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
        self.writes.set(self.writes.get() + 1);
        Ok(self.held.borrow()[&revision.id].observed.clone())
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

    /// What there is, from a place on. Of a series nobody can tell whether one of its occurrences was edited.
    fn listing(&self, from: usize) -> ChangePage {
        let (held, hidden) = (self.held.borrow(), self.hidden.borrow());
        let touched = |(id, held): (&RemoteId, &Held)| {
            let is_series = held.observed.content.as_ref().is_ok_and(|event| event.series.is_some());
            let version = if is_series { Version::unknown() } else { held.observed.version.clone() };
            Change::Touched { id: id.clone(), version }
        };
        let shown = held.iter().filter(|(id, _)| !hidden.contains(*id));
        let changes: Vec<Change> = shown.skip(from).take(self.page_size.get()).map(touched).collect();
        let next = from + changes.len();
        let more = next < held.len() - hidden.len();
        ChangePage { changes, next: Token::new(next.to_string()), more }
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
        let more = changes.len() > self.page_size.get();
        changes.truncate(self.page_size.get());
        let next = if more { changes[changes.len() - 1].0 } else { self.sequence.get() };
        // Changes up to `next` are told; the token itself is as young as this answer.
        let next = Token::new(format!("{next} {}", self.sequence.get()));
        ChangePage { changes: changes.into_iter().map(|(_, change)| change).collect(), next, more }
    }
}

/// Whether Exchange drops the exceptions of a series that was `before`.
fn makes_forget(before: &Event, when: &When, series: &Series) -> bool {
    let rule = before.series.as_ref().map(|series| series.recurrence);
    rule != Some(series.recurrence) || !before.when.is_same_time_as(when)
}

/// As a Blikk of before keeps it.
pub fn without_meeting(event: Event) -> Event {
    Event { meeting: None, attachments: Vec::new(), ..event }
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

    async fn list(&self, page: Option<&Token>) -> Result<Option<ChangePage>, Problem> {
        let from: usize = page.and_then(|page| page.as_str().parse().ok()).unwrap_or(0);
        match self.side {
            Side::Blikk => Ok(None),
            Side::Exchange => self.call(|| Some(self.listing(from))),
        }
    }

    async fn read(&self, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        let held = self.held.borrow();
        let read = |id: &RemoteId| match held.get(id) {
            Some(held) => Reading::Found(Box::new(held.observed.clone())),
            None => Reading::Gone(id.clone()),
        };
        self.call(|| ids.iter().map(read).collect())
    }

    async fn find(&self, drafts: &[Draft]) -> Result<Vec<Option<Observed>>, Problem> {
        let held = self.held.borrow();
        let is_its = |held: &Held, draft: &Draft| match self.side {
            Side::Blikk => draft.uid.is_some() && held.observed.uid == draft.uid,
            Side::Exchange => held.observed.marker.as_ref().is_some_and(|marker| marker.link == draft.link),
        };
        let found = |draft: &Draft| {
            let its = held.values().filter(|held| is_its(held, draft));
            its.min_by_key(|held| held.observed.created_at).map(|held| held.observed.clone())
        };
        self.call(|| drafts.iter().map(found).collect())
    }

    async fn create(&self, drafts: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let create = |is_half| move || drafts.iter().map(|draft| self.create_one(draft, is_half)).collect();
        self.call_of_several(create(false), (self.side == Side::Exchange).then(|| create(true)))
    }

    async fn update(&self, revisions: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let update = |is_half| move || revisions.iter().map(|revision| self.update_one(revision, is_half)).collect();
        self.call_of_several(update(false), (self.side == Side::Exchange).then(|| update(true)))
    }

    async fn delete(&self, removals: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        self.call(|| removals.iter().map(|removal| self.delete_one(removal)).collect())
    }

    fn batch_size(&self) -> usize {
        self.batch_size.get()
    }
}
