//! The state that the gateway keeps, over HTTP as a page meets it; and beside it the same rows in the same tables, written
//! and read by a plain driver of the database.
//!
//! ```text
//! bench-state sqlite FOLDER      in a file there
//! bench-state postgresql         in a PostgreSQL of its own, which ends with this
//! ```

mod plain;
mod served;

#[path = "../../../../crates/gateway/tests/support/postgres.rs"]
mod postgres;

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::path::Path;

use bench_ews::events;
use bench_ews::turns::{Task, take};
use bench_ews::whole::numbered;
use blikk_calendar_sync::event::Event;
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::state::{IndexRow, Link, LinkState, SideState};
use tokio::runtime::Runtime;

use plain::{Plain, PlainPostgres, PlainRow, PlainSqlite};
use postgres::Postgres;
use served::Served;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Links in a commit.
const ROWS: usize = 500;
/// Who has how many links, whose index is read.
const MANY: (&str, usize) = ("many", 100_000);
const SOME: (&str, usize) = ("some", 10_000);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = Runtime::new()?;
    // Whoever asks us is told too, and our input ends: that is how we end, so that the database ends with us.
    runtime.spawn(async { while tokio::signal::ctrl_c().await.is_ok() {} });
    match arguments[..] {
        ["sqlite", folder] => {
            let file = Path::new(folder).join("state.sqlite");
            let served = Served::start(&runtime, &format!("sqlite = {file:?}"))?;
            measure(&served, PlainSqlite::open(&file)?)
        }
        ["postgresql"] => {
            let postgres = Postgres::start().ok_or("PostgreSQL is not on this machine")?;
            let served = Served::start(&runtime, &format!("postgres = {:?}", postgres.url))?;
            measure(&served, PlainPostgres::connect(&runtime, &postgres.url)?)
        }
        _ => Err("in which database?".into()),
    }
}

fn measure(served: &Served<'_>, mut plain: impl Plain) -> Result<()> {
    for (person, count) in [SOME, MANY] {
        fill(served, person, count)?;
    }
    let links = links(ROWS)?;
    let rows: Vec<PlainRow> = links.iter().map(PlainRow::of).collect::<Result<_>>()?;
    let put = serde_json::to_string(&links)?;
    served.commit("again", 0, &put)?;
    plain.settle()?;
    plain.add("plain again", &rows)?;
    let plain = RefCell::new(plain);

    let (persons, generation) = (Cell::new(0), Cell::new(1));
    let next = |cell: &Cell<u64>| cell.replace(cell.get() + 1);
    let hello = serde_json::json!({
        "version": plain.borrow_mut().version()?, "digest": [SOME.1, MANY.1, ROWS], "items": ROWS, "bytes": put.len(),
    });
    let person = |whose: &str| format!("{whose} {}", next(&persons));
    let as_many = |(_, count): (&str, usize), found: usize| {
        if found == count { Ok(()) } else { Err(format!("{found} links are in the index, not {count}").into()) }
    };
    let tasks = vec![
        Task::new("commit", || served.commit(&person("new"), 0, &put)),
        Task::new("plainCommit", || plain.borrow_mut().add(&person("plain"), &rows)),
        Task::new("again", || served.commit("again", next(&generation), &put)),
        Task::new("plainAgain", || plain.borrow_mut().replace("plain again", &rows)),
        Task::new("someIndex", || as_many(SOME, served.index(SOME.0)?)),
        Task::new("plainSomeIndex", || as_many(SOME, plain.borrow_mut().index(SOME.0)?)),
        Task::new("manyIndex", || as_many(MANY, served.index(MANY.0)?)),
        Task::new("plainManyIndex", || as_many(MANY, plain.borrow_mut().index(MANY.0)?)),
        Task::new("head", || served.head(MANY.0)),
        Task::new("plainHead", || plain.borrow_mut().head(MANY.0)),
        Task::new("health", || served.health()),
    ];
    take(&hello, tasks)
}

/// As a first sync does it, in larger steps.
fn fill(served: &Served<'_>, person: &str, count: usize) -> Result<()> {
    for (generation, links) in links(count)?.chunks(5_000).enumerate() {
        served.commit(person, generation as u64, &serde_json::to_string(links)?)?;
    }
    Ok(())
}

/// Links of so many events, with all that is in them.
fn links(count: usize) -> Result<Vec<Link>> {
    let link = |(number, event): (usize, Event)| {
        let IndexRow { id, blikk, blikk_version, exchange, exchange_version, .. } = numbered::row(number);
        let side = |id: Option<_>, version: Option<_>| Some(SideState { id: id?, version: version?, seen: None });
        Link {
            id,
            origin: Side::Blikk,
            state: LinkState::Active,
            blikk: side(blikk, blikk_version),
            exchange: side(exchange, exchange_version),
            uid: None,
            base: Some(event),
        }
    };
    Ok(events(count)?.into_iter().enumerate().map(link).collect())
}
