//! What a person does with Outlook in her own calendar, as JSON: the demo's week view and the tests use it.
//!
//! | address below `/people/{mailbox}/` | |
//! |---|---|
//! | `GET events` | single events and series, as they are kept |
//! | `GET events?from=...&to=...` | what she sees between two instants: series as their occurrences |
//! | `POST events` | a new event or series |
//! | `GET`, `PUT`, `DELETE events/{id}` | one event, a whole series, or one occurrence of it |
//! | `POST events/{id}/following` | this occurrence and all after it: the old series ends, a new one begins |
//! | `DELETE events/{id}/following` | the old series ends |
//! | `POST events/{id}/copy` | a copy; Outlook copies named properties along (scenario 8) |
//! | `POST events/{id}/touch` | a new ChangeKey and nothing else (R15) |
//! | `GET`, `POST calendars` | her calendars; `{"name"}` makes one |
//!
//! `{id}` is the ItemId, percent-encoded. Events look like those of Blikk's contract. An event that is put changes only
//! in the fields that are given. `?calendar={name}` asks for another calendar than the first.

use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::field::{self, BodyChoice, Dialect, FIELDS, Owner, View, Write};
use super::id::{Folder, Named};
use super::item::{Content, Item};
use super::series::Kind;
use super::state::State;
use super::store::{Edit, Mailbox, Place};
use super::zone::Zone;
use super::{Answer, Request};

mod event;
mod fill;
mod show;
mod words;

pub use event::{ForeignZone, NewEvent, Pattern, PersonName, Series, Time};
use fill::fill_in;
use show::event_json;

/// A sentence for whoever sent such a request.
type Wrong = String;

/// A status and a sentence.
type Refused = (u16, Wrong);

/// Answers a request below `/people/`.
pub fn answer(state: &mut State, request: &Request, rest: &str, now: DateTime<Utc>) -> Answer {
    if request.method == "OPTIONS" {
        return open_to_all(Answer { status: 204, ..Answer::default() });
    }
    let parts: Vec<String> =
        rest.split('/').map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    open_to_all(match dispatch(state, request, &parts, now) {
        Ok((status, Json::Null)) => Answer { status, ..Answer::default() },
        Ok((status, value)) => Answer::json(status, &value),
        Err((status, message)) => Answer::json(status, &json!({ "objectName": "error", "message": message })),
    })
}

/// The demo's page and browser tests ask from other origins.
pub fn open_to_all(answer: Answer) -> Answer {
    answer
        .with_header("Access-Control-Allow-Origin", "*")
        .with_header("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS")
        .with_header("Access-Control-Allow-Headers", "Content-Type")
}

fn dispatch(state: &mut State, request: &Request, parts: &[&str], now: DateTime<Utc>) -> Result<(u16, Json), Refused> {
    let [address, what, rest @ ..] = parts else { return Err((404, "There is no such address.".to_owned())) };
    if state.mailbox(address).is_none() {
        return Err((404, format!("There is no mailbox {address}.")));
    }
    let mut desk = Desk { state, address, now };
    match (request.method.as_str(), *what, rest) {
        ("GET", "events", []) => desk.list(request),
        ("POST", "events", []) => {
            let event = parse(request)?;
            let id = add(desk.state, address, &event, now).map_err(|wrong| (400, wrong))?;
            desk.show(desk.place(&id)?).map(|event| (201, event))
        }
        (method, "events", [id, action @ ..]) => {
            let place = desk.place(id)?;
            match (method, action) {
                ("GET", []) => desk.show(place).map(|event| (200, event)),
                ("PUT", []) => desk.edit(place, &parse(request)?).map(|event| (200, event)),
                ("DELETE", []) => desk.delete(place),
                ("POST", ["touch"]) => desk.touch(place).map(|event| (200, event)),
                ("POST", ["copy"]) => desk.copy(place, &parse(request)?).map(|event| (201, event)),
                ("POST", ["following"]) => desk.split(place, &parse(request)?).map(|event| (201, event)),
                ("DELETE", ["following"]) => desk.end_before(place).map(|()| (204, Json::Null)),
                _ => Err((405, "That cannot be done to an event.".to_owned())),
            }
        }
        ("GET", "calendars", []) => Ok((200, desk.calendars())),
        ("POST", "calendars", []) => {
            let NewCalendar { name } = parse(request)?;
            desk.calendar(&name, true)?;
            Ok((201, desk.calendars()))
        }
        _ => Err((404, "There is no such address.".to_owned())),
    }
}

#[derive(Deserialize)]
struct NewCalendar {
    name: String,
}

/// An empty body is an empty object.
fn parse<T: DeserializeOwned>(request: &Request) -> Result<T, Refused> {
    let body: &[u8] = if request.body.is_empty() { b"{}" } else { &request.body };
    serde_json::from_slice(body).map_err(|error| (400, error.to_string()))
}

