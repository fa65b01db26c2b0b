//! What a plain driver takes for the same: the same bytes into the same tables with the same indexes, one prepared statement
//! in one transaction, as safely on the disk. No HTTP, no token, no JSON, no sealing, nothing looked up or judged.

use std::path::Path;

use blikk_calendar_sync::sync::state::{IndexRow, Link};
use rusqlite::{Connection, params};
use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::query::QueryScalar;
use sqlx::{Connection as _, Executor as _, Postgres};
use tokio::runtime::Runtime;

use crate::Result;
use crate::served::{MAILBOX, head};

/// What sealing adds to a row: a nonce and a tag.
const SEAL: usize = 24 + 16;

/// A link as it lies in the table; what is sealed is as long and as hard to compress.
pub struct PlainRow {
    keys: IndexRow,
    sealed: Vec<u8>,
}

impl PlainRow {
    pub fn of(link: &Link) -> Result<PlainRow> {
        Ok(PlainRow { keys: IndexRow::of(link), sealed: noise(serde_json::to_vec(link)?.len() + SEAL) })
    }

    /// Id, then id and version on each side.
    fn texts(&self) -> [Option<&str>; 5] {
        let IndexRow { id, blikk, blikk_version, exchange, exchange_version, .. } = &self.keys;
        [
            Some(id.as_str()),
            blikk.as_ref().map(|id| id.as_str()),
            blikk_version.as_ref().map(|version| version.as_str()),
            exchange.as_ref().map(|id| id.as_str()),
            exchange_version.as_ref().map(|version| version.as_str()),
        ]
    }
}

pub trait Plain {
    fn version(&mut self) -> Result<String>;

    /// What a database does by itself within a minute: it learns how its tables look.
    fn settle(&mut self) -> Result<()>;

    /// A person's first rows, and the row that they belong to.
    fn add(&mut self, person: &str, rows: &[PlainRow]) -> Result<()>;

    /// The same rows once more.
    fn replace(&mut self, person: &str, rows: &[PlainRow]) -> Result<()>;

    /// How many rows there are, having read the index of them.
    fn index(&mut self, person: &str) -> Result<usize>;

    fn head(&mut self, person: &str) -> Result<Vec<u8>>;
}

// To SQLite, `$1` is a name: what is bound first is what stands first.
const ADD_PAIR: &str =
    "INSERT INTO pair (person, mailbox, folder, generation, bytes, head) VALUES ($1, $2, '', 1, $3, $4) RETURNING id";
const MOVE_PAIR_ON: &str = "UPDATE pair SET generation = generation + 1, head = $1 WHERE person = $2 RETURNING id";

macro_rules! add {
    ($rows:literal) => {
        concat!("INSERT INTO link (pair, id, blikk, blikk_version, exchange, exchange_version, sealed) ", $rows)
    };
}

macro_rules! replace {
    ($rows:literal) => {
        concat!(
            add!($rows),
            " ON CONFLICT (pair, id) DO UPDATE SET blikk = excluded.blikk, blikk_version = excluded.blikk_version, \
              exchange = excluded.exchange, exchange_version = excluded.exchange_version, sealed = excluded.sealed"
        )
    };
}

const ADD: &str = add!("VALUES ($1, $2, $3, $4, $5, $6, $7)");
const REPLACE: &str = replace!("VALUES ($1, $2, $3, $4, $5, $6, $7)");
const ADD_ARRAYS: &str =
    add!("SELECT $1, * FROM UNNEST($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[])");
const REPLACE_ARRAYS: &str =
    replace!("SELECT $1, * FROM UNNEST($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[])");
const PAIR: &str = "SELECT id FROM pair WHERE person = $1 AND mailbox = $2 AND folder = ''";
const INDEX: &str =
    "SELECT id, blikk, blikk_version, exchange, exchange_version, enters FROM link WHERE pair = $1 ORDER BY id";
const HEAD: &str = "SELECT head FROM pair WHERE person = $1 AND mailbox = $2 AND folder = ''";

/// A row of the index, as a caller would want to have it.
type Texts = (String, Option<String>, Option<String>, Option<String>, Option<String>, Option<String>);

fn sealed_head() -> Result<Vec<u8>> {
    Ok(noise(head(1)?.len() + SEAL))
}

fn bytes_of(rows: &[PlainRow]) -> i64 {
    rows.iter().map(|row| row.sealed.len() as i64).sum()
}

/// Xorshift; to a database it looks as what is sealed does.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    })
    .take(length)
    .collect()
}

/// By rusqlite.
pub struct PlainSqlite(Connection);

impl PlainSqlite {
    /// The gateway has made the file, and keeps its journal as a WAL.
    pub fn open(file: &Path) -> Result<Self> {
        let db = Connection::open(file)?;
        db.execute_batch("PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON;")?;
        Ok(PlainSqlite(db))
    }

