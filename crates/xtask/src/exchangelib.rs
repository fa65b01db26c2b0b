//! The Exchange stand-in before a client that we did not write: the Python library exchangelib.
//!
//! The stand-in and our client are by the same people, and could agree on a mistake. exchangelib has talked to real
//! servers for ten years; what `tests/exchangelib/check.py` does with it, a stand-in that merely suits us would not
//! survive.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{Guarded, built_files, follow, on_path, program, repository, run};
use crate::setup;
use crate::tally::Tally;

const CHECKS: &str = "tests/exchangelib/check.py";
const REQUIREMENTS: &str = "tests/exchangelib/requirements.txt";

/// Runs the checks in a virtual environment of its own.
///
/// # Errors
/// When the packages cannot be installed, or the stand-in does not start.
pub fn check() -> Result<Tally> {
    if on_path("python3").is_none() {
        return Ok(Tally::skipped("the stand-in before exchangelib, because Python 3 is not installed"));
    }
    if !setup::python_venv() {
        return Ok(Tally::skipped("the stand-in before exchangelib, because Python cannot make virtual environments"));
    }
    let folder = repository().join("target/xtask/exchangelib");
    std::fs::create_dir_all(&folder)?;
    let python = installed(&folder)?;
    let files = built_files("build", &["--package", "standins", "--bins"])?;
    let standins = files.iter().find(|file| file.file_name().is_some_and(|name| name == "standins"));
    let standins = standins.context("cargo built no program standins")?.display().to_string();
    let (_running, announcement) =
        Guarded::announcing(&mut program(&standins, &["--empty"]), &folder.join("standins.log"))?;

    let mut tally = Tally::default();
    let mut checks = program(&python.display().to_string(), &[CHECKS]);
    let has_succeeded = follow(checks.env("STANDINS", announcement), |line| {
        println!("{line}");
        tally.passed += u32::from(line.starts_with("ok "));
        tally.failed += u32::from(line.starts_with("FAILED "));
    })?;
    Ok(tally.with_exit(has_succeeded))
}

/// Python with the pinned packages; installed anew when the pins have changed.
fn installed(folder: &Path) -> Result<PathBuf> {
    let environment = folder.join("venv");
    let python = environment.join("bin/python");
    let pins = std::fs::read_to_string(repository().join(REQUIREMENTS)).context(REQUIREMENTS)?;
    // Written last: an installation that was broken off is no installation.
    let stamp = folder.join("installed.txt");
    if python.is_file() && std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == pins) {
        return Ok(python);
    }
    println!("installing the packages of {REQUIREMENTS}");
    let path = environment.display().to_string();
    run(&mut program("python3", &["-m", "venv", "--clear", &path]))?;
    let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS];
    run(&mut program(&python.display().to_string(), &quiet))?;
    std::fs::write(stamp, pins)?;
    Ok(python)
}
