//! What Blikk says and what we write, side by side.

use serde_json::{Value, json};

use super::*;
use crate::event::{
    Answer, Attendance, Exception, FreeBusy, Importance, Meeting, Moment, OriginalDate, Participant, Person, Reminder,
    Sensitivity, When,
};
use crate::rfc3339;
use crate::value::FromValue;
use crate::zone::{IanaRules, ZoneId};

pub(super) fn read(json: Value) -> Result<Event, Problem> {
    let value = serde_json::from_value(json).expect("JSON");
    event_of(&Item::from_value(value).expect("an object"), &IanaRules)
}

pub(super) fn written(event: &Event) -> Value {
    serde_json::to_value(all_fields(event, &IanaRules).expect("zones that are known")).expect("JSON")
}

/// What a change writes.
pub(super) fn changed(before: &Event, after: &Event) -> Value {
    serde_json::to_value(changed_fields(before, after, &IanaRules).expect("zones that are known")).expect("JSON")
}

fn timed(start: &str, end: &str) -> Value {
    json!({
        "objectName": "calendarEvent", "id": "1", "version": "1", "title": "Möte",
        "start": {"dateTime": start, "timeZone": "Europe/Stockholm"},
        "end": {"dateTime": end, "timeZone": "Europe/Stockholm"},
    })
}

fn with(mut json: Value, member: &str, value: Value) -> Value {
    json[member] = value;
    json
}

#[test]
fn an_event_read_and_written_again_is_the_same_json() {
    let once = json!({"recurrence": null, "exceptions": [], "meeting": null, "attachments": []});
    let all = json!({
        "title": "Sprint <&> \"ÅÄÖ\" 🎉", "body": "Rad 1\nRad 2", "place": "Åre", "allDay": false,
        "start": {"dateTime": "2027-03-28T00:30:00Z", "timeZone": "Europe/Stockholm"},
        "end": {"dateTime": "2027-03-28T01:30:00Z", "timeZone": "America/New_York"},
        "status": "tentative", "visibility": "private", "importance": "high", "reminderMinutes": 15,
        "categories": ["Kund", "Möte"],
    });
    let whole_day = json!({
        "title": "", "body": "", "place": "", "allDay": true,
        "start": {"date": "2027-06-25"}, "end": {"date": "2027-06-26"},
        "status": "outOfOffice", "visibility": "normal", "importance": "low", "reminderMinutes": null,
        "categories": [],
    });
    let series = merged(
        all.clone(),
        json!({
            "recurrence": [
                "RRULE:FREQ=WEEKLY;BYDAY=SU;UNTIL=20270424T233000Z",
                "EXDATE;TZID=Europe/Stockholm:20270404T013000,20270411T013000",
            ],
            "exceptions": [{
                "originalStart": {"dateTime": "2027-04-17T23:30:00Z", "timeZone": "Europe/Stockholm"},
                "title": "Avslutning", "reminderMinutes": null, "allDay": true,
                "start": {"date": "2027-04-19"}, "end": {"date": "2027-04-20"},
            }],
        }),
    );
    let meeting = merged(
        whole_day.clone(),
        json!({
            "meeting": {
                "isMine": false, "organizer": {"name": "Gunnel", "email": "gunnel@smogen.example"},
                "participants": [
                    {"name": "Anna", "email": "", "role": "optional", "answer": "declined"},
                    {"name": "", "email": "rum@smogen.example", "role": "resource", "answer": "notAnswered"},
                ],
                "myAnswer": "tentative", "isCancelled": true, "onlineUrl": "https://möte.example/?a=1&b=2",
            },
            "attachments": ["Dagordning & fika.docx", "Dagordning & fika.docx"],
        }),
    );
    for json in [all, whole_day, series, meeting] {
        let json = merged(once.clone(), json);
        let event = read(json.clone()).expect("an event");
        assert_eq!(written(&event), json);
    }
}

pub(super) fn merged(mut json: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("an object") };
    json.as_object_mut().expect("an object").extend(more);
    json
}

