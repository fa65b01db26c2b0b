//! A recurrence as RRULE and EXDATE lines, each in one way only.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};

use super::grammar::WEEKDAYS;
use crate::recurrence::expand::LAST_DATE;
use crate::recurrence::parts::{DayOfMonth, DayOfWeek, Month, WeekDays, WeekIndex, Weekday};
use crate::recurrence::{Pattern, Range, Recurrence, SeriesStart};
use crate::zone::{ZoneId, ZoneRules};

/// The lines of a series: one RRULE, and one EXDATE if there are deleted occurrences. [`super::read`] makes the same
/// recurrence of them.
///
/// ```
/// use blikk_calendar_sync::recurrence::{rule, *};
/// use blikk_calendar_sync::zone::IanaRules;
///
/// let pay_day = Recurrence {
///     pattern: Pattern::AbsoluteMonthly {
///         interval: Interval::new(1).unwrap(),
///         day_of_month: DayOfMonth::new(31).unwrap(),
///     },
///     range: Range::Numbered(Count::new(12).unwrap()),
/// };
/// let start = SeriesStart::AllDay("2027-01-31".parse().unwrap());
/// let deleted = ["2027-02-28".parse().unwrap()].into();
/// assert_eq!(rule::write(&pay_day, &deleted, &start, &IanaRules), [
///     "RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;COUNT=12",
///     "EXDATE;VALUE=DATE:20270228",
/// ]);
/// ```
pub fn write(
    recurrence: &Recurrence,
    excluded: &BTreeSet<NaiveDate>,
    start: &SeriesStart,
    rules: &impl ZoneRules,
) -> Vec<String> {
    let mut rule = String::from("RRULE:");
    rule.push_str(&pattern_text(&recurrence.pattern));
    match recurrence.range {
        Range::NoEnd => {}
        Range::Numbered(count) => part(&mut rule, "COUNT", &count.get().to_string()),
        Range::EndDate(last) => part(&mut rule, "UNTIL", &until_text(last, start, rules)),
    }
    let mut lines = vec![rule];
    if !excluded.is_empty() {
        lines.push(exdate_line(excluded, start));
    }
    lines
}

fn part(rule: &mut String, name: &str, value: &str) {
    if !rule.is_empty() && !rule.ends_with(':') {
        rule.push(';');
    }
    for text in [name, "=", value] {
        rule.push_str(text);
    }
}

fn pattern_text(pattern: &Pattern) -> String {
    let mut text = String::new();
    let mut begin = |frequency: &str, interval: u32| {
        part(&mut text, "FREQ", frequency);
        if interval > 1 {
            part(&mut text, "INTERVAL", &interval.to_string());
        }
    };
    match *pattern {
        Pattern::Daily { interval } => begin("DAILY", interval.get()),
        Pattern::Weekly { interval, days, first_day_of_week } => {
            begin("WEEKLY", interval.get());
            part(&mut text, "BYDAY", &names(days));
            // Monday is RFC 5545's default, but a reader that has another one would shift the weeks left out.
            if interval.get() > 1 || first_day_of_week != Weekday::Monday {
                part(&mut text, "WKST", WEEKDAYS[first_day_of_week as usize]);
            }
        }
        Pattern::AbsoluteMonthly { interval, day_of_month } => {
            begin("MONTHLY", interval.get());
            absolute(&mut text, day_of_month, 28);
        }
        Pattern::RelativeMonthly { interval, day, index } => {
            begin("MONTHLY", interval.get());
            relative(&mut text, day, index);
        }
        Pattern::AbsoluteYearly { month, day_of_month } => {
            begin("YEARLY", 1);
            part(&mut text, "BYMONTH", &month.number().to_string());
            absolute(&mut text, day_of_month, month.shortest());
        }
        Pattern::RelativeYearly { month, day, index } => {
            begin("YEARLY", 1);
            part(&mut text, "BYMONTH", &month.number().to_string());
            relative(&mut text, day, index);
        }
    }
    text
}

/// A day that a month may lack is the last of those that it may have. `BYMONTHDAY=31` alone would skip short months.
fn absolute(text: &mut String, day: DayOfMonth, shortest: u32) {
    let days: Vec<_> = (day.get().min(shortest)..=day.get()).map(|day| day.to_string()).collect();
    part(text, "BYMONTHDAY", &days.join(","));
    if days.len() > 1 {
        part(text, "BYSETPOS", "-1");
    }
}

fn relative(text: &mut String, day: DayOfWeek, index: WeekIndex) {
    let position = match index {
        WeekIndex::Last => "-1".to_owned(),
        counted => (counted as u32 + 1).to_string(),
    };
    match (day, index) {
        (DayOfWeek::Day, WeekIndex::Last) => part(text, "BYMONTHDAY", &position),
        (DayOfWeek::Day | DayOfWeek::Weekday | DayOfWeek::WeekendDay, _) => {
            part(text, "BYDAY", &names(day.days()));
            part(text, "BYSETPOS", &position);
        }
        _ => part(text, "BYDAY", &(position + &names(day.days()))),
    }
}

fn names(days: WeekDays) -> String {
    days.iter().map(|day| WEEKDAYS[day as usize]).collect::<Vec<_>>().join(",")
}

/// RFC 5545: a date for an all-day series, UTC for one in a zone. A date also where UTC cannot be told, in a zone
/// without rules or when it leaves the four-digit years.
fn until_text(last: NaiveDate, start: &SeriesStart, rules: &impl ZoneRules) -> String {
    let last = last.clamp(FIRST_DATE, LAST_DATE);
    match start.instant_on(rules, last) {
        Some(instant) if (0..=9999).contains(&instant.year()) => utc_text(instant),
        _ => date_text(last),
    }
}

const FIRST_DATE: NaiveDate = NaiveDate::from_ymd_opt(0, 1, 1).unwrap();

fn exdate_line(excluded: &BTreeSet<NaiveDate>, start: &SeriesStart) -> String {
    let (head, tail) = match start {
        SeriesStart::AllDay(_) => ("EXDATE;VALUE=DATE:".to_owned(), String::new()),
        SeriesStart::Timed { local, zone } => {
            let time = time_text(local.time());
            // "The TZID property parameter MUST NOT be applied to DATE-TIME properties whose time values are in UTC."
            if zone.is_same_zone_as(&ZoneId::utc()) {
                ("EXDATE:".to_owned(), time + "Z")
            } else {
                (format!("EXDATE;TZID={zone}:"), time)
            }
        }
    };
    let dates: Vec<_> = excluded.iter().map(|date| date_text(*date) + &tail).collect();
    head + &dates.join(",")
}

fn date_text(date: NaiveDate) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

fn time_text(time: NaiveTime) -> String {
    format!("T{:02}{:02}{:02}", time.hour(), time.minute(), time.second())
}

fn utc_text(instant: DateTime<Utc>) -> String {
    date_text(instant.date_naive()) + &time_text(instant.time()) + "Z"
}

impl Month {
    /// Its length in the shortest of years.
    fn shortest(self) -> u32 {
        match self {
            Month::February => 28,
            Month::April | Month::June | Month::September | Month::November => 30,
            _ => 31,
        }
    }
}
