//! Which days are synchronised (pure).
//!
//! A window holds so many days before and after today. Today, and the days on which an event takes place, are those of the
//! window's own zone: half past eleven in the evening in Stockholm is that day, though in UTC it may be the next one. Only
//! an all-day event has its dates wherever anybody is.
//!
//! An event is inside when any of its occurrences is. A series repeats on the dates of *its* zone, and each of them lies
//! where the window's clock has it then.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use crate::event::{Event, Exception, OriginalDate, Series, When};
use crate::sync::options::Window;
use crate::zone::{ZoneId, ZoneRules, date_at, start_of_day};

/// Where an event lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Inside,
    /// `enters`: when the window reaches it; `None`: it is past.
    Outside {
        enters: Option<DateTime<Utc>>,
    },
}

/// Where `event` lies at `now`. A zone that `rules` do not know has the days of UTC.
pub fn place(event: &Event, window: &Window, now: DateTime<Utc>, rules: &dyn ZoneRules) -> Place {
    let wall = Wall { zone: &window.zone, rules };
    let today = wall.date_at(now);
    let first = today.checked_sub_days(Days::new(window.days_back.into())).unwrap_or(NaiveDate::MIN);
    let last = today.checked_add_days(Days::new(window.days_ahead.into())).unwrap_or(NaiveDate::MAX);
    match next_start(event, first, &wall) {
        Some(start) if start <= last => Place::Inside,
        Some(start) => Place::Outside { enters: reached(start, window, &wall) },
        None => Place::Outside { enters: None },
    }
}

/// Whose days are counted.
struct Wall<'a> {
    zone: &'a ZoneId,
    rules: &'a dyn ZoneRules,
}

impl Wall<'_> {
    fn date_at(&self, instant: DateTime<Utc>) -> NaiveDate {
        date_at(&self.rules, self.zone, instant).unwrap_or_else(|| instant.date_naive())
    }

    fn start_of(&self, date: NaiveDate) -> Option<DateTime<Utc>> {
        // The rules are asked for the days around it, which must be there.
        let (Some(_), Some(_)) = (date.pred_opt(), date.succ_opt()) else { return None };
        start_of_day(&self.rules, self.zone, date).or_else(|| Some(date.and_hms_opt(0, 0, 0)?.and_utc()))
    }

    /// The first and the last date on which it takes place.
    fn dates(&self, when: &When) -> (NaiveDate, NaiveDate) {
        match when {
            When::AllDay(span) => (span.start(), span.end().pred_opt().unwrap_or(span.start())),
            When::Timed(span) => {
                let start = span.start().instant();
                // What ends at midnight does not take place on the day that begins then.
                let end = span.end().instant().checked_sub_signed(TimeDelta::seconds(1)).unwrap_or(start).max(start);
                (self.date_at(start), self.date_at(end))
            }
        }
    }
}

/// The first day of a window that reaches as far as `start`.
fn reached(start: NaiveDate, window: &Window, wall: &Wall<'_>) -> Option<DateTime<Utc>> {
    wall.start_of(start.checked_sub_days(Days::new(window.days_ahead.into()))?)
}

/// The first date of the earliest occurrence that is not over before `day`.
fn next_start(event: &Event, day: NaiveDate, wall: &Wall<'_>) -> Option<NaiveDate> {
    let Some(series) = &event.series else {
        let (start, end) = wall.dates(&event.when);
        return (end >= day).then_some(start);
    };
    let moved = series.exceptions.values().filter_map(moved_to).map(|when| wall.dates(when));
    let moved = moved.filter(|(_, end)| *end >= day).map(|(start, _)| start).min();
    next_by_rule(&event.when, series, day, wall).into_iter().chain(moved).min()
}

/// As [`next_start`], of the occurrences that stand where the rule puts them.
fn next_by_rule(when: &When, series: &Series, day: NaiveDate, wall: &Wall<'_>) -> Option<NaiveDate> {
    let (start, end) = wall.dates(when);
    let length = end - start;
    let first = when.first_date(&wall.rules).unwrap_or_else(|| first_around(start, series));
    // Where it takes place it may be another date, and in a week with a change of the clock it may reach into another.
    let from = day.checked_sub_signed(length + TimeDelta::days(2)).unwrap_or(NaiveDate::MIN);
    // As many are passed over as there are exceptions, at most.
    let is_kept = |date: &NaiveDate| match series.exceptions.get(&OriginalDate(*date)) {
        Some(exception @ Exception::Changed(_)) => moved_to(exception).is_none(),
        Some(Exception::Cancelled) => false,
        None => true,
    };
    let dates_on = |date: NaiveDate| match when.on_date(date, &wall.rules) {
        Some(when) => wall.dates(&when),
        None => (date, date.checked_add_signed(length).unwrap_or(date)),
    };
    let mut occurrences = series.recurrence.occurrences(first).on_or_after(from).filter(is_kept).map(dates_on);
    occurrences.find(|(_, end)| *end >= day).map(|(start, _)| start)
}

/// The first date of a series in a zone whose rules nobody knows: of the dates around, the first one that its rule has
/// (R26: a series begins with an occurrence).
fn first_around(date: NaiveDate, series: &Series) -> NaiveDate {
    let around = [Some(date), date.succ_opt(), date.pred_opt()];
    around.into_iter().flatten().find(|date| series.recurrence.agrees_with_start(*date)).unwrap_or(date)
}

fn moved_to(exception: &Exception) -> Option<&When> {
    match exception {
        Exception::Changed(changes) => changes.when.as_ref(),
        Exception::Cancelled => None,
    }
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
