//! What can be asked of the gateway, and the layers around it.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::caller::SignedIn;
use crate::error::Error;
use crate::{Gateway, admin, find_server, log, origin, plugin, request_body, soap_guard, state};

/// All routes. The outermost layer is the last one: first the log, then the origin, then CORS, then the handler.
pub fn router(gateway: Arc<Gateway>) -> Router {
    let api = Router::new()
        .route("/health", get(health))
        .route("/ews", post(ews))
        .route("/integration", get(admin::show).put(admin::save).delete(admin::remove))
        .route("/integration/server", post(find_server::find))
        .merge(state::routes())
        .layer(middleware::map_response(for_the_caller_alone));
    let all = match &gateway.config.plugin_dir {
        Some(folder) => api.nest_service("/plugin", plugin::files(folder)),
        None => api,
    };
    all.fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async { Error::MethodNotAllowed })
        .layer(middleware::map_response(secure_headers))
        .layer(origin::cors(&gateway.config.allowed_origins))
        .layer(middleware::from_fn_with_state(gateway.clone(), origin::refuse_foreign))
        .layer(middleware::from_fn(log::each_request))
        .with_state(gateway)
}

async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// `POST /ews`: checks who asks and what, and asks Exchange in its own words.
async fn ews(State(gateway): State<Arc<Gateway>>, request: Request) -> Result<Response, Error> {
    let limit = gateway.config.limits.request_bytes;
    let (mut parts, body) = request.into_parts();
    let signed_in = match SignedIn::from_request_parts(&mut parts, &gateway).await {
        Ok(signed_in) => signed_in,
        Err(error) => {
            request_body::discard(body, limit).await;
            return Err(error);
        }
    };
    let _place = gateway.places.try_acquire().map_err(|_| Error::Overloaded)?;
    let body = request_body::read(body, limit).await?;
    if !is_utf8_xml(&parts.headers) {
        return Err(Error::Refused("the content type must be text/xml in UTF-8".into()));
    }
    let mailbox = &signed_in.caller.mailbox;
    let accepted = soap_guard::check(&body, mailbox).map_err(|refusal| {
        tracing::warn!(%refusal, "request refused");
        Error::Refused(refusal.to_string())
    })?;
    log::operation(accepted.operation);
    let account = gateway.store.current().ok_or(Error::NotConfigured)?;
    // A provider that was taken out of the configuration leaves its account without a destination.
    let destination = gateway.config.destination(&account).ok_or(Error::NotConfigured)?;
    let _turn = gateway.turns.take(mailbox.as_str()).await.ok_or(Error::TooManyRequests { retry_after: 1 })?;
    Ok(gateway.upstream.send(&destination, &account, mailbox, accepted).await?)
}

/// The encoding is not the sender's to choose, in the header as little as in the XML.
fn is_utf8_xml(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(Ok(text)), None) = (types.next().map(HeaderValue::to_str), types.next()) else { return false };
    let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
    parts.next().as_deref() == Some("text/xml") && parts.all(|part| part.replace('"', "") == "charset=utf-8")
}

/// Answers of the API are data of one person: kept by no cache, shown by no frame, run by no page.
async fn for_the_caller_alone(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        ("cache-control", "no-store"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn secure_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in
        [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("x-frame-options", "DENY")]
    {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_xml_in_utf8_is_taken() {
        let cases = [
            ("text/xml; charset=utf-8", true),
            ("text/xml;charset=\"UTF-8\"", true),
            ("text/xml", true),
            ("text/xml; charset=utf-16", false),
            ("text/xml; charset=utf-8; charset=utf-7", false),
            ("application/soap+xml; charset=utf-8", false),
            ("text/plain", false),
            ("", false),
        ];
        for (text, expected) in cases {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(text))]);
            assert_eq!(is_utf8_xml(&headers), expected, "{text}");
        }
        let mut two = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("text/xml"))]);
        two.append(header::CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-16"));
        assert!(!is_utf8_xml(&two) && !is_utf8_xml(&HeaderMap::new()));
    }
}
