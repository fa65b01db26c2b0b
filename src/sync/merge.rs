//! Two edits of one event become one event (pure).
//!
//! An *edit* is a difference from what that same side held when the two last agreed ([`Link::seen_on`]), never a
//! difference between the sides: a body that Exchange keeps in its own form is no edit by a person (scenario 10).
//! Edits of different fields both survive; of the same field, the newer one wins (scenario 22).
//!
//! [`Link::seen_on`]: super::state::Link::seen_on

use serde::{Deserialize, Serialize};

use crate::event::{Event, When};
use crate::problem::Side;

/// The parts of an event that people edit one by one. Organiser and participants are missing on purpose: they belong
/// to Exchange and are never written (R16).
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
}

impl Field {
    pub const ALL: [Field; 8] = [
        Field::Title,
        Field::Body,
        Field::Place,
        Field::When,
        Field::FreeBusy,
        Field::Sensitivity,
        Field::Reminder,
        Field::Categories,
    ];

    /// Whether the field means the same in both events.
    pub fn agrees(self, a: &Event, b: &Event) -> bool {
        match self {
            Field::Title => a.title == b.title,
            Field::Body => a.body == b.body,
            Field::Place => a.place == b.place,
            Field::When => same_time(&a.when, &b.when),
            Field::FreeBusy => a.free_busy == b.free_busy,
            Field::Sensitivity => a.sensitivity == b.sensitivity,
            Field::Reminder => a.reminder == b.reminder,
            Field::Categories => a.categories == b.categories,
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
        }
    }
}

/// The fields in which two events differ.
pub fn differences(a: &Event, b: &Event) -> Vec<Field> {
    Field::ALL.into_iter().filter(|field| !field.agrees(a, b)).collect()
}

/// Europe/Stockholm and Europe/Berlin are one zone to Exchange, so a change between them is none.
fn same_time(a: &When, b: &When) -> bool {
    match (a, b) {
        (When::Timed(a), When::Timed(b)) => [(a.start(), b.start()), (a.end(), b.end())]
            .into_iter()
            .all(|(a, b)| a.instant() == b.instant() && a.zone().is_same_zone_as(b.zone())),
        (When::AllDay(a), When::AllDay(b)) => a == b,
        _ => false,
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
    /// Fields that were edited on both sides to different values: the side given as `newest` won.
    pub overruled: Vec<Field>,
}

/// Brings each side's edits to the other.
pub fn merge(blikk: Edit<'_>, exchange: Edit<'_>, newest: Side) -> Merged {
    let mut merged = Merged { for_blikk: blikk.now.clone(), for_exchange: exchange.now.clone(), overruled: Vec::new() };
    let are_strangers = blikk.before.is_none() && exchange.before.is_none();
    for field in Field::ALL {
        let agree = field.agrees(blikk.now, exchange.now)
            || (are_strangers && field == Field::Body && same_words(&blikk.now.body, &exchange.now.body));
        let winner = match (blikk.touches(field), exchange.touches(field)) {
            _ if agree => continue,
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

/// With the state lost, a body that a server laid out anew must not count as somebody's edit (scenarios 3 and 10).
fn same_words(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Moment, Reminder};
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
