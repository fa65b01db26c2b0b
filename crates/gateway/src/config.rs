//! The configuration, checked: whoever holds a [`Config`] need not ask again whether it makes sense.
//!
//! A mistake is reported with the key it stands at and what to write instead, all mistakes at once, and never with
//! the value of a secret.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::HeaderValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Certificate, Url};
use secrecy::{ExposeSecret, SecretBox, SecretString};

use crate::config_file::{self, File};
use crate::integration::Integration;
use crate::server_address::AddressRules;

/// Everything the gateway is told from outside.
#[derive(Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub allowed_origins: Vec<HeaderValue>,
    pub plugin_dir: Option<PathBuf>,
    pub token: TokenConfig,
    pub integration: IntegrationConfig,
    /// Where the engine's memory is kept; `None`: in the browsers.
    pub state: Option<StateConfig>,
    pub limits: Limits,
    /// Trusted beside the system's certificates.
    pub extra_roots: Vec<Certificate>,
    pub providers: Vec<Provider>,
    /// Which other addresses the administrator may choose.
    pub server_address: AddressRules,
    /// Servers to ask for the address of Exchange, instead of those that a domain suggests.
    pub autodiscover_candidates: Vec<Url>,
}

/// How Blikk's tokens are recognised.
#[derive(Debug)]
pub struct TokenConfig {
    pub key: TokenKey,
    pub issuer: String,
    pub audience: String,
    pub max_lifetime: Duration,
}

/// The algorithm and its key, which belong together: a public key can never serve as an HS256 secret.
#[derive(Debug)]
pub enum TokenKey {
    Hs256(SecretString),
    Rs256(Vec<u8>),
    EdDsa(Vec<u8>),
}

/// Where the service account is kept, and under which key.
#[derive(Debug)]
pub struct IntegrationConfig {
    pub file: PathBuf,
    pub key: SecretBox<[u8; 32]>,
}

/// Where the engine's memory is kept, and how much of it.
#[derive(Debug)]
pub struct StateConfig {
    pub keeper: Keeper,
    /// Of one pair of calendars.
    pub quota_bytes: u64,
    /// Of one commit.
    pub commit_bytes: usize,
}

#[derive(Debug)]
pub enum Keeper {
    Sqlite(PathBuf),
    /// An address that may hold a password.
    Postgres(SecretString),
}

#[derive(Clone, Debug)]
pub struct Limits {
    pub request_bytes: usize,
    pub answer_bytes: usize,
    pub connect_timeout: Duration,
    pub answer_timeout: Duration,
    pub requests_per_second: u32,
    pub burst: u32,
    pub concurrent_requests: usize,
    pub concurrent_requests_per_user: u32,
    pub concurrent_requests_per_mailbox: usize,
}

/// An Exchange that the administrator can choose.
#[derive(Clone, Debug)]
pub struct Provider {
    pub id: String,
    pub name: String,
    /// Without one, the administrator gives the address.
    pub ews_url: Option<Url>,
}

/// Where requests go, and the password with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    pub url: Url,
    /// Chosen by an administrator, and not by whoever runs the gateway: public addresses only.
    pub is_guarded: bool,
}

/// What is wrong with a configuration, one sentence each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub Vec<String>);

/// What `gateway --example-config` prints.
pub const EXAMPLE: &str = include_str!("../gateway.example.toml");

