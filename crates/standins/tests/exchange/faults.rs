//! Failing on demand, and what the control interface knows afterwards.

use serde_json::{Value, json as value};
use standins::exchange::Poison;
use standins::fault::{Fault, Rule};

use crate::support::*;

#[test]
fn a_drop_before_leaves_nothing_and_a_drop_after_leaves_the_item() {
    let exchange = server();
    let item = create_request("<t:CalendarItem><t:Subject>Ett</t:Subject></t:CalendarItem>");
    exchange.add_fault(Rule::new("CreateItem", Fault::DropBefore));
    assert_eq!(send(&exchange, ANNA, &item).fault, Some(Fault::DropBefore));
    assert_eq!(texts(&ask(&exchange, ANNA, &sync_request("", 512)), "Subject"), Vec::<String>::new());
    exchange.add_fault(Rule::new("CreateItem", Fault::DropAfter));
    assert_eq!(send(&exchange, ANNA, &item).fault, Some(Fault::DropAfter));
    assert_eq!(texts(&ask(&exchange, ANNA, &sync_request("", 512)), "Subject"), ["Ett"]);
}

#[test]
fn a_busy_server_says_how_long_to_wait() {
    let exchange = server();
    exchange.add_fault(Rule::new("*", Fault::ServerBusy { back_off_ms: 1500 }));
    let reply = send(&exchange, ANNA, &sync_request("", 512));
    assert_eq!(reply.answer.status, 500);
    let fault = String::from_utf8(reply.answer.body).expect("UTF-8");
    assert_eq!(text(&fault, "ResponseCode"), "ErrorServerBusy");
    assert_eq!(
        (attributes(&fault, "Value", "Name"), text(&fault, "Value")),
        (vec!["BackOffMilliseconds".into()], "1500".into())
    );
}

#[test]
fn a_code_that_no_schema_has_can_be_answered_for_every_item() {
    let exchange = server();
    exchange.add_fault(Rule::new("CreateItem", Fault::ResponseCode { response_code: "ErrorFromTheFuture".into() }));
    let items = "<t:CalendarItem/><t:CalendarItem/>";
    let answer = ask(&exchange, ANNA, &create_request(items));
    assert_eq!(codes(&answer), ["ErrorFromTheFuture", "ErrorFromTheFuture"]);
    assert_eq!(codes(&ask(&exchange, ANNA, &create_request(items))), ["NoError", "NoError"]);
}

#[test]
fn a_soap_fault_can_come_in_a_200() {
    let exchange = server();
    let fault = Fault::SoapFault { response_code: "ErrorInternalServerError".into(), status: Some(200) };
    exchange.add_fault(Rule::new("GetItem", fault));
    let id = create_titled(&exchange, ANNA, "Ett");
    let answer = get(&exchange, ANNA, ALL, &[&id]);
    assert_eq!(text(&answer, "faultcode"), "a:ErrorInternalServerError");
}

#[test]
fn a_fault_can_strike_one_user_alone() {
    let exchange = server();
    exchange.add_fault(Rule::new("SyncFolderItems", Fault::DropBefore).of_user(BJORN));
    assert_eq!(send(&exchange, ANNA, &sync_request("", 512)).fault, None);
    assert_eq!(send(&exchange, BJORN, &sync_request("", 512)).fault, Some(Fault::DropBefore));
}

#[test]
fn expired_tokens_are_refused_from_the_struck_call_on() {
    let exchange = server();
    let state = text(&ask(&exchange, ANNA, &sync_request("", 512)), "SyncState");
    exchange.add_fault(Rule::new("SyncFolderItems", Fault::ExpireTokens));
    assert_eq!(codes(&ask(&exchange, ANNA, &sync_request(&state, 512))), ["ErrorInvalidSyncStateData"]);
}

#[test]
fn a_poisoned_item_fails_for_ever_and_alone() {
    let exchange = server();
    exchange.add_poison(Poison::of_subject("☠"));
    let items = "<t:CalendarItem><t:Subject>☠ Ett</t:Subject></t:CalendarItem><t:CalendarItem><t:Subject>Två</t:Subject></t:CalendarItem>";
    for _ in 0..3 {
        assert_eq!(codes(&ask(&exchange, ANNA, &create_request(items))), ["ErrorItemCorrupt", "NoError"]);
    }
}

#[test]
fn a_test_arranges_everything_over_http() {
    let exchange = server();
    let control = |method: &str, what: &str, body: Value| json(&exchange, method, &format!("/_control/{what}"), &body);
    let rule = value!({ "match": { "operation": "GetItem", "skip": 1, "times": 2 }, "fault": { "kind": "status", "code": 503, "retryAfter": 7 } });
    assert_eq!(control("POST", "faults", rule).0, 204);
    assert_eq!(control("GET", "faults", Value::Null).1[0]["fault"]["retryAfter"], 7);
    assert_eq!(control("POST", "faults", value!([{ "fault": { "kind": "dropBefore" } }])).0, 204);
    assert_eq!(control("DELETE", "faults", Value::Null).0, 204);
    assert_eq!(control("POST", "faults", value!({ "fault": { "kind": "regn" } })).0, 400);

    assert_eq!(control("POST", "users", value!({ "email": "ny@konsult.example", "name": "Ny" })).1["itemCount"], 3);
    assert_eq!(codes(&ask(&exchange, "NY@konsult.example", &sync_request("", 512))), ["NoError"]);
    assert_eq!(control("POST", "impersonation", value!({ "allowed": false })).0, 204);
    assert_eq!(send(&exchange, ANNA, &sync_request("", 512)).answer.status, 500);
    assert_eq!(control("POST", "impersonation", value!({ "allowed": true })).0, 204);
    assert_eq!(control("POST", "account", value!({ "password": "nytt" })).0, 204);
    assert_eq!(send(&exchange, ANNA, &sync_request("", 512)).answer.status, 401);

    let counts = control("GET", "requests", Value::Null).1;
    assert_eq!(counts["operations"]["SyncFolderItems"], 3);
    assert_eq!(counts["byMailbox"]["ny@konsult.example"]["SyncFolderItems"], 1);
    assert_eq!(control("DELETE", "requests", Value::Null).0, 204);
    assert_eq!(control("GET", "requests", Value::Null).1["total"], 0);
    assert_eq!(control("GET", "outbox", Value::Null).1["itemCount"], 0);
    assert_eq!(control("GET", "vädret", Value::Null).0, 404);
}
