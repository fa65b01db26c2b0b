//! One run, from top to bottom: recover, pull, plan, brake, execute, advance.
//!
//! The numbers are design's nine steps. The lock between tabs (1) is the page's Web Lock; between devices it is the
//! generation of every commit, and the lease that keeps a second device from beginning (`ledger.rs`).

use chrono::{DateTime, Utc};

use crate::host::{Audience, Clock, Random};
use crate::problem::{Code, Problem, Side};
use crate::sync::brake::{Measure, hold};
use crate::sync::execute::{Again, Executed, Executor};
use crate::sync::history::RunKind;
use crate::sync::ledger::{Advance, Ledger};
use crate::sync::plan::Step;
use crate::sync::port::{Calendar, StateStore};
use crate::sync::preview::{Approval, Preview};
use crate::sync::recover::{recover, recover_from};
use crate::sync::report::{Note, Outcome, RunReport};
use crate::sync::state::{RemoteId, Token};
use crate::sync::survey::{Decided, Scope, Survey, plan_again, rules_of, survey};
use crate::sync::veil::Veiled;
use crate::zone::ZoneRules;

/// How often a run looks again at events that somebody changes while it writes.
const ROUNDS: u32 = 3;

/// How often a run pulls. A pass that wrote is followed by one that hears our own writes come back, so that the tokens
/// it leaves are younger than they are ([`Head::tokens_cover_writes`](super::state::Head::tokens_cover_writes)); what
/// people did meanwhile is done in the same go.
const PASSES: u32 = 3;

/// How many notes a report carries; the counts are always whole.
const NOTES: usize = 100;

/// Everything a run needs of the world.
pub struct World<'a, B, X, S, C, R, A> {
    pub blikk: &'a B,
    pub exchange: &'a X,
    pub store: &'a S,
    pub clock: &'a C,
    pub random: &'a R,
    pub audience: &'a A,
    /// When days begin.
    pub zones: &'a dyn ZoneRules,
    /// Which device this is: it may go on at once where it was interrupted itself.
    pub holder: &'a str,
}

impl<'a, B, X, S, C, R, A> World<'a, B, X, S, C, R, A> {
    /// The same with another view of Exchange: what of it the person wants the engine to see.
    pub(super) fn seeing<'b, Y>(&'b self, exchange: &'b Y) -> World<'b, B, Y, S, C, R, A>
    where
        'a: 'b,
    {
        let World { blikk, store, clock, random, audience, zones, holder, .. } = *self;
        World { blikk, exchange, store, clock, random, audience, zones, holder }
    }
}

/// Why a run ended before its end.
#[allow(clippy::large_enum_variant, reason = "one at the end of each run")]
pub(super) enum End {
    /// Where it failed, and how.
    Failed(Option<Side>, Problem),
    /// It waits for a yes.
    Held(Preview),
}

impl From<(Option<Side>, Problem)> for End {
    fn from((side, problem): (Option<Side>, Problem)) -> Self {
        End::Failed(side, problem)
    }
}

/// Synchronises the pair once. Never fails otherwise than in [`RunReport::outcome`], and whatever happens, what was
/// written is remembered or recognised by the next run. `approval`: how many deletions the person has seen and allowed.
pub async fn run<B, X, S, C, R, A>(world: &World<'_, B, X, S, C, R, A>, approval: Approval) -> RunReport
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    R: Random,
    A: Audience,
{
    within(world, RunKind::Synchronise, async |world, executor| {
        match synchronise(world, executor, approval).await {
            // A row is not what we wrote: the state is of no use, and the calendars say who belongs together.
            Err(End::Failed(_, Problem { code: Code::StoreUnreadable, .. })) => {
                executor.ledger.forget_all(world.clock.now()).await.map_err(of_store)?;
                synchronise(world, executor, approval).await
            }
            ended => ended,
        }
    })
    .await
}

/// What a run would do now. Nothing is written to a calendar.
///
/// # Errors
/// What keeps the run from planning, and on which side.
pub async fn preview<B, X, S, C, R, A>(world: &World<'_, B, X, S, C, R, A>) -> Result<Preview, Problem>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    R: Random,
    A: Audience,
{
    foreseen(world, RunKind::Synchronise, async |world, ledger| {
        let scope = Scope::of(ledger, world.clock.now()).await?;
        let survey = survey(world, ledger, &scope).await?;
        Ok(survey.map(|survey| survey.steps).unwrap_or_default())
    })
    .await
}

/// The frame of everything that only looks: opens the state, settles what was interrupted, and says what would happen.
pub(super) async fn foreseen<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    kind: RunKind,
    plan: impl for<'v> AsyncFnOnce(
        &World<'v, B, Veiled<'v, X>, S, C, R, A>,
        &mut Ledger<'v, S>,
    ) -> Result<Vec<Step>, (Option<Side>, Problem)>,
) -> Result<Preview, Problem>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    A: Audience,
{
    let mut ledger = Ledger::open(world.store, world.holder, kind, world.clock).await?;
    let options = ledger.head().options.clone();
    let exchange = Veiled::new(world.exchange, &options);
    let world = world.seeing(&exchange);
    let recovered = recover(world.blikk, world.exchange, (world.clock, world.audience), &mut ledger).await;
    recovered.map_err(|(_, problem)| problem)?;
    let steps = plan(&world, &mut ledger).await.map_err(|(_, problem)| problem)?;
    Ok(Preview::of(&steps, hold(&steps, &measure(&ledger, Approval::default()), [0, 0])))
}

