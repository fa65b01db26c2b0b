//! Who is calling: the Blikk session's short-lived gateway token, a JWT (RFC 7519).
//!
//! The library checks the signature, with the one algorithm and the one key that the configuration names; what the
//! token says about algorithms and keys (`alg`, `jwk`, `jku`, `kid`, `x5u`) decides nothing (RFC 8725 section 3.1).
//! The claims are judged here, all in one place and against a clock that is handed in.

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use secrecy::ExposeSecret;
use serde::Deserialize;

use crate::config::{TokenConfig, TokenKey};

/// Clocks of two machines differ; by no more than this.
const LEEWAY: i64 = 30;
/// A genuine token is a few hundred bytes.
const MAX_TOKEN: usize = 8 * 1024;

/// A signed-in Blikk user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Blikk's user id; the only thing about a person that is logged.
    pub user: String,
    pub mailbox: Mailbox,
    pub role: Role,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    User,
    /// May read and change the saved service account.
    Admin,
}

/// An SMTP address, plausible and fit for a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox(String);

impl Mailbox {
    /// `None` for what no mailbox is called: two ats, white space, control characters, brackets, lists.
    pub fn parse(address: &str) -> Option<Mailbox> {
        let (local, domain) = address.split_once('@')?;
        let strange = |c: char| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"@".contains(c);
        // RFC 5321 section 4.5.3.1.3: a path has at most 256 octets, its two brackets included.
        let sound = !local.is_empty() && !domain.is_empty() && address.len() <= 254;
        (sound && !local.contains(strange) && !domain.contains(strange)).then(|| Mailbox(address.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the same mailbox. Exchange compares without case; we fold ASCII only, because Unicode's
    /// folding would make one of two different addresses (the Kelvin sign and `k`).
    pub fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    Expired,
    Invalid(&'static str),
}

/// Checks tokens with the configured key.
pub struct Verifier {
    key: DecodingKey,
    validation: Validation,
    issuer: String,
    audience: String,
    max_lifetime: i64,
}

impl Verifier {
    /// Fails, with a sentence, when the key is not one for the algorithm.
    pub fn new(config: &TokenConfig) -> Result<Verifier, String> {
        let (algorithm, key) = match &config.key {
            TokenKey::Hs256(secret) => (Algorithm::HS256, DecodingKey::from_secret(secret.expose_secret().as_bytes())),
            TokenKey::Rs256(pem) => (Algorithm::RS256, DecodingKey::from_rsa_pem(pem).map_err(not_a_key("RSA"))?),
            TokenKey::EdDsa(pem) => (Algorithm::EdDSA, DecodingKey::from_ed_pem(pem).map_err(not_a_key("Ed25519"))?),
        };
        // The claims are this module's; the library's part is the signature.
        let mut validation = Validation::new(algorithm);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        Ok(Verifier {
            key,
            validation,
            issuer: config.issuer.clone(),
            audience: config.audience.clone(),
            max_lifetime: config.max_lifetime.as_secs().try_into().unwrap_or(i64::MAX),
        })
    }

    /// The caller that a token names, at `now` (seconds since 1970).
    pub fn verify(&self, token: &str, now: i64) -> Result<Caller, TokenFault> {
        if token.len() > MAX_TOKEN {
            return Err(TokenFault::Invalid("the token is too long"));
        }
        let data = jsonwebtoken::decode::<Claims>(token, &self.key, &self.validation)
            .map_err(|error| TokenFault::Invalid(why_not(error.kind())))?;
        // RFC 7515 section 4.1.11: extensions that must be understood, and are not.
        if data.header.crit.is_some() {
            return Err(TokenFault::Invalid("the token demands extensions that the gateway does not know"));
        }
        self.judge(data.claims, now)
    }

    fn judge(&self, claims: Claims, now: i64) -> Result<Caller, TokenFault> {
        let invalid = |why| Err(TokenFault::Invalid(why));
        if claims.iss != self.issuer {
            return invalid("the token was issued by somebody else");
        }
        if !claims.aud.names(&self.audience) {
            return invalid("the token is meant for somebody else");
        }
        if claims.iat > now.saturating_add(LEEWAY) || claims.nbf.is_some_and(|nbf| nbf > now.saturating_add(LEEWAY)) {
            return invalid("the token is not valid yet; are the clocks right?");
        }
        if claims.exp <= claims.iat || claims.exp.saturating_sub(claims.iat) > self.max_lifetime {
            return invalid("the token's lifetime is longer than the gateway accepts, or negative");
        }
        if claims.exp.saturating_add(LEEWAY) <= now {
            return Err(TokenFault::Expired);
        }
        if claims.sub.is_empty() || claims.sub.len() > 128 || claims.sub.chars().any(char::is_control) {
            return invalid("the token's subject is empty or strange");
        }
        let Some(mailbox) = Mailbox::parse(&claims.mailbox) else {
            return invalid("the token's mailbox is not an SMTP address");
        };
        Ok(Caller { user: claims.sub, mailbox, role: claims.role })
    }
}

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    sub: String,
    mailbox: String,
    role: Role,
    iat: i64,
    exp: i64,
    nbf: Option<i64>,
}

/// RFC 7519 section 4.1.3: one, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn names(&self, audience: &str) -> bool {
        match self {
            Audience::One(one) => one == audience,
            Audience::Several(several) => several.iter().any(|one| one == audience),
        }
    }
}

/// What is wrong, without the token's content.
fn why_not(kind: &jsonwebtoken::errors::ErrorKind) -> &'static str {
    use jsonwebtoken::errors::ErrorKind;
    match kind {
        ErrorKind::InvalidSignature => "the token's signature is wrong",
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => "the token is signed with another algorithm",
        ErrorKind::Json(_) => "the token's header or claims are not those of a gateway token",
        _ => "the token cannot be read",
    }
}

fn not_a_key(kind: &'static str) -> impl Fn(jsonwebtoken::errors::Error) -> String {
    move |_| format!("token.public_key_file is not an {kind} public key in PEM (\"-----BEGIN PUBLIC KEY-----\")")
}
