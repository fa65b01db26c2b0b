//! The exceptions of a series, merged date by date (scenario 15).
//!
//! A date that lost its exception lost it in one of three ways. A person put the occurrence back: an edit like any
//! other. Or it went with a new rule or time: Exchange drops exceptions then, and so do people's eyes; that follows the
//! rule and competes with nobody's edit. Or we were interrupted before we wrote it.

use std::collections::BTreeMap;

use crate::event::{Event, Exception, OriginalDate, set_of};
use crate::problem::Side;

use super::field::Field;
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
            (before, now) if before == now => Touch::None,
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
        if here == there {
            continue;
        }
        let touches = (sides.blikk.touch(date), sides.exchange.touch(date));
        let Some(winner) = winner(sides, date, touches) else { continue };
        let (from, to) = match winner {
            Side::Blikk => (here, &mut for_exchange),
            Side::Exchange => (there, &mut for_blikk),
        };
        match from {
            Some(exception) => to.insert(date, exception.clone()),
            None => to.remove(&date),
        };
        if has_no_rule && sides.on(winner).touch(date) == Touch::Edit {
            // The other side made it a single event: there is no such occurrence any more.
            merged.overrule(Field::Exceptions, winner.other());
        } else if touches == (Touch::Edit, Touch::Edit) {
            merged.overrule(Field::Exceptions, winner);
        }
    }
    set_exceptions(&mut merged.for_blikk, for_blikk);
    set_exceptions(&mut merged.for_exchange, for_exchange);
}

/// Whose word stands on a date about which the sides disagree; `None`: each keeps its own.
fn winner(sides: &Sides<'_>, date: OriginalDate, touches: (Touch, Touch)) -> Option<Side> {
    use Touch::{Edit, Gone, Lacking};
    match touches {
        (Edit, Edit) => Some(sides.newest),
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
