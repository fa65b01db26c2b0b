//! The exceptions of a series, merged date by date (scenario 15).
//!
//! A date that lost its exception lost it in one of three ways. A person put the occurrence back: an edit like any
//! other. Or it went with a new rule or time: Exchange drops exceptions then, and so do people's eyes; that follows the
//! rule and competes with nobody's edit. Or we were interrupted before we wrote it.

use std::collections::BTreeMap;

use crate::event::{Changes, Event, Exception, OriginalDate, set_of};
use crate::problem::Side;

use super::field::{Field, are_same_names, is_same_text};
use super::scope::{Fields, Veil};
use super::{Edit, Merged, Sides};

pub(super) type Exceptions = BTreeMap<OriginalDate, Exception>;

/// None at all for a single event, so that it and a series without exceptions agree in this.
pub(super) fn exceptions_of(event: &Event) -> &Exceptions {
    static NONE: Exceptions = BTreeMap::new();
    event.series.as_ref().map_or(&NONE, |series| &series.exceptions)
}

/// A single event stays without.
pub(super) fn set_exceptions(event: &mut Event, exceptions: Exceptions) {
    if let Some(series) = &mut event.series {
        series.exceptions = exceptions;
    }
}

/// Whether two series depart from their rules in the same way, as far as it is compared.
pub(super) fn same_exceptions(a: &Event, b: &Event, left_out: Fields) -> bool {
    let (a, b) = (exceptions_of(a), exceptions_of(b));
    a == b || a.keys().chain(b.keys()).all(|date| is_same(a.get(date), b.get(date), left_out))
}

fn is_same(a: Option<&Exception>, b: Option<&Exception>, left_out: Fields) -> bool {
    let usual = Changes::default();
    match (a, b) {
        _ if a == b => true,
        (Some(Exception::Changed(a)), Some(Exception::Changed(b))) => are_same_changes(a, b, left_out),
        // What departs in nothing that is compared is as the series is.
        (Some(Exception::Changed(one)), None) | (None, Some(Exception::Changed(one))) => {
            !left_out.is_empty() && are_same_changes(one, &usual, left_out)
        }
        _ => false,
    }
}

fn are_same_changes(a: &Changes, b: &Changes, left_out: Fields) -> bool {
    let counts = |field| !left_out.contains(field);
    let body = alike(&a.body, &b.body, |a, b| is_same_text(a, b));
    let when = alike(&a.when, &b.when, |a, b| a.is_same_time_as(b));
    let categories = alike(&a.categories, &b.categories, are_same_names);
    body && when
        && (a.title == b.title && a.place == b.place && a.free_busy == b.free_busy)
        && (a.sensitivity == b.sensitivity && a.importance == b.importance)
        && (a.reminder == b.reminder || !counts(Field::Reminder))
        && (categories || !counts(Field::Categories))
}

fn alike<T>(a: &Option<T>, b: &Option<T>, same: impl Fn(&T, &T) -> bool) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// One side's exception as the other comes to hold it, which so far holds `onto`: what is left out, or kept from us
/// (`is_veiled`), stays the other's own. `None`: it departs in nothing.
pub fn carried(
    exception: &Exception,
    onto: Option<&Exception>,
    left_out: Fields,
    is_veiled: bool,
) -> Option<Exception> {
    let Exception::Changed(changes) = exception else { return Some(Exception::Cancelled) };
    let own = match onto {
        Some(Exception::Changed(own)) => (**own).clone(),
        _ => Changes::default(),
    };
    let mut changes = match is_veiled {
        true => Changes { when: changes.when.clone(), free_busy: changes.free_busy, ..own.clone() },
        false => (**changes).clone(),
    };
    if left_out.contains(Field::Categories) {
        changes.categories = own.categories;
    }
    if left_out.contains(Field::Reminder) {
        changes.reminder = own.reminder;
    }
    (!changes.is_empty()).then(|| Exception::Changed(Box::new(changes)))
}

/// All exceptions of another event, date by date.
pub(super) fn take_exceptions(from: &Event, to: &mut Event, left_out: Fields) {
    let mut taken = Exceptions::new();
    for (date, exception) in exceptions_of(from) {
        if let Some(exception) = carried(exception, exceptions_of(to).get(date), left_out, false) {
            taken.insert(*date, exception);
        }
    }
    set_exceptions(to, taken);
}

