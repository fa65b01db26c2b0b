//! One request of the search, over the real network.

use std::time::Duration;

use reqwest::{Client, header};
use secrecy::{ExposeSecret, SecretString};

use super::search::{Ask, Network, Outcome, Reply};
use crate::error::ExchangeFault;
use crate::server_address::LookUpFault;
use crate::upstream::whole_body;

/// Settings of one mailbox are some ten kilobytes.
const MOST_BYTES: usize = 256 * 1024;
/// For one whole request. A name that nobody serves must not use up the time of the others.
const PATIENCE: Duration = Duration::from_secs(10);

/// The network, and the credential for those requests that may have it.
#[derive(Debug)]
pub struct Internet<'a> {
    /// One that follows no redirects and calls public addresses only.
    pub client: &'a Client,
    pub account: &'a str,
    pub password: Option<&'a SecretString>,
}

impl Network for Internet<'_> {
    async fn ask(&self, ask: Ask) -> Result<Reply, Outcome> {
        let mut request = match ask.body {
            Some(body) => self.client.post(ask.url).header(header::CONTENT_TYPE, "text/xml; charset=utf-8").body(body),
            None => self.client.get(ask.url),
        };
        if ask.with_credential {
            let password = self.password.ok_or(Outcome::NeedsPassword)?;
            request = request.basic_auth(self.account, Some(password.expose_secret()));
        }
        let mut answer = request.timeout(PATIENCE).send().await.map_err(|error| outcome_of(&error))?;
        let status = answer.status().as_u16();
        let headers = answer.headers();
        let location = headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let offers_basic = headers.get_all(header::WWW_AUTHENTICATE).iter().any(is_basic);
        let body = whole_body(&mut answer, MOST_BYTES).await.map_err(|fault| match fault {
            ExchangeFault::TooLarge { .. } => Outcome::TooLarge,
            ExchangeFault::TimedOut => Outcome::TimedOut,
            _ => Outcome::NoConnection,
        })?;
        Ok(Reply { status, location, offers_basic, body })
    }
}

/// RFC 9110 section 11.6.1: a list of challenges, in one header or several.
fn is_basic(challenge: &header::HeaderValue) -> bool {
    let text = challenge.to_str().unwrap_or_default();
    let mut schemes = text.split(',').filter_map(|part| part.split_whitespace().next());
    schemes.any(|scheme| scheme.eq_ignore_ascii_case("basic"))
}

fn outcome_of(error: &reqwest::Error) -> Outcome {
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        match cause.downcast_ref() {
            Some(LookUpFault::NoSuchHost) => return Outcome::NoSuchHost,
            Some(LookUpFault::NotPublic) => return Outcome::NotPublic,
            None if cause.to_string().contains("certificate") => return Outcome::Certificate,
            None => next = cause.source(),
        }
    }
    if error.is_timeout() { Outcome::TimedOut } else { Outcome::NoConnection }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_found_among_other_schemes() {
        let cases = [
            ("Basic realm=\"mail.example.com\"", true),
            ("Negotiate, NTLM, basic", true),
            ("NTLM", false),
            ("Bearer realm=\"Basic\"", false),
            ("", false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_basic(&header::HeaderValue::from_static(text)), expected, "{text}");
        }
    }
}
