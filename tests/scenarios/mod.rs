//! What must be true of the whole path (plugin, gateway, both calendars), told as a person's days.
//!
//! `tests/native.rs` and `tests/web.rs` run every one of these, natively and in the browser.

mod days;
mod meetings;
mod series;
mod shown;
mod town;

use blikk_calendar_sync::http::Service;
use blikk_calendar_sync::problem::{Code, Side};
use blikk_calendar_sync::sync::report::{Outcome, RunReport, Written};

pub use meetings::*;
pub use series::*;
use shown::Attendee;
pub use shown::Shown;
pub use town::{Addresses, Net, Person};

const NOTHING: Written = Written { created: 0, updated: 0, deleted: 0 };

/// Text that has broken calendars before: Swedish, emoji, markup, blank space.
const NASTY: &str = "Möte <b>å ä ö</b> & \"citat\" 'enkelt' ]]> 🎉 𝄞";

fn in_blikk() -> Vec<Shown> {
    let mut workshop = Shown::timed("Workshop", "2027-02-01T08:00:00Z", "2027-02-01T11:00:00Z", "Europe/Stockholm");
    workshop.body = "Rad 1\nRad 2 med å ä ö\n\nRad 4".into();
    workshop.place = "Rum Vänern".into();
    workshop.reminder_minutes = Some(15);
    workshop.categories = vec!["Projekt".into(), "Viktigt".into()];
    let nasty = Shown::timed(NASTY, "2027-02-02T08:00:00Z", "2027-02-02T08:30:00Z", "Europe/Stockholm");
    let mut leave = Shown::all_day("Semester", "2027-07-05", "2027-07-31");
    leave.status = "outOfOffice".into();
    vec![workshop, nasty, leave]
}

fn in_outlook() -> Vec<Shown> {
    let mut doctor = Shown::timed("Läkarbesök", "2027-02-03T13:00:00Z", "2027-02-03T14:00:00Z", "Europe/Stockholm");
    doctor.visibility = "private".into();
    doctor.reminder_minutes = Some(0);
    // The clocks go forward on 28 March 2027 at 02:00.
    let night = Shown::timed("Driftsättning", "2027-03-27T22:00:00Z", "2027-03-28T04:00:00Z", "Europe/Stockholm");
    let abroad = Shown::timed("Call with New York", "2027-03-16T13:00:00Z", "2027-03-16T14:00:00Z", "America/New_York");
    let mut long = Shown::timed("Underlag", "2026-01-12T09:00:00Z", "2026-01-12T10:00:00Z", "Europe/Stockholm");
    long.body = "Ett stycke med å, ä och ö. ".repeat(3_700).trim_end().to_owned();
    let untitled = Shown::timed("", "2027-02-04T08:00:00Z", "2027-02-04T09:00:00Z", "Europe/Stockholm");
    vec![doctor, night, abroad, long, untitled, Shown::all_day("Lucia", "2026-12-13", "2026-12-14")]
}

async fn settle<N: Net>(person: &Person<N>) {
    for event in in_blikk() {
        person.adds_in_blikk(&event).await;
    }
    for event in in_outlook() {
        person.adds_in_outlook(&event).await;
    }
}

fn done(report: &RunReport) -> (Written, Written) {
    assert_eq!(report.outcome, Outcome::Done, "{report:?}");
    (report.blikk, report.exchange)
}

/// Nothing is left to do, nobody got mail, and both sides show the same; what they show.
async fn rests<N: Net>(person: &Person<N>) -> Vec<String> {
    for _ in 0..2 {
        assert_eq!(done(&person.synchronises().await), (NOTHING, NOTHING));
    }
    assert_eq!(person.mails_sent_to_anybody().await, 0);
    person.sees_the_same_year_on_both_sides().await
}

