//! What does a rule mean, and which pattern means the same?
//!
//! RRULE has a dozen parts that expand and limit each other, so one meaning has many spellings: the last weekday of the
//! month is `BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1`, and the first Friday is also `BYDAY=FR;BYMONTHDAY=1,2,3,4,5,6,7`. There
//! is no need to know the spellings. All that the parts can see of a year is the weekday it begins with and whether it
//! has a 29 February, so there are 14 years in all; [`picks`](super::picks) tells which of their days a rule picks.
//! Exchange can name 81 days of a month ([`DayInMonth`]). The one that agrees with the rule in all months of all years
//! *is* the rule. If none does, Exchange cannot say it, and that is certain.

use chrono::{Datelike, NaiveDate, Timelike};

use super::grammar::{Frequency, Rule, number, plain_days};
use super::picks::{Picks, YearShape, at_position};
use super::{Refusal, not_expressible};
use crate::recurrence::month::{DayInMonth, MonthShape};
use crate::recurrence::parts::{DayInterval, DayOfMonth, DayOfWeek, Interval, Month, WeekDays, WeekIndex, Weekday};
use crate::recurrence::{Pattern, Range, Recurrence, SeriesStart};

/// The pattern that has the same dates as the rule has from this start.
pub(super) fn pattern(rule: &Rule, start: &SeriesStart) -> Result<Pattern, Refusal> {
    let first = start.date();
    let pattern = match rule.frequency {
        _ if !only_repeats_the_clock(rule, start) => Err(Misfit::Inexpressible),
        Frequency::Weekly => weekly(rule, first).ok_or(Misfit::Inexpressible),
        // Every day with limits is every month with the same limits, if those are such as a month has, too.
        Frequency::Daily if rule.interval > 1 || !only_limits(rule) => daily(rule, first).ok_or(Misfit::Inexpressible),
        Frequency::Daily | Frequency::Monthly | Frequency::Yearly => monthly(rule, first),
    };
    pattern.map_err(|misfit| refusal(misfit, rule, first))
}

/// Why no pattern has the same dates.
enum Misfit {
    Inexpressible,
    /// One day a month, but not in every month. (Exchange would take the last day instead.)
    SkipsMonths,
}

fn refusal(misfit: Misfit, rule: &Rule, first: NaiveDate) -> Refusal {
    let mut choice = rule.choice();
    if let Misfit::SkipsMonths = misfit {
        if rule.days.is_none() && rule.month_days.is_none() {
            choice.push(format!("BYMONTHDAY={}", first.day()));
        }
        return not_expressible(&format!("{} skips months", choice.join(";")));
    }
    not_expressible(&choice.join(";"))
}

fn only_limits(rule: &Rule) -> bool {
    let counts_days = rule.days.as_ref().is_some_and(|days| plain_days(days).is_none());
    !counts_days && rule.positions.is_empty()
}

/// BYHOUR, BYMINUTE and BYSECOND make several starts of one, unless they name the start that the series has anyway. Of
/// whole days they say nothing (RFC 5545: "MUST be ignored").
fn only_repeats_the_clock(rule: &Rule, start: &SeriesStart) -> bool {
    let SeriesStart::Timed { local, .. } = start else { return true };
    let own = [local.hour(), local.minute(), local.second()];
    rule.clock.into_iter().zip(own).all(|(part, own)| part.is_none_or(|part| number(part) == Some(own)))
}

fn every_days(days: u32) -> Option<Pattern> {
    Some(Pattern::Daily { interval: DayInterval::new(days)? })
}

/// Every so many days, of which BYDAY may leave out some: "every other day, but only Tuesdays and Thursdays" is the same
/// as both days of every other week. Whatever it is, it comes round after seven times as many days. (Limits of months
/// beside an interval are refused without a look. Only every seventh day could be a pattern then, and nobody says so.)
fn daily(rule: &Rule, first: NaiveDate) -> Option<Pattern> {
    if rule.months.is_some() || rule.month_days.is_some() || !rule.positions.is_empty() {
        return None;
    }
    let step = DayInterval::new(rule.interval)?.get();
    let Some(days) = &rule.days else { return every_days(step) };
    let days = plain_days(days)?;
    let weekly = Interval::new(step).into_iter().flat_map(|interval| {
        Weekday::ALL.map(|first_day_of_week| Pattern::Weekly { interval, days, first_day_of_week })
    });
    let has_same_dates = |pattern: &Pattern| {
        let pattern = Recurrence { pattern: *pattern, range: Range::NoEnd };
        first.iter_days().take(7 * step as usize).enumerate().all(|(after, date)| {
            let is_met = after.is_multiple_of(step as usize) && days.contains(Weekday::of(date));
            is_met == pattern.contains(first, date)
        })
    };
    [every_days(step), every_days(7 * step)].into_iter().flatten().chain(weekly).find(has_same_dates)
}

fn weekly(rule: &Rule, first: NaiveDate) -> Option<Pattern> {
    if rule.months.is_some() || rule.month_days.is_some() {
        return None;
    }
    let days = match &rule.days {
        Some(days) => plain_days(days)?,
        None => WeekDays::only(Weekday::of(first)),
    };
    let days = if rule.positions.is_empty() { days } else { positions_in_week(rule, days)? };
    match Interval::new(rule.interval) {
        Some(interval) => Some(Pattern::Weekly { interval, days, first_day_of_week: rule.week_start }),
        // More weeks than Exchange counts to may still be days that it counts to.
        None if days == WeekDays::only(Weekday::of(first)) => every_days(rule.interval.checked_mul(7)?),
        None => None,
    }
}

