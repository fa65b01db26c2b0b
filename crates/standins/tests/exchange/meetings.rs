//! Meetings: who answered what, what is called off, how people join from afar, and what hangs on an item.

use serde_json::{Value, json as value};
use standins::exchange::Exchange;

use crate::support::*;

fn item_of(exchange: &Exchange, event: Value) -> String {
    let (status, event) = json(exchange, "POST", &format!("/people/{ANNA}/events"), &event);
    assert_eq!(status, 201, "{event}");
    let id = Id { id: event["id"].as_str().expect("an id").into(), change_key: String::new() };
    get(exchange, ANNA, ALL, &[&id])
}

#[test]
fn attendees_have_answered_or_not() {
    let item = item_of(
        &server(),
        value!({ "title": "Styrgrupp", "attendees": [
            { "name": "Björn", "email": BJORN, "answer": "accepted" },
            { "name": "Karin", "email": "karin@konsult.example", "answer": "declined", "role": "optional" },
            { "name": "Rum Öresund", "email": "oresund@konsult.example", "role": "resource" },
        ] }),
    );
    assert_eq!(texts(&item, "ResponseType"), ["Accept", "Decline", "NoResponseReceived"]);
    let expected = [
        ("IsMeeting", "true"),
        ("IsOrganizer", "true"),
        ("MyResponseType", "Organizer"),
        ("AppointmentState", "1"),
        ("IsCancelled", "false"),
        ("MeetingRequestWasSent", "true"),
    ];
    for (name, value) in expected {
        assert_eq!(text(&item, name), value, "{name}");
    }
    let unknown = value!({ "attendees": [{ "email": BJORN, "answer": "kanske" }] });
    assert_eq!(json(&server(), "POST", &format!("/people/{ANNA}/events"), &unknown).0, 400);
}

#[test]
fn a_meeting_of_somebody_else_says_so_and_what_its_owner_answered() {
    let exchange = server();
    let kund = value!({ "name": "Kunden", "email": "kund@kund.example" });
    let cases = [
        (value!({ "organizer": kund }), "Accept", "3", "false"),
        (value!({ "organizer": kund, "myAnswer": "tentative" }), "Tentative", "3", "false"),
        (value!({ "organizer": kund, "myAnswer": "notAnswered" }), "NoResponseReceived", "3", "false"),
        (value!({ "organizer": kund, "cancelled": true }), "Accept", "7", "true"),
    ];
    for (event, response, state, cancelled) in cases {
        let item = item_of(&exchange, event.clone());
        let found = ["MyResponseType", "AppointmentState", "IsCancelled", "IsOrganizer"].map(|name| text(&item, name));
        assert_eq!(found, [response, state, cancelled, "false"], "{event}");
        assert_eq!(texts(&item, "AppointmentReplyTime").is_empty(), response == "NoResponseReceived", "{event}");
    }
}

#[test]
fn a_link_to_join_and_attachments_are_shown_and_importance_is_kept() {
    let exchange = server();
    let url = "https://moten.example/anslut?id=7&kod=x";
    let item = item_of(
        &exchange,
        value!({ "title": "Demo", "onlineUrl": url, "importance": "high", "attachments": ["Skiss.pdf", "Låten.mp3"] }),
    );
    assert_eq!(text(&item, "JoinOnlineMeetingUrl"), url);
    let found = ["IsOnlineMeeting", "HasAttachments", "Importance"].map(|name| text(&item, name));
    assert_eq!(found, ["true", "true", "High"]);
    assert_eq!(texts(&item, "ContentType"), ["application/pdf", "application/octet-stream"]);
    let names: Vec<String> = texts(&item, "Name").into_iter().filter(|name| name.contains('.')).collect();
    assert_eq!(names, ["Skiss.pdf", "Låten.mp3"]);
    let plain = item_of(&exchange, value!({ "title": "Utan" }));
    assert_eq!(text(&plain, "HasAttachments"), "false");
    assert!(!plain.contains("<t:Attachments"));
}
