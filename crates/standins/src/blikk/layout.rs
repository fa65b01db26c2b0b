//! When does a series take place? Content lines laid out on the wall clock where it takes place (pure).
//!
//! The rule is laid out by the crate `rrule`, on local times that are called UTC for its sake; the way from the wall to
//! the instant is ours, as the contract says it (in a gap on, in a fold the first).

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use rrule::RRuleSet;

use super::event::Moment;

/// More occurrences than this are not looked at in one go.
const MOST: u16 = 2000;

/// Why lines are no series, for `recurrence`.
type Wrong = &'static str;

pub(super) struct Layout {
    rule: RRuleSet,
    /// `None`: whole days.
    zone: Option<Tz>,
    excluded: BTreeSet<Stamp>,
}

/// A time in a line, on the wall of the series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stamp {
    Day(NaiveDate),
    At(NaiveDateTime),
}

impl Layout {
    pub fn read(lines: &[String], start: &Moment) -> Result<Self, Wrong> {
        let zone = zone_of(start);
        let (mut rules, mut added, mut excluded) = (Vec::new(), Vec::new(), BTreeSet::new());
        for line in lines {
            let (head, value) = line.split_once(':').ok_or("Not a content line.")?;
            let mut parameters = head.split(';');
            match parameters.next() {
                Some("RRULE") => rules.push(value),
                Some("EXDATE") => excluded.extend(stamps(parameters, value, zone)?),
                Some("RDATE") => added.extend(stamps(parameters, value, zone)?),
                _ => return Err("Neither RRULE, EXDATE nor RDATE."),
            }
        }
        let [rule] = rules[..] else { return Err("Not exactly one RRULE.") };
        let first = on_the_wall(start);
        let text = format!("DTSTART:{}Z\nRRULE:{}", first.format("%Y%m%dT%H%M%S"), with_local_end(rule, zone)?);
        let rule: RRuleSet = text.parse().map_err(|_| "Not a rule that can be shown here.")?;
        let rule = added.into_iter().fold(rule, |rule, stamp| rule.rdate(as_utc(stamp.at_time(first.time()))));
        Ok(Layout { rule, zone, excluded })
    }

    /// When it begins on the wall, between two readings of the clock; excluded ones left out.
    pub fn between(&self, from: NaiveDateTime, to: NaiveDateTime) -> Vec<NaiveDateTime> {
        let all = self.rule.clone().after(as_utc(from)).before(as_utc(to)).all(MOST).dates;
        let locals = all.into_iter().map(|date| date.naive_utc());
        locals.filter(|local| !self.excludes(*local)).collect()
    }

    /// When the occurrence of that date begins on the wall, if there is one.
    pub fn on(&self, date: NaiveDate) -> Option<NaiveDateTime> {
        let midnight = date.and_time(NaiveTime::MIN);
        self.between(midnight, midnight + TimeDelta::seconds(86_399)).first().copied()
    }

    /// The date by which an occurrence is known: that of its original start, in the zone of the series. `None` for a
    /// date in a timed series or a time in one of whole days.
    pub fn date_of(&self, original: &Moment) -> Option<NaiveDate> {
        match (original, self.zone) {
            (Moment::On { date }, None) => Some(*date),
            (Moment::At { date_time, .. }, Some(zone)) => Some(date_time.with_timezone(&zone).date_naive()),
            _ => None,
        }
    }

    fn excludes(&self, local: NaiveDateTime) -> bool {
        self.excluded.contains(&Stamp::At(local)) || self.excluded.contains(&Stamp::Day(local.date()))
    }
}

impl Stamp {
    fn at_time(self, time: NaiveTime) -> NaiveDateTime {
        match self {
            Stamp::Day(date) => date.and_time(time),
            Stamp::At(local) => local,
        }
    }
}

fn zone_of(start: &Moment) -> Option<Tz> {
    match start {
        // Checked when the moment was read.
        Moment::At { time_zone, .. } => Some(time_zone.parse().unwrap_or(Tz::UTC)),
        Moment::On { .. } => None,
    }
}

/// What the wall clock shows at a moment, where it takes place.
pub(super) fn on_the_wall(moment: &Moment) -> NaiveDateTime {
    match zone_of(moment) {
        Some(zone) => moment.instant().with_timezone(&zone).naive_local(),
        None => moment.instant().naive_utc(),
    }
}

/// The moment at which the wall clock where `like` takes place shows `local`.
pub(super) fn moment_on_the_wall(local: NaiveDateTime, like: &Moment) -> Moment {
    match like {
        Moment::On { .. } => Moment::On { date: local.date() },
        Moment::At { time_zone, .. } => {
            let zone = zone_of(like).unwrap_or(Tz::UTC);
            Moment::At { date_time: instant_of(zone, local), time_zone: time_zone.clone() }
        }
    }
}

fn instant_of(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let found = zone.from_local_datetime(&local).earliest();
    found.map_or_else(
        || {
            // In a gap the clock has gone on from an hour ago.
            let before = zone.from_local_datetime(&(local - TimeDelta::days(1))).earliest();
            before.map_or_else(|| local.and_utc(), |before| before.to_utc() + TimeDelta::days(1))
        },
        |instant| instant.to_utc(),
    )
}

fn as_utc(local: NaiveDateTime) -> DateTime<rrule::Tz> {
    rrule::Tz::UTC.from_utc_datetime(&local)
}

/// The rule with UNTIL as the wall clock of the series shows it.
fn with_local_end(rule: &str, zone: Option<Tz>) -> Result<String, Wrong> {
    let parts = rule.split(';').map(|part| match part.split_once('=') {
        Some(("UNTIL", until)) => {
            let until = match stamp(until, None, zone).ok_or("UNTIL is no time.")? {
                Stamp::Day(date) => date.and_time(NaiveTime::MIN) + Days::new(1) - TimeDelta::seconds(1),
                Stamp::At(local) => local,
            };
            Ok(format!("UNTIL={}Z", until.format("%Y%m%dT%H%M%S")))
        }
        _ => Ok(part.to_owned()),
    });
    Ok(parts.collect::<Result<Vec<_>, Wrong>>()?.join(";"))
}

fn stamps<'a>(parameters: impl Iterator<Item = &'a str>, value: &str, zone: Option<Tz>) -> Result<Vec<Stamp>, Wrong> {
    let mut written_in = None;
    for parameter in parameters {
        match parameter.split_once('=') {
            Some(("TZID", id)) => written_in = Some(id.parse::<Tz>().map_err(|_| "TZID is not known here.")?),
            Some(("VALUE", "DATE" | "DATE-TIME")) => {}
            _ => return Err("A parameter that is not known here."),
        }
    }
    value.split(',').map(|text| stamp(text, written_in, zone).ok_or("Neither a date nor a time.")).collect()
}

/// `20270329`, `20270329T090000` or `20270329T070000Z`, brought to the wall of the series.
fn stamp(text: &str, written_in: Option<Tz>, zone: Option<Tz>) -> Option<Stamp> {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y%m%d") {
        return Some(Stamp::Day(date));
    }
    let local = NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y%m%dT%H%M%S").ok()?;
    let Some(zone) = zone else { return Some(Stamp::Day(local.date())) };
    let instant = match written_in {
        _ if text.ends_with('Z') => local.and_utc(),
        Some(written_in) if written_in != zone => instant_of(written_in, local),
        _ => return Some(Stamp::At(local)),
    };
    Some(Stamp::At(instant.with_timezone(&zone).naive_local()))
}
