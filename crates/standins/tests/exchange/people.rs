//! What a person does in Outlook.

use serde_json::{Value, json as value};

use crate::support::*;

fn meeting() -> Value {
    value!({
        "title": "Styrgrupp", "body": "Läget & <nästa steg>", "place": "Kajutan",
        "start": { "dateTime": "2027-03-02T09:00:00", "timeZone": "Europe/Stockholm" },
        "end": { "dateTime": "2027-03-02T09:00:00Z", "timeZone": "Europe/Stockholm" },
        "status": "tentative", "visibility": "private", "reminderMinutes": null, "categories": ["Kund"],
    })
}

#[test]
fn an_event_made_in_outlook_is_an_item_with_an_html_body() {
    let exchange = server();
    let (status, event) = json(&exchange, "POST", &format!("/people/{ANNA}/events"), &meeting());
    assert_eq!(status, 201, "{event}");
    assert_eq!(event["kind"], "single");
    assert_eq!(event["start"], value!({ "dateTime": "2027-03-02T08:00:00Z", "timeZone": "Europe/Stockholm" }));
    assert_eq!(event["body"], "Läget & <nästa steg>");
    assert_eq!(event["reminderMinutes"], Value::Null);
    let id = Id {
        id: event["id"].as_str().expect("an id").into(),
        change_key: event["version"].as_str().expect("a key").into(),
    };
    let item = get(&exchange, ANNA, ALL, &[&id]);
    assert!(body_of(&item).contains("MsoNormal"));
    assert_eq!(
        (text(&item, "Sensitivity"), text(&item, "LegacyFreeBusyStatus")),
        ("Private".into(), "Tentative".into())
    );
    assert_eq!(attributes(&item, "StartTimeZone", "Id"), ["W. Europe Standard Time"]);
}

#[test]
fn an_edit_changes_what_is_given_and_nothing_else() {
    let exchange = server();
    let (_, event) = json(&exchange, "POST", &format!("/people/{ANNA}/events"), &meeting());
    let path = event_path(ANNA, event["id"].as_str().expect("an id"));
    let (status, edited) = json(&exchange, "PUT", &path, &value!({ "title": "Styrgrupp 2", "reminderMinutes": 5 }));
    assert_eq!(status, 200);
    assert_ne!(edited["version"], event["version"]);
    assert_eq!((&edited["title"], &edited["reminderMinutes"]), (&value!("Styrgrupp 2"), &value!(5)));
    for same in ["body", "place", "start", "end", "status", "visibility", "categories", "uid"] {
        assert_eq!(edited[same], event[same], "{same}");
    }
    assert_eq!(json(&exchange, "DELETE", &path, &Value::Null).0, 204);
    assert_eq!(json(&exchange, "GET", &path, &Value::Null).0, 404);
}

#[test]
fn a_copy_takes_named_properties_along_and_gets_an_identity_of_its_own() {
    let exchange = server();
    let original = create(
        &exchange,
        ANNA,
        &format!(
            "<t:Subject>Original</t:Subject><t:ExtendedProperty>{MARKER}<t:Value>länk-1</t:Value></t:ExtendedProperty>"
        ),
    );
    let path = format!("{}/copy", event_path(ANNA, &original.id));
    let (status, copy) = json(&exchange, "POST", &path, &Value::Null);
    assert_eq!(status, 201);
    let copy = Id {
        id: copy["id"].as_str().expect("an id").into(),
        change_key: copy["version"].as_str().expect("a key").into(),
    };
    assert_ne!(copy.id, original.id);
    let shape = format!("{ALL}<t:AdditionalProperties>{MARKER}</t:AdditionalProperties>");
    let both = get(&exchange, ANNA, &shape, &[&original, &copy]);
    assert_eq!(texts(&both, "Value"), ["länk-1", "länk-1"]);
    let uids = texts(&both, "UID");
    assert_ne!(uids[0], uids[1]);
}

#[test]
fn a_touch_moves_the_change_key_and_nothing_else() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Ett");
    let (status, touched) = json(&exchange, "POST", &format!("{}/touch", event_path(ANNA, &id.id)), &Value::Null);
    assert_eq!((status, &touched["title"]), (200, &value!("Ett")));
    assert_ne!(touched["version"], id.change_key);
}

#[test]
fn all_day_events_have_dates() {
    let exchange = server();
    let event = value!({ "title": "Sportlov", "start": { "date": "2027-02-22" }, "end": { "date": "2027-02-27" } });
    let (status, event) = json(&exchange, "POST", &format!("/people/{ANNA}/events"), &event);
    assert_eq!((status, &event["allDay"]), (201, &value!(true)));
    assert_eq!((&event["start"]["date"], &event["end"]["date"]), (&value!("2027-02-22"), &value!("2027-02-27")));
}

#[test]
fn series_and_meetings_say_what_they_are() {
    let exchange = server();
    let post = |more: Value| {
        let mut event = meeting();
        event.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let (status, event) = json(&exchange, "POST", &format!("/people/{ANNA}/events"), &event);
        assert_eq!(status, 201, "{event}");
        event
    };
    let series = post(value!({ "recurrence": { "pattern": "weekly", "count": 10 } }));
    assert_eq!(series["kind"], "series");
    let meeting = post(value!({ "attendees": [{ "name": "Björn", "email": BJORN }] }));
    assert_eq!((&meeting["kind"], &meeting["participants"][0]["email"]), (&value!("meeting"), &value!(BJORN)));
    let invited = post(value!({ "organizer": { "name": "Kunden", "email": "kund@kund.example" } }));
    assert_eq!((&invited["kind"], &invited["organizer"]["name"]), (&value!("meeting"), &value!("Kunden")));
    assert_eq!(exchange.outbox(), [], "what people send themselves is not what the outbox is for");
    let list = json(&exchange, "GET", &format!("/people/{ANNA}/events"), &Value::Null).1;
    assert_eq!(list["itemCount"], 3);
}

#[test]
fn a_subject_that_xml_cannot_hold_leaves_as_a_character_reference() {
    let exchange = server();
    json(&exchange, "POST", &format!("/people/{ANNA}/events"), &value!({ "title": "Kopierat\u{0} från \u{1a}Word" }));
    let reply = send(&exchange, ANNA, &sync_request("", 512));
    let answer = String::from_utf8(reply.answer.body).expect("UTF-8");
    assert!(answer.contains("<t:Subject>Kopierat&#x0; från &#x1A;Word</t:Subject>"), "{answer}");
}

#[test]
fn what_people_cannot_do_is_told_in_a_sentence() {
    let exchange = server();
    let events = format!("/people/{ANNA}/events");
    assert_eq!(json(&exchange, "POST", &events, &value!({ "status": "upptagen" })).0, 400);
    assert_eq!(
        json(&exchange, "POST", &events, &value!({ "start": { "dateTime": "i morgon", "timeZone": "UTC" } })).0,
        400
    );
    assert_eq!(json(&exchange, "GET", "/people/ingen@konsult.example/events", &Value::Null).0, 404);
    assert_eq!(json(&exchange, "GET", &event_path(ANNA, "AAMk"), &Value::Null).0, 404);
}
