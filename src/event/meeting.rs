//! What makes an event a meeting. All of it is Exchange's to say and Blikk's to show: nothing in this crate writes an
//! attendee, an answer or an organiser to Exchange (R16).

use serde::{Deserialize, Serialize};

/// A meeting, as the mailbox's owner has it in the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    /// Whether the mailbox's owner called it. Somebody else's meeting belongs to Exchange: Blikk shows it and does not
    /// change it.
    pub is_mine: bool,
    #[serde(default)]
    pub organizer: Option<Person>,
    #[serde(default)]
    pub participants: Vec<Participant>,
    /// MyResponseType: what the mailbox's owner answered.
    #[serde(default)]
    pub my_answer: Answer,
    /// The organiser called it off; Exchange leaves the item for its owner to take away.
    #[serde(default)]
    pub is_cancelled: bool,
    /// JoinOnlineMeetingUrl: where to click when it begins.
    #[serde(default)]
    pub online_url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Person {
    pub name: String,
    /// SMTP address; empty when Exchange knows only a legacy (EX) address.
    pub address: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    pub person: Person,
    pub attendance: Attendance,
    pub answer: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Attendance {
    Required,
    Optional,
    Resource,
}

/// ResponseType (EWS), PARTSTAT (RFC 5545 §3.2.12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
