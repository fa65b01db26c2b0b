//! What is said of an occurrence: by a whole event of all of them, by an exception of one.
//!
//! Both are read into [`Changes`] and written from it: an event is what is different from an empty one.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{given, unreadable};
use crate::blikk::wire::{self, OccurrenceFields, OccurrenceItem};
use crate::event::{Changes, Event, FreeBusy, Importance, Moment, Reminder, Sensitivity, When, set_of};
use crate::problem::{Code, Problem};
use crate::rfc3339;
use crate::zone::ZoneId;

/// `at` is the path of the object, for a problem to name the member: empty, or `exceptions[3].`.
pub(super) fn changes_of(at: &str, item: &OccurrenceItem) -> Result<Changes, Problem> {
    Ok(Changes {
        title: given(at, "title", &item.title)?.cloned(),
        body: given(at, "body", &item.body)?.cloned(),
        place: given(at, "place", &item.place)?.cloned(),
        when: when_of(at, item)?,
        free_busy: given(at, "status", &item.status)?.map(|status| free_busy_of(*status)),
        sensitivity: given(at, "visibility", &item.visibility)?.map(|visibility| sensitivity_of(*visibility)),
        importance: given(at, "importance", &item.importance)?.map(|importance| importance_of(*importance)),
        reminder: match &item.reminder_minutes {
            wire::Field::Null => Some(None),
            minutes => given(at, "reminderMinutes", minutes)?.map(|minutes| Some(reminder_of(*minutes))),
        },
        categories: given(at, "categories", &item.categories)?.map(|list| set_of(list.iter().cloned())),
    })
}

/// All that `event` says of its occurrences.
pub(super) fn everything(event: &Event) -> Changes {
    Changes {
        title: Some(event.title.clone()),
        body: Some(event.body.clone()),
        place: Some(event.place.clone()),
        when: Some(event.when.clone()),
        free_busy: Some(event.free_busy),
        sensitivity: Some(event.sensitivity),
        importance: Some(event.importance),
        reminder: Some(event.reminder),
        categories: Some(event.categories.clone()),
    }
}

pub(super) fn fields_of(changes: Changes) -> OccurrenceFields {
    let (start, end) = changes.when.as_ref().map(ends_of).unzip();
    OccurrenceFields {
        title: changes.title,
        body: changes.body,
        place: changes.place,
        all_day: changes.when.as_ref().map(When::is_all_day),
        start,
        end,
        status: changes.free_busy.map(status_of),
        visibility: changes.sensitivity.map(visibility_of),
        importance: changes.importance.map(wire_importance),
        reminder_minutes: changes.reminder.map(|reminder| reminder.map(|reminder| reminder.minutes_before_start)),
        categories: changes.categories.map(BTreeSet::into_iter).map(Iterator::collect),
    }
}

fn ends_of(when: &When) -> (wire::Moment, wire::Moment) {
    match when {
        When::Timed(span) => (wire_moment(span.start()), wire_moment(span.end())),
        When::AllDay(span) => (wire_date(span.start()), wire_date(span.end())),
    }
}

pub(super) fn wire_moment(moment: &Moment) -> wire::Moment {
    wire::Moment {
        date_time: Some(rfc3339::instant_text(moment.instant())),
        time_zone: Some(moment.zone().as_str().to_owned()),
        date: None,
    }
}

pub(super) fn wire_date(date: NaiveDate) -> wire::Moment {
    wire::Moment { date: Some(rfc3339::date_text(date)), ..wire::Moment::default() }
}

