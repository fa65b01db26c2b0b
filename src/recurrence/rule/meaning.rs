//! What does a rule mean, and which pattern means the same?
//!
//! RRULE has a dozen parts that expand and limit each other, so one meaning has many spellings: the last weekday of the
//! month is `BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1`, and the first Friday is also `BYDAY=FR;BYMONTHDAY=1,2,3,4,5,6,7`. There
//! is no need to know the spellings. Within a month all parts can see is the weekday it begins with and its length, so
//! there are 28 months in all ([`MonthShape`]); Exchange can name 81 days ([`DayInMonth`]). The rule is tried on those
//! months that it ever meets, and the day that agrees on each of them *is* the rule. If none does, Exchange cannot say
//! it, and that is certain.

use chrono::{Datelike, NaiveDate, Timelike};

use super::grammar::{Frequency, MonthDays, OrdinalDay, Rule, number};
use super::{Refusal, not_expressible};
use crate::recurrence::month::{DayInMonth, MonthShape};
use crate::recurrence::parts::{DayInterval, DayOfMonth, DayOfWeek, Interval, Month, WeekDays, WeekIndex, Weekday};
use crate::recurrence::{Pattern, SeriesStart};

/// The pattern that has the same dates as the rule has from this start.
pub(super) fn pattern(rule: &Rule, start: &SeriesStart) -> Result<Pattern, Refusal> {
    let first = start.date();
    let picks_days = rule.months.is_some() || rule.month_days.is_some() || rule.days.is_some();
    let pattern = match rule.frequency {
        _ if !only_repeats_the_clock(rule, start) => Err(Misfit::Inexpressible),
        Frequency::Weekly => weekly(rule, first).ok_or(Misfit::Inexpressible),
        Frequency::Daily if rule.interval > 1 || !picks_days || !rule.positions.is_empty() => {
            daily(rule, first).ok_or(Misfit::Inexpressible)
        }
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

/// BYHOUR, BYMINUTE and BYSECOND make several starts of one, unless they name the start that the series has anyway. Of
/// whole days they say nothing (RFC 5545: "MUST be ignored").
fn only_repeats_the_clock(rule: &Rule, start: &SeriesStart) -> bool {
    let SeriesStart::Timed { local, .. } = start else { return true };
    let own = [local.hour(), local.minute(), local.second()];
    rule.clock.into_iter().zip(own).all(|(part, own)| part.is_none_or(|part| number(part) == Some(own)))
}

/// The days of BYDAY where they are not counted.
fn plain_days(days: &[OrdinalDay]) -> Option<WeekDays> {
    if days.iter().any(|day| day.ordinal != 0) { None } else { WeekDays::new(days.iter().map(|day| day.day)) }
}

fn every_days(days: u32) -> Option<Pattern> {
    Some(Pattern::Daily { interval: DayInterval::new(days)? })
}

fn daily(rule: &Rule, first: NaiveDate) -> Option<Pattern> {
    if rule.months.is_some() || rule.month_days.is_some() || !rule.positions.is_empty() {
        return None;
    }
    let Some(days) = &rule.days else { return every_days(rule.interval) };
    let (days, today) = (plain_days(days)?, WeekDays::only(Weekday::of(first)));
    // A step of whole weeks stays on one weekday, any other comes by all seven.
    let met = if rule.interval.is_multiple_of(7) { today } else { WeekDays::EVERY_DAY };
    match days {
        _ if met.iter().all(|day| days.contains(day)) => every_days(rule.interval),
        _ if days == today => every_days(rule.interval.checked_mul(7)?),
        _ => None,
    }
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

/// Where among `length` things BYSETPOS points to, from 0.
fn at_position(length: usize, position: i32) -> Option<usize> {
    let from_start = position.unsigned_abs() as usize;
    let at = if position > 0 { from_start.checked_sub(1) } else { length.checked_sub(from_start) };
    at.filter(|at| *at < length)
}

/// Everything that looks at months: MONTHLY, YEARLY, and DAILY with limits.
fn monthly(rule: &Rule, first: NaiveDate) -> Result<Pattern, Misfit> {
    let picks = Picks::of(rule, first).ok_or(Misfit::Inexpressible)?;
    let step = step(rule, picks.months, first.month0()).ok_or(Misfit::Inexpressible)?;
    let picked: Vec<(MonthShape, u32)> =
        months_met(first.month0(), step.get()).map(|month| (month, picks.days_in(month))).collect();
    if step.get() == 1
        && let Some(days) = days_of_every_week(&picked)
    {
        let weekly = Pattern::Weekly { interval: step, days, first_day_of_week: rule.week_start };
        return Ok(if days == WeekDays::EVERY_DAY { every_days(1).unwrap_or(weekly) } else { weekly });
    }
    if picked.iter().any(|(_, days)| *days == 0) {
        return Err(Misfit::SkipsMonths);
    }
    let day = days_that_exchange_names(&picks)
        .find(|day| picked.iter().all(|(month, days)| *days == 1 << day.of(*month)))
        .ok_or(Misfit::Inexpressible)?;
    let is_yearly = step.get() == 12 && (rule.frequency == Frequency::Yearly || rule.months.is_some());
    Ok(match (day, Month::from_number(first.month()).filter(|_| is_yearly)) {
        (DayInMonth::Absolute(day_of_month), None) => Pattern::AbsoluteMonthly { interval: step, day_of_month },
        (DayInMonth::Relative(day, index), None) => Pattern::RelativeMonthly { interval: step, day, index },
        (DayInMonth::Absolute(day_of_month), Some(month)) => Pattern::AbsoluteYearly { month, day_of_month },
        (DayInMonth::Relative(day, index), Some(month)) => Pattern::RelativeYearly { month, day, index },
    })
}

/// The parts of a rule that pick days in months, with what RFC 5545 takes from the start where nothing is said.
struct Picks<'a> {
    /// A bit for each month, the lowest for January.
    months: u16,
    month_days: Option<MonthDays>,
    days: Option<&'a [OrdinalDay]>,
    positions: &'a [i32],
    last_day_instead: bool,
}

const EVERY_MONTH: u16 = 0xfff;

impl<'a> Picks<'a> {
    fn of(rule: &'a Rule, first: NaiveDate) -> Option<Self> {
        let mut picks = Picks {
            months: rule.months.unwrap_or(EVERY_MONTH),
            month_days: rule.month_days,
            days: rule.days.as_deref(),
            positions: &rule.positions,
            last_day_instead: rule.last_day_instead,
        };
        let yearly = rule.frequency == Frequency::Yearly;
        if rule.frequency == Frequency::Daily && picks.days.is_some_and(|days| plain_days(days).is_none()) {
            return None;
        }
        if rule.frequency != Frequency::Daily && picks.month_days.is_none() && picks.days.is_none() {
            picks.month_days = Some(MonthDays { from_start: 1 << first.day(), from_end: 0 });
            if yearly && rule.months.is_none() {
                picks.months = 1 << first.month0();
            }
        }
        if yearly {
            picks.count_within_one_month(rule.months.is_none())?;
        }
        Some(picks)
    }

    /// In a YEARLY rule BYSETPOS counts through the whole year, and so does an ordinal in BYDAY when no month is named.
    /// But the first days of a year are the first days of January, and the last are December's: a single such count
    /// means the same within that month, or (then the month lacks it now and then) nothing that Exchange can say.
    fn count_within_one_month(&mut self, no_month_named: bool) -> Option<()> {
        let days = self.days.unwrap_or_default();
        let counts_days = no_month_named && days.iter().any(|day| day.ordinal != 0);
        if counts_days {
            // Four of each weekday are in every month; plain days beside them would lie all over the year.
            let is_in = |range: std::ops::RangeInclusive<i32>| days.iter().all(|day| range.contains(&day.ordinal));
            self.months = if is_in(1..=4) { 1 } else { is_in(-4..=-1).then_some(1 << 11)? };
        }
        if !self.positions.is_empty() && self.months.count_ones() > 1 {
            let &[position] = self.positions else { return None };
            self.months =
                if position > 0 { self.months & self.months.wrapping_neg() } else { 1 << self.months.ilog2() };
        }
        Some(())
    }

    /// The days that the rule picks in such a month; bit *n* for the *n*th.
    fn days_in(&self, month: MonthShape) -> u32 {
        let days = (1..=month.length).filter(|day| self.has_month_day(month, *day) && self.has_day(month, *day));
        if self.positions.is_empty() {
            return days.fold(0, |bits, day| bits | 1 << day);
        }
        let days: Vec<u32> = days.collect();
        let at = |position: &i32| at_position(days.len(), *position);
        self.positions.iter().filter_map(at).fold(0, |bits, at| bits | 1 << days[at])
    }

    fn has_month_day(&self, month: MonthShape, day: u32) -> bool {
        let Some(MonthDays { from_start, from_end }) = self.month_days else { return true };
        let is_instead = self.last_day_instead && day == month.length && from_start >> month.length > 1;
        from_start >> day & 1 == 1 || from_end >> (month.length + 1 - day) & 1 == 1 || is_instead
    }

    fn has_day(&self, month: MonthShape, day: u32) -> bool {
        let (from_start, from_end) = ((day - 1) / 7 + 1, (month.length - day) / 7 + 1);
        self.days.is_none_or(|days| {
            days.iter().filter(|it| it.day == month.weekday(day)).any(|it| {
                it.ordinal == 0 || it.ordinal == from_start.cast_signed() || -it.ordinal == from_end.cast_signed()
            })
        })
    }
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

/// The kinds of months that steps from this one meet.
fn months_met(first: u32, step: u32) -> impl Iterator<Item = MonthShape> {
    let months = (0..12).fold(0_u16, |months, n| months | 1 << ((first + n * step) % 12));
    let lengths = [(28, 0b0000_0000_0010), (29, 0b0000_0000_0010), (30, 0b0101_0010_1000), (31, 0b1010_1101_0101)];
    let met = lengths.into_iter().filter(move |(_, long)| months & long != 0).map(|(length, _)| length);
    met.flat_map(|length| Weekday::ALL.map(|begins| MonthShape { begins, length }))
}

/// The days of the week of which the rule picks each and no other.
fn days_of_every_week(picked: &[(MonthShape, u32)]) -> Option<WeekDays> {
    let (month, days) = picked.first()?;
    let weekly = WeekDays::new((1..=month.length).filter(|day| days >> day & 1 == 1).map(|day| month.weekday(day)))?;
    let is_picked = |month: MonthShape, day: u32| weekly.contains(month.weekday(day));
    let picks_all = |(month, days): &(MonthShape, u32)| {
        (1..=month.length).all(|day| is_picked(*month, day) == (days >> day & 1 == 1))
    };
    picked.iter().all(picks_all).then_some(weekly)
}

/// All that a pattern can say of a month. Some days have two names (the 31st is the last day), so the one that is closer
/// to the rule's own words comes first, and text that we wrote is read as what it was.
fn days_that_exchange_names(picks: &Picks) -> impl Iterator<Item = DayInMonth> {
    let latest = picks.month_days.filter(|days| picks.days.is_none() && days.from_start != 0);
    let latest = latest.and_then(|days| DayOfMonth::new(days.from_start.ilog2()));
    let relative = DayOfWeek::ALL.into_iter().flat_map(|day| WeekIndex::ALL.map(|at| DayInMonth::Relative(day, at)));
    let absolute = (1..=DayOfMonth::MOST).filter_map(DayOfMonth::new);
    latest.map(DayInMonth::Absolute).into_iter().chain(relative).chain(absolute.map(DayInMonth::Absolute))
}
