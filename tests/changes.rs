//! What a whole Exchange (the stand-in) tells of its changes, and what a client may believe of it.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/line.rs"]
mod line;

use blikk_calendar_sync::event::Exception;
use blikk_calendar_sync::sync::port::{Calendar as _, Change, Observed, Reading};
use blikk_calendar_sync::sync::state::{RemoteId, Token, Version};
use line::{Line, event_path, servers, updated, wait_for};
use serde_json::{Value, json};

/// Everything since `since`, in one page.
fn changes(line: &Line, since: Option<&Token>) -> (Vec<Change>, Token) {
    let page = wait_for(line.calendar().changes(since)).unwrap();
    assert!(!page.more);
    (page.changes, page.next)
}

fn found(line: &Line, id: &RemoteId) -> Observed {
    match wait_for(line.calendar().read(std::slice::from_ref(id))).unwrap().remove(0) {
        Reading::Found(observed) => *observed,
        other => panic!("{other:?}"),
    }
}

fn touched(id: &RemoteId, version: &Version) -> Change {
    Change::Touched { id: id.clone(), version: version.clone() }
}

fn mondays() -> Value {
    json!({
        "title": "Planering", "body": "Vad händer i veckan?", "attachments": ["plan.pdf"], "reminderMinutes": 15,
        "start": { "dateTime": "2027-03-01T09:00:00", "timeZone": "Europe/Stockholm" },
        "end": { "dateTime": "2027-03-01T10:00:00", "timeZone": "Europe/Stockholm" },
        "recurrence": { "pattern": "weekly", "count": 5 },
    })
}

/// The series with this id; its second occurrence has a title of its own, and the third does not take place.
fn with_exceptions(line: &Line, series: &RemoteId) {
    let view = line.outlook("GET", "events?from=2027-03-01T00:00:00Z&to=2027-05-01T00:00:00Z", &Value::Null);
    let path = |number: usize| event_path(view["items"][number]["id"].as_str().unwrap());
    assert_eq!(view["items"][1]["seriesId"], series.as_str());
    line.outlook("PUT", &path(1), &json!({ "title": "Planering 2" }));
    line.outlook("DELETE", &path(2), &Value::Null);
}

#[test]
fn r08_a_list_of_changes_gives_no_content_so_what_changed_is_fetched_whole() {
    for (name, server) in servers() {
        let line = Line::to(server);
        let id = RemoteId::new(line.outlook("POST", "events", &mondays())["id"].as_str().unwrap());
        let (told, _) = changes(&line, None);
        assert!(matches!(&told[..], [Change::Touched { id: told, .. }] if *told == id), "{name}: {told:?}");
        let list = line.sent.borrow()[0].clone();
        for what in ["item:Body", "item:Attachments", "calendar:Recurrence"] {
            assert!(!list.contains(what), "{name}: {what} is not to be had from a list");
        }
        let event = found(&line, &id).content.unwrap();
        assert_eq!(
            (event.body.as_str(), &event.attachments[..]),
            ("Vad händer i veckan?", &["plan.pdf".into()][..]),
            "{name}"
        );
        assert!(event.series.is_some(), "{name}");
    }
}

#[test]
fn r09_a_series_is_told_once_and_its_occurrences_come_with_it() {
    for (name, server) in servers() {
        let line = Line::to(server);
        let id = RemoteId::new(line.outlook("POST", "events", &mondays())["id"].as_str().unwrap());
        with_exceptions(&line, &id);
        let (told, _) = changes(&line, None);
        let observed = found(&line, &id);
        assert_eq!(told, [touched(&id, &observed.version)], "{name}: the master and nothing else");
        let exceptions = observed.content.unwrap().series.unwrap().exceptions;
        let said: Vec<String> = exceptions
            .iter()
            .map(|(date, exception)| match exception {
                Exception::Cancelled => format!("{} cancelled", date.0),
                Exception::Changed(changes) => format!("{} {:?}", date.0, changes.title),
            })
            .collect();
        assert_eq!(said, ["2027-03-08 Some(\"Planering 2\")", "2027-03-15 cancelled"], "{name}");
    }
}

/// The sync state that an answer of ours leaves behind is older than what we write next, so the next list tells it: with
/// the very version that we read back, by which it is known for our own.
#[test]
fn r22_what_we_wrote_ourselves_comes_back_in_the_version_that_we_remember() {
    for (name, server) in servers() {
        let line = Line::to(server);
        let source = RemoteId::new(line.outlook("POST", "events", &mondays())["id"].as_str().unwrap());
        with_exceptions(&line, &source);
        let event = found(&line, &source).content.unwrap();
        let (_, before) = changes(&line, None);
        let held = line::created(&line, &event).unwrap();
        let (told, next) = changes(&line, Some(&before));
        assert_eq!(told, [touched(&held.id, &held.version)], "{name}: created with its exceptions");

        let mut edited = event.clone();
        edited.title = "Veckoplanering".into();
        edited.series.as_mut().unwrap().exceptions.retain(|_, exception| *exception == Exception::Cancelled);
        let held = updated(&line, &held, &edited).unwrap();
        let (told, next) = changes(&line, Some(&next));
        assert_eq!(told, [touched(&held.id, &held.version)], "{name}: changed, and an occurrence with it");
        assert_eq!(changes(&line, Some(&next)).0, [], "{name}");
    }
}
