//! One run, from top to bottom: pull, pair, plan, execute, advance.
//!
//! The numbers are design's nine steps. The lock (1) is the page's Web Lock; recovering from a journal (2), brakes (5)
//! and the journal itself (6) find their place between the steps below.

use chrono::{DateTime, Utc};

use crate::host::{Audience, Clock, Random};
use crate::problem::{Code, Problem, Side};
use crate::sync::execute::{Executed, Executor};
use crate::sync::ledger::Ledger;
use crate::sync::pairing::pair_up;
use crate::sync::plan::{Now, Pair, Relearn, Rules, plan};
use crate::sync::port::{Calendar, Reading, StateStore};
use crate::sync::pull::{Confirmed, check, confirm, pull};
use crate::sync::report::{Note, Outcome, RunReport};
use crate::sync::state::{Link, LinkId, RemoteId, Token};

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
}

/// Where it failed, and how.
type Stop = (Option<Side>, Problem);

/// Synchronises the pair once. Never fails otherwise than in [`RunReport::outcome`], and whatever happens, what was
/// written is remembered or recognised by the next run.
pub async fn run<B, X, S, C, R, A>(world: &World<'_, B, X, S, C, R, A>) -> RunReport
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    R: Random,
    A: Audience,
{
    let started = world.clock.now();
    let ledger = match Ledger::open(world.store).await {
        Ok(ledger) => ledger,
        Err(problem) => {
            return report(started, world.clock.now(), Default::default(), Executed::default(), Err((None, problem)));
        }
    };
    let mut executor = Executor::new(world.blikk, world.exchange, ledger, world.audience);
    let ended = synchronise(world, &mut executor).await;
    let not_synchronised = executor.ledger.head().set_aside.clone();
    let done = executor.done;
    report(started, world.clock.now(), not_synchronised, done, ended)
}

async fn synchronise<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    executor: &mut Executor<'_, B, X, S, A>,
) -> Result<(), Stop>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    R: Random,
    A: Audience,
{
    let mut tokens = [Side::Blikk, Side::Exchange].map(|side| executor.ledger.head().token(side).cloned());
    let mut check_at = Some(world.clock.now()).filter(|now| executor.ledger.head().is_check_due(*now));
    for _ in 0..PASSES {
        let passed = pass(world, executor, &tokens, check_at.is_some()).await?;
        let Some(next) = passed.next else { return Ok(()) };
        let checked_at = check_at.take().filter(|_| passed.has_checked);
        let advanced = executor.ledger.advance(next.clone(), !passed.has_written, checked_at).await;
        advanced.map_err(|problem| (None, problem))?;
        if !passed.has_written {
            return Ok(());
        }
        tokens = next.map(Some);
    }
    Ok(())
}

/// What became of a pass.
struct Passed {
    /// Where to go on; `None` when there was nothing to do.
    next: Option<[Token; 2]>,
    has_written: bool,
    /// All that Exchange has was looked at.
    has_checked: bool,
}

