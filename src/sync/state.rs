//! What is remembered between runs.
//!
//! State is disposable: everything that we create carries its identity with it ([`super::port::Marker`] in Exchange,
//! the external id in Blikk), so with the state wiped the next run links everything again and writes nothing
//! (scenario 3).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::event::{Event, Start};
use crate::problem::{Code, Problem, Side};
use crate::rfc3339;
use crate::sync::history::{ChangeRecord, RunRecord};
use crate::sync::journal::{Operation, OperationId};
use crate::sync::merge::Field;
use crate::sync::options::Options;
use crate::value::{self, Value};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "types", derive(ts_rs::TS))]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn new(text: impl Into<String>) -> Self {
                $name(text.into())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }

            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl value::FromValue for $name {
            fn from_value(value: Value) -> Option<Self> {
                String::from_value(value).map($name)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A side's own id of an event: an Exchange ItemId's `Id`, a Blikk event's `id`. Opaque to the engine.
    RemoteId
}
text_id! {
    /// A side's own mark of a state of an event: Exchange's ChangeKey, Blikk's ETag. Opaque; only equality counts.
    Version
}
text_id! {
    /// Where a side's list of changes goes on: EWS SyncState, Blikk's cursor. Opaque.
    Token
}
text_id! {
    /// The iCalendar UID of an Exchange item.
    Uid
}
text_id! {
    /// Our own id of a pair of events: 32 hexadecimal digits, drawn once, never changed.
    LinkId
}

impl Version {
    /// No state at all.
    pub fn unknown() -> Self {
        Version(String::new())
    }

    /// Whether it says nothing: a list gives it where only reading can tell whether there is news.
    pub fn is_unknown(&self) -> bool {
        self.0.is_empty()
    }
}

impl LinkId {
    pub fn from_random(bytes: [u8; 16]) -> Self {
        LinkId(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// How long an edit may go unnoticed that a server tells nobody of.
const CHECK_EVERY: TimeDelta = TimeDelta::hours(24);

/// The version of the rows below. A store that holds a newer one is left alone; rows of an older one are read as they
/// are, with defaults for what they lack.
///
/// | | |
/// |---|---|
/// | 1 | head and links |
/// | 2 | options, journal, history, and links that wait ([`LinkState::Asks`] and the following) |
/// | 3 | all-day events begin on a date where only their start is kept ([`Start`]); a window's days have a zone |
pub const FORMAT: u32 = 3;

/// How long nobody else may synchronise a pair after the last word of a run that is under way: longer than any one call.
pub const LEASE: TimeDelta = TimeDelta::minutes(5);

/// A pair of events that are the same event, or one event that is set aside. A series is one event, its exceptions
/// included.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    pub id: LinkId,
    pub origin: Side,
    pub state: LinkState,
    pub blikk: Option<SideState>,
    pub exchange: Option<SideState>,
    /// The iCalendar UID of the Exchange item.
    pub uid: Option<Uid>,
    /// The event as both sides last agreed, as read back, not as sent. `None` while they never did.
    pub base: Option<Event>,
}

impl Link {
    pub fn on(&self, side: Side) -> Option<&SideState> {
        match side {
            Side::Blikk => self.blikk.as_ref(),
            Side::Exchange => self.exchange.as_ref(),
        }
    }

    pub fn on_mut(&mut self, side: Side) -> &mut Option<SideState> {
        match side {
            Side::Blikk => &mut self.blikk,
            Side::Exchange => &mut self.exchange,
        }
    }

    /// When it is to be looked at although nobody changed it.
    pub fn wakes_at(&self) -> Option<DateTime<Utc>> {
        match self.state {
            LinkState::OutsideWindow { enters } => enters,
            LinkState::Waits { until, .. } => Some(until),
            _ => None,
        }
    }

    /// Why it is not synchronised, if it is not.
    pub fn set_aside(&self) -> Option<(Side, &Unsynced)> {
        match &self.state {
            LinkState::SetAside { side, reason } | LinkState::Waits { side, reason, .. } => Some((*side, reason)),
            _ => None,
        }
    }

    /// What `side` last held: its own form where that differs from the base.
    pub fn seen_on(&self, side: Side) -> Option<&Event> {
        self.on(side).and_then(|state| state.seen.as_ref()).or(self.base.as_ref())
    }
}

/// One side of a link.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SideState {
    pub id: RemoteId,
    pub version: Version,
    /// How this side holds the event, where its server keeps it otherwise than the base says (a body that came back
    /// reformatted). Only a difference from *this* is an edit by a person (scenario 10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Event>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LinkState {
    /// Synchronised.
    Active,
    /// Set aside with a reason; tried again when either side changes.
    SetAside { side: Side, reason: Unsynced },
    /// A write failed in a way that may pass, of this event alone: it is tried again then, or when either side changes, and
    /// keeps nothing else waiting.
    #[serde(rename_all = "camelCase")]
    Waits {
        side: Side,
        reason: Unsynced,
        #[serde(with = "rfc3339::instant")]
        until: DateTime<Utc>,
    },
    /// People edited the same on both sides, and the person wants to be asked: both sides stay as they are.
    Asks { question: Box<Question> },
    /// Outside of the days that are synchronised: nothing is brought over, and nothing deleted (scenario 14).
    #[serde(rename_all = "camelCase")]
    OutsideWindow {
        /// When the window reaches it; `None`: only if it is moved, or the window is.
        #[serde(default, with = "rfc3339::some_instant", skip_serializing_if = "Option::is_none")]
        enters: Option<DateTime<Utc>>,
    },
    /// The person undid what we did to it: it stays as it is until either side changes.
    LeftAlone { run: u64 },
}

/// What a person is asked about an event: which of the two?
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// What was edited on both sides.
    pub fields: Vec<Field>,
    pub blikk: Event,
    pub exchange: Event,
}

/// Why an event is not synchronised: counted and shown, never dropped silently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Unsynced {
    pub problem: Problem,
    /// What a person knows it by.
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional = nullable))]
    pub start: Option<Start>,
}

