//! One line per request: method, route, operation, status, duration, user id.
//!
//! Never a body, a header, a query, a path that somebody made up, an address or a subject. User ids are written with
//! their control characters escaped, though a token with such a one is not accepted in the first place.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument, Span, field, info, info_span};

pub async fn each_request(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let method = method_name(&request);
    let span = info_span!("request", method, route, user = field::Empty, operation = field::Empty);
    let started = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let duration_ms = started.elapsed().as_millis() as u64;
    span.in_scope(|| info!(status = response.status().as_u16(), duration_ms, "answered"));
    response
}

/// Notes which EWS operation the request turned out to be.
pub fn operation(name: &'static str) {
    Span::current().record("operation", name);
}

/// A method that HTTP does not know is text from outside.
fn method_name(request: &Request) -> &'static str {
    match request.method().as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
