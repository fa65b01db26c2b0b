//! The words of a recurrence: small types that can hold nothing but what Exchange accepts.
//!
//! The bounds are Microsoft's, from the pages of the elements (DailyRecurrence: 1 to 999; AbsoluteMonthlyRecurrence and
//! the other patterns: 1 to 99; DayOfMonth: 1 to 31; NumberedRecurrence: 1 to 999). The schema itself says `xs:int`
//! everywhere, so a number outside them passes validation and is refused by the server.

use serde::Serialize;

use crate::value::{FromValue, Value, from_names};

/// A number outside what Exchange accepts for this part of a recurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange;

impl std::fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("outside what a recurrence can say")
    }
}

impl std::error::Error for OutOfRange {}

macro_rules! bounded {
    ($($(#[$doc:meta])* $name:ident = 1..=$most:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(feature = "types", derive(ts_rs::TS), ts(type = "number"))]
        #[serde(into = "u32")]
        pub struct $name(u16);

        impl $name {
            pub const MOST: u32 = $most;

            pub const fn new(value: u32) -> Option<Self> {
                if value >= 1 && value <= Self::MOST { Some($name(value as u16)) } else { None }
            }

            pub const fn get(self) -> u32 {
                self.0 as u32
            }
        }

        impl TryFrom<u32> for $name {
            type Error = OutOfRange;

            fn try_from(value: u32) -> Result<Self, OutOfRange> {
                Self::new(value).ok_or(OutOfRange)
            }
        }

        impl FromValue for $name {
            fn from_value(value: Value) -> Option<Self> {
                u32::from_value(value).and_then(Self::new)
            }
        }

        impl From<$name> for u32 {
            fn from(value: $name) -> u32 {
                value.get()
            }
        }
    )*};
}

bounded! {
    /// Every how many days.
    DayInterval = 1..=999;
    /// Every how many weeks or months.
    Interval = 1..=99;
    /// A day of a month. In a month that is shorter it is the last day: so says Exchange, unlike RFC 5545, which
    /// would skip that month.
    DayOfMonth = 1..=31;
    /// How many occurrences, deleted ones included.
    Count = 1..=999;
}

/// The days of the week, in ISO's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    pub const ALL: [Weekday; 7] = {
        use Weekday::*;
        [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday]
    };

    pub fn of(date: chrono::NaiveDate) -> Self {
        Self::ALL[chrono::Datelike::weekday(&date).num_days_from_monday() as usize]
    }

    /// 0 for Monday, 6 for Sunday.
    pub(super) const fn number(self) -> u32 {
        self as u32
    }
}

/// Some days of the week, at least one.
///
/// ```
/// use blikk_calendar_sync::recurrence::{WeekDays, Weekday};
///
/// let days: WeekDays = WeekDays::new([Weekday::Thursday, Weekday::Monday]).unwrap();
/// assert_eq!(days.iter().collect::<Vec<_>>(), [Weekday::Monday, Weekday::Thursday]);
/// assert_eq!(WeekDays::new([]), None);
/// ```
// One bit a day, Monday the lowest: in the stored state a series takes a number, not a list of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(type = "number"))]
#[serde(into = "u8")]
pub struct WeekDays(u8);

impl WeekDays {
    pub const EVERY_DAY: WeekDays = WeekDays(0b111_1111);
    pub const WEEKDAYS: WeekDays = WeekDays(0b001_1111);
    pub const WEEKEND: WeekDays = WeekDays(0b110_0000);

    /// `None` for no days at all.
    pub fn new(days: impl IntoIterator<Item = Weekday>) -> Option<Self> {
        let bits = days.into_iter().fold(0, |bits, day| bits | 1 << day.number());
        (bits != 0).then_some(WeekDays(bits))
    }

    pub const fn only(day: Weekday) -> Self {
        WeekDays(1 << day.number())
    }

    pub const fn contains(self, day: Weekday) -> bool {
        self.0 & 1 << day.number() != 0
    }

    /// From Monday to Sunday.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::ALL.into_iter().filter(move |day| self.contains(*day))
    }
}

impl TryFrom<u8> for WeekDays {
    type Error = OutOfRange;

    fn try_from(bits: u8) -> Result<Self, OutOfRange> {
        if bits != 0 && bits <= Self::EVERY_DAY.0 { Ok(WeekDays(bits)) } else { Err(OutOfRange) }
    }
}

impl FromValue for WeekDays {
    fn from_value(value: Value) -> Option<Self> {
        let bits = u8::try_from(u32::from_value(value)?).ok()?;
        WeekDays::try_from(bits).ok()
    }
}

impl From<WeekDays> for u8 {
    fn from(days: WeekDays) -> u8 {
        days.0
    }
}

/// DayOfWeekType (EWS) where it is counted: "the second *Tuesday*", "the last *weekday*".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum DayOfWeek {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
    /// Any day.
    Day,
    /// Monday to Friday. Public holidays do not matter.
    Weekday,
    /// Saturday or Sunday.
    WeekendDay,
}

impl DayOfWeek {
    pub const ALL: [DayOfWeek; 10] = {
        use DayOfWeek::*;
        [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday, Day, Weekday, WeekendDay]
    };

    /// The days that are counted.
    pub fn days(self) -> WeekDays {
        match self {
            DayOfWeek::Day => WeekDays::EVERY_DAY,
            DayOfWeek::Weekday => WeekDays::WEEKDAYS,
            DayOfWeek::WeekendDay => WeekDays::WEEKEND,
            one => WeekDays(1 << one as u8),
        }
    }
}

impl From<Weekday> for DayOfWeek {
    fn from(day: Weekday) -> Self {
        Self::ALL[day as usize]
    }
}

/// DayOfWeekIndexType (EWS): which of a month's days of one kind. There is no fifth: a month may not have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum WeekIndex {
    First,
    Second,
    Third,
    Fourth,
    Last,
}

impl WeekIndex {
    pub const ALL: [WeekIndex; 5] = {
        use WeekIndex::*;
        [First, Second, Third, Fourth, Last]
    };
}

/// MonthNamesType (EWS).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Month {
    January,
    February,
    March,
    April,
    May,
    June,
    July,
    August,
    September,
    October,
    November,
    December,
}

impl Month {
    pub const ALL: [Month; 12] = {
        use Month::*;
        [January, February, March, April, May, June, July, August, September, October, November, December]
    };

    /// 1 for January.
    pub const fn number(self) -> u32 {
        self as u32 + 1
    }

    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
    }
}

from_names! {
    Weekday {
        "monday" => Monday, "tuesday" => Tuesday, "wednesday" => Wednesday, "thursday" => Thursday, "friday" => Friday, "saturday" => Saturday, "sunday" => Sunday,
    }
    DayOfWeek {
        "monday" => Monday, "tuesday" => Tuesday, "wednesday" => Wednesday, "thursday" => Thursday, "friday" => Friday, "saturday" => Saturday, "sunday" => Sunday, "day" => Day, "weekday" => Weekday, "weekendDay" => WeekendDay,
    }
    WeekIndex {
        "first" => First, "second" => Second, "third" => Third, "fourth" => Fourth, "last" => Last,
    }
    Month {
        "january" => January, "february" => February, "march" => March, "april" => April, "may" => May, "june" => June, "july" => July, "august" => August, "september" => September, "october" => October, "november" => November, "december" => December,
    }
}