#[test]
fn an_event_that_cannot_be_understood_says_why() {
    let good = timed("2027-03-01T08:00:00Z", "2027-03-01T09:00:00+00:00");
    let day = json!({"date": "2027-03-01"});
    let cases = [
        (timed("2027-03-01T09:00:00Z", "2027-03-01T08:00:00Z"), Code::EventEndsBeforeStart, None),
        (with(with(good.clone(), "start", day.clone()), "end", day.clone()), Code::EventEndsBeforeStart, None),
        (with(good.clone(), "end", Value::Null), Code::EventUnreadable, Some("end")),
        (with(good.clone(), "start", json!("08:00")), Code::EventUnreadable, Some("start")),
        (timed("2027-03-01T08:00:00", "2027-03-01T09:00:00"), Code::EventUnreadable, Some("start")),
        (with(good.clone(), "start", day), Code::EventUnreadable, Some("allDay")),
        (with(good.clone(), "allDay", json!(true)), Code::EventUnreadable, Some("allDay")),
        (with(good.clone(), "title", json!(["x"])), Code::EventUnreadable, Some("title")),
        (with(good.clone(), "reminderMinutes", json!("soon")), Code::EventUnreadable, Some("reminderMinutes")),
        (with(good.clone(), "categories", json!("Möte")), Code::EventUnreadable, Some("categories")),
        (with(good.clone(), "importance", json!(1)), Code::EventUnreadable, Some("importance")),
        (with(good.clone(), "recurrence", json!("RRULE:FREQ=DAILY")), Code::EventUnreadable, Some("recurrence")),
        (with(good, "recurrence", json!(["RRULE:FREQ="])), Code::EventUnreadable, Some("recurrence: FREQ=")),
    ];
    for (json, code, server) in cases {
        let problem = read(json.clone()).expect_err(&json.to_string());
        assert_eq!((problem.code, problem.server.as_deref()), (code, server), "{json}");
    }
}

#[test]
fn what_a_later_version_of_the_contract_adds_is_survived() {
    let good = timed("2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z");
    let event = read(with(with(good, "status", json!("asleep")), "visibility", json!("team"))).expect("an event");
    assert_eq!(event.free_busy, FreeBusy::Busy);
    assert_eq!(event.sensitivity, Sensitivity::Private, "what may be secret is kept secret");
}

#[test]
fn an_event_without_a_zone_keeps_its_instant() {
    let json = json!({"start": {"dateTime": "2027-03-01T09:00:00+01:00"}, "end": {"dateTime": "2027-03-01T09:00:00Z"}});
    let Ok(Event { when: When::Timed(span), .. }) = read(json) else { panic!("a timed event") };
    assert_eq!(span.start().instant(), rfc3339::instant_from("2027-03-01T08:00:00Z").expect("an instant"));
    assert_eq!(span.start().zone(), &ZoneId::utc());
}

#[test]
fn a_change_writes_what_differs_and_both_ends_together() {
    let before = read(timed("2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z")).expect("an event");
    assert_eq!(changed(&before, &before), json!({}));

    let mut after = read(timed("2027-03-01T08:00:00Z", "2027-03-01T10:00:00Z")).expect("an event");
    after.reminder = Some(Reminder { minutes_before_start: 0 });
    after.importance = Importance::High;
    let stockholm =
        |hour: &str| json!({"dateTime": format!("2027-03-01T{hour}:00:00Z"), "timeZone": "Europe/Stockholm"});
    let times = json!({"allDay": false, "start": stockholm("08"), "end": stockholm("10")});
    let rest = json!({"reminderMinutes": 0, "importance": "high"});
    assert_eq!(changed(&before, &after), merged(times, rest));
    assert_eq!(changed(&after, &before)["reminderMinutes"], Value::Null, "taken away, not left alone");
    assert!(changed(&after, &before).get("reminderMinutes").is_some());
}

#[test]
fn what_is_read_of_a_meeting_is_what_can_be_read() {
    let meeting = |json: Value| {
        let good = timed("2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z");
        read(with(good, "meeting", json)).expect("an event").meeting
    };
    assert_eq!(meeting(json!("x")), None);
    let careful = meeting(json!({"participants": [7, {"name": "Anna"}], "myAnswer": "perhaps", "isMine": "yes"}));
    let anna = Person { name: "Anna".into(), address: String::new() };
    let participants =
        vec![Participant { person: anna, attendance: Attendance::Required, answer: Answer::NotAnswered }];
    assert_eq!(
        careful,
        Some(Meeting { is_mine: false, participants, ..nobodys_meeting() }),
        "not said to be mine: it is not"
    );
}

fn nobodys_meeting() -> Meeting {
    Meeting {
        is_mine: false,
        organizer: None,
        participants: Vec::new(),
        my_answer: Answer::NotAnswered,
        is_cancelled: false,
        online_url: None,
    }
}

/// Monday to Friday at 09:00 in Stockholm, from 22 March 2027; summer time begins on the 28th.
fn stand_up(exceptions: Value, exdates: &[&str]) -> Value {
    let lines = ["RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"].iter().chain(exdates).copied();
    let json = timed("2027-03-22T08:00:00Z", "2027-03-22T08:15:00Z");
    with(with(json, "recurrence", lines.collect()), "exceptions", exceptions)
}