/// What every run needs to know first.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    pub format: u32,
    /// Rises with each commit; a writer that has not seen the latest is refused.
    pub generation: u64,
    #[serde(default)]
    pub blikk_token: Option<Token>,
    #[serde(default)]
    pub exchange_token: Option<Token>,
    /// Whether the tokens are younger than everything we wrote. If not (a run ended in the middle), they must not be
    /// trusted with deletions: a server does not tell of an item that was created and deleted after the token.
    #[serde(default)]
    pub tokens_cover_writes: bool,
    /// When a run last read all that Exchange has, and not only what Exchange says has changed.
    #[serde(default, with = "rfc3339::some_instant", skip_serializing_if = "Option::is_none")]
    pub exchange_checked_at: Option<DateTime<Utc>>,
    /// How many events are set aside, and why; kept here so that an idle run need not read the rows.
    #[serde(default)]
    pub set_aside: BTreeMap<Code, u32>,
    /// What the person chose.
    #[serde(default)]
    pub options: Options,
    /// The choice under which a run last came to its end; `None`: no run ever did. Where it differs from `options`,
    /// everything is looked at anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_options: Option<Options>,
    /// How many events are linked, both sides known: what brakes measure by.
    #[serde(default)]
    pub linked: u32,
    /// How many events wait for the person's answer.
    #[serde(default)]
    pub asking: u32,
    /// How many rows the journal has.
    #[serde(default)]
    pub operations: u32,
    /// The number of the last run that wrote.
    #[serde(default)]
    pub last_run: u64,
    /// When a run last came to its good end (scenario 25). Written with other things only: an idle run writes nothing.
    #[serde(default, with = "rfc3339::some_instant", skip_serializing_if = "Option::is_none")]
    pub last_success: Option<DateTime<Utc>>,
    /// When the next event is to be looked at although nobody changed it ([`Link::wakes_at`]); `None`: none is.
    #[serde(default, with = "rfc3339::some_instant", skip_serializing_if = "Option::is_none")]
    pub next_waking: Option<DateTime<Utc>>,
    /// Who is synchronising, as far as the last commit tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
}

/// A device's word that it is at work. What keeps two devices from writing at once is the generation
/// ([`Commit::expected_generation`]); the lease only keeps the second from beginning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lease {
    pub holder: String,
    #[serde(with = "rfc3339::instant")]
    pub until: DateTime<Utc>,
    /// When the holder took over from another one that had left writes unsettled.
    #[serde(default, with = "rfc3339::some_instant", skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<DateTime<Utc>>,
}

impl Default for Head {
    fn default() -> Self {
        Head {
            format: FORMAT,
            generation: 0,
            blikk_token: None,
            exchange_token: None,
            tokens_cover_writes: true,
            exchange_checked_at: None,
            set_aside: BTreeMap::new(),
            options: Options::default(),
            settled_options: None,
            linked: 0,
            asking: 0,
            operations: 0,
            last_run: 0,
            last_success: None,
            next_waking: None,
            lease: None,
        }
    }
}

