//! What stands in a cursor (pure). To the client it is opaque.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Where a reader of the changes is.
///
/// The feed is ordered by `seq`, the place of each event's latest change. A reader who began from nothing when the feed
/// was at `start` needs no tombstones up to there, and all of them after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Rises when all cursors are to die.
    pub epoch: i64,
    pub user: i64,
    pub start: i64,
    /// Everything up to here was given.
    pub last: i64,
}

impl Cursor {
    pub fn text(&self) -> String {
        let Cursor { epoch, user, start, last } = self;
        BASE64_URL_SAFE_NO_PAD.encode(format!("{epoch}.{user}.{start}.{last}"))
    }

    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let numbers: Vec<i64> =
            std::str::from_utf8(&bytes).ok()?.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let [epoch, user, start, last] = numbers.try_into().ok()?;
        Some(Cursor { epoch, user, start, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_given_and_nothing_else_is() {
        let cursor = Cursor { epoch: 1, user: 3, start: 42, last: 7 };
        assert_eq!(Cursor::parse(&cursor.text()), Some(cursor));
        for text in ["", "åäö", "MS4z", "MS4zLjQyLng", "9999999999999999999999"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
