//! Scenarios 14, 23 and 24: what a person chooses takes nothing away unseen, and shows nothing that shall be hidden.

use std::cell::RefCell;

use blikk_calendar_sync::event::{Changes, Event, Exception, Reminder, Sensitivity, Series, When};
use blikk_calendar_sync::host::Clock as _;
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::recurrence::{DayInterval, Pattern, Range, Recurrence};
use blikk_calendar_sync::sync::options::{Brake, Conflicts, Deletions, Direction, Options, PrivateEvents, Window};
use blikk_calendar_sync::sync::preview::{Approval, Hold};
use blikk_calendar_sync::sync::report::{Outcome, RunReport};
use blikk_calendar_sync::sync::state::RemoteId;
use blikk_calendar_sync::zone::ZoneId;
use chrono::{Days, NaiveDate, Timelike};

use crate::event;
use crate::pair::{Pair, sorted};

const SIDES: [Side; 2] = [Side::Blikk, Side::Exchange];
const YES: Approval = Approval { blikk_deletions: 1000, exchange_deletions: 1000 };

/// What nobody outside of Exchange may see.
const SECRETS: [&str; 5] = ["Läkarbesök", "Provsvar", "Kliniken", "Hälsa", "Rekryterare"];

fn secret(title: &str) -> Event {
    Event {
        sensitivity: Sensitivity::Private,
        body: "Provsvar".into(),
        place: "Kliniken".into(),
        categories: ["Hälsa".to_owned()].into(),
        ..event(&format!("Läkarbesök {title}"))
    }
}

/// A daily series of which one day is private, and one that is private as a whole.
fn series(event: Event, private_day: bool) -> Event {
    let pattern = Pattern::Daily { interval: DayInterval::new(1).unwrap() };
    let mut series = Series::new(Recurrence { pattern, range: Range::NoEnd });
    if private_day {
        let changes = Changes {
            title: Some("Rekryterare".into()),
            place: Some("Kliniken".into()),
            sensitivity: Some(Sensitivity::Private),
            ..Changes::default()
        };
        let day = blikk_calendar_sync::event::OriginalDate(date("2027-02-04"));
        series.exceptions.insert(day, Exception::Changed(Box::new(changes)));
    }
    Event { series: Some(series), ..event }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn busy() -> Options {
    Options { private_events: PrivateEvents::AsBusy, busy_title: "Upptagen".into(), ..Options::default() }
}

/// Everything that is anywhere but in Exchange: in Blikk, in the state and the history, in what was reported.
struct Watch<'a> {
    pair: &'a Pair,
    reports: RefCell<String>,
}

impl Watch<'_> {
    fn run(&self) -> RunReport {
        let (shown, report) = (self.pair.preview(), self.pair.run());
        self.reports.borrow_mut().push_str(&format!("{shown:?} {report:?} "));
        report
    }

    fn undo(&self, run: u64) {
        let (shown, report) = (self.pair.preview_undo(run), self.pair.undo(run, YES));
        self.reports.borrow_mut().push_str(&format!("{shown:?} {report:?} "));
    }

    fn run_until_done(&self) {
        for _ in 0..5 {
            if self.run().outcome == Outcome::Done {
                return;
            }
        }
        panic!("{:?}", self.run());
    }

    fn seen(&self) -> String {
        let pair = self.pair;
        let changes: Vec<_> = pair.runs().iter().map(|run| pair.changes_of(run.run)).collect();
        format!(
            "blikk {:?} state {:?} {:?} {:?} history {:?} {:?} reports {}",
            pair.blikk.events(),
            pair.head(),
            pair.links(),
            pair.operations(),
            pair.runs(),
            changes,
            self.reports.borrow()
        )
    }

    fn assert_nothing_leaks(&self, when: &str) {
        let seen = self.seen();
        for secret in SECRETS {
            if let Some(place) = seen.find(secret) {
                let from = (0..=place.saturating_sub(400)).rev().find(|at| seen.is_char_boundary(*at)).unwrap_or(0);
                panic!("{secret} {when}: ...{}", &seen[from..place + secret.len()]);
            }
        }
    }
}

fn watch(pair: &Pair) -> Watch<'_> {
    Watch { pair, reports: RefCell::default() }
}

