//! Checks the requests that the tests really sent against Microsoft's schema of EWS.
//!
//! The Exchange stand-in keeps a copy of each request that reaches it (`RECORD_REQUESTS`). Exchange cares about the
//! order of elements, so a request that our own reader understands may still be one that Exchange refuses. The schema
//! lies beside the repository, in `../shared`; xmllint is libxml2's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::files;
use crate::process::{on_path, program, repository};
use crate::tally::Tally;

/// Reading the schema costs xmllint 0.2 s, a request next to nothing: many files to a call.
const FILES_PER_CALL: usize = 400;

/// Validates each recorded request below `recorded`. Counts operations, not requests: a thousand equal ones show no
/// more than one, and the total is for people.
///
/// # Errors
/// When the recordings cannot be read or xmllint cannot be started.
pub fn check(recorded: &Path) -> Result<Tally> {
    let schema = repository().join("../shared/ews-schema/soap.xsd");
    if !schema.is_file() {
        return Ok(Tally::skipped("requests against Microsoft's schema, because shared/ews-schema is not here"));
    }
    if on_path("xmllint").is_none() {
        return Ok(Tally::skipped("requests against Microsoft's schema, because xmllint is not installed"));
    }
    let requests = requests(recorded)?;
    if requests.is_empty() {
        println!("no request was recorded in {}", recorded.display());
        return Ok(Tally::of_one(false));
    }
    let mut operations: BTreeMap<String, Counts> = BTreeMap::new();
    for files in requests.chunks(FILES_PER_CALL) {
        let xmllint = xmllint(&schema, files)?;
        for file in files {
            let counts = operations.entry(operation(&std::fs::read_to_string(file)?)).or_default();
            let is_valid = xmllint.lines().any(|line| line == format!("{} validates", file.display()));
            if is_valid {
                counts.valid += 1;
            } else {
                counts.invalid += 1;
                let prefix = file.display().to_string();
                xmllint.lines().filter(|line| line.starts_with(&prefix)).for_each(|line| println!("{line}"));
            }
        }
    }
    let mut tally = Tally::default();
    for (operation, Counts { valid, invalid }) in operations {
        println!("{operation}: {valid} valid, {invalid} invalid");
        tally += &Tally::of_one(invalid == 0);
    }
    Ok(tally)
}

#[derive(Default)]
struct Counts {
    valid: u32,
    invalid: u32,
}

fn requests(recorded: &Path) -> Result<Vec<PathBuf>> {
    let mut files = files::below(recorded)?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "xml"));
    files.sort();
    Ok(files)
}

fn xmllint(schema: &Path, files: &[PathBuf]) -> Result<String> {
    let mut command = program("xmllint", &["--noout", "--nonet", "--schema"]);
    command.arg(schema).args(files).stdout(Stdio::null());
    // It fails when a file does; which one stands in what it says.
    let output = command.output().context("cannot start xmllint")?;
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The name of the element in the SOAP body, without its prefix.
fn operation(envelope: &str) -> String {
    let name = |text: &str| -> Option<String> {
        let (_, body) = text.split_once(":Body")?;
        let (_, element) = body.split_once('<')?;
        let name = element.split([' ', '>', '/', '\n']).next()?;
        Some(name.rsplit(':').next().unwrap_or(name).to_owned())
    };
    name(envelope).unwrap_or_else(|| "(no SOAP)".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_known_by_the_element_in_its_body() {
        let envelope =
            r#"<s:Envelope><s:Header><t:RequestServerVersion/></s:Header><s:Body><m:GetItem a="b"/></s:Body>"#;
        assert_eq!(operation(envelope), "GetItem");
        assert_eq!(operation("<html>"), "(no SOAP)");
    }
}
