//! A definition from the rules of the tz database, as Windows would have it: one group for as many years as follow the
//! same rules, and a date of its own for a change that no year repeats.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta, TimeZone as _};
use chrono_tz::{OffsetComponents as _, Tz};

use super::definition::{Definition, Group, Period, Target, Transition, Turn, When};

/// The years whose rules are told; the first ones stand for all before, the last ones for all after.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2037;

pub fn definition(id: &str, rules: Tz) -> Definition {
    let mut made = Definition { periods: Vec::new(), groups: Vec::new(), turns: Vec::new() };
    let mut running: Option<Vec<Repeated>> = None;
    for year in YEARS {
        let changes = changes_in(year, rules);
        let begins_as_it_ends = changes.last().is_none_or(|last| last.after == clock_at(new_year(year), rules));
        if !begins_as_it_ends {
            finish(&mut made, running.take());
            for change in changes {
                let to = Target::Period(period(&mut made, id, change.after));
                made.turns.push(Turn { at: Some(change.wall).filter(|_| !made.turns.is_empty()), to });
            }
            continue;
        }
        let rule = repeated(&mut made, id, year, &changes, clock_at(new_year(year), rules));
        running = match running.take() {
            Some(before) => match common(&before, &rule) {
                Some(both) => Some(both),
                None => {
                    finish(&mut made, Some(before));
                    begin(&mut made, year);
                    Some(rule)
                }
            },
            None => {
                begin(&mut made, year);
                Some(rule)
            }
        };
    }
    finish(&mut made, running);
    made
}

/// A clock's state: seconds to the east, and whether it is summer time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Clock {
    offset: i32,
    is_summer: bool,
}

struct Change {
    /// On the wall as it was before.
    wall: NaiveDateTime,
    after: Clock,
}

/// A change that a whole row of years has; `nth` are all ways to say which of its weekdays it falls on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Repeated {
    to: usize,
    when: Option<When>,
    nth: Vec<i32>,
}

fn new_year(year: i32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN)
}

fn clock_at(utc: NaiveDateTime, rules: Tz) -> Clock {
    let offset = rules.offset_from_utc_datetime(&utc);
    Clock { offset: offset.fix().local_minus_utc(), is_summer: !offset.dst_offset().is_zero() }
}

fn changes_in(year: i32, rules: Tz) -> Vec<Change> {
    let mut changes = Vec::new();
    let (mut at, end) = (new_year(year), new_year(year + 1));
    while at < end {
        let next = (at + TimeDelta::days(1)).min(end);
        let (before, after) = (clock_at(at, rules), clock_at(next, rules));
        if before.offset != after.offset {
            let utc = first_after(at, next, before.offset, rules);
            changes.push(Change { wall: utc + TimeDelta::seconds(before.offset.into()), after });
        }
        at = next;
    }
    changes
}

/// The first second at which the clock has another offset, by halving.
fn first_after(mut from: NaiveDateTime, mut to: NaiveDateTime, offset: i32, rules: Tz) -> NaiveDateTime {
    while (to - from).num_seconds() > 1 {
        let middle = from + TimeDelta::seconds((to - from).num_seconds() / 2);
        if clock_at(middle, rules).offset == offset { from = middle } else { to = middle }
    }
    to
}

fn repeated(made: &mut Definition, id: &str, year: i32, changes: &[Change], standing: Clock) -> Vec<Repeated> {
    // Named even where the year's changes name it too: in Microsoft's definitions standard time comes first.
    let to = period(made, id, standing);
    if changes.is_empty() {
        return vec![Repeated { to, when: None, nth: Vec::new() }];
    }
    let repeated = changes.iter().map(|change| {
        let date = change.wall.date();
        let place = i32::try_from((date.day() - 1) / 7 + 1).unwrap_or(1);
        let is_last = (date + TimeDelta::days(7)).month() != date.month();
        let nth = Some(place).filter(|place| *place < 5).into_iter().chain(is_last.then_some(-1)).collect();
        let seconds = (change.wall - date.and_time(NaiveTime::MIN)).num_seconds();
        let when = When::Day { month: date.month(), weekday: date.weekday(), nth: 0, seconds };
        Repeated { to: period(made, id, change.after), when: Some(when).filter(|_| date.year() == year), nth }
    });
    repeated.collect()
}

