//! Two edits of one event become one event (pure).
//!
//! An *edit* is a difference from what that same side held when the two last agreed ([`Link::seen_on`]), never a
//! difference between the sides: a body that Exchange keeps in its own form is no edit by a person (scenario 10), nor
//! is a meeting that an older Blikk does not keep.
//!
//! | | |
//! |---|---|
//! | different fields | both edits survive (scenario 22) |
//! | the same field | the preferred side's edit wins (the person's choice, see [`plan`](super::plan)), and it is said |
//! | categories | are a set: what was added on either side is there, what was taken away is not |
//! | a series' rule and its first time | are one thing: a rule counts from its first date (R26) |
//! | a series' exceptions | merge date by date, so a Tuesday moved here and a Thursday cancelled there both are (scenario 15) |
//! | what makes an event a meeting | is Exchange's to say |
//! | somebody else's meeting | is Exchange's altogether |
//!
//! [`Link::seen_on`]: super::state::Link::seen_on

mod categories;
mod exceptions;
mod field;
mod scope;

use serde::Serialize;

use crate::event::Event;
use crate::problem::Side;

use categories::merge_categories;
use exceptions::{merge_exceptions, same_exceptions, take_exceptions};

pub use exceptions::carried;
pub use field::{Field, differences};
pub use scope::{Fields, Scope, Veil};

/// One side's event before and now.
#[derive(Clone, Copy, Debug)]
pub struct Edit<'a> {
    /// As the side held it when both last agreed; `None` when that is not known (first meeting, lost state).
    pub before: Option<&'a Event>,
    pub now: &'a Event,
    /// We were interrupted while we wrote `now`: what it lacks, no person took away.
    pub is_unfinished: bool,
    pub scope: Scope,
}

impl<'a> Edit<'a> {
    /// Whether a person changed anything.
    pub fn is_edit(&self) -> bool {
        Field::ALL.into_iter().any(|field| self.touches(field))
    }

    /// Whether a person changed this field.
    fn touches(&self, field: Field) -> bool {
        match field {
            Field::Exceptions => !self.is_unseen(field) && self.touches_exceptions(),
            field => self.differs(field) && !self.lacks(field),
        }
    }

    /// Whether it is otherwise than before, whoever made it so.
    fn differs(&self, field: Field) -> bool {
        if self.is_unseen(field) {
            return false;
        }
        match (self.before_of(field), field) {
            // Of strangers nobody knows what they were; to have no reminder says nothing.
            (None, Field::Reminder) => self.now.reminder.is_some(),
            (None, _) => true,
            (Some(before), Field::Exceptions) => !same_exceptions(before, self.now, self.scope.left_out),
            (Some(before), field) => !field.agrees(before, self.now),
        }
    }

    /// The past by which a field is judged.
    fn before_of(&self, field: Field) -> Option<&'a Event> {
        self.before.filter(|_| !self.scope.learnt_anew.contains(field))
    }

    /// The person left the field out, or it was kept from us: no edit of it can be told.
    fn is_unseen(&self, field: Field) -> bool {
        self.scope.left_out.contains(field) || (self.scope.veil == Veil::OverOurs && field.is_veiled())
    }

    /// Occurrences are brought back by taking the rule away and giving it again, and we came no further than half.
    fn lacks(&self, field: Field) -> bool {
        self.is_unfinished && field == Field::Rule && self.now.series.is_none()
    }

    /// Whether a person changed how or from when the series goes.
    fn reshapes(&self) -> bool {
        self.touches(Field::When) || self.touches(Field::Rule)
    }
}

/// What both sides should hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    pub for_blikk: Event,
    pub for_exchange: Event,
    /// The edits that do not stand.
    pub overruled: Vec<Overruled>,
    /// Of these, the fields that both edited: on another day the other side could have won.
    pub clashes: Vec<Field>,
}

/// A field that was edited on one side, and holds what `winner` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Overruled {
    pub field: Field,
    pub winner: Side,
}

impl Merged {
    /// Says it once, however many occurrences it is about.
    fn overrule(&mut self, field: Field, winner: Side) {
        let overruled = Overruled { field, winner };
        if !self.overruled.contains(&overruled) {
            self.overruled.push(overruled);
        }
    }

    /// As [`Merged::overrule`], where only the preference decided.
    fn prefer(&mut self, field: Field, winner: Side) {
        self.overrule(field, winner);
        if !self.clashes.contains(&field) {
            self.clashes.push(field);
        }
    }
}

