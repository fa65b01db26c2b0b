//! A fault, carried out on an HTTP answer.

use std::future::Future;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::StreamExt as _;
use futures_util::stream;

use super::Fault;

/// Carries the fault out on the answer that `answer` would give; `answer` is not even begun when the request is not
/// to be carried out.
pub async fn spoil(fault: Option<Fault>, answer: impl Future<Output = Response>) -> Response {
    match fault {
        None
        | Some(Fault::ExpireTokens | Fault::ServerBusy { .. } | Fault::ResponseCode { .. } | Fault::SoapFault { .. }) => {
            answer.await
        }
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
