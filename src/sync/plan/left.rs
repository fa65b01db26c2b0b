//! A known pair of which one side is gone, or was never made.

use crate::event::Event;
use crate::problem::Side;
use crate::sync::merge::Veil;
use crate::sync::options::Deletions;
use crate::sync::port::Observed;
use crate::sync::state::{Link, LinkId, LinkState, Version};

use super::arrive::arrive;
use super::{Act, Now, Reason, Rules, Step, Write, look_again};

pub(super) fn one_left(
    link: Link,
    side: Side,
    now: Now,
    other: Now,
    rules: &Rules<'_>,
    draw: &mut dyn FnMut() -> LinkId,
) -> Option<Step> {
    let mut left = link.clone();
    *left.on_mut(side.other()) = None;
    let was_deleted = other == Now::Gone;
    let reason = Reason::Deleted { on: side.other() };
    match now {
        Now::Gone => None,
        Now::Silent if !was_deleted => rules.relearn.everything.then(|| look_again(link)),
        Now::Silent if must_be_seen(&link, side, rules) => Some(look_again(link)),
        Now::Silent => {
            let (state, before) = (left.on(side)?.clone(), link.seen_on(side).cloned());
            let write = Write::Delete { on: side, id: state.id, expected: state.version, before };
            Some(delete(left, link, write, reason))
        }
        Now::Here(seen) if was_deleted && follows(&link, side, &seen, rules) => {
            Some(delete(left, link, delete_seen(side, *seen), reason))
        }
        Now::Here(seen) if was_deleted && may_be_overruled(&link, side, &seen, rules) => {
            let reason = Reason::DeletionStands { deleted_on: side.other() };
            Some(delete(left, link, delete_seen(side, *seen), reason))
        }
        Now::Here(seen) if !was_deleted && is_left_alone(&link, side, &seen, rules) => None,
        Now::Here(seen) => {
            let is_exchanges = side == Side::Exchange && belongs_to_exchange(&link, &seen, rules);
            let is_alive = seen.content.is_ok();
            if was_deleted || was_tried(&left) {
                // A new id, because the old one is the idempotency key of the event that was deleted or refused.
                left.id = draw();
            }
            if was_deleted {
                left.origin = side;
                left.base = None;
            }
            let mut step = arrive(left, Some(link), side, *seen, rules);
            match step.act {
                Act::Write(_) if !is_alive || !was_deleted => {}
                Act::Write(_) if is_exchanges => step.reason = Reason::BelongsToExchange { fields: Vec::new() },
                Act::Write(_) => step.reason = Reason::EditOutlivesDeletion { deleted_on: side.other() },
                _ => {}
            }
            Some(step)
        }
    }
}

/// Whether a create was once sent under this link's id, and answered: the answer would be given again. Of one that was
/// never carried out, the id must be kept, so that sending it twice makes one event (scenario 1).
fn was_tried(link: &Link) -> bool {
    matches!(link.state, LinkState::SetAside { .. } | LinkState::LeftAlone { .. })
}

/// Whether what is remembered of a side is not enough to delete it or to make it anew.
fn must_be_seen(link: &Link, side: Side, rules: &Rules<'_>) -> bool {
    // Of what was set aside, or never agreed upon, what it holds was not kept.
    let is_known = link.seen_on(side).is_some() && link.on(side).is_some_and(|state| !state.version.is_unknown());
    let was_kept = link.state == LinkState::Active && is_known;
    let is_exchanges = || link.seen_on(side).is_some_and(|event| rules.is_exchanges(link.origin, event));
    !was_kept || (side == Side::Exchange && is_exchanges()) || may_have_changed_unheard(link, side)
}

/// Some servers tell nobody that an occurrence was edited (grommunio), and the ChangeKey of its series stays as it was.
pub(super) fn may_have_changed_unheard(link: &Link, side: Side) -> bool {
    side == Side::Exchange && link.seen_on(side).is_some_and(|event| event.series.is_some())
}

/// Whether an event whose counterpart was deleted is deleted too. What is Exchange's alone is when it is gone from
/// Exchange, whatever was done to it in Blikk, and never otherwise; everything else if nobody edited it.
fn follows(prior: &Link, side: Side, seen: &Observed, rules: &Rules<'_>) -> bool {
    let Ok(event) = &seen.content else { return false };
    if is_exchanges_word(prior, side, event, rules) {
        return side == Side::Blikk;
    }
    let veil = if side == Side::Exchange { rules.veil(prior.origin, event) } else { Veil::None };
    let is_known = |version: &Version| !version.is_unknown() && *version == seen.version;
    if veil == Veil::OverOurs && !prior.on(side).is_some_and(|state| is_known(&state.version)) {
        return false; // It was touched, and nobody may tell us where.
    }
    !rules.edit(prior.seen_on(side), event, seen.is_unfinished, veil).is_edit()
}

/// It was edited and its counterpart deleted, and the person chose that deletions stand.
fn may_be_overruled(prior: &Link, side: Side, seen: &Observed, rules: &Rules<'_>) -> bool {
    let Ok(event) = &seen.content else { return false };
    rules.options.deletions == Deletions::DeletionStands && !is_exchanges_word(prior, side, event, rules)
}

/// What Exchange said of it counts. A Blikk of before does not know whose it is.
fn is_exchanges_word(prior: &Link, side: Side, event: &Event, rules: &Rules<'_>) -> bool {
    let told = if side == Side::Exchange { None } else { prior.seen_on(Side::Exchange) };
    rules.is_exchanges(prior.origin, told.unwrap_or(event))
}

/// The person undid what we had made of it, and it is as it was then.
fn is_left_alone(link: &Link, side: Side, seen: &Observed, rules: &Rules<'_>) -> bool {
    let is_as_it_was = |event: &Event| !rules.edit(link.seen_on(side), event, seen.is_unfinished, Veil::None).is_edit();
    matches!(link.state, LinkState::LeftAlone { .. }) && seen.content.as_ref().is_ok_and(is_as_it_was)
}

fn belongs_to_exchange(link: &Link, seen: &Observed, rules: &Rules<'_>) -> bool {
    seen.content.as_ref().is_ok_and(|event| rules.is_exchanges(link.origin, event))
}

fn delete(link: Link, prior: Link, write: Write, reason: Reason) -> Step {
    Step { link, prior: Some(prior), act: Act::Write(vec![write]), reason }
}

fn delete_seen(on: Side, seen: Observed) -> Write {
    Write::Delete { on, id: seen.id, expected: seen.version, before: seen.content.ok() }
}
