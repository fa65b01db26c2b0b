//! Step 3 of a run: what changed on a side, confirmed.
//!
//! Three rules stand here. Only what is news is read (our own writes come back with the version we know, scenario 4).
//! A failed page is no answer at all, so it ends the run. And nothing is gone until the server says so of that very
//! event (scenarios 5 and 6): tombstones and absences are confirmed by reading.
//!
//! # The check
//!
//! Lists of changes keep things quiet: an occurrence that was edited (grommunio), a deletion, a change that a server lost
//! while it was moved. So once a day ([`Head::is_check_due`](super::state::Head::is_check_due)) everything that is there
//! is listed in another way ([`Calendar::list`]) and held against what is remembered, by the same three rules. Only that
//! a list which fails ends nothing: the run goes on without it, and the next one checks.

mod remembered;

use chrono::{DateTime, Utc};

use crate::host::{Audience, Progress};
use crate::problem::{Code, Problem, Side};
use crate::sync::pairing::Heard;
use crate::sync::places::Places;
use crate::sync::port::{Calendar, Change, ChangePage, Marker, Observed, Reading, StateStore, read_all};
use crate::sync::state::{Link, RemoteId, Token, Uid, Unsynced, Version};

use self::remembered::Remembered;

/// How many events are asked about at once, the store for their links and a server for what is missing: what is not
/// needed of the answer is gone before the next one comes.
const AT_ONCE: usize = 1000;

/// What one side's list of changes said.
pub(super) struct Pulled {
    /// One for each event that was mentioned; of a whole enumeration, for each that is not as it is remembered.
    changes: Vec<Change>,
    /// Where the next run goes on.
    pub next: Token,
    /// The whole calendar was enumerated, not only what changed.
    pub is_complete: bool,
    /// What is remembered and was not mentioned, in the state that is remembered. None of an incomplete list: that
    /// says nothing of what it does not mention.
    missing: Vec<(RemoteId, Version)>,
    /// The other side's ids of links that hold nothing on this one: what is new may be theirs.
    waiting: Vec<RemoteId>,
}

impl Pulled {
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && !self.is_complete
    }

    /// Has these read as well, where the list does not mention them; which those are.
    pub fn ask_for(&mut self, ids: &[RemoteId]) -> Vec<RemoteId> {
        if self.is_complete {
            return Vec::new(); // What an enumeration lacks is asked for anyway.
        }
        let mentioned = Places::of(self.changes.iter().map(|change| Some(id_of(change).as_str())));
        let missing: Vec<RemoteId> = ids.iter().filter(|id| mentioned.get(id.as_str()).is_none()).cloned().collect();
        let touched = missing.iter().map(|id| Change::Touched { id: id.clone(), version: Version::unknown() });
        self.changes.extend(touched);
        missing
    }
}

/// What a side says now of the events it was asked about.
#[derive(Default)]
pub(super) struct Confirmed {
    pub heard: Heard,
    /// The links of all that there is news of.
    pub links: Vec<Link>,
    /// The first event that could not be read this time: the tokens must not advance.
    pub unread: Option<Problem>,
    /// Which could not be read this time.
    unread_ids: Vec<RemoteId>,
    /// What the list showed as there, and reading a moment later as gone: deleted, or moved in between; the next list
    /// knows.
    pub vanished: Vec<RemoteId>,
    /// When the youngest was made or changed of what is there and an enumeration said nothing of, if there is such a one: an
    /// enumeration that is older than that has a token that is as old.
    pub untold: Option<DateTime<Utc>>,
}

/// Follows the list of changes to its end. A dead token means: enumerate everything (R10).
pub(super) async fn pull(
    calendar: &impl Calendar,
    store: &impl StateStore,
    since: Option<&Token>,
    audience: &impl Audience,
) -> Result<Pulled, Problem> {
    let page = async |at: Option<&Token>| calendar.changes(at).await.map(Some);
    let side = calendar.side();
    if since.is_some() {
        match follow(side, since, None, audience, page).await {
            Err(Problem { code: Code::ExchangeTokenDead | Code::BlikkTokenDead, .. }) => {}
            pulled => return pulled?.ok_or_else(|| no_end(side)),
        }
    }
    let remembered = Remembered::on(side, store.index().await?);
    follow(side, None, Some(remembered), audience, page).await?.ok_or_else(|| no_end(side))
}

