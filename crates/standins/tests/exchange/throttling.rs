//! Servers that have had enough: budgets, and batches given up half-way.

use std::sync::Arc;

use chrono::TimeDelta;
use standins::exchange::http::router;
use standins::exchange::{Answer, Exchange, Poison, Server, Throttling};
use standins::fault::{Fault, Rule};

use crate::support::*;

fn throttled(throttling: Throttling) -> Exchange {
    let exchange = server();
    exchange.become_server(Server { throttling, ..Server::default() });
    exchange
}

/// The answer to one call of somebody, so many seconds from now.
fn call(exchange: &Exchange, mailbox: &str, seconds: i64) -> Answer {
    exchange.answer(&request(Some(mailbox), &sync_request("", 512)), now() + TimeDelta::seconds(seconds)).answer
}

#[test]
fn a_mailbox_that_has_spent_its_budget_is_told_how_long_to_wait() {
    let exchange = throttled(Throttling { calls_per_minute: Some(2), ..Throttling::default() });
    assert_eq!([call(&exchange, ANNA, 0).status, call(&exchange, ANNA, 10).status], [200, 200]);
    let refused = call(&exchange, ANNA, 20);
    let fault = String::from_utf8(refused.body).expect("UTF-8");
    assert_eq!((refused.status, codes(&fault)), (500, vec!["ErrorServerBusy".to_owned()]));
    assert_eq!(
        (attributes(&fault, "Value", "Name").remove(0), text(&fault, "Value")),
        ("BackOffMilliseconds".into(), "40000".into())
    );
    assert_eq!(call(&exchange, BJORN, 20).status, 200, "each mailbox has its own");
    assert_eq!(call(&exchange, ANNA, 60).status, 200, "who waited as long as told, gets in");
}

#[test]
fn a_server_may_say_0_ms_and_a_proxy_503() {
    let exchange = throttled(Throttling { calls_per_minute: Some(0), back_off_ms: Some(0), ..Throttling::default() });
    let fault = String::from_utf8(call(&exchange, ANNA, 0).body).expect("UTF-8");
    assert_eq!(text(&fault, "Value"), "0");
    let exchange = throttled(Throttling { calls_per_minute: Some(1), as_503: true, ..Throttling::default() });
    call(&exchange, ANNA, 0);
    let refused = call(&exchange, ANNA, 13);
    let retry_after = refused.headers.iter().find(|(name, _)| name == "Retry-After").map(|(_, value)| value.as_str());
    assert_eq!((refused.status, retry_after), (503, Some("47")));
}

#[tokio::test]
async fn a_mailbox_has_so_many_calls_at_once() {
    let exchange = Arc::new(throttled(Throttling { concurrent_calls: Some(1), ..Throttling::default() }));
    exchange.add_fault(Rule::new("SyncFolderItems", Fault::Delay { ms: 400 }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/EWS/Exchange.asmx", listener.local_addr().expect("an address"));
    let router = router(Arc::clone(&exchange), None);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let client = reqwest::Client::new();
    let send = || {
        let request = request(Some(ANNA), &sync_request("", 512));
        let post = client.post(&url).body(request.body);
        request.headers.into_iter().fold(post, |post, (name, value)| post.header(name, value)).send()
    };
    let first = tokio::spawn(send());
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    let second = send().await.expect("an answer").text().await.expect("text");
    assert_eq!(codes(&second), ["ErrorExceededConnectionCount"]);
    assert_eq!(first.await.expect("a task").expect("an answer").status(), 200);
    assert_eq!(send().await.expect("an answer").status(), 200, "when the first one is done");
}

#[test]
fn after_some_errors_the_rest_of_a_batch_is_not_carried_out() {
    let item = |title: &str| format!("<t:CalendarItem><t:Subject>{title}</t:Subject></t:CalendarItem>");
    let batch = create_request(&["Ett", "☠", "Tre", "Fyra"].map(item).concat());
    let cases = [
        (
            "ErrorMailboxStoreUnavailable",
            ["NoError", "", "ErrorBatchProcessingStopped", "ErrorBatchProcessingStopped"],
            1,
        ),
        ("ErrorItemCorrupt", ["NoError", "", "NoError", "NoError"], 3),
    ];
    for (code, mut expected, kept) in cases {
        expected[1] = code;
        let exchange = server();
        exchange.add_poison(Poison { response_code: code.into(), ..Poison::of_subject("☠") });
        let answer = ask(&exchange, ANNA, &batch);
        assert_eq!(codes(&answer), expected);
        let stopped = expected.iter().filter(|code| **code == "ErrorBatchProcessingStopped").count();
        let classes = attributes(&answer, "CreateItemResponseMessage", "ResponseClass");
        assert_eq!(classes.iter().filter(|class| *class == "Warning").count(), stopped);
        assert_eq!(Id::all_of(&ask(&exchange, ANNA, &sync_request("", 512))).len(), kept, "{code}");
    }
}