fn positions_in_week(rule: &Rule, days: WeekDays) -> Option<WeekDays> {
    let from_week_start = (0..7).map(|day| Weekday::ALL[(rule.week_start as usize + day) % 7]);
    let in_week: Vec<Weekday> = from_week_start.filter(|day| days.contains(*day)).collect();
    WeekDays::new(rule.positions.iter().filter_map(|at| at_position(in_week.len(), *at).map(|at| in_week[at])))
}

/// Everything that looks at months: MONTHLY, YEARLY, and DAILY with limits.
fn monthly(rule: &Rule, first: NaiveDate) -> Result<Pattern, Misfit> {
    let picks = Picks::of(rule, first);
    let years = YearShape::all().filter(|year| !year.is_leap || may_be_leap(rule, first));
    let years: Vec<_> = years.map(|year| (year, picks.in_year(year))).collect();
    // A month that never has a day that the rule wants does not belong to it: BYMONTH=11,12 with the 31st.
    let months = (0..12).filter(|month| years.iter().any(|(_, picked)| picked[*month] != 0));
    let months = months.fold(0, |months, month| months | 1 << month);
    let in_months = |months: u16| {
        let of_years = years.iter().flat_map(|(year, picked)| year.months().zip(*picked).enumerate());
        of_years.filter_map(move |(month, picked)| (months >> month & 1 == 1).then_some(picked))
    };
    let lacks_a_day = |months| in_months(months).any(|(_, days)| days == 0);
    let step = step(rule, months, first.month0()).ok_or_else(|| {
        let is_one = in_months(months).all(|(_, days)| days.count_ones() <= 1);
        if is_one && lacks_a_day(picks.months) { Misfit::SkipsMonths } else { Misfit::Inexpressible }
    })?;
    let picked: Vec<(MonthShape, u32)> = in_months(months).collect();
    if let (1, Some(days)) = (step.get(), days_of_every_week(&picked)) {
        let weekly = Pattern::Weekly { interval: step, days, first_day_of_week: rule.week_start };
        return Ok(if days == WeekDays::EVERY_DAY { every_days(1).unwrap_or(weekly) } else { weekly });
    }
    if lacks_a_day(months) {
        return Err(Misfit::SkipsMonths);
    }
    let day = days_that_exchange_names(rule, first)
        .find(|day| picked.iter().all(|(month, days)| *days == 1 << day.of(*month)))
        .ok_or(Misfit::Inexpressible)?;
    let is_yearly = step.get() == 12 && (rule.frequency == Frequency::Yearly || rule.months.is_some());
    Ok(in_steps(day, step, Month::from_number(first.month()).filter(|_| is_yearly)))
}

/// A day in every `interval`th month, or in this month of every year.
fn in_steps(day: DayInMonth, interval: Interval, yearly: Option<Month>) -> Pattern {
    match (day, yearly) {
        (DayInMonth::Absolute(day_of_month), None) => Pattern::AbsoluteMonthly { interval, day_of_month },
        (DayInMonth::Relative(day, index), None) => Pattern::RelativeMonthly { interval, day, index },
        (DayInMonth::Absolute(day_of_month), Some(month)) => Pattern::AbsoluteYearly { month, day_of_month },
        (DayInMonth::Relative(day, index), Some(month)) => Pattern::RelativeYearly { month, day, index },
    }
}

/// Every second year from an odd one, and every fourth from one that is no leap year, never has a 29 February.
fn may_be_leap(rule: &Rule, first: NaiveDate) -> bool {
    rule.frequency != Frequency::Yearly || (0..4).any(|n| (first.year() + n * (rule.interval % 4) as i32) % 4 == 0)
}

/// Every how many months the rule comes by, if those are even steps from the first month: `BYMONTH=1,4,7,10` every
/// year is a step of three.
fn step(rule: &Rule, months: u16, first: u32) -> Option<Interval> {
    let interval = Interval::new(rule.interval)?.get();
    let meets = |after: u32| {
        let in_turn = match rule.frequency {
            Frequency::Yearly => ((first + after) / 12).is_multiple_of(interval),
            _ => after.is_multiple_of(interval),
        };
        in_turn && months >> ((first + after) % 12) & 1 == 1
    };
    // After so many months all comes round again.
    let round = 12 * interval;
    let step = (1..=round).find(|after| meets(after % round))?;
    let is_even = (0..round).all(|after| meets(after) == (after % step == 0)) && round % step == 0;
    if is_even { Interval::new(step) } else { None }
}

/// The days of the week of which the rule picks each and no other.
fn days_of_every_week(picked: &[(MonthShape, u32)]) -> Option<WeekDays> {
    let (month, days) = picked.first()?;
    let weekly = WeekDays::new((1..=month.length).filter(|day| days >> day & 1 == 1).map(|day| month.weekday(day)))?;
    let picks_all = |(month, days): &(MonthShape, u32)| {
        (1..=month.length).all(|day| weekly.contains(month.weekday(day)) == (days >> day & 1 == 1))
    };
    picked.iter().all(picks_all).then_some(weekly)
}

/// All that a pattern can say of a month. Some days have two names (the 31st is the last day), so the one that is closer
/// to the rule's own words comes first, and text that we wrote is read as what it was.
fn days_that_exchange_names(rule: &Rule, first: NaiveDate) -> impl Iterator<Item = DayInMonth> {
    let latest = match (rule.month_days, &rule.days) {
        (Some(days), None) => days.from_start.checked_ilog2(),
        (None, None) => Some(first.day()),
        _ => None,
    };
    let relative = DayOfWeek::ALL.into_iter().flat_map(|day| WeekIndex::ALL.map(|at| DayInMonth::Relative(day, at)));
    let absolute = |day| DayOfMonth::new(day).map(DayInMonth::Absolute);
    latest.and_then(absolute).into_iter().chain(relative).chain((1..=DayOfMonth::MOST).filter_map(absolute))
}
