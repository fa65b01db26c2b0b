//! The service account that the administrator saved: one file, encrypted, written whole or not at all.
//!
//! ChaCha20-Poly1305 (RFC 8439) with a fresh random nonce for every save and the configured key, so that a copy of
//! the disk, a backup or a careless `cat` shows nothing, and a changed file is noticed. Provider and account are
//! sealed too. The password leaves this module towards Exchange only.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::rand_core::RngCore;
use chacha20poly1305::aead::{Aead, AeadCore, OsRng, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, Nonce};
use chrono::{DateTime, Utc};
use reqwest::Url;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use serde::{Deserialize, Serialize};

use crate::config::IntegrationConfig;

/// Which Exchange, and as whom.
#[derive(Clone, Debug)]
pub struct Integration {
    /// The id of a configured provider.
    pub provider: String,
    pub account: String,
    pub password: SecretString,
    /// Where the administrator wants it sent; without one, to the provider's address.
    pub server_url: Option<Url>,
    pub saved_at: DateTime<Utc>,
}

/// The one saved integration, in memory and on disk.
#[derive(Debug)]
pub struct Store {
    file: PathBuf,
    key: SecretBox<[u8; 32]>,
    current: RwLock<Option<Arc<Integration>>>,
    /// Held while the disk is written, so that a slow disk holds up no request.
    saving: Mutex<()>,
}

/// Why the file could not be read or written.
#[derive(Debug)]
pub enum StoreError {
    Io(PathBuf, std::io::Error),
    /// Not our file, changed by somebody, or written under another key.
    Sealed(PathBuf),
}

/// Bound to the ciphertext, so that a file of another kind or version is not taken for this one.
const FORMAT: &str = "blikk-calendar-gateway integration 1";

/// The file: nothing in it is secret without the key.
#[derive(Serialize, Deserialize)]
struct SealedFile {
    format: String,
    nonce: String,
    sealed: String,
}

/// What is inside.
#[derive(Serialize, Deserialize)]
struct Contents<'a> {
    provider: std::borrow::Cow<'a, str>,
    account: std::borrow::Cow<'a, str>,
    password: std::borrow::Cow<'a, str>,
    /// Files from before the administrator could choose have none.
    #[serde(default)]
    server_url: Option<std::borrow::Cow<'a, str>>,
    saved_at: DateTime<Utc>,
}

impl Store {
    /// Opens the file if there is one.
    pub fn open(config: &IntegrationConfig) -> Result<Store, StoreError> {
        let key = SecretBox::new(Box::new(*config.key.expose_secret()));
        let file = config.file.clone();
        let current = match std::fs::read(&file) {
            Ok(bytes) => Some(open(&bytes, &key).ok_or_else(|| StoreError::Sealed(file.clone()))?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(StoreError::Io(file, error)),
        };
        Ok(Store { file, key, current: RwLock::new(current.map(Arc::new)), saving: Mutex::default() })
    }

    pub fn current(&self) -> Option<Arc<Integration>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets `decide` make the next integration out of the present one, and keeps it: on disk first, then in memory.
    /// Two administrators who save at the same time take turns.
    pub fn change<E: From<StoreError>>(
        &self,
        decide: impl FnOnce(Option<&Integration>) -> Result<Option<Integration>, E>,
    ) -> Result<Option<Arc<Integration>>, E> {
        let _turn = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        let next = decide(self.current().as_deref())?.map(Arc::new);
        let written = match &next {
            Some(integration) => write_whole(&self.file, &seal(integration, &self.key)),
            None => remove(&self.file),
        };
        written.map_err(|error| StoreError::Io(self.file.clone(), error))?;
        self.current.write().unwrap_or_else(PoisonError::into_inner).clone_from(&next);
        Ok(next)
    }
}

/// 32 random bytes in base64: a key for the file, or a secret for tokens.
pub fn generate_key() -> Zeroizing<String> {
    let mut key = Zeroizing::new([0_u8; 32]);
    OsRng.fill_bytes(key.as_mut());
    Zeroizing::new(STANDARD.encode(*key))
}

fn seal(integration: &Integration, key: &SecretBox<[u8; 32]>) -> Vec<u8> {
    let contents = Contents {
        provider: integration.provider.as_str().into(),
        account: integration.account.as_str().into(),
        password: integration.password.expose_secret().into(),
        server_url: integration.server_url.as_ref().map(|url| url.as_str().into()),
        saved_at: integration.saved_at,
    };
    let plain = Zeroizing::new(serde_json::to_vec(&contents).expect("texts and a time are always JSON"));
    // 96 random bits: a person saves by hand, so chance never brings the same nonce twice.
    let nonce = ChaCha20Poly1305::generate_nonce(&mut OsRng);
    let payload = Payload { msg: &plain, aad: FORMAT.as_bytes() };
    let sealed = cipher(key).encrypt(&nonce, payload).expect("the text is far below the cipher's 256 GiB");
    let file = SealedFile { format: FORMAT.into(), nonce: STANDARD.encode(nonce), sealed: STANDARD.encode(sealed) };
    serde_json::to_vec_pretty(&file).expect("three texts are always JSON")
}

fn open(bytes: &[u8], key: &SecretBox<[u8; 32]>) -> Option<Integration> {
    let file: SealedFile = serde_json::from_slice(bytes).ok()?;
    let nonce: [u8; 12] = STANDARD.decode(file.nonce).ok()?.try_into().ok()?;
    let sealed = STANDARD.decode(file.sealed).ok()?;
    let payload = Payload { msg: &sealed, aad: FORMAT.as_bytes() };
    let plain = Zeroizing::new(cipher(key).decrypt(&Nonce::from(nonce), payload).ok()?);
    let contents: Contents<'_> = serde_json::from_slice(&plain).ok()?;
    // An address that is none must not become the provider's.
    let server_url = contents.server_url.map(|url| Url::parse(&url)).transpose().ok()?;
    Some(Integration {
        server_url,
        provider: contents.provider.into_owned(),
        account: contents.account.into_owned(),
        password: contents.password.into_owned().into(),
        saved_at: contents.saved_at,
    })
}

fn cipher(key: &SecretBox<[u8; 32]>) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(key.expose_secret().into())
}

