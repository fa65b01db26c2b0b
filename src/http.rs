//! HTTP as the core sees it: a request goes out through a port, a whole answer or a fault comes back.
//!
//! The core names the *service*, never an address, and adds no credential: whoever carries the request (the page's
//! JS shim, `reqwest` in native tests) knows where the service lives and which token belongs on it. So neither an
//! address nor a token can leak from the core into a log or a report.

use serde::{Deserialize, Serialize};

/// Which service a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Service {
    /// The gateway, which passes SOAP on to Exchange.
    Gateway,
    /// Blikk's calendar API.
    Blikk,
}

/// A request to be carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    pub service: Service,
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// From the service's base address, starting with `/`, query included and already percent-encoded.
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpResponse {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The first header of that name (given in lower case).
    ///
    /// ```
    /// # use blikk_calendar_sync::http::HttpResponse;
    /// let response = HttpResponse { status: 429, headers: vec![("retry-after".into(), "3".into())], body: vec![] };
    /// assert_eq!(response.header("retry-after"), Some("3"));
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// No whole answer came. Whether the request was carried out is *not known*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum HttpFault {
    /// The connection failed, was refused, or broke off in the middle of the answer.
    Unreachable,
    /// No answer within the time allowed.
    TimedOut,
    /// The answer is larger than the carrier accepts; it was abandoned, not cut.
    TooLarge,
    /// The person cancelled.
    Cancelled,
    /// There was no valid token to send, and the host could give none.
    NotSignedIn,
}

/// The port: carries one request. Implemented by the page's shim, by tests and by the simulation.
#[allow(async_fn_in_trait, reason = "one thread everywhere: no Send is wanted (see docs/architecture.md)")]
pub trait Transport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault>;
}

/// The port for JSON text. The browser has a parser of its own, which costs the plugin no bytes; natively it is
/// serde_json ([`SerdeJson`]).
pub trait Json {
    fn parse<T: serde::de::DeserializeOwned>(&self, text: &[u8]) -> Result<T, NotJson>;
    fn print<T: Serialize>(&self, value: &T) -> Result<Vec<u8>, NotJson>;
}

/// The text was no JSON, or JSON of another shape; says where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotJson(pub String);

/// [`Json`] outside the browser.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy, Debug, Default)]
pub struct SerdeJson;

#[cfg(not(target_arch = "wasm32"))]
impl Json for SerdeJson {
    fn parse<T: serde::de::DeserializeOwned>(&self, text: &[u8]) -> Result<T, NotJson> {
        serde_json::from_slice(text).map_err(|error| NotJson(error.to_string()))
    }

    fn print<T: Serialize>(&self, value: &T) -> Result<Vec<u8>, NotJson> {
        serde_json::to_vec(value).map_err(|error| NotJson(error.to_string()))
    }
}
