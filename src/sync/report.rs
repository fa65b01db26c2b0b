//! What a run tells at its end; while it goes on it tells [`Progress`](crate::host::Progress). These types cross to the page as they are; their
//! TypeScript declarations are generated from here (`cargo xtask types`).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::problem::{Code, Problem, Side};
use crate::rfc3339;
use crate::sync::port::{StateStore, all_links};
use crate::sync::preview::{Preview, Verb};
use crate::sync::state::{Link, Unsynced};

/// What was written to one side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Written {
    pub created: u32,
    pub updated: u32,
    pub deleted: u32,
}

impl Written {
    pub fn total(self) -> u32 {
        self.created + self.updated + self.deleted
    }

    pub(super) fn count(&mut self, verb: Verb) {
        match verb {
            Verb::Create => self.created += 1,
            Verb::Update => self.updated += 1,
            Verb::Delete => self.deleted += 1,
        }
    }
}

/// The end of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RunReport {
    #[serde(with = "rfc3339::instant")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub started: DateTime<Utc>,
    #[serde(with = "rfc3339::instant")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub ended: DateTime<Utc>,
    pub outcome: Outcome,
    pub blikk: Written,
    pub exchange: Written,
    /// Links made without writing anything (first run on equal calendars, or lost state).
    pub linked: u32,
    /// The run's number in the history; `None`: it wrote nothing.
    pub run: Option<u64>,
    /// Events that wait for the person's answer, those of earlier runs included.
    pub asking: u32,
    /// All events that are not synchronised, by reason, those of earlier runs included.
    #[cfg_attr(feature = "types", ts(type = "Partial<Record<Code, number>>"))]
    pub not_synchronised: BTreeMap<Code, u32>,
    /// The events that this run set aside or remarks on, at most 100.
    pub notes: Vec<Note>,
}

/// How a run ended. In every case but `Done`, what was written stands and the next run goes on from there.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "camelCase")]
#[allow(clippy::large_enum_variant, reason = "one at the end of each run")]
pub enum Outcome {
    Done,
    Cancelled,
    Failed {
        side: Option<Side>,
        problem: Problem,
    },
    /// It waits for a yes, and has written nothing yet (scenarios 7 and 24).
    Held {
        preview: Preview,
    },
}

/// One event that a person should know about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// The side that holds the event, or that refused it.
    pub side: Side,
    pub event: Unsynced,
}

/// What the administrator's *Testa anslutningen* found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ConnectionReport {
    Connected { folder_name: String, item_count: u32, server_version: Option<String> },
    Failed { problem: Problem },
}

/// Every event that is set aside now, with its reason.
///
/// # Errors
/// When the state cannot be read.
pub async fn set_aside(store: &impl StateStore) -> Result<Vec<Note>, Problem> {
    let note = |link: Link| link.set_aside().map(|(side, reason)| Note { side, event: reason.clone() });
    Ok(all_links(store).await?.into_iter().filter_map(note).collect())
}
