//! Each pitfall that users of other systems fell into (`shared/pitfalls.md`) has a test that carries its number.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Those of which there is nothing yet to test, and why.
const LATER: [(&str, &str); 2] = [
    ("r25", "notifications: nothing is streamed yet, every run asks by itself"),
    ("r27", "Microsoft Graph: only EWS is spoken yet"),
];

#[test]
fn every_pitfall_has_a_test_with_its_number() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(list) = fs::read_to_string(root.join("../shared/pitfalls.md")) else {
        println!("skipped: every_pitfall_has_a_test_with_its_number, because shared/ is not here");
        return;
    };
    let numbers = list.lines().filter_map(|line| line.split_once(' ')).map(|(word, _)| word.to_lowercase());
    let mut missing: BTreeSet<String> = numbers.filter(|word| is_number(word)).collect();
    assert!(missing.len() >= 27, "where is the list?");
    for folder in ["src", "tests", "crates"] {
        for file in sources(&root.join(folder)) {
            let text = fs::read_to_string(&file).expect("a source is text");
            for number in numbers_of_tests(&text) {
                missing.remove(&number);
            }
        }
    }
    let later: BTreeSet<String> = LATER.iter().map(|(number, _)| (*number).to_owned()).collect();
    assert_eq!(missing, later, "left: pitfalls without a test; right: those that come later");
}

#[test]
fn a_test_may_carry_several_numbers() {
    let text =
        "#[test]\nfn r03_r20_dates_survive() {}\n// r07_\nfn r7_no() {}\n    async fn r12_waits() {}\nfn r123_no() {}";
    assert_eq!(numbers_of_tests(text), ["r03", "r20", "r12"]);
}

/// `r07`
fn is_number(word: &str) -> bool {
    matches!(word.as_bytes(), [b'r', tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit())
}

/// The numbers with which the names of functions begin.
fn numbers_of_tests(text: &str) -> Vec<String> {
    let names = text.split("fn ").skip(1);
    names.flat_map(|name| name.split('_').take_while(|word| is_number(word))).map(str::to_owned).collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the project");
    let paths = entries.map(|entry| entry.expect("an entry of it").path());
    let (folders, files): (Vec<_>, Vec<_>) = paths.partition(|path| path.is_dir());
    let files = files.into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    files.chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}
