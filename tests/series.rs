//! Series against a whole Exchange (the stand-in, in this process): what we write is what we read back, whatever is
//! changed about it, on every kind of server.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/line.rs"]
mod line;

use std::collections::BTreeMap;

use blikk_calendar_sync::event::{Changes, Event, Exception, FreeBusy, Moment, OriginalDate, Reminder, Series, When};
use blikk_calendar_sync::problem::{Code, Problem};
use blikk_calendar_sync::recurrence::{
    Count, DayInterval, DayOfMonth, DayOfWeek, Interval, Month, Pattern, Range, Recurrence, WeekDays, WeekIndex,
    Weekday,
};
use blikk_calendar_sync::sync::port::{Calendar, Draft, Observed, Reading, Revision};
use blikk_calendar_sync::sync::state::{LinkId, RemoteId};
use blikk_calendar_sync::zone::{IanaRules, ZoneId};
use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use line::{Line, wait_for};
use proptest::prelude::*;
use standins::exchange::{Server, ServerVersion, Temper};

fn created(line: &Line, event: &Event) -> Result<Observed, Problem> {
    let draft = Draft { link: LinkId::new("0a"), counterpart: RemoteId::new("b-7"), uid: None, event: event.clone() };
    wait_for(line.calendar().create(&[draft]))?.remove(0)
}

fn updated(line: &Line, held: &Observed, after: &Event) -> Result<Observed, Problem> {
    let before = held.content.clone().map_err(|unsynced| unsynced.problem)?;
    let revision = Revision { id: held.id.clone(), expected: held.version.clone(), before, after: after.clone() };
    wait_for(line.calendar().update(&[revision]))?.remove(0)
}

fn read(line: &Line, held: &Observed) -> Event {
    let mut readings = wait_for(line.calendar().read(std::slice::from_ref(&held.id))).unwrap();
    match readings.remove(0) {
        Reading::Found(observed) => {
            assert!(!observed.is_unfinished);
            observed.content.unwrap()
        }
        other => panic!("{other:?}"),
    }
}

fn date(text: &str) -> OriginalDate {
    OriginalDate(text.parse().unwrap())
}

fn on_mondays() -> Event {
    let at = |text: &str| Moment::new(text.parse().unwrap(), ZoneId::new("Europe/Stockholm"));
    let when = When::timed(at("2027-03-01T08:00:00Z"), at("2027-03-01T09:00:00Z")).unwrap();
    let mut event = Event::new("Planering", when);
    event.body = "Vad händer i veckan?".into();
    event.reminder = Some(Reminder { minutes_before_start: 15 });
    event.series = Some(Series::new(Recurrence {
        pattern: Pattern::Weekly {
            interval: Interval::new(1).unwrap(),
            days: WeekDays::only(Weekday::Monday),
            first_day_of_week: Weekday::Monday,
        },
        range: Range::Numbered(Count::new(20).unwrap()),
    }));
    event
}

fn with(event: &Event, exceptions: &[(&str, Exception)]) -> Event {
    let mut event = event.clone();
    let series = event.series.as_mut().unwrap();
    series.exceptions = exceptions.iter().map(|(day, exception)| (date(day), exception.clone())).collect();
    event
}

fn renamed(title: &str) -> Exception {
    Exception::Changed(Box::new(Changes { title: Some(title.into()), ..Changes::default() }))
}

/// To another day at the time of the series.
fn moved(event: &Event, to: &str) -> Exception {
    let when = event.when.on_date(to.parse().unwrap(), &IanaRules).unwrap();
    Exception::Changed(Box::new(Changes { when: Some(when), ..Changes::default() }))
}

fn servers() -> Vec<(&'static str, Server)> {
    vec![
        ("Exchange 2016", Server::default()),
        ("Exchange 2010", Server { version: ServerVersion::Exchange2010Sp2, ..Server::default() }),
        ("grommunio", Server { temper: Temper::Grommunio, ..Server::default() }),
    ]
}

