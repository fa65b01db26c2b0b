//! What will happen in one simulated world, from its seed: how its servers are, what people do, what goes wrong.
//!
//! A story is data and is told in full before it begins, so that it can be shortened: leave a deed out, and the others
//! stay as they are (`reduce`).

use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::options::{Conflicts, Deletions, Direction, Options, PrivateEvents, Window};
use blikk_calendar_sync::zone::ZoneId;

use crate::calendar::{Fault, Temper};
use crate::chance::Chance;
use crate::store::StoreFault;
use crate::wire;

/// A world and what happens in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    pub seed: u64,
    pub setup: Setup,
    pub deeds: Vec<Deed>,
}

/// How the world is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setup {
    pub blikk: Temper,
    pub exchange: Temper,
    /// This side refuses what is called poison.
    pub poison: Option<Side>,
    pub engines: Engines,
    /// What the person chose.
    pub choice: Choice,
    /// The servers themselves and their protocols; `None`: calendars in memory, which are thousands of times as quick.
    pub wire: Option<wire::Kind>,
}

/// What the person chose at the beginning, as far as it is not the usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    pub conflicts: Conflicts,
    pub deletions: Deletions,
    pub direction: Direction,
    pub private_events: PrivateEvents,
    /// Days back and ahead, of somebody in Stockholm.
    pub window: Option<[u32; 2]>,
    pub categories: bool,
    pub reminders: bool,
}

impl Choice {
    pub const USUAL: Choice = Choice {
        conflicts: Conflicts::NewestWins,
        deletions: Deletions::EditSurvives,
        direction: Direction::Both,
        private_events: PrivateEvents::AsTheyAre,
        window: None,
        categories: true,
        reminders: true,
    };

    pub fn options(self) -> Options {
        Options {
            direction: self.direction,
            window: self.window.map(|[days_back, days_ahead]| Window {
                days_back,
                days_ahead,
                zone: ZoneId::new(wire::ZONE),
            }),
            private_events: self.private_events,
            busy_title: "Upptagen".to_owned(),
            categories: self.categories,
            reminders: self.reminders,
            conflicts: self.conflicts,
            deletions: self.deletions,
            ..Options::default()
        }
    }
}

fn choice(chance: &mut Chance) -> Choice {
    let usual = Choice::USUAL;
    match chance.below(20) {
        0..3 => {
            let conflicts = [Conflicts::BlikkWins, Conflicts::ExchangeWins, Conflicts::Ask];
            Choice { conflicts: chance.pick(&conflicts), ..usual }
        }
        3 => Choice { deletions: Deletions::DeletionStands, ..usual },
        4 => Choice { direction: chance.pick(&[Direction::ToBlikk, Direction::ToExchange]), ..usual },
        5..7 => Choice { private_events: chance.pick(&[PrivateEvents::AsBusy, PrivateEvents::NotAtAll]), ..usual },
        7 => Choice { window: Some([30, chance.between(5, 40)]), ..usual },
        8 => Choice { categories: chance.one_in(2), reminders: chance.one_in(2), ..usual },
        _ => usual,
    }
}

/// Who synchronises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engines {
    One,
    /// Two machines of one person, with one state between them, at the same time.
    TwoDevices,
    /// Two, each with a state of its own, that take turns (scenario 11).
    TwoStates,
}

impl Engines {
    pub fn machines(self) -> usize {
        if self == Engines::One { 1 } else { 2 }
    }

    pub fn states(self) -> usize {
        if self == Engines::TwoStates { 2 } else { 1 }
    }

    /// Which state a machine has.
    pub fn state_of(self, machine: usize) -> usize {
        if self == Engines::TwoStates { machine } else { 0 }
    }
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Act(Act),
    Run(Run),
    /// Two machines at once; `luck` says which of them comes first, each time.
    Both {
        one: Run,
        other: Run,
        luck: u64,
    },
    /// A machine's clock is put right or wrong, by so many minutes.
    Clock {
        machine: usize,
        minutes: i64,
    },
    /// Time goes by.
    Hours(u32),
    /// An engine's state is thrown away (scenario 3).
    Wipe {
        state: usize,
    },
}

/// What a person does in a calendar, or a server by itself. `which` picks one of the events there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    Add {
        side: Side,
        kind: Kind,
    },
    Edit {
        side: Side,
        which: u32,
        edit: Edit,
    },
    /// A person has to do with one day of a series.
    Occurrence {
        side: Side,
        which: u32,
        day: u32,
        occasion: Occasion,
    },
    Delete {
        side: Side,
        which: u32,
    },
    /// Many at once: new ones, or all that there are but a few.
    Crowd {
        side: Side,
        count: u32,
    },
    Sweep {
        side: Side,
    },
    /// In Exchange, marker and all. `is_whole`: the title too.
    Copy {
        which: u32,
        is_whole: bool,
    },
    /// Out of Exchange's calendar and back.
    Move {
        which: u32,
    },
    /// The server gives an event another version, and nothing is different.
    Touch {
        side: Side,
        which: u32,
    },
    /// Exchange's list of changes never tells.
    EditUntold {
        which: u32,
    },
    DeleteUntold {
        which: u32,
    },
    KillTokens {
        side: Side,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Single,
    Series,
    Private,
    /// In Exchange; in Blikk nobody can call a meeting.
    Mine,
    Others,
    OthersSeries,
    /// What one side refuses.
    Poison,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    Title,
    Body,
    Place,
    Time,
    Category,
    Reminder,
    Importance,
    FreeBusy,
    Sensitivity,
    Rule,
    /// It takes place once, or again and again.
    Repetition,
    /// Called, answered, handed over.
    Meeting,
    /// The title becomes what one side refuses, or something else again.
    Poison,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    Rename,
    Cancel,
    BringBack,
}

