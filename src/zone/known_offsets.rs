//! Asking little of a source of rules that answers slowly.

use chrono::{DateTime, Utc};

/// The offsets of one zone, as far as they have been asked for. Time is cut into cells of twelve days; where the
/// offset is the same at both ends of a cell it is the same within, because no zone has changed and changed back so
/// quickly since 1970 (a test says so). A cell with a change in it is asked about every time.
///
/// So a daily series over ten years costs about a thousand questions instead of eleven thousand.
#[derive(Clone, Debug, Default)]
pub struct KnownOffsets {
    /// Cell and the offset in its first second, sorted by cell.
    starts: Vec<(i64, i32)>,
}

/// 2^20 seconds. From 1970 on, and in the years before too, but nothing is promised there.
const CELL: i64 = 1 << 20;

impl KnownOffsets {
    /// Seconds east of UTC at `instant`, from what is known or by asking `ask`.
    pub fn offset_at(&mut self, instant: DateTime<Utc>, ask: impl Fn(DateTime<Utc>) -> Option<i32>) -> Option<i32> {
        let cell = instant.timestamp().div_euclid(CELL);
        let [start, end] = [self.at_start_of(cell, &ask), self.at_start_of(cell + 1, &ask)];
        if start.is_some() && start == end { start } else { ask(instant) }
    }

    fn at_start_of(&mut self, cell: i64, ask: impl Fn(DateTime<Utc>) -> Option<i32>) -> Option<i32> {
        match self.starts.binary_search_by_key(&cell, |(cell, _)| *cell) {
            Ok(at) => Some(self.starts[at].1),
            Err(at) => {
                let offset = ask(DateTime::from_timestamp(cell.checked_mul(CELL)?, 0)?)?;
                self.starts.insert(at, (cell, offset));
                Some(offset)
            }
        }
    }
}
