//! `cargo xtask test`: all tests, leg by leg. A leg that fails stops no other; at the end stand their counts.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Args;

use crate::cargo_output::CargoOutput;
use crate::process::{follow, npm, program, repository, run as run_program};
use crate::servers::{Programs, Servers, Wish};
use crate::tally::Tally;
use crate::{bundle, exchangelib, playwright, schema, setup, simulate, types};

#[derive(Args)]
pub struct Options {
    /// Only these legs (see the table that a whole run prints).
    legs: Vec<String>,
}

/// A part of the tests.
struct Leg {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<Tally>,
}

/// In this order: what fails first says most. The last leg checks what the others have sent.
const LEGS: [Leg; 8] = [
    Leg { name: "native", about: "Rust: unit, integration and doc tests", run: native },
    Leg { name: "simulation", about: "20,000 simulated worlds", run: simulate::check },
    Leg { name: "types", about: "generated TypeScript types are fresh", run: generated_types },
    Leg { name: "browser", about: "Rust in headless Chromium", run: browser },
    Leg { name: "page", about: "tsc --strict and the page's own tests", run: page },
    Leg { name: "whole", about: "the whole path, by clicks in Chromium", run: whole_path },
    Leg { name: "exchangelib", about: "the stand-in before a foreign client", run: exchangelib::check },
    Leg { name: "schema", about: "sent requests against Microsoft's schema", run: sent_requests },
];

/// Runs the legs and prints the table.
///
/// # Errors
/// When a test failed, or a leg is not known.
pub fn run(options: &Options) -> Result<()> {
    let is_wanted = |leg: &&Leg| options.legs.is_empty() || options.legs.iter().any(|name| name == leg.name);
    for name in &options.legs {
        ensure!(LEGS.iter().any(|leg| leg.name == name), "there is no leg `{name}`");
    }
    // The servers of an earlier run have recorded requests of an earlier state of the code.
    if options.legs.is_empty() {
        let _ = std::fs::remove_dir_all(recorded());
    }
    let results: Vec<Ran> = LEGS.iter().filter(is_wanted).map(run_leg).collect();
    let total = print_table(&results);
    ensure!(total.failed == 0, "some tests failed");
    Ok(())
}

struct Ran {
    leg: &'static Leg,
    tally: Tally,
    took: Duration,
}

fn run_leg(leg: &'static Leg) -> Ran {
    println!("\n==> {}: {}", leg.name, leg.about);
    let started = Instant::now();
    let tally = (leg.run)().unwrap_or_else(|error| {
        println!("{error:#}");
        Tally::of_one(false)
    });
    Ran { leg, tally, took: started.elapsed() }
}

fn print_table(results: &[Ran]) -> Tally {
    let mut total = Tally::default();
    println!("\n{:<11} {:<42} {:>7} {:>7} {:>8} {:>8}", "leg", "", "passed", "failed", "skipped", "seconds");
    for Ran { leg, tally, took } in results {
        let (passed, failed, skipped) = (tally.passed, tally.failed, tally.skipped.len());
        println!("{:<11} {:<42} {passed:>7} {failed:>7} {skipped:>8} {:>8.1}", leg.name, leg.about, took.as_secs_f32());
        total += tally;
    }
    for name in &total.skipped {
        println!("skipped: {name}");
    }
    println!("\n{total}");
    total
}

fn native() -> Result<Tally> {
    let arguments = ["test", "--workspace", "--no-fail-fast", "--", "--show-output"];
    cargo_test(program("cargo", &arguments).env("RECORD_REQUESTS", recorded().join("native")))
}

fn generated_types() -> Result<Tally> {
    types::check()?;
    Ok(Tally::of_one(true))
}

/// The engine in the browser that it is made for, against the same servers as the page.
fn browser() -> Result<Tally> {
    // The gateway serves the bundle, and will not start without it.
    bundle::build()?;
    setup::browser()?;
    let servers = servers("browser", 8430)?;
    let arguments = ["test", "--package", "blikk-calendar-sync", "--target", "wasm32-unknown-unknown", "--test", "web"];
    let mut command = program("cargo", &arguments);
    // Read by `option_env!` in tests/web.rs: a page in a browser has no environment.
    command.env("SYNC_TEST_STANDINS", &servers.announcement).env("SYNC_TEST_GATEWAY", &servers.gateway);
    // The gateway answers only pages of known origins.
    command.env("WASM_BINDGEN_TEST_ADDRESS", servers.test_page.trim_start_matches("http://"));
    // On two busy cores the browser is slow to start, and a whole synchronisation takes its time.
    command.env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60").env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    cargo_test(&mut command)
}

fn page() -> Result<Tally> {
    // The page's source imports the face of the Wasm.
    bundle::build()?;
    setup::browser()?;
    let type_check = run_program(&mut npm(&["run", "check", "--silent"]));
    let mut tally = Tally::of_one(type_check.is_ok());
    let mut command = npm(&["test", "--silent"]);
    // Keeps the state in some of them.
    command.env("GATEWAY_PROGRAM", Programs::build()?.gateway);
    tally += &playwright::run(&mut command, &reports().join("page.json"))?;
    Ok(tally)
}

fn whole_path() -> Result<Tally> {
    bundle::build()?;
    setup::browser()?;
    let servers = servers("whole", 8440)?;
    let mut command = npm(&["run", "e2e", "--silent"]);
    command.env("E2E_BASE", &servers.standins.blikk.url);
    command.env("E2E_EXCHANGE", &servers.standins.exchange.url).env("E2E_GATEWAY", &servers.gateway);
    command.env("E2E_STANDINS", &servers.announcement);
    playwright::run(&mut command, &reports().join("whole.json"))
}

fn sent_requests() -> Result<Tally> {
    setup::xmllint();
    schema::check(&recorded())
}

fn cargo_test(command: &mut std::process::Command) -> Result<Tally> {
    let mut output = CargoOutput::default();
    let has_succeeded = follow(command, |line| {
        if output.line(line) {
            println!("{line}");
        }
    })?;
    Ok(output.tally().with_exit(has_succeeded))
}

/// With the demo's data and the service account filled in, as a person finds them.
fn servers(leg: &str, ports: u16) -> Result<Servers> {
    let folder = repository().join("target/xtask").join(leg);
    let record = recorded().join(leg);
    let servers = Servers::start(&Wish { ports, folder: &folder, record: Some(&record), with_demo_data: true })?;
    servers.fill_in_service_account()?;
    Ok(servers)
}

fn recorded() -> PathBuf {
    repository().join("target/xtask/requests")
}

fn reports() -> PathBuf {
    repository().join("target/xtask/reports")
}
