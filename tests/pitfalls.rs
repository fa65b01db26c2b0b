//! Each pitfall that users of other systems fell into (`shared/pitfalls.md`) has a test that carries its number.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/numbers.rs"]
mod numbers;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use numbers::{names_in, names_of_functions};

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
    for number in names_of_functions().iter().flat_map(|name| numbers_of(name)) {
        missing.remove(&number);
    }
    let later: BTreeSet<String> = LATER.iter().map(|(number, _)| (*number).to_owned()).collect();
    assert_eq!(missing, later, "left: pitfalls without a test; right: those that come later");
}

#[test]
fn a_test_may_carry_several_numbers() {
    let text =
        "#[test]\nfn r03_r20_dates_survive() {}\n// r07_\nfn r7_no() {}\n    async fn r12_waits() {}\nfn r123_no() {}";
    let numbers: Vec<String> = names_in(text).iter().flat_map(|name| numbers_of(name)).collect();
    assert_eq!(numbers, ["r03", "r20", "r12"]);
}

/// `r07`
fn is_number(word: &str) -> bool {
    matches!(word.as_bytes(), [b'r', tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit())
}

/// The numbers with which the name of a function begins.
fn numbers_of(name: &str) -> Vec<String> {
    name.split('_').take_while(|word| is_number(word)).map(str::to_owned).collect()
}
