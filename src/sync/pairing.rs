//! Which events belong together (pure).
//!
//! Normally the links say it. Without a link (a first run, lost state, a create whose answer never came) the events
//! say it themselves: Blikk's external id is the Exchange item's UID, and an item that we created carries a marker
//! with the Blikk id. The UID goes first, because a copy made in Outlook carries the original's marker (scenario 8)
//! but never its own counterpart's UID.

use crate::problem::Side;
use crate::sync::merge::differences;
use crate::sync::places::Places;
use crate::sync::plan::{Now, Pair};
use crate::sync::port::Observed;
use crate::sync::state::{Link, RemoteId, SideState, Version};

/// Everything that was heard of one side: who is there, who is gone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    pub here: Vec<Observed>,
    pub gone: Vec<RemoteId>,
}

/// Sorts everything heard into pairs. `links` are all links that hold one of the ids heard of; one may come twice.
pub fn pair_up(links: Vec<Link>, blikk: Heard, exchange: Heard) -> Vec<Pair> {
    let mut known = Known::new(links);
    let new_in_blikk = known.take_in(Side::Blikk, blikk);
    let new_in_exchange = known.take_in(Side::Exchange, exchange);
    let (mut all, new_in_blikk, new_in_exchange) = pair_by_uid(new_in_blikk, new_in_exchange);
    let new_in_blikk = known.reattach(Side::Blikk, new_in_blikk);
    let new_in_exchange = known.reattach(Side::Exchange, new_in_exchange);
    all.extend(pair_by_marker(new_in_blikk, new_in_exchange));
    all.extend(known.pairs);
    all
}

/// The pairs that have a link.
struct Known {
    pairs: Vec<Pair>,
    by_blikk: Places,
    by_exchange: Places,
}

impl Known {
    fn new(links: Vec<Link>) -> Self {
        let mut known = Known { pairs: Vec::new(), by_blikk: Places::default(), by_exchange: Places::default() };
        let mut by_link = Places::default();
        for link in links {
            let place = known.pairs.len();
            if by_link.put(link.id.as_str(), place).is_some() {
                continue;
            }
            for side in [Side::Blikk, Side::Exchange] {
                if let Some(state) = link.on(side) {
                    known.places(side).put(state.id.as_str(), place);
                }
            }
            known.pairs.push(Pair { link: Some(link), blikk: Now::Silent, exchange: Now::Silent });
        }
        known
    }

    fn places(&mut self, side: Side) -> &mut Places {
        match side {
            Side::Blikk => &mut self.by_blikk,
            Side::Exchange => &mut self.by_exchange,
        }
    }

    fn holding(&mut self, side: Side, id: &RemoteId) -> Option<&mut Pair> {
        let place = self.places(side).get(id.as_str())?;
        self.pairs.get_mut(place)
    }

    /// Puts what was heard of linked events into their pairs, and returns the rest.
    fn take_in(&mut self, side: Side, heard: Heard) -> Vec<Observed> {
        for id in &heard.gone {
            if let Some(pair) = self.holding(side, id) {
                *pair.now_mut(side) = Now::Gone;
            }
        }
        let mut strangers = Vec::new();
        for observed in heard.here {
            match self.holding(side, &observed.id) {
                Some(pair) => *pair.now_mut(side) = Now::Here(Box::new(observed)),
                None => strangers.push(observed),
            }
        }
        strangers
    }

    /// An event that names a link whose own side is gone or was never made is that link's event: an item that was
    /// moved out of the calendar and back has a new id and its old UID; a create whose answer was lost is known by
    /// what we wrote on it (scenarios 1 and 16).
    fn reattach(&mut self, side: Side, strangers: Vec<Observed>) -> Vec<Observed> {
        let (by_uid, by_blikk) = self.vacancies(side);
        let mut rest = Vec::new();
        for observed in strangers {
            let by_uid = observed.uid.as_ref().and_then(|uid| by_uid.get(uid.as_str()));
            let by_marker = observed.marker.as_ref().and_then(|marker| {
                let place = by_blikk.get(marker.blikk.as_str())?;
                // With the link's own id on it, it is a copy of the item that is gone (scenario 8): what we make in
                // its place carries a new one. Where there never was an item, it is the one that was saved although
                // the answer was an error (scenario 21).
                let pair = &self.pairs[place];
                let is_its = *pair.now(side) == Now::Silent || pair.link.as_ref()?.id != marker.link;
                is_its.then_some(place)
            });
            let pair = by_uid.or(by_marker).and_then(|place| self.pairs.get_mut(place));
            match pair.filter(|pair| !matches!(pair.now(side), Now::Here(_))) {
                Some(pair) => attach(pair, side, observed),
                None => rest.push(observed),
            }
        }
        rest
    }