fn exceptions_of(json: Value) -> Vec<(String, Exception)> {
    let series = read(json).expect("an event").series.expect("a series");
    series.exceptions.into_iter().map(|(date, exception)| (rfc3339::date_text(date.0), exception)).collect()
}

#[test]
fn every_form_of_an_original_start_is_one_date_in_the_zone_of_the_series() {
    // R20, R04.
    let zoned = |date_time: &str, zone: &str| json!({"dateTime": date_time, "timeZone": zone});
    let cases = [
        (zoned("2027-03-29T07:00:00Z", "Europe/Stockholm"), "2027-03-29"),
        (zoned("2027-03-29T09:00:00+02:00", "Europe/Stockholm"), "2027-03-29"),
        (zoned("2027-03-29T07:00:00Z", "Asia/Tokyo"), "2027-03-29"),
        (json!({"dateTime": "2027-03-29T07:00:00Z"}), "2027-03-29"),
        (json!({"date": "2027-03-29"}), "2027-03-29"),
        // From before the series was moved from 00:30 to 09:00: 29 March in Stockholm, the 28th in UTC.
        (zoned("2027-03-28T22:30:00Z", "Europe/Stockholm"), "2027-03-29"),
    ];
    for (original, date) in cases {
        let json = stand_up(json!([{"originalStart": original, "place": "Teams"}]), &[]);
        let place = Changes { place: Some("Teams".into()), ..Changes::default() };
        assert_eq!(exceptions_of(json), [(date.to_owned(), Exception::Changed(place.into()))], "{original}");
    }
    for line in [
        "EXDATE:20270329T070000Z",
        "EXDATE;TZID=Europe/Stockholm:20270329T090000",
        "EXDATE;TZID=Europe/Helsinki:20270329T100000",
        "EXDATE;VALUE=DATE:20270329",
        "EXDATE:20270329T090000",
    ] {
        assert_eq!(
            exceptions_of(stand_up(json!([]), &[line])),
            [("2027-03-29".to_owned(), Exception::Cancelled)],
            "{line}"
        );
    }
}

#[test]
fn an_all_day_series_has_dates_however_its_exceptions_are_written() {
    // R04.
    let birthday = json!({
        "start": {"date": "2027-06-06"}, "end": {"date": "2027-06-07"}, "recurrence": ["RRULE:FREQ=YEARLY"],
    });
    for original in [
        json!({"date": "2028-06-06"}),
        json!({"dateTime": "2028-06-06T00:00:00Z", "timeZone": "UTC"}),
        json!({"dateTime": "2028-06-05T22:00:00Z", "timeZone": "Europe/Stockholm"}),
        json!({"dateTime": "2028-06-06T00:00:00+14:00", "timeZone": "Pacific/Kiritimati"}),
    ] {
        let json = with(birthday.clone(), "exceptions", json!([{"originalStart": original, "title": "50 år!"}]));
        assert_eq!(exceptions_of(json)[0].0, "2028-06-06", "{original}");
    }
    let noon = json!([{"originalStart": {"dateTime": "2028-06-06T12:00:00Z", "timeZone": "UTC"}, "title": "x"}]);
    let problem = read(with(birthday, "exceptions", noon)).expect_err("which day is that, where?");
    assert_eq!((problem.code, problem.server.as_deref()), (Code::EventUnreadable, Some("exceptions[0].originalStart")));
}

#[test]
fn what_is_no_exception_is_not_read_as_one() {
    let on = |date: &str| json!({"date": date});
    let moved_to =
        |hour: &str| json!({"dateTime": format!("2027-03-31T{hour}:00:00Z"), "timeZone": "Europe/Stockholm"});
    let quarter_past = json!({"dateTime": "2027-03-31T07:15:00Z", "timeZone": "Europe/Stockholm"});
    let exceptions = json!([
        {"originalStart": on("2027-03-28"), "title": "a Sunday, on which there is no stand-up"},
        {"originalStart": on("2027-03-15"), "title": "before the first one"},
        {"originalStart": on("2027-03-29"), "title": "Möte", "status": "busy", "body": null},
        {"originalStart": on("2027-03-30"), "title": "cancelled as well"},
        {"originalStart": on("2027-03-31"), "start": moved_to("07"), "end": quarter_past},
        {"originalStart": on("2027-04-01"), "start": moved_to("07"), "end": quarter_past},
    ]);
    let exceptions = exceptions_of(stand_up(exceptions, &["EXDATE;VALUE=DATE:20270330,20270328"]));
    let dates: Vec<&str> = exceptions.iter().map(|(date, _)| date.as_str()).collect();
    assert_eq!(dates, ["2027-03-30", "2027-04-01"], "31 March is where the rule puts it, 1 April is moved there");
    assert_eq!(exceptions[0].1, Exception::Cancelled);
}

