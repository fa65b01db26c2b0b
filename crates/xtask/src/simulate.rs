//! `cargo xtask simulate`: the whole engine in a simulated world, seed after seed; see `crates/simulation`.

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::process::{built_files, program, run as run_program};
use crate::tally::Tally;

/// How many seeds CI plays.
const IN_CI: u64 = 20_000;

#[derive(Args)]
pub struct Options {
    /// How many seeds.
    #[arg(long, default_value_t = IN_CI)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Only every so many-th seed: 64 for those that are played on the wire.
    #[arg(long, default_value_t = 1)]
    step: u64,
    /// On how many cores; all there are, if nothing is said.
    #[arg(long)]
    jobs: Option<u64>,
    /// This seed alone: tells its story, in the shortest form that goes wrong if it does.
    #[arg(long, conflicts_with_all = ["seeds", "from", "step", "jobs"])]
    seed: Option<u64>,
    /// With `--seed`: the whole story.
    #[arg(long, requires = "seed")]
    whole: bool,
}

/// Plays.
///
/// # Errors
/// When a seed goes wrong, or the simulation does not build.
pub fn run(options: &Options) -> Result<()> {
    let mut arguments = Vec::new();
    let mut number = |name: &str, number: u64| arguments.extend([format!("--{name}"), number.to_string()]);
    match options.seed {
        Some(seed) => number("seed", seed),
        None => {
            number("seeds", options.seeds);
            number("from", options.from);
            number("step", options.step);
            options.jobs.into_iter().for_each(|jobs| number("jobs", jobs));
        }
    }
    if options.whole {
        arguments.push("--whole".to_owned());
    }
    run_program(program(&binary()?, &[]).args(arguments))
}

/// What CI plays.
///
/// # Errors
/// As [`run`].
pub fn check() -> Result<Tally> {
    let seeds = IN_CI.to_string();
    run_program(&mut program(&binary()?, &["--seeds", &seeds]))?;
    Ok(Tally::of_one(true))
}

/// Optimised: a seed takes fifty times as long otherwise.
fn binary() -> Result<String> {
    let built = built_files("build", &["--package", "simulation", "--bin", "simulation", "--release"])?;
    let name = format!("simulation{}", std::env::consts::EXE_SUFFIX);
    let binary = built.into_iter().find(|file| file.file_name().is_some_and(|file| *file == *name));
    let binary = binary.context("cargo built no simulation")?;
    ensure!(binary.is_file(), "{} is not there", binary.display());
    Ok(binary.to_string_lossy().into_owned())
}
