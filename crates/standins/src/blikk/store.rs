//! What is kept, in SQLite. What belongs together happens in one transaction.
//!
//! There is one connection, so transactions follow one another, and `seq`, the place of an event's latest change in the
//! feed, becomes visible in its order. A Blikk with many connections has to mind what the contract says of that.

mod events;
mod feed;
mod users;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{ConnectOptions as _, Row as _, Sqlite, Transaction};

use super::event::{CalendarEvent, Fields};
use super::problem::Refusal;

pub(super) use events::{Filter, Made};
pub(super) use feed::{Changes, Kept};
pub(super) use users::Caller;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS users (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL, email TEXT NOT NULL COLLATE NOCASE UNIQUE, password TEXT NOT NULL,
        is_admin INTEGER NOT NULL, has_calendar INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS sessions (
        token TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users, expires_at INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS events (
        id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL REFERENCES users,
        seq INTEGER NOT NULL UNIQUE, version INTEGER NOT NULL, external_id TEXT,
        starts INTEGER NOT NULL, ends INTEGER NOT NULL, fields TEXT NOT NULL,
        created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, deleted_at INTEGER
    );
    CREATE INDEX IF NOT EXISTS feed ON events (user_id, seq);
    CREATE UNIQUE INDEX IF NOT EXISTS living_external_ids ON events (user_id, external_id)
        WHERE external_id IS NOT NULL AND deleted_at IS NULL;
    CREATE TABLE IF NOT EXISTS keys (
        user_id INTEGER NOT NULL, key TEXT NOT NULL, event_id INTEGER NOT NULL, used_at INTEGER NOT NULL,
        PRIMARY KEY (user_id, key)
    );
    -- seq: the latest change; epoch: of the cursors that live; forgotten: the latest tombstone that was let go.
    CREATE TABLE IF NOT EXISTS numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
    INSERT OR IGNORE INTO numbers VALUES ('seq', 0), ('epoch', 1), ('forgotten', 0);
";

pub(super) struct Store {
    pool: SqlitePool,
    /// A database in memory is gone with its last connection, and the pool may close its own at any moment: it does when a
    /// caller hangs up while the connection is being tried. This one is never used, so nothing closes it.
    _open_while_we_are: SqliteConnection,
}

impl Store {
    pub async fn open(file: Option<&Path>) -> Result<Self, sqlx::Error> {
        let options = match file {
            Some(path) => SqliteConnectOptions::new().filename(path).create_if_missing(true),
            None => in_memory(),
        };
        let _open_while_we_are = options.connect().await?;
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        Ok(Store { pool, _open_while_we_are })
    }
}

/// A new database that is not on the disk. It has a name, which whoever connects again finds it by: what is called
/// `:memory:` is another, empty one for each connection. SQLite's `memdb` locks as a file does.
fn in_memory() -> SqliteConnectOptions {
    static OPENED: AtomicU64 = AtomicU64::new(0);
    let name = format!("/blikk-{}", OPENED.fetch_add(1, Ordering::Relaxed));
    SqliteConnectOptions::new().vfs("memdb").filename(name)
}

type Tx = Transaction<'static, Sqlite>;

/// Our ids are row numbers; anything else names nothing.
fn row_id(id: &str) -> Result<i64, Refusal> {
    id.parse().ok().filter(|number: &i64| number.to_string() == id).ok_or(Refusal::NOT_FOUND)
}

async fn number(tx: &mut Tx, name: &str) -> Result<i64, Refusal> {
    Ok(sqlx::query_scalar("SELECT value FROM numbers WHERE name = ?").bind(name).fetch_one(&mut **tx).await?)
}

fn event_of(row: &SqliteRow) -> Result<CalendarEvent, Refusal> {
    let fields: String = row.try_get("fields")?;
    Ok(CalendarEvent {
        object_name: "calendarEvent".to_owned(),
        id: row.try_get::<i64, _>("id")?.to_string(),
        version: row.try_get::<i64, _>("version")?.to_string(),
        external_id: row.try_get("external_id")?,
        fields: serde_json::from_str(&fields).map_err(Refusal::broken)?,
        created_at: instant_of(row.try_get("created_at")?),
        changed_at: instant_of(row.try_get("changed_at")?),
    })
}

fn json_of(fields: &Fields) -> Result<String, Refusal> {
    serde_json::to_string(fields).map_err(Refusal::broken)
}

fn instant_of(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blikk::NewUser;

    #[tokio::test]
    async fn what_is_in_memory_outlives_the_connection_of_a_caller_who_hung_up() {
        let store = Store::open(None).await.expect("a database in memory");
        let anna = store.add_user(NewUser::named("Anna", "anna@konsult.example")).await.expect("new");
        // What the pool does too, but only if the caller hangs up within the microseconds in which it tries a connection.
        store.pool.acquire().await.expect("the connection").close().await.expect("closed");
        assert_eq!(store.users().await.expect("the tables"), [anna]);

        let other = Store::open(None).await.expect("another database in memory");
        assert_eq!(other.users().await.expect("its tables"), []);
    }
}
