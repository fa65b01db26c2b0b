//! Events as people see them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An event as either side shows it to people: the two sides' JSON has one shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    pub title: String,
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    pub place: String,
    pub start: Time,
    pub end: Time,
    pub all_day: bool,
    #[serde(default = "busy")]
    pub status: String,
    #[serde(default = "normal")]
    pub visibility: String,
    #[serde(default)]
    pub reminder_minutes: Option<u32>,
    #[serde(default)]
    pub categories: Vec<String>,
    #[serde(default, skip_serializing)]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendees: Option<Vec<Attendee>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    /// Blikk's: the occurrences that take place otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exceptions: Option<Vec<Exception>>,
    /// Blikk's: who comes. Only the synchronisation writes it.
    #[serde(default, skip_serializing)]
    pub meeting: Option<Meeting>,
    /// Outlook's: whose meeting it is, if it is somebody else's.
    #[serde(default, skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub organizer: Option<Attendee>,
}

fn busy() -> String {
    "busy".into()
}

fn normal() -> String {
    "normal".into()
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Time {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_time: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

impl Time {
    /// A UTC time, seen from `zone`.
    pub fn at(text: &str, zone: &str) -> Self {
        Time { date: None, date_time: Some(text.parse().expect("a test's own time")), time_zone: Some(zone.into()) }
    }

    /// The date, or the UTC time.
    pub fn written(&self) -> String {
        let time = self.date_time.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        self.date.clone().or(time).unwrap_or_default()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attendee {
    pub name: String,
    pub email: String,
}

/// How it repeats: content lines in Blikk, a form that is filled in in Outlook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Recurrence {
    Lines(Vec<String>),
    Form(Form),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Form {
    pub pattern: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// What is different about one occurrence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exception {
    pub original_start: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Time>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    pub is_mine: bool,
    pub is_cancelled: bool,
}

impl Shown {
    /// From one UTC time to another in `zone`.
    pub fn timed(title: &str, start: &str, end: &str, zone: &str) -> Self {
        Shown::new(title, Time::at(start, zone), Time::at(end, zone), false)
    }

    /// `end` is exclusive.
    pub fn all_day(title: &str, start: &str, end: &str) -> Self {
        let time = |text: &str| Time { date: Some(text.into()), date_time: None, time_zone: None };
        Shown::new(title, time(start), time(end), true)
    }

    fn new(title: &str, start: Time, end: Time, all_day: bool) -> Self {
        Shown {
            id: String::new(),
            version: None,
            title: title.into(),
            body: String::new(),
            place: String::new(),
            start,
            end,
            all_day,
            status: busy(),
            visibility: normal(),
            reminder_minutes: None,
            categories: Vec::new(),
            kind: None,
            attendees: None,
            recurrence: None,
            exceptions: None,
            meeting: None,
            organizer: None,
        }
    }

    /// The same, as often as a form in Outlook says.
    pub fn repeated(mut self, pattern: &str, count: impl Into<Option<u32>>) -> Self {
        self.recurrence = Some(Recurrence::Form(Form { pattern: pattern.into(), count: count.into() }));
        self
    }

    /// The same, as often as these content lines say.
    pub fn ruled(mut self, lines: &[&str], exceptions: Vec<Exception>) -> Self {
        self.recurrence = Some(Recurrence::Lines(lines.iter().map(|line| (*line).to_owned()).collect()));
        self.exceptions = Some(exceptions);
        self
    }

    /// The content lines.
    pub fn lines(&mut self) -> &mut Vec<String> {
        match &mut self.recurrence {
            Some(Recurrence::Lines(lines)) => lines,
            other => panic!("a series of Blikk, not {other:?}"),
        }
    }

    /// What must be the same on both sides: all but each side's own bookkeeping.
    pub(super) fn essence(&self) -> Shown {
        let mut essence = self.clone();
        essence.id.clear();
        (essence.version, essence.kind) = (None, None);
        (essence.attendees, essence.recurrence, essence.exceptions) = (None, None, None);
        (essence.meeting, essence.organizer) = (None, None);
        essence.body = self.body.replace("\r\n", "\n").trim_end().to_owned();
        essence.categories.sort();
        essence
    }
}
