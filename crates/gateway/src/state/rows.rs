//! What the gateway sees in what it keeps: the ids, versions and times by which rows are found. All else stays the text
//! that it came as.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Kind, checked_id};
use crate::error::Error;

/// The largest number that every JSON reader keeps whole (RFC 8259 section 6).
const LARGEST: u64 = (1 << 53) - 1;

/// One commit, ready to be written.
#[derive(Debug)]
pub struct Commit<'a> {
    pub expected_generation: i64,
    pub generation: i64,
    pub head: &'a str,
    pub clear: bool,
    pub remove: Vec<String>,
    pub remove_operations: Vec<String>,
    pub forget_before: Option<String>,
    pub links: BTreeMap<String, Link<'a>>,
    pub records: BTreeMap<(Kind, String), Record<'a>>,
}

#[derive(Debug)]
pub struct Link<'a> {
    pub blikk: Option<Side>,
    pub exchange: Option<Side>,
    pub enters: Option<String>,
    pub row: &'a str,
}

#[derive(Debug, Deserialize)]
pub struct Side {
    pub id: String,
    pub version: String,
}

/// An operation, a run or a change.
#[derive(Debug)]
pub struct Record<'a> {
    /// What it is forgotten by.
    pub instant: Option<String>,
    pub row: &'a str,
}

/// The core's `IndexRow`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IndexRow {
    pub id: String,
    pub blikk: Option<String>,
    pub blikk_version: Option<String>,
    pub exchange: Option<String>,
    pub exchange_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enters: Option<String>,
}

/// As the page sends it. A member that this gateway does not know would be lost, so it is refused.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Sent<'a> {
    expected_generation: u64,
    #[serde(borrow)]
    head: &'a RawValue,
    clear: bool,
    #[serde(borrow)]
    put: Vec<&'a RawValue>,
    remove: Vec<String>,
    #[serde(borrow)]
    put_operations: Vec<&'a RawValue>,
    remove_operations: Vec<String>,
    #[serde(borrow)]
    put_runs: Vec<&'a RawValue>,
    #[serde(borrow)]
    put_changes: Vec<&'a RawValue>,
    #[serde(default)]
    forget_before: Option<String>,
}

#[derive(Deserialize)]
struct HeadKeys {
    generation: u64,
}

#[derive(Deserialize)]
struct LinkKeys {
    id: String,
    blikk: Option<Side>,
    exchange: Option<Side>,
    state: State,
}

/// Only one of the states has something that the index wants.
#[derive(Deserialize)]
#[serde(untagged)]
enum State {
    #[serde(rename_all = "camelCase")]
    OutsideWindow {
        outside_window: OutsideWindow,
    },
    Other(IgnoredAny),
}

#[derive(Deserialize)]
struct OutsideWindow {
    #[serde(default)]
    enters: Option<String>,
}

#[derive(Deserialize)]
struct OperationKeys {
    id: String,
}

#[derive(Deserialize)]
struct RunKeys {
    run: u64,
    started: String,
}

#[derive(Deserialize)]
struct ChangeKeys {
    run: u64,
    place: u32,
    at: String,
}

/// Reads a commit. The refusals name what is wrong and never what it says, which is somebody's calendar.
pub fn commit(body: &[u8]) -> Result<Commit<'_>, Error> {
    let sent: Sent<'_> = parsed(std::str::from_utf8(body).unwrap_or_default(), "the commit")?;
    let HeadKeys { generation } = parsed(sent.head.get(), "the head")?;
    if generation <= sent.expected_generation || generation > LARGEST {
        return Err(Error::BadRequest("the generation must rise".into()));
    }
    let mut links = BTreeMap::new();
    for row in sent.put {
        let (id, link) = link(row.get())?;
        links.insert(id, link);
    }
    let mut records = BTreeMap::new();
    for row in sent.put_operations {
        let OperationKeys { id } = parsed(row.get(), "an operation")?;
        let id = checked_id(id, "an operation's id")?;
        records.insert((Kind::Operation, id), Record { instant: None, row: row.get() });
    }
    for row in sent.put_runs {
        let RunKeys { run, started } = parsed(row.get(), "a run")?;
        records.insert((Kind::Run, run_id(run)), Record { instant: Some(instant(started)?), row: row.get() });
    }
    for row in sent.put_changes {
        let ChangeKeys { run, place, at } = parsed(row.get(), "a change")?;
        records.insert((Kind::Change, change_id(run, place)), Record { instant: Some(instant(at)?), row: row.get() });
    }
    Ok(Commit {
        expected_generation: sent.expected_generation as i64,
        generation: generation as i64,
        head: sent.head.get(),
        clear: sent.clear,
        remove: checked_ids(sent.remove, "a link's id")?,
        remove_operations: checked_ids(sent.remove_operations, "an operation's id")?,
        forget_before: sent.forget_before.map(instant).transpose()?,
        links,
        records,
    })
}

fn link(row: &str) -> Result<(String, Link<'_>), Error> {
    let LinkKeys { id, blikk, exchange, state } = parsed(row, "a link")?;
    let enters = match state {
        State::OutsideWindow { outside_window } => outside_window.enters.map(instant).transpose()?,
        State::Other(_) => None,
    };
    for side in [&blikk, &exchange].into_iter().flatten() {
        checked_id(side.id.clone(), "an event's id")?;
        // A version may be unknown, which is empty.
        checked_id(format!("v{}", side.version), "an event's version")?;
    }
    Ok((checked_id(id, "a link's id")?, Link { blikk, exchange, enters, row }))
}

fn checked_ids(ids: Vec<String>, what: &'static str) -> Result<Vec<String>, Error> {
    ids.into_iter().map(|id| checked_id(id, what)).collect()
}

/// In the order of the runs.
pub fn run_id(run: u64) -> String {
    format!("{run:020}")
}

/// In the order of the changes; those of one run have its id and this between them.
pub fn change_id(run: u64, place: u32) -> String {
    format!("{run:020}-{place:010}")
}

/// In the one form in which the order of texts is the order in time.
fn instant(text: String) -> Result<String, Error> {
    let form = b"0000-00-00T00:00:00Z";
    let fits = |(byte, form): (u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form };
    let is_one = text.len() == form.len() && text.bytes().zip(form).all(fits);
    if is_one { Ok(text) } else { Err(Error::BadRequest("a time must be in UTC and whole seconds".into())) }
}

fn parsed<'a, T: Deserialize<'a>>(text: &'a str, what: &'static str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| Error::BadRequest(format!("{what} is not what the core writes")))
}
