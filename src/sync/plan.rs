//! What to do about each pair of events, and why (pure).
//!
//! The plan is data: a [`Step`] per pair, with the row that will be remembered, the writes that lead there and the
//! [`Reason`]. Nothing here knows a protocol, a clock or a network, so every rule can be tested as a table.
//!
//! Two things count as evidence of deletion, and only these: the server said so of this one event ([`Now::Gone`]),
//! and nobody edited the other copy meanwhile. An event that was merely not heard of ([`Now::Silent`]) is as it was
//! (scenario 5).

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::problem::Side;
use crate::sync::merge::{Edit, Field, differences, merge};
use crate::sync::port::Observed;
use crate::sync::state::{Link, LinkId, LinkKind, LinkState, RemoteId, SideState, Unsynced, Version};

/// What is known of one side of a pair at this moment.
#[derive(Clone, Debug, PartialEq)]
pub enum Now {
    /// Nothing was heard of it: as the link says, or never there.
    Silent,
    Here(Box<Observed>),
    /// The server confirmed that it does not exist.
    Gone,
}

/// Two events that belong together, or one that has no counterpart yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// `None`: these have never been linked, or the state was lost.
    pub link: Option<Link>,
    pub blikk: Now,
    pub exchange: Now,
}

impl Pair {
    pub fn now(&self, side: Side) -> &Now {
        match side {
            Side::Blikk => &self.blikk,
            Side::Exchange => &self.exchange,
        }
    }

    pub fn now_mut(&mut self, side: Side) -> &mut Now {
        match side {
            Side::Blikk => &mut self.blikk,
            Side::Exchange => &mut self.exchange,
        }
    }
}

/// What to do about one pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The row as it stands once the writes are done. Each side's `seen` is what that side holds now.
    pub link: Link,
    /// The row as it stood before, which `link` replaces; what a refused write falls back to.
    pub prior: Option<Link>,
    pub act: Act,
    pub reason: Reason,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Nothing to write, only to remember.
    Remember,
    /// Both sides are gone: drop the row.
    Forget,
    /// It cannot be decided from what was heard: read both sides and plan again.
    LookAgain,
    /// One write, or one on each side.
    Write(Vec<Write>),
}

/// One change of one side.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "they lie in short lists that are walked once")]
pub enum Write {
    Create { on: Side, event: Event },
    Update { on: Side, id: RemoteId, expected: Version, before: Event, after: Event },
    Delete { on: Side, id: RemoteId, expected: Version },
}

impl Write {
    pub fn side(&self) -> Side {
        match self {
            Write::Create { on, .. } | Write::Update { on, .. } | Write::Delete { on, .. } => *on,
        }
    }
}

/// Why a step is what it is; the page and the history put it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Reason {
    /// It exists on one side only, and was never on the other.
    New { on: Side },
    /// Both sides hold the same event already.
    Equal,
    /// People edited it on one side, or different parts of it on both.
    Edited,
    /// People edited the same parts on both sides; the newer edit won.
    Overruled { fields: Vec<Field>, winner: Side },
    /// People edited or deleted in Blikk what somebody else organises in Exchange: Exchange's word stands.
    BelongsToExchange { fields: Vec<Field> },
    /// It was deleted on one side and untouched on the other.
    Deleted { on: Side },
    /// It was deleted on one side and edited on the other: the edit survives (scenario 22).
    EditOutlivesDeletion { deleted_on: Side },
    /// It was deleted on both sides.
    GoneOnBoth,
    /// It cannot be synchronised for now.
    SetAside,
}

/// Decides for every pair. `draw` gives a new link id; pairs that need nothing yield no step.
pub fn plan(pairs: Vec<Pair>, mut draw: impl FnMut() -> LinkId) -> Vec<Step> {
    pairs.into_iter().filter_map(|pair| decide(pair, &mut draw)).collect()
}

fn decide(pair: Pair, draw: &mut impl FnMut() -> LinkId) -> Option<Step> {
    let Some(link) = pair.link else {
        return match (pair.blikk, pair.exchange) {
            (Now::Here(blikk), Now::Here(exchange)) => Some(meet(draw(), *blikk, *exchange)),
            (Now::Here(seen), _) => Some(arrive(new_link(draw(), Side::Blikk), None, Side::Blikk, *seen)),
            (_, Now::Here(seen)) => Some(arrive(new_link(draw(), Side::Exchange), None, Side::Exchange, *seen)),
            _ => None,
        };
    };
    let is_absent = |side: Side, now: &Now| match now {
        Now::Gone => true,
        Now::Silent => link.on(side).is_none(),
        Now::Here(_) => false,
    };
    match (is_absent(Side::Blikk, &pair.blikk), is_absent(Side::Exchange, &pair.exchange)) {
        (true, true) => Some(Step { prior: Some(link.clone()), link, act: Act::Forget, reason: Reason::GoneOnBoth }),
        (true, false) => one_left(link, Side::Exchange, pair.exchange, pair.blikk, draw),
        (false, true) => one_left(link, Side::Blikk, pair.blikk, pair.exchange, draw),
        (false, false) => both_there(link, pair.blikk, pair.exchange),
    }
}

