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

use chrono::{DateTime, TimeDelta, Utc};

use crate::host::{Audience, Clock, Progress};
use crate::problem::{Code, Problem, Side};
use crate::sync::execute::{Again, Unsettled, draft, refused};
use crate::sync::history::{ChangeRecord, Done};
use crate::sync::journal::{Operation, OperationId};
use crate::sync::ledger::Ledger;
use crate::sync::merge::differences;
use crate::sync::outcome::{Fate, Row, is_as_written, is_carried_out, row_after};
use crate::sync::plan::Write;
use crate::sync::port::{Calendar, Draft, Reading, StateStore, read_all, whole};
use crate::sync::state::{Link, LinkState, RemoteId, Version};

/// Where it failed, and how.
type Stop = (Option<Side>, Problem);

fn of_store(problem: Problem) -> Stop {
    (None, problem)
}

/// How long an event whose write failed waits before it is tried again.
const WAIT: TimeDelta = TimeDelta::minutes(15);

/// How long a create that was sent may still arrive: a page that is closed does not call back what a server has received,
/// and a hundred items take it a while.
const ARRIVES_WITHIN: TimeDelta = TimeDelta::seconds(30);

/// Settles what the run before left in the journal, if it left anything.
///
/// # Errors
/// What keeps us from reading or remembering; then nothing is written to any calendar.
pub(super) async fn recover<S: StateStore>(
    blikk: &impl Calendar,
    exchange: &impl Calendar,
    host: (&impl Clock, &impl Audience),
    ledger: &mut Ledger<'_, S>,
) -> Result<(), Stop> {
    if ledger.head().operations == 0 {
        return Ok(());
    }
    let now = host.0.now();
    let operations = match ledger.store().operations().await {
        Err(Problem { code: Code::StoreUnreadable, .. }) => {
            // What was sent is known by what we wrote on it, once it has arrived: the enumeration that follows finds it.
            wait_until(now + ARRIVES_WITHIN, host).await?;
            return ledger.forget_all(host.0.now()).await.map_err(of_store);
        }
        operations => operations.map_err(of_store)?,
    };
    let mut fates = look(blikk, exchange, &operations).await?;
    // Blikk knows a create that comes twice by its key; Exchange does not.
    let is_missing = |(operation, fate): (&Operation, &Option<Fate>)| {
        let is_create = matches!(operation.write, Write::Create { on: Side::Exchange, .. });
        (is_create && fate.is_none()).then_some(operation.sent_at + ARRIVES_WITHIN)
    };
    let arrival = operations.iter().zip(&fates).filter_map(is_missing).max();
    if let Some(arrival) = arrival.filter(|arrival| *arrival > now) {
        wait_until(arrival.min(now + ARRIVES_WITHIN), host).await?;
        fates = look(blikk, exchange, &operations).await?;
    }
    settle_all(ledger, &operations, fates, &[], host.0.now()).await?;
    Ok(())
}

/// Settles the writes of this run that failed, `unsettled`. Where nothing came of them, and nobody came between, they
/// wait.
///
/// # Errors
/// As [`recover`].
pub(super) async fn recover_from<S: StateStore>(
    blikk: &impl Calendar,
    exchange: &impl Calendar,
    ledger: &mut Ledger<'_, S>,
    unsettled: &[Unsettled],
    now: DateTime<Utc>,
) -> Result<Again, Stop> {
    let operations = ledger.store().operations().await.map_err(of_store)?;
    let fates = look(blikk, exchange, &operations).await?;
    settle_all(ledger, &operations, fates, unsettled, now).await
}

async fn wait_until(then: DateTime<Utc>, (clock, audience): (&impl Clock, &impl Audience)) -> Result<(), Stop> {
    audience.tell(Progress::Waiting { side: Side::Exchange, until: then });
    let seconds = (then - clock.now()).num_seconds();
    for _ in 0..=seconds {
        if audience.has_cancelled() {
            return Err((None, Code::RunCancelled.into()));
        }
        clock.sleep(1).await;
    }
    Ok(())
}

