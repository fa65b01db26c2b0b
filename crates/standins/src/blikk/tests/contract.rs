//! The stand-in and docs/blikk-calendar.openapi.yaml say the same.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

const YAML: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/blikk-calendar.openapi.yaml"));

/// `GET /v1/session`
type Operation = String;

struct Contract(Value);

impl Contract {
    fn read() -> Self {
        Contract(serde_saphyr::from_str(YAML).expect("YAML"))
    }

    /// Every operation with the statuses that it may answer with, and their descriptions.
    fn operations(&self) -> BTreeMap<Operation, BTreeMap<u16, &Value>> {
        let mut operations = BTreeMap::new();
        for (path, item) in members(&self.0["paths"]) {
            for (method, operation) in members(item).filter(|(name, _)| *name != "parameters") {
                let responses = members(&operation["responses"]);
                let responses =
                    responses.map(|(status, answer)| (status.parse().expect("a status"), self.seen(answer)));
                operations.insert(format!("{} {path}", method.to_uppercase()), responses.collect());
            }
        }
        operations
    }

    /// Follows a `$ref`.
    fn seen<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(path) => self.0.pointer(path.trim_start_matches('#')).expect(path),
            None => value,
        }
    }

    /// The first thing in which `value` is not what `schema` says: the keywords that the contract's objects are made of.
    fn objection(&self, schema: &Value, value: &Value, at: &str) -> Option<String> {
        let schema = self.seen(schema);
        let list = |keyword: &str| schema[keyword].as_array().cloned().unwrap_or_default();
        if let Some(expected) = schema.get("const").filter(|expected| *expected != value) {
            return Some(format!("{at} is not {expected}"));
        }
        if schema.get("enum").is_some() && !list("enum").contains(value) {
            return Some(format!("{at} is none of the values: {value}"));
        }
        let types =
            if schema["type"].is_array() { list("type") } else { schema.get("type").cloned().into_iter().collect() };
        if !types.is_empty() && !types.iter().any(|name| is_a(name, value)) {
            return Some(format!("{at} is not of type {types:?}: {value}"));
        }
        let missing = list("required").into_iter().find(|name| value.get(name.as_str().unwrap_or_default()).is_none());
        if let Some(name) = missing {
            return Some(format!("{at} has no {name}"));
        }
        if schema.get("oneOf").is_some() {
            let fits = list("oneOf").iter().filter(|one| self.objection(one, value, at).is_none()).count();
            if fits != 1 {
                return Some(format!("{at} fits {fits} of the forms: {value}"));
            }
        }
        let parts = list("allOf").into_iter().find_map(|part| self.objection(&part, value, at));
        let inside = || {
            members(&schema["properties"])
                .filter_map(|(name, schema)| self.objection(schema, value.get(name)?, &format!("{at}.{name}")))
                .next()
        };
        let items = || {
            let items = schema.get("items")?;
            value.as_array()?.iter().find_map(|item| self.objection(items, item, &format!("{at}[]")))
        };
        parts.or_else(inside).or_else(items)
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn is_a(name: &Value, value: &Value) -> bool {
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        other => panic!("the contract has a type that this test does not know: {other:?}"),
    }
}

#[tokio::test]
async fn every_path_and_method_of_the_contract_is_there() {
    let served = served().await;
    for operation in Contract::read().operations().keys() {
        let (method, path) = operation.split_once(' ').expect("a method");
        let answer = answer(served.request(method, &path.replace("{id}", "1"))).await;
        assert!(![404, 405].contains(&answer.status), "{operation}: {answer:?}");
    }
}

#[tokio::test]
async fn every_status_of_the_contract_is_answered_and_no_other_and_each_as_described() {
    let contract = Contract::read();
    let operations = contract.operations();
    let mut answered: BTreeMap<Operation, BTreeSet<u16>> = BTreeMap::new();
    for (operation, answer) in provoke().await {
        let described = operations[&operation].get(&answer.status);
        let described = described.unwrap_or_else(|| panic!("{operation} has no {}: {answer:?}", answer.status));
        for (name, header) in members(&described["headers"]) {
            let is_required = contract.seen(header)["required"] == json!(true);
            assert!(!is_required || answer.header(name).is_some(), "{operation} {}: no {name}", answer.status);
        }
        match described["content"]["application/json"].get("schema") {
            Some(schema) => assert_eq!(contract.objection(schema, &answer.body, "answer"), None, "{operation}"),
            None => assert_eq!(answer.body, Value::Null, "{operation}"),
        }
        answered.entry(operation).or_default().insert(answer.status);
    }
    for (operation, responses) in &operations {
        // A fault of ours cannot be asked for.
        let described: BTreeSet<u16> = responses.keys().copied().filter(|status| *status != 500).collect();
        assert_eq!(answered.get(operation), Some(&described), "{operation}");
    }
}

/// An event with every member of the contract.
fn everything() -> Value {
    json!({
        "title": "Styrgrupp", "importance": "high", "attachments": ["Dagordning.docx"],
        "start": {"dateTime": "2027-03-22T08:00:00Z", "timeZone": "Europe/Stockholm"},
        "end": {"dateTime": "2027-03-22T09:00:00Z", "timeZone": "Europe/Stockholm"},
        "recurrence": ["RRULE:FREQ=WEEKLY", "EXDATE:20270329T070000Z"],
        "exceptions": [{
            "originalStart": {"dateTime": "2027-04-05T07:00:00Z", "timeZone": "Europe/Stockholm"},
            "allDay": true, "start": {"date": "2027-04-06"}, "end": {"date": "2027-04-07"}, "place": "Åre",
        }],
        "meeting": {
            "isMine": false, "organizer": {"name": "Gunnel", "email": "gunnel@smogensrokeri.example"},
            "participants": [{"name": "", "email": "rum@konsult.example", "role": "resource", "answer": "accepted"}],
            "myAnswer": "tentative", "isCancelled": true, "onlineUrl": "https://teams.example/1",
        },
    })
}

