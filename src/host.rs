//! The host: what the core asks of whoever runs it, beside carrying requests ([`crate::http`]). In the browser that is
//! the page's shim, in tests a few lines, in the simulation a simulated world.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::problem::{Code, Problem, Side};
use crate::rfc3339;

/// Time, as far as the core needs it.
#[allow(async_fn_in_trait, reason = "one thread everywhere: no Send is wanted (see docs/architecture.md)")]
pub trait Clock {
    fn now(&self) -> DateTime<Utc>;
    async fn sleep(&self, seconds: u32);
}

/// Chance, as far as the core needs it: ids of links.
pub trait Random {
    fn bytes(&self) -> [u8; 16];
}

/// The person in front of the page.
pub trait Audience {
    fn tell(&self, progress: Progress);
    /// Asked between calls: does the person want to stop?
    fn has_cancelled(&self) -> bool;
}

/// A step of a run, told while it happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Progress {
    /// Reading what changed on a side; `events` so far.
    Reading { side: Side, events: u32 },
    /// Writing to a side.
    Writing { side: Side, done: u32, total: u32 },
    /// The server asked us to wait; until when.
    Waiting {
        side: Side,
        #[serde(with = "rfc3339::instant")]
        #[cfg_attr(feature = "types", ts(type = "string"))]
        until: DateTime<Utc>,
    },
}

/// How long a person who cancels has to wait for us to notice.
const NAP_SECONDS: u32 = 1;

/// Waits because the server asked for it, and tells the person until when (R12, scenario 19).
///
/// # Errors
/// `run.cancelled` within a second of the person's wish.
pub async fn wait_for<H: Clock + Audience + ?Sized>(host: &H, side: Side, seconds: u32) -> Result<(), Problem> {
    host.tell(Progress::Waiting { side, until: host.now() + TimeDelta::seconds(seconds.into()) });
    rest(host, seconds).await
}

/// Waits without a word, before trying again.
///
/// # Errors
/// `run.cancelled` within a second of the person's wish.
pub async fn rest<H: Clock + Audience + ?Sized>(host: &H, seconds: u32) -> Result<(), Problem> {
    let mut left = seconds;
    loop {
        if host.has_cancelled() {
            return Err(Code::RunCancelled.into());
        }
        if left == 0 {
            return Ok(());
        }
        let nap = left.min(NAP_SECONDS);
        host.sleep(nap).await;
        left -= nap;
    }
}
