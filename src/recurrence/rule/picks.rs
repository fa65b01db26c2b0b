//! Which days of a year does a rule pick?

use chrono::{Datelike, NaiveDate};

use super::grammar::{Frequency, MonthDays, OrdinalDay, Rule};
use crate::recurrence::month::MonthShape;
use crate::recurrence::parts::Weekday;

/// All that a rule can see of a year. There are 14.
#[derive(Clone, Copy)]
pub(super) struct YearShape {
    begins: Weekday,
    pub is_leap: bool,
}

impl YearShape {
    pub fn all() -> impl Iterator<Item = YearShape> {
        [false, true].into_iter().flat_map(|is_leap| Weekday::ALL.map(|begins| YearShape { begins, is_leap }))
    }

    pub fn months(self) -> impl Iterator<Item = MonthShape> {
        let february = if self.is_leap { 29 } else { 28 };
        let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        lengths.into_iter().scan(self.begins, |begins, length| {
            let month = MonthShape { begins: *begins, length };
            *begins = month.weekday(length + 1);
            Some(month)
        })
    }

    fn length(self) -> u32 {
        365 + u32::from(self.is_leap)
    }
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

    /// For each month the days that the rule picks in such a year; bit *n* for the *n*th.
    pub fn in_year(&self, year: YearShape) -> [u32; 12] {
        let mut picked = [0; 12];
        let mut before = 0;
        for ((at, picked), month) in picked.iter_mut().enumerate().zip(year.months()) {
            let span = if self.ordinals_count_in_year { (before, year.length()) } else { (0, month.length) };
            if self.months >> at & 1 == 1 {
                let is_picked = |day: &u32| {
                    let (weekday, place) = (month.weekday(*day), span.0 + day);
                    self.has_month_day(month, *day) && self.has_day(weekday, place, span.1)
                };
                *picked = (1..=month.length).filter(is_picked).fold(0, |days, day| days | 1 << day);
            }
            before += month.length;
        }
        picked.chunks_mut(self.months_in_set).for_each(|set| self.keep_positions(set));
        picked
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
    fn keep_positions(&self, months: &mut [u32]) {
        if self.positions.is_empty() {
            return;
        }
        let days_of = |(month, days): (usize, &u32)| {
            let days = *days;
            (1..=31).filter(move |day| days >> day & 1 == 1).map(move |day| (month, day))
        };
        let days: Vec<(usize, u32)> = months.iter().enumerate().flat_map(days_of).collect();
        months.fill(0);
        for at in self.positions.iter().filter_map(|position| at_position(days.len(), *position)) {
            let (month, day) = days[at];
            months[month] |= 1 << day;
        }
    }
}

/// Where among `length` things BYSETPOS points to, from 0.
pub(super) fn at_position(length: usize, position: i32) -> Option<usize> {
    let from_start = position.unsigned_abs() as usize;
    let at = if position > 0 { from_start.checked_sub(1) } else { length.checked_sub(from_start) };
    at.filter(|at| *at < length)
}

/// The months of a year that steps from this one come by.
fn months_in_steps(first: u32, interval: u32) -> u16 {
    (0..12).fold(0, |months, n| months | 1 << ((first + n * (interval % 12)) % 12))
}
