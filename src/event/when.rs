//! When an event takes place: instants with a zone beside them, or dates without one.

use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, Utc};
use serde::Serialize;

use crate::rfc3339;
use crate::value::{FromValue, Value};
use crate::zone::{ZoneId, ZoneRules, date_at, instant_of, wall_clock};

/// When an event takes place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
        if end.instant < start.instant { Err(EndsBeforeStart) } else { Ok(When::Timed(TimedSpan { start, end })) }
    }

    /// `end` is exclusive, as DTEND is (RFC 5545 §3.6.1): a one-day event ends on the next date.
    ///
    /// # Errors
    /// [`EndsBeforeStart`] when there is not at least one day.
    pub fn all_day(start: NaiveDate, end: NaiveDate) -> Result<Self, EndsBeforeStart> {
        if end <= start { Err(EndsBeforeStart) } else { Ok(When::AllDay(DateSpan { start, end })) }
    }

    pub fn is_all_day(&self) -> bool {
        matches!(self, When::AllDay(_))
    }

    /// Whether both are the same to both sides. Europe/Stockholm and Europe/Berlin are one zone to Exchange, so a
    /// change between them is none.
    pub fn is_same_time_as(&self, other: &When) -> bool {
        match (self, other) {
            (When::Timed(a), When::Timed(b)) => [(&a.start, &b.start), (&a.end, &b.end)]
                .into_iter()
                .all(|(a, b)| a.instant == b.instant && a.zone.is_same_zone_as(&b.zone)),
            (When::AllDay(a), When::AllDay(b)) => a == b,
            _ => false,
        }
    }

    /// The date on which it begins, where it takes place: of a series, the date from which its rule counts. `None` for a
    /// zone that `rules` does not know.
    pub fn first_date(&self, rules: &impl ZoneRules) -> Option<NaiveDate> {
        match self {
            When::Timed(span) => date_at(rules, span.start.zone(), span.start.instant),
            When::AllDay(span) => Some(span.start),
        }
    }

    /// The same time of day, as long, on another date: when the occurrence of a series takes place by its rule. In a
    /// week in which the clock changes it begins at the same wall-clock time (scenario 13) and lasts as long as ever.
    pub fn on_date(&self, date: NaiveDate, rules: &impl ZoneRules) -> Option<When> {
        match self {
            When::Timed(span) => {
                let zone = span.start.zone();
                let time = wall_clock(rules, zone, span.start.instant)?.time();
                let start = instant_of(rules, zone, date.and_time(time))?;
                let end = start.checked_add_signed(span.end.instant - span.start.instant)?;
                When::timed(Moment::new(start, zone.clone()), Moment::new(end, span.end.zone.clone())).ok()
            }
            When::AllDay(span) => {
                let end = date.checked_add_signed(span.end - span.start)?;
                When::all_day(date, end).ok()
            }
        }
    }

    /// When it begins, to show beside a title.
    pub fn start(&self) -> Start {
        match self {
            When::Timed(span) => Start::At(span.start.instant),
            When::AllDay(span) => Start::On(span.start),
        }
    }
}

/// When an event begins, where that is all that is told of it. A date has no clock here either, so nobody can be shown
/// the hour at which some zone's midnight falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Start {
    At(
        #[serde(with = "rfc3339::instant")]
        #[cfg_attr(feature = "types", ts(type = "string"))]
        DateTime<Utc>,
    ),
    On(
        #[serde(with = "rfc3339::date")]
        #[cfg_attr(feature = "types", ts(type = "string"))]
        NaiveDate,
    ),
}

impl Start {
    /// Where it stands in a list: a date as if it began at UTC midnight.
    pub fn in_order(self) -> DateTime<Utc> {
        match self {
            Start::At(instant) => instant,
            Start::On(date) => date.and_time(NaiveTime::MIN).and_utc(),
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
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

/// Whole days from `start` up to, not including, `end`; at least one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
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

/// An instant, and the zone in which a person thinks of it. Whole seconds: neither side keeps more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

impl FromValue for When {
    fn from_value(value: Value) -> Option<Self> {
        let (name, mut span) = value.variant()?;
        match name.as_str() {
            "timed" => When::timed(span.member("start")?, span.member("end")?).ok(),
            "allDay" => When::all_day(date(&mut span, "start")?, date(&mut span, "end")?).ok(),
            _ => None,
        }
    }
}

impl FromValue for Start {
    /// Up to the state's second format it was an instant alone.
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Text(text) = &value {
            return rfc3339::instant_from(text).map(Start::At);
        }
        let (name, value) = value.variant()?;
        let text = String::from_value(value)?;
        match name.as_str() {
            "at" => rfc3339::instant_from(&text).map(Start::At),
            "on" => rfc3339::date_from(&text).map(Start::On),
            _ => None,
        }
    }
}

fn date(span: &mut Value, name: &str) -> Option<NaiveDate> {
    rfc3339::date_from(&span.member::<String>(name)?)
}

impl FromValue for Moment {
    fn from_value(mut value: Value) -> Option<Self> {
        let instant = rfc3339::instant_from(&value.member::<String>("instant")?)?;
        Some(Moment::new(instant, ZoneId::new(value.member::<String>("zone")?)))
    }
}
