//! Zones that come under a strange name (R05): definitions in all of Exchange's ways, made from the real history and
//! future of every zone, must lead back to a zone with the same clock.

#![cfg(not(target_arch = "wasm32"))]

use blikk_calendar_sync::zone::{
    Change, Changes, Clock, CustomRules, IanaRules, Onset, Purpose, YearDay, ZoneId, ZoneRules, resolve, windows_zones,
};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use proptest::prelude::*;

const NAMES: [&str; 5] = [
    "Customized Time Zone",
    "tzone://Microsoft/Custom",
    "Mitteleuropäische Zeit",
    "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
    "",
];

fn new_year(year: i32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap().and_time(NaiveTime::MIN)
}

fn offset(zone: &ZoneId, at: DateTime<Utc>) -> i32 {
    IanaRules.offset_at(zone, at).unwrap_or_else(|| panic!("{zone} has no rules"))
}

/// A change of a real zone's clock: the wall clock before it, and the offsets.
#[derive(Clone, Copy)]
struct Real {
    local: NaiveDateTime,
    after: i32,
}

fn changes_of(zone: &ZoneId, year: i32) -> Vec<Real> {
    let mut found = Vec::new();
    // A day around the year, for the zones on both sides of UTC; those of the neighbours are left out by their date.
    let (mut at, end) =
        (new_year(year).and_utc() - TimeDelta::days(2), new_year(year + 1).and_utc() + TimeDelta::days(2));
    while at < end {
        let (mut last, mut first) = (at, at + TimeDelta::days(1));
        let before = offset(zone, last);
        at = first;
        if offset(zone, first) == before {
            continue;
        }
        while first - last > TimeDelta::seconds(1) {
            let middle = last + TimeDelta::seconds((first - last).num_seconds() / 2);
            if offset(zone, middle) == before { last = middle } else { first = middle }
        }
        let local = first.naive_utc() + TimeDelta::seconds(before.into());
        if local.year() == year {
            found.push(Real { local, after: offset(zone, first) });
        }
    }
    found
}

/// How Exchange, or another program, may write the same down.
#[derive(Clone, Copy, Debug)]
struct Style {
    /// "The last Sunday in March", not "28 March".
    by_weekday: bool,
    /// Midnight as the end of the day before, which is how Windows says it.
    midnight_before: bool,
    /// Each change as a transition of its own, to a period; as programs write that know no yearly rules.
    no_yearly_rules: bool,
}

impl Style {
    fn change(self, Real { local, after }: Real) -> Change {
        let (mut date, mut time) = (local.date(), (local.time() - NaiveTime::MIN).num_seconds() as i32);
        if self.midnight_before && time == 0 && date.month() == date.pred_opt().unwrap().month() {
            (date, time) = (date.pred_opt().unwrap(), 86_400);
        }
        let is_last = (date + TimeDelta::days(7)).month() != date.month();
        let occurrence = if is_last { -1 } else { date.day0() as i32 / 7 + 1 };
        let day = match self.by_weekday {
            true => YearDay::weekday(date.month() as i32, date.weekday(), occurrence),
            false => YearDay::date(date.month() as i32, date.day() as i32),
        };
        Change { day: day.unwrap(), time, offset: after }
    }

    /// The zone's rules for these years.
    fn definition(self, zone: &ZoneId, years: std::ops::RangeInclusive<i32>) -> CustomRules {
        let first = offset(zone, new_year(*years.start()).and_utc() - TimeDelta::days(1));
        let mut rules = CustomRules::new(Clock::Fixed(first));
        let mut clock = first;
        for year in years {
            let changes = changes_of(zone, year);
            let ends_as_it_began = changes.last().is_some_and(|last| last.after == clock);
            let mut eras = Vec::new();
            if ends_as_it_began && changes.len() == 2 && !self.no_yearly_rules {
                let yearly = changes.iter().map(|change| self.change(*change)).collect();
                eras.push((new_year(year), Clock::Yearly(Changes::new(yearly).unwrap())));
            } else {
                // What the year before said does not go on.
                let has_change_at_new_year = changes.first().is_some_and(|change| change.local == new_year(year));
                if !has_change_at_new_year {
                    eras.push((new_year(year), Clock::Fixed(clock)));
                }
                eras.extend(changes.iter().map(|change| (change.local, Clock::Fixed(change.after))));
            }
            for (from, clock) in eras {
                rules = rules.then(Onset::WallClock(from), clock).expect("eras in the order of time");
            }
            clock = changes.last().map_or(clock, |last| last.after);
        }
        rules
    }
}

fn any_zone() -> impl Strategy<Value = ZoneId> {
    prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()).prop_map(|zone| ZoneId::new(zone.name()))
}

fn any_style() -> impl Strategy<Value = Style> {
    any::<[bool; 3]>().prop_map(|[by_weekday, midnight_before, no_yearly_rules]| Style {
        by_weekday,
        midnight_before,
        no_yearly_rules,
    })
}

fn any_purpose() -> impl Strategy<Value = Purpose> {
    let start = (0..35 * 365 * 24i64).prop_map(|hours| new_year(2000).and_utc() + TimeDelta::hours(hours));
    (start, 0..72i64, prop::bool::weighted(0.2)).prop_map(|(start, hours, is_series)| match is_series {
        true => Purpose::Series { start },
        false => Purpose::Event { start, end: start + TimeDelta::hours(hours) },
    })
}

/// Looked at each hour, which is another way to look than `resolve`'s.
fn have_the_same_clock(one: &ZoneId, other: &ZoneId, purpose: Purpose) -> bool {
    let [one, other] = [one, other].map(|zone| zone.as_str().parse::<chrono_tz::Tz>().unwrap());
    let span = purpose.span();
    let hours = (span.end - span.start).num_hours();
    (0..=hours)
        .map(|hour| span.start + TimeDelta::hours(hour))
        .all(|at| at.with_timezone(&one).naive_local() == at.with_timezone(&other).naive_local())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn r05_a_definition_leads_back_to_a_zone_with_the_same_clock(
        zone in any_zone(),
        own_zone in prop_oneof![Just(ZoneId::new("Europe/Stockholm")), any_zone()],
        style in any_style(),
        purpose in any_purpose(),
        name in prop::sample::select(NAMES.to_vec()),
    ) {
        let span = purpose.span();
        let custom = style.definition(&zone, span.start.year() - 1..=span.end.year() + 1);
        let found = resolve(name, "", || Some(custom), purpose, &own_zone, &IanaRules);
        match &found {
            Some(found) => prop_assert!(have_the_same_clock(found, &zone, purpose), "found {found}"),
            // Refused only when there is no such zone.
            None => {
                let main_zones = windows_zones().map(|zone| zone.main_zone());
                for candidate in main_zones.chain([own_zone.clone()]) {
                    prop_assert!(!have_the_same_clock(&candidate, &zone, purpose), "{candidate} was not found");
                }
            }
        }
        if have_the_same_clock(&own_zone, &zone, purpose) {
            prop_assert_eq!(found, Some(own_zone), "the person's own zone comes first");
        }
    }
}
