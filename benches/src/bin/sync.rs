//! A run of the engine as a program of its own, between two calendars and a state that lie in a folder.
//!
//! ```text
//! bench-sync fill FOLDER COUNT     events in Exchange, and the same as files for vdirsyncer
//! bench-sync rename FOLDER NTH     people rename every nth of them, in both
//! bench-sync link FOLDER COUNT     events on both sides, linked
//! bench-sync run FOLDER            the run; prints what it did, in one line of JSON
//! ```

use std::error::Error;
use std::path::{Path, PathBuf};

use bench_ews::events;
use bench_ews::whole::calendar::SqliteCalendar;
use bench_ews::whole::store::SqliteStore;
use bench_ews::whole::{Machine, numbered, vdir, wait_for};
use blikk_calendar_sync::event::Event;
use blikk_calendar_sync::host::Clock as _;
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::options::Options;
use blikk_calendar_sync::sync::port::StateStore as _;
use blikk_calendar_sync::sync::preview::Approval;
use blikk_calendar_sync::sync::report::Outcome;
use blikk_calendar_sync::sync::run::{World, run};
use blikk_calendar_sync::sync::state::{Commit, Head, Link, LinkState, SideState, Token, Version};
use blikk_calendar_sync::zone::UtcRules;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [verb, folder, rest @ ..] = &arguments[..] else { return Err("what, and in which folder?".into()) };
    let number = || rest.first().ok_or("how many?").and_then(|text| text.parse::<usize>().map_err(|_| "how many?"));
    let folder = Path::new(folder);
    match verb.as_str() {
        "fill" => fill(folder, number()?),
        "rename" => rename(folder, number()?),
        "link" => link(folder, number()?),
        "run" => synchronise(folder),
        other => Err(format!("there is no `{other}`").into()),
    }
}

/// The most that this process had in memory (VmHWM): a run of three milliseconds is over before anybody else has looked.
fn peak_kibibytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
    most.unwrap_or(0)
}

fn calendar(folder: &Path, side: Side) -> rusqlite::Result<SqliteCalendar> {
    let name = if side == Side::Blikk { "blikk.sqlite" } else { "exchange.sqlite" };
    SqliteCalendar::open(side, &folder.join(name))
}

fn store(folder: &Path) -> rusqlite::Result<SqliteStore> {
    SqliteStore::open(&folder.join("state.sqlite"))
}

/// Where vdirsyncer finds them.
fn files(folder: &Path) -> PathBuf {
    folder.join("vdir/a")
}

/// As a server gives them back: without a line break at the end of the body.
fn tidy_events(count: usize) -> Result<Vec<Event>, Box<dyn Error>> {
    Ok(events(count)?.into_iter().map(Event::tidied).collect())
}

fn fill(folder: &Path, count: usize) -> Result<(), Box<dyn Error>> {
    let events = tidy_events(count)?;
    calendar(folder, Side::Exchange)?.fill(&events, |number| numbered::id(Side::Exchange, number))?;
    vdir::fill(&files(folder), &events)
}

fn rename(folder: &Path, nth: usize) -> Result<(), Box<dyn Error>> {
    let renamed = calendar(folder, Side::Exchange)?.rename_every(nth, "Flyttat möte")?;
    vdir::rename_every(&files(folder), nth, renamed * nth, "Flyttat möte")?;
    println!("{renamed}");
    Ok(())
}

fn link(folder: &Path, count: usize) -> Result<(), Box<dyn Error>> {
    let events = tidy_events(count)?;
    for side in [Side::Blikk, Side::Exchange] {
        calendar(folder, side)?.fill(&events, |number| numbered::id(side, number))?;
    }
    let side = |side, number| {
        Some(SideState { id: numbered::id(side, number), version: Version::new((number + 1).to_string()), seen: None })
    };
    let link = |(number, event): (usize, Event)| Link {
        id: numbered::row(number).id,
        origin: Side::Blikk,
        state: LinkState::Active,
        blikk: side(Side::Blikk, number),
        exchange: side(Side::Exchange, number),
        uid: None,
        base: Some(event),
    };
    let token = Some(Token::new(count.to_string()));
    let head = Head {
        generation: 1,
        blikk_token: token.clone(),
        exchange_token: token,
        exchange_checked_at: Some(Machine.now()),
        settled_options: Some(Options::default()),
        linked: count as u32,
        ..Head::default()
    };
    let commit = Commit { head, put: events.into_iter().enumerate().map(link).collect(), ..Commit::default() };
    Ok(wait_for(store(folder)?.commit(commit))?)
}

fn synchronise(folder: &Path) -> Result<(), Box<dyn Error>> {
    let (blikk, exchange, store) = (calendar(folder, Side::Blikk)?, calendar(folder, Side::Exchange)?, store(folder)?);
    let world = World {
        blikk: &blikk,
        exchange: &exchange,
        store: &store,
        clock: &Machine,
        random: &Machine,
        audience: &Machine,
        zones: &UtcRules,
        holder: "bench",
    };
    let report = wait_for(run(&world, Approval::default()));
    if report.outcome != Outcome::Done {
        return Err(format!("{report:?}").into());
    }
    let done = serde_json::json!({
        "calls": [blikk.calls(), exchange.calls(), store.calls()],
        "commits": store.commits(),
        "written": report.blikk.total() + report.exchange.total(),
        "kibibytes": peak_kibibytes(),
    });
    println!("{done}");
    Ok(())
}
