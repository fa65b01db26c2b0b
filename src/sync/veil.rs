//! Private events: what they are about stays in Exchange (scenario 23).
//!
//! The engine is shown what may be shown and nothing else, so what it does not know it cannot leak: not into Blikk, the
//! state, the history, a log or a report.

use std::collections::BTreeMap;

use crate::event::{Changes, Event, Exception, Importance, OriginalDate, Sensitivity};
use crate::problem::{Code, Problem, Side};
use crate::sync::merge::{Field, Fields, carried};
use crate::sync::options::{Options, PrivateEvents};
use crate::sync::port::{Calendar, Change, ChangePage, Draft, Observed, Reading, Removal, Revision, read_all, whole};
use crate::sync::state::{RemoteId, Token, Uid};

/// Whether what this Exchange event is about stays in Exchange.
pub fn hides(options: &Options, event: &Event) -> bool {
    options.private_events != PrivateEvents::AsTheyAre && event.sensitivity != Sensitivity::Normal
}

/// As much of what was observed in Exchange as the person wants shown.
#[must_use]
pub fn veil(observed: Observed, options: &Options) -> Observed {
    let content = match observed.content {
        Ok(event) => Ok(cover(event, options)),
        // Nobody could read whether it is private.
        Err(mut reason) if options.private_events != PrivateEvents::AsTheyAre => {
            reason.title = busy_title(options);
            Err(reason)
        }
        Err(reason) => Err(reason),
    };
    Observed { content, ..observed }
}

/// What may be shown of an event: of a private one, when somebody is busy; of a series, also if only one of its
/// occurrences is private.
#[must_use]
pub fn cover(mut event: Event, options: &Options) -> Event {
    let is_hidden = hides(options, &event);
    if is_hidden {
        event.title = busy_title(options);
        event.body.clear();
        event.place.clear();
        event.categories.clear();
        event.importance = Importance::default();
        event.reminder = None;
        event.meeting = None;
        event.attachments.clear();
    }
    if let Some(series) = event.series.as_mut().filter(|_| options.private_events != PrivateEvents::AsTheyAre) {
        series.exceptions.retain(|_, exception| match exception {
            Exception::Cancelled => true,
            Exception::Changed(changes) => {
                if is_hidden {
                    **changes = shape_of(changes);
                } else if is_private(changes) {
                    **changes = Changes {
                        title: Some(busy_title(options)),
                        body: Some(String::new()),
                        place: Some(String::new()),
                        sensitivity: changes.sensitivity,
                        ..shape_of(changes)
                    };
                }
                !changes.is_empty()
            }
        });
    }
    event
}

fn busy_title(options: &Options) -> String {
    options.busy_title.trim().to_owned()
}

/// An occurrence that is private by itself, in a series that need not be.
fn is_private(changes: &Changes) -> bool {
    changes.sensitivity.is_some_and(|sensitivity| sensitivity != Sensitivity::Normal)
}

/// When it takes place.
fn shape_of(changes: &Changes) -> Changes {
    Changes { when: changes.when.clone(), free_busy: changes.free_busy, ..Changes::default() }
}

/// The reverse, where the words are known from elsewhere: what `covered` shows, with the words of `words`.
#[must_use]
pub(super) fn uncover(covered: Event, words: &Event) -> Event {
    let mut event = Event {
        when: covered.when,
        free_busy: covered.free_busy,
        sensitivity: covered.sensitivity,
        series: covered.series,
        ..words.clone()
    };
    let spoken = words.series.as_ref().map(|series| &series.exceptions);
    if let (Some(series), Some(spoken)) = (&mut event.series, spoken) {
        let shown = std::mem::take(&mut series.exceptions);
        series.exceptions = with_words(shown, spoken);
    }
    event
}

fn with_words(
    shown: BTreeMap<OriginalDate, Exception>,
    spoken: &BTreeMap<OriginalDate, Exception>,
) -> BTreeMap<OriginalDate, Exception> {
    let mut all = BTreeMap::new();
    for (date, exception) in &shown {
        if let Some(exception) = carried(exception, spoken.get(date), Fields::default(), true) {
            all.insert(*date, exception);
        }
    }
    // Of an occurrence that departs in its words alone, nothing shows.
    for (date, exception) in spoken.iter().filter(|(date, _)| !shown.contains_key(date)) {
        if let Exception::Changed(changes) = exception
            && shape_of(changes).is_empty()
        {
            all.insert(*date, exception.clone());
        }
    }
    all
}

