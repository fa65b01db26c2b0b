//! `cargo xtask bench`: what reading and writing Exchange's XML costs, natively and in the browser, and what the bundle
//! weighs; one table from one run.
//!
//! The measuring is done in `benches/`. Contestants take turns within each round; the table shows the median, and
//! between which times the middle 80 % of the rounds lay.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::Deserialize;

use crate::bundle::{self, Size};
use crate::process::{on_path, output, program, repository};
use crate::setup;

#[derive(Args)]
pub struct Options {
    /// Leave out the browser and the bundle.
    #[arg(long)]
    native: bool,
}

/// Measures, and prints the table.
///
/// # Errors
/// When something does not build, or the contestants read different things.
pub fn run(options: &Options) -> Result<()> {
    let folder = repository().join("target/xtask/bench");
    std::fs::create_dir_all(&folder)?;
    let native = native(&folder)?;
    let each = native.bytes / native.items;
    println!("\n{} items of {each} bytes; median in ms, and the middle 80 % of the rounds\n", native.items);
    let scan = print("native: bare quick-xml scan of the same bytes", &native.scan, None);
    print("native: our reader, to calendar items", &native.read, Some(("x the scan; aim: at most 2", scan)));
    print("native: our reader, to events", &native.read_to_events, Some(("x the scan", scan)));
    print(&format!("native: building CreateItem ({} kB)", native.request_bytes / 1_000), &native.write, None);
    if options.native {
        return Ok(());
    }
    let browser = browser(&folder)?;
    ensure!(
        native.digest == browser.wasm_digest && native.digest == browser.dom_digest,
        "the readers read different things: native {:?}, Wasm {:?}, DOM {:?}",
        native.digest,
        browser.wasm_digest,
        browser.dom_digest
    );
    let dom = print("Chromium: DOMParser and reading the same fields", &browser.dom_read, None);
    print("Chromium: our reader in Wasm, as shipped", &browser.wasm_read, Some(("x DOMParser; aim: under 1", dom)));
    print("Chromium: building CreateItem in Wasm, as shipped", &browser.wasm_write, None);
    println!("(Chromium {})", browser.browser);
    bundle::build()?;
    print_sizes(&bundle::sizes()?);
    Ok(())
}

/// Prints a row and returns its median.
fn print(what: &str, milliseconds: &[f64], reference: Option<(&str, f64)>) -> f64 {
    let mut sorted = milliseconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| {
        sorted.get((sorted.len().saturating_sub(1) as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
    };
    let median = at(0.5);
    let ratio = reference.map_or(String::new(), |(of, base)| format!("   {:.2} {of}", median / base));
    println!("{what:<52} {median:>7.2}   ({:.2}-{:.2}){ratio}", at(0.1), at(0.9));
    median
}

fn print_sizes(sizes: &[Size]) {
    println!("\n{:<52} {:>9} {:>9}", "the plugin, in bytes", "raw", "brotli");
    let sum = |kind: &str, of: fn(&Size) -> u64| -> u64 {
        sizes.iter().filter(|size| size.file.ends_with(kind)).map(of).sum()
    };
    for (name, kind) in
        [("Wasm", ".wasm"), ("JavaScript", ".js"), ("CSS", ".css"), ("together (aim: at most 150,000 brotli)", "")]
    {
        println!("{name:<52} {:>9} {:>9}", sum(kind, |size| size.raw), sum(kind, |size| size.brotli));
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Native {
    items: usize,
    bytes: usize,
    digest: Vec<u64>,
    request_bytes: usize,
    scan: Vec<f64>,
    read: Vec<f64>,
    read_to_events: Vec<f64>,
    write: Vec<f64>,
}

fn native(folder: &Path) -> Result<Native> {
    let mut bench = program("cargo", &["run", "--quiet", "--release", "--package", "bench-ews", "--"]);
    let json = output(bench.arg(folder.join("answer.xml")))?;
    serde_json::from_str(&json).context("bench-ews printed another shape than expected")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Browser {
    browser: String,
    wasm_digest: Vec<u64>,
    dom_digest: Vec<u64>,
    wasm_read: Vec<f64>,
    dom_read: Vec<f64>,
    wasm_write: Vec<f64>,
}

fn browser(folder: &Path) -> Result<Browser> {
    setup::wasm_target()?;
    setup::npm_packages()?;
    setup::browser()?;
    // The same profile and the same wasm-opt as the plugin's: what is measured is what is shipped.
    bundle::package("bench-ews", folder)?;
    let chromium = on_path("chromium").context("Chromium is not on the PATH")?;
    let mut bench = program("node", &["benches/browser.mjs"]);
    let json = output(bench.arg(folder).env("CHROMIUM", chromium))?;
    serde_json::from_str(&json).context("browser.mjs printed another shape than expected")
}
