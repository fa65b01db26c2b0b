//! Steps 3 and 4 of a run: what there is, and what is to be done about it. Nothing here writes to a calendar, so a
//! preview is this and no more.

use chrono::{DateTime, TimeDelta, Utc};

use crate::host::{Audience, Clock, Random};
use crate::problem::{Problem, Side};
use crate::sync::counterparts::{find_events, find_items};
use crate::sync::execute::Again;
use crate::sync::ledger::Ledger;
use crate::sync::moved::{follow_pairs, follow_the_moved};
use crate::sync::pairing::pair_up;
use crate::sync::plan::{Act, Now, Pair, Relearn, Rules, Step, Write, plan};
use crate::sync::port::{Calendar, Reading, StateStore, all_links, read_all};
use crate::sync::pull::{Confirmed, check, confirm, pull};
use crate::sync::run::World;
use crate::sync::state::{Head, Link, LinkId, RemoteId, Token, Version};
use crate::zone::ZoneRules;

/// How often an event is read again before anything is written, because what was heard of it does not decide.
const LOOKS: u32 = 3;

/// How often a run waits for an event that goes from its place while it looks.
const MOVES: u32 = 2;

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
    /// When the next one's time comes, once these have been looked at.
    pub next_waking: Option<Option<DateTime<Utc>>>,
    /// What we created or saw since the tokens were given, in Blikk and in Exchange. Of what was created *and deleted* since, a
    /// list of changes may say nothing at all; so what it does not mention is asked for.
    created: [Vec<RemoteId>; 2],
    /// How often it was looked at before, and somebody moved an event meanwhile.
    looked: u32,
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
        let next_waking = ledger.head().next_waking;
        let (woken, next_waking) =
            if is_time { waking(ledger, now).await.map_err(of_store)? } else { (Vec::new(), next_waking) };
        Ok(Scope { tokens, check_at, woken, next_waking: is_time.then_some(next_waking), ..Scope::default() })
    }

    /// What the next pass looks at.
    pub fn after(tokens: [Token; 2], created: [Vec<RemoteId>; 2]) -> Scope {
        Scope { tokens: tokens.map(Some), created, ..Scope::default() }
    }

    /// Somebody moved an event while it was looked at, and moved one again: what is not there now is gone.
    pub fn is_again(&self) -> bool {
        self.looked >= MOVES
    }

    /// The same once more: somebody moved an event while we looked. What was there the first time, a list that begins at
    /// the same place need not mention if it is gone since.
    pub fn again(self, shown: [Vec<RemoteId>; 2], created: [Vec<RemoteId>; 2]) -> Scope {
        let [mut blikk, mut exchange] = self.created;
        for [in_blikk, in_exchange] in [shown, created] {
            blikk.extend(in_blikk);
            exchange.extend(in_exchange);
        }
        // Those whose time had come were looked at; what of them was left out is woken by the next run.
        Scope { tokens: self.tokens, created: [blikk, exchange], looked: self.looked + 1, ..Scope::default() }
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

/// Those whose time has come, and when that of the next one comes.
async fn waking<S: StateStore>(
    ledger: &Ledger<'_, S>,
    now: DateTime<Utc>,
) -> Result<(Vec<Link>, Option<DateTime<Utc>>), Problem> {
    let waiting = all_links(ledger.store()).await?.into_iter().filter(|link| link.wakes_at().is_some());
    let (woken, asleep): (Vec<Link>, Vec<Link>) = waiting.partition(|link| link.wakes_at() <= Some(now));
    let next = asleep.iter().filter_map(Link::wakes_at).min();
    Ok((woken, next))
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
    /// An item went from its place while we looked: the next list tells whether it is in another.
    pub is_moving: bool,
    /// It did so before.
    pub is_again: bool,
    /// What was there, in Blikk and in Exchange.
    pub shown: [Vec<RemoteId>; 2],
    /// A list kept quiet about what we had created and is there: it is older than that, and so are its tokens.
    pub is_late: bool,
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
        pull(world.exchange, world.store, exchange_token.as_ref(), world.audience).await.map_err(on(Side::Exchange))?;
    let mut from_blikk =
        pull(world.blikk, world.store, blikk_token.as_ref(), world.audience).await.map_err(on(Side::Blikk))?;
    let [created_in_blikk, created_in_exchange] = &scope.created;
    let late = [from_blikk.ask_for(created_in_blikk), from_exchange.ask_for(created_in_exchange)];
    let has_no_news = from_exchange.is_empty() && from_blikk.is_empty() && scope.woken.is_empty();
    if has_no_news && !is_check_due {
        return Ok(None);
    }
    let nothing = Confirmed::default();
    let mut exchange =
        confirm(world.exchange, world.store, &mut from_exchange, &nothing).await.map_err(on(Side::Exchange))?;
    let mut blikk = confirm(world.blikk, world.store, &mut from_blikk, &nothing).await.map_err(on(Side::Blikk))?;
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
    find_items(world, &mut blikk, &mut exchange, from_exchange.is_complete).await?;
    find_events(world, &mut blikk, &exchange).await?;
    follow_the_moved(world.exchange, world.store, &mut exchange, &blikk).await?;
    let shown = [shown(&blikk), shown(&exchange)];
    let vanished = [std::mem::take(&mut blikk.vanished), std::mem::take(&mut exchange.vanished)];
    let has_vanished = !scope.is_again() && vanished.iter().any(|ids| !ids.is_empty());
    if scope.is_again() {
        let [in_blikk, in_exchange] = vanished.clone();
        blikk.heard.gone.extend(in_blikk);
        exchange.heard.gone.extend(in_exchange);
    }
    let is_late = late.iter().zip(&shown).any(|(late, shown)| late.iter().any(|id| shown.contains(id)));
    let now = world.clock.now();
    let is_late = is_late || [blikk.untold, exchange.untold].into_iter().flatten().any(|at| may_be_late(at, now));
    let has_strangers = [
        blikk.has_doubtful_strangers(Side::Blikk, &[]),
        exchange.has_doubtful_strangers(Side::Exchange, if has_vanished { &vanished[1] } else { &[] }),
    ];
    if has_strangers[place_of(Side::Exchange)] {
        exchange.let_the_marked_wait();
    }
    let unread = exchange.unread.map(|problem| (Side::Exchange, problem));
    let unread = unread.or(blikk.unread.map(|problem| (Side::Blikk, problem)));
    let mut pairs = pair_up([exchange.links, blikk.links].concat(), blikk.heard, exchange.heard);
    // Of those whose time has come nothing was heard, or they are in the plan already.
    let is_woken =
        |pair: &Pair| scope.woken.iter().any(|link| Some(&link.id) == pair.link.as_ref().map(|link| &link.id));
    pairs.retain(|pair| !(pair.blikk == Now::Silent && pair.exchange == Now::Silent && is_woken(pair)));
    // Nothing is decided of what seems to be on its way from one place to another.
    let is_away = |pair: &Pair| {
        let holds = |side: Side| Some(pair.link.as_ref()?.on(side)?.id.clone());
        [Side::Blikk, Side::Exchange]
            .into_iter()
            .any(|side| holds(side).is_some_and(|id| has_vanished && vanished[place_of(side)].contains(&id)))
    };
    pairs.retain(|pair| !is_away(pair));
    let is_new = |link: &&Link| pairs.iter().all(|pair| pair.link.as_ref().is_none_or(|known| known.id != link.id));
    let woken: Vec<Link> = scope.woken.iter().filter(is_new).cloned().collect();
    pairs.extend(look_again(world, woken).await?);
    let rules = rules_of(ledger.head(), world.clock.now(), world.zones);
    let Decided { mut steps, is_moving } = decided(world, &rules, pairs, scope.is_again()).await?;
    let is_moving = is_moving || has_vanished;
    // What could not be read may be what would be made, or what was moved and seems gone: nobody knows who it is.
    steps.retain(|step| {
        let is_meeting = step.prior.is_none() && step.link.blikk.is_some() && step.link.exchange.is_some();
        let is_doubtful = |write: &Write| match write {
            Write::Create { on, .. } => has_strangers[place_of(*on)],
            Write::Delete { on, .. } => has_strangers[place_of(on.other())],
            Write::Update { .. } => false,
        };
        // Of two that have just met, one may be a copy of what could not be read.
        let may_be_a_copys = is_meeting && has_strangers.contains(&true);
        !may_be_a_copys && !step.writes().iter().any(is_doubtful)
    });
    Ok(Some(Survey {
        steps,
        next: [from_blikk.next, from_exchange.next],
        unread,
        has_checked,
        is_moving,
        is_again: scope.is_again(),
        shown,
        is_late,
    }))
}

/// A list lags by minutes, or by hours where a server was moved. That it keeps quiet about what is older than this is its
/// way, and costs no more than that every run until then looks at everything.
const LONGEST_LAG: TimeDelta = TimeDelta::days(7);

/// Whether an enumeration that says nothing of what was `touched_at` then may only be older than that.
fn may_be_late(touched_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    touched_at > now - LONGEST_LAG
}

fn place_of(side: Side) -> usize {
    usize::from(side == Side::Exchange)
}

fn shown(confirmed: &Confirmed) -> Vec<RemoteId> {
    confirmed.heard.here.iter().map(|observed| observed.id.clone()).collect()
}

/// What a plan is made by, as the state says.
pub(super) fn rules_of<'a>(head: &'a Head, now: DateTime<Utc>, zones: &'a dyn ZoneRules) -> Rules<'a> {
    let relearn = Relearn::since(head.settled_options.as_ref(), &head.options);
    Rules { relearn, zones, ..Rules::new(&head.options, now) }
}

/// Plans again for links that somebody changed while we wrote.
pub(super) async fn plan_again<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    rules: &Rules<'_>,
    again: Again,
    is_again: bool,
) -> Result<Decided, Stop>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    R: Random,
{
    let Again { links, deleted } = again;
    if links.is_empty() {
        return Ok(Decided::default());
    }
    let mut pairs = look_again(world, links).await?;
    for pair in &mut pairs {
        let Some(id) = id_of(pair) else { continue };
        for (_, side) in deleted.iter().filter(|(deleted, _)| *deleted == id) {
            *pair.now_mut(*side) = Now::Gone;
        }
    }
    let (pairs, is_moving) = without_moving(pairs, is_again);
    let decided = decided(world, rules, pairs, is_again).await?;
    Ok(Decided { is_moving: is_moving || decided.is_moving, ..decided })
}

