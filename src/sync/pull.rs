//! Step 3 of a run: what changed on a side, confirmed.
//!
//! Three rules stand here. Only what is news is read (our own writes come back with the version we know, scenario 4).
//! A failed page is no answer at all, so it ends the run. And nothing is gone until the server says so of that very
//! event (scenarios 5 and 6): tombstones and absences are confirmed by reading.

use crate::host::{Audience, Progress};
use crate::problem::{Code, Problem, Side};
use crate::sync::pairing::Heard;
use crate::sync::places::Places;
use crate::sync::port::{Calendar, Change, Observed, Reading, StateStore};
use crate::sync::state::{Link, RemoteId, Token, Unsynced, Version};

/// What one side's list of changes said.
pub(super) struct Pulled {
    /// One for each event that was mentioned.
    changes: Vec<Change>,
    /// Where the next run goes on.
    pub next: Token,
    /// The whole calendar was enumerated, not only what changed.
    is_complete: bool,
}

impl Pulled {
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && !self.is_complete
    }
}

/// What a side says now of the events it was asked about.
#[derive(Default)]
pub(super) struct Confirmed {
    pub heard: Heard,
    pub links: Vec<Link>,
    /// The first event that could not be read this time: the tokens must not advance.
    pub unread: Option<Problem>,
}

/// Follows the list of changes to its end. A dead token means: enumerate everything (R10).
pub(super) async fn pull(
    calendar: &impl Calendar,
    since: Option<&Token>,
    audience: &impl Audience,
) -> Result<Pulled, Problem> {
    match follow(calendar, since, audience).await {
        Err(Problem { code: Code::ExchangeTokenDead | Code::BlikkTokenDead, .. }) if since.is_some() => {
            follow(calendar, None, audience).await
        }
        other => other,
    }
}

async fn follow(calendar: &impl Calendar, since: Option<&Token>, audience: &impl Audience) -> Result<Pulled, Problem> {
    let (mut changes, mut places) = (Vec::new(), Places::default());
    let mut at = since.cloned();
    loop {
        if audience.has_cancelled() {
            return Err(Code::RunCancelled.into());
        }
        let page = calendar.changes(at.as_ref()).await?;
        for change in page.changes {
            // Created on one page and updated on the next: the last word counts (R21).
            match places.get(id_of(&change).as_str()) {
                Some(place) => changes[place] = change,
                None => {
                    places.put(id_of(&change).as_str(), changes.len());
                    changes.push(change);
                }
            }
        }
        audience.tell(Progress::Reading { side: calendar.side(), events: changes.len() as u32 });
        if page.more && at.as_ref() == Some(&page.next) {
            return Err(no_end(calendar.side()));
        }
        at = Some(page.next.clone());
        if !page.more {
            return Ok(Pulled { changes, next: page.next, is_complete: since.is_none() });
        }
    }
}

/// A server that promises more and does not move on would hold us for ever.
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

/// Reads what needs reading, and finds the links of everything heard of.
pub(super) async fn confirm(
    calendar: &impl Calendar,
    store: &impl StateStore,
    pulled: &mut Pulled,
) -> Result<Confirmed, Problem> {
    let side = calendar.side();
    let links = find_links(store, side, pulled).await?;
    let known = Places::of(links.iter().map(|link| Some(link.on(side)?.id.as_str())));
    let mut is_mentioned = vec![false; links.len()];
    let mut confirmed = Confirmed::default();
    let mut to_read = Vec::new();
    for change in std::mem::take(&mut pulled.changes) {
        let place = known.get(id_of(&change).as_str());
        if let Some(place) = place {
            is_mentioned[place] = true;
        }
        let is_news = |version: &Version| {
            let remembered = place.and_then(|place| links[place].on(side));
            remembered.is_none_or(|state| state.version != *version)
        };
        match change {
            Change::Touched { id, version } if is_news(&version) => to_read.push(id),
            Change::Seen(observed) if is_news(&observed.version) => confirmed.heard.here.push(*observed),
            Change::Deleted { id } if place.is_some() => to_read.push(id),
            Change::Touched { .. } | Change::Seen(_) | Change::Deleted { .. } => {}
        }
    }
    if pulled.is_complete {
        let missing = links.iter().zip(is_mentioned).filter(|(_, is_mentioned)| !is_mentioned);
        to_read.extend(missing.filter_map(|(link, _)| Some(link.on(side)?.id.clone())));
    }
    let readings = if to_read.is_empty() { Vec::new() } else { calendar.read(&to_read).await? };
    for reading in readings {
        confirmed.take(reading);
    }
    confirmed.links = links;
    Ok(confirmed)
}

async fn find_links(store: &impl StateStore, side: Side, pulled: &Pulled) -> Result<Vec<Link>, Problem> {
    if pulled.is_complete {
        return store.all_links().await;
    }
    let ids: Vec<RemoteId> = pulled.changes.iter().map(|change| id_of(change).clone()).collect();
    if ids.is_empty() { Ok(Vec::new()) } else { store.links_of(side, &ids).await }
}

impl Confirmed {
    pub fn take(&mut self, reading: Reading) {
        match reading {
            Reading::Found(observed) => self.heard.here.push(*observed),
            Reading::Gone(id) => self.heard.gone.push(id),
            Reading::Failed(_, problem) if problem.is_passing() => self.unread = Some(problem),
            // It will never be readable (R11): set it aside by name of its id, and let the others through.
            Reading::Failed(id, problem) => self.heard.here.push(Observed {
                id,
                version: Version::new(""),
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
