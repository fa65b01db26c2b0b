//! `cargo xtask setup`: what a fresh machine lacks is installed, or named in one sentence.
//!
//! Every other command calls what it needs from here first. All of it looks before it acts, so that it costs
//! milliseconds on a machine where everything is in place.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use anyhow::{Result, bail};

use crate::process::{npm, on_path, output, program, repository, run};

const WASM: &str = "wasm32-unknown-unknown";

/// The oldest Node that Vite runs on.
const NODE: (u32, u32) = (20, 19);

/// All that any command needs.
///
/// # Errors
/// One sentence that says what to install by hand.
pub fn everything() -> Result<()> {
    wasm_target()?;
    npm_packages()?;
    browser()?;
    xmllint();
    println!("everything is in place");
    Ok(())
}

/// Rust's standard library for WebAssembly.
///
/// # Errors
/// When it is missing and there is no rustup.
pub fn wasm_target() -> Result<()> {
    let library = output(&mut program("rustc", &["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    if on_path("rustup").is_none() {
        bail!("Rust's library for {WASM} is missing: install Rust with rustup (https://rustup.rs), then try again");
    }
    println!("installing Rust's target {WASM}");
    run(&mut program("rustup", &["target", "add", WASM]))
}

/// Node, and what www/package-lock.json names.
///
/// # Errors
/// When Node is missing or too old, or npm fails.
pub fn npm_packages() -> Result<()> {
    node()?;
    let www = repository().join("www");
    // npm writes the second file at the end of each installation.
    let installed = modified(&www.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&www.join("package-lock.json")) {
        return Ok(());
    }
    println!("installing npm packages in www/");
    run(&mut npm(&["ci", "--no-audit", "--no-fund"]))
}

fn node() -> Result<()> {
    let (major, minor) = NODE;
    let wanted = format!("Node {major}.{minor} or newer");
    if on_path("node").is_none() || on_path("npm").is_none() {
        bail!("{wanted} and npm are missing: install them (https://nodejs.org), then try again");
    }
    let version = output(&mut program("node", &["--version"]))?;
    if !is_at_least(version.trim(), NODE) {
        bail!("{wanted} is needed, and `node` is {}: install a newer one, then try again", version.trim());
    }
    Ok(())
}

fn is_at_least(version: &str, (major, minor): (u32, u32)) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|number| number.parse::<u32>().ok());
    numbers.next().zip(numbers.next()).is_some_and(|found| found >= (major, minor))
}

/// Chromium and the driver that steers it.
///
/// # Errors
/// When they are missing and cannot be installed from here.
pub fn browser() -> Result<()> {
    let is_there = || on_path("chromium").is_some() && on_path("chromedriver").is_some();
    // The fonts are for people who look at the pictures: å, ä, ö and emoji.
    if !is_there() {
        install(&["chromium", "chromium-driver", "fonts-liberation", "fonts-noto-color-emoji"]);
    }
    if !is_there() {
        bail!(
            "Chromium and ChromeDriver are missing: install them so that `chromium` and `chromedriver` are on the PATH, \
             then try again"
        );
    }
    Ok(())
}

/// xmllint, which checks what we send against Microsoft's schema. No command fails for want of it: whoever needs it
/// looks whether it is there.
pub fn xmllint() {
    if on_path("xmllint").is_none() {
        install(&["libxml2-utils"]);
    }
}

/// Python's own way to keep packages apart. No command fails for want of it; says whether it is there.
pub fn python_venv() -> bool {
    let is_there = || {
        let mut import = program("python3", &["-c", "import ensurepip, venv"]);
        import.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    if !is_there() {
        install(&["python3-venv"]);
    }
    is_there()
}

/// Installs Debian packages where that is possible without asking anybody for a password.
fn install(packages: &[&str]) {
    let Some(apt) = apt_get() else { return };
    println!("installing {}", packages.join(", "));
    let install = [&["install", "--yes", "--quiet", "--no-install-recommends"], packages].concat();
    // A fresh machine has no package lists.
    for step in [&["update", "--quiet"], install.as_slice()] {
        if let Err(error) = run(&mut command(&apt, step)) {
            println!("{error:#}");
        }
    }
}

fn apt_get() -> Option<Vec<&'static str>> {
    on_path("apt-get")?;
    let is_root = output(&mut program("id", &["-u"])).is_ok_and(|id| id.trim() == "0");
    if is_root {
        return Some(vec!["apt-get"]);
    }
    let may_sudo = on_path("sudo").is_some()
        && program("sudo", &["--non-interactive", "true"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
    may_sudo.then(|| vec!["sudo", "--non-interactive", "apt-get"])
}

fn command(words: &[&str], arguments: &[&str]) -> Command {
    let mut command = program(words[0], &words[1..]);
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn modified(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|metadata| metadata.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_are_compared_as_numbers() {
        for (version, is_enough) in [
            ("v20.20.2", true),
            ("v20.19.0", true),
            ("v20.9.0", false),
            ("v18.20.1", false),
            ("v22.1.0", true),
            ("", false),
        ] {
            assert_eq!(is_at_least(version, NODE), is_enough, "{version:?}");
        }
    }
}
