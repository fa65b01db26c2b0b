//! Both stand-ins at once, as the demo starts them.

use serde_json::{Value, json};
use standins::{Options, Running, serve};

async fn started() -> Running {
    serve(Options::default()).await.expect("both start")
}

#[tokio::test]
async fn the_demo_has_its_people_and_events_on_both_sides() {
    let running = started().await;
    let described = running.description();
    let mailboxes = described["exchange"]["mailboxes"].as_array().expect("a list").len();
    assert_eq!((mailboxes, described["blikk"]["users"].as_array().expect("a list").len()), (3, 3));

    let client = reqwest::Client::new();
    let url = format!("{}/people/anna.akesson@konsult.example/events", running.addresses.exchange);
    let events: Value = client.get(url).send().await.expect("an answer").json().await.expect("JSON");
    let kinds =
        |kind: &str| events["items"].as_array().expect("a list").iter().filter(|event| event["kind"] == kind).count();
    assert_eq!((kinds("single"), kinds("series"), kinds("meeting")), (24, 1, 2));

    let anna = &described["blikk"]["users"][0];
    let in_blikk = running.blikk.events(anna["id"].as_str().expect("an id")).await.expect("events");
    assert_eq!(in_blikk.len(), 24);
}

#[tokio::test]
async fn everybody_in_the_description_can_sign_in_to_blikk() {
    let running = started().await;
    let client = reqwest::Client::new();
    for user in running.description()["blikk"]["users"].as_array().expect("a list") {
        let answer = client
            .post(format!("{}/v1/session", running.addresses.blikk))
            .json(&json!({ "email": user["email"], "password": user["password"] }))
            .send()
            .await
            .expect("an answer");
        let session: Value = answer.json().await.expect("JSON");
        assert_eq!((&session["user"]["id"], &session["user"]["role"]), (&user["id"], &user["role"]), "{session}");
    }
}

#[tokio::test]
async fn empty_means_people_without_events() {
    let running = serve(Options { empty: true, ..Options::default() }).await.expect("both start");
    let url = format!("{}/people/anna.akesson@konsult.example/events", running.addresses.exchange);
    let events: Value = reqwest::get(url).await.expect("an answer").json().await.expect("JSON");
    assert_eq!(events["itemCount"], 0);
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error_and_a_shutdown_frees_it() {
    let running = started().await;
    let port: u16 = running.addresses.exchange.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    let options = || Options { exchange_port: port, ..Options::default() };
    assert!(serve(options()).await.is_err());
    running.shut_down().await;
    assert!(serve(options()).await.is_ok());
}
