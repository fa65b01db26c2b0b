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

fn event_in_2027() -> Range<DateTime<Utc>> {
    around(instant("2027-05-04T07:00:00Z"), instant("2027-05-04T08:00:00Z"))
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
    let zone = resolve(id, name, || rules, &event_in_2027(), &stockholm(), &IanaRules)?;
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
    let january = around(instant("2027-01-12T08:00:00Z"), instant("2027-01-12T09:00:00Z"));
    let only_winter = CustomRules::new(Clock::Fixed(HOUR));
    assert_eq!(zone_with(&only_winter, &january, &stockholm(), &IanaRules), Some(ZoneId::new("Africa/Lagos")));
}

#[test]
fn a_minute_of_difference_in_a_change_is_a_difference() {
    let late = CustomRules::standard_and_daylight(
        weekday(10, Weekday::Sun, -1, 3 * HOUR, HOUR),
        weekday(3, Weekday::Sun, -1, 2 * HOUR + 60, 2 * HOUR),
    );
    assert_eq!(zone_with(&late, &event_in_2027(), &stockholm(), &IanaRules), None);
}

/// Windows writes a midnight as the last millisecond before it, which is the midnight that IANA means.
#[test]
fn a_change_in_the_last_millisecond_of_a_day_is_a_change_at_midnight() {
    let midnight = crate::zone::seconds_of_duration("PT23H59M59.999S").unwrap();
    let santiago = CustomRules::standard_and_daylight(
        weekday(4, Weekday::Sat, 1, midnight, -4 * HOUR),
        weekday(9, Weekday::Sat, 1, midnight, -3 * HOUR),
    );
    let zone = zone_with(&santiago, &event_in_2027(), &stockholm(), &IanaRules);
    assert_eq!(zone, Some(ZoneId::new("America/Santiago")));
}

#[test]
fn a_series_needs_a_zone_that_agrees_for_ten_years() {
    // Central European until 2030, then summer for ever, as once was planned.
    let for_ever = Onset::Instant(instant("2030-03-31T01:00:00Z"));
    let abolished = european(HOUR).then(for_ever, Clock::Fixed(2 * HOUR)).unwrap();
    let start = instant("2027-05-04T07:00:00Z");
    let find = |span| zone_with(&abolished, &span, &stockholm(), &IanaRules);
    assert_eq!(find(around(start, start)), Some(stockholm()));
    assert_eq!(find(ten_years_from(start)), None);
}

#[test]
fn a_pause_of_summer_time_is_seen_between_two_changes() {
    // Morocco has +01:00, and +00:00 in Ramadan: in 2027 from 7 February to 14 March.
    let date = |month, day, time, offset| Change { day: YearDay::date(month, day).unwrap(), time, offset };
    let ramadan = Changes::new(vec![date(2, 7, 3 * HOUR, 0), date(3, 14, 2 * HOUR, HOUR)]).unwrap();
    let rules = CustomRules::new(Clock::Yearly(ramadan));
    let spring = instant("2027-01-10T00:00:00Z")..instant("2027-06-10T00:00:00Z");
    assert_eq!(zone_with(&rules, &spring, &stockholm(), &IanaRules), Some(ZoneId::new("Africa/Casablanca")));
    let without = CustomRules::new(Clock::Fixed(HOUR));
    assert_ne!(zone_with(&without, &spring, &stockholm(), &IanaRules), Some(ZoneId::new("Africa/Casablanca")));
}

/// IANA's rules, and those of a zone that is younger than CLDR's table.
struct WithNewZone;

impl ZoneRules for WithNewZone {
    fn offset_at(&self, zone: &ZoneId, instant: DateTime<Utc>) -> Option<i32> {
        let known = match zone.as_str() {
            // It left Chile's summer time in March 2025, as Coyhaique did.
            "America/New_Coyhaique" => ZoneId::new("America/Coyhaique"),
            _ => zone.clone(),
        };
        IanaRules.offset_at(&known, instant)
    }
}

#[test]
fn a_zone_without_a_windows_id_borrows_that_of_a_zone_with_the_same_clock() {
    let from = |text| ten_years_from(instant(text));
    #[rustfmt::skip]
    let cases = [
        ("Europe/Stockholm",      from("2027-01-01T00:00:00Z"), Some("W. Europe Standard Time")),
        ("America/New_Coyhaique", from("2027-01-01T00:00:00Z"), Some("Argentina Standard Time")),
        // Two hours forward in summer: like no other.
        ("Antarctica/Troll",      from("2027-01-01T00:00:00Z"), None),
        ("Mars/Olympus_Mons",     from("2027-01-01T00:00:00Z"), None),
    ];
    for (zone, span, expected) in cases {
        assert_eq!(windows_like(&ZoneId::new(zone), &span, &WithNewZone), expected, "{zone} {span:?}");
    }
}

#[test]
fn a_span_at_the_ends_of_time_is_no_panic() {
    for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        for span in [around(at, at), ten_years_from(at), around(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC)] {
            let _ = zone_with(&european(HOUR), &span, &stockholm(), &IanaRules);
        }
    }
}
