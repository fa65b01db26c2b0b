//! What a person does in Outlook.

use serde_json::{Value, json as value};
use standins::exchange::Exchange;

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

/// A series of Mondays at nine in Stockholm, made by a person; its id.
fn mondays(exchange: &Exchange) -> String {
    let event = value!({
        "title": "Veckomöte",
        "start": { "dateTime": "2027-03-01T09:00:00", "timeZone": "Europe/Stockholm" },
        "end": { "dateTime": "2027-03-01T10:00:00", "timeZone": "Europe/Stockholm" },
        "recurrence": { "pattern": "weekly", "count": 5 },
    });
    let (status, event) = json(exchange, "POST", &format!("/people/{ANNA}/events"), &event);
    assert_eq!(status, 201, "{event}");
    event["id"].as_str().expect("an id").to_owned()
}

/// What she sees in March and April.
fn seen(exchange: &Exchange) -> Vec<Value> {
    let path = format!("/people/{ANNA}/events?from=2027-03-01T00:00:00Z&to=2027-05-01T00:00:00Z");
    json(exchange, "GET", &path, &Value::Null).1["items"].as_array().expect("a list").clone()
}

fn summary(events: &[Value]) -> Vec<String> {
    let word = |event: &Value, name: &str| event[name].as_str().unwrap_or_default().to_owned();
    let day = |event: &Value| event["start"]["dateTime"].as_str().unwrap_or_default()[5..16].to_owned();
    events.iter().map(|event| format!("{} {} {}", day(event), word(event, "kind"), word(event, "title"))).collect()
}

#[test]
fn a_person_sees_the_occurrences_of_her_series_and_moves_or_cancels_one() {
    let exchange = server();
    let series = mondays(&exchange);
    let occurrences = seen(&exchange);
    assert_eq!(occurrences.len(), 5);
    assert_eq!((&occurrences[1]["seriesId"], &occurrences[1]["kind"]), (&value!(series), &value!("occurrence")));
    let path = |place: usize| event_path(ANNA, occurrences[place]["id"].as_str().expect("an id"));
    let later = value!({
        "title": "Flyttat",
        "start": { "dateTime": "2027-03-09T13:00:00", "timeZone": "Europe/Stockholm" },
        "end": { "dateTime": "2027-03-09T14:00:00", "timeZone": "Europe/Stockholm" },
    });
    let (status, moved) = json(&exchange, "PUT", &path(1), &later);
    assert_eq!((status, &moved["kind"]), (200, &value!("exception")), "{moved}");
    assert_eq!(moved["originalStart"]["dateTime"], "2027-03-08T08:00:00Z");
    assert_eq!(json(&exchange, "DELETE", &path(2), &Value::Null).0, 204);
    assert_eq!(json(&exchange, "GET", &path(2), &Value::Null).0, 404);
    assert_eq!(
        summary(&seen(&exchange)),
        [
            "03-01T08:00 occurrence Veckomöte",
            "03-09T12:00 exception Flyttat",
            "03-22T08:00 occurrence Veckomöte",
            "03-29T07:00 occurrence Veckomöte",
        ]
    );
    let onto_another = value!({ "start": { "dateTime": "2027-03-22T13:00:00", "timeZone": "Europe/Stockholm" },
        "end": { "dateTime": "2027-03-22T14:00:00", "timeZone": "Europe/Stockholm" } });
    assert_eq!(json(&exchange, "PUT", &path(1), &onto_another).0, 400, "R19");
    let kept = json(&exchange, "GET", &format!("/people/{ANNA}/events"), &Value::Null).1;
    assert_eq!((&kept["itemCount"], &kept["items"][0]["kind"]), (&value!(1), &value!("series")), "one item is kept");
}

#[test]
fn this_and_following_ends_the_old_series_and_begins_a_new_one() {
    let exchange = server();
    let old = mondays(&exchange);
    let occurrences = seen(&exchange);
    let path = |place: usize| event_path(ANNA, occurrences[place]["id"].as_str().expect("an id"));
    json(&exchange, "PUT", &path(0), &value!({ "title": "Första gången" }));
    let split = format!("{}/following", path(2));
    let (status, new) = json(&exchange, "POST", &split, &value!({ "title": "Nytt möte" }));
    assert_eq!((status, &new["kind"]), (201, &value!("series")), "{new}");
    let (_, old) = json(&exchange, "GET", &event_path(ANNA, &old), &Value::Null);
    assert_ne!(new["uid"], old["uid"]);
    assert_eq!(
        summary(&seen(&exchange)),
        [
            "03-01T08:00 exception Första gången",
            "03-08T08:00 occurrence Veckomöte",
            "03-15T08:00 occurrence Nytt möte",
            "03-22T08:00 occurrence Nytt möte",
            "03-29T07:00 occurrence Nytt möte",
        ]
    );
    assert_eq!(json(&exchange, "DELETE", &format!("{}/following", path(1)), &Value::Null).0, 204);
    assert_eq!(seen(&exchange).len(), 4);
    assert_eq!(json(&exchange, "DELETE", &format!("{}/following", path(0)), &Value::Null).0, 204);
    assert_eq!(seen(&exchange).len(), 3, "nothing is left of the old series");
}

#[test]
fn a_series_that_is_dragged_takes_its_pattern_along_and_a_copied_occurrence_is_single() {
    let exchange = server();
    let series = mondays(&exchange);
    let tuesday = value!({ "start": { "dateTime": "2027-03-02T09:00:00", "timeZone": "Europe/Stockholm" },
        "end": { "dateTime": "2027-03-02T10:00:00", "timeZone": "Europe/Stockholm" } });
    assert_eq!(json(&exchange, "PUT", &event_path(ANNA, &series), &tuesday).0, 200);
    let occurrences = seen(&exchange);
    assert_eq!(summary(&occurrences)[1], "03-09T08:00 occurrence Veckomöte");
    let copy = format!("{}/copy", event_path(ANNA, occurrences[1]["id"].as_str().expect("an id")));
    let (status, copy) = json(&exchange, "POST", &copy, &Value::Null);
    assert_eq!((status, &copy["kind"]), (201, &value!("single")));
    assert_eq!(json(&exchange, "DELETE", &event_path(ANNA, &series), &Value::Null).0, 204);
    assert_eq!(seen(&exchange).len(), 1, "the copy is nobody's occurrence");
}

#[test]
fn people_make_series_of_every_pattern() {
    let exchange = server();
    #[rustfmt::skip]
    let cases = [
        (value!({ "pattern": "daily", "interval": 2, "until": "2027-03-04" }), vec!["03-01", "03-03"]),
        (value!({ "pattern": "weekly", "daysOfWeek": ["Monday", "Thursday"], "count": 3 }), vec!["03-01", "03-04", "03-08"]),
        (value!({ "pattern": "monthly", "count": 2 }), vec!["03-01", "04-01"]),
        (value!({ "pattern": "monthlyByWeekday", "count": 2 }), vec!["03-01", "04-05"]),
        (value!({ "pattern": "yearly" }), vec!["03-01"]),
        (value!({ "pattern": "yearlyByWeekday" }), vec!["03-01"]),
    ];
    for (recurrence, dates) in cases {
        let id = mondays(&exchange);
        let path = event_path(ANNA, &id);
        assert_eq!(json(&exchange, "PUT", &path, &value!({ "recurrence": recurrence })).0, 200, "{recurrence}");
        let found: Vec<String> = summary(&seen(&exchange)).iter().map(|event| event[..5].to_owned()).collect();
        assert_eq!(found, dates, "{recurrence}");
        json(&exchange, "DELETE", &path, &Value::Null);
    }
}
