//! The CORS proxy between the Blikk settings page and Exchange: who may call what, as whom.
//!
//! The page holds a short-lived token that names one Blikk user and one mailbox. The gateway holds the service
//! account, which may impersonate everybody. Between the two lies this crate, and its whole purpose is that the
//! first never gets what the second could:
//!
//! ```text
//! origin.rs ─ caller.rs ─ request_body.rs ─ soap_guard.rs ─ integration.rs ─ mailbox_turns.rs ─ upstream.rs
//! which page   whose token  how much          what, for whom   as which account  not too many at once  to which Exchange
//! ```
//!
//! Read them in that order. `state/` keeps the engine's memory for those who want it kept here. `config.rs` says what is configured, `admin.rs` is the administrator's form, `find_server.rs`
//! and `autodiscover/` find the address for it and `server_address.rs` judges it, `plugin.rs` serves the plugin's files,
//! `error.rs` is every refusal. docs/gateway.md tells an administrator how to run it.
//!
//! **Invariants.** The destination is configuration, or what an administrator saved and the configuration allows; never
//! a request's data. The password is read in `integration.rs`, `upstream.rs` and `autodiscover/ask.rs` and nowhere else. No byte of a request's body reaches Exchange that the guard did not write
//! itself. No content of a request or an answer reaches the log.

pub mod autodiscover;
pub mod config;
pub mod error;
pub mod integration;
pub mod mailbox_turns;
pub mod rate_limit;
pub mod server_address;
pub mod soap_guard;
pub mod token;
pub mod upstream;

mod admin;
mod caller;
mod config_file;
mod find_server;
mod log;
mod origin;
mod plugin;
mod request_body;
mod routes;
mod soap_grammar;
mod state;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::sync::Semaphore;

pub use config::Config;
pub use integration::generate_key;

use integration::Store;
use mailbox_turns::MailboxTurns;
use rate_limit::RateLimiter;
use state::Database;
use token::Verifier;
use upstream::Upstream;

/// A gateway that is ready to answer.
pub struct Gateway {
    config: Config,
    verifier: Verifier,
    store: Store,
    state: Option<Database>,
    upstream: Upstream,
    limiter: Arc<RateLimiter>,
    /// Searches for a server, which try passwords.
    searches: Arc<RateLimiter>,
    turns: MailboxTurns,
    /// As many requests at once as may hold an answer in memory.
    places: Semaphore,
}

/// An administrator tries a few times, and then thinks.
const SEARCHES_AT_FIRST: u32 = 6;
const SEARCHES_PER_SECOND: f64 = 0.1;

/// How long a request waits for others of its mailbox. The page waits two minutes, longer than this and an answer together.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why a gateway cannot start: a sentence that says what to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartError(String);

impl Gateway {
    /// Reads the keys and the saved service account.
    pub fn new(config: Config) -> Result<Gateway, StartError> {
        let limits = &config.limits;
        let state = config.state.as_ref().map(|state| Database::new(state, &config.integration.key)).transpose();
        Ok(Gateway {
            verifier: Verifier::new(&config.token).map_err(StartError)?,
            store: Store::open(&config.integration).map_err(|error| StartError(error.to_string()))?,
            state: state.map_err(StartError)?,
            upstream: Upstream::new(&config).map_err(StartError)?,
            limiter: RateLimiter::new(limits.requests_per_second, limits.burst, limits.concurrent_requests_per_user),
            searches: RateLimiter::new(SEARCHES_PER_SECOND, SEARCHES_AT_FIRST, 1),
            turns: MailboxTurns::new(limits.concurrent_requests_per_mailbox, PATIENCE),
            places: Semaphore::new(limits.concurrent_requests),
            config,
        })
    }

    /// Connects to the database of the state, if there is one, and brings its tables up to date. Otherwise the first
    /// request does, and nobody is told at the start that it cannot.
    pub async fn prepare(&self) -> Result<(), StartError> {
        match &self.state {
            Some(state) => state.ready().await.map_err(StartError),
            None => Ok(()),
        }
    }

    /// The routes, to be served wherever one likes.
    pub fn router(self) -> Router {
        routes::router(Arc::new(self))
    }
}

/// A router from a configuration, in one step.
pub fn router(config: Config) -> Result<Router, StartError> {
    Ok(Gateway::new(config)?.router())
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}