#[test]
fn scenario_23_of_a_private_event_nothing_is_seen_outside_of_exchange_whatever_is_done() {
    let pair = Pair::new();
    pair.choose(busy());
    let watch = watch(&pair);
    let ids: Vec<RemoteId> = (0..4).map(|number| pair.exchange.add(secret(&number.to_string()))).collect();
    let with_a_day = pair.exchange.add(series(event("Öppen serie"), true));
    let as_a_whole = pair.exchange.add(series(secret("serie"), true));
    pair.exchange.add(event("Öppet"));
    let created = watch.run();
    watch.assert_nothing_leaks("after the first run");
    assert_eq!(created.blikk.created, 7);
    assert_eq!(
        pair.blikk.titles(),
        ["Upptagen", "Upptagen", "Upptagen", "Upptagen", "Upptagen", "Öppen serie", "Öppet"]
    );

    // Edited in Exchange, what may be seen of it and what may not.
    pair.exchange.edit(&ids[0], |event| event.title = "Läkarbesök igen".into());
    pair.exchange.edit(&ids[1], |event| event.when = later());
    pair.exchange.edit(&with_a_day, |event| event.place = "Rum 1".into());
    pair.exchange.edit(&as_a_whole, |event| event.body = "Provsvar 2".into());
    let updated = watch.run();
    watch.assert_nothing_leaks("after edits in Exchange");
    assert!(updated.blikk.updated >= 1);

    // Edited in Blikk: it is Exchange's alone.
    let is_veiled = |id: &RemoteId| pair.blikk.event(id).is_some_and(|event| event.title == "Upptagen");
    let veiled: Vec<RemoteId> = pair.blikk.ids().into_iter().filter(is_veiled).collect();
    pair.blikk.edit(&veiled[0], |event| event.title = "Vad är detta?".into());
    pair.blikk.remove(&veiled[1]);
    watch.run();
    watch.run();
    watch.assert_nothing_leaks("after edits in Blikk");
    let kept = pair.exchange.events().into_iter().filter(|event| event.title.starts_with("Läkarbesök")).count();
    assert_eq!(kept, 5, "in Exchange it is as it was");

    // Deleted, undone, forgotten, begun anew, cut off.
    pair.exchange.remove(&ids[2]);
    let deleted = watch.run();
    watch.assert_nothing_leaks("after a deletion");
    for run in [deleted.run, updated.run, created.run].into_iter().flatten() {
        watch.undo(run);
        watch.assert_nothing_leaks("after an undo");
    }
    watch.run();
    pair.store.wipe();
    pair.choose(busy());
    watch.run();
    watch.run();
    watch.assert_nothing_leaks("with the state lost");
    pair.exchange.poison.set(Some("Upptagen"));
    pair.blikk.poison.set(Some("Upptagen"));
    pair.exchange.add(secret("sist"));
    watch.run();
    watch.assert_nothing_leaks("when Blikk refuses it");
}

#[test]
fn scenario_23_turning_the_filter_on_scrubs_and_turning_it_off_restores() {
    let pair = Pair::new();
    let watch = watch(&pair);
    let ids = [pair.exchange.add(secret("1")), pair.exchange.add(series(event("Öppen serie"), true))];
    watch.run_until_done();
    let before = sorted(pair.exchange.events());
    pair.assert_same();
    for round in 0..2 {
        pair.choose(busy());
        watch.run_until_done();
        watch.run_until_done();
        let (events, links) = (format!("{:?}", pair.blikk.events()), format!("{:?}", pair.links()));
        for secret in SECRETS {
            assert!(!events.contains(secret), "{secret} in Blikk, round {round}: {events}");
            assert!(!links.contains(secret), "{secret} in the state, round {round}: {links}");
        }
        assert_eq!(sorted(pair.exchange.events()), before, "Exchange keeps it all");
        assert_at_rest(&watch);
        pair.choose(Options::default());
        watch.run_until_done();
        pair.assert_same();
        assert_eq!(sorted(pair.blikk.events()), before, "and all of it comes back, round {round}");
        assert_at_rest(&watch);
    }
    assert!(ids.iter().all(|id| pair.exchange.event(id).is_some()));
}

