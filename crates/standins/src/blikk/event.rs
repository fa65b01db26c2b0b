//! What an event is, and which values the contract refuses (pure).

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::layout::Layout;
use super::meeting::{Meeting, meeting_of};
use super::problem::Refusal;
use super::value::{Text, categories_of, list_of, minutes_of, missing, moment_of, object, one_of, yes_or_no};

const TITLE: Text = Text::line(0, 255);
const BODY: Text = Text { least: 0, most: LARGEST_BODY, takes_lines: true };
const LARGEST_BODY: usize = 1_048_576;
const PLACE: Text = Text::line(0, 1000);
const ATTACHMENT: Text = Text::line(1, 1000);
const MOST_ATTACHMENTS: usize = 1000;
const CONTENT_LINE: Text = Text::line(1, 65_536);
const MOST_CONTENT_LINES: usize = 1000;
const MOST_EXCEPTIONS: usize = 1000;
pub(super) const LONGEST_EXTERNAL_ID: usize = 1000;

/// An event, as every answer shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CalendarEvent {
    pub object_name: String,
    pub id: String,
    pub version: String,
    pub external_id: Option<String>,
    #[serde(flatten)]
    pub fields: Fields,
    #[serde(serialize_with = "whole_seconds")]
    pub created_at: DateTime<Utc>,
    #[serde(serialize_with = "whole_seconds")]
    pub changed_at: DateTime<Utc>,
}

/// What a person may change; and the meeting and the attachments, which only the synchronisation writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fields {
    pub title: String,
    pub body: String,
    pub place: String,
    pub all_day: bool,
    pub start: Moment,
    pub end: Moment,
    pub status: Status,
    pub visibility: Visibility,
    #[serde(default)]
    pub importance: Importance,
    pub reminder_minutes: Option<i32>,
    pub categories: BTreeSet<String>,
    /// Content lines; `None`: it takes place once.
    #[serde(default)]
    pub recurrence: Option<Vec<String>>,
    #[serde(default)]
    pub exceptions: Vec<ChangedOccurrence>,
    #[serde(default)]
    pub meeting: Option<Meeting>,
    #[serde(default)]
    pub attachments: Vec<String>,
}

/// One occurrence of a series that takes place otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangedOccurrence {
    pub original_start: Moment,
    /// Those of an event that differ, as they were sent.
    #[serde(flatten)]
    pub members: Map<String, Value>,
}

/// A point in time seen from a zone, or a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Moment {
    #[serde(rename_all = "camelCase")]
    At {
        #[serde(serialize_with = "whole_seconds")]
        date_time: DateTime<Utc>,
        time_zone: String,
    },
    On {
        date: NaiveDate,
    },
}

impl Moment {
    /// For ordering and filtering: a date counts as its midnight in UTC.
    pub fn instant(&self) -> DateTime<Utc> {
        match self {
            Moment::At { date_time, .. } => *date_time,
            Moment::On { date } => date.and_time(NaiveTime::MIN).and_utc(),
        }
    }
}

