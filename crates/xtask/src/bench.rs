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
    print("native: bare quick-xml scan of the same bytes", &native.scan);
    print("native: our reader, to calendar items", &native.read);
    print_ratio("of the scan; aim: at most 2", &native.read, &native.scan);
    print("native: our reader, to events", &native.read_to_events);
    print_ratio("of the scan", &native.read_to_events, &native.scan);
    print(&format!("native: building CreateItem ({} kB)", native.request_bytes / 1_000), &native.write);
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
    print(&format!("Chromium {}: DOMParser", browser.version), &browser.dom_read);
    print("Chromium: our reader in Wasm, as shipped", &browser.wasm_read);
    print_ratio("of DOMParser; aim: under 1", &browser.wasm_read, &browser.dom_read);
    print("Chromium: building CreateItem in Wasm, as shipped", &browser.wasm_write);
    bundle::build()?;
    print_sizes(&bundle::sizes()?);
    Ok(())
}

fn print(what: &str, milliseconds: &[f64]) {
    let [low, median, high] = [0.1, 0.5, 0.9].map(|share| quantile(milliseconds, share));
    println!("{what:<52} {median:>7.2}   ({low:.2}-{high:.2})");
}

/// The ratio within each round, and of those the median: both contestants of a round met the same machine.
fn print_ratio(of: &str, milliseconds: &[f64], reference: &[f64]) {
    let ratios: Vec<f64> = milliseconds.iter().zip(reference).map(|(own, reference)| own / reference).collect();
    let [low, median, high] = [0.1, 0.5, 0.9].map(|share| quantile(&ratios, share));
    println!("{:<52} {median:>7.2} x ({low:.2}-{high:.2}) {of}", "");
}

fn quantile(numbers: &[f64], share: f64) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
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
    version: String,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_stands_in_the_middle_of_the_sorted_rounds() {
        assert_eq!(quantile(&[9.0, 1.0, 5.0, 3.0, 7.0], 0.5), 5.0);
        assert_eq!(quantile(&[9.0, 1.0, 5.0, 3.0, 7.0], 0.9), 9.0);
    }
}
