//! Runs Playwright and reads its JSON report, which says more exactly than the console what was run.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process::{follow, on_path};
use crate::tally::Tally;

/// Runs `command` (an npm script that ends in `playwright test`) and counts. The report is written to `report`.
///
/// # Errors
/// When Playwright cannot be started. Failed tests are no error but a count.
pub fn run(command: &mut Command, report: &Path) -> Result<Tally> {
    if let Some(folder) = report.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // The report of an earlier run must not speak for this one.
    let _ = std::fs::remove_file(report);
    command.args(["--", "--reporter=list,json"]).env("PLAYWRIGHT_JSON_OUTPUT_FILE", report);
    // Where both configurations look for the system's browser; Playwright's own cannot be downloaded everywhere.
    if let Some(chromium) = on_path("chromium") {
        command.env("CHROMIUM", chromium);
    }
    let has_succeeded = follow(command, |line| println!("{line}"))?;
    let tally = match std::fs::read_to_string(report) {
        Ok(json) => count(&json)?,
        Err(_) => Tally::default(),
    };
    Ok(tally.with_exit(has_succeeded))
}

#[derive(Deserialize)]
struct Report {
    suites: Vec<Suite>,
}

#[derive(Deserialize)]
struct Suite {
    #[serde(default)]
    suites: Vec<Suite>,
    #[serde(default)]
    specs: Vec<Spec>,
}

#[derive(Deserialize)]
struct Spec {
    title: String,
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    /// `expected`, `unexpected`, `flaky` or `skipped`.
    status: String,
}

fn count(json: &str) -> Result<Tally> {
    let report: Report = serde_json::from_str(json).context("Playwright's report has another shape than expected")?;
    let mut tally = Tally::default();
    report.suites.iter().for_each(|suite| add(suite, &mut tally));
    Ok(tally)
}

fn add(suite: &Suite, tally: &mut Tally) {
    for spec in &suite.specs {
        for test in &spec.tests {
            match test.status.as_str() {
                "expected" => tally.passed += 1,
                "skipped" => tally.skipped.push(spec.title.clone()),
                // A test that passes at the second try has failed once, and a person should look at it.
                _ => tally.failed += 1,
            }
        }
    }
    suite.suites.iter().for_each(|suite| add(suite, tally));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_suites_are_counted_and_a_flaky_test_has_failed() {
        let json = r#"{"suites":[{"title":"page.spec.ts",
            "specs":[{"title":"a","tests":[{"status":"expected"}]},{"title":"b","tests":[{"status":"flaky"}]}],
            "suites":[{"specs":[{"title":"c","tests":[{"status":"skipped"}]}]}]}]}"#;
        let tally = count(json).unwrap();
        assert_eq!((tally.passed, tally.failed, tally.skipped), (1, 1, vec!["c".to_owned()]));
    }
}
