//! A calendar in memory, of either side, that people act on and that can fail in the ways that networks and servers
//! fail. Here is what it holds and what people do to it; `answers` is what it says to the engine.

mod answers;
mod fault;
mod page;
mod written;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use blikk_calendar_sync::event::{Event, Exception, OriginalDate, Series, When};
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::port::{Marker, Observed};
use blikk_calendar_sync::sync::state::{RemoteId, Uid, Version};
use chrono::{DateTime, TimeDelta, Utc};

pub use fault::Fault;

use crate::surroundings::Surroundings;

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

/// How a side's server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Temper {
    /// Exchange as grommunio is: that an occurrence was edited is told nobody, and the series keeps its version.
    pub is_forgetful: bool,
    /// A Blikk of before: of meetings and attachments it keeps nothing.
    pub knows_no_meetings: bool,
    /// It lays out a body anew, as Exchange does with HTML (scenario 10).
    pub rewrites_bodies: bool,
    /// It cannot search for a UID.
    pub is_blind: bool,
    pub page_size: usize,
    pub batch_size: usize,
    /// How wrong its clock is, in minutes.
    pub skew: i64,
}

impl Default for Temper {
    fn default() -> Self {
        Temper {
            is_forgetful: false,
            knows_no_meetings: false,
            rewrites_bodies: false,
            is_blind: false,
            page_size: 7,
            batch_size: 3,
            skew: 0,
        }
    }
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
    pub temper: Cell<Temper>,
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
    /// The last page of the list of changes said that more follow.
    goes_on: Cell<bool>,
    /// `None`: nobody watches, nothing ever pauses, and the time is the number of changes.
    surroundings: Option<Rc<Surroundings>>,
}

/// What people do, and what a test wants to know.
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
            temper: Cell::default(),
            faults: RefCell::default(),
            poison: Cell::new(None),
            hidden: RefCell::default(),
            slandered: RefCell::default(),
            oldest_token: Cell::new(0),
            goes_on: Cell::new(false),
            surroundings: None,
        }
    }

    /// One that is watched, and whose calls take time.
    pub fn watched(side: Side, surroundings: Rc<Surroundings>) -> Self {
        MemoryCalendar { surroundings: Some(surroundings), ..MemoryCalendar::new(side) }
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
        let is_told = !self.temper.get().is_forgetful;
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

    /// Someone moves an item out of the calendar and back: it has another id, its old UID (scenario 16) and its old age.
    pub fn move_out_and_back(&self, id: &RemoteId) {
        let made = self.held.borrow().get(id).and_then(|held| held.observed.created_at);
        let Some(back) = self.copy_with_uid(id) else { return };
        if let Some(back) = self.held.borrow_mut().get_mut(&back) {
            back.observed.created_at = made;
        }
        self.remove(id);
    }

    /// The server gives it another version, and nothing is different.
    pub fn touch(&self, id: &RemoteId) {
        if let Some(event) = self.event(id) {
            self.hold(id, event, true);
        }
    }

    pub fn ids(&self) -> Vec<RemoteId> {
        self.held.borrow().keys().cloned().collect()
    }

    pub fn event(&self, id: &RemoteId) -> Option<Event> {
        self.held.borrow().get(id)?.observed.content.clone().ok()
    }

    /// The one event there is.
    ///
    /// # Panics
    /// When there is not exactly one.
    pub fn only(&self) -> (RemoteId, Event) {
        let ids = self.ids();
        match (ids.as_slice(), self.events().as_slice()) {
            ([id], [event]) => (id.clone(), event.clone()),
            (_, events) => panic!("not one event: {events:?}"),
        }
    }

    pub fn is_unfinished(&self, id: &RemoteId) -> bool {
        self.held.borrow().get(id).is_some_and(|held| held.observed.is_unfinished)
    }

    /// Whether it carries our marker.
    pub fn is_marked(&self, id: &RemoteId) -> bool {
        self.held.borrow().get(id).is_some_and(|held| held.observed.marker.is_some())
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
            created_at: Some(self.time()),
            changed_at: Some(self.time()),
            is_unfinished: false,
            content: Ok(self.kept(event)),
        };
        self.held.borrow_mut().insert(id.clone(), Held { observed, created: now, changed: now });
        id
    }

    fn hold(&self, id: &RemoteId, event: Event, is_told: bool) {
        let now = self.tick();
        if let Some(one) = self.held.borrow_mut().get_mut(id) {
            one.changed = if is_told { now } else { one.changed };
            one.observed.version = Version::new(now.to_string());
            one.observed.changed_at = Some(self.time());
            one.observed.content = Ok(self.kept(event));
        }
    }

    /// As the server keeps it.
    fn kept(&self, mut event: Event) -> Event {
        if self.temper.get().rewrites_bodies {
            event.body = laid_out_anew(&event.body);
        }
        if self.temper.get().knows_no_meetings { without_meeting(event) } else { event }
    }

    fn tick(&self) -> u64 {
        self.sequence.set(self.sequence.get() + 1);
        self.sequence.get()
    }

    /// What the server's clock says.
    fn time(&self) -> DateTime<Utc> {
        match &self.surroundings {
            Some(surroundings) => surroundings.now() + TimeDelta::minutes(self.temper.get().skew),
            None => DateTime::UNIX_EPOCH + TimeDelta::seconds(self.sequence.get() as i64),
        }
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

/// As a server gives a body back that it understood as HTML: the same words.
pub fn laid_out_anew(body: &str) -> String {
    body.split_whitespace().collect::<Vec<_>>().join(" ")
}
