//! Scenarios 4, 10 and 16 to 21: what an Exchange says of its items, and what it makes of them.

use std::cell::RefCell;
use std::rc::Rc;

use blikk_calendar_sync::event::{Event, Exception, Reminder};
use blikk_calendar_sync::host::{Clock as _, Progress};
use blikk_calendar_sync::http::{HttpFault, HttpResponse};
use blikk_calendar_sync::problem::{Code, Side};
use blikk_calendar_sync::sync::report::Outcome;
use blikk_calendar_sync::zone::IanaRules;
use chrono::{DateTime, Duration, TimeDelta, Utc};
use serde_json::{Value, json};
use standins::exchange::{Poison, Server, Throttling};
use standins::fault::{Fault, Rule};

use crate::an_hour;
use crate::line::{event_path, servers};
use crate::wire::{Wire, an_hour as an_hour_in_outlook, problem_of, text};

const STOCKHOLM: &str = "Europe/Stockholm";

fn hour(number: usize) -> String {
    let first: DateTime<Utc> = "2027-03-01T08:00:00Z".parse().unwrap();
    (first + Duration::hours(number as i64)).to_rfc3339()
}

/// So many events that were made in Outlook and are on both sides.
fn linked(server: Server, count: usize) -> Wire {
    let wire = Wire::to(server);
    for number in 0..count {
        wire.adds_in_outlook(&an_hour_in_outlook(&format!("Möte {number:03}"), &hour(number), STOCKHOLM));
    }
    wire.done();
    wire
}

/// As people see it in Outlook, every day for two weeks.
fn daily(title: &str) -> Value {
    let mut event = an_hour_in_outlook(title, "2027-03-01T08:00:00Z", STOCKHOLM);
    event["recurrence"] = json!({ "pattern": "daily", "count": 14 });
    event
}

fn its_days(wire: &Wire, series: &str) -> Vec<Value> {
    let seen = wire.seen_in_outlook("2027-02-01T00:00:00Z", "2027-05-01T00:00:00Z");
    seen.into_iter().filter(|event| event["seriesId"] == *series).collect()
}

#[test]
fn scenario_4_an_item_that_we_created_and_the_server_touched_plans_nothing_in_three_runs() {
    for (name, server) in servers() {
        let wire = Wire::to(server);
        wire.blikk.add(an_hour("Från Blikk", "2027-03-01T08:00:00Z", STOCKHOLM));
        wire.done();
        let writes = wire.writes();
        for run in 0..3 {
            for event in wire.in_outlook() {
                wire.line.outlook("POST", &format!("{}/touch", event_path(&text(&event, "id"))), &Value::Null);
            }
            wire.line.server.expire_sync_states();
            let report = wire.done();
            assert_eq!((wire.writes(), report.linked, report.run), (writes, 0, None), "{name}, run {run}");
        }
    }
}

#[test]
fn scenario_10_what_a_server_makes_of_an_event_is_written_once_and_never_back() {
    for (name, server) in servers() {
        let wire = Wire::to(server);
        let mut event = an_hour("  Planering   av våren ", "2027-03-01T08:00:00Z", "Europe/Oslo").tidied();
        event.body = "<b>Fet</b> & stor\n\n  - ett\n\t- två\n\nSlut  \n".into();
        event.categories = ["Zebra", "Apa", "Möte"].map(str::to_owned).into();
        event.reminder = Some(Reminder { minutes_before_start: 15 });
        let id = wire.blikk.add(event.tidied());
        for round in 0..5 {
            let (in_blikk, in_exchange) = (wire.blikk.writes(), wire.line.writes().len());
            if round > 0 {
                wire.blikk.edit(&id, |event| event.body = format!("{}\n<i>Gång {round}</i>", event.body));
            }
            wire.done();
            wire.done();
            let writes = (wire.blikk.writes() - in_blikk, wire.line.writes().len() - in_exchange);
            assert!(writes.0 <= 1 && writes.1 == 1, "{name}, round {round}: {writes:?}");
        }
        // What came back is remembered, not what was sent: with all read anew there is nothing to do.
        wire.line.server.expire_sync_states();
        wire.assert_at_rest();
        wire.pass(TimeDelta::days(1));
        wire.assert_at_rest();
        wire.store.wipe();
        wire.assert_at_rest();
    }
}

