//! Taking back what a run did.
//!
//! An undo is a plan like any other: previewed, journalled, recorded, and itself to be undone. It goes by the history and
//! by what is there now, and never over what people did since: a field is put back only where it still is what the run
//! made it, and what the run created is taken away only if nobody has touched it.
//!
//! | the run | the undo |
//! |---|---|
//! | created an event | deletes it; its counterpart stays, and is left alone until somebody changes it |
//! | updated an event | writes what the fields held before; the two sides then agree to differ, until somebody edits |
//! | deleted an event | makes it anew on that side alone |

use crate::event::Event;
use crate::host::{Audience, Clock, Random};
use crate::problem::{Problem, Side};
use crate::sync::execute::{Executor, Unsettled};
use crate::sync::history::{ChangeRecord, RunKind};
use crate::sync::merge::differences;
use crate::sync::plan::{Act, Reason, Step, Write};
use crate::sync::port::{Calendar, Observed, Reading, StateStore, read_all};
use crate::sync::preview::{Approval, Preview, Verb};
use crate::sync::report::RunReport;
use crate::sync::run::{End, World, carry_out, foreseen, measure, what_is_still_to_do, within};
use crate::sync::state::{Link, LinkId, LinkState, RemoteId};

/// What undoing a run would do now. Nothing is written to a calendar.
///
/// # Errors
/// What keeps us from planning.
pub async fn preview_undo<B, X, S, C, R, A>(world: &World<'_, B, X, S, C, R, A>, run: u64) -> Result<Preview, Problem>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    R: Random,
    A: Audience,
{
    foreseen(world, RunKind::Undo { run }, async |world, _| steps_back(world, run).await).await
}

/// Takes back what a run did, as far as nobody has touched it since.
pub async fn undo<B, X, S, C, R, A>(world: &World<'_, B, X, S, C, R, A>, run: u64, approval: Approval) -> RunReport
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    R: Random,
    A: Audience,
{
    within(world, RunKind::Undo { run }, async |world, executor| {
        let steps = steps_back(world, run).await?;
        let measure = measure(&executor.ledger, approval);
        carry_out(executor, steps, &measure).await?;
        end(world, executor).await
    })
    .await
}

/// What somebody changed in this very moment stays as they made it.
pub(super) async fn end<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    executor: &mut Executor<'_, B, X, S, C, A>,
) -> Result<(), End>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    A: Audience,
{
    let failed = executor.done.unsettled.iter().find(|one| !one.is_moving).cloned();
    what_is_still_to_do(world, executor).await?;
    match failed {
        Some(Unsettled { side, reason, .. }) => Err(End::Failed(Some(side), reason.problem)),
        None => Ok(()),
    }
}

async fn steps_back<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    run: u64,
) -> Result<Vec<Step>, (Option<Side>, Problem)>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    R: Random,
{
    let mut changes = world.store.changes_of(run).await.map_err(|problem| (None, problem))?;
    changes.sort_by(|one, other| (one.side, &one.id, one.place).cmp(&(other.side, &other.id, other.place)));
    let mut steps = Vec::new();
    for side in [Side::Exchange, Side::Blikk] {
        let on_side: Vec<ChangeRecord> = changes.iter().filter(|change| change.side == side).cloned().collect();
        let events: Vec<&[ChangeRecord]> = on_side.chunk_by(|one, other| one.id == other.id).collect();
        let ids: Vec<RemoteId> = events.iter().filter_map(|event| Some(event.first()?.id.clone())).collect();
        if ids.is_empty() {
            continue;
        }
        let links = world.store.links_of(side, &ids).await.map_err(|problem| (None, problem))?;
        let readings = match side {
            Side::Blikk => read_all(world.blikk, &ids).await,
            Side::Exchange => read_all(world.exchange, &ids).await,
        };
        let readings = readings.map_err(|problem| (Some(side), problem))?;
        for (event, reading) in events.into_iter().zip(readings) {
            let now = match reading {
                Reading::Found(observed) => Some(*observed),
                Reading::Gone(_) => None,
                Reading::Failed(_, problem) => return Err((Some(side), problem)),
            };
            let id = event.first().map(|change| &change.id);
            let link = links.iter().find(|link| link.on(side).map(|state| &state.id) == id);
            steps.extend(step_back(event, link, now, || LinkId::from_random(world.random.bytes())));
        }
    }
    Ok(steps)
}

/// What takes back all that one run did to one event of one side (pure). `changes`: in order, not empty; `now`: what is
/// there.
pub fn step_back(
    changes: &[ChangeRecord],
    link: Option<&Link>,
    now: Option<Observed>,
    draw: impl FnOnce() -> LinkId,
) -> Option<Step> {
    let (first, last) = (changes.first()?, changes.last()?);
    let reason = Reason::Undone { run: first.run };
    let left_alone = LinkState::LeftAlone { run: first.run };
    match (first.verb, last.verb) {
        (Verb::Create, Verb::Delete) => None,
        (Verb::Create, _) => {
            let (link, now) = (link?, now?);
            let seen = link.seen_on(first.side)?;
            let is_untouched = now.content.as_ref().is_ok_and(|event| differences(seen, event).is_empty());
            let before = now.content.ok().filter(|_| is_untouched)?;
            let planned = Link { state: left_alone, ..seen_apart(link) };
            let write = Write::Delete { on: first.side, id: now.id, expected: now.version, before: Some(before) };
            Some(Step { link: planned, prior: Some(link.clone()), act: Act::Write(vec![write]), reason })
        }
        (_, Verb::Delete) if now.is_none() => {
            let event = first.before.clone()?;
            let (id, origin) = (draw(), first.side.other());
            let link = Link { id, origin, state: left_alone, blikk: None, exchange: None, uid: None, base: None };
            let act = Act::Write(vec![Write::Create { on: first.side, event }]);
            Some(Step { link, prior: None, act, reason })
        }
        (_, Verb::Delete) => None,
        _ => {
            let (link, now) = (link?, now?);
            let present = now.content.ok()?;
            let target = before_the_run(changes, &present);
            if differences(&present, &target).is_empty() {
                return None;
            }
            let (id, expected) = (now.id, now.version);
            let write = Write::Update { on: first.side, id, expected, before: present, after: target, unmark: false };
            Some(Step { link: seen_apart(link), prior: Some(link.clone()), act: Act::Write(vec![write]), reason })
        }
    }
}

/// The event as it was before these updates, where it still is what they made it.
fn before_the_run(changes: &[ChangeRecord], present: &Event) -> Event {
    let mut event = present.clone();
    for change in changes.iter().rev() {
        let (Some(before), Some(after)) = (&change.before, &change.after) else { continue };
        for field in differences(before, after) {
            if field.agrees(&event, after) {
                field.copy(before, &mut event);
            }
        }
    }
    event
}

/// Each side's form said by itself, so that one can change without the other.
fn seen_apart(link: &Link) -> Link {
    let mut apart = link.clone();
    for side in [Side::Blikk, Side::Exchange] {
        let seen = link.seen_on(side).cloned();
        if let Some(state) = apart.on_mut(side) {
            state.seen = seen;
        }
    }
    apart
}
