//! The events of a user: read, create once, change and delete what is still as expected.

use chrono::TimeDelta;
use serde_json::Value;

use super::*;
use crate::blikk::event::NewEvent;

const KEY_DAYS: i64 = 7;

/// Which events a list shows.
#[derive(Clone, Debug, Default)]
pub(in crate::blikk) struct Filter {
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
    pub external_id: Option<String>,
}

/// What a creation led to.
pub(in crate::blikk) enum Made {
    Now(CalendarEvent),
    /// By the same key.
    Before(CalendarEvent),
}

/// The rows of a list: user, from, to, external id.
macro_rules! listed {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " FROM events WHERE user_id = ?1 AND deleted_at IS NULL
              AND (ends > ?2 OR (starts = ends AND ends = ?2)) AND starts < ?3
              AND (?4 IS NULL OR external_id = ?4) ",
            $after
        )
    };
}

impl Store {
    /// A page of the list, and how many events the whole list has.
    pub async fn list(
        &self,
        user: i64,
        filter: &Filter,
        page: i64,
        size: i64,
    ) -> Result<(Vec<CalendarEvent>, i64), Refusal> {
        let from = filter.from.map_or(i64::MIN, |instant| instant.timestamp());
        let to = filter.to.map_or(i64::MAX, |instant| instant.timestamp());
        let mut tx = self.pool.begin().await?;
        let total = sqlx::query_scalar(listed!("SELECT COUNT(*)", ""))
            .bind(user)
            .bind(from)
            .bind(to)
            .bind(&filter.external_id)
            .fetch_one(&mut *tx)
            .await?;
        let rows = sqlx::query(listed!("SELECT *", "ORDER BY starts, id LIMIT ?5 OFFSET ?6"))
            .bind(user)
            .bind(from)
            .bind(to)
            .bind(&filter.external_id)
            .bind(size)
            .bind((page - 1).saturating_mul(size))
            .fetch_all(&mut *tx)
            .await?;
        Ok((rows.iter().map(event_of).collect::<Result<_, _>>()?, total))
    }

    pub async fn all(&self, user_id: &str) -> Result<Vec<CalendarEvent>, Refusal> {
        let rows = sqlx::query("SELECT * FROM events WHERE user_id = ? AND deleted_at IS NULL ORDER BY id")
            .bind(row_id(user_id)?)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(event_of).collect()
    }

    pub async fn get(&self, user: i64, id: &str) -> Result<CalendarEvent, Refusal> {
        living(&mut self.pool.begin().await?, user, id).await
    }

