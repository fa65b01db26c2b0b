//! Steps 3 and 4 of a run: what there is, and what is to be done about it. Nothing here writes to a calendar, so a
//! preview is this and no more.

use chrono::{DateTime, Utc};

use crate::host::{Audience, Clock, Random};
use crate::problem::{Code, Problem, Side};
use crate::sync::ledger::Ledger;
use crate::sync::pairing::pair_up;
use crate::sync::plan::{Act, Now, Pair, Step, plan};
use crate::sync::port::{Calendar, Reading, StateStore, all_links};
use crate::sync::pull::{Confirmed, check, confirm, pull};
use crate::sync::run::World;
use crate::sync::state::{Head, Link, LinkId, RemoteId, Token, Version};

/// How often an event is read again before anything is written, because what was heard of it does not decide.
const LOOKS: u32 = 3;

/// Where it failed, and how.
type Stop = (Option<Side>, Problem);

/// What a pass looks at.
#[derive(Default)]
pub(super) struct Scope {
    /// Where to go on, in Blikk and in Exchange; `None`: everything.
    pub tokens: [Option<Token>; 2],
    /// Exchange is to be checked as a whole; now.
    pub check_at: Option<DateTime<Utc>>,
    /// Events whose time has come: the window has reached them, or they are to be tried again.
    woken: Vec<Link>,
}

impl Scope {
    /// What a run has to look at first.
    ///
    /// # Errors
    /// The store's.
    pub async fn of<S: StateStore>(ledger: &mut Ledger<'_, S>, now: DateTime<Utc>) -> Result<Scope, Stop> {
        let of_store = |problem| (None, problem);
        let check_at = Some(now).filter(|now| ledger.head().is_check_due(*now));
        if ledger.head().must_look_at_everything() {
            forget_versions(ledger, now).await.map_err(of_store)?;
            return Ok(Scope { check_at, ..Scope::default() });
        }
        let tokens = [Side::Blikk, Side::Exchange].map(|side| ledger.head().token(side).cloned());
        let is_time = ledger.head().next_waking.is_some_and(|next| next <= now);
        let woken = if is_time { waking(ledger, now).await.map_err(of_store)? } else { Vec::new() };
        Ok(Scope { tokens, check_at, woken })
    }

    /// What the next pass looks at.
    pub fn from(self, tokens: [Token; 2]) -> Scope {
        Scope { tokens: tokens.map(Some), ..Scope::default() }
    }
}

/// The person chose otherwise: what was decided under the old choice is looked at anew, whatever its version.
async fn forget_versions<S: StateStore>(ledger: &mut Ledger<'_, S>, now: DateTime<Utc>) -> Result<(), Problem> {
    for (count, mut link) in all_links(ledger.store()).await?.into_iter().enumerate() {
        let before = link.clone();
        for side in [Side::Blikk, Side::Exchange] {
            if let Some(state) = link.on_mut(side) {
                state.version = Version::unknown();
            }
        }
        if link != before {
            ledger.put(Some(&before), link);
        }
        if count % 500 == 499 {
            ledger.commit(now).await?;
        }
    }
    ledger.commit(now).await
}

async fn waking<S: StateStore>(ledger: &mut Ledger<'_, S>, now: DateTime<Utc>) -> Result<Vec<Link>, Problem> {
    let waiting = all_links(ledger.store()).await?.into_iter().filter(|link| link.wakes_at().is_some());
    let (woken, asleep): (Vec<Link>, Vec<Link>) = waiting.partition(|link| link.wakes_at() <= Some(now));
    ledger.next_waking_is(asleep.iter().filter_map(Link::wakes_at).min());
    Ok(woken)
}

/// What there is to do.
pub(super) struct Survey {
    pub steps: Vec<Step>,
    /// Where the next pass goes on, in Blikk and in Exchange.
    pub next: [Token; 2],
    /// Something could not be read this time: the tokens must not advance.
    pub unread: Option<(Side, Problem)>,
    /// All that Exchange has was looked at.
    pub has_checked: bool,
}

/// Pulls both sides and plans; `None`: there is no news.
pub(super) async fn survey<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    ledger: &Ledger<'_, S>,
    scope: &Scope,
) -> Result<Option<Survey>, Stop>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    R: Random,
    A: Audience,
{
    let on = |side: Side| move |problem: Problem| (Some(side), problem);
    let [blikk_token, exchange_token] = &scope.tokens;
    let is_check_due = scope.check_at.is_some();

    // Whatever fails here leaves everything as it was.
    let mut from_exchange =
        pull(world.exchange, exchange_token.as_ref(), world.audience).await.map_err(on(Side::Exchange))?;
    let mut from_blikk = pull(world.blikk, blikk_token.as_ref(), world.audience).await.map_err(on(Side::Blikk))?;
    let has_no_news = from_exchange.is_empty() && from_blikk.is_empty() && scope.woken.is_empty();
    if has_no_news && !is_check_due {
        return Ok(None);
    }
    let nothing = Confirmed::default();
    let mut exchange =
        confirm(world.exchange, world.store, &mut from_exchange, &nothing).await.map_err(on(Side::Exchange))?;
    let blikk = confirm(world.blikk, world.store, &mut from_blikk, &nothing).await.map_err(on(Side::Blikk))?;
    let mut has_checked = false;
    if is_check_due {
        // The first enumeration has just read everything.
        let is_first = from_exchange.is_complete && ledger.head().exchange_checked_at.is_none();
        has_checked = is_first
            || check(world.exchange, world.store, world.audience, &mut exchange).await.map_err(on(Side::Exchange))?;
    }
    if has_no_news && !has_checked && exchange.is_empty() {
        return Ok(None);
    }
    let unread = exchange.unread.map(|problem| (Side::Exchange, problem));
    let unread = unread.or(blikk.unread.map(|problem| (Side::Blikk, problem)));
    let mut pairs = pair_up([exchange.links, blikk.links].concat(), blikk.heard, exchange.heard);
    let is_new = |link: &&Link| pairs.iter().all(|pair| pair.link.as_ref().is_none_or(|known| known.id != link.id));
    let woken: Vec<Link> = scope.woken.iter().filter(is_new).cloned().collect();
    pairs.extend(look_again(world, woken).await?);
    let steps = decided(world, ledger.head(), pairs).await?;
    Ok(Some(Survey { steps, next: [from_blikk.next, from_exchange.next], unread, has_checked }))
}

/// Plans again for links that somebody changed while we wrote.
pub(super) async fn plan_again<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    head: &Head,
    links: Vec<Link>,
) -> Result<Vec<Step>, Stop>
where
    B: Calendar,
    X: Calendar,
    C: Clock,
    R: Random,
{
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let pairs = look_again(world, links).await?;
    decided(world, head, pairs).await
}

/// The plan for these pairs, with everything read that it turns out to need.
async fn decided<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    _head: &Head,
    pairs: Vec<Pair>,
) -> Result<Vec<Step>, Stop>
where
    B: Calendar,
    X: Calendar,
    C: Clock,
    R: Random,
{
    let draw = || LinkId::from_random(world.random.bytes());
    let mut steps = plan(pairs, draw);
    for _ in 0..LOOKS {
        let (undecided, mut rest): (Vec<Step>, Vec<Step>) =
            steps.into_iter().partition(|step| step.act == Act::LookAgain);
        if undecided.is_empty() {
            return Ok(rest);
        }
        let links = undecided.into_iter().filter_map(|step| step.prior).collect();
        rest.extend(plan(look_again(world, links).await?, draw));
        steps = rest;
    }
    Ok(steps)
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