#[test]
fn scenario_16_this_and_following_leaves_as_many_days_in_blikk_as_in_outlook() {
    for (name, server) in servers() {
        let wire = Wire::to(server);
        let series = wire.adds_in_outlook(&daily("Avstämning"));
        wire.done();
        let days = its_days(&wire, &series);
        let eighth = event_path(&text(&days[7], "id"));
        wire.line.outlook("POST", &format!("{eighth}/following"), &json!({ "title": "Avstämning, kort" }));
        wire.done();
        wire.pass(TimeDelta::days(1));
        wire.done();
        assert_eq!((wire.blikk.titles(), wire.in_outlook().len()), (wire.titles_in_outlook(), 2), "{name}");
        assert_eq!(days_in_blikk(&wire), 14, "{name}");
        // Dragged as a whole, an hour later: its days get new ids.
        let kept = wire.in_outlook().into_iter().find(|event| event["title"] == "Avstämning").unwrap();
        let later = an_hour_in_outlook("Avstämning", "2027-03-01T10:00:00Z", STOCKHOLM);
        wire.edits_in_outlook(&text(&kept, "id"), &later);
        let report = wire.done();
        assert_eq!((report.blikk.created, report.blikk.deleted), (0, 0), "{name}");
        assert_eq!((wire.blikk.ids().len(), days_in_blikk(&wire)), (2, 14), "{name}");
        wire.assert_at_rest();
    }
}

/// How many days all series of Blikk take place on.
fn days_in_blikk(wire: &Wire) -> usize {
    let days = |event: &Event| {
        let series = event.series.as_ref().unwrap();
        let first = event.when.first_date(&IanaRules).unwrap();
        let cancelled = series.exceptions.values().filter(|one| **one == Exception::Cancelled).count();
        series.recurrence.occurrences(first).count() - cancelled
    };
    wire.blikk.events().iter().map(days).sum()
}

#[test]
fn scenario_17_the_tombstone_of_a_series_is_an_id_alone_and_all_its_days_go() {
    for (name, server) in servers() {
        let wire = Wire::to(server);
        let series = wire.adds_in_outlook(&daily("Avstämning"));
        wire.adds_in_outlook(&an_hour_in_outlook("Annat", "2027-03-02T12:00:00Z", STOCKHOLM));
        let days = its_days(&wire, &series);
        wire.edits_in_outlook(&text(&days[2], "id"), &json!({ "title": "Med gäster" }));
        wire.deletes_in_outlook(&text(&days[4], "id"));
        wire.done();
        assert_eq!(wire.blikk.titles(), ["Annat", "Avstämning"], "{name}");
        wire.deletes_in_outlook(&series);
        let report = wire.done();
        assert_eq!(
            (report.blikk.deleted, wire.blikk.titles(), wire.links().len()),
            (1, vec!["Annat".into()], 1),
            "{name}"
        );
        wire.assert_at_rest();
    }
}

/// What the next list of changes says besides.
fn adds_to_the_changes(wire: &Wire, change: String) {
    let mut change = Some(change);
    *wire.line.meddler.borrow_mut() = Some(Box::new(move |operation, mut response| {
        let body = String::from_utf8_lossy(&response.body).into_owned();
        let (empty, end) = ("<m:Changes/>", "</m:Changes>");
        if operation == "SyncFolderItems"
            && let Some(change) = change.take()
        {
            let changed = match body.contains(empty) {
                true => body.replace(empty, &format!("<m:Changes>{change}</m:Changes>")),
                false => body.replace(end, &format!("{change}</m:Changes>")),
            };
            assert_ne!(changed, body, "the list is as the test expects it");
            response.body = changed.into_bytes();
        }
        Ok(response)
    }));
}