    /// Creates an event, unless the key has created one before.
    pub async fn create(
        &self,
        user: i64,
        key: Option<&str>,
        new: impl FnOnce() -> Result<NewEvent, Refusal>,
        now: DateTime<Utc>,
    ) -> Result<Made, Refusal> {
        let mut tx = self.pool.begin().await?;
        if let Some(key) = key
            && let Some(event) = made_by(&mut tx, user, key, now).await?
        {
            return Ok(Made::Before(event));
        }
        let event = insert(&mut tx, user, new()?, now).await?;
        if let Some(key) = key {
            sqlx::query("INSERT INTO keys VALUES (?, ?, ?, ?)")
                .bind(user)
                .bind(key)
                .bind(row_id(&event.id)?)
                .bind(now.timestamp())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(Made::Now(event))
    }

    /// All of them or none.
    pub async fn insert(
        &self,
        user_id: &str,
        events: &[Value],
        now: DateTime<Utc>,
    ) -> Result<Vec<CalendarEvent>, Refusal> {
        let user = row_id(user_id)?;
        let mut tx = self.pool.begin().await?;
        let mut made = Vec::with_capacity(events.len());
        for json in events {
            made.push(insert(&mut tx, user, NewEvent::read(json)?, now).await?);
        }
        tx.commit().await?;
        Ok(made)
    }

    /// Changes the event if it is a version that `expects` takes. What changes nothing keeps the version.
    pub async fn update(
        &self,
        user: i64,
        id: &str,
        expects: impl Fn(&str) -> bool,
        change: &Value,
        now: DateTime<Utc>,
    ) -> Result<CalendarEvent, Refusal> {
        let mut tx = self.pool.begin().await?;
        let event = expected(&mut tx, user, id, expects).await?;
        let mut fields = event.fields.clone();
        fields.change(change)?;
        if fields == event.fields {
            return Ok(event);
        }
        let row = sqlx::query(
            "UPDATE events SET seq = ?, version = version + 1, starts = ?, ends = ?, fields = ?, changed_at = ?
             WHERE id = ? RETURNING *",
        )
        .bind(next_seq(&mut tx).await?)
        .bind(fields.start.instant().timestamp())
        .bind(ends(&fields))
        .bind(json_of(&fields)?)
        // Later than the creation, within the same second too.
        .bind(now.timestamp().max(event.created_at.timestamp() + 1))
        .bind(row_id(id)?)
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        event_of(&row)
    }

    /// Deletes the event if it is a version that `expects` takes. What a person wrote in it goes at once; the tombstone
    /// has an id and a version.
    pub async fn delete(
        &self,
        user: i64,
        id: &str,
        expects: impl Fn(&str) -> bool,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let mut tx = self.pool.begin().await?;
        expected(&mut tx, user, id, expects).await?;
        sqlx::query(
            "UPDATE events SET seq = ?, version = version + 1, external_id = NULL, fields = '', deleted_at = ?
             WHERE id = ?",
        )
        .bind(next_seq(&mut tx).await?)
        .bind(now.timestamp())
        .bind(row_id(id)?)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The event that this key created, or `eventDeleted` when it is no more: a repeat must not bring it back.
async fn made_by(tx: &mut Tx, user: i64, key: &str, now: DateTime<Utc>) -> Result<Option<CalendarEvent>, Refusal> {
    let id: Option<i64> = sqlx::query_scalar("SELECT event_id FROM keys WHERE user_id = ? AND key = ? AND used_at > ?")
        .bind(user)
        .bind(key)
        .bind((now - TimeDelta::days(KEY_DAYS)).timestamp())
        .fetch_optional(&mut **tx)
        .await?;
    match id {
        Some(id) => living(tx, user, &id.to_string()).await.map(Some).map_err(|_| Refusal::DELETED),
        None => {
            // A key of more than seven days ago may be used anew.
            sqlx::query("DELETE FROM keys WHERE user_id = ? AND key = ?")
                .bind(user)
                .bind(key)
                .execute(&mut **tx)
                .await?;
            Ok(None)
        }
    }
}

/// A series counts as lasting for ever.
fn ends(fields: &Fields) -> i64 {
    if fields.recurrence.is_some() { i64::MAX } else { fields.end.instant().timestamp() }
}

async fn insert(tx: &mut Tx, user: i64, new: NewEvent, now: DateTime<Utc>) -> Result<CalendarEvent, Refusal> {
    let row = sqlx::query(
        "INSERT INTO events (user_id, seq, version, external_id, starts, ends, fields, created_at, changed_at)
         VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?7) ON CONFLICT DO NOTHING RETURNING *",
    )
    .bind(user)
    .bind(next_seq(tx).await?)
    .bind(&new.external_id)
    .bind(new.fields.start.instant().timestamp())
    .bind(ends(&new.fields))
    .bind(json_of(&new.fields)?)
    .bind(now.timestamp())
    .fetch_optional(&mut **tx)
    .await?;
    event_of(&row.ok_or_else(Refusal::external_id_taken)?)
}

async fn living(tx: &mut Tx, user: i64, id: &str) -> Result<CalendarEvent, Refusal> {
    let row = sqlx::query("SELECT * FROM events WHERE user_id = ? AND id = ?")
        .bind(user)
        .bind(row_id(id)?)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(Refusal::NOT_FOUND)?;
    if row.try_get::<Option<i64>, _>("deleted_at")?.is_some() { Err(Refusal::DELETED) } else { event_of(&row) }
}

async fn expected(tx: &mut Tx, user: i64, id: &str, expects: impl Fn(&str) -> bool) -> Result<CalendarEvent, Refusal> {
    let event = living(tx, user, id).await?;
    if expects(&event.version) { Ok(event) } else { Err(Refusal::version_mismatch(&event.version)) }
}

async fn next_seq(tx: &mut Tx) -> Result<i64, Refusal> {
    Ok(sqlx::query_scalar("UPDATE numbers SET value = value + 1 WHERE name = 'seq' RETURNING value")
        .fetch_one(&mut **tx)
        .await?)
}
