//! Step 2 of a run: what an interrupted run left in the journal is settled by reading, never by sending again.
//!
//! | the write was | found | then |
//! |---|---|---|
//! | a create | the event that carries our identity | it was carried out, and a person may have edited it since |
//! | a create | no such event | it was not; the row keeps its link id, under which it is tried again |
//! | an update | what it was to write, field by field | that much was carried out |
//! | a deletion | the event | it was not |
//!
//! What follows stands in the rows with an unknown version, so that the same run reads and plans them like everything else.

use crate::problem::{Problem, Side};
use crate::sync::execute::{Unsettled, draft, refused};
use crate::sync::history::{ChangeRecord, Done};
use crate::sync::journal::Operation;
use crate::sync::ledger::Ledger;
use crate::sync::merge::differences;
use crate::sync::outcome::{Fate, Row, row_after};
use crate::sync::plan::Write;
use crate::sync::port::{Calendar, Draft, Reading, StateStore};
use crate::sync::state::{Link, LinkState, RemoteId, Version};

use chrono::{DateTime, TimeDelta, Utc};

/// How long an event whose write failed waits before it is tried again.
const WAIT: TimeDelta = TimeDelta::minutes(15);

/// Settles the journal, if there is anything in it: what the run before left, or what failed in this one. `later`: the
/// links whose writes failed just now; where nothing came of them they wait.
///
/// # Errors
/// What keeps us from reading or remembering; then nothing is written to any calendar.
pub(super) async fn recover<S: StateStore>(
    blikk: &impl Calendar,
    exchange: &impl Calendar,
    ledger: &mut Ledger<'_, S>,
    later: &[Unsettled],
    now: DateTime<Utc>,
) -> Result<(), (Option<Side>, Problem)> {
    if ledger.head().operations == 0 {
        return Ok(());
    }
    let of_store = |problem| (None, problem);
    let operations = ledger.store().operations().await.map_err(of_store)?;
    let mut fates: Vec<Option<Fate>> = vec![None; operations.len()];
    look(blikk, &operations, &mut fates).await.map_err(|problem| (Some(Side::Blikk), problem))?;
    look(exchange, &operations, &mut fates).await.map_err(|problem| (Some(Side::Exchange), problem))?;
    let priors = priors(ledger, &operations).await.map_err(of_store)?;
    let fates = fates.into_iter().map(|fate| fate.unwrap_or(Fate::NotDone));
    let mut settled: Vec<(&Operation, Fate)> = operations.iter().zip(fates).collect();
    settled.sort_by(|(one, _), (other, _)| one.link.id.cmp(&other.link.id));
    for step in settled.chunk_by(|(one, _), (other, _)| one.link.id == other.link.id) {
        settle(ledger, step, &priors, later, now);
    }
    ledger.commit(now).await.map_err(of_store)
}

/// Finds out about the writes to one side.
async fn look(calendar: &impl Calendar, operations: &[Operation], fates: &mut [Option<Fate>]) -> Result<(), Problem> {
    let side = calendar.side();
    let (mut asked, mut ids) = (Vec::new(), Vec::new());
    let (mut sought, mut drafts): (Vec<usize>, Vec<Draft>) = (Vec::new(), Vec::new());
    for (place, operation) in operations.iter().enumerate().filter(|(_, operation)| operation.write.side() == side) {
        match &operation.write {
            Write::Create { event, .. } => {
                sought.push(place);
                drafts.push(draft(&operation.link, side, event.clone()));
            }
            Write::Update { id, .. } | Write::Delete { id, .. } => {
                asked.push(place);
                ids.push(id.clone());
            }
        }
    }
    if !ids.is_empty() {
        for (place, reading) in asked.into_iter().zip(calendar.read(&ids).await?) {
            fates[place] = Some(fate_of(&operations[place].write, reading)?);
        }
    }
    if !drafts.is_empty() {
        for (place, found) in sought.into_iter().zip(calendar.find(&drafts).await?) {
            fates[place] = found.map(|found| Fate::Unknown(Box::new(found)));
        }
    }
    Ok(())
}