/// A plan, and whether something was left out of it for now.
#[derive(Default)]
pub(super) struct Decided {
    pub steps: Vec<Step>,
    pub is_moving: bool,
}

/// The plan for these pairs, with everything read that it turns out to need.
async fn decided<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    rules: &Rules<'_>,
    pairs: Vec<Pair>,
    is_again: bool,
) -> Result<Decided, Stop>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    R: Random,
{
    let draw = || LinkId::from_random(world.random.bytes());
    let gone: Vec<LinkId> = pairs.iter().filter(|pair| pair.exchange == Now::Gone).filter_map(id_of).collect();
    let mut decided = Decided { steps: plan(pairs, rules, draw), is_moving: false };
    for _ in 0..LOOKS {
        let (undecided, rest): (Vec<Step>, Vec<Step>) =
            decided.steps.into_iter().partition(|step| step.act == Act::LookAgain);
        decided.steps = rest;
        if undecided.is_empty() {
            break;
        }
        let links: Vec<Link> = undecided.into_iter().filter_map(|step| step.prior).collect();
        let (known, heard): (Vec<Pair>, Vec<Pair>) = look_again(world, links)
            .await?
            .into_iter()
            .partition(|pair| id_of(pair).is_some_and(|id| gone.contains(&id)));
        let (heard, is_moving) = without_moving(heard, is_again);
        decided.is_moving |= is_moving;
        decided.steps.extend(plan([known, heard].concat(), rules, draw));
    }
    Ok(decided)
}