/// The frame of everything that may write: opens the state, settles what was interrupted, and tells how it ended.
pub(super) async fn within<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    kind: RunKind,
    work: impl for<'v> AsyncFnOnce(
        &World<'v, B, Veiled<'v, X>, S, C, R, A>,
        &mut Executor<'v, B, Veiled<'v, X>, S, C, A>,
    ) -> Result<(), End>,
) -> RunReport
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    A: Audience,
{
    let started = world.clock.now();
    let ledger = match Ledger::open(world.store, world.holder, kind, world.clock).await {
        Ok(ledger) => ledger,
        Err(problem) => {
            let outcome = outcome_of(Err(End::Failed(None, problem)));
            return report(started, world.clock.now(), outcome, Executed::default(), None::<&Ledger<'_, S>>);
        }
    };
    let options = ledger.head().options.clone();
    let exchange = Veiled::new(world.exchange, &options);
    let world = world.seeing(&exchange);
    let mut executor = Executor::new(world.blikk, world.exchange, ledger, world.clock, world.audience);
    let ended = match recover(world.blikk, world.exchange, (world.clock, world.audience), &mut executor.ledger).await {
        Ok(()) => work(&world, &mut executor).await,
        Err(stop) => Err(stop.into()),
    };
    let mut outcome = outcome_of(ended);
    let Executor { mut ledger, done, .. } = executor;
    let closed = ledger.close(&outcome, [done.blikk, done.exchange], world.clock.now()).await;
    if let (Err(problem), Outcome::Done) = (closed, &outcome) {
        outcome = Outcome::Failed { side: None, problem };
    }
    report(started, world.clock.now(), outcome, done, Some(&ledger))
}

async fn synchronise<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    executor: &mut Executor<'_, B, X, S, C, A>,
    approval: Approval,
) -> Result<(), End>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    R: Random,
    A: Audience,
{
    let measure = measure(&executor.ledger, approval);
    let mut scope = Scope::of(&mut executor.ledger, world.clock.now()).await?;
    // A token that goes on from one that was too old is too old as well.
    let mut is_late = false;
    for _ in 0..PASSES {
        // 3. Pull both sides, 4. plan.
        let Some(survey) = survey(world, &executor.ledger, &scope).await? else { return Ok(()) };
        let passed = pass(world, executor, survey, &measure).await?;
        is_late |= passed.is_late;
        if passed.is_moving {
            scope = scope.again(passed.shown, std::mem::take(&mut executor.done.created));
            continue;
        }
        let checked_at = scope.check_at.take().filter(|_| passed.has_checked);
        if let Some(next) = scope.next_waking {
            executor.ledger.has_looked_at_the_woken(next);
        }
        let cover_writes = !passed.has_written && !is_late;
        let advance = Advance { tokens: passed.next.clone(), cover_writes, checked_at };
        executor.ledger.advance(advance, world.clock.now()).await.map_err(of_store)?;
        if !passed.has_written {
            return Ok(());
        }
        scope = Scope::after(passed.next, std::mem::take(&mut executor.done.created));
    }
    if scope.is_again() { Err(End::Failed(None, Code::RunUnsettled.into())) } else { Ok(()) }
}

/// What became of a pass.
struct Passed {
    /// Where to go on.
    next: [Token; 2],
    has_written: bool,
    /// All that Exchange has was looked at.
    has_checked: bool,
    /// An item went from its place: the same is to be looked at again.
    is_moving: bool,
    /// What was there when it was surveyed, in Blikk and in Exchange.
    shown: [Vec<RemoteId>; 2],
    /// The tokens are older than our writes.
    is_late: bool,
}

