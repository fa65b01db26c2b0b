//! A gateway that keeps a state, and a client that asks it as a page does.

use std::net::Ipv4Addr;

use blikk_calendar_sync::sync::options::Options;
use blikk_calendar_sync::sync::state::{Head, Token};
use jsonwebtoken::{EncodingKey, Header};
use reqwest::{Client, RequestBuilder, Url};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;
use serde_json::value::RawValue;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::Result;

const SECRET: &str = "a secret of the bench alone, of more than 32 bytes";
const ISSUER: &str = "https://app.blikk.example";
/// Of every person; the plain driver needs it too.
pub const MAILBOX: &str = "anna.akesson@konsult.example";

pub struct Served<'r> {
    runtime: &'r Runtime,
    client: Client,
    address: String,
    _account: tempfile::TempDir,
}

/// A list's page: the rows are counted.
#[derive(Deserialize)]
struct Page {
    rows: Vec<IgnoredAny>,
    next: Option<String>,
}

impl<'r> Served<'r> {
    /// `state` is what the configuration says in `[state]`.
    pub fn start(runtime: &'r Runtime, state: &str) -> Result<Self> {
        let account = tempfile::tempdir()?;
        let (file, key) = (account.path().join("account.json"), gateway::generate_key());
        let config = format!(
            "allowed_origins = [{ISSUER:?}]\n\
             [token]\nalgorithm = \"HS256\"\nsecret = {SECRET:?}\nissuer = {ISSUER:?}\n\
             [integration]\nfile = {file:?}\nkey = {:?}\n\
             [limits]\nrequests_per_second = 100000\nburst = 100000\n\
             [state]\n{state}\n\
             [[providers]]\nid = \"exchange\"\nname = \"Exchange\"\n",
            key.to_string()
        );
        let config = gateway::Config::from_toml(&config).map_err(|error| error.0.join("; "))?;
        let address = runtime.block_on(async {
            let gateway = gateway::Gateway::new(config)?;
            gateway.prepare().await?;
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let address = format!("http://{}", listener.local_addr()?);
            tokio::spawn(async move { axum::serve(listener, gateway.router()).await });
            Result::Ok(address)
        })?;
        Ok(Served { runtime, client: Client::builder().no_proxy().build()?, address, _account: account })
    }

    /// `put` is the links, in JSON.
    pub fn commit(&self, person: &str, from: u64, put: &str) -> Result<()> {
        let body = format!(
            r#"{{"expectedGeneration":{from},"head":{},"clear":false,"put":{put},"remove":[],"putOperations":[],
               "removeOperations":[],"putRuns":[],"putChanges":[]}}"#,
            head(from + 1)?
        );
        let request = self.client.post(format!("{}/state/commit", self.address)).body(body);
        self.answer(request.header("Content-Type", "application/json").bearer_auth(token(person)?)).map(drop)
    }

    /// How many rows there are.
    pub fn index(&self, person: &str) -> Result<usize> {
        let (mut count, mut after) = (0, None);
        loop {
            let query = after.iter().map(|after: &String| ("after", after));
            let url = Url::parse_with_params(&format!("{}/state/index", self.address), query)?;
            let body = self.answer(self.client.get(url).bearer_auth(token(person)?))?;
            let Page { rows, next } = serde_json::from_slice(&body)?;
            count += rows.len();
            if next.is_none() {
                return Ok(count);
            }
            after = next;
        }
    }

    pub fn head(&self, person: &str) -> Result<Box<RawValue>> {
        let request = self.client.get(format!("{}/state/head", self.address)).bearer_auth(token(person)?);
        Ok(serde_json::from_slice(&self.answer(request)?)?)
    }

    /// What the way there and back takes.
    pub fn health(&self) -> Result<()> {
        self.answer(self.client.get(format!("{}/health", self.address))).map(drop)
    }

    fn answer(&self, request: RequestBuilder) -> Result<Vec<u8>> {
        self.runtime.block_on(async {
            let response = request.send().await?;
            let (status, body) = (response.status(), response.bytes().await?);
            if status.is_success() { Ok(body.into()) } else { Err(format!("{status}: {body:?}").into()) }
        })
    }
}

/// As a run leaves it, in JSON.
pub fn head(generation: u64) -> Result<String> {
    let token = Some(Token::new("H4sIAAAAAAAEAGNgYGBkAAJmIGYBYlYgZgNidiDmAGJOIOYCYm4g5gFiXiDmA2J+AA".repeat(4)));
    Ok(serde_json::to_string(&Head {
        generation,
        blikk_token: token.clone(),
        exchange_token: token,
        settled_options: Some(Options::default()),
        ..Head::default()
    })?)
}

fn token(person: &str) -> Result<String> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let claims = json!({
        "iss": ISSUER, "aud": "blikk-calendar-gateway", "sub": person, "mailbox": MAILBOX, "role": "user", "iat": now,
        "exp": now + 900,
    });
    Ok(jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET.as_bytes()))?)
}
