//! The lists that a calendar gives: what changed, and all that is there.

use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::port::{Change, ChangePage};
use blikk_calendar_sync::sync::state::{RemoteId, Token, Version};

use super::{Held, MemoryCalendar, Tombstone};

/// What ails one answer of a list.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ailment {
    /// It is as old as so many changes ago.
    pub late: u64,
    /// It calls an event deleted that is there.
    pub slanders: bool,
    pub is_short: bool,
}

impl MemoryCalendar {
    /// What there is, from a place on. Of a series nobody can tell whether one of its occurrences was edited.
    pub(super) fn listing(&self, from: usize, ailment: Ailment) -> ChangePage {
        let (held, hidden) = (self.held.borrow(), self.hidden.borrow());
        let until = self.sequence.get().saturating_sub(ailment.late);
        let touched = |(id, held): (&RemoteId, &Held)| {
            let is_series = held.observed.content.as_ref().is_ok_and(|event| event.series.is_some());
            let version = if is_series { Version::unknown() } else { held.observed.version.clone() };
            Change::Touched { id: id.clone(), version }
        };
        let is_shown = |(id, held): &(&RemoteId, &Held)| !hidden.contains(*id) && held.created <= until;
        let shown: Vec<_> = held.iter().filter(is_shown).collect();
        let changes: Vec<Change> =
            shown.iter().copied().skip(from).take(self.page_size(ailment)).map(touched).collect();
        let next = from + changes.len();
        ChangePage { more: next < shown.len(), changes, next: Token::new(next.to_string()) }
    }

    pub(super) fn page(&self, since: Option<u64>, ailment: Ailment) -> ChangePage {
        // A late list is what the server would have said then, and its token is as old: nothing is passed over.
        // With the state lost, or never shared, an item that Exchange's list lacks is known to nobody: what we made of a Blikk
        // event in it names the event, but nothing in Blikk names the item.
        let knows_no_base = self.surroundings.as_ref().is_some_and(|all| all.witness.rules().knows_no_base);
        let late = if knows_no_base && self.side == Side::Exchange { 0 } else { ailment.late };
        let until = self.sequence.get().saturating_sub(late).max(since.unwrap_or_default());
        let mut changes: Vec<(u64, Change)> = Vec::new();
        let is_told = |held: &&Held| held.changed > since.unwrap_or(0) && held.changed <= until;
        let (held, hidden) = (self.held.borrow(), self.hidden.borrow());
        for (id, held) in held.iter().filter(|(id, held)| is_told(held) && !hidden.contains(*id)) {
            let change = match self.side {
                Side::Blikk => Change::Seen(Box::new(held.observed.clone())),
                Side::Exchange => Change::Touched { id: id.clone(), version: held.observed.version.clone() },
            };
            changes.push((held.changed, change));
        }
        let deleted = self.deleted.borrow();
        // As Exchange does it: what was created and deleted after the token is never told.
        let is_told = |tombstone: &Tombstone| {
            since.is_some_and(|since| tombstone.created <= since && tombstone.deleted > since)
                && tombstone.deleted <= until
        };
        let tombstones = deleted.iter().filter(|(_, tombstone)| is_told(tombstone));
        changes.extend(tombstones.map(|(id, tombstone)| (tombstone.deleted, Change::Deleted { id: id.clone() })));
        let slandered = self.slandered.borrow();
        let is_told = |id: &RemoteId| {
            changes.iter().any(|(_, change)| {
                matches!(change, Change::Touched { id: told, .. } if told == id)
                    || matches!(change, Change::Seen(seen) if seen.id == *id)
            })
        };
        let victim = held.keys().nth(self.calls.get() as usize % held.len().max(1));
        let victim = victim.filter(|id| ailment.slanders && !self.goes_on.get() && !is_told(id)).cloned();
        changes.extend(slandered.iter().chain(&victim).map(|id| (until, Change::Deleted { id: id.clone() })));
        changes.sort_by_key(|(at, _)| *at);
        let more = changes.len() > self.page_size(ailment);
        self.goes_on.set(more);
        changes.truncate(self.page_size(ailment));
        let next = if more { changes[changes.len() - 1].0 } else { until };
        // Changes up to `next` are told; the token itself is as young as this answer.
        let next = Token::new(format!("{next} {}", self.sequence.get()));
        ChangePage { changes: changes.into_iter().map(|(_, change)| change).collect(), next, more }
    }

    fn page_size(&self, ailment: Ailment) -> usize {
        if ailment.is_short { 1 } else { self.temper.get().page_size }
    }
}

/// Since when, and when the token was given.
pub(super) fn parts(token: &Token) -> Option<(u64, u64)> {
    let (since, issued) = token.as_str().split_once(' ')?;
    Some((since.parse().ok()?, issued.parse().ok()?))
}
