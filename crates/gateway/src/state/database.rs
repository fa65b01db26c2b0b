//! The rows in SQLite or PostgreSQL: one set of statements for both, written so that each means the same in either.
//!
//! A commit begins by claiming the next generation, with an UPDATE that finds its pair at the expected one. Of two at the
//! same moment the second waits for the first (SQLite has one writer, PostgreSQL locks the row) and then finds nothing.

use std::path::Path;
use std::time::Duration;

use futures_util::TryStreamExt;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretBox};
use sqlx::any::{AnyArguments, AnyConnectOptions, AnyPoolOptions, AnyRow};
use sqlx::migrate::Migrator;
use sqlx::query::Query;
use sqlx::{Any, AnyPool, AssertSqlSafe, ConnectOptions, Executor, Row, Transaction};
use tokio::sync::OnceCell;

use super::rows::{Commit, IndexRow, Link, Record};
use super::seal::Sealer;
use super::{Kind, Pair};
use crate::config::{Keeper, StateConfig};
use crate::error::Error;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// How long a request waits for a connection, and a writer in SQLite for the writer before.
const PATIENCE: Duration = Duration::from_secs(5);
/// An answer ends after this much; the next one goes on.
const PAGE_BYTES: usize = 4 << 20;
/// What a row takes up beside what is sealed.
const ROW_BYTES: i64 = 128;
/// A mailbox has a few calendars, and a person does not try them all.
const MOST_PAIRS: i64 = 50;
/// Ids in one statement, and rows in one.
const IDS_AT_ONCE: usize = 500;
const ROWS_AT_ONCE: usize = 100;

/// `$1`, `$2` and `$3` are the pair's.
const THE_PAIR: &str = "SELECT id FROM pair WHERE person = $1 AND mailbox = $2 AND folder = $3";

pub(crate) struct Database {
    pool: AnyPool,
    migrations: &'static Migrator,
    is_ready: OnceCell<()>,
    sealer: Sealer,
    most_bytes: i64,
}

/// Rows in order, as JSON, and where the next page begins, if there may be one.
#[derive(Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub next: Option<String>,
}