#[test]
fn scenario_23_turning_the_filter_on_scrubs_the_history_too() {
    let pair = Pair::new();
    let watch = watch(&pair);
    let id = pair.exchange.add(secret("1"));
    watch.run_until_done();
    pair.exchange.edit(&id, |event| event.title = "Läkarbesök igen".into());
    watch.run_until_done();
    pair.choose(busy());
    watch.run_until_done();
    watch.run_until_done();
    watch.reports.borrow_mut().clear();
    watch.assert_nothing_leaks("after the filter was turned on");
}

fn assert_at_rest(watch: &Watch<'_>) {
    let writes = watch.pair.writes();
    watch.run_until_done();
    assert_eq!(watch.pair.writes(), writes, "a further run writes nothing");
}

#[test]
fn scenario_23_of_an_event_that_was_made_in_blikk_and_is_private_blikk_keeps_its_own_words() {
    let pair = Pair::new();
    let watch = watch(&pair);
    pair.blikk.add(secret("i Blikk"));
    watch.run_until_done();
    pair.choose(busy());
    watch.run_until_done();
    pair.assert_same();
    assert_eq!(pair.blikk.only().1, secret("i Blikk"));
    assert_at_rest(&watch);
}

fn later() -> When {
    When::all_day(date("2027-02-08"), date("2027-02-09")).unwrap()
}

/// Events of all kinds, made on both sides.
fn a_full_pair() -> Pair {
    let pair = Pair::new();
    for side in SIDES {
        for number in 0..12 {
            let mut event = event(&format!("{side:?} {number}"));
            event.categories = [format!("Kategori {number}")].into();
            event.reminder = Some(Reminder { minutes_before_start: 15 });
            pair.side(side).add(event);
        }
        for number in 0..3 {
            pair.side(side)
                .add(Event { sensitivity: Sensitivity::Private, ..event(&format!("{side:?} privat {number}")) });
        }
    }
    to_february(&pair, 1);
    pair.run_until_done();
    pair
}

/// It is that day of February 2027.
fn to_february(pair: &Pair, day: u64) {
    let then = date("2027-01-31") + Days::new(day);
    pair.pass_hours((then - pair.world.now().date_naive()).num_hours());
}

#[test]
fn scenario_24_no_choice_deletes_anything_without_a_yes() {
    let choices: [(&str, Options); 16] = [
        ("to Blikk", Options { direction: Direction::ToBlikk, ..Options::default() }),
        ("to Exchange", Options { direction: Direction::ToExchange, ..Options::default() }),
        ("a window that holds them", window(30, 30)),
        ("a window that holds none", window(0, 0)),
        ("private as busy", busy()),
        ("private not at all", Options { private_events: PrivateEvents::NotAtAll, ..Options::default() }),
        ("no categories", Options { categories: false, ..Options::default() }),
        ("no reminders", Options { reminders: false, ..Options::default() }),
        ("neither", Options { categories: false, reminders: false, ..Options::default() }),
        ("Blikk wins", Options { conflicts: Conflicts::BlikkWins, ..Options::default() }),
        ("Exchange wins", Options { conflicts: Conflicts::ExchangeWins, ..Options::default() }),
        ("ask", Options { conflicts: Conflicts::Ask, ..Options::default() }),
        ("deletions stand", Options { deletions: Deletions::DeletionStands, ..Options::default() }),
        ("no brake", Options { brake: Brake { events: 1000, percent: 100 }, ..Options::default() }),
        (
            "one way, private not at all",
            Options { direction: Direction::ToBlikk, private_events: PrivateEvents::NotAtAll, ..Options::default() },
        ),
        (
            "no brake, private not at all",
            Options {
                brake: Brake { events: 1000, percent: 100 },
                private_events: PrivateEvents::NotAtAll,
                ..Options::default()
            },
        ),
    ];
    for (what, options) in choices {
        let pair = a_full_pair();
        if options.window.is_some() {
            pair.pass_hours(24 * 60);
        }
        let before = [sorted(pair.blikk.events()), sorted(pair.exchange.events())];
        pair.choose(options.clone());
        let takes_away = options.private_events == PrivateEvents::NotAtAll;
        for run in 0..3 {
            let report = pair.run();
            let held = match &report.outcome {
                Outcome::Held { preview } => preview.held,
                Outcome::Done => None,
                other => panic!("{what}: {other:?}"),
            };
            assert_eq!(held, takes_away.then_some(Hold::OptionChanged), "{what}, run {run}");
            assert_eq!((report.blikk.deleted, report.exchange.deleted), (0, 0), "{what}, run {run}");
            assert_eq!((pair.blikk.ids().len(), pair.exchange.ids().len()), (30, 30), "{what}, run {run}");
            pair.pass_hours(1);
        }
        assert_eq!(sorted(pair.exchange.events()), before[1], "{what}: nothing is otherwise in Exchange");
        if options.private_events == PrivateEvents::AsTheyAre {
            assert_eq!(sorted(pair.blikk.events()), before[0], "{what}: nor in Blikk");
        }
        // Back to what it was: as if nothing had been.
        pair.choose(Options::default());
        pair.run_until_done();
        assert_eq!([sorted(pair.blikk.events()), sorted(pair.exchange.events())], before, "{what}: and back");
        pair.assert_at_rest();
    }
}

