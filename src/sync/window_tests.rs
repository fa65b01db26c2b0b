//! What lies in the window, one line a case.

use super::*;
use crate::event::{Changes, Moment};
use crate::recurrence::{Count, DayInterval, Interval, Pattern, Range, Recurrence, WeekDays, Weekday};
use crate::zone::{IanaRules, UtcRules, ZoneId};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn all_day(start: &str, end: &str) -> Event {
    Event::new("Semester", When::all_day(day(start), day(end)).unwrap())
}

fn timed(start: &str, end: &str) -> Event {
    let at = |text: &str| Moment::new(text.parse().unwrap(), ZoneId::new("Europe/Stockholm"));
    Event::new("Möte", When::timed(at(start), at(end)).unwrap())
}

fn every(event: Event, interval: u32, range: Range) -> Event {
    let pattern = Pattern::Daily { interval: DayInterval::new(interval).unwrap() };
    Event { series: Some(Series::new(Recurrence { pattern, range })), ..event }
}

fn but(mut event: Event, date: &str, exception: Exception) -> Event {
    event.series.as_mut().unwrap().exceptions.insert(OriginalDate(day(date)), exception);
    event
}

fn moved(start: &str, end: &str) -> Exception {
    Exception::Changed(Box::new(Changes { when: Some(all_day(start, end).when), ..Changes::default() }))
}

#[test]
fn scenario_14_what_lies_in_a_window_of_ten_days_back_and_thirty_ahead() {
    let enters = |text: &str| Place::Outside { enters: Some(format!("{text}T00:00:00Z").parse().unwrap()) };
    let (inside, past) = (Place::Inside, Place::Outside { enters: None });
    let numbered = |count| Range::Numbered(Count::new(count).unwrap());
    #[rustfmt::skip]
    let cases = [
        // Today is the 20th of January: the window holds the 10th of January to the 19th of February.
        (all_day("2027-01-10", "2027-01-11"), inside),
        (all_day("2027-01-09", "2027-01-10"), past),
        (all_day("2027-01-01", "2027-01-11"), inside),                             // its last day
        (all_day("2027-02-19", "2027-02-20"), inside),
        (all_day("2027-02-20", "2027-02-21"), enters("2027-01-21")),
        (all_day("2028-02-20", "2028-02-21"), enters("2028-01-21")),
        (timed("2027-01-09T22:00:00Z", "2027-01-09T23:59:59Z"), past),
        (timed("2027-01-09T22:00:00Z", "2027-01-10T00:00:00Z"), past),
        (timed("2027-01-09T22:00:00Z", "2027-01-10T00:00:01Z"), inside),
        (timed("2027-02-19T23:59:59Z", "2027-02-20T01:00:00Z"), inside),
        (timed("2027-02-20T00:00:00Z", "2027-02-20T00:00:00Z"), enters("2027-01-21")),
        // A series is inside as long as any occurrence is.
        (every(all_day("2001-01-01", "2001-01-02"), 1, Range::NoEnd), inside),
        (every(all_day("2027-01-01", "2027-01-02"), 1, numbered(9)), past),
        (every(all_day("2027-01-01", "2027-01-02"), 1, numbered(10)), inside),
        (every(all_day("2027-01-01", "2027-01-05"), 1, numbered(9)), inside),      // the ninth lasts until the 12th
        (every(all_day("2027-03-01", "2027-03-02"), 1, Range::NoEnd), enters("2027-01-30")),
        (every(all_day("2027-01-01", "2027-01-02"), 60, Range::NoEnd), enters("2027-01-31")),
        // What was cancelled or moved away is not there; what was moved here is.
        (but(every(all_day("2027-01-08", "2027-01-09"), 60, numbered(2)), "2027-03-09", moved("2027-01-15", "2027-01-16")), inside),
        (but(every(all_day("2027-01-15", "2027-01-16"), 60, numbered(2)), "2027-01-15", Exception::Cancelled), enters("2027-02-14")),
        (but(every(all_day("2027-01-15", "2027-01-16"), 60, numbered(1)), "2027-01-15", moved("2027-01-02", "2027-01-03")), past),
    ];
    let now = "2027-01-20T15:00:00Z".parse().unwrap();
    for (event, expected) in cases {
        holds(&event, &window_in("UTC", 10, 30), now, expected);
    }
}

