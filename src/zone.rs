//! Time zones: Windows ids and IANA ids, the wall clock and the instant.
//!
//! Exchange names zones as Windows does (`W. Europe Standard Time`), Blikk and browsers as IANA does
//! (`Europe/Stockholm`). CLDR's table translates ([`windows`](self), generated). A Windows zone covers many IANA
//! zones, so the way back needs a preference: a Swede's events come back as `Europe/Stockholm`, not as CLDR's
//! `Europe/Berlin`, and [`ZoneId::is_same_zone_as`] is what "equal" means across the two naming systems.
//!
//! The *rules* of the zones come through a port, [`ZoneRules`]: the browser's Intl in Wasm (always current, costs no
//! bytes), chrono-tz natively. The port answers one question, the offset at an instant; the way from the wall clock
//! to the instant, with its gaps and folds, is computed here from that answer alone and is the same everywhere.
//!
//! | the question | who answers it |
//! |---|---|
//! | What time is it there then? When is that, there? | [`wall_clock`], [`date_at`], [`instant_of`], [`start_of_day`] |
//! | Which zone does an item mean? | [`resolve`], and [`CustomRules`] for the rules that it spells out (R05) |
//! | Which Windows id may be written for an event? | [`ZoneId::windows`] |
//! | And for a series, which repeats by the clock of that id? | [`windows_like`] |
//! | Which clock does Windows mean by an id? | [`WindowsZone::main_zone`] |

mod custom;
mod duration;
mod id;
mod known_offsets;
mod resolve;
mod windows;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

pub use custom::{Change, Changes, Clock, CustomRules, Onset, YearDay, offset_of_bias};
pub use duration::{seconds_of_duration, seconds_of_time};
pub use id::{WindowsZone, ZoneId, windows_zones};
pub use known_offsets::KnownOffsets;
pub use resolve::{Purpose, resolve, windows_like, zone_named, zone_with};

/// The port for the rules of zones.
pub trait ZoneRules {
    /// Seconds east of UTC in `zone` at `instant`; `None` for a zone it does not know.
    fn offset_at(&self, zone: &ZoneId, instant: DateTime<Utc>) -> Option<i32>;
}

impl<Z: ZoneRules + ?Sized> ZoneRules for &Z {
    fn offset_at(&self, zone: &ZoneId, instant: DateTime<Utc>) -> Option<i32> {
        (**self).offset_at(zone, instant)
    }
}

/// [`ZoneRules`] that know UTC alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct UtcRules;

impl ZoneRules for UtcRules {
    fn offset_at(&self, zone: &ZoneId, _: DateTime<Utc>) -> Option<i32> {
        (*zone == ZoneId::utc()).then_some(0)
    }
}

/// What a wall clock shows in `zone` at `instant`; `None` for an unknown zone.
pub fn wall_clock(rules: &impl ZoneRules, zone: &ZoneId, instant: DateTime<Utc>) -> Option<NaiveDateTime> {
    let offset = rules.offset_at(zone, instant)?;
    instant.naive_utc().checked_add_signed(TimeDelta::seconds(offset.into()))
}

/// The date on the wall in `zone` at `instant`; `None` for an unknown zone.
pub fn date_at(rules: &impl ZoneRules, zone: &ZoneId, instant: DateTime<Utc>) -> Option<NaiveDate> {
    wall_clock(rules, zone, instant).map(|clock| clock.date())
}

/// The instant at which a wall clock in `zone` shows `local`.
///
/// Twice a year the answer is not plain. In a *fold* (the clock goes back) the first of the two instants is taken; in
/// a *gap* (the clock goes forward) the offset before the gap is kept, so 02:30 becomes 03:30. Both are RFC 5545's
/// rules (§3.3.5).
pub fn instant_of(rules: &impl ZoneRules, zone: &ZoneId, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    // No zone changes its offset twice within two days, so these two are the only candidates.
    let before = rules.offset_at(zone, (local - TimeDelta::days(1)).and_utc())?;
    let after = rules.offset_at(zone, (local + TimeDelta::days(1)).and_utc())?;
    let at = |offset: i32| (local - TimeDelta::seconds(offset.into())).and_utc();
    let first_that_holds =
        [before, after].into_iter().find(|&offset| rules.offset_at(zone, at(offset)) == Some(offset));
    Some(at(first_that_holds.unwrap_or(before)))
}

/// The first instant of `date` in `zone`: midnight, or what comes instead of it where the clock jumps over midnight.
pub fn start_of_day(rules: &impl ZoneRules, zone: &ZoneId, date: NaiveDate) -> Option<DateTime<Utc>> {
    instant_of(rules, zone, date.and_time(NaiveTime::MIN))
}

/// [`ZoneRules`] outside the browser: the IANA database as compiled into chrono-tz.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy, Debug, Default)]
pub struct IanaRules;

#[cfg(not(target_arch = "wasm32"))]
impl ZoneRules for IanaRules {
    fn offset_at(&self, zone: &ZoneId, instant: DateTime<Utc>) -> Option<i32> {
        use chrono::{Offset, TimeZone};
        let zone: chrono_tz::Tz = zone.as_str().parse().ok()?;
        Some(zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_wall_clock_time_has_its_instant_even_in_gaps_and_folds() {
        #[rustfmt::skip]
        let cases = [
            // zone,               wall clock,            instant
            ("Europe/Stockholm",   "2027-01-15T09:00:00", "2027-01-15T08:00:00Z"),
            ("Europe/Stockholm",   "2027-07-15T09:00:00", "2027-07-15T07:00:00Z"),
            ("Europe/Stockholm",   "2027-03-28T02:30:00", "2027-03-28T01:30:00Z"), // gap: 02:30 is shown as 03:30
            ("Europe/Stockholm",   "2027-10-31T02:30:00", "2027-10-31T00:30:00Z"), // fold: the first 02:30
            ("Pacific/Kiritimati", "2027-05-01T00:00:00", "2027-04-30T10:00:00Z"),
            ("America/New_York",   "2027-05-01T00:00:00", "2027-05-01T04:00:00Z"),
        ];
        for (zone, local, expected) in cases {
            let found = instant_of(&IanaRules, &ZoneId::new(zone), local.parse().unwrap());
            assert_eq!(found, Some(instant(expected)), "{local} in {zone}");
        }
    }

    #[test]
    fn a_day_starts_where_its_date_begins_even_when_midnight_does_not_exist() {
        // Beirut's clocks go forward at 00:00.
        let (rules, beirut) = (IanaRules, ZoneId::new("Asia/Beirut"));
        let date = NaiveDate::from_ymd_opt(2027, 3, 28).unwrap();
        let start = start_of_day(&rules, &beirut, date).unwrap();
        assert_eq!(date_at(&rules, &beirut, start), Some(date));
        assert_eq!(date_at(&rules, &beirut, start - TimeDelta::seconds(1)), date.pred_opt());
    }

    #[test]
    fn an_unknown_zone_is_said_to_be_unknown() {
        let mars = ZoneId::new("Mars/Olympus_Mons");
        assert_eq!(start_of_day(&IanaRules, &mars, NaiveDate::MIN + TimeDelta::days(9)), None);
    }
}
