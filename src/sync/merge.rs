//! Two edits of one event become one event (pure).
//!
//! An *edit* is a difference from what that same side held when the two last agreed ([`Link::seen_on`]), never a
//! difference between the sides: a body that Exchange keeps in its own form is no edit by a person (scenario 10).
//! Edits of different fields both survive; of the same field, the newer one wins (scenario 22). The exceptions of a
//! series merge one by one, so a Tuesday moved here and a Thursday cancelled there both are (scenario 15).
//!
//! Two things people do not merge: what makes an event a meeting is Exchange's to say, and of somebody else's meeting
//! everything is.
//!
//! [`Link::seen_on`]: super::state::Link::seen_on

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::event::{Event, Exception, OriginalDate, Series};
use crate::problem::Side;
use crate::recurrence::Recurrence;

/// The parts of an event that are compared and carried over one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    fn is_told_by_exchange(self) -> bool {
        matches!(self, Field::Meeting | Field::Attachments)
    }

    /// Whether the field means the same in both events.
    pub fn agrees(self, a: &Event, b: &Event) -> bool {
        match self {
            Field::Title => a.title == b.title,
            Field::Body => a.body == b.body,
            Field::Place => a.place == b.place,
            Field::When => a.when.is_same_time_as(&b.when),
            Field::FreeBusy => a.free_busy == b.free_busy,
            Field::Sensitivity => a.sensitivity == b.sensitivity,
            Field::Reminder => a.reminder == b.reminder,
            Field::Categories => a.categories == b.categories,
            Field::Importance => a.importance == b.importance,
            Field::Rule => rule(a) == rule(b),
            Field::Exceptions => exceptions(a) == exceptions(b),
            Field::Meeting => a.meeting == b.meeting,
            Field::Attachments => a.attachments == b.attachments,
        }
    }

    fn copy(self, from: &Event, to: &mut Event) {
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
            Field::Exceptions => set_exceptions(to, exceptions(from).cloned().unwrap_or_default()),
            Field::Meeting => to.meeting.clone_from(&from.meeting),
            Field::Attachments => to.attachments.clone_from(&from.attachments),
        }
    }
}

/// The fields in which two events differ.
pub fn differences(a: &Event, b: &Event) -> Vec<Field> {
    Field::ALL.into_iter().filter(|field| !field.agrees(a, b)).collect()
}

type Exceptions = BTreeMap<OriginalDate, Exception>;

fn rule(event: &Event) -> Option<Recurrence> {
    event.series.as_ref().map(|series| series.recurrence)
}

/// `None` for none at all, so that a single event and a series without exceptions agree in this.
fn exceptions(event: &Event) -> Option<&Exceptions> {
    event.series.as_ref().map(|series| &series.exceptions).filter(|exceptions| !exceptions.is_empty())
}

fn set_rule(event: &mut Event, rule: Option<Recurrence>) {
    let exceptions = event.series.take().map(|series| series.exceptions).unwrap_or_default();
    event.series = rule.map(|recurrence| Series { recurrence, exceptions });
}

fn set_exceptions(event: &mut Event, exceptions: Exceptions) {
    if let Some(series) = &mut event.series {
        series.exceptions = exceptions;
    }
}

/// One side's event before and now.
#[derive(Clone, Copy, Debug)]
pub struct Edit<'a> {
    /// As the side held it when both last agreed; `None` when that is not known (first meeting, lost state).
    pub before: Option<&'a Event>,
    pub now: &'a Event,
}

impl Edit<'_> {
    fn touches(&self, field: Field) -> bool {
        self.before.is_none_or(|before| !field.agrees(before, self.now))
    }
}

/// What both sides should hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    pub for_blikk: Event,
    pub for_exchange: Event,
    /// Fields that were edited on both sides to different values, and whose edit did not win.
    pub overruled: Vec<Field>,
}

/// Brings each side's edits to the other. `newest` wins where both edited one thing; of somebody else's meeting,
/// Exchange always does.
pub fn merge(blikk: Edit<'_>, exchange: Edit<'_>, newest: Side) -> Merged {
    let mut merged = Merged { for_blikk: blikk.now.clone(), for_exchange: exchange.now.clone(), overruled: Vec::new() };
    let are_strangers = blikk.before.is_none() && exchange.before.is_none();
    let is_exchanges = exchange.now.belongs_to_exchange();
    for field in Field::ALL {
        if field == Field::Exceptions && !is_exchanges {
            merge_exceptions(blikk, exchange, newest, &mut merged);
            continue;
        }
        let agree = field.agrees(blikk.now, exchange.now)
            || (are_strangers && field == Field::Body && same_words(&blikk.now.body, &exchange.now.body));
        let winner = match (blikk.touches(field), exchange.touches(field)) {
            _ if agree => continue,
            _ if field.is_told_by_exchange() => Side::Exchange,
            (is_edited, _) if is_exchanges => {
                merged.overruled.extend(is_edited.then_some(field));
                Side::Exchange
            }
            (false, false) => continue,
            (true, false) => Side::Blikk,
            (false, true) => Side::Exchange,
            (true, true) => {
                merged.overruled.push(field);
                newest
            }
        };
        match winner {
            Side::Blikk => field.copy(blikk.now, &mut merged.for_exchange),
            Side::Exchange => field.copy(exchange.now, &mut merged.for_blikk),
        }
    }
    merged
}