/// What two years have in common, when one rule can say both.
fn common(one: &[Repeated], other: &[Repeated]) -> Option<Vec<Repeated>> {
    if one.len() != other.len() {
        return None;
    }
    let both = one.iter().zip(other).map(|(one, other)| {
        let nth: Vec<i32> = one.nth.iter().filter(|nth| other.nth.contains(nth)).copied().collect();
        let is_same = one.to == other.to && one.when == other.when && (one.when.is_none() || !nth.is_empty());
        is_same.then_some(Repeated { to: one.to, when: one.when, nth })
    });
    both.collect()
}

/// From this year on, the next group to be finished is in force.
fn begin(made: &mut Definition, year: i32) {
    let at = Some(new_year(year)).filter(|_| !made.turns.is_empty());
    made.turns.push(Turn { at, to: Target::Group(made.groups.len()) });
}

fn finish(made: &mut Definition, rule: Option<Vec<Repeated>>) {
    let Some(rule) = rule else { return };
    let transitions = rule.into_iter().map(|change| {
        // "Last" is what most rules say where both are true.
        let nth = if change.nth.contains(&-1) { -1 } else { change.nth.first().copied().unwrap_or(1) };
        let when = match change.when {
            Some(When::Day { month, weekday, seconds, .. }) => When::Day { month, weekday, nth, seconds },
            _ => When::Always,
        };
        Transition { to: change.to, when }
    });
    made.groups.push(Group { id: made.groups.len().to_string(), transitions: transitions.collect() });
}

/// The place of a period, made when it is the first of its kind.
fn period(made: &mut Definition, id: &str, clock: Clock) -> usize {
    let name = if clock.is_summer { "Daylight" } else { "Standard" };
    let is_same = |period: &Period| period.offset == clock.offset && period.name == name;
    made.periods.iter().position(is_same).unwrap_or_else(|| {
        let number = made.periods.len() + 1;
        let id = format!("trule:Microsoft/Registry/{id}/{number}-{name}");
        made.periods.push(Period { id, name: name.to_owned(), offset: clock.offset });
        made.periods.len() - 1
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Rules, Zone};
    use super::*;

    /// Every change of every zone, a second before and at it, and all months besides.
    #[test]
    fn the_definition_of_every_zone_shows_the_clock_of_its_rules() {
        for zone in Zone::all() {
            let Rules::Known(rules) = zone.rules else { continue };
            let made = zone.definition();
            let check = |at: NaiveDateTime| {
                let expected = rules.offset_from_utc_datetime(&at).fix();
                assert_eq!(made.offset(at.and_utc()), expected, "{} at {at}", zone.id());
            };
            for year in [2001, 2006, 2007, 2011, 2014, 2016, 2020, 2024, 2026, 2027, 2028, 2036] {
                (0..12).for_each(|month| check(new_year(year) + TimeDelta::days(30 * month)));
                let mut before = clock_at(new_year(year), rules).offset;
                for change in changes_in(year, rules) {
                    let utc = change.wall - TimeDelta::seconds(before.into());
                    check(utc - TimeDelta::seconds(1));
                    check(utc);
                    before = change.after.offset;
                }
            }
        }
    }

    #[test]
    fn rules_that_changed_once_make_two_groups() {
        let made = Zone::from_windows("Eastern Standard Time").expect("known").definition();
        assert_eq!((made.groups.len(), made.turns.len()), (2, 2), "{made:?}");
        let since = made.turns[1].at.map(|at| at.to_string());
        assert_eq!(since.as_deref(), Some("2007-01-01 00:00:00"));
        let first = made.groups[1].transitions[0].when;
        let weekday = chrono::Weekday::Sun;
        assert_eq!(first, When::Day { month: 3, weekday, nth: 2, seconds: 7_200 });
    }

    #[test]
    fn a_clock_that_is_never_changed_has_one_period() {
        let made = Zone::from_windows("Tokyo Standard Time").expect("known").definition();
        assert_eq!((made.periods.len(), made.groups.len(), made.turns.len()), (1, 1, 1));
        let at: chrono::DateTime<chrono::Utc> = "2027-07-01T00:00:00Z".parse().expect("an instant");
        assert_eq!(made.offset(at).local_minus_utc(), 9 * 3600);
    }
}
