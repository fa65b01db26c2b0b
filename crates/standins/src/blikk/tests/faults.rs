use std::time::Instant;

use super::*;

async fn inject(served: &Served, rule: Value) {
    let answer = answer(served.request("POST", "/_control/faults").json(&rule)).await;
    assert_eq!(answer.status, 204, "{rule}");
}

fn rule(operation: &str, fault: Value) -> Value {
    json!({"match": {"operation": operation}, "fault": fault})
}

const POST: &str = "POST /v1/calendar/events";
const CHANGES: &str = "GET /v1/calendar/changes";

#[tokio::test]
async fn a_connection_that_drops_before_leaves_nothing_and_one_that_drops_after_leaves_the_event() {
    for (kind, events) in [("dropBefore", 0), ("dropAfter", 1)] {
        let served = served().await;
        inject(&served, rule(POST, json!({"kind": kind}))).await;
        let sent = served.as_anna("POST", "/v1/calendar/events").json(&event("x")).send().await;
        assert!(sent.is_err(), "{kind}: not a byte of an answer");
        assert_eq!(served.blikk.count(&served.anna.id).await, Ok(events), "{kind}");
        assert_eq!(served.post(&event("y")).await.status, 201, "{kind}: once is once");
    }
}

#[tokio::test]
async fn an_answer_may_be_cut_or_padded_or_late_or_another() {
    let served = served().await;
    inject(&served, rule(CHANGES, json!({"kind": "truncate", "bytes": 20}))).await;
    let response = served.as_anna("GET", "/v1/calendar/changes").send().await.expect("a head");
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err(), "the reader can tell that something is missing");

    inject(&served, rule("*", json!({"kind": "huge", "bytes": 3_000_000}))).await;
    let response = served.as_anna("GET", "/v1/calendar/changes").send().await.expect("a head");
    assert_eq!(response.bytes().await.expect("all of it").len(), 3_000_000);

    inject(&served, rule(CHANGES, json!({"kind": "delay", "ms": 150}))).await;
    let started = Instant::now();
    assert_eq!(served.get("/v1/calendar/changes").await.status, OK);
    assert!(started.elapsed().as_millis() >= 150);

    inject(&served, rule(CHANGES, json!({"kind": "body", "text": "<html>", "contentType": "text/html"}))).await;
    let page = served.get("/v1/calendar/changes").await;
    assert_eq!((page.status, page.header("content-type"), &page.body), (OK, Some("text/html"), &Value::Null));
}

#[tokio::test]
async fn a_status_strikes_as_often_as_it_is_told_and_changes_nothing() {
    let served = served().await;
    let fault = json!({"kind": "status", "code": 503, "retryAfter": 7});
    inject(&served, json!({"match": {"operation": POST, "skip": 1, "times": 2}, "fault": fault})).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let answer = served.post(&event("x")).await;
        assert_eq!(answer.header("retry-after"), (answer.status == 503).then_some("7"));
        statuses.push(answer.status);
    }
    assert_eq!(statuses, [201, 503, 503, 201]);
    assert_eq!(served.blikk.count(&served.anna.id).await, Ok(2));

    inject(&served, rule(POST, json!({"kind": "serverBusy", "backOffMs": 1500}))).await;
    let busy = served.post(&event("x")).await;
    assert_eq!((busy.refusal().as_str(), busy.header("retry-after")), ("429 tooManyRequests", Some("2")));

    inject(&served, rule("*", json!({"kind": "status", "code": 500}))).await;
    assert_eq!(answer(served.request("DELETE", "/_control/faults")).await.status, 204);
    assert_eq!(served.get("/v1/calendar/changes").await.status, OK, "taken back");
}

#[tokio::test]
async fn cursors_die_when_told_to() {
    let served = served().await;
    let id = served.created("A").await;
    let (_, cursor) = served.changes_since(None, 200).await;
    inject(&served, rule("*", json!({"kind": "expireTokens"}))).await;
    let path = format!("/v1/calendar/changes?cursor={cursor}");
    assert_eq!(served.get(&path).await.refusal(), "410 cursorExpired");
    let (all, cursor) = served.changes_since(None, 200).await;
    assert_eq!(all, [format!("{id} A")]);
    assert_eq!(served.changes_since(Some(&cursor), 200).await.0, Vec::<String>::new(), "a new one lives");
}

#[tokio::test]
async fn a_user_who_is_too_fast_is_told_when_to_come_back() {
    let rate = Rate { per_second: 0.5, burst: 2 };
    let served = served_with(Options { rate, ..Options::default() }).await;
    let bo = served.blikk.add_user(NewUser::named("Bo", "bo@konsult.example")).await.expect("new");
    let token = served.blikk.sign_in(&bo.id).await.expect("a token");
    for status in [201, 201] {
        assert_eq!(served.post(&event("x")).await.status, status);
    }
    let busy = served.post(&event("x")).await;
    assert_eq!((busy.refusal().as_str(), busy.header("retry-after")), ("429 tooManyRequests", Some("2")));
    assert_eq!(served.blikk.count(&served.anna.id).await, Ok(2), "nothing was carried out");
    let other = answer(served.request("GET", "/v1/calendar/changes").bearer_auth(token)).await;
    assert_eq!(other.status, OK, "each user has one's own");
}

#[tokio::test]
async fn a_test_can_bring_its_own_user_and_count_the_calls() {
    let served = served().await;
    let new = json!({"name": "Test", "email": "test@konsult.example", "role": "admin"});
    let made = answer(served.request("POST", "/_control/users").json(&new)).await;
    assert_eq!((made.status, &made.body["password"]), (201, &json!("hemligt")));
    let twice = answer(served.request("POST", "/_control/users").json(&new)).await;
    assert_eq!(twice.refusal(), "422 invalidValue");
    assert_eq!(answer(served.request("GET", "/_control/users")).await.body[1]["email"], "test@konsult.example");

    let id = served.created("A").await;
    served.get(&format!("/v1/calendar/events/{id}")).await;
    served.get("/v1/calendar/events/7").await;
    let counts = answer(served.request("GET", "/_control/requests")).await.body;
    assert_eq!(counts["operations"], json!({"GET /v1/calendar/events/{id}": 2, POST: 1}));
}
