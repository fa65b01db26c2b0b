//! Time in every zone there is: the wall clock and the instant, whole days, and the ways to ask for them.

#![cfg(not(target_arch = "wasm32"))]

use std::cell::{Cell, RefCell};

use blikk_calendar_sync::zone::{
    IanaRules, KnownOffsets, ZoneId, ZoneRules, date_at, instant_of, start_of_day, wall_clock, windows_zones,
};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn years(from: i32, until: i32) -> [DateTime<Utc>; 2] {
    [from, until].map(|year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap().and_time(NaiveTime::MIN).and_utc())
}

/// Every zone that tzdata has, under one of its names.
fn zones() -> impl Iterator<Item = ZoneId> {
    chrono_tz::TZ_VARIANTS.iter().map(|zone| ZoneId::new(zone.name()))
}

/// A change of a zone's clock.
#[derive(Clone, Copy, Debug)]
struct Change {
    /// The first second after it.
    at: DateTime<Utc>,
    before: i32,
    after: i32,
}

impl Change {
    /// The wall clock in the last second before it, and in the first after it.
    fn clocks(&self) -> [NaiveDateTime; 2] {
        let shown = |at: DateTime<Utc>, offset: i32| at.naive_utc() + TimeDelta::seconds(offset.into());
        [shown(self.at - TimeDelta::seconds(1), self.before), shown(self.at, self.after)]
    }
}

/// All changes of a zone, found by looking once a day.
fn changes(zone: &ZoneId, [from, until]: [DateTime<Utc>; 2]) -> Vec<Change> {
    let rules: chrono_tz::Tz = zone.as_str().parse().unwrap();
    // Not through IanaRules, which looks the name up each time: there are millions of questions.
    let offset = |at: DateTime<Utc>| rules.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    let mut found = Vec::new();
    let (mut at, mut before) = (from, offset(from));
    while at < until {
        let next = at + TimeDelta::days(1);
        let after = offset(next);
        if after != before {
            let (mut last, mut first) = (at, next);
            while first - last > TimeDelta::seconds(1) {
                let middle = last + TimeDelta::seconds((first - last).num_seconds() / 2);
                if offset(middle) == before { last = middle } else { first = middle }
            }
            found.push(Change { at: first, before, after: offset(first) });
        }
        (at, before) = (next, after);
    }
    found
}

#[test]
fn cldrs_table_names_every_zone_that_tzdata_has_but_one() {
    let unnamed: Vec<ZoneId> = zones().filter(|zone| zone.windows().is_none()).collect();
    assert_eq!(unnamed, [ZoneId::new("Antarctica/Troll")]);
}

#[test]
fn every_name_in_cldrs_table_has_rules_but_two_that_tzdata_has_dropped() {
    let names = windows_zones().flat_map(|zone| zone.iana_names().map(ZoneId::new).collect::<Vec<_>>());
    let unknown: Vec<ZoneId> = names.filter(|zone| IanaRules.offset_at(zone, DateTime::UNIX_EPOCH).is_none()).collect();
    assert_eq!(unknown, ["Canada/East-Saskatchewan", "US/Pacific-New"].map(ZoneId::new));
}

/// What a wall clock shows leads back to the instant, in each zone, around each change of ten years; and the other
/// way, except for what no clock shows.
#[test]
fn the_wall_clock_and_the_instant_lead_to_each_other_around_every_change() {
    let mut seen = 0;
    for zone in zones() {
        for change in changes(&zone, years(2026, 2037)) {
            seen += 1;
            let width = TimeDelta::seconds((change.after - change.before).into());
            for step in [-90_000, -3600, -1800, -1, 0, 1, 1799, 1800, 3599, 3600, 7200, 90_000] {
                let at = change.at + TimeDelta::seconds(step);
                let local = wall_clock(&IanaRules, &zone, at).unwrap();
                // In a fold, the second time that the clock shows this is `width` after the first.
                let is_second_time = at >= change.at && at < change.at - width;
                let expected = if is_second_time { at + width } else { at };
                assert_eq!(instant_of(&IanaRules, &zone, local), Some(expected), "{local} in {zone}");
            }
            let [last, first] = change.clocks();
            if width > TimeDelta::zero() {
                for local in [last + TimeDelta::seconds(1), last + width / 2, first - TimeDelta::seconds(1)] {
                    // RFC 5545 §3.3.5: the offset before the gap is kept.
                    let expected = local.and_utc() - TimeDelta::seconds(change.before.into());
                    assert_eq!(instant_of(&IanaRules, &zone, local), Some(expected), "{local} in {zone}, a gap");
                    assert_eq!(wall_clock(&IanaRules, &zone, expected), Some(local + width));
                }
            }
        }
    }
    assert!(seen > 4000, "only {seen} changes");
}

