//! Items that were moved out of the calendar and back (scenario 16): under another id, with the UID that they had.
//!
//! A list of changes says of such an item that the old one is gone and that there is a new one; but it may say only the
//! half of it so far, or, of an item that was made and moved since the list before, never that the old one is gone. So
//! before anything is decided of an item that reads gone, the server is asked what it has under its UID.

use crate::problem::{Code, Problem, Side};
use crate::sync::pairing::attach;
use crate::sync::places::Places;
use crate::sync::plan::{Now, Pair};
use crate::sync::port::{Calendar, Observed, Reading, StateStore, read_all};
use crate::sync::pull::Confirmed;
use crate::sync::state::{Link, LinkState, RemoteId, Uid};

/// Where it failed, and how.
type Stop = (Option<Side>, Problem);

/// Adds to what was heard of Exchange what its list did not tell of moved items. `blikk`: what was heard
/// there.
///
/// # Errors
/// The calendar's, and the store's.
pub(super) async fn follow_the_moved(
    exchange: &impl Calendar,
    store: &impl StateStore,
    confirmed: &mut Confirmed,
    blikk: &Confirmed,
) -> Result<(), Stop> {
    read_twice(exchange, confirmed, blikk).await.map_err(on_exchange)?;
    let here = Places::of(confirmed.heard.here.iter().map(|item| Some(item.uid.as_ref()?.as_str())));
    let gone = Places::of(confirmed.heard.gone.iter().chain(&confirmed.vanished).map(|id| Some(id.as_str())));
    let is_gone = |link: &&Link| link.exchange.as_ref().is_some_and(|item| gone.get(item.id.as_str()).is_some());
    let uids = confirmed.links.iter().filter(is_gone).filter_map(|link| link.uid.clone());
    let uids: Vec<Uid> = uids.filter(|uid| here.get(uid.as_str()).is_none()).collect();
    let Located { items, waiting } = locate(exchange, store, &uids).await?;
    let heard = Places::of(confirmed.ids().map(|id| Some(id.as_str())));
    let items: Vec<Observed> = items.into_iter().filter(|item| heard.get(item.id.as_str()).is_none()).collect();
    let located = Places::of(items.iter().map(|item| Some(item.uid.as_ref()?.as_str())));
    // Nobody needs to wait for what the next list says of these.
    let is_located = |link: &Link| link.uid.as_ref().is_some_and(|uid| located.get(uid.as_str()).is_some());
    let moved = Places::of(confirmed.links.iter().filter(|link| is_located(link)).map(exchange_id));
    let (moved, vanished) =
        std::mem::take(&mut confirmed.vanished).into_iter().partition(|id| moved.get(id.as_str()).is_some());
    confirmed.vanished = vanished;
    let moved: Vec<RemoteId> = moved;
    confirmed.heard.gone.extend(moved);
    confirmed.heard.here.extend(items);
    confirmed.links.extend(waiting);
    Ok(())
}

/// As [`follow_the_moved`], for pairs of which both sides were just read.
///
/// # Errors
/// The calendar's, and the store's.
pub(super) async fn follow_pairs(
    exchange: &impl Calendar,
    store: &impl StateStore,
    pairs: &mut [Pair],
) -> Result<(), Stop> {
    let uid_of = |pair: &Pair| pair.link.as_ref().filter(|_| pair.exchange == Now::Gone)?.uid.clone();
    let uids: Vec<Uid> = pairs.iter().filter_map(uid_of).collect();
    for item in locate(exchange, store, &uids).await?.items {
        if let Some(pair) = pairs.iter_mut().find(|pair| uid_of(pair).is_some() && uid_of(pair) == item.uid) {
            attach(pair, Side::Exchange, item);
        }
    }
    Ok(())
}

/// What is there under some UIDs.
struct Located {
    /// Those that no link holds, or only one that waits for its UID.
    items: Vec<Observed>,
    /// The links that wait.
    waiting: Vec<Link>,
}

async fn locate(exchange: &impl Calendar, store: &impl StateStore, uids: &[Uid]) -> Result<Located, Stop> {
    if uids.is_empty() {
        return Ok(Located { items: Vec::new(), waiting: Vec::new() });
    }
    let mut items = exchange.locate(uids).await.map_err(on_exchange)?;
    let ids: Vec<RemoteId> = items.iter().map(|item| item.id.clone()).collect();
    let links = if ids.is_empty() { Ok(Vec::new()) } else { store.links_of(Side::Exchange, &ids).await };
    let links = links.map_err(|problem| (None, problem))?;
    let (waiting, holding): (Vec<Link>, Vec<Link>) = links.into_iter().partition(waits_for_its_uid);
    let held = Places::of(holding.iter().map(exchange_id));
    items.retain(|item| held.get(item.id.as_str()).is_none());
    Ok(Located { items, waiting })
}

/// It was set aside because another event had its UID: a second item, or the same one moved before anybody knew.
pub(super) fn waits_for_its_uid(link: &Link) -> bool {
    let is_duplicate = |code| code == Code::EventDuplicateUid;
    let reason = if let LinkState::SetAside { reason, .. } = &link.state { Some(reason.problem.code) } else { None };
    link.blikk.is_none() && reason.is_some_and(is_duplicate)
}

fn exchange_id(link: &Link) -> Option<&str> {
    Some(link.exchange.as_ref()?.id.as_str())
}

/// Two items with one UID, of which one was read before the other, or remembered, may be one that was moved in between; or
/// another engine made one in the place of the other, and marked it with a Blikk event that has the UID.
async fn read_twice(exchange: &impl Calendar, confirmed: &mut Confirmed, blikk: &Confirmed) -> Result<(), Problem> {
    let (mut seen, mut twice) = (Places::default(), Places::default());
    for (place, item) in confirmed.heard.here.iter().enumerate() {
        let Some(uid) = &item.uid else { continue };
        if seen.put(uid.as_str(), place).is_some() {
            twice.put(uid.as_str(), place);
        }
    }
    let named = confirmed.heard.here.iter().map(|item| Some(item.marker.as_ref()?.blikk.as_str()));
    let named = Places::of(named);
    for event in blikk.heard.here.iter().filter(|event| named.get(event.id.as_str()).is_some()) {
        if let Some(uid) = &event.uid {
            seen.put(uid.as_str(), 0);
        }
    }
    let is_twice = |item: &&Observed| item.uid.as_ref().is_some_and(|uid| twice.get(uid.as_str()).is_some());
    let here = confirmed.heard.here.iter().filter(is_twice).map(|item| item.id.clone());
    let heard = Places::of(confirmed.ids().map(|id| Some(id.as_str())));
    let is_seen = |link: &&Link| link.uid.as_ref().is_some_and(|uid| seen.get(uid.as_str()).is_some());
    let remembered = confirmed.links.iter().chain(&blikk.links).filter(is_seen);
    let remembered = remembered.filter_map(|link| Some(link.exchange.as_ref()?.id.clone()));
    let unheard = remembered.filter(|id| heard.get(id.as_str()).is_none());
    let ids: Vec<RemoteId> = here.chain(unheard).collect();
    for reading in read_all(exchange, &ids).await? {
        if let Reading::Gone(id) = reading {
            confirmed.heard.here.retain(|item| item.id != id);
            confirmed.heard.gone.push(id);
        }
    }
    Ok(())
}

fn on_exchange(problem: Problem) -> Stop {
    (Some(Side::Exchange), problem)
}