#[test]
fn scenario_17_a_tombstone_that_is_not_so_or_names_nothing_that_we_know_deletes_nothing() {
    let wire = Wire::to(Server::default());
    let series = wire.adds_in_outlook(&daily("Avstämning"));
    let day = text(&its_days(&wire, &series)[2], "id");
    wire.edits_in_outlook(&day, &json!({ "title": "Med gäster" }));
    wire.done();
    let (writes, before) = (wire.writes(), wire.blikk.only());
    for what in [
        format!("<t:Delete><t:ItemId Id=\"{series}\" ChangeKey=\"x\"/></t:Delete>"),
        format!("<t:Delete><t:ItemId Id=\"{series}\"/></t:Delete>"),
        format!("<t:Delete><t:ItemId Id=\"{day}\"/></t:Delete>"),
        "<t:Delete><t:ItemId Id=\"AAMkNobodyKnows\"/></t:Delete>".to_owned(),
        "<t:Delete></t:Delete>".to_owned(),
    ] {
        adds_to_the_changes(&wire, what.clone());
        wire.done();
        assert_eq!((wire.writes(), wire.blikk.only()), (writes, before.clone()), "{what}");
    }
}

#[test]
fn scenario_17_a_tombstone_without_an_id_is_no_guess_and_the_check_finds_what_it_meant() {
    let wire = linked(Server::default(), 3);
    let gone = wire.in_outlook().remove(1);
    wire.deletes_in_outlook(&text(&gone, "id"));
    *wire.line.meddler.borrow_mut() = Some(Box::new(|operation, mut response| {
        if operation == "SyncFolderItems" {
            let body = String::from_utf8_lossy(&response.body).into_owned();
            let (before, rest) = body.split_once("<t:Delete>").expect("a tombstone");
            let (_, after) = rest.split_once("</t:Delete>").expect("its end");
            response.body = format!("{before}<t:Delete/>{after}").into_bytes();
        }
        Ok(response)
    }));
    assert_eq!(wire.done().blikk.deleted, 0, "of whom?");
    *wire.line.meddler.borrow_mut() = None;
    wire.pass(TimeDelta::days(1));
    wire.done();
    assert_eq!(wire.blikk.titles(), wire.titles_in_outlook());
    assert_eq!(wire.blikk.ids().len(), 2);
}

#[test]
fn scenario_18_a_dead_sync_state_leads_to_a_whole_enumeration_with_the_same_links_and_no_write() {
    for (name, server) in servers() {
        // Two pages of a list.
        let wire = linked(server, 600);
        wire.done();
        let (links, writes) = (wire.links(), wire.writes());
        assert_eq!(links.len(), 600);
        wire.line.server.expire_sync_states();
        let syncs = wire.line.server.count_of("SyncFolderItems");
        wire.done();
        assert_eq!((wire.links(), wire.writes()), (links, writes), "{name}");
        let calls = wire.line.server.count_of("SyncFolderItems") - syncs;
        assert!(calls <= 4, "{name}: the dead one, two pages, and perhaps one in an unknown version: {calls}");
        wire.assert_at_rest();
    }
}

#[test]
fn scenario_18_a_sync_state_that_dies_at_a_later_page_is_kept_until_the_new_pass_is_committed() {
    let wire = linked(Server::default(), 600);
    for event in wire.in_outlook() {
        wire.edits_in_outlook(&text(&event, "id"), &json!({ "place": "Rum 1" }));
    }
    let (links, token, writes) = (wire.links(), wire.head().exchange_token, wire.writes());
    let ids =
        |links: &[blikk_calendar_sync::sync::state::Link]| links.iter().map(|link| link.id.clone()).collect::<Vec<_>>();
    // The first page of the changes comes; with the second, the state is dead. Then the second page of the enumeration
    // does not come, however often it is asked for.
    wire.line.server.add_fault(Rule::new("SyncFolderItems", Fault::ExpireTokens).skipping(1));
    wire.line.server.add_fault(Rule::new("SyncFolderItems", Fault::DropBefore).skipping(2).times(3));
    let report = wire.run();
    assert_eq!(problem_of(&report).map(|problem| problem.code), Some(Code::GatewayUnreachable), "{report:?}");
    assert_eq!((wire.head().exchange_token, wire.writes()), (token, writes), "all is as it was");
    // It dies once more in the middle of the enumeration.
    wire.line.server.add_fault(Rule::new("SyncFolderItems", Fault::ExpireTokens).skipping(2));
    let report = wire.run_until_done();
    assert_eq!((report.blikk.created, report.blikk.deleted, report.exchange.total()), (0, 0, 0));
    assert_eq!(ids(&wire.links()), ids(&links), "the same links");
    assert!(wire.blikk.events().iter().all(|event| event.place == "Rum 1"), "and every edit has come");
    wire.assert_at_rest();
}

