//! What lies outside of the days that are synchronised (scenario 14).
//!
//! Leaving the window is nobody's deletion: the row keeps both sides and their past, nothing is brought over and nothing
//! deleted. When the window reaches the event, both sides are read and decided about as ever; the row is there, so
//! nothing is made twice.

use std::ops::ControlFlow;

use crate::event::Event;
use crate::problem::Side;
use crate::sync::state::{Link, LinkId, LinkState, SideState};
use crate::sync::window::{Place, place};

use super::{Act, Now, Pair, Reason, Rules, Step, look_again, new_link};

/// Lets through what lies inside, or of which nobody can tell; decides about the rest.
pub(super) fn by_window(
    pair: Pair,
    rules: &Rules<'_>,
    draw: &mut dyn FnMut() -> LinkId,
) -> ControlFlow<Option<Step>, Pair> {
    let is_silent = pair.blikk == Now::Silent && pair.exchange == Now::Silent;
    let place = place_of(&pair, rules);
    match (&pair.link, place) {
        (Some(link), place) if is_silent && has_entered(link, place, rules) => {
            ControlFlow::Break(Some(look_again(link.clone())))
        }
        (Some(link), Some(Place::Outside { enters })) if is_silent => {
            let state = LinkState::OutsideWindow { enters };
            let is_news = matches!(link.state, LinkState::OutsideWindow { .. }) && link.state != state;
            ControlFlow::Break(is_news.then(|| remember(Link { state, ..link.clone() }, Some(link.clone()))))
        }
        (_, Some(Place::Outside { enters })) => {
            let state = LinkState::OutsideWindow { enters };
            ControlFlow::Break(Some(outside(pair, state, draw)))
        }
        _ => ControlFlow::Continue(pair),
    }
}

/// It lay outside when it was last looked at, and does no longer.
fn has_entered(link: &Link, place: Option<Place>, rules: &Rules<'_>) -> bool {
    let LinkState::OutsideWindow { enters } = link.state else { return false };
    match place {
        Some(Place::Outside { .. }) => false,
        Some(Place::Inside) => true,
        // Nothing is remembered of what it holds.
        None => rules.options.window.is_none() || enters.is_some_and(|enters| enters <= rules.now),
    }
}

/// Where the pair lies: inside as long as either side does, so that an event that is moved away is moved on both. `None`
/// where there is no window or nobody knows.
fn place_of(pair: &Pair, rules: &Rules<'_>) -> Option<Place> {
    let window = rules.options.window.as_ref();
    let mut all: Option<Place> = None;
    for side in [Side::Blikk, Side::Exchange] {
        let held: &Event = match pair.now(side) {
            Now::Here(seen) => seen.content.as_ref().ok()?,
            Now::Gone => continue,
            Now::Silent => match pair.link.as_ref().filter(|link| link.on(side).is_some()) {
                Some(link) => link.seen_on(side)?,
                None => continue,
            },
        };
        let here = window.map_or(Place::Inside, |window| place(held, window, rules.now, rules.zones));
        all = Some(match (all, here) {
            (None, here) => here,
            (Some(Place::Outside { enters: a }), Place::Outside { enters: b }) => {
                Place::Outside { enters: a.into_iter().chain(b).min() }
            }
            _ => Place::Inside,
        });
    }
    all
}

/// The row of a pair of which something was heard.
fn outside(pair: Pair, state: LinkState, draw: &mut dyn FnMut() -> LinkId) -> Step {
    let prior = pair.link;
    let is_alone = [&pair.blikk, &pair.exchange].into_iter().any(|now| matches!(now, Now::Silent | Now::Gone));
    let mut link = prior.clone().unwrap_or_else(|| {
        let is_blikks = matches!(&pair.blikk, Now::Here(seen) if seen.uid.is_none());
        new_link(draw(), if is_blikks { Side::Blikk } else { Side::Exchange })
    });
    link.state = state;
    let has_counterpart = prior.as_ref().is_some_and(|link| link.blikk.is_some() && link.exchange.is_some());
    for (side, now) in [(Side::Blikk, pair.blikk), (Side::Exchange, pair.exchange)] {
        let Now::Here(seen) = now else { continue };
        if side == Side::Exchange {
            link.uid = seen.uid;
        }
        // Two that were never compared have no past; one that is alone needs none.
        let kept = link.on_mut(side).take().and_then(|state| state.seen);
        let kept = if is_alone && !has_counterpart { seen.content.ok() } else { kept };
        *link.on_mut(side) = Some(SideState { id: seen.id, version: seen.version, seen: kept });
    }
    remember(link, prior)
}

fn remember(link: Link, prior: Option<Link>) -> Step {
    Step { link, prior, act: Act::Remember, reason: Reason::OutsideWindow }
}