/// Requests that between them bring about everything the contract speaks of.
async fn provoke() -> Vec<(Operation, Answer)> {
    let served = served().await;
    served.post(&everything()).await;
    let (living, dead) = (served.created("Lever").await, served.created("Död").await);
    let (changed, doomed) = (served.created("Ändrad").await, served.created("Dömd").await);
    served.delete(&dead, "1").await;
    served.put(&changed, "1", &json!({"title": "x"})).await;
    served.post(&with(event("x"), "externalId", "taken")).await;
    let guest = NewUser { calendar: false, ..NewUser::named("Gäst", "gast@konsult.example") };
    let guest = served.blikk.add_user(guest).await.expect("new");
    let guest = served.blikk.sign_in(&guest.id).await.expect("a token");
    let busy = served_with(Options { rate: Rate { per_second: 0.01, burst: 0 }, ..Options::default() }).await;

    let mut answers = Vec::new();
    let mut keep = async |operation: &str, request: RequestBuilder| {
        answers.push((operation.to_owned(), answer(request).await));
    };
    const EVENT: &str = "/v1/calendar/events/{id}";
    let with_session = [
        "GET /v1/session",
        "GET /v1/calendar/gateway-token",
        "GET /v1/calendar/changes",
        "GET /v1/calendar/events",
        "POST /v1/calendar/events",
        "GET /v1/calendar/events/{id}",
        "PUT /v1/calendar/events/{id}",
        "DELETE /v1/calendar/events/{id}",
    ];
    for operation in with_session {
        let (method, path) = operation.split_once(' ').expect("a method");
        let path = path.replace("{id}", &living);
        keep(operation, served.request(method, &path)).await;
        keep(operation, busy.as_anna(method, &path)).await;
        if operation != "GET /v1/session" {
            keep(operation, served.request(method, &path).bearer_auth(&guest)).await;
        }
    }
    for query in ["", "?pageSize=0", "?cursor=dead"] {
        keep("GET /v1/calendar/changes", served.as_anna("GET", &format!("/v1/calendar/changes{query}"))).await;
    }
    for query in ["", "?filter.from=yesterday", "?page=x", "?filter.externalId="] {
        keep("GET /v1/calendar/events", served.as_anna("GET", &format!("/v1/calendar/events{query}"))).await;
    }
    for path in ["/v1/session", "/v1/calendar/gateway-token"] {
        keep(&format!("GET {path}"), served.as_anna("GET", path)).await;
    }
    let sign_in = || served.request("POST", "/v1/session");
    keep("POST /v1/session", sign_in().json(&json!({"email": served.anna.email, "password": "hemligt"}))).await;
    keep("POST /v1/session", sign_in().json(&json!({"email": served.anna.email, "password": "fel"}))).await;
    keep("POST /v1/session", sign_in().json(&json!([]))).await;
    keep("POST /v1/session", sign_in().body("{}")).await;
    keep("POST /v1/session", sign_in().json(&"x".repeat(5 << 20))).await;

    let post = || served.as_anna("POST", "/v1/calendar/events");
    let new = event("x");
    for _ in 0..2 {
        keep("POST /v1/calendar/events", post().header("idempotency-key", "once").json(&new)).await;
    }
    let made = answer(post().header("idempotency-key", "gone").json(&new)).await;
    served.delete(made.body["id"].as_str().expect("an id"), "1").await;
    keep("POST /v1/calendar/events", post().header("idempotency-key", "gone").json(&new)).await;
    keep("POST /v1/calendar/events", post().json(&with(new.clone(), "externalId", "taken"))).await;
    keep("POST /v1/calendar/events", post().json(&with(new.clone(), "title", "x".repeat(256)))).await;
    keep("POST /v1/calendar/events", post().header("content-type", "application/json").body("{\"title\":")).await;
    keep("POST /v1/calendar/events", post().body("{}")).await;
    keep("POST /v1/calendar/events", post().json(&with(new.clone(), "body", "x".repeat(5 << 20)))).await;

    let on = |method: &str, id: &str| served.as_anna(method, &EVENT.replace("{id}", id));
    for id in [&living, &dead, "nobody"] {
        keep("GET /v1/calendar/events/{id}", on("GET", id)).await;
    }
    let put = |id: &str| on("PUT", id).header("if-match", "\"1\"");
    for (id, change) in [
        (living.as_str(), json!({"title": 7})),
        (&living, json!({"title": "Ny"})),
        (&changed, json!({"title": "y"})),
        (&dead, json!({})),
        ("nobody", json!({})),
        (&living, json!({"body": "x".repeat(5 << 20)})),
        (&doomed, json!([])),
    ] {
        keep("PUT /v1/calendar/events/{id}", put(id).json(&change)).await;
    }
    keep("PUT /v1/calendar/events/{id}", put(&living).body("{}")).await;
    keep("PUT /v1/calendar/events/{id}", on("PUT", &living).json(&json!({}))).await;
    for id in [&doomed, &dead, "nobody", &changed] {
        keep("DELETE /v1/calendar/events/{id}", on("DELETE", id).header("if-match", "\"1\"")).await;
    }
    keep("DELETE /v1/calendar/events/{id}", on("DELETE", &living)).await;
    answers
}