impl Config {
    /// Reads the file, with the environment's `GATEWAY__SECTION__KEY` laid over it.
    pub fn load(path: &Path) -> Result<Config, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError(vec![format!("cannot read the file {}: {error}", path.display())]))?;
        let ours = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            let name = name.into_string().ok().filter(|name| name.starts_with(config_file::PREFIX))?;
            Some((name, value.into_string().ok()?))
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        Config::parse(&text, std::env::vars_os().filter_map(ours), folder)
    }

    /// From the text alone: no environment, paths relative to the working directory.
    ///
    pub fn from_toml(text: &str) -> Result<Config, ConfigError> {
        Config::parse(text, [], Path::new(""))
    }

    /// From text and variables; paths are relative to `folder`.
    ///
    /// ```
    /// use gateway::config::{Config, EXAMPLE};
    ///
    /// let secrets = ["GATEWAY__TOKEN__SECRET", "GATEWAY__INTEGRATION__KEY"]
    ///     .map(|name| (name.to_owned(), gateway::generate_key().to_string()));
    /// let config = Config::parse(EXAMPLE, secrets, "".as_ref())?;
    /// assert_eq!(config.token.audience, "blikk-calendar-gateway");
    /// # Ok::<(), gateway::config::ConfigError>(())
    /// ```
    pub fn parse(
        text: &str,
        variables: impl IntoIterator<Item = (String, String)>,
        folder: &Path,
    ) -> Result<Config, ConfigError> {
        let file = config_file::read(text, variables).map_err(|problem| ConfigError(vec![problem]))?;
        let mut problems = Vec::new();
        match check(file, folder, &mut problems) {
            Some(config) if problems.is_empty() => Ok(config),
            _ => Err(ConfigError(problems)),
        }
    }

    /// The provider of that id.
    pub fn provider(&self, id: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.id == id)
    }

    /// Where this account's requests go. `None` when the configuration no longer has its provider, or no longer allows
    /// its address: what is saved follows the configuration, not the other way round.
    pub fn destination(&self, integration: &Integration) -> Option<Destination> {
        let provider = self.provider(&integration.provider)?;
        match &integration.server_url {
            Some(url) => {
                let url = self.server_address.check(url.as_str()).ok()?;
                Some(Destination { url, is_guarded: true })
            }
            None => provider.ews_url.clone().map(|url| Destination { url, is_guarded: false }),
        }
    }
}

/// Notes every problem; `None` where one leaves no value to go on with.
fn check(file: File, folder: &Path, problems: &mut Vec<String>) -> Option<Config> {
    let listen = noted(problems, listen_address(&file.listen));
    let allowed_origins = noted(problems, origins(&file.allowed_origins));
    let plugin_dir = noted(problems, file.plugin_dir.map(|dir| existing_folder(&folder.join(dir))).transpose());
    let token = noted(problems, token(file.token, folder));
    let integration = noted(problems, integration(file.integration, folder));
    let state = noted(problems, file.state.map(|section| state(section, folder)).transpose());
    let limits = noted(problems, limits(&file.limits));
    let extra_roots = noted(problems, extra_roots(file.upstream.extra_root_certificates.as_deref(), folder));
    let providers = noted(problems, providers(file.providers));
    let places = file.server_address;
    let server_address = noted(problems, AddressRules::new(&places.allowed_hosts, &places.allow_private));
    let candidates = server_address.as_ref().map(|rules| candidates(&file.autodiscover.candidates, rules));
    let autodiscover_candidates = candidates.and_then(|candidates| noted(problems, candidates));
    Some(Config {
        listen: listen?,
        allowed_origins: allowed_origins?,
        plugin_dir: plugin_dir?,
        token: token?,
        integration: integration?,
        state: state?,
        limits: limits?,
        extra_roots: extra_roots?,
        providers: providers?,
        server_address: server_address?,
        autodiscover_candidates: autodiscover_candidates?,
    })
}

fn noted<T>(problems: &mut Vec<String>, result: Result<T, String>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

fn listen_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "listen: must be an IP address and a port, like \"127.0.0.1:8080\"".into())
}

fn origins(list: &[String]) -> Result<Vec<HeaderValue>, String> {
    if list.is_empty() {
        return Err("allowed_origins: name at least the page that embeds the plugin, \
                    like [\"https://app.blikk.example\"]"
            .into());
    }
    list.iter().map(|text| origin(text)).collect()
}

/// A browser sends the origin in one spelling (RFC 6454 section 6.2), and it is compared byte for byte.
fn origin(text: &str) -> Result<HeaderValue, String> {
    let parsed = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(spelling) = parsed.map(|url| url.origin().ascii_serialization()) else {
        return Err(format!(
            "allowed_origins: {text:?} must be a scheme and a host, like \"https://app.blikk.example\""
        ));
    };
    if spelling != text {
        return Err(format!("allowed_origins: write {spelling:?} instead of {text:?}, as browsers do"));
    }
    HeaderValue::from_str(text).map_err(|_| format!("allowed_origins: {text:?} cannot stand in a header"))
}

