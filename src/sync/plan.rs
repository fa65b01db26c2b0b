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
//!
//! | room | the question it answers |
//! |---|---|
//! | `rules` | By what is it decided? |
//! | `outside` | What becomes of an event outside of the days that are synchronised? |
//! | `arrive` | What becomes of an event that stands alone? |
//! | `left` | What becomes of an event whose counterpart is gone? |
//! | `reconcile` | What do both sides come to hold, and who is asked? |
//! | `direction` | What must not be written? |

mod arrive;
mod direction;
mod left;
mod outside;
mod reconcile;
mod rules;

use std::ops::ControlFlow;

use serde::Serialize;

use crate::event::Event;
use crate::problem::Side;
use crate::sync::merge::{Field, Overruled};
use crate::sync::port::Observed;
use crate::sync::state::{Link, LinkId, LinkState, RemoteId, Unsynced, Version};

use arrive::arrive;
use direction::keep_to_direction;
use left::one_left;
use outside::by_window;
use reconcile::{both_there, meet};

pub use rules::{Relearn, Rules};

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
#[derive(Clone, Debug, PartialEq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

/// Decides for every pair by the rules. `draw` gives a new link id; pairs that need nothing yield no step.
pub fn plan(pairs: Vec<Pair>, rules: &Rules<'_>, mut draw: impl FnMut() -> LinkId) -> Vec<Step> {
    let step = |pair| decide(pair, rules, &mut draw).and_then(|step| keep_to_direction(step, rules));
    pairs.into_iter().filter_map(step).collect()
}

fn decide(pair: Pair, rules: &Rules<'_>, draw: &mut dyn FnMut() -> LinkId) -> Option<Step> {
    let pair = match by_window(pair, rules, draw) {
        ControlFlow::Continue(pair) => pair,
        ControlFlow::Break(step) => return step,
    };
    let Some(link) = pair.link else {
        return match (pair.blikk, pair.exchange) {
            (Now::Here(blikk), Now::Here(exchange)) => Some(meet(*blikk, *exchange, rules, draw)),
            (Now::Here(seen), _) => Some(arrive(new_link(draw(), Side::Blikk), None, Side::Blikk, *seen, rules)),
            (_, Now::Here(seen)) => Some(arrive(new_link(draw(), Side::Exchange), None, Side::Exchange, *seen, rules)),
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
        (true, false) => one_left(link, Side::Exchange, pair.exchange, pair.blikk, rules, draw),
        (false, true) => one_left(link, Side::Blikk, pair.blikk, pair.exchange, rules, draw),
        (false, false) => both_there(link, pair.blikk, pair.exchange, rules, draw),
    }
}

fn look_again(link: Link) -> Step {
    Step { prior: Some(link.clone()), link, act: Act::LookAgain, reason: Reason::Edited }
}

fn set_aside(mut link: Link, prior: Option<Link>, side: Side, reason: Unsynced) -> Step {
    link.state = LinkState::SetAside { side, reason };
    Step { link, prior, act: Act::Remember, reason: Reason::SetAside }
}

fn new_link(id: LinkId, origin: Side) -> Link {
    Link { id, origin, state: LinkState::Active, blikk: None, exchange: None, uid: None, base: None }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
