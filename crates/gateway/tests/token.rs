//! Which tokens open the gateway, and as whom.

mod support;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gateway::config::{TokenConfig, TokenKey};
use gateway::token::{Caller, Mailbox, Role, TokenFault, Verifier};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::{KeyPair, PKCS_ED25519, PKCS_RSA_SHA256};
use serde_json::{Value, json};
use std::time::Duration;
use support::{ISSUER, SECRET, claims, claims_with, signed, token};

fn verifier(key: TokenKey) -> Verifier {
    let config = TokenConfig {
        key,
        issuer: ISSUER.into(),
        audience: "blikk-calendar-gateway".into(),
        max_lifetime: Duration::from_secs(3600),
    };
    Verifier::new(&config).expect("a key")
}

fn hs256() -> Verifier {
    verifier(TokenKey::Hs256(SECRET.into()))
}

fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

fn verify(token: &str) -> Result<Caller, TokenFault> {
    hs256().verify(token, now())
}

#[test]
fn a_good_token_names_user_mailbox_and_role() {
    let caller = verify(&token()).expect("good");
    assert_eq!((caller.user.as_str(), caller.role), ("17", Role::User));
    assert_eq!(caller.mailbox.as_str(), support::samples::MAILBOX);
    let several = signed(&claims_with(json!({ "aud": ["other", "blikk-calendar-gateway"], "role": "admin" })));
    assert_eq!(verify(&several).map(|caller| caller.role), Ok(Role::Admin));
}

/// Each line: what is changed in good claims, relative to now where it is a time.
#[test]
fn a_token_with_one_claim_wrong_is_refused() {
    let now = now();
    let cases = [
        json!({ "iss": "https://evil.example" }),
        json!({ "iss": [ISSUER] }),
        json!({ "iss": null }),
        json!({ "aud": "another-gateway" }),
        json!({ "aud": [] }),
        json!({ "aud": null }),
        json!({ "sub": null }),
        json!({ "sub": "" }),
        json!({ "sub": "17\nstatus=200" }),
        json!({ "sub": 17 }),
        json!({ "mailbox": null }),
        json!({ "mailbox": "anna" }),
        json!({ "mailbox": "anna@x@y" }),
        json!({ "mailbox": "anna@konsult.example\r\nX-Evil: 1" }),
        json!({ "mailbox": "anna@konsult.example,bo@konsult.example" }),
        json!({ "mailbox": ["anna@konsult.example"] }),
        json!({ "role": null }),
        json!({ "role": "root" }),
        json!({ "role": "Admin" }),
        json!({ "iat": null }),
        json!({ "exp": null }),
        json!({ "exp": (now + 900).to_string() }),
        json!({ "iat": now + 120, "exp": now + 900 }),
        json!({ "nbf": now + 120 }),
        json!({ "iat": now, "exp": now + 3601 }),
        json!({ "iat": now - 7200, "exp": now + 60 }),
        json!({ "iat": now, "exp": now }),
        json!({ "iat": now - 10, "exp": now - 20 }),
        json!({ "iat": i64::MIN, "exp": i64::MAX }),
    ];
    for changes in cases {
        let refused = verify(&signed(&claims_with(changes.clone())));
        assert!(matches!(refused, Err(TokenFault::Invalid(_))), "{changes}: {refused:?}");
    }
}

#[test]
fn a_genuine_token_is_expired_when_its_time_and_thirty_seconds_are_over() {
    let (verifier, good) = (hs256(), token());
    let end = claims()["exp"].as_i64().expect("a time");
    assert!(verifier.verify(&good, end + 28).is_ok());
    assert_eq!(verifier.verify(&good, end + 32), Err(TokenFault::Expired));
    let start = claims()["iat"].as_i64().expect("a time");
    assert!(verifier.verify(&good, start - 28).is_ok());
    assert!(matches!(verifier.verify(&good, start - 34), Err(TokenFault::Invalid(_))));
}

#[test]
fn only_a_genuine_token_is_called_expired() {
    let old = claims_with(json!({ "iat": now() - 2000, "exp": now() - 1000 }));
    assert_eq!(verify(&signed(&old)), Err(TokenFault::Expired));
    let forged = encode(&Header::new(Algorithm::HS256), &old, &EncodingKey::from_secret(b"another secret"));
    assert!(matches!(verify(&forged), Err(TokenFault::Invalid(_))));
}

