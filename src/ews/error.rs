//! Every ResponseCode, and what is to be done about it.
//!
//! Microsoft's list:
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode>.
//! It has hundreds of codes and grows; a code that is not in the table below is a value like any other
//! ([`Class::SetAside`]) and never a failure to read the answer (R23).

use crate::ews::xml::Element;
use crate::problem::{Code, Problem};

/// A `ResponseCode`, known or not. `NoError` is one too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseCode(String);

impl ResponseCode {
    pub fn new(code: impl Into<String>) -> Self {
        ResponseCode(code.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_no_error(&self) -> bool {
        self.0 == "NoError"
    }

    /// What is to be done.
    ///
    /// ```
    /// use blikk_calendar_sync::ews::error::{Class, ResponseCode};
    /// assert_eq!(ResponseCode::new("ErrorServerBusy").class(), Class::Wait);
    /// assert_eq!(ResponseCode::new("ErrorInventedTomorrow").class(), Class::SetAside);
    /// ```
    pub fn class(&self) -> Class {
        CODES.iter().find(|(_, _, codes)| codes.contains(&self.0.as_str())).map_or(Class::SetAside, |row| row.0)
    }

    fn code(&self) -> Code {
        CODES
            .iter()
            .find(|(_, _, codes)| codes.contains(&self.0.as_str()))
            .map_or(Code::ExchangeItemRefused, |row| row.1)
    }
}

/// What is to be done about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Come back when the server says (R12). Nothing was done.
    Wait,
    /// Passing trouble inside Exchange: the same may succeed in a moment.
    Retry,
    /// The sync state is of no use any more: read everything again (R10).
    Resync,
    /// Somebody changed the item since we read it (R15): read, decide again.
    Conflict,
    /// The item does not exist.
    Gone,
    /// This item cannot be read or written as it is; the others can.
    SetAside,
    /// The service account, its rights or the user's address: an administrator's matter.
    AskAdministrator,
    /// We asked for something that makes no sense.
    OurBug,
}

impl Class {
    /// Whether it is about the whole request, even where it stands in an answer about one item.
    pub fn is_about_the_request(self) -> bool {
        matches!(self, Class::Wait | Class::Resync | Class::AskAdministrator)
    }
}

/// The codes that mean more than "not this item".
#[rustfmt::skip]
const CODES: &[(Class, Code, &[&str])] = &[
    (Class::Wait, Code::ExchangeBusy, &[
        "ErrorServerBusy", "ErrorExceededConnectionCount", "ErrorTooManyObjectsOpened", "ErrorInsufficientResources",
    ]),
    (Class::Retry, Code::ExchangeBusy, &[
        "ErrorADUnavailable", "ErrorBatchProcessingStopped", "ErrorConnectionFailed", "ErrorInternalServerTransientError",
        "ErrorMailboxMoveInProgress", "ErrorMailboxStoreUnavailable", "ErrorMailboxFailover", "ErrorNotEnoughMemory",
        "ErrorTimeoutExpired", "ErrorClientDisconnected", "ErrorProxyCallFailed", "ErrorSiteFailover",
    ]),
    (Class::Resync, Code::ExchangeTokenDead, &[
        "ErrorInvalidSyncStateData", "ErrorSyncStateNotFound",
    ]),
    (Class::Conflict, Code::ExchangeItemChanged, &[
        "ErrorIrresolvableConflict", "ErrorStaleObject", "ErrorChangeKeyRequired", "ErrorInvalidChangeKey",
        "ErrorChangeKeyRequiredForWriteOperations",
    ]),
    (Class::Gone, Code::ExchangeItemGone, &[
        "ErrorItemNotFound",
    ]),
    (Class::AskAdministrator, Code::ExchangeImpersonationDenied, &[
        "ErrorImpersonateUserDenied", "ErrorImpersonationDenied", "ErrorImpersonationFailed",
        "ErrorImpersonationRequired", "ErrorInvalidExchangeImpersonationHeaderData",
    ]),
    (Class::AskAdministrator, Code::ExchangeMailboxUnknown, &[
        "ErrorNonExistentMailbox", "ErrorMissingEmailAddress", "ErrorNonPrimarySmtpAddress", "ErrorMailboxNotFound",
        "ErrorCannotFindUser", "ErrorInvalidSmtpAddress", "ErrorUserNotUnifiedMessagingEnabled", "ErrorNoMailbox",
    ]),
    (Class::AskAdministrator, Code::ExchangeForbidden, &[
        "ErrorAccessDenied", "ErrorAccessModeSpecified", "ErrorMailboxConfiguration", "ErrorInsufficientPermissions",
    ]),
    (Class::AskAdministrator, Code::ExchangeUnauthorized, &[
        "ErrorAccountDisabled", "ErrorPasswordExpired", "ErrorPasswordChangeRequired", "ErrorInvalidCredentials",
    ]),
    (Class::OurBug, Code::ExchangeRefused, &[
        "ErrorIncorrectSchemaVersion", "ErrorInvalidArgument", "ErrorInvalidOperation", "ErrorInvalidPropertyRequest",
        "ErrorInvalidRequest", "ErrorInvalidServerVersion", "ErrorSchemaValidation",
    ]),
];

/// A ResponseMessage, or a SOAP fault, that is no success.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseError {
    pub code: ResponseCode,
    /// In the server's words and language.
    pub message: String,
    /// From `MessageXml`, where the server asks us to wait.
    pub back_off_milliseconds: Option<u64>,
}

