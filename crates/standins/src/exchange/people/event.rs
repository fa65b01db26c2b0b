//! What a person fills in.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};

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
    /// Writes the event's zone as another program would, under a name that no Windows knows (R05).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign_zone: Option<ForeignZone>,
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
    /// What the owner answered: `accepted`, `tentative`, `declined`, `notAnswered`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub my_answer: Option<String>,
    /// The organiser has called the meeting off, and its owner has not yet removed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<bool>,
    /// The link by which people join from afar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub online_url: Option<String>,
    /// `low`, `normal`, `high`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importance: Option<String>,
    /// Names of files; this server keeps nothing of what is in them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<String>>,
    /// The name of the calendar that a new event goes to; the person's own when not given, made when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// Makes it a series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Series>,
}

/// `Customized Time Zone`, `Mitteleuropäische Zeit`, an IANA id...
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ForeignZone {
    pub id: String,
    /// As the id when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the rules stand beside it.
    #[serde(default)]
    pub with_rules: bool,
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
    /// What an attendee answered: `accepted`, `tentative`, `declined`; nothing yet when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
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
    /// How many times.
    #[serde(default)]
    pub count: Option<u32>,
    /// The last date; for ever when neither is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Pattern {
    Daily,
    Weekly,
    /// On the day of the month that the event starts on.
    Monthly,
    /// On the second Tuesday, say; on the last one when the event starts on a fifth.
    MonthlyByWeekday,
    Yearly,
    YearlyByWeekday,
}

fn one() -> u32 {
    1
}

/// Tells `"reminderMinutes": null` from no such field.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u32>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