/// From the plan to the end of its execution.
async fn pass<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    executor: &mut Executor<'_, B, X, S, C, A>,
    survey: Survey,
    measure: &Measure,
) -> Result<Passed, End>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    R: Random,
    A: Audience,
{
    // 5. Brake, 6. journal, 7. execute, 8. read back; what somebody changed meanwhile goes back to 4.
    let already_written = executor.done.total();
    let mut decided = Decided { steps: survey.steps, is_moving: survey.is_moving };
    let mut is_moving = false;
    for _ in 0..ROUNDS {
        is_moving |= decided.is_moving;
        carry_out(executor, decided.steps, measure).await?;
        let again = what_is_still_to_do(world, executor).await?;
        let rules = rules_of(executor.ledger.head(), world.clock.now(), world.zones);
        decided = plan_again(world, &rules, again, survey.is_again).await?;
        if decided.steps.is_empty() {
            break;
        }
    }
    is_moving |= decided.is_moving;

    // 9. Advance, last, and only if nothing of what the tokens cover is still to do.
    if let Some((side, problem)) = survey.unread {
        return Err(End::Failed(Some(side), problem));
    }
    if !decided.steps.is_empty() {
        return Err(End::Failed(None, Code::RunUnsettled.into()));
    }
    let has_written = executor.done.total() > already_written;
    Ok(Passed {
        next: survey.next,
        has_written,
        has_checked: survey.has_checked,
        is_moving,
        shown: survey.shown,
        is_late: survey.is_late,
    })
}

/// Settles the writes that failed. What may pass waits alone; what somebody came between is to be planned again, and what
/// was not decided yet.
pub(super) async fn what_is_still_to_do<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    executor: &mut Executor<'_, B, X, S, C, A>,
) -> Result<Again, End>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    A: Audience,
{
    let mut again = std::mem::take(&mut executor.done.again);
    let unsettled = std::mem::take(&mut executor.done.unsettled);
    if !unsettled.is_empty() {
        let failed = unsettled.iter().filter(|one| !one.is_moving);
        executor.done.notes.extend(failed.map(|one| Note { side: one.side, event: one.reason.clone() }));
        let now = world.clock.now();
        let more = recover_from(world.blikk, world.exchange, &mut executor.ledger, &unsettled, now).await?;
        again.links.extend(more.links);
        again.deleted.extend(more.deleted);
    }
    Ok(again)
}

/// Steps 5 to 8, for steps that are all to be carried out or none.
pub(super) async fn carry_out<B, X, S, C, A>(
    executor: &mut Executor<'_, B, X, S, C, A>,
    steps: Vec<Step>,
    measure: &Measure,
) -> Result<(), End>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    A: Audience,
{
    let already = [executor.done.blikk.deleted, executor.done.exchange.deleted];
    if let Some(held) = hold(&steps, measure, already) {
        return Err(End::Held(Preview::of(&steps, Some(held))));
    }
    Ok(executor.carry_out(steps).await?)
}

pub(super) fn measure<S: StateStore>(ledger: &Ledger<'_, S>, approval: Approval) -> Measure {
    let head = ledger.head();
    Measure { brake: head.options.brake, linked: head.linked, is_first: ledger.is_first(), approval }
}

pub(super) fn of_store(problem: Problem) -> End {
    End::Failed(None, problem)
}

fn outcome_of(ended: Result<(), End>) -> Outcome {
    match ended {
        Ok(()) => Outcome::Done,
        Err(End::Failed(_, Problem { code: Code::RunCancelled, .. })) => Outcome::Cancelled,
        Err(End::Failed(side, problem)) => Outcome::Failed { side, problem },
        Err(End::Held(preview)) => Outcome::Held { preview },
    }
}

fn report<S: StateStore>(
    started: DateTime<Utc>,
    ended: DateTime<Utc>,
    outcome: Outcome,
    done: Executed,
    ledger: Option<&Ledger<'_, S>>,
) -> RunReport {
    let head = ledger.map(Ledger::head);
    RunReport {
        started,
        ended,
        outcome,
        blikk: done.blikk,
        exchange: done.exchange,
        linked: done.linked,
        run: ledger.and_then(Ledger::run),
        asking: head.map_or(0, |head| head.asking),
        not_synchronised: head.map(|head| head.set_aside.clone()).unwrap_or_default(),
        notes: done.notes.into_iter().take(NOTES).collect::<Vec<Note>>(),
    }
}
