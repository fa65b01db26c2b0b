//! The one way out: to the configured or chosen Exchange, as the service account, with an envelope that the guard wrote.
//!
//! No redirects (they would carry the credential elsewhere), no proxy from the environment, no cookies, no retries
//! (a CreateItem sent twice is two events), nothing of the browser's headers. [`judge`] decides what an answer's
//! status means; everything around it only carries.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use chrono::{DateTime, NaiveDateTime, Utc};
use reqwest::{Client, ClientBuilder, redirect};
use secrecy::ExposeSecret;

use crate::config::{Config, Destination, Limits};
use crate::error::ExchangeFault;
use crate::integration::Integration;
use crate::server_address::LookUpFault;
use crate::soap_guard::Accepted;
use crate::token::Mailbox;

/// Carries requests to Exchange.
#[derive(Debug)]
pub struct Upstream {
    client: Client,
    /// Calls public addresses only.
    guarded: Client,
    answer_bytes: usize,
}

impl Upstream {
    /// Fails when the machine has no root certificates at all.
    pub fn new(config: &Config) -> Result<Upstream, String> {
        let failed = |error| format!("cannot set up TLS: {}; is the package ca-certificates there?", causes(&error));
        let client = builder(config).build().map_err(failed)?;
        let guarded = builder(config).dns_resolver(config.server_address.resolver()).build().map_err(failed)?;
        Ok(Upstream { client, guarded, answer_bytes: config.limits.answer_bytes })
    }

    /// The client for addresses that came from outside.
    pub fn guarded(&self) -> &Client {
        &self.guarded
    }

    /// Sends one request and hands back the whole answer.
    pub async fn send(
        &self,
        destination: &Destination,
        account: &Integration,
        mailbox: &Mailbox,
        request: Accepted,
    ) -> Result<Response<Body>, ExchangeFault> {
        let client = if destination.is_guarded { &self.guarded } else { &self.client };
        let mut answer = client
            .post(destination.url.clone())
            .basic_auth(&account.account, Some(account.password.expose_secret()))
            // Exchange routes by this header to the server that has the mailbox:
            // https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-maintain-affinity
            .header("X-AnchorMailbox", HeaderValue::from_str(mailbox.as_str()).map_err(|_| no_header())?)
            .header(header::CONTENT_TYPE, "text/xml; charset=utf-8")
            .header(header::ACCEPT, "text/xml")
            .header("SOAPAction", format!("\"{ACTIONS}{}\"", request.operation))
            .body(request.envelope)
            .send()
            .await
            .map_err(|error| fault(&error))?;
        let (status, content_type) = (answer.status(), answer.headers().get(header::CONTENT_TYPE).cloned());
        let retry_after = answer.headers().get(header::RETRY_AFTER).and_then(|value| seconds_until(value, Utc::now()));
        judge(status, content_type.as_ref(), retry_after)?;
        let body = whole_body(&mut answer, self.answer_bytes).await?;
        Ok(passed_on(status, content_type, retry_after, body))
    }
}

