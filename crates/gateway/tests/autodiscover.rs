//! The administrator's search for the server, over real connections: hosts are addresses of the loopback network here,
//! which the configuration of these tests allows one by one.

mod support;

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use support::{ACCOUNT, Answer, PASSWORD, TestGateway, Upstream, admin_token, token};
use tokio::net::TcpListener;

/// A path with its query, and the Authorization header.
type Seen = (String, Option<String>);

/// A server that answers by one function, and notes whether it saw a credential.
#[derive(Clone)]
struct Server {
    address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// On an address of its own, like a host of its own.
    async fn at(ip: &str, how: impl Fn(&str, bool) -> Response<Body> + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind((ip, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (noted, how) = (seen.clone(), Arc::new(how));
        let router = Router::new().fallback(move |request: Request<Body>| {
            let credential = request.headers().get("authorization").map(|it| it.to_str().expect("text").to_owned());
            let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
            let answer = how(&path, credential.is_some());
            noted.lock().expect("no panic").push((path, credential));
            async move { answer }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Server { address, seen }
    }

    fn credentials(&self) -> Vec<String> {
        self.seen.lock().expect("no panic").iter().filter_map(|(_, credential)| credential.clone()).collect()
    }
}

fn answer(status: u16, body: impl Into<Body>) -> Response<Body> {
    Response::builder().status(status).body(body.into()).expect("an answer")
}

fn sign_in() -> Response<Body> {
    let challenge = "Basic realm=\"mail\"";
    Response::builder().status(401).header("WWW-Authenticate", challenge).body(Body::empty()).expect("an answer")
}

fn settings(ews: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\">\
         <Response><Account><Action>settings</Action><Protocol><Type>EXPR</Type><EwsUrl>{ews}</EwsUrl></Protocol></Account>\
         </Response></Autodiscover>"
    )
}

/// A gateway that asks `first`, and may speak to `others` too.
async fn gateway(first: &Server, others: &[&str]) -> TestGateway {
    let places: Vec<_> = others.iter().copied().chain([first.address.as_str()]).collect();
    let text = format!(
        "\n[server_address]\nallow_private = {places:?}\n[autodiscover]\ncandidates = [\"http://{}\"]\n",
        first.address
    );
    TestGateway::start("http://127.0.0.1:1/EWS/Exchange.asmx", |config| config + &text).await
}

async fn find(gateway: &TestGateway, form: &Value) -> Answer {
    let request = gateway.client.post(format!("{}/integration/server", gateway.url)).bearer_auth(admin_token());
    Answer::of(request.json(form)).await
}

fn typed() -> Value {
    json!({ "account": ACCOUNT, "password": PASSWORD })
}

fn outcomes(answer: &Answer) -> Vec<String> {
    let json = answer.json();
    let steps = json["steps"].as_array().unwrap_or_else(|| panic!("steps: {json}"));
    steps.iter().map(|step| format!("{} {}", step["way"], step["outcome"]).replace('"', "")).collect()
}

#[tokio::test]
async fn v2_is_asked_first_and_without_the_password() {
    let server = Server::at("127.0.0.1", |path, _| {
        assert!(path.starts_with("/autodiscover/autodiscover.json?Email=anna.akesson%40konsult.example&Protocol=Ews"));
        answer(200, r#"{"Protocol":"Ews","Url":"https://mail.konsult.example/EWS/Exchange.asmx"}"#)
    })
    .await;
    let found = find(&gateway(&server, &[]).await, &typed()).await;
    let expected = json!({
        "objectName": "serverSearch",
        "serverUrl": "https://mail.konsult.example/EWS/Exchange.asmx",
        "steps": [{ "way": "json", "host": server.address, "outcome": "found" }],
    });
    assert_eq!((found.status, found.json()), (200, expected));
    assert_eq!(server.credentials(), [""; 0]);
}

#[tokio::test]
async fn an_older_server_is_asked_with_the_typed_or_the_saved_password_and_nothing_is_saved() {
    let server = Server::at("127.0.0.1", |path, has_credential| match (path, has_credential) {
        ("/autodiscover/autodiscover.xml", true) => {
            answer(200, settings("https://mail.konsult.example/EWS/Exchange.asmx"))
        }
        ("/autodiscover/autodiscover.xml", false) => sign_in(),
        _ => answer(404, "no such page"),
    })
    .await;
    let gateway = gateway(&server, &[]).await;
    let found = find(&gateway, &typed()).await;
    assert_eq!(outcomes(&found), ["json notThere", "pox found"]);
    let shown = Answer::of(gateway.client.get(format!("{}/integration", gateway.url)).bearer_auth(admin_token())).await;
    assert_eq!((&shown.json()["account"], &shown.json()["serverUrl"]), (&Value::Null, &Value::Null));

    let without = json!({ "account": ACCOUNT });
    assert_eq!(outcomes(&find(&gateway, &without).await), ["json notThere", "pox needsPassword"]);
    gateway.save_account("exchange").await;
    assert_eq!(outcomes(&find(&gateway, &without).await), ["json notThere", "pox found"]);
    let basic = format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:{PASSWORD}")));
    assert_eq!(server.credentials(), [basic.clone(), basic]);
    let another = json!({ "account": "other@konsult.example" });
    assert_eq!(outcomes(&find(&gateway, &another).await), ["json notThere", "pox needsPassword"]);
}

/// The found address is used once it is saved, and the saved password does not follow to it by itself.
#[tokio::test]
async fn what_was_found_can_be_saved_and_is_then_where_requests_go() {
    let upstream = Upstream::soap().await;
    let place = upstream.ews.split('/').nth(2).expect("a host").to_owned();
    let ews = upstream.ews.clone();
    let server =
        Server::at("127.0.0.1", move |_, _| answer(200, format!("{{\"Protocol\":\"Ews\",\"Url\":{ews:?}}}"))).await;
    let gateway = gateway(&server, &[&place]).await;
    gateway.save_account("exchange").await;
    assert_eq!(gateway.get_folder().await.refusal(), (502, "exchange.unreachable".into()));
    let found = find(&gateway, &json!({ "account": ACCOUNT })).await.json();
    assert_eq!(found["serverUrl"], upstream.ews);

    let mut form = json!({ "provider": "exchange", "account": ACCOUNT, "serverUrl": found["serverUrl"] });
    let refused = gateway.put_integration(&admin_token(), &form).await;
    assert_eq!(refused.refusal(), (400, "gateway.refused".into()), "another server needs the password again");
    form["password"] = json!(PASSWORD);
    let saved = gateway.put_integration(&admin_token(), &form).await;
    assert_eq!((saved.status, &saved.json()["serverUrl"]), (200, &json!(upstream.ews)));
    assert_eq!(gateway.get_folder().await.status, 200);
    form.as_object_mut().expect("an object").remove("password");
    assert_eq!(gateway.put_integration(&admin_token(), &form).await.status, 200, "the same server keeps it");

    let own = json!({ "provider": "exchange", "account": ACCOUNT, "password": "x", "serverUrl": "http://127.0.0.1:1/EWS/Exchange.asmx" });
    let saved = gateway.put_integration(&admin_token(), &own).await;
    assert_eq!(
        (saved.status, &saved.json()["serverUrl"]),
        (200, &Value::Null),
        "the provider's own stays the configuration's"
    );
}

#[tokio::test]
async fn a_saved_address_that_the_configuration_no_longer_allows_goes_nowhere() {
    let upstream = Upstream::soap().await;
    let place = upstream.ews.split('/').nth(2).expect("a host").to_owned();
    let server = Server::at("127.0.0.1", |_, _| answer(404, "")).await;
    let gateway = gateway(&server, &[&place]).await;
    let form = json!({ "provider": "exchange", "account": ACCOUNT, "password": PASSWORD, "serverUrl": upstream.ews });
    assert_eq!(gateway.put_integration(&admin_token(), &form).await.status, 200);
    let config =
        gateway::Config::from_toml(&support::config_text("http://127.0.0.1:1/", &gateway.folder)).expect("good");
    let address = support::serve(gateway::router(config).expect("a gateway")).await;
    let narrowed = TestGateway { url: format!("http://{address}"), address, ..gateway };
    assert_eq!(narrowed.get_folder().await.refusal(), (409, "gateway.not_configured".into()));
    assert_eq!(upstream.seen().len(), 0);
}

#[tokio::test]
async fn another_host_is_called_with_the_password_after_it_is_confirmed() {
    let hoster = Server::at("127.0.0.2", |_, has_credential| match has_credential {
        true => answer(200, settings("https://mail.hoster.example/EWS/Exchange.asmx")),
        false => sign_in(),
    })
    .await;
    let there = format!("http://{}/autodiscover/autodiscover.xml", hoster.address);
    let server = Server::at("127.0.0.1", move |_, _| {
        Response::builder().status(302).header("Location", &there).body(Body::empty()).expect("an answer")
    })
    .await;
    let gateway = gateway(&server, &[&hoster.address]).await;
    let asked = find(&gateway, &typed()).await;
    assert_eq!(outcomes(&asked).last().map(String::as_str), Some("pox confirm"));
    assert_eq!(asked.json()["steps"][1]["host"], hoster.address);
    assert_eq!(hoster.credentials(), [""; 0]);
    let mut form = typed();
    form["confirmed"] = json!([hoster.address]);
    assert_eq!(find(&gateway, &form).await.json()["serverUrl"], "https://mail.hoster.example/EWS/Exchange.asmx");
    assert_eq!((hoster.credentials().len(), server.credentials().len()), (1, 0));
}

#[tokio::test]
async fn a_private_place_is_not_called_whoever_points_there() {
    let inside = Server::at("127.0.0.3", |_, _| answer(200, settings("https://x.example/"))).await;
    for place in [format!("http://{}/", inside.address), format!("https://{}/", inside.address)] {
        let body = settings(&place)
            .replace("settings", "redirectUrl")
            .replace("<Protocol>", &format!("<RedirectUrl>{place}</RedirectUrl><Protocol>"));
        let server = Server::at("127.0.0.1", move |path, _| match path.ends_with(".xml") {
            true => answer(200, body.clone()),
            false => Response::builder().status(307).header("Location", &place).body(Body::empty()).expect("an answer"),
        })
        .await;
        let found = find(&gateway(&server, &[]).await, &typed()).await;
        assert_eq!(outcomes(&found), ["json unsafeAddress", "pox unsafeAddress"]);
    }
    assert!(inside.seen.lock().expect("no panic").is_empty());
}

/// `localhost` is a name like any other, and means this machine.
#[tokio::test]
async fn a_name_that_means_a_private_place_is_not_called_either() {
    let server = Server::at("127.0.0.1", |_, _| {
        answer(200, r#"{"Protocol":"Ews","Url":"https://localhost/EWS/Exchange.asmx"}"#)
    })
    .await;
    let gateway = gateway(&server, &[]).await;
    let found = find(&gateway, &typed()).await.json();
    let form =
        json!({ "provider": "exchange", "account": ACCOUNT, "password": PASSWORD, "serverUrl": found["serverUrl"] });
    assert_eq!(gateway.put_integration(&admin_token(), &form).await.status, 200);
    let page = gateway.get_folder().await;
    assert_eq!(page.refusal(), (502, "exchange.unreachable".into()));
    assert!(page.text().contains("no public address"), "{}", page.text());
}

#[tokio::test]
async fn huge_slow_and_strange_answers_are_each_told_in_one_word() {
    let huge = Server::at("127.0.0.1", |_, _| answer(200, vec![b' '; 1 << 20])).await;
    let expected = ["json tooLarge", "pox tooLarge"];
    assert_eq!(outcomes(&find(&gateway(&huge, &[]).await, &typed()).await), expected);

    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><Autodiscover>&b;</Autodiscover>";
    let strange = Server::at("127.0.0.1", move |_, _| answer(200, bomb)).await;
    let expected = ["json notUnderstood", "pox notUnderstood"];
    assert_eq!(outcomes(&find(&gateway(&strange, &[]).await, &typed()).await), expected);

    let no_basic = Server::at("127.0.0.1", |_, _| {
        Response::builder()
            .status(401)
            .header("WWW-Authenticate", "Negotiate, NTLM")
            .body(Body::empty())
            .expect("an answer")
    })
    .await;
    let expected = ["json notThere", "pox noBasic"];
    assert_eq!(outcomes(&find(&gateway(&no_basic, &[]).await, &typed()).await), expected);

    let wrong = Server::at("127.0.0.1", |_, _| sign_in()).await;
    let expected = ["json notThere", "pox signInRefused"];
    assert_eq!(outcomes(&find(&gateway(&wrong, &[]).await, &typed()).await), expected);

    let gone = Server { address: "127.0.0.1:1".into(), seen: Arc::default() };
    let started = Instant::now();
    let expected = ["json noConnection", "pox noConnection"];
    assert_eq!(outcomes(&find(&gateway(&gone, &[]).await, &typed()).await), expected);
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn only_an_administrator_searches_and_not_without_end() {
    let server = Server::at("127.0.0.1", |_, _| answer(404, "")).await;
    let gateway = gateway(&server, &[]).await;
    let post = || gateway.client.post(format!("{}/integration/server", gateway.url)).json(&typed());
    assert_eq!(Answer::of(post().bearer_auth(token())).await.refusal(), (403, "gateway.refused".into()));
    assert_eq!(Answer::of(post()).await.refusal(), (401, "gateway.token_invalid".into()));
    assert!(server.seen.lock().expect("no panic").is_empty());
    for _ in 0..6 {
        assert_eq!(find(&gateway, &typed()).await.status, 200);
    }
    let page = find(&gateway, &typed()).await;
    assert_eq!(page.refusal(), (429, "exchange.busy".into()));
    assert!(page.header("retry-after").is_some());
}

#[tokio::test]
async fn a_form_that_cannot_be_right_is_refused_without_quoting_it() {
    let server = Server::at("127.0.0.1", |_, _| answer(404, "")).await;
    let gateway = gateway(&server, &[]).await;
    for form in [
        json!({}),
        json!("hunter2-hunter2"),
        json!({ "account": "" }),
        json!({ "account": "a:hunter2-hunter2" }),
        json!({ "account": ACCOUNT, "password": "" }),
        json!({ "account": ACCOUNT, "password": ["hunter2-hunter2"] }),
    ] {
        // A gateway's patience with searches is short, so each form meets a new administrator.
        let token = support::signed(&support::claims_with(
            json!({ "role": "admin", "sub": form.to_string().len().to_string() }),
        ));
        let request = gateway.client.post(format!("{}/integration/server", gateway.url)).bearer_auth(token);
        let answer = Answer::of(request.json(&form)).await;
        assert_eq!(answer.refusal(), (400, "gateway.refused".into()), "{form}");
        assert!(!answer.text().contains("hunter2"), "{}", answer.text());
    }
    assert!(server.seen.lock().expect("no panic").is_empty());
}
