//! What a person does with Outlook in her own calendar, as JSON: the demo's week view and the tests use it.
//!
//! `GET|POST /people/{mailbox}/events`, `GET|PUT|DELETE /people/{mailbox}/events/{id}`, and on one event
//! `POST .../copy` (Outlook copies named properties along, scenario 8) and `POST .../touch` (a new ChangeKey and
//! nothing else, R15). `{id}` is the ItemId, percent-encoded. Events look like those of Blikk's contract. An event that
//! is put changes only in the fields that are given.

use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, Utc, Weekday};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value as Json, json};

use super::body::Body;
use super::field::{self, BodyChoice, Dialect, FIELDS, Owner, View, Write};
use super::id::Named;
use super::item::{Attendee, Content, Item, Person};
use super::recurrence::{self, End, Recurrence};
use super::state::State;
use super::store::{Edit, Mailbox, Place};
use super::zone::{self, Zone};
use super::{Answer, Request};

/// What a person fills in. A field that is not given stays as it is, or as Outlook would have it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NewEvent {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Typed text; Outlook keeps it as HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// HTML as it is to be kept, instead of `body`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_day: Option<bool>,
    /// `free`, `tentative`, `busy`, `outOfOffice`, `workingElsewhere`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// `normal`, `personal`, `private`, `confidential`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<String>,
    /// `null`: no reminder.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub reminder_minutes: Option<Option<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<String>>,
    /// Makes it a meeting. Its invitations are taken as sent by the person, so none stands in the outbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendees: Option<Vec<PersonName>>,
    /// Makes it a meeting that somebody else has called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organizer: Option<PersonName>,
    /// Makes it a series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Series>,
}

