//! What lies in the window, one line a case.

use super::*;
use crate::event::{Changes, Moment};
use crate::recurrence::{Count, DayInterval, Interval, Pattern, Range, Recurrence, WeekDays, Weekday};
use crate::zone::ZoneId;

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
    let window = Window { days_back: 10, days_ahead: 30 };
    let now = "2027-01-20T15:00:00Z".parse().unwrap();
    for (event, expected) in cases {
        assert_eq!(place(&event, &window, now), expected, "{event:?}");
        if let Place::Outside { enters: Some(at) } = expected {
            assert_eq!(place(&event, &window, at), inside, "{event:?}: then it is inside");
            assert_ne!(place(&event, &window, at - TimeDelta::seconds(1)), inside, "{event:?}: and no earlier");
        }
    }
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
    let window = Window { days_back: 0, days_ahead: 0 };
    let is_inside = |text: &str| place(&event, &window, format!("{text}T12:00:00Z").parse().unwrap()) == Place::Inside;
    assert!(is_inside("2027-01-18") && !is_inside("2027-01-11") && !is_inside("2027-01-25"));
}

#[test]
fn a_window_as_wide_as_numbers_go_holds_everything() {
    let window = Window { days_back: u32::MAX, days_ahead: u32::MAX };
    let now = "2027-01-20T15:00:00Z".parse().unwrap();
    for event in [all_day("0001-01-01", "0001-01-02"), all_day("9999-12-30", "9999-12-31")] {
        assert_eq!(place(&event, &window, now), Place::Inside);
    }
}
