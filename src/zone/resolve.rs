//! Which zone is meant? For zones that come under a strange name, or none, and for zones that Windows has no name for
//! (R05).
//!
//! Seen in calendars: Windows ids, IANA ids, `tzone://Microsoft/Utc`, `tzone://Microsoft/Custom`, `Customized Time
//! Zone`, `(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna`, `Mitteleuropäische Zeit`, and nothing at all.
//! A name that names a zone is believed. Of the others only the *rules* beside them say what they mean, and only
//! exactly: a zone is found by them when its clock agrees with theirs throughout the time that matters to the event.
//! What then is not found is refused. A guess would be right in winter.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use super::{CustomRules, WindowsZone, ZoneId, ZoneRules, windows_zones};

/// What a zone is needed for, which decides how much its clock must be the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A single event has its instants, whatever the zone. The zone tells how the person thinks of them.
    Event { start: DateTime<Utc>, end: DateTime<Utc> },
    /// A series repeats by the zone's clock: with the wrong one, half of its occurrences are at the wrong time.
    Series { start: DateTime<Utc> },
}

impl Purpose {
    /// The time over which two clocks must agree to be the same. For an event half a year before it and after it: that
    /// is each of a year's changes once, so even in January Stockholm differs from Lagos. For a series ten years,
    /// which is more than a calendar shows of it.
    pub fn span(&self) -> Range<DateTime<Utc>> {
        let (half_a_year, ten_years) = (TimeDelta::days(183), TimeDelta::days(3653));
        let after = |from: DateTime<Utc>, time| from.checked_add_signed(time).unwrap_or(from);
        match *self {
            Purpose::Event { start, end } => {
                let from = after(start, -half_a_year);
                // Some events end in the year 4500, and nobody waits for that many weeks.
                from..after(end, half_a_year).min(after(from, ten_years))
            }
            Purpose::Series { start } => start..after(start, ten_years),
        }
    }
}

/// The zone that an item means by the id, the name and the rules in its StartTimeZone or EndTimeZone.
///
/// `spelled_out` is asked only when the id says nothing; it gives `None` where there are no rules, or none that can be
/// understood. The name, a display name as a rule, counts only where there are no rules.
pub fn resolve<Z: ZoneRules>(
    id: &str,
    name: &str,
    spelled_out: impl FnOnce() -> Option<CustomRules>,
    purpose: Purpose,
    own_zone: &ZoneId,
    rules: &Z,
) -> Option<ZoneId> {
    zone_named(id, purpose, own_zone, rules).or_else(|| match spelled_out() {
        Some(custom) => zone_with(&custom, purpose, own_zone, rules),
        None => zone_named(name, purpose, own_zone, rules),
    })
}

/// The zone of this name: a Windows id, an IANA id that `rules` know, or Microsoft's URI for UTC.
pub fn zone_named<Z: ZoneRules>(name: &str, purpose: Purpose, own_zone: &ZoneId, rules: &Z) -> Option<ZoneId> {
    let name = name.trim();
    if name.eq_ignore_ascii_case("tzone://Microsoft/Utc") {
        return Some(ZoneId::utc());
    }
    let iana = || {
        let zone = ZoneId::new(name);
        // Without a slash, only the old names that CLDR lists: some browsers take "+01:00" for a zone.
        let may_be_one = name.contains('/') || zone.windows().is_some();
        (may_be_one && rules.offset_at(&zone, DateTime::UNIX_EPOCH).is_some()).then_some(zone)
    };
    let in_windows = |zone: WindowsZone| zone_in(zone, purpose, own_zone, rules);
    WindowsZone::of(name).map(in_windows).or_else(iana).or_else(|| nearly(name).map(in_windows))
}

/// The Windows zone of an id that is not written quite as in CLDR's table. The registry, where the ids come from, does
/// not tell small letters from capitals, and keeps the rules of former years under the year.
fn nearly(name: &str) -> Option<WindowsZone> {
    let same = |id: &str| windows_zones().find(|zone| zone.windows.eq_ignore_ascii_case(id));
    same(name).or_else(|| {
        let (id, year) = name.rsplit_once([' ', '/'])?;
        let is_year = year.get(..4)?.bytes().all(|byte| byte.is_ascii_digit());
        if is_year { same(id) } else { None }
    })
}

