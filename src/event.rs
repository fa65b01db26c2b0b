//! One calendar event, as both sides map to it.
//!
//! Exchange says *calendar item*, RFC 5545 says *VEVENT*, Blikk says *kalenderhändelse*; inside this crate there is
//! only [`Event`]. It holds what a person sees and may change, and nothing of either side's bookkeeping (ids,
//! versions and markers live in [`crate::sync::state`]).
//!
//! The types keep wrong states out: an event that ends before it starts cannot be built, and an all-day event
//! ([`DateSpan`]) has dates and no clock, so no code can ever shift it by a time zone (scenario 12).
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

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

use crate::rfc3339;
use crate::zone::ZoneId;

/// A single calendar event.
///
/// Equality is what the sync calls "the same": two events that are equal need no writing. Build events through
/// [`Event::new`] and [`Event::tidied`], so that what servers rewrite on their own (line ends, blank space around
/// a title) is never taken for an edit (scenario 10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Subject (EWS), SUMMARY (RFC 5545 §3.8.1.12). May be empty: both sides allow an untitled event.
    pub title: String,
    /// Plain text, lines ended by `\n`.
    #[serde(default)]
    pub body: String,
    /// Location, as free text.
    #[serde(default)]
    pub place: String,
    pub when: When,
    #[serde(default)]
    pub free_busy: FreeBusy,
    #[serde(default)]
    pub sensitivity: Sensitivity,
    /// `None`: the event has no reminder.
    #[serde(default)]
    pub reminder: Option<Reminder>,
    #[serde(default)]
    pub categories: BTreeSet<String>,
    /// Who called the meeting. Read-only: never written to Exchange (R16).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organizer: Option<Person>,
    /// Who is asked to come. Read-only: never written to Exchange (R16).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<Participant>,
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
            reminder: None,
            categories: BTreeSet::new(),
            organizer: None,
            participants: Vec::new(),
        }
    }

    /// The same event in the one form that both sides keep as it is: `\n` line ends, no blank space around title
    /// and place or at the end of the body, no empty categories.
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
        self.body = self.body.replace("\r\n", "\n").replace('\r', "\n").trim_end().to_owned();
        self.categories = self
            .categories
            .iter()
            .map(|category| category.trim().to_owned())
            .filter(|category| !category.is_empty())
            .collect();
        self
    }
}

/// Titles and places are single lines on both sides; a server folds line breaks in them into spaces.
fn one_line(text: &str) -> String {
    text.replace("\r\n", " ").replace(['\r', '\n'], " ").trim().to_owned()
}

/// When an event takes place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum When {
    /// From one instant to another, each seen from a time zone.
    Timed(TimedSpan),
    /// Whole days. Dates have no zone: 24 December is 24 December in Stockholm and on Kiritimati.
    AllDay(DateSpan),
}

impl When {
    /// # Errors
    /// [`EndsBeforeStart`] when `end` is earlier than `start`. An event of no length is allowed (both sides allow it).
    pub fn timed(start: Moment, end: Moment) -> Result<Self, EndsBeforeStart> {
        TimedSpan::try_from(RawTimedSpan { start, end }).map(When::Timed)
    }

    /// `end` is exclusive, as DTEND is (RFC 5545 §3.6.1): a one-day event ends on the next date.
    ///
    /// # Errors
    /// [`EndsBeforeStart`] when there is not at least one day.
    pub fn all_day(start: NaiveDate, end: NaiveDate) -> Result<Self, EndsBeforeStart> {
        DateSpan::try_from(RawDateSpan { start, end }).map(When::AllDay)
    }

    pub fn is_all_day(&self) -> bool {
        matches!(self, When::AllDay(_))
    }

    /// When it starts, roughly, to show beside a title: an all-day event as if its date began at UTC midnight.
    pub fn first_instant(&self) -> Option<DateTime<Utc>> {
        match self {
            When::Timed(span) => Some(span.start.instant),
            When::AllDay(span) => span.start.and_hms_opt(0, 0, 0).map(|midnight| midnight.and_utc()),
        }
    }
}

/// Why a [`When`] could not be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndsBeforeStart;

impl std::fmt::Display for EndsBeforeStart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the event ends before it starts")
    }
}

impl std::error::Error for EndsBeforeStart {}

/// From `start` to `end`, never backwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(try_from = "RawTimedSpan")]
pub struct TimedSpan {
    start: Moment,
    end: Moment,
}

impl TimedSpan {
    pub fn start(&self) -> &Moment {
        &self.start
    }

    pub fn end(&self) -> &Moment {
        &self.end
    }
}

#[derive(Deserialize)]
struct RawTimedSpan {
    start: Moment,
    end: Moment,
}

impl TryFrom<RawTimedSpan> for TimedSpan {
    type Error = EndsBeforeStart;

    fn try_from(RawTimedSpan { start, end }: RawTimedSpan) -> Result<Self, EndsBeforeStart> {
        if end.instant < start.instant { Err(EndsBeforeStart) } else { Ok(TimedSpan { start, end }) }
    }
}

/// Whole days from `start` up to, not including, `end`; at least one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(try_from = "RawDateSpan")]
pub struct DateSpan {
    #[serde(with = "rfc3339::date")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    start: NaiveDate,
    #[serde(with = "rfc3339::date")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    end: NaiveDate,
}

impl DateSpan {
    pub fn start(&self) -> NaiveDate {
        self.start
    }

    /// The first date after the event.
    pub fn end(&self) -> NaiveDate {
        self.end
    }
}

#[derive(Deserialize)]
struct RawDateSpan {
    #[serde(with = "rfc3339::date")]
    start: NaiveDate,
    #[serde(with = "rfc3339::date")]
    end: NaiveDate,
}

impl TryFrom<RawDateSpan> for DateSpan {
    type Error = EndsBeforeStart;

    fn try_from(RawDateSpan { start, end }: RawDateSpan) -> Result<Self, EndsBeforeStart> {
        if end <= start { Err(EndsBeforeStart) } else { Ok(DateSpan { start, end }) }
    }
}

/// An instant, and the zone in which a person thinks of it. Whole seconds: neither side keeps more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Moment {
    #[serde(with = "rfc3339::instant")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    instant: DateTime<Utc>,
    zone: ZoneId,
}

impl Moment {
    pub fn new(instant: DateTime<Utc>, zone: ZoneId) -> Self {
        Moment { instant: instant.trunc_subsecs(0), zone }
    }

    pub fn instant(&self) -> DateTime<Utc> {
        self.instant
    }

    pub fn zone(&self) -> &ZoneId {
        &self.zone
    }
}

/// LegacyFreeBusyStatus. `NoData` is read as [`FreeBusy::Busy`]: Exchange never stores it for an item of one's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Sensitivity {
    #[default]
    Normal,
    Personal,
    Private,
    Confidential,
}

/// How long before the start the person is reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Reminder {
    pub minutes_before_start: u32,
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
