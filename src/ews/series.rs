//! A series: how Exchange tells it, and what has to be written for each of its exceptions.
//!
//! Exchange holds a series as one item, the *recurring master*, which tells its rule and lists what departs from it:
//! ModifiedOccurrences with an id each, to be fetched, and DeletedOccurrences with nothing but a time. Both lists can
//! only be read (R18). They change by acting on occurrences, each named by its number ([`ItemRef::Occurrence`]).
//!
//! Both lists name an occurrence by its original start, an instant. The *date* of that instant in the zone of the
//! series is what we know it by ([`OriginalDate`]); for an all-day series, whose midnights are as uncertain as those of
//! any all-day item, it is the nearest date (R04).
//!
//! **What makes Exchange forget.** A write to the rule or the times of a series drops its exceptions and brings back
//! what was deleted; not every server does so every time. So [`steps`] are computed from what the server says it holds
//! *after* such a write, not from what it should have forgotten. And since there is no way to undelete an occurrence, a
//! series of which one shall be back ([`brings_back`]) has to lose its rule and get it again.
//!
//! [`ItemRef::Occurrence`]: crate::ews::operation::ItemRef::Occurrence

use chrono::{DateTime, NaiveDate, Utc};

use crate::event::{Changes, Event, Exception, OriginalDate, Series, When, set_of};
use crate::ews::item::{CalendarItem, OccurrenceInfo};
use crate::ews::mapping::{Place, content, date_of, when_of};
use crate::recurrence::Recurrence;
use crate::zone::{ZoneId, ZoneRules, date_at};

/// What an item tells of the exceptions of its series.
pub(super) struct Told {
    pub modified: Vec<OccurrenceInfo>,
    /// The items of `modified`, in that order.
    pub items: Vec<CalendarItem>,
    pub deleted: Vec<DateTime<Utc>>,
}

/// The series whose first occurrence is `all`, on `first`.
pub(super) fn series_of<Z: ZoneRules>(
    mut all: Event,
    (recurrence, first): (Recurrence, NaiveDate),
    zone: &ZoneId,
    told: Told,
    place: &Place<'_, Z>,
) -> Event {
    let mut series = Series::new(recurrence);
    let date = |original_start| {
        let date = original_date(original_start, all.when.is_all_day(), zone, place)?;
        // What the rule does not hold cannot be departed from; some servers keep what an older rule left behind.
        recurrence.contains(first, date).then_some(OriginalDate(date))
    };
    for (info, item) in told.modified.iter().zip(told.items) {
        let Some(date) = date(info.original_start) else { continue };
        if let Some(changes) = changes_of(&all, item, date, place) {
            series.exceptions.insert(date, Exception::Changed(Box::new(changes)));
        }
    }
    for date in told.deleted.iter().filter_map(|start| date(*start)) {
        series.exceptions.insert(date, Exception::Cancelled);
    }
    all.series = Some(series);
    all.tidied()
}

/// The date on which the rule has the occurrence.
fn original_date<Z: ZoneRules>(
    original_start: DateTime<Utc>,
    is_all_day: bool,
    zone: &ZoneId,
    place: &Place<'_, Z>,
) -> Option<NaiveDate> {
    if is_all_day { date_of(original_start, zone, place) } else { date_at(place.rules, zone, original_start) }
}

/// The date on which the rule has an occurrence that was asked for as [`Shape::Placed`].
///
/// [`Shape::Placed`]: crate::ews::operation::Shape::Placed
pub fn original_date_of<Z: ZoneRules>(occurrence: &CalendarItem, place: &Place<'_, Z>) -> Option<NaiveDate> {
    let (_, zone) = when_of(occurrence, false, place).ok()?;
    // Of an occurrence that was never changed, some servers tell only where it is.
    let original_start = occurrence.original_start.or(occurrence.start)?;
    original_date(original_start, occurrence.is_all_day, &zone, place)
}

/// How an exception departs from its series; `None` where its time cannot be understood.
fn changes_of<Z: ZoneRules>(
    all: &Event,
    mut item: CalendarItem,
    date: OriginalDate,
    place: &Place<'_, Z>,
) -> Option<Changes> {
    let by_rule = all.when.on_date(date.0, place.rules)?;
    let (when, _) = when_of(&item, false, place).ok()?;
    let moved = if when.is_same_time_as(&by_rule) { None } else { Some(when.clone()) };
    Some(Changes::between(all, content(&mut item, when), moved))
}

/// What is to be done to one occurrence.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub date: OriginalDate,
    /// InstanceIndex: counted from 1, deleted ones included (R17).
    pub index: u32,
    pub act: Act,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// It does not take place.
    Cancel,
    /// It takes place, otherwise than now: both are the occurrence as an event of its own.
    Change { before: Box<Event>, after: Box<Event> },
}

/// Whether Exchange may forget exceptions when it is told of this change.
pub fn makes_forget(before: &Event, after: &Event) -> bool {
    let rule = |event: &Event| event.series.as_ref().map(|series| series.recurrence);
    rule(before) != rule(after) || !before.when.is_same_time_as(&after.when)
}

/// Whether an occurrence shall take place again that was deleted.
pub fn brings_back(now: &Event, wanted: &Event) -> bool {
    let (Some(now), Some(wanted)) = (&now.series, &wanted.series) else { return false };
    let deleted = now.exceptions.iter().filter(|(_, exception)| **exception == Exception::Cancelled);
    deleted.into_iter().any(|(date, _)| wanted.exceptions.get(date) != Some(&Exception::Cancelled))
}

/// What makes the exceptions of `after` out of those of `before`, by date. Both have the same rule; a deletion that is
/// to be undone is not among them ([`brings_back`]), nor is a date that the rule does not hold.
pub fn steps(before: &Event, after: &Event, rules: &impl ZoneRules) -> Vec<Step> {
    let Some(series) = &after.series else { return Vec::new() };
    let Some(first) = after.when.first_date(rules) else { return Vec::new() };
    let nothing = Default::default();
    let old = before.series.as_ref().map_or(&nothing, |series| &series.exceptions);
    let dates = set_of(old.keys().chain(series.exceptions.keys()).copied());
    dates
        .into_iter()
        .filter_map(|date| {
            let act = act(before, old.get(&date), after, series.exceptions.get(&date), date, rules)?;
            let index = series.recurrence.index_of(first, date.0)?;
            Some(Step { date, index, act })
        })
        .collect()
}

fn act(
    before: &Event,
    old: Option<&Exception>,
    after: &Event,
    new: Option<&Exception>,
    date: OriginalDate,
    rules: &impl ZoneRules,
) -> Option<Act> {
    match (old, new) {
        (Some(Exception::Cancelled), _) => None,
        (_, Some(Exception::Cancelled)) => Some(Act::Cancel),
        _ => {
            let before = occurrence(before, old, date, rules)?;
            let after = occurrence(after, new, date, rules)?;
            (before != after).then(|| Act::Change { before: Box::new(before), after: Box::new(after) })
        }
    }
}

/// The occurrence of that date as an event of its own; `None` where it does not take place.
pub fn occurrence(
    all: &Event,
    exception: Option<&Exception>,
    date: OriginalDate,
    rules: &impl ZoneRules,
) -> Option<Event> {
    let when: When = all.when.on_date(date.0, rules)?;
    match exception {
        Some(Exception::Cancelled) => None,
        Some(Exception::Changed(changes)) => Some(changes.applied_to(all, when)),
        None => Some(Changes::default().applied_to(all, when)),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "series_tests.rs"]
mod tests;
