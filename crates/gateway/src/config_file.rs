//! The configuration as it is written: TOML, and environment variables that win over it.
//!
//! No message from here carries a value, since any value may be the secret that was put on the wrong line: the TOML
//! parser's quotations of the file and serde's of what it found are cut down to the place and what belongs there.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de};
use toml::{Table, Value};

/// The prefix of the environment variables that are ours.
pub(crate) const PREFIX: &str = "GATEWAY__";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(default = "listen")]
    pub listen: String,
    #[serde(default, deserialize_with = "list")]
    pub allowed_origins: Vec<String>,
    pub plugin_dir: Option<String>,
    pub token: Token,
    pub integration: Integration,
    pub state: Option<State>,
    #[serde(default)]
    pub limits: Limits,
    #[serde(default)]
    pub upstream: Upstream,
    #[serde(default)]
    pub server_address: ServerAddress,
    #[serde(default)]
    pub autodiscover: Autodiscover,
    #[serde(default)]
    pub providers: Vec<Provider>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Token {
    pub algorithm: String,
    #[serde(default, deserialize_with = "secret")]
    pub secret: Option<SecretString>,
    pub public_key_file: Option<String>,
    pub issuer: String,
    #[serde(default = "audience")]
    pub audience: String,
    #[serde(default = "an_hour", deserialize_with = "number")]
    pub max_lifetime_seconds: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Integration {
    pub file: String,
    #[serde(default, deserialize_with = "secret")]
    pub key: Option<SecretString>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub sqlite: Option<String>,
    /// The address may hold a password.
    #[serde(default, deserialize_with = "secret")]
    pub postgres: Option<SecretString>,
    #[serde(default = "a_large_calendar", deserialize_with = "number")]
    pub quota_bytes: u64,
    #[serde(default = "many_rows", deserialize_with = "number")]
    pub commit_bytes: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limits {
    #[serde(deserialize_with = "number")]
    pub request_bytes: u64,
    #[serde(deserialize_with = "number")]
    pub answer_bytes: u64,
    #[serde(deserialize_with = "number")]
    pub connect_timeout_seconds: u64,
    #[serde(deserialize_with = "number")]
    pub answer_timeout_seconds: u64,
    #[serde(deserialize_with = "number")]
    pub requests_per_second: u64,
    #[serde(deserialize_with = "number")]
    pub burst: u64,
    #[serde(deserialize_with = "number")]
    pub concurrent_requests: u64,
    #[serde(deserialize_with = "number")]
    pub concurrent_requests_per_user: u64,
    #[serde(deserialize_with = "number")]
    pub concurrent_requests_per_mailbox: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            request_bytes: 4 << 20,
            answer_bytes: 20 << 20,
            connect_timeout_seconds: 10,
            answer_timeout_seconds: 100,
            requests_per_second: 10,
            burst: 100,
            concurrent_requests: 64,
            concurrent_requests_per_user: 8,
            concurrent_requests_per_mailbox: 4,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Upstream {
    pub extra_root_certificates: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ServerAddress {
    #[serde(deserialize_with = "list")]
    pub allowed_hosts: Vec<String>,
    #[serde(deserialize_with = "list")]
    pub allow_private: Vec<String>,
}

impl Default for ServerAddress {
    fn default() -> Self {
        ServerAddress { allowed_hosts: vec!["*".into()], allow_private: Vec::new() }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Autodiscover {
    #[serde(deserialize_with = "list")]
    pub candidates: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provider {
    pub id: String,
    pub name: String,
    pub ews_url: Option<String>,
}

fn listen() -> String {
    "127.0.0.1:8080".into()
}

fn audience() -> String {
    "blikk-calendar-gateway".into()
}

fn an_hour() -> u64 {
    3600
}

/// A hundred thousand events, with the history of a month.
fn a_large_calendar() -> u64 {
    256 << 20
}

/// Some five hundred events with long bodies.
fn many_rows() -> u64 {
    16 << 20
}

/// Reads the file's text, with the variables laid over it.
pub(crate) fn read(text: &str, variables: impl IntoIterator<Item = (String, String)>) -> Result<File, String> {
    let mut table: Table = toml::from_str(text).map_err(|error| not_toml(text, &error))?;
    for (name, value) in variables {
        if let Some(path) = name.strip_prefix(PREFIX) {
            let path = path.to_lowercase();
            lay_over(&mut table, &path.split("__").collect::<Vec<_>>(), value)
                .ok_or_else(|| format!("{name}: there is no such place in the configuration"))?;
        }
    }
    table.try_into().map_err(|error| without_values(&error))
}

/// Sets one value; `None` if the path leads through something that is neither a section nor a list.
fn lay_over(table: &mut Table, path: &[&str], value: String) -> Option<()> {
    match path {
        [] | [""] => None,
        [key] => {
            table.insert((*key).to_owned(), Value::String(value));
            Some(())
        }
        [key, index, rest @ ..] if index.bytes().all(|b| b.is_ascii_digit()) => {
            let list = table.entry(*key).or_insert_with(|| Value::Array(Vec::new())).as_array_mut()?;
            let index: usize = index.parse().ok()?;
            if index == list.len() {
                list.push(Value::Table(Table::new()));
            }
            lay_over(list.get_mut(index)?.as_table_mut()?, rest, value)
        }
        [key, rest @ ..] => {
            let section = table.entry(*key).or_insert_with(|| Value::Table(Table::new()));
            lay_over(section.as_table_mut()?, rest, value)
        }
    }
}

/// Where the text stops being TOML. The parser's own message quotes the line.
fn not_toml(text: &str, error: &toml::de::Error) -> String {
    let line =
        error.span().map_or(1, |span| text.as_bytes()[..span.start.min(text.len())].split(|b| *b == b'\n').count());
    format!("line {line} is not TOML, or says the same thing twice")
}

/// serde's message, with what it found taken out and what it expected left.
fn without_values(error: &toml::de::Error) -> String {
    let (message, place) = (error.message(), error.to_string());
    let place = place.lines().find_map(|line| line.strip_prefix("in `")?.strip_suffix('`'));
    let message = match message.rsplit_once(", expected ") {
        Some((found, expected)) if found.starts_with("invalid ") => format!("must be {expected}"),
        _ => message.to_owned(),
    };
    match place {
        Some(place) => format!("{place}: {message}"),
        None => message,
    }
}

/// A secret must not be quoted by whoever rejects it.
fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(Some(text.into())),
        _ => Err(de::Error::custom("must be a text in quotation marks")),
    }
}

/// A number, or the digits of one from the environment.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let number = match Value::deserialize(deserializer)? {
        Value::Integer(number) => number.try_into().ok(),
        Value::String(digits) => digits.trim().parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| de::Error::custom("must be a whole number that is not negative"))
}

/// A list, or its members with commas between them from the environment.
fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let not_texts = || de::Error::custom("must be a list of texts");
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text.split(',').map(|one| one.trim().to_owned()).collect()),
        Value::Array(list) => {
            list.into_iter().map(|one| one.as_str().map(str::to_owned).ok_or_else(not_texts)).collect()
        }
        _ => Err(not_texts()),
    }
}