/// Two events that name each other, without a row: the first run on calendars that were linked before, or a create
/// whose answer was lost (scenarios 1 and 3).
fn meet(id: LinkId, blikk: Observed, exchange: Observed) -> Step {
    let mut link = new_link(id, if blikk.uid.is_some() { Side::Exchange } else { Side::Blikk });
    link.uid = exchange.uid.clone();
    reconcile(link, None, blikk, exchange)
}

/// One event without a counterpart: create it on the other side, or set it aside.
fn arrive(mut link: Link, prior: Option<Link>, side: Side, seen: Observed) -> Step {
    if side == Side::Exchange {
        link.uid = seen.uid;
    }
    let event = match seen.content {
        Ok(event) => event,
        Err(reason) => {
            *link.on_mut(side) = Some(SideState { id: seen.id, version: seen.version, seen: None });
            return set_aside(link, prior, side, reason);
        }
    };
    *link.on_mut(side) = Some(SideState { id: seen.id, version: seen.version, seen: Some(event.clone()) });
    link.state = LinkState::Active;
    let act = Act::Write(vec![Write::Create { on: side.other(), event }]);
    Step { link, prior, act, reason: Reason::New { on: side } }
}

/// A known pair of which one side is gone, or was never made.
fn one_left(link: Link, side: Side, now: Now, other: Now, draw: &mut impl FnMut() -> LinkId) -> Option<Step> {
    let prior = Some(link.clone());
    let mut left = link;
    *left.on_mut(side.other()) = None;
    let was_deleted = other == Now::Gone;
    match now {
        Now::Silent if !was_deleted => None,
        // Set aside: what it holds now was not kept, so look before anything is deleted.
        Now::Silent if left.state != LinkState::Active => Some(look_again(left, prior)),
        // It shall be made again in Blikk, so it must be known as it is now.
        Now::Silent if side == Side::Exchange && left.seen_on(side).is_some_and(Event::belongs_to_exchange) => {
            Some(look_again(prior.clone()?, prior))
        }
        Now::Silent => {
            let state = left.on(side)?.clone();
            Some(delete(left, prior, side, state.id, state.version))
        }
        Now::Here(seen) => match &seen.content {
            Ok(event) if was_deleted && may_be_deleted(&prior, side, event) => {
                Some(delete(left, prior, side, seen.id, seen.version))
            }
            Ok(event) => {
                let is_exchanges = side == Side::Exchange && event.belongs_to_exchange();
                // A new id, because the old one is the idempotency key of the event that was deleted.
                left.id = draw();
                left.base = None;
                let mut step = arrive(left, prior, side, *seen);
                if was_deleted && is_exchanges {
                    step.reason = Reason::BelongsToExchange { fields: Vec::new() };
                } else if was_deleted {
                    step.reason = Reason::EditOutlivesDeletion { deleted_on: side.other() };
                }
                Some(step)
            }
            Err(_) => Some(arrive(left, prior, side, *seen)),
        },
        Now::Gone => None,
    }
}

/// Whether an event whose counterpart was deleted may follow it. Somebody else's meeting lives and dies in Exchange,
/// whatever was done to it in Blikk; everything else only if nobody edited it.
fn may_be_deleted(prior: &Option<Link>, side: Side, event: &Event) -> bool {
    if event.belongs_to_exchange() {
        return side == Side::Blikk;
    }
    let before = prior.as_ref().and_then(|link| link.seen_on(side));
    before.is_some_and(|before| differences(before, event).is_empty())
}

/// A known pair, both there.
fn both_there(link: Link, blikk: Now, exchange: Now) -> Option<Step> {
    if blikk == Now::Silent && exchange == Now::Silent {
        return None;
    }
    let is_silent = blikk == Now::Silent || exchange == Now::Silent;
    if is_silent && link.state != LinkState::Active {
        return Some(look_again(link.clone(), Some(link)));
    }
    let (Some(blikk), Some(exchange)) = (present(&link, Side::Blikk, blikk), present(&link, Side::Exchange, exchange))
    else {
        return Some(look_again(link.clone(), Some(link)));
    };
    Some(reconcile(link.clone(), Some(link), blikk, exchange))
}

