//! What the gateway's state takes, over HTTP, beside the plain driver of its database that moves the same rows.

use std::path::Path;

use anyhow::Result;

use super::WARM_UP;
use super::contestant::Contestant;
use super::table::{Aim, Row, Times};
use crate::process::program;

const SQLITE: &str = "SQLite";
const POSTGRESQL: &str = "PostgreSQL";

/// In milliseconds.
#[rustfmt::skip]
const fn long(of: &'static str) -> [Row; 8] {
    [
        Row::new(of, "commit",         "500 new links: POST /state/commit").over(of, "plainCommit", "INSERT", Aim::None),
        Row::new(of, "plainCommit",    "  the rows, by a prepared INSERT"),
        Row::new(of, "again",          "the same links again").over(of, "plainAgain", "upsert", Aim::None),
        Row::new(of, "plainAgain",     "  the rows, by a prepared upsert"),
        Row::new(of, "someIndex",      "10,000 links: GET /state/index").over(of, "plainSomeIndex", "SELECT", Aim::None),
        Row::new(of, "plainSomeIndex", "  the rows, by one SELECT"),
        Row::new(of, "manyIndex",      "100,000 links: GET /state/index, in pages").over(of, "plainManyIndex", "SELECT", Aim::None),
        Row::new(of, "plainManyIndex", "  the rows, by one SELECT"),
    ]
}

/// In microseconds.
#[rustfmt::skip]
const fn short(of: &'static str) -> [Row; 3] {
    [
        Row::new(of, "head",           "GET /state/head, with 100,000 links").over(of, "health", "GET /health", Aim::None),
        Row::new(of, "plainHead",      "  the row, by a SELECT"),
        Row::new(of, "health",         "  nothing at all: GET /health"),
    ]
}

/// Measures, and prints the tables.
///
/// # Errors
/// When the state answers something else than it should.
pub fn measure(bench_state: &str, folder: &Path, rounds: usize) -> Result<()> {
    let folder = folder.join("state");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut contestants = vec![Contestant::start(SQLITE, program(bench_state, &["sqlite"]).arg(&folder))?];
    match Contestant::start(POSTGRESQL, &mut program(bench_state, &["postgresql"])) {
        Ok(postgresql) => contestants.push(postgresql),
        Err(error) => println!("left out: {POSTGRESQL}: {error:#}"),
    }
    let mut times = Times::default();
    for round in 0..WARM_UP + rounds {
        for contestant in &mut contestants {
            let (long, short) = (long(contestant.name), short(contestant.name));
            let tasks = long.iter().map(|row| (row.task, 1.0)).chain(short.iter().map(|row| (row.task, 1_000.0)));
            for (task, units) in tasks {
                let milliseconds = contestant.take_turn(task)?;
                if round >= WARM_UP {
                    times.add(contestant.name, task, milliseconds * units);
                }
            }
        }
    }
    println!("\nthe gateway's state; medians of {rounds} rounds, and the middle 80 % of them");
    for Contestant { name, hello, .. } in &contestants {
        let size = hello.bytes / hello.items;
        times.print(&format!("{name} {}, links of {size} bytes", hello.version), "ms", &long(name));
        times.print("", "µs", &short(name));
    }
    Ok(())
}