fn existing_folder(path: &Path) -> Result<PathBuf, String> {
    if path.is_dir() { Ok(path.to_owned()) } else { Err(format!("plugin_dir: there is no folder {}", path.display())) }
}

fn token(token: config_file::Token, folder: &Path) -> Result<TokenConfig, String> {
    let key = match (token.algorithm.as_str(), token.secret, token.public_key_file) {
        ("HS256", Some(secret), None) => TokenKey::Hs256(hs256_secret(secret)?),
        ("RS256", None, Some(file)) => TokenKey::Rs256(public_key(&folder.join(file))?),
        ("EdDSA", None, Some(file)) => TokenKey::EdDsa(public_key(&folder.join(file))?),
        ("HS256", ..) => return Err("token: HS256 takes `secret`, and no `public_key_file`".into()),
        ("RS256" | "EdDSA", ..) => return Err("token: RS256 and EdDSA take `public_key_file`, and no `secret`".into()),
        _ => return Err("token.algorithm: must be \"HS256\", \"RS256\" or \"EdDSA\"".into()),
    };
    if token.issuer.is_empty() || token.audience.is_empty() {
        return Err("token: `issuer` and `audience` must not be empty".into());
    }
    let max_lifetime = within("token.max_lifetime_seconds", token.max_lifetime_seconds, 60, 3600)?;
    Ok(TokenConfig {
        key,
        issuer: token.issuer,
        audience: token.audience,
        max_lifetime: Duration::from_secs(max_lifetime),
    })
}

fn hs256_secret(secret: SecretString) -> Result<SecretString, String> {
    // RFC 7518 section 3.2: a key of the hash's size or larger.
    if secret.expose_secret().len() < 32 {
        return Err("token.secret: must have at least 32 bytes; `gateway --generate-key` makes a good one".into());
    }
    if secret.expose_secret().contains("-----BEGIN") {
        return Err(
            "token.secret: this is a key in PEM; a public one goes into `public_key_file` with RS256 or EdDSA".into()
        );
    }
    Ok(secret)
}

fn public_key(path: &Path) -> Result<Vec<u8>, String> {
    let pem = std::fs::read(path)
        .map_err(|error| format!("token.public_key_file: cannot read {}: {error}", path.display()))?;
    if String::from_utf8_lossy(&pem).contains("PRIVATE KEY") {
        return Err("token.public_key_file: this is a private key, which must stay with Blikk; \
                    give the gateway the public one"
            .into());
    }
    Ok(pem)
}

fn integration(integration: config_file::Integration, folder: &Path) -> Result<IntegrationConfig, String> {
    let file = folder.join(integration.file);
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !parent.is_dir() {
        return Err(format!("integration.file: the folder {} does not exist", parent.display()));
    }
    let wrong = "integration.key: must be 32 bytes in base64, from `gateway --generate-key`";
    let key = integration.key.ok_or(wrong)?;
    let bytes = STANDARD.decode(key.expose_secret().trim()).map_err(|_| wrong)?;
    let key: [u8; 32] = bytes.try_into().map_err(|_| wrong)?;
    Ok(IntegrationConfig { file, key: SecretBox::new(Box::new(key)) })
}

fn state(state: config_file::State, folder: &Path) -> Result<StateConfig, String> {
    let keeper = match (state.sqlite, state.postgres) {
        (Some(file), None) => {
            let file = folder.join(file);
            let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            if !parent.is_dir() {
                return Err(format!("state.sqlite: the folder {} does not exist", parent.display()));
            }
            Keeper::Sqlite(file)
        }
        (None, Some(url)) => {
            let text = url.expose_secret();
            if !["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
                return Err("state.postgres: must be an address like \"postgres://user:password@host/database\"".into());
            }
            Keeper::Postgres(url)
        }
        _ => return Err("state: give either `sqlite` or `postgres`, or leave out the section".into()),
    };
    let quota_bytes = within("state.quota_bytes", state.quota_bytes, 1 << 10, 1 << 40)?;
    let commit_bytes = within("state.commit_bytes", state.commit_bytes, 1 << 10, 1 << 30)? as usize;
    Ok(StateConfig { keeper, quota_bytes, commit_bytes })
}

