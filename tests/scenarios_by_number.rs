//! The 25 failures that people had with systems of this kind (`shared/scenarios.md`), as their Given, When and Then have
//! them: between two calendars in memory, or against a whole Exchange in its own words, wherever each can really go wrong.
//! A scenario's other tests stand where they belong; all begin with its number.

#![cfg(not(target_arch = "wasm32"))]

#[path = "by_number/clocks.rs"]
mod clocks;
#[path = "by_number/lists.rs"]
mod lists;
#[path = "by_number/mail.rs"]
mod mail;
#[path = "by_number/options.rs"]
mod options;
#[path = "by_number/servers.rs"]
mod servers;
#[path = "by_number/two.rs"]
mod two;

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "support/liar.rs"]
mod liar;
#[path = "support/line.rs"]
mod line;
#[path = "support/numbers.rs"]
mod numbers;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "support/pair.rs"]
mod pair;
#[path = "support/wire.rs"]
mod wire;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use blikk_calendar_sync::event::{Event, Moment, When};
use blikk_calendar_sync::zone::ZoneId;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use numbers::{names_in, names_of_functions};

const SCENARIOS: u32 = 25;

fn event(title: &str) -> Event {
    let day = NaiveDate::from_ymd_opt(2027, 2, 1).unwrap();
    Event::new(title, When::all_day(day, day.succ_opt().unwrap()).unwrap())
}

/// An hour from `start` (UTC).
fn an_hour(title: &str, start: &str, zone: &str) -> Event {
    let start: DateTime<Utc> = start.parse().unwrap();
    let at = |instant| Moment::new(instant, ZoneId::new(zone));
    Event::new(title, When::timed(at(start), at(start + TimeDelta::hours(1))).unwrap())
}

#[test]
fn every_scenario_has_a_test_with_its_number() {
    let numbers: BTreeSet<u32> = names_of_functions().iter().flat_map(|name| numbers_of(name)).collect();
    let missing: Vec<u32> = (1..=SCENARIOS).filter(|number| !numbers.contains(number)).collect();
    assert!(missing.is_empty(), "scenarios without a test: {missing:?}");
}

#[test]
fn the_list_has_as_many_scenarios_as_are_looked_for() {
    let Ok(list) = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/scenarios.md")) else {
        println!("skipped: the_list_has_as_many_scenarios_as_are_looked_for, because shared/ is not here");
        return;
    };
    let numbered = |line: &str| line.split_once(". **").and_then(|(number, _)| number.parse::<u32>().ok());
    assert_eq!(list.lines().filter_map(numbered).collect::<Vec<_>>(), (1..=SCENARIOS).collect::<Vec<_>>());
}

#[test]
fn the_numbers_of_a_test_are_those_that_its_name_begins_with() {
    let text = "#[test]\nfn scenario_7_waits() {}\nfn scenarios_5_and_6_and_21_lists() {}\nfn the_scenario_9() {}\n\
        fn scenario_x() {}\nfn scenario_30_000_events() {}";
    let numbers: Vec<u32> = names_in(text).iter().flat_map(|name| numbers_of(name)).collect();
    assert_eq!(numbers, [7, 5, 6, 21, 30]);
}

/// `scenario_7_...`, `scenarios_5_and_6_...`
fn numbers_of(name: &str) -> Vec<u32> {
    let words: Vec<&str> = name.split('_').collect();
    match words[..] {
        ["scenario", number, _, ..] => number.parse().into_iter().collect(),
        ["scenarios", first, ref rest @ ..] => {
            let others = rest.chunks_exact(2).take_while(|pair| pair[0] == "and").map(|pair| pair[1]);
            [first].into_iter().chain(others).map_while(|number| number.parse().ok()).collect()
        }
        _ => Vec::new(),
    }
}