fn id_of(pair: &Pair) -> Option<LinkId> {
    Some(pair.link.as_ref()?.id.clone())
}

/// An item that reads gone, of which the list has not said so, and that is not found by its UID either may have been moved
/// in this very moment, or on a server that cannot search: it is there again under another id, and only the next list
/// knows. Made anew meanwhile, it would be doubled; so it is left out once, `is_again` says that it was.
fn without_moving(pairs: Vec<Pair>, is_again: bool) -> (Vec<Pair>, bool) {
    let is_moving = |pair: &Pair| !is_again && pair.exchange == Now::Gone && matches!(pair.blikk, Now::Here(_));
    let count = pairs.len();
    let staying: Vec<Pair> = pairs.into_iter().filter(|pair| !is_moving(pair)).collect();
    let is_moving = staying.len() < count;
    (staying, is_moving)
}

/// Reads both sides of these links as they are now.
async fn look_again<B: Calendar, X: Calendar, S: StateStore, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    links: Vec<Link>,
) -> Result<Vec<Pair>, Stop> {
    let blikk = read_side(world.blikk, &links).await?;
    let exchange = read_side(world.exchange, &links).await?;
    let pairs = links.into_iter().zip(blikk.into_iter().zip(exchange));
    let mut pairs: Vec<Pair> =
        pairs.map(|(link, (blikk, exchange))| Pair { link: Some(link), blikk, exchange }).collect();
    follow_pairs(world.exchange, world.store, &mut pairs).await?;
    Ok(pairs)
}

async fn read_side(calendar: &impl Calendar, links: &[Link]) -> Result<Vec<Now>, Stop> {
    let side = calendar.side();
    let ids: Vec<RemoteId> = links.iter().filter_map(|link| Some(link.on(side)?.id.clone())).collect();
    let mut readings = read_all(calendar, &ids).await.map_err(|problem| (Some(side), problem))?.into_iter();
    links
        .iter()
        .map(|link| match link.on(side).and_then(|_| readings.next()) {
            Some(Reading::Found(observed)) => Ok(Now::Here(observed)),
            Some(Reading::Gone(_)) => Ok(Now::Gone),
            Some(Reading::Failed(_, problem)) => Err((Some(side), problem)),
            None => Ok(Now::Silent),
        })
        .collect()
}
