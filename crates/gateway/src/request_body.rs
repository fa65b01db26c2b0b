//! Takes in a request's body: whole, within a limit and within a time.
//!
//! A browser that still sends while it is refused sees a broken connection and not the refusal (RFC 9112 section
//! 9.6), and the page would call the gateway unreachable where it should fetch a new token. So a refused body is
//! read to its end all the same, and thrown away, up to a point.

use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body_util::BodyExt;
use tokio::time::timeout;

use crate::error::Error;

/// Time for the whole body, on a poor line.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much more than the limit is read for the sake of a refusal that arrives.
const COURTESY: usize = 4;

/// The whole body, if it is within the limit.
pub async fn read(body: Body, limit: usize) -> Result<Vec<u8>, Error> {
    timeout(PATIENCE, take(body, limit)).await.unwrap_or(Err(Error::RequestTooSlow))
}

/// Reads on and keeps nothing.
pub async fn discard(body: Body, limit: usize) {
    let _ = read(body, limit).await;
}

async fn take(mut body: Body, limit: usize) -> Result<Vec<u8>, Error> {
    let (mut kept, mut length) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let broken = |_| Error::BadRequest("the request's body broke off".into());
        let chunk: Bytes = frame.map_err(broken)?.into_data().unwrap_or_default();
        length = length.saturating_add(chunk.len());
        if length <= limit {
            kept.extend_from_slice(&chunk);
        } else {
            kept = Vec::new();
            if length > limit.saturating_mul(COURTESY) {
                break;
            }
        }
    }
    if length > limit { Err(Error::RequestTooLarge { limit }) } else { Ok(kept) }
}
