//! Memories that are spoilt, sides that say what cannot be, and people who do not wait until we are done: each comes to a
//! clear end, and nothing is ever deleted for it.

#![cfg(not(target_arch = "wasm32"))]

#[path = "bad_input/moments.rs"]
mod moments;
#[path = "bad_input/sides.rs"]
mod sides;
#[path = "bad_input/state.rs"]
mod state;
#[path = "bad_input/words.rs"]
mod words;

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "support/liar.rs"]
mod liar;
#[path = "support/line.rs"]
mod line;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "support/pair.rs"]
mod pair;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "support/wire.rs"]
mod wire;

use blikk_calendar_sync::event::{Event, When};
use blikk_calendar_sync::problem::{Code, Side};
use blikk_calendar_sync::sync::report::{Outcome, RunReport};
use chrono::NaiveDate;
use pair::Pair;

const SIDES: [Side; 2] = [Side::Blikk, Side::Exchange];

fn event(title: &str) -> Event {
    let day = NaiveDate::from_ymd_opt(2027, 2, 1).unwrap();
    Event::new(title, When::all_day(day, day.succ_opt().unwrap()).unwrap())
}

/// So many events that were made on each side and are on both.
fn linked(count: usize) -> Pair {
    let pair = Pair::new();
    for number in 0..count {
        pair.blikk.add(event(&format!("Blikk {number}")));
        pair.exchange.add(event(&format!("Outlook {number}")));
    }
    pair.run_until_done();
    pair
}

fn code_of(report: &RunReport) -> Option<Code> {
    match &report.outcome {
        Outcome::Failed { problem, .. } => Some(problem.code),
        _ => None,
    }
}
