//! How a refusal is told: the contract's error object.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{ETAG, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A refusal, by the contract's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: &'static str,
    /// The member or parameter that is wrong.
    pub field: Option<String>,
    hint: Hint,
}

/// What an answer's header says besides.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Hint {
    Nothing,
    /// How to say who one is.
    Challenge,
    /// The version that it is now.
    Version(String),
    /// Seconds to wait.
    Wait(u32),
}

impl Refusal {
    const fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Refusal { status, code, message, field: None, hint: Hint::Nothing }
    }

    pub(super) const INVALID_REQUEST: Self =
        Refusal::new(StatusCode::BAD_REQUEST, "invalidRequest", "The request cannot be read.");
    pub(super) const INVALID_CREDENTIALS: Self =
        Refusal::new(StatusCode::UNAUTHORIZED, "invalidCredentials", "The address or the password is wrong.");
    pub(super) const NOT_ALLOWED: Self =
        Refusal::new(StatusCode::FORBIDDEN, "calendarNotAllowed", "This user has no calendar.");
    pub(super) const NOT_FOUND: Self = Refusal::new(StatusCode::NOT_FOUND, "eventNotFound", "There is no such event.");
    pub(super) const NO_SUCH_PATH: Self = Refusal::new(StatusCode::NOT_FOUND, "notFound", "There is no such path.");
    pub(super) const NO_SUCH_METHOD: Self =
        Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "methodNotAllowed", "This path has no such method.");
    pub(super) const DELETED: Self = Refusal::new(StatusCode::GONE, "eventDeleted", "The event has been deleted.");
    pub(super) const VERSION_REQUIRED: Self =
        Refusal::new(StatusCode::PRECONDITION_REQUIRED, "versionRequired", "If-Match is required.");
    pub(super) const TOO_LARGE: Self =
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "tooLarge", "The request is too large.");
    pub(super) const NOT_JSON: Self = Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupportedMediaType",
        "The request must be application/json.",
    );

    pub(super) fn unauthorized() -> Self {
        let refusal = Refusal::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "The session token is missing, wrong or has run out.",
        );
        Refusal { hint: Hint::Challenge, ..refusal }
    }

    /// A fault of ours: the reason goes to the log alone.
    pub(super) fn broken(error: impl std::error::Error) -> Self {
        tracing::error!(%error, "a request failed");
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong.")
    }

    pub(super) fn cursor_expired() -> Self {
        Refusal::new(StatusCode::GONE, "cursorExpired", "The cursor is no longer valid. Start again without one.")
            .at("cursor")
    }

    pub(super) fn external_id_taken() -> Self {
        Refusal::new(StatusCode::CONFLICT, "externalIdTaken", "Another event has this external id.").at("externalId")
    }

    pub(super) fn version_mismatch(now: &str) -> Self {
        let refusal = Refusal::new(
            StatusCode::PRECONDITION_FAILED,
            "versionMismatch",
            "The event is no longer the version that If-Match names.",
        );
        Refusal { hint: Hint::Version(now.to_owned()), ..refusal }
    }

    pub(super) fn too_many_requests(seconds: u32) -> Self {
        let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, "tooManyRequests", "Too many requests.");
        Refusal { hint: Hint::Wait(seconds), ..refusal }
    }

    pub(super) fn invalid_parameter(name: &str, message: &'static str) -> Self {
        Refusal::new(StatusCode::BAD_REQUEST, "invalidParameter", message).at(name)
    }

    pub(super) fn invalid_value(field: impl Into<String>, message: &'static str) -> Self {
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "invalidValue", message).at(field)
    }

    fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

/// The version in quotes (RFC 9110 §8.8.3).
pub(super) fn entity_tag(version: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{version}\"")).ok()
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        Refusal::broken(error)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.status.as_u16(), self.code, self.message)?;
        self.field.iter().try_for_each(|field| write!(f, " ({field})"))
    }
}

impl std::error::Error for Refusal {}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({"objectName": "error", "code": self.code, "message": self.message, "field": self.field});
        let mut response = (self.status, Json(body)).into_response();
        let header = match self.hint {
            Hint::Nothing => None,
            Hint::Challenge => Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            Hint::Version(version) => entity_tag(&version).map(|tag| (ETAG, tag)),
            Hint::Wait(seconds) => Some((RETRY_AFTER, seconds.into())),
        };
        response.headers_mut().extend(header.map(|(name, value)| (Some(name), value)));
        response
    }
}