impl ResponseError {
    /// The problem with one item of many.
    pub fn of_item(&self) -> Problem {
        self.problem(self.code.code())
    }

    /// The problem with a whole request. Never one that says that an item is refused, gone or changed.
    pub fn of_request(&self) -> Problem {
        self.problem(match self.code.class() {
            Class::SetAside | Class::Gone | Class::Conflict => Code::ExchangeRefused,
            _ => self.code.code(),
        })
    }

    /// Only the code goes into the problem: a server's message may quote the event.
    fn problem(&self, code: Code) -> Problem {
        let problem = Problem::new(code).said(self.code.as_str());
        // "0 ms" is sent by real servers and means "as you like" (R12).
        match self.back_off_milliseconds {
            Some(milliseconds) if milliseconds > 0 => {
                problem.after(u32::try_from(milliseconds.div_ceil(1000)).unwrap_or(u32::MAX))
            }
            _ => problem,
        }
    }
}

/// `BackOffMilliseconds` out of a `MessageXml`, which else holds anything at all:
/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/messagexml>.
pub(super) fn back_off(mut message_xml: Element<'_, '_>) -> Option<u64> {
    let mut found = None;
    while let Some(value) = message_xml.child() {
        if value.attribute("Name").is_some_and(|name| name == "BackOffMilliseconds") {
            found = value.text().trim().parse().ok();
        }
    }
    found
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn error(code: &str, back_off_milliseconds: Option<u64>) -> ResponseError {
        ResponseError { code: ResponseCode::new(code), message: "Om Annas läkarbesök".into(), back_off_milliseconds }
    }

    #[test]
    fn a_code_stands_in_the_table_once() {
        let mut codes: Vec<_> = CODES.iter().flat_map(|row| row.2).collect();
        codes.sort_unstable();
        assert!(codes.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn the_same_code_means_one_thing_for_an_item_and_another_for_a_request() {
        #[rustfmt::skip]
        let cases = [
            // code                          one item                            the whole request
            ("ErrorItemNotFound",            Code::ExchangeItemGone,             Code::ExchangeRefused),
            ("ErrorIrresolvableConflict",    Code::ExchangeItemChanged,          Code::ExchangeRefused),
            ("ErrorInvalidSyncStateData",    Code::ExchangeTokenDead,            Code::ExchangeTokenDead),
            ("ErrorServerBusy",              Code::ExchangeBusy,                 Code::ExchangeBusy),
            ("ErrorImpersonateUserDenied",   Code::ExchangeImpersonationDenied,  Code::ExchangeImpersonationDenied),
            ("ErrorNonExistentMailbox",      Code::ExchangeMailboxUnknown,       Code::ExchangeMailboxUnknown),
            ("ErrorCalendarDurationIsTooLong", Code::ExchangeItemRefused,        Code::ExchangeRefused),
            ("ErrorInventedTomorrow",        Code::ExchangeItemRefused,          Code::ExchangeRefused),
            ("",                             Code::ExchangeItemRefused,          Code::ExchangeRefused),
        ];
        for (code, item, request) in cases {
            let error = error(code, None);
            assert_eq!((error.of_item().code, error.of_request().code), (item, request), "{code}");
        }
    }

    #[test]
    fn r12_the_time_to_wait_is_whole_seconds_rounded_up() {
        for (milliseconds, seconds) in [(None, None), (Some(0), None), (Some(1), Some(1)), (Some(297_749), Some(298))] {
            assert_eq!(error("ErrorServerBusy", milliseconds).of_request().wait_seconds, seconds);
        }
    }

    #[test]
    fn what_the_server_says_about_an_event_stays_out_of_the_report() {
        assert_eq!(error("ErrorItemSave", None).of_item().server.as_deref(), Some("ErrorItemSave"));
    }
}