fn limits(limits: &config_file::Limits) -> Result<Limits, String> {
    const GIB: u64 = 1 << 30;
    let bytes = |key, value| within(key, value, 1024, GIB).map(|bytes| bytes as usize);
    let seconds = |key, value| within(key, value, 1, 3600).map(Duration::from_secs);
    let count = |key, value| within(key, value, 1, 100_000).map(|count| count as u32);
    Ok(Limits {
        request_bytes: bytes("limits.request_bytes", limits.request_bytes)?,
        answer_bytes: bytes("limits.answer_bytes", limits.answer_bytes)?,
        connect_timeout: seconds("limits.connect_timeout_seconds", limits.connect_timeout_seconds)?,
        answer_timeout: seconds("limits.answer_timeout_seconds", limits.answer_timeout_seconds)?,
        requests_per_second: count("limits.requests_per_second", limits.requests_per_second)?,
        burst: count("limits.burst", limits.burst)?,
        concurrent_requests: count("limits.concurrent_requests", limits.concurrent_requests)? as usize,
        concurrent_requests_per_user: count(
            "limits.concurrent_requests_per_user",
            limits.concurrent_requests_per_user,
        )?,
        concurrent_requests_per_mailbox: count(
            "limits.concurrent_requests_per_mailbox",
            limits.concurrent_requests_per_mailbox,
        )? as usize,
    })
}

fn within(key: &str, value: u64, least: u64, most: u64) -> Result<u64, String> {
    if (least..=most).contains(&value) { Ok(value) } else { Err(format!("{key}: must be from {least} to {most}")) }
}

fn extra_roots(file: Option<&str>, folder: &Path) -> Result<Vec<Certificate>, String> {
    let Some(path) = file.map(|file| folder.join(file)) else { return Ok(Vec::new()) };
    let key = "upstream.extra_root_certificates";
    let pem = std::fs::read(&path).map_err(|error| format!("{key}: cannot read {}: {error}", path.display()))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(format!("{key}: {} holds no certificate in PEM (\"-----BEGIN CERTIFICATE-----\")", path.display())),
    }
}

fn providers(list: Vec<config_file::Provider>) -> Result<Vec<Provider>, String> {
    if list.is_empty() {
        return Err("providers: name at least one [[providers]] with `id`, `name` and perhaps `ews_url`".into());
    }
    let mut checked: Vec<Provider> = Vec::new();
    for provider in list {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if provider.id.is_empty() || !provider.id.chars().all(plain) {
            return Err(format!("providers: the id {:?} must be small letters, digits and hyphens", provider.id));
        }
        if checked.iter().any(|other| other.id == provider.id) {
            return Err(format!("providers: the id {:?} is there twice", provider.id));
        }
        let ews_url = provider.ews_url.map(|text| destination(&provider.id, &text)).transpose()?;
        checked.push(Provider { id: provider.id, name: provider.name, ews_url });
    }
    Ok(checked)
}

/// They are trusted with the password, and still must be places that the rules know.
fn candidates(list: &[String], rules: &AddressRules) -> Result<Vec<Url>, String> {
    let candidate = |text: &String| {
        rules.check(text).map_err(|fault| {
            format!("autodiscover.candidates: {text:?} {fault}; server_address.allow_private makes exceptions")
        })
    };
    list.iter().map(candidate).collect()
}

/// Where the service account's password will be sent.
fn destination(id: &str, text: &str) -> Result<Url, String> {
    let wrong = |what: &str| Err(format!("providers: ews_url of {id:?} {what}"));
    let Ok(url) = Url::parse(text) else {
        return wrong("must be an address, like \"https://mail.example.com/EWS/Exchange.asmx\"");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("must not hold a user or password; the administrator saves those on Blikk's page");
    }
    if url.fragment().is_some() || url.query().is_some() {
        return wrong("must not hold a query or fragment");
    }
    match url.scheme() {
        "https" => Ok(url),
        // The password would cross the network for all to read. Within one machine there is no network.
        "http" if is_loopback(&url) => Ok(url),
        _ => wrong("must begin with https:// (http:// is for a server on this very machine, by its IP address)"),
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.join("\n"))
    }
}

impl std::error::Error for ConfigError {}
