//! Which zone is meant? For zones that come under a strange name, or none, and for zones that Windows has no name for
//! (R05).
//!
//! Seen in calendars: Windows ids, IANA ids, `tzone://Microsoft/Utc`, `tzone://Microsoft/Custom`, `Customized Time
//! Zone`, `(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna`, `Mitteleuropäische Zeit`, and the empty text.
//! A name that names a zone is believed. Of the others only the *rules* beside them say what they mean, and only
//! exactly: a zone is found by them when its clock agrees with theirs throughout the time that matters to the event.
//! What then is not found is refused. A guess would be right in winter.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use super::{CustomRules, ZoneId, ZoneRules, windows_zones};

/// The time over which two zones must agree to be the same for a single event: half a year before its start and after
/// its end. That is each of a year's changes once, so an event in January tells Stockholm from Lagos.
pub fn around(start: DateTime<Utc>, end: DateTime<Utc>) -> Range<DateTime<Utc>> {
    let half_a_year = TimeDelta::days(183);
    let from = start.checked_sub_signed(half_a_year).unwrap_or(start);
    from..end.checked_add_signed(half_a_year).unwrap_or(end).min(ten_years_from(from).end)
}

/// The time over which two zones must agree to be the same for a series: what a calendar shows of it.
pub fn ten_years_from(start: DateTime<Utc>) -> Range<DateTime<Utc>> {
    start..start.checked_add_signed(TimeDelta::days(3653)).unwrap_or(start)
}

/// The zone that an item means by the id, the name and the rules in its StartTimeZone or EndTimeZone.
///
/// `spelled_out` is asked only when the id says nothing; it gives `None` where there are no rules, or none that can be
/// understood. The name, a display name as a rule, counts only where there are no rules.
pub fn resolve<Z: ZoneRules>(
    id: &str,
    name: &str,
    spelled_out: impl FnOnce() -> Option<CustomRules>,
    span: &Range<DateTime<Utc>>,
    own_zone: &ZoneId,
    rules: &Z,
) -> Option<ZoneId> {
    zone_named(id, own_zone, rules).or_else(|| match spelled_out() {
        Some(custom) => zone_with(&custom, span, own_zone, rules),
        None => zone_named(name, own_zone, rules),
    })
}

/// The zone of this name: a Windows id, an IANA id that `rules` know, or Microsoft's URI for UTC.
pub fn zone_named<Z: ZoneRules>(name: &str, own_zone: &ZoneId, rules: &Z) -> Option<ZoneId> {
    let name = name.trim();
    if name.eq_ignore_ascii_case("tzone://Microsoft/Utc") {
        return Some(ZoneId::utc());
    }
    let iana = || {
        let zone = ZoneId::new(name);
        // Without the slash, only the old names that CLDR lists: some browsers take "+01:00" for a zone.
        let is_one =
            (name.contains('/') || zone.windows().is_some()) && rules.offset_at(&zone, DateTime::UNIX_EPOCH).is_some();
        is_one.then_some(zone)
    };
    let windows = |id: &str| {
        // The registry does not tell small letters from capitals.
        let line = windows_zones().find(|zone| zone.windows.eq_ignore_ascii_case(id))?;
        ZoneId::from_windows(line.windows, own_zone)
    };
    let without_year = || {
        let (id, year) = name.rsplit_once([' ', '/'])?;
        windows(id).filter(|_| year.starts_with(|first: char| first.is_ascii_digit()))
    };
    ZoneId::from_windows(name, own_zone).or_else(iana).or_else(|| windows(name)).or_else(without_year)
}

/// The zone whose clock agrees with `custom` all through `span`: the person's own if it does, else the main zone of
/// the first Windows zone that does.
pub fn zone_with<Z: ZoneRules>(
    custom: &CustomRules,
    span: &Range<DateTime<Utc>>,
    own_zone: &ZoneId,
    rules: &Z,
) -> Option<ZoneId> {
    let seen = sightings(&|instant| Some(custom.offset_at(instant)), span)?;
    let main_zones = windows_zones().map(|zone| zone.main_zone());
    std::iter::once(own_zone.clone()).chain(main_zones).find(|zone| agrees(zone, &seen, rules))
}

/// The id of a Windows zone that is as good as `zone` all through `span`: its own, else one whose main zone's clock
/// agrees. `None` for a zone like no other (Antarctica/Troll, two hours forward in summer).
pub fn windows_like<Z: ZoneRules>(zone: &ZoneId, span: &Range<DateTime<Utc>>, rules: &Z) -> Option<&'static str> {
    zone.windows().or_else(|| {
        let seen = sightings(&|instant| rules.offset_at(zone, instant), span)?;
        windows_zones().find(|other| agrees(&other.main_zone(), &seen, rules)).map(|other| other.windows)
    })
}

fn agrees<Z: ZoneRules>(zone: &ZoneId, seen: &[(DateTime<Utc>, i32)], rules: &Z) -> bool {
    seen.iter().all(|(instant, offset)| rules.offset_at(zone, *instant) == Some(*offset))
}

/// A clock looked at once a week, and in the last second before each change and the first after it. A clock that
/// shows the same each time is the same clock: no zone changes and changes back within a week.
fn sightings(
    offset_at: &dyn Fn(DateTime<Utc>) -> Option<i32>,
    span: &Range<DateTime<Utc>>,
) -> Option<Vec<(DateTime<Utc>, i32)>> {
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