/// What Exchange shall hold: the item as it really is, with the changes that lead from `before` to `after`, the two as
/// we were shown them. What we were not shown is not written over.
fn regraft(real: &Event, before: &Event, after: &Event, options: &Options) -> Event {
    let mut event = real.clone();
    for field in Field::ALL {
        match field {
            _ if field.agrees(before, after) => {}
            Field::Categories => {
                event.categories.retain(|name| !before.categories.contains(name) || after.categories.contains(name));
                event.categories.extend(after.categories.iter().cloned());
            }
            Field::Exceptions => regraft_exceptions(&mut event, before, after, options),
            field => field.copy(after, &mut event),
        }
    }
    event
}

fn regraft_exceptions(event: &mut Event, before: &Event, after: &Event, options: &Options) {
    let is_hidden = hides(options, event);
    let (Some(series), Some(wanted)) = (&mut event.series, &after.series) else { return };
    let was = before.series.as_ref().map(|series| &series.exceptions);
    let real = std::mem::take(&mut series.exceptions);
    for date in real.keys().chain(wanted.exceptions.keys()) {
        let (shown, new) = (was.and_then(|was| was.get(date)), wanted.exceptions.get(date));
        let exception = match (real.get(date), new) {
            (real, new) if new == shown => real.cloned(),
            (Some(Exception::Changed(real)), Some(Exception::Changed(new))) => {
                let shown = match shown {
                    Some(Exception::Changed(shown)) => (**shown).clone(),
                    _ => Changes::default(),
                };
                let is_kept = !is_hidden && is_private(real);
                Some(Exception::Changed(Box::new(regrafted(real, &shown, new, is_kept))))
            }
            (_, new) => new.cloned(),
        };
        if let Some(exception) = exception {
            series.exceptions.insert(*date, exception);
        }
    }
}

/// `keeps_words`: of an occurrence that is private by itself, only when it takes place is ours to say.
fn regrafted(real: &Changes, shown: &Changes, new: &Changes, keeps_words: bool) -> Changes {
    fn chosen<T: Clone + PartialEq>(real: &T, shown: &T, new: &T) -> T {
        if shown == new { real.clone() } else { new.clone() }
    }
    let (when, free_busy) =
        (chosen(&real.when, &shown.when, &new.when), chosen(&real.free_busy, &shown.free_busy, &new.free_busy));
    if keeps_words {
        return Changes { when, free_busy, ..real.clone() };
    }
    Changes {
        title: chosen(&real.title, &shown.title, &new.title),
        body: chosen(&real.body, &shown.body, &new.body),
        place: chosen(&real.place, &shown.place, &new.place),
        when,
        free_busy,
        sensitivity: chosen(&real.sensitivity, &shown.sensitivity, &new.sensitivity),
        importance: chosen(&real.importance, &shown.importance, &new.importance),
        reminder: chosen(&real.reminder, &shown.reminder, &new.reminder),
        categories: chosen(&real.categories, &shown.categories, &new.categories),
    }
}

/// Exchange, as much of it as the person wants the engine to see.
#[derive(Clone, Copy, Debug)]
pub struct Veiled<'a, C> {
    exchange: &'a C,
    options: &'a Options,
}

impl<'a, C: Calendar> Veiled<'a, C> {
    pub fn new(exchange: &'a C, options: &'a Options) -> Self {
        Veiled { exchange, options }
    }

    fn veil(&self, observed: Observed) -> Observed {
        veil(observed, self.options)
    }

    fn veil_page(&self, page: ChangePage) -> ChangePage {
        let changes = page.changes.into_iter().map(|change| match change {
            Change::Seen(observed) => Change::Seen(Box::new(self.veil(*observed))),
            told => told,
        });
        ChangePage { changes: changes.collect(), ..page }
    }

