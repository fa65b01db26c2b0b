//! The parts of an event that are compared and carried over one by one.

use serde::Serialize;

use std::collections::BTreeSet;

use crate::event::{Event, Series};
use crate::recurrence::Recurrence;

use super::exceptions::{exceptions_of, same_exceptions, set_exceptions};
use super::scope::Fields;

/// One part of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Field {
    Title,
    Body,
    Place,
    When,
    FreeBusy,
    Sensitivity,
    Reminder,
    Categories,
    Importance,
    /// How it repeats, or that it does not.
    Rule,
    /// What departs from the rule, date by date.
    Exceptions,
    /// Organiser, participants, answers: told by Exchange, shown by Blikk, never written to Exchange (R16).
    Meeting,
    /// As `Meeting`.
    Attachments,
}

impl Field {
    /// The rule before its exceptions: without a rule there are none.
    pub const ALL: [Field; 13] = [
        Field::Title,
        Field::Body,
        Field::Place,
        Field::When,
        Field::FreeBusy,
        Field::Sensitivity,
        Field::Reminder,
        Field::Categories,
        Field::Importance,
        Field::Rule,
        Field::Exceptions,
        Field::Meeting,
        Field::Attachments,
    ];

    /// Whatever Blikk says here, Exchange knows better.
    pub fn is_told_by_exchange(self) -> bool {
        matches!(self, Field::Meeting | Field::Attachments)
    }

    /// Of a series, where it begins and how it goes on from there.
    pub(super) fn is_shape(self) -> bool {
        matches!(self, Field::When | Field::Rule)
    }

    /// What a veil covers ([`crate::sync::veil`]). When it is, and how it repeats, shows through.
    pub(super) fn is_veiled(self) -> bool {
        !matches!(self, Field::When | Field::FreeBusy | Field::Sensitivity | Field::Rule | Field::Exceptions)
    }

    /// Whether the field means the same in both events. What a server makes of a text on its own is no difference
    /// (scenario 10).
    pub fn agrees(self, a: &Event, b: &Event) -> bool {
        match self {
            Field::Title => a.title == b.title,
            Field::Body => is_same_text(&a.body, &b.body),
            Field::Place => a.place == b.place,
            Field::When => a.when.is_same_time_as(&b.when),
            Field::FreeBusy => a.free_busy == b.free_busy,
            Field::Sensitivity => a.sensitivity == b.sensitivity,
            Field::Reminder => a.reminder == b.reminder,
            Field::Categories => are_same_names(&a.categories, &b.categories),
            Field::Importance => a.importance == b.importance,
            Field::Rule => rule(a) == rule(b),
            Field::Exceptions => same_exceptions(a, b, Fields::default()),
            Field::Meeting => a.meeting == b.meeting,
            Field::Attachments => a.attachments == b.attachments,
        }
    }

    pub(in crate::sync) fn copy(self, from: &Event, to: &mut Event) {
        match self {
            Field::Title => to.title.clone_from(&from.title),
            Field::Body => to.body.clone_from(&from.body),
            Field::Place => to.place.clone_from(&from.place),
            Field::When => to.when.clone_from(&from.when),
            Field::FreeBusy => to.free_busy = from.free_busy,
            Field::Sensitivity => to.sensitivity = from.sensitivity,
            Field::Reminder => to.reminder = from.reminder,
            Field::Categories => to.categories.clone_from(&from.categories),
            Field::Importance => to.importance = from.importance,
            Field::Rule => set_rule(to, rule(from)),
            Field::Exceptions => set_exceptions(to, exceptions_of(from).clone()),
            Field::Meeting => to.meeting.clone_from(&from.meeting),
            Field::Attachments => to.attachments.clone_from(&from.attachments),
        }
    }
}

/// The fields in which two events differ.
pub fn differences(a: &Event, b: &Event) -> Vec<Field> {
    Field::ALL.into_iter().filter(|field| !field.agrees(a, b)).collect()
}

/// Line by line, but for blank space at their ends and around the whole.
pub(super) fn is_same_text(a: &str, b: &str) -> bool {
    a == b || a.trim().lines().map(str::trim_end).eq(b.trim().lines().map(str::trim_end))
}

/// In any order and either case, as Exchange's own list of categories has it.
pub(super) fn are_same_names(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    let has_all = |of: &BTreeSet<String>, all: &BTreeSet<String>| of.iter().all(|name| has_name(all, name));
    a == b || (has_all(a, b) && has_all(b, a))
}

pub(super) fn has_name(names: &BTreeSet<String>, name: &str) -> bool {
    names.iter().any(|other| other.eq_ignore_ascii_case(name))
}

fn rule(event: &Event) -> Option<Recurrence> {
    event.series.as_ref().map(|series| series.recurrence)
}

/// Another rule for the same exceptions.
fn set_rule(event: &mut Event, rule: Option<Recurrence>) {
    let exceptions = event.series.take().map(|series| series.exceptions).unwrap_or_default();
    event.series = rule.map(|recurrence| Series { recurrence, exceptions });
}
