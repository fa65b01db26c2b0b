//! Which dates are they? A recurrence laid out from its first date.
//!
//! Nothing here steps from one occurrence to the next. Every pattern is even enough that the date of the *n*th
//! occurrence, and the number of occurrences before a date, are a few divisions; all questions are put to these two
//! functions ([`Course::date`] and [`Course::position`]). So a window thirty years after the first date costs as much
//! as the first week, nothing is allocated, and no rule can keep us busy.

use chrono::{Datelike, NaiveDate};

use super::month::{DayInMonth, MonthShape, nth_bit};
use super::parts::{Month, Weekday};
use super::{Pattern, Range, Recurrence};

/// The last date that either side can write: both have four digits for the year. A series without an end ends here.
pub(super) const LAST_DATE: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();

const END_OF_TIME: NaiveDate = LAST_DATE.succ_opt().unwrap();

impl Recurrence {
    /// The original dates of all occurrences, deleted ones included, in order.
    ///
    /// ```
    /// use blikk_calendar_sync::recurrence::*;
    /// use chrono::NaiveDate;
    ///
    /// let date = |month, day| NaiveDate::from_ymd_opt(2027, month, day).unwrap();
    /// let pay_day = Recurrence {
    ///     pattern: Pattern::AbsoluteMonthly {
    ///         interval: Interval::new(1).unwrap(),
    ///         day_of_month: DayOfMonth::new(31).unwrap(),
    ///     },
    ///     range: Range::NoEnd,
    /// };
    /// let from_april: Vec<_> = pay_day.occurrences(date(1, 31)).on_or_after(date(4, 1)).take(2).collect();
    /// assert_eq!(from_april, [date(4, 30), date(5, 31)]);
    /// ```
    pub fn occurrences(&self, first: NaiveDate) -> Occurrences {
        let course = Course::new(&self.pattern, first);
        let all = course.position(END_OF_TIME);
        let end = match self.range {
            Range::NoEnd => all,
            Range::Numbered(count) => all.min(count.get()),
            Range::EndDate(last) => last.succ_opt().map_or(all, |after| all.min(course.position(after))),
        };
        Occurrences { course, next: 0, end }
    }

    /// Whether `date` is the original date of an occurrence (perhaps a deleted one).
    pub fn contains(&self, first: NaiveDate, date: NaiveDate) -> bool {
        self.first_on_or_after(first, date) == Some(date)
    }

    /// The InstanceIndex that EWS gives the occurrence of `date`: the first is 1, and deleted ones count (R17).
    pub fn index_of(&self, first: NaiveDate, date: NaiveDate) -> Option<u32> {
        let mut occurrences = self.occurrences(first).on_or_after(date);
        let position = occurrences.next;
        (occurrences.next()? == date).then_some(position + 1)
    }

    /// The date of the occurrence with this InstanceIndex, counted from 1.
    pub fn date_of(&self, first: NaiveDate, index: u32) -> Option<NaiveDate> {
        self.occurrences(first).nth(index.checked_sub(1)? as usize)
    }

    pub fn first_on_or_after(&self, first: NaiveDate, date: NaiveDate) -> Option<NaiveDate> {
        self.occurrences(first).on_or_after(date).next()
    }

    /// The last occurrence; `None` for a series without end, or without any occurrence.
    pub fn last_date(&self, first: NaiveDate) -> Option<NaiveDate> {
        if self.range == Range::NoEnd { None } else { self.occurrences(first).last() }
    }

    /// Whether the first date is an occurrence itself. Exchange refuses a series, or moves it, where it is not (R26), and
    /// RFC 5545 §3.8.5.3 calls what comes of it undefined.
    pub fn agrees_with_start(&self, first: NaiveDate) -> bool {
        self.contains(first, first)
    }
}

/// See [`Recurrence::occurrences`].
#[derive(Clone, Copy, Debug)]
pub struct Occurrences {
    course: Course,
    next: u32,
    end: u32,
}

impl Occurrences {
    /// The rest of them, from `date`. Costs the same however far away that is.
    #[must_use]
    pub fn on_or_after(mut self, date: NaiveDate) -> Self {
        self.next = self.next.max(self.course.position(date)).min(self.end);
        self
    }
}

impl Iterator for Occurrences {
    type Item = NaiveDate;

    fn next(&mut self) -> Option<NaiveDate> {
        self.nth(0)
    }

    fn nth(&mut self, n: usize) -> Option<NaiveDate> {
        let at = u32::try_from(n).ok().and_then(|n| self.next.checked_add(n)).filter(|at| *at < self.end);
        self.next = at.map_or(self.end, |at| at + 1);
        self.course.date(at?)
    }

