//! [`resolve`]: every kind of name that was seen in a calendar, and the rules beside it.

use chrono::Weekday;

use super::*;
use crate::zone::{Change, Changes, Clock, IanaRules, Onset, YearDay};

const HOUR: i32 = 3600;

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn stockholm() -> ZoneId {
    ZoneId::new("Europe/Stockholm")
}

fn event(start: &str) -> Purpose {
    Purpose::Event { start: instant(start), end: instant(start) + TimeDelta::hours(1) }
}

fn series(start: &str) -> Purpose {
    Purpose::Series { start: instant(start) }
}

fn event_in_2027() -> Purpose {
    event("2027-05-04T07:00:00Z")
}

fn weekday(month: i32, weekday: Weekday, occurrence: i32, time: i32, offset: i32) -> Change {
    Change { day: YearDay::weekday(month, weekday, occurrence).unwrap(), time, offset }
}

/// The European Union's summer time: the last Sundays of March and October, at 01:00 UTC.
fn european(standard: i32) -> CustomRules {
    CustomRules::standard_and_daylight(
        weekday(10, Weekday::Sun, -1, standard + 2 * HOUR, standard),
        weekday(3, Weekday::Sun, -1, standard + HOUR, standard + HOUR),
    )
}

fn american(standard: i32) -> CustomRules {
    CustomRules::standard_and_daylight(
        weekday(11, Weekday::Sun, 1, 2 * HOUR, standard),
        weekday(3, Weekday::Sun, 2, 2 * HOUR, standard + HOUR),
    )
}

fn found(id: &str, name: &str, rules: Option<CustomRules>) -> Option<String> {
    let zone = resolve(id, name, || rules, event_in_2027(), &stockholm(), &IanaRules)?;
    Some(zone.as_str().to_owned())
}

#[test]
fn r05_a_name_that_names_a_zone_is_believed() {
    #[rustfmt::skip]
    let cases = [
        ("W. Europe Standard Time",                  "Europe/Stockholm"),   // the person's own, which lies in it
        ("Eastern Standard Time",                    "America/New_York"),
        ("eastern standard time",                    "America/New_York"),
        (" Azerbaijan Standard Time ",               "Asia/Baku"),
        ("Eastern Standard Time/2006-Daylight",      "America/New_York"),
        ("W. Europe Standard Time 2026",             "Europe/Stockholm"),
        ("Russia Time Zone 10",                      "Asia/Srednekolymsk"), // no year
        ("tzone://Microsoft/Utc",                    "UTC"),
        ("UTC",                                      "UTC"),
        ("Etc/UTC",                                  "Etc/UTC"),
        ("Europe/Oslo",                              "Europe/Oslo"),
        ("Asia/Kolkata",                             "Asia/Kolkata"),
        ("US/Eastern",                               "US/Eastern"),
        ("Antarctica/Troll",                         "Antarctica/Troll"),   // not in CLDR's table
    ];
    for (id, zone) in cases {
        // Rules that say otherwise are not even looked at.
        assert_eq!(found(id, "", Some(american(-8 * HOUR))).as_deref(), Some(zone), "{id:?}");
    }
}

#[test]
fn r05_a_name_that_says_nothing_is_resolved_from_its_rules() {
    let names = [
        "Customized Time Zone",
        "tzone://Microsoft/Custom",
        "Mitteleuropäische Zeit",
        "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
        "W. Europe Standard Time 1",
        "+01:00",
        "Mars/Olympus_Mons",
        "",
    ];
    #[rustfmt::skip]
    let cases = [
        (european(HOUR),                             Some("Europe/Stockholm")), // the person's own before all others
        (european(0),                                Some("Europe/London")),
        (american(-5 * HOUR),                        Some("America/New_York")),
        (american(-8 * HOUR),                        Some("America/Los_Angeles")),
        (CustomRules::new(Clock::Fixed(0)),          Some("Atlantic/Reykjavik")),
        (CustomRules::new(Clock::Fixed(HOUR)),       Some("Africa/Lagos")),
        (CustomRules::new(Clock::Fixed(19_800)),     Some("Asia/Calcutta")),
        // Nobody's: refused, so that the event is set aside by its name.
        (european(7 * HOUR),                         None),
        (american(HOUR),                             None),
        (CustomRules::new(Clock::Fixed(1234)),       None),
    ];
    for name in names {
        for (rules, zone) in &cases {
            assert_eq!(
                found(name, "Eastern Standard Time", Some(rules.clone())).as_deref(),
                *zone,
                "{name:?} {rules:?}"
            );
        }
        assert_eq!(found(name, "", None), None, "{name:?}");
    }
}

#[test]
fn r05_without_rules_the_name_beside_an_empty_id_is_read() {
    assert_eq!(found("", "Pacific Standard Time", None).as_deref(), Some("America/Los_Angeles"));
    assert_eq!(found("", "(UTC-08:00) Pacific Time (US & Canada)", None), None);
}

#[test]
fn an_event_in_winter_does_not_take_a_zone_for_one_without_summer_time() {
    let january = event("2027-01-12T08:00:00Z");
    let only_winter = CustomRules::new(Clock::Fixed(HOUR));
    assert_eq!(zone_with(&only_winter, january, &stockholm(), &IanaRules), Some(ZoneId::new("Africa/Lagos")));
}

