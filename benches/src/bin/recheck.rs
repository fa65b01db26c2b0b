//! A full reading of both calendars, as after both tokens died: natively. `benches/recheck.js` does the same in a browser.
//!
//! Both begin with the index as the gateway gives it, a text in JSON, and with calendars that are computed. Stores the
//! text in the folder that its argument names.

use std::cell::Cell;
use std::error::Error;
use std::path::Path;

use bench_ews::turns::{Task, take};
use bench_ews::whole::numbered::{DEAD, recheck, row};
use bench_ews::whole::{Machine, wait_for};
use blikk_calendar_sync::host::Clock as _;
use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::history::{ChangeRecord, RunRecord};
use blikk_calendar_sync::sync::journal::Operation;
use blikk_calendar_sync::sync::options::Options;
use blikk_calendar_sync::sync::port::StateStore;
use blikk_calendar_sync::sync::state::{Commit, Head, IndexRow, Link, LinkId, RemoteId, Token};

/// How many events are linked.
const LINKS: usize = 100_000;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("which folder?")?;
    let dead = Some(Token::new(DEAD));
    let head = Head {
        generation: 7,
        blikk_token: dead.clone(),
        exchange_token: dead,
        exchange_checked_at: Some(Machine.now()),
        settled_options: Some(Options::default()),
        linked: LINKS as u32,
        ..Head::default()
    };
    let index = serde_json::to_string(&(0..LINKS).map(row).collect::<Vec<_>>())?;
    std::fs::write(Path::new(&folder).join("head.json"), serde_json::to_string(&head)?)?;
    std::fs::write(Path::new(&folder).join("index.json"), &index)?;
    let gateway = Answers { head, index, commits: Cell::new(0) };
    let recheck = || {
        gateway.commits.set(0);
        wait_for(recheck(LINKS, &gateway, &Machine))?;
        if gateway.commits.get() == 1 { Ok(()) } else { Err("the tokens are remembered once".into()) }
    };
    let hello = serde_json::json!({ "version": "", "digest": [LINKS], "items": LINKS, "bytes": gateway.index.len() });
    take(&hello, vec![Task::new("recheck", recheck)])
}

/// What the gateway answers.
struct Answers {
    head: Head,
    index: String,
    commits: Cell<u32>,
}

impl StateStore for Answers {
    async fn head(&self) -> Result<Head, Problem> {
        Ok(self.head.clone())
    }

    async fn index(&self) -> Result<Vec<IndexRow>, Problem> {
        serde_json::from_str(&self.index).map_err(|error| Problem::new(Code::StoreFailed).said(error.to_string()))
    }

    /// There is no news, so nobody asks for more.
    async fn links_of(&self, _: Side, ids: &[RemoteId]) -> Result<Vec<Link>, Problem> {
        if ids.is_empty() { Ok(Vec::new()) } else { Err(Code::Internal.into()) }
    }

    async fn links_after(&self, _: Option<&LinkId>, _: u32) -> Result<Vec<Link>, Problem> {
        Err(Code::Internal.into())
    }

    async fn operations(&self) -> Result<Vec<Operation>, Problem> {
        Ok(Vec::new())
    }

    async fn runs(&self) -> Result<Vec<RunRecord>, Problem> {
        Ok(Vec::new())
    }

    async fn changes_of(&self, _: u64) -> Result<Vec<ChangeRecord>, Problem> {
        Ok(Vec::new())
    }

    async fn commit(&self, _: Commit) -> Result<(), Problem> {
        self.commits.set(self.commits.get() + 1);
        Ok(())
    }
}
