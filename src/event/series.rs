//! A series, and what is different on certain dates.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::{Event, FreeBusy, Importance, Reminder, Sensitivity, When, one_line, tidy_body, tidy_categories};
use crate::recurrence::Recurrence;
use crate::rfc3339;
use crate::value::{FromValue, Value};

/// How an event repeats, and where it departs from that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Series {
    pub recurrence: Recurrence,
    /// DeletedOccurrences and ModifiedOccurrences (EWS), EXDATE and RECURRENCE-ID (RFC 5545 §3.8.5.1, §3.8.4.4).
    // `default` is for the TypeScript declaration alone: it may be missing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "types", ts(as = "BTreeMap<String, Exception>"))]
    pub exceptions: BTreeMap<OriginalDate, Exception>,
}

impl Series {
    /// A series without exceptions.
    pub fn new(recurrence: Recurrence) -> Self {
        Series { recurrence, exceptions: BTreeMap::new() }
    }

    /// Without what is said of an occurrence and holds for `all` of them.
    pub(super) fn tidied(mut self, all: &Event) -> Self {
        self.exceptions.retain(|_, exception| match exception {
            Exception::Cancelled => true,
            Exception::Changed(changes) => {
                **changes = std::mem::take(&mut **changes).tidied(all);
                !changes.is_empty()
            }
        });
        self
    }
}

/// The date on which the rule puts an occurrence, in the zone of the series: its name for life, wherever it was moved
/// (see [`crate::recurrence`] for why a date is enough).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OriginalDate(pub NaiveDate);

impl Serialize for OriginalDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        rfc3339::date::serialize(&self.0, serializer)
    }
}

/// How one occurrence departs from its series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Exception {
    /// It does not take place.
    Cancelled,
    /// It takes place, otherwise.
    Changed(Box<Changes>),
}

/// What is different about one occurrence; `None` is as in the series, and follows it when the series changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Where it was moved. `None`: on its original date, at the time of the series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_busy: Option<FreeBusy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Sensitivity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importance: Option<Importance>,
    /// `Some(None)`: this one reminds nobody, though the series does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "Reminder | null", optional))]
    pub reminder: Option<Option<Reminder>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub categories: Option<BTreeSet<String>>,
}

impl FromValue for Series {
    fn from_value(mut value: Value) -> Option<Self> {
        let exceptions = match value.take("exceptions") {
            None => Vec::new(),
            Some(Value::Object(exceptions)) => exceptions,
            Some(_) => return None,
        };
        let mut series = Series::new(value.member("recurrence")?);
        for (date, exception) in exceptions {
            series.exceptions.insert(OriginalDate(rfc3339::date_from(&date)?), Exception::from_value(exception)?);
        }
        Some(series)
    }
}

impl FromValue for Exception {
    fn from_value(value: Value) -> Option<Self> {
        let (name, content) = value.variant()?;
        match (name.as_str(), &content) {
            ("cancelled", Value::Null) => Some(Exception::Cancelled),
            ("changed", Value::Object(_)) => {
                Changes::from_value(content).map(|changes| Exception::Changed(changes.into()))
            }
            _ => None,
        }
    }
}

impl FromValue for Changes {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(Changes {
            title: value.member("title")?,
            body: value.member("body")?,
            place: value.member("place")?,
            when: value.member("when")?,
            free_busy: value.member("freeBusy")?,
            sensitivity: value.member("sensitivity")?,
            importance: value.member("importance")?,
            reminder: match value.take("reminder") {
                None => None,
                Some(even_null) => Some(Option::from_value(even_null)?),
            },
            categories: value.member("categories")?,
        })
    }
}

impl Changes {
    /// How `one` departs from `all`. `when` is for the caller to say: only it knows when the occurrence would take place
    /// by the rule.
    pub fn between(all: &Event, one: Event, when: Option<When>) -> Self {
        Changes {
            title: Some(one.title),
            body: Some(one.body),
            place: Some(one.place),
            when,
            free_busy: Some(one.free_busy),
            sensitivity: Some(one.sensitivity),
            importance: Some(one.importance),
            reminder: Some(one.reminder),
            categories: Some(one.categories),
        }
        .tidied(all)
    }