/// What happened to one date on one side since both last agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Touch {
    /// Nothing.
    None,
    /// A person changed it, cancelled it or put it back.
    Edit,
    /// It went with a new rule or time.
    Gone,
    /// It was not written yet.
    Lacking,
}

impl Edit<'_> {
    fn touch(&self, date: OriginalDate) -> Touch {
        let now = exceptions_of(self.now).get(&date);
        let Some(before) = self.before else {
            // Of strangers nobody knows what they were; to have no exception says nothing.
            return if now.is_some() { Touch::Edit } else { Touch::None };
        };
        match (exceptions_of(before).get(&date), now) {
            (before, now) if is_same(before, now, self.scope.left_out) => Touch::None,
            (_, None) if self.is_unfinished => Touch::Lacking,
            (_, None) if self.reshapes() => Touch::Gone,
            _ => Touch::Edit,
        }
    }

    /// Whether a person edited an occurrence.
    pub(super) fn touches_exceptions(&self) -> bool {
        let before = self.before.map(exceptions_of).into_iter().flatten();
        let now = exceptions_of(self.now);
        before.chain(now).any(|(date, _)| self.touch(*date) == Touch::Edit)
    }
}

/// The same rules as for fields, for each date.
pub(super) fn merge_exceptions(sides: &Sides<'_>, merged: &mut Merged) {
    let (in_blikk, in_exchange) = (exceptions_of(sides.blikk.now), exceptions_of(sides.exchange.now));
    let (mut for_blikk, mut for_exchange) = (in_blikk.clone(), in_exchange.clone());
    let dates = set_of(in_blikk.keys().chain(in_exchange.keys()).copied());
    let has_no_rule = merged.for_blikk.series.is_none() && merged.for_exchange.series.is_none();
    for date in dates {
        let (here, there) = (in_blikk.get(&date), in_exchange.get(&date));
        if is_same(here, there, sides.left_out()) {
            continue;
        }
        let touches = (sides.blikk.touch(date), sides.exchange.touch(date));
        let Some(winner) = winner(sides, date, touches) else { continue };
        let (from, to) = match winner {
            Side::Blikk => (here, &mut for_exchange),
            Side::Exchange => (there, &mut for_blikk),
        };
        let is_veiled = winner == Side::Exchange && sides.exchange.scope.veil == Veil::OverOurs;
        match from.and_then(|exception| carried(exception, to.get(&date), sides.left_out(), is_veiled)) {
            Some(exception) => to.insert(date, exception),
            None => to.remove(&date),
        };
        if has_no_rule && sides.on(winner).touch(date) == Touch::Edit {
            // The other side made it a single event: there is no such occurrence any more.
            merged.overrule(Field::Exceptions, winner.other());
        } else if touches == (Touch::Edit, Touch::Edit) {
            merged.prefer(Field::Exceptions, winner);
        }
    }
    set_exceptions(&mut merged.for_blikk, for_blikk);
    set_exceptions(&mut merged.for_exchange, for_exchange);
}

/// Whose word stands on a date about which the sides disagree; `None`: each keeps its own.
fn winner(sides: &Sides<'_>, date: OriginalDate, touches: (Touch, Touch)) -> Option<Side> {
    use Touch::{Edit, Gone, Lacking};
    match touches {
        (Edit, Edit) => Some(sides.preferred),
        (Edit, _) | (_, Lacking) => Some(Side::Blikk),
        (_, Edit) | (Lacking, _) => Some(Side::Exchange),
        (Gone, _) => Some(if sides.shape_stands(Side::Blikk) { Side::Blikk } else { Side::Exchange }),
        (_, Gone) => Some(if sides.shape_stands(Side::Exchange) { Side::Exchange } else { Side::Blikk }),
        (Touch::None, Touch::None) => {
            let has_it = |edit: &super::Edit<'_>| exceptions_of(edit.now).contains_key(&date);
            let are_known = sides.blikk.before.is_some() && sides.exchange.before.is_some();
            (!are_known).then(|| if has_it(&sides.blikk) { Side::Blikk } else { Side::Exchange })
        }
    }
}
