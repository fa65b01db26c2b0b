//! One simulated world while its story is told: two calendars, the engines' states, and people.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use blikk_calendar_sync::host::{Audience, Clock, Progress, Random};
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::report::{Outcome, RunReport};
use blikk_calendar_sync::sync::run::{World, run};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::breakage::{Breakage, BrokenCalendar, BrokenStore};
use crate::calendar::MemoryCalendar;
use crate::chance::Chance;
use crate::drive::{Drive, Ended, drive};
use crate::people;
use crate::store::WatchedStore;
use crate::story::{Deed, Engines, Run, Setup, Story};
use crate::surroundings::Surroundings;
use crate::tally::Count;

/// What a person's machine is to the engine: a clock, chance, and the person.
pub struct Machine {
    surroundings: Rc<Surroundings>,
    chance: RefCell<Chance>,
    has_cancelled: Cell<bool>,
}

impl Clock for Machine {
    fn now(&self) -> DateTime<Utc> {
        self.surroundings.now()
    }

    async fn sleep(&self, seconds: u32) {
        self.surroundings.pass(TimeDelta::seconds(seconds.into()));
    }
}

impl Random for Machine {
    fn bytes(&self) -> [u8; 16] {
        let mut chance = self.chance.borrow_mut();
        let [high, low] = [chance.number(), chance.number()];
        (u128::from(high) << 64 | u128::from(low)).to_be_bytes()
    }
}

impl Audience for Machine {
    fn tell(&self, _: Progress) {}

    fn has_cancelled(&self) -> bool {
        self.has_cancelled.get()
    }
}

/// An engine's memory and the machine that it runs on.
pub struct Engine {
    pub store: WatchedStore,
    pub machine: Machine,
}

/// See the module.
pub struct Life {
    pub setup: Setup,
    pub surroundings: Rc<Surroundings>,
    pub blikk: MemoryCalendar,
    pub exchange: MemoryCalendar,
    pub engines: Vec<Engine>,
    /// What is wrong with the engine, on purpose.
    pub breakage: Breakage,
}

impl Life {
    pub fn new(story: &Story, breakage: Breakage, is_logged: bool) -> Self {
        let now = NaiveDate::from_ymd_opt(2027, 3, 1).and_then(|day| day.and_hms_opt(8, 0, 0)).unwrap_or_default();
        let surroundings = Rc::new(Surroundings::new(now.and_utc(), is_logged));
        let setup = story.setup;
        let calendar = |side, temper| {
            let calendar = MemoryCalendar::watched(side, surroundings.clone());
            calendar.temper.set(temper);
            calendar.poison.set((setup.poison == Some(side)).then_some(people::POISON));
            calendar
        };
        let engine = |number: usize| Engine {
            store: WatchedStore::new(surroundings.clone()),
            machine: Machine {
                surroundings: surroundings.clone(),
                chance: RefCell::new(Chance::from_seed(story.seed ^ (number as u64 + 1) << 56)),
                has_cancelled: Cell::new(false),
            },
        };
        let life = Life {
            setup,
            blikk: calendar(Side::Blikk, setup.blikk),
            exchange: calendar(Side::Exchange, setup.exchange),
            engines: (0..setup.engines.states()).map(engine).collect(),
            breakage,
            surroundings,
        };
        if setup.engines == Engines::TwoStates {
            life.forget_bases();
        }
        life
    }

    pub fn side(&self, side: Side) -> &MemoryCalendar {
        match side {
            Side::Blikk => &self.blikk,
            Side::Exchange => &self.exchange,
        }
    }

    /// Carries out one thing that happens.
    pub fn happen(&self, deed: &Deed) {
        // People are not that quick.
        self.surroundings.pass(TimeDelta::minutes(3));
        match deed {
            Deed::Act(act) => people::act(self, act),
            Deed::Run(run) => drop(self.run(run)),
            Deed::Hours(hours) => {
                self.surroundings.say(|| format!("{hours} hours go by"));
                self.surroundings.pass(TimeDelta::hours((*hours).into()));
            }
            Deed::Wipe { state } => {
                self.surroundings.say(|| format!("the state of engine {state} is thrown away"));
                self.surroundings.count(Count::fault("state lost"));
                self.engines[*state].store.inner.wipe();
                self.forget_bases();
            }
        }
    }

    fn forget_bases(&self) {
        let rules = self.surroundings.witness.rules();
        self.surroundings.witness.set_rules(crate::witness::Rules { knows_no_base: true, ..rules });
    }

    /// One run. `None`: the machine stopped in the middle.
    pub fn run(&self, run_of: &Run) -> Option<RunReport> {
        let engine = &self.engines[run_of.state];
        self.surroundings.say(|| format!("engine {} runs", run_of.state));
        self.surroundings.count(Count::engine("runs"));
        self.blikk.faults.borrow_mut().extend(&run_of.blikk_faults);
        self.exchange.faults.borrow_mut().extend(&run_of.exchange_faults);
        engine.store.faults.borrow_mut().extend(&run_of.store_faults);
        let ended = drive(self.engine_runs(engine), |pause| self.at_pause(run_of, engine, pause));
        self.clear_weather(engine);
        match ended {
            Ended::Done(report) => {
                self.surroundings.say(|| format!("    run ended: {}", told(&report)));
                self.surroundings.count(Count::engine(kind_of(&report.outcome)));
                Some(report)
            }
            Ended::Dropped => {
                self.surroundings.say(|| "    the machine stops".to_owned());
                self.surroundings.count(Count::fault("crash"));
                None
            }
            Ended::Endless => {
                self.surroundings.witness.complain("a run comes to no end");
                None
            }
        }
    }

    async fn engine_runs(&self, engine: &Engine) -> RunReport {
        let blikk = BrokenCalendar::new(&self.blikk, self.breakage, &self.surroundings);
        let exchange = BrokenCalendar::new(&self.exchange, self.breakage, &self.surroundings);
        let store = BrokenStore::new(&engine.store, self.breakage);
        let machine = &engine.machine;
        let world = World {
            blikk: &blikk,
            exchange: &exchange,
            store: &store,
            clock: machine,
            random: machine,
            audience: machine,
        };
        run(&world).await
    }

    fn at_pause(&self, run: &Run, engine: &Engine, pause: u32) -> Drive {
        self.surroundings.pass(TimeDelta::seconds(1));
        for (_, act) in run.meanwhile.iter().filter(|(at, _)| *at == pause) {
            people::act(self, act);
        }
        if run.cancel_at == Some(pause) {
            self.surroundings.say(|| "    the person cancels".to_owned());
            self.surroundings.count(Count::deed("cancel"));
            engine.machine.has_cancelled.set(true);
        }
        if run.crash_at == Some(pause) { Drive::Stop } else { Drive::On }
    }

    fn clear_weather(&self, engine: &Engine) {
        self.blikk.faults.borrow_mut().clear();
        self.exchange.faults.borrow_mut().clear();
        engine.store.faults.borrow_mut().clear();
        engine.machine.has_cancelled.set(false);
    }
}

fn kind_of(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "runs done",
        Outcome::Cancelled => "runs cancelled",
        Outcome::Failed { .. } => "runs failed",
        Outcome::Held { .. } => "runs held",
    }
}

fn told(report: &RunReport) -> String {
    let RunReport { outcome, blikk, exchange, linked, .. } = report;
    let written = |side: &blikk_calendar_sync::sync::report::Written| {
        format!("+{} ~{} -{}", side.created, side.updated, side.deleted)
    };
    format!("{outcome:?}; Blikk {}, Exchange {}, linked {linked}", written(blikk), written(exchange))
}
