//! Scenarios 12, 13 and 22: dates that are dates, hours that stay where they are, and clocks that are wrong.

use std::collections::BTreeSet;

use blikk_calendar_sync::event::{Event, Series, When};
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::recurrence::{Count, Interval, Pattern, Range, Recurrence, WeekDays, Weekday};
use blikk_calendar_sync::sync::port::{Change, ChangePage, Observed, Reading};
use blikk_calendar_sync::sync::report::Outcome;
use chrono::{NaiveDate, TimeDelta};
use serde_json::json;
use simulation::calendar::MemoryCalendar;

use crate::liar::{Liar, run_between};
use crate::line::servers;
use crate::pair::{Pair, sorted};
use crate::wire::{Wire, an_hour as an_hour_in_outlook, text};
use crate::{an_hour, event};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn dates_in_blikk(wire: &Wire) -> Vec<(String, String, String)> {
    let dates = |event: &Event| match &event.when {
        When::AllDay(span) => (event.title.clone(), span.start().to_string(), span.end().to_string()),
        When::Timed(_) => panic!("no whole day: {event:?}"),
    };
    let mut all: Vec<_> = wire.blikk.events().iter().map(dates).collect();
    all.sort();
    all
}

fn dates_in_outlook(wire: &Wire) -> Vec<(String, String, String)> {
    let dates = |event: &serde_json::Value| {
        assert_eq!(event["allDay"], true, "{event}");
        (text(event, "title"), text(&event["start"], "date"), text(&event["end"], "date"))
    };
    let mut all: Vec<_> = wire.in_outlook().iter().map(dates).collect();
    all.sort();
    all
}

#[test]
fn scenario_12_a_whole_day_stays_on_its_date_wherever_the_person_is_and_however_often_it_travels() {
    // The days on which Stockholm and New York change their clocks, the days beside them, and three days over one.
    let days = [
        ("2027-03-14", "2027-03-15"),
        ("2027-03-27", "2027-03-28"),
        ("2027-03-28", "2027-03-29"),
        ("2027-03-27", "2027-03-30"),
        ("2027-10-31", "2027-11-01"),
        ("2027-11-06", "2027-11-07"),
        ("2027-11-07", "2027-11-08"),
        ("2027-12-31", "2028-01-01"),
    ];
    for zone in ["Europe/Stockholm", "America/New_York", "Pacific/Kiritimati", "Etc/GMT+12"] {
        for (name, server) in servers() {
            let wire = Wire::of_somebody_in(zone, server);
            let mut expected = Vec::new();
            for (first, end) in days {
                let (here, there) = (format!("Blikk {first} {end}"), format!("Outlook {first} {end}"));
                wire.blikk.add(Event::new(&here, When::all_day(date(first), date(end)).unwrap()));
                wire.adds_in_outlook(&json!({
                    "title": there, "allDay": true, "start": { "date": first }, "end": { "date": end },
                }));
                expected.extend([here, there].map(|title| (title, first.to_owned(), end.to_owned())));
            }
            expected.sort();
            wire.done();
            for round in 0..3 {
                assert_eq!(dates_in_blikk(&wire), expected, "{name}, {zone}, round {round}");
                assert_eq!(dates_in_outlook(&wire), expected, "{name}, {zone}, round {round}");
                // Something else is edited, on one side and on the other; then all is forgotten and read anew.
                for id in wire.blikk.ids() {
                    wire.blikk.edit(&id, |event| event.place = format!("Rum {round}"));
                }
                wire.done();
                for event in wire.in_outlook() {
                    wire.edits_in_outlook(&text(&event, "id"), &json!({ "body": format!("Gång {round}") }));
                }
                wire.done();
                wire.store.wipe();
                let writes = wire.writes();
                assert_eq!((wire.done().linked, wire.writes()), (16, writes), "{name}, {zone}");
            }
        }
    }
}