    /// Whether the item may hold more than we were shown.
    fn is_covered(&self, shown: &Event) -> bool {
        let exceptions = shown.series.iter().flat_map(|series| series.exceptions.values());
        let mut changed = exceptions.filter_map(|exception| match exception {
            Exception::Changed(changes) => Some(changes),
            Exception::Cancelled => None,
        });
        let has_option = self.options.private_events != PrivateEvents::AsTheyAre;
        hides(self.options, shown) || (has_option && changed.any(|changes| is_private(changes)))
    }

    /// The revisions as Exchange must be told them. It is asked for what we were not shown; where it does not answer,
    /// nothing may be written.
    async fn uncovered(&self, revisions: &[Revision]) -> Result<Vec<Result<Revision, Problem>>, Problem> {
        let is_covered = |revision: &&Revision| self.is_covered(&revision.before);
        let ids: Vec<RemoteId> = revisions.iter().filter(is_covered).map(|revision| revision.id.clone()).collect();
        let mut readings = read_all(self.exchange, &ids).await?.into_iter();
        let uncovered = |revision: &Revision| {
            if !self.is_covered(&revision.before) {
                return Ok(revision.clone());
            }
            let real = match readings.next() {
                Some(Reading::Found(found)) => found.content.map_err(|reason| reason.problem)?,
                Some(Reading::Failed(_, problem)) => return Err(problem),
                Some(Reading::Gone(_)) => return Err(Code::ExchangeItemGone.into()),
                None => return Err(Code::Internal.into()), // One for each, says `read_all`.
            };
            let after = regraft(&real, &revision.before, &revision.after, self.options);
            Ok(Revision { before: real, after, ..revision.clone() })
        };
        Ok(revisions.iter().map(uncovered).collect())
    }
}

impl<C: Calendar> Calendar for Veiled<'_, C> {
    fn side(&self) -> Side {
        self.exchange.side()
    }

    async fn changes(&self, since: Option<&Token>) -> Result<ChangePage, Problem> {
        Ok(self.veil_page(self.exchange.changes(since).await?))
    }

    async fn list(&self, page: Option<&Token>) -> Result<Option<ChangePage>, Problem> {
        Ok(self.exchange.list(page).await?.map(|page| self.veil_page(page)))
    }

    async fn read(&self, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        let veil = |reading| match reading {
            Reading::Found(observed) => Reading::Found(Box::new(self.veil(*observed))),
            other => other,
        };
        Ok(self.exchange.read(ids).await?.into_iter().map(veil).collect())
    }

    async fn find(&self, drafts: &[Draft]) -> Result<Vec<Option<Observed>>, Problem> {
        let found = self.exchange.find(drafts).await?;
        Ok(found.into_iter().map(|one| one.map(|observed| self.veil(observed))).collect())
    }

    async fn locate(&self, uids: &[Uid]) -> Result<Vec<Observed>, Problem> {
        Ok(self.exchange.locate(uids).await?.into_iter().map(|observed| self.veil(observed)).collect())
    }

    async fn create(&self, drafts: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let created = self.exchange.create(drafts).await?;
        Ok(created.into_iter().map(|one| one.map(|observed| self.veil(observed))).collect())
    }

    async fn update(&self, revisions: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let uncovered = self.uncovered(revisions).await?;
        let sendable: Vec<Revision> = uncovered.iter().flatten().cloned().collect();
        let sent = if sendable.is_empty() { Vec::new() } else { self.exchange.update(&sendable).await? };
        let mut sent = whole(sendable.len(), sent)?.into_iter();
        let no_answer = || Err(Code::Internal.into());
        let held = |revision: Result<Revision, Problem>| {
            revision.and_then(|_| sent.next().unwrap_or_else(no_answer)).map(|observed| self.veil(observed))
        };
        Ok(uncovered.into_iter().map(held).collect())
    }

    async fn delete(&self, removals: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        self.exchange.delete(removals).await
    }

    fn batch_size(&self) -> usize {
        self.exchange.batch_size()
    }
}

#[cfg(test)]
#[path = "veil_tests.rs"]
mod tests;
