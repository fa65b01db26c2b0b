//! What a whole run costs: against vdirsyncer, by how much is linked, and when everything must be read anew.
//!
//! Runs are programs of their own, from their start to their end, so that their memory can be compared. Each round has
//! everybody begin with empty folders.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::contestant::Contestant;
use super::table::{Aim, Row, Times};
use super::{CHROMIUM, NATIVE, Options, binary, chromium, peers};
use crate::process::{output, program, run};

/// How many events are synchronised, and every how manieth of them is renamed afterwards.
const EVENTS: usize = 10_000;
const EVERY: usize = 100;

/// How many links an idle run has, to show that it does not matter.
const FEW: usize = 1_000;
const MANY: usize = 100_000;

const OURS: &str = "ours";
const VDIRSYNCER: &str = "vdirsyncer";

#[rustfmt::skip]
const AGAINST_VDIRSYNCER: &[Row] = &[
    Row::new(OURS,       "first",   "first sync, ours"),
    Row::new(VDIRSYNCER, "first",   "first sync, vdirsyncer").over(OURS, "first", "ours", Aim::AtLeast(1.0)),
    Row::new(OURS,       "idle",    "nothing changed, ours"),
    Row::new(VDIRSYNCER, "idle",    "nothing changed, vdirsyncer").over(OURS, "idle", "ours", Aim::AtLeast(20.0)),
    Row::new(OURS,       "changed", "1 % changed, ours"),
    Row::new(VDIRSYNCER, "changed", "1 % changed, vdirsyncer").over(OURS, "changed", "ours", Aim::AtLeast(20.0)),
];

#[rustfmt::skip]
const MEMORY: &[Row] = &[
    Row::new(OURS,       "first",   "first sync, ours"),
    Row::new(VDIRSYNCER, "first",   "first sync, vdirsyncer").over(OURS, "first", "ours", Aim::None),
    Row::new(OURS,       "idle",    "nothing changed, ours"),
    Row::new(VDIRSYNCER, "idle",    "nothing changed, vdirsyncer").over(OURS, "idle", "ours", Aim::AtLeast(2.0)),
    Row::new(OURS,       "changed", "1 % changed, ours"),
    Row::new(VDIRSYNCER, "changed", "1 % changed, vdirsyncer").over(OURS, "changed", "ours", Aim::AtLeast(2.0)),
];

#[rustfmt::skip]
const IDLE: &[Row] = &[
    Row::new(OURS, "few",  "1,000 links"),
    Row::new(OURS, "many", "100,000 links").over(OURS, "few", "1,000 links", Aim::AtMost(1.5)),
];

#[rustfmt::skip]
const RECHECK: &[Row] = &[
    Row::new(NATIVE,   "recheck", "native"),
    Row::new(CHROMIUM, "recheck", "Chromium: in Wasm, as shipped").over(NATIVE, "recheck", "native", Aim::AtMost(3.0)),
];

/// Measures, and prints the tables.
///
/// # Errors
/// When a run of ours fails, or does something else than it should.
pub fn measure(binaries: &[PathBuf], folder: &Path, options: &Options) -> Result<()> {
    let sync = Sync { program: binary(binaries, "bench-sync")?, folder: folder.join("runs") };
    let rounds = options.rounds.div_ceil(3);
    println!("\nwhole runs; medians of {rounds} rounds, and the middle 80 % of them");
    against_vdirsyncer(&sync, options)?.print(rounds);
    idle(&sync, rounds)?.print("a run with nothing to do", "ms", IDLE);
    println!(
        "(1 call to Blikk, 1 to Exchange and 1 of the store, no write, of both; from the program's start to its end)"
    );
    recheck(&binary(binaries, "bench-recheck")?, folder, options)
}

/// Our runs, each a program between the calendars and the state of a folder.
struct Sync {
    program: String,
    folder: PathBuf,
}

/// What a run of ours says of itself.
#[derive(Deserialize)]
struct Done {
    /// To Blikk, to Exchange, of the store.
    calls: [u32; 3],
    commits: u32,
    written: usize,
    /// Its peak of memory.
    kibibytes: u32,
}

impl Sync {
    fn command(&self, verb: &str, number: Option<usize>) -> Command {
        let mut command = program(&self.program, &[verb]);
        command.arg(&self.folder).args(number.map(|number| number.to_string()));
        command
    }

