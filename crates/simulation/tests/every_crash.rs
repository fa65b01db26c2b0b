//! Every plan of up to four writes, stopped at every moment at which it can be stopped: nothing is lost, nothing is
//! doubled, and nothing is written twice.
//!
//! A plan is a collection of writes: create, update and delete, in Blikk and in Exchange. Each call of a run has two
//! moments at which a machine can stop (before the request arrives, and after it was carried out, before its answer
//! does), and so does each commit; what comes after an answer is the moment before the next request.

use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::report::Outcome;
use blikk_calendar_sync::sync::state::RemoteId;
use simulation::breakage::Breakage;
use simulation::calendar::{Fault, Temper};
use simulation::life::Life;
use simulation::people;
use simulation::story::{Choice, Edit, Engines, Kind, Run, Setup, Story};
use simulation::verdict::judge;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verb {
    Create,
    Update,
    Delete,
}

/// One write that the engine is to make: on which side, and which.
type Write = (Side, Verb);

const WRITES: [Write; 6] = [
    (Side::Blikk, Verb::Create),
    (Side::Blikk, Verb::Update),
    (Side::Blikk, Verb::Delete),
    (Side::Exchange, Verb::Create),
    (Side::Exchange, Verb::Update),
    (Side::Exchange, Verb::Delete),
];

/// Every collection of so many writes, whatever their order.
fn plans(size: usize) -> Vec<Vec<Write>> {
    let mut plans = vec![Vec::new()];
    for _ in 0..size {
        plans = plans
            .into_iter()
            .flat_map(|plan: Vec<Write>| {
                let least = plan.last().copied().unwrap_or(WRITES[0]);
                let more = WRITES.into_iter().filter(move |write| *write >= least);
                more.map(move |write| [plan.as_slice(), &[write]].concat())
            })
            .collect();
    }
    plans
}

/// Two calendars that agree, and people who have just done what makes the engine want to write this.
fn about_to(plan: &[Write], batch_size: usize) -> Life {
    let temper = Temper { batch_size, ..Temper::default() };
    let setup = Setup {
        blikk: temper,
        exchange: temper,
        poison: None,
        engines: Engines::One,
        choice: Choice::USUAL,
        wire: None,
    };
    let life = Life::new(&Story { seed: 1, setup, deeds: Vec::new() }, Breakage::None, false);
    let known: Vec<RemoteId> = plan.iter().map(|_| people::add(&life, Side::Blikk, Kind::Single)).collect();
    assert_eq!(run(&life, None), Some(Outcome::Done));
    assert_eq!(run(&life, None), Some(Outcome::Done));
    for ((on, verb), in_blikk) in plan.iter().zip(known) {
        let id = if *on == Side::Exchange { in_blikk } else { counterpart(&life, &in_blikk) };
        match verb {
            Verb::Create => drop(people::add(&life, on.other(), Kind::Single)),
            Verb::Update => people::edit(&life, on.other(), &id, Edit::Title),
            Verb::Delete => people::delete(&life, on.other(), &id, false),
        }
    }
    life
}

/// The item in Exchange that bears the same title.
fn counterpart(life: &Life, in_blikk: &RemoteId) -> RemoteId {
    let title = life.blikk.event(in_blikk).map(|event| event.title);
    let bears_it = |id: &RemoteId| life.exchange.event(id).map(|event| event.title) == title;
    life.exchange.ids().into_iter().find(bears_it).expect("the first run has made it")
}

fn run(life: &Life, crash_at: Option<u32>) -> Option<Outcome> {
    let run = Run { approves: true, crash_at, ..Run::default() };
    life.run(&run).map(|report| report.outcome)
}

fn writes(life: &Life) -> u32 {
    life.blikk.writes() + life.exchange.writes()
}

/// All is well, and each write was carried out once.
fn assert_sound(life: &Life, plan: &[Write], before: u32, story: &str) {
    judge(life);
    assert_eq!(life.surroundings.witness.complaints(), Vec::<String>::new(), "{plan:?}, {story}");
    assert_eq!(writes(life) - before, plan.len() as u32, "{plan:?}, {story}");
}

#[test]
fn a_plan_of_up_to_four_writes_that_is_stopped_anywhere_comes_to_its_end_without_loss_or_double() {
    let mut stops = 0;
    for plan in (1..=4).flat_map(plans) {
        for batch_size in [1, 3] {
            for pause in 1.. {
                let life = about_to(&plan, batch_size);
                let before = writes(&life);
                if run(&life, Some(pause)).is_some() {
                    break;
                }
                assert_sound(&life, &plan, before, &format!("stopped at {pause}, batches of {batch_size}"));
                stops += 1;
            }
        }
    }
    println!("{stops} stops");
    assert!(stops > 5000, "{stops}");
}

#[test]
fn a_plan_of_up_to_two_writes_that_is_stopped_twice_does_so_too() {
    for plan in (1..=2).flat_map(plans) {
        for first in 1.. {
            let mut is_over = false;
            for second in 1.. {
                let life = about_to(&plan, 3);
                let before = writes(&life);
                is_over = run(&life, Some(first)).is_some();
                if is_over || run(&life, Some(second)).is_some() {
                    break;
                }
                assert_sound(&life, &plan, before, &format!("stopped at {first} and at {second}"));
            }
            if is_over {
                break;
            }
        }
    }
}

#[test]
fn a_plan_of_up_to_three_writes_of_which_any_call_is_lost_does_so_too() {
    for plan in (1..=3).flat_map(plans) {
        for fault in [Fault::LostRequest, Fault::LostAnswer, Fault::Busy, Fault::InPart, Fault::CutOff] {
            for side in [Side::Blikk, Side::Exchange] {
                for call in 0..8 {
                    let life = about_to(&plan, 3);
                    let before = writes(&life);
                    let mut faults = vec![None; call];
                    faults.push(Some(fault));
                    let mut run = Run { approves: true, ..Run::default() };
                    *(if side == Side::Blikk { &mut run.blikk_faults } else { &mut run.exchange_faults }) = faults;
                    life.run(&run);
                    assert_sound(&life, &plan, before, &format!("{fault:?} at call {call} of {side:?}"));
                }
            }
        }
    }
}