/// Follows a list to its end; `None` where there is none. What it says of what is `remembered` just so is not kept.
async fn follow(
    side: Side,
    since: Option<&Token>,
    mut remembered: Option<Remembered>,
    audience: &impl Audience,
    page_at: impl AsyncFn(Option<&Token>) -> Result<Option<ChangePage>, Problem>,
) -> Result<Option<Pulled>, Problem> {
    let (mut changes, mut places, mut told) = (Vec::new(), Places::default(), 0);
    let (mut at, mut passed) = (since.cloned(), Places::default());
    loop {
        if audience.has_cancelled() {
            return Err(Code::RunCancelled.into());
        }
        let Some(page) = page_at(at.as_ref()).await? else { return Ok(None) };
        told += page.changes.len();
        for change in page.changes {
            let is_remembered = remembered.as_mut().is_some_and(|remembered| remembered.hears(&change));
            // Created on one page and updated on the next: the last word counts (R21).
            match places.get(id_of(&change).as_str()) {
                Some(place) => changes[place] = last_word(&changes[place], change),
                None if is_remembered => {}
                None => {
                    places.put(id_of(&change).as_str(), changes.len());
                    changes.push(change);
                }
            }
        }
        audience.tell(Progress::Reading { side, events: told as u32 });
        // A list that comes to where it was before would hold us for ever, or have us go on from a place in the past.
        // Only that the last page may end where it began.
        let stands_still = at.as_ref() == Some(&page.next);
        if let Some(at) = &at {
            passed.put(at.as_str(), 0);
        }
        if passed.get(page.next.as_str()).is_some() && (page.more || !stands_still) {
            return Err(no_end(side));
        }
        if !page.more {
            let (missing, waiting) = remembered.map(Remembered::missing).unwrap_or_default();
            return Ok(Some(Pulled { changes, next: page.next, is_complete: since.is_none(), missing, waiting }));
        }
        at = Some(page.next);
    }
}

/// What was shown and then called deleted is read: unknown as it is, nobody would ask about it ever again.
fn last_word(before: &Change, change: Change) -> Change {
    match change {
        Change::Deleted { id } if !matches!(before, Change::Deleted { .. }) => {
            Change::Touched { id, version: Version::unknown() }
        }
        change => change,
    }
}

fn no_end(side: Side) -> Problem {
    let code = if side == Side::Blikk { Code::BlikkNotUnderstood } else { Code::ExchangeFailed };
    Problem::new(code).said("the list of changes does not move on")
}

fn id_of(change: &Change) -> &RemoteId {
    match change {
        Change::Touched { id, .. } | Change::Deleted { id } => id,
        Change::Seen(observed) => &observed.id,
    }
}

/// Whether a side that names this version tells anything new of an event that is remembered so.
fn is_news(version: &Version, remembered: Option<&Version>) -> bool {
    version.is_unknown() || remembered != Some(version)
}

/// Reads what needs reading, and finds the links of everything that there is news of. What is known `already` is not
/// asked about again.
pub(super) async fn confirm(
    calendar: &impl Calendar,
    store: &impl StateStore,
    pulled: &mut Pulled,
    already: &Confirmed,
) -> Result<Confirmed, Problem> {
    let done = Places::of(already.ids().map(|id| Some(id.as_str())));
    let is_done = |id: &RemoteId| done.get(id.as_str()).is_some();
    let mut confirmed = Confirmed::default();
    let mut to_read = ToRead::default();
    let mut changes = std::mem::take(&mut pulled.changes).into_iter();
    loop {
        let some: Vec<Change> = changes.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            break;
        }
        let some = some.into_iter().filter(|change| !is_done(id_of(change))).collect();
        sift(store, calendar.side(), some, &mut confirmed, &mut to_read).await?;
    }
    let shown = Places::of(to_read.shown.iter().map(|id| Some(id.as_str())));
    for reading in read_all(calendar, &to_read.ids).await? {
        match reading {
            Reading::Gone(id) if shown.get(id.as_str()).is_some() => confirmed.vanished.push(id),
            reading => confirmed.take(reading),
        }
    }
    pulled.missing.retain(|(id, _)| !is_done(id));
    look_for(calendar, store, &std::mem::take(&mut pulled.missing), &mut confirmed).await?;
    for ids in pulled.waiting.chunks(AT_ONCE) {
        confirmed.links.extend(store.links_of(calendar.side().other(), ids).await?);
    }
    confirmed.let_the_moved_wait(calendar.side());
    read_what_was_replaced(calendar, store, &mut confirmed).await?;
    Ok(confirmed)
}

/// What only reading can tell.
#[derive(Default)]
struct ToRead {
    ids: Vec<RemoteId>,
    /// Those among them that the list says are there.
    shown: Vec<RemoteId>,
}

