//! Random histories: whatever people and networks do, both sides come to hold the same, and rest.

use blikk_calendar_sync::event::{Event, Exception, Importance};
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::state::{RemoteId, Uid};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use simulation::calendar::{Fault, Temper, without_meeting};

use crate::event;
use crate::pair::{Pair, sorted};
use crate::series::{daily, meeting, on, renamed, series, weekly};

/// What may happen between two runs, and to the calls of a run.
#[derive(Clone, Debug)]
enum Deed {
    Add(Side, Kind),
    Edit(Side, usize, Edit),
    /// A person has to do with one day of a series.
    Occurrence(Side, usize, u32, Occasion),
    Delete(Side, usize),
    Copy(usize),
    /// The list of changes never tells.
    EditUntold(usize),
    DeleteUntold(usize),
    KillTokens(Side),
    WipeState,
    Faults(Side, Vec<Option<Fault>>),
    NextDay,
    Run,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Single,
    Series,
    /// In Exchange; in Blikk nobody can call a meeting.
    Mine,
    Others,
    OthersSeries,
}

#[derive(Clone, Copy, Debug)]
enum Edit {
    Title,
    Place,
    Importance,
    Time,
    Rule,
    /// It takes place once, or again and again.
    Repetition,
    /// Called, answered, handed over.
    Meeting,
}

#[derive(Clone, Copy, Debug)]
enum Occasion {
    Rename,
    Cancel,
    BringBack,
}

fn deed() -> impl Strategy<Value = Deed> {
    let side = || prop_oneof![Just(Side::Blikk), Just(Side::Exchange)];
    let which = || 0..20usize;
    let kind = prop_oneof![
        4 => Just(Kind::Single),
        4 => Just(Kind::Series),
        1 => Just(Kind::Mine),
        1 => Just(Kind::Others),
        1 => Just(Kind::OthersSeries),
    ];
    let edit = prop_oneof![
        3 => Just(Edit::Title),
        2 => Just(Edit::Place),
        1 => Just(Edit::Importance),
        1 => Just(Edit::Time),
        1 => Just(Edit::Rule),
        1 => Just(Edit::Repetition),
        1 => Just(Edit::Meeting),
    ];
    let occasion = prop_oneof![Just(Occasion::Rename), Just(Occasion::Cancel), Just(Occasion::BringBack)];
    let fault = prop_oneof![
        6 => Just(None),
        1 => Just(Some(Fault::LostRequest)),
        2 => Just(Some(Fault::LostAnswer)),
        2 => Just(Some(Fault::Interrupted)),
    ];
    prop_oneof![
        4 => (side(), kind).prop_map(|(side, kind)| Deed::Add(side, kind)),
        5 => (side(), which(), edit).prop_map(|(side, which, edit)| Deed::Edit(side, which, edit)),
        4 => (side(), which(), 2..6u32, occasion)
            .prop_map(|(side, which, day, occasion)| Deed::Occurrence(side, which, day, occasion)),
        2 => (side(), which()).prop_map(|(side, which)| Deed::Delete(side, which)),
        1 => which().prop_map(Deed::Copy),
        1 => which().prop_map(Deed::EditUntold),
        1 => which().prop_map(Deed::DeleteUntold),
        1 => side().prop_map(Deed::KillTokens),
        1 => Just(Deed::WipeState),
        3 => (side(), proptest::collection::vec(fault, 1..8)).prop_map(|(side, faults)| Deed::Faults(side, faults)),
        1 => Just(Deed::NextDay),
        6 => Just(Deed::Run),
    ]
}

fn made(kind: Kind, title: &str) -> Event {
    match kind {
        Kind::Single => event(title),
        Kind::Series => series(title, &[(2, Exception::Cancelled)]),
        Kind::Mine => meeting(title, true),
        Kind::Others => meeting(title, false),
        Kind::OthersSeries => Event { series: series(title, &[(2, renamed("Kort"))]).series, ..meeting(title, false) },
    }
}

/// Where the edited event stands, and who made it: what we make in Exchange is the mailbox owner's for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Blikk,
    Ours,
    Theirs,
}

/// Every edit is another one, by the number of its deed.
fn edit(event: &mut Event, edit: Edit, number: usize, of: Origin) {
    match edit {
        Edit::Title => event.title = format!("Titel {number}"),
        Edit::Place => event.place = format!("Plats {number}"),
        Edit::Importance if event.importance == Importance::Normal => event.importance = Importance::High,
        Edit::Importance => event.importance = Importance::Normal,
        Edit::Time => {
            let day = on(1 + number as u32 % 20).0;
            event.when = blikk_calendar_sync::event::When::all_day(day, day.succ_opt().unwrap()).unwrap();
        }
        Edit::Rule => {
            if let Some(series) = &mut event.series {
                series.recurrence = if series.recurrence == daily() { weekly() } else { daily() };
            }
        }
        Edit::Repetition if event.series.is_some() => event.series = None,
        Edit::Repetition => event.series = series("", &[]).series,
        Edit::Meeting => match &mut event.meeting {
            _ if of == Origin::Blikk => {}
            None => event.meeting = meeting("", of == Origin::Ours || number.is_multiple_of(2)).meeting,
            Some(meeting) if of == Origin::Theirs && number.is_multiple_of(3) => meeting.is_mine = !meeting.is_mine,
            Some(meeting) => meeting.online_url = Some(format!("https://möte.example/{number}")),
        },
    }
}

