//! The planner's promises, held against random pasts: an event is taken, changed on each side or deleted, and decided
//! about; what the plan says is carried out on two events in memory, and looked at again.

#![cfg(not(target_arch = "wasm32"))]

use blikk_calendar_sync::event::{Event, Exception, Importance, OriginalDate, Reminder, Series, When};
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::recurrence::{DayInterval, Pattern, Range, Recurrence};
use blikk_calendar_sync::sync::merge::{Field, differences};
use blikk_calendar_sync::sync::options::{Conflicts, Deletions, Direction, Options};
use blikk_calendar_sync::sync::plan::{Act, Now, Pair, Reason, Rules, Step, Write, plan};
use blikk_calendar_sync::sync::port::Observed;
use blikk_calendar_sync::sync::state::{Link, LinkId, LinkState, RemoteId, SideState, Uid, Version};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// One thing that a person does to an event.
#[derive(Clone, Debug)]
enum Edit {
    Title(u8),
    Place(u8),
    Body(u8),
    Day(u32),
    Importance,
    Reminder(u32),
    Add(u8),
    Take(u8),
    Repeat(u32),
    Once,
    Cancel(u32),
    BringBack(u32),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (0..4u8).prop_map(Edit::Title),
        (0..4u8).prop_map(Edit::Place),
        (0..4u8).prop_map(Edit::Body),
        (1..9u32).prop_map(Edit::Day),
        Just(Edit::Importance),
        (0..3u32).prop_map(Edit::Reminder),
        (0..4u8).prop_map(Edit::Add),
        (0..4u8).prop_map(Edit::Take),
        (1..4u32).prop_map(Edit::Repeat),
        Just(Edit::Once),
        (10..14u32).prop_map(Edit::Cancel),
        (10..14u32).prop_map(Edit::BringBack),
    ]
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 2, day).unwrap()
}

fn all_day(date: u32) -> When {
    When::all_day(day(date), day(date + 1)).unwrap()
}

fn edited(mut event: Event, edits: &[Edit]) -> Event {
    for edit in edits {
        match edit {
            Edit::Title(number) => event.title = format!("Titel {number}"),
            Edit::Place(number) => event.place = format!("Plats {number}"),
            Edit::Body(number) => event.body = format!("Rad 1\nRad {number}"),
            Edit::Day(date) => event.when = all_day(*date),
            Edit::Importance => event.importance = Importance::High,
            Edit::Reminder(0) => event.reminder = None,
            Edit::Reminder(minutes) => event.reminder = Some(Reminder { minutes_before_start: *minutes }),
            Edit::Add(number) => drop(event.categories.insert(format!("Kategori {number}"))),
            Edit::Take(number) => drop(event.categories.remove(&format!("Kategori {number}"))),
            Edit::Repeat(days) => {
                let pattern = Pattern::Daily { interval: DayInterval::new(*days).unwrap() };
                event.series = Some(Series::new(Recurrence { pattern, range: Range::NoEnd }));
            }
            Edit::Once => event.series = None,
            Edit::Cancel(date) => {
                if let Some(series) = &mut event.series {
                    series.exceptions.insert(OriginalDate(day(*date)), Exception::Cancelled);
                }
            }
            Edit::BringBack(date) => {
                if let Some(series) = &mut event.series {
                    series.exceptions.remove(&OriginalDate(day(*date)));
                }
            }
        }
    }
    event
}

/// What became of one side.
#[derive(Clone, Debug)]
enum Fate {
    /// Nobody did anything, and nothing is heard of it.
    Untold,
    /// Touched by people who changed these things, or nothing.
    Told(Vec<Edit>, i64),
    Deleted,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        2 => Just(Fate::Untold),
        6 => (proptest::collection::vec(edit(), 0..4), 0..6i64).prop_map(|(edits, at)| Fate::Told(edits, at)),
        2 => Just(Fate::Deleted),
    ]
}

/// An event, and what became of it on both sides. `is_linked`: its past is remembered.
#[derive(Clone, Debug)]
struct Past {
    base: Event,
    is_linked: bool,
    blikk: Fate,
    exchange: Fate,
}

fn past() -> impl Strategy<Value = Past> {
    let base = proptest::collection::vec(edit(), 0..6);
    let base = base.prop_map(|edits| edited(Event::new("Veckomöte", all_day(1)), &edits));
    (base, proptest::bool::weighted(0.8), fate(), fate()).prop_map(|(base, is_linked, blikk, exchange)| Past {
        base,
        is_linked,
        blikk,
        exchange,
    })
}