    /// The links without an event on `side`, by their UID and by the Blikk ids that a marker may name.
    fn vacancies(&self, side: Side) -> (Places, Places) {
        let (mut by_uid, mut by_blikk) = (Places::default(), Places::default());
        for (place, pair) in self.pairs.iter().enumerate() {
            let Some(link) = pair.link.as_ref().filter(|link| is_vacant(pair.now(side), link, side)) else { continue };
            if let Some(uid) = &link.uid {
                by_uid.put(uid.as_str(), place);
            }
            if side == Side::Exchange {
                let remembered = link.blikk.as_ref().map(|state| &state.id);
                let now = if let Now::Here(event) = &pair.blikk { Some(&event.id) } else { None };
                for id in remembered.into_iter().chain(now) {
                    by_blikk.put(id.as_str(), place);
                }
            }
        }
        (by_uid, by_blikk)
    }
}

/// From now on this is the link's event, also if the plan has to look at it once more.
fn attach(pair: &mut Pair, side: Side, observed: Observed) {
    if let Some(link) = &mut pair.link {
        if side == Side::Exchange {
            link.uid = observed.uid.clone();
        }
        let seen = link.on_mut(side).take().and_then(|state| state.seen);
        *link.on_mut(side) = Some(SideState { id: observed.id.clone(), version: Version::unknown(), seen });
    }
    *pair.now_mut(side) = Now::Here(Box::new(observed));
}

fn is_vacant(now: &Now, link: &Link, side: Side) -> bool {
    *now == Now::Gone || (*now == Now::Silent && link.on(side).is_none())
}

/// Unlinked events of which the Blikk one names the Exchange one by its UID; and the others.
fn pair_by_uid(blikk: Vec<Observed>, exchange: Vec<Observed>) -> (Vec<Pair>, Vec<Observed>, Vec<Observed>) {
    let by_uid = Places::of(blikk.iter().map(|event| Some(event.uid.as_ref()?.as_str())));
    let mut waiting: Vec<Option<Observed>> = blikk.into_iter().map(Some).collect();
    let (mut pairs, mut rest) = (Vec::new(), Vec::new());
    for item in exchange {
        let place = item.uid.as_ref().and_then(|uid| by_uid.get(uid.as_str()));
        match place.and_then(|place| waiting[place].take()) {
            Some(event) => pairs.push(strangers(Some(event), Some(item))),
            None => rest.push(item),
        }
    }
    (pairs, waiting.into_iter().flatten().collect(), rest)
}

/// Unlinked events of which the Exchange one carries a marker that names the Blikk one; and the others, each alone.
fn pair_by_marker(blikk: Vec<Observed>, exchange: Vec<Observed>) -> Vec<Pair> {
    let by_id = Places::of(blikk.iter().map(|event| Some(event.id.as_str())));
    let named = |item: &Observed| by_id.get(item.marker.as_ref()?.blikk.as_str());
    // A copy carries the marker too. The counterpart is the one that is as the Blikk event is; or the oldest, for a copy
    // is younger than its original; or, where nobody says how old they are, the one that is most like it.
    let rank = |place: usize, item: &Observed| {
        let unlikeness = unlikeness(&blikk[place], item);
        (unlikeness > 0, item.created_at.is_none(), item.created_at, unlikeness)
    };
    let mut best: Vec<Option<usize>> = vec![None; blikk.len()];
    for (candidate, item) in exchange.iter().enumerate() {
        let Some(place) = named(item) else { continue };
        let is_better = best[place].is_none_or(|other| rank(place, item) < rank(place, &exchange[other]));
        if is_better {
            best[place] = Some(candidate);
        }
    }
    let mut items: Vec<Option<Observed>> = exchange.into_iter().map(Some).collect();
    let mut pairs = Vec::new();
    for (event, best) in blikk.into_iter().zip(best) {
        pairs.push(strangers(Some(event), best.and_then(|candidate| items[candidate].take())));
    }
    pairs.extend(items.into_iter().flatten().map(|item| strangers(None, Some(item))));
    pairs
}

/// In how many fields two events differ.
fn unlikeness(event: &Observed, item: &Observed) -> usize {
    match (&event.content, &item.content) {
        (Ok(event), Ok(item)) => differences(event, item).len(),
        _ => usize::MAX,
    }
}

fn strangers(blikk: Option<Observed>, exchange: Option<Observed>) -> Pair {
    let now = |observed: Option<Observed>| observed.map_or(Now::Silent, |observed| Now::Here(Box::new(observed)));
    Pair { link: None, blikk: now(blikk), exchange: now(exchange) }
}