async fn settle_all<S: StateStore>(
    ledger: &mut Ledger<'_, S>,
    operations: &[Operation],
    fates: Vec<Option<Fate>>,
    unsettled: &[Unsettled],
    now: DateTime<Utc>,
) -> Result<Again, Stop> {
    let priors = priors(ledger, operations).await.map_err(of_store)?;
    let taken = taken(ledger, operations, &fates).await.map_err(of_store)?;
    let fates = fates.into_iter().map(|fate| fate.unwrap_or(Fate::NotDone));
    let mut settled: Vec<(&Operation, Fate)> = operations.iter().zip(fates).collect();
    settled.sort_by(|(one, _), (other, _)| one.link.id.cmp(&other.link.id));
    let mut again = Again::default();
    for step in settled.chunk_by(|(one, _), (other, _)| one.link.id == other.link.id) {
        if step.iter().any(|(operation, _)| taken.contains(&operation.id)) {
            step.iter().for_each(|(operation, _)| ledger.settle(operation.id.clone()));
            continue;
        }
        let unsettled = step.first().and_then(|(first, _)| unsettled.iter().find(|one| one.link == first.link.id));
        let row = settle(ledger, step, &priors, unsettled, now);
        if let Some(moving) = unsettled.filter(|unsettled| unsettled.is_moving)
            && let Some(row) = row.or_else(|| moving.prior.clone()).or_else(|| as_strangers(ledger, step))
        {
            // Not found by its marker either, so it is not in another place.
            if moving.is_gone_again && row.on(moving.side).is_none() {
                again.deleted.push((row.id.clone(), moving.side));
            }
            again.links.push(row);
        }
    }
    ledger.commit(now).await.map_err(of_store)?;
    Ok(again)
}

/// The row of two events that met and were not agreed upon: they are strangers still, and now they have a row.
fn as_strangers<S: StateStore>(ledger: &mut Ledger<'_, S>, step: &[(&Operation, Fate)]) -> Option<Link> {
    let row = refused(&step.first()?.0.link, None);
    ledger.put(None, row.clone());
    Some(row)
}

/// The creates of which Blikk holds an event under the UID that is another link's: they were not carried out, for this is
/// that link's item, moved, or a second one with its UID. The rows stay as they were, and the item a stranger.
async fn taken<S: StateStore>(
    ledger: &Ledger<'_, S>,
    operations: &[Operation],
    fates: &[Option<Fate>],
) -> Result<Vec<OperationId>, Problem> {
    let found = operations.iter().zip(fates).filter_map(|(operation, fate)| match (&operation.write, fate) {
        (Write::Create { on: Side::Blikk, .. }, Some(Fate::Unknown(found))) => Some((operation, &found.id)),
        _ => None,
    });
    let found: Vec<(&Operation, &RemoteId)> = found.collect();
    let ids: Vec<RemoteId> = found.iter().map(|(_, id)| (*id).clone()).collect();
    let owners = if ids.is_empty() { Vec::new() } else { ledger.links_of(Side::Blikk, &ids).await? };
    let is_anothers = |(operation, id): &&(&Operation, &RemoteId)| {
        let is_other = |link: &Link| link.id != operation.link.id && Some(&link.id) != operation.replaces.as_ref();
        let holds = |link: &Link| link.exchange.is_some() && link.blikk.as_ref().is_some_and(|event| event.id == **id);
        owners.iter().any(|link| is_other(link) && holds(link))
    };
    Ok(found.iter().filter(is_anothers).map(|(operation, _)| operation.id.clone()).collect())
}

/// Finds out about writes, as far as there is anything to find.
async fn look(
    blikk: &impl Calendar,
    exchange: &impl Calendar,
    operations: &[Operation],
) -> Result<Vec<Option<Fate>>, Stop> {
    let mut fates: Vec<Option<Fate>> = vec![None; operations.len()];
    look_on(blikk, operations, &mut fates).await.map_err(|problem| (Some(Side::Blikk), problem))?;
    look_on(exchange, operations, &mut fates).await.map_err(|problem| (Some(Side::Exchange), problem))?;
    Ok(fates)
}

/// Finds out about the writes to one side.
async fn look_on(
    calendar: &impl Calendar,
    operations: &[Operation],
    fates: &mut [Option<Fate>],
) -> Result<(), Problem> {
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
    for (place, reading) in asked.into_iter().zip(read_all(calendar, &ids).await?) {
        fates[place] = Some(fate_of(&operations[place].write, operations[place].is_done, reading)?);
    }
    if !drafts.is_empty() {
        for (place, found) in sought.into_iter().zip(whole(drafts.len(), calendar.find(&drafts).await?)?) {
            fates[place] = found.map(|found| Fate::Unknown(Box::new(found)));
        }
    }
    Ok(())
}