fn fate_of(write: &Write, reading: Reading) -> Result<Fate, Problem> {
    Ok(match (write, reading) {
        (Write::Delete { .. }, Reading::Gone(_)) => Fate::Done(None),
        (Write::Update { .. }, Reading::Found(held)) => Fate::Unknown(held),
        (_, Reading::Failed(_, problem)) if problem.is_passing() => return Err(problem),
        // It is there although it was to be deleted, or gone although it was to be changed, or nobody can read it: the
        // plan begins anew from what was before.
        _ => Fate::NotDone,
    })
}

/// The rows as they were before the steps that were interrupted.
async fn priors<S: StateStore>(ledger: &Ledger<'_, S>, operations: &[Operation]) -> Result<Vec<Link>, Problem> {
    let mut priors = Vec::new();
    for side in [Side::Blikk, Side::Exchange] {
        let planned = operations.iter().filter_map(|operation| Some(operation.link.on(side)?.id.clone()));
        let written = operations.iter().filter(|operation| operation.write.side() == side);
        let written = written.filter_map(|operation| match &operation.write {
            Write::Update { id, .. } | Write::Delete { id, .. } => Some(id.clone()),
            Write::Create { .. } => None,
        });
        let ids: Vec<RemoteId> = planned.chain(written).collect();
        if !ids.is_empty() {
            priors.extend(ledger.links_of(side, &ids).await?);
        }
    }
    Ok(priors)
}

/// Puts down what became of the writes of one step.
fn settle<S: StateStore>(
    ledger: &mut Ledger<'_, S>,
    step: &[(&Operation, Fate)],
    priors: &[Link],
    later: &[Unsettled],
    now: DateTime<Utc>,
) {
    let Some((first, _)) = step.first() else { return };
    let prior_id = first.replaces.as_ref().unwrap_or(&first.link.id);
    let prior = priors.iter().find(|prior| prior.id == *prior_id);
    let writes: Vec<(&Write, Fate)> = step.iter().map(|(operation, fate)| (&operation.write, fate.clone())).collect();
    let is_untouched = writes.iter().all(|(_, fate)| *fate == Fate::NotDone);
    let failed = later.iter().find(|one| one.link == first.link.id).filter(|_| is_untouched);
    match row_after(&first.link, prior, &writes) {
        _ if failed.is_some() => ledger.put(prior, waiting(refused(&first.link, prior), failed, now)),
        _ if is_untouched && prior.is_some() => {}
        Row::Is(mut row) => {
            forget_versions(&mut row);
            ledger.put(prior, row);
        }
        Row::None => ledger.forget(prior.unwrap_or(&first.link)),
        Row::AsBefore => {}
    }
    for (operation, fate) in step {
        if let Some(done) = done(&operation.write, fate) {
            let about = (&operation.link.id, &operation.reason);
            ledger.record(ChangeRecord::of(&operation.id, now, about, &operation.write, done));
        }
        ledger.settle(operation.id.clone());
    }
}

fn waiting(row: Link, failed: Option<&Unsettled>, now: DateTime<Utc>) -> Link {
    let Some(Unsettled { side, reason, .. }) = failed else { return row };
    let state = LinkState::Waits { side: *side, reason: reason.clone(), until: now + WAIT };
    Link { state, ..row }
}

/// So that the pull takes it for news, and the plan sees it.
fn forget_versions(row: &mut Link) {
    for side in [Side::Blikk, Side::Exchange] {
        if let Some(state) = row.on_mut(side) {
            state.version = Version::unknown();
        }
    }
}

/// What the history tells of a write, if it was carried out.
fn done(write: &Write, fate: &Fate) -> Option<Done> {
    match (write, fate) {
        (Write::Delete { id, .. }, Fate::Done(_)) => Some(Done { id: id.clone(), after: None }),
        (Write::Create { event, .. }, Fate::Unknown(held)) => {
            Some(Done { id: held.id.clone(), after: Some(event.clone()) })
        }
        (Write::Update { before, after, .. }, Fate::Unknown(held)) => {
            let now = held.content.as_ref().ok()?;
            let is_done = differences(before, after).iter().any(|field| field.agrees(after, now));
            is_done.then(|| Done { id: held.id.clone(), after: Some(after.clone()) })
        }
        _ => None,
    }
}
