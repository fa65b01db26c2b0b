//! The JSON of Blikk's calendar API.
//!
//! Read tolerantly, write strictly. Each member of an event is read by itself ([`Field`]), so that one that is not
//! what the contract says spoils neither its event's other members nor the page (scenario 20); unknown members are
//! ignored and unknown values of an enumeration survive. What is written has types of its own, with exactly the
//! members that Blikk takes.

use serde::Serialize;

use super::value::{FromValue, Value};

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
            items: Vec::from_value(value.take("items"))?,
            next_cursor: String::from_value(value.take("nextCursor"))?,
            has_more: bool::from_value(value.take("hasMore"))?,
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
        Some(CalendarEvents { items: Vec::from_value(value.take("items"))? })
    }
}

/// A `calendarEvent`, or a `calendarEventTombstone`, which has `objectName` and `id` alone of these.
#[derive(Clone, Debug, Default, PartialEq)]
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

impl FromValue for Item {
    fn from_value(mut value: Value) -> Option<Self> {
        if !matches!(value, Value::Object(_)) {
            return None;
        }
        Some(Item {
            object_name: Field::of(value.take("objectName")),
            id: Field::of(value.take("id")),
            version: Field::of(value.take("version")),
            external_id: Field::of(value.take("externalId")),
            title: Field::of(value.take("title")),
            body: Field::of(value.take("body")),
            place: Field::of(value.take("place")),
            all_day: Field::of(value.take("allDay")),
            start: Field::of(value.take("start")),
            end: Field::of(value.take("end")),
            status: Field::of(value.take("status")),
            visibility: Field::of(value.take("visibility")),
            reminder_minutes: Field::of(value.take("reminderMinutes")),
            categories: Field::of(value.take("categories")),
            organizer: Field::of(value.take("organizer")),
            participants: Field::of(value.take("participants")),
            created_at: Field::of(value.take("createdAt")),
            changed_at: Field::of(value.take("changedAt")),
        })
    }
}

/// One member as it came.
#[derive(Clone, Debug, Default, PartialEq)]
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

impl<T: FromValue> Field<T> {
    fn of(value: Value) -> Self {
        match value {
            Value::Null => Field::Missing,
            value => T::from_value(value).map_or(Field::Wrong, Field::Read),
        }
    }
}

impl<T: FromValue> FromValue for Field<T> {
    /// Never `None`: what is wrong with one is not wrong with the list that it stands in.
    fn from_value(value: Value) -> Option<Self> {
        Some(Field::of(value))
    }
}

/// An id or a version: text by the contract, but a whole number means the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id(pub String);

impl FromValue for Id {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(Id(text)),
            number => i64::from_value(number).map(|number| Id(number.to_string())),
        }
    }
}

/// `{"dateTime", "timeZone"}` or `{"date"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moment {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

impl FromValue for Moment {
    fn from_value(mut value: Value) -> Option<Self> {
        if !matches!(value, Value::Object(_)) {
            return None;
        }
        let [date_time, time_zone, date] = ["dateTime", "timeZone", "date"].map(|name| optional(value.take(name)));
        Some(Moment { date_time: date_time?, time_zone: time_zone?, date: date? })
    }
}

/// A text or nothing; `None` for something else.
fn optional(value: Value) -> Option<Option<String>> {
    if value == Value::Null { Some(None) } else { String::from_value(value).map(Some) }
}

/// How the time is shown to colleagues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    Free,
    Tentative,
    Busy,
    OutOfOffice,
    WorkingElsewhere,
    /// One that a later version of the contract knows.
    #[serde(skip_serializing)]
    Unknown,
}

impl FromValue for Status {
    fn from_value(value: Value) -> Option<Self> {
        Some(match String::from_value(value)?.as_str() {
            "free" => Status::Free,
            "tentative" => Status::Tentative,
            "busy" => Status::Busy,
            "outOfOffice" => Status::OutOfOffice,
            "workingElsewhere" => Status::WorkingElsewhere,
            _ => Status::Unknown,
        })
    }
}

/// Who may see the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Visibility {
    Normal,
    Personal,
    Private,
    Confidential,
    /// One that a later version of the contract knows.
    #[serde(skip_serializing)]
    Unknown,
}

impl FromValue for Visibility {
    fn from_value(value: Value) -> Option<Self> {
        Some(match String::from_value(value)?.as_str() {
            "normal" => Visibility::Normal,
            "personal" => Visibility::Personal,
            "private" => Visibility::Private,
            "confidential" => Visibility::Confidential,
            _ => Visibility::Unknown,
        })
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    pub name: Option<String>,
    pub email: Option<String>,
}

impl FromValue for Person {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(Person { name: optional(value.take("name"))?, email: optional(value.take("email"))? })
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Participant {
    pub name: Option<String>,
    pub email: Option<String>,
    pub role: Option<String>,
    pub answer: Option<String>,
}

impl FromValue for Participant {
    fn from_value(mut value: Value) -> Option<Self> {
        let [name, email, role, answer] = ["name", "email", "role", "answer"].map(|name| optional(value.take(name)));
        Some(Participant { name: name?, email: email?, role: role?, answer: answer? })
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
#[derive(Clone, Debug, Default)]
pub struct ErrorObject {
    pub code: Field<String>,
    pub field: Field<String>,
}

impl FromValue for ErrorObject {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(ErrorObject { code: Field::of(value.take("code")), field: Field::of(value.take("field")) })
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