#[test]
fn scenario_15_a_series_lives_through_everything_that_people_do_to_its_occurrences() {
    for (name, server) in servers() {
        let line = Line::to(server);
        let plain = on_mondays();
        let mut held = created(&line, &plain).unwrap();
        let moved_once = moved(&plain, "2027-03-23");
        let silent = Exception::Changed(Box::new(Changes { reminder: Some(None), ..Changes::default() }));
        let later = {
            let mut event = plain.clone();
            let When::Timed(span) = &event.when else { unreachable!() };
            let shift = |moment: &Moment| Moment::new(moment.instant() + TimeDelta::hours(2), moment.zone().clone());
            event.when = When::timed(shift(span.start()), shift(span.end())).unwrap();
            event
        };
        #[rustfmt::skip]
        let days: Vec<(&str, Event)> = vec![
            ("one is renamed",             with(&plain, &[("2027-03-08", renamed("Planering 2"))])),
            ("another is moved",           with(&plain, &[("2027-03-08", renamed("Planering 2")), ("2027-03-22", moved_once.clone())])),
            ("a third is cancelled",       with(&plain, &[("2027-03-08", renamed("Planering 2")), ("2027-03-22", moved_once.clone()), ("2027-03-29", Exception::Cancelled)])),
            ("the renamed one is plain",   with(&plain, &[("2027-03-22", moved_once.clone()), ("2027-03-29", Exception::Cancelled)])),
            ("it is moved again",          with(&plain, &[("2027-03-22", moved(&plain, "2027-03-24")), ("2027-03-29", Exception::Cancelled)])),
            ("the cancelled one is back",  with(&plain, &[("2027-03-22", moved(&plain, "2027-03-24"))])),
            ("the moved one is cancelled", with(&plain, &[("2027-03-22", Exception::Cancelled)])),
            ("one reminds nobody",         with(&plain, &[("2027-03-22", Exception::Cancelled), ("2027-04-05", silent.clone())])),
            ("all begin later",            with(&later, &[("2027-03-22", Exception::Cancelled), ("2027-04-05", silent)])),
            ("and nothing is special",     plain.clone()),
        ];
        for (what, wanted) in days {
            held = updated(&line, &held, &wanted).unwrap_or_else(|problem| panic!("{name}: {what}: {problem}"));
            assert_eq!(read(&line, &held), wanted, "{name}: {what}");
        }
        assert!(line.server.outbox().is_empty(), "{name}: nobody gets mail");
    }
}

#[test]
fn a_series_becomes_a_single_event_and_a_series_again() {
    let line = Line::to(Server::default());
    let series = with(&on_mondays(), &[("2027-03-08", Exception::Cancelled)]);
    let held = created(&line, &series).unwrap();
    let single = Event { series: None, ..series.clone() };
    let held = updated(&line, &held, &single).unwrap();
    assert_eq!(read(&line, &held), single);
    let held = updated(&line, &held, &series).unwrap();
    assert_eq!(read(&line, &held), series);
}

#[test]
fn r19_an_occurrence_that_would_pass_its_neighbour_is_refused_by_name_and_the_others_are_written() {
    let line = Line::to(Server::default());
    let plain = on_mondays();
    let held = created(&line, &plain).unwrap();
    let wanted = with(&plain, &[("2027-03-08", renamed("Planering 2")), ("2027-03-22", moved(&plain, "2027-03-30"))]);
    let problem = updated(&line, &held, &wanted).unwrap_err();
    assert_eq!(
        (problem.code, problem.server.as_deref()),
        (Code::EventOccurrenceCrosses, Some("ErrorOccurrenceCrossingBoundary"))
    );
}

#[test]
fn r17_an_occurrence_whose_neighbours_are_gone_is_found_by_its_date() {
    let line = Line::to(Server::default());
    let gone: Vec<_> = ["2027-03-01", "2027-03-08", "2027-03-15"].map(|day| (day, Exception::Cancelled)).into();
    let held = created(&line, &with(&on_mondays(), &gone)).unwrap();
    let mut all = gone.clone();
    all.push(("2027-03-22", renamed("Planering 4")));
    let wanted = with(&on_mondays(), &all);
    let held = updated(&line, &held, &wanted).unwrap();
    assert_eq!(read(&line, &held), wanted);
}

// Random series with random exceptions, written and changed at random.

fn a_pattern() -> impl Strategy<Value = Pattern> {
    let interval = || (1..=3_u32).prop_map(|every| Interval::new(every).unwrap());
    let day_of_month = || (1..=31_u32).prop_map(|day| DayOfMonth::new(day).unwrap());
    let day = proptest::sample::select(&DayOfWeek::ALL);
    let index = proptest::sample::select(&WeekIndex::ALL);
    let month = proptest::sample::select(&Month::ALL);
    let first = proptest::sample::select(&[Weekday::Monday, Weekday::Sunday]);
    let days = (1..128_u8).prop_map(|bits| WeekDays::try_from(bits).unwrap());
    prop_oneof![
        (1..=9_u32).prop_map(|every| Pattern::Daily { interval: DayInterval::new(every).unwrap() }),
        (interval(), days, first).prop_map(|(interval, days, first_day_of_week)| Pattern::Weekly {
            interval,
            days,
            first_day_of_week
        }),
        (interval(), day_of_month())
            .prop_map(|(interval, day_of_month)| Pattern::AbsoluteMonthly { interval, day_of_month }),
        (interval(), day.clone(), index.clone()).prop_map(|(interval, day, index)| Pattern::RelativeMonthly {
            interval,
            day,
            index
        }),
        // Exchange takes no 30 February, though it would know which day to take instead.
        (month.clone(), 1..=29_u32)
            .prop_map(|(month, day)| Pattern::AbsoluteYearly { month, day_of_month: DayOfMonth::new(day).unwrap() }),
        (month, day, index).prop_map(|(month, day, index)| Pattern::RelativeYearly { month, day, index }),
    ]
}

