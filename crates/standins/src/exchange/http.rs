//! The shell: puts an [`Exchange`] on HTTP, with a real clock, real delays and real broken connections.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use chrono::Utc;

use super::{Answer, EWS_PATH, Exchange, Request};
use crate::fault::spoil;

/// What Exchange's web.config lets in by default.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Where to write every SOAP body that comes in, one file each, for validation against the schema.
#[derive(Debug)]
pub struct Recorder {
    folder: PathBuf,
    written: AtomicU64,
}

impl Recorder {
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Recorder { folder: folder.into(), written: AtomicU64::new(0) }
    }

    async fn record(&self, operation: &str, body: &[u8]) {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let operation = if operation.is_empty() { "unreadable" } else { operation };
        // Two servers of one test run may share a folder.
        let name = format!("{}-{number:05}-{operation}.xml", std::process::id());
        if let Err(error) = tokio::fs::write(self.folder.join(name), body).await {
            tracing::error!(%error, folder = %self.folder.display(), "cannot record a request");
        }
    }
}

/// The server as a router: EWS, the people's calendars, and the control of both.
pub fn router(exchange: Arc<Exchange>, recorder: Option<Recorder>) -> Router {
    Router::new()
        .fallback(handle)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(Arc::new(Shell { exchange, recorder }))
}

struct Shell {
    exchange: Arc<Exchange>,
    recorder: Option<Recorder>,
}

async fn handle(
    State(shell): State<Arc<Shell>>,
    method: Method,
    uri: Uri,
    headers: axum::http::HeaderMap,
    body: Bytes,
) -> Response {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let request = Request {
        method: method.to_string(),
        path: uri.path_and_query().map_or_else(|| EWS_PATH.to_owned(), ToString::to_string),
        headers: headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: body.to_vec(),
    };
    let _in_flight = shell.exchange.begin(&request);
    let reply = shell.exchange.answer(&request, Utc::now());
    tracing::debug!(method = %request.method, operation = ?reply.operation, status = reply.answer.status, fault = ?reply.fault);
    if let (Some(recorder), Some(operation)) = (&shell.recorder, &reply.operation) {
        recorder.record(operation, &request.body).await;
    }
    spoil(reply.fault, async { into_response(reply.answer) }).await
}

fn into_response(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