/// The first click brings both calendars together; later edits and deletions travel both ways; a run with nothing to
/// do is one call a side; and nobody gets mail.
pub async fn one_click_keeps_two_calendars_equal<N: Net>(person: Person<N>) {
    settle(&person).await;
    let first = person.synchronises().await;
    let created = |created| Written { created, ..NOTHING };
    assert_eq!(done(&first), (created(6), created(3)));
    let untitled = first.notes.iter().filter(|note| note.event.problem.code == Code::EventUntitled).count();
    assert_eq!(untitled, 1, "the person is told of the event without a title");
    let all = person.sees_the_same_on_both_sides().await;
    assert_eq!(all.len(), 9);

    let mut moved = person.finds_in_blikk("Workshop").await;
    moved.start.date_time = moved.start.date_time.map(|start| start + chrono::TimeDelta::hours(1));
    moved.place = "Rum Vättern".into();
    person.edits_in_blikk(&moved).await;
    person.deletes_in_blikk(&person.finds_in_blikk("Lucia").await).await;
    let mut renamed = person.finds_in_outlook("Läkarbesök").await;
    renamed.title = "Tandläkare".into();
    renamed.reminder_minutes = None;
    person.edits_in_outlook(&renamed).await;
    person.deletes_in_outlook(&person.finds_in_outlook("Semester").await).await;
    let second = person.synchronises().await;
    let changed = Written { created: 0, updated: 1, deleted: 1 };
    assert_eq!(done(&second), (changed, changed));
    let all = person.sees_the_same_on_both_sides().await;
    assert_eq!(all.len(), 7);

    let third = person.synchronises().await;
    assert_eq!(done(&third), (NOTHING, NOTHING));
    assert_eq!(person.ports.sent.borrow().len(), 2, "{:?}", person.ports.sent.borrow());
    assert_eq!(person.mails_sent_to_anybody().await, 0);
}

/// Edits of different fields of one event, on both sides between two runs, both survive.
pub async fn edits_of_both_sides_meet<N: Net>(person: Person<N>) {
    settle(&person).await;
    done(&person.synchronises().await);
    let mut here = person.finds_in_blikk("Workshop").await;
    here.place = "Rum Vättern".into();
    person.edits_in_blikk(&here).await;
    let mut there = person.finds_in_outlook("Workshop").await;
    there.title = "Verkstad".into();
    person.edits_in_outlook(&there).await;
    done(&person.synchronises().await);
    person.sees_the_same_on_both_sides().await;
    let both = person.finds_in_blikk("Verkstad").await;
    assert_eq!(both.place, "Rum Vättern");
    assert_eq!(person.mails_sent_to_anybody().await, 0);
}

/// Series and meetings come to Blikk as they are; what is somebody else's stays theirs, and nobody gets mail.
pub async fn series_and_meetings_come_too<N: Net>(person: Person<N>) {
    let series = Shown::timed("Standup", "2027-02-01T08:00:00Z", "2027-02-01T08:15:00Z", "Europe/Stockholm");
    let series = series.repeated("daily", None);
    person.adds_in_outlook(&series).await;
    let mut meeting = Shown::timed("Styrgrupp", "2027-02-01T12:00:00Z", "2027-02-01T13:00:00Z", "Europe/Stockholm");
    meeting.attendees = Some(vec![Attendee { name: "Kund".into(), email: "kund@kund.example".into() }]);
    person.adds_in_outlook(&meeting).await;
    assert_eq!(done(&person.synchronises().await), (Written { created: 2, ..NOTHING }, NOTHING));
    assert_eq!(done(&person.synchronises().await), (NOTHING, NOTHING));
    let shown = person.sees_in_blikk().await;
    assert_eq!(shown.iter().map(|event| event.title.as_str()).collect::<Vec<_>>(), ["Standup", "Styrgrupp"]);
    assert_eq!(person.mails_sent_to_anybody().await, 0);
}