fn builder(config: &Config) -> ClientBuilder {
    let Limits { connect_timeout, answer_timeout, .. } = config.limits;
    Client::builder()
        .user_agent(concat!("blikk-calendar-gateway/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(connect_timeout)
        .timeout(answer_timeout)
        .tls_certs_merge(config.extra_roots.iter().cloned())
}

/// The limit holds while the bytes come in: neither a lie in Content-Length nor its absence gets past it.
pub(crate) async fn whole_body(answer: &mut reqwest::Response, limit: usize) -> Result<Vec<u8>, ExchangeFault> {
    if answer.content_length().is_some_and(|length| length > limit as u64) {
        return Err(ExchangeFault::TooLarge { limit });
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| fault(&error))? {
        if body.len() + chunk.len() > limit {
            return Err(ExchangeFault::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

const ACTIONS: &str = "http://schemas.microsoft.com/exchange/services/2006/messages/";

/// Whether the answer goes to the core as it is, which knows SOAP, faults and response codes; or what it means.
fn judge(
    status: StatusCode,
    content_type: Option<&HeaderValue>,
    retry_after: Option<u64>,
) -> Result<(), ExchangeFault> {
    let xml = content_type.is_some_and(is_xml);
    match status.as_u16() {
        // A 200 that is not XML is for the core to judge too: it has words for it.
        200 => Ok(()),
        // A SOAP fault comes with 500 (SOAP 1.1 section 6.2), a throttled one may come with 503 (R12).
        500 | 429 | 503 if xml => Ok(()),
        429 | 503 => Err(ExchangeFault::Busy { status, retry_after }),
        401 => Err(ExchangeFault::Unauthorized),
        403 => Err(ExchangeFault::Forbidden),
        413 => Err(ExchangeFault::RequestTooLarge),
        _ => Err(ExchangeFault::Failed { status }),
    }
}

fn is_xml(content_type: &HeaderValue) -> bool {
    let text = content_type.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(essence.as_str(), "text/xml" | "application/xml" | "application/soap+xml")
}

/// RFC 9110 section 10.2.3: seconds, or a date. The core understands seconds.
fn seconds_until(retry_after: &HeaderValue, now: DateTime<Utc>) -> Option<u64> {
    let text = retry_after.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let date = http_date(text)?;
    Some((date - now).num_seconds().max(0).unsigned_abs())
}

/// RFC 9110 section 5.6.7: the form of today and the two of old, all in GMT.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    let of_old = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    let parsed = |form| NaiveDateTime::parse_from_str(text, form).ok().map(|date| date.and_utc());
    let today = DateTime::parse_from_rfc2822(text).ok().map(|date| date.to_utc());
    today.or_else(|| of_old.into_iter().find_map(parsed))
}

/// Three headers of Exchange's, and no other: not its cookies, not the names of its servers.
fn passed_on(
    status: StatusCode,
    content_type: Option<HeaderValue>,
    retry_after: Option<u64>,
    body: Vec<u8>,
) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let mut set = |name: HeaderName, value: Option<HeaderValue>| {
        if let Some(value) = value {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, content_type);
    set(header::RETRY_AFTER, retry_after.map(HeaderValue::from));
    response
}

/// What happened on the way, for the page; the log gets the causes.
fn fault(error: &reqwest::Error) -> ExchangeFault {
    let causes = causes(error);
    tracing::warn!(causes, "no answer from Exchange");
    if error.is_connect() {
        return ExchangeFault::Unreachable(if causes.contains("certificate") {
            "the certificate of the Exchange server is not trusted"
        } else if causes.contains(&LookUpFault::NotPublic.to_string()) {
            "the Exchange server has no public address"
        } else {
            "no connection to the Exchange server"
        });
    }
    if error.is_timeout() {
        return ExchangeFault::TimedOut;
    }
    ExchangeFault::Unreachable("the connection to the Exchange server broke off")
}

/// The chain of an error's causes. Not the error itself, which would name the address; no cause holds a credential.
fn causes(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    causes.join(": ")
}

/// An address of letters outside ASCII cannot stand in the header that routes to it.
fn no_header() -> ExchangeFault {
    ExchangeFault::Unreachable("the mailbox's address cannot stand in an HTTP header")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_exchanges_status_means() {
        use ExchangeFault as F;
        let s = |code| StatusCode::from_u16(code).expect("a status");
        let cases = [
            (200, Some("text/xml; charset=utf-8"), Ok(())),
            (200, Some("text/html"), Ok(())),
            (200, None, Ok(())),
            (500, Some("text/xml;charset=utf-8"), Ok(())),
            (500, Some("Application/SOAP+XML"), Ok(())),
            (500, Some("text/html"), Err(F::Failed { status: s(500) })),
            (503, Some("text/xml"), Ok(())),
            (503, Some("text/html"), Err(F::Busy { status: s(503), retry_after: Some(9) })),
            (429, None, Err(F::Busy { status: s(429), retry_after: Some(9) })),
            (401, Some("text/xml"), Err(F::Unauthorized)),
            (403, Some("text/xml"), Err(F::Forbidden)),
            (413, Some("text/html"), Err(F::RequestTooLarge)),
            (302, Some("text/html"), Err(F::Failed { status: s(302) })),
            (404, Some("text/html"), Err(F::Failed { status: s(404) })),
            (502, Some("text/xml"), Err(F::Failed { status: s(502) })),
        ];
        for (code, content_type, expected) in cases {
            let header = content_type.map(HeaderValue::from_static);
            assert_eq!(judge(s(code), header.as_ref(), Some(9)), expected, "{code} {content_type:?}");
        }
    }

    #[test]
    fn r12_a_wait_may_be_told_in_seconds_or_as_a_date() {
        let now = DateTime::parse_from_rfc3339("2027-03-01T08:00:00Z").expect("a time").to_utc();
        let cases = [
            ("120", Some(120)),
            ("Mon, 01 Mar 2027 08:01:30 GMT", Some(90)),
            ("Monday, 01-Mar-27 08:01:30 GMT", Some(90)),
            ("Mon Mar  1 08:01:30 2027", Some(90)),
            ("Mon, 01 Mar 2027 07:00:00 GMT", Some(0)),
            ("Mon, 01 Mar 2027", None),
            ("soon", None),
            ("-5", None),
        ];
        for (text, expected) in cases {
            assert_eq!(seconds_until(&HeaderValue::from_static(text), now), expected, "{text}");
        }
    }
}
