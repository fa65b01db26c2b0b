//! An event without a counterpart.

use crate::event::{Event, Exception};
use crate::problem::{Code, Side};
use crate::sync::merge::{Field, Fields};
use crate::sync::port::Observed;
use crate::sync::state::{Link, LinkState, SideState, Unsynced};

use super::{Act, Reason, Rules, Step, Write, set_aside};

/// Create it on the other side, or set it aside.
pub(super) fn arrive(mut link: Link, prior: Option<Link>, side: Side, seen: Observed, rules: &Rules<'_>) -> Step {
    let is_orphan = side == Side::Blikk && is_orphan(&seen);
    let made_its_own = made_its_own(side, &seen);
    if side == Side::Exchange || is_orphan {
        link.uid = seen.uid;
    }
    let mut state = SideState { id: seen.id, version: seen.version, seen: None };
    let reason = match seen.content {
        Ok(event) if is_orphan => unsynced(Code::ExchangeItemGone, &event),
        Ok(event) => {
            let create = Write::Create { on: side.other(), event: without(event.clone(), rules.left_out()) };
            let is_kept_out = side == Side::Exchange && rules.is_kept_out(link.origin, &event);
            state.seen = Some(event);
            *link.on_mut(side) = Some(state);
            link.state = LinkState::Active;
            if is_kept_out {
                return Step { link, prior, act: Act::Remember, reason: Reason::Private };
            }
            let act = Act::Write(made_its_own.into_iter().chain([create]).collect());
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

/// What an item says that no longer holds, now that it is an event of its own, is taken from it.
///
/// A marker names the event whose counterpart the item once was, or of whose item it is a copy (scenario 8): it must
/// never be taken for that again. And what we were interrupted in writing, and whose event is gone, is from now on what
/// it is: nothing more will be done to it, and its mark would make us take a person's next edit for our own omission.
fn made_its_own(on: Side, seen: &Observed) -> Option<Write> {
    let unmark = seen.marker.is_some();
    let event = seen.content.as_ref().ok().filter(|event| !event.belongs_to_exchange())?;
    let (before, after) = (event.clone(), event.clone());
    let says = Write::Update { on, id: seen.id.clone(), expected: seen.version.clone(), before, after, unmark };
    (unmark || seen.is_unfinished).then_some(says)
}

/// The event, but for what the person does not want synchronised.
fn without(mut event: Event, left_out: Fields) -> Event {
    let (categories, reminders) = (left_out.contains(Field::Categories), left_out.contains(Field::Reminder));
    if categories {
        event.categories.clear();
    }
    if reminders {
        event.reminder = None;
    }
    if let Some(series) = event.series.as_mut().filter(|_| !left_out.is_empty()) {
        series.exceptions.retain(|_, exception| match exception {
            Exception::Cancelled => true,
            Exception::Changed(changes) => {
                changes.categories = changes.categories.take().filter(|_| !categories);
                changes.reminder = changes.reminder.take().filter(|_| !reminders);
                !changes.is_empty()
            }
        });
    }
    event
}

fn unsynced(code: Code, event: &Event) -> Unsynced {
    Unsynced { problem: code.into(), title: event.title.clone(), start: Some(event.when.start()) }
}
