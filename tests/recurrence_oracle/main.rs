//! Random series against an implementation that we did not write: the crate `rrule`, a port of python-dateutil's.
//!
//! Two roads lead from a series to its instants. Ours goes over patterns and arithmetic; the crate reads RRULE text and
//! filters day after day. [`expansion`] writes random patterns as text and compares what both make of it; [`reading`]
//! writes random text and compares what both read in it, and where we refuse, looks for a pattern that we missed.
//!
//! `RECURRENCE_SEED` and `RECURRENCE_RULES` choose another beginning and another number of rules.

mod dice;
mod expansion;
mod oracle;
mod reading;

use std::sync::Mutex;
use std::thread;

use dice::Dice;

/// Rolls so many rules on all cores and says how they came out. A rule's dice depend on its number only, so the number
/// in a failure's message repeats it, whatever the machine.
fn try_rules(what: &str, rules: u64, try_rule: impl Fn(Dice) -> &'static str + Sync) {
    let from_environment = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = from_environment("RECURRENCE_SEED").unwrap_or(20_270_101);
    let rules = from_environment("RECURRENCE_RULES").unwrap_or(rules);
    let outcomes = Mutex::new(std::collections::BTreeMap::new());
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    thread::scope(|scope| {
        for core in 0..cores {
            let (try_rule, outcomes) = (&try_rule, &outcomes);
            scope.spawn(move || {
                for rule in (core..rules).step_by(cores as usize) {
                    let outcome = try_rule(Dice::new(seed, rule));
                    *outcomes.lock().unwrap().entry(outcome).or_insert(0_u64) += 1;
                }
            });
        }
    });
    println!("{what}: {rules} rules from seed {seed}: {:?}", outcomes.into_inner().unwrap());
}
