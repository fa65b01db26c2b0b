//! `cargo xtask bench`: what whole runs cost and what vdirsyncer's do ([`whole`]), what reading and writing Exchange's XML
//! costs, here and by others, what reading takes of memory, what the gateway's state takes beside a bare database
//! ([`state`]), and what the bundle weighs; one table from one run.
//!
//! The measuring is done in `benches/`. Every contestant is a program that waits for its turn ([`contestant`]), so that
//! they alternate within each round, and all of them get the same bytes. Those that are not ours come from the package
//! registries at versions that are pinned there ([`peers`]); one that cannot be had here is left out, and it is said why.

mod contestant;
mod peers;
mod state;
mod table;
mod whole;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::Deserialize;

use self::contestant::Contestant;
use self::table::{Aim, Row, Times};
use crate::bundle;
use crate::process::{built_files, on_path, output, program, repository};
use crate::setup;

#[derive(Args)]
pub struct Options {
    /// Only what is written in Rust, natively: no other languages, no browser, no bundle.
    #[arg(long)]
    native: bool,
    /// How many turns everybody takes; of whole runs, which take longer, a third.
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Only the whole runs.
    #[arg(long, conflicts_with = "state")]
    runs: bool,
    /// Only the gateway's state.
    #[arg(long)]
    state: bool,
}

/// Before the turns that count, so many that do not: caches, and compilers that compile what they have seen often.
const WARM_UP: usize = 3;

/// Who takes part, by the names that the table's rows use.
const NATIVE: &str = "native";
const CRATE_EWS: &str = "crate ews";
const NODE: &str = "Wasm under Node";
const CHROMIUM: &str = "Chromium";
const EXCHANGELIB: &str = "exchangelib";
const EWS_JAVASCRIPT_API: &str = "ews-javascript-api";
const FAST_XML_PARSER: &str = "fast-xml-parser";

#[rustfmt::skip]
const READING: &[Row] = &[
    Row::new(NATIVE,             "scan",         "native: bare quick-xml scan"),
    Row::new(NATIVE,             "read",         "native: our reader, to calendar items").over(NATIVE, "scan", "the scan", Aim::AtMost(2.0)),
    Row::new(NATIVE,             "readToEvents", "native: our reader, to events").over(NATIVE, "scan", "the scan", Aim::None),
    Row::new(CRATE_EWS,          "read",         "native: crate ews, the fields of mail").over(NATIVE, "read", "ours", Aim::AtLeast(1.0)),
    Row::new(EXCHANGELIB,        "read",         "exchangelib, to calendar items").over(NATIVE, "read", "ours, native", Aim::AtLeast(40.0)),
    Row::new(NODE,               "read",         "Node: our reader in Wasm, as shipped").over(NATIVE, "read", "ours, native", Aim::None),
    Row::new(EWS_JAVASCRIPT_API, "read",         "Node: ews-javascript-api, to appointments").over(NODE, "read", "ours, Wasm", Aim::AtLeast(15.0)),
    Row::new(FAST_XML_PARSER,    "read",         "Node: fast-xml-parser, to untyped objects").over(NODE, "read", "ours, Wasm", Aim::None),
    Row::new(CHROMIUM,           "read",         "Chromium: our reader in Wasm, as shipped"),
    Row::new(CHROMIUM,           "domRead",      "Chromium: DOMParser, the same fields").over(CHROMIUM, "read", "ours, Wasm", Aim::AtLeast(1.0)),
];

#[rustfmt::skip]
const BUILDING: &[Row] = &[
    Row::new(NATIVE,             "write", "native: ours"),
    Row::new(EXCHANGELIB,        "write", "exchangelib").over(NATIVE, "write", "ours, native", Aim::AtLeast(20.0)),
    Row::new(NODE,               "write", "Node: ours in Wasm, as shipped").over(NATIVE, "write", "ours, native", Aim::None),
    Row::new(EWS_JAVASCRIPT_API, "write", "Node: ews-javascript-api").over(NODE, "write", "ours, Wasm", Aim::AtLeast(20.0)),
    Row::new(CHROMIUM,           "write", "Chromium: ours in Wasm, as shipped"),
];

/// Measures, and prints the table.
///
/// # Errors
/// When something of ours does not build, or the contestants read different things.
pub fn run(options: &Options) -> Result<()> {
    let folder = repository().join("target/xtask/bench");
    std::fs::create_dir_all(&folder)?;
    let binaries = built_files("build", &["--release", "--package", "bench-ews", "--bins"])?;
    if options.state {
        return state::measure(&binary(&binaries, "bench-state")?, &folder, options.rounds);
    }
    if !options.native {
        build_for_the_browser(&folder)?;
    }
    whole::measure(&binaries, &folder, options)?;
    if options.runs {
        return Ok(());
    }
    measure_xml(&binaries, &folder, options)?;
    state::measure(&binary(&binaries, "bench-state")?, &folder, options.rounds)
}