/// The IANA zone that a Windows zone is for this person: their own if it lies there (and, for a series, has the same
/// clock), else its main zone.
fn zone_in<Z: ZoneRules>(windows: WindowsZone, purpose: Purpose, own_zone: &ZoneId, rules: &Z) -> ZoneId {
    let main_zone = windows.main_zone();
    let is_as_good = || match purpose {
        Purpose::Event { .. } => true,
        Purpose::Series { .. } => {
            sightings(&|at| rules.offset_at(&main_zone, at), purpose).is_some_and(|seen| agrees(own_zone, &seen, rules))
        }
    };
    if own_zone.windows_zone() == Some(windows) && is_as_good() { own_zone.clone() } else { main_zone }
}

/// The zone whose clock agrees with `custom` all the time: the person's own if it does, else the main zone of the
/// first Windows zone that does.
pub fn zone_with<Z: ZoneRules>(custom: &CustomRules, purpose: Purpose, own_zone: &ZoneId, rules: &Z) -> Option<ZoneId> {
    let seen = sightings(&|at| Some(custom.offset_at(at)), purpose)?;
    let main_zones = windows_zones().map(|zone| zone.main_zone());
    std::iter::once(own_zone.clone()).chain(main_zones).find(|zone| agrees(zone, &seen, rules))
}

/// The id of a Windows zone whose clock is that of `zone` all the time: of its own, if CLDR put it well, else of the
/// first that agrees. `None` for a zone like no other (Antarctica/Troll, two hours forward in summer): a series cannot
/// be written in it, and a single event is written in UTC, with its instants.
pub fn windows_like<Z: ZoneRules>(zone: &ZoneId, purpose: Purpose, rules: &Z) -> Option<&'static str> {
    let seen = sightings(&|at| rules.offset_at(zone, at), purpose)?;
    let has_this_clock = |windows: &WindowsZone| agrees(&windows.main_zone(), &seen, rules);
    zone.windows_zone().into_iter().chain(windows_zones()).find(has_this_clock).map(|windows| windows.windows)
}

fn agrees<Z: ZoneRules>(zone: &ZoneId, seen: &[(DateTime<Utc>, i32)], rules: &Z) -> bool {
    seen.iter().all(|(instant, offset)| rules.offset_at(zone, *instant) == Some(*offset))
}

/// A clock looked at once a week, and in the last second before each change and the first after it. A clock that
/// shows the same each time is the same clock: no zone changes and changes back within a week.
fn sightings(offset_at: &dyn Fn(DateTime<Utc>) -> Option<i32>, purpose: Purpose) -> Option<Vec<(DateTime<Utc>, i32)>> {
    let span = purpose.span();
    let (mut at, mut offset) = (span.start, offset_at(span.start)?);
    let mut seen = vec![(at, offset)];
    while at < span.end {
        let next = at.checked_add_signed(TimeDelta::weeks(1))?.min(span.end);
        if offset_at(next)? == offset {
            at = next;
        } else {
            let (before, after) = change_between(at, next, |instant| offset_at(instant) == Some(offset));
            seen.push((before, offset));
            (at, offset) = (after, offset_at(after)?);
        }
        seen.push((at, offset));
    }
    Some(seen)
}

/// By bisection, the last second for which `is_before` holds and the first for which it does not. It holds at `before`
/// and does not at `after`.
fn change_between(
    mut before: DateTime<Utc>,
    mut after: DateTime<Utc>,
    is_before: impl Fn(DateTime<Utc>) -> bool,
) -> (DateTime<Utc>, DateTime<Utc>) {
    loop {
        let half = (after - before).num_seconds() / 2;
        if half == 0 {
            return (before, after);
        }
        let middle = before + TimeDelta::seconds(half);
        if is_before(middle) { before = middle } else { after = middle }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "resolve_tests.rs"]
mod tests;
