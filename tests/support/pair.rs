//! Two calendars, the engine between them, and the rest of its world.

use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use blikk_calendar_sync::event::Event;
use blikk_calendar_sync::host::{Audience, Clock, Progress, Random};
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::farewell::{Farewell, disconnect};
use blikk_calendar_sync::sync::history::{ChangeRecord, RunRecord};
use blikk_calendar_sync::sync::journal::Operation;
use blikk_calendar_sync::sync::options::Options;
use blikk_calendar_sync::sync::port::StateStore as _;
use blikk_calendar_sync::sync::preview::{Approval, Preview};
use blikk_calendar_sync::sync::questions::{Asked, answer, questions};
use blikk_calendar_sync::sync::report::{Outcome, RunReport};
use blikk_calendar_sync::sync::run::{World, preview, run};
use blikk_calendar_sync::sync::settings::set_options;
use blikk_calendar_sync::sync::state::{Head, Link, LinkId};
use blikk_calendar_sync::sync::undo::{preview_undo, undo};
use blikk_calendar_sync::zone::IanaRules;
use chrono::{DateTime, TimeDelta, Utc};
use simulation::calendar::MemoryCalendar;
use simulation::store::WatchedStore;

type PairWorld<'a> = World<'a, MemoryCalendar, MemoryCalendar, WatchedStore, Rest, Rest, Rest>;

/// Nothing here ever waits, so one poll is all; `None` if it does, as where a device died.
pub fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// Two calendars, the state between them, and a person who watches.
pub struct Pair {
    pub blikk: MemoryCalendar,
    pub exchange: MemoryCalendar,
    pub store: WatchedStore,
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
            store: WatchedStore::default(),
            world: Rest::default(),
        }
    }

    pub fn run(&self) -> RunReport {
        self.run_on("test")
    }

    pub fn run_on(&self, device: &str) -> RunReport {
        self.run_with(device, Approval::default()).expect("the engine waits for nothing but its ports")
    }

    /// The person has seen what would be deleted, and says yes.
    pub fn run_approved(&self, blikk_deletions: u32, exchange_deletions: u32) -> RunReport {
        let approval = Approval { blikk_deletions, exchange_deletions };
        self.run_with("test", approval).expect("the engine waits for nothing but its ports")
    }

    /// `None`: the device died on the way.
    pub fn run_with(&self, device: &str, approval: Approval) -> Option<RunReport> {
        at_once(run(&self.world(device), approval))
    }

    pub fn preview(&self) -> Preview {
        at_once(preview(&self.world("test"))).expect("no waiting").expect("a preview")
    }

    pub fn undo(&self, run: u64, approval: Approval) -> RunReport {
        at_once(undo(&self.world("test"), run, approval)).expect("no waiting")
    }

    pub fn preview_undo(&self, run: u64) -> Preview {
        at_once(preview_undo(&self.world("test"), run)).expect("no waiting").expect("a preview")
    }

    pub fn disconnect(&self, how: Farewell, approval: Approval) -> RunReport {
        at_once(disconnect(&self.world("test"), how, approval)).expect("no waiting")
    }

    pub fn questions(&self) -> Vec<Asked> {
        at_once(questions(&self.store)).expect("no waiting").expect("questions")
    }

    pub fn answer(&self, link: LinkId, winner: Side) -> RunReport {
        at_once(answer(&self.world("test"), link, winner)).expect("no waiting")
    }

    pub fn choose(&self, options: Options) {
        at_once(set_options(&self.world("test"), options)).expect("no waiting").expect("options are kept");
    }

    fn world<'a>(&'a self, device: &'a str) -> PairWorld<'a> {
        World {
            blikk: &self.blikk,
            exchange: &self.exchange,
            store: &self.store,
            clock: &self.world,
            random: &self.world,
            audience: &self.world,
            zones: &IanaRules,
            holder: device,
        }
    }

    pub fn head(&self) -> Head {
        at_once(self.store.inner.head()).expect("no waiting").expect("a head")
    }

    pub fn operations(&self) -> Vec<Operation> {
        at_once(self.store.inner.operations()).expect("no waiting").expect("the journal")
    }

    pub fn links(&self) -> Vec<Link> {
        at_once(self.store.inner.links_after(None, u32::MAX)).expect("no waiting").expect("links")
    }

    pub fn runs(&self) -> Vec<RunRecord> {
        at_once(self.store.inner.runs()).expect("no waiting").expect("runs")
    }

    pub fn changes_of(&self, run: u64) -> Vec<ChangeRecord> {
        at_once(self.store.inner.changes_of(run)).expect("no waiting").expect("changes")
    }

    /// Runs until a run ends well: what a person with a flaky network does, who says yes to what is asked.
    pub fn run_until_done(&self) -> RunReport {
        for _ in 0..60 {
            let mut report = self.run();
            if let Outcome::Held { preview } = &report.outcome {
                report = self.run_approved(preview.blikk.deleted, preview.exchange.deleted);
            }
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
