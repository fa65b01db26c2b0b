//! Which days are synchronised (pure).
//!
//! A window holds so many days before and after today. Days are counted in UTC: at its edges it may be a few hours off
//! the person's own days, and nothing hangs on that but when an event is brought over.
//!
//! An event is inside when any of its occurrences is. A series counts from its first date where it takes place, and the
//! zone's rules are not asked for it: of the dates around the UTC date, the first one that its rule has is taken
//! (R26: a series begins with an occurrence).

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use crate::event::{Event, Exception, OriginalDate, Series, When};
use crate::sync::options::Window;

/// Where an event lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Inside,
    /// `enters`: when the window reaches it; `None`: it is past.
    Outside {
        enters: Option<DateTime<Utc>>,
    },
}

/// Where `event` lies at `now`.
pub fn place(event: &Event, window: &Window, now: DateTime<Utc>) -> Place {
    let today = now.date_naive();
    let first = today.checked_sub_days(Days::new(window.days_back.into())).unwrap_or(NaiveDate::MIN);
    let last = today.checked_add_days(Days::new(window.days_ahead.into())).unwrap_or(NaiveDate::MAX);
    match next_start(event, first) {
        Some(start) if start <= last => Place::Inside,
        Some(start) => Place::Outside { enters: reached(start, window) },
        None => Place::Outside { enters: None },
    }
}

/// The first day of a window that reaches as far as `start`.
fn reached(start: NaiveDate, window: &Window) -> Option<DateTime<Utc>> {
    let day = start.checked_sub_days(Days::new(window.days_ahead.into()))?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

/// The first date of the earliest occurrence that is not over before `day`.
fn next_start(event: &Event, day: NaiveDate) -> Option<NaiveDate> {
    let Some(series) = &event.series else {
        let (start, end) = dates(&event.when);
        return (end >= day).then_some(start);
    };
    let moved = series.exceptions.values().filter_map(moved_to).map(dates);
    let moved = moved.filter(|(_, end)| *end >= day).map(|(start, _)| start).min();
    next_by_rule(&event.when, series, day).into_iter().chain(moved).min()
}

/// As [`next_start`], of the occurrences that stand where the rule puts them.
fn next_by_rule(when: &When, series: &Series, day: NaiveDate) -> Option<NaiveDate> {
    let (start, end) = dates(when);
    let length = end - start;
    let around = [Some(start), start.succ_opt(), start.pred_opt()];
    let begins = |first: &NaiveDate| series.recurrence.agrees_with_start(*first);
    let first = match when {
        When::AllDay(_) => start,
        When::Timed(_) => around.into_iter().flatten().find(begins).unwrap_or(start),
    };
    let from = day.checked_sub_signed(length).unwrap_or(NaiveDate::MIN);
    // As many are passed over as there are exceptions, at most.
    let is_kept = |date: &NaiveDate| match series.exceptions.get(&OriginalDate(*date)) {
        Some(exception @ Exception::Changed(_)) => moved_to(exception).is_none(),
        Some(Exception::Cancelled) => false,
        None => true,
    };
    series.recurrence.occurrences(first).on_or_after(from).find(is_kept)
}

fn moved_to(exception: &Exception) -> Option<&When> {
    match exception {
        Exception::Changed(changes) => changes.when.as_ref(),
        Exception::Cancelled => None,
    }
}

/// The first and the last date on which it takes place.
fn dates(when: &When) -> (NaiveDate, NaiveDate) {
    match when {
        When::AllDay(span) => (span.start(), span.end().pred_opt().unwrap_or(span.start())),
        When::Timed(span) => {
            let start = span.start().instant();
            // What ends at midnight does not take place on the day that begins then.
            let end = span.end().instant().checked_sub_signed(TimeDelta::seconds(1)).unwrap_or(start).max(start);
            (start.date_naive(), end.date_naive())
        }
    }
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
