//! Nothing is written to a side that the person closed.
//!
//! What would have been written stays to be done: the row keeps the past of what was not brought over, and says with an
//! unknown version that the side does not hold what the row says. So when the side is opened, everything is decided as
//! if it had happened only now.

use crate::event::Event;
use crate::problem::Side;
use crate::sync::merge::{Field, differences};
use crate::sync::state::{Link, LinkState, SideState, Version};

use super::{Act, Reason, Rules, Step, Write};

/// The step without what it would write to the closed side. `None`: an event that the open side shall never see is not
/// even remembered.
pub(super) fn keep_to_direction(step: Step, rules: &Rules<'_>) -> Option<Step> {
    let Some(closed) = rules.closed() else { return Some(step) };
    let is_closed = |write: &Write| write.side() == closed;
    let writes = match &step.act {
        Act::Write(writes) if writes.iter().any(is_closed) => writes,
        Act::Remember if step.prior.is_none() && step.link.on(closed).is_none() => return None,
        _ => return Some(step),
    };
    let (dropped, kept): (Vec<Write>, Vec<Write>) = writes.iter().cloned().partition(is_closed);
    match dropped.into_iter().next()? {
        Write::Update { before, after, .. } => Some(pend_edits(step, kept, &before, &differences(&before, &after))),
        Write::Create { .. } | Write::Delete { .. } => Some(pend(step.prior?)),
    }
}

/// All of it waits: the row stays as it was, but for what kept the event back before, if anything did: it is decided.
fn pend(prior: Link) -> Step {
    let mut link = Link { state: LinkState::Active, ..prior.clone() };
    for side in [Side::Blikk, Side::Exchange] {
        if let Some(state) = link.on_mut(side) {
            state.version = Version::unknown();
        }
    }
    Step { link, prior: Some(prior), act: Act::Remember, reason: Reason::OneWay }
}

/// The edits of `fields` wait; what is written to the open side is written. `closed`: what the closed side holds, which is
/// the past of what waits where there is no other: two strangers agreed on nothing.
fn pend_edits(step: Step, kept: Vec<Write>, closed: &Event, fields: &[Field]) -> Step {
    let Step { mut link, prior, reason, .. } = step;
    if !fields.is_empty() {
        for side in [Side::Blikk, Side::Exchange] {
            let written = kept.iter().find_map(|write| match write {
                Write::Update { on, after, .. } if *on == side => Some(after),
                _ => None,
            });
            let past = prior.as_ref().and_then(|prior| prior.seen_on(side)).unwrap_or(closed);
            if let Some(state) = link.on_mut(side) {
                keep_past(state, written, past, fields);
            }
        }
        // Of two strangers one may be as it is remembered; together they are still strangers.
        if prior.as_ref().is_none_or(|prior| prior.base.is_none()) {
            link.base = None;
        }
    }
    let only_marks = fields.is_empty() || !kept.is_empty();
    let act = if kept.is_empty() { Act::Remember } else { Act::Write(kept) };
    Step { link, prior, act, reason: if only_marks { reason } else { Reason::OneWay } }
}

/// What the side holds once the kept writes are done, but for the fields that wait: of these, what it held before.
fn keep_past(state: &mut SideState, written: Option<&Event>, past: &Event, fields: &[Field]) {
    let Some(held) = written.or(state.seen.as_ref()) else { return };
    let mut seen = held.clone();
    for field in fields {
        field.copy(past, &mut seen);
    }
    if !differences(&seen, held).is_empty() {
        state.version = Version::unknown();
    }
    state.seen = Some(seen);
}