fn measure_xml(binaries: &[PathBuf], folder: &Path, options: &Options) -> Result<()> {
    let mut contestants = vec![
        // The first, because it stores the data for the others.
        Contestant::start(NATIVE, program(&binary(binaries, "bench-native")?, &[]).arg(folder))?,
        Contestant::start(CRATE_EWS, &mut program(&binary(binaries, "bench-crate-ews")?, &[]))?,
    ];
    if !options.native {
        contestants.extend(others(folder)?);
    }
    let first = contestants[0].hello.clone();
    for contestant in &contestants {
        let read = &contestant.hello.digest;
        ensure!(
            read.len() >= 4 && first.digest.starts_with(read),
            "the readers read different things: {NATIVE} {:?}, {} {read:?}",
            first.digest,
            contestant.name
        );
    }
    let times = take_turns(&mut contestants, options.rounds)?;
    let (items, bytes) = (first.items, first.bytes);
    println!(
        "\n{items} calendar items of {} bytes; medians of {} rounds, and the middle 80 % of them",
        bytes / items,
        options.rounds
    );
    times.print(&format!("reading them all ({} kB)", bytes / 1_000), "ms", READING);
    times.print(&format!("building a CreateItem of as many ({} kB)", first.request_bytes / 1_000), "ms", BUILDING);
    print_contestants(&contestants);
    print_memory(&binary(binaries, "bench-memory")?)?;
    if !options.native {
        table::print_sizes(&bundle::sizes()?);
    }
    Ok(())
}

fn binary(files: &[PathBuf], name: &str) -> Result<String> {
    let file = files.iter().find(|file| file.file_stem().is_some_and(|stem| stem == name));
    Ok(file.with_context(|| format!("cargo built no {name}"))?.display().to_string())
}

fn build_for_the_browser(folder: &Path) -> Result<()> {
    setup::browser()?;
    bundle::build()?;
    // The same profile and the same wasm-opt as the plugin's: what is measured is what is shipped.
    bundle::package("bench-ews", folder)?;
    Ok(std::fs::write(folder.join("package.json"), r#"{ "type": "module" }"#)?)
}

/// A script of ours in headless Chromium.
fn chromium(folder: &Path, script: &str) -> Result<Contestant> {
    let mut command = program("node", &["benches/browser.mjs"]);
    command.arg(folder).arg(script).env("CHROMIUM", on_path("chromium").context("Chromium is not on the PATH")?);
    Contestant::start(CHROMIUM, &mut command)
}

/// Our own Wasm, which must be there, and the peers that can be had.
fn others(folder: &Path) -> Result<Vec<Contestant>> {
    let node = |script: &str| {
        let mut command = program("node", &[&format!("benches/{script}")]);
        command.arg(folder);
        command
    };
    let mut contestants = vec![Contestant::start(NODE, &mut node("peers/wasm.mjs"))?, chromium(folder, "page.js")?];
    let start_peers: [(&str, &dyn Fn() -> Result<Contestant>); 3] = [
        (EXCHANGELIB, &|| {
            let python = peers::python("exchangelib")?.display().to_string();
            Contestant::start(EXCHANGELIB, program(&python, &["benches/peers/exchangelib_turns.py"]).arg(folder))
        }),
        (EWS_JAVASCRIPT_API, &|| {
            peers::npm_packages()?;
            Contestant::start(EWS_JAVASCRIPT_API, &mut node("peers/ews-javascript-api.mjs"))
        }),
        (FAST_XML_PARSER, &|| {
            peers::npm_packages()?;
            Contestant::start(FAST_XML_PARSER, &mut node("peers/fast-xml-parser.mjs"))
        }),
    ];
    for (name, start) in start_peers {
        match start() {
            Ok(peer) => contestants.push(peer),
            Err(error) => println!("left out: {name}: {error:#}"),
        }
    }
    Ok(contestants)
}

/// One after the other in each round, so that a busy moment of the machine meets all of them.
fn take_turns(contestants: &mut [Contestant], rounds: usize) -> Result<Times> {
    let mut times = Times::default();
    for round in 0..WARM_UP + rounds {
        for Row { contestant, task, .. } in READING.iter().chain(BUILDING) {
            let Some(contestant) = contestants.iter_mut().find(|one| one.name == *contestant) else { continue };
            let milliseconds = contestant.take_turn(task)?;
            if round >= WARM_UP {
                times.add(contestant.name, task, milliseconds);
            }
        }
    }
    Ok(times)
}

/// Who they were, and what the first time took: a person waits for that one.
fn print_contestants(contestants: &[Contestant]) {
    println!("\n{:<46} {:>8} {:>9}", "the first time in a new process, in ms", "reading", "building");
    for Contestant { name, hello, .. } in contestants.iter().filter(|contestant| !contestant.hello.version.is_empty()) {
        let first = |task| hello.first.get(task).map_or_else(|| "-".to_owned(), |time| format!("{time:.0}"));
        println!("{:<46} {:>8} {:>9}", format!("{name} {}", hello.version), first("read"), first("write"));
    }
    println!("(crate ews gets two categories of an item as one: it cannot read two; see benches/src/data.rs)");
}

fn print_memory(bench_memory: &str) -> Result<()> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Peak {
        items: usize,
        bytes: u64,
        ours: u64,
        crate_ews: u64,
    }
    let peaks: Vec<Peak> = serde_json::from_str(&output(&mut program(bench_memory, &[]))?)
        .context("bench-memory printed another shape than expected")?;
    println!("\n{:<34} {:>12} {:>12} {:>12}", "peak memory of reading, in kB", "the answer", "our reader", "crate ews");
    for Peak { items, bytes, ours, crate_ews } in peaks {
        let [bytes, ours, crate_ews] = [bytes, ours, crate_ews].map(|bytes| bytes / 1_000);
        println!("{:<34} {bytes:>12} {ours:>12} {crate_ews:>12}", format!("{items} items"));
    }
    Ok(())
}
