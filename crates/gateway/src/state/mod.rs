//! The engine's memory, for people with more than one device, or with a browser that forgets.
//!
//! One state per pair of calendars: the person and the mailbox of the token, and which of the mailbox's calendars. What
//! it promises is what the core's `StateStore` promises; what is in it is the core's own business. The gateway knows of a
//! row only what it is found by, and seals the rest, for it is people's calendars:
//!
//! ```text
//! routes.rs ─ rows.rs ─────────────── seal.rs ──────────────── database.rs
//! who asks    what a row is found by  what a disk may not show  one transaction, one winner
//! ```
//!
//! **Invariants.** A [`Pair`] is made of a token alone, but for the folder: no request names another person's rows. What
//! a row holds is sealed with the pair and its own id, so that it cannot be passed off as another. A commit is one
//! transaction that begins by claiming the next generation.

mod database;
mod routes;
mod rows;
mod seal;

pub(crate) use database::Database;
pub(crate) use routes::routes;

use crate::error::Error;
use crate::token::Caller;

/// Longer than any id that Exchange or Blikk gives.
const LONGEST_ID: usize = 2048;

/// Whose state.
#[derive(Debug)]
pub(crate) struct Pair {
    person: String,
    /// In small letters, as [`Mailbox::is`](crate::token::Mailbox::is) compares.
    mailbox: String,
    /// Empty: the first calendar.
    folder: String,
}

impl Pair {
    fn of(caller: &Caller, folder: Option<String>) -> Result<Pair, Error> {
        let folder = folder.map_or(Ok(String::new()), |folder| checked_id(folder, "the folder"))?;
        Ok(Pair { person: caller.user.clone(), mailbox: caller.mailbox.as_str().to_ascii_lowercase(), folder })
    }
}

/// An id that a database can hold and look up.
fn checked_id(id: String, what: &'static str) -> Result<String, Error> {
    // PostgreSQL's texts hold every character but this one.
    let is_sound = !id.is_empty() && id.len() <= LONGEST_ID && !id.contains('\0');
    if is_sound { Ok(id) } else { Err(Error::BadRequest(format!("{what} is empty, too long, or holds a NUL"))) }
}

/// What a row is, beside being sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Head,
    Link,
    Operation,
    Run,
    Change,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Head => "head",
            Kind::Link => "link",
            Kind::Operation => "operation",
            Kind::Run => "run",
            Kind::Change => "change",
        }
    }
}
