//! Scenario 9: nobody gets mail.

use blikk_calendar_sync::event::{
    Answer, Attendance, Changes, Event, Exception, Meeting, OriginalDate, Participant, Person, Series, When,
};
use blikk_calendar_sync::recurrence::{Count, DayInterval, Pattern, Range, Recurrence};
use blikk_calendar_sync::sync::farewell::Farewell;
use blikk_calendar_sync::sync::report::Outcome;
use serde_json::{Value, json};

use crate::an_hour;
use crate::line::{event_path, servers};
use crate::wire::{Wire, an_hour as an_hour_in_outlook, text};

const STOCKHOLM: &str = "Europe/Stockholm";

/// With two people in it.
fn meeting(event: Event) -> Event {
    let person = |name: &str| Person { name: name.into(), address: format!("{name}@kund.example") };
    let participant = |name, attendance| Participant { person: person(name), attendance, answer: Answer::NotAnswered };
    let meeting = Meeting {
        is_mine: true,
        organizer: None,
        participants: vec![participant("bo", Attendance::Required), participant("cia", Attendance::Optional)],
        my_answer: Answer::Organizer,
        is_cancelled: false,
        online_url: None,
    };
    Event { meeting: Some(meeting), ..event }
}

/// Every day for two weeks, but on the second day, and later on the third.
fn daily(event: Event) -> Event {
    let pattern = Pattern::Daily { interval: DayInterval::new(1).unwrap() };
    let mut series = Series::new(Recurrence { pattern, range: Range::Numbered(Count::new(14).unwrap()) });
    let When::Timed(span) = &event.when else { return event };
    let first = span.start().instant().date_naive();
    let day = |days| OriginalDate(first + chrono::Days::new(days));
    series.exceptions.insert(day(1), Exception::Cancelled);
    let renamed = Changes { title: Some("Med gäster".into()), ..Changes::default() };
    series.exceptions.insert(day(2), Exception::Changed(Box::new(renamed)));
    Event { series: Some(series), ..event }
}

fn attended(mut event: Value) -> Value {
    event["attendees"] = json!([
        { "name": "Bo", "email": "bo@kund.example" },
        { "name": "Cia", "email": "cia@kund.example", "role": "optional" },
    ]);
    event
}

fn called_by_ann(mut event: Value) -> Value {
    event["organizer"] = json!({ "name": "Ann", "email": "ann@partner.example" });
    attended(event)
}

fn repeated(mut event: Value) -> Value {
    event["recurrence"] = json!({ "pattern": "daily", "count": 14 });
    event
}

/// Single meetings and series, past and to come, of mine and of others, made on both sides.
fn a_full_calendar(wire: &Wire) {
    for (when, day) in [("igår", "2026-11-02T09:00:00Z"), ("i vår", "2027-03-01T09:00:00Z")] {
        wire.blikk.add(meeting(an_hour(&format!("Blikks möte {when}"), day, STOCKHOLM)));
        wire.blikk.add(daily(meeting(an_hour(&format!("Blikks serie {when}"), day, STOCKHOLM))));
        let event = |title: &str| an_hour_in_outlook(&format!("{title} {when}"), day, STOCKHOLM);
        wire.adds_in_outlook(&attended(event("Mitt möte")));
        wire.adds_in_outlook(&called_by_ann(event("Anns möte")));
        let mine = wire.adds_in_outlook(&repeated(attended(event("Min serie"))));
        wire.adds_in_outlook(&repeated(called_by_ann(event("Anns serie"))));
        edits_and_cancels_days_of(wire, &mine, day);
    }
}

/// In Outlook: the third day gets another place, the fourth is cancelled.
fn edits_and_cancels_days_of(wire: &Wire, series: &str, first: &str) {
    let seen = |days: u64| {
        let day = first[..10].parse::<chrono::NaiveDate>().unwrap() + chrono::Days::new(days);
        let seen = wire.seen_in_outlook(&format!("{day}T00:00:00Z"), &format!("{day}T23:59:00Z"));
        let its = |event: &&Value| event["seriesId"] == *series;
        text(seen.iter().find(its).unwrap_or_else(|| panic!("{series}: {seen:?}")), "id")
    };
    wire.edits_in_outlook(&seen(2), &json!({ "place": "Rum 9" }));
    wire.deletes_in_outlook(&seen(3));
}