fn fate_of(write: &Write, is_done: bool, reading: Reading) -> Result<Fate, Problem> {
    Ok(match (write, reading) {
        (Write::Update { .. }, Reading::Found(held)) if is_done => Fate::DoneBefore(held),
        (Write::Delete { .. }, Reading::Gone(_)) => Fate::Done(None),
        // What it was to take away is there.
        (Write::Update { unmark: true, .. }, Reading::Found(held)) if held.marker.is_some() => Fate::NotDone,
        (Write::Update { .. }, Reading::Found(held)) => Fate::Unknown(held),
        (Write::Update { .. }, Reading::Gone(_)) => Fate::Gone,
        (_, Reading::Failed(_, problem)) if problem.is_passing() => return Err(problem),
        // It is there although it was to be deleted, or nobody can read it: the plan begins anew from what was before.
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

/// Puts down what became of the writes of one step; the new row, if there is one.
fn settle<S: StateStore>(
    ledger: &mut Ledger<'_, S>,
    step: &[(&Operation, Fate)],
    priors: &[Link],
    unsettled: Option<&Unsettled>,
    now: DateTime<Utc>,
) -> Option<Link> {
    let (first, _) = step.first()?;
    let prior_id = first.replaces.as_ref().unwrap_or(&first.link.id);
    let prior = priors.iter().find(|prior| prior.id == *prior_id);
    let writes: Vec<(&Write, Fate)> = step.iter().map(|(operation, fate)| (&operation.write, fate.clone())).collect();
    let is_untouched = writes.iter().all(|(_, fate)| matches!(fate, Fate::NotDone | Fate::Gone));
    let is_done = writes.iter().all(|(write, fate)| is_carried_out(write, fate));
    let waits = unsettled.filter(|unsettled| !is_done && !unsettled.is_moving);
    let row = match (waits, row_after(&first.link, prior, &writes)) {
        (Some(unsettled), Row::Is(row)) if !is_untouched => Some(waiting(row, unsettled, now)),
        // As it was before, both sides of it: what was deleted on one of them is to be found deleted again.
        (Some(unsettled), _) => {
            let row = unsettled.prior.as_ref().or(prior).cloned().unwrap_or_else(|| refused(&first.link, None));
            Some(waiting(row, unsettled, now))
        }
        // Nothing came of it, and should the request arrive yet, the event in Blikk is known by its UID. Two that are no pair by
        // now may have been one when it was planned, and the other way round.
        (None, Row::Is(_)) if is_untouched && prior.is_none() && is_known_by_uid(&first.link, &writes) => None,
        (None, Row::Is(row)) if !is_untouched || prior.is_none() => Some(with_unknown_versions(row)),
        (None, Row::None) => {
            ledger.forget(prior.unwrap_or(&first.link));
            settle_operations(ledger, step, now);
            return None;
        }
        (None, Row::Is(_) | Row::AsBefore) => None,
    };
    if let Some(row) = &row {
        ledger.put(prior, row.clone());
    }
    settle_operations(ledger, step, now);
    row
}

/// Whether all that was to be made bears a UID.
fn is_known_by_uid(planned: &Link, writes: &[(&Write, Fate)]) -> bool {
    let is_in_exchange = |(write, _): &(&Write, Fate)| matches!(write, Write::Create { on: Side::Exchange, .. });
    planned.uid.is_some() && !writes.iter().any(is_in_exchange)
}

fn settle_operations<S: StateStore>(ledger: &mut Ledger<'_, S>, step: &[(&Operation, Fate)], now: DateTime<Utc>) {
    for (operation, fate) in step {
        if let Some(done) = done(&operation.write, fate) {
            let about = (&operation.link.id, &operation.reason);
            let change = ChangeRecord::of(&operation.id, now, about, &operation.write, done);
            ledger.record(change, operation.link.origin);
        }
        ledger.settle(operation.id.clone());
    }
}

fn waiting(row: Link, Unsettled { side, reason, .. }: &Unsettled, now: DateTime<Utc>) -> Link {
    let state = LinkState::Waits { side: *side, reason: reason.clone(), until: now + WAIT };
    Link { state, ..row }
}

/// So that the pull takes it for news, and the plan sees it.
fn with_unknown_versions(mut row: Link) -> Link {
    for side in [Side::Blikk, Side::Exchange] {
        if let Some(state) = row.on_mut(side) {
            state.version = Version::unknown();
        }
    }
    row
}

/// What the history tells of a write, if it was carried out.
fn done(write: &Write, fate: &Fate) -> Option<Done> {
    match (write, fate) {
        (Write::Delete { id, .. }, Fate::Done(_)) => Some(Done { id: id.clone(), after: None }),
        (Write::Create { event, .. }, Fate::Unknown(held) | Fate::DoneBefore(held)) => {
            Some(Done { id: held.id.clone(), after: Some(event.clone()) })
        }
        // Better said once too often than that a value is nowhere: what is otherwise than before may have been written, and
        // then written over by a person.
        (Write::Update { id, after, .. }, Fate::Gone) => Some(Done { id: id.clone(), after: Some(after.clone()) }),
        (Write::Update { before, after, .. }, Fate::Unknown(held)) => {
            let now = held.content.as_ref().ok()?;
            let may_be_done = differences(before, after).into_iter().any(|field| !is_as_written(field, before, now));
            may_be_done.then(|| Done { id: held.id.clone(), after: Some(after.clone()) })
        }
        _ => None,
    }
}

#[cfg(test)]
#[path = "recover_tests.rs"]
mod tests;
