//! A plan in words that a page can show: what a run would do, and why.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::problem::Side;
use crate::rfc3339;
use crate::sync::merge::Field;
use crate::sync::plan::Reason;
use crate::sync::report::Written;

/// How many steps a preview lists; deletions go first, and the counts are always whole.
pub const LISTED: usize = 200;

/// What would happen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    pub blikk: Written,
    pub exchange: Written,
    /// Events that are found to be the same, without a write.
    pub linked: u32,
    /// How many people would get mail: none, ever. No write can ask a server to send any.
    pub invitations: u32,
    /// Why the run would wait for a yes before it does this.
    pub held: Option<Hold>,
    /// At most [`LISTED`].
    pub steps: Vec<PlannedStep>,
}

/// Why a run waits for a yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Hold {
    /// The first run of a pair deletes nothing unseen.
    FirstRun,
    /// More than the person's [`Brake`](super::options::Brake) lets pass.
    TooMany,
    /// A changed option would take events away (scenario 24).
    OptionChanged,
}

/// How many deletions a person has seen and said yes to. A run that would delete more waits again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", default)]
pub struct Approval {
    pub blikk_deletions: u32,
    pub exchange_deletions: u32,
}

/// One event to which something would happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PlannedStep {
    pub title: String,
    #[serde(default, with = "rfc3339::some_instant", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(as = "Option<String>", optional = nullable))]
    pub start: Option<DateTime<Utc>>,
    pub reason: Reason,
    /// One, or one on each side.
    pub writes: Vec<PlannedWrite>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PlannedWrite {
    pub side: Side,
    pub verb: Verb,
    /// What would be otherwise than before; empty but for an update.
    pub fields: Vec<Field>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Verb {
    Create,
    Update,
    Delete,
}
