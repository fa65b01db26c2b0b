//! The JSON of Blikk's calendar API.
//!
//! Read tolerantly, write strictly. Each member of an event is read by itself ([`Field`]), so that one that is not
//! what the contract says spoils neither its event's other members nor the page (scenario 20); unknown members are
//! ignored and unknown values of an enumeration survive. What is written has types of its own, with exactly the
//! members that Blikk takes.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

/// `GET /v1/calendar/changes`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CalendarChanges {
    pub items: Vec<Field<Item>>,
    pub next_cursor: String,
    pub has_more: bool,
}

/// `GET /v1/calendar/events`.
#[derive(Clone, Debug, Deserialize)]
pub struct CalendarEvents {
    pub items: Vec<Field<Item>>,
}

/// A `calendarEvent`, or a `calendarEventTombstone`, which has `objectName` and `id` alone of these.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Item {
    pub object_name: Field<String>,
    pub id: Field<Id>,
    pub version: Field<Id>,
    pub external_id: Field<String>,
    pub title: Field<String>,
    pub body: Field<String>,
    pub place: Field<String>,
    pub all_day: Field<bool>,
    pub start: Field<Moment>,
    pub end: Field<Moment>,
    pub status: Field<Status>,
    pub visibility: Field<Visibility>,
    pub reminder_minutes: Field<i64>,
    pub categories: Field<Vec<String>>,
    pub organizer: Field<Person>,
    pub participants: Field<Vec<Participant>>,
    pub created_at: Field<String>,
    pub changed_at: Field<String>,
}

impl Item {
    pub const EVENT: &str = "calendarEvent";
    pub const TOMBSTONE: &str = "calendarEventTombstone";
}

/// One member as it came.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "RawField<T>", bound(deserialize = "T: Deserialize<'de>"))]
pub enum Field<T> {
    /// Left out, or `null`.
    #[default]
    Missing,
    Read(T),
    /// There, but not what the contract says.
    Wrong,
}

impl<T> Field<T> {
    /// The value, if it could be read.
    pub fn read(&self) -> Option<&T> {
        match self {
            Field::Read(value) => Some(value),
            Field::Missing | Field::Wrong => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawField<T> {
    Read(T),
    Null(()),
    Wrong(IgnoredAny),
}

impl<T> From<RawField<T>> for Field<T> {
    fn from(raw: RawField<T>) -> Self {
        match raw {
            RawField::Read(value) => Field::Read(value),
            RawField::Null(()) => Field::Missing,
            RawField::Wrong(_) => Field::Wrong,
        }
    }
}

/// An id or a version: text by the contract, but a whole number means the same.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RawId")]
pub struct Id(pub String);

#[derive(Deserialize)]
#[serde(untagged)]
enum RawId {
    Text(String),
    Number(i64),
}

impl From<RawId> for Id {
    fn from(raw: RawId) -> Self {
        match raw {
            RawId::Text(text) => Id(text),
            RawId::Number(number) => Id(number.to_string()),
        }
    }
}

/// `{"dateTime", "timeZone"}` or `{"date"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Moment {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// How the time is shown to colleagues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    Free,
    Tentative,
    Busy,
    OutOfOffice,
    WorkingElsewhere,
    /// One that a later version of the contract knows.
    #[serde(other, skip_serializing)]
    Unknown,
}

/// Who may see the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Visibility {
    Normal,
    Personal,
    Private,
    Confidential,
    /// One that a later version of the contract knows.
    #[serde(other, skip_serializing)]
    Unknown,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Person {
    pub name: Option<String>,
    pub email: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Participant {
    pub name: Option<String>,
    pub email: Option<String>,
    pub role: Option<String>,
    pub answer: Option<String>,
}

/// What is written: the whole of a new event, or of a change the members that are to change. A member that is left out
/// keeps its value.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventFields {
    /// At creation alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
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
    /// `Some(None)` is written as `null`: no reminder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reminder_minutes: Option<Option<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<String>>,
}

/// Blikk's error object. Its `message` is not read: it is for Blikk's developers, and nothing here may end up quoting
/// an event.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ErrorObject {
    pub code: Field<String>,
    pub field: Field<String>,
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn one_malformed_member_or_item_leaves_the_others_readable() {
        let page: CalendarChanges = serde_json::from_str(
            r#"{"items": [
                 {"objectName": "calendarEvent", "id": "1", "title": 7, "start": "tomorrow", "place": "Åre", "later": {}},
                 null, 17, "text",
                 {"objectName": "calendarEvent", "id": 2, "version": 3, "title": null, "status": "asleep"}],
               "nextCursor": "c", "hasMore": false}"#,
        )
        .expect("the page is read");

        let first = page.items[0].read().expect("an object");
        assert_eq!((&first.title, &first.start), (&Field::Wrong, &Field::Wrong));
        assert_eq!(first.place, Field::Read("Åre".into()));
        assert_eq!(page.items[1..4], [Field::Missing, Field::Wrong, Field::Wrong]);
        let last = page.items[4].read().expect("an object");
        assert_eq!(last.id, Field::Read(Id("2".into())), "a number is as good as a text");
        assert_eq!(last.title, Field::Missing, "null is nothing");
        assert_eq!(last.status, Field::Read(Status::Unknown));
    }

    #[test]
    fn a_change_says_nothing_of_what_it_leaves_alone() {
        let fields = EventFields { title: Some(String::new()), reminder_minutes: Some(None), ..EventFields::default() };
        assert_eq!(serde_json::to_string(&fields).expect("JSON"), r#"{"title":"","reminderMinutes":null}"#);
    }
}