fn weekly(event: Event, day: Weekday, count: u32) -> Event {
    let pattern = Pattern::Weekly {
        interval: Interval::new(1).unwrap(),
        days: WeekDays::only(day),
        first_day_of_week: Weekday::Monday,
    };
    let range = Range::Numbered(Count::new(count).unwrap());
    Event { series: Some(Series::new(Recurrence { pattern, range })), ..event }
}

#[test]
fn scenario_13_nine_stays_nine_in_the_organisers_zone_however_often_a_series_is_synchronised() {
    for (name, server) in servers() {
        let wire = Wire::to(server);
        // Nine o'clock on Mondays in Stockholm and on Tuesdays in New York, over both changes of either clock.
        let here = weekly(an_hour("Veckomöte", "2026-03-02T08:00:00Z", "Europe/Stockholm"), Weekday::Monday, 40);
        let here = wire.blikk.add(here);
        let mut abroad = an_hour_in_outlook("Weekly", "2026-03-03T14:00:00Z", "America/New_York");
        abroad["recurrence"] = json!({ "pattern": "weekly", "count": 40 });
        abroad["organizer"] = json!({ "name": "Ann", "email": "ann@partner.example" });
        wire.adds_in_outlook(&abroad);
        wire.done();
        let expected = instances(&wire);
        assert_eq!(expected.len(), 80, "{name}");
        for (title, zone) in [("Veckomöte", chrono_tz::Europe::Stockholm), ("Weekly", chrono_tz::America::New_York)] {
            let hours: BTreeSet<String> = expected
                .iter()
                .filter(|(instance, _)| instance == title)
                .map(|(_, start)| start.with_timezone(&zone).format("%H:%M").to_string())
                .collect();
            assert_eq!(hours, BTreeSet::from(["09:00".to_owned()]), "{name}: {title}");
        }
        let before = sorted(wire.blikk.events());
        for round in 0..10 {
            // It is written, read anew, forgotten and recognised: each way once more.
            wire.blikk.edit(&here, |event| event.place = format!("Rum {round}"));
            wire.done();
            if round % 2 == 0 {
                wire.store.wipe();
            } else {
                wire.line.server.expire_sync_states();
                wire.pass(TimeDelta::days(1));
            }
            wire.done();
            assert_eq!(instances(&wire), expected, "{name}, round {round}");
        }
        wire.blikk.edit(&here, |event| event.place.clear());
        wire.done();
        assert_eq!(sorted(wire.blikk.events()), before, "{name}: nothing of it is otherwise");
        wire.assert_at_rest();
        wire.assert_nobody_was_mailed();
    }
}

/// What she sees in Outlook, with the instants.
fn instances(wire: &Wire) -> Vec<(String, chrono::DateTime<chrono::Utc>)> {
    let seen = wire.seen_in_outlook("2026-02-01T00:00:00Z", "2027-02-01T00:00:00Z");
    seen.iter().map(|event| (text(event, "title"), text(&event["start"], "dateTime").parse().unwrap())).collect()
}

/// A server whose clock is wrong by so many hours.
fn with_clock(calendar: &MemoryCalendar, hours: i64) -> Liar<'_, MemoryCalendar> {
    let shift = move |observed: &mut Observed| {
        observed.changed_at = observed.changed_at.map(|at| at + TimeDelta::hours(hours));
        observed.created_at = observed.created_at.map(|at| at + TimeDelta::hours(hours));
    };
    let shift_page = move |page: ChangePage| ChangePage {
        changes: page
            .changes
            .into_iter()
            .map(|change| match change {
                Change::Seen(mut observed) => {
                    shift(&mut observed);
                    Change::Seen(observed)
                }
                other => other,
            })
            .collect(),
        ..page
    };
    let shift_reading = move |reading| match reading {
        Reading::Found(mut observed) => {
            shift(&mut observed);
            Reading::Found(observed)
        }
        other => other,
    };
    Liar {
        changes: Box::new(move |_, page| page.map(shift_page)),
        read: Box::new(move |_, readings| Ok(readings?.into_iter().map(shift_reading).collect())),
        ..Liar::before(calendar)
    }
}

