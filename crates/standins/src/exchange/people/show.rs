//! Items as a person sees them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value as Json, json};

use super::super::field::Owner;
use super::super::id::{self, Named};
use super::super::item::{Attendee, Item, Person};
use super::super::series::Kind;
use super::super::zone::Zone;
use super::words::{ANSWER, IMPORTANCE, STATUS, VISIBILITY, ours};

/// An item as JSON, in the shape of Blikk's CalendarEvent.
pub fn event_json(item: &Item, owner: &Owner) -> Json {
    let content = &item.content;
    let time = |instant: DateTime<Utc>, zone: Zone| {
        if content.all_day {
            return json!({ "date": content.start_zone().wall(instant).date().to_string() });
        }
        json!({ "dateTime": instant.to_rfc3339_opts(SecondsFormat::Secs, true), "timeZone": zone.iana() })
    };
    let kind = match (item.kind(), content.is_meeting()) {
        (Kind::RecurringMaster, _) => "series",
        (Kind::Occurrence, _) => "occurrence",
        (Kind::Exception, _) => "exception",
        (Kind::Single, true) => "meeting",
        (Kind::Single, false) => "single",
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
        "id": item.named(owner.guid).encode(),
        "version": id::change_key(&owner.guid, item.version()),
        "uid": content.uid,
        "kind": kind,
        "title": content.subject.clone().unwrap_or_default(),
        "body": content.body.as_ref().map(|body| body.as_text().replace("\r\n", "\n").trim_end().to_owned()).unwrap_or_default(),
        "place": content.place.clone().unwrap_or_default(),
        "start": time(content.start(), content.start_zone()),
        "end": time(content.end(), content.end_zone()),
        "allDay": content.all_day,
        "status": ours(STATUS, &content.free_busy),
        "visibility": ours(VISIBILITY, &content.sensitivity),
        "importance": ours(IMPORTANCE, &content.importance),
        "reminderMinutes": content.reminder_is_set.then_some(content.reminder_minutes),
        "categories": content.categories,
        "organizer": content.is_meeting().then(|| json!({ "name": organizer.name, "email": organizer.address })),
        "participants": participants,
        "myAnswer": content.my_response.as_ref().and_then(|response| ours(ANSWER, response)),
        "cancelled": content.is_cancelled,
        "onlineUrl": content.online_url,
        "attachments": content.attachments,
        "seriesId": item.instance.map(|_| Named::Item { mailbox: owner.guid, key: item.key }.encode()),
        "originalStart": item.instance.map(|instance| time(instance.original, content.start_zone())),
        "createdAt": item.created.to_rfc3339_opts(SecondsFormat::Secs, true),
        "changedAt": item.modified.to_rfc3339_opts(SecondsFormat::Secs, true),
    })
}

fn participant(role: &str, attendee: &Attendee) -> Json {
    let answer = ours(ANSWER, &attendee.response).unwrap_or("notAnswered");
    json!({ "name": attendee.person.name, "email": attendee.person.address, "role": role, "answer": answer })
}
