//! People before the two servers: in Outlook, in Blikk, on a telephone.
//!
//! What is added, copied and deleted in Exchange is so in Outlook. An edit is that of another client of the same server
//! (a telephone): it goes over the same protocol, by the quiet line.

use std::cell::Cell;
use std::rc::Rc;

use blikk_calendar_sync::event::{Event, Exception, OriginalDate, Sensitivity, When};
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::port::{Calendar, Draft, Observed, Reading, Removal, Revision};
use blikk_calendar_sync::sync::state::{LinkId, RemoteId};
use serde_json::{Value, json};
use standins::exchange::Request;

use super::{Client, MAILBOX, Wire};
use crate::calendar::Fault;
use crate::desk::Desk;
use crate::drive::at_once;

/// What a side holds of an event.
fn observed(calendar: &impl Calendar, id: &RemoteId) -> Option<Observed> {
    let mut readings = at_once(calendar.read(std::slice::from_ref(id)))?.ok()?;
    match readings.pop()? {
        Reading::Found(observed) => Some(*observed),
        Reading::Gone(_) | Reading::Failed(..) => None,
    }
}

/// Somebody changes an event by another client.
fn changed(calendar: &impl Calendar, id: &RemoteId, change: &mut dyn FnMut(&mut Event)) {
    let Some(held) = observed(calendar, id) else { return };
    let Ok(before) = held.content else { return };
    let mut after = before.clone();
    change(&mut after);
    // A person cannot call a meeting on a telephone that knows none.
    after.meeting.clone_from(&before.meeting);
    let revision = Revision { id: id.clone(), expected: held.version, before, after, unmark: false };
    // What the server refuses does not happen.
    drop(at_once(calendar.update(&[revision])));
}

fn occurrence(event: &mut Event, date: OriginalDate, exception: Option<&Exception>) {
    let Some(series) = &mut event.series else { return };
    match exception {
        Some(exception) => series.exceptions.insert(date, exception.clone()),
        None => series.exceptions.remove(&date),
    };
}

/// Exchange, as its owner has it before her.
pub struct ExchangeDesk(pub Rc<Wire>);

impl ExchangeDesk {
    /// What she does in Outlook; `null` when the server refuses.
    fn outlook(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let path = format!("/people/{MAILBOX}/{path}");
        let request = Request { method: method.into(), path, headers: Vec::new(), body };
        let answer = self.0.exchange.answer(&request, self.0.surroundings.now()).answer;
        serde_json::from_slice(&answer.body).ok().filter(|_| (200..300).contains(&answer.status)).unwrap_or(Value::Null)
    }

    fn observed(&self, id: &RemoteId) -> Option<Observed> {
        let client = Client::quiet(&self.0);
        observed(&client.exchange(), id)
    }
}

impl Desk for ExchangeDesk {
    fn ids(&self) -> Vec<RemoteId> {
        let events = self.outlook("GET", "events", &Value::Null);
        let items = events["items"].as_array().into_iter().flatten();
        let mut ids: Vec<(String, RemoteId)> = items
            .filter_map(|item| Some((item["createdAt"].to_string(), RemoteId::new(item["id"].as_str()?))))
            .collect();
        ids.sort();
        ids.into_iter().map(|(_, id)| id).collect()
    }

    fn event(&self, id: &RemoteId) -> Option<Event> {
        self.observed(id)?.content.ok()
    }

    fn add(&self, event: Event) -> Option<RemoteId> {
        let made = self.outlook("POST", "events", &filled_in(&event));
        let id = RemoteId::new(made["id"].as_str()?);
        if let Some(series) = &event.series {
            for (date, exception) in &series.exceptions {
                self.edit_occurrence(&id, *date, Some(exception.clone()));
            }
        }
        Some(id)
    }

    fn edit(&self, id: &RemoteId, change: &mut dyn FnMut(&mut Event)) {
        let client = Client::quiet(&self.0);
        changed(&client.exchange(), id, change);
    }

    fn edit_occurrence(&self, id: &RemoteId, date: OriginalDate, exception: Option<Exception>) {
        self.edit(id, &mut |event| occurrence(event, date, exception.as_ref()));
    }

    fn remove(&self, id: &RemoteId) {
        self.outlook("DELETE", &event_path(id), &Value::Null);
    }

    fn copy(&self, id: &RemoteId, title: &str) -> Option<RemoteId> {
        let copied = self.outlook("POST", &format!("{}/copy", event_path(id)), &json!({ "title": title }));
        copied["id"].as_str().map(RemoteId::new)
    }

    fn touch(&self, id: &RemoteId) {
        self.outlook("POST", &format!("{}/touch", event_path(id)), &Value::Null);
    }

    fn kill_tokens(&self) {
        self.0.exchange.expire_sync_states();
    }

    fn move_out_and_back(&self, _: &RemoteId) {}

    fn edit_untold(&self, id: &RemoteId, change: &mut dyn FnMut(&mut Event)) {
        self.edit(id, change);
    }