#[test]
fn scenario_24_what_a_choice_takes_away_goes_after_a_yes_and_comes_back_with_the_choice() {
    let pair = a_full_pair();
    let before = [sorted(pair.blikk.events()), sorted(pair.exchange.events())];
    pair.choose(Options { private_events: PrivateEvents::NotAtAll, ..Options::default() });
    let Outcome::Held { preview } = pair.run().outcome else { panic!("it waits") };
    assert_eq!((preview.blikk.deleted, preview.exchange.deleted, preview.held), (3, 0, Some(Hold::OptionChanged)));
    assert!(preview.steps.iter().take(3).all(|step| step.title.starts_with("Exchange privat")), "{preview:?}");
    let report = pair.run_approved(3, 0);
    assert_eq!((report.outcome, report.blikk.deleted), (Outcome::Done, 3));
    assert_eq!(sorted(pair.exchange.events()), before[1], "in Exchange they stay");
    pair.assert_at_rest();
    pair.choose(Options::default());
    pair.run_until_done();
    assert_eq!([sorted(pair.blikk.events()), sorted(pair.exchange.events())], before);
    pair.assert_at_rest();
}

#[test]
fn scenario_24_what_is_edited_while_a_field_is_left_out_is_not_lost_when_it_counts_again() {
    let pair = a_full_pair();
    pair.choose(Options { categories: false, reminders: false, ..Options::default() });
    pair.run_until_done();
    let here = pair.blikk.ids().remove(0);
    pair.blikk.edit(&here, |event| {
        event.categories.insert("Egen".into());
        event.place = "Rum 1".into();
    });
    pair.run_until_done();
    assert!(pair.exchange.events().iter().all(|event| !event.categories.contains("Egen")));
    assert_eq!(pair.exchange.events().iter().filter(|event| event.place == "Rum 1").count(), 1);
    pair.choose(Options::default());
    pair.run_until_done();
    pair.assert_same();
    let both = pair.blikk.event(&here).unwrap().categories;
    assert!(both.contains("Egen"), "{both:?}");
    assert_eq!(both.len(), 2, "and what was there before: {both:?}");
}

fn window(days_back: u32, days_ahead: u32) -> Options {
    let zone = ZoneId::new("Europe/Stockholm");
    Options { window: Some(Window { days_back, days_ahead, zone }), ..Options::default() }
}

fn on_day(title: &str, day: u64) -> Event {
    let first = date("2027-01-31") + Days::new(day);
    Event::new(title, When::all_day(first, first + Days::new(1)).unwrap())
}

#[test]
fn scenario_14_what_slides_out_of_the_window_is_deleted_nowhere_and_comes_back_without_a_double() {
    let pair = Pair::new();
    to_february(&pair, 1);
    pair.choose(window(7, 30));
    for side in SIDES {
        for day in [1, 5, 9, 20] {
            pair.side(side).add(on_day(&format!("{side:?} {day}"), day));
        }
    }
    pair.run_until_done();
    assert_eq!((pair.blikk.ids().len(), pair.exchange.ids().len()), (8, 8));
    let before = [sorted(pair.blikk.events()), sorted(pair.exchange.events())];
    let writes = pair.writes();
    // Day by day, over the edge and far beyond.
    for _ in 0..60 {
        pair.pass_hours(24);
        pair.run_until_done();
        assert_eq!([sorted(pair.blikk.events()), sorted(pair.exchange.events())], before);
    }
    assert_eq!((pair.writes(), pair.links().len()), (writes, 8), "the links sleep");
    // The window is opened again: they are known.
    pair.choose(window(365, 30));
    pair.run_until_done();
    assert_eq!((pair.writes(), pair.links().len()), (writes, 8));
    pair.blikk.edit(&pair.blikk.ids()[0], |event| event.place = "Rum 1".into());
    pair.run_until_done();
    pair.assert_same();
    assert_eq!(pair.blikk.ids().len(), 8);
}