/// Brings each side's edits to the other. `preferred` wins where both edited one thing; of somebody else's meeting,
/// Exchange always does.
pub fn merge(blikk: Edit<'_>, exchange: Edit<'_>, preferred: Side) -> Merged {
    let sides = Sides { blikk, exchange, preferred };
    let (for_blikk, for_exchange) = (blikk.now.clone(), exchange.now.clone());
    let mut merged = Merged { for_blikk, for_exchange, overruled: Vec::new(), clashes: Vec::new() };
    for field in Field::ALL {
        match field {
            _ if sides.is_out_of_sight(field) => {}
            Field::Exceptions if !sides.is_exchanges() => merge_exceptions(&sides, &mut merged),
            Field::Categories if !sides.is_exchanges() => merge_categories(&sides, &mut merged),
            field => merge_field(&sides, field, &mut merged),
        }
    }
    merged
}

fn merge_field(sides: &Sides<'_>, field: Field, merged: &mut Merged) {
    let Some(winner) = sides.winner(field) else { return };
    let (from, to) = match winner {
        Side::Blikk => (sides.blikk.now, &mut merged.for_exchange),
        Side::Exchange => (sides.exchange.now, &mut merged.for_blikk),
    };
    match field {
        Field::Exceptions => take_exceptions(from, to, sides.left_out()),
        field => field.copy(from, to),
    }
    if sides.on(winner.other()).touches(field) && !field.is_told_by_exchange() {
        if sides.is_exchanges() { merged.overrule(field, winner) } else { merged.prefer(field, winner) }
    }
}

/// Both edits, to be weighed against each other.
struct Sides<'a> {
    blikk: Edit<'a>,
    exchange: Edit<'a>,
    preferred: Side,
}

impl Sides<'_> {
    fn on(&self, side: Side) -> &Edit<'_> {
        match side {
            Side::Blikk => &self.blikk,
            Side::Exchange => &self.exchange,
        }
    }

    fn is_exchanges(&self) -> bool {
        self.exchange.now.belongs_to_exchange() || self.exchange.scope.veil == Veil::OverTheirs
    }

    fn left_out(&self) -> Fields {
        self.exchange.scope.left_out
    }

    /// Nothing is known of the field on one side, and nothing of its past on the other: to write it would be to write
    /// over what we never saw.
    fn is_out_of_sight(&self, field: Field) -> bool {
        let is_kept_from_us = self.exchange.scope.veil == Veil::OverOurs && field.is_veiled();
        self.left_out().contains(field) || (is_kept_from_us && self.blikk.before_of(field).is_none())
    }

    fn agree(&self, field: Field) -> bool {
        let (here, there) = (self.blikk.now, self.exchange.now);
        let are_strangers = self.blikk.before.is_none() && self.exchange.before.is_none();
        match field {
            Field::Exceptions => same_exceptions(here, there, self.left_out()),
            Field::Body if are_strangers => same_words(&here.body, &there.body),
            field => field.agrees(here, there),
        }
    }

    /// Whose word stands on a field; `None`: they agree, or each keeps its own.
    fn winner(&self, field: Field) -> Option<Side> {
        if self.agree(field) {
            return None;
        }
        if self.is_exchanges() || field.is_told_by_exchange() {
            return (self.blikk.differs(field) || self.exchange.differs(field)).then_some(Side::Exchange);
        }
        if self.exchange.lacks(field) {
            return Some(Side::Blikk);
        }
        let clash = field.is_shape() && self.shapes_clash();
        match (clash || self.blikk.touches(field), clash || self.exchange.touches(field)) {
            (false, false) => None,
            (true, false) => Some(Side::Blikk),
            (false, true) => Some(Side::Exchange),
            (true, true) => Some(self.preferred),
        }
    }

    /// Of a series, both changed when or how it goes. One's first date and the other's rule could make a series that
    /// neither has seen.
    fn shapes_clash(&self) -> bool {
        let is_series = self.blikk.now.series.is_some() || self.exchange.now.series.is_some();
        is_series && self.blikk.reshapes() && self.exchange.reshapes()
    }

    /// Whether the new rule or time of a side is what both come to hold, and is that side's alone.
    fn shape_stands(&self, side: Side) -> bool {
        let agree = self.agree(Field::When) && self.agree(Field::Rule);
        !self.shapes_clash() || (self.preferred == side && !agree)
    }
}

/// With the state lost, a body that a server laid out anew must not count as somebody's edit (scenarios 3 and 10).
pub(super) fn same_words(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