fn options() -> impl Strategy<Value = Options> {
    let conflicts = prop_oneof![
        Just(Conflicts::BlikkWins),
        Just(Conflicts::ExchangeWins),
        Just(Conflicts::NewestWins),
        Just(Conflicts::Ask),
    ];
    let deletions = prop_oneof![2 => Just(Deletions::EditSurvives), 1 => Just(Deletions::DeletionStands)];
    (conflicts, deletions, proptest::bool::weighted(0.8), proptest::bool::weighted(0.8)).prop_map(
        |(conflicts, deletions, categories, reminders)| Options {
            conflicts,
            deletions,
            categories,
            reminders,
            ..Options::default()
        },
    )
}

/// The two events as they stand, and what is remembered of them.
#[derive(Clone, Debug)]
struct Town {
    link: Option<Link>,
    held: [Option<Held>; 2],
}

#[derive(Clone, Debug)]
struct Held {
    event: Event,
    version: u32,
    changed_at: DateTime<Utc>,
}

fn place(side: Side) -> usize {
    usize::from(side == Side::Exchange)
}

fn id(side: Side) -> RemoteId {
    RemoteId::new(if side == Side::Blikk { "b" } else { "x" })
}

impl Town {
    fn of(past: &Past) -> Town {
        let side = |side: Side| Some(SideState { id: id(side), version: Version::new("1"), seen: None });
        let link = Link {
            id: LinkId::new("link"),
            origin: Side::Blikk,
            state: LinkState::Active,
            blikk: side(Side::Blikk),
            exchange: side(Side::Exchange),
            uid: Some(Uid::new("uid")),
            base: Some(past.base.clone()),
        };
        let held = |fate: &Fate| match fate {
            Fate::Untold => Some(Held { event: past.base.clone(), version: 1, changed_at: DateTime::UNIX_EPOCH }),
            Fate::Told(edits, minute) => Some(Held {
                event: edited(past.base.clone(), edits),
                version: 2,
                changed_at: DateTime::UNIX_EPOCH + TimeDelta::minutes(*minute),
            }),
            Fate::Deleted => None,
        };
        Town { link: past.is_linked.then_some(link), held: [held(&past.blikk), held(&past.exchange)] }
    }

    fn on(&self, side: Side) -> Option<&Event> {
        self.held[place(side)].as_ref().map(|held| &held.event)
    }

    /// What a reading of the side finds.
    fn read(&self, side: Side) -> Now {
        let is_known = self.link.as_ref().is_none_or(|link| link.on(side).is_some());
        match &self.held[place(side)] {
            Some(held) => Now::Here(Box::new(Observed {
                id: id(side),
                version: Version::new(held.version.to_string()),
                uid: (side == Side::Exchange).then(|| Uid::new("uid")),
                marker: None,
                created_at: None,
                changed_at: Some(held.changed_at),
                is_unfinished: false,
                content: Ok(held.event.clone()),
            })),
            None if is_known && self.link.is_some() => Now::Gone,
            None => Now::Silent,
        }
    }

    fn pair(&self) -> Pair {
        Pair { link: self.link.clone(), blikk: self.read(Side::Blikk), exchange: self.read(Side::Exchange) }
    }

    /// The pair as a run hears of it: of what nobody touched, nothing.
    fn heard(&self, past: &Past) -> Pair {
        let mut pair = self.pair();
        for (side, fate) in [(Side::Blikk, &past.blikk), (Side::Exchange, &past.exchange)] {
            if past.is_linked && matches!(fate, Fate::Untold) {
                *pair.now_mut(side) = Now::Silent;
            }
        }
        pair
    }

