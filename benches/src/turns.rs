//! How a contestant takes its turns; the other side is `crates/xtask/src/bench/contestant.rs`.
//!
//! Every contestant is a program of its own. It says in one line of JSON what it is and what it read, then waits: for
//! each line with a task's name it does that task and answers with milliseconds. So contestants of any language
//! alternate, and a busy moment of the machine meets all of them.

use std::error::Error;
use std::hint::black_box;
use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

/// A turn lasts at least so long, and its time is the median of what fitted in: a task of a few milliseconds would else
/// only ever meet the cold caches that the contestant before left behind.
const TURN: Duration = Duration::from_millis(100);

/// What one contestant can do, by name.
pub struct Task<'t> {
    name: &'static str,
    run: Box<dyn FnMut() -> Result<(), Box<dyn Error>> + 't>,
}

impl<'t> Task<'t> {
    /// The time that it takes to drop the result counts.
    pub fn new<T>(name: &'static str, mut task: impl FnMut() -> Result<T, Box<dyn Error>> + 't) -> Self {
        let run = move || {
            drop(black_box(task()?));
            Ok(())
        };
        Task { name, run: Box::new(run) }
    }

    fn turn(&mut self) -> Result<f64, Box<dyn Error>> {
        let begun = Instant::now();
        let mut times = Vec::new();
        while times.is_empty() || begun.elapsed() < TURN {
            let started = Instant::now();
            (self.run)()?;
            times.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
        times.sort_by(f64::total_cmp);
        Ok(times[times.len() / 2])
    }
}

/// Says `hello` and takes turns until nobody asks any more.
///
/// # Errors
/// When a task fails, or is not known.
pub fn take(hello: &serde_json::Value, mut tasks: Vec<Task<'_>>) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{hello}")?;
    for line in std::io::stdin().lock().lines() {
        let name = line?;
        let task = tasks.iter_mut().find(|task| task.name == name);
        let milliseconds = task.ok_or_else(|| format!("there is no task `{name}`"))?.turn()?;
        writeln!(out, "{milliseconds}")?;
        out.flush()?;
    }
    Ok(())
}