/// Once from pulling to executing.
async fn pass<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    executor: &mut Executor<'_, B, X, S, A>,
    [blikk_token, exchange_token]: &[Option<Token>; 2],
    is_check_due: bool,
) -> Result<Passed, Stop>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    R: Random,
    A: Audience,
{
    let on = |side: Side| move |problem: Problem| (Some(side), problem);

    // 3. Pull both sides; whatever fails here leaves everything as it was.
    let mut from_exchange =
        pull(world.exchange, exchange_token.as_ref(), world.audience).await.map_err(on(Side::Exchange))?;
    let mut from_blikk = pull(world.blikk, blikk_token.as_ref(), world.audience).await.map_err(on(Side::Blikk))?;
    let has_no_news = from_exchange.is_empty() && from_blikk.is_empty();
    if has_no_news && !is_check_due {
        return Ok(Passed { next: None, has_written: false, has_checked: false });
    }
    let nothing = Confirmed::default();
    let mut exchange =
        confirm(world.exchange, world.store, &mut from_exchange, &nothing).await.map_err(on(Side::Exchange))?;
    let blikk = confirm(world.blikk, world.store, &mut from_blikk, &nothing).await.map_err(on(Side::Blikk))?;
    let mut has_checked = false;
    if is_check_due {
        // The first enumeration has just read everything.
        let is_first = from_exchange.is_complete && executor.ledger.head().exchange_checked_at.is_none();
        has_checked = is_first
            || check(world.exchange, world.store, world.audience, &mut exchange).await.map_err(on(Side::Exchange))?;
    }
    if has_no_news && !has_checked && exchange.is_empty() {
        return Ok(Passed { next: None, has_written: false, has_checked });
    }
    let unread = [(Side::Exchange, exchange.unread), (Side::Blikk, blikk.unread)];

    // 4. Plan, 7. execute, 8. read back; what somebody changed meanwhile goes back to 4.
    let already_written = executor.done.total();
    let options = executor.ledger.head().options.clone();
    let relearn = Relearn::since(executor.ledger.head().settled_options.as_ref(), &options);
    let rules = Rules { relearn, ..Rules::new(&options, world.clock.now()) };
    let mut pairs = pair_up([exchange.links, blikk.links].concat(), blikk.heard, exchange.heard);
    for _ in 0..ROUNDS {
        let steps = plan(pairs, &rules, || LinkId::from_random(world.random.bytes()));
        executor.carry_out(steps).await?;
        let again = std::mem::take(&mut executor.done.again);
        pairs = if again.is_empty() { Vec::new() } else { look_again(world, again).await? };
        if pairs.is_empty() {
            break;
        }
    }

    // 9. Advance, last, and only if nothing of what the tokens cover is still to do.
    let unread = unread.into_iter().find_map(|(side, problem)| Some((Some(side), problem?)));
    let unsettled = executor.done.unsettled.take().map(|(side, problem)| (Some(side), problem));
    let still_moving = (!pairs.is_empty()).then(|| (None, Code::RunUnsettled.into()));
    match unread.or(unsettled).or(still_moving) {
        Some(stop) => Err(stop),
        None => {
            let has_written = executor.done.total() > already_written;
            Ok(Passed { next: Some([from_blikk.next, from_exchange.next]), has_written, has_checked })
        }
    }
}

/// Reads both sides of these links as they are now.
async fn look_again<B: Calendar, X: Calendar, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    links: Vec<Link>,
) -> Result<Vec<Pair>, Stop> {
    let blikk = read_side(world.blikk, &links).await?;
    let exchange = read_side(world.exchange, &links).await?;
    let pairs = links.into_iter().zip(blikk.into_iter().zip(exchange));
    Ok(pairs.map(|(link, (blikk, exchange))| Pair { link: Some(link), blikk, exchange }).collect())
}

async fn read_side(calendar: &impl Calendar, links: &[Link]) -> Result<Vec<Now>, Stop> {
    let side = calendar.side();
    let ids: Vec<RemoteId> = links.iter().filter_map(|link| Some(link.on(side)?.id.clone())).collect();
    let readings = if ids.is_empty() { Ok(Vec::new()) } else { calendar.read(&ids).await };
    let mut readings = readings.map_err(|problem| (Some(side), problem))?.into_iter();
    links
        .iter()
        .map(|link| match link.on(side) {
            None => Ok(Now::Silent),
            Some(_) => match readings.next() {
                Some(Reading::Found(observed)) => Ok(Now::Here(observed)),
                Some(Reading::Gone(_)) => Ok(Now::Gone),
                Some(Reading::Failed(_, problem)) => Err((Some(side), problem)),
                None => Err((Some(side), Problem::new(Code::Internal).said("a read was answered in part"))),
            },
        })
        .collect()
}

fn report(
    started: DateTime<Utc>,
    ended: DateTime<Utc>,
    not_synchronised: std::collections::BTreeMap<Code, u32>,
    done: Executed,
    result: Result<(), Stop>,
) -> RunReport {
    let outcome = match result {
        Ok(()) => Outcome::Done,
        Err((_, Problem { code: Code::RunCancelled, .. })) => Outcome::Cancelled,
        Err((side, problem)) => Outcome::Failed { side, problem },
    };
    let notes: Vec<Note> = done.notes.into_iter().take(NOTES).collect();
    RunReport {
        started,
        ended,
        outcome,
        blikk: done.blikk,
        exchange: done.exchange,
        linked: done.linked,
        run: None,
        asking: 0,
        not_synchronised,
        notes,
    }
}
