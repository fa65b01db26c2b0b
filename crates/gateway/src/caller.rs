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
use crate::token::{Caller, Role, TokenFault};

/// A caller with the role "admin".
pub struct Admin(pub Caller);

impl FromRequestParts<Arc<Gateway>> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, Error> {
        let caller = gateway.verifier.verify(bearer(parts)?, Utc::now().timestamp()).map_err(Error::from)?;
        Span::current().record("user", &caller.user);
        gateway
            .limiter
            .take(&caller.user, Instant::now())
            .map_err(|retry_after| Error::TooManyRequests { retry_after })?;
        Ok(caller)
    }
}

impl FromRequestParts<Arc<Gateway>> for Admin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, Error> {
        let caller = Caller::from_request_parts(parts, gateway).await?;
        match caller.role {
            Role::Admin => Ok(Admin(caller)),
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
