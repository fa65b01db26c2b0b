//! Every ResponseCode, and what is to be done about it.
//!
//! Microsoft's list:
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode>.
//! All of its 520 errors stand in `error/table.rs`, each in one [`Class`]. The list grows; a code that is not in the table
//! is a value like any other ([`Class::SetAside`]) and never a failure to read the answer (R23).
//!
//! The same code can mean two things. `ErrorAccessDenied` about one item among a hundred is about that item; about
//! all of them, it is about the request. So there are two ways to make a [`Problem`] of an error:
//! [`ResponseError::of_item`] and [`ResponseError::of_request`].

mod table;

use crate::ews::error::table::{CODES, Row};
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
        self.row().map_or(Class::SetAside, |row| row.0)
    }

    fn code(&self) -> Code {
        self.row().map_or(Code::ExchangeItemRefused, |row| row.1)
    }

    fn row(&self) -> Option<&'static Row> {
        CODES.iter().find(|(_, _, names)| names.split(' ').any(|name| name == self.0))
    }
}

/// The names of the whole table, with class and code; for whoever holds it against Microsoft's list.
#[cfg(not(target_arch = "wasm32"))]
pub fn table() -> impl Iterator<Item = (&'static str, Class, Code)> {
    let like_unknown = table::LIKE_UNKNOWN.iter().map(|names| (Class::SetAside, Code::ExchangeItemRefused, *names));
    let rows = CODES.iter().copied().chain(like_unknown);
    rows.flat_map(|(class, code, names)| names.split(' ').map(move |name| (name, class, code)))
}

/// What is to be done about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Come back when the server says (R12). Nothing was done.
    Wait,
    /// Trouble of the moment, or too much at once: the same, or half of it, may succeed now.
    Retry,
    /// The sync state is of no use any more: read everything again (R10).
    Resync,
    /// It is not what it was when we read it (R15): read, decide again.
    Conflict,
    /// The item does not exist (R11).
    Gone,
    /// This item cannot be read or written as it is; the others can.
    SetAside,
    /// The user's own mailbox, or a choice of theirs.
    AskUser,
    /// The service account, its rights, the user's address, the server: an administrator's matter.
    AskAdministrator,
    /// We asked for something that makes no sense.
    OurBug,
}

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
        self.problem(match (self.code.class(), self.code.code()) {
            (Class::Retry, Code::ExchangeItemRefused) => Code::ExchangeFailed,
            (Class::SetAside | Class::Gone | Class::Conflict, _) => Code::ExchangeRefused,
            (_, code) => code,
        })
    }

    /// Whether it is about the whole request, even where it stands in an answer about one item.
    pub fn is_about_the_request(&self) -> bool {
        match self.code.class() {
            Class::Wait | Class::Resync | Class::AskAdministrator => true,
            // A full mailbox takes no new items; it can still be read, and items made shorter or deleted.
            Class::AskUser => self.code.code() != Code::ExchangeMailboxFull,
            Class::Retry => self.is_batch_stopped(),
            Class::Conflict | Class::Gone | Class::SetAside | Class::OurBug => false,
        }
    }

    /// Whether the server did not even begin with what was asked, so that a write too may be sent again (R12, R13).
    pub fn was_not_begun(&self) -> bool {
        self.code.class() == Class::Wait || self.is_batch_stopped()
    }

    /// Whether another version of the schema may help. What a server says to one that it does not know differs: an
    /// old one does not even understand the header, and says so in its words.
    pub fn is_about_the_version(&self) -> bool {
        self.code.code() == Code::ExchangeVersionUnknown
            || (matches!(self.code.as_str(), "ErrorInvalidRequest" | "ErrorSchemaValidation")
                && self.message.contains("Version"))
    }

    /// Whether it says nothing of this item, only that something happened to one before it (R13).
    pub fn is_batch_stopped(&self) -> bool {
        self.code.as_str() == "ErrorBatchProcessingStopped"
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
    fn what_the_plugin_leaves_out_of_the_table_is_treated_like_what_nobody_has_heard_of() {
        for name in table::LIKE_UNKNOWN.iter().flat_map(|names| names.split(' ')) {
            let (left_out, unheard) = (ResponseCode::new(name), ResponseCode::new("ErrorInventedTomorrow"));
            assert_eq!((left_out.class(), left_out.code()), (unheard.class(), unheard.code()), "{name}");
        }
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
            ("ErrorCalendarDurationIsTooLong", Code::EventTimeOutOfRange,        Code::ExchangeRefused),
            ("ErrorInternalServerError",     Code::ExchangeItemRefused,          Code::ExchangeFailed),
            ("ErrorMailboxStoreUnavailable", Code::ExchangeFailed,               Code::ExchangeFailed),
            ("ErrorQuotaExceeded",           Code::ExchangeMailboxFull,          Code::ExchangeMailboxFull),
            ("ErrorUnsupportedRecurrence",   Code::EventRuleNotExpressible,      Code::ExchangeRefused),
            ("ErrorInvalidPropertyRequest",  Code::ExchangeRefused,              Code::ExchangeRefused),
            ("ErrorItemSave",                Code::ExchangeItemRefused,          Code::ExchangeRefused),
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
