//! A gateway on loopback, an upstream that notes what reaches it, and tokens as Blikk would sign them.

#![allow(dead_code, reason = "each test binary uses its part")]

pub mod postgres;
pub mod samples;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, Response, Uri};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gateway::Config;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub const ORIGIN: &str = "https://app.blikk.example";
pub const SECRET: &str = "a-shared-secret-of-more-than-32-bytes";
pub const ISSUER: &str = "https://app.blikk.example";
pub const ACCOUNT: &str = "servicekonto@konsult.example";
pub const PASSWORD: &str = "Kräftskiva!2027:hemligt";
pub const SOAP_ANSWER: &str =
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>Möte om löner</s:Body></s:Envelope>";

/// A gateway that runs until the test ends.
pub struct TestGateway {
    pub url: String,
    pub address: SocketAddr,
    pub folder: TempDir,
    pub client: reqwest::Client,
}

/// The configuration, as text, of a gateway for one upstream.
pub fn config_text(ews: &str, folder: &TempDir) -> String {
    let file = folder.path().join("integration.json");
    format!(
        r#"
listen = "127.0.0.1:0"
allowed_origins = ["{ORIGIN}", "http://localhost:5173"]
[token]
algorithm = "HS256"
secret = "{SECRET}"
issuer = "{ISSUER}"
[integration]
file = {file:?}
key = "{}"
[limits]
answer_timeout_seconds = 1
connect_timeout_seconds = 1
[[providers]]
id = "exchange"
name = "Exchange Server"
ews_url = "{ews}"
[[providers]]
id = "elsewhere"
name = "Another Exchange"
ews_url = "http://127.0.0.1:1/EWS/Exchange.asmx"
"#,
        STANDARD.encode([5_u8; 32])
    )
}

impl TestGateway {
    /// With the standard configuration, and a service account saved.
    pub async fn ready(upstream: &Upstream) -> TestGateway {
        let gateway = TestGateway::start(&upstream.ews, |text| text).await;
        gateway.save_account("exchange").await;
        gateway
    }

    /// With the configuration's text changed by `edit`.
    pub async fn start(ews: &str, edit: impl FnOnce(String) -> String) -> TestGateway {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config::from_toml(&edit(config_text(ews, &folder))).expect("a configuration");
        let router = gateway::router(config).expect("a gateway");
        let address = serve(router).await;
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let client = client.timeout(Duration::from_secs(20)).build().expect("a client");
        TestGateway { url: format!("http://{address}"), address, folder, client }
    }

    pub async fn save_account(&self, provider: &str) {
        let form = json!({ "provider": provider, "account": ACCOUNT, "password": PASSWORD });
        let response = self.put_integration(&admin_token(), &form).await;
        assert_eq!(response.status, 200, "{}", response.text());
    }

    pub async fn put_integration(&self, token: &str, form: &Value) -> Answer {
        let request = self.client.put(format!("{}/integration", self.url)).bearer_auth(token).json(form);
        Answer::of(request).await
    }

    /// `POST /ews` as the page sends it.
    pub fn ews(&self, token: &str, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
        self.client
            .post(format!("{}/ews", self.url))
            .bearer_auth(token)
            .header("Origin", ORIGIN)
            .header("Content-Type", "text/xml; charset=utf-8")
            .body(body)
    }

    /// A good request by Anna, and its answer.
    pub async fn get_folder(&self) -> Answer {
        Answer::of(self.ews(&token(), samples::get_folder(samples::MAILBOX))).await
    }
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub async fn of(request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, body: response.bytes().await.expect("a body") }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("JSON: {}", self.text()))
    }

    /// Status and code of a refusal.
    pub fn refusal(&self) -> (u16, String) {
        (self.status, self.json()["error"]["code"].as_str().expect("a code").to_owned())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

pub fn claims() -> Value {
    let now = chrono::Utc::now().timestamp();
    json!({
        "iss": ISSUER, "aud": "blikk-calendar-gateway", "sub": "17", "mailbox": samples::MAILBOX, "role": "user",
        "iat": now, "exp": now + 900,
    })
}

/// Good claims with some changed; `null` takes one out.
pub fn claims_with(changes: Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().expect("an object") {
        match value {
            Value::Null => drop(claims.as_object_mut().expect("an object").remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

pub fn signed(claims: &Value) -> String {
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).expect("a token")
}

pub fn token() -> String {
    signed(&claims())
}

pub fn admin_token() -> String {
    signed(&claims_with(json!({ "role": "admin", "sub": "1" })))
}

/// What reached the upstream.
#[derive(Clone, Debug)]
pub struct Seen {
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: String,
}

/// An upstream on loopback that answers by one function and notes everything.
#[derive(Clone)]
pub struct Upstream {
    pub ews: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

type Answering = Arc<dyn Fn() -> Response<Body> + Send + Sync>;

impl Upstream {
    /// Answers with SOAP, like an Exchange in good health.
    pub async fn soap() -> Upstream {
        Upstream::answering(|| answer(200, "text/xml; charset=utf-8", SOAP_ANSWER)).await
    }

    pub async fn answering(how: impl Fn() -> Response<Body> + Send + Sync + 'static) -> Upstream {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let how: Answering = Arc::new(how);
        let router = Router::new().fallback(note).with_state((seen.clone(), how));
        let address = serve(router).await;
        Upstream { ews: format!("http://{address}/EWS/Exchange.asmx"), seen }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panic").clone()
    }
}

async fn note(State((seen, how)): State<(Arc<Mutex<Vec<Seen>>>, Answering)>, request: Request<Body>) -> Response<Body> {
    let (Parts { uri, headers, .. }, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    let body = String::from_utf8(body.to_vec()).expect("UTF-8");
    seen.lock().expect("no panic").push(Seen { uri, headers, body });
    how()
}

pub fn answer(status: u16, content_type: &str, body: impl Into<Body>) -> Response<Body> {
    Response::builder().status(status).header("Content-Type", content_type).body(body.into()).expect("an answer")
}

/// Serves until the test's runtime ends.
pub async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Sends bytes as they stand and reads to the end of the connection.
pub async fn raw(address: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    stream.write_all(text.as_bytes()).await.expect("written");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
