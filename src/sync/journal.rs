//! The journal: what was about to be written when a run ended in the middle.
//!
//! Before a batch is sent, one row for each of its writes is durable, committed together with the results of the batch
//! before; the row goes in the commit that holds the write's own result. So a row that a run finds at its beginning is a
//! write of which nobody knows whether the server carried it out.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::rfc3339;
use crate::sync::plan::{Reason, Write};
use crate::sync::state::{Link, LinkId};
use crate::value::{FromValue, Value};

/// A write that was sent, or was about to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    pub id: OperationId,
    /// The row as planned: each side's `seen` is what it held then.
    pub link: Link,
    /// The row that `link` replaces, if its id is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<LinkId>,
    pub write: Write,
    pub reason: Reason,
    /// By the clock of the device that sent it.
    #[serde(with = "rfc3339::instant")]
    pub sent_at: DateTime<Utc>,
    /// It was carried out; what else its step is to write was not yet.
    #[serde(default)]
    pub is_done: bool,
}

impl FromValue for OperationId {
    fn from_value(value: Value) -> Option<Self> {
        String::from_value(value).map(OperationId)
    }
}

/// The run's number and the write's place in it: `0000000017-000003`. Rows in the order of their ids are in the order of
/// sending.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperationId(String);

impl OperationId {
    pub fn new(run: u64, place: u32) -> Self {
        OperationId(format!("{run:010}-{place:06}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The run and the place.
    pub fn parts(&self) -> (u64, u32) {
        let (run, place) = self.0.split_once('-').unwrap_or_default();
        (run.parse().unwrap_or_default(), place.parse().unwrap_or_default())
    }
}