/// What comes of edits on both sides, with the clocks of Blikk, of Exchange and of the device wrong by so much.
fn met(edit: fn(&Pair), [blikk, exchange, device]: [i64; 3]) -> [Vec<String>; 2] {
    let pair = Pair::new();
    pair.blikk.add(event("Möte"));
    pair.pass_hours(24 + device);
    let run = || {
        let (in_blikk, in_exchange) = (with_clock(&pair.blikk, blikk), with_clock(&pair.exchange, exchange));
        let outcome = run_between(&in_blikk, &in_exchange, &pair.store, &pair.world).outcome;
        assert_eq!(outcome, Outcome::Done);
    };
    run();
    edit(&pair);
    run();
    run();
    pair.assert_at_rest();
    [sorted(pair.blikk.events()), sorted(pair.exchange.events())]
}

/// What it is, what people do, and what must come of it on both sides.
type Case = (&'static str, fn(&Pair), Event);

#[test]
fn scenario_22_what_comes_of_edits_on_both_sides_does_not_depend_on_clocks() {
    #[rustfmt::skip]
    let cases: [Case; 4] = [
        ("one moves it, the other renames it", |pair| {
            pair.blikk.edit(&pair.blikk.only().0, |event| event.when = later());
            pair.exchange.edit(&pair.exchange.only().0, |event| event.title = "Nytt namn".into());
        }, Event { when: later(), ..event("Nytt namn") }),
        ("the same the other way", |pair| {
            pair.exchange.edit(&pair.exchange.only().0, |event| event.when = later());
            pair.blikk.edit(&pair.blikk.only().0, |event| event.title = "Nytt namn".into());
        }, Event { when: later(), ..event("Nytt namn") }),
        ("deleted in Blikk, edited in Exchange", |pair| {
            pair.blikk.remove(&pair.blikk.only().0);
            pair.exchange.edit(&pair.exchange.only().0, |event| event.place = "Rum 1".into());
        }, Event { place: "Rum 1".into(), ..event("Möte") }),
        ("edited in Blikk, deleted in Exchange", |pair| {
            pair.exchange.remove(&pair.exchange.only().0);
            pair.blikk.edit(&pair.blikk.only().0, |event| event.place = "Rum 1".into());
        }, Event { place: "Rum 1".into(), ..event("Möte") }),
    ];
    for (what, edit, expected) in cases {
        let expected = sorted(vec![expected]);
        for clocks in [[0, 0, 0], [2, 0, 0], [-2, 0, 0], [0, 2, 0], [0, -2, 0], [0, 0, 2], [0, 0, -2], [2, -2, 2]] {
            assert_eq!(met(edit, clocks), [expected.clone(), expected.clone()], "{what}: {clocks:?}");
        }
    }
}

fn later() -> When {
    When::all_day(date("2027-02-08"), date("2027-02-09")).unwrap()
}

#[test]
fn scenario_22_newest_wins_by_the_servers_dates_and_the_devices_clock_has_no_part_in_it() {
    for device in [-2, 0, 2] {
        for last in [Side::Blikk, Side::Exchange] {
            let pair = Pair::new();
            pair.blikk.add(event("Möte"));
            pair.pass_hours(24 + device);
            pair.run();
            // Their clocks go by what happens to them.
            for (side, times) in [(last.other(), 1), (last, 20)] {
                for _ in 0..times {
                    pair.side(side).edit(&pair.side(side).only().0, |event| event.place = format!("{side:?}"));
                }
            }
            pair.run();
            for side in [Side::Blikk, Side::Exchange] {
                assert_eq!(pair.side(side).only().1.place, format!("{last:?}"), "{device} hours");
            }
        }
    }
}