/// Into a new file of mode 0600 beside the old one, to the disk, and then in its place.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // NamedTempFile creates with 0600, under a name that nobody can foresee.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync_folder(folder)
}

fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The new name itself must survive a loss of power. Windows does this by itself and cannot open folders.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { std::fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StoreError::Io(path, error) => write!(f, "{}: {error}", path.display()),
            StoreError::Sealed(path) => write!(
                f,
                "{}: cannot be opened with integration.key. Set the key it was saved with, or delete the file and \
                 save the service account again on Blikk's page",
                path.display()
            ),
        }
    }
}

impl std::error::Error for StoreError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_is_there_after_a_restart() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = config(folder.path(), [7; 32]);
        save(&Store::open(&config).expect("nothing there yet"), "hemligt åäö");
        let again = Store::open(&config).expect("the same key").current().expect("an integration");
        assert_eq!((again.provider.as_str(), again.account.as_str()), ("office365", "servicekonto@konsult.example"));
        assert_eq!(again.password.expose_secret(), "hemligt åäö");
        let server = again.server_url.as_ref().map(Url::as_str);
        assert_eq!(server, Some("https://mail.konsult.example/EWS/Exchange.asmx"));
    }

    #[test]
    fn a_file_from_before_the_server_could_be_chosen_still_opens() {
        let key = SecretBox::new(Box::new([7; 32]));
        let plain = br#"{"provider":"office365","account":"a","password":"b","saved_at":"2026-11-24T08:00:00Z"}"#;
        let nonce = ChaCha20Poly1305::generate_nonce(&mut OsRng);
        let sealed = cipher(&key).encrypt(&nonce, Payload { msg: plain, aad: FORMAT.as_bytes() }).expect("sealed");
        let file = SealedFile { format: FORMAT.into(), nonce: STANDARD.encode(nonce), sealed: STANDARD.encode(sealed) };
        let opened = open(&serde_json::to_vec(&file).expect("JSON"), &key).expect("an integration");
        assert_eq!((opened.provider.as_str(), opened.server_url), ("office365", None));
    }

    #[test]
    fn the_file_shows_neither_password_nor_account_and_differs_each_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = config(folder.path(), [7; 32]);
        let store = Store::open(&config).expect("nothing there yet");
        save(&store, "hunter2-hunter2");
        let first = std::fs::read_to_string(&config.file).expect("the file");
        save(&store, "hunter2-hunter2");
        let second = std::fs::read_to_string(&config.file).expect("the file");
        assert_ne!(first, second);
        for plain in ["hunter2", "servicekonto", "office365", &STANDARD.encode("hunter2-hunter2")] {
            assert!(!first.contains(plain), "{plain}");
        }
    }

    #[test]
    fn another_key_or_a_changed_file_is_told_and_nothing_is_guessed() {
        let folder = tempfile::tempdir().expect("a folder");
        let right = config(folder.path(), [7; 32]);
        save(&Store::open(&right).expect("nothing there yet"), "hemligt");
        let wrong = config(folder.path(), [8; 32]);
        let told = Store::open(&wrong).expect_err("another key").to_string();
        assert!(told.contains("integration.key"), "{told}");

        let text = std::fs::read_to_string(&right.file).expect("the file");
        let mut file: SealedFile = serde_json::from_str(&text).expect("JSON");
        let mut bytes = STANDARD.decode(&file.sealed).expect("base64");
        bytes[0] ^= 1;
        file.sealed = STANDARD.encode(bytes);
        std::fs::write(&right.file, serde_json::to_vec(&file).expect("JSON")).expect("written");
        assert!(matches!(Store::open(&right), Err(StoreError::Sealed(_))));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_the_file_and_no_half_written_one_stays() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let config = config(folder.path(), [7; 32]);
        save(&Store::open(&config).expect("nothing there yet"), "hemligt");
        let mode = std::fs::metadata(&config.file).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 1);
    }

    #[test]
    fn a_save_that_fails_leaves_the_old_account_in_force() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = config(folder.path(), [7; 32]);
        let store = Store::open(&config).expect("nothing there yet");
        save(&store, "old");
        drop(folder);
        let failed = store.change(|_| Ok::<_, StoreError>(Some(integration("new"))));
        assert!(matches!(failed, Err(StoreError::Io(..))));
        assert_eq!(store.current().map(|it| it.password.expose_secret().to_owned()), Some("old".into()));
    }

    fn config(folder: &Path, key: [u8; 32]) -> IntegrationConfig {
        IntegrationConfig { file: folder.join("integration.json"), key: SecretBox::new(Box::new(key)) }
    }

    fn integration(password: &str) -> Integration {
        Integration {
            provider: "office365".into(),
            account: "servicekonto@konsult.example".into(),
            password: password.into(),
            server_url: Some(Url::parse("https://mail.konsult.example/EWS/Exchange.asmx").expect("an address")),
            saved_at: Utc::now(),
        }
    }

    fn save(store: &Store, password: &str) {
        store.change(|_| Ok::<_, StoreError>(Some(integration(password)))).expect("saved");
    }
}
