//! How an event repeats.
//!
//! EWS says *RecurrenceType*, RFC 5545 §3.3.10 says *RECUR*, a person says "every other Tuesday". A [`Recurrence`] is a
//! [`Pattern`] (which dates?) and a [`Range`] (until when?). The patterns are Exchange's six, because Exchange can hold
//! nothing else; what RRULE text can say beyond them is refused with its reason, never approximated.
//!
//! # The key of an occurrence is its original date
//!
//! A recurrence knows dates only. The time of day, the zone and the first date are the event's own
//! ([`Event::when`](crate::event::Event::when)), and an occurrence is known everywhere in this crate by its *original
//! date*: the date on which the pattern puts it, in the zone of the series.
//!
//! Why not by its original start, as RECURRENCE-ID and OriginalStart do? Because an instant moves: change the series
//! from 09:00 to 10:00, or let a parliament abolish summer time, and every original start is another one, while the
//! date stays what it was. And a date is enough: none of the six patterns puts two occurrences on one date. All-day
//! series need no special case then, either; their dates were dates all along (R04).
//!
//! Why not by the occurrence's number, as OccurrenceItemId does? Because it is the number that moves when the pattern
//! changes, and no server lists the numbers (R17). It can always be worked out from the date when Exchange asks for it.

//!
//! # How to read it
//!
//! | file | the question it answers |
//! |---|---|
//! | `parts` | Which numbers, days and months does Exchange accept? |
//! | `expand` | Which dates are they? ([`Recurrence::occurrences`], [`Recurrence::index_of`], ...) |
//! | `month` | Which day of this month is it? |
//! | `start` | At which instant is that, in the zone of the series? ([`SeriesStart`]) |
//! | [`rule`] | How does RFC 5545 say it? RRULE, EXDATE and RDATE lines. |

mod expand;
mod month;
mod parts;
pub mod rule;
mod start;

use chrono::NaiveDate;
use serde::Serialize;

use crate::rfc3339;
use crate::value::{FromValue, Value, deserialized_by_value};

pub use expand::Occurrences;
pub use parts::{Count, DayInterval, DayOfMonth, DayOfWeek, Interval, Month, OutOfRange, WeekDays, WeekIndex, Weekday};
pub use start::SeriesStart;

/// How a series repeats: pattern and range (EWS RecurrenceType, RFC 5545 RECUR). Dates only: the time of day, the zone
/// and the first date are the event's own ([`Event::when`](crate::event::Event::when)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Recurrence {
    pub pattern: Pattern,
    pub range: Range,
}

/// Which dates: the six patterns of EWS' RecurrencePatternTypes. (The *regenerating* patterns belong to tasks.)
///
/// Intervals are counted from the first date: from its day, its week, its month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Pattern {
    /// Every `interval` days.
    Daily { interval: DayInterval },
    /// On these days of every `interval`th week. Where weeks begin decides which days share a week, so it matters as
    /// soon as weeks are left out.
    Weekly { interval: Interval, days: WeekDays, first_day_of_week: Weekday },
    /// On this day of every `interval`th month; 31 is the last day where the month is shorter.
    AbsoluteMonthly { interval: Interval, day_of_month: DayOfMonth },
    /// On "the second Tuesday", "the last weekday" of every `interval`th month.
    RelativeMonthly { interval: Interval, day: DayOfWeek, index: WeekIndex },
    /// On this date every year; 29 February is the 28th where the year has no other.
    AbsoluteYearly { month: Month, day_of_month: DayOfMonth },
    /// On "the second Tuesday of March" every year.
    RelativeYearly { month: Month, day: DayOfWeek, index: WeekIndex },
}

/// Until when: the three ranges of EWS' RecurrenceRangeTypes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Range {
    NoEnd,
    /// No occurrence after this date; one on it is the last.
    EndDate(
        #[serde(with = "rfc3339::date")]
        #[cfg_attr(feature = "types", ts(type = "string"))]
        NaiveDate,
    ),
    /// So many occurrences, deleted ones included.
    Numbered(Count),
}

deserialized_by_value!(Recurrence);

impl FromValue for Recurrence {
    fn from_value(mut value: Value) -> Option<Self> {
        Some(Recurrence { pattern: value.member("pattern")?, range: value.member("range")? })
    }
}

