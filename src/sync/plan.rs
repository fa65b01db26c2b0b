//! What to do about each pair of events, and why (pure).
//!
//! The plan is data: a [`Step`] per pair, with the row that will be remembered, the writes that lead there and the
//! [`Reason`]. Nothing here knows a protocol, a clock or a network, so every rule can be tested as a table.
//!
//! Two things count as evidence of deletion, and only these: the server said so of this one event ([`Now::Gone`]),
//! and nobody edited the other copy meanwhile. An event that was merely not heard of ([`Now::Silent`]) is as it was
//! (scenario 5); but a series in Exchange is looked at before it is written or deleted, because not every server tells
//! when one of its occurrences was edited.
//!
//! Somebody else's meeting ([`Event::belongs_to_exchange`]) lives and dies in Exchange: what is done to it in Blikk is
//! undone there, and nothing in this file writes it to Exchange.

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::problem::{Code, Side};
use crate::sync::merge::{Edit, Field, Merged, Overruled, differences, merge};
use crate::sync::port::Observed;
use crate::sync::state::{Link, LinkId, LinkState, RemoteId, SideState, Unsynced, Version};

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

impl Step {
    /// What is to be written; often nothing.
    pub fn writes(&self) -> &[Write] {
        match &self.act {
            Act::Write(writes) => writes,
            Act::Remember | Act::Forget | Act::LookAgain => &[],
        }
    }

