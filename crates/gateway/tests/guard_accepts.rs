//! What the guard lets through to Exchange, and how it says it.

#[path = "support/samples.rs"]
mod samples;
#[path = "support/tree.rs"]
mod tree;

use std::process::{Command, Stdio};

use gateway::soap_guard::{Accepted, Refusal, check};
use gateway::token::Mailbox;
use samples::{MAILBOX, get_folder};

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/ews-schema/soap.xsd");

fn guard(body: impl AsRef<[u8]>) -> Result<Accepted, Refusal> {
    check(body.as_ref(), &Mailbox::parse(MAILBOX).expect("an address"))
}

#[test]
fn every_request_of_our_client_is_accepted_and_named() {
    for (operation, request) in samples::all() {
        let accepted = guard(&request).unwrap_or_else(|refusal| panic!("{operation}: {refusal}\n{request}"));
        assert_eq!(accepted.operation, operation);
    }
}

#[test]
fn what_goes_on_says_exactly_what_came_in() {
    for (operation, request) in samples::all() {
        let accepted = guard(&request).expect(operation);
        assert_eq!(tree::of(&accepted.envelope), tree::of(&request), "{operation}");
        assert_eq!(guard(&accepted.envelope).as_ref(), Ok(&accepted), "the guard's own words stay as they are");
    }
}

#[test]
fn what_goes_on_is_in_the_guards_own_words() {
    let odd =
        get_folder(MAILBOX).replace("soap:", "x:").replace(":soap=", ":x=").replace("t:", "q:").replace(":t=", ":q=");
    let accepted = guard(odd).expect("other prefixes mean the same");
    assert_eq!(accepted, guard(get_folder(MAILBOX)).expect("ours"));
    assert!(accepted.envelope.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<s:Envelope xmlns:s="));
}

#[test]
fn requests_in_and_out_are_valid_by_microsofts_schema() {
    if !std::path::Path::new(SCHEMA).exists() {
        println!("skipped: requests_in_and_out_are_valid_by_microsofts_schema because shared/ is not here");
        return;
    }
    // One run for all: xmllint takes longer to read the schema than to judge a hundred requests.
    let folder = tempfile::tempdir().expect("a folder");
    let mut xmllint = Command::new("xmllint");
    xmllint.args(["--noout", "--nonet", "--schema", SCHEMA]).stderr(Stdio::piped());
    for (number, (operation, request)) in samples::all().into_iter().enumerate() {
        let out = guard(&request).expect(operation).envelope;
        for (way, xml) in [("in", request), ("out", out)] {
            let file = folder.path().join(format!("{number}-{operation}-{way}.xml"));
            std::fs::write(&file, xml).expect("written");
            xmllint.arg(file);
        }
    }
    let output = xmllint.output().expect("xmllint is installed (libxml2-utils)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
