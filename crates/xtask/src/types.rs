//! `cargo xtask types`: the page's types are the core's types, written once, in Rust.
//!
//! The declarations come from an example of the core (`examples/typescript.rs`, with ts-rs behind the feature
//! `types`), not from a dependency of this crate: a core that does not compile must not take the commands with it.

use anyhow::{Context, Result, bail};

use crate::process::{output, program, repository};

const FILE: &str = "www/src/generated/core.ts";

/// Writes the file, if it changes.
///
/// # Errors
/// When the core does not compile or the file cannot be written.
pub fn write() -> Result<()> {
    let declarations = declarations()?;
    if committed().as_deref() != Some(declarations.as_str()) {
        let file = repository().join(FILE);
        std::fs::create_dir_all(file.parent().context("the file lies in a folder")?)?;
        std::fs::write(&file, declarations).with_context(|| format!("writing {FILE}"))?;
        println!("wrote {FILE}");
    }
    Ok(())
}

/// Fails when the file in the repository is not what the Rust types say.
///
/// # Errors
/// Then, and when the core does not compile.
pub fn check() -> Result<()> {
    if committed() != Some(declarations()?) {
        bail!("{FILE} is not what the Rust types say: run `cargo xtask types` and commit the file");
    }
    println!("{FILE} is what the Rust types say");
    Ok(())
}

fn committed() -> Option<String> {
    std::fs::read_to_string(repository().join(FILE)).ok()
}

fn declarations() -> Result<String> {
    let example =
        ["run", "--quiet", "--package", "blikk-calendar-sync", "--features", "types", "--example", "typescript"];
    output(&mut program("cargo", &example))
}