    /// An empty folder in place of what was there.
    fn begin_anew(&self) -> Result<()> {
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder)?;
        }
        std::fs::create_dir_all(&self.folder).with_context(|| format!("making {}", self.folder.display()))
    }

    fn arrange(&self, verb: &str, number: usize) -> Result<()> {
        output(&mut self.command(verb, Some(number))).map(drop)
    }

    /// A run that must write so many events.
    fn run(&self, written: usize) -> Result<(Measured, Done)> {
        let mut measured = measured(&mut self.command("run", None))?;
        let done: Done = serde_json::from_str(&measured.said).context("bench-sync said something else")?;
        measured.mebibytes = measured.mebibytes.max(f64::from(done.kibibytes) / 1_024.0);
        ensure!(done.written == written, "a run of ours wrote {} events, not {written}", done.written);
        Ok((measured, done))
    }

    /// As a turn of the other contestants: as often as 100 ms allow, and the one in the middle.
    fn idle_run(&self) -> Result<Measured> {
        let (begun, mut all) = (Instant::now(), Vec::new());
        while all.is_empty() || begun.elapsed() < Duration::from_millis(100) {
            let (measured, done) = self.run(0)?;
            ensure!(done.calls == [1, 1, 1] && done.commits == 0, "an idle run made calls {:?}", done.calls);
            all.push(measured);
        }
        all.sort_by(|a, b| a.milliseconds.total_cmp(&b.milliseconds));
        Ok(all.swap_remove(all.len() / 2))
    }
}

/// Times and memory of the same runs.
#[derive(Default)]
struct Both {
    times: Times,
    memory: Times,
}

impl Both {
    fn add(&mut self, contestant: &'static str, task: &'static str, measured: &Measured) {
        self.times.add(contestant, task, measured.milliseconds);
        self.memory.add(contestant, task, measured.mebibytes);
    }

    fn print(&self, rounds: usize) {
        self.times.print(&format!("{EVENTS} events, {rounds} rounds"), "ms", AGAINST_VDIRSYNCER);
        self.memory.print("peak memory of all its processes", "MiB", MEMORY);
    }
}

fn against_vdirsyncer(sync: &Sync, options: &Options) -> Result<Both> {
    let theirs = if options.native { None } else { vdirsyncer(sync) };
    let mut both = Both::default();
    for _ in 0..options.rounds.div_ceil(3) {
        sync.begin_anew()?;
        sync.arrange("fill", EVENTS)?;
        if let Some(theirs) = &theirs {
            theirs.discover()?;
        }
        let mut all_take_a_turn = |task, ours: &dyn Fn() -> Result<Measured>| -> Result<()> {
            both.add(OURS, task, &ours()?);
            if let Some(theirs) = &theirs {
                both.add(VDIRSYNCER, task, &measured(&mut theirs.command("sync"))?);
            }
            Ok(())
        };
        all_take_a_turn("first", &|| Ok(sync.run(EVENTS)?.0))?;
        all_take_a_turn("idle", &|| sync.idle_run())?;
        sync.arrange("rename", EVERY)?;
        all_take_a_turn("changed", &|| Ok(sync.run(EVENTS / EVERY)?.0))?;
        if let Some(theirs) = &theirs {
            theirs.assert_same()?;
        }
    }
    Ok(both)
}

/// vdirsyncer between two folders.
struct Vdirsyncer {
    python: String,
    folder: PathBuf,
}

fn vdirsyncer(sync: &Sync) -> Option<Vdirsyncer> {
    match peers::python("vdirsyncer") {
        Ok(python) => Some(Vdirsyncer { python: python.display().to_string(), folder: sync.folder.join("vdir") }),
        Err(error) => {
            println!("left out: vdirsyncer: {error:#}");
            None
        }
    }
}

impl Vdirsyncer {
    /// It says nothing of what it does: a line for each of ten thousand events would be its terminal's time.
    fn command(&self, verb: &str) -> Command {
        let mut command = program(&self.python, &["-m", "vdirsyncer", "--verbosity", "ERROR", "--config"]);
        command.arg(self.folder.join("config")).arg(verb);
        command
    }