    fn last(self) -> Option<NaiveDate> {
        if self.next < self.end { self.course.date(self.end - 1) } else { None }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = (self.end - self.next) as usize;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Occurrences {}

/// A pattern laid out from a first date, without an end.
#[derive(Clone, Copy, Debug)]
struct Course {
    steps: Steps,
    /// How many dates of the first date's own period (its week, month or year) lie before it and so do not count.
    before: u32,
}

/// Three ways to go through a calendar. Positions count from the beginning of the first date's period.
#[derive(Clone, Copy, Debug)]
enum Steps {
    /// Dates as numbers of days, as chrono counts them from the year 1.
    Days { start: i32, step: i32 },
    /// `days` has a bit for each day that counts, the lowest for the first day of the week.
    Weeks { start: i32, step: i32, days: u8 },
    /// Months as numbers, see [`month_number`].
    Months { start: i32, step: i32, day: DayInMonth },
}

impl Course {
    fn new(pattern: &Pattern, first: NaiveDate) -> Self {
        let steps = Steps::new(pattern, first);
        Course { before: steps.position(first), steps }
    }

    fn date(&self, position: u32) -> Option<NaiveDate> {
        self.steps.date(position + self.before)
    }

    /// How many occurrences there are before `date`.
    fn position(&self, date: NaiveDate) -> u32 {
        self.steps.position(date).saturating_sub(self.before)
    }
}

impl Steps {
    fn new(pattern: &Pattern, first: NaiveDate) -> Self {
        let today = first.num_days_from_ce();
        let every = |interval: u32| interval.cast_signed();
        let yearly =
            |month: Month, day| Steps::Months { start: month_number(first.year(), month.number()), step: 12, day };
        match *pattern {
            Pattern::Daily { interval } => Steps::Days { start: today, step: every(interval.get()) },
            Pattern::Weekly { interval, days, first_day_of_week } => Steps::Weeks {
                start: today - days_since(first_day_of_week, first),
                step: 7 * every(interval.get()),
                days: days.week_from(first_day_of_week),
            },
            Pattern::AbsoluteMonthly { interval, day_of_month } => Steps::Months {
                start: month_number(first.year(), first.month()),
                step: every(interval.get()),
                day: DayInMonth::Absolute(day_of_month),
            },
            Pattern::RelativeMonthly { interval, day, index } => Steps::Months {
                start: month_number(first.year(), first.month()),
                step: every(interval.get()),
                day: DayInMonth::Relative(day, index),
            },
            Pattern::AbsoluteYearly { month, day_of_month } => yearly(month, DayInMonth::Absolute(day_of_month)),
            Pattern::RelativeYearly { month, day, index } => yearly(month, DayInMonth::Relative(day, index)),
        }
    }

    fn date(&self, position: u32) -> Option<NaiveDate> {
        let period = |start: i32, step: i32, n: u32| start.checked_add(step.checked_mul(n.cast_signed())?);
        match *self {
            Steps::Days { start, step } => NaiveDate::from_num_days_from_ce_opt(period(start, step, position)?),
            Steps::Weeks { start, step, days } => {
                let (weeks, rest) = (position / days.count_ones(), position % days.count_ones());
                let day = nth_bit(days, rest).cast_signed();
                NaiveDate::from_num_days_from_ce_opt(period(start, step, weeks)? + day)
            }
            Steps::Months { start, step, day } => {
                let (year, month) = month_of(period(start, step, position)?);
                NaiveDate::from_ymd_opt(year, month, day.of(MonthShape::of(year, month)?))
            }
        }
    }

    /// How many dates there are before `date`.
    fn position(&self, date: NaiveDate) -> u32 {
        let count = match *self {
            Steps::Days { start, step } => (date.num_days_from_ce() - start + step - 1).div_euclid(step),
            Steps::Weeks { start, step, days } => {
                let since = date.num_days_from_ce() - start;
                // In a week that is left out, all seven days of the week before it have passed.
                let passed = days & ((1_u32 << since.rem_euclid(step).min(7)) - 1) as u8;
                since.div_euclid(step) * days.count_ones().cast_signed() + passed.count_ones().cast_signed()
            }
            Steps::Months { start, step, day } => {
                let since = month_number(date.year(), date.month()) - start;
                let has_passed = || MonthShape::of(date.year(), date.month()).is_some_and(|it| day.of(it) < date.day());
                let this_month_too = since % step != 0 || has_passed();
                since.div_euclid(step) + i32::from(this_month_too)
            }
        };
        count.max(0).cast_unsigned()
    }
}

/// How long ago, seen from `date`, the last `weekday` was; 0 to 6 days.
fn days_since(weekday: Weekday, date: NaiveDate) -> i32 {
    (Weekday::of(date).number() + 7 - weekday.number()).cast_signed() % 7
}

/// Months counted through the years.
fn month_number(year: i32, month: u32) -> i32 {
    12 * year + month.cast_signed() - 1
}

fn month_of(number: i32) -> (i32, u32) {
    (number.div_euclid(12), number.rem_euclid(12).cast_unsigned() + 1)
}

#[cfg(test)]
mod tests {
    use super::super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn every_other_week(range: Range) -> Recurrence {
        let days = WeekDays::new([Weekday::Sunday, Weekday::Tuesday]).unwrap();
        let interval = Interval::new(2).unwrap();
        Recurrence { pattern: Pattern::Weekly { interval, days, first_day_of_week: Weekday::Monday }, range }
    }

    fn from(recurrence: Recurrence, first: &str) -> Vec<String> {
        recurrence.occurrences(date(first)).map(|date| date.to_string()).collect()
    }

    #[test]
    fn where_weeks_begin_decides_which_days_share_a_week() {
        let range = Range::Numbered(Count::new(4).unwrap());
        let from_monday = every_other_week(range);
        let mut from_sunday = from_monday;
        if let Pattern::Weekly { first_day_of_week, .. } = &mut from_sunday.pattern {
            *first_day_of_week = Weekday::Sunday;
        }
        // RFC 5545 §3.8.5.3 has the same example: 5 August 1997 is a Tuesday.
        assert_eq!(from(from_monday, "1997-08-05"), ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"]);
        assert_eq!(from(from_sunday, "1997-08-05"), ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"]);
    }

    #[test]
    fn r17_an_occurrence_has_its_index_and_a_date_without_one_has_none() {
        let series = every_other_week(Range::EndDate(date("1997-08-24")));
        let first = date("1997-08-05");
        let cases = [
            ("1997-08-04", None),
            ("1997-08-05", Some(1)),
            ("1997-08-06", None),
            ("1997-08-12", None),
            ("1997-08-24", Some(4)),
            ("1997-09-02", None),
        ];
        for (day, index) in cases {
            assert_eq!(series.index_of(first, date(day)), index, "{day}");
            assert_eq!(series.contains(first, date(day)), index.is_some(), "{day}");
            assert_eq!(index.and_then(|index| series.date_of(first, index)), index.map(|_| date(day)), "{day}");
        }
        assert_eq!((series.date_of(first, 0), series.date_of(first, 5)), (None, None));
        assert_eq!(series.last_date(first), Some(date("1997-08-24")));
        assert_eq!(series.first_on_or_after(first, date("1997-08-11")), Some(date("1997-08-19")));
        assert_eq!(series.first_on_or_after(first, date("1997-08-25")), None);
    }

    #[test]
    fn r26_a_first_date_that_the_pattern_does_not_have_is_no_occurrence() {
        let series = every_other_week(Range::NoEnd);
        assert!(series.agrees_with_start(date("1997-08-05")));
        assert!(!series.agrees_with_start(date("1997-08-06")), "a Wednesday");
        assert_eq!(series.occurrences(date("1997-08-06")).next(), Some(date("1997-08-10")));
    }

    #[test]
    fn a_series_that_ends_before_it_begins_is_empty() {
        let series = every_other_week(Range::EndDate(date("1997-08-04")));
        assert_eq!(series.occurrences(date("1997-08-05")).len(), 0);
        assert_eq!(series.last_date(date("1997-08-05")), None);
    }

    #[test]
    fn every_series_ends_with_the_four_digit_years_wherever_it_begins() {
        let end = date("9999-12-31");
        let patterns = [
            Pattern::Daily { interval: DayInterval::new(1).unwrap() },
            Pattern::Daily { interval: DayInterval::new(999).unwrap() },
            every_other_week(Range::NoEnd).pattern,
            Pattern::AbsoluteMonthly {
                interval: Interval::new(99).unwrap(),
                day_of_month: DayOfMonth::new(31).unwrap(),
            },
            Pattern::RelativeYearly { month: Month::December, day: DayOfWeek::Day, index: WeekIndex::Last },
        ];
        for pattern in patterns {
            for range in [Range::NoEnd, Range::EndDate(NaiveDate::MAX), Range::EndDate(NaiveDate::MIN)] {
                let series = Recurrence { pattern, range };
                for first in [NaiveDate::MIN, date("1900-01-01"), end, NaiveDate::MAX] {
                    let dates = series.occurrences(first);
                    assert!(dates.last().is_none_or(|last| last <= end), "{series:?} from {first}");
                    assert_eq!(dates.on_or_after(NaiveDate::MIN).len(), dates.len());
                    assert_eq!(dates.on_or_after(NaiveDate::MAX).next(), None);
                }
            }
        }
        assert_eq!(Recurrence { pattern: patterns[0], range: Range::NoEnd }.occurrences(end).count(), 1);
    }
}
