//! Which events belong together (pure).
//!
//! Normally the links say it. Without a link (a first run, lost state, a create whose answer never came) the events
//! say it themselves: Blikk's external id is the Exchange item's UID, and an item that we created carries a marker
//! with the Blikk id. The UID goes first, because a copy made in Outlook carries the original's marker (scenario 8)
//! but never its own counterpart's UID.
//!
//! Nothing here depends on the order in which events were heard of.

use chrono::{DateTime, Utc};

use crate::event::Event;
use crate::problem::{Code, Side};
use crate::sync::merge::differences;
use crate::sync::moved::waits_for_its_uid;
use crate::sync::places::Places;
use crate::sync::plan::{Now, Pair};
use crate::sync::port::Observed;
use crate::sync::state::{Link, LinkId, RemoteId, SideState, Unsynced, Version};

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
    let mut new_in_exchange = known.take_in(Side::Exchange, exchange);
    new_in_exchange.extend(known.released());
    let (mut all, new_in_blikk, new_in_exchange) = pair_by_uid(new_in_blikk, new_in_exchange);
    let new_in_blikk = known.reattach(Side::Blikk, new_in_blikk);
    let new_in_exchange = known.reattach(Side::Exchange, new_in_exchange);
    let new_in_exchange = known.tell_twins(new_in_exchange);
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

    /// Items that were set aside because the item of another link had their UID, and that one is gone: it was moved, or they
    /// come after it. Their own rows go.
    fn released(&mut self) -> Vec<Observed> {
        let is_waited_for = |pair: &&Pair| {
            pair.blikk != Now::Gone
                && pair.link.as_ref().is_some_and(|link| is_vacant(&pair.exchange, link, Side::Exchange))
        };
        let vacant = self.pairs.iter().filter(is_waited_for);
        let by_uid = Places::of(vacant.map(|pair| Some(pair.link.as_ref()?.uid.as_ref()?.as_str())));
        let is_released = |pair: &Pair, item: &Observed| {
            let waits = pair.link.as_ref().is_some_and(waits_for_its_uid);
            waits && item.uid.as_ref().is_some_and(|uid| by_uid.get(uid.as_str()).is_some())
        };
        let mut released = Vec::new();
        for pair in &mut self.pairs {
            if matches!(&pair.exchange, Now::Here(item) if is_released(pair, item))
                && let Now::Here(item) = std::mem::replace(&mut pair.exchange, Now::Gone)
            {
                released.push(*item);
            }
        }
        released
    }

    /// An event that names a link whose own side is gone or was never made is that link's event: an item that was
    /// moved out of the calendar and back has a new id and its old UID; a create whose answer was lost is known by
    /// what we wrote on it (scenarios 1 and 16).
    fn reattach(&mut self, side: Side, strangers: Vec<Observed>) -> Vec<Observed> {
        let (by_uid, by_blikk) = self.vacancies(side);
        let by_uid = |observed: &Observed| by_uid.get(observed.uid.as_ref()?.as_str());
        let by_marker = |observed: &Observed| {
            // Which of several that carry it is the one: the oldest, for a copy is younger than its original (scenario 8).
            by_blikk.get(observed.marker.as_ref()?.blikk.as_str())
        };
        let place = |observed: &Observed| by_uid(observed).or_else(|| by_marker(observed));
        let places: Vec<Option<usize>> = strangers.iter().map(place).collect();
        let best =
            best_of(self.pairs.len(), &strangers, &places, |_, observed| (by_uid(observed).is_none(), age(observed)));
        let mut rest = Vec::new();
        for (number, observed) in strangers.into_iter().enumerate() {
            match places[number].filter(|place| best[*place] == Some(number)) {
                Some(place) => attach(&mut self.pairs[place], side, observed),
                None => rest.push(observed),
            }
        }
        rest
    }

    /// Two engines that do not know of each other may each make an item of one Blikk event (scenario 11). The older of
    /// two that are the same is its counterpart, whoever made it; the engine that made the younger takes it away, and
    /// for every other engine it waits for that. If people made two events of them, two events they are.
    fn tell_twins(&mut self, strangers: Vec<Observed>) -> Vec<Observed> {
        let mut rest = Vec::new();
        for mut item in strangers {
            let twin = item.marker.as_ref().and_then(|marker| {
                let place = self.by_blikk.get(marker.blikk.as_str())?;
                is_twin(&self.pairs[place], &item, &marker.link).then_some(place)
            });
            let Some(place) = twin else {
                rest.push(item);
                continue;
            };
            let pair = &mut self.pairs[place];
            match &pair.exchange {
                Now::Here(ours) if age(&item) < age(ours) => {
                    let surplus = replaced(pair, item);
                    self.pairs.extend(surplus);
                }
                _ => {
                    item.content = item.content.and_then(|event| Err(twin_of(&event)));
                    rest.push(item);
                }
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
pub(super) fn attach(pair: &mut Pair, side: Side, observed: Observed) {
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

/// Whether the item is the same as the one that the pair has, and was made under another link for its Blikk event.
fn is_twin(pair: &Pair, item: &Observed, made_under: &LinkId) -> bool {
    let Some(link) = pair.link.as_ref().filter(|link| link.id != *made_under) else { return false };
    let is_same = |side: Side| match pair.now(side) {
        Now::Here(held) => unlikeness(held, item) == 0,
        Now::Silent => link.on(side).is_some() && link.seen_on(side).is_some_and(|event| is_as(event, item)),
        Now::Gone => false,
    };
    link.on(Side::Exchange).is_some() && pair.exchange != Now::Gone && (is_same(Side::Exchange) || is_same(Side::Blikk))
}

/// From now on `item` is the pair's. The one it had becomes a pair of its own whose Blikk event is gone: deleted, unless
/// somebody edited it.
fn replaced(pair: &mut Pair, item: Observed) -> Option<Pair> {
    let link = pair.link.as_ref()?;
    let mut former = link.on(Side::Exchange)?.clone();
    former.seen = link.seen_on(Side::Exchange).cloned();
    let id = LinkId::new(format!("{}-twin", link.id));
    let link = Link { id, blikk: None, exchange: Some(former), base: None, ..link.clone() };
    let exchange = std::mem::replace(&mut pair.exchange, Now::Silent);
    attach(pair, Side::Exchange, item);
    Some(Pair { link: Some(link), blikk: Now::Gone, exchange })
}

/// Why a twin is not synchronised.
fn twin_of(event: &Event) -> Unsynced {
    let problem = Code::EventDuplicateUid.into();
    Unsynced { problem, title: event.title.clone(), start: Some(event.when.start()) }
}

/// How old an item is, the oldest first: an original is older than its copies. What nobody knows is decided by the id.
fn age(item: &Observed) -> (bool, Option<DateTime<Utc>>, &str) {
    (item.created_at.is_none(), item.created_at, item.id.as_str())
}

/// For each of `count` places, which of the items that could take it is first by `rank`.
fn best_of<'a, R: PartialOrd>(
    count: usize,
    items: &'a [Observed],
    places: &[Option<usize>],
    rank: impl Fn(usize, &'a Observed) -> R,
) -> Vec<Option<usize>> {
    let mut best: Vec<Option<usize>> = vec![None; count];
    for (number, (item, place)) in items.iter().zip(places).enumerate() {
        let Some(place) = *place else { continue };
        if best[place].is_none_or(|other| rank(place, item) < rank(place, &items[other])) {
            best[place] = Some(number);
        }
    }
    best
}

/// Unlinked events of which the Blikk one names the Exchange one by its UID; and the others. Where two have one UID, the
/// oldest is meant.
fn pair_by_uid(blikk: Vec<Observed>, exchange: Vec<Observed>) -> (Vec<Pair>, Vec<Observed>, Vec<Observed>) {
    let mut by_uid = Places::default();
    for (place, event) in blikk.iter().enumerate() {
        let Some(uid) = event.uid.as_ref().map(|uid| uid.as_str()) else { continue };
        if by_uid.get(uid).is_none_or(|other| age(event) < age(&blikk[other])) {
            by_uid.put(uid, place);
        }
    }
    let places: Vec<Option<usize>> = exchange.iter().map(|item| by_uid.get(item.uid.as_ref()?.as_str())).collect();
    let best = best_of(blikk.len(), &exchange, &places, |_, item| age(item));
    let mut items: Vec<Option<Observed>> = exchange.into_iter().map(Some).collect();
    let (mut pairs, mut rest) = (Vec::new(), Vec::new());
    for (event, best) in blikk.into_iter().zip(best) {
        match best.and_then(|number| items[number].take()) {
            Some(item) => pairs.push(strangers(Some(event), Some(item))),
            None => rest.push(event),
        }
    }
    (pairs, rest, items.into_iter().flatten().collect())
}

/// Unlinked events of which the Exchange one carries a marker that names the Blikk one; and the others, each alone.
fn pair_by_marker(blikk: Vec<Observed>, exchange: Vec<Observed>) -> Vec<Pair> {
    let by_id = Places::of(blikk.iter().map(|event| Some(event.id.as_str())));
    let named = |item: &Observed| by_id.get(item.marker.as_ref()?.blikk.as_str());
    let places: Vec<Option<usize>> = exchange.iter().map(named).collect();
    // A copy carries the marker too. The counterpart is the one that is as the Blikk event is; or the oldest, for a copy
    // is younger than its original; or, where nobody says how old they are, the one that is most like it.
    let best = best_of(blikk.len(), &exchange, &places, |place, item| {
        let unlikeness = unlikeness(&blikk[place], item);
        let (is_ageless, created_at, id) = age(item);
        (is_ageless, created_at, unlikeness, id)
    });
    let mut items: Vec<Option<Observed>> = exchange.into_iter().map(Some).collect();
    let mut chosen: Vec<Option<Observed>> = best.iter().map(|number| items[(*number)?].take()).collect();
    let mut pairs = Vec::new();
    for (item, place) in items.into_iter().zip(places) {
        let Some(mut item) = item else { continue };
        // Made by another engine for the same event (scenario 11).
        if let Some(first) = place.and_then(|place| chosen[place].as_ref())
            && made_under(first) != made_under(&item)
            && unlikeness(first, &item) == 0
        {
            item.content = item.content.and_then(|event| Err(twin_of(&event)));
        }
        pairs.push(strangers(None, Some(item)));
    }
    let chosen = chosen.iter_mut().map(Option::take);
    pairs.extend(blikk.into_iter().zip(chosen).map(|(event, item)| strangers(Some(event), item)));
    pairs
}

fn made_under(item: &Observed) -> Option<&LinkId> {
    item.marker.as_ref().map(|marker| &marker.link)
}

/// In how many fields two events differ.
fn unlikeness(event: &Observed, item: &Observed) -> usize {
    match (&event.content, &item.content) {
        (Ok(event), Ok(item)) => differences(event, item).len(),
        _ => usize::MAX,
    }
}

fn is_as(event: &Event, item: &Observed) -> bool {
    item.content.as_ref().is_ok_and(|other| differences(event, other).is_empty())
}

fn strangers(blikk: Option<Observed>, exchange: Option<Observed>) -> Pair {
    let now = |observed: Option<Observed>| observed.map_or(Now::Silent, |observed| Now::Here(Box::new(observed)));
    Pair { link: None, blikk: now(blikk), exchange: now(exchange) }
}

#[cfg(test)]
#[path = "pairing_tests.rs"]
mod tests;