    fn discover(&self) -> Result<()> {
        let folder = self.folder.display();
        let side =
            |name| format!("[storage {name}]\ntype = \"filesystem\"\npath = \"{folder}/{name}\"\nfileext = \".ics\"\n");
        let config = format!(
            "[general]\nstatus_path = \"{folder}/status\"\n[pair ab]\na = \"a\"\nb = \"b\"\ncollections = null\n{}{}",
            side("a"),
            side("b")
        );
        std::fs::create_dir_all(self.folder.join("b"))?;
        std::fs::write(self.folder.join("config"), config)?;
        run(self.command("discover").stdin(Stdio::null()).stdout(Stdio::null()))
    }

    /// That it did what it should.
    fn assert_same(&self) -> Result<()> {
        let read = |side: &str| -> Result<std::collections::BTreeSet<Vec<u8>>> {
            let files = std::fs::read_dir(self.folder.join(side))?;
            files.map(|file| Ok(std::fs::read(file?.path())?)).collect()
        };
        let (a, b) = (read("a")?, read("b")?);
        ensure!(a == b && a.len() == EVENTS, "vdirsyncer left {} files and {}", a.len(), b.len());
        Ok(())
    }
}

fn idle(sync: &Sync, rounds: usize) -> Result<Times> {
    let mut times = Times::default();
    let sizes = [("few", FEW), ("many", MANY)];
    let of = |task| Sync { program: sync.program.clone(), folder: sync.folder.with_file_name(task) };
    for (task, links) in sizes {
        of(task).begin_anew()?;
        of(task).arrange("link", links)?;
    }
    for _ in 0..rounds {
        for (task, _) in sizes {
            times.add(OURS, task, of(task).idle_run()?.milliseconds);
        }
    }
    Ok(times)
}

fn recheck(bench_recheck: &str, folder: &Path, options: &Options) -> Result<()> {
    // The first, because it stores the index for the other.
    let mut contestants = vec![Contestant::start(NATIVE, program(bench_recheck, &[]).arg(folder))?];
    if !options.native {
        contestants.push(chromium(folder, "recheck.js")?);
    }
    let mut times = Times::default();
    for round in 0..=options.rounds.div_ceil(3) {
        for contestant in &mut contestants {
            let milliseconds = contestant.take_turn("recheck")?;
            // The first turn warms up.
            if round > 0 {
                times.add(contestant.name, "recheck", milliseconds);
            }
        }
    }
    times.print("everything read anew, 100,000 links", "ms", RECHECK);
    for contestant in contestants.iter_mut().filter(|one| one.name == CHROMIUM) {
        let mebibytes = contestant.take_turn("mebibytes")?;
        let missed = if mebibytes < 200.0 { "" } else { ": MISSED" };
        println!("(memory of the Wasm: {mebibytes:.0} MiB; aim: less than 200{missed})");
    }
    Ok(())
}

/// What a program took from its start to its end.
struct Measured {
    milliseconds: f64,
    /// Of it and of all that it started, added up.
    mebibytes: f64,
    said: String,
}

fn measured(command: &mut Command) -> Result<Measured> {
    let started = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start a run")?;
    let (pid, has_ended) = (child.id(), AtomicBool::new(false));
    let (ended, kibibytes) = std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut most = 0;
            while !has_ended.load(Ordering::Relaxed) {
                most = most.max(kibibytes_of(pid));
                std::thread::sleep(Duration::from_micros(500));
            }
            most
        });
        let ended = child.wait_with_output().map(|output| (started.elapsed(), output));
        has_ended.store(true, Ordering::Relaxed);
        (ended, watch.join().unwrap_or_default())
    });
    let (elapsed, output) = ended?;
    ensure!(output.status.success(), "a run failed ({})", output.status);
    Ok(Measured {
        milliseconds: elapsed.as_secs_f64() * 1_000.0,
        mebibytes: kibibytes as f64 / 1_024.0,
        said: String::from_utf8(output.stdout)?,
    })
}

/// The most that a process had in memory so far (VmHWM), and each of its children. 0 where there is no /proc, and of a
/// process that has ended.
fn kibibytes_of(pid: u32) -> u64 {
    let read = |file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let status = read("status");
    let own = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
    let children = read(&format!("task/{pid}/children"));
    own.unwrap_or(0u64) + children.split_whitespace().filter_map(|pid| pid.parse().ok()).map(kibibytes_of).sum::<u64>()
}
