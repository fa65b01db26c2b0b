//! Where Exchange tells its address: Autodiscover v2 (JSON, for anybody) and v1 (POX, for who signs in).
//!
//! As Exchange Server 2016 answers on the host of the mailboxes: [MS-OXDSCLI],
//! <https://learn.microsoft.com/exchange/client-developer/exchange-web-services/autodiscover-for-exchange>.
//! `POST /_control/autodiscover` with `{"v2": false}` makes it a 2013, which knows v1 alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use roxmltree::Document;
use serde::Deserialize;
use serde_json::json;

use crate::exchange::{EWS_PATH, Exchange};

struct Shell {
    exchange: Arc<Exchange>,
    knows_v2: AtomicBool,
}

/// The routes, to stand beside those of EWS.
pub fn router(exchange: Arc<Exchange>) -> Router {
    Router::new()
        .route("/autodiscover/autodiscover.json", get(v2))
        .route("/autodiscover/autodiscover.json/v1.0/{email}", get(v2_by_path))
        .route("/autodiscover/autodiscover.xml", post(v1))
        .route("/_control/autodiscover", post(control))
        .with_state(Arc::new(Shell { exchange, knows_v2: AtomicBool::new(true) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Asked {
    #[serde(default)]
    email: String,
    #[serde(default)]
    protocol: String,
}

async fn v2(State(shell): State<Arc<Shell>>, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    shell.v2(&asked, &headers)
}

async fn v2_by_path(
    State(shell): State<Arc<Shell>>,
    Path(email): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    shell.v2(&Asked { email, ..asked }, &headers)
}

async fn v1(State(shell): State<Arc<Shell>>, headers: HeaderMap, body: String) -> Response {
    if !shell.is_signed_in(&headers) {
        let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"127.0.0.1\"")];
        return (StatusCode::UNAUTHORIZED, challenge).into_response();
    }
    let email = email_in(&body);
    let inner = match email.filter(|email| shell.has_mailbox(email)) {
        Some(email) => settings(&email, &ews_url(&headers)),
        None => NO_SUCH_MAILBOX.to_owned(),
    };
    let answer = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n\
         <Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\">{inner}</Autodiscover>"
    );
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], answer).into_response()
}

#[derive(Deserialize)]
struct Control {
    v2: bool,
}

async fn control(State(shell): State<Arc<Shell>>, Json(control): Json<Control>) -> StatusCode {
    shell.knows_v2.store(control.v2, Ordering::Relaxed);
    StatusCode::NO_CONTENT
}

impl Shell {
    fn v2(&self, asked: &Asked, headers: &HeaderMap) -> Response {
        let refusal = |status, code, message| (status, Json(json!({ "ErrorCode": code, "ErrorMessage": message })));
        if !self.knows_v2.load(Ordering::Relaxed) {
            return StatusCode::NOT_FOUND.into_response();
        }
        if !asked.protocol.eq_ignore_ascii_case("ews") {
            let message = "The given protocol value is invalid.";
            return refusal(StatusCode::BAD_REQUEST, "InvalidProtocol", message).into_response();
        }
        if !self.has_mailbox(&asked.email) {
            return refusal(StatusCode::NOT_FOUND, "UserNotFound", "The given user is not found.").into_response();
        }
        Json(json!({ "Protocol": "Ews", "Url": ews_url(headers) })).into_response()
    }

    fn is_signed_in(&self, headers: &HeaderMap) -> bool {
        let account = self.exchange.account();
        let expected = format!("Basic {}", STANDARD.encode(format!("{}:{}", account.user, account.password)));
        headers.get(header::AUTHORIZATION).is_some_and(|value| value.as_bytes() == expected.as_bytes())
    }

    fn has_mailbox(&self, email: &str) -> bool {
        self.exchange.mailboxes().iter().any(|mailbox| mailbox.eq_ignore_ascii_case(email))
    }
}

/// Under the name by which the caller found this server.
fn ews_url(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    format!("http://{host}{EWS_PATH}")
}

fn email_in(body: &str) -> Option<String> {
    let document = Document::parse(body).ok()?;
    let element = document.descendants().find(|node| node.tag_name().name() == "EMailAddress")?;
    element.text().map(|text| text.trim().to_owned())
}

fn settings(email: &str, ews: &str) -> String {
    let protocol = |kind| format!("<Protocol><Type>{kind}</Type><ASUrl>{ews}</ASUrl><EwsUrl>{ews}</EwsUrl></Protocol>");
    let email = email.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<Response xmlns=\"{RESPONSE}\"><User><AutoDiscoverSMTPAddress>{email}</AutoDiscoverSMTPAddress></User>\
         <Account><AccountType>email</AccountType><Action>settings</Action>{}{}</Account></Response>",
        protocol("EXCH"),
        protocol("EXPR"),
    )
}

const RESPONSE: &str = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

const NO_SUCH_MAILBOX: &str = "<Response><Error Time=\"09:00:00.0000000\" Id=\"2477272013\"><ErrorCode>500</ErrorCode>\
    <Message>The email address can't be found.</Message><DebugData/></Error></Response>";
