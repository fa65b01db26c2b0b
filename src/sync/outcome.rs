//! What a row holds after its writes, whatever became of each of them (pure).
//!
//! A step has one write, or one on each side. When all went well the row is what was read back. When one did not, or when
//! nobody knows (the journal after an interruption), the row must say of every field what each side held when both last
//! agreed *about that field*: of a field that was carried over, as it is now; of a field that was not, as it was before, so
//! that the person's edit is still an edit and goes its way in the next run.

use crate::event::Event;
use crate::problem::Side;
use crate::sync::merge::{Field, differences, same_words};
use crate::sync::plan::Write;
use crate::sync::port::Observed;
use crate::sync::state::{Link, LinkState, SideState, Version};

/// What became of one write.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fate {
    /// Carried out, and this is what the side holds; `None` after a deletion.
    Done(Option<Box<Observed>>),
    NotDone,
    /// The event that was to be changed is not there any more, so nobody can know.
    Gone,
    /// Carried out some time ago, and this is what the side holds now, as written or as a person made it since.
    DoneBefore(Box<Observed>),
    /// Nobody knows, and this is what the side holds now: as written, as before, or as a person made it meanwhile.
    Unknown(Box<Observed>),
}

/// What is to be remembered.
#[allow(clippy::large_enum_variant, reason = "one for each step, and at once taken apart")]
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Row {
    Is(Link),
    /// Neither side has the event any longer.
    None,
    /// As it was before the step.
    AsBefore,
}

/// `planned`: the row as the plan made it; `prior`: as it was before.
pub(super) fn row_after(planned: &Link, prior: Option<&Link>, writes: &[(&Write, Fate)]) -> Row {
    let mut row = planned.clone();
    let mut lost = Vec::new();
    for (write, fate) in writes {
        let side = write.side();
        match write {
            Write::Create { event, .. } => create(&mut row, side, event, fate),
            Write::Delete { .. } if matches!(fate, Fate::Done(_)) => *row.on_mut(side) = None,
            Write::Delete { .. } => return Row::AsBefore,
            Write::Update { before, after, .. } => lost.extend(update(&mut row, side, before, after, fate)),
        }
    }
    for side in [Side::Blikk, Side::Exchange] {
        for field in &lost {
            let Some(before) = prior.and_then(|prior| prior.seen_on(side)) else { return Row::AsBefore };
            if let Some(seen) = row.on_mut(side).as_mut().and_then(|state| state.seen.as_mut()) {
                field.copy(before, seen);
            }
        }
    }
    for (write, fate) in writes {
        if let Fate::Done(Some(held)) = fate
            && let Err(reason) = &held.content
        {
            row.state = LinkState::SetAside { side: write.side(), reason: reason.clone() };
        }
    }
    if row.blikk.is_none() && row.exchange.is_none() { Row::None } else { Row::Is(row) }
}

fn create(row: &mut Link, side: Side, sent: &Event, fate: &Fate) {
    if let Fate::DoneBefore(held) | Fate::Unknown(held) = fate
        && held.is_unfinished
    {
        // What was not written yet, the other side still has to bring over, should what is half done be deleted.
        leave_unwritten(row.on_mut(side.other()), held);
    }
    let made = match fate {
        // No write makes a meeting. That it is none any more, Exchange has to tell: it is heard of once more.
        Fate::Done(Some(held)) if side == Side::Exchange && !has_all_that_is_told(held, sent) => {
            Some((held, Version::unknown(), Some(as_written(sent, sent, held))))
        }
        Fate::Done(Some(held)) => Some((held, held.version.clone(), held.content.as_ref().ok().cloned())),
        Fate::DoneBefore(held) | Fate::Unknown(held) => {
            Some((held, Version::unknown(), Some(as_written(sent, sent, held))))
        }
        Fate::Done(None) | Fate::NotDone | Fate::Gone => None,
    };
    if let (Side::Exchange, Some((held, ..))) = (side, &made) {
        row.uid.clone_from(&held.uid);
    }
    *row.on_mut(side) = made.map(|(held, version, seen)| SideState { id: held.id.clone(), version, seen });
}

/// Takes out of what a side is remembered by the occurrences that an unfinished series on the other side lacks.
fn leave_unwritten(state: &mut Option<SideState>, held: &Observed) {
    let seen = state.as_mut().and_then(|state| state.seen.as_mut()?.series.as_mut());
    let (Some(series), Ok(now)) = (seen, &held.content) else { return };
    let written = now.series.as_ref().map(|series| &series.exceptions);
    series.exceptions.retain(|date, exception| written.is_some_and(|written| written.get(date) == Some(exception)));
}