#[test]
fn a_minute_of_difference_in_a_change_is_a_difference() {
    let late = CustomRules::standard_and_daylight(
        weekday(10, Weekday::Sun, -1, 3 * HOUR, HOUR),
        weekday(3, Weekday::Sun, -1, 2 * HOUR + 60, 2 * HOUR),
    );
    assert_eq!(zone_with(&late, event_in_2027(), &stockholm(), &IanaRules), None);
}

/// Windows writes a midnight as the last millisecond before it, which is the midnight that IANA means.
#[test]
fn a_change_in_the_last_millisecond_of_a_day_is_a_change_at_midnight() {
    let midnight = crate::zone::seconds_of_duration("PT23H59M59.999S").unwrap();
    let santiago = CustomRules::standard_and_daylight(
        weekday(4, Weekday::Sat, 1, midnight, -4 * HOUR),
        weekday(9, Weekday::Sat, 1, midnight, -3 * HOUR),
    );
    let zone = zone_with(&santiago, event_in_2027(), &stockholm(), &IanaRules);
    assert_eq!(zone, Some(ZoneId::new("America/Santiago")));
}

#[test]
fn a_series_needs_a_zone_that_agrees_for_ten_years() {
    // Central European until 2030, then summer for ever, as once was planned.
    let for_ever = Onset::Instant(instant("2030-03-31T01:00:00Z"));
    let abolished = european(HOUR).then(for_ever, Clock::Fixed(2 * HOUR)).unwrap();
    let find = |purpose| zone_with(&abolished, purpose, &stockholm(), &IanaRules);
    assert_eq!(find(event("2027-05-04T07:00:00Z")), Some(stockholm()));
    assert_eq!(find(series("2027-05-04T07:00:00Z")), None);
}

#[test]
fn a_pause_of_summer_time_is_seen_between_two_changes() {
    // Morocco as it was: +01:00, and +00:00 in Ramadan.
    let date = |month, day, time, offset| Change { day: YearDay::date(month, day).unwrap(), time, offset };
    let ramadan = Changes::new(vec![date(3, 10, 3 * HOUR, 0), date(4, 14, 2 * HOUR, HOUR)]).unwrap();
    let in_2024 = event("2024-04-01T08:00:00Z");
    let find = |clock| zone_with(&CustomRules::new(clock), in_2024, &stockholm(), &IanaRules);
    assert_eq!(find(Clock::Yearly(ramadan)), Some(ZoneId::new("Africa/Casablanca")));
    assert_eq!(find(Clock::Fixed(HOUR)), Some(ZoneId::new("Africa/Lagos")));
}

/// What 2026 brought to Edmonton: the clocks went forward and never back again. Older sources of rules do not know.
struct Of2026;

impl ZoneRules for Of2026 {
    fn offset_at(&self, zone: &ZoneId, at: DateTime<Utc>) -> Option<i32> {
        let has_stopped = zone.as_str() == "America/Edmonton" && at >= instant("2026-11-01T08:00:00Z");
        if has_stopped { Some(-6 * HOUR) } else { IanaRules.offset_at(zone, at) }
    }
}

/// Nor may a series be moved by an hour in winter because CLDR has put two zones into one.
#[test]
fn a_windows_zone_is_the_persons_own_for_a_series_only_with_the_same_clock() {
    let edmonton = ZoneId::new("America/Edmonton");
    #[rustfmt::skip]
    let cases = [
        (event("2027-01-12T17:00:00Z"),  "America/Edmonton"),
        (series("2010-01-12T17:00:00Z"), "America/Edmonton"),
        (series("2027-01-12T17:00:00Z"), "America/Denver"),
    ];
    for (purpose, expected) in cases {
        let zone = zone_named("Mountain Standard Time", purpose, &edmonton, &Of2026);
        assert_eq!(zone, Some(ZoneId::new(expected)), "{purpose:?}");
    }
}

#[test]
fn a_series_is_written_in_a_windows_zone_with_the_same_clock_or_not_at_all() {
    #[rustfmt::skip]
    let cases = [
        ("Europe/Stockholm",     Some("W. Europe Standard Time")),
        ("Asia/Kolkata",         Some("India Standard Time")),
        ("UTC",                  Some("UTC")),
        // CLDR puts it with Denver, but now its clock is Regina's.
        ("America/Edmonton",     Some("Canada Central Standard Time")),
        // CLDR puts it with the Azores, but its clock is Nuuk's.
        ("America/Scoresbysund", Some("Greenland Standard Time")),
        // Two hours forward in summer: like no other.
        ("Antarctica/Troll",     None),
        ("Mars/Olympus_Mons",    None),
    ];
    for (zone, expected) in cases {
        assert_eq!(windows_like(&ZoneId::new(zone), series("2027-01-12T17:00:00Z"), &Of2026), expected, "{zone}");
    }
}

#[test]
fn the_ends_of_time_are_no_panic() {
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let events = [(first, first), (last, last), (first, last), (last, first)];
    let events = events.map(|(start, end)| Purpose::Event { start, end });
    for purpose in events.into_iter().chain([first, last].map(|start| Purpose::Series { start })) {
        let _ = zone_with(&european(HOUR), purpose, &stockholm(), &IanaRules);
        let _ = windows_like(&stockholm(), purpose, &IanaRules);
    }
}