/// When a busy server said how long to wait, and for how many seconds.
type Told = Rc<RefCell<Vec<(usize, i64)>>>;

fn listens_for_busy(wire: &Wire) -> Told {
    let told: Told = Rc::default();
    let (heard, mut calls) = (told.clone(), 0);
    *wire.line.meddler.borrow_mut() = Some(Box::new(move |_, response: HttpResponse| {
        calls += 1;
        let body = String::from_utf8_lossy(&response.body);
        let milliseconds = body.split_once("BackOffMilliseconds\">").and_then(|(_, rest)| rest.split_once('<'));
        let seconds =
            milliseconds.and_then(|(number, _)| number.parse::<i64>().ok()).map(|number| (number + 999) / 1000);
        let after = response.header("retry-after").and_then(|seconds| seconds.parse::<i64>().ok());
        heard.borrow_mut().extend(seconds.or(after).map(|seconds| (calls, seconds)));
        Ok(response)
    }));
    told
}

fn assert_it_waited(wire: &Wire, told: &Told, first: usize, what: &str) {
    let sent_at = wire.line.sent_at.borrow();
    for (call, seconds) in told.borrow().iter() {
        let (busy, next) = (sent_at[first + call - 1], sent_at.get(first + call));
        let waited = next.map(|next| (*next - busy).num_seconds());
        assert!(waited.is_none_or(|waited| waited >= *seconds), "{what}: {waited:?} of {seconds} s before call {call}");
        let until = busy + TimeDelta::seconds(*seconds);
        let is_told = |progress: &Progress| matches!(progress, Progress::Waiting { side: Side::Exchange, until: said } if *said >= until);
        assert!(wire.line.told.borrow().iter().any(is_told), "{what}: and the person knows until when");
    }
}

#[test]
fn scenario_19_a_throttled_run_waits_as_long_as_it_is_told_and_doubles_nothing() {
    for as_503 in [false, true] {
        for (calls_per_minute, count) in [(3, 600), (5, 1_000)] {
            let what = format!("{calls_per_minute} calls a minute, 503: {as_503}");
            let throttling = Throttling {
                calls_per_minute: Some(calls_per_minute),
                concurrent_calls: Some(4),
                as_503,
                ..Throttling::default()
            };
            let wire = Wire::to(Server { throttling, ..Server::default() });
            let told = listens_for_busy(&wire);
            for number in 0..count {
                wire.blikk.add(an_hour(&format!("Möte {number:04}"), &hour(number), STOCKHOLM));
            }
            wire.run_until_done();
            assert!(told.borrow().len() > 2, "{what}: it was busy");
            assert_it_waited(&wire, &told, 0, &what);
            assert_eq!((wire.in_outlook().len(), wire.blikk.ids().len()), (count, count), "{what}");
            assert!(wire.line.most_in_flight.get() <= 4, "{what}");
            wire.run_until_done();
            assert_eq!(wire.in_outlook().len(), count, "{what}");
        }
    }
}