    /// Carries out a step as the engine does, and remembers what came of it.
    fn carry_out(&mut self, step: &Step) {
        let mut link = step.link.clone();
        let writes = match &step.act {
            Act::Write(writes) => writes.clone(),
            Act::Forget => {
                self.link = None;
                return;
            }
            Act::Remember => Vec::new(),
            Act::LookAgain => panic!("looked at often enough: {step:?}"),
        };
        for write in writes {
            let side = write.side();
            let version = self.held[place(side)].as_ref().map_or(1, |held| held.version) + 1;
            let event = match write {
                Write::Create { event, .. } => Some(event),
                Write::Update { before, after, .. } => {
                    assert_eq!(Some(&before), self.on(side), "what is written was compared with what is there");
                    Some(after)
                }
                Write::Delete { .. } => None,
            };
            // A side at an unknown version is one of which something is still to be taken up.
            let waits = link.on(side).is_some_and(|state| state.version.is_unknown());
            if !waits {
                *link.on_mut(side) = event.clone().map(|event| SideState {
                    id: id(side),
                    version: Version::new(version.to_string()),
                    seen: Some(event),
                });
            }
            self.held[place(side)] = event.map(|event| Held { event, version, changed_at: DateTime::UNIX_EPOCH });
        }
        if let (Some(blikk), Some(exchange), LinkState::Active) = (&mut link.blikk, &mut link.exchange, &link.state)
            && blikk.seen.is_some()
            && exchange.seen.is_some()
        {
            link.base = blikk.seen.take();
        }
        self.link = (link.blikk.is_some() || link.exchange.is_some()).then_some(link);
    }
}

fn now() -> DateTime<Utc> {
    "2027-01-20T12:00:00Z".parse().unwrap()
}

fn decided(pair: Pair, town: &Town, options: &Options) -> Option<Step> {
    let rules = Rules::new(options, now());
    let step = plan(vec![pair], &rules, || LinkId::new("drawn")).pop()?;
    if step.act != Act::LookAgain {
        return Some(step);
    }
    plan(vec![town.pair()], &rules, || LinkId::new("drawn")).pop()
}

fn writes(step: &Option<Step>) -> Vec<Write> {
    match step.as_ref().map(|step| &step.act) {
        Some(Act::Write(writes)) => writes.clone(),
        _ => Vec::new(),
    }
}

/// In which of the fields that are synchronised two events differ.
fn differing(a: &Event, b: &Event, options: &Options) -> Vec<Field> {
    let counts = |field: &Field| match field {
        Field::Categories => options.categories,
        Field::Reminder => options.reminders,
        _ => true,
    };
    differences(a, b).into_iter().filter(counts).collect()
}

/// In which of these the sides differ.
fn apart(town: &Town, options: &Options) -> Vec<Field> {
    match (town.on(Side::Blikk), town.on(Side::Exchange)) {
        (Some(blikk), Some(exchange)) => differing(blikk, exchange, options),
        _ => Vec::new(),
    }
}