/// Twelve zones from -12 to +14, some of which change their clocks at odd times.
const ZONES: [&str; 12] = [
    "Etc/GMT+12",
    "America/Los_Angeles",
    "America/New_York",
    "America/St_Johns",
    "Atlantic/Azores",
    "Europe/Stockholm",
    "Europe/London",
    "Asia/Beirut",
    "Asia/Calcutta",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
];

#[derive(Clone, Debug)]
enum Fate {
    Cancelled,
    Renamed(u8),
    Longer,
    Free,
    Elsewhere,
}

fn a_fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Fate::Cancelled),
        any::<u8>().prop_map(Fate::Renamed),
        Just(Fate::Longer),
        Just(Fate::Free),
        Just(Fate::Elsewhere)
    ]
}

#[derive(Clone, Debug)]
struct Plan {
    zone: usize,
    first: i32,
    minute: u32,
    is_all_day: bool,
    pattern: Pattern,
    count: u32,
    /// What happens to the nth occurrence, before and after.
    before: BTreeMap<u8, Fate>,
    after: BTreeMap<u8, Fate>,
    starts_later: bool,
}

fn a_plan() -> impl Strategy<Value = Plan> {
    let fates = || proptest::collection::btree_map(0..12_u8, a_fate(), 0..4);
    let days = 739_600..741_400_i32;
    let series = (0..ZONES.len(), days, 0..24 * 60_u32, any::<bool>(), a_pattern(), 1..20_u32);
    (series, fates(), fates(), any::<bool>()).prop_map(|(series, before, after, starts_later)| {
        let (zone, first, minute, is_all_day, pattern, count) = series;
        Plan { zone, first, minute, is_all_day, pattern, count, before, after, starts_later }
    })
}

impl Plan {
    fn event(&self, fates: &BTreeMap<u8, Fate>, minute: u32) -> Option<Event> {
        let range = Range::Numbered(Count::new(self.count)?);
        let recurrence = Recurrence { pattern: self.pattern, range };
        let from = NaiveDate::from_num_days_from_ce_opt(self.first)?;
        let first = recurrence.first_on_or_after(from, from)?;
        let when = if self.is_all_day {
            When::all_day(first, first.checked_add_days(Days::new(1))?).ok()?
        } else {
            let zone = ZoneId::new(ZONES[self.zone]);
            let local = first.and_hms_opt(minute / 60, minute % 60, 0)?;
            let start = blikk_calendar_sync::zone::instant_of(&IanaRules, &zone, local)?;
            When::timed(Moment::new(start, zone.clone()), Moment::new(start + TimeDelta::minutes(30), zone)).ok()?
        };
        // A first occurrence whose time the clock jumps over takes place at another time than all others.
        if when.first_date(&IanaRules)? != first || first.year() > 2040 {
            return None;
        }
        let mut event = Event::new("Serie", when);
        let mut series = Series::new(recurrence);
        for (place, fate) in fates {
            let Some(day) = recurrence.occurrences(first).nth(usize::from(*place)) else { continue };
            series.exceptions.insert(OriginalDate(day), fate.exception(&event, day)?);
        }
        // Exchange keeps no series of which nothing takes place.
        let all = recurrence.occurrences(first).count();
        let cancelled = series.exceptions.values().filter(|one| **one == Exception::Cancelled).count();
        event.series = Some(series);
        (cancelled < all).then(|| event.tidied())
    }
}

impl Fate {
    fn exception(&self, event: &Event, day: NaiveDate) -> Option<Exception> {
        let by_rule = event.when.on_date(day, &IanaRules)?;
        let changes = match self {
            Fate::Cancelled => return Some(Exception::Cancelled),
            Fate::Renamed(number) => Changes { title: Some(format!("Nr {number} <&>")), ..Changes::default() },
            Fate::Free => Changes { free_busy: Some(FreeBusy::Free), ..Changes::default() },
            Fate::Elsewhere => Changes { place: Some("Åre".into()), ..Changes::default() },
            Fate::Longer => {
                let when = match by_rule {
                    When::Timed(span) => {
                        let end = Moment::new(span.end().instant() + TimeDelta::minutes(15), span.end().zone().clone());
                        When::timed(span.start().clone(), end).ok()?
                    }
                    // Another day longer may reach the next occurrence.
                    When::AllDay(_) => return Fate::Free.exception(event, day),
                };
                Changes { when: Some(when), ..Changes::default() }
            }
        };
        Some(Exception::Changed(Box::new(changes)))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_a_series_is_and_becomes_is_what_exchange_holds(plan in a_plan()) {
        let (Some(before), Some(after)) = (
            plan.event(&plan.before, plan.minute),
            plan.event(&plan.after, if plan.starts_later { (plan.minute + 7) % 1440 } else { plan.minute }),
        ) else { return Ok(()) };
        let line = Line::to(Server::default());
        let held = created(&line, &before).map_err(|problem| TestCaseError::fail(problem.to_string()))?;
        prop_assert_eq!(read(&line, &held), before);
        let held = updated(&line, &held, &after).map_err(|problem| TestCaseError::fail(problem.to_string()))?;
        prop_assert_eq!(read(&line, &held), after);
        prop_assert!(line.server.outbox().is_empty());
    }
}
