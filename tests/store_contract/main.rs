//! One contract for all stores: memory, and the gateway with SQLite and with PostgreSQL, over HTTP.

#![cfg(not(target_arch = "wasm32"))]

mod cases;
#[path = "../support/http_store.rs"]
mod http_store;
#[path = "../../crates/gateway/tests/support/postgres.rs"]
mod postgres;

use std::net::Ipv4Addr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use blikk_calendar_sync::problem::{Code, Problem};
use blikk_calendar_sync::sync::memory_store::MemoryStore;
use blikk_calendar_sync::sync::port::StateStore;
use blikk_calendar_sync::sync::state::{Commit, FORMAT, Head};
use cases::cases;
use http_store::HttpStore;
use jsonwebtoken::{EncodingKey, Header};
use postgres::Postgres;
use reqwest::Client;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;

const SECRET: &str = "a-shared-secret-of-more-than-32-bytes";
const ISSUER: &str = "https://app.blikk.example";

/// A gateway that keeps state, until the test ends.
struct Keeper {
    gateway: String,
    client: Client,
    _files: TempDir,
}

impl Keeper {
    async fn with(keeper: impl FnOnce(&TempDir) -> String) -> Keeper {
        let files = TempDir::new().expect("a folder");
        let state = keeper(&files);
        let (file, key) = (files.path().join("account.json"), STANDARD.encode([5_u8; 32]));
        let config = format!(
            "allowed_origins = [{ISSUER:?}]\n\
             [token]\nalgorithm = \"HS256\"\nsecret = {SECRET:?}\nissuer = {ISSUER:?}\n\
             [integration]\nfile = {file:?}\nkey = {key:?}\n\
             [limits]\nburst = 100000\n\
             [state]\n{state}\n\
             [[providers]]\nid = \"exchange\"\nname = \"Exchange\"\n"
        );
        let config = gateway::Config::from_toml(&config).expect("a sound configuration");
        let router = gateway::router(config).expect("the gateway starts");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let gateway = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let client = Client::builder().no_proxy().build().expect("a client");
        Keeper { gateway, client, _files: files }
    }

    async fn with_sqlite() -> Keeper {
        Keeper::with(|files| format!("sqlite = {:?}", files.path().join("state.db"))).await
    }

    /// The state of a person of that name.
    fn store(&self, person: &str, folder: Option<&str>) -> HttpStore {
        HttpStore::new(&self.client, &self.gateway, token(person), folder)
    }

    async fn keeps_the_contract(&self) {
        for (number, case) in cases().iter().enumerate() {
            let person = number.to_string();
            case.holds(&self.store(&person, None), &self.store(&person, None)).await;
        }
    }
}

fn token(person: &str) -> String {
    let now = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).timestamp();
    let claims = json!({
        "iss": ISSUER, "aud": "blikk-calendar-gateway", "sub": person, "mailbox": "anna@konsult.example",
        "role": "user", "iat": now, "exp": now + 900,
    });
    jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET.as_bytes())).expect("a token")
}

#[tokio::test]
async fn the_store_in_memory_keeps_the_contract() {
    for case in cases() {
        let store = MemoryStore::default();
        case.holds(&store, &store).await;
    }
}

#[tokio::test]
async fn the_gateway_with_sqlite_keeps_the_contract() {
    Keeper::with_sqlite().await.keeps_the_contract().await;
}

#[tokio::test]
async fn the_gateway_with_postgresql_keeps_the_contract() {
    let Some(postgres) = Postgres::start() else {
        println!("skipped: the_gateway_with_postgresql_keeps_the_contract, because PostgreSQL is not here");
        return;
    };
    Keeper::with(|_| format!("postgres = {:?}", postgres.url)).await.keeps_the_contract().await;
}

#[tokio::test]
async fn each_calendar_of_a_person_has_a_state_of_its_own() {
    let keeper = Keeper::with_sqlite().await;
    let (first, second) = (keeper.store("anna", None), keeper.store("anna", Some("AAMk/+=&?#å")));
    let commit = |token: &str| {
        let head = Head {
            generation: 1,
            blikk_token: Some(serde_json::from_value(json!(token)).expect("a token")),
            ..Head::default()
        };
        Commit { head, ..Commit::default() }
    };
    first.commit(commit("first")).await.expect("written");
    assert_eq!(second.head().await, Ok(Head::default()));
    second.commit(commit("second")).await.expect("written, for it is another generation");
    let tokens = [first.head().await, second.head().await].map(|head| head.ok().and_then(|head| head.blikk_token));
    assert_eq!(tokens.map(|token| token.map(|token| token.to_string())), [Some("first".into()), Some("second".into())]);
}

#[tokio::test]
async fn a_head_that_a_newer_plugin_wrote_is_told_apart_from_a_broken_one() {
    let heads = [
        json!({ "format": FORMAT + 1, "generation": 1, "somethingNew": true, "options": 7 }),
        json!({ "format": FORMAT, "generation": 2, "options": 7 }),
    ];
    let keeper = Keeper::with_sqlite().await;
    let store = keeper.store("anna", None);
    let mut codes = Vec::new();
    for (generation, head) in heads.iter().enumerate() {
        let commit = json!({
            "expectedGeneration": generation, "head": head, "clear": false, "put": [], "remove": [],
            "putOperations": [], "removeOperations": [], "putRuns": [], "putChanges": [],
        });
        store.commit_as_it_is(&commit).await.expect("written");
        codes.extend(store.head().await.err().map(|Problem { code, .. }| code));
    }
    assert_eq!(codes, [Code::StoreNewer, Code::StoreUnreadable]);
}
