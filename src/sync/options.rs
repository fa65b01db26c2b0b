//! What the person chose: which events are synchronised, which way, and who wins (pure).
//!
//! The choice stands in the state ([`Head::options`](super::state::Head::options)), so that every device keeps to it.
//! Changing it deletes nothing unseen (scenario 24): whatever a new choice would take away waits for a yes
//! ([`Brake`]).

use serde::Serialize;

use crate::zone::ZoneId;

/// What a person can choose for a pair of calendars.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    pub direction: Direction,
    /// Which days are synchronised; `None`: all of them.
    pub window: Option<Window>,
    pub private_events: PrivateEvents,
    /// What a private event is called in Blikk under [`PrivateEvents::AsBusy`]; the page's words, in the person's language.
    pub busy_title: String,
    pub categories: bool,
    pub reminders: bool,
    pub conflicts: Conflicts,
    pub deletions: Deletions,
    pub brake: Brake,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            direction: Direction::Both,
            window: None,
            private_events: PrivateEvents::AsTheyAre,
            busy_title: String::new(),
            categories: true,
            reminders: true,
            conflicts: Conflicts::NewestWins,
            deletions: Deletions::EditSurvives,
            brake: Brake::default(),
        }
    }
}

impl Options {
    /// Whether a change from `before` may touch events of which there is no news. How conflicts are decided counts for
    /// those that wait for an answer.
    pub fn concern_more_than(&self, before: &Options) -> bool {
        let decide = |options: &Options| Options {
            conflicts: if options.conflicts == Conflicts::Ask { Conflicts::Ask } else { Conflicts::NewestWins },
            deletions: Deletions::EditSurvives,
            brake: Brake::default(),
            ..options.clone()
        };
        decide(self) != decide(before)
    }
}

/// Where changes may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    Both,
    /// Nothing is written to Blikk.
    ToExchange,
    /// Nothing is written to Exchange.
    ToBlikk,
}

/// Days before and after today, both counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Window {
    pub days_back: u32,
    pub days_ahead: u32,
    /// Whose days: where the person was who chose so. Every device counts by it, wherever it is.
    pub zone: ZoneId,
}

/// How Exchange's private events are shown in Blikk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum PrivateEvents {
    AsTheyAre,
    /// Only that the person is busy, and when; what it is about stays in Exchange (scenario 23).
    AsBusy,
    NotAtAll,
}

/// Who wins when people edited the same part of an event on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Conflicts {
    BlikkWins,
    ExchangeWins,
    /// By the servers' own dates of change; the only rule that a wrong clock can bend.
    NewestWins,
    /// Nobody: the event waits, both sides stay as they are, until the person says.
    Ask,
}

/// What happens to an event that was deleted on one side and edited on the other (scenario 22).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Deletions {
    EditSurvives,
    DeletionStands,
}

/// How many deletions on one side a run carries out without asking (scenario 7): the larger of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Brake {
    pub events: u32,
    /// Of all linked events.
    pub percent: u32,
}

impl Default for Brake {
    fn default() -> Self {
        Brake { events: 5, percent: 20 }
    }
}
