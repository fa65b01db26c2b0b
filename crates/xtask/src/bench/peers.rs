//! Installing those whom we are measured against, at the versions that `benches/peers` pins.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::files::modified;
use crate::process::{on_path, program, repository, run};

/// A Python that has the peer of that name, in an environment of its own under target/.
///
/// # Errors
/// When there is no Python, or a package cannot be had.
pub fn python(peer: &str) -> Result<PathBuf> {
    let environment = repository().join("target/xtask/bench").join(peer);
    let python = environment.join("bin/python");
    let list = format!("benches/peers/{peer}.txt");
    let wanted = std::fs::read_to_string(repository().join(&list))?;
    // Written at the end of each installation.
    let installed = environment.join("requirements.txt");
    if std::fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    ensure!(on_path("python3").is_some(), "Python 3 is missing");
    println!("installing {peer}");
    run(program("python3", &["-m", "venv", "--clear"]).arg(&environment))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
    run(program(&python.to_string_lossy(), &install).args(["--requirement", &list]))?;
    std::fs::write(installed, wanted)?;
    Ok(python)
}

/// What benches/peers/package-lock.json names.
///
/// # Errors
/// When npm fails.
pub fn npm_packages() -> Result<()> {
    let folder = Path::new("benches/peers");
    // npm writes the second file at the end of each installation.
    let installed = modified(&repository().join(folder).join("node_modules/.package-lock.json"))?;
    if installed.is_some() && installed >= modified(&repository().join(folder).join("package-lock.json"))? {
        return Ok(());
    }
    println!("installing npm packages in {}", folder.display());
    run(program("npm", &["ci"]).current_dir(repository().join(folder))).context("npm ci")
}