#[test]
fn scenario_14_what_comes_into_the_window_is_brought_over_once() {
    let pair = Pair::new();
    to_february(&pair, 1);
    pair.choose(window(7, 10));
    for side in SIDES {
        for day in [1, 15, 40] {
            pair.side(side).add(on_day(&format!("{side:?} {day}"), day));
        }
        pair.side(side).add(on_day(&format!("{side:?} förr"), 0));
    }
    pair.run_until_done();
    assert_eq!((pair.blikk.ids().len(), pair.exchange.ids().len()), (6, 6), "two of the other side's four");
    for _ in 0..60 {
        pair.pass_hours(24);
        pair.run_until_done();
    }
    pair.assert_same();
    assert_eq!(pair.blikk.ids().len(), 8, "each once: {:?}", pair.blikk.titles());
}

#[test]
fn scenario_14_a_day_comes_into_the_window_when_it_begins_where_the_person_is() {
    // Hours after midnight in UTC at which the 2nd of February begins.
    for (zone, begins) in [("Europe/Stockholm", 23), ("UTC", 24), ("America/New_York", 29)] {
        let pair = Pair::new();
        to_february(&pair, 1);
        let today = Window { days_back: 0, days_ahead: 0, zone: ZoneId::new(zone) };
        pair.choose(Options { window: Some(today), ..Options::default() });
        pair.exchange.add(on_day("I morgon", 2));
        for hour in pair.world.now().hour()..begins {
            pair.run_until_done();
            assert!(pair.blikk.ids().is_empty(), "{zone}: not at {hour}");
            pair.pass_hours(1);
        }
        pair.run_until_done();
        assert_eq!(pair.blikk.titles(), ["I morgon"], "{zone}");
    }
}

#[test]
fn scenario_14_an_event_that_is_moved_out_of_the_window_and_back_is_one_event_all_the_time() {
    for side in SIDES {
        let pair = Pair::new();
        to_february(&pair, 1);
        pair.choose(window(7, 30));
        let id = pair.side(side).add(on_day("Möte", 3));
        pair.run_until_done();
        for day in [200, 3, 300, 4] {
            pair.side(side).edit(&id, |event| event.when = on_day("", day).when);
            for _ in 0..3 {
                pair.run_until_done();
                pair.pass_hours(1);
                assert_eq!((pair.blikk.ids().len(), pair.exchange.ids().len()), (1, 1), "{side:?}, day {day}");
            }
        }
        pair.assert_same();
        pair.store.wipe();
        pair.choose(window(7, 30));
        pair.run_until_done();
        assert_eq!((pair.blikk.ids().len(), pair.exchange.ids().len()), (1, 1), "{side:?}: with the state lost");
    }
}

#[test]
fn scenario_14_a_series_that_began_before_the_window_and_goes_on_is_in_it() {
    for side in SIDES {
        let pair = Pair::new();
        to_february(&pair, 400);
        pair.choose(window(7, 30));
        let id = pair.side(side).add(series(on_day("Serie", 1), false));
        pair.side(side).add(on_day("Förr", 1));
        pair.run_until_done();
        assert_eq!(pair.side(side.other()).titles(), ["Serie"], "{side:?}");
        pair.side(side).edit(&id, |event| event.place = "Rum 1".into());
        pair.run_until_done();
        assert_eq!(pair.side(side.other()).only().1.place, "Rum 1", "{side:?}");
        for _ in 0..40 {
            pair.pass_hours(24);
            pair.run_until_done();
        }
        assert_eq!((pair.side(side).ids().len(), pair.side(side.other()).ids().len()), (2, 1), "{side:?}");
    }
}