impl FromValue for Pattern {
    fn from_value(value: Value) -> Option<Self> {
        let (name, mut parts) = value.variant()?;
        Some(match name.as_str() {
            "daily" => Pattern::Daily { interval: parts.member("interval")? },
            "weekly" => Pattern::Weekly {
                interval: parts.member("interval")?,
                days: parts.member("days")?,
                first_day_of_week: parts.member("firstDayOfWeek")?,
            },
            "absoluteMonthly" => Pattern::AbsoluteMonthly {
                interval: parts.member("interval")?,
                day_of_month: parts.member("dayOfMonth")?,
            },
            "relativeMonthly" => Pattern::RelativeMonthly {
                interval: parts.member("interval")?,
                day: parts.member("day")?,
                index: parts.member("index")?,
            },
            "absoluteYearly" => {
                Pattern::AbsoluteYearly { month: parts.member("month")?, day_of_month: parts.member("dayOfMonth")? }
            }
            "relativeYearly" => Pattern::RelativeYearly {
                month: parts.member("month")?,
                day: parts.member("day")?,
                index: parts.member("index")?,
            },
            _ => return None,
        })
    }
}

impl FromValue for Range {
    fn from_value(value: Value) -> Option<Self> {
        match value.variant()? {
            (name, Value::Null) if name == "noEnd" => Some(Range::NoEnd),
            (name, Value::Text(date)) if name == "endDate" => rfc3339::date_from(&date).map(Range::EndDate),
            (name, count) if name == "numbered" => Count::from_value(count).map(Range::Numbered),
            _ => None,
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    /// Yesterday's state is read by today's plugin, so these forms may not change.
    #[test]
    fn a_recurrence_is_stored_in_few_words_and_comes_back_as_it_was() {
        #[rustfmt::skip]
        let cases = [
            r#"{"pattern":{"daily":{"interval":999}},"range":"noEnd"}"#,
            r#"{"pattern":{"weekly":{"interval":2,"days":9,"firstDayOfWeek":"monday"}},"range":{"numbered":10}}"#,
            r#"{"pattern":{"absoluteMonthly":{"interval":1,"dayOfMonth":31}},"range":{"endDate":"2027-12-31"}}"#,
            r#"{"pattern":{"relativeMonthly":{"interval":1,"day":"weekday","index":"last"}},"range":"noEnd"}"#,
            r#"{"pattern":{"absoluteYearly":{"month":"february","dayOfMonth":29}},"range":"noEnd"}"#,
            r#"{"pattern":{"relativeYearly":{"month":"march","day":"sunday","index":"second"}},"range":"noEnd"}"#,
        ];
        for text in cases {
            let recurrence: Recurrence = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(serde_json::to_string(&recurrence).unwrap(), text);
        }
    }

    #[test]
    fn what_exchange_does_not_accept_cannot_come_from_the_state_either() {
        #[rustfmt::skip]
        let cases = [
            r#"{"pattern":{"daily":{"interval":0}},"range":"noEnd"}"#,
            r#"{"pattern":{"daily":{"interval":1000}},"range":"noEnd"}"#,
            r#"{"pattern":{"weekly":{"interval":100,"days":1,"firstDayOfWeek":"monday"}},"range":"noEnd"}"#,
            r#"{"pattern":{"weekly":{"interval":1,"days":0,"firstDayOfWeek":"monday"}},"range":"noEnd"}"#,
            r#"{"pattern":{"weekly":{"interval":1,"days":128,"firstDayOfWeek":"monday"}},"range":"noEnd"}"#,
            r#"{"pattern":{"weekly":{"interval":1,"days":1,"firstDayOfWeek":"day"}},"range":"noEnd"}"#,
            r#"{"pattern":{"absoluteMonthly":{"interval":1,"dayOfMonth":32}},"range":"noEnd"}"#,
            r#"{"pattern":{"daily":{"interval":1}},"range":{"numbered":1000}}"#,
            r#"{"pattern":{"daily":{"interval":1}},"range":{"endDate":"2027-02-29"}}"#,
        ];
        for text in cases {
            assert!(serde_json::from_str::<Recurrence>(text).is_err(), "{text}");
        }
    }
}
