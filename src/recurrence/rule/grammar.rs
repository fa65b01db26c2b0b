//! The parts of an RRULE (RFC 5545 §3.3.10, and RSCALE and SKIP of RFC 7529), each read and none understood yet.

use super::lines::Stamp;
use super::{Refusal, not_expressible, unreadable};
use crate::recurrence::parts::{WeekDays, Weekday};

/// More numbers in one part than the 366 days of a year are not meant.
const MOST_NUMBERS: usize = 400;

pub(super) struct Rule<'a> {
    pub frequency: Frequency,
    pub interval: u32,
    pub end: End,
    pub week_start: Weekday,
    /// BYMONTH, a bit for each month, the lowest for January.
    pub months: Option<u16>,
    pub month_days: Option<MonthDays>,
    pub days: Option<Vec<OrdinalDay>>,
    /// BYSETPOS; empty when there is none.
    pub positions: Vec<i32>,
    /// SKIP=BACKWARD: a day that a month does not have is its last day, as with Exchange.
    pub last_day_instead: bool,
    /// BYHOUR, BYMINUTE and BYSECOND: they say nothing where they repeat the start's own.
    pub clock: [Option<&'a str>; 3],
    text: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

pub(super) enum End {
    Never,
    Count(u32),
    Until(Stamp),
}

/// BYMONTHDAY. Bit *n* stands for the *n*th day, from the beginning of the month or from its end.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct MonthDays {
    pub from_start: u32,
    pub from_end: u32,
}

/// `MO`, `2TU` or `-1FR`; the ordinal is 0 where there is none.
#[derive(Clone, Copy)]
pub(super) struct OrdinalDay {
    pub ordinal: i32,
    pub day: Weekday,
}

impl<'a> Rule<'a> {
    pub fn read(text: &'a str) -> Result<Self, Refusal> {
        let mut parts = Parts::of(text)?;
        let rule = Rule {
            frequency: Frequency::read(parts.take("FREQ").ok_or_else(|| unreadable("no FREQ"))?)?,
            interval: parts.number("INTERVAL")?.unwrap_or(1),
            end: End::read(parts.number("COUNT")?, parts.take("UNTIL"))?,
            week_start: parts.read("WKST", weekday)?.unwrap_or(Weekday::Monday),
            months: parts.list("BYMONTH", number_from(1, 12))?.map(|months| bits(&months) as u16 >> 1),
            month_days: parts.list("BYMONTHDAY", signed_up_to(31))?.map(|days| MonthDays::of(&days)),
            days: parts.list("BYDAY", OrdinalDay::read)?,
            positions: parts.list("BYSETPOS", signed_up_to(366))?.unwrap_or_default(),
            last_day_instead: parts.skip()?,
            clock: ["BYHOUR", "BYMINUTE", "BYSECOND"].map(|name| parts.take(name)),
            text,
        };
        match parts.0.first() {
            // Including BYWEEKNO and BYYEARDAY, which exist but mean nothing to Exchange.
            Some((name, value)) => Err(not_expressible(&format!("{}={value}", name.to_ascii_uppercase()))),
            None => Ok(rule),
        }
    }

    /// The parts that decide which dates, as they were written.
    pub fn choice(&self) -> Vec<String> {
        let parts = self.text.split(';').map(|part| part.trim().to_ascii_uppercase());
        parts.filter(|part| part.starts_with("BY") || part.starts_with("INTERVAL")).collect()
    }
}