impl Database {
    /// Connects with the first request, or with [`Database::ready`].
    pub fn new(config: &StateConfig, key: &SecretBox<[u8; 32]>) -> Result<Database, String> {
        sqlx::any::install_default_drivers();
        let (url, migrations) = match &config.keeper {
            Keeper::Sqlite(file) => (sqlite_url(file)?, &SQLITE),
            Keeper::Postgres(url) => (Url::parse(url.expose_secret()).map_err(|_| NO_URL)?, &POSTGRES),
        };
        let is_sqlite = matches!(config.keeper, Keeper::Sqlite(_));
        // Statements hold no values, but nobody needs them in the log either.
        let options = AnyConnectOptions::from_url(&url).map_err(|_| NO_URL)?.disable_statement_logging();
        let pool = AnyPoolOptions::new()
            .max_connections(if is_sqlite { 4 } else { 16 })
            .acquire_timeout(PATIENCE)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if is_sqlite {
                        connection.execute(SQLITE_HABITS).await?;
                    }
                    Ok(())
                })
            })
            .connect_lazy_with(options);
        let most_bytes = config.quota_bytes.try_into().unwrap_or(i64::MAX);
        Ok(Database { pool, migrations, is_ready: OnceCell::new(), sealer: Sealer::new(key), most_bytes })
    }

    /// Connects, and brings the tables to what this version wants.
    ///
    /// # Errors
    /// A sentence for whoever runs the gateway: the database cannot be reached, or a newer gateway wrote it.
    pub async fn ready(&self) -> Result<(), String> {
        let migrate = || async { self.migrations.run(&self.pool).await };
        self.is_ready.get_or_try_init(migrate).await.copied().map_err(|error| format!("state: {error}"))
    }

    pub async fn head(&self, pair: &Pair) -> Result<Option<String>, Error> {
        let sql = "SELECT head FROM pair WHERE person = $1 AND mailbox = $2 AND folder = $3 AND head IS NOT NULL";
        let row = for_pair(pair, sql.into()).fetch_optional(self.pool().await?).await.map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let sealed: Vec<u8> = row.try_get(0).map_err(failed)?;
        Ok(Some(self.opened(pair, Kind::Head, "", &sealed)?))
    }

    /// 0 for who never synchronised. It stands beside the head, unsealed.
    pub async fn generation(&self, pair: &Pair) -> Result<i64, Error> {
        let sql = "SELECT generation FROM pair WHERE person = $1 AND mailbox = $2 AND folder = $3";
        let row = for_pair(pair, sql.into()).fetch_optional(self.pool().await?).await.map_err(failed)?;
        row.map_or(Ok(0), |row| row.try_get(0)).map_err(failed)
    }

    /// The links that hold one of these ids on that side.
    pub async fn links_of(
        &self,
        pair: &Pair,
        side: SideName,
        ids: &[String],
        after: Option<&str>,
    ) -> Result<Page<String>, Error> {
        if ids.is_empty() {
            return Ok(Page { rows: Vec::new(), next: None });
        }
        let (column, places) = (side.column(), places(5, ids.len()));
        let sql = format!(
            "SELECT id, sealed FROM link WHERE pair = ({THE_PAIR}) AND id > $4 AND {column} IN ({places}) ORDER BY id"
        );
        let query = ids.iter().fold(for_pair(pair, sql).bind(after.unwrap_or_default()), |query, id| query.bind(id));
        self.page(pair, Kind::Link, query, usize::MAX).await
    }

    pub async fn links_after(&self, pair: &Pair, after: Option<&str>, limit: usize) -> Result<Page<String>, Error> {
        let sql = format!("SELECT id, sealed FROM link WHERE pair = ({THE_PAIR}) AND id > $4 ORDER BY id LIMIT $5");
        let query = for_pair(pair, sql).bind(after.unwrap_or_default()).bind(limit as i64);
        self.page(pair, Kind::Link, query, limit).await
    }

    pub async fn index(&self, pair: &Pair, after: Option<&str>, limit: usize) -> Result<Page<IndexRow>, Error> {
        let sql = format!(
            "SELECT id, blikk, blikk_version, exchange, exchange_version, enters \
             FROM link WHERE pair = ({THE_PAIR}) AND id > $4 ORDER BY id LIMIT $5"
        );
        let query = for_pair(pair, sql).bind(after.unwrap_or_default()).bind(limit as i64);
        let found = query.fetch_all(self.pool().await?).await.map_err(failed)?;
        let rows: Vec<IndexRow> = found.iter().map(index_row).collect::<Result<_, _>>().map_err(failed)?;
        let next = rows.last().filter(|_| rows.len() == limit).map(|row| row.id.clone());
        Ok(Page { rows, next })
    }

    pub async fn operations(&self, pair: &Pair, after: Option<&str>) -> Result<Page<String>, Error> {
        let sql = format!(
            "SELECT id, sealed FROM record WHERE pair = ({THE_PAIR}) AND kind = 'operation' AND id > $4 ORDER BY id"
        );
        self.page(pair, Kind::Operation, for_pair(pair, sql).bind(after.unwrap_or_default()), usize::MAX).await
    }

    /// The last one first.
    pub async fn runs(&self, pair: &Pair, after: Option<&str>) -> Result<Page<String>, Error> {
        let sql = format!(
            "SELECT id, sealed FROM record WHERE pair = ({THE_PAIR}) AND kind = 'run' AND id < $4 ORDER BY id DESC"
        );
        // Ids of runs are digits.
        self.page(pair, Kind::Run, for_pair(pair, sql).bind(after.unwrap_or(":")), usize::MAX).await
    }

    pub async fn changes_of(&self, pair: &Pair, run: &str, after: Option<&str>) -> Result<Page<String>, Error> {
        let sql = format!(
            "SELECT id, sealed FROM record \
             WHERE pair = ({THE_PAIR}) AND kind = 'change' AND id > $4 AND id < $5 ORDER BY id"
        );
        // The run's id and a hyphen begin them all; a full stop comes after a hyphen.
        let (first, end) = (format!("{run}-"), format!("{run}."));
        let query = for_pair(pair, sql).bind(after.map_or(first, str::to_owned)).bind(end);
        self.page(pair, Kind::Change, query, usize::MAX).await
    }

    /// All of it or nothing.
    pub async fn commit(&self, pair: &Pair, commit: &Commit<'_>) -> Result<(), Error> {
        let mut work = self.pool().await?.begin().await.map_err(failed)?;
        let Claimed { pair: id, bytes } = claim(&mut work, pair, commit).await?;
        let freed = make_room(&mut work, id, commit).await.map_err(failed)?;
        let head = self.sealer.seal(pair, Kind::Head, "", commit.head);
        let added = self.put(&mut work, pair, id, commit).await.map_err(failed)?;
        let total = bytes - freed + added;
        if total > self.most_bytes && added > freed {
            return Err(Error::StateFull);
        }
        let sql = "UPDATE pair SET bytes = $2, head = $3 WHERE id = $1";
        sqlx::query(sql).bind(id).bind(total).bind(head).execute(&mut *work).await.map_err(failed)?;
        work.commit().await.map_err(failed)
    }

    /// Writes links and records, and tells what they take up.
    async fn put(
        &self,
        work: &mut Transaction<'_, Any>,
        pair: &Pair,
        id: i64,
        commit: &Commit<'_>,
    ) -> Result<i64, sqlx::Error> {
        let mut added = 0;
        let links: Vec<(&String, &Link)> = commit.links.iter().collect();
        for links in links.chunks(ROWS_AT_ONCE) {
            let sql = format!(
                "INSERT INTO link (pair, id, blikk, blikk_version, exchange, exchange_version, enters, sealed) VALUES {}",
                tuples(links.len(), 8)
            );
            let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
            for (link_id, Link { blikk, exchange, enters, row }) in links {
                let sealed = self.sealer.seal(pair, Kind::Link, link_id, row);
                added += sealed.len() as i64 + ROW_BYTES;
                query = query.bind(id).bind(link_id.as_str());
                for side in [blikk, exchange] {
                    let side = side.as_ref();
                    query = query.bind(side.map(|side| side.id.as_str())).bind(side.map(|side| side.version.as_str()));
                }
                query = query.bind(enters.as_deref()).bind(sealed);
            }
            query.execute(&mut **work).await?;
        }
        let records: Vec<(&(Kind, String), &Record)> = commit.records.iter().collect();
        for records in records.chunks(ROWS_AT_ONCE) {
            let tuples = tuples(records.len(), 5);
            let sql = format!("INSERT INTO record (pair, kind, id, instant, sealed) VALUES {tuples}");
            let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
            for ((kind, record_id), Record { instant, row }) in records {
                let sealed = self.sealer.seal(pair, *kind, record_id, row);
                added += sealed.len() as i64 + ROW_BYTES;
                query = query.bind(id).bind(kind.name()).bind(record_id.as_str()).bind(instant.as_deref()).bind(sealed);
            }
            query.execute(&mut **work).await?;
        }
        Ok(added)
    }

    async fn page(
        &self,
        pair: &Pair,
        kind: Kind,
        query: Query<'_, Any, AnyArguments>,
        limit: usize,
    ) -> Result<Page<String>, Error> {
        let mut found = query.fetch(self.pool().await?);
        let (mut page, mut bytes) = (Page { rows: Vec::new(), next: None }, 0);
        while let Some(row) = found.try_next().await.map_err(failed)? {
            let (id, sealed): (String, Vec<u8>) = (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
            let row = self.opened(pair, kind, &id, &sealed)?;
            bytes += row.len();
            page.rows.push(row);
            if page.rows.len() == limit || bytes > PAGE_BYTES {
                page.next = Some(id);
                break;
            }
        }
        Ok(page)
    }

    fn opened(&self, pair: &Pair, kind: Kind, id: &str, sealed: &[u8]) -> Result<String, Error> {
        self.sealer.open(pair, kind, id, sealed).ok_or_else(|| {
            tracing::error!(kind = kind.name(), "a row of the state does not open with integration.key");
            Error::StateUnreadable
        })
    }

    async fn pool(&self) -> Result<&AnyPool, Error> {
        self.ready().await.map_err(|error| {
            tracing::error!(error, "the state cannot be reached");
            Error::Internal
        })?;
        Ok(&self.pool)
    }
}

