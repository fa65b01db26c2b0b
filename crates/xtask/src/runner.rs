//! `cargo xtask runner FILE.wasm`: wasm-bindgen's test runner, as a library.
//!
//! `.cargo/config.toml` names it as the runner of the wasm32 target, so `cargo test --target wasm32-unknown-unknown`
//! works by itself and nobody installs a `wasm-bindgen-cli` whose version must match.

use std::ffi::OsString;

/// Runs the tests of one Wasm file in headless Chromium.
pub fn run(arguments: Vec<OsString>) -> anyhow::Result<()> {
    let program = OsString::from("wasm-bindgen-test-runner");
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::iter::once(program).chain(arguments))
}
