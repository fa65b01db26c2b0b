//! How many tests passed, failed and were skipped; and which were not run, by name.

use std::fmt;
use std::ops::AddAssign;

/// The counts of one leg, or of all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
    /// With the reason, where the test gave one.
    pub skipped: Vec<String>,
}

impl Tally {
    /// One check that is not a test of a framework.
    pub fn of_one(has_passed: bool) -> Self {
        Tally { passed: has_passed.into(), failed: (!has_passed).into(), skipped: Vec::new() }
    }

    /// Something that could not be tried.
    pub fn skipped(name: impl Into<String>) -> Self {
        Tally { skipped: vec![name.into()], ..Tally::default() }
    }

    /// A leg that broke without a failed test (it did not compile, say) has failed once.
    #[must_use]
    pub fn with_exit(mut self, has_succeeded: bool) -> Self {
        if !has_succeeded && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped.extend(other.skipped.iter().cloned());
    }
}

/// The line that CI reads.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leg_that_does_not_compile_has_failed() {
        assert_eq!(Tally::default().with_exit(false).to_string(), "0 passed, 1 failed, 0 skipped");
    }

    #[test]
    fn a_failed_test_is_not_counted_twice_for_the_exit_code_it_causes() {
        assert_eq!(Tally::of_one(false).with_exit(false).failed, 1);
    }
}
