//! A series: recurrence lines and exceptions on Blikk's side, a [`Series`] on ours.
//!
//! An exception is known by its original *date* in the zone of the series (see [`crate::recurrence`] for why), while the
//! contract writes an original start: a date, or an instant. Whatever form it comes in is brought to that date, and
//! so are the EXDATE lines (R20). What the rule does not hold is no occurrence; to change or cancel it means nothing,
//! and it is neither read nor written.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};

use super::occurrence::{changes_of, date_of, fields_of, moment_of, wire_date, wire_moment};
use super::{given, unreadable};
use crate::blikk::wire::{ExceptionFields, ExceptionItem, Field, Item};
use crate::event::{Changes, Event, Exception, Moment, OriginalDate, Series, When};
use crate::problem::{Code, Problem};
use crate::recurrence::SeriesStart;
use crate::recurrence::rule::{self, Refusal};
use crate::zone::{ZoneRules, date_at, wall_clock};

/// How the event that begins at `when` repeats; `None` for one that takes place once.
pub(super) fn series_of(item: &Item, when: &When, rules: &impl ZoneRules) -> Result<Option<Series>, Problem> {
    let lines = match given("", "recurrence", &item.recurrence)? {
        Some(lines) if !lines.is_empty() => lines,
        _ => return Ok(None),
    };
    let start = start_of(when, rules)?;
    let read = rule::read(lines, &start, rules).map_err(refused)?;
    let mut series = Series::new(read.recurrence);
    for (place, exception) in given("", "exceptions", &item.exceptions)?.into_iter().flatten().enumerate() {
        let at = format!("exceptions[{place}].");
        let Field::Read(exception) = exception else { return Err(unreadable(&at, "")) };
        let date = original_date(&at, exception, &start, rules)?;
        if series.recurrence.contains(start.date(), date) {
            let mut changes = changes_of(&at, &exception.occurrence)?;
            changes.when = changes.when.filter(|moved| when.on_date(date, rules).as_ref() != Some(moved));
            series.exceptions.insert(OriginalDate(date), Exception::Changed(changes.into()));
        }
    }
    // Last, since what does not take place cannot take place otherwise.
    series.exceptions.extend(read.excluded.into_iter().map(|date| (OriginalDate(date), Exception::Cancelled)));
    Ok(Some(series))
}

/// `recurrence` and `exceptions` of the event.
pub(super) fn series_fields(
    event: &Event,
    rules: &impl ZoneRules,
) -> Result<(Option<Vec<String>>, Vec<ExceptionFields>), Problem> {
    let Some(Series { recurrence, exceptions }) = &event.series else { return Ok((None, Vec::new())) };
    let start = start_of(&event.when, rules)?;
    let mut excluded = BTreeSet::new();
    let mut changed = Vec::new();
    for (OriginalDate(date), exception) in exceptions {
        match exception {
            _ if !recurrence.contains(start.date(), *date) => {}
            Exception::Cancelled => _ = excluded.insert(*date),
            Exception::Changed(changes) => changed.push(exception_fields(*date, changes, &start, rules)?),
        }
    }
    Ok((Some(rule::write(recurrence, &excluded, &start, rules)), changed))
}

fn start_of(when: &When, rules: &impl ZoneRules) -> Result<SeriesStart, Problem> {
    match when {
        When::AllDay(span) => Ok(SeriesStart::AllDay(span.start())),
        When::Timed(span) => {
            let (zone, instant) = (span.start().zone(), span.start().instant());
            let start = SeriesStart::timed(rules, zone, instant);
            start.ok_or_else(|| Problem::new(Code::EventZoneUnknown).said(zone.as_str()))
        }
    }
}

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotExpressible(part) => Problem::new(Code::EventRuleNotExpressible).said(part),
        Refusal::Unreadable(part) => unreadable("recurrence: ", &part),
    }
}

fn original_date(
    at: &str,
    exception: &ExceptionItem,
    start: &SeriesStart,
    rules: &impl ZoneRules,
) -> Result<NaiveDate, Problem> {
    const MEMBER: &str = "originalStart";
    let wrong = || unreadable(at, MEMBER);
    let original = given(at, MEMBER, &exception.original_start)?.ok_or_else(wrong)?;
    if original.date.is_some() {
        return date_of(at, MEMBER, original);
    }
    let original = moment_of(at, MEMBER, original)?;
    match start {
        // Midnight is how a date is written that must have a time (R04). Any other time is none.
        SeriesStart::AllDay(_) => {
            let clock = wall_clock(rules, original.zone(), original.instant());
            clock.filter(|clock| clock.time() == NaiveTime::MIN).map(|clock| clock.date()).ok_or_else(wrong)
        }
        // An instant at which no occurrence begins is one of before the series was moved to another time of day.
        SeriesStart::Timed { zone, .. } => {
            let date = start.date_of(rules, original.instant());
            date.or_else(|| date_at(rules, zone, original.instant())).ok_or_else(wrong)
        }
    }
}

fn exception_fields(
    date: NaiveDate,
    changes: &Changes,
    start: &SeriesStart,
    rules: &impl ZoneRules,
) -> Result<ExceptionFields, Problem> {
    let original_start = match start {
        SeriesStart::AllDay(_) => wire_date(date),
        SeriesStart::Timed { zone, .. } => {
            let instant = start.instant_on(rules, date).ok_or(Code::EventZoneUnknown)?;
            wire_moment(&Moment::new(instant, zone.clone()))
        }
    };
    Ok(ExceptionFields { original_start, occurrence: fields_of(changes.clone()) })
}
