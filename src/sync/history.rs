//! What runs did, kept for thirty days: for the person to read, and for undoing.
//!
//! A change is written in the same commit as the row that it led to, so the history never says more or less than what
//! happened. It holds the event as it was before, which is where a value that a rule replaced can be brought back from.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::event::{Event, Sensitivity, Start};
use crate::problem::{Problem, Side};
use crate::rfc3339;
use crate::sync::journal::OperationId;
use crate::sync::merge::differences;
use crate::sync::options::Options;
use crate::sync::plan::{Reason, Write};
use crate::sync::port::StateStore;
use crate::sync::preview::{PlannedWrite, Verb};
use crate::sync::report::{Outcome, Written};
use crate::sync::state::{LinkId, RemoteId};
use crate::sync::veil::cover;

/// How long the events of before are kept.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// A run that wrote something.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeRecord {
    pub run: u64,
    /// Its place in the run.
    pub place: u32,
    #[serde(with = "rfc3339::instant")]
    pub at: DateTime<Utc>,
    pub link: LinkId,
    pub side: Side,
    /// The event on that side; after a create the new one.
    pub id: RemoteId,
    pub verb: Verb,
    /// Whether the event was private, or became so.
    #[serde(default)]
    pub is_private: bool,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
    /// Of an update and a deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Event>,
    /// Of an update, as read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Event>,
    pub reason: Reason,
}

impl ChangeRecord {
    /// What a write of a step did.
    pub fn of(operation: &OperationId, at: DateTime<Utc>, step: (&LinkId, &Reason), write: &Write, done: Done) -> Self {
        let (run, place) = operation.parts();
        let (verb, before) = match write {
            Write::Create { .. } => (Verb::Create, None),
            Write::Update { before, .. } => (Verb::Update, Some(before.clone())),
            Write::Delete { before, .. } => (Verb::Delete, before.clone()),
        };
        let shown = done.after.as_ref().or(before.as_ref());
        let is_private =
            [&done.after, &before].into_iter().flatten().any(|event| event.sensitivity != Sensitivity::Normal);
        let title = shown.map(|event| event.title.clone()).unwrap_or_default();
        let start = shown.map(|event| event.when.start());
        // What was created stands in its link.
        let after = done.after.filter(|_| verb == Verb::Update);
        let (link, reason) = (step.0.clone(), step.1.clone());
        let (side, id) = (write.side(), done.id);
        ChangeRecord { run, place, at, link, side, id, verb, is_private, title, start, before, after, reason }
    }
}

impl ChangeRecord {
    /// Without what the person wants to stay in Exchange (scenario 23).
    #[must_use]
    pub(super) fn covered(mut self, options: &Options) -> Self {
        let was = (self.before.clone(), self.after.clone());
        self.before = self.before.map(|event| cover(event, options));
        self.after = self.after.map(|event| cover(event, options));
        if was != (self.before.clone(), self.after.clone()) {
            self.title.clone_from(&options.busy_title);
        }
        self
    }
}

/// What a write led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    pub id: RemoteId,
    /// What the side holds; `None` after a deletion, or when it could not be read.
    pub after: Option<Event>,
}

/// A change as a page shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    #[serde(with = "rfc3339::instant")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub at: DateTime<Utc>,
    pub title: String,
    pub start: Option<Start>,
    pub reason: Reason,
    /// Exactly one.
    pub writes: Vec<PlannedWrite>,
    /// Of an update and a deletion.
    pub before: Option<Event>,
    /// Of an update.
    pub after: Option<Event>,
}

impl From<ChangeRecord> for HistoryEntry {
    fn from(change: ChangeRecord) -> Self {
        let fields = match (&change.before, &change.after) {
            (Some(before), Some(after)) => differences(before, after),
            _ => Vec::new(),
        };
        let ChangeRecord { at, title, start, reason, before, after, side, verb, .. } = change;
        HistoryEntry { at, title, start, reason, writes: vec![PlannedWrite { side, verb, fields }], before, after }
    }
}

/// What a run did, in order.
///
/// # Errors
/// The store's.
pub async fn history_of(store: &impl StateStore, run: u64) -> Result<Vec<HistoryEntry>, Problem> {
    Ok(store.changes_of(run).await?.into_iter().map(HistoryEntry::from).collect())
}
