//! One calendar event, as both sides map to it.
//!
//! Exchange says *calendar item*, RFC 5545 says *VEVENT*, Blikk says *kalenderhändelse*; inside this crate there is
//! only [`Event`]. It holds what a person sees and may change, and nothing of either side's bookkeeping (ids,
//! versions and markers live in [`crate::sync::state`]).
//!
//! The types keep wrong states out: an event that ends before it starts cannot be built, an all-day event
//! ([`DateSpan`]) has dates and no clock, so no code can ever shift it by a time zone (scenario 12), and an occurrence
//! that was taken away cannot have been changed as well ([`Exception`]).
//!
//! A [`Series`] is one event, not many: its rule, and what is different on certain dates. So a person's edit of one
//! Tuesday travels, merges and is remembered together with the series that it belongs to, and can never be left
//! behind by it (scenarios 15, 16).
//!
//! ```
//! use blikk_calendar_sync::event::{Event, When};
//! use chrono::NaiveDate;
//!
//! let midsummer = NaiveDate::from_ymd_opt(2027, 6, 25).unwrap();
//! let event = Event::new("Midsommarafton", When::all_day(midsummer, midsummer.succ_opt().unwrap()).unwrap());
//! assert!(event.when.is_all_day());
//! assert!(When::all_day(midsummer, midsummer).is_err(), "an event lasts at least a day: the end is exclusive");
//! ```

mod meeting;
mod series;
mod when;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::value::{FromValue, Value, deserialized_by_value, from_names};

pub use meeting::{Answer, Attendance, Meeting, Participant, Person};
pub use series::{Changes, Exception, OriginalDate, Series};
pub use when::{DateSpan, EndsBeforeStart, Moment, Start, TimedSpan, When};

/// A calendar event: a single one, or a whole series.
///
/// Equality is what the sync calls "the same": two events that are equal need no writing. Build events through
/// [`Event::new`] and [`Event::tidied`], so that what servers rewrite on their own (line ends, blank space around
/// a title) is never taken for an edit (scenario 10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Subject (EWS), SUMMARY (RFC 5545 §3.8.1.12). May be empty: both sides allow an untitled event.
    pub title: String,
    /// Plain text, lines ended by `\n`.
    pub body: String,
    /// Location, as free text.
    pub place: String,
    /// Of a series: its first occurrence, whose time of day and zone all others share.
    pub when: When,
    pub free_busy: FreeBusy,
    pub sensitivity: Sensitivity,
    pub importance: Importance,
    /// `None`: the event has no reminder.
    pub reminder: Option<Reminder>,
    pub categories: BTreeSet<String>,
    /// `None`: it takes place once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional = nullable))]
    pub series: Option<Series>,
    /// Read-only: never written to Exchange (R16).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional = nullable))]
    pub meeting: Option<Meeting>,
    /// The names of what is attached in Exchange: mentioned, not copied. Read-only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(as = "Option<Vec<String>>", optional))]
    pub attachments: Vec<String>,
}

impl Event {
    /// An event with a title and a time, and Exchange's defaults for the rest (busy, normal, no reminder).
    pub fn new(title: impl Into<String>, when: When) -> Self {
        Event {
            title: title.into(),
            body: String::new(),
            place: String::new(),
            when,
            free_busy: FreeBusy::default(),
            sensitivity: Sensitivity::default(),
            importance: Importance::default(),
            reminder: None,
            categories: BTreeSet::new(),
            series: None,
            meeting: None,
            attachments: Vec::new(),
        }
    }

    /// Somebody else's meeting: Blikk shows it and does not change it.
    pub fn belongs_to_exchange(&self) -> bool {
        self.meeting.as_ref().is_some_and(|meeting| !meeting.is_mine)
    }

    /// The same event in the one form that both sides keep as it is: `\n` line ends, no blank space around title
    /// and place or at the end of the body, no empty categories, and of a series no exception that is none.
    ///
    /// ```
    /// # use blikk_calendar_sync::event::{Event, When};
    /// # let day = chrono::NaiveDate::from_ymd_opt(2027, 1, 11).unwrap();
    /// # let when = When::all_day(day, day.succ_opt().unwrap()).unwrap();
    /// let mut event = Event::new(" Planering ", when);
    /// event.body = "Rad 1\r\nRad 2\r\n".into();
    /// let event = event.tidied();
    /// assert_eq!((event.title.as_str(), event.body.as_str()), ("Planering", "Rad 1\nRad 2"));
    /// ```
    #[must_use]
    pub fn tidied(mut self) -> Self {
        self.title = one_line(&self.title);
        self.place = one_line(&self.place);
        self.body = tidy_body(&self.body);
        self.categories = tidy_categories(&self.categories);
        if let Some(series) = self.series.take() {
            self.series = Some(series.tidied(&self));
        }
        self
    }
}

deserialized_by_value!(Event);

impl FromValue for Event {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(Event {
            title: value.member("title")?,
            body: value.member_or_default("body")?,
            place: value.member_or_default("place")?,
            when: value.member("when")?,
            free_busy: value.member_or_default("freeBusy")?,
            sensitivity: value.member_or_default("sensitivity")?,
            importance: value.member_or_default("importance")?,
            reminder: value.member("reminder")?,
            categories: value.member_or_default("categories")?,
            series: value.member("series")?,
            meeting: value.member("meeting")?,
            attachments: value.member_or_default("attachments")?,
        })
    }
}

impl FromValue for BTreeSet<String> {
    fn from_value(value: Value) -> Option<Self> {
        Vec::from_value(value).map(set_of)
    }
}

impl FromValue for Reminder {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(Reminder { minutes_before_start: value.member("minutesBeforeStart")? })
    }
}

from_names! {
    FreeBusy {
        "free" => Free, "tentative" => Tentative, "busy" => Busy, "outOfOffice" => OutOfOffice,
        "workingElsewhere" => WorkingElsewhere,
    }
    Sensitivity {
        "normal" => Normal, "personal" => Personal, "private" => Private, "confidential" => Confidential,
    }
    Importance { "low" => Low, "normal" => Normal, "high" => High }
}

/// Titles and places are single lines on both sides; a server folds line breaks in them into spaces.
fn one_line(text: &str) -> String {
    text.replace("\r\n", " ").replace(['\r', '\n'], " ").trim().to_owned()
}

fn tidy_body(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim_end().to_owned()
}

fn tidy_categories(categories: &BTreeSet<String>) -> BTreeSet<String> {
    let trimmed = categories.iter().map(|category| category.trim().to_owned());
    set_of(trimmed.filter(|category| !category.is_empty()))
}

/// What `collect` would give. It sorts first, which is quicker for thousands; there are a handful, and each type that is
/// sorted is 5 kB of the plugin before compression.
pub(crate) fn set_of<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

/// LegacyFreeBusyStatus. `NoData` is read as [`FreeBusy::Busy`]: Exchange never stores it for an item of one's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum FreeBusy {
    Free,
    Tentative,
    #[default]
    Busy,
    OutOfOffice,
    WorkingElsewhere,
}

/// Sensitivity (EWS), CLASS (RFC 5545 §3.8.1.3). Everything but `Normal` is hidden from colleagues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Sensitivity {
    #[default]
    Normal,
    Personal,
    Private,
    Confidential,
}

/// Importance (EWS), PRIORITY (RFC 5545 §3.8.1.9) in three steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Importance {
    Low,
    #[default]
    Normal,
    High,
}

/// How long before the start the person is reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Reminder {
    pub minutes_before_start: u32,
}
