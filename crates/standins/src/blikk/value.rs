//! One member of a request: is it what the contract says? (pure)

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, NaiveDate, SubsecRound as _, Utc};
use serde_json::{Map, Value};

use super::event::Moment;
use super::problem::Refusal;

const LONGEST_CATEGORY: usize = 255;
const MOST_CATEGORIES: usize = 100;

pub(super) fn object<'a>(field: &str, json: &'a Value) -> Result<&'a Map<String, Value>, Refusal> {
    json.as_object().ok_or_else(|| Refusal::invalid_value(field, "Not an object."))
}

pub(super) fn missing(field: &str) -> Refusal {
    Refusal::invalid_value(field, "This member is required.")
}

/// How long a text may be, in characters, and whether it may have several lines.
#[derive(Clone, Copy)]
pub(super) struct Text {
    pub least: usize,
    pub most: usize,
    pub takes_lines: bool,
}

impl Text {
    pub const fn line(least: usize, most: usize) -> Self {
        Text { least, most, takes_lines: false }
    }

    pub fn of(self, field: &str, value: &Value) -> Result<String, Refusal> {
        let text = value.as_str().ok_or_else(|| Refusal::invalid_value(field, "Not a string."))?;
        let length = text.chars().count();
        if length < self.least {
            return Err(Refusal::invalid_value(field, "The text is too short."));
        }
        if length > self.most {
            return Err(Refusal::invalid_value(field, "The text is too long."));
        }
        let is_refused = |c: char| c < ' ' && c != '\t' && !(self.takes_lines && (c == '\n' || c == '\r'));
        if text.chars().any(is_refused) {
            return Err(Refusal::invalid_value(field, "The text holds a control character."));
        }
        Ok(text.to_owned())
    }
}

pub(super) fn one_of<T: serde::de::DeserializeOwned>(field: &str, value: &Value) -> Result<T, Refusal> {
    T::deserialize(value).map_err(|_| Refusal::invalid_value(field, "Not one of the values of the contract."))
}

pub(super) fn yes_or_no(field: &str, value: &Value) -> Result<bool, Refusal> {
    value.as_bool().ok_or_else(|| Refusal::invalid_value(field, "Not a boolean."))
}

/// A list of at most `most`, each read by itself under its own path.
pub(super) fn list_of<T, L: FromIterator<T>>(
    field: &str,
    value: &Value,
    most: usize,
    read: impl Fn(&str, &Value) -> Result<T, Refusal>,
) -> Result<L, Refusal> {
    let list = value.as_array().ok_or_else(|| Refusal::invalid_value(field, "Not a list."))?;
    if list.len() > most {
        return Err(Refusal::invalid_value(field, "The list is too long."));
    }
    list.iter().enumerate().map(|(place, value)| read(&format!("{field}[{place}]"), value)).collect()
}

pub(super) fn minutes_of(field: &str, value: &Value) -> Result<Option<i32>, Refusal> {
    let refused = || Refusal::invalid_value(field, "Not a number of minutes.");
    if value.is_null() {
        return Ok(None);
    }
    let minutes = value.as_i64().and_then(|minutes| i32::try_from(minutes).ok()).ok_or_else(refused)?;
    if minutes < 0 { Err(refused()) } else { Ok(Some(minutes)) }
}

pub(super) fn categories_of(field: &str, value: &Value) -> Result<BTreeSet<String>, Refusal> {
    list_of(field, value, MOST_CATEGORIES, |at, value| Text::line(1, LONGEST_CATEGORY).of(at, value))
}

pub(super) fn moment_of(field: &str, value: &Value) -> Result<Moment, Refusal> {
    let members = object(field, value)?;
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
    (1..=9999).contains(&date.year())
}