/// What a side holds now: as observed, or as remembered.
fn present(link: &Link, side: Side, now: Now) -> Option<Observed> {
    match now {
        Now::Here(observed) => Some(*observed),
        Now::Gone => None,
        Now::Silent => Some(Observed {
            id: link.on(side)?.id.clone(),
            version: link.on(side)?.version.clone(),
            uid: link.uid.clone(),
            marker: None,
            created_at: None,
            changed_at: None,
            is_unfinished: false,
            content: Ok(link.seen_on(side)?.clone()),
        }),
    }
}

/// Both sides are there: bring each side's edits to the other.
fn reconcile(mut link: Link, prior: Option<Link>, blikk: Observed, exchange: Observed) -> Step {
    // Dates compare as they are; a side without one (a remembered event) was not edited, so it never wins by date.
    let newest = if blikk.changed_at > exchange.changed_at { Side::Blikk } else { Side::Exchange };
    let kept = |side| prior.as_ref().and_then(|link: &Link| link.seen_on(side)).cloned();
    let state = |seen: &Observed, event| SideState { id: seen.id.clone(), version: seen.version.clone(), seen: event };
    let (in_blikk, in_exchange) = match (&blikk.content, &exchange.content) {
        (Ok(in_blikk), Ok(in_exchange)) => (in_blikk, in_exchange),
        (Err(reason), _) | (_, Err(reason)) => {
            let side = if blikk.content.is_err() { Side::Blikk } else { Side::Exchange };
            let reason = reason.clone();
            link.blikk = Some(state(&blikk, kept(Side::Blikk)));
            link.exchange = Some(state(&exchange, kept(Side::Exchange)));
            return set_aside(link, prior, side, reason);
        }
    };
    // What an unfinished item lacks is no edit: nobody but us has written it.
    let before_exchange = if exchange.is_unfinished { Some(in_exchange.clone()) } else { kept(Side::Exchange) };
    let before_blikk = kept(Side::Blikk);
    let merged = merge(
        Edit { before: before_blikk.as_ref(), now: in_blikk },
        Edit { before: before_exchange.as_ref(), now: in_exchange },
        newest,
    );
    let writes: Vec<Write> = [
        (Side::Exchange, &exchange, in_exchange, merged.for_exchange),
        (Side::Blikk, &blikk, in_blikk, merged.for_blikk),
    ]
    .into_iter()
    // An unfinished item is written even when it has become what it shall be: to say that it has.
    .filter(|(_, seen, before, after)| seen.is_unfinished || !differences(before, after).is_empty())
    .map(|(on, seen, before, after)| Write::Update {
        on,
        id: seen.id.clone(),
        expected: seen.version.clone(),
        before: before.clone(),
        after,
    })
    .collect();
    link.state = LinkState::Active;
    link.blikk = Some(state(&blikk, Some(in_blikk.clone())));
    link.exchange = Some(state(&exchange, Some(in_exchange.clone())));
    let reason = match (merged.overruled, writes.is_empty()) {
        (_, true) => Reason::Equal,
        (fields, false) if !fields.is_empty() && in_exchange.belongs_to_exchange() => {
            Reason::BelongsToExchange { fields }
        }
        (fields, false) if !fields.is_empty() => Reason::Overruled { fields, winner: newest },
        _ => Reason::Edited,
    };
    let act = if writes.is_empty() { Act::Remember } else { Act::Write(writes) };
    Step { link, prior, act, reason }
}

fn delete(link: Link, prior: Option<Link>, on: Side, id: RemoteId, expected: Version) -> Step {
    let act = Act::Write(vec![Write::Delete { on, id, expected }]);
    Step { link, prior, act, reason: Reason::Deleted { on: on.other() } }
}

fn look_again(link: Link, prior: Option<Link>) -> Step {
    Step { link, prior, act: Act::LookAgain, reason: Reason::Edited }
}

fn set_aside(mut link: Link, prior: Option<Link>, side: Side, reason: Unsynced) -> Step {
    link.state = LinkState::SetAside { side, reason };
    Step { link, prior, act: Act::Remember, reason: Reason::SetAside }
}

fn new_link(id: LinkId, origin: Side) -> Link {
    Link {
        id,
        kind: LinkKind::Single,
        origin,
        state: LinkState::Active,
        blikk: None,
        exchange: None,
        uid: None,
        base: None,
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
