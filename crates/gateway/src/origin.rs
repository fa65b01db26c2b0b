//! Which pages may call: the configured origins and no other.
//!
//! CORS alone only keeps a foreign page from *reading* an answer. Here it does not get one: a request whose Origin is
//! not on the list is refused before anything else is looked at. Requests without an Origin are not a browser's
//! cross-origin calls; they are judged by their token.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, Version, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;
use std::time::Duration;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::Gateway;
use crate::error::Error;

/// The headers that let the configured pages read our answers, and the answer to their preflights.
pub fn cors(origins: &[HeaderValue]) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins.iter().cloned()))
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::HeaderName::from_static("soapaction")])
        .expose_headers([header::RETRY_AFTER, header::CONTENT_TYPE])
        .max_age(Duration::from_secs(3600))
}

/// Refuses foreign pages, and whoever takes us for a general proxy.
pub async fn refuse_foreign(
    State(gateway): State<Arc<Gateway>>,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    // RFC 9112 section 3.2.2: `POST http://elsewhere/ews HTTP/1.1` is how one speaks to a proxy. It would do no
    // harm, since no part of the request chooses the destination, but it never comes from our page. (In HTTP/2
    // every request has an authority.)
    if request.version() <= Version::HTTP_11 && request.uri().authority().is_some() {
        return Err(Error::Refused("this gateway is not a general proxy".into()));
    }
    let mut origins = request.headers().get_all(header::ORIGIN).iter();
    let allowed = |origin: &HeaderValue| gateway.config.allowed_origins.contains(origin);
    if !origins.all(allowed) {
        return Err(Error::Refused("this page's origin is not among allowed_origins".into()));
    }
    Ok(next.run(request).await)
}
