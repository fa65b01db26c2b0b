//! Beginning anew, where the head of the state cannot be read.
//!
//! A row that cannot be read lets a run forget everything and link it again by itself. Without the head no run can even
//! begin, for whose turn it is stands there too; so this is the person's to ask for. Nothing is written to a calendar, and
//! the calendars say who belongs together (scenario 3).

use chrono::{DateTime, Utc};

use crate::host::Clock;
use crate::problem::{Code, Problem};
use crate::sync::ledger::LONGEST_CALL;
use crate::sync::options::{Options, PrivateEvents};
use crate::sync::port::StateStore;
use crate::sync::run::World;
use crate::sync::state::{Commit, Head, LEASE, Lease, Remains};

/// Forgets a state whose head cannot be read, and tells in how many seconds a run may begin; one that can be read is left
/// alone. `busy_title`: what private events are called if what the person chose is lost too.
///
/// # Errors
/// The store's: `store.newer` is not ours to forget, and on `store.stale` somebody else was faster.
pub async fn begin_anew<B, X, S, C, R, A>(world: &World<'_, B, X, S, C, R, A>, busy_title: &str) -> Result<u32, Problem>
where
    S: StateStore,
    C: Clock,
{
    // Before the head: where somebody else mends it in between, this is stale and forgets nothing.
    let remains = world.store.remains().await?;
    match world.store.head().await {
        Err(Problem { code: Code::StoreUnreadable, .. }) => {}
        Err(problem) => return Err(problem),
        Ok(_) => return Ok(0),
    }
    world.store.commit(commit_of(remains, busy_title, world.holder, world.clock.now())).await?;
    Ok(LONGEST_CALL.num_seconds().unsigned_abs() as u32)
}

fn commit_of(remains: Remains, busy_title: &str, holder: &str, now: DateTime<Utc>) -> Commit {
    let Remains { generation, options } = remains;
    // Nobody can tell whether another device was at work. From now on it writes nothing more, but what it has sent may
    // still be on its way: as where one takes over from a device that is silent.
    let lease = Lease { holder: holder.to_owned(), until: now + LEASE, taken_at: Some(now) };
    let options = options.unwrap_or_else(|| careful(busy_title));
    let head = Head { generation: generation + 1, options, lease: Some(lease), ..Head::default() };
    Commit { expected_generation: generation, head, clear: true, ..Commit::default() }
}

/// As at first, but that nothing private is shown to colleagues which the person may have wanted covered.
fn careful(busy_title: &str) -> Options {
    let (private_events, busy_title) = (PrivateEvents::AsBusy, busy_title.to_owned());
    Options { private_events, busy_title, ..Options::default() }
}
