//! Days with meetings: Blikk shows them, Exchange has the say, and nobody ever gets mail.

use super::days::Edit;
use super::shown::{Attendee, Shown};
use super::town::{Net, Person};
use super::{NOTHING, Written, done, rests};

fn customer() -> Attendee {
    Attendee { name: "Kund".into(), email: "kund@kund.example".into() }
}

/// A meeting that the customer has called.
fn invited(title: &str) -> Shown {
    let mut meeting = Shown::timed(title, "2027-03-01T12:00:00Z", "2027-03-01T13:00:00Z", "Europe/Stockholm");
    meeting.place = "Hos kunden".into();
    meeting.organizer = Some(customer());
    meeting.attendees = Some(vec![Attendee { name: "Åsa".into(), email: "asa@konsult.example".into() }]);
    meeting
}

fn written(created: u32, updated: u32, deleted: u32) -> Written {
    Written { created, updated, deleted }
}

/// Scenario 9: what is done in Blikk to somebody else's meeting is undone there; what its organiser does is done here
/// too; and Exchange is never written to.
pub async fn somebody_elses_meeting_is_shown_and_never_touched<N: Net>(person: Person<N>) {
    person.adds_in_outlook(&invited("Styrgrupp")).await;
    person.adds_in_outlook(&invited("Avstämning").repeated("weekly", 4)).await;
    assert_eq!(done(&person.synchronises().await), (written(2, 0, 0), NOTHING));
    let days = rests(&person).await;
    assert_eq!(days.len(), 5);
    let shown = person.finds_in_blikk("Styrgrupp").await;
    assert_eq!(shown.meeting.as_ref().map(|meeting| (meeting.is_mine, meeting.is_cancelled)), Some((false, false)));

    // An edit and a deletion, of a meeting and of one occurrence.
    let mut edited = shown;
    (edited.title, edited.place) = ("Mitt möte".into(), "Hemma".into());
    person.edits_in_blikk(&edited).await;
    let mut series = person.finds_in_blikk("Avstämning").await;
    series.lines().push("EXDATE;TZID=Europe/Stockholm:20270308T130000".into());
    person.edits_in_blikk(&series).await;
    assert_eq!(done(&person.synchronises().await), (written(0, 2, 0), NOTHING));
    assert_eq!(rests(&person).await, days);
    for title in ["Styrgrupp", "Avstämning"] {
        person.deletes_in_blikk(&person.finds_in_blikk(title).await).await;
    }
    assert_eq!(done(&person.synchronises().await), (written(2, 0, 0), NOTHING));
    assert_eq!(rests(&person).await, days);

    // The organiser moves one, and calls the other off.
    let mut moved = person.finds_in_outlook("Styrgrupp").await;
    for time in [&mut moved.start, &mut moved.end] {
        time.date_time = time.date_time.map(|at| at + chrono::TimeDelta::hours(2));
    }
    person.edits_in_outlook(&moved).await;
    person.edits_occurrence("Avstämning", "2027-03-15", &Edit { place: Some("Åre"), ..Edit::default() }).await;
    assert_eq!(done(&person.synchronises().await), (written(0, 2, 0), NOTHING));
    let days = rests(&person).await;
    assert!(days.contains(&"2027-03-01T14:00:00Z Styrgrupp @ Hos kunden".to_owned()), "{days:?}");
    assert!(days.contains(&"2027-03-15T12:00:00Z Avstämning @ Åre".to_owned()), "{days:?}");
    person.changes_in_outlook(&person.finds_in_outlook("Styrgrupp").await, r#"{"cancelled":true}"#).await;
    assert_eq!(done(&person.synchronises().await), (written(0, 1, 0), NOTHING));
    let cancelled = person.finds_in_blikk("Styrgrupp").await;
    assert_eq!(cancelled.meeting.map(|meeting| meeting.is_cancelled), Some(true));

    // She removes them from her Outlook.
    for title in ["Styrgrupp", "Avstämning"] {
        person.deletes_in_outlook(&person.finds_in_outlook(title).await).await;
    }
    assert_eq!(done(&person.synchronises().await), (written(0, 0, 2), NOTHING));
    assert_eq!(rests(&person).await, [""; 0]);
}

/// Her own meeting can be edited on both sides, and removed; the attendees stay, and hear nothing from us.
pub async fn a_meeting_of_mine_travels_and_mails_nobody<N: Net>(person: Person<N>) {
    for title in ["Demo", "Retro"] {
        let mut meeting = Shown::timed(title, "2027-03-02T08:00:00Z", "2027-03-02T09:00:00Z", "Europe/Stockholm");
        meeting.attendees = Some(vec![customer()]);
        person.adds_in_outlook(&meeting).await;
    }
    assert_eq!(done(&person.synchronises().await), (written(2, 0, 0), NOTHING));
    let mut here = person.finds_in_blikk("Demo").await;
    assert_eq!(here.meeting.as_ref().map(|meeting| meeting.is_mine), Some(true));
    here.place = "Kajutan".into();
    person.edits_in_blikk(&here).await;
    let mut there = person.finds_in_outlook("Demo").await;
    there.title = "Demo 2".into();
    person.edits_in_outlook(&there).await;
    person.deletes_in_blikk(&person.finds_in_blikk("Retro").await).await;
    assert_eq!(done(&person.synchronises().await), (written(0, 1, 0), written(0, 1, 1)));
    assert_eq!(rests(&person).await, ["2027-03-02T08:00:00Z Demo 2 @ Kajutan"]);
    let there = person.finds_in_outlook("Demo 2").await;
    assert_eq!(there.kind.as_deref(), Some("meeting"), "it still has its attendees");
}

/// Scenario 10: Exchange frames, wraps and trims; after at most one write on each side there is peace, and an edit of a
/// person still travels.
pub async fn a_body_that_exchange_lays_out_anew_is_not_written_for_ever<N: Net>(person: Person<N>) {
    let mut typed = Shown::timed("Protokoll", "2027-03-03T08:00:00Z", "2027-03-03T09:00:00Z", "Europe/Stockholm");
    typed.body = "  Rad 1  \r\n\r\n\r\n\tRad <2> &amp; \u{a0}mer\r\n• punkt\r\n\r\n".into();
    typed.categories = vec!["Zebra".into(), "Apa".into(), "Zebra".into()];
    person.adds_in_blikk(&typed).await;
    let at = r#""start":{"dateTime":"2027-03-04T08:00:00Z","timeZone":"Europe/Stockholm"},"end":{"dateTime":"2027-03-04T09:00:00Z","timeZone":"Europe/Stockholm"}"#;
    let html = "<html><body><style>p{margin:0}</style><p>Ett&nbsp; <b>fett</b><br>stycke</p><ul><li>a<li>b</ul><table><tr><td>1</td><td>2</td></tr></table></body></html>";
    person.fills_in_outlook(&format!(r#"{{"title":"Kallelse","bodyHtml":"{html}",{at}}}"#)).await;
    done(&person.synchronises().await);
    for _ in 0..5 {
        let (blikk, exchange) = done(&person.synchronises().await);
        assert_eq!((blikk, exchange), (NOTHING, NOTHING));
    }
    for title in ["Protokoll", "Kallelse"] {
        let mut here = person.finds_in_blikk(title).await;
        here.body.push_str("\nEn rad till.");
        person.edits_in_blikk(&here).await;
    }
    assert_eq!(done(&person.synchronises().await), (NOTHING, written(0, 2, 0)));
    rests(&person).await;
    for title in ["Protokoll", "Kallelse"] {
        assert!(person.finds_in_outlook(title).await.body.ends_with("En rad till."));
    }
    // Exchange lays the text out anew, and the state is lost: two layouts of the same words are no edit of anybody.
    let there = person.finds_in_outlook("Protokoll").await;
    let html = "<p>Rad 1</p><p>Rad &lt;2&gt; &amp;amp; mer<br>• punkt<br>En rad till.</p>";
    person.changes_in_outlook(&there, &format!(r#"{{"bodyHtml":"{html}"}}"#)).await;
    let (here, there) = (person.finds_in_blikk("Protokoll").await, person.finds_in_outlook("Protokoll").await);
    assert_ne!(here.body, there.body, "or this tests nothing");
    person.loses_the_state();
    let report = person.synchronises().await;
    assert_eq!((done(&report), report.linked), ((NOTHING, NOTHING), 2));
    rests(&person).await;

    // A zone that no Windows has: Exchange holds the same instants in another one, and goes on to.
    let at = ["2027-03-05T08:00:00Z", "2027-03-05T09:00:00Z"];
    person.adds_in_blikk(&Shown::timed("Expedition", at[0], at[1], "Antarctica/Troll")).await;
    assert_eq!(done(&person.synchronises().await), (NOTHING, written(1, 0, 0)));
    let there = person.finds_in_outlook("Expedition").await;
    assert_ne!(there.start.time_zone.as_deref(), Some("Antarctica/Troll"), "or this tests nothing");
    person.touches(&there.id).await;
    rests(&person).await;
    person.changes_in_outlook(&there, r#"{"place":"Troll"}"#).await;
    assert_eq!(done(&person.synchronises().await), (written(0, 1, 0), NOTHING));
    let here = person.finds_in_blikk("Expedition").await;
    assert_eq!((here.start.time_zone.as_deref(), here.place.as_str()), (Some("Antarctica/Troll"), "Troll"));
    rests(&person).await;
}
