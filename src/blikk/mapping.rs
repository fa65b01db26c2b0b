//! Blikk's event <-> [`Event`].

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::wire::{self, EventFields, Field, Item};
use crate::event::{
    Answer, Attendance, Event, FreeBusy, Meeting, Moment, Participant, Person, Reminder, Sensitivity, When,
};
use crate::problem::{Code, Problem};
use crate::rfc3339;
use crate::zone::ZoneId;

/// The event, or why there is none: `event.unreadable` names the member, `event.ends_before_start` speaks for itself.
pub fn event_of(item: &Item) -> Result<Event, Problem> {
    let when = when_of(item)?;
    let mut event = Event::new(text("title", &item.title)?, when);
    event.body = text("body", &item.body)?;
    event.place = text("place", &item.place)?;
    event.free_busy = given("status", &item.status)?.copied().map_or_else(FreeBusy::default, free_busy_of);
    event.sensitivity =
        given("visibility", &item.visibility)?.copied().map_or_else(Sensitivity::default, sensitivity_of);
    event.reminder = given("reminderMinutes", &item.reminder_minutes)?.map(|minutes| reminder_of(*minutes));
    event.categories = given("categories", &item.categories)?.cloned().unwrap_or_default().into_iter().collect();
    // Read-only, and for the eye: what cannot be read of them is left out.
    event.meeting = meeting_of(item);
    Ok(event.tidied())
}

/// All that a person may change of an event, for a creation.
pub fn all_fields(event: &Event) -> EventFields {
    let mut fields = EventFields {
        title: Some(event.title.clone()),
        body: Some(event.body.clone()),
        place: Some(event.place.clone()),
        status: Some(status_of(event.free_busy)),
        visibility: Some(visibility_of(event.sensitivity)),
        reminder_minutes: Some(event.reminder.map(|reminder| reminder.minutes_before_start)),
        categories: Some(categories_of(&event.categories)),
        ..EventFields::default()
    };
    write_when(&mut fields, &event.when);
    fields
}

/// What is to be written to make `after` of `before`. Empty (the default) when nothing is: organiser and participants are
/// never written.
pub fn changed_fields(before: &Event, after: &Event) -> EventFields {
    let all = all_fields(after);
    let mut fields = EventFields {
        title: all.title.filter(|_| before.title != after.title),
        body: all.body.filter(|_| before.body != after.body),
        place: all.place.filter(|_| before.place != after.place),
        status: all.status.filter(|_| before.free_busy != after.free_busy),
        visibility: all.visibility.filter(|_| before.sensitivity != after.sensitivity),
        reminder_minutes: all.reminder_minutes.filter(|_| before.reminder != after.reminder),
        categories: all.categories.filter(|_| before.categories != after.categories),
        ..EventFields::default()
    };
    if before.when != after.when {
        write_when(&mut fields, &after.when);
    }
    fields
}

fn write_when(fields: &mut EventFields, when: &When) {
    let (start, end) = match when {
        When::Timed(span) => (wire_moment(span.start()), wire_moment(span.end())),
        When::AllDay(span) => (wire_date(span.start()), wire_date(span.end())),
    };
    fields.all_day = Some(when.is_all_day());
    fields.start = Some(start);
    fields.end = Some(end);
}

fn wire_moment(moment: &Moment) -> wire::Moment {
    wire::Moment {
        date_time: Some(rfc3339::instant_text(moment.instant())),
        time_zone: Some(moment.zone().as_str().to_owned()),
        date: None,
    }
}

fn wire_date(date: NaiveDate) -> wire::Moment {
    wire::Moment { date: Some(rfc3339::date_text(date)), ..wire::Moment::default() }
}