macro_rules! words {
    ($($name:ident { $($(#[$default:meta])? $variant:ident),* })*) => {$(
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum $name {
            $($(#[$default])? $variant,)*
        }
    )*};
}

words! {
    Status { Free, Tentative, #[default] Busy, OutOfOffice, WorkingElsewhere }
    Visibility { #[default] Normal, Personal, Private, Confidential }
    Importance { Low, #[default] Normal, High }
}

/// An event to create.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    pub external_id: Option<String>,
    pub fields: Fields,
}

impl NewEvent {
    /// Reads what a POST holds.
    ///
    /// # Errors
    /// 422 with the first member that breaks a rule of the contract.
    pub fn read(json: &Value) -> Result<Self, Refusal> {
        let members = json.as_object().ok_or(Refusal::INVALID_REQUEST)?;
        let external_id = match members.get("externalId") {
            None | Some(Value::Null) => None,
            Some(value) => Some(Text::line(1, LONGEST_EXTERNAL_ID).of("externalId", value)?),
        };
        for required in ["title", "start"] {
            members.get(required).ok_or_else(|| missing(required))?;
        }
        let mut fields = Fields {
            title: String::new(),
            body: String::new(),
            place: String::new(),
            all_day: false,
            start: Moment::On { date: NaiveDate::MIN },
            end: Moment::On { date: NaiveDate::MIN },
            status: Status::default(),
            visibility: Visibility::default(),
            importance: Importance::default(),
            reminder_minutes: None,
            categories: BTreeSet::new(),
            recurrence: None,
            exceptions: Vec::new(),
            meeting: None,
            attachments: Vec::new(),
        };
        fields.change_occurrence("", members)?;
        let usual = |name: &str, usual: Value| members.get(name).cloned().unwrap_or(usual);
        let exceptions = usual("exceptions", Value::Array(Vec::new()));
        fields.change_series(&usual("recurrence", Value::Null), &exceptions)?;
        fields.change_from_exchange(members)?;
        Ok(NewEvent { external_id, fields })
    }
}

impl Fields {
    /// Takes in what a PUT holds. Members that are left out keep their value; those that only the server writes are
    /// ignored.
    ///
    /// # Errors
    /// 422 with the first member that breaks a rule of the contract.
    pub fn change(&mut self, json: &Value) -> Result<(), Refusal> {
        let members = json.as_object().ok_or(Refusal::INVALID_REQUEST)?;
        let start = self.start.clone();
        self.change_occurrence("", members)?;
        match (members.get("recurrence"), members.get("exceptions")) {
            (Some(recurrence), Some(exceptions)) => self.change_series(recurrence, exceptions)?,
            (Some(_), None) => return Err(missing("exceptions")),
            (None, Some(_)) => return Err(missing("recurrence")),
            (None, None) if self.recurrence.is_some() && self.start != start => return Err(missing("recurrence")),
            (None, None) => {}
        }
        self.change_from_exchange(members)
    }

    /// The occurrence of a series as an event of its own.
    ///
    /// # Errors
    /// 422 with the first member, below the path `at`, that breaks a rule of the contract.
    pub(super) fn with(&self, at: &str, members: &Map<String, Value>) -> Result<Fields, Refusal> {
        let mut one = Fields { recurrence: None, exceptions: Vec::new(), ..self.clone() };
        one.change_occurrence(at, members)?;
        Ok(one)
    }

    /// What an event says of each time it takes place, and an exception of its one.
    fn change_occurrence(&mut self, at: &str, members: &Map<String, Value>) -> Result<(), Refusal> {
        let member = |name: &str| members.get(name).map(|value| (format!("{at}{name}"), value));
        if let Some((at, value)) = member("title") {
            self.title = TITLE.of(&at, value)?;
        }
        if let Some((at, value)) = member("body") {
            self.body = BODY.of(&at, value)?;
            if self.body.len() > LARGEST_BODY {
                return Err(Refusal::invalid_value(at, "The body is larger than 1 MB."));
            }
        }
        if let Some((at, value)) = member("place") {
            self.place = PLACE.of(&at, value)?;
        }
        self.change_time(at, members)?;
        if let Some((at, value)) = member("status") {
            self.status = one_of(&at, value)?;
        }
        if let Some((at, value)) = member("visibility") {
            self.visibility = one_of(&at, value)?;
        }
        if let Some((at, value)) = member("importance") {
            self.importance = one_of(&at, value)?;
        }
        if let Some((at, value)) = member("reminderMinutes") {
            self.reminder_minutes = minutes_of(&at, value)?;
        }
        if let Some((at, value)) = member("categories") {
            self.categories = categories_of(&at, value)?;
        }
        Ok(())
    }

    fn change_time(&mut self, at: &str, members: &Map<String, Value>) -> Result<(), Refusal> {
        let path = |name: &str| format!("{at}{name}");
        let all_day = members.get("allDay").map(|value| yes_or_no(&path("allDay"), value)).transpose()?;
        let (start, end) = match (members.get("start"), members.get("end")) {
            (None, None) if all_day.is_none() => return Ok(()),
            (None, _) => return Err(missing(&path("start"))),
            (_, None) => return Err(missing(&path("end"))),
            (Some(start), Some(end)) => (moment_of(&path("start"), start)?, moment_of(&path("end"), end)?),
        };
        let is_all_day = match (&start, &end) {
            (Moment::At { .. }, Moment::At { .. }) => false,
            (Moment::On { .. }, Moment::On { .. }) => true,
            _ => return Err(Refusal::invalid_value(path("end"), "Start and end are not of the same form.")),
        };
        if all_day.is_some_and(|all_day| all_day != is_all_day) {
            return Err(Refusal::invalid_value(path("allDay"), "This contradicts the form of start and end."));
        }
        if end.instant() < start.instant() {
            return Err(Refusal::invalid_value(path("end"), "An event cannot end before it starts."));
        }
        if is_all_day && end == start {
            return Err(Refusal::invalid_value(
                path("end"),
                "The end of an all-day event is exclusive: at least the next day.",
            ));
        }
        (self.all_day, self.start, self.end) = (is_all_day, start, end);
        Ok(())
    }

    fn change_series(&mut self, recurrence: &Value, exceptions: &Value) -> Result<(), Refusal> {
        let read: Vec<(ChangedOccurrence, String)> = list_of("exceptions", exceptions, MOST_EXCEPTIONS, |at, json| {
            Ok((self.changed_occurrence(at, json)?, format!("{at}.originalStart")))
        })?;
        if recurrence.is_null() {
            if !read.is_empty() {
                return Err(Refusal::invalid_value("exceptions", "What takes place once has no exceptions."));
            }
            (self.recurrence, self.exceptions) = (None, Vec::new());
            return Ok(());
        }
        let lines: Vec<String> =
            list_of("recurrence", recurrence, MOST_CONTENT_LINES, |at, line| CONTENT_LINE.of(at, line))?;
        let layout = Layout::read(&lines, &self.start).map_err(|wrong| Refusal::invalid_value("recurrence", wrong))?;
        let mut dates = BTreeSet::new();
        for (exception, at) in &read {
            let date = layout.date_of(&exception.original_start);
            match date.filter(|date| layout.on(*date).is_some()) {
                Some(date) if dates.insert(date) => {}
                Some(_) => return Err(Refusal::invalid_value(at, "This occurrence stands here twice.")),
                None => return Err(Refusal::invalid_value(at, "The series has no such occurrence.")),
            }
        }
        self.recurrence = Some(lines);
        self.exceptions = read.into_iter().map(|(exception, _)| exception).collect();
        Ok(())
    }

    fn changed_occurrence(&self, at: &str, json: &Value) -> Result<ChangedOccurrence, Refusal> {
        const DIFFERENT: [&str; 11] = [
            "title",
            "body",
            "place",
            "allDay",
            "start",
            "end",
            "status",
            "visibility",
            "importance",
            "reminderMinutes",
            "categories",
        ];
        let members = object(at, json)?;
        let original_start = format!("{at}.originalStart");
        let original_start =
            moment_of(&original_start, members.get("originalStart").ok_or_else(|| missing(&original_start))?)?;
        let one = self.with(&format!("{at}."), members)?;
        let different = members.iter().filter(|(name, _)| DIFFERENT.contains(&name.as_str()));
        let mut members: Map<String, Value> = different.map(|(name, value)| (name.clone(), value.clone())).collect();
        // Like every time in an answer: in whole seconds and UTC.
        for (name, moment) in [("start", one.start), ("end", one.end)] {
            if let Some(member) = members.get_mut(name) {
                *member = serde_json::to_value(moment).map_err(Refusal::broken)?;
            }
        }
        Ok(ChangedOccurrence { original_start, members })
    }

    /// Everyone's answers and the names of the files.
    fn change_from_exchange(&mut self, members: &Map<String, Value>) -> Result<(), Refusal> {
        if let Some(value) = members.get("meeting") {
            self.meeting = meeting_of(value)?;
        }
        if let Some(value) = members.get("attachments") {
            self.attachments = list_of("attachments", value, MOST_ATTACHMENTS, |at, name| ATTACHMENT.of(at, name))?;
        }
        Ok(())
    }
}

fn whole_seconds<S: Serializer>(instant: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_that_breaks_a_rule_is_named() {
        let good = json!({"title": "", "start": {"date": "2027-03-01"}, "end": {"date": "2027-03-02"}});
        assert!(NewEvent::read(&good).is_ok());
        let zoned = |zone: &str| json!({"dateTime": "2027-03-01T08:00:00Z", "timeZone": zone});
        let cases = [
            ("title", json!("å".repeat(256)), "title"),
            ("title", json!(null), "title"),
            ("title", json!("två\nrader"), "title"),
            ("body", json!("\u{0}"), "body"),
            ("body", json!("å".repeat(524_289)), "body"),
            ("place", json!(1), "place"),
            ("end", json!({"date": "2027-03-01"}), "end"),
            ("end", json!({"date": "2027-02-28"}), "end"),
            ("end", json!({"date": "2027-3-2"}), "end.date"),
            ("end", zoned("Europe/Stockholm"), "end"),
            ("end", zoned("W. Europe Standard Time"), "end.timeZone"),
            ("start", json!({"dateTime": "2027-03-01T08:00:00", "timeZone": "UTC"}), "start.dateTime"),
            ("start", json!("2027-03-01"), "start"),
            ("allDay", json!(false), "allDay"),
            ("status", json!("asleep"), "status"),
            ("visibility", json!(""), "visibility"),
            ("reminderMinutes", json!(-1), "reminderMinutes"),
            ("reminderMinutes", json!(2_147_483_648_u64), "reminderMinutes"),
            ("categories", json!(["Kund", ""]), "categories[1]"),
            ("externalId", json!(""), "externalId"),
            ("importance", json!("urgent"), "importance"),
            ("attachments", json!(["a", ""]), "attachments[1]"),
            ("meeting", json!({"isMine": false}), "meeting.organizer"),
            ("exceptions", json!([{}]), "exceptions[0].originalStart"),
            ("exceptions", json!([{"originalStart": {"date": "2027-03-02"}}]), "exceptions"),
            ("recurrence", json!("RRULE:FREQ=DAILY"), "recurrence"),
            ("recurrence", json!([]), "recurrence"),
            ("recurrence", json!(["RRULE:FREQ=FORTNIGHTLY"]), "recurrence"),
            ("recurrence", json!(["RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"]), "recurrence"),
            ("recurrence", json!(["RRULE:FREQ=DAILY", "DTSTART:20270301"]), "recurrence"),
            ("recurrence", json!(["RRULE:FREQ=DAILY", "EXDATE:i morgon"]), "recurrence"),
            ("recurrence", json!(["RRULE:FREQ=DAILY", 7]), "recurrence[1]"),
        ];
        for (member, value, field) in cases {
            let mut json = good.clone();
            json[member] = value;
            let refusal = NewEvent::read(&json).expect_err(member);
            assert_eq!(refusal.field.as_deref(), Some(field), "{member}");
        }
    }

    #[test]
    fn text_at_its_longest_is_taken() {
        let json = json!({"title": "🎉".repeat(255), "body": "å".repeat(524_288), "place": "",
            "start": {"date": "2027-03-01"}, "end": {"date": "2027-03-02"}});
        assert!(NewEvent::read(&json).is_ok());
    }

    fn weekly(exceptions: Value) -> Result<NewEvent, Refusal> {
        NewEvent::read(&json!({
            "title": "Stand-up", "recurrence": ["RRULE:FREQ=WEEKLY", "EXDATE;TZID=Europe/Stockholm:20270329T090000"],
            "start": {"dateTime": "2027-03-22T08:00:00Z", "timeZone": "Europe/Stockholm"},
            "end": {"dateTime": "2027-03-22T08:15:00Z", "timeZone": "Europe/Stockholm"},
            "exceptions": exceptions,
        }))
    }

    #[test]
    fn an_exception_is_of_one_occurrence_that_there_is() {
        let on = |date_time: &str, zone: &str| json!({"originalStart": {"dateTime": date_time, "timeZone": zone}});
        let good = on("2027-04-05T07:00:00Z", "Europe/Stockholm");
        let mut long = good.clone();
        long["title"] = json!("å".repeat(256));
        let cases = [
            (json!([good, on("2027-04-12T09:00:00+02:00", "Asia/Tokyo")]), None),
            (json!([good, good]), Some("exceptions[1].originalStart")),
            (json!([on("2027-03-29T07:00:00Z", "Europe/Stockholm")]), Some("exceptions[0].originalStart")),
            (json!([on("2027-04-06T07:00:00Z", "Europe/Stockholm")]), Some("exceptions[0].originalStart")),
            (json!([{"originalStart": {"date": "2027-04-05"}}]), Some("exceptions[0].originalStart")),
            (json!([long]), Some("exceptions[0].title")),
        ];
        for (exceptions, field) in cases {
            let refused = weekly(exceptions.clone()).err().and_then(|refusal| refusal.field);
            assert_eq!(refused.as_deref(), field, "{exceptions}");
        }
    }

    #[test]
    fn an_exception_is_kept_as_it_was_sent_without_what_belongs_to_the_series() {
        let original = json!({"dateTime": "2027-04-05T07:00:00Z", "timeZone": "Europe/Stockholm"});
        let sent = json!({
            "originalStart": original, "reminderMinutes": null, "meeting": null, "colour": "red",
            "start": {"dateTime": "2027-04-05T14:00:00.5+02:00", "timeZone": "Europe/Stockholm"},
            "end": {"dateTime": "2027-04-05T12:15:00Z", "timeZone": "Europe/Stockholm"},
        });
        let fields = weekly(json!([sent])).expect("good").fields;
        let kept = json!({
            "originalStart": original, "reminderMinutes": null,
            "start": {"dateTime": "2027-04-05T12:00:00Z", "timeZone": "Europe/Stockholm"},
            "end": {"dateTime": "2027-04-05T12:15:00Z", "timeZone": "Europe/Stockholm"},
        });
        assert_eq!(json!(fields.exceptions), json!([kept]));
    }

    #[test]
    fn who_moves_a_series_says_its_rule_again() {
        let mut fields = weekly(json!([])).expect("good").fields;
        let moved = json!({"start": {"date": "2027-03-22"}, "end": {"date": "2027-03-23"}});
        let cases = [
            (json!({"title": "Morgonmöte"}), None),
            (moved.clone(), Some("recurrence")),
            (json!({"recurrence": null}), Some("exceptions")),
            (json!({"exceptions": []}), Some("recurrence")),
            (json!({"recurrence": null, "exceptions": [], "start": moved["start"], "end": moved["end"]}), None),
        ];
        for (change, field) in cases {
            let refused = fields.change(&change).err().and_then(|refusal| refusal.field);
            assert_eq!(refused.as_deref(), field, "{change}");
            fields.start = weekly(json!([])).expect("good").fields.start;
        }
    }
}
