//! Lets in whom the token names: the first thing every handler asks for.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use chrono::Utc;
use tracing::Span;

use crate::Gateway;
use crate::error::Error;
use crate::rate_limit::Turn;
use crate::token::{Caller, Role, TokenFault};

/// A caller whose token is good, and whose turn it is until this is dropped.
pub struct SignedIn {
    pub caller: Caller,
    _turn: Turn,
}

/// The same, with the role "admin".
pub struct Admin(pub SignedIn);

impl FromRequestParts<Arc<Gateway>> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, Error> {
        let caller = gateway.verifier.verify(bearer(parts)?, Utc::now().timestamp()).map_err(Error::from)?;
        Span::current().record("user", &caller.user);
        let turn = gateway.limiter.take(&caller.user, Instant::now());
        Ok(SignedIn { _turn: turn.map_err(|retry_after| Error::TooManyRequests { retry_after })?, caller })
    }
}

impl FromRequestParts<Arc<Gateway>> for Admin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, Error> {
        let signed_in = SignedIn::from_request_parts(parts, gateway).await?;
        match signed_in.caller.role {
            Role::Admin => Ok(Admin(signed_in)),
            Role::User => Err(Error::Refused("this takes a token with the role \"admin\"".into())),
        }
    }
}

/// RFC 6750 section 2.1, in one header and nowhere else: not in the address, where logs would keep it.
fn bearer(parts: &Parts) -> Result<&str, Error> {
    let mut headers = parts.headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (headers.next(), headers.next()) else {
        return Err(Error::TokenInvalid("one Authorization header with a bearer token is needed"));
    };
    let scheme_and_token = value.to_str().ok().and_then(|text| text.split_once(' '));
    match scheme_and_token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(Error::TokenInvalid("the Authorization header must be \"Bearer\" and a token")),
    }
}

impl From<TokenFault> for Error {
    fn from(fault: TokenFault) -> Self {
        match fault {
            TokenFault::Expired => Error::TokenExpired,
            TokenFault::Invalid(why) => Error::TokenInvalid(why),
        }
    }
}
