//! What the gateway answers when it has no answer of Exchange's to pass on: one type, one JSON shape.
//!
//! ```json
//! {"error": {"code": "exchange.busy", "message": "...", "retryAfter": 30}}
//! ```
//!
//! The codes are those of the core's `problem::Code`, from where the page takes the words a person reads. The message
//! is for whoever looks into the network tab. It never carries content of an event, a password or a token.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Every way in which the gateway says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A genuine token whose time is over: the host page fetches a new one.
    TokenExpired,
    /// No token, or one that is not genuine, or not meant for this gateway.
    TokenInvalid(&'static str),
    /// Understood and not allowed.
    Refused(String),
    /// The request itself is wrong (the administrator's form, for one).
    BadRequest(String),
    NotFound,
    MethodNotAllowed,
    /// The request's body did not arrive in time.
    RequestTooSlow,
    RequestTooLarge {
        limit: usize,
    },
    /// This user's page asks faster than the gateway allows.
    TooManyRequests {
        retry_after: u64,
    },
    /// The gateway already carries as many requests as it may.
    Overloaded,
    /// No administrator has saved a service account yet.
    NotConfigured,
    /// The gateway keeps no state: the page has its own.
    NoState,
    /// Another device has written the state since.
    StateStale,
    /// There is no room left for the state.
    StateFull,
    /// A row of the state does not open.
    StateUnreadable,
    /// Exchange's side failed.
    Exchange(ExchangeFault),
    /// A fault of the gateway's own surroundings (a disk that is full); what happened is in the log.
    Internal,
}

/// What can fail between the gateway and Exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExchangeFault {
    /// 401: the service account's name or password.
    Unauthorized,
    /// 403: a policy forbids the account Exchange Web Services.
    Forbidden,
    /// No connection, or it broke off in the middle.
    Unreachable(&'static str),
    TimedOut,
    TooLarge {
        limit: usize,
    },
    /// 413: Exchange, or the server before it, takes only smaller ones.
    RequestTooLarge,
    /// 429 or 503 without a SOAP answer.
    Busy {
        status: StatusCode,
        retry_after: Option<u64>,
    },
    /// Any other status that carries no SOAP.
    Failed {
        status: StatusCode,
    },
}

impl Error {
    /// The HTTP status, the stable code, and technical words.
    fn parts(&self) -> (StatusCode, &'static str, String) {
        use StatusCode as S;
        match self {
            Error::TokenExpired => (S::UNAUTHORIZED, "gateway.token_expired", "the token has expired".into()),
            Error::TokenInvalid(why) => (S::UNAUTHORIZED, "gateway.token_invalid", (*why).into()),
            Error::Refused(why) => (S::FORBIDDEN, "gateway.refused", why.clone()),
            Error::BadRequest(why) => (S::BAD_REQUEST, "gateway.refused", why.clone()),
            Error::NotFound => (S::NOT_FOUND, "gateway.refused", "there is nothing at this path".into()),
            Error::MethodNotAllowed => {
                (S::METHOD_NOT_ALLOWED, "gateway.refused", "this path does not take this method".into())
            }
            Error::RequestTooSlow => {
                (S::REQUEST_TIMEOUT, "gateway.refused", "the request's body did not arrive in time".into())
            }
            Error::RequestTooLarge { limit } => {
                (S::PAYLOAD_TOO_LARGE, "gateway.request_too_large", format!("the request is larger than {limit} bytes"))
            }
            Error::TooManyRequests { .. } => {
                (S::TOO_MANY_REQUESTS, "exchange.busy", "too many requests from this user".into())
            }
            Error::Overloaded => {
                (S::SERVICE_UNAVAILABLE, "exchange.busy", "the gateway carries as many requests as it may".into())
            }
            Error::NotConfigured => {
                (S::CONFLICT, "gateway.not_configured", "no service account has been saved yet".into())
            }
            Error::NoState => (S::NOT_FOUND, "gateway.not_configured", "this gateway keeps no state".into()),
            Error::StateStale => (S::CONFLICT, "store.stale", "the state was written since it was read".into()),
            Error::StateFull => (S::INSUFFICIENT_STORAGE, "store.full", "there is no room left for the state".into()),
            Error::StateUnreadable => {
                (S::INTERNAL_SERVER_ERROR, "store.unreadable", "a row of the state cannot be read".into())
            }
            Error::Exchange(fault) => fault.parts(),
            Error::Internal => {
                (S::INTERNAL_SERVER_ERROR, "gateway.failed", "the gateway failed; its log says why".into())
            }
        }
    }