fn number_from(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn config() -> ProptestConfig {
    let cases = number_from("PROPTEST_CASES").map_or(4000, |cases| cases as u32);
    let rng_seed = RngSeed::Fixed(number_from("PROPTEST_RNG_SEED").unwrap_or(1));
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn both_sides_come_to_hold_the_same_unless_the_person_is_asked_and_then_nothing_more_is_written(
        past in past(), options in options()
    ) {
        let mut town = Town::of(&past);
        let step = decided(town.heard(&past), &town, &options);
        if let Some(step) = &step {
            town.carry_out(step);
        }
        let is_asked = town.link.as_ref().is_some_and(|link| matches!(link.state, LinkState::Asks { .. }));
        prop_assert_eq!(is_asked, matches!(step.as_ref().map(|step| &step.reason), Some(Reason::Asks { .. })));
        prop_assert!(!is_asked || options.conflicts == Conflicts::Ask);
        if !is_asked {
            prop_assert_eq!(apart(&town, &options), []);
            prop_assert_eq!(town.on(Side::Blikk).is_some(), town.on(Side::Exchange).is_some());
        }
        let again = decided(town.pair(), &town, &options);
        prop_assert_eq!(writes(&again), [], "planned again, there is nothing to write");
    }

    #[test]
    fn nothing_is_deleted_without_evidence_and_no_side_is_written_twice(past in past(), options in options()) {
        let town = Town::of(&past);
        let pair = town.heard(&past);
        let writes = writes(&decided(pair.clone(), &town, &options));
        for side in [Side::Blikk, Side::Exchange] {
            let here: Vec<&Write> = writes.iter().filter(|write| write.side() == side).collect();
            prop_assert!(here.len() <= 1, "{here:?}");
            let is_made = here.iter().any(|write| matches!(write, Write::Create { .. }));
            prop_assert!(!is_made || town.on(side).is_none(), "what is there is not made again: {here:?}");
            if here.iter().any(|write| matches!(write, Write::Delete { .. })) {
                prop_assert_eq!(pair.now(side.other()), &Now::Gone);
                let is_edited = town.on(side).is_none_or(|event| !differing(&past.base, event, &options).is_empty());
                prop_assert!(!is_edited || options.deletions == Deletions::DeletionStands, "an edit outlives a deletion");
            }
        }
    }

    #[test]
    fn every_value_of_a_person_is_on_both_sides_or_named_in_the_reason(past in past(), options in options()) {
        let mut town = Town::of(&past);
        let before = town.clone();
        let Some(step) = decided(town.heard(&past), &town, &options) else { return Ok(()) };
        town.carry_out(&step);
        for side in [Side::Blikk, Side::Exchange] {
            let Some(edited) = before.on(side).filter(|_| past.is_linked) else { continue };
            let Some(held) = town.on(side) else {
                let is_named = matches!(step.reason, Reason::Deleted { .. } | Reason::DeletionStands { .. });
                prop_assert!(is_named, "{:?}", step.reason);
                continue;
            };
            for field in differences(&past.base, edited) {
                // Sets lose nothing that was added; a rule takes its exceptions along.
                if field.agrees(edited, held) || matches!(field, Field::Categories | Field::Exceptions) {
                    continue;
                }
                let is_named = match &step.reason {
                    Reason::Overruled { edits } => edits.iter().any(|edit| edit.field == field && edit.winner == side.other()),
                    _ => false,
                };
                prop_assert!(is_named, "{field:?} of {side:?}: {:?}", step.reason);
            }
            let added = edited.categories.difference(&past.base.categories);
            for name in added.filter(|_| options.categories) {
                prop_assert!(held.categories.contains(name), "{name} of {side:?}");
            }
        }
    }

    #[test]
    fn the_persons_choice_decides_and_no_clock_does_but_under_newest_wins(
        past in past(), options in options(), hours in -2..=2i64
    ) {
        let town = Town::of(&past);
        let mut skewed = town.clone();
        if let Some(held) = &mut skewed.held[place(Side::Exchange)] {
            held.changed_at += TimeDelta::hours(hours);
        }
        let step = decided(town.heard(&past), &town, &options);
        if options.conflicts != Conflicts::NewestWins {
            prop_assert_eq!(&step, &decided(skewed.heard(&past), &skewed, &options));
        }
        let winner = match options.conflicts {
            Conflicts::BlikkWins => Side::Blikk,
            Conflicts::ExchangeWins => Side::Exchange,
            _ => return Ok(()),
        };
        if let (Some(Step { reason: Reason::Overruled { edits }, .. }), Some(blikk), Some(exchange)) =
            (&step, town.on(Side::Blikk), town.on(Side::Exchange))
        {
            let is_single = blikk.series.is_none() && exchange.series.is_none();
            prop_assert!(!is_single || edits.iter().all(|edit| edit.winner == winner), "{edits:?}");
        }
    }

    #[test]
    fn the_order_of_the_pairs_does_not_matter(pasts in proptest::collection::vec(past(), 1..5), options in options()) {
        let rules = Rules::new(&options, now());
        let pairs: Vec<Pair> = pasts.iter().map(|past| Town::of(past).heard(past)).collect();
        let steps = plan(pairs.clone(), &rules, || LinkId::new("drawn"));
        let mut turned = plan(pairs.into_iter().rev().collect(), &rules, || LinkId::new("drawn"));
        turned.reverse();
        prop_assert_eq!(steps, turned);
    }

    #[test]
    fn nothing_is_written_against_the_direction_and_nothing_is_lost_by_it(
        past in past(), options in options(), to_exchange: bool
    ) {
        let direction = if to_exchange { Direction::ToExchange } else { Direction::ToBlikk };
        let closed = if to_exchange { Side::Blikk } else { Side::Exchange };
        let one_way = Options { direction, ..options.clone() };
        let mut town = Town::of(&past);
        let before = town.on(closed).cloned();
        if let Some(step) = decided(town.heard(&past), &town, &one_way) {
            town.carry_out(&step);
        }
        prop_assert_eq!(town.on(closed), before.as_ref());
        let again = decided(town.pair(), &town, &one_way);
        prop_assert_eq!(writes(&again), [], "under the same direction there is nothing more to write");
        // The direction is opened.
        let is_asked = |step: &Option<Step>| matches!(step.as_ref().map(|step| &step.reason), Some(Reason::Asks { .. }));
        let step = decided(town.pair(), &town, &options);
        if let Some(step) = &step {
            town.carry_out(step);
        }
        if !is_asked(&step) {
            prop_assert_eq!(apart(&town, &options), []);
            prop_assert_eq!(town.on(Side::Blikk).is_some(), town.on(Side::Exchange).is_some());
        }
    }
}
