//! Scenario 11: two engines, each with a memory of its own, between the same two calendars.

use std::cell::Cell;

use blikk_calendar_sync::host::{Audience, Clock, Progress, Random};
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::memory_store::MemoryStore;
use blikk_calendar_sync::sync::report::Outcome;
use chrono::{DateTime, TimeDelta, Utc};
use simulation::calendar::MemoryCalendar;

use crate::event;
use crate::liar::run_between;
use crate::pair::sorted;

/// A device with its own memory, clock and luck.
struct Engine {
    store: MemoryStore,
    now: Cell<DateTime<Utc>>,
    drawn: Cell<u128>,
}

impl Engine {
    fn number(number: u8) -> Self {
        let drawn = Cell::new(u128::from(number) << 64);
        Engine { store: MemoryStore::default(), now: Cell::new(DateTime::UNIX_EPOCH), drawn }
    }

    fn run(&self, world: &Calendars) -> Outcome {
        self.now.set(self.now.get() + TimeDelta::hours(1));
        run_between(&world.blikk, &world.exchange, &self.store, self).outcome
    }
}

impl Clock for Engine {
    fn now(&self) -> DateTime<Utc> {
        self.now.get()
    }
    async fn sleep(&self, seconds: u32) {
        self.now.set(self.now.get() + TimeDelta::seconds(seconds.into()));
    }
}

impl Random for Engine {
    fn bytes(&self) -> [u8; 16] {
        self.drawn.set(self.drawn.get() + 1);
        self.drawn.get().to_be_bytes()
    }
}

impl Audience for Engine {
    fn tell(&self, _: Progress) {}
    fn has_cancelled(&self) -> bool {
        false
    }
}

struct Calendars {
    blikk: MemoryCalendar,
    exchange: MemoryCalendar,
}

impl Calendars {
    fn of(count: usize) -> Self {
        let world =
            Calendars { blikk: MemoryCalendar::new(Side::Blikk), exchange: MemoryCalendar::new(Side::Exchange) };
        for number in 0..count {
            world.blikk.add(event(&format!("Blikk {number}")));
            world.exchange.add(event(&format!("Outlook {number}")));
        }
        world
    }

    fn writes(&self) -> u32 {
        self.blikk.writes() + self.exchange.writes()
    }

    /// Fifty rounds, in which nobody does anything; how many writes each took.
    fn fifty_rounds(&self, engines: &[Engine; 2]) -> Vec<u32> {
        let round = |_| {
            let before = self.writes();
            for engine in engines {
                assert_eq!(engine.run(self), Outcome::Done);
            }
            self.writes() - before
        };
        (0..50).map(round).collect()
    }

    fn assert_same(&self, count: usize) {
        assert_eq!(sorted(self.blikk.events()), sorted(self.exchange.events()));
        assert_eq!(self.blikk.ids().len(), count);
    }
}

fn assert_come_to_rest(rounds: &[u32], when: &str) {
    assert_eq!(rounds[3..].iter().sum::<u32>(), 0, "{when}: nothing after the third round: {rounds:?}");
}

#[test]
fn scenario_11_two_engines_with_their_own_states_write_nothing_after_the_third_round() {
    let world = Calendars::of(10);
    let engines = [Engine::number(1), Engine::number(2)];
    let rounds = world.fifty_rounds(&engines);
    assert_come_to_rest(&rounds, "two at the beginning");
    assert_eq!(rounds[0], 20, "each event is brought over once");
    world.assert_same(20);

    // A person edits, deletes and adds on both sides.
    let (here, there) = (world.blikk.ids(), world.exchange.ids());
    world.blikk.edit(&here[0], |event| event.place = "Rum 1".into());
    world.exchange.edit(&there[1], |event| event.title = "Nytt namn".into());
    world.blikk.remove(&here[5]);
    world.blikk.add(event("Nytt i Blikk"));
    world.exchange.add(event("Nytt i Outlook"));
    let rounds = world.fifty_rounds(&engines);
    assert_come_to_rest(&rounds, "after edits");
    assert_eq!(rounds[0], 5);
    world.assert_same(21);
}

#[test]
fn scenario_11_an_engine_that_comes_later_or_has_lost_its_memory_disturbs_nobody() {
    let world = Calendars::of(10);
    let first = Engine::number(1);
    first.run(&world);
    let writes = world.writes();
    let engines = [first, Engine::number(2)];
    assert_eq!(world.fifty_rounds(&engines), [0; 50], "the second links what it finds");
    for round in 0..3 {
        engines[round % 2].store.wipe();
        assert_eq!(world.fifty_rounds(&engines), [0; 50], "{round}");
    }
    assert_eq!(world.writes(), writes);
}

#[test]
fn scenario_11_two_edits_of_one_field_end_in_one_word_and_not_in_a_quarrel() {
    let world = Calendars::of(3);
    let engines = [Engine::number(1), Engine::number(2)];
    world.fifty_rounds(&engines);
    let here = world.blikk.ids().remove(0);
    let title = world.blikk.event(&here).unwrap().title;
    let is_it = |id: &_| world.exchange.event(id).is_some_and(|event| event.title == title);
    let there = world.exchange.ids().into_iter().find(is_it).unwrap();
    world.blikk.edit(&here, |event| event.place = "Rum 1".into());
    world.exchange.edit(&there, |event| event.place = "Rum 2".into());
    let rounds = world.fifty_rounds(&engines);
    assert_come_to_rest(&rounds, "a conflict");
    assert_eq!(world.blikk.event(&here).unwrap().place, world.exchange.event(&there).unwrap().place);
    world.assert_same(6);
}
