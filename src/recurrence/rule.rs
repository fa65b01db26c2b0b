//! Recurrence as iCalendar text: RRULE, EXDATE and RDATE lines (RFC 5545 §3.8.5).
//!
//! Blikk keeps a series as such lines; Exchange has its six patterns. RRULE can say far more than they can, and the
//! same thing in many ways, so [`read`] does not look for known phrases. It works out what a rule *means* and looks for
//! the pattern that means the same (`rule/meaning.rs`); a rule that no pattern equals on every date is refused with the part
//! that is in the way. [`write()`] says a pattern in one way only, and that text means under RFC 5545 exactly what the
//! pattern means to Exchange: a 31st that is the last day of shorter months cannot be `BYMONTHDAY=31`, which skips
//! them.
//!
//! The start is not among the lines. It is the event's own time, a [`SeriesStart`] here; times in the lines are turned
//! to original dates in the zone of the series (R20), because dates are all that a series remembers.

mod grammar;
mod lines;
mod meaning;
mod picks;
mod write;

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::expand::LAST_DATE;
use super::{Count, Range, Recurrence, SeriesStart};
use crate::zone::{ZoneId, ZoneRules, instant_of};
use grammar::{End, Rule};
use lines::{ContentLine, Stamp, content_lines};

pub use write::write;

/// What the lines of a series say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRead {
    pub recurrence: Recurrence,
    /// The original dates of deleted occurrences. Dates that are no occurrences are not kept: to exclude them means
    /// nothing.
    pub excluded: BTreeSet<NaiveDate>,
}

/// Why lines did not become a [`Recurrence`]. The text is the part in the way, in RFC 5545's own words, for support and
/// history; it is the same whatever language the person reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It means something, but nothing that Exchange can hold.
    NotExpressible(String),
    /// It is no recurrence text.
    Unreadable(String),
}

