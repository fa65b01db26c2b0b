//! The JSON of Blikk's calendar API.
//!
//! Read tolerantly, write strictly. Each member of an event is read by itself ([`Field`]), so that one that is not
//! what the contract says spoils neither its event's other members nor the page (scenario 20); unknown members are
//! ignored and unknown values of an enumeration survive. What is written has types of its own, with exactly the
//! members that Blikk takes.

mod field;
mod parts;

use serde::Serialize;

use crate::value::{FromValue, Value};

pub use field::Field;
pub use parts::{Answer, Id, Importance, Meeting, Moment, Participant, Person, Role, Status, Visibility};

/// `GET /v1/calendar/changes`.
#[derive(Clone, Debug)]
pub struct CalendarChanges {
    pub items: Vec<Field<Item>>,
    pub next_cursor: String,
    pub has_more: bool,
}

impl FromValue for CalendarChanges {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(CalendarChanges {
            items: Vec::from_value(value.take("items")?)?,
            next_cursor: String::from_value(value.take("nextCursor")?)?,
            has_more: bool::from_value(value.take("hasMore")?)?,
        })
    }
}

/// `GET /v1/calendar/events`.
#[derive(Clone, Debug)]
pub struct CalendarEvents {
    pub items: Vec<Field<Item>>,
}

impl FromValue for CalendarEvents {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(CalendarEvents { items: Vec::from_value(value.take("items")?)? })
    }
}

/// A `calendarEvent`, or a `calendarEventTombstone`, which has `objectName` and `id` alone of these.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    pub object_name: Field<String>,
    pub id: Field<Id>,
    pub version: Field<Id>,
    pub external_id: Field<String>,
    pub occurrence: OccurrenceItem,
    pub recurrence: Field<Vec<String>>,
    pub exceptions: Field<Vec<Field<ExceptionItem>>>,
    pub meeting: Field<Meeting>,
    pub attachments: Field<Vec<String>>,
    pub created_at: Field<String>,
    pub changed_at: Field<String>,
}

impl Item {
    pub const EVENT: &str = "calendarEvent";
    pub const TOMBSTONE: &str = "calendarEventTombstone";
}

impl FromValue for Item {
    fn from_value(mut value: Value) -> Option<Self> {
        if !matches!(value, Value::Object(_)) {
            return None;
        }
        Some(Item {
            object_name: Field::take(&mut value, "objectName"),
            id: Field::take(&mut value, "id"),
            version: Field::take(&mut value, "version"),
            external_id: Field::take(&mut value, "externalId"),
            recurrence: Field::take(&mut value, "recurrence"),
            exceptions: Field::take(&mut value, "exceptions"),
            meeting: Field::take(&mut value, "meeting"),
            attachments: Field::take(&mut value, "attachments"),
            created_at: Field::take(&mut value, "createdAt"),
            changed_at: Field::take(&mut value, "changedAt"),
            occurrence: OccurrenceItem::take_from(&mut value),
        })
    }
}

/// What an event says of each time it takes place, and an exception of its one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OccurrenceItem {
    pub title: Field<String>,
    pub body: Field<String>,
    pub place: Field<String>,
    pub all_day: Field<bool>,
    pub start: Field<Moment>,
    pub end: Field<Moment>,
    pub status: Field<Status>,
    pub visibility: Field<Visibility>,
    pub importance: Field<Importance>,
    pub reminder_minutes: Field<i64>,
    pub categories: Field<Vec<String>>,
}

impl OccurrenceItem {
    fn take_from(object: &mut Value) -> Self {
        OccurrenceItem {
            title: Field::take(object, "title"),
            body: Field::take(object, "body"),
            place: Field::take(object, "place"),
            all_day: Field::take(object, "allDay"),
            start: Field::take(object, "start"),
            end: Field::take(object, "end"),
            status: Field::take(object, "status"),
            visibility: Field::take(object, "visibility"),
            importance: Field::take(object, "importance"),
            reminder_minutes: Field::take(object, "reminderMinutes"),
            categories: Field::take(object, "categories"),
        }
    }
}

/// One changed occurrence of a series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExceptionItem {
    pub original_start: Field<Moment>,
    pub occurrence: OccurrenceItem,
}

impl FromValue for ExceptionItem {
    fn from_value(mut value: Value) -> Option<Self> {
        if !matches!(value, Value::Object(_)) {
            return None;
        }
        let original_start = Field::take(&mut value, "originalStart");
        Some(ExceptionItem { original_start, occurrence: OccurrenceItem::take_from(&mut value) })
    }
}

/// What is written: the whole of a new event, or of a change the members that are to change. A member that is left out
/// keeps its value.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventFields {
    /// At creation alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(flatten)]
    pub occurrence: OccurrenceFields,
    /// `Some(None)` is written as `null`: it takes place once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Option<Vec<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exceptions: Option<Vec<ExceptionFields>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting: Option<Option<Meeting>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<String>>,
}

/// Of an event what is written of each time it takes place, and of an exception what is different about its one.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OccurrenceFields {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_day: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importance: Option<Importance>,
    /// `Some(None)` is written as `null`: no reminder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reminder_minutes: Option<Option<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<String>>,
}

/// One changed occurrence of a series, as it is written.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionFields {
    pub original_start: Moment,
    #[serde(flatten)]
    pub occurrence: OccurrenceFields,
}

/// Blikk's error object. Its `message` is not read: it is for Blikk's developers, and nothing here may end up quoting
/// an event.
#[derive(Clone, Debug, Default)]
pub struct ErrorObject {
    pub code: Field<String>,
    pub field: Field<String>,
}

impl FromValue for ErrorObject {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(ErrorObject { code: Field::take(&mut value, "code"), field: Field::take(&mut value, "field") })
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn one_malformed_member_or_item_leaves_the_others_readable() {
        let page: Value = serde_json::from_str(
            r#"{"items": [
                 {"objectName": "calendarEvent", "id": "1", "title": 7, "start": "tomorrow", "place": "Åre", "later": {}},
                 null, 17, "text",
                 {"objectName": "calendarEvent", "id": 2, "version": 3, "title": null, "status": "asleep"}],
               "nextCursor": "c", "hasMore": false}"#,
        )
        .expect("JSON");
        let page = CalendarChanges::from_value(page).expect("the page is read");

        let first = page.items[0].read().expect("an object");
        assert_eq!((&first.occurrence.title, &first.occurrence.start), (&Field::Wrong, &Field::Wrong));
        assert_eq!(first.occurrence.place, Field::Read("Åre".into()));
        assert_eq!(page.items[1..4], [Field::Null, Field::Wrong, Field::Wrong]);
        let last = page.items[4].read().expect("an object");
        assert_eq!(last.id, Field::Read(Id("2".into())), "a number is as good as a text");
        assert_eq!((&last.occurrence.title, &last.occurrence.body), (&Field::Null, &Field::Missing));
        assert_eq!(last.occurrence.status, Field::Read(Status::Unknown));
    }

    #[test]
    fn a_change_says_nothing_of_what_it_leaves_alone() {
        let occurrence = OccurrenceFields {
            title: Some(String::new()),
            reminder_minutes: Some(None),
            ..OccurrenceFields::default()
        };
        let fields = EventFields { occurrence, recurrence: Some(None), ..EventFields::default() };
        let json = r#"{"title":"","reminderMinutes":null,"recurrence":null}"#;
        assert_eq!(serde_json::to_string(&fields).expect("JSON"), json);
    }
}