    fn remove_untold(&self, id: &RemoteId) {
        self.remove(id);
    }

    fn is_marked(&self, id: &RemoteId) -> bool {
        self.observed(id).is_some_and(|held| held.marker.is_some())
    }

    fn is_unfinished(&self, id: &RemoteId) -> bool {
        self.observed(id).is_some_and(|held| held.is_unfinished)
    }

    fn writes(&self) -> u32 {
        self.0.writes(Side::Exchange).get()
    }

    fn set_faults(&self, faults: &[Option<Fault>]) {
        *self.0.faults(Side::Exchange).borrow_mut() = faults.iter().copied().collect();
    }
}

/// An event as Outlook's form has it.
fn filled_in(event: &Event) -> Value {
    let mut form = json!({ "title": event.title, "body": event.body, "place": event.place, "allDay": true });
    // Or Outlook would remind of each, all by the same number.
    form["reminderMinutes"] = Value::Null;
    if let When::AllDay(span) = &event.when {
        form["start"] = json!({ "date": span.start().to_string() });
        form["end"] = json!({ "date": span.end().to_string() });
    }
    if event.sensitivity == Sensitivity::Private {
        form["visibility"] = "private".into();
    }
    if event.series.is_some() {
        form["recurrence"] = json!({ "pattern": "daily" });
    }
    if let Some(meeting) = &event.meeting {
        let who = if meeting.is_mine { "attendees" } else { "organizer" };
        let person = json!({ "name": "Bo Berg", "email": "bo.berg@kund.example" });
        form[who] = if meeting.is_mine { json!([person]) } else { person };
    }
    form
}

/// Exchange's ids are base64, which may hold `/`, `+` and `=`.
fn event_path(id: &RemoteId) -> String {
    format!("events/{}", id.as_str().replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"))
}

/// Blikk, as its user has it before her.
pub struct BlikkDesk {
    wire: Rc<Wire>,
    /// Of the keys under which she has made events.
    made: Cell<u32>,
}

impl BlikkDesk {
    pub fn new(wire: Rc<Wire>) -> Self {
        BlikkDesk { wire, made: Cell::new(0) }
    }

    fn observed(&self, id: &RemoteId) -> Option<Observed> {
        let client = Client::quiet(&self.wire);
        observed(&client.blikk(), id)
    }
}

impl Desk for BlikkDesk {
    fn ids(&self) -> Vec<RemoteId> {
        self.wire.blikk.borrow().ids().into_iter().map(|id| RemoteId::new(id.to_string())).collect()
    }

    fn event(&self, id: &RemoteId) -> Option<Event> {
        self.observed(id)?.content.ok()
    }

    fn add(&self, event: Event) -> Option<RemoteId> {
        self.made.set(self.made.get() + 1);
        let link = LinkId::new(format!("by-hand-{}", self.made.get()));
        let draft = Draft { link, counterpart: RemoteId::new(""), uid: None, event };
        let client = Client::quiet(&self.wire);
        at_once(client.blikk().create(&[draft]))?.ok()?.pop()?.ok().map(|made| made.id)
    }

    fn edit(&self, id: &RemoteId, change: &mut dyn FnMut(&mut Event)) {
        let client = Client::quiet(&self.wire);
        changed(&client.blikk(), id, change);
    }

    fn edit_occurrence(&self, id: &RemoteId, date: OriginalDate, exception: Option<Exception>) {
        self.edit(id, &mut |event| occurrence(event, date, exception.as_ref()));
    }

    fn remove(&self, id: &RemoteId) {
        let Some(held) = self.observed(id) else { return };
        let client = Client::quiet(&self.wire);
        drop(at_once(client.blikk().delete(&[Removal { id: id.clone(), expected: held.version }])));
    }

    fn copy(&self, id: &RemoteId, title: &str) -> Option<RemoteId> {
        self.add(Event { title: title.to_owned(), ..self.event(id)? })
    }

    fn touch(&self, id: &RemoteId) {
        self.edit(id, &mut |_| {});
    }

    fn kill_tokens(&self) {
        self.wire.blikk.borrow_mut().kill_cursors();
    }

    fn move_out_and_back(&self, _: &RemoteId) {}

    fn edit_untold(&self, id: &RemoteId, change: &mut dyn FnMut(&mut Event)) {
        self.edit(id, change);
    }

    fn remove_untold(&self, id: &RemoteId) {
        self.remove(id);
    }

    fn is_marked(&self, _: &RemoteId) -> bool {
        false
    }

    fn is_unfinished(&self, _: &RemoteId) -> bool {
        false
    }

    fn writes(&self) -> u32 {
        self.wire.writes(Side::Blikk).get()
    }

    fn set_faults(&self, faults: &[Option<Fault>]) {
        *self.wire.faults(Side::Blikk).borrow_mut() = faults.iter().copied().collect();
    }
}
