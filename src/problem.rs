//! What can go wrong, as values.
//!
//! A [`Problem`] carries a stable [`Code`], which side it happened on, the server's own words for support, and how
//! long to wait if the server said so. The words a person reads are not here: the page holds them, in Swedish and
//! English, in one catalogue (`www/src/texts.ts`) that the TypeScript compiler checks against [`Code`].

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One of the two calendars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Side {
    Blikk,
    Exchange,
}

impl Side {
    /// The side that is not this one.
    #[must_use]
    pub fn other(self) -> Side {
        match self {
            Side::Blikk => Side::Exchange,
            Side::Exchange => Side::Blikk,
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Stable names of everything that can go wrong. A name is never reused for something else.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "types", derive(ts_rs::TS))]
        pub enum Code {
            $($(#[$doc])* #[cfg_attr(feature = "types", ts(rename = $text))] $name,)*
        }

        impl Code {
            /// All of them with their names, in the order in which they are declared.
            const NAMES: &[(Code, &str)] = &[$((Code::$name, $text),)*];
        }
    };
}

codes! {
    /// The gateway's token has run out and the host gave no new one.
    GatewayTokenExpired = "gateway.token_expired",
    /// The gateway does not accept the token (wrong signature, issuer or audience).
    GatewayTokenInvalid = "gateway.token_invalid",
    /// The gateway refused the request: another mailbox, an operation not on its list, a mail it would have sent.
    GatewayRefused = "gateway.refused",
    /// The gateway took the request for too large.
    GatewayRequestTooLarge = "gateway.request_too_large",
    /// No administrator has filled in a service account yet.
    GatewayNotConfigured = "gateway.not_configured",
    /// The gateway itself does not answer, or broke off.
    GatewayUnreachable = "gateway.unreachable",
    /// An answer of the gateway that this version does not understand.
    GatewayFailed = "gateway.failed",

    /// Exchange does not accept the service account's name or password (HTTP 401).
    ExchangeUnauthorized = "exchange.unauthorized",
    /// Exchange forbids the service account EWS (HTTP 403), by policy.
    ExchangeForbidden = "exchange.forbidden",
    /// The service account may not impersonate this user (ErrorImpersonateUserDenied and its kin).
    ExchangeImpersonationDenied = "exchange.impersonation_denied",
    /// The service account's password has run out, or must be changed (ErrorPasswordExpired).
    ExchangePasswordExpired = "exchange.password_expired",
    /// The service account is disabled (ErrorAccountDisabled).
    ExchangeAccountDisabled = "exchange.account_disabled",
    /// No mailbox has that address (ErrorNonExistentMailbox).
    ExchangeMailboxUnknown = "exchange.mailbox_unknown",
    /// The mailbox is there and cannot be used: licence, settings, corruption (ErrorMailboxConfiguration and its kin).
    ExchangeMailboxUnusable = "exchange.mailbox_unusable",
    /// The mailbox has no room left (ErrorQuotaExceeded).
    ExchangeMailboxFull = "exchange.mailbox_full",
    /// The mailbox is being moved to another database or server (ErrorMailboxMoveInProgress).
    ExchangeMailboxMoving = "exchange.mailbox_moving",
    /// The mailbox lives on a server to which the one that we ask cannot pass us on (ErrorCrossSiteRequest and its kin).
    ExchangeWrongServer = "exchange.wrong_server",
    /// The calendar folder that was chosen is not there any more (ErrorFolderNotFound).
    ExchangeFolderGone = "exchange.folder_gone",
    /// The server speaks none of the versions of the schema that we speak (ErrorInvalidServerVersion).
    ExchangeVersionUnknown = "exchange.version_unknown",
    /// Exchange cannot be reached, or broke off in the middle of an answer.
    ExchangeUnreachable = "exchange.unreachable",
    ExchangeTimedOut = "exchange.timed_out",
    /// Exchange asks us to come back later (ErrorServerBusy, 429, 503), and still did after we waited.
    ExchangeBusy = "exchange.busy",
    /// HTTP 5xx without a SOAP fault.
    ExchangeFailed = "exchange.failed",
    /// The answer is not XML (an HTML error page, binary, nothing at all), or has another content type.
    ExchangeNotXml = "exchange.not_xml",
    /// XML, but no SOAP envelope, or an answer to another question.
    ExchangeNotSoap = "exchange.not_soap",
    /// The XML ends in the middle.
    ExchangeTruncated = "exchange.truncated",
    /// The answer is larger than we accept.
    ExchangeTooLarge = "exchange.too_large",
    /// Exchange refused the whole request with a fault or response code we have no better name for.
    ExchangeRefused = "exchange.refused",
    /// Exchange refused this one item.
    ExchangeItemRefused = "exchange.item_refused",
    /// The item is gone (ErrorItemNotFound).
    ExchangeItemGone = "exchange.item_gone",
    /// The item was changed since we read it (ErrorIrresolvableConflict, ErrorStaleObject).
    ExchangeItemChanged = "exchange.item_changed",
    /// The token of the last run is no longer valid (ErrorInvalidSyncStateData): everything is read again.
    ExchangeTokenDead = "exchange.token_dead",

    /// Blikk's session has run out (401).
    BlikkUnauthorized = "blikk.unauthorized",
    /// The user may not use the calendar (403).
    BlikkForbidden = "blikk.forbidden",
    /// The event, or the calendar, is not there (404, 410).
    BlikkNotFound = "blikk.not_found",
    /// The event was changed since we read it (409, 412).
    BlikkConflict = "blikk.conflict",
    /// Blikk refused this one event (400, 413, 422).
    BlikkEventRefused = "blikk.event_refused",
    /// Too many requests (429), and still so after we waited.
    BlikkBusy = "blikk.busy",
    /// HTTP 5xx.
    BlikkFailed = "blikk.failed",
    BlikkUnreachable = "blikk.unreachable",
    BlikkTimedOut = "blikk.timed_out",
    BlikkTooLarge = "blikk.too_large",
    /// The answer is not the JSON that the contract says.
    BlikkNotUnderstood = "blikk.not_understood",
    /// The cursor of the last run is no longer valid (410): everything is read again.
    BlikkTokenDead = "blikk.token_dead",

    /// The event ends before it starts.
    EventEndsBeforeStart = "event.ends_before_start",
    /// The event's time zone is unknown, so its time cannot be told with certainty (R05).
    EventZoneUnknown = "event.zone_unknown",
    /// The event repeats in a way that Exchange has no pattern for; which part of the rule it is stands beside it.
    EventRuleNotExpressible = "event.rule_not_expressible",
    /// A required part of the event is missing or unreadable.
    EventUnreadable = "event.unreadable",
    /// An occurrence was moved past its neighbour in the series, which Exchange does not allow (R19).
    EventOccurrenceCrosses = "event.occurrence_crosses",
    /// Longer than five years, or outside the years that Exchange knows.
    EventTimeOutOfRange = "event.time_out_of_range",
    /// The text is longer than Exchange takes.
    EventTooLarge = "event.too_large",
    /// A meeting that someone else organises: only they can change it.
    EventNotOrganizer = "event.not_organizer",
    /// Another item of the same calendar has the same UID, and is the one that is synchronised.
    EventDuplicateUid = "event.duplicate_uid",
    /// Not an appointment at all (a task or a note that lies in the calendar folder).
    EventNotAnAppointment = "event.not_an_appointment",
    /// Synchronised, but it has no title: a remark, not a fault.
    EventUntitled = "event.untitled",
    /// What was done in Blikk to somebody else's meeting was undone, for Exchange's word stands: a remark, not a fault.
    EventBelongsToExchange = "event.belongs_to_exchange",

    /// The person cancelled the run. What was done is kept; the next run goes on.
    RunCancelled = "run.cancelled",
    /// Another run of the same pair is going on.
    RunAlreadyRunning = "run.already_running",
    /// Another device of the same person is synchronising this pair; until when, at the longest, stands beside it.
    RunElsewhere = "run.elsewhere",
    /// Two events changed each other for too many rounds; the rest waits for the next run.
    RunUnsettled = "run.unsettled",
    /// The browser's storage refuses to read or write.
    StoreFailed = "store.failed",
    /// There is no room left for the state.
    StoreFull = "store.full",
    /// A newer version of the plugin wrote the state; this one leaves it alone.
    StoreNewer = "store.newer",
    /// A row of the state is not what we wrote.
    StoreUnreadable = "store.unreadable",
    /// Another device or tab has written the state since we read it.
    StoreStale = "store.stale",
    /// A fault of ours: please report it.
    Internal = "internal",
}

impl Code {
    /// The stable name.
    ///
    /// ```
    /// # use blikk_calendar_sync::problem::Code;
    /// assert_eq!(Code::ExchangeBusy.as_str(), "exchange.busy");
    /// assert_eq!(Code::from_name("exchange.busy"), Some(Code::ExchangeBusy));
    /// ```
    pub fn as_str(self) -> &'static str {
        Code::NAMES[self as usize].1
    }

