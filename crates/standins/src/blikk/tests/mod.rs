//! Blikk over HTTP, as its callers meet it.

mod calendar;
mod contract;
mod faults;
mod host;

use std::net::SocketAddr;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::{Blikk, NewUser, Options, Rate, User};

/// A Blikk on a loopback port, and Anna, who is signed in.
struct Served {
    blikk: Blikk,
    address: SocketAddr,
    http: reqwest::Client,
    anna: User,
    token: String,
}

async fn served() -> Served {
    served_with(Options { rate: Rate::UNLIMITED, ..Options::default() }).await
}

async fn served_with(options: Options) -> Served {
    let blikk = Blikk::open(options).await.expect("a database");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = blikk.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let anna = blikk.add_user(NewUser::named("Anna Åkesson", "anna.akesson@konsult.example")).await.expect("new");
    let token = blikk.sign_in(&anna.id).await.expect("a token");
    Served { blikk, address, http: reqwest::Client::new(), anna, token }
}

/// An answer, read whole.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: Value,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// `412 versionMismatch`
    fn refusal(&self) -> String {
        format!("{} {}", self.status, self.code())
    }
}

impl Served {
    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        self.http.request(method, format!("http://{}{path}", self.address))
    }

    fn as_anna(&self, method: &str, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(&self.token)
    }

    async fn get(&self, path: &str) -> Answer {
        answer(self.as_anna("GET", path)).await
    }

    async fn post(&self, event: &Value) -> Answer {
        answer(self.as_anna("POST", "/v1/calendar/events").json(event)).await
    }

    async fn put(&self, id: &str, version: &str, change: &Value) -> Answer {
        let request = self.as_anna("PUT", &format!("/v1/calendar/events/{id}"));
        answer(request.header("if-match", format!("\"{version}\"")).json(change)).await
    }

    async fn delete(&self, id: &str, version: &str) -> Answer {
        let request = self.as_anna("DELETE", &format!("/v1/calendar/events/{id}"));
        answer(request.header("if-match", format!("\"{version}\""))).await
    }

    /// A new event's id.
    async fn created(&self, title: &str) -> String {
        let answer = self.post(&event(title)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["id"].as_str().expect("an id").to_owned()
    }

    /// Follows the changes to their end: a line for each, and the cursor.
    async fn changes_since(&self, cursor: Option<&str>, page_size: u32) -> (Vec<String>, String) {
        let mut lines = Vec::new();
        let mut cursor = cursor.map(str::to_owned);
        loop {
            let since = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let page = self.get(&format!("/v1/calendar/changes?pageSize={page_size}{since}")).await;
            assert_eq!(page.status, 200, "{page:?}");
            lines.extend(page.body["items"].as_array().expect("items").iter().map(line));
            let next = page.body["nextCursor"].as_str().expect("a cursor").to_owned();
            if page.body["hasMore"] == json!(false) {
                return (lines, next);
            }
            cursor = Some(next);
        }
    }
}

fn line(item: &Value) -> String {
    match item["objectName"].as_str() {
        Some("calendarEventTombstone") => format!("{} deleted", item["id"].as_str().unwrap_or_default()),
        _ => format!("{} {}", item["id"].as_str().unwrap_or_default(), item["title"].as_str().unwrap_or_default()),
    }
}

async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.bytes().await.expect("a whole answer");
    Answer { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
}

fn event(title: &str) -> Value {
    json!({
        "title": title,
        "start": {"dateTime": "2027-03-28T00:30:00Z", "timeZone": "Europe/Stockholm"},
        "end": {"dateTime": "2027-03-28T01:30:00Z", "timeZone": "Europe/Stockholm"},
    })
}

fn with(mut json: Value, member: &str, value: impl Into<Value>) -> Value {
    json[member] = value.into();
    json
}

const OK: u16 = StatusCode::OK.as_u16();
