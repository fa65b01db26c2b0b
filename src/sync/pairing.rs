//! Which events belong together (pure).
//!
//! Normally the links say it. Without a link (a first run, lost state, a create whose answer never came) the events
//! say it themselves: Blikk's external id is the Exchange item's UID, and an item that we created carries a marker
//! with the Blikk id. The UID goes first, because a copy made in Outlook carries the original's marker (scenario 8)
//! but never its own counterpart's UID.

use std::collections::BTreeMap;

use crate::problem::Side;
use crate::sync::merge::differences;
use crate::sync::plan::{Now, Pair};
use crate::sync::port::Observed;
use crate::sync::state::{Link, LinkId, RemoteId, Uid};

/// Everything that was heard of one side: who is there, who is gone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    pub here: Vec<Observed>,
    pub gone: Vec<RemoteId>,
}

/// Sorts everything heard into pairs. `links` are all links that hold one of the ids heard of.
pub fn pair_up(links: Vec<Link>, blikk: Heard, exchange: Heard) -> Vec<Pair> {
    let mut pairs = Pairs::new(links);
    let new_in_blikk = pairs.take_known(Side::Blikk, blikk);
    let new_in_exchange = pairs.take_known(Side::Exchange, exchange);
    let (mut all, new_in_blikk, new_in_exchange) = pair_by_uid(new_in_blikk, new_in_exchange);
    let new_in_blikk = pairs.reattach(Side::Blikk, new_in_blikk);
    let new_in_exchange = pairs.reattach(Side::Exchange, new_in_exchange);
    all.extend(pair_by_marker(new_in_blikk, new_in_exchange));
    all.extend(pairs.by_link.into_values());
    all
}

struct Pairs {
    by_link: BTreeMap<LinkId, Pair>,
    by_blikk: BTreeMap<RemoteId, LinkId>,
    by_exchange: BTreeMap<RemoteId, LinkId>,
}

impl Pairs {
    fn new(links: Vec<Link>) -> Self {
        let index =
            |side: Side| links.iter().filter_map(|link| Some((link.on(side)?.id.clone(), link.id.clone()))).collect();
        let (by_blikk, by_exchange) = (index(Side::Blikk), index(Side::Exchange));
        let by_link = links
            .into_iter()
            .map(|link| (link.id.clone(), Pair { link: Some(link), blikk: Now::Silent, exchange: Now::Silent }))
            .collect();
        Pairs { by_link, by_blikk, by_exchange }
    }

    fn known(&mut self, side: Side, id: &RemoteId) -> Option<&mut Pair> {
        let index = if side == Side::Blikk { &self.by_blikk } else { &self.by_exchange };
        self.by_link.get_mut(index.get(id)?)
    }

    /// Puts what was heard of linked events into their pairs, and returns the rest.
    fn take_known(&mut self, side: Side, heard: Heard) -> Vec<Observed> {
        for id in &heard.gone {
            if let Some(pair) = self.known(side, id) {
                *pair.now_mut(side) = Now::Gone;
            }
        }
        let mut strangers = Vec::new();
        for observed in heard.here {
            match self.known(side, &observed.id) {
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
        let (mut by_uid, mut by_blikk) = (BTreeMap::new(), BTreeMap::new());
        for (id, pair) in &self.by_link {
            let Some(link) = pair.link.as_ref().filter(|link| is_vacant(pair.now(side), link, side)) else { continue };
            if let Some(uid) = &link.uid {
                by_uid.insert(uid.clone(), id.clone());
            }
            if side == Side::Exchange {
                let remembered = link.blikk.as_ref().map(|state| &state.id);
                let now = if let Now::Here(event) = &pair.blikk { Some(&event.id) } else { None };
                by_blikk.extend(remembered.into_iter().chain(now).map(|blikk| (blikk.clone(), id.clone())));
            }
        }
        strangers
            .into_iter()
            .filter_map(|observed| {
                let by_uid = observed.uid.as_ref().and_then(|uid| by_uid.get(uid));
                let by_marker = observed.marker.as_ref().and_then(|marker| by_blikk.get(&marker.blikk));
                let pair = by_uid.or(by_marker).and_then(|link| self.by_link.get_mut(link));
                match pair.filter(|pair| !matches!(pair.now(side), Now::Here(_))) {
                    Some(pair) => {
                        *pair.now_mut(side) = Now::Here(Box::new(observed));
                        None
                    }
                    None => Some(observed),
                }
            })
            .collect()
    }
}

fn is_vacant(now: &Now, link: &Link, side: Side) -> bool {
    *now == Now::Gone || (*now == Now::Silent && link.on(side).is_none())
}

/// Unlinked events of which the Blikk one names the Exchange one by its UID; and the others.
fn pair_by_uid(blikk: Vec<Observed>, exchange: Vec<Observed>) -> (Vec<Pair>, Vec<Observed>, Vec<Observed>) {
    let (named, mut alone): (Vec<_>, Vec<_>) = blikk.into_iter().partition(|event| event.uid.is_some());
    let mut by_uid: BTreeMap<Option<Uid>, Observed> = BTreeMap::new();
    for event in named {
        // External ids are unique by contract; should two events have one all the same, both are kept.
        alone.extend(by_uid.insert(event.uid.clone(), event));
    }
    let (mut pairs, mut rest) = (Vec::new(), Vec::new());
    for item in exchange {
        match by_uid.remove(&item.uid) {
            Some(event) => pairs.push(strangers(Some(event), Some(item))),
            None => rest.push(item),
        }
    }
    alone.extend(by_uid.into_values());
    (pairs, alone, rest)
}

/// Unlinked events of which the Exchange one carries a marker that names the Blikk one; and the others, each alone.
fn pair_by_marker(blikk: Vec<Observed>, mut exchange: Vec<Observed>) -> Vec<Pair> {
    let mut waiting: BTreeMap<RemoteId, Observed> = blikk.into_iter().map(|event| (event.id.clone(), event)).collect();
    // A copy carries the marker too, and is younger than its original. Where a server keeps the time of making when it
    // copies, the one that is most like the Blikk event is taken.
    exchange.sort_by_key(|item| (item.created_at, unlikeness(&waiting, item)));
    let mut pairs = Vec::new();
    for item in exchange {
        let partner = item.marker.as_ref().and_then(|marker| waiting.remove(&marker.blikk));
        pairs.push(strangers(partner, Some(item)));
    }
    pairs.extend(waiting.into_values().map(|event| strangers(Some(event), None)));
    pairs
}

/// In how many fields an item differs from the Blikk event that its marker names.
fn unlikeness(blikk: &BTreeMap<RemoteId, Observed>, item: &Observed) -> usize {
    let named = item.marker.as_ref().and_then(|marker| blikk.get(&marker.blikk));
    match (named.map(|event| &event.content), &item.content) {
        (Some(Ok(event)), Ok(item)) => differences(event, item).len(),
        _ => usize::MAX,
    }
}

fn strangers(blikk: Option<Observed>, exchange: Option<Observed>) -> Pair {
    let now = |observed: Option<Observed>| observed.map_or(Now::Silent, |observed| Now::Here(Box::new(observed)));
    Pair { link: None, blikk: now(blikk), exchange: now(exchange) }
}
