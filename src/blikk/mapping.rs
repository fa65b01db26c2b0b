//! Blikk's event <-> [`Event`].

mod meeting;
mod occurrence;
mod series;

use super::wire::{EventFields, Field, Item};
use crate::event::{Changes, Event, Start};
use crate::problem::{Code, Problem};
use crate::rfc3339::{date_from, instant_from};
use crate::zone::ZoneRules;
use meeting::{meeting_of, wire_meeting};
use occurrence::{changes_of, everything, fields_of};
use series::{series_fields, series_of};

/// The event, or why there is none: `event.unreadable` names the member, `event.rule_not_expressible` the part of the
/// rule that Exchange has no pattern for.
pub fn event_of(item: &Item, rules: &impl ZoneRules) -> Result<Event, Problem> {
    let said = changes_of("", &item.occurrence)?;
    let when = said.when.clone().ok_or_else(|| unreadable("", "start"))?;
    let mut event = said.applied_to(&Event::new("", when.clone()), when);
    event.series = series_of(item, &event.when, rules)?;
    // Read-only, and for the eye: what cannot be read of them is left out.
    event.meeting = item.meeting.read().map(meeting_of);
    event.attachments = item.attachments.read().cloned().unwrap_or_default();
    Ok(event.tidied())
}

/// When an event begins that cannot be read otherwise.
pub fn start_of(item: &Item) -> Option<Start> {
    let start = item.occurrence.start.read()?;
    let instant = start.date_time.as_deref().and_then(instant_from);
    let date = || start.date.as_deref().and_then(date_from);
    instant.map(Start::At).or_else(|| date().map(Start::On))
}

/// All of an event, for a creation.
///
/// # Errors
/// `event.zone_unknown` for a series whose dates cannot be told.
pub fn all_fields(event: &Event, rules: &impl ZoneRules) -> Result<EventFields, Problem> {
    let (recurrence, exceptions) = series_fields(event, rules)?;
    Ok(EventFields {
        external_id: None,
        occurrence: fields_of(everything(event)),
        recurrence: Some(recurrence),
        exceptions: Some(exceptions),
        meeting: Some(event.meeting.as_ref().map(wire_meeting)),
        attachments: Some(event.attachments.clone()),
    })
}

/// What is to be written to make `after` of `before`. Empty (the default) when nothing is.
///
/// # Errors
/// As [`all_fields`].
pub fn changed_fields(before: &Event, after: &Event, rules: &impl ZoneRules) -> Result<EventFields, Problem> {
    let is_moved = before.when != after.when;
    let mut fields = EventFields {
        occurrence: fields_of(Changes::between(before, after.clone(), is_moved.then(|| after.when.clone()))),
        ..EventFields::default()
    };
    // As a whole, and also when the series is moved: its time of day and zone stand in every line.
    if before.series != after.series || (is_moved && after.series.is_some()) {
        let (recurrence, exceptions) = series_fields(after, rules)?;
        (fields.recurrence, fields.exceptions) = (Some(recurrence), Some(exceptions));
    }
    if before.meeting != after.meeting {
        fields.meeting = Some(after.meeting.as_ref().map(wire_meeting));
    }
    if before.attachments != after.attachments {
        fields.attachments = Some(after.attachments.clone());
    }
    Ok(fields)
}

/// A member that was left out, or is `null`, says nothing.
fn given<'a, T>(at: &str, member: &str, field: &'a Field<T>) -> Result<Option<&'a T>, Problem> {
    match field {
        Field::Missing | Field::Null => Ok(None),
        Field::Read(value) => Ok(Some(value)),
        Field::Wrong => Err(unreadable(at, member)),
    }
}

fn unreadable(at: &str, member: &str) -> Problem {
    Problem::new(Code::EventUnreadable).said([at, member].concat())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "mapping_properties.rs"]
mod properties;
#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "mapping_tests.rs"]
mod tests;