fn act(pair: &Pair, number: usize, deed: &Deed) {
    let pick = |side: Side, which: usize| {
        let ids = pair.side(side).ids();
        (!ids.is_empty()).then(|| ids[which % ids.len()].clone())
    };
    match deed {
        Deed::Add(Side::Blikk, kind) => {
            let kind = if matches!(kind, Kind::Series) { Kind::Series } else { Kind::Single };
            drop(pair.blikk.add(made(kind, &format!("Ny {number}"))));
        }
        Deed::Add(Side::Exchange, kind) => drop(pair.exchange.add(made(*kind, &format!("Ny {number}")))),
        Deed::Edit(side, which, what) => {
            if let Some(id) = pick(*side, *which) {
                let origin = match side {
                    Side::Blikk => Origin::Blikk,
                    Side::Exchange if pair.exchange.is_marked(&id) => Origin::Ours,
                    Side::Exchange => Origin::Theirs,
                };
                pair.side(*side).edit(&id, |event| edit(event, *what, number, origin));
            }
        }
        Deed::Occurrence(side, which, day, occasion) => {
            if let Some(id) = pick(*side, *which) {
                let exception = match occasion {
                    Occasion::Rename => Some(renamed(&format!("Tillfälle {number}"))),
                    Occasion::Cancel => Some(Exception::Cancelled),
                    Occasion::BringBack => None,
                };
                pair.side(*side).edit_occurrence(&id, on(*day), exception);
            }
        }
        Deed::Delete(side, which) => {
            if let Some(id) = pick(*side, *which) {
                pair.side(*side).remove(&id);
            }
        }
        Deed::Copy(which) => {
            if let Some(id) = pick(Side::Exchange, *which) {
                pair.exchange.copy(&id, &format!("Kopia {number}"));
            }
        }
        Deed::EditUntold(which) => {
            if let Some(id) = pick(Side::Exchange, *which) {
                pair.exchange.edit_untold(&id, |event| event.title = format!("Titel {number}"));
            }
        }
        Deed::DeleteUntold(which) => {
            if let Some(id) = pick(Side::Exchange, *which) {
                pair.exchange.remove_untold(&id);
            }
        }
        Deed::KillTokens(side) => pair.side(*side).kill_tokens(),
        Deed::WipeState => pair.store.wipe(),
        Deed::Faults(side, faults) => pair.side(*side).faults.borrow_mut().extend(faults),
        Deed::NextDay => pair.pass_hours(24),
        Deed::Run => drop(pair.run()),
    }
}

/// What Blikk holds, but for what waits for an item that is gone: with the state lost, nobody knows that it was
/// deleted, and somebody else's meeting is not made again.
fn in_blikk(pair: &Pair) -> Vec<Event> {
    let in_exchange: Vec<_> = pair.exchange.ids().iter().map(|id| pair.exchange.uid(id)).collect();
    let ids = pair.blikk.ids().into_iter();
    let waits =
        |event: &Event, uid: Option<Uid>| event.belongs_to_exchange() && uid.is_some() && !in_exchange.contains(&uid);
    ids.filter_map(|id| pair.blikk.event(&id).filter(|event| !waits(event, pair.blikk.uid(&id)))).collect()
}

/// What Exchange holds, as Blikk can hold it.
fn in_exchange(pair: &Pair) -> Vec<Event> {
    let as_it_is = |event| if pair.blikk.temper.get().knows_no_meetings { without_meeting(event) } else { event };
    pair.exchange.events().into_iter().map(as_it_is).collect()
}

fn number_from(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn cases() -> u32 {
    number_from("PROPTEST_CASES").map_or(2000, |cases| cases as u32)
}

fn seed() -> RngSeed {
    RngSeed::Fixed(number_from("PROPTEST_RNG_SEED").unwrap_or(1))
}

proptest! {
    // The same histories in every run; PROPTEST_RNG_SEED and PROPTEST_CASES try others.
    #![proptest_config(ProptestConfig { cases: cases(), rng_seed: seed(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_and_networks_do_both_sides_come_to_hold_the_same_and_rest(
        is_forgetful: bool,
        knows_no_meetings: bool,
        deeds in proptest::collection::vec(deed(), 1..40)
    ) {
        let pair = Pair::new();
        pair.exchange.temper.set(Temper { is_forgetful, ..Temper::default() });
        pair.blikk.temper.set(Temper { knows_no_meetings, ..Temper::default() });
        for (number, deed) in deeds.iter().enumerate() {
            act(&pair, number, deed);
        }
        pair.run_until_done();
        // A quiet day.
        for side in [Side::Blikk, Side::Exchange] {
            pair.side(side).faults.borrow_mut().clear();
        }
        pair.pass_hours(24);
        pair.run_until_done();
        prop_assert_eq!(sorted(in_blikk(&pair)), sorted(in_exchange(&pair)));
        let mut titles = pair.blikk.titles();
        titles.dedup();
        prop_assert_eq!(titles.len(), pair.blikk.ids().len(), "every title was given once, so none may stand twice");
        let is_ours_to_finish = |id: &RemoteId| {
            pair.exchange.is_unfinished(id) && !pair.exchange.event(id).is_some_and(|event| event.belongs_to_exchange())
        };
        let left = pair.exchange.ids().into_iter().find(is_ours_to_finish);
        prop_assert_eq!(left, None, "nothing is left unfinished");
        let writes = pair.writes();
        pair.run_until_done();
        pair.pass_hours(24);
        pair.run_until_done();
        prop_assert_eq!(pair.writes(), writes, "a further run writes nothing, nor does a further check");
    }
}