/// The same rules as for fields, for each date.
fn merge_exceptions(blikk: Edit<'_>, exchange: Edit<'_>, newest: Side, merged: &mut Merged) {
    let none = Exceptions::new();
    let of = |event: Option<&Event>| event.and_then(exceptions).cloned().unwrap_or_default();
    let (in_blikk, in_exchange) = (exceptions(blikk.now).unwrap_or(&none), exceptions(exchange.now).unwrap_or(&none));
    let (was_in_blikk, was_in_exchange) = (of(blikk.before), of(exchange.before));
    let (mut for_blikk, mut for_exchange) = (in_blikk.clone(), in_exchange.clone());
    let dates: BTreeSet<OriginalDate> = in_blikk.keys().chain(in_exchange.keys()).copied().collect();
    for date in dates {
        let (here, there) = (in_blikk.get(&date), in_exchange.get(&date));
        let is_edited_here = blikk.before.is_none() || was_in_blikk.get(&date) != here;
        let is_edited_there = exchange.before.is_none() || was_in_exchange.get(&date) != there;
        let winner = match (is_edited_here, is_edited_there) {
            _ if here == there => continue,
            (false, false) => continue,
            (true, false) => Side::Blikk,
            (false, true) => Side::Exchange,
            (true, true) => {
                if !merged.overruled.contains(&Field::Exceptions) {
                    merged.overruled.push(Field::Exceptions);
                }
                match (here, there) {
                    // Of strangers nobody knows which came first; what a person once changed is worth more than that
                    // somebody did not.
                    (Some(_), None) if blikk.before.is_none() && exchange.before.is_none() => Side::Blikk,
                    (None, Some(_)) if blikk.before.is_none() && exchange.before.is_none() => Side::Exchange,
                    _ => newest,
                }
            }
        };
        let (from, to) = match winner {
            Side::Blikk => (here, &mut for_exchange),
            Side::Exchange => (there, &mut for_blikk),
        };
        match from {
            Some(exception) => to.insert(date, exception.clone()),
            None => to.remove(&date),
        };
    }
    set_exceptions(&mut merged.for_blikk, for_blikk);
    set_exceptions(&mut merged.for_exchange, for_exchange);
}

/// With the state lost, a body that a server laid out anew must not count as somebody's edit (scenarios 3 and 10).
fn same_words(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Moment, Reminder, When};
    use crate::zone::ZoneId;

    fn meeting() -> Event {
        let at = |hour: u32, zone: &str| {
            Moment::new(format!("2027-02-01T{hour:02}:00:00Z").parse().unwrap(), ZoneId::new(zone))
        };
        Event::new("Veckomöte", When::timed(at(8, "Europe/Stockholm"), at(9, "Europe/Stockholm")).unwrap())
    }

    fn with(change: impl FnOnce(&mut Event)) -> Event {
        let mut event = meeting();
        change(&mut event);
        event
    }

    #[test]
    fn edits_of_different_fields_both_survive() {
        let base = meeting();
        let blikk = with(|event| event.title = "Projektmöte".into());
        let exchange = with(|event| event.place = "Rum Vänern".into());
        let edit = |now| Edit { before: Some(&base), now };
        let merged = merge(edit(&blikk), edit(&exchange), Side::Blikk);
        assert_eq!(merged.for_blikk, merged.for_exchange);
        assert_eq!((merged.for_blikk.title.as_str(), merged.for_blikk.place.as_str()), ("Projektmöte", "Rum Vänern"));
        assert!(merged.overruled.is_empty());
    }

    #[test]
    fn of_two_edits_of_one_field_the_newest_wins_and_it_is_said() {
        let base = meeting();
        let blikk = with(|event| event.title = "Från Blikk".into());
        let exchange = with(|event| event.title = "Från Outlook".into());
        for (newest, expected) in [(Side::Blikk, "Från Blikk"), (Side::Exchange, "Från Outlook")] {
            let edit = |now| Edit { before: Some(&base), now };
            let merged = merge(edit(&blikk), edit(&exchange), newest);
            assert_eq!((merged.for_blikk.title.as_str(), merged.for_exchange.title.as_str()), (expected, expected));
            assert_eq!(merged.overruled, [Field::Title]);
        }
    }

    #[test]
    fn a_body_that_exchange_keeps_in_its_own_form_is_no_edit() {
        let base = with(|event| event.body = "Agenda:  1".into());
        let kept = with(|event| event.body = "Agenda: 1".into());
        let blikk = with(|event| {
            event.body = "Agenda:  1".into();
            event.reminder = Some(Reminder { minutes_before_start: 15 });
        });
        let merged =
            merge(Edit { before: Some(&base), now: &blikk }, Edit { before: Some(&kept), now: &kept }, Side::Exchange);
        assert_eq!(merged.for_blikk, blikk, "nothing goes to Blikk");
        assert_eq!(merged.for_exchange.body, "Agenda: 1", "and the body is not sent again");
        assert_eq!(merged.for_exchange.reminder, blikk.reminder);
    }

    #[test]
    fn strangers_that_are_equal_need_no_writing_even_when_a_server_laid_out_the_body_anew() {
        let blikk = with(|event| event.body = "Rad 1\n\nRad 2".into());
        let exchange = with(|event| event.body = "Rad 1 \nRad 2".into());
        let merged = merge(Edit { before: None, now: &blikk }, Edit { before: None, now: &exchange }, Side::Exchange);
        assert_eq!((merged.for_blikk, merged.for_exchange), (blikk, exchange));
    }

    #[test]
    fn a_zone_that_exchange_cannot_tell_apart_is_no_difference() {
        let at = |hour: u32| {
            Moment::new(format!("2027-02-01T{hour:02}:00:00Z").parse().unwrap(), ZoneId::new("Europe/Oslo"))
        };
        let oslo = with(|event| event.when = When::timed(at(8), at(9)).unwrap());
        assert_eq!(differences(&meeting(), &oslo), []);
    }
}
