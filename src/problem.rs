//! What can go wrong, as values.
//!
//! A [`Problem`] carries a stable [`Code`], which side it happened on, the server's own words for support, and how
//! long to wait if the server said so. The words a person reads are not here: the page holds them, in Swedish and
//! English, in one catalogue (`www/src/texts.ts`) that the TypeScript compiler checks against [`Code`].

use serde::{Deserialize, Serialize};

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

/// Stable names of everything that can go wrong. A name is never reused for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub enum Code {
    /// The gateway's token has run out and the host gave no new one.
    #[serde(rename = "gateway.token_expired")]
    GatewayTokenExpired,
    /// The gateway does not accept the token (wrong signature, issuer or audience).
    #[serde(rename = "gateway.token_invalid")]
    GatewayTokenInvalid,
    /// The gateway refused the request: another mailbox, an operation not on its list, a mail it would have sent.
    #[serde(rename = "gateway.refused")]
    GatewayRefused,
    /// The gateway took the request for too large.
    #[serde(rename = "gateway.request_too_large")]
    GatewayRequestTooLarge,
    /// No administrator has filled in a service account yet.
    #[serde(rename = "gateway.not_configured")]
    GatewayNotConfigured,
    /// The gateway itself does not answer, or broke off.
    #[serde(rename = "gateway.unreachable")]
    GatewayUnreachable,
    /// An answer of the gateway that this version does not understand.
    #[serde(rename = "gateway.failed")]
    GatewayFailed,

    /// Exchange does not accept the service account's name or password (HTTP 401).
    #[serde(rename = "exchange.unauthorized")]
    ExchangeUnauthorized,
    /// Exchange forbids the service account EWS (HTTP 403), by policy.
    #[serde(rename = "exchange.forbidden")]
    ExchangeForbidden,
    /// The service account may not impersonate this user (ErrorImpersonateUserDenied and its kin).
    #[serde(rename = "exchange.impersonation_denied")]
    ExchangeImpersonationDenied,
    /// No mailbox has that address (ErrorNonExistentMailbox).
    #[serde(rename = "exchange.mailbox_unknown")]
    ExchangeMailboxUnknown,
    /// Exchange cannot be reached, or broke off in the middle of an answer.
    #[serde(rename = "exchange.unreachable")]
    ExchangeUnreachable,
    #[serde(rename = "exchange.timed_out")]
    ExchangeTimedOut,
    /// Exchange asks us to come back later (ErrorServerBusy, 429, 503), and still did after we waited.
    #[serde(rename = "exchange.busy")]
    ExchangeBusy,
    /// HTTP 5xx without a SOAP fault.
    #[serde(rename = "exchange.failed")]
    ExchangeFailed,
    /// The answer is not XML (an HTML error page, binary, nothing at all), or has another content type.
    #[serde(rename = "exchange.not_xml")]
    ExchangeNotXml,
    /// XML, but no SOAP envelope, or an answer to another question.
    #[serde(rename = "exchange.not_soap")]
    ExchangeNotSoap,
    /// The XML ends in the middle.
    #[serde(rename = "exchange.truncated")]
    ExchangeTruncated,
    /// The answer is larger than we accept.
    #[serde(rename = "exchange.too_large")]
    ExchangeTooLarge,
    /// Exchange refused the whole request with a fault or response code we have no better name for.
    #[serde(rename = "exchange.refused")]
    ExchangeRefused,
    /// Exchange refused this one item.
    #[serde(rename = "exchange.item_refused")]
    ExchangeItemRefused,
    /// The item is gone (ErrorItemNotFound).
    #[serde(rename = "exchange.item_gone")]
    ExchangeItemGone,
    /// The item was changed since we read it (ErrorIrresolvableConflict, ErrorStaleObject).
    #[serde(rename = "exchange.item_changed")]
    ExchangeItemChanged,
    /// The token of the last run is no longer valid (ErrorInvalidSyncStateData): everything is read again.
    #[serde(rename = "exchange.token_dead")]
    ExchangeTokenDead,

    /// Blikk's session has run out (401).
    #[serde(rename = "blikk.unauthorized")]
    BlikkUnauthorized,
    /// The user may not use the calendar (403).
    #[serde(rename = "blikk.forbidden")]
    BlikkForbidden,
    /// The event, or the calendar, is not there (404, 410).
    #[serde(rename = "blikk.not_found")]
    BlikkNotFound,
    /// The event was changed since we read it (409, 412).
    #[serde(rename = "blikk.conflict")]
    BlikkConflict,
    /// Blikk refused this one event (400, 413, 422).
    #[serde(rename = "blikk.event_refused")]
    BlikkEventRefused,
    /// Too many requests (429), and still so after we waited.
    #[serde(rename = "blikk.busy")]
    BlikkBusy,
    /// HTTP 5xx.
    #[serde(rename = "blikk.failed")]
    BlikkFailed,
    #[serde(rename = "blikk.unreachable")]
    BlikkUnreachable,
    #[serde(rename = "blikk.timed_out")]
    BlikkTimedOut,
    #[serde(rename = "blikk.too_large")]
    BlikkTooLarge,
    /// The answer is not the JSON that the contract says.
    #[serde(rename = "blikk.not_understood")]
    BlikkNotUnderstood,
    /// The cursor of the last run is no longer valid (410): everything is read again.
    #[serde(rename = "blikk.token_dead")]
    BlikkTokenDead,

    /// The event ends before it starts.
    #[serde(rename = "event.ends_before_start")]
    EventEndsBeforeStart,
    /// The event's time zone is unknown, so its time cannot be told with certainty (R05).
    #[serde(rename = "event.zone_unknown")]
    EventZoneUnknown,
    /// A required part of the event is missing or unreadable.
    #[serde(rename = "event.unreadable")]
    EventUnreadable,
    /// A series: not synchronised yet.
    #[serde(rename = "event.series")]
    EventSeries,
    /// A meeting with participants: not synchronised yet.
    #[serde(rename = "event.meeting")]
    EventMeeting,
    /// Another item of the same calendar has the same UID, and is the one that is synchronised.
    #[serde(rename = "event.duplicate_uid")]
    EventDuplicateUid,
    /// Not an appointment at all (a task or a note that lies in the calendar folder).
    #[serde(rename = "event.not_an_appointment")]
    EventNotAnAppointment,
    /// Synchronised, but it has no title: a remark, not a fault.
    #[serde(rename = "event.untitled")]
    EventUntitled,

    /// The person cancelled the run. What was done is kept; the next run goes on.
    #[serde(rename = "run.cancelled")]
    RunCancelled,
    /// Another run of the same pair is going on.
    #[serde(rename = "run.already_running")]
    RunAlreadyRunning,
    /// Two events changed each other for too many rounds; the rest waits for the next run.
    #[serde(rename = "run.unsettled")]
    RunUnsettled,
    /// The browser's storage refuses to read or write.
    #[serde(rename = "store.failed")]
    StoreFailed,
    /// Another device or tab has written the state since we read it.
    #[serde(rename = "store.stale")]
    StoreStale,
    /// A fault of ours: please report it.
    #[serde(rename = "internal")]
    Internal,
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

    /// Whether the same run may succeed later without anybody doing anything.
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
                | BlikkBusy
                | BlikkFailed
                | BlikkUnreachable
                | BlikkTimedOut
                | StoreStale
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
