//! How the stand-in tells its address.

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use standins::{Options, Running, serve};

const ANNA: &str = "anna.akesson@konsult.example";

async fn started() -> Running {
    serve(Options { empty: true, ..Options::default() }).await.expect("both start")
}

fn request(email: &str) -> String {
    format!("<Autodiscover xmlns=\"u\"><Request><EMailAddress>{email}</EMailAddress></Request></Autodiscover>")
}

#[tokio::test]
async fn v2_tells_anybody_where_a_mailbox_is_and_a_2013_knows_no_v2() {
    let running = started().await;
    let (client, base) = (Client::new(), format!("{}/autodiscover/autodiscover.json", running.addresses.exchange));
    let cases = [
        (format!("{base}?Email={ANNA}&Protocol=Ews"), json!({ "Protocol": "Ews", "Url": running.addresses.ews() })),
        (format!("{base}/v1.0/{ANNA}?Protocol=EWS"), json!({ "Protocol": "Ews", "Url": running.addresses.ews() })),
        (format!("{base}?Email=no@konsult.example&Protocol=Ews"), json!("UserNotFound")),
        (format!("{base}?Email={ANNA}&Protocol=X"), json!("InvalidProtocol")),
    ];
    for (url, expected) in cases {
        let answer: Value = client.get(&url).send().await.expect("an answer").json().await.expect("JSON");
        assert!(answer == expected || answer["ErrorCode"] == expected, "{url}: {answer}");
    }
    let control = format!("{}/_control/autodiscover", running.addresses.exchange);
    let told = client.post(control).json(&json!({ "v2": false })).send().await.expect("an answer");
    assert_eq!(told.status(), StatusCode::NO_CONTENT);
    let gone = client.get(format!("{base}?Email={ANNA}&Protocol=Ews")).send().await.expect("an answer");
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn v1_tells_whoever_signs_in() {
    let running = started().await;
    let url = format!("{}/autodiscover/autodiscover.xml", running.addresses.exchange);
    let (client, account) = (Client::new(), running.exchange.account());
    let ask = |email: &str| client.post(&url).body(request(email));
    let stranger = ask(ANNA).send().await.expect("an answer");
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
    assert!(stranger.headers()["www-authenticate"].to_str().expect("text").starts_with("Basic "));
    for (email, expected) in [
        (ANNA, format!("<EwsUrl>{}</EwsUrl>", running.addresses.ews())),
        ("no@konsult.example", "<ErrorCode>500</ErrorCode>".to_owned()),
    ] {
        let known = ask(email).basic_auth(&account.user, Some(&account.password)).send().await.expect("an answer");
        let text = known.text().await.expect("text");
        assert!(text.contains(&expected), "{text}");
    }
}
