//! What an event is, and which values the contract refuses (pure).

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, SubsecRound as _, Utc};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::problem::Refusal;

const LONGEST_TITLE: usize = 255;
const LONGEST_BODY: usize = 1_048_576;
const LONGEST_PLACE: usize = 1000;
const LONGEST_CATEGORY: usize = 255;
const MOST_CATEGORIES: usize = 100;
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

/// What a person may change; organiser and participants, which only the server writes, go with it.
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
    pub reminder_minutes: Option<i32>,
    pub categories: BTreeSet<String>,
    pub organizer: Option<Person>,
    pub participants: Vec<Participant>,
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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    Free,
    Tentative,
    #[default]
    Busy,
    OutOfOffice,
    WorkingElsewhere,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Visibility {
    #[default]
    Normal,
    Personal,
    Private,
    Confidential,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub name: String,
    pub email: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    pub name: String,
    pub email: String,
    pub role: Attendance,
    pub answer: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Attendance {
    Required,
    Optional,
    Resource,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    NotAnswered,
    Organizer,
    Accepted,
    Tentative,
    Declined,
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
        let members = object(json)?;
        let external_id = match members.get("externalId") {
            None | Some(Value::Null) => None,
            Some(value) => Some(text_of("externalId", value, 1, LONGEST_EXTERNAL_ID, false)?),
        };
        let Some(title) = members.get("title") else { return Err(missing("title")) };
        let mut fields = Fields {
            title: text_of("title", title, 0, LONGEST_TITLE, false)?,
            body: String::new(),
            place: String::new(),
            all_day: false,
            start: Moment::On { date: NaiveDate::MIN },
            end: Moment::On { date: NaiveDate::MIN },
            status: Status::default(),
            visibility: Visibility::default(),
            reminder_minutes: None,
            categories: BTreeSet::new(),
            organizer: None,
            participants: Vec::new(),
        };
        if members.get("start").is_none() {
            return Err(missing("start"));
        }
        fields.change(json)?;
        Ok(NewEvent { external_id, fields })
    }

    /// The same with what only the server writes.
    pub(super) fn read_with_people(json: &Value) -> Result<Self, Refusal> {
        let mut new = Self::read(json)?;
        new.fields.organizer = people(json, "organizer")?.unwrap_or_default();
        new.fields.participants = people(json, "participants")?.unwrap_or_default();
        Ok(new)
    }
}

impl Fields {
    /// Takes in what a PUT holds. Members that are left out keep their value; those that only the server writes are
    /// ignored.
    ///
    /// # Errors
    /// 422 with the first member that breaks a rule of the contract.
    pub fn change(&mut self, json: &Value) -> Result<(), Refusal> {
        let members = object(json)?;
        if let Some(value) = members.get("title") {
            self.title = text_of("title", value, 0, LONGEST_TITLE, false)?;
        }
        if let Some(value) = members.get("body") {
            self.body = text_of("body", value, 0, LONGEST_BODY, true)?;
            if self.body.len() > LONGEST_BODY {
                return Err(Refusal::invalid_value("body", "The body is larger than 1 MB."));
            }
        }
        if let Some(value) = members.get("place") {
            self.place = text_of("place", value, 0, LONGEST_PLACE, false)?;
        }
        self.change_time(members)?;
        if let Some(value) = members.get("status") {
            self.status = one_of("status", value)?;
        }
        if let Some(value) = members.get("visibility") {
            self.visibility = one_of("visibility", value)?;
        }
        if let Some(value) = members.get("reminderMinutes") {
            self.reminder_minutes = minutes_of(value)?;
        }
        if let Some(value) = members.get("categories") {
            self.categories = categories_of(value)?;
        }
        Ok(())
    }

    fn change_time(&mut self, members: &Map<String, Value>) -> Result<(), Refusal> {
        let all_day = match members.get("allDay") {
            None => None,
            Some(value) => Some(value.as_bool().ok_or_else(|| Refusal::invalid_value("allDay", "Not a boolean."))?),
        };
        let (start, end) = match (members.get("start"), members.get("end")) {
            (None, None) if all_day.is_none() => return Ok(()),
            (None, _) => return Err(missing("start")),
            (_, None) => return Err(missing("end")),
            (Some(start), Some(end)) => (moment_of("start", start)?, moment_of("end", end)?),
        };
        let is_all_day = match (&start, &end) {
            (Moment::At { .. }, Moment::At { .. }) => false,
            (Moment::On { .. }, Moment::On { .. }) => true,
            _ => return Err(Refusal::invalid_value("end", "Start and end are not of the same form.")),
        };
        if all_day.is_some_and(|all_day| all_day != is_all_day) {
            return Err(Refusal::invalid_value("allDay", "This contradicts the form of start and end."));
        }
        if end.instant() < start.instant() {
            return Err(Refusal::invalid_value("end", "An event cannot end before it starts."));
        }
        if is_all_day && end == start {
            return Err(Refusal::invalid_value(
                "end",
                "The end of an all-day event is exclusive: at least the next day.",
            ));
        }
        (self.all_day, self.start, self.end) = (is_all_day, start, end);
        Ok(())
    }
}