/// Which side's ids are looked up.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SideName {
    Blikk,
    Exchange,
}

impl SideName {
    fn column(self) -> &'static str {
        match self {
            SideName::Blikk => "blikk",
            SideName::Exchange => "exchange",
        }
    }
}

struct Claimed {
    pair: i64,
    bytes: i64,
}

/// Takes the next generation, and with it the right to write until the transaction ends.
async fn claim(work: &mut Transaction<'_, Any>, pair: &Pair, commit: &Commit<'_>) -> Result<Claimed, Error> {
    if commit.expected_generation == 0 {
        let sql = "INSERT INTO pair (person, mailbox, folder, generation, bytes) SELECT $1, $2, $3, 0, 0 \
                   WHERE (SELECT COUNT(*) FROM pair WHERE person = $1 AND mailbox = $2) < $4 \
                   ON CONFLICT (person, mailbox, folder) DO NOTHING";
        for_pair(pair, sql.into()).bind(MOST_PAIRS).execute(&mut **work).await.map_err(failed)?;
    }
    let sql = "UPDATE pair SET generation = $5 \
               WHERE person = $1 AND mailbox = $2 AND folder = $3 AND generation = $4 RETURNING id, bytes";
    let query = for_pair(pair, sql.into()).bind(commit.expected_generation).bind(commit.generation);
    if let Some(row) = query.fetch_optional(&mut **work).await.map_err(failed)? {
        return Ok(Claimed { pair: row.try_get(0).map_err(failed)?, bytes: row.try_get(1).map_err(failed)? });
    }
    let is_there = for_pair(pair, THE_PAIR.into()).fetch_optional(&mut **work).await.map_err(failed)?.is_some();
    // One that could not even begin is one too many.
    Err(if is_there || commit.expected_generation > 0 { Error::StateStale } else { Error::StateFull })
}