/// What is done in Blikk to a meeting that somebody else called is undone, and the person is told so.
pub async fn somebody_elses_meeting_is_put_back<N: Net>(person: Person<N>) {
    let mut meeting = Shown::timed("Styrgrupp", "2027-02-01T12:00:00Z", "2027-02-01T13:00:00Z", "Europe/Stockholm");
    meeting.organizer = Some(Attendee { name: "Kund".into(), email: "kund@kund.example".into() });
    person.adds_in_outlook(&meeting).await;
    done(&person.synchronises().await);
    let told = |report: &RunReport| -> Vec<(Code, String)> {
        report.notes.iter().map(|note| (note.event.problem.code, note.event.title.clone())).collect()
    };
    let remark = vec![(Code::EventBelongsToExchange, "Styrgrupp".to_owned())];

    let mut edited = person.finds_in_blikk("Styrgrupp").await;
    edited.title = "Inte min".into();
    person.edits_in_blikk(&edited).await;
    let report = person.synchronises().await;
    assert_eq!(done(&report), (Written { updated: 1, ..NOTHING }, NOTHING));
    assert_eq!((told(&report), report.not_synchronised.len()), (remark.clone(), 0));

    person.deletes_in_blikk(&person.finds_in_blikk("Styrgrupp").await).await;
    let report = person.synchronises().await;
    assert_eq!(done(&report), (Written { created: 1, ..NOTHING }, NOTHING));
    assert_eq!(told(&report), remark);
    let report = person.synchronises().await;
    assert_eq!((done(&report), told(&report)), ((NOTHING, NOTHING), vec![]));
    let shown = person.sees_in_blikk().await;
    assert_eq!(shown.iter().map(|event| event.title.as_str()).collect::<Vec<_>>(), ["Styrgrupp"]);
    assert_eq!(person.mails_sent_to_anybody().await, 0);
}

/// Another calendar of the mailbox is another pair: all of Blikk comes to it, what lies in the former one stays there,
/// and whoever goes back and forth finds each pair as it was left.
pub async fn another_calendar_is_another_pair<N: Net>(person: Person<N>) {
    settle(&person).await;
    done(&person.synchronises().await);
    let in_first = person.sees_in_outlook().await;
    assert_eq!((in_first.len(), person.sees_in_blikk().await.len()), (9, 9));

    // Six of the nine carry the UID of an item in the first calendar.
    person.chooses("Blikk").await;
    assert_eq!(done(&person.synchronises().await), (NOTHING, Written { created: 9, ..NOTHING }));
    assert_eq!(person.sees_the_same_on_both_sides().await.len(), 9);
    assert_eq!(done(&person.synchronises().await), (NOTHING, NOTHING));

    // While the second pair is the one that is synchronised, life goes on everywhere.
    person.adds_in_outlook(&Shown::all_day("Bara här", "2027-03-01", "2027-03-02")).await;
    let mut renamed = person.finds_in_outlook("Läkarbesök").await;
    renamed.title = "Tandläkare".into();
    person.edits_in_outlook(&renamed).await;
    person.deletes_in_outlook(&person.finds_in_outlook("Lucia").await).await;
    person.deletes_in_blikk(&person.finds_in_blikk("Semester").await).await;
    done(&person.synchronises().await);
    assert_eq!(person.sees_the_same_on_both_sides().await.len(), 8);

    person.chooses_the_first_calendar();
    assert_eq!(person.sees_in_outlook().await, in_first, "nobody wrote to the former calendar");
    let back = Written { created: 1, updated: 1, deleted: 2 };
    assert_eq!(done(&person.synchronises().await), (NOTHING, back));
    assert_eq!(person.sees_in_outlook().await.len(), 8);
    assert_eq!(done(&person.synchronises().await), (NOTHING, NOTHING));

    person.chooses("Blikk").await;
    assert_eq!(done(&person.synchronises().await), (NOTHING, NOTHING));
    assert_eq!(person.mails_sent_to_anybody().await, 0);
}

/// Somebody else's meeting stays in the calendar where it was asked to: in another one it would be an appointment of one's
/// own, without the others.
pub async fn somebody_elses_meeting_does_not_move_to_another_calendar<N: Net>(person: Person<N>) {
    let mut meeting = Shown::timed("Styrgrupp", "2027-02-01T12:00:00Z", "2027-02-01T13:00:00Z", "Europe/Stockholm");
    meeting.organizer = Some(Attendee { name: "Kund".into(), email: "kund@kund.example".into() });
    person.adds_in_outlook(&meeting).await;
    assert_eq!(done(&person.synchronises().await), (Written { created: 1, ..NOTHING }, NOTHING));
    person.chooses("Blikk").await;
    for _ in 0..2 {
        assert_eq!(done(&person.synchronises().await), (NOTHING, NOTHING));
    }
    assert_eq!((person.sees_in_outlook().await.len(), person.sees_in_blikk().await.len()), (0, 1));
    person.chooses_the_first_calendar();
    assert_eq!(done(&person.synchronises().await), (NOTHING, NOTHING));
    assert_eq!(person.mails_sent_to_anybody().await, 0);
}

