//! A Blikk with users, sign-in and a calendar, as docs/blikk-calendar.openapi.yaml says.
//!
//! | file | question it answers |
//! |---|---|
//! | [`event`] | what is an event, and which values does the contract refuse? (pure) |
//! | [`meeting`] | who comes? (pure) |
//! | `layout` | when does a series take place? (pure) |
//! | `occurrence` | what takes place this week? (pure) |
//! | `value` | is this member what the contract says? (pure) |
//! | `cursor` | what stands in a cursor? (pure) |
//! | `rate` | is this user too fast? (pure) |
//! | `problem` | how is a refusal told? |
//! | `store` | what is kept, and what happens in one transaction? (SQLite) |
//! | `api` | the contract's paths |
//! | `control` | the paths for tests: faults, users, counts |
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use standins::blikk::{Blikk, NewUser, Options};
//!
//! let blikk = Blikk::open(Options::default()).await.unwrap();
//! let anna = blikk.add_user(NewUser::named("Anna Åkesson", "anna@konsult.example")).await.unwrap();
//! blikk.insert(&anna.id, &[serde_json::json!({
//!     "title": "Midsommarafton", "start": {"date": "2027-06-25"}, "end": {"date": "2027-06-26"}
//! })]).await.unwrap();
//! assert_eq!(blikk.events(&anna.id).await.unwrap()[0].fields.title, "Midsommarafton");
//! # });
//! ```

mod api;
mod control;
mod cursor;
pub mod event;
mod layout;
pub mod meeting;
mod occurrence;
mod problem;
mod rate;
mod store;
#[cfg(test)]
mod tests;
mod value;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fault::{Faults, Rule};
use event::CalendarEvent;
use rate::Limiter;
use store::Store;

pub use problem::Refusal;
pub use rate::Rate;

/// How a Blikk is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// The SQLite file; `None` keeps everything in memory.
    pub database: Option<PathBuf>,
    pub rate: Rate,
    /// The host page's files, served at `/`.
    pub pages: Option<PathBuf>,
    /// Other origins whose pages may call this Blikk.
    pub origins: Vec<String>,
    /// What Blikk and the gateway share.
    pub token_secret: String,
    pub issuer: String,
    pub token_lifetime: TimeDelta,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            database: None,
            rate: Rate::default(),
            pages: None,
            origins: Vec::new(),
            token_secret: "a secret of the stand-ins, for demo and tests alone".to_owned(),
            issuer: "blikk-standin".to_owned(),
            token_lifetime: TimeDelta::minutes(15),
        }
    }
}

/// A running Blikk. Clones are the same one.
#[derive(Clone)]
pub struct Blikk {
    inner: Arc<Inner>,
}

struct Inner {
    options: Options,
    store: Store,
    limiter: Mutex<Limiter>,
    faults: Mutex<Faults>,
    requests: Mutex<BTreeMap<String, u64>>,
}

/// Somebody to add.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NewUser {
    pub name: String,
    pub email: String,
    #[serde(default = "usual_password")]
    pub password: String,
    #[serde(default)]
    pub role: Role,
    /// Whether the user may use the calendar at all; otherwise 403.
    #[serde(default = "yes")]
    pub calendar: bool,
}

impl NewUser {
    pub fn named(name: &str, email: &str) -> Self {
        NewUser {
            name: name.to_owned(),
            email: email.to_owned(),
            password: usual_password(),
            role: Role::User,
            calendar: true,
        }
    }
}

fn usual_password() -> String {
    "hemligt".to_owned()
}

fn yes() -> bool {
    true
}

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: String,
    pub name: String,
    /// Also the address of the mailbox in Exchange.
    pub email: String,
    /// As it was given: these are no real people.
    pub password: String,
    pub role: Role,
    pub calendar: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    #[default]
    User,
    Admin,
}

impl Blikk {
    /// # Errors
    /// The database cannot be opened.
    pub async fn open(options: Options) -> Result<Self, sqlx::Error> {
        let store = Store::open(options.database.as_deref()).await?;
        let limiter = Mutex::new(Limiter::new(options.rate));
        let (faults, requests) = Default::default();
        Ok(Blikk { inner: Arc::new(Inner { options, store, limiter, faults, requests }) })
    }

    /// Everything over HTTP: the contract, the host page's files, and `/_control` for tests.
    pub fn router(&self) -> axum::Router {
        api::router(self.clone())
    }

    pub fn options(&self) -> &Options {
        &self.inner.options
    }

    /// # Errors
    /// The address is taken.
    pub async fn add_user(&self, user: NewUser) -> Result<User, Refusal> {
        self.inner.store.add_user(user).await
    }

    pub async fn users(&self) -> Result<Vec<User>, Refusal> {
        self.inner.store.users().await
    }

    /// A session token, as signing in would give.
    pub async fn sign_in(&self, user_id: &str) -> Result<String, Refusal> {
        self.inner.store.new_session(user_id).await
    }

    /// All session tokens of the user run out at once.
    pub async fn end_sessions(&self, user_id: &str) -> Result<(), Refusal> {
        self.inner.store.end_sessions(user_id).await
    }

    /// Adds events, in the JSON that a POST takes.
    ///
    /// # Errors
    /// The first event that the contract refuses; nothing was added then.
    pub async fn insert(&self, user_id: &str, events: &[Value]) -> Result<Vec<CalendarEvent>, Refusal> {
        self.inner.store.insert(user_id, events, Utc::now()).await
    }

    /// Every event of the user, by id: a test's oracle.
    pub async fn events(&self, user_id: &str) -> Result<Vec<CalendarEvent>, Refusal> {
        self.inner.store.all(user_id).await
    }

    pub async fn count(&self, user_id: &str) -> Result<usize, Refusal> {
        Ok(self.events(user_id).await?.len())
    }

    /// From now on, as the rule says.
    pub fn inject(&self, rule: Rule) {
        lock(&self.inner.faults).add(rule);
    }

    pub fn clear_faults(&self) {
        lock(&self.inner.faults).clear();
    }

    /// All cursors given out so far die, as after a database was restored.
    pub async fn expire_cursors(&self) -> Result<(), Refusal> {
        self.inner.store.expire_cursors().await
    }

    /// Forgets what was deleted before that time, and with it the cursors that would have to tell of it.
    pub async fn forget_tombstones(&self, before: DateTime<Utc>) -> Result<(), Refusal> {
        self.inner.store.forget_tombstones(before).await
    }

    /// How often each operation was asked for, such as `GET /v1/calendar/events/{id}`.
    pub fn requests(&self) -> BTreeMap<String, u64> {
        lock(&self.inner.requests).clone()
    }
}

/// What a panicking test leaves behind is still whole: each value is replaced in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