    fn put(&mut self, first: &str, of_pair: impl rusqlite::Params, each: &str, rows: &[PlainRow]) -> Result<()> {
        let work = self.0.transaction()?;
        let pair: i64 = work.prepare_cached(first)?.query_row(of_pair, |row| row.get(0))?;
        {
            let mut statement = work.prepare_cached(each)?;
            for row in rows {
                let [id, blikk, blikk_version, exchange, exchange_version] = row.texts();
                statement.execute(params![pair, id, blikk, blikk_version, exchange, exchange_version, row.sealed])?;
            }
        }
        Ok(work.commit()?)
    }
}

impl Plain for PlainSqlite {
    fn version(&mut self) -> Result<String> {
        Ok(rusqlite::version().to_owned())
    }

    fn settle(&mut self) -> Result<()> {
        Ok(())
    }

    fn add(&mut self, person: &str, rows: &[PlainRow]) -> Result<()> {
        self.put(ADD_PAIR, params![person, MAILBOX, bytes_of(rows), sealed_head()?], ADD, rows)
    }

    fn replace(&mut self, person: &str, rows: &[PlainRow]) -> Result<()> {
        self.put(MOVE_PAIR_ON, params![sealed_head()?, person], REPLACE, rows)
    }

    fn index(&mut self, person: &str) -> Result<usize> {
        let pair: i64 = self.0.prepare_cached(PAIR)?.query_row([person, MAILBOX], |row| row.get(0))?;
        let mut statement = self.0.prepare_cached(INDEX)?;
        let texts = |row: &rusqlite::Row<'_>| -> rusqlite::Result<Texts> {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        };
        let rows: Vec<Texts> = statement.query_map([pair], texts)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows.len())
    }

    fn head(&mut self, person: &str) -> Result<Vec<u8>> {
        Ok(self.0.prepare_cached(HEAD)?.query_row([person, MAILBOX], |row| row.get(0))?)
    }
}

/// By sqlx's own driver. A way to the server and back for each row would take longer than all else, so there is one for all.
pub struct PlainPostgres<'r> {
    runtime: &'r Runtime,
    db: PgConnection,
}

impl<'r> PlainPostgres<'r> {
    pub fn connect(runtime: &'r Runtime, url: &str) -> Result<Self> {
        Ok(PlainPostgres { runtime, db: runtime.block_on(PgConnection::connect(url))? })
    }

    fn put(
        &mut self,
        first: QueryScalar<'_, Postgres, i64, PgArguments>,
        all: &'static str,
        rows: &[PlainRow],
    ) -> Result<()> {
        let texts: Vec<[Option<&str>; 5]> = rows.iter().map(PlainRow::texts).collect();
        let column = |place: usize| -> Vec<Option<&str>> { texts.iter().map(|texts| texts[place]).collect() };
        let sealed: Vec<&[u8]> = rows.iter().map(|row| row.sealed.as_slice()).collect();
        self.runtime.block_on(async {
            let mut work = self.db.begin().await?;
            let pair = first.fetch_one(&mut *work).await?;
            let all = (0..5).fold(sqlx::query(all).bind(pair), |all, place| all.bind(column(place)));
            all.bind(sealed).execute(&mut *work).await?;
            Ok(work.commit().await?)
        })
    }
}

impl Plain for PlainPostgres<'_> {
    fn version(&mut self) -> Result<String> {
        let version = sqlx::query_scalar("SHOW server_version").fetch_one(&mut self.db);
        let version: String = self.runtime.block_on(version)?;
        // Debian says more.
        Ok(version.split_whitespace().next().unwrap_or_default().to_owned())
    }

    fn settle(&mut self) -> Result<()> {
        self.runtime.block_on(self.db.execute("VACUUM ANALYZE"))?;
        Ok(())
    }

    fn add(&mut self, person: &str, rows: &[PlainRow]) -> Result<()> {
        let first = sqlx::query_scalar(ADD_PAIR).bind(person).bind(MAILBOX).bind(bytes_of(rows)).bind(sealed_head()?);
        self.put(first, ADD_ARRAYS, rows)
    }

    fn replace(&mut self, person: &str, rows: &[PlainRow]) -> Result<()> {
        let first = sqlx::query_scalar(MOVE_PAIR_ON).bind(sealed_head()?).bind(person);
        self.put(first, REPLACE_ARRAYS, rows)
    }

    fn index(&mut self, person: &str) -> Result<usize> {
        self.runtime.block_on(async {
            let pair: i64 = sqlx::query_scalar(PAIR).bind(person).bind(MAILBOX).fetch_one(&mut self.db).await?;
            let rows: Vec<Texts> = sqlx::query_as(INDEX).bind(pair).fetch_all(&mut self.db).await?;
            Ok(rows.len())
        })
    }

    fn head(&mut self, person: &str) -> Result<Vec<u8>> {
        let query = sqlx::query_scalar(HEAD).bind(person).bind(MAILBOX);
        Ok(self.runtime.block_on(query.fetch_one(&mut self.db))?)
    }
}