/// `NAME=value` pairs not understood yet.
struct Parts<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Result<Self, Refusal> {
        let mut parts = Parts(Vec::new());
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| unreadable(part))?;
            let (name, value) = (name.trim(), value.trim());
            // RFC 5545: "The same rule part MUST NOT be specified more than once". So there are few, too.
            if parts.0.len() == 32 || parts.0.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
                return Err(unreadable(&format!("{name} twice")));
            }
            parts.0.push((name, value));
        }
        Ok(parts)
    }

    fn take(&mut self, name: &str) -> Option<&'a str> {
        let at = self.0.iter().position(|(other, _)| other.eq_ignore_ascii_case(name))?;
        Some(self.0.swap_remove(at).1)
    }

    fn read<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Refusal> {
        let Some(value) = self.take(name) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| unreadable(&format!("{name}={value}")))
    }

    fn number(&mut self, name: &str) -> Result<Option<u32>, Refusal> {
        self.read(name, |value| number(value).filter(|number| *number > 0))
    }

    fn list<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<Vec<T>>, Refusal> {
        self.read(name, |value| {
            let few = value.bytes().filter(|byte| *byte == b',').count() < MOST_NUMBERS;
            few.then(|| value.split(',').map(|item| read(item.trim())).collect()).flatten()
        })
    }

    /// RSCALE and SKIP (RFC 7529 §4): the only calendar that Exchange counts these patterns in is our own.
    fn skip(&mut self) -> Result<bool, Refusal> {
        if let Some(scale) = self.take("RSCALE").filter(|scale| !scale.eq_ignore_ascii_case("GREGORIAN")) {
            return Err(not_expressible(&format!("RSCALE={scale}")));
        }
        match self.take("SKIP") {
            None => Ok(false),
            Some(skip) if skip.eq_ignore_ascii_case("OMIT") => Ok(false),
            Some(skip) if skip.eq_ignore_ascii_case("BACKWARD") => Ok(true),
            Some(skip) => Err(not_expressible(&format!("SKIP={skip}"))),
        }
    }
}

impl Frequency {
    fn read(text: &str) -> Result<Self, Refusal> {
        match text.to_ascii_uppercase().as_str() {
            "DAILY" => Ok(Frequency::Daily),
            "WEEKLY" => Ok(Frequency::Weekly),
            "MONTHLY" => Ok(Frequency::Monthly),
            "YEARLY" => Ok(Frequency::Yearly),
            finer @ ("HOURLY" | "MINUTELY" | "SECONDLY") => Err(not_expressible(&format!("FREQ={finer}"))),
            other => Err(unreadable(&format!("FREQ={other}"))),
        }
    }
}

impl End {
    fn read(count: Option<u32>, until: Option<&str>) -> Result<Self, Refusal> {
        match (count, until) {
            (None, None) => Ok(End::Never),
            (Some(count), None) => Ok(End::Count(count)),
            (None, Some(until)) => {
                Stamp::read(until).map(End::Until).ok_or_else(|| unreadable(&format!("UNTIL={until}")))
            }
            (Some(_), Some(_)) => Err(unreadable("COUNT and UNTIL")),
        }
    }
}

impl MonthDays {
    fn of(days: &[i32]) -> Self {
        let bits = |sign: i32| days.iter().filter(|day| **day * sign > 0).fold(0, |bits, day| bits | 1 << day.abs());
        MonthDays { from_start: bits(1), from_end: bits(-1) }
    }
}

impl OrdinalDay {
    fn read(text: &str) -> Option<Self> {
        let (ordinal, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
        let ordinal = if ordinal.is_empty() { 0 } else { signed_up_to(53)(ordinal)? };
        Some(OrdinalDay { ordinal, day: weekday(day)? })
    }
}

/// The days of BYDAY where they are not counted.
pub(super) fn plain_days(days: &[OrdinalDay]) -> Option<WeekDays> {
    if days.iter().any(|day| day.ordinal != 0) { None } else { WeekDays::new(days.iter().map(|day| day.day)) }
}

/// RFC 5545's names of the weekdays, from Monday.
pub(super) const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

fn weekday(text: &str) -> Option<Weekday> {
    let at = WEEKDAYS.iter().position(|name| name.eq_ignore_ascii_case(text))?;
    Some(Weekday::ALL[at])
}

/// Digits only, few enough for a `u32`.
pub(super) fn number(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

fn number_from(least: u32, most: u32) -> impl Fn(&str) -> Option<u32> {
    move |text| number(text).filter(|number| (least..=most).contains(number))
}

/// From -most to most, without 0.
fn signed_up_to(most: u32) -> impl Fn(&str) -> Option<i32> {
    move |text| {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        number_from(1, most)(digits).map(|number| sign * number.cast_signed())
    }
}

fn bits(numbers: &[u32]) -> u32 {
    numbers.iter().fold(0, |bits, number| bits | 1 << number)
}