fn query(request: &Request, name: &str) -> Option<String> {
    let (_, query) = request.path.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, _)| *key == name)?;
    Some(percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned())
}

/// Puts a new event into a calendar; returns its ItemId.
pub fn add(state: &mut State, address: &str, event: &NewEvent, now: DateTime<Utc>) -> Result<String, Wrong> {
    let mut content = Content::default();
    fill_in(&mut content, event)?;
    let content = content.settled(Zone::UTC, now).map_err(|refusal| refusal.message.into_owned())?;
    let mut desk = Desk { state, address, now };
    let folder = match &event.calendar {
        Some(name) => desk.calendar(name, true).map_err(|(_, wrong)| wrong)?,
        None => Folder::Calendar,
    };
    desk.keep(folder, content).ok_or_else(|| format!("There is no mailbox {address}."))
}

/// A person at her calendar.
struct Desk<'a> {
    state: &'a mut State,
    address: &'a str,
    now: DateTime<Utc>,
}

fn no_event() -> Refused {
    (404, "There is no such event.".to_owned())
}

fn refused(refusal: super::code::Refusal) -> Refused {
    (400, refusal.message.into_owned())
}

impl Desk<'_> {
    fn mailbox(&self) -> Result<&Mailbox, Refused> {
        self.state.mailbox(self.address).ok_or_else(no_event)
    }

    fn mailbox_mut(&mut self) -> Result<&mut Mailbox, Refused> {
        self.state.mailbox_mut(self.address).ok_or_else(no_event)
    }

    fn place(&self, id: &str) -> Result<Place, Refused> {
        let mailbox = self.mailbox()?;
        let (guid, place) = match Named::decode(id) {
            Some(Named::Item { mailbox, key }) => (mailbox, Place { key, date: None }),
            Some(Named::Instance { mailbox, key, date }) => (mailbox, Place { key, date: Some(date) }),
            _ => return Err(no_event()),
        };
        Some(place).filter(|place| guid == mailbox.owner.guid && mailbox.find(*place).is_some()).ok_or_else(no_event)
    }

    fn show(&self, place: Place) -> Result<Json, Refused> {
        let mailbox = self.mailbox()?;
        mailbox.find(place).map(|item| event_json(&item, &mailbox.owner)).ok_or_else(no_event)
    }

    fn list(&mut self, request: &Request) -> Result<(u16, Json), Refused> {
        let folder = match query(request, "calendar") {
            Some(name) => self.calendar(&name, false)?,
            None => Folder::Calendar,
        };
        let mailbox = self.mailbox()?;
        let time = |name| query(request, name).and_then(|text| field::parse_time(&text, Zone::UTC));
        let mut items: Vec<Item> = match (time("from"), time("to")) {
            (Some(from), Some(to)) => mailbox.items_in(folder).flat_map(|item| seen_between(item, from, to)).collect(),
            _ => mailbox.items_in(folder).cloned().collect(),
        };
        items.sort_by_key(|item| (item.content.start(), item.key));
        let items: Vec<Json> = items.iter().map(|item| event_json(item, &mailbox.owner)).collect();
        Ok((200, json!({ "objectName": "calendarEvents", "itemCount": items.len(), "items": items })))
    }

    fn keep(&mut self, folder: Folder, content: Content) -> Option<String> {
        let mailbox = self.state.mailboxes.get_mut(&self.address.to_ascii_lowercase())?;
        let owner = mailbox.owner.clone();
        let item = mailbox.create(folder, content, &owner.name, self.now, &mut self.state.random);
        Some(item.named(owner.guid).encode())
    }

    /// An occurrence that is edited becomes an exception.
    fn edit(&mut self, place: Place, event: &NewEvent) -> Result<Json, Refused> {
        let mailbox = self.mailbox()?;
        let before = mailbox.find(place).ok_or_else(no_event)?.into_owned();
        let mut content = before.content.clone();
        fill_in(&mut content, event).map_err(|wrong| (400, wrong))?;
        let content = content.settled(before.content.start_zone(), self.now).map_err(refused)?;
        if let (Some(date), Some(series)) = (place.date, mailbox.items.get(&place.key)) {
            series.check_move(date, &content).map_err(refused)?;
        }
        let after = Item { content: content.clone(), ..before.clone() };
        let edit = self.edited(place, changed_fields(&before, &after, &mailbox.owner))?;
        self.mailbox_mut()?.update(place, content, &edit).ok_or_else(no_event)?;
        self.show(place)
    }

    fn edited(&self, place: Place, fields: Vec<String>) -> Result<Edit, Refused> {
        let is_told = place.date.is_none() || !self.state.server.is_grommunio();
        Ok(Edit { fields, by: self.mailbox()?.owner.name.clone(), at: self.now, is_told })
    }

    fn delete(&mut self, place: Place) -> Result<(u16, Json), Refused> {
        let edit = self.edited(place, Vec::new())?;
        let mailbox = self.mailbox_mut()?;
        let is_last = |date| !mailbox.items.get(&place.key).is_some_and(|series| series.has_others_than(date));
        let gone = match place.date {
            Some(date) if !is_last(date) => mailbox.delete_instance(place, &edit),
            // Outlook removes the series with its last occurrence.
            _ => mailbox.delete(place.key),
        };
        gone.map(|_| (204, Json::Null)).ok_or_else(no_event)
    }

    fn touch(&mut self, place: Place) -> Result<Json, Refused> {
        let now = self.now;
        self.mailbox_mut()?.touch(place.key, now);
        self.show(place)
    }

    fn copy(&mut self, place: Place, changes: &NewEvent) -> Result<Json, Refused> {
        let original = self.mailbox()?.find(place).ok_or_else(no_event)?.into_owned();
        let content = Content { uid: None, ..original.content };
        self.keep_changed(original.folder, content, changes)
    }

    fn keep_changed(&mut self, folder: Folder, mut content: Content, changes: &NewEvent) -> Result<Json, Refused> {
        let zone = content.start_zone();
        fill_in(&mut content, changes).map_err(|wrong| (400, wrong))?;
        let content = content.settled(zone, self.now).map_err(refused)?;
        let id = self.keep(folder, content).ok_or_else(no_event)?;
        self.show(self.place(&id)?)
    }

    /// "This and following", as Outlook does it: the old series ends the day before, and a new one, with a UID of its
    /// own, goes on from here (scenario 16).
    fn split(&mut self, place: Place, changes: &NewEvent) -> Result<Json, Refused> {
        let date = place.date.ok_or_else(|| (400, "That is no occurrence of a series.".to_owned()))?;
        let series = self.mailbox()?.items.get(&place.key).ok_or_else(no_event)?.clone();
        let rest = series.following(date).ok_or_else(no_event)?;
        let new = self.keep_changed(series.folder, rest, changes)?;
        self.end_before(place)?;
        Ok(new)
    }

    fn end_before(&mut self, place: Place) -> Result<(), Refused> {
        let date = place.date.ok_or_else(|| (400, "That is no occurrence of a series.".to_owned()))?;
        let whole = Place { date: None, ..place };
        let edit = self.edited(whole, vec!["calendar:Recurrence".to_owned()])?;
        let mailbox = self.mailbox_mut()?;
        let series = mailbox.items.get(&place.key).ok_or_else(no_event)?;
        match series.ended_before(date) {
            Some((content, differences)) => {
                mailbox.update(whole, content, &edit);
                mailbox.keep_differences(place.key, differences);
            }
            None => drop(mailbox.delete(place.key)),
        }
        Ok(())
    }

    fn calendars(&self) -> Json {
        let Ok(mailbox) = self.mailbox() else { return Json::Null };
        let calendars = mailbox.folders().filter(|folder| folder.is_calendar());
        let items: Vec<Json> = calendars
            .map(|folder| {
                let id = Named::Folder { mailbox: mailbox.owner.guid, folder }.encode();
                json!({ "id": id, "name": mailbox.title(folder) })
            })
            .collect();
        json!({ "itemCount": items.len(), "items": items })
    }

    /// The calendar with that name; made below the first one when there is none.
    fn calendar(&mut self, name: &str, may_be_made: bool) -> Result<Folder, Refused> {
        let mailbox = self.mailbox_mut()?;
        let known = mailbox.folders().find(|folder| folder.is_calendar() && mailbox.title(*folder) == name);
        match known {
            Some(folder) => Ok(folder),
            None if may_be_made => mailbox.make_calendar(name, Folder::Calendar).ok_or_else(no_event),
            None => Err((404, format!("There is no calendar {name}."))),
        }
    }
}

fn seen_between(item: &Item, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Item> {
    match item.kind() {
        Kind::RecurringMaster => item.instances_between(from, to),
        _ if item.content.touches(from, to) => vec![item.clone()],
        _ => Vec::new(),
    }
}

/// What AutoResolve has to know of a person's edit.
fn changed_fields(before: &Item, after: &Item, owner: &Owner) -> Vec<String> {
    let view = |item| View { item, mailbox: owner, body: BodyChoice::Best, extended: &[], dialect: Dialect::NEWEST };
    let writable = FIELDS.iter().filter(|field| !matches!(field.write, Write::Never));
    let changed = writable.filter(|field| (field.read)(&view(before)) != (field.read)(&view(after)));
    changed.map(|field| field.uri.to_owned()).collect()
}