#[test]
fn scenario_19_at_whichever_call_a_server_is_busy_nothing_is_doubled_or_lost() {
    let busy = |kind: usize| match kind {
        0 => Fault::ServerBusy { back_off_ms: 7_000 },
        1 => Fault::Status { code: 503, retry_after: Some(9), body: None, content_type: None },
        _ => Fault::Status { code: 429, retry_after: Some(11), body: None, content_type: None },
    };
    for kind in 0..3 {
        for at in 0..14 {
            let wire = linked(Server::default(), 3);
            let first = wire.calls();
            let told = listens_for_busy(&wire);
            let edited = wire.in_outlook().remove(0);
            wire.edits_in_outlook(&text(&edited, "id"), &json!({ "place": "Rum 1" }));
            wire.blikk.remove(&wire.blikk.ids()[1]);
            wire.blikk.edit(&wire.blikk.ids()[1], |event| event.body = "Ny text".into());
            for number in 0..5 {
                wire.blikk.add(an_hour(&format!("Nytt {number}"), &hour(number), STOCKHOLM));
            }
            wire.line.server.add_fault(Rule::new("*", busy(kind)).skipping(at).times(2));
            let what = format!("{:?} at call {at}", busy(kind));
            wire.run_until_done();
            assert_it_waited(&wire, &told, first, &what);
            assert_eq!((wire.titles_in_outlook(), wire.blikk.ids().len()), (wire.blikk.titles(), 7), "{what}");
            wire.assert_at_rest();
        }
    }
}

#[test]
fn scenario_20_of_a_hundred_one_that_the_server_refuses_for_ever_is_set_aside_and_99_arrive() {
    for (name, server) in servers() {
        let wire = Wire::to(server);
        wire.line.server.add_poison(Poison::of_subject("gift"));
        for number in 0..100 {
            let title = if number == 42 { "gift".to_owned() } else { format!("Möte {number:02}") };
            wire.blikk.add(an_hour(&title, &hour(number), STOCKHOLM));
        }
        let report = wire.done();
        assert_eq!((report.exchange.created, wire.in_outlook().len()), (99, 99), "{name}");
        assert_eq!(report.not_synchronised.values().sum::<u32>(), 1, "{name}: {report:?}");
        let note = &report.notes[0];
        assert_eq!((note.side, note.event.title.as_str()), (Side::Exchange, "gift"), "{name}");
        assert_eq!(note.event.problem.server.as_deref(), Some("ErrorItemCorrupt"), "{name}: the reason");
        let writes = wire.writes();
        for _ in 0..3 {
            wire.pass(TimeDelta::hours(13));
            assert_eq!(wire.done().not_synchronised.len(), 1, "{name}: it stays in the count");
        }
        assert_eq!(wire.writes(), writes, "{name}: and is not tried again");
        let is_it = |id: &_| wire.blikk.event(id).is_some_and(|event| event.title == "gift");
        let poisoned = wire.blikk.ids().into_iter().find(is_it).unwrap();
        wire.blikk.edit(&poisoned, |event| event.title = "Frisk".into());
        assert_eq!(wire.done().not_synchronised.len(), 0, "{name}");
        assert_eq!(wire.in_outlook().len(), 100, "{name}");
    }
}

