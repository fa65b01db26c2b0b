//! The words of Blikk's contract, and Exchange's for the same.

use super::Wrong;

type Words = &'static [(&'static str, &'static str)];

pub const STATUS: Words = &[
    ("free", "Free"),
    ("tentative", "Tentative"),
    ("busy", "Busy"),
    ("outOfOffice", "OOF"),
    ("workingElsewhere", "WorkingElsewhere"),
];

pub const VISIBILITY: Words =
    &[("normal", "Normal"), ("personal", "Personal"), ("private", "Private"), ("confidential", "Confidential")];

pub const IMPORTANCE: Words = &[("low", "Low"), ("normal", "Normal"), ("high", "High")];

pub const ANSWER: Words = &[
    ("notAnswered", "NoResponseReceived"),
    ("accepted", "Accept"),
    ("declined", "Decline"),
    ("tentative", "Tentative"),
    ("organizer", "Organizer"),
];

/// # Errors
/// A sentence, for a word that is none of them.
pub fn theirs(words: Words, word: &str) -> Result<String, Wrong> {
    let found = words.iter().find(|(ours, _)| *ours == word).map(|(_, theirs)| (*theirs).to_owned());
    found.ok_or_else(|| format!("{word} is not one of the values."))
}

pub fn ours(words: Words, theirs: &str) -> Option<&'static str> {
    words.iter().find(|(_, value)| *value == theirs).map(|(ours, _)| *ours)
}