fn when_of(item: &Item) -> Result<When, Problem> {
    let ends = (required("start", &item.start)?, required("end", &item.end)?);
    let all_day = given("allDay", &item.all_day)?.copied();
    let when = match (&ends.0.date, &ends.1.date) {
        (Some(start), Some(end)) if all_day != Some(false) => {
            When::all_day(date_of("start.date", start)?, date_of("end.date", end)?)
        }
        (None, None) if all_day != Some(true) => When::timed(moment_of("start", ends.0)?, moment_of("end", ends.1)?),
        // A date where an instant belongs, or the other way round. Guessing a zone would move somebody's day.
        _ => return Err(unreadable("allDay")),
    };
    when.map_err(|_| Problem::new(Code::EventEndsBeforeStart))
}

fn date_of(member: &str, text: &str) -> Result<NaiveDate, Problem> {
    rfc3339::date_from(text).ok_or_else(|| unreadable(member))
}

fn moment_of(member: &str, moment: &wire::Moment) -> Result<Moment, Problem> {
    let instant = moment.date_time.as_deref().and_then(rfc3339::instant_from).ok_or_else(|| unreadable(member))?;
    // The instant is certain without a zone; the zone only tells how the person thinks of it.
    let zone = match moment.time_zone.as_deref().map(str::trim) {
        Some(id) if !id.is_empty() => ZoneId::new(id),
        _ => ZoneId::utc(),
    };
    Ok(Moment::new(instant, zone))
}

fn reminder_of(minutes: i64) -> Reminder {
    // A reminder after the start is nothing that Exchange knows; at the start is the nearest.
    Reminder { minutes_before_start: u32::try_from(minutes.max(0)).unwrap_or(u32::MAX) }
}

fn categories_of(categories: &BTreeSet<String>) -> Vec<String> {
    categories.iter().cloned().collect()
}

fn free_busy_of(status: wire::Status) -> FreeBusy {
    match status {
        wire::Status::Free => FreeBusy::Free,
        wire::Status::Tentative => FreeBusy::Tentative,
        wire::Status::Busy | wire::Status::Unknown => FreeBusy::Busy,
        wire::Status::OutOfOffice => FreeBusy::OutOfOffice,
        wire::Status::WorkingElsewhere => FreeBusy::WorkingElsewhere,
    }
}

fn status_of(free_busy: FreeBusy) -> wire::Status {
    match free_busy {
        FreeBusy::Free => wire::Status::Free,
        FreeBusy::Tentative => wire::Status::Tentative,
        FreeBusy::Busy => wire::Status::Busy,
        FreeBusy::OutOfOffice => wire::Status::OutOfOffice,
        FreeBusy::WorkingElsewhere => wire::Status::WorkingElsewhere,
    }
}

/// One that we do not know is taken for private: what may be secret is kept secret.
fn sensitivity_of(visibility: wire::Visibility) -> Sensitivity {
    match visibility {
        wire::Visibility::Normal => Sensitivity::Normal,
        wire::Visibility::Personal => Sensitivity::Personal,
        wire::Visibility::Private | wire::Visibility::Unknown => Sensitivity::Private,
        wire::Visibility::Confidential => Sensitivity::Confidential,
    }
}

fn visibility_of(sensitivity: Sensitivity) -> wire::Visibility {
    match sensitivity {
        Sensitivity::Normal => wire::Visibility::Normal,
        Sensitivity::Personal => wire::Visibility::Personal,
        Sensitivity::Private => wire::Visibility::Private,
        Sensitivity::Confidential => wire::Visibility::Confidential,
    }
}

fn person_of(name: &Option<String>, email: &Option<String>) -> Person {
    Person { name: name.clone().unwrap_or_default(), address: email.clone().unwrap_or_default() }
}

fn meeting_of(item: &Item) -> Option<Meeting> {
    let organizer = item.organizer.read().map(|person| person_of(&person.name, &person.email));
    let participants: Vec<_> = item.participants.read().into_iter().flatten().map(participant_of).collect();
    (organizer.is_some() || !participants.is_empty()).then_some(Meeting {
        is_mine: false,
        organizer,
        participants,
        my_answer: Answer::default(),
        is_cancelled: false,
        online_url: None,
    })
}

