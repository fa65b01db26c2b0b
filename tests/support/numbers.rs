//! Tests that carry the number of what once went wrong in somebody's life, in their names.

use std::fs;
use std::path::{Path, PathBuf};

/// Every name of a function in the project's sources.
pub fn names_of_functions() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["src", "tests", "crates"].iter().flat_map(|folder| sources(&root.join(folder)));
    files.flat_map(|file| names_in(&fs::read_to_string(&file).expect("a source is text"))).collect()
}

/// The names of the functions in a source.
pub fn names_in(text: &str) -> Vec<String> {
    let is_of_a_name = |letter: &char| letter.is_alphanumeric() || *letter == '_';
    let names = text.split("fn ").skip(1).map(|rest| rest.chars().take_while(is_of_a_name).collect::<String>());
    names.filter(|name| !name.is_empty()).collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the project");
    let paths = entries.map(|entry| entry.expect("an entry of it").path());
    let (folders, files): (Vec<_>, Vec<_>) = paths.partition(|path| path.is_dir());
    let files = files.into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    files.chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}
