//! What runs did, kept for thirty days: for the person to read, and for undoing.
//!
//! A change is written in the same commit as the row that it led to, so the history never says more or less than what
//! happened. It holds the event as it was before, which is where a value that a rule replaced can be brought back from.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::problem::Side;
use crate::rfc3339;
use crate::sync::plan::Reason;
use crate::sync::report::{Outcome, Written};
use crate::sync::state::{LinkId, RemoteId};

/// How long the events of before are kept.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// A run that wrote something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RunRecord {
    /// Rises by one with each run that writes.
    pub run: u64,
    pub kind: RunKind,
    #[serde(with = "rfc3339::instant")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub started: DateTime<Utc>,
    /// `None` while it goes on, or when it was interrupted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    pub blikk: Written,
    pub exchange: Written,
}

/// What a run was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum RunKind {
    Synchronise,
    /// Takes back what another run did.
    Undo {
        run: u64,
    },
    /// The answer to one question ([`LinkState::Asks`](super::state::LinkState::Asks)).
    Answer,
    /// Takes away what we created.
    Disconnect,
}

/// One write that was carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeRecord {
    pub run: u64,
    /// Its place in the run.
    pub place: u32,
    #[serde(with = "rfc3339::instant")]
    pub at: DateTime<Utc>,
    pub link: LinkId,
    pub side: Side,
    /// The event on that side, after a create the new one.
    pub id: RemoteId,
    /// `None`: it was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Event>,
    /// As read back; `None`: it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Event>,
    pub reason: Reason,
}
