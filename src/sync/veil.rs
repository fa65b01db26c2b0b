//! Private events: what they are about stays in Exchange (scenario 23).
//!
//! The engine is shown what may be shown and nothing else, so what it does not know it cannot leak: not into Blikk, the
//! state, the history, a log or a report.

use std::collections::BTreeMap;

use crate::event::{Changes, Event, Exception, Importance, OriginalDate, Sensitivity};
use crate::sync::merge::{Fields, carried};
use crate::sync::options::{Options, PrivateEvents};
use crate::sync::port::Observed;

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