#[test]
fn the_odd_changes_are_as_odd_as_they_are() {
    #[rustfmt::skip]
    let cases = [
        // zone,                 wall clock,            instant,                shown then
        ("Australia/Lord_Howe",  "2027-10-03T02:15:00", "2027-10-02T15:45:00Z", "2027-10-03T02:45:00"), // half an hour
        ("Australia/Lord_Howe",  "2027-04-04T01:45:00", "2027-04-03T14:45:00Z", "2027-04-04T01:45:00"), // the first
        ("Antarctica/Troll",     "2027-03-28T02:00:00", "2027-03-28T02:00:00Z", "2027-03-28T04:00:00"), // two hours
        ("Antarctica/Troll",     "2027-10-31T01:30:00", "2027-10-30T23:30:00Z", "2027-10-31T01:30:00"),
        ("Africa/Casablanca",    "2024-03-10T02:30:00", "2024-03-10T01:30:00Z", "2024-03-10T02:30:00"), // Ramadan
        ("Africa/Casablanca",    "2024-04-14T02:30:00", "2024-04-14T02:30:00Z", "2024-04-14T03:30:00"), // is over
        ("Asia/Beirut",          "2027-03-28T00:00:00", "2027-03-27T22:00:00Z", "2027-03-28T01:00:00"), // no midnight
        ("America/Havana",       "2027-03-14T00:00:00", "2027-03-14T05:00:00Z", "2027-03-14T01:00:00"),
        ("America/Havana",       "2027-11-07T00:00:00", "2027-11-07T04:00:00Z", "2027-11-07T00:00:00"), // two midnights
        ("America/Nuuk",         "2027-03-27T23:30:00", "2027-03-28T01:30:00Z", "2027-03-28T00:30:00"),
        ("Pacific/Apia",         "2011-12-30T12:00:00", "2011-12-30T22:00:00Z", "2011-12-31T12:00:00"), // no such day
        ("Pacific/Apia",         "2011-12-29T23:59:59", "2011-12-30T09:59:59Z", "2011-12-29T23:59:59"),
        ("Pacific/Apia",         "2011-12-31T00:00:00", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00"),
    ];
    for (zone, local, expected, shown) in cases {
        let zone = ZoneId::new(zone);
        let found = instant_of(&IanaRules, &zone, local.parse().unwrap()).unwrap();
        assert_eq!(found, instant(expected), "{local} in {zone}");
        assert_eq!(wall_clock(&IanaRules, &zone, found), Some(shown.parse().unwrap()), "{local} in {zone}");
    }
}

/// From Baker Island to Kiritimati, and over every change: an all-day event begins where its date does (R03, R04).
#[test]
fn r03_r04_every_date_begins_at_its_first_instant_in_every_zone() {
    let second = TimeDelta::seconds(1);
    for zone in zones() {
        for day in date("2026-01-01").iter_days().take_while(|day| day.year() < 2032) {
            let start = start_of_day(&IanaRules, &zone, day).unwrap();
            assert_eq!(date_at(&IanaRules, &zone, start), Some(day), "{zone}");
            assert_eq!(date_at(&IanaRules, &zone, start - second), day.pred_opt(), "{zone}");
        }
    }
}

/// In the zones where people work, and at the ends of the world.
const TWELVE_ZONES: [&str; 12] = [
    "Europe/Stockholm",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "Etc/GMT+12",
    "Pacific/Kiritimati",
    "Pacific/Auckland",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Antarctica/Troll",
];

/// 12 zones x 12 months: a timed event keeps its wall clock, an all-day event both its dates, and each occurrence of a
/// daily series its time of day (R20), on the way to the instant and back.
#[test]
fn r03_r20_civil_dates_and_wall_clock_times_survive_in_twelve_zones_and_twelve_months() {
    for zone in TWELVE_ZONES.map(ZoneId::new) {
        for month in 1..=12 {
            let first = NaiveDate::from_ymd_opt(2027, month, 1).unwrap();
            for day in first.iter_days().take(28) {
                let start = start_of_day(&IanaRules, &zone, day).unwrap();
                let end = start_of_day(&IanaRules, &zone, day.succ_opt().unwrap()).unwrap();
                assert_eq!(date_at(&IanaRules, &zone, start), Some(day), "{zone}");
                assert_eq!(date_at(&IanaRules, &zone, end), day.succ_opt(), "{zone}");
                for hour in [4, 9, 17, 22] {
                    let local = day.and_hms_opt(hour, 30, 0).unwrap();
                    let at = instant_of(&IanaRules, &zone, local).unwrap();
                    assert_eq!(wall_clock(&IanaRules, &zone, at), Some(local), "{zone}");
                }
            }
        }
    }
}

/// A zone whose parliament changes its mind: Swedish time until 2030, and from then on summer for ever.
struct Abolished;

impl ZoneRules for Abolished {
    fn offset_at(&self, zone: &ZoneId, at: DateTime<Utc>) -> Option<i32> {
        if at >= instant("2030-03-31T01:00:00Z") { Some(7200) } else { IanaRules.offset_at(zone, at) }
    }
}

/// What is kept is the wall clock and the date, so new rules move the instant and not the meeting.
#[test]
fn a_wall_clock_time_and_a_date_survive_a_change_of_the_zones_rules() {
    let zone = ZoneId::new("Europe/Stockholm");
    for day in date("2029-06-01").iter_days().take(700) {
        let nine = day.and_hms_opt(9, 0, 0).unwrap();
        for local in [nine, day.and_time(NaiveTime::MIN)] {
            let at = instant_of(&Abolished, &zone, local).unwrap();
            assert_eq!(wall_clock(&Abolished, &zone, at), Some(local));
        }
    }
    let winter = date("2031-01-15").and_hms_opt(9, 0, 0).unwrap();
    assert_eq!(instant_of(&IanaRules, &zone, winter), Some(instant("2031-01-15T08:00:00Z")));
    assert_eq!(instant_of(&Abolished, &zone, winter), Some(instant("2031-01-15T07:00:00Z")));
}

#[test]
fn what_is_remembered_of_a_zone_is_what_the_zone_would_say() {
    for zone in zones() {
        let mut known = KnownOffsets::default();
        let ask = |at| IanaRules.offset_at(&zone, at);
        for change in changes(&zone, years(1970, 2040)) {
            for step in [-86_400 * 20, -86_400 * 5, -1, 0, 1, 86_400 * 5] {
                let at = change.at + TimeDelta::seconds(step);
                assert_eq!(known.offset_at(at, ask), ask(at), "{at} in {zone}");
            }
        }
    }
}

/// A source of rules that counts how often it is asked.
#[derive(Default)]
struct Counting {
    asked: Cell<usize>,
    known: RefCell<KnownOffsets>,
}

impl ZoneRules for Counting {
    fn offset_at(&self, zone: &ZoneId, at: DateTime<Utc>) -> Option<i32> {
        self.known.borrow_mut().offset_at(at, |at| {
            self.asked.set(self.asked.get() + 1);
            IanaRules.offset_at(zone, at)
        })
    }
}

#[test]
fn a_daily_series_over_ten_years_asks_little() {
    let (rules, zone) = (Counting::default(), ZoneId::new("Europe/Stockholm"));
    for day in date("2026-01-01").iter_days().take(3652) {
        let nine = day.and_hms_opt(9, 0, 0).unwrap();
        assert_eq!(instant_of(&rules, &zone, nine), instant_of(&IanaRules, &zone, nine));
    }
    // Three to four for each occurrence without memory.
    assert!(rules.asked.get() < 1200, "{} questions", rules.asked.get());
    assert_eq!(KnownOffsets::default().offset_at(DateTime::UNIX_EPOCH, |_| None), None, "an unknown zone stays so");
}