/// Whether all of a write was carried out.
pub(super) fn is_carried_out(write: &Write, fate: &Fate) -> bool {
    match (write, fate) {
        (_, Fate::Done(_) | Fate::DoneBefore(_)) | (Write::Create { .. }, Fate::Unknown(_)) => true,
        (Write::Update { before, after, .. }, Fate::Unknown(held)) => {
            let now = held.content.as_ref().ok();
            let is_written = |field| now.is_some_and(|now| is_as_written(field, after, now));
            differences(before, after).into_iter().all(is_written)
        }
        _ => false,
    }
}

/// The fields that were not carried over.
fn update(row: &mut Link, side: Side, before: &Event, after: &Event, fate: &Fate) -> Vec<Field> {
    let to_write = differences(before, after);
    let Some(state) = row.on_mut(side) else { return to_write };
    if state.version.is_unknown() {
        // What people did there waits to be brought over (the direction is closed): it stays an edit, and to be looked at.
        if let Fate::Done(Some(held)) = fate {
            state.seen = state.seen.take().map(|planned| as_held(planned, after, held));
        }
        return if matches!(fate, Fate::NotDone | Fate::Gone) { to_write } else { Vec::new() };
    }
    match fate {
        Fate::Done(held) => {
            if let Some(held) = held {
                state.version = held.version.clone();
                state.seen = held.content.as_ref().ok().cloned();
            }
            Vec::new()
        }
        Fate::NotDone | Fate::Gone => to_write,
        Fate::DoneBefore(held) => {
            state.version = Version::unknown();
            state.seen = Some(as_written(before, after, held));
            Vec::new()
        }
        Fate::Unknown(held) => {
            state.version = Version::unknown();
            state.seen = Some(as_written(before, after, held));
            let now = held.content.as_ref().ok();
            to_write.into_iter().filter(|field| !now.is_some_and(|now| is_as_written(*field, after, now))).collect()
        }
    }
}

/// What a side holds after a write, but for what the row does not say as it was written.
fn as_held(planned: Event, after: &Event, held: &Observed) -> Event {
    let Ok(now) = &held.content else { return planned };
    let mut seen = now.clone();
    for field in differences(&planned, after) {
        field.copy(&planned, &mut seen);
    }
    seen
}

/// What a side held when we had just written to it, as far as it still shows: what it holds otherwise than that, a person
/// changed since.
pub(super) fn as_written(before: &Event, after: &Event, held: &Observed) -> Event {
    let Ok(now) = &held.content else { return before.clone() };
    let mut seen = now.clone();
    for field in differences(now, after) {
        if field.is_told_by_exchange() {
            // No write of ours: what is otherwise than before, Blikk has not been told yet.
            field.copy(before, &mut seen);
        } else if !is_as_written(field, after, now) {
            field.copy(after, &mut seen);
        }
    }
    seen
}

/// Whether what a side holds is what was written, but for the server's own form and what Exchange tells.
pub(super) fn is_all_as_written(sent: &Event, held: &Observed) -> bool {
    let is_fine = |field: Field, now: &Event| field.is_told_by_exchange() || is_as_written(field, sent, now);
    held.content.as_ref().map_or(true, |now| differences(now, sent).into_iter().all(|field| is_fine(field, now)))
}

/// Whether what was not written is as it was.
pub(super) fn is_unwritten_as_before(before: &Event, sent: &Event, held: &Observed) -> bool {
    let written = differences(before, sent);
    let is_fine = |field: Field, now: &Event| written.contains(&field) || is_as_written(field, sent, now);
    held.content.as_ref().map_or(true, |now| differences(now, sent).into_iter().all(|field| is_fine(field, now)))
}

fn has_all_that_is_told(held: &Observed, sent: &Event) -> bool {
    let is_told = |field: &Field| field.is_told_by_exchange();
    held.content.as_ref().map_or(true, |now| !differences(now, sent).iter().any(is_told))
}

/// Servers lay bodies out anew (scenario 10).
pub(super) fn is_as_written(field: Field, after: &Event, now: &Event) -> bool {
    field.agrees(after, now) || (field == Field::Body && same_words(&after.body, &now.body))
}

#[cfg(test)]
#[path = "outcome_tests.rs"]
mod tests;
