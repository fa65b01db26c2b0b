//! What an event is made of: times, the words of the enumerations, and the people of a meeting.

use serde::Serialize;

use super::Field;
use crate::value::{FromValue, Value};

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
fn optional(value: Option<Value>) -> Option<Option<String>> {
    match value {
        None | Some(Value::Null) => Some(None),
        Some(value) => String::from_value(value).map(Some),
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        pub enum $name {
            $(#[serde(rename = $word)] $variant,)*
            /// One that a later version of the contract knows.
            #[serde(skip_serializing)]
            Unknown,
        }

        impl FromValue for $name {
            fn from_value(value: Value) -> Option<Self> {
                Some(match String::from_value(value)?.as_str() {
                    $($word => $name::$variant,)*
                    _ => $name::Unknown,
                })
            }
        }
    )*};
}

words! {
    /// How the time is shown to colleagues.
    Status {
        Free = "free",
        Tentative = "tentative",
        Busy = "busy",
        OutOfOffice = "outOfOffice",
        WorkingElsewhere = "workingElsewhere"
    }

    /// Who may see the content.
    Visibility { Normal = "normal", Personal = "personal", Private = "private", Confidential = "confidential" }

    Importance { Low = "low", Normal = "normal", High = "high" }

    /// How a participant was asked to come.
    Role { Required = "required", Optional = "optional", Resource = "resource" }

    /// What somebody answered.
    Answer {
        NotAnswered = "notAnswered",
        Organizer = "organizer",
        Accepted = "accepted",
        Tentative = "tentative",
        Declined = "declined"
    }
}

/// Who comes, and what they answered. Nobody edits this in Blikk, and what of it cannot be read is left out: it is there
/// to be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    pub is_mine: bool,
    pub organizer: Option<Person>,
    pub participants: Vec<Participant>,
    pub my_answer: Answer,
    pub is_cancelled: bool,
    pub online_url: Option<String>,
}

impl FromValue for Meeting {
    fn from_value(mut value: Value) -> Option<Self> {
        if !matches!(value, Value::Object(_)) {
            return None;
        }
        let participants = value.take("participants").and_then(Vec::<Field<Participant>>::from_value);
        Some(Meeting {
            // Not said: then it is somebody else's, and Blikk leaves it alone.
            is_mine: value.take("isMine").and_then(bool::from_value).unwrap_or(false),
            organizer: value.take("organizer").and_then(Person::from_value),
            participants: participants.iter().flatten().filter_map(Field::read).cloned().collect(),
            my_answer: answer(&mut value, "myAnswer"),
            is_cancelled: value.take("isCancelled").and_then(bool::from_value).unwrap_or(false),
            online_url: value.take("onlineUrl").and_then(String::from_value),
        })
    }
}

fn answer(object: &mut Value, name: &str) -> Answer {
    object.take(name).and_then(Answer::from_value).unwrap_or(Answer::Unknown)
}

fn text(object: &mut Value, name: &str) -> String {
    object.take(name).and_then(String::from_value).unwrap_or_default()
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    pub name: String,
    pub email: String,
}

impl FromValue for Person {
    fn from_value(mut value: Value) -> Option<Self> {
        let is_object = matches!(value, Value::Object(_));
        is_object.then(|| Person { name: text(&mut value, "name"), email: text(&mut value, "email") })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Participant {
    pub name: String,
    pub email: String,
    pub role: Role,
    pub answer: Answer,
}

impl FromValue for Participant {
    fn from_value(mut value: Value) -> Option<Self> {
        let role = value.take("role").and_then(Role::from_value).unwrap_or(Role::Unknown);
        let answer = answer(&mut value, "answer");
        let Person { name, email } = Person::from_value(value)?;
        Some(Participant { name, email, role, answer })
    }
}
