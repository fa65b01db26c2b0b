//! One simulated world while its story is told: two calendars, the engines' states, and people.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use blikk_calendar_sync::host::{Audience, Clock, Progress, Random};
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::options::Brake;
use blikk_calendar_sync::sync::port::{Calendar, StateStore as _};
use blikk_calendar_sync::sync::preview::{Approval, Preview};
use blikk_calendar_sync::sync::report::{Outcome, RunReport};
use blikk_calendar_sync::sync::run::{World, run};
use blikk_calendar_sync::sync::state::{Commit, Head};
use blikk_calendar_sync::sync::undo::undo;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::breakage::{Breakage, Broken, BrokenCalendar, BrokenStore};
use crate::calendar::MemoryCalendar;
use crate::chance::Chance;
use crate::desk::Desk;
use crate::drive::{Drive, Ended, at_once, drive, drive_both};
use crate::people;
use crate::store::WatchedStore;
use crate::story::{Choice, Deed, Engines, Run, Setup, Story};
use crate::surroundings::Surroundings;
use crate::tally::Count;
use crate::verdict;
use crate::wire::{BlikkDesk, Client, ExchangeDesk, Wire};
use crate::witness::Rules;

/// What a person's machine is to the engine: a clock, chance, and the person.
pub struct Machine {
    name: String,
    /// How wrong its clock is, in minutes.
    skew: Cell<i64>,
    surroundings: Rc<Surroundings>,
    chance: RefCell<Chance>,
    has_cancelled: Cell<bool>,
}