    fn writes_to(&self, side: Side) -> bool {
        self.writes().iter().any(|write| write.side() == side)
    }
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::large_enum_variant, reason = "they lie in short lists that are walked once")]
pub enum Write {
    Create {
        on: Side,
        event: Event,
    },
    /// `unmark`: see [`Revision::unmark`](super::port::Revision::unmark).
    Update {
        on: Side,
        id: RemoteId,
        expected: Version,
        before: Event,
        after: Event,
        unmark: bool,
    },
    /// `before`: what the side holds, as far as we know.
    Delete {
        on: Side,
        id: RemoteId,
        expected: Version,
        before: Option<Event>,
    },
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
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Reason {
    /// It exists on one side only, and was never on the other.
    New { on: Side },
    /// Both sides hold the same event already.
    Equal,
    /// People edited it on one side, or different parts of it on both.
    Edited,
    /// People edited the same parts on both sides; the newer edit won.
    Overruled { edits: Vec<Overruled> },
    /// People edited these in Blikk, or deleted it, and somebody else organises it in Exchange: Exchange's word stands.
    BelongsToExchange { fields: Vec<Field> },
    /// It was deleted on one side and untouched on the other.
    Deleted { on: Side },
    /// It was deleted on one side and edited on the other: the edit survives (scenario 22).
    EditOutlivesDeletion { deleted_on: Side },
    /// It was deleted on both sides.
    GoneOnBoth,
    /// It cannot be synchronised for now.
    SetAside,
    /// People edited these on both sides, and the person wants to be asked.
    Asks { fields: Vec<Field> },
    /// It was edited on one side and deleted on the other, and the person chose that deletions stand.
    DeletionStands { deleted_on: Side },
    /// It lies outside of the days that are synchronised.
    OutsideWindow,
    /// The choice of direction keeps it from being written.
    OneWay,
    /// It is private, and private events are not shown in Blikk.
    Private,
    /// The person wants what a run did taken back.
    Undone { run: u64 },
    /// The person disconnects the calendars, and wants to have away what we created.
    Disconnected,
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
    let is_orphan = side == Side::Blikk && is_orphan(&seen);
    let finish = finish(side, &seen);
    if side == Side::Exchange || is_orphan {
        link.uid = seen.uid;
    }
    let mut state = SideState { id: seen.id, version: seen.version, seen: None };
    let reason = match seen.content {
        Ok(event) if is_orphan => unsynced(Code::ExchangeItemGone, &event),
        Ok(event) => {
            state.seen = Some(event.clone());
            *link.on_mut(side) = Some(state);
            link.state = LinkState::Active;
            let create = Write::Create { on: side.other(), event };
            let act = Act::Write(finish.into_iter().chain([create]).collect());
            return Step { link, prior, act, reason: Reason::New { on: side } };
        }
        Err(reason) => reason,
    };
    *link.on_mut(side) = Some(state);
    set_aside(link, prior, side, reason)
}

/// Somebody else's meeting that we once showed in Blikk, and of which Exchange says nothing (the state was lost). Made
/// in Exchange it would be an appointment of one's own; so it waits for its item, or for somebody to delete it.
fn is_orphan(seen: &Observed) -> bool {
    seen.uid.is_some() && seen.content.as_ref().is_ok_and(Event::belongs_to_exchange)
}

/// What we were interrupted in writing, and whose event is gone, is from now on what it is: nothing more will be done to
/// it, and its mark would make us take a person's next edit for our own omission.
fn finish(on: Side, seen: &Observed) -> Option<Write> {
    let event = seen.content.as_ref().ok().filter(|_| seen.is_unfinished)?;
    let (before, after) = (event.clone(), event.clone());
    Some(Write::Update { on, id: seen.id.clone(), expected: seen.version.clone(), before, after, unmark: false })
}

/// A known pair of which one side is gone, or was never made.
fn one_left(link: Link, side: Side, now: Now, other: Now, draw: &mut impl FnMut() -> LinkId) -> Option<Step> {
    let prior = Some(link.clone());
    let mut left = link;
    *left.on_mut(side.other()) = None;
    let was_deleted = other == Now::Gone;
    match now {
        Now::Silent if !was_deleted => None,
        Now::Silent if must_be_seen(&left, side) => Some(look_again(prior.clone()?, prior)),
        Now::Silent => {
            let (state, before) = (left.on(side)?.clone(), left.seen_on(side).cloned());
            Some(delete(left, prior, Write::Delete { on: side, id: state.id, expected: state.version, before }))
        }
        Now::Here(seen) if was_deleted && follows(prior.as_ref()?, side, &seen) => {
            let Observed { id, version: expected, content, .. } = *seen;
            Some(delete(left, prior, Write::Delete { on: side, id, expected, before: content.ok() }))
        }
        Now::Here(seen) if seen.content.is_err() => Some(arrive(left, prior, side, *seen)),
        Now::Here(seen) => {
            let is_exchanges = side == Side::Exchange && belongs_to_exchange(&seen);
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
        Now::Gone => None,
    }
}

/// Whether what is remembered of a side is not enough to delete it or to make it anew.
fn must_be_seen(link: &Link, side: Side) -> bool {
    // Of what was set aside, what it holds was not kept.
    let was_kept = link.state == LinkState::Active;
    let is_exchanges = side == Side::Exchange && link.seen_on(side).is_some_and(Event::belongs_to_exchange);
    !was_kept || is_exchanges || may_have_changed_unheard(link, side)
}

/// Some servers tell nobody that an occurrence was edited (grommunio), and the ChangeKey of its series stays as it was.
fn may_have_changed_unheard(link: &Link, side: Side) -> bool {
    side == Side::Exchange && link.seen_on(side).is_some_and(|event| event.series.is_some())
}

/// Whether an event whose counterpart was deleted is deleted too. Somebody else's meeting is when it is gone from
/// Exchange, whatever was done to it in Blikk, and never otherwise; everything else if nobody edited it.
fn follows(prior: &Link, side: Side, seen: &Observed) -> bool {
    let Ok(event) = &seen.content else { return false };
    // What Exchange said of it counts. A Blikk of before does not know whose it is.
    let told = if side == Side::Exchange { None } else { prior.seen_on(Side::Exchange) };
    if told.unwrap_or(event).belongs_to_exchange() {
        return side == Side::Blikk;
    }
    !Edit { before: prior.seen_on(side), now: event, is_unfinished: seen.is_unfinished }.is_edit()
}

fn belongs_to_exchange(seen: &Observed) -> bool {
    seen.content.as_ref().is_ok_and(Event::belongs_to_exchange)
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
    let may_be_stale = exchange == Now::Silent && may_have_changed_unheard(&link, Side::Exchange);
    let (Some(blikk), Some(exchange)) = (present(&link, Side::Blikk, blikk), present(&link, Side::Exchange, exchange))
    else {
        return Some(look_again(link.clone(), Some(link)));
    };
    let step = reconcile(link.clone(), Some(link), blikk, exchange);
    if may_be_stale && step.writes_to(Side::Exchange) {
        Some(look_again(step.prior.clone()?, step.prior))
    } else {
        Some(step)
    }
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
    let (before_blikk, before_exchange) = (kept(Side::Blikk), kept(Side::Exchange));
    let merged = merge(
        Edit { before: before_blikk.as_ref(), now: in_blikk, is_unfinished: blikk.is_unfinished },
        Edit { before: before_exchange.as_ref(), now: in_exchange, is_unfinished: exchange.is_unfinished },
        newest,
    );
    let reason = reason(&merged, in_exchange);
    let writes: Vec<Write> = [
        (Side::Exchange, &exchange, in_exchange, merged.for_exchange),
        (Side::Blikk, &blikk, in_blikk, merged.for_blikk),
    ]
    .into_iter()
    // An unfinished item is written even when it has become what it shall be: to say that it has.
    .filter(|(_, seen, before, after)| {
        !differences(before, after).is_empty() || (seen.is_unfinished && !before.belongs_to_exchange())
    })
    .map(|(on, seen, before, after)| Write::Update {
        on,
        id: seen.id.clone(),
        expected: seen.version.clone(),
        before: before.clone(),
        after,
        unmark: false,
    })
    .collect();
    link.state = LinkState::Active;
    link.blikk = Some(state(&blikk, Some(in_blikk.clone())));
    link.exchange = Some(state(&exchange, Some(in_exchange.clone())));
    if writes.is_empty() {
        return Step { link, prior, act: Act::Remember, reason: Reason::Equal };
    }
    Step { link, prior, act: Act::Write(writes), reason }
}

/// Why what was merged is written.
fn reason(merged: &Merged, in_exchange: &Event) -> Reason {
    let edits = merged.overruled.clone();
    if edits.is_empty() {
        Reason::Edited
    } else if in_exchange.belongs_to_exchange() {
        Reason::BelongsToExchange { fields: edits.into_iter().map(|edit| edit.field).collect() }
    } else {
        Reason::Overruled { edits }
    }
}

fn delete(link: Link, prior: Option<Link>, write: Write) -> Step {
    let reason = Reason::Deleted { on: write.side().other() };
    Step { link, prior, act: Act::Write(vec![write]), reason }
}

fn look_again(link: Link, prior: Option<Link>) -> Step {
    Step { link, prior, act: Act::LookAgain, reason: Reason::Edited }
}

fn set_aside(mut link: Link, prior: Option<Link>, side: Side, reason: Unsynced) -> Step {
    link.state = LinkState::SetAside { side, reason };
    Step { link, prior, act: Act::Remember, reason: Reason::SetAside }
}

fn unsynced(code: Code, event: &Event) -> Unsynced {
    Unsynced { problem: code.into(), title: event.title.clone(), start: event.when.first_instant() }
}

fn new_link(id: LinkId, origin: Side) -> Link {
    Link { id, origin, state: LinkState::Active, blikk: None, exchange: None, uid: None, base: None }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
