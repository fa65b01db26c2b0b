//! Two calendars, the engine between them, and the rest of its world.

use std::cell::Cell;
use std::future::Future as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use blikk_calendar_sync::event::Event;
use blikk_calendar_sync::host::{Audience, Clock, Progress, Random};
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::memory_store::MemoryStore;
use blikk_calendar_sync::sync::preview::Approval;
use blikk_calendar_sync::sync::report::{Outcome, RunReport};
use blikk_calendar_sync::sync::run::{World, run};
use chrono::{DateTime, TimeDelta, Utc};

use crate::calendar::MemoryCalendar;

/// Two calendars, the state between them, and a person who watches.
pub struct Pair {
    pub blikk: MemoryCalendar,
    pub exchange: MemoryCalendar,
    pub store: MemoryStore,
    pub world: Rest,
}

#[derive(Default)]
pub struct Rest {
    now: Cell<DateTime<Utc>>,
    drawn: Cell<u128>,
    pub cancel_after: Cell<Option<u32>>,
}

impl Clock for Rest {
    fn now(&self) -> DateTime<Utc> {
        self.now.get()
    }
    async fn sleep(&self, _: u32) {}
}

impl Random for Rest {
    /// Counted, not drawn: the same history takes the same way in every run.
    fn bytes(&self) -> [u8; 16] {
        self.drawn.set(self.drawn.get() + 1);
        self.drawn.get().to_be_bytes()
    }
}

impl Audience for Rest {
    fn tell(&self, _: Progress) {}
    fn has_cancelled(&self) -> bool {
        match self.cancel_after.get() {
            Some(0) => true,
            Some(calls) => {
                self.cancel_after.set(Some(calls - 1));
                false
            }
            None => false,
        }
    }
}

impl Pair {
    pub fn new() -> Self {
        Pair {
            blikk: MemoryCalendar::new(Side::Blikk),
            exchange: MemoryCalendar::new(Side::Exchange),
            store: MemoryStore::default(),
            world: Rest::default(),
        }
    }

    pub fn run(&self) -> RunReport {
        let world = World {
            blikk: &self.blikk,
            exchange: &self.exchange,
            store: &self.store,
            clock: &self.world,
            random: &self.world,
            audience: &self.world,
            holder: "test",
        };
        // Nothing here ever waits, so one poll is the whole run.
        match pin!(run(&world, Approval::default())).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(report) => report,
            Poll::Pending => panic!("the engine waited for something that is not a port"),
        }
    }

    /// Runs until a run ends well: what a person with a flaky network does.
    pub fn run_until_done(&self) -> RunReport {
        for _ in 0..60 {
            let report = self.run();
            if report.outcome == Outcome::Done {
                return report;
            }
        }
        panic!("does not come to an end: {:?}", self.run());
    }

    pub fn pass_hours(&self, hours: i64) {
        self.world.now.set(self.world.now.get() + TimeDelta::hours(hours));
    }

    pub fn side(&self, side: Side) -> &MemoryCalendar {
        match side {
            Side::Blikk => &self.blikk,
            Side::Exchange => &self.exchange,
        }
    }

    /// Calls to Blikk, to Exchange and to the store.
    pub fn calls(&self) -> [u32; 3] {
        [self.blikk.calls(), self.exchange.calls(), self.store.calls()]
    }

    pub fn writes(&self) -> u32 {
        self.blikk.writes() + self.exchange.writes()
    }

    pub fn assert_same(&self) {
        assert_eq!(sorted(self.blikk.events()), sorted(self.exchange.events()));
    }

    /// Runs once more, which must write nothing.
    pub fn assert_at_rest(&self) {
        let writes = self.writes();
        let report = self.run_until_done();
        assert_eq!(self.writes(), writes, "a further run writes nothing: {report:?}");
    }
}

pub fn sorted(events: Vec<Event>) -> Vec<String> {
    let mut all: Vec<String> = events.iter().map(|event| format!("{event:?}")).collect();
    all.sort();
    all
}
