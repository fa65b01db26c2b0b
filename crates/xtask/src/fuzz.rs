//! `cargo xtask fuzz`: coverage-guided fuzzing of everything that reads text from outside, one target after another.
//!
//! The fuzzer begins with what `tests/fuzz_corpus/` remembers and, for answers, with Exchange's recorded ones where
//! those lie beside the repository. What it finds goes to `target/xtask/fuzz/`: new inputs to `corpus/`, which the next
//! run begins with, and an input that panics, hangs or eats memory to `found/`, which fails the command.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use clap::Args;

use crate::process::{program, repository, run as run_program};

/// The tool's version. It is no dependency of ours, so no Cargo.lock pins it.
const CARGO_FUZZ: &str = "0.13.2";

const TARGETS: [&str; 2] = ["rrule", "response"];

#[derive(Args)]
pub struct Options {
    /// Only these: rrule, response.
    targets: Vec<String>,
    /// How long each is fuzzed.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    minutes: u32,
}

/// Fuzzes.
///
/// # Errors
/// When something was found, or the fuzzer does not build.
pub fn run(options: &Options) -> Result<()> {
    for name in &options.targets {
        ensure!(TARGETS.contains(&name.as_str()), "there is no fuzz target `{name}`");
    }
    let tool = cargo_fuzz()?;
    let is_wanted = |name: &&str| options.targets.is_empty() || options.targets.iter().any(|wanted| wanted == name);
    for target in TARGETS.iter().filter(|name| is_wanted(name)) {
        fuzz(&tool, target, options.minutes)?;
    }
    Ok(())
}

fn fuzz(tool: &Path, target: &str, minutes: u32) -> Result<()> {
    let folder = repository().join("target/xtask/fuzz");
    let (grown, found) = (folder.join("corpus").join(target), folder.join("found").join(target));
    std::fs::create_dir_all(&grown)?;
    std::fs::create_dir_all(&found)?;
    let mut command = program(&tool.to_string_lossy(), &["run", target, "--target-dir"]);
    command.arg(folder.join("target")).arg("--fuzz-dir").arg(repository().join("fuzz"));
    // Safe Rust needs no address sanitizer; without it, the memory that is measured is the reader's own.
    command.args(["--sanitizer", "none"]).arg(&grown).arg(repository().join("tests/fuzz_corpus").join(target));
    if target == "response" {
        command.args(sample_folders());
    }
    command.args(["--", &format!("-max_total_time={}", 60 * minutes), "-print_final_stats=1"]);
    command.args(["-max_len=16384", "-timeout=5", "-rss_limit_mb=512"]);
    command.arg(format!("-artifact_prefix={}/", found.display()));
    // The instrumentation is an unstable option of the compiler, and ours is a stable one.
    run_program(command.env("RUSTC_BOOTSTRAP", "1"))
}

/// The fuzzer reads each folder by itself, not those below it.
fn sample_folders() -> Vec<PathBuf> {
    let samples = repository().join("../shared/ews-samples");
    let entries = std::fs::read_dir(samples).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn cargo_fuzz() -> Result<PathBuf> {
    let root = repository().join("target/xtask/tools");
    println!("installing cargo-fuzz {CARGO_FUZZ}, if it is not there");
    // Cargo looks for itself whether this version is in place.
    let version = ["--version", CARGO_FUZZ];
    run_program(program("cargo", &["install", "cargo-fuzz", "--locked", "--root"]).arg(&root).args(version))?;
    Ok(root.join("bin/cargo-fuzz"))
}