fn window_in(zone: &str, days_back: u32, days_ahead: u32) -> Window {
    Window { days_back, days_ahead, zone: ZoneId::new(zone) }
}

/// It lies there, and an event that is said to enter does so just then.
fn holds(event: &Event, window: &Window, now: DateTime<Utc>, expected: Place) {
    let lies = |at| place(event, window, at, &IanaRules);
    assert_eq!(lies(now), expected, "{event:?} at {now}");
    if let Place::Outside { enters: Some(at) } = expected {
        assert_eq!(lies(at), Place::Inside, "{event:?}: then it is inside");
        assert_ne!(lies(at - TimeDelta::seconds(1)), Place::Inside, "{event:?}: and no earlier");
    }
}

#[test]
fn days_begin_when_they_begin_where_the_person_is() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let (inside, past) = (Place::Inside, Place::Outside { enters: None });
    let enters = |text: &str| Place::Outside { enters: Some(at(text)) };
    let stockholm = window_in("Europe/Stockholm", 1, 1);
    #[rustfmt::skip]
    let cases = [
        // 23:30 on the 20th in Stockholm is that day, and half an hour later it is the next one.
        ("2027-01-20T22:30:00Z", all_day("2027-01-19", "2027-01-20"), inside),
        ("2027-01-20T23:00:00Z", all_day("2027-01-19", "2027-01-20"), past),
        ("2027-01-20T22:30:00Z", all_day("2027-01-22", "2027-01-23"), enters("2027-01-20T23:00:00Z")),
        ("2027-01-20T23:00:00Z", all_day("2027-01-22", "2027-01-23"), inside),
        // An event late in the evening of the last day, and one early on the day after it.
        ("2027-01-20T12:00:00Z", timed("2027-01-21T22:30:00Z", "2027-01-21T22:45:00Z"), inside),
        ("2027-01-20T12:00:00Z", timed("2027-01-21T23:00:00Z", "2027-01-21T23:15:00Z"), enters("2027-01-20T23:00:00Z")),
        // One that ended at midnight of the first day, and one that lasted a second longer.
        ("2027-01-20T12:00:00Z", timed("2027-01-18T20:00:00Z", "2027-01-18T23:00:00Z"), past),
        ("2027-01-20T12:00:00Z", timed("2027-01-18T20:00:00Z", "2027-01-18T23:00:01Z"), inside),
        // In summer a day begins an hour earlier.
        ("2027-07-20T12:00:00Z", timed("2027-07-21T21:59:59Z", "2027-07-21T23:00:00Z"), inside),
        ("2027-07-20T12:00:00Z", timed("2027-07-21T22:00:00Z", "2027-07-21T23:00:00Z"), enters("2027-07-20T22:00:00Z")),
        // The 28th of March has 23 hours: it begins at 23 UTC, and the 29th at 22.
        ("2027-03-27T12:00:00Z", timed("2027-03-28T21:59:59Z", "2027-03-28T23:00:00Z"), inside),
        ("2027-03-27T12:00:00Z", timed("2027-03-28T22:00:00Z", "2027-03-28T23:00:00Z"), enters("2027-03-27T23:00:00Z")),
        ("2027-03-28T12:00:00Z", timed("2027-03-30T08:00:00Z", "2027-03-30T09:00:00Z"), enters("2027-03-28T22:00:00Z")),
        // The 31st of October has 25.
        ("2027-10-30T12:00:00Z", timed("2027-10-31T22:59:59Z", "2027-10-31T23:30:00Z"), inside),
        ("2027-10-30T12:00:00Z", timed("2027-10-31T23:00:00Z", "2027-10-31T23:30:00Z"), enters("2027-10-30T22:00:00Z")),
        ("2027-10-31T12:00:00Z", timed("2027-11-02T08:00:00Z", "2027-11-02T09:00:00Z"), enters("2027-10-31T23:00:00Z")),
    ];
    for (now, event, expected) in cases {
        holds(&event, &stockholm, at(now), expected);
    }
}