    fn retry_after(&self) -> Option<u64> {
        match self {
            Error::TooManyRequests { retry_after } => Some(*retry_after),
            Error::Overloaded => Some(1),
            Error::Exchange(ExchangeFault::Busy { retry_after, .. }) => *retry_after,
            _ => None,
        }
    }
}

impl ExchangeFault {
    fn parts(&self) -> (StatusCode, &'static str, String) {
        use StatusCode as S;
        match self {
            ExchangeFault::Unauthorized => (
                S::BAD_GATEWAY,
                "exchange.unauthorized",
                "Exchange does not accept the service account's name or password (HTTP 401)".into(),
            ),
            ExchangeFault::Forbidden => (
                S::BAD_GATEWAY,
                "exchange.forbidden",
                "Exchange forbids the service account Exchange Web Services (HTTP 403)".into(),
            ),
            ExchangeFault::Unreachable(how) => (S::BAD_GATEWAY, "exchange.unreachable", (*how).into()),
            ExchangeFault::TimedOut => {
                (S::GATEWAY_TIMEOUT, "exchange.timed_out", "Exchange did not answer in time".into())
            }
            ExchangeFault::TooLarge { limit } => (
                S::BAD_GATEWAY,
                "exchange.too_large",
                format!("Exchange's answer is larger than {limit} bytes and was abandoned"),
            ),
            // The core's answer is the same as for the gateway's own limit: fewer at a time.
            ExchangeFault::RequestTooLarge => (
                S::PAYLOAD_TOO_LARGE,
                "gateway.request_too_large",
                "the request is larger than Exchange takes (HTTP 413)".into(),
            ),
            ExchangeFault::Busy { status, .. } => {
                (*status, "exchange.busy", format!("Exchange asks to come back later (HTTP {})", status.as_u16()))
            }
            ExchangeFault::Failed { status } => {
                (S::BAD_GATEWAY, "exchange.failed", format!("Exchange answered HTTP {}", status.as_u16()))
            }
        }
    }
}

impl From<ExchangeFault> for Error {
    fn from(fault: ExchangeFault) -> Self {
        Error::Exchange(fault)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, code, message) = self.parts();
        let mut error = json!({ "code": code, "message": message });
        if let Some(seconds) = self.retry_after() {
            error["retryAfter"] = seconds.into();
        }
        let mut response = (status, Json(json!({ "error": error }))).into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110 section 11.6.1: a 401 names the scheme. RFC 6750 section 3.1: and says what was wrong.
            let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (_, code, message) = self.parts();
        write!(f, "{code}: {message}")
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page looks its sentences up by these codes, so an invented one would leave a person without words.
    #[test]
    fn every_code_is_one_that_the_core_knows() {
        let known = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../src/problem.rs"));
        for error in one_of_each() {
            let (_, code, _) = error.parts();
            assert!(known.contains(&format!("= \"{code}\",")), "{code} is not in problem.rs");
        }
    }

    #[test]
    fn a_wait_is_told_in_the_header_and_in_the_body() {
        let response = Error::TooManyRequests { retry_after: 7 }.into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "7");
    }

    fn one_of_each() -> Vec<Error> {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let mut all = vec![
            Error::TokenExpired,
            Error::TokenInvalid("why"),
            Error::Refused("why".into()),
            Error::BadRequest("why".into()),
            Error::NotFound,
            Error::MethodNotAllowed,
            Error::RequestTooSlow,
            Error::RequestTooLarge { limit: 1 },
            Error::TooManyRequests { retry_after: 1 },
            Error::Overloaded,
            Error::NotConfigured,
            Error::NoState,
            Error::StateStale,
            Error::StateFull,
            Error::StateUnreadable,
            Error::Internal,
        ];
        all.extend(
            [
                ExchangeFault::Unauthorized,
                ExchangeFault::Forbidden,
                ExchangeFault::Unreachable("how"),
                ExchangeFault::TimedOut,
                ExchangeFault::TooLarge { limit: 1 },
                ExchangeFault::RequestTooLarge,
                ExchangeFault::Busy { status, retry_after: None },
                ExchangeFault::Failed { status },
            ]
            .map(Error::Exchange),
        );
        all
    }
}
