//! What the page shows of a pair and lets a person choose, without a call to any calendar.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::host::Clock;
use crate::problem::{Code, Problem, Side};
use crate::rfc3339;
use crate::sync::history::{ChangeRecord, RunKind};
use crate::sync::ledger::Ledger;
use crate::sync::options::{Options, PrivateEvents};
use crate::sync::port::StateStore;
use crate::sync::run::World;

/// Where a pair stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Status {
    pub options: Options,
    /// When a run that had something to do last came to its good end.
    #[serde(default, with = "rfc3339::some_instant")]
    #[cfg_attr(feature = "types", ts(as = "Option<String>"))]
    pub last_success: Option<DateTime<Utc>>,
    /// Events that stand on both sides.
    pub linked: u32,
    /// Events that wait for an answer.
    pub asking: u32,
    #[cfg_attr(feature = "types", ts(type = "Partial<Record<Code, number>>"))]
    pub not_synchronised: BTreeMap<Code, u32>,
    /// No run has come to its end yet.
    pub is_first: bool,
}

/// Where a pair stands.
///
/// # Errors
/// The store's.
pub async fn status(store: &impl StateStore) -> Result<Status, Problem> {
    let head = store.head().await?;
    Ok(Status {
        is_first: head.settled_options.is_none(),
        options: head.options,
        last_success: head.last_success,
        linked: head.linked,
        asking: head.asking,
        not_synchronised: head.set_aside,
    })
}

/// What is chosen from now on. The next run looks at everything anew where that is needed; nothing is deleted unseen.
///
/// From now on private events are private: what the history kept of them is forgotten at once, and so cannot be undone
/// any more.
///
/// # Errors
/// The store's, and `run.elsewhere`.
pub async fn set_options<B, X, S, C, R, A>(world: &World<'_, B, X, S, C, R, A>, options: Options) -> Result<(), Problem>
where
    S: StateStore,
    C: Clock,
{
    let now = world.clock.now();
    let mut ledger = Ledger::open(world.store, world.holder, RunKind::Synchronise, world.clock).await?;
    let was_open = ledger.head().options.private_events == PrivateEvents::AsTheyAre;
    if was_open && options.private_events != PrivateEvents::AsTheyAre {
        for run in world.store.runs().await? {
            let changes = world.store.changes_of(run.run).await?;
            for change in changes.into_iter().filter(|change| change.is_private) {
                ledger.record(without_content(change, &options.busy_title), Side::Blikk);
            }
        }
    }
    ledger.choose(options, now).await
}

fn without_content(change: ChangeRecord, title: &str) -> ChangeRecord {
    ChangeRecord { title: title.to_owned(), before: None, after: None, ..change }
}