/// What becomes of the answer to a write that was carried out.
#[derive(Clone, Copy, Debug)]
enum Answered {
    NotAtAll,
    Half,
    Status(u16),
    /// Each item, with this code.
    Error(&'static str),
}

fn answers_wrongly(wire: &Wire, write: &'static str, how: Answered) {
    let mut is_done = false;
    *wire.line.meddler.borrow_mut() = Some(Box::new(move |operation, mut response| {
        if operation != write || std::mem::replace(&mut is_done, true) {
            return Ok(response);
        }
        match how {
            Answered::NotAtAll => return Err(HttpFault::TimedOut),
            Answered::Half => response.body.truncate(response.body.len() / 2),
            Answered::Status(status) => {
                response = HttpResponse { status, headers: Vec::new(), body: b"<html>Bad Gateway</html>".to_vec() };
            }
            Answered::Error(code) => response.body = refused(&response.body, code),
        }
        Ok(response)
    }));
}

/// The same answer, with every item refused.
fn refused(body: &[u8], code: &str) -> Vec<u8> {
    let mut body = String::from_utf8_lossy(body).replace("ResponseClass=\"Success\"", "ResponseClass=\"Error\"");
    body = body.replace(">NoError<", &format!(">{code}<"));
    while let Some((before, rest)) = body.split_once("<m:Items>") {
        let (_, after) = rest.split_once("</m:Items>").expect("its end");
        body = format!("{before}<m:Items/>{after}");
    }
    assert!(body.contains(code), "{body}");
    body.into_bytes()
}

const WRONG_ANSWERS: [Answered; 12] = [
    Answered::NotAtAll,
    Answered::Half,
    Answered::Status(500),
    Answered::Status(502),
    Answered::Status(504),
    Answered::Error("ErrorItemSave"),
    Answered::Error("ErrorItemSavePropertyError"),
    Answered::Error("ErrorInternalServerError"),
    Answered::Error("ErrorInternalServerTransientError"),
    Answered::Error("ErrorTimeoutExpired"),
    Answered::Error("ErrorIrresolvableConflict"),
    Answered::Error("ErrorMailboxStoreUnavailable"),
];

/// Runs as often as a page that is open for half a day.
fn half_a_day(wire: &Wire) {
    for _ in 0..4 {
        wire.run();
        wire.pass(TimeDelta::minutes(20));
    }
    wire.pass(TimeDelta::hours(12));
    wire.run_until_done();
}

#[test]
fn scenario_21_an_item_that_was_saved_though_the_answer_was_an_error_is_found_and_not_made_again() {
    for how in WRONG_ANSWERS {
        let wire = Wire::to(Server::default());
        for number in 0..3 {
            wire.blikk.add(an_hour(&format!("Möte {number}"), &hour(number), STOCKHOLM));
        }
        answers_wrongly(&wire, "CreateItem", how);
        half_a_day(&wire);
        assert_eq!((wire.in_outlook().len(), wire.blikk.ids().len()), (3, 3), "{how:?}");
        // Linked, and not merely side by side: what is edited here arrives there.
        for id in wire.blikk.ids() {
            wire.blikk.edit(&id, |event| event.title = format!("{} igen", event.title));
        }
        half_a_day(&wire);
        assert_eq!((wire.titles_in_outlook(), wire.links().len()), (wire.blikk.titles(), 3), "{how:?}");
        wire.store.wipe();
        wire.done();
        assert_eq!((wire.in_outlook().len(), wire.blikk.ids().len()), (3, 3), "{how:?}: it carries its marker");
    }
}

#[test]
fn scenario_21_a_change_that_was_made_though_the_answer_was_an_error_is_not_lost_or_made_twice() {
    for how in WRONG_ANSWERS {
        let wire = linked(Server::default(), 3);
        for id in wire.blikk.ids() {
            wire.blikk.edit(&id, |event| event.place = "Rum 1".into());
        }
        answers_wrongly(&wire, "UpdateItem", how);
        half_a_day(&wire);
        for event in wire.in_outlook() {
            assert_eq!(text(&event, "place"), "Rum 1", "{how:?}");
            wire.edits_in_outlook(&text(&event, "id"), &json!({ "place": "Rum 2" }));
        }
        half_a_day(&wire);
        assert_eq!(wire.links().len(), 3, "{how:?}");
        assert!(wire.blikk.events().iter().all(|event| event.place == "Rum 2"), "{how:?}: {:?}", wire.blikk.events());
    }
}

#[test]
fn scenario_21_a_deletion_that_was_made_though_the_answer_was_an_error_stays_one() {
    for how in WRONG_ANSWERS {
        let wire = linked(Server::default(), 3);
        wire.blikk.remove(&wire.blikk.ids()[0]);
        answers_wrongly(&wire, "DeleteItem", how);
        half_a_day(&wire);
        assert_eq!((wire.in_outlook().len(), wire.blikk.ids().len(), wire.links().len()), (2, 2, 2), "{how:?}");
    }
}

/// A proxy before the server gave up: no `Retry-After`, and not Exchange's own word that it is busy.
#[test]
fn scenario_21_a_503_of_a_proxy_is_no_word_that_nothing_was_done() {
    let wire = Wire::to(Server::default());
    for number in 0..3 {
        wire.blikk.add(an_hour(&format!("Möte {number}"), &hour(number), STOCKHOLM));
    }
    answers_wrongly(&wire, "CreateItem", Answered::Status(503));
    half_a_day(&wire);
    assert_eq!((wire.in_outlook().len(), wire.blikk.ids().len()), (3, 3));
}

/// How the service account's right goes, and what is to be said.
type Revoked = (&'static str, fn(&Wire), Code);

const REVOKED: [Revoked; 7] = [
    ("401", |wire| fails(wire, status(401)), Code::ExchangeUnauthorized),
    ("403", |wire| fails(wire, status(403)), Code::ExchangeForbidden),
    ("no impersonation", |wire| wire.line.server.allow_impersonation(false), Code::ExchangeImpersonationDenied),
    ("password expired", |wire| fails(wire, soap("ErrorPasswordExpired")), Code::ExchangePasswordExpired),
    ("account disabled", |wire| fails(wire, soap("ErrorAccountDisabled")), Code::ExchangeAccountDisabled),
    ("no mailbox", |wire| fails(wire, soap("ErrorNonExistentMailbox")), Code::ExchangeMailboxUnknown),
    (
        "the host's token has run out",
        |wire| *wire.line.meddler.borrow_mut() = Some(Box::new(|_, _| Err(HttpFault::NotSignedIn))),
        Code::GatewayTokenExpired,
    ),
];

fn status(code: u16) -> Fault {
    Fault::Status { code, retry_after: None, body: None, content_type: None }
}

fn soap(code: &str) -> Fault {
    Fault::SoapFault { response_code: code.into(), status: None }
}

fn fails(wire: &Wire, fault: Fault) {
    wire.line.server.add_fault(Rule::new("*", fault).times(u32::MAX));
}

fn mends(wire: &Wire) {
    wire.line.server.allow_impersonation(true);
    *wire.line.meddler.borrow_mut() = None;
    let clear =
        standins::exchange::Request { method: "DELETE".into(), path: "/_control/faults".into(), ..Default::default() };
    let answer = wire.line.server.answer(&clear, wire.line.now()).answer;
    assert!((200..300).contains(&answer.status), "{answer:?}");
}

#[test]
fn scenario_25_without_a_right_nothing_is_touched_nothing_hammers_and_the_reason_is_named() {
    for (what, revoke, code) in REVOKED {
        let wire = linked(Server::default(), 10);
        wire.done();
        wire.blikk.edit(&wire.blikk.ids()[0], |event| event.place = "Rum 1".into());
        wire.blikk.remove(&wire.blikk.ids()[1]);
        let (head, links, writes) = (wire.head(), wire.links(), wire.writes());
        assert!(head.last_success.is_some());
        revoke(&wire);
        for _ in 0..50 {
            let calls = wire.calls();
            let report = wire.run();
            let expected = Some((Some(Side::Exchange), code));
            let found = match &report.outcome {
                Outcome::Failed { side, problem } => Some((*side, problem.code)),
                _ => None,
            };
            assert_eq!(found, expected, "{what}: {report:?}");
            assert!(wire.calls() - calls <= 2, "{what}: {} calls", wire.calls() - calls);
            wire.pass(TimeDelta::hours(1));
        }
        assert_eq!((wire.head(), wire.links(), wire.writes()), (head, links, writes), "{what}: all is as it was");
        mends(&wire);
        let report = wire.done();
        assert_eq!((report.exchange.updated, report.exchange.deleted), (1, 1), "{what}: what waited is done");
        assert_eq!((wire.titles_in_outlook(), wire.blikk.ids().len()), (wire.blikk.titles(), 9), "{what}");
    }
}

#[test]
fn scenario_25_a_right_that_goes_in_the_middle_of_a_run_loses_and_doubles_nothing() {
    for (what, at) in (0..6).map(|at| (format!("call {at}"), at)) {
        let wire = linked(Server::default(), 3);
        for number in 0..300 {
            wire.blikk.add(an_hour(&format!("Nytt {number:03}"), &hour(number), STOCKHOLM));
        }
        wire.line.server.add_fault(Rule::new("*", status(401)).skipping(at).times(u32::MAX));
        for _ in 0..3 {
            assert!(problem_of(&wire.run()).is_some(), "{what}");
            wire.pass(TimeDelta::hours(1));
        }
        mends(&wire);
        wire.run_until_done();
        assert_eq!((wire.in_outlook().len(), wire.blikk.ids().len()), (303, 303), "{what}");
        wire.assert_at_rest();
    }
}