/// One run of the engine, and what happens to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    pub machine: usize,
    /// Takes back what the run of this number did, instead of synchronising.
    pub undoes: Option<u64>,
    /// What an earlier run waits for, the person has seen and said yes to.
    pub approves: bool,
    pub blikk_faults: Vec<Option<Fault>>,
    pub exchange_faults: Vec<Option<Fault>>,
    pub store_faults: Vec<Option<StoreFault>>,
    /// The machine stops at this pause.
    pub crash_at: Option<u32>,
    /// The person has had enough at this pause.
    pub cancel_at: Option<u32>,
    /// What people do while it runs, and at which pause.
    pub meanwhile: Vec<(u32, Act)>,
}

/// How the days are.
#[derive(Clone, Copy)]
struct Days {
    weather: Weather,
    loses_state: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weather {
    Calm,
    Drizzle,
    Storm,
}

impl Story {
    pub fn from_seed(seed: u64) -> Self {
        let mut chance = Chance::from_seed(seed);
        let chance = &mut chance;
        let mut setup = setup(chance);
        if seed.is_multiple_of(ON_THE_WIRE) {
            on_the_wire(&mut setup, chance.pick(&wire::Kind::ALL));
        }
        let weather = chance.weighted(&[(2, Weather::Calm), (3, Weather::Drizzle), (2, Weather::Storm)]);
        let days = Days { weather, loses_state: chance.one_in(5) };
        let length = chance.between(2, 30);
        let deeds = (0..length).map(|_| deed(chance, &setup, days)).collect();
        Story { seed, setup, deeds }
    }
}

fn setup(chance: &mut Chance) -> Setup {
    let sizes = |chance: &mut Chance| Temper {
        page_size: chance.between(1, 8) as usize,
        batch_size: chance.between(1, 5) as usize,
        skew: if chance.one_in(3) { i64::from(chance.below(241)) - 120 } else { 0 },
        ..Temper::default()
    };
    Setup {
        blikk: Temper { knows_no_meetings: chance.one_in(4), ..sizes(chance) },
        exchange: Temper { is_forgetful: chance.one_in(4), rewrites_bodies: chance.one_in(2), ..sizes(chance) },
        poison: chance.one_in(4).then(|| side(chance)),
        choice: choice(chance),
        wire: None,
        engines: chance.weighted(&[(6, Engines::One), (1, Engines::TwoDevices), (1, Engines::TwoStates)]),
    }
}

/// One seed of so many is played with the servers themselves.
const ON_THE_WIRE: u64 = 64;

fn on_the_wire(setup: &mut Setup, kind: wire::Kind) {
    setup.wire = Some(kind);
    setup.choice = Choice::USUAL;
    setup.poison = None;
    setup.blikk = Temper { knows_no_meetings: false, ..setup.blikk };
    let is_forgetful = kind == wire::Kind::Grommunio;
    setup.exchange = Temper { rewrites_bodies: true, is_forgetful, ..setup.exchange };
}

fn side(chance: &mut Chance) -> Side {
    chance.pick(&[Side::Blikk, Side::Exchange])
}

fn deed(chance: &mut Chance, setup: &Setup, days: Days) -> Deed {
    match chance.below(24) {
        0..14 => Deed::Act(act(chance, setup, false)),
        14 => Deed::Hours(chance.pick(&[1, 6, 24, 25])),
        15 if days.loses_state => Deed::Wipe { state: chance.below(setup.engines.states() as u32) as usize },
        // What keeps two machines apart for a while is a clock: it may be wrong, but not by more than that.
        16 if setup.engines != Engines::TwoDevices => Deed::Clock {
            machine: chance.below(setup.engines.machines() as u32) as usize,
            minutes: i64::from(chance.below(241)) - 120,
        },
        17..20 if setup.engines == Engines::TwoDevices => {
            let one = Run { machine: 0, ..run(chance, setup, days) };
            Deed::Both { one, other: Run { machine: 1, ..run(chance, setup, days) }, luck: chance.number() }
        }
        _ => Deed::Run(run(chance, setup, days)),
    }
}

fn act(chance: &mut Chance, setup: &Setup, is_meanwhile: bool) -> Act {
    let which = chance.below(1 << 16);
    match chance.below(34) {
        0..7 => {
            let side = side(chance);
            Act::Add { side, kind: kind(chance, side, setup) }
        }
        7..18 => Act::Edit { side: side(chance), which, edit: edit(chance, setup) },
        18..22 => {
            let occasion = chance.pick(&[Occasion::Rename, Occasion::Cancel, Occasion::BringBack]);
            // A server that gives a series no other version leaves nobody a chance who writes at the same time.
            let is_unseen = is_meanwhile && setup.exchange.is_forgetful;
            let side = if is_unseen { Side::Blikk } else { side(chance) };
            Act::Occurrence { side, which, day: chance.between(1, 5), occasion }
        }
        22..26 => Act::Delete { side: side(chance), which },
        26 => Act::Copy { which, is_whole: chance.one_in(3) },
        27 => Act::Move { which },
        28 => Act::Touch { side: side(chance), which },
        29 => Act::EditUntold { which },
        30 => Act::DeleteUntold { which },
        31 => Act::KillTokens { side: side(chance) },
        32 => Act::Crowd { side: side(chance), count: chance.between(2, 9) },
        _ => Act::Sweep { side: side(chance) },
    }
}

fn kind(chance: &mut Chance, side: Side, setup: &Setup) -> Kind {
    if setup.poison.is_some() && chance.one_in(8) {
        return Kind::Poison;
    }
    let kind = chance.weighted(&[
        (5, Kind::Single),
        (4, Kind::Series),
        (if setup.choice.private_events == PrivateEvents::AsTheyAre { 1 } else { 6 }, Kind::Private),
        (1, Kind::Mine),
        (1, Kind::Others),
        (1, Kind::OthersSeries),
    ]);
    let hides = setup.choice.private_events != PrivateEvents::AsTheyAre;
    if side == Side::Blikk && hides && kind == Kind::Private {
        return Kind::Single;
    }
    if side == Side::Blikk && matches!(kind, Kind::Mine | Kind::Others | Kind::OthersSeries) {
        Kind::Single
    } else {
        kind
    }
}

fn edit(chance: &mut Chance, setup: &Setup) -> Edit {
    let edit = chance.weighted(&[
        (4, Edit::Title),
        (3, Edit::Body),
        (3, Edit::Place),
        (3, Edit::Time),
        (2, Edit::Category),
        (2, Edit::Reminder),
        (1, Edit::Importance),
        (1, Edit::FreeBusy),
        (1, Edit::Sensitivity),
        (2, Edit::Rule),
        (1, Edit::Repetition),
        (2, Edit::Meeting),
        (1, Edit::Poison),
    ]);
    match edit {
        Edit::Poison if setup.poison.is_none() => Edit::Title,
        // What was once shown has been seen; so here an event is private for ever or never.
        Edit::Sensitivity if setup.choice.private_events != PrivateEvents::AsTheyAre => Edit::Importance,
        other => other,
    }
}

fn run(chance: &mut Chance, setup: &Setup, days: Days) -> Run {
    let machine = chance.below(setup.engines.machines() as u32) as usize;
    // One run in three goes well in any weather, or nothing would ever get done.
    let weather = if chance.one_in(3) { Weather::Calm } else { days.weather };
    let mut run = Run { machine, approves: chance.one_in(2), ..Run::default() };
    if chance.one_in(3) {
        for _ in 0..chance.between(1, 3) {
            let act = act(chance, setup, true);
            let pause = chance.between(1, 24);
            run.meanwhile.push((pause, act));
        }
    }
    let (one_in, ends_one_in) = match weather {
        Weather::Calm => return run,
        Weather::Drizzle => (8, 12),
        Weather::Storm => (3, 4),
    };
    let faults = |chance: &mut Chance| (0..20).map(|_| chance.one_in(one_in).then(|| fault(chance))).collect();
    run.blikk_faults = faults(chance);
    run.exchange_faults = faults(chance);
    if chance.one_in(3) {
        let store_fault = |chance: &mut Chance| chance.pick(&[StoreFault::Refused, StoreFault::LostAnswer]);
        run.store_faults = (0..8).map(|_| chance.one_in(one_in).then(|| store_fault(chance))).collect();
    }
    run.crash_at = chance.one_in(ends_one_in).then(|| chance.between(1, 40));
    run.cancel_at = chance.one_in(2 * ends_one_in).then(|| chance.between(1, 40));
    run
}

fn fault(chance: &mut Chance) -> Fault {
    let late = Fault::Late(chance.between(1, 6) as u8);
    chance.weighted(&[
        (3, Fault::LostRequest),
        (4, Fault::LostAnswer),
        (3, Fault::Interrupted),
        (2, Fault::Busy),
        (1, Fault::Denied),
        (1, Fault::CutOff),
        (2, Fault::Twice),
        (3, Fault::InPart),
        (2, Fault::Stirred),
        (3, late),
        (3, Fault::Slander),
        (2, Fault::DeadToken),
        (2, Fault::ShortPage),
    ])
}
