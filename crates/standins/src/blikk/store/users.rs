//! Who may sign in, and who has.

use chrono::{TimeDelta, Utc};

use super::*;
use crate::blikk::{NewUser, Role, User};

const SESSION_HOURS: i64 = 8;

/// Who is asking.
#[derive(Clone, Debug)]
pub(in crate::blikk) struct Caller {
    pub row: i64,
    pub user: User,
}

impl Store {
    pub async fn add_user(&self, new: NewUser) -> Result<User, Refusal> {
        let added = sqlx::query(
            "INSERT INTO users (name, email, password, is_admin, has_calendar) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING RETURNING *",
        )
        .bind(new.name)
        .bind(new.email)
        .bind(new.password)
        .bind(new.role == Role::Admin)
        .bind(new.calendar)
        .fetch_optional(&self.pool)
        .await?;
        let row = added.ok_or_else(|| Refusal::invalid_value("email", "Another user has this address."))?;
        Ok(caller_of(&row)?.user)
    }

    pub async fn users(&self) -> Result<Vec<User>, Refusal> {
        let rows = sqlx::query("SELECT * FROM users ORDER BY id").fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok(caller_of(row)?.user)).collect()
    }

    /// The user with that address and password.
    pub async fn known(&self, email: &str, password: &str) -> Result<Option<User>, Refusal> {
        let row = sqlx::query("SELECT * FROM users WHERE email = ? AND password = ?")
            .bind(email)
            .bind(password)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| Ok(caller_of(&row)?.user)).transpose()
    }

    pub async fn new_session(&self, user_id: &str) -> Result<String, Refusal> {
        let token = sqlx::query_scalar(
            "INSERT INTO sessions (token, user_id, expires_at) VALUES (lower(hex(randomblob(16))), ?, ?)
             RETURNING token",
        )
        .bind(row_id(user_id)?)
        .bind((Utc::now() + TimeDelta::hours(SESSION_HOURS)).timestamp())
        .fetch_one(&self.pool)
        .await?;
        Ok(token)
    }

    pub async fn end_sessions(&self, user_id: &str) -> Result<(), Refusal> {
        sqlx::query("DELETE FROM sessions WHERE user_id = ?").bind(row_id(user_id)?).execute(&self.pool).await?;
        Ok(())
    }

    pub async fn caller(&self, token: &str) -> Result<Option<Caller>, Refusal> {
        let row = sqlx::query(
            "SELECT users.* FROM sessions JOIN users ON users.id = user_id WHERE token = ? AND expires_at > ?",
        )
        .bind(token)
        .bind(Utc::now().timestamp())
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| caller_of(&row)).transpose()
    }
}

fn caller_of(row: &SqliteRow) -> Result<Caller, Refusal> {
    let id: i64 = row.try_get("id")?;
    let role = if row.try_get("is_admin")? { Role::Admin } else { Role::User };
    let user = User {
        id: id.to_string(),
        name: row.try_get("name")?,
        email: row.try_get("email")?,
        password: row.try_get("password")?,
        role,
        calendar: row.try_get("has_calendar")?,
    };
    Ok(Caller { row: id, user })
}
