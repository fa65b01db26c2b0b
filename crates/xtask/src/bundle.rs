//! `cargo xtask bundle`: from Rust and TypeScript to what a host page embeds.
//!
//! cargo -> wasm-bindgen -> wasm-opt -> Vite -> compressed copies. cargo knows itself what is up to date; of the
//! rest, a step is left out when its result is younger than all that it is made of.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{built_files, npm, program, repository, run};
use crate::{files, setup};

/// What a host page loads.
const PLUGIN: &str = "www/dist/plugin";

/// Where the page's source finds the Wasm and its JavaScript face.
const PACKAGE: &str = "www/src/generated/pkg";

/// Where the page "Prova motorn" finds the simulation: no part of the plugin, and loaded by nothing of it.
const SIMULATION: &str = "www/src/generated/simulation";

/// What Vite reads, in www/.
const SOURCES: [&str; 6] = ["src", "pages", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json"];

/// Builds www/dist/plugin and www/dist/pages, and prints what the plugin weighs.
///
/// # Errors
/// When a step fails; its own words are on the console.
pub fn run_and_print() -> Result<()> {
    build()?;
    println!("{:<44} {:>9} {:>9} {:>9}", "bytes", "raw", "gzip", "brotli");
    let sizes = sizes()?;
    let total = Size {
        file: "together".to_owned(),
        raw: sizes.iter().map(|size| size.raw).sum(),
        gzip: sizes.iter().map(|size| size.gzip).sum(),
        brotli: sizes.iter().map(|size| size.brotli).sum(),
    };
    for Size { file, raw, gzip, brotli } in sizes.iter().chain([&total]) {
        println!("{file:<44} {raw:>9} {gzip:>9} {brotli:>9}");
    }
    Ok(())
}

/// Builds www/dist/plugin and www/dist/pages.
///
/// # Errors
/// When a step fails.
pub fn build() -> Result<()> {
    setup::wasm_target()?;
    setup::npm_packages()?;
    package("blikk-calendar-sync", &repository().join(PACKAGE))?;
    package_for("simulation", &repository().join(SIMULATION), Wish::Fast)?;
    pages()
}

/// What matters of a module.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Small,
    Fast,
}

/// Compiles a crate for the browser, as it is shipped, and writes it with its JavaScript and TypeScript face to
/// `folder`.
///
/// # Errors
/// When a step fails.
pub fn package(name: &str, folder: &Path) -> Result<()> {
    package_for(name, folder, Wish::Small)
}

fn package_for(name: &str, folder: &Path, wish: Wish) -> Result<()> {
    // As a cdylib alone: beside an rlib, cargo leaves out the optimisation over all crates.
    let arguments = ["--package", name, "--lib", "--crate-type", "cdylib", "--target", "wasm32-unknown-unknown"];
    let stem = name.replace('-', "_");
    let (profile, optimisation) = match wish {
        Wish::Small => ("wasm", "-Oz"),
        Wish::Fast => ("release", "-O3"),
    };
    let compiled = built_files("rustc", &[&arguments[..], &["--profile", profile]].concat())?
        .into_iter()
        .find(|file| file.ends_with(format!("{stem}.wasm")))
        .with_context(|| format!("cargo built no Wasm file of {name}"))?;
    let wasm = format!("{stem}_bg.wasm");
    if files::modified(&folder.join(&wasm))? < files::modified(&compiled)? {
        // Made aside, so that nobody ever finds half of it: a failed step, or two commands at the same time.
        let aside = repository().join(format!("target/xtask/{stem}.{}", std::process::id()));
        let mut bindgen = Bindgen::new();
        bindgen.input_path(&compiled).web(true)?.typescript(true).omit_default_module_path(false).generate(&aside)?;
        optimise(&aside.join(&wasm), optimisation)?;
        std::fs::create_dir_all(folder)?;
        for file in files::below(&aside)? {
            let name = file.file_name().with_context(|| format!("{} has no name", file.display()))?;
            std::fs::rename(&file, folder.join(name)).with_context(|| format!("moving {}", file.display()))?;
        }
        std::fs::remove_dir(&aside)?;
    }
    Ok(())
}

/// wasm-opt, from the npm package binaryen: it takes a good tenth off the compiler's code, and all the names.
fn optimise(wasm: &Path, optimisation: &str) -> Result<()> {
    let wasm_opt = repository().join("www/node_modules/.bin/wasm-opt");
    run(program(&wasm_opt.to_string_lossy(), &[optimisation]).arg(wasm).arg("-o").arg(wasm))
}

/// Vite, and the compressed copies.
fn pages() -> Result<()> {
    let www = repository().join("www");
    let mut youngest = None;
    for source in SOURCES {
        youngest = youngest.max(files::youngest(&www.join(source))?);
    }
    // The copy that is written last.
    let compressed = repository().join(PLUGIN).join("blikk-calendar-sync.js.gz");
    if files::modified(&compressed)? < youngest {
        run(&mut npm(&["run", "build", "--silent"]))?;
        let script = repository().join("crates/xtask/js/compress.mjs");
        run(program("node", &[]).arg(script).arg(repository().join(PLUGIN)))?;
    }
    Ok(())
}

/// One file of the plugin, and its compressed copies; in bytes.
pub struct Size {
    pub file: String,
    pub raw: u64,
    pub gzip: u64,
    pub brotli: u64,
}

/// What the plugin weighs, file by file.
///
/// # Errors
/// When it is not built.
pub fn sizes() -> Result<Vec<Size>> {
    let folder = repository().join(PLUGIN);
    let mut sizes = Vec::new();
    for path in files::below(&folder)? {
        let with = |extension: &str| PathBuf::from(format!("{}.{extension}", path.display()));
        let (gzip, brotli) = (with("gz"), with("br"));
        if gzip.is_file() && brotli.is_file() {
            sizes.push(Size {
                file: path.strip_prefix(&folder)?.display().to_string(),
                raw: path.metadata()?.len(),
                gzip: gzip.metadata()?.len(),
                brotli: brotli.metadata()?.len(),
            });
        }
    }
    sizes.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(sizes)
}