    /// The occurrence as an event of its own, where it would otherwise take place at `when`.
    pub fn applied_to(&self, all: &Event, when: When) -> Event {
        let or = |changed: &Option<String>, usual: &String| changed.as_ref().unwrap_or(usual).clone();
        Event {
            title: or(&self.title, &all.title),
            body: or(&self.body, &all.body),
            place: or(&self.place, &all.place),
            when: self.when.clone().unwrap_or(when),
            free_busy: self.free_busy.unwrap_or(all.free_busy),
            sensitivity: self.sensitivity.unwrap_or(all.sensitivity),
            importance: self.importance.unwrap_or(all.importance),
            reminder: self.reminder.unwrap_or(all.reminder),
            categories: self.categories.as_ref().unwrap_or(&all.categories).clone(),
            series: None,
            meeting: None,
            attachments: Vec::new(),
        }
    }

    /// Nothing is different.
    pub fn is_empty(&self) -> bool {
        *self == Changes::default()
    }

    fn tidied(self, all: &Event) -> Self {
        fn unlike<T: PartialEq>(changed: Option<T>, usual: &T) -> Option<T> {
            changed.filter(|value| value != usual)
        }
        Changes {
            title: unlike(self.title.map(|title| one_line(&title)), &all.title),
            body: unlike(self.body.map(|body| tidy_body(&body)), &all.body),
            place: unlike(self.place.map(|place| one_line(&place)), &all.place),
            when: self.when,
            free_busy: unlike(self.free_busy, &all.free_busy),
            sensitivity: unlike(self.sensitivity, &all.sensitivity),
            importance: unlike(self.importance, &all.importance),
            reminder: unlike(self.reminder, &all.reminder),
            categories: unlike(self.categories.map(|set| tidy_categories(&set)), &all.categories),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recurrence::{DayInterval, Pattern, Range};

    fn daily() -> Event {
        let date = |day| NaiveDate::from_ymd_opt(2027, 1, day).unwrap();
        let mut event = Event::new("Avstämning", When::all_day(date(11), date(12)).unwrap());
        event.reminder = Some(Reminder { minutes_before_start: 15 });
        let pattern = Pattern::Daily { interval: DayInterval::new(1).unwrap() };
        event.series = Some(Series::new(Recurrence { pattern, range: Range::NoEnd }));
        event
    }

    #[test]
    fn an_occurrence_that_is_as_all_others_is_no_exception() {
        let all = daily();
        let same = Changes::between(&all, all.clone(), None);
        assert!(same.is_empty());

        let mut event = all.clone();
        let changes = Changes { title: Some(" Avstämning ".into()), ..Changes::default() };
        let exceptions = &mut event.series.as_mut().unwrap().exceptions;
        exceptions
            .insert(OriginalDate(NaiveDate::from_ymd_opt(2027, 1, 13).unwrap()), Exception::Changed(changes.into()));
        assert_eq!(event.tidied(), all);
    }

    #[test]
    fn what_is_different_about_an_occurrence_survives_a_change_of_the_series() {
        let mut all = daily();
        let one = Event { reminder: None, ..all.clone() };
        let changes = Changes::between(&all, one, None);
        assert_eq!(changes, Changes { reminder: Some(None), ..Changes::default() });

        all.title = "Morgonmöte".into();
        let applied = changes.applied_to(&all, all.when.clone());
        assert_eq!((applied.title.as_str(), applied.reminder), ("Morgonmöte", None));
    }

    #[test]
    #[cfg(not(target_arch = "wasm32"))]
    fn a_series_is_remembered_as_it_is() {
        let mut event = daily();
        let date = |day| OriginalDate(NaiveDate::from_ymd_opt(2027, 1, day).unwrap());
        let exceptions = &mut event.series.as_mut().unwrap().exceptions;
        exceptions.insert(date(12), Exception::Cancelled);
        let changes = Changes { reminder: Some(None), place: Some(String::new()), ..Changes::default() };
        exceptions.insert(date(13), Exception::Changed(changes.into()));
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event, "{text}");
    }
}