fn when_of(at: &str, item: &OccurrenceItem) -> Result<Option<When>, Problem> {
    let (start, end) = match (given(at, "start", &item.start)?, given(at, "end", &item.end)?) {
        (None, None) => return Ok(None),
        (None, Some(_)) => return Err(unreadable(at, "start")),
        (Some(_), None) => return Err(unreadable(at, "end")),
        (Some(start), Some(end)) => (start, end),
    };
    let all_day = given(at, "allDay", &item.all_day)?.copied();
    let when = match (&start.date, &end.date) {
        (Some(_), Some(_)) if all_day != Some(false) => {
            When::all_day(date_of(at, "start", start)?, date_of(at, "end", end)?)
        }
        (None, None) if all_day != Some(true) => {
            When::timed(moment_of(at, "start", start)?, moment_of(at, "end", end)?)
        }
        // A date where an instant belongs, or the other way round. Guessing a zone would move somebody's day.
        _ => return Err(unreadable(at, "allDay")),
    };
    when.map(Some).map_err(|_| Problem::new(Code::EventEndsBeforeStart))
}

pub(super) fn date_of(at: &str, member: &str, moment: &wire::Moment) -> Result<NaiveDate, Problem> {
    moment.date.as_deref().and_then(rfc3339::date_from).ok_or_else(|| unreadable(at, member))
}

pub(super) fn moment_of(at: &str, member: &str, moment: &wire::Moment) -> Result<Moment, Problem> {
    let instant = moment.date_time.as_deref().and_then(rfc3339::instant_from);
    let instant = instant.ok_or_else(|| unreadable(at, member))?;
    // The instant is certain without a zone; the zone only tells how the person thinks of it.
    let zone = match moment.time_zone.as_deref().map(str::trim) {
        Some(id) if !id.is_empty() => ZoneId::new(id),
        _ => ZoneId::utc(),
    };
    Ok(Moment::new(instant, zone))
}

fn reminder_of(minutes: i64) -> Reminder {
    // A reminder after the start is nothing that Exchange knows; at the start is the nearest.
    Reminder { minutes_before_start: u32::try_from(minutes.max(0)).unwrap_or(u32::MAX) }
}

fn free_busy_of(status: wire::Status) -> FreeBusy {
    match status {
        wire::Status::Free => FreeBusy::Free,
        wire::Status::Tentative => FreeBusy::Tentative,
        wire::Status::Busy | wire::Status::Unknown => FreeBusy::Busy,
        wire::Status::OutOfOffice => FreeBusy::OutOfOffice,
        wire::Status::WorkingElsewhere => FreeBusy::WorkingElsewhere,
    }
}

fn status_of(free_busy: FreeBusy) -> wire::Status {
    match free_busy {
        FreeBusy::Free => wire::Status::Free,
        FreeBusy::Tentative => wire::Status::Tentative,
        FreeBusy::Busy => wire::Status::Busy,
        FreeBusy::OutOfOffice => wire::Status::OutOfOffice,
        FreeBusy::WorkingElsewhere => wire::Status::WorkingElsewhere,
    }
}

/// One that we do not know is taken for private: what may be secret is kept secret.
fn sensitivity_of(visibility: wire::Visibility) -> Sensitivity {
    match visibility {
        wire::Visibility::Normal => Sensitivity::Normal,
        wire::Visibility::Personal => Sensitivity::Personal,
        wire::Visibility::Private | wire::Visibility::Unknown => Sensitivity::Private,
        wire::Visibility::Confidential => Sensitivity::Confidential,
    }
}

fn visibility_of(sensitivity: Sensitivity) -> wire::Visibility {
    match sensitivity {
        Sensitivity::Normal => wire::Visibility::Normal,
        Sensitivity::Personal => wire::Visibility::Personal,
        Sensitivity::Private => wire::Visibility::Private,
        Sensitivity::Confidential => wire::Visibility::Confidential,
    }
}

fn importance_of(importance: wire::Importance) -> Importance {
    match importance {
        wire::Importance::Low => Importance::Low,
        wire::Importance::Normal | wire::Importance::Unknown => Importance::Normal,
        wire::Importance::High => Importance::High,
    }
}

fn wire_importance(importance: Importance) -> wire::Importance {
    match importance {
        Importance::Low => wire::Importance::Low,
        Importance::Normal => wire::Importance::Normal,
        Importance::High => wire::Importance::High,
    }
}
