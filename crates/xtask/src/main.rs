//! `cargo xtask <command>`: everything a person does with this repository besides editing it.
//!
//! Each command installs what it needs first ([`setup`]), so a fresh machine needs Rust, Node and nothing else. The
//! commands are thin: they start cargo, npm and our own servers, and read what those say. One file per command;
//! [`process`], [`files`] and [`servers`] are what they share.

mod bench;
mod bundle;
mod cargo_output;
mod demo;
mod exchangelib;
mod files;
mod fuzz;
mod playwright;
mod process;
mod runner;
mod schema;
mod servers;
mod setup;
mod simulate;
mod tally;
mod test;
mod types;
mod zones;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own commands.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start both calendars, the gateway and the pages, with demo data, until Ctrl-C.
    Demo(demo::Options),
    /// Run every test: native, browser, page, whole path, and the schema of what was sent.
    Test(test::Options),
    /// Measure reading and writing of Exchange's XML, and the size of the bundle.
    Bench(bench::Options),
    /// Play the whole engine in simulated worlds, seed after seed.
    Simulate(simulate::Options),
    /// Look for input that makes a reader panic, hang or eat memory.
    Fuzz(fuzz::Options),
    /// Build what a host page embeds: www/dist.
    Bundle,
    /// Write the page's TypeScript types from the Rust types.
    Types {
        /// Write nothing; fail when the committed file is not what the Rust types say.
        #[arg(long)]
        check: bool,
    },
    /// Write the table of Windows time zones from CLDR.
    Zones,
    /// Install what the other commands need; they do it by themselves too.
    Setup,
    /// Run one compiled Wasm test file in headless Chromium; called by `cargo test --target wasm32-unknown-unknown`.
    #[command(hide = true)]
    Runner {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<std::ffi::OsString>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo(options) => demo::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Simulate(options) => simulate::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Bundle => bundle::run_and_print(),
        Command::Types { check: true } => types::check(),
        Command::Types { check: false } => types::write(),
        Command::Zones => zones::run(),
        Command::Setup => setup::everything(),
        Command::Runner { arguments } => runner::run(arguments),
    }
}