/// Takes away what is removed, forgotten or replaced, and tells what it took up.
async fn make_room(work: &mut Transaction<'_, Any>, pair: i64, commit: &Commit<'_>) -> Result<i64, sqlx::Error> {
    let mut freed = 0;
    if commit.clear {
        for table in ["link", "record"] {
            freed += deleted(work, pair, table, "", &[]).await?;
        }
        return Ok(freed);
    }
    let links: Vec<&str> = commit.remove.iter().chain(commit.links.keys()).map(String::as_str).collect();
    freed += deleted_by_id(work, pair, "link", "", &links).await?;
    for kind in [Kind::Operation, Kind::Run, Kind::Change] {
        let removed = commit.remove_operations.iter().filter(|_| kind == Kind::Operation);
        let replaced = commit.records.keys().filter(|(other, _)| *other == kind).map(|(_, id)| id);
        let ids: Vec<&str> = removed.chain(replaced).map(String::as_str).collect();
        freed += deleted_by_id(work, pair, "record", &format!("AND kind = '{}'", kind.name()), &ids).await?;
    }
    if let Some(before) = &commit.forget_before {
        freed += deleted(work, pair, "record", "AND instant < $2", &[before]).await?;
    }
    Ok(freed)
}

async fn deleted_by_id(
    work: &mut Transaction<'_, Any>,
    pair: i64,
    table: &str,
    more: &str,
    ids: &[&str],
) -> Result<i64, sqlx::Error> {
    let mut freed = 0;
    for ids in ids.chunks(IDS_AT_ONCE) {
        freed += deleted(work, pair, table, &format!("{more} AND id IN ({})", places(2, ids.len())), ids).await?;
    }
    Ok(freed)
}