/// With all that was remembered lost as well, both pairs are found again, in either calendar.
pub async fn either_calendar_is_found_again_without_state<N: Net>(person: Person<N>) {
    settle(&person).await;
    done(&person.synchronises().await);
    person.chooses("Blikk").await;
    done(&person.synchronises().await);
    for forth in [true, false] {
        person.loses_the_state();
        if forth {
            person.chooses("Blikk").await
        } else {
            person.chooses_the_first_calendar()
        }
        let report = person.synchronises().await;
        assert_eq!((done(&report), report.linked), ((NOTHING, NOTHING), 9), "Blikk: {forth}");
        person.sees_the_same_on_both_sides().await;
    }
}

/// Scenario 3: with the state lost, everything is linked again and nothing is written.
pub async fn a_lost_state_is_found_again<N: Net>(person: Person<N>) {
    settle(&person).await;
    done(&person.synchronises().await);
    person.loses_the_state();
    let report = person.synchronises().await;
    assert_eq!((done(&report), report.linked), ((NOTHING, NOTHING), 9));
    person.sees_the_same_on_both_sides().await;
}

/// Scenario 1: a create that was carried out, and whose answer was lost, is recognised.
pub async fn a_lost_answer_doubles_nothing<N: Net>(person: Person<N>) {
    settle(&person).await;
    let lost = |operation: &str| {
        format!(r#"{{"match":{{"operation":"{operation}","times":1}},"fault":{{"kind":"dropAfter"}}}}"#)
    };
    person.arranges(Service::Gateway, "POST", "faults", &lost("CreateItem")).await;
    person.arranges(Service::Blikk, "POST", "faults", &lost("POST /v1/calendar/events")).await;
    for _ in 0..3 {
        person.synchronises().await;
    }
    assert_eq!(done(&person.synchronises().await), (NOTHING, NOTHING));
    assert_eq!(person.sees_the_same_on_both_sides().await.len(), 9);
}

/// Each way of failing has its code, leaves both calendars as they are, and is over when its cause is.
pub async fn every_failure_has_a_name_and_changes_nothing<N: Net>(person: Person<N>) {
    settle(&person).await;
    done(&person.synchronises().await);
    let mut edited = person.finds_in_blikk("Workshop").await;
    edited.place = "Rum Siljan".into();
    person.edits_in_blikk(&edited).await;
    let before = (person.sees_in_blikk().await, person.sees_in_outlook().await);
    for (service, operation, fault, codes) in failures() {
        let rule = format!(r#"{{"match":{{"operation":"{operation}","times":50}},"fault":{fault}}}"#);
        person.arranges(service, "POST", "faults", &rule).await;
        let report = person.synchronises().await;
        person.arranges(service, "DELETE", "faults", "").await;
        let Outcome::Failed { side, problem } = &report.outcome else { panic!("{fault}: {report:?}") };
        assert!(codes.contains(&problem.code), "{fault}: {problem:?}, expected {codes:?}");
        let expected = if service == Service::Blikk { Side::Blikk } else { Side::Exchange };
        assert_eq!(*side, Some(expected), "{fault}");
        assert_eq!((report.blikk, report.exchange), (NOTHING, NOTHING), "{fault}");
    }
    assert_eq!((person.sees_in_blikk().await, person.sees_in_outlook().await), before);
    done(&person.synchronises().await);
    person.sees_the_same_on_both_sides().await;
}

/// Service, operation, fault, and the codes of which one must come.
fn failures() -> Vec<(Service, &'static str, &'static str, &'static [Code])> {
    use Code::*;
    use Service::{Blikk, Gateway};
    let (sync, changes) = ("SyncFolderItems", "GET /v1/calendar/changes");
    vec![
        (Gateway, sync, r#"{"kind":"dropBefore"}"#, &[ExchangeUnreachable]),
        (Gateway, sync, r#"{"kind":"dropAfter"}"#, &[ExchangeUnreachable]),
        (Gateway, sync, r#"{"kind":"truncate","bytes":300}"#, &[ExchangeTruncated, ExchangeUnreachable]),
        (
            Gateway,
            sync,
            r#"{"kind":"body","text":"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><m:Sync","contentType":"text/xml"}"#,
            &[ExchangeTruncated],
        ),
        (Gateway, sync, r#"{"kind":"huge","bytes":50000000}"#, &[ExchangeTooLarge]),
        (Gateway, sync, r#"{"kind":"body","text":"Detta är inte XML","contentType":"text/xml"}"#, &[ExchangeNotXml]),
        (
            Gateway,
            sync,
            r#"{"kind":"body","text":"<html><body>Logga in</body></html>","contentType":"text/html"}"#,
            &[ExchangeNotXml],
        ),
        (
            Gateway,
            sync,
            r#"{"kind":"body","text":"<rss><channel/></rss>","contentType":"text/xml"}"#,
            &[ExchangeNotSoap],
        ),
        (Gateway, sync, r#"{"kind":"status","code":500}"#, &[ExchangeFailed]),
        (Gateway, sync, r#"{"kind":"status","code":401}"#, &[ExchangeUnauthorized]),
        (Gateway, sync, r#"{"kind":"status","code":403}"#, &[ExchangeForbidden]),
        (Gateway, sync, r#"{"kind":"status","code":503,"retryAfter":3600}"#, &[ExchangeBusy]),
        (
            Gateway,
            sync,
            r#"{"kind":"soapFault","responseCode":"ErrorImpersonateUserDenied","status":200}"#,
            &[ExchangeImpersonationDenied],
        ),
        (Gateway, sync, r#"{"kind":"responseCode","responseCode":"ErrorNeverHeardOf"}"#, &[ExchangeRefused]),
        (Blikk, changes, r#"{"kind":"dropBefore"}"#, &[BlikkUnreachable]),
        (Blikk, changes, r#"{"kind":"status","code":401}"#, &[BlikkUnauthorized]),
        (Blikk, changes, r#"{"kind":"status","code":403}"#, &[BlikkForbidden]),
        (Blikk, changes, r#"{"kind":"status","code":404}"#, &[BlikkNotFound]),
        (Blikk, changes, r#"{"kind":"status","code":409}"#, &[BlikkConflict, BlikkFailed, BlikkNotUnderstood]),
        (Blikk, changes, r#"{"kind":"status","code":429,"retryAfter":3600}"#, &[BlikkBusy]),
        (Blikk, changes, r#"{"kind":"status","code":500}"#, &[BlikkFailed]),
        (Blikk, changes, r#"{"kind":"body","text":"<html></html>","contentType":"text/html"}"#, &[BlikkNotUnderstood]),
        (
            Blikk,
            changes,
            r#"{"kind":"body","text":"{\"items\":[","contentType":"application/json"}"#,
            &[BlikkNotUnderstood],
        ),
    ]
}

/// Somebody without a mailbox, and somebody whose token the gateway does not take, are told so.
pub async fn who_may_not_is_told_why<N: Net>(stranger: Person<N>, forgetful: Person<N>) {
    let code = |report: RunReport| match report.outcome {
        Outcome::Failed { problem, .. } => problem.code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(stranger.synchronises().await), Code::ExchangeMailboxUnknown);
    forgetful.loses_the_gateway_token();
    assert_eq!(code(forgetful.synchronises().await), Code::GatewayTokenInvalid);
}

/// The service account loses its password or its right, and gets it back.
pub async fn the_service_account_is_judged_each_time<N: Net>(person: Person<N>, password: &str) {
    let code = |report: RunReport| match report.outcome {
        Outcome::Failed { problem, .. } => problem.code,
        other => panic!("{other:?}"),
    };
    person.arranges(Service::Gateway, "POST", "account", r#"{"password":"annat"}"#).await;
    assert_eq!(code(person.synchronises().await), Code::ExchangeUnauthorized);
    person.arranges(Service::Gateway, "POST", "account", &format!(r#"{{"password":"{password}"}}"#)).await;
    person.arranges(Service::Gateway, "POST", "impersonation", r#"{"allowed":false}"#).await;
    assert_eq!(code(person.synchronises().await), Code::ExchangeImpersonationDenied);
    person.arranges(Service::Gateway, "POST", "impersonation", r#"{"allowed":true}"#).await;
    done(&person.synchronises().await);
}