impl Head {
    /// From a row that a store gave. The head of a newer plugin may hold what this one cannot read, so its format is
    /// looked at first.
    ///
    /// # Errors
    /// `store.newer`; `store.unreadable`.
    pub fn from_row(row: Value) -> Result<Head, Problem> {
        if let Value::Object(members) = &row
            && let Some((_, Value::Number(format))) = members.iter().find(|(name, _)| name == "format")
            && *format > f64::from(FORMAT)
        {
            return Err(Problem::new(Code::StoreNewer).said(format!("state format {format}")));
        }
        value::read(row).map_err(|error| Problem::new(Code::StoreUnreadable).said(error.to_string()))
    }

    /// Where to go on reading; `None` when the whole calendar must be read.
    pub fn token(&self, side: Side) -> Option<&Token> {
        let token = match side {
            Side::Blikk => self.blikk_token.as_ref(),
            Side::Exchange => self.exchange_token.as_ref(),
        };
        token.filter(|_| self.tokens_cover_writes)
    }

    /// Whether the person chose otherwise since a run last came to its end, in a way that may touch every event.
    pub fn must_look_at_everything(&self) -> bool {
        self.settled_options.as_ref().is_some_and(|settled| self.options.concern_more_than(settled))
    }

    /// Whether it is time to read all that Exchange has, and not only its list of changes. A clock that has gone back is no reason to
    /// wait.
    pub fn is_check_due(&self, now: DateTime<Utc>) -> bool {
        let age = self.exchange_checked_at.map(|at| now - at);
        age.is_none_or(|age| age >= CHECK_EVERY || age < TimeDelta::zero())
    }
}

/// What can still be told of a state whose head cannot be read: enough to begin anew ([`super::anew`]).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Remains {
    /// Where it stands, so that whoever still writes by what stood there before is refused.
    pub generation: u64,
    /// What the person chose, if so much of the head is as we wrote it.
    pub options: Option<Options>,
}

impl Remains {
    /// `row`: the head as it lies there; nothing, where even that is not to be had.
    pub fn of(generation: u64, mut row: Value) -> Self {
        Remains { generation, options: row.member("options") }
    }
}

/// One atomic change of the state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Commit {
    pub expected_generation: u64,
    /// The new head; its generation is `expected_generation + 1`.
    pub head: Head,
    /// Everything that is there is forgotten before the rest is written.
    pub clear: bool,
    /// Links to insert or replace.
    pub put: Vec<Link>,
    /// Links to remove.
    pub remove: Vec<LinkId>,
    /// Rows of the journal to insert or replace.
    pub put_operations: Vec<Operation>,
    /// Rows of the journal to remove.
    pub remove_operations: Vec<OperationId>,
    /// Runs to insert or replace, by their number.
    pub put_runs: Vec<RunRecord>,
    /// Changes to insert or replace, by their run and place.
    pub put_changes: Vec<ChangeRecord>,
    /// Runs that started before this, and changes that are older, are forgotten.
    #[serde(default, with = "rfc3339::some_instant", skip_serializing_if = "Option::is_none")]
    pub forget_before: Option<DateTime<Utc>>,
}

/// What of a link tells whether there is news of it; all of them fit into memory where the links themselves might not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IndexRow {
    pub id: LinkId,
    #[serde(default)]
    pub blikk: Option<RemoteId>,
    #[serde(default)]
    pub blikk_version: Option<Version>,
    #[serde(default)]
    pub exchange: Option<RemoteId>,
    #[serde(default)]
    pub exchange_version: Option<Version>,
    /// When it is to be looked at although nobody changed it ([`Link::wakes_at`]).
    #[serde(default, with = "rfc3339::some_instant", skip_serializing_if = "Option::is_none")]
    pub enters: Option<DateTime<Utc>>,
}

impl IndexRow {
    pub fn of(link: &Link) -> Self {
        let side = |side| link.on(side).map(|state| (state.id.clone(), state.version.clone())).unzip();
        let (blikk, blikk_version) = side(Side::Blikk);
        let (exchange, exchange_version) = side(Side::Exchange);
        let enters = link.wakes_at();
        IndexRow { id: link.id.clone(), blikk, blikk_version, exchange, exchange_version, enters }
    }
}