impl Refusal {
    pub fn text(&self) -> &str {
        match self {
            Refusal::NotExpressible(text) | Refusal::Unreadable(text) => text,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for Refusal {}

/// A bit of the text that is refused. It may be of any length and hold anything, so not all of it is repeated.
fn excerpt(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).take(60).collect()
}

fn not_expressible(text: &str) -> Refusal {
    Refusal::NotExpressible(excerpt(text))
}

fn unreadable(text: &str) -> Refusal {
    Refusal::Unreadable(excerpt(text))
}

/// The series that these lines say, for an event that starts at `start`.
///
/// Reading is tolerant: case, blank space, folded lines and the order of things do not matter. It does not guess: what
/// it does not know is refused by its name.
///
/// ```
/// use blikk_calendar_sync::recurrence::{rule, Pattern, Range, SeriesStart};
/// use blikk_calendar_sync::zone::{IanaRules, ZoneId};
///
/// let start = SeriesStart::Timed {
///     local: "2027-01-29T14:00:00".parse().unwrap(),
///     zone: ZoneId::new("Europe/Stockholm"),
/// };
/// // The last working day of every month, in one of the ways of saying it, but not in February.
/// let lines = ["RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "EXDATE:20270226T130000Z"];
/// let read = rule::read(&lines, &start, &IanaRules).unwrap();
/// assert!(matches!(read.recurrence.pattern, Pattern::RelativeMonthly { .. }));
/// assert!(read.excluded.contains(&"2027-02-26".parse().unwrap()));
///
/// let every_hour = rule::read(&["RRULE:FREQ=HOURLY"], &start, &IanaRules);
/// assert_eq!(every_hour, Err(rule::Refusal::NotExpressible("FREQ=HOURLY".into())));
/// ```
///
/// # Errors
/// [`Refusal::NotExpressible`] for a series that Exchange cannot hold, [`Refusal::Unreadable`] for text that is none.
pub fn read<L: AsRef<str>>(lines: &[L], start: &SeriesStart, rules: &impl ZoneRules) -> Result<RuleRead, Refusal> {
    let text = lines::unfolded(lines)?;
    let mut rule = None;
    let mut dates = Vec::new();
    for line in content_lines(&text) {
        let line = line?;
        match line.name.as_str() {
            "RRULE" if rule.is_some() => return Err(not_expressible("RRULE twice")),
            "RRULE" => rule = Some(Rule::read(line.value)?),
            "EXDATE" | "RDATE" => dates.push(line),
            other => return Err(not_expressible(other)),
        }
    }
    let rule = rule.ok_or_else(|| unreadable("no RRULE"))?;
    let recurrence = recurrence(&rule, start, rules)?;
    let mut excluded = BTreeSet::new();
    for line in &dates {
        let is_rdate = line.name == "RDATE";
        for stamp in line.stamps() {
            let date = original_date(line, stamp?, start, rules)?;
            let occurrence = date.filter(|date| recurrence.contains(start.date(), *date));
            match occurrence {
                // No Exchange series has a date outside its pattern; one inside it is there without being named.
                None if is_rdate => return Err(not_expressible("RDATE")),
                Some(date) if !is_rdate => _ = excluded.insert(date),
                _ => {}
            }
        }
    }
    Ok(RuleRead { recurrence, excluded })
}

fn recurrence(rule: &Rule, start: &SeriesStart, rules: &impl ZoneRules) -> Result<Recurrence, Refusal> {
    let pattern = meaning::pattern(rule, start)?;
    let range = match rule.end {
        End::Never => Range::NoEnd,
        End::Until(until) => Range::EndDate(last_date(until, start, rules)?),
        End::Count(count) => match Count::new(count) {
            Some(count) => Range::Numbered(count),
            // More than Exchange counts to, so the date of the last one says the same.
            None => Recurrence { pattern, range: Range::NoEnd }
                .date_of(start.date(), count)
                .map_or(Range::NoEnd, Range::EndDate),
        },
    };
    let recurrence = Recurrence { pattern, range };
    // R26, and RFC 5545 §3.8.5.3: what a rule means from a start that it does not have is undefined.
    if recurrence.agrees_with_start(start.date()) {
        Ok(recurrence)
    } else {
        Err(not_expressible("DTSTART outside RRULE"))
    }
}

/// UNTIL as the last date on which an occurrence may begin. RFC 5545 asks for UTC in a timed series and a date in an
/// all-day one; calendars write any form in either.
fn last_date(until: Stamp, start: &SeriesStart, rules: &impl ZoneRules) -> Result<NaiveDate, Refusal> {
    let date = match (until, start) {
        (Stamp::Date(date), _) => Some(date),
        (Stamp::Local(until), SeriesStart::AllDay(_)) => Some(until.date()),
        (Stamp::Utc(until), SeriesStart::AllDay(_)) => Some(until.date_naive()),
        (Stamp::Local(until), SeriesStart::Timed { local, .. }) => {
            if local.time() <= until.time() {
                Some(until.date())
            } else {
                until.date().pred_opt()
            }
        }
        (Stamp::Utc(until), SeriesStart::Timed { .. }) => start.last_date_until(rules, until),
    };
    // UTC's last date may be a day later on the wall.
    date.map(|date| date.min(LAST_DATE)).ok_or_else(|| not_expressible("UNTIL in an unknown zone"))
}

/// The original date of the occurrence that an EXDATE or RDATE means; `None` when it lies at another time of day than
/// the series and so can mean none.
fn original_date(
    line: &ContentLine,
    stamp: Stamp,
    start: &SeriesStart,
    rules: &impl ZoneRules,
) -> Result<Option<NaiveDate>, Refusal> {
    // Midnight is how calendars write a date that must have a time. Any other time would need a zone to be a date.
    let at_midnight = |time: NaiveDateTime| {
        if time.time() == NaiveTime::MIN { Ok(Some(time.date())) } else { Err(not_expressible(&line.name)) }
    };
    match (start, stamp) {
        (_, Stamp::Date(date)) => Ok(Some(date)),
        (SeriesStart::AllDay(_), Stamp::Local(time)) => at_midnight(time),
        (SeriesStart::AllDay(_), Stamp::Utc(instant)) => at_midnight(instant.naive_utc()),
        (SeriesStart::Timed { .. }, Stamp::Utc(instant)) => Ok(start.date_of(rules, instant)),
        (SeriesStart::Timed { local, zone }, Stamp::Local(time)) => {
            // Without TZID it is a time on the wall of the series, and calendars may write a Windows id (R05).
            let there = line
                .zone
                .map_or_else(|| zone.clone(), |id| ZoneId::from_windows(id, zone).unwrap_or_else(|| ZoneId::new(id)));
            if there == *zone && time.time() == local.time() {
                return Ok(Some(time.date()));
            }
            let instant = instant_of(rules, &there, time).ok_or_else(|| not_expressible(there.as_str()))?;
            Ok(start.date_of(rules, instant))
        }
    }
}
