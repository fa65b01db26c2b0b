//! Which day of a month is it? The part of a pattern that looks at one month at a time.

use chrono::{Datelike, NaiveDate};

use super::parts::{DayOfMonth, DayOfWeek, WeekDays, WeekIndex, Weekday};

/// All that a pattern can see of a month: the weekday on which it begins, and how long it is. Hence there are only 28
/// different months, which is few enough to try them all ([`super::rule`] does).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MonthShape {
    pub begins: Weekday,
    pub length: u32,
}

impl MonthShape {
    pub fn of(year: i32, month: u32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        Some(MonthShape { begins: Weekday::of(first), length: first.num_days_in_month().into() })
    }

    pub fn weekday(self, day: u32) -> Weekday {
        Weekday::ALL[((self.begins.number() + day - 1) % 7) as usize]
    }
}

/// One day in every month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayInMonth {
    Absolute(DayOfMonth),
    Relative(DayOfWeek, WeekIndex),
}

impl DayInMonth {
    pub fn of(self, month: MonthShape) -> u32 {
        match self {
            DayInMonth::Absolute(day) => day.get().min(month.length),
            DayInMonth::Relative(day, WeekIndex::Last) => {
                let last_week = month.length - 6;
                last_week + day.days().week_from(month.weekday(last_week)).ilog2()
            }
            // The fourth weekend day may lie in the second week, the fourth Tuesday in the fourth; none after the 28th.
            DayInMonth::Relative(day, index) => {
                let days = day.days().week_from(month.begins);
                let (week, rest) = (index as u32 / days.count_ones(), index as u32 % days.count_ones());
                1 + 7 * week + nth_bit(days, rest)
            }
        }
    }
}

impl WeekDays {
    /// As bits, with `first` the lowest: what a week that begins with that day looks like.
    pub(super) fn week_from(self, first: Weekday) -> u8 {
        let bits = u8::from(self);
        (bits >> first.number() | bits << (7 - first.number())) & u8::from(WeekDays::EVERY_DAY)
    }
}

/// Where the `n`th set bit is, both counted from 0.
pub(super) fn nth_bit(mut bits: u8, n: u32) -> u32 {
    for _ in 0..n {
        bits &= bits.wrapping_sub(1);
    }
    bits.trailing_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_in_a_month_is_the_one_on_the_calendar() {
        use DayOfWeek::*;
        use WeekIndex::*;
        #[rustfmt::skip]
        let cases = [
            // January 2027 begins on a Friday, May on a Saturday, February on a Monday with 28 days.
            (2027, 1, DayInMonth::Relative(Friday, First), 1),
            (2027, 1, DayInMonth::Relative(Thursday, First), 7),
            (2027, 1, DayInMonth::Relative(Tuesday, Second), 12),
            (2027, 1, DayInMonth::Relative(Sunday, Last), 31),
            (2027, 1, DayInMonth::Relative(Monday, Last), 25),
            (2027, 1, DayInMonth::Relative(Day, Third), 3),
            (2027, 1, DayInMonth::Relative(Day, Last), 31),
            (2027, 1, DayInMonth::Relative(Weekday, Second), 4),
            (2027, 1, DayInMonth::Relative(Weekday, Last), 29),
            (2027, 5, DayInMonth::Relative(WeekendDay, Fourth), 9),
            (2027, 5, DayInMonth::Relative(WeekendDay, Last), 30),
            (2027, 2, DayInMonth::Relative(Sunday, Fourth), 28),
            (2027, 2, DayInMonth::Relative(Sunday, Last), 28),
            (2027, 2, DayInMonth::Absolute(DayOfMonth::new(31).unwrap()), 28),
            (2028, 2, DayInMonth::Absolute(DayOfMonth::new(30).unwrap()), 29),
            (2027, 4, DayInMonth::Absolute(DayOfMonth::new(31).unwrap()), 30),
        ];
        for (year, month, day, expected) in cases {
            assert_eq!(day.of(MonthShape::of(year, month).unwrap()), expected, "{day:?} in {year}-{month}");
        }
    }
}