impl Clock for Machine {
    fn now(&self) -> DateTime<Utc> {
        self.surroundings.now() + TimeDelta::minutes(self.skew.get())
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

/// What stands behind people's calendars, as the engine has it before it.
enum Stage {
    Memory { blikk: Rc<MemoryCalendar>, exchange: Rc<MemoryCalendar> },
    Wire(Rc<Wire>),
}

impl Stage {
    fn new(story: &Story, surroundings: &Rc<Surroundings>) -> Stage {
        let setup = story.setup;
        if let Some(kind) = setup.wire {
            return Stage::Wire(Rc::new(Wire::new(kind, story.seed, surroundings.clone())));
        }
        let calendar = |side, temper| {
            let calendar = MemoryCalendar::watched(side, surroundings.clone());
            calendar.temper.set(temper);
            calendar.poison.set((setup.poison == Some(side)).then_some(people::POISON));
            Rc::new(calendar)
        };
        let [blikk, exchange] = [calendar(Side::Blikk, setup.blikk), calendar(Side::Exchange, setup.exchange)];
        Stage::Memory { blikk, exchange }
    }

    fn desks(&self) -> (Rc<dyn Desk>, Rc<dyn Desk>) {
        match self {
            Stage::Memory { blikk, exchange } => (blikk.clone(), exchange.clone()),
            Stage::Wire(wire) => (Rc::new(BlikkDesk::new(wire.clone())), Rc::new(ExchangeDesk(wire.clone()))),
        }
    }
}

/// See the module.
pub struct Life {
    pub setup: Setup,
    pub surroundings: Rc<Surroundings>,
    pub blikk: Rc<dyn Desk>,
    pub exchange: Rc<dyn Desk>,
    stage: Stage,
    pub stores: Vec<WatchedStore>,
    pub machines: Vec<Machine>,
    /// What a run of each state waits for.
    held: Vec<RefCell<Option<Preview>>>,
    /// Something was interrupted, and no run has come to its end since.
    is_unsure: Vec<Cell<bool>>,
    /// What is wrong with the engine, on purpose.
    pub breakage: Breakage,
}

impl Life {
    pub fn new(story: &Story, breakage: Breakage, is_logged: bool) -> Self {
        let now = NaiveDate::from_ymd_opt(2027, 3, 1).and_then(|day| day.and_hms_opt(8, 0, 0)).unwrap_or_default();
        let surroundings = Rc::new(Surroundings::new(now.and_utc(), is_logged));
        let setup = story.setup;
        let machine = |number: usize| Machine {
            name: format!("machine {number}"),
            skew: Cell::new(usual_skew(breakage)),
            surroundings: surroundings.clone(),
            chance: RefCell::new(Chance::from_seed(story.seed ^ ((number as u64 + 1) << 56))),
            has_cancelled: Cell::new(false),
        };
        let states = setup.engines.states();
        let stage = Stage::new(story, &surroundings);
        let (blikk, exchange) = stage.desks();
        let life = Life {
            setup,
            blikk,
            exchange,
            stage,
            stores: (0..states).map(|_| WatchedStore::new(surroundings.clone())).collect(),
            machines: (0..setup.engines.machines()).map(machine).collect(),
            held: vec![RefCell::default(); states],
            is_unsure: vec![Cell::new(false); states],
            breakage,
            surroundings,
        };
        let Choice { conflicts, deletions, .. } = setup.choice;
        life.surroundings.witness.set_rules(Rules { conflicts, deletions, ..Rules::default() });
        (0..states).for_each(|state| life.choose(state));
        if setup.engines == Engines::TwoStates {
            life.forget_bases();
        }
        life
    }

    pub fn side(&self, side: Side) -> &dyn Desk {
        match side {
            Side::Blikk => &*self.blikk,
            Side::Exchange => &*self.exchange,
        }
    }

    /// Mail that Exchange was made to send: there must never be any.
    pub fn mail(&self) -> usize {
        match &self.stage {
            Stage::Memory { .. } => 0,
            Stage::Wire(wire) => wire.exchange.outbox().len(),
        }
    }

    /// Carries out one thing that happens.
    pub fn happen(&self, deed: &Deed) {
        // People are not that quick.
        self.surroundings.pass(TimeDelta::minutes(3));
        match deed {
            Deed::Act(act) => people::act(self, act),
            Deed::Run(run) => {
                self.run(run);
            }
            Deed::Both { one, other, luck } => self.run_both(one, other, *luck),
            Deed::Clock { machine, minutes } => {
                self.surroundings.say(|| format!("the clock of machine {machine} goes wrong by {minutes} minutes"));
                self.surroundings.count(Count::fault("wrong clock"));
                self.machines[*machine].skew.set(usual_skew(self.breakage) + minutes);
            }
            Deed::Hours(hours) => {
                self.surroundings.say(|| format!("{hours} hours go by"));
                self.surroundings.pass(TimeDelta::hours((*hours).into()));
            }
            Deed::Wipe { state } => {
                self.surroundings.say(|| format!("state {state} is thrown away"));
                self.surroundings.count(Count::fault("state lost"));
                self.stores[*state].inner.wipe();
                self.choose(*state);
                self.held[*state].take();
                self.forget_bases();
            }
        }
    }

    /// The person's choice goes into an empty state.
    fn choose(&self, state: usize) {
        if self.setup.choice == Choice::USUAL {
            return;
        }
        let head = Head { generation: 1, options: self.setup.choice.options(), ..Head::default() };
        // Into memory, which never waits and never fails.
        drop(at_once(self.stores[state].inner.commit(Commit { head, ..Commit::default() })));
    }

    /// What differs is a conflict from now on, and what was overruled is forgotten.
    fn forget_bases(&self) {
        let witness = &self.surroundings.witness;
        witness.set_rules(Rules { knows_no_base: true, ..witness.rules() });
        witness.forget_history();
    }

    /// One run. `None`: the machine stopped in the middle.
    pub fn run(&self, run: &Run) -> Option<RunReport> {
        let limits = self.begin(run);
        let ended = drive(self.engine_runs(run), |pause| self.at_pause(run, pause));
        self.end(run, ended, limits)
    }

    /// Two runs at once, on two machines.
    fn run_both(&self, one: &Run, other: &Run, luck: u64) {
        self.surroundings.count(Count::engine("runs beside another"));
        // When the second opens the state, the first run of all may have come to its end.
        let limits = [self.begin(one), self.begin(other)].map(Limits::beside_another);
        let mut chance = Chance::from_seed(luck);
        let futures = (self.engine_runs(one), self.engine_runs(other));
        let at_pause = |which: usize, pause| self.at_pause(if which == 0 { one } else { other }, pause);
        let [first, second] = drive_both(futures, || chance.below(2) as usize, at_pause);
        let [limit, other_limit] = limits;
        self.end(one, first, limit);
        self.end(other, second, other_limit);
    }

    fn store_of(&self, run: &Run) -> &WatchedStore {
        &self.stores[self.setup.engines.state_of(run.machine)]
    }

    fn begin(&self, run: &Run) -> Limits {
        self.surroundings.say(|| format!("machine {} synchronises", run.machine));
        self.surroundings.count(Count::engine("runs"));
        self.blikk.set_faults(&run.blikk_faults);
        self.exchange.set_faults(&run.exchange_faults);
        self.store_of(run).faults.borrow_mut().extend(&run.store_faults);
        let head = at_once(self.store_of(run).inner.head()).and_then(Result::ok).unwrap_or_default();
        // An undo takes away what people wrote: it was asked to.
        let is_unsure = &self.is_unsure[self.setup.engines.state_of(run.machine)];
        is_unsure.set(is_unsure.get() || head.operations > 0);
        self.surroundings.witness.run_begins(is_unsure.get() || run.undoes.is_some());
        Limits::of(self, run)
    }

    fn end(&self, run: &Run, ended: Ended<RunReport>, limits: Limits) -> Option<RunReport> {
        self.blikk.set_faults(&[]);
        self.exchange.set_faults(&[]);
        self.store_of(run).faults.borrow_mut().clear();
        self.machines[run.machine].has_cancelled.set(false);
        match ended {
            Ended::Done(report) => {
                self.surroundings.say(|| format!("    machine {} has ended: {}", run.machine, told(&report)));
                self.surroundings.count(Count::engine(kind_of(&report.outcome)));
                if run.undoes.is_none() {
                    limits.watch(self, &report);
                }
                verdict::look_for_canaries(self, "a report", || format!("{report:?}"));
                let held = &self.held[self.setup.engines.state_of(run.machine)];
                match &report.outcome {
                    Outcome::Held { preview } => *held.borrow_mut() = Some(preview.clone()),
                    Outcome::Done => {
                        *held.borrow_mut() = None;
                        self.is_unsure[self.setup.engines.state_of(run.machine)].set(false);
                    }
                    _ => {}
                }
                Some(report)
            }
            Ended::Dropped => {
                self.surroundings.say(|| format!("    machine {} stops in the middle", run.machine));
                self.surroundings.count(Count::fault("crash"));
                None
            }
            Ended::Endless => {
                self.surroundings.witness.complain("a run comes to no end");
                None
            }
        }
    }

    /// What the person says yes to.
    fn approval(&self, run: &Run) -> Approval {
        let held = self.held[self.setup.engines.state_of(run.machine)].borrow();
        let seen = held.as_ref().filter(|_| run.approves).map(|preview| Approval {
            blikk_deletions: preview.blikk.deleted,
            exchange_deletions: preview.exchange.deleted,
        });
        seen.unwrap_or_default()
    }

    async fn engine_runs(&self, run: &Run) -> RunReport {
        match &self.stage {
            Stage::Memory { blikk, exchange } => self.runs_between(run, &**blikk, &**exchange).await,
            Stage::Wire(wire) => {
                let client = Client::of(&self.machines[run.machine], wire);
                self.runs_between(run, &client.blikk(), &client.exchange()).await
            }
        }
    }

    async fn runs_between<B: Calendar, X: Calendar>(&self, run_of: &Run, blikk: &B, exchange: &X) -> RunReport {
        let broken = Broken::new(self.breakage, self.surroundings.clone());
        let (blikk, exchange) = (BrokenCalendar::new(blikk, &broken), BrokenCalendar::new(exchange, &broken));
        let store = BrokenStore::new(self.store_of(run_of), &broken);
        let machine = &self.machines[run_of.machine];
        let world = World {
            blikk: &blikk,
            exchange: &exchange,
            store: &store,
            clock: machine,
            random: machine,
            audience: machine,
            zones: &crate::wire::Rules,
            holder: &machine.name,
        };
        let every_deletion = Approval { blikk_deletions: u32::MAX, exchange_deletions: u32::MAX };
        if let Some(number) = run_of.undoes {
            return undo(&world, number, every_deletion).await;
        }
        let is_unasked = self.breakage == Breakage::BrakesOff;
        run(&world, if is_unasked { every_deletion } else { self.approval(run_of) }).await
    }

    fn at_pause(&self, run: &Run, pause: u32) -> Drive {
        self.surroundings.pass(TimeDelta::seconds(1));
        // EWS' DeleteItem knows no ChangeKey: what reaches the server just before it goes with the item.
        self.surroundings.witness.claim(self.setup.wire.is_none());
        for (_, act) in run.meanwhile.iter().filter(|(at, _)| *at == pause) {
            people::act(self, act);
        }
        self.surroundings.witness.claim(true);
        if run.cancel_at == Some(pause) {
            self.surroundings.say(|| "    the person cancels".to_owned());
            self.surroundings.count(Count::deed("cancel"));
            self.machines[run.machine].has_cancelled.set(true);
        }
        if run.crash_at == Some(pause) { Drive::Stop } else { Drive::On }
    }
}

/// How many deletions a run may carry out on each side: what the person approved, or what the brake lets pass.
struct Limits {
    approval: Approval,
    unseen: u32,
}

impl Limits {
    fn of(life: &Life, run: &Run) -> Self {
        let head = at_once(life.store_of(run).inner.head()).and_then(Result::ok).unwrap_or_default();
        let is_first = head.last_run == 0 && head.blikk_token.is_none();
        let brake = head.options.brake;
        let unseen = if is_first { 0 } else { brake.events.max(head.linked * brake.percent / 100) };
        Limits { approval: life.approval(run), unseen }
    }

    fn beside_another(self) -> Self {
        Limits { unseen: self.unseen.max(Brake::default().events), ..self }
    }

    fn watch(&self, life: &Life, report: &RunReport) {
        let allowed = [self.approval.blikk_deletions, self.approval.exchange_deletions];
        for (written, approved) in [report.blikk, report.exchange].into_iter().zip(allowed) {
            if written.deleted > self.unseen.max(approved) {
                life.surroundings.witness.complain(format!("deleted {} events that nobody saw", written.deleted));
            }
        }
    }
}

/// How wrong a machine's clock is when nobody has touched it, in minutes.
fn usual_skew(breakage: Breakage) -> i64 {
    if breakage == Breakage::ClockOff { -10 * 365 * 24 * 60 } else { 0 }
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