/// Of these changes, puts what is news into `confirmed`, with its links, and what only reading can tell into `to_read`.
async fn sift(
    store: &impl StateStore,
    side: Side,
    changes: Vec<Change>,
    confirmed: &mut Confirmed,
    to_read: &mut ToRead,
) -> Result<(), Problem> {
    let ids: Vec<RemoteId> = changes.iter().map(|change| id_of(change).clone()).collect();
    let links = store.links_of(side, &ids).await?;
    let known = Places::of(links.iter().map(|link| Some(link.on(side)?.id.as_str())));
    // What is new on the other side may be the other half of one that lacks it.
    let mut is_needed: Vec<bool> = links.iter().map(|link| link.on(side.other()).is_none()).collect();
    for change in changes {
        let place = known.get(id_of(&change).as_str());
        let remembered = place.and_then(|place| Some(&links[place].on(side)?.version));
        let is_told = match change {
            Change::Touched { id, version } if is_news(&version, remembered) => {
                if !version.is_unknown() {
                    to_read.shown.push(id.clone());
                }
                to_read.ids.push(id);
                true
            }
            Change::Seen(observed) if is_news(&observed.version, remembered) => {
                confirmed.heard.here.push(*observed);
                true
            }
            Change::Deleted { id } if place.is_some() => {
                to_read.ids.push(id);
                true
            }
            Change::Touched { .. } | Change::Seen(_) | Change::Deleted { .. } => false,
        };
        if let Some(place) = place {
            is_needed[place] |= is_told;
        }
    }
    confirmed.links.extend(links.into_iter().zip(is_needed).filter_map(|(link, is_needed)| is_needed.then_some(link)));
    Ok(())
}

/// Asks for what a whole enumeration did not mention. What is there and as it is remembered was kept quiet about, and
/// that is all.
async fn look_for(
    calendar: &impl Calendar,
    store: &impl StateStore,
    missing: &[(RemoteId, Version)],
    confirmed: &mut Confirmed,
) -> Result<(), Problem> {
    for some in missing.chunks(AT_ONCE) {
        let ids: Vec<RemoteId> = some.iter().map(|(id, _)| id.clone()).collect();
        let mut told = Vec::new();
        for (reading, (id, version)) in read_all(calendar, &ids).await?.into_iter().zip(some) {
            if let Reading::Found(now) = &reading {
                let touched_at = now.created_at.max(now.changed_at).unwrap_or(DateTime::<Utc>::MAX_UTC);
                confirmed.untold = confirmed.untold.max(Some(touched_at));
            }
            let is_as_it_was = matches!(&reading, Reading::Found(now) if !is_news(&now.version, Some(version)));
            if !is_as_it_was {
                told.push(id.clone());
                confirmed.take(reading);
            }
        }
        if !told.is_empty() {
            confirmed.links.extend(store.links_of(calendar.side(), &told).await?);
        }
    }
    Ok(())
}

/// An item that we made in the place of one that was gone, and whose row we could not write any more, names a Blikk
/// event whose row still knows the old item. Unless the server has told, it is asked whether that one is gone, before
/// the new one is taken for a copy (scenarios 1 and 8).
async fn read_what_was_replaced(
    calendar: &impl Calendar,
    store: &impl StateStore,
    confirmed: &mut Confirmed,
) -> Result<(), Problem> {
    let side = calendar.side();
    let linked = Places::of(confirmed.links.iter().map(|link| Some(link.on(side)?.id.as_str())));
    let strangers = confirmed.heard.here.iter().filter(|item| linked.get(item.id.as_str()).is_none());
    let strangers: Vec<&Observed> = strangers.filter(|item| item.marker.is_some()).collect();
    let uids: Vec<Option<Uid>> = strangers.iter().map(|item| item.uid.clone()).collect();
    let markers: Vec<Marker> = strangers.iter().filter_map(|item| item.marker.clone()).collect();
    if markers.is_empty() {
        return Ok(());
    }
    let named: Vec<RemoteId> = markers.iter().map(|marker| marker.blikk.clone()).collect();
    let mut links = store.links_of(Side::Blikk, &named).await?;
    let names = |link: &Link, marker: &Marker| link.blikk.as_ref().is_some_and(|state| state.id == marker.blikk);
    // A copy has a UID of its own; with the link's, it is the item itself, moved out of the calendar and back.
    let is_itself = |link: &Link| link.uid.is_some() && uids.contains(&link.uid);
    links.retain(|link| is_itself(link) || markers.iter().any(|marker| names(link, marker)));
    let heard = Places::of(confirmed.ids().map(|id| Some(id.as_str())));
    let remembered = links.iter().filter_map(|link| Some(link.on(side)?.id.clone()));
    let to_read: Vec<RemoteId> = remembered.filter(|id| heard.get(id.as_str()).is_none()).collect();
    let readings = read_all(calendar, &to_read).await?;
    for reading in readings {
        if let Reading::Failed(id, _) = &reading {
            // As long as nobody knows, the new one has to wait.
            let doubtful = links.iter().filter(|link| link.on(side).is_some_and(|state| state.id == *id));
            for link in doubtful {
                let is_its = |item: &Observed| item.marker.as_ref().is_some_and(|marker| names(link, marker));
                let is_itself = |item: &Observed| item.uid.is_some() && item.uid == link.uid && item.id != *id;
                confirmed.heard.here.retain(|item| !is_its(item) && !is_itself(item));
            }
        }
        confirmed.take(reading);
    }
    confirmed.links.extend(links);
    Ok(())
}

