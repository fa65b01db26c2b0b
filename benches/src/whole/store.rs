//! The engine's memory in a SQLite file, one row per link. What is committed is on the disk, as vdirsyncer's status is,
//! which lies in SQLite too.

use std::cell::Cell;
use std::path::Path;

use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::history::{ChangeRecord, RunRecord};
use blikk_calendar_sync::sync::journal::Operation;
use blikk_calendar_sync::sync::port::StateStore;
use blikk_calendar_sync::sync::state::{Commit, Head, IndexRow, Link, LinkId, RemoteId};
use rusqlite::{Connection, OptionalExtension as _, Params, params};

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA wal_autocheckpoint = 10000;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS head (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS links (
        id TEXT PRIMARY KEY, blikk TEXT, exchange TEXT, row TEXT NOT NULL, body TEXT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS blikk ON links (blikk);
    CREATE INDEX IF NOT EXISTS exchange ON links (exchange);
    CREATE TABLE IF NOT EXISTS operations (id TEXT PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS runs (run INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS changes (
        run INTEGER NOT NULL, place INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run, place)
    );
";

pub struct SqliteStore {
    db: Connection,
    calls: Cell<u32>,
    commits: Cell<u32>,
}

impl SqliteStore {
    /// # Errors
    /// When the file is no such store.
    pub fn open(file: &Path) -> rusqlite::Result<Self> {
        let db = Connection::open(file)?;
        db.execute_batch(SCHEMA)?;
        Ok(SqliteStore { db, calls: Cell::new(0), commits: Cell::new(0) })
    }

    pub fn calls(&self) -> u32 {
        self.calls.get()
    }

    pub fn commits(&self) -> u32 {
        self.commits.get()
    }

    fn rows<T: serde::de::DeserializeOwned>(&self, query: &str, key: impl Params) -> rusqlite::Result<Vec<T>> {
        let mut statement = self.db.prepare_cached(query)?;
        let mut rows = statement.query(key)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let body = row.get_ref(0)?.as_str()?;
            found.push(serde_json::from_str(body).map_err(unreadable)?);
        }
        Ok(found)
    }

    fn put(&self, statement: &str, values: impl Params) -> rusqlite::Result<()> {
        self.db.prepare_cached(statement)?.execute(values).map(drop)
    }

    fn called<T>(&self, act: impl FnOnce() -> rusqlite::Result<T>) -> Result<T, Problem> {
        self.calls.set(self.calls.get() + 1);
        act().map_err(|error| Problem::new(Code::StoreFailed).said(error.to_string()))
    }

    fn write(&self, commit: &Commit) -> rusqlite::Result<()> {
        if commit.clear {
            self.db
                .execute_batch("DELETE FROM links; DELETE FROM operations; DELETE FROM runs; DELETE FROM changes;")?;
        }
        self.put("REPLACE INTO head VALUES (1, ?1)", [text_of(&commit.head)])?;
        for id in &commit.remove {
            self.put("DELETE FROM links WHERE id = ?1", [id.as_str()])?;
        }
        for id in &commit.remove_operations {
            self.put("DELETE FROM operations WHERE id = ?1", [text_of(id)])?;
        }
        if let Some(limit) = commit.forget_before.map(|limit| limit.timestamp_millis()) {
            self.put("DELETE FROM runs WHERE at < ?1", [limit])?;
            self.put("DELETE FROM changes WHERE at < ?1", [limit])?;
        }
        for link in &commit.put {
            let id = |side| link.on(side).map(|state| state.id.as_str());
            let row = text_of(&IndexRow::of(link));
            let values = params![link.id.as_str(), id(Side::Blikk), id(Side::Exchange), row, text_of(link)];
            self.put(
                "INSERT INTO links VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET
                 blikk = excluded.blikk, exchange = excluded.exchange, row = excluded.row, body = excluded.body",
                values,
            )?;
        }
        for operation in &commit.put_operations {
            self.put("REPLACE INTO operations VALUES (?1, ?2)", [text_of(&operation.id), text_of(operation)])?;
        }
        for run in &commit.put_runs {
            let (number, at) = (run.run as i64, run.started.timestamp_millis());
            self.put("REPLACE INTO runs VALUES (?1, ?2, ?3)", params![number, at, text_of(run)])?;
        }
        for change in &commit.put_changes {
            let (run, at) = (change.run as i64, change.at.timestamp_millis());
            self.put("REPLACE INTO changes VALUES (?1, ?2, ?3, ?4)", params![run, change.place, at, text_of(change)])?;
        }
        Ok(())
    }
}

fn text_of<T: serde::Serialize>(row: &T) -> String {
    serde_json::to_string(row).unwrap_or_default()
}

fn unreadable(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
}

impl StateStore for SqliteStore {
    async fn head(&self) -> Result<Head, Problem> {
        self.called(|| Ok(self.rows("SELECT body FROM head", [])?.pop().unwrap_or_default()))
    }

    async fn links_of(&self, side: Side, ids: &[RemoteId]) -> Result<Vec<Link>, Problem> {
        let query = match side {
            Side::Blikk => "SELECT body FROM links WHERE blikk = ?1",
            Side::Exchange => "SELECT body FROM links WHERE exchange = ?1",
        };
        self.called(|| {
            let found: rusqlite::Result<Vec<Vec<Link>>> =
                ids.iter().map(|id| self.rows(query, [id.as_str()])).collect();
            Ok(found?.into_iter().flatten().collect())
        })
    }

    async fn index(&self) -> Result<Vec<IndexRow>, Problem> {
        self.called(|| self.rows("SELECT row FROM links", []))
    }

    async fn links_after(&self, after: Option<&LinkId>, limit: u32) -> Result<Vec<Link>, Problem> {
        let after = after.map_or("", LinkId::as_str);
        self.called(|| self.rows("SELECT body FROM links WHERE id > ?1 ORDER BY id LIMIT ?2", params![after, limit]))
    }

    async fn operations(&self) -> Result<Vec<Operation>, Problem> {
        self.called(|| self.rows("SELECT body FROM operations ORDER BY id", []))
    }

    async fn runs(&self) -> Result<Vec<RunRecord>, Problem> {
        self.called(|| self.rows("SELECT body FROM runs ORDER BY run DESC", []))
    }

    async fn changes_of(&self, run: u64) -> Result<Vec<ChangeRecord>, Problem> {
        self.called(|| self.rows("SELECT body FROM changes WHERE run = ?1 ORDER BY place", [run as i64]))
    }

    async fn commit(&self, commit: Commit) -> Result<(), Problem> {
        let is_written = self.called(|| {
            let transaction = self.db.unchecked_transaction()?;
            let query = "SELECT body ->> 'generation' FROM head";
            let generation: Option<i64> = transaction.query_row(query, [], |row| row.get(0)).optional()?;
            let is_current = generation.unwrap_or(0) == commit.expected_generation as i64;
            if is_current {
                self.write(&commit)?;
                transaction.commit()?;
            }
            Ok(is_current)
        })?;
        self.commits.set(self.commits.get() + 1);
        if is_written { Ok(()) } else { Err(Code::StoreStale.into()) }
    }
}