/// A date, or a moment in a zone (IANA or Windows id).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Time {
    Date { date: NaiveDate },
    Moment { date_time: String, time_zone: String },
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonName {
    #[serde(default)]
    pub name: String,
    pub email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// The series that a demo needs; clients write any series that EWS has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Series {
    pub pattern: Pattern,
    #[serde(default = "one")]
    pub interval: u32,
    /// English names, for `weekly`; the day of the start when empty.
    #[serde(default)]
    pub days_of_week: Vec<String>,
    /// How many times; for ever when not given.
    #[serde(default)]
    pub count: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Pattern {
    Daily,
    Weekly,
    Monthly,
}

fn one() -> u32 {
    1
}

/// Tells `"reminderMinutes": null` from no such field.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u32>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A sentence for whoever sent such a request.
type Wrong = String;

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

fn dispatch(
    state: &mut State,
    request: &Request,
    parts: &[&str],
    now: DateTime<Utc>,
) -> Result<(u16, Json), (u16, Wrong)> {
    let not_found = || (404, "There is no such event.".to_owned());
    let [address, "events", event @ ..] = parts else { return Err((404, "There is no such address.".to_owned())) };
    let mailbox = state.mailbox(address).ok_or_else(|| (404, format!("There is no mailbox {address}.")))?;
    let key = |id: &str| match Named::decode(id) {
        Some(Named::Item { mailbox: guid, key }) if guid == mailbox.owner.guid && mailbox.items.contains_key(&key) => {
            Ok(key)
        }
        _ => Err(not_found()),
    };
    match (request.method.as_str(), event) {
        ("GET", []) => {
            let mut items: Vec<&Item> = mailbox.items.values().collect();
            items.sort_by_key(|item| (item.content.start(), item.key));
            let items: Vec<Json> = items.into_iter().map(|item| event_json(item, &mailbox.owner)).collect();
            Ok((200, json!({ "objectName": "calendarEvents", "itemCount": items.len(), "items": items })))
        }
        ("POST", []) => {
            let event = parse(&request.body)?;
            let id = add(state, address, &event, now).map_err(|wrong| (400, wrong))?;
            found(state, address, &id).map(|event| (201, event)).ok_or_else(not_found)
        }
        ("GET", [id]) => {
            let key = key(id)?;
            mailbox.items.get(&key).map(|item| (200, event_json(item, &mailbox.owner))).ok_or_else(not_found)
        }
        ("PUT", [id]) => {
            let key = key(id)?;
            let event = parse(&request.body)?;
            let edited = edit(state, address, key, now, |content| fill_in(content, &event));
            edited.map(|event| (200, event)).map_err(|wrong| (400, wrong))
        }
        ("DELETE", [id]) => {
            let key = key(id)?;
            state.mailbox_mut(address).and_then(|mailbox| mailbox.delete(key)).ok_or_else(not_found)?;
            Ok((204, Json::Null))
        }
        ("POST", [id, "touch"]) => {
            let key = key(id)?;
            state.mailbox_mut(address).map(|mailbox| mailbox.touch(key, now)).ok_or_else(not_found)?;
            found(state, address, id).map(|event| (200, event)).ok_or_else(not_found)
        }
        ("POST", [id, "copy"]) => {
            let original = mailbox.items.get(&key(id)?).ok_or_else(not_found)?;
            let mut content = Content { uid: None, ..original.content.clone() };
            let zone = content.start_zone();
            if !request.body.is_empty() {
                fill_in(&mut content, &parse(&request.body)?).map_err(|wrong| (400, wrong))?;
            }
            let content = content.settled(zone, now).map_err(|refusal| (400, refusal.message.into_owned()))?;
            let id = keep(state, address, content, now).ok_or_else(not_found)?;
            found(state, address, &id).map(|event| (201, event)).ok_or_else(not_found)
        }
        _ => Err((405, "That cannot be done to an event.".to_owned())),
    }
}

fn parse(body: &[u8]) -> Result<NewEvent, (u16, Wrong)> {
    serde_json::from_slice(body).map_err(|error| (400, error.to_string()))
}

/// Puts a new event into a calendar; returns its ItemId.
pub fn add(state: &mut State, address: &str, event: &NewEvent, now: DateTime<Utc>) -> Result<String, Wrong> {
    let mut content = Content::default();
    fill_in(&mut content, event)?;
    let content = content.settled(Zone::UTC, now).map_err(|refusal| refusal.message.into_owned())?;
    keep(state, address, content, now).ok_or_else(|| format!("There is no mailbox {address}."))
}

fn keep(state: &mut State, address: &str, content: Content, now: DateTime<Utc>) -> Option<String> {
    let mailbox = state.mailboxes.get_mut(&address.to_ascii_lowercase())?;
    let owner = mailbox.owner.clone();
    let item = mailbox.create(content, &owner.name, now, &mut state.random);
    Some(id_of(item, &owner))
}

fn edit(
    state: &mut State,
    address: &str,
    key: u64,
    now: DateTime<Utc>,
    change: impl FnOnce(&mut Content) -> Result<(), Wrong>,
) -> Result<Json, Wrong> {
    let gone = || "There is no such event.".to_owned();
    let mailbox = state.mailbox_mut(address).ok_or_else(gone)?;
    let before = mailbox.items.get(&key).ok_or_else(gone)?.clone();
    let mut content = before.content.clone();
    change(&mut content)?;
    let content = content.settled(before.content.start_zone(), now).map_err(|refusal| refusal.message.into_owned())?;
    let after = Item { content, ..before.clone() };
    let fields = changed_fields(&before, &after, &mailbox.owner);
    let owner = mailbox.owner.clone();
    let edit = Edit { fields, by: owner.name.clone(), at: now, is_told: true };
    let item = mailbox.update(Place { key, date: None }, after.content, &edit).ok_or_else(gone)?;
    Ok(event_json(&item, &owner))
}

/// What AutoResolve has to know of a person's edit.
fn changed_fields(before: &Item, after: &Item, owner: &Owner) -> Vec<String> {
    let view = |item| View { item, mailbox: owner, body: BodyChoice::Best, extended: &[], dialect: Dialect::NEWEST };
    let writable = FIELDS.iter().filter(|field| !matches!(field.write, Write::Never));
    let changed = writable.filter(|field| (field.read)(&view(before)) != (field.read)(&view(after)));
    changed.map(|field| field.uri.to_owned()).collect()
}

fn found(state: &State, address: &str, id: &str) -> Option<Json> {
    let Some(Named::Item { key, .. }) = Named::decode(id) else { return None };
    let mailbox: &Mailbox = state.mailbox(address)?;
    mailbox.items.get(&key).map(|item| event_json(item, &mailbox.owner))
}

fn id_of(item: &Item, owner: &Owner) -> String {
    Named::Item { mailbox: owner.guid, key: item.key }.encode()
}

const STATUS: [(&str, &str); 5] = [
    ("free", "Free"),
    ("tentative", "Tentative"),
    ("busy", "Busy"),
    ("outOfOffice", "OOF"),
    ("workingElsewhere", "WorkingElsewhere"),
];

const VISIBILITY: [(&str, &str); 4] =
    [("normal", "Normal"), ("personal", "Personal"), ("private", "Private"), ("confidential", "Confidential")];

fn fill_in(content: &mut Content, event: &NewEvent) -> Result<(), Wrong> {
    let named = |table: &[(&str, &'static str)], word: &str| {
        let found = table.iter().find(|(ours, _)| *ours == word).map(|(_, theirs)| (*theirs).to_owned());
        found.ok_or_else(|| format!("{word} is not one of the values."))
    };
    if let Some(title) = &event.title {
        content.subject = Some(title.clone());
    }
    if let Some(text) = &event.body {
        content.body = Some(Body::typed_in_outlook(text)).filter(|_| !text.is_empty());
    }
    if let Some(html) = &event.body_html {
        content.body = Some(Body::html(html.clone()));
    }
    if let Some(place) = &event.place {
        content.place = Some(place.clone()).filter(|place| !place.is_empty());
    }
    if let Some(status) = &event.status {
        content.free_busy = named(&STATUS, status)?;
    }
    if let Some(visibility) = &event.visibility {
        content.sensitivity = named(&VISIBILITY, visibility)?;
    }
    if let Some(reminder) = event.reminder_minutes {
        content.reminder_is_set = reminder.is_some();
        content.reminder_minutes = reminder.unwrap_or(content.reminder_minutes);
    }
    if let Some(categories) = &event.categories {
        content.categories.clone_from(categories);
    }
    fill_in_times(content, event)?;
    if let Some(attendees) = &event.attendees {
        fill_in_attendees(content, attendees);
    }
    if let Some(organizer) = &event.organizer {
        content.organizer = Some(person(organizer));
        content.my_response = Some("Accept".to_owned());
    }
    if let Some(series) = &event.recurrence {
        content.recurrence = Some(recurrence(series, content)?);
    }
    Ok(())
}

fn fill_in_times(content: &mut Content, event: &NewEvent) -> Result<(), Wrong> {
    content.all_day = match (event.all_day, &event.start) {
        (Some(all_day), _) => all_day,
        (None, Some(start)) => matches!(start, Time::Date { .. }),
        (None, None) => content.all_day,
    };
    if let Some(start) = &event.start {
        let (instant, zone) = moment(start, content)?;
        (content.start, content.start_zone) = (Some(instant), Some(zone));
    }
    if let Some(end) = &event.end {
        let (instant, zone) = moment(end, content)?;
        (content.end, content.end_zone) = (Some(instant), Some(zone));
    }
    Ok(())
}

fn moment(time: &Time, content: &Content) -> Result<(DateTime<Utc>, Zone), Wrong> {
    match time {
        Time::Date { date } => {
            // The people of the demo live in Stockholm.
            let at_home = Zone::from_windows("W. Europe Standard Time").unwrap_or(Zone::UTC);
            let zone = content.start_zone.unwrap_or(at_home);
            Ok((zone.midnight(*date), zone))
        }
        Time::Moment { date_time, time_zone } => {
            let rough = field::parse_time(date_time, Zone::UTC).ok_or_else(|| format!("{date_time} is no time."))?;
            let known = Zone::from_iana(time_zone, zone::year_of(rough)).or_else(|| Zone::from_windows(time_zone));
            let zone = known.ok_or_else(|| format!("{time_zone} is no time zone."))?;
            Ok((field::parse_time(date_time, zone).unwrap_or(rough), zone))
        }
    }
}

fn person(name: &PersonName) -> Person {
    let shown = if name.name.is_empty() { &name.email } else { &name.name };
    Person { name: shown.clone(), address: name.email.clone() }
}

fn fill_in_attendees(content: &mut Content, attendees: &[PersonName]) {
    let of_role = |role: &str| {
        let meant = attendees.iter().filter(|attendee| attendee.role.as_deref().unwrap_or("required") == role);
        meant.map(|attendee| Attendee { person: person(attendee), response: "NoResponseReceived".to_owned() }).collect()
    };
    content.required = of_role("required");
    content.optional = of_role("optional");
    content.resources = of_role("resource");
    content.invitations_sent = content.is_meeting();
}

fn recurrence(series: &Series, content: &Content) -> Result<Recurrence, Wrong> {
    let start = content.start_zone().wall(content.start()).date();
    let interval = series.interval;
    let pattern = match series.pattern {
        Pattern::Daily => recurrence::Pattern::Daily { interval },
        Pattern::Weekly => {
            let day = |name: &String| recurrence::day_from_name(name).ok_or_else(|| format!("{name} is no day."));
            let mut days = series.days_of_week.iter().map(day).collect::<Result<Vec<_>, _>>()?;
            if days.is_empty() {
                days.push(start.weekday());
            }
            recurrence::Pattern::Weekly { interval, days, first_day: Weekday::Mon }
        }
        Pattern::Monthly => recurrence::Pattern::AbsoluteMonthly { interval, day: start.day() },
    };
    Ok(Recurrence { pattern, start, end: series.count.map_or(End::Never, End::After) })
}

/// An item as JSON, in the shape of Blikk's CalendarEvent.
fn event_json(item: &Item, owner: &Owner) -> Json {
    let content = &item.content;
    let word = |table: &[(&'static str, &str)], theirs: &str| {
        table.iter().find(|(_, value)| *value == theirs).map_or("busy", |(ours, _)| *ours)
    };
    let time = |instant: DateTime<Utc>, zone: Zone| {
        if content.all_day {
            return json!({ "date": content.start_zone().wall(instant).date().to_string() });
        }
        json!({ "dateTime": instant.to_rfc3339_opts(SecondsFormat::Secs, true), "timeZone": zone.iana() })
    };
    let kind = match (content.recurrence.is_some(), content.is_meeting()) {
        (true, _) => "series",
        (false, true) => "meeting",
        (false, false) => "single",
    };
    let organizer = content
        .organizer
        .clone()
        .unwrap_or_else(|| Person { name: owner.name.clone(), address: owner.address.clone() });
    let participants: Vec<Json> =
        [("required", &content.required), ("optional", &content.optional), ("resource", &content.resources)]
            .into_iter()
            .flat_map(|(role, attendees)| attendees.iter().map(move |attendee| participant(role, attendee)))
            .collect();
    json!({
        "objectName": "calendarEvent",
        "id": id_of(item, owner),
        "version": super::id::change_key(&owner.guid, item.version()),
        "uid": content.uid,
        "kind": kind,
        "title": content.subject.clone().unwrap_or_default(),
        "body": content.body.as_ref().map(|body| body.as_text().replace("\r\n", "\n").trim_end().to_owned()).unwrap_or_default(),
        "place": content.place.clone().unwrap_or_default(),
        "start": time(content.start(), content.start_zone()),
        "end": time(content.end(), content.end_zone()),
        "allDay": content.all_day,
        "status": word(&STATUS, &content.free_busy),
        "visibility": word(&VISIBILITY, &content.sensitivity),
        "reminderMinutes": content.reminder_is_set.then_some(content.reminder_minutes),
        "categories": content.categories,
        "organizer": content.is_meeting().then(|| json!({ "name": organizer.name, "email": organizer.address })),
        "participants": participants,
        "createdAt": item.created.to_rfc3339_opts(SecondsFormat::Secs, true),
        "changedAt": item.modified.to_rfc3339_opts(SecondsFormat::Secs, true),
    })
}

fn participant(role: &str, attendee: &Attendee) -> Json {
    let answer = match attendee.response.as_str() {
        "Accept" => "accepted",
        "Decline" => "declined",
        "Tentative" => "tentative",
        "Organizer" => "organizer",
        _ => "notAnswered",
    };
    json!({ "name": attendee.person.name, "email": attendee.person.address, "role": role, "answer": answer })
}