#[test]
fn an_exception_that_cannot_be_read_is_named_and_its_series_is_left_alone() {
    // To pass over it would be to write the series without it.
    let original = json!({"date": "2027-03-29"});
    let cases = [
        (json!(7), Code::EventUnreadable, "exceptions"),
        (json!([7]), Code::EventUnreadable, "exceptions[0]."),
        (json!([{}]), Code::EventUnreadable, "exceptions[0].originalStart"),
        (json!([{"originalStart": "monday"}]), Code::EventUnreadable, "exceptions[0].originalStart"),
        (json!([{"originalStart": original, "title": 7}]), Code::EventUnreadable, "exceptions[0].title"),
        (json!([{"originalStart": original, "start": original}]), Code::EventUnreadable, "exceptions[0].end"),
    ];
    for (exceptions, code, server) in cases {
        let problem = read(stand_up(exceptions.clone(), &[])).expect_err(&exceptions.to_string());
        assert_eq!((problem.code, problem.server.as_deref()), (code, Some(server)), "{exceptions}");
    }
}

#[test]
fn a_rule_that_exchange_cannot_hold_is_set_aside_with_the_part_in_the_way() {
    let cases = [
        (&["RRULE:FREQ=HOURLY"][..], "FREQ=HOURLY"),
        (&["RRULE:FREQ=MONTHLY;BYDAY=5MO"], "BYDAY=5MO skips months"),
        (&["RRULE:FREQ=DAILY", "RDATE:20270401T101500Z"], "RDATE"),
    ];
    for (lines, part) in cases {
        let json = with(timed("2027-03-29T07:00:00Z", "2027-03-29T07:15:00Z"), "recurrence", json!(lines));
        let problem = read(json).expect_err(part);
        assert_eq!((problem.code, problem.server.as_deref()), (Code::EventRuleNotExpressible, Some(part)));
    }
}

#[test]
fn the_lines_of_a_series_are_written_as_a_whole_when_it_differs_or_moves_and_else_not_at_all() {
    let before = read(stand_up(json!([]), &["EXDATE;VALUE=DATE:20270329"])).expect("an event");

    let renamed = Event { title: "Morgonmöte".into(), ..before.clone() };
    assert_eq!(changed(&before, &renamed), json!({"title": "Morgonmöte"}));

    let mut later = before.clone();
    later.when = read(timed("2027-03-22T09:00:00Z", "2027-03-22T09:15:00Z")).expect("an event").when;
    let fields = changed(&before, &later);
    let rule = "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR";
    assert_eq!(fields["recurrence"], json!([rule, "EXDATE;TZID=Europe/Stockholm:20270329T100000"]), "{fields}");
    assert_eq!(fields["exceptions"], json!([]));

    let mut cancelled = before.clone();
    let exceptions = &mut cancelled.series.as_mut().expect("a series").exceptions;
    for date in ["2027-03-30", "2027-03-28"] {
        let date = rfc3339::date_from(date).expect("a date");
        exceptions.insert(OriginalDate(date), Exception::Cancelled);
    }
    let lines = json!([rule, "EXDATE;TZID=Europe/Stockholm:20270329T090000,20270330T090000"]);
    let expected = json!({"recurrence": lines, "exceptions": []});
    assert_eq!(changed(&before, &cancelled), expected, "a Sunday is no occurrence, and is not said to be none");

    let once = Event { series: None, ..before.clone() };
    assert_eq!(changed(&before, &once), json!({"recurrence": null, "exceptions": []}));
}

#[test]
fn a_series_in_a_zone_without_rules_is_not_written() {
    let mut event = read(stand_up(json!([]), &[])).expect("an event");
    let Start::At(start) = event.when.start() else { panic!("timed") };
    let moment = Moment::new(start, ZoneId::new("Mars/Olympus_Mons"));
    event.when = When::timed(moment.clone(), moment).expect("no length is a length");
    let problem = all_fields(&event, &IanaRules).expect_err("no dates");
    assert_eq!((problem.code, problem.server.as_deref()), (Code::EventZoneUnknown, Some("Mars/Olympus_Mons")));
}