#[test]
fn a_day_that_does_not_begin_at_midnight_begins_all_the_same() {
    // Beirut's clocks go from midnight to one o'clock: the 28th of March begins at 22:00 in UTC.
    let (beirut, event) = (window_in("Asia/Beirut", 0, 0), all_day("2027-03-28", "2027-03-29"));
    let begins = "2027-03-27T22:00:00Z".parse().unwrap();
    holds(&event, &beirut, begins - TimeDelta::hours(3), Place::Outside { enters: Some(begins) });
}

#[test]
fn occurrences_lie_where_the_windows_clock_has_them_whatever_zone_the_series_has() {
    // Eight in the evening in New York is two o'clock the next morning in Stockholm, and one o'clock while only America
    // has summer time.
    let in_new_york = |text: &str| Moment::new(text.parse().unwrap(), ZoneId::new("America/New_York"));
    let when = When::timed(in_new_york("2027-01-01T01:00:00Z"), in_new_york("2027-01-01T02:00:00Z")).unwrap();
    let event = every(Event::new("Call", when), 7, Range::NoEnd);
    let stockholm = window_in("Europe/Stockholm", 0, 0);
    let lies = |text: &str| place(&event, &stockholm, format!("{text}T12:00:00Z").parse().unwrap(), &IanaRules);
    // By its own rule it is on Thursdays.
    for (friday, thursday) in [("2027-01-08", "2027-01-07"), ("2027-03-19", "2027-03-18"), ("2027-07-09", "2027-07-08")]
    {
        assert_eq!(lies(friday), Place::Inside, "{friday}");
        let midnight = format!("{thursday}T{}:00:00Z", if friday < "2027-07" { 23 } else { 22 });
        assert_eq!(lies(thursday), Place::Outside { enters: Some(midnight.parse().unwrap()) }, "{thursday}");
    }
}

#[test]
fn where_nobody_knows_the_zone_days_are_those_of_utc() {
    let event = timed("2027-01-21T23:30:00Z", "2027-01-21T23:45:00Z");
    let now = "2027-01-20T12:00:00Z".parse().unwrap();
    for (window, rules) in [
        (window_in("Europe/Stockholm", 1, 1), &UtcRules as &dyn ZoneRules),
        (window_in("Mars/Olympus_Mons", 1, 1), &IanaRules),
        (window_in("UTC", 1, 1), &IanaRules),
        (window_in("UTC", 1, 1), &UtcRules),
    ] {
        assert_eq!(place(&event, &window, now, rules), Place::Inside, "{window:?}");
    }
    assert_ne!(place(&event, &window_in("Europe/Stockholm", 1, 1), now, &IanaRules), Place::Inside);
}

#[test]
fn a_series_early_on_a_monday_in_stockholm_begins_on_that_monday() {
    let pattern = Pattern::Weekly {
        interval: Interval::new(2).unwrap(),
        days: WeekDays::only(Weekday::Monday),
        first_day_of_week: Weekday::Monday,
    };
    // Half past midnight on Monday the 4th is Sunday in UTC, and Sunday's week is another one.
    let mut event = timed("2027-01-03T23:30:00Z", "2027-01-04T00:30:00Z");
    event.series = Some(Series::new(Recurrence { pattern, range: Range::NoEnd }));
    let window = window_in("Europe/Stockholm", 0, 0);
    // Also where its zone's rules are not known.
    for rules in [&IanaRules as &dyn ZoneRules, &UtcRules] {
        let at = |text: &str| format!("{text}T12:00:00Z").parse().unwrap();
        let is_inside = |text: &str| place(&event, &window, at(text), rules) == Place::Inside;
        assert!(is_inside("2027-01-18") && !is_inside("2027-01-11") && !is_inside("2027-01-25"));
    }
}

#[test]
fn a_window_as_wide_as_numbers_go_holds_everything() {
    let now = "2027-01-20T15:00:00Z".parse().unwrap();
    for event in [all_day("0001-01-01", "0001-01-02"), all_day("9999-12-30", "9999-12-31")] {
        for zone in ["UTC", "Europe/Stockholm", "Pacific/Kiritimati"] {
            assert_eq!(place(&event, &window_in(zone, u32::MAX, u32::MAX), now, &IanaRules), Place::Inside);
        }
    }
}
