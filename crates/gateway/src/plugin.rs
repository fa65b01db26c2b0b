//! The plugin's own files, for pages of other origins.

use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::handler::HandlerWithoutStateExt;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tower_http::services::ServeDir;

use crate::error::Error;

/// Serves a folder, with the `.br` and `.gz` that the bundler laid beside its files.
pub fn files(folder: &Path) -> Router {
    let missing = (|| async { Error::NotFound }).into_service();
    let files = ServeDir::new(folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(missing);
    Router::new().fallback_service(files).layer(middleware::from_fn(for_other_origins))
}

async fn for_other_origins(request: Request, next: Next) -> Response {
    let hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // A page that is cross-origin isolated embeds nothing that does not say so.
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    let cache = match response.status() {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED if hashed => {
            "public, max-age=31536000, immutable"
        }
        // The entry file keeps its name from one version to the next: ask each time, by ETag.
        StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED => "no-cache",
        _ => "no-store",
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// Whether the bundler put a hash of the content into the name: `worker-DkL3x9aB.js`, eight characters of base64url.
/// Small letters alone may be a word (`blikk-calendar.js`) and count as none, which costs one question to the server.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let Some((dash, hash)) = stem.len().checked_sub(9).and_then(|at| stem.split_at_checked(at)).map(|(_, tail)| {
        let mut parts = tail.chars();
        (parts.next(), parts.as_str())
    }) else {
        return false;
    };
    dash == Some('-')
        && hash.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        && hash.bytes().any(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_with_a_hash_is_kept_for_a_year() {
        let cases = [
            ("/worker-DkL3x9aB.js", true),
            ("/assets/blikk_calendar_sync_bg-C-_9fTz1.wasm", true),
            ("/blikk-calendar-sync.js", false),
            ("/blikk-calendar.js", false),
            ("/-abcdefg.js", false),
            ("/åäö-åäöåäö.js", false),
            ("/", false),
        ];
        for (path, expected) in cases {
            assert_eq!(is_hashed(path), expected, "{path}");
        }
    }
}
