//! What makes an event a meeting. All of it is Exchange's to say and Blikk's to show: nothing in this crate writes an
//! attendee, an answer or an organiser to Exchange (R16).

use serde::Serialize;

use crate::value::{FromValue, Value, from_names};

/// A meeting, as the mailbox's owner has it in the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    /// Whether the mailbox's owner called it. Somebody else's meeting belongs to Exchange: Blikk shows it and does not
    /// change it.
    pub is_mine: bool,
    pub organizer: Option<Person>,
    pub participants: Vec<Participant>,
    /// MyResponseType: what the mailbox's owner answered.
    pub my_answer: Answer,
    /// The organiser called it off; Exchange leaves the item for its owner to take away.
    pub is_cancelled: bool,
    /// JoinOnlineMeetingUrl: where to click when it begins.
    pub online_url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Person {
    pub name: String,
    /// SMTP address; empty when Exchange knows only a legacy (EX) address.
    pub address: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    pub person: Person,
    pub attendance: Attendance,
    pub answer: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Attendance {
    Required,
    Optional,
    Resource,
}

/// ResponseType (EWS), PARTSTAT (RFC 5545 §3.2.12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    #[default]
    NotAnswered,
    Organizer,
    Accepted,
    Tentative,
    Declined,
}

impl FromValue for Meeting {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(Meeting {
            is_mine: value.member("isMine")?,
            organizer: value.member("organizer")?,
            participants: value.member_or_default("participants")?,
            my_answer: value.member_or_default("myAnswer")?,
            is_cancelled: value.member_or_default("isCancelled")?,
            online_url: value.member("onlineUrl")?,
        })
    }
}

impl FromValue for Person {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(Person { name: value.member("name")?, address: value.member("address")? })
    }
}

impl FromValue for Participant {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(Participant {
            person: value.member("person")?,
            attendance: value.member("attendance")?,
            answer: value.member("answer")?,
        })
    }
}

from_names! {
    Attendance { "required" => Required, "optional" => Optional, "resource" => Resource }
    Answer {
        "notAnswered" => NotAnswered, "organizer" => Organizer, "accepted" => Accepted, "tentative" => Tentative,
        "declined" => Declined,
    }
}
