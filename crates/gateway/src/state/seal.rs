//! Seals what rows hold: XChaCha20-Poly1305 with the gateway's own key (draft-irtf-cfrg-xchacha-03).
//!
//! Rows are written by the million where the service account is saved by hand, so the nonce is one of 192 random bits,
//! which chance never brings twice. Whose row it is and which is bound to it: a row that was moved within the database,
//! from one person to another for one, does not open.

use chacha20poly1305::aead::{Aead, AeadCore, OsRng, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretBox};

use super::{Kind, Pair};

/// Bound to each row, so that nothing else that was sealed with the key is taken for one.
const FORMAT: &str = "blikk-calendar-gateway state 1";
const NONCE: usize = 24;

pub struct Sealer(XChaCha20Poly1305);

impl Sealer {
    pub fn new(key: &SecretBox<[u8; 32]>) -> Sealer {
        Sealer(XChaCha20Poly1305::new(key.expose_secret().into()))
    }

    /// Nonce and ciphertext.
    pub fn seal(&self, pair: &Pair, kind: Kind, id: &str, row: &str) -> Vec<u8> {
        let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
        let payload = Payload { msg: row.as_bytes(), aad: &bound(pair, kind, id) };
        let sealed = self.0.encrypt(&nonce, payload).expect("a row is far below the cipher's 256 GiB");
        [nonce.as_slice(), &sealed].concat()
    }

    /// `None` when it is not what was sealed for this place.
    pub fn open(&self, pair: &Pair, kind: Kind, id: &str, sealed: &[u8]) -> Option<String> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let payload = Payload { msg: sealed, aad: &bound(pair, kind, id) };
        let plain = self.0.decrypt(XNonce::from_slice(nonce), payload).ok()?;
        String::from_utf8(plain).ok()
    }
}

/// Each part with its length before it, so that no two places are written alike.
fn bound(Pair { person, mailbox, folder }: &Pair, kind: Kind, id: &str) -> Vec<u8> {
    let parts = [FORMAT, person, mailbox, folder, kind.name(), id];
    parts.iter().flat_map(|part| [&(part.len() as u64).to_le_bytes(), part.as_bytes()].concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_opens_in_its_own_place_alone() {
        let sealer = Sealer::new(&SecretBox::new(Box::new([7; 32])));
        let pair = |person: &str, folder: &str| Pair {
            person: person.into(),
            mailbox: "a@b.example".into(),
            folder: folder.into(),
        };
        let own = pair("17", "");
        let sealed = sealer.seal(&own, Kind::Link, "1", r#"{"title":"Löner"}"#);
        assert_ne!(sealed, sealer.seal(&own, Kind::Link, "1", r#"{"title":"Löner"}"#), "another nonce");
        let open = |pair: &Pair, kind, id| sealer.open(pair, kind, id, &sealed);
        assert_eq!(open(&own, Kind::Link, "1").as_deref(), Some(r#"{"title":"Löner"}"#));
        for (pair, kind, id) in [
            (&pair("18", ""), Kind::Link, "1"),
            (&pair("17", "x"), Kind::Link, "1"),
            (&own, Kind::Run, "1"),
            (&own, Kind::Link, "2"),
        ] {
            assert_eq!(open(pair, kind, id), None);
        }
        let other = Sealer::new(&SecretBox::new(Box::new([8; 32])));
        assert_eq!(other.open(&own, Kind::Link, "1", &sealed), None);
        for length in 0..sealed.len() {
            assert_eq!(sealer.open(&own, Kind::Link, "1", &sealed[..length]), None, "cut at {length}");
        }
    }
}