    /// All of them, in the order in which they are declared.
    pub fn all() -> impl Iterator<Item = Code> {
        Code::NAMES.iter().map(|(code, _)| *code)
    }

    pub fn from_name(name: &str) -> Option<Code> {
        Code::NAMES.iter().find(|(_, known)| *known == name).map(|(code, _)| *code)
    }
}

// By hand: what serde derives for so many names is 17 kB of code before compression; this is a search in the table.
impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Code::from_name(&name).ok_or_else(|| D::Error::custom("unknown code"))
    }
}

/// Something went wrong: what, where, and what the server said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    pub code: Code,
    /// The server's own code or status line, for support. Never the content of an event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Seconds to wait before the next try, when the server said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_seconds: Option<u32>,
}

impl Problem {
    pub fn new(code: Code) -> Self {
        Problem { code, server: None, wait_seconds: None }
    }

    /// With the server's own words, cut to a length that a page can show.
    #[must_use]
    pub fn said(mut self, server: impl AsRef<str>) -> Self {
        self.server = Some(server.as_ref().chars().take(300).collect());
        self
    }

    #[must_use]
    pub fn after(mut self, seconds: u32) -> Self {
        self.wait_seconds = Some(seconds);
        self
    }

    /// Whether the person's own sign-in has run out: a page that is opened later may come with another one.
    pub fn is_signed_out(&self) -> bool {
        matches!(self.code, Code::GatewayTokenExpired | Code::BlikkUnauthorized)
    }

    /// Whether the same may succeed later as it is: no event is at fault, and none is set aside for it.
    pub fn is_passing(&self) -> bool {
        use Code::*;
        matches!(
            self.code,
            GatewayUnreachable
                | ExchangeUnreachable
                | ExchangeTimedOut
                | ExchangeBusy
                | ExchangeFailed
                | ExchangeTruncated
                | ExchangeMailboxFull
                | ExchangeMailboxMoving
                | BlikkBusy
                | BlikkFailed
                | BlikkUnreachable
                | BlikkTimedOut
                | StoreStale
                | RunElsewhere
                | RunAlreadyRunning
                | RunUnsettled
        )
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Problem::new(code)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.server {
            Some(server) => write!(f, "{:?}: {server}", self.code),
            None => write!(f, "{:?}", self.code),
        }
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_in_the_table_at_its_own_place_and_no_name_stands_twice() {
        for (place, (code, name)) in Code::NAMES.iter().enumerate() {
            assert_eq!(*code as usize, place);
            assert_eq!(Code::from_name(name), Some(*code));
        }
    }
}