/// `more` narrows what is deleted; its values begin at `$2`.
async fn deleted(
    work: &mut Transaction<'_, Any>,
    pair: i64,
    table: &str,
    more: &str,
    values: &[&str],
) -> Result<i64, sqlx::Error> {
    let sql = format!("DELETE FROM {table} WHERE pair = $1 {more} RETURNING CAST(length(sealed) AS BIGINT)");
    let query = sqlx::query(AssertSqlSafe(sql)).persistent(false).bind(pair);
    let rows = values.iter().fold(query, |query, value| query.bind(*value)).fetch_all(&mut **work).await?;
    rows.iter().map(|row| Ok(row.try_get::<i64, _>(0)? + ROW_BYTES)).sum()
}

fn for_pair<'q>(pair: &'q Pair, sql: String) -> Query<'q, Any, AnyArguments> {
    sqlx::query(AssertSqlSafe(sql)).bind(&pair.person).bind(&pair.mailbox).bind(&pair.folder)
}

fn index_row(row: &AnyRow) -> Result<IndexRow, sqlx::Error> {
    Ok(IndexRow {
        id: row.try_get(0)?,
        blikk: row.try_get(1)?,
        blikk_version: row.try_get(2)?,
        exchange: row.try_get(3)?,
        exchange_version: row.try_get(4)?,
        enters: row.try_get(5)?,
    })
}

/// `$5,$6,$7`
fn places(first: usize, count: usize) -> String {
    (first..first + count).map(|place| format!("${place}")).collect::<Vec<_>>().join(",")
}

/// `($1,$2),($3,$4)`
fn tuples(rows: usize, columns: usize) -> String {
    let tuple = |row| format!("({})", places(1 + row * columns, columns));
    (0..rows).map(tuple).collect::<Vec<_>>().join(",")
}

/// Readers are not held up by a writer, a commit is on the disk when it is answered, and writers wait for each other.
const SQLITE_HABITS: &str =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON;";

const NO_URL: &str = "state.postgres: must be an address like \"postgres://user:password@host/database\"";

/// Made here if it is not there, so that nobody but the owner may read it.
fn sqlite_url(file: &Path) -> Result<Url, String> {
    let told = |error: &dyn std::fmt::Display| format!("state.sqlite: {}: {error}", file.display());
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map_err(|error| told(&error))?;
    let absolute = std::path::absolute(file).map_err(|error| told(&error))?;
    let path = absolute.to_str().ok_or_else(|| told(&"the path is not UTF-8"))?;
    let mut url = Url::parse("sqlite:///").map_err(|error| told(&error))?;
    // The rest of a name it encodes itself.
    url.set_path(&path.replace('%', "%25"));
    Ok(url)
}

/// What a database's error means; the log gets its words, which hold no values.
fn failed(error: sqlx::Error) -> Error {
    tracing::error!(%error, "the state's database failed");
    let code = error.as_database_error().and_then(|error| error.code());
    match code.as_deref() {
        // SQLITE_FULL; PostgreSQL's disk_full.
        Some("13" | "53100") => Error::StateFull,
        // SQLITE_BUSY and its kin: writers before this one took too long, and it did not begin.
        Some("5" | "261" | "517") => Error::Overloaded,
        _ => Error::Internal,
    }
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqliteConnectOptions;

    use super::*;

    /// In memory, each of the pool's connections would have a database of its own, and lose it.
    #[test]
    fn the_state_is_in_a_file_whatever_its_name() {
        let folder = tempfile::tempdir().unwrap();
        for name in [":memory:", "state.sqlite?mode=memory&cache=shared", "löner 50%25.sqlite"] {
            let file = folder.path().join(name);
            let options = SqliteConnectOptions::from_url(&sqlite_url(&file).unwrap()).unwrap();
            assert_eq!(options.get_filename(), file);
        }
    }
}