#[test]
fn the_algorithm_is_the_configurations_and_never_the_tokens() {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let good = token();
    let (message, signature) = good.rsplit_once('.').expect("three parts");
    let (_, payload) = message.split_once('.').expect("three parts");
    let headers = [
        json!({ "alg": "none", "typ": "JWT" }),
        json!({ "alg": "None" }),
        json!({ "alg": "HS384" }),
        json!({ "alg": "RS256" }),
        json!({ "alg": "EdDSA", "jwk": { "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" } }),
        json!({ "typ": "JWT" }),
        json!("HS256"),
    ];
    for header in headers {
        for signature in ["", signature] {
            let forged = format!("{}.{payload}.{signature}", part(&header));
            assert!(matches!(verify(&forged), Err(TokenFault::Invalid(_))), "{header} {signature}");
        }
    }
    for text in ["", ".", "..", "a.b.c", payload, message, &format!("{good}."), &format!(" {good}"), &"a".repeat(9000)]
    {
        assert!(matches!(verify(text), Err(TokenFault::Invalid(_))), "{text}");
    }
}

#[test]
fn a_header_that_demands_extensions_is_refused() {
    let header = Header { crit: Some(vec!["exp".into()]), ..Header::new(Algorithm::HS256) };
    let token = encode(&header, &claims(), &EncodingKey::from_secret(SECRET.as_bytes()));
    assert!(matches!(verify(&token), Err(TokenFault::Invalid(_))));
}

#[test]
fn a_public_key_is_no_secret_and_its_own_signature_counts() {
    let rsa = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key");
    let ed = KeyPair::generate_for(&PKCS_ED25519).expect("a key");
    let (rsa_pem, ed_pem) = (rsa.public_key_pem().into_bytes(), ed.public_key_pem().into_bytes());
    let private_rsa = EncodingKey::from_rsa_pem(rsa.serialize_pem().as_bytes()).expect("a key");
    let private_ed = EncodingKey::from_ed_pem(ed.serialize_pem().as_bytes()).expect("a key");
    let by_rsa = encode(&Header::new(Algorithm::RS256), &claims(), &private_rsa);
    let by_ed = encode(&Header::new(Algorithm::EdDSA), &claims(), &private_ed);
    let (rs256, eddsa) = (verifier(TokenKey::Rs256(rsa_pem.clone())), verifier(TokenKey::EdDsa(ed_pem.clone())));

    assert!(rs256.verify(&by_rsa, now()).is_ok());
    assert!(eddsa.verify(&by_ed, now()).is_ok());
    assert!(matches!(rs256.verify(&by_ed, now()), Err(TokenFault::Invalid(_))));
    assert!(matches!(eddsa.verify(&by_rsa, now()), Err(TokenFault::Invalid(_))));
    // The known confusion: whoever has the public key signs with it as if it were a shared secret.
    for (verifier, pem) in [(&rs256, &rsa_pem), (&eddsa, &ed_pem)] {
        let forged = encode(&Header::new(Algorithm::HS256), &claims(), &EncodingKey::from_secret(pem));
        assert!(matches!(verifier.verify(&forged, now()), Err(TokenFault::Invalid(_))));
    }
}

#[test]
fn a_key_of_another_kind_is_told_at_the_start() {
    let ed = KeyPair::generate_for(&PKCS_ED25519).expect("a key").public_key_pem().into_bytes();
    for key in [TokenKey::Rs256(ed), TokenKey::EdDsa(b"not a key".to_vec())] {
        let config =
            TokenConfig { key, issuer: "i".into(), audience: "a".into(), max_lifetime: Duration::from_secs(60) };
        let told = Verifier::new(&config).err().expect("refused");
        assert!(told.contains("public_key_file"), "{told}");
    }
}

#[test]
fn a_mailbox_is_an_address_and_nothing_more() {
    for good in ["anna.akesson@konsult.example", "o'brien+blikk@x.se", "a&b@x", "åsa@räksmörgås.example"] {
        assert!(Mailbox::parse(good).is_some(), "{good}");
    }
    let long = format!("{}@x.se", "a".repeat(260));
    for bad in
        ["", "@", "a@", "@x", "a", "a b@x", "a@x\n", "<a@x>", "a@x,b@x", "a@b@c", "\"a\"@x", "a@x;", long.as_str()]
    {
        assert!(Mailbox::parse(bad).is_none(), "{bad:?}");
    }
}

fn encode(header: &Header, claims: &Value, key: &EncodingKey) -> String {
    jsonwebtoken::encode(header, claims, key).expect("a token")
}
