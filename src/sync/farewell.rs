//! Parting: two ways to end the synchronisation of a pair (scenario 24). Pausing is not one of them: who pauses only does
//! not run.

use serde::{Deserialize, Serialize};

use crate::host::{Audience, Clock};
use crate::problem::Problem;
use crate::sync::history::RunKind;
use crate::sync::plan::{Act, Reason, Step, Write};
use crate::sync::port::{Calendar, StateStore, all_links};
use crate::sync::preview::{Approval, Preview};
use crate::sync::report::RunReport;
use crate::sync::run::{World, carry_out, measure, of_store, within};
use crate::sync::state::Link;
use crate::sync::undo::end;

/// How a person parts from the synchronisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Farewell {
    /// Both calendars stay as they are; only what we remember is forgotten.
    KeepBoth,
    /// What we created on either side is deleted, where nobody has edited it since.
    RemoveOurs,
}

/// What parting would delete.
///
/// # Errors
/// The store's.
pub async fn preview_disconnect<B, X, S, C, R, A>(world: &World<'_, B, X, S, C, R, A>) -> Result<Preview, Problem>
where
    S: StateStore,
{
    let steps = removals(all_links(world.store).await?);
    Ok(Preview::of(&steps, None))
}

/// Ends the synchronisation of the pair. Beginning again links what is still there, by what we wrote on it.
pub async fn disconnect<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    how: Farewell,
    approval: Approval,
) -> RunReport
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    A: Audience,
{
    within(world, RunKind::Disconnect, async |world, executor| {
        if how == Farewell::KeepBoth {
            return executor.ledger.forget_all(world.clock.now()).await.map_err(of_store);
        }
        let links = all_links(world.store).await.map_err(of_store)?;
        let measure = measure(&executor.ledger, approval);
        carry_out(executor, removals(links), &measure).await?;
        end(world, executor).await?;
        // The history stays, so that this can be undone too.
        executor.ledger.forget_links(world.clock.now()).await.map_err(of_store)
    })
    .await
}

fn removals(links: Vec<Link>) -> Vec<Step> {
    links.into_iter().filter_map(removal).collect()
}

fn removal(link: Link) -> Option<Step> {
    let ours = link.origin.other();
    link.on(link.origin)?;
    let state = link.on(ours)?.clone();
    let before = link.seen_on(ours).cloned();
    let write = Write::Delete { on: ours, id: state.id, expected: state.version, before };
    let (prior, act) = (Some(link.clone()), Act::Write(vec![write]));
    Some(Step { link, prior, act, reason: Reason::Disconnected })
}
