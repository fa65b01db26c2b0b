//! Events that name a counterpart of which nothing was heard.
//!
//! What is new on one side may be the other half of something that the list of the other side does not mention, or not
//! yet. Made once more it would be doubled; so before that, what it names is asked for.

use crate::host::Audience;
use crate::problem::{Problem, Side};
use crate::sync::places::Places;
use crate::sync::port::{Calendar, Observed, StateStore, all_links, read_all};
use crate::sync::pull::{Confirmed, confirm, pull};
use crate::sync::run::World;
use crate::sync::state::{Link, RemoteId, Uid};

/// Where it failed, and how.
type Stop = (Option<Side>, Problem);

/// A Blikk event with a UID was made of an Exchange item. Where no link knows the event, and nothing was heard of the item,
/// it must not be made in Exchange once more: another engine with a state of its own has made it, or this one has lost
/// part of its state, or it was moved a moment ago. So the link is looked for by the UID, what it holds in Blikk is read, and
/// if there is no link Exchange is asked for the UID, and for everything. This is rare, so it may cost something (scenario
/// 11).
pub(super) async fn find_items<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    blikk: &mut Confirmed,
    exchange: &mut Confirmed,
    is_complete: bool,
) -> Result<(), Stop>
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    A: Audience,
{
    let linked = Places::of(blikk.links.iter().map(|link| Some(link.on(Side::Blikk)?.id.as_str())));
    let strangers = blikk.heard.here.iter().filter(|event| linked.get(event.id.as_str()).is_none());
    let uids: Vec<Uid> = strangers.filter_map(|event| event.uid.clone()).collect();
    if uids.is_empty() {
        return Ok(());
    }
    let of_store = |problem| (None, problem);
    let are_among = |uids: &[Uid], link: &Link| link.uid.as_ref().is_some_and(|uid| uids.contains(uid));
    // Of an item that was heard of, the link is there already.
    let heard = Places::of(exchange.heard.here.iter().map(|item| Some(item.uid.as_ref()?.as_str())));
    let here: Vec<Link> = exchange.links.iter().filter(|link| are_among(&uids, link)).cloned().collect();
    let uids: Vec<Uid> = uids.into_iter().filter(|uid| heard.get(uid.as_str()).is_none()).collect();
    let all = if uids.is_empty() { Vec::new() } else { all_links(world.store).await.map_err(of_store)? };
    let found: Vec<Link> = all.into_iter().filter(|link| are_among(&uids, link)).collect();
    let known = Places::of(blikk.ids().map(|id| Some(id.as_str())));
    let holds = here.iter().chain(&found).filter_map(|link| Some(link.blikk.as_ref()?.id.clone()));
    let to_read: Vec<RemoteId> = holds.filter(|id| known.get(id.as_str()).is_none()).collect();
    let readings = read_all(world.blikk, &to_read).await.map_err(|problem| (Some(Side::Blikk), problem))?;
    readings.into_iter().for_each(|reading| blikk.take(reading));
    let found_count = found.len();
    let is_all_found = found_count >= uids.len();
    blikk.links.extend(found);
    if is_all_found {
        return Ok(());
    }
    let on_exchange = |problem| (Some(Side::Exchange), problem);
    let located = world.exchange.locate(&uids).await.map_err(on_exchange)?;
    let is_all_located = located.len() + found_count >= uids.len();
    let heard = Places::of(exchange.ids().map(|id| Some(id.as_str())));
    let located: Vec<Observed> = located.into_iter().filter(|item| heard.get(item.id.as_str()).is_none()).collect();
    let ids: Vec<RemoteId> = located.iter().map(|item| item.id.clone()).collect();
    if !ids.is_empty() {
        exchange.links.extend(world.store.links_of(Side::Exchange, &ids).await.map_err(of_store)?);
    }
    exchange.heard.here.extend(located);
    if !is_all_located && !is_complete {
        let mut all = pull(world.exchange, world.store, None, world.audience).await.map_err(on_exchange)?;
        let more = confirm(world.exchange, world.store, &mut all, exchange).await.map_err(on_exchange)?;
        exchange.extend(more);
    }
    Ok(())
}

/// An item that names a Blikk event of which nothing was heard, and that no link knows: the state was lost, and Blikk's list
/// lags (scenarios 3 and 6). What is not told is asked for, or it would be made once more.
pub(super) async fn find_events<B, X, S, C, R, A>(
    world: &World<'_, B, X, S, C, R, A>,
    blikk: &mut Confirmed,
    exchange: &Confirmed,
) -> Result<(), Stop>
where
    B: Calendar,
    S: StateStore,
{
    let linked = Places::of(exchange.links.iter().map(|link| Some(link.on(Side::Exchange)?.id.as_str())));
    let strangers = exchange.heard.here.iter().filter(|item| linked.get(item.id.as_str()).is_none());
    let known = Places::of(blikk.ids().map(|id| Some(id.as_str())));
    let named = strangers.filter_map(|item| Some(item.marker.as_ref()?.blikk.clone()));
    let mut named: Vec<RemoteId> = named.filter(|id| known.get(id.as_str()).is_none()).collect();
    if named.is_empty() {
        return Ok(());
    }
    let links = world.store.links_of(Side::Blikk, &named).await.map_err(|problem| (None, problem))?;
    let held = Places::of(links.iter().map(|link| Some(link.on(Side::Blikk)?.id.as_str())));
    named.retain(|id| held.get(id.as_str()).is_none());
    named.sort();
    named.dedup();
    let readings = read_all(world.blikk, &named).await.map_err(|problem| (Some(Side::Blikk), problem))?;
    readings.into_iter().for_each(|reading| blikk.take(reading));
    Ok(())
}
