//! What changed since a cursor, and for how long the dead are remembered.

use chrono::TimeDelta;

use super::*;
use crate::blikk::cursor::Cursor;

/// As the contract promises.
const TOMBSTONE_DAYS: i64 = 30;

/// A page is closed when its events are this large together.
const PAGE_BYTES: usize = 5_000_000;

/// An event in the feed, living or dead.
pub(in crate::blikk) enum Kept {
    Living(Box<CalendarEvent>),
    Dead { id: String, version: String, deleted_at: DateTime<Utc> },
}

/// A page of the feed.
pub(in crate::blikk) struct Changes {
    pub items: Vec<Kept>,
    /// How many there are from the cursor on, this page included.
    pub left: i64,
    pub next: Cursor,
    pub has_more: bool,
}

/// The rows after a cursor: user, last, start.
macro_rules! after {
    ($before:literal, $after:literal) => {
        concat!($before, " FROM events WHERE user_id = ?1 AND seq > ?2 AND (deleted_at IS NULL OR seq > ?3) ", $after)
    };
}

impl Store {
    pub async fn changes(&self, user: i64, since: Option<Cursor>, most: i64) -> Result<Changes, Refusal> {
        let mut tx = self.pool.begin().await?;
        forget(&mut tx, Utc::now() - TimeDelta::days(TOMBSTONE_DAYS)).await?;
        let since = valid(&mut tx, user, since).await?;
        let left = sqlx::query_scalar(after!("SELECT COUNT(*)", ""))
            .bind(user)
            .bind(since.last)
            .bind(since.start)
            .fetch_one(&mut *tx)
            .await?;
        let rows = sqlx::query(after!("SELECT *", "ORDER BY seq LIMIT ?4"))
            .bind(user)
            .bind(since.last)
            .bind(since.start)
            .bind(most)
            .fetch_all(&mut *tx)
            .await?;
        tx.commit().await?;
        page_of(&rows, left, since)
    }

    pub async fn expire_cursors(&self) -> Result<(), Refusal> {
        sqlx::query("UPDATE numbers SET value = value + 1 WHERE name = 'epoch'").execute(&self.pool).await?;
        Ok(())
    }

    pub async fn forget_tombstones(&self, before: DateTime<Utc>) -> Result<(), Refusal> {
        let mut tx = self.pool.begin().await?;
        forget(&mut tx, before).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The cursor, if it was given out for this calendar and no tombstone after it is forgotten; or a new one.
async fn valid(tx: &mut Tx, user: i64, since: Option<Cursor>) -> Result<Cursor, Refusal> {
    let (epoch, now) = (number(tx, "epoch").await?, number(tx, "seq").await?);
    let Some(since) = since else { return Ok(Cursor { epoch, user, start: now, last: 0 }) };
    let reaches = since.last.max(since.start);
    let is_ours = since.epoch == epoch && since.user == user && reaches <= now;
    if is_ours && reaches >= number(tx, "forgotten").await? { Ok(since) } else { Err(Refusal::cursor_expired()) }
}

fn page_of(rows: &[SqliteRow], left: i64, since: Cursor) -> Result<Changes, Refusal> {
    let (mut items, mut bytes, mut next) = (Vec::new(), 0, since);
    for row in rows {
        let size = row.try_get::<&str, _>("fields")?.len();
        if !items.is_empty() && bytes + size > PAGE_BYTES {
            break;
        }
        bytes += size;
        next.last = row.try_get("seq")?;
        items.push(kept(row)?);
    }
    let has_more = left > items.len() as i64;
    if !has_more {
        // The enumeration is over: from here on it is a list of changes like any other.
        next.last = next.last.max(next.start);
    }
    Ok(Changes { items, left, next, has_more })
}

fn kept(row: &SqliteRow) -> Result<Kept, Refusal> {
    Ok(match row.try_get::<Option<i64>, _>("deleted_at")? {
        None => Kept::Living(Box::new(event_of(row)?)),
        Some(deleted_at) => Kept::Dead {
            id: row.try_get::<i64, _>("id")?.to_string(),
            version: row.try_get::<i64, _>("version")?.to_string(),
            deleted_at: instant_of(deleted_at),
        },
    })
}

async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<(), Refusal> {
    let forgotten: Option<i64> = sqlx::query_scalar("SELECT MAX(seq) FROM events WHERE deleted_at < ?")
        .bind(before.timestamp())
        .fetch_one(&mut **tx)
        .await?;
    let Some(seq) = forgotten else { return Ok(()) };
    sqlx::query("DELETE FROM events WHERE deleted_at < ?").bind(before.timestamp()).execute(&mut **tx).await?;
    sqlx::query("UPDATE numbers SET value = MAX(value, ?) WHERE name = 'forgotten'")
        .bind(seq)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
