//! Which days of a year does a rule pick?

use chrono::{Datelike, NaiveDate};

use super::grammar::{Frequency, MonthDays, OrdinalDay, Rule};
use crate::recurrence::month::MonthShape;
use crate::recurrence::parts::Weekday;

/// A kind of month, and the days in it that a rule picks.
pub(super) struct PickedMonth {
    /// 0 for January.
    pub month: u32,
    pub shape: MonthShape,
    /// Bit *n* for the *n*th.
    pub days: u32,
}

/// The parts of a rule that pick days of months, with what RFC 5545 takes from the start where nothing is said.
pub(super) struct Picks<'a> {
    /// Those that the rule comes by; a bit for each, the lowest for January.
    pub months: u16,
    month_days: Option<MonthDays>,
    days: &'a [OrdinalDay],
    positions: &'a [i32],
    last_day_instead: bool,
    /// Through how many months BYSETPOS counts.
    months_in_set: usize,
    /// "The 20th Monday" of the year, not of a month.
    ordinals_count_in_year: bool,
}

const EVERY_MONTH: u16 = 0xfff;

impl<'a> Picks<'a> {
    pub fn of(rule: &'a Rule, first: NaiveDate) -> Self {
        let yearly = rule.frequency == Frequency::Yearly;
        let says_day = rule.frequency == Frequency::Daily || rule.month_days.is_some() || rule.days.is_some();
        let months = match rule.months {
            Some(months) => months,
            None if yearly && !says_day => 1 << first.month0(),
            None => EVERY_MONTH,
        };
        let this_day = MonthDays { from_start: 1 << first.day(), from_end: 0 };
        Picks {
            months: if yearly { months } else { months & months_in_steps(first.month0(), rule.interval) },
            month_days: if says_day { rule.month_days } else { Some(this_day) },
            days: rule.days.as_deref().unwrap_or_default(),
            positions: &rule.positions,
            last_day_instead: rule.last_day_instead,
            months_in_set: if yearly { 12 } else { 1 },
            ordinals_count_in_year: yearly && rule.months.is_none(),
        }
    }

    /// The twelve months of a year that begins with this weekday.
    pub fn in_year(&self, begins: Weekday, is_leap: bool) -> [PickedMonth; 12] {
        let length_of_year = 365 + u32::from(is_leap);
        let (mut begins, mut before) = (begins, 0);
        let mut year = [31, 28 + u32::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].map(|length| {
            let month = PickedMonth { month: 0, shape: MonthShape { begins, length }, days: 0 };
            begins = month.shape.weekday(length + 1);
            month
        });
        for (month, it) in (0..).zip(&mut year) {
            let (start, length) =
                if self.ordinals_count_in_year { (before, length_of_year) } else { (0, it.shape.length) };
            it.month = month;
            before += it.shape.length;
            for day in 1..=it.shape.length {
                let has_day = || self.has_day(it.shape.weekday(day), start + day, length);
                if self.months >> month & 1 == 1 && self.has_month_day(it.shape, day) && has_day() {
                    it.days |= 1 << day;
                }
            }
        }
        if !self.positions.is_empty() {
            year.chunks_mut(self.months_in_set).for_each(|set| self.keep_positions(set));
        }
        year
    }

    /// BYMONTHDAY.
    fn has_month_day(&self, month: MonthShape, day: u32) -> bool {
        let Some(MonthDays { from_start, from_end }) = self.month_days else { return true };
        let is_instead = self.last_day_instead && day == month.length && from_start >> month.length > 1;
        from_start >> day & 1 == 1 || from_end >> (month.length + 1 - day) & 1 == 1 || is_instead
    }

    /// BYDAY, for a weekday that is the `place`th day of a month or year of that `length`.
    fn has_day(&self, weekday: Weekday, place: u32, length: u32) -> bool {
        let from_start = ((place - 1) / 7 + 1).cast_signed();
        let from_end = -((length - place) / 7 + 1).cast_signed();
        let is_named = |it: &OrdinalDay| it.day == weekday && [0, from_start, from_end].contains(&it.ordinal);
        self.days.is_empty() || self.days.iter().any(is_named)
    }

    /// BYSETPOS, of all days in these months.
    fn keep_positions(&self, months: &mut [PickedMonth]) {
        let length = months.iter().map(|month| month.days.count_ones()).sum();
        let kept: Vec<u32> = self.positions.iter().filter_map(|at| at_position(length, *at)).collect();
        let mut at = 0;
        for month in months {
            for day in 1..=month.shape.length {
                if month.days >> day & 1 == 1 {
                    month.days ^= u32::from(!kept.contains(&at)) << day;
                    at += 1;
                }
            }
        }
    }
}

/// Where among `length` things BYSETPOS points to, from 0.
pub(super) fn at_position(length: u32, position: i32) -> Option<u32> {
    let from_start = position.unsigned_abs();
    let at = if position > 0 { from_start.checked_sub(1) } else { length.checked_sub(from_start) };
    at.filter(|at| *at < length)
}

/// The months of a year that steps from this one come by.
fn months_in_steps(first: u32, interval: u32) -> u16 {
    (0..12).fold(0, |months, n| months | 1 << ((first + n * (interval % 12)) % 12))
}