/// Holds all that is there against what is remembered, and adds what it finds to `confirmed`. Whether it came to its
/// end.
///
/// # Errors
/// Only the person's wish to stop. What else goes wrong leaves `confirmed` as it was.
pub(super) async fn check(
    calendar: &impl Calendar,
    store: &impl StateStore,
    audience: &impl Audience,
    confirmed: &mut Confirmed,
) -> Result<bool, Problem> {
    let page = async |at: Option<&Token>| calendar.list(at).await;
    let listed = match store.index().await.map(|index| Remembered::on(calendar.side(), index)) {
        Ok(remembered) => follow(calendar.side(), None, Some(remembered), audience, page).await,
        Err(problem) => Err(problem),
    };
    let found = match listed {
        Ok(Some(mut listed)) => confirm(calendar, store, &mut listed, confirmed).await,
        Ok(None) => return Ok(false),
        Err(problem) => Err(problem),
    };
    match found {
        Ok(found) => {
            // What could not be read for the check's sake is read by the next one, and keeps nothing else waiting.
            let is_whole = found.unread.is_none();
            confirmed.extend(found);
            Ok(is_whole)
        }
        Err(problem) if problem.code == Code::RunCancelled => Err(problem),
        Err(_) => Ok(false),
    }
}

impl Confirmed {
    pub fn is_empty(&self) -> bool {
        self.ids().next().is_none()
    }

    /// Whether something could not be read, or was in another place when it was to be read, that no link knows: it may be
    /// the counterpart of anything.
    pub fn has_doubtful_strangers(&self, side: Side, vanished: &[RemoteId]) -> bool {
        let known = Places::of(self.links.iter().map(|link| Some(link.on(side)?.id.as_str())));
        self.unread_ids.iter().chain(vanished).any(|id| known.get(id.as_str()).is_none())
    }

    /// While something could not be read, nobody knows which of those that carry one marker is the oldest.
    pub fn let_the_marked_wait(&mut self) {
        let linked = Places::of(self.links.iter().map(|link| Some(link.on(Side::Exchange)?.id.as_str())));
        self.heard.here.retain(|item| item.marker.is_none() || linked.get(item.id.as_str()).is_some());
    }

    /// Of a linked event nobody could say whether it is gone, and something new has its UID: perhaps it was moved, perhaps
    /// there are two of them. As long as nobody knows, the new one is not heard of.
    fn let_the_moved_wait(&mut self, side: Side) {
        let unread = Places::of(self.unread_ids.iter().map(|id| Some(id.as_str())));
        let is_unread = |link: &&Link| link.on(side).is_some_and(|state| unread.get(state.id.as_str()).is_some());
        let doubtful = Places::of(self.links.iter().filter(is_unread).map(|link| Some(link.uid.as_ref()?.as_str())));
        let linked = Places::of(self.links.iter().map(|link| Some(link.on(side)?.id.as_str())));
        let may_be_moved = |item: &Observed| item.uid.as_ref().is_some_and(|uid| doubtful.get(uid.as_str()).is_some());
        self.heard.here.retain(|item| linked.get(item.id.as_str()).is_some() || !may_be_moved(item));
    }

    /// Adds what was found out later.
    pub fn extend(&mut self, found: Confirmed) {
        self.heard.here.extend(found.heard.here);
        self.heard.gone.extend(found.heard.gone);
        self.vanished.extend(found.vanished);
        self.links.extend(found.links);
    }

    pub fn ids(&self) -> impl Iterator<Item = &RemoteId> {
        self.heard.here.iter().map(|observed| &observed.id).chain(&self.heard.gone)
    }

    pub fn take(&mut self, reading: Reading) {
        match reading {
            Reading::Found(observed) => self.heard.here.push(*observed),
            Reading::Gone(id) => self.heard.gone.push(id),
            Reading::Failed(id, problem) if problem.is_passing() => {
                self.unread = Some(problem);
                self.unread_ids.push(id);
            }
            // It will never be readable (R11): set it aside by name of its id, and let the others through.
            Reading::Failed(id, problem) => self.heard.here.push(Observed {
                id,
                version: Version::unknown(),
                uid: None,
                marker: None,
                created_at: None,
                changed_at: None,
                is_unfinished: false,
                content: Err(Unsynced { problem, title: String::new(), start: None }),
            }),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "pull_tests.rs"]
mod tests;
