//! Faults on demand, for both stand-ins: what networks and servers do on a bad day, said beforehand by a test.
//!
//! A [`Rule`] names an operation, how many calls of it to let through, how many to spoil, and how. Choosing is pure
//! ([`Faults::next`]); [`spoil`] carries a fault out on an HTTP answer. A service handles by itself the faults that
//! only it can know ([`Fault::ServerBusy`], [`Fault::ExpireTokens`]).
//!
//! ```
//! use standins::fault::{Fault, Faults, Rule};
//!
//! let mut faults = Faults::default();
//! faults.add(Rule::new("CreateItem", Fault::DropAfter).skipping(1));
//! assert_eq!(faults.next("CreateItem"), None, "the first one passes");
//! assert_eq!(faults.next("GetItem"), None, "another operation");
//! assert_eq!(faults.next("CreateItem"), Some(Fault::DropAfter));
//! assert_eq!(faults.next("CreateItem"), None, "once is once");
//! ```

use std::future::Future;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::StreamExt as _;
use futures_util::stream;
use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Fault {
    /// The connection breaks before the request is carried out.
    DropBefore,
    /// The request is carried out, then the connection breaks before a byte of the answer (scenario 1).
    DropAfter,
    /// The answer comes, this much later.
    Delay { ms: u64 },
    /// This status instead of carrying the request out.
    Status {
        code: u16,
        #[serde(default)]
        retry_after: Option<u32>,
        #[serde(default)]
        body: Option<String>,
        #[serde(default)]
        content_type: Option<String>,
    },
    /// Exchange's ErrorServerBusy with BackOffMilliseconds (R12); Blikk answers 429.
    ServerBusy { back_off_ms: u64 },
    /// A 200 with this text instead of carrying the request out.
    Body { text: String, content_type: String },
    /// The request is carried out, and only so many bytes of the answer arrive.
    Truncate { bytes: usize },
    /// The request is carried out, and the answer is padded with blank space to so many bytes.
    Huge { bytes: usize },
    /// All sync states and cursors given out so far die (scenario 18); the request itself is carried out.
    ExpireTokens,
}

/// When a fault strikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    #[serde(rename = "match", default)]
    pub calls: Calls,
    pub fault: Fault,
}

impl Rule {
    /// The next call of that operation fails like this.
    pub fn new(operation: &str, fault: Fault) -> Self {
        Rule { calls: Calls { operation: operation.to_owned(), ..Calls::default() }, fault }
    }

    /// Lets that many calls through first.
    #[must_use]
    pub fn skipping(mut self, calls: u32) -> Self {
        self.calls.skip = calls;
        self
    }

    /// Strikes that many calls.
    #[must_use]
    pub fn times(mut self, calls: u32) -> Self {
        self.calls.times = calls;
        self
    }
}

/// Which calls a rule strikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Calls {
    /// `CreateItem`, `GET /v1/calendar/changes`, or `*` for all.
    pub operation: String,
    pub skip: u32,
    pub times: u32,
}

impl Default for Calls {
    fn default() -> Self {
        Calls { operation: "*".to_owned(), skip: 0, times: 1 }
    }
}

/// The rules in force, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    rules: Vec<Rule>,
}

impl Faults {
    pub fn add(&mut self, rule: Rule) {
        self.rules.push(rule);
    }

    pub fn clear(&mut self) {
        self.rules.clear();
    }

    /// The fault that strikes this call, if any. Each call counts once against every rule that names it, until one
    /// strikes.
    pub fn next(&mut self, operation: &str) -> Option<Fault> {
        for rule in &mut self.rules {
            if rule.calls.operation != "*" && rule.calls.operation != operation {
                continue;
            }
            if rule.calls.skip > 0 {
                rule.calls.skip -= 1;
            } else if rule.calls.times > 0 {
                rule.calls.times -= 1;
                return Some(rule.fault.clone());
            }
        }
        None
    }
}

/// Carries the fault out on the answer that `answer` would give; `answer` is not even begun when the request is not
/// to be carried out.
pub async fn spoil(fault: Option<Fault>, answer: impl Future<Output = Response>) -> Response {
    match fault {
        None | Some(Fault::ExpireTokens | Fault::ServerBusy { .. }) => answer.await,
        Some(Fault::DropBefore) => broken_off(Bytes::new()),
        Some(Fault::DropAfter) => {
            answer.await;
            broken_off(Bytes::new())
        }
        Some(Fault::Delay { ms }) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            answer.await
        }
        Some(Fault::Status { code, retry_after, body, content_type }) => {
            let mut response = text_answer(body.unwrap_or_default(), content_type.as_deref().unwrap_or("text/plain"));
            *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(RETRY_AFTER, seconds.into());
            }
            response
        }
        Some(Fault::Body { text, content_type }) => text_answer(text, &content_type),
        Some(Fault::Truncate { bytes }) => truncated(answer.await, bytes).await,
        Some(Fault::Huge { bytes }) => padded(answer.await, bytes).await,
    }
}

fn text_answer(text: String, content_type: &str) -> Response {
    let mut response = Response::new(Body::from(text));
    if let Ok(value) = HeaderValue::from_str(content_type) {
        response.headers_mut().insert(CONTENT_TYPE, value);
    }
    response
}

/// An answer of which only `first` arrives. With nothing first, not even the head does: hyper gives the connection up
/// as soon as the body fails, before it has written the head.
fn broken_off(first: Bytes) -> Response {
    let head = (!first.is_empty()).then_some(Ok(first));
    let failure = stream::once(async {
        // Lets what came before reach the wire.
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(std::io::Error::other("broken off on demand"))
    });
    match head {
        Some(head) => Response::new(Body::from_stream(stream::iter([head]).chain(failure))),
        None => Response::new(Body::from_stream(stream::iter([Err::<Bytes, _>(std::io::Error::other("dropped"))]))),
    }
}

async fn truncated(answer: Response, bytes: usize) -> Response {
    let (mut parts, body) = answer.into_parts();
    let Ok(whole) = axum::body::to_bytes(body, usize::MAX).await else { return broken_off(Bytes::new()) };
    // The announced length stays, so that the reader can tell that something is missing.
    parts.headers.insert(CONTENT_LENGTH, whole.len().into());
    let (_, body) = broken_off(whole.slice(..bytes.min(whole.len()))).into_parts();
    Response::from_parts(parts, body)
}

async fn padded(answer: Response, bytes: usize) -> Response {
    const BLANK: &[u8] = &[b' '; 65_536];
    let (mut parts, body) = answer.into_parts();
    let Ok(whole) = axum::body::to_bytes(body, usize::MAX).await else { return broken_off(Bytes::new()) };
    parts.headers.remove(CONTENT_LENGTH);
    let missing = bytes.saturating_sub(whole.len());
    let padding = stream::unfold(missing, |missing| async move {
        let now = missing.min(BLANK.len());
        (now > 0).then(|| (Ok::<_, std::io::Error>(Bytes::from_static(&BLANK[..now])), missing - now))
    });
    Response::from_parts(parts, Body::from_stream(stream::iter([Ok(whole)]).chain(padding)))
}