fn edits_everything(wire: &Wire, word: &str) {
    for id in wire.blikk.ids() {
        wire.blikk.edit(&id, |event| {
            event.title = format!("{} {word}", event.title);
            event.body = word.into();
            if let Some(series) = &mut event.series {
                let moved = series.exceptions.pop_first().map(|(OriginalDate(date), _)| date + chrono::Days::new(5));
                series.exceptions.extend(moved.map(|date| (OriginalDate(date), Exception::Cancelled)));
            }
        });
    }
}

#[test]
fn scenario_9_nobody_is_mailed_whatever_is_synchronised_updated_deleted_or_undone() {
    for (name, server) in servers() {
        let wire = Wire::to(server);
        a_full_calendar(&wire);
        let first = wire.done().run.unwrap_or_else(|| panic!("{name}: it wrote"));
        wire.assert_nobody_was_mailed();
        assert_eq!((wire.blikk.ids().len(), wire.in_outlook().len()), (12, 12), "{name}");

        // People edit all of it on both sides.
        edits_everything(&wire, "i Blikk");
        let updated = wire.done();
        assert!(updated.exchange.updated >= 8, "{name}: {updated:?}");
        wire.assert_nobody_was_mailed();
        for event in wire.in_outlook() {
            let title = format!("{} i Outlook", text(&event, "title"));
            let change = json!({ "title": title, "start": event["start"], "end": event["end"], "place": "Rum 2" });
            wire.edits_in_outlook(&text(&event, "id"), &change);
        }
        wire.done();
        wire.assert_nobody_was_mailed();

        // What the update did is taken back, and the undoing too.
        let undone = wire.undo(updated.run.unwrap());
        assert_eq!(undone.outcome, Outcome::Done, "{name}");
        assert!(undone.exchange.updated > 0, "{name}: {undone:?}");
        wire.assert_nobody_was_mailed();
        wire.undo(undone.run.unwrap());
        wire.done();
        wire.assert_nobody_was_mailed();

        // Half of it is deleted in Blikk, one by one, so that no brake holds; meetings of others come back.
        for id in wire.blikk.ids().into_iter().take(6) {
            wire.blikk.remove(&id);
            let deleted = wire.done();
            wire.assert_nobody_was_mailed();
            if let Some(run) = deleted.run.filter(|_| deleted.exchange.deleted > 0) {
                let undone = wire.undo(run);
                assert_eq!((undone.outcome, undone.exchange.created), (Outcome::Done, 1), "{name}: made anew");
                wire.assert_nobody_was_mailed();
            }
        }
        // The first run is taken back: what it created is deleted, where nobody has touched it.
        wire.undo(first);
        wire.done();
        wire.disconnect(Farewell::RemoveOurs);
        wire.assert_nobody_was_mailed();
        assert!(wire.line.writes().iter().any(|body| body.contains("<m:DeleteItem")), "{name}");
    }
}

#[test]
fn scenario_9_in_a_meeting_that_is_deleted_in_outlook_and_edited_in_blikk_nobody_is_invited_anew() {
    for (name, server) in servers() {
        let wire = Wire::to(server);
        let id = wire.adds_in_outlook(&attended(an_hour_in_outlook("Mitt möte", "2027-03-01T09:00:00Z", STOCKHOLM)));
        wire.done();
        wire.deletes_in_outlook(&id);
        wire.blikk.edit(&wire.blikk.only().0, |event| event.place = "Rum 1".into());
        wire.done();
        wire.assert_nobody_was_mailed();
        let made = &wire.in_outlook()[0];
        let shown = wire.line.outlook("GET", &event_path(&text(made, "id")), &Value::Null);
        assert_eq!((shown["place"].as_str(), &shown["participants"]), (Some("Rum 1"), &json!([])), "{name}");
    }
}