fn participant_of(participant: &wire::Participant) -> Participant {
    Participant {
        person: person_of(&participant.name, &participant.email),
        attendance: match participant.role.as_deref() {
            Some("optional") => Attendance::Optional,
            Some("resource") => Attendance::Resource,
            _ => Attendance::Required,
        },
        answer: match participant.answer.as_deref() {
            Some("organizer") => Answer::Organizer,
            Some("accepted") => Answer::Accepted,
            Some("tentative") => Answer::Tentative,
            Some("declined") => Answer::Declined,
            _ => Answer::NotAnswered,
        },
    }
}

fn text(member: &str, field: &Field<String>) -> Result<String, Problem> {
    Ok(given(member, field)?.cloned().unwrap_or_default())
}

fn required<'a, T>(member: &str, field: &'a Field<T>) -> Result<&'a T, Problem> {
    given(member, field)?.ok_or_else(|| unreadable(member))
}

fn given<'a, T>(member: &str, field: &'a Field<T>) -> Result<Option<&'a T>, Problem> {
    match field {
        Field::Missing => Ok(None),
        Field::Read(value) => Ok(Some(value)),
        Field::Wrong => Err(unreadable(member)),
    }
}

fn unreadable(member: &str) -> Problem {
    Problem::new(Code::EventUnreadable).said(member)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::super::value::FromValue;
    use super::*;
    use serde_json::{Value, json};

    fn read(json: Value) -> Result<Event, Problem> {
        let value = serde_json::from_value(json).expect("JSON");
        event_of(&Item::from_value(value).expect("an object"))
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
        let all = json!({
            "title": "Sprint <&> \"ÅÄÖ\" 🎉", "body": "Rad 1\nRad 2", "place": "Åre", "allDay": false,
            "start": {"dateTime": "2027-03-28T00:30:00Z", "timeZone": "Europe/Stockholm"},
            "end": {"dateTime": "2027-03-28T01:30:00Z", "timeZone": "America/New_York"},
            "status": "tentative", "visibility": "private", "reminderMinutes": 15, "categories": ["Kund", "Möte"],
        });
        let whole_day = json!({
            "title": "", "body": "", "place": "", "allDay": true,
            "start": {"date": "2027-06-25"}, "end": {"date": "2027-06-26"},
            "status": "outOfOffice", "visibility": "normal", "reminderMinutes": null, "categories": [],
        });
        for json in [all, whole_day] {
            let event = read(json.clone()).expect("an event");
            assert_eq!(serde_json::to_value(all_fields(&event)).expect("JSON"), json);
        }
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
            (with(good, "categories", json!("Möte")), Code::EventUnreadable, Some("categories")),
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
        let json =
            json!({"start": {"dateTime": "2027-03-01T09:00:00+01:00"}, "end": {"dateTime": "2027-03-01T09:00:00Z"}});
        let Ok(Event { when: When::Timed(span), .. }) = read(json) else { panic!("a timed event") };
        assert_eq!(span.start().instant(), rfc3339::instant_from("2027-03-01T08:00:00Z").expect("an instant"));
        assert_eq!(span.start().zone(), &ZoneId::utc());
    }

    #[test]
    fn a_change_writes_what_differs_and_both_ends_together() {
        let before = read(timed("2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z")).expect("an event");
        assert_eq!(changed_fields(&before, &before), EventFields::default());

        let mut after = read(timed("2027-03-01T08:00:00Z", "2027-03-01T10:00:00Z")).expect("an event");
        after.reminder = Some(Reminder { minutes_before_start: 0 });
        let fields = changed_fields(&before, &after);
        assert_eq!(fields.title, None);
        assert_eq!(fields.reminder_minutes, Some(Some(0)));
        assert!(fields.start.is_some() && fields.end.is_some() && fields.all_day == Some(false));
        assert_eq!(changed_fields(&after, &before).reminder_minutes, Some(None), "taken away, not left alone");
    }
}