fn object(json: &Value) -> Result<&Map<String, Value>, Refusal> {
    json.as_object().ok_or(Refusal::INVALID_REQUEST)
}

fn missing(field: &str) -> Refusal {
    Refusal::invalid_value(field, "This member is required.")
}

fn text_of(field: &str, value: &Value, least: usize, most: usize, takes_lines: bool) -> Result<String, Refusal> {
    let text = value.as_str().ok_or_else(|| Refusal::invalid_value(field, "Not a string."))?;
    let length = text.chars().count();
    if length < least {
        return Err(Refusal::invalid_value(field, "The text is too short."));
    }
    if length > most {
        return Err(Refusal::invalid_value(field, "The text is too long."));
    }
    let is_refused = |c: char| c < ' ' && c != '\t' && !(takes_lines && (c == '\n' || c == '\r'));
    if text.chars().any(is_refused) {
        return Err(Refusal::invalid_value(field, "The text holds a control character."));
    }
    Ok(text.to_owned())
}

fn one_of<T: serde::de::DeserializeOwned>(field: &str, value: &Value) -> Result<T, Refusal> {
    T::deserialize(value).map_err(|_| Refusal::invalid_value(field, "Not one of the values of the contract."))
}

fn minutes_of(value: &Value) -> Result<Option<i32>, Refusal> {
    let refused = || Refusal::invalid_value("reminderMinutes", "Not a number of minutes.");
    if value.is_null() {
        return Ok(None);
    }
    let minutes = value.as_i64().and_then(|minutes| i32::try_from(minutes).ok()).ok_or_else(refused)?;
    if minutes < 0 { Err(refused()) } else { Ok(Some(minutes)) }
}

fn categories_of(value: &Value) -> Result<BTreeSet<String>, Refusal> {
    let list = value.as_array().ok_or_else(|| Refusal::invalid_value("categories", "Not a list."))?;
    if list.len() > MOST_CATEGORIES {
        return Err(Refusal::invalid_value("categories", "Too many categories."));
    }
    let names = list.iter().enumerate();
    names.map(|(place, value)| text_of(&format!("categories[{place}]"), value, 1, LONGEST_CATEGORY, false)).collect()
}

fn moment_of(field: &str, value: &Value) -> Result<Moment, Refusal> {
    let members = value.as_object().ok_or_else(|| Refusal::invalid_value(field, "Not an object."))?;
    let text = |name: &str| members.get(name).map(|value| value.as_str().unwrap_or_default());
    match (text("dateTime"), text("timeZone"), text("date")) {
        (None, None, Some(date)) => match strict_date(date) {
            Some(date) => Ok(Moment::On { date }),
            None => Err(Refusal::invalid_value(format!("{field}.date"), "Not a date.")),
        },
        (Some(instant), Some(zone), None) => {
            let date_time = strict_instant(instant)
                .ok_or_else(|| Refusal::invalid_value(format!("{field}.dateTime"), "Not an RFC 3339 date-time."))?;
            if zone.parse::<chrono_tz::Tz>().is_err() {
                return Err(Refusal::invalid_value(format!("{field}.timeZone"), "Not a time zone that is known here."));
            }
            Ok(Moment::At { date_time, time_zone: zone.to_owned() })
        }
        _ => Err(Refusal::invalid_value(field, "Neither dateTime with timeZone nor date alone.")),
    }
}

/// RFC 3339 with an offset, in whole seconds, of a year that people live in.
pub(super) fn strict_instant(text: &str) -> Option<DateTime<Utc>> {
    let instant = DateTime::parse_from_rfc3339(text).ok()?.to_utc().trunc_subsecs(0);
    is_in_reach(instant.date_naive()).then_some(instant)
}

/// `2027-03-01`, and no other spelling.
pub(super) fn strict_date(text: &str) -> Option<NaiveDate> {
    let date: NaiveDate = text.parse().ok()?;
    (date.to_string() == text && is_in_reach(date)).then_some(date)
}

fn is_in_reach(date: NaiveDate) -> bool {
    use chrono::Datelike as _;
    (1..=9999).contains(&date.year())
}

fn people<T: serde::de::DeserializeOwned>(json: &Value, name: &str) -> Result<Option<T>, Refusal> {
    match json.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => one_of(name, value).map(Some),
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
}
