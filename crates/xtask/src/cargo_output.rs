//! Reads what `cargo test` prints: counts, and the tests that did not test anything.
//!
//! A test that lacks its data says `skipped: <its name>, because <why>` and returns; for libtest it has passed. Run with
//! `--show-output`, libtest repeats what each passed test printed between `successes:` and the next summary, so that
//! such a test can be counted as what it is. Nobody wants to read the rest of that section: it is not echoed.

use crate::tally::Tally;

/// The state of one reading, line by line.
#[derive(Default)]
pub struct CargoOutput {
    tally: Tally,
    /// Tests that libtest counts among the passed although they tested nothing.
    only_seemingly_passed: u32,
    section: Section,
}

#[derive(Default, PartialEq)]
enum Section {
    #[default]
    Results,
    /// In what passed tests printed; whether the test at hand has said that it skips.
    Successes { has_skipped: bool },
}

impl CargoOutput {
    /// Takes a line in; says whether a person wants to see it.
    pub fn line(&mut self, line: &str) -> bool {
        if line == "successes:" {
            self.section = Section::Successes { has_skipped: false };
        } else if line == "failures:" || line.starts_with("test result:") {
            self.section = Section::Results;
        }
        match &mut self.section {
            Section::Results => {
                self.result(line);
                true
            }
            Section::Successes { has_skipped } => {
                if line.starts_with("---- ") {
                    *has_skipped = false;
                }
                let Some(what) = line.strip_prefix("skipped: ") else { return false };
                if !*has_skipped {
                    *has_skipped = true;
                    self.tally.skipped.push(what.to_owned());
                    self.only_seemingly_passed += 1;
                }
                true
            }
        }
    }

    fn result(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.tally.passed += count(counts, "passed");
            self.tally.failed += count(counts, "failed");
        } else if let Some((name, "ignored")) = line
            .strip_prefix("test ")
            .and_then(|line| line.split_once(" ... "))
            .map(|(name, result)| (name, result.split(',').next().unwrap_or(result)))
        {
            self.tally.skipped.push(name.to_owned());
        }
    }

    /// The counts, once the output has ended.
    pub fn tally(self) -> Tally {
        Tally { passed: self.tally.passed.saturating_sub(self.only_seemingly_passed), ..self.tally }
    }
}

/// The number before `what` in `ok. 12 passed; 0 failed; ...`.
fn count(counts: &str, what: &str) -> u32 {
    let words: Vec<&str> = counts.split([' ', ';', '.']).collect();
    let at = words.iter().position(|word| *word == what);
    at.and_then(|at| words.get(at.checked_sub(1)?)?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "\
running 4 tests
test event::midsummer ... ok
test samples::every_sample_is_read ... ok
test slow ... ignored, takes an hour
test wrong ... FAILED

successes:

---- event::midsummer stdout ----
some chatter

---- samples::every_sample_is_read stdout ----
skipped: every_sample_is_read, because shared/ is not here
skipped: and_once_more, because shared/ is not here


successes:
    event::midsummer
    samples::every_sample_is_read

failures:

---- wrong stdout ----
skipped: this is what the failed test said

failures:
    wrong

test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s

   Doc-tests core
running 1 test
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.20s
";

    #[test]
    fn counts_add_up_over_test_binaries_and_a_skipped_test_has_not_passed() {
        let mut output = CargoOutput::default();
        PRINTED.lines().for_each(|line| {
            output.line(line);
        });
        let tally = output.tally();
        assert_eq!(tally.to_string(), "2 passed, 1 failed, 2 skipped");
        assert_eq!(tally.skipped, ["slow", "every_sample_is_read, because shared/ is not here"]);
    }

    #[test]
    fn chatter_of_passed_tests_is_left_out_and_failures_are_shown() {
        let mut output = CargoOutput::default();
        let shown: Vec<&str> = PRINTED.lines().filter(|line| output.line(line)).collect();
        assert!(!shown.contains(&"some chatter"));
        assert!(shown.contains(&"---- wrong stdout ----"));
    }
}
