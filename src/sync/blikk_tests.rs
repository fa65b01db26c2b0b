//! Blikk's answers, said line by line, and what comes of them.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::*;
use crate::event::Start;
use crate::host::Progress;
use crate::http::{HttpFault, HttpRequest, HttpResponse, NotJson, SerdeJson};
use crate::sync::state::LinkId;
use crate::value::FromValue;
use crate::zone::IanaRules;

/// A world in which Blikk answers what the script says.
struct Script {
    answers: RefCell<VecDeque<Result<HttpResponse, HttpFault>>>,
    sent: RefCell<Vec<HttpRequest>>,
    told: RefCell<Vec<Progress>>,
    now: Cell<DateTime<Utc>>,
    cancels_at: Option<DateTime<Utc>>,
}

fn at(text: &str) -> DateTime<Utc> {
    instant_from(text).expect("an instant")
}

fn script(answers: impl IntoIterator<Item = Result<HttpResponse, HttpFault>>) -> Script {
    Script {
        answers: RefCell::new(answers.into_iter().collect()),
        sent: RefCell::default(),
        told: RefCell::default(),
        now: Cell::new(at("2027-03-01T08:00:00Z")),
        cancels_at: None,
    }
}

impl Script {
    fn calendar(&self) -> BlikkCalendar<&Script, IanaRules> {
        BlikkCalendar::new(self, IanaRules)
    }

    /// `PUT /v1/calendar/events/1 "1"`: every call with its condition, in order.
    fn calls(&self) -> Vec<String> {
        let line = |request: &HttpRequest| {
            let condition = request.headers.iter().find(|(name, _)| ["if-match", "idempotency-key"].contains(name));
            let condition = condition.map(|(_, value)| format!(" {value}")).unwrap_or_default();
            format!("{} {}{condition}", request.method, request.path)
        };
        self.sent.borrow().iter().map(line).collect()
    }

    fn body(&self, call: usize) -> Value {
        serde_json::from_slice(&self.sent.borrow()[call].body).expect("JSON")
    }
}

impl Transport for Script {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault> {
        self.sent.borrow_mut().push(request);
        self.answers.borrow_mut().pop_front().expect("the script goes on")
    }
}

impl Json for Script {
    fn parse<T: serde::de::DeserializeOwned>(&self, text: &[u8]) -> Result<T, NotJson> {
        SerdeJson.parse(text)
    }

    fn print<T: serde::Serialize>(&self, value: &T) -> Result<Vec<u8>, NotJson> {
        SerdeJson.print(value)
    }
}

impl Clock for Script {
    fn now(&self) -> DateTime<Utc> {
        self.now.get()
    }

    async fn sleep(&self, seconds: u32) {
        self.now.set(self.now.get() + TimeDelta::seconds(seconds.into()));
    }
}

impl Audience for Script {
    fn tell(&self, progress: Progress) {
        self.told.borrow_mut().push(progress);
    }

    fn has_cancelled(&self) -> bool {
        self.cancels_at.is_some_and(|instant| self.now.get() >= instant)
    }
}

type Answer = Result<HttpResponse, HttpFault>;

fn answer(status: u16, body: Value) -> Answer {
    let headers = vec![("content-type".into(), "application/json; charset=utf-8".into())];
    Ok(HttpResponse { status, headers, body: body.to_string().into_bytes() })
}

fn refusal(status: u16, code: &str, field: Option<&str>) -> Answer {
    answer(status, json!({"objectName": "error", "code": code, "message": "»Hemligt möte« is bad", "field": field}))
}

fn asks_for_patience(seconds: u32) -> Answer {
    let mut response = refusal(429, "tooManyRequests", None)?;
    response.headers.push(("retry-after".into(), seconds.to_string()));
    Ok(response)
}

fn text_answer(status: u16, kind: &str, body: &str) -> Answer {
    Ok(HttpResponse { status, headers: vec![("content-type".into(), kind.into())], body: body.into() })
}

/// An event as Blikk gives it; version 1 is as it was created.
fn event(id: &str, version: u32, title: &str) -> Value {
    json!({
        "objectName": "calendarEvent", "id": id, "version": version.to_string(), "externalId": format!("uid-{id}"),
        "title": title, "body": "", "place": "", "allDay": true,
        "start": {"date": "2027-06-25"}, "end": {"date": "2027-06-26"},
        "status": "busy", "visibility": "normal", "reminderMinutes": null, "categories": [],
        "importance": "normal", "recurrence": null, "exceptions": [], "meeting": null, "attachments": [],
        "createdAt": "2027-01-01T00:00:00Z", "changedAt": format!("2027-01-0{version}T00:00:00Z"),
    })
}

fn list(items: Vec<Value>) -> Value {
    json!({"objectName": "calendarEvents", "page": 1, "items": items})
}

fn content(title: &str) -> Event {
    let value = serde_json::from_value(event("1", 1, title)).expect("JSON");
    event_of(&Item::from_value(value).expect("an object"), &IanaRules).expect("an event")
}

fn draft(id: &str, title: &str) -> Draft {
    Draft {
        link: LinkId::new(format!("link-{id}")),
        counterpart: RemoteId::new("AAMk"),
        uid: Some(Uid::new(format!("uid-{id}"))),
        event: content(title),
    }
}

fn revision(before: &str, after: &str) -> Revision {
    Revision {
        id: RemoteId::new("1"),
        expected: Version::new("1"),
        before: content(before),
        after: content(after),
        unmark: false,
    }
}

fn removal(id: &str) -> Removal {
    Removal { id: RemoteId::new(id), expected: Version::new("1") }
}

fn codes<T>(results: &[Result<T, Problem>]) -> Vec<Option<Code>> {
    results.iter().map(|result| result.as_ref().err().map(|problem| problem.code)).collect()
}

#[tokio::test]
async fn a_status_has_one_meaning_for_the_list_of_changes_and_one_for_an_event() {
    use Code::*;
    let table = [
        // status, changes from the start, changes since a cursor, an event's update
        (302, BlikkNotUnderstood, BlikkNotUnderstood, BlikkNotUnderstood),
        (400, BlikkNotUnderstood, BlikkTokenDead, BlikkEventRefused),
        (401, BlikkUnauthorized, BlikkUnauthorized, BlikkUnauthorized),
        (403, BlikkForbidden, BlikkForbidden, BlikkForbidden),
        (404, BlikkNotFound, BlikkNotFound, BlikkNotFound),
        (405, BlikkNotUnderstood, BlikkNotUnderstood, BlikkNotUnderstood),
        (410, BlikkNotUnderstood, BlikkTokenDead, BlikkNotFound),
        (413, BlikkNotUnderstood, BlikkNotUnderstood, BlikkEventRefused),
        (422, BlikkNotUnderstood, BlikkTokenDead, BlikkEventRefused),
        (428, BlikkNotUnderstood, BlikkNotUnderstood, BlikkNotUnderstood),
        (500, BlikkFailed, BlikkFailed, BlikkFailed),
        (503, BlikkFailed, BlikkFailed, BlikkFailed),
    ];
    for (status, from_start, since_cursor, update) in table {
        let world = script([(); 3].map(|()| refusal(status, "someCode", Some("title"))));
        let calendar = world.calendar();
        let first = calendar.changes(None).await.expect_err("refused");
        let later = calendar.changes(Some(&Token::new("c"))).await.expect_err("refused");
        let third = match calendar.update(&[revision("a", "b")]).await {
            Ok(mut results) => results.remove(0).expect_err("refused"),
            Err(problem) => problem,
        };
        assert_eq!((first.code, later.code, third.code), (from_start, since_cursor, update), "{status}");
        assert_eq!(third.server, Some(format!("{status} someCode (title)")), "Blikk's words, and no event's");
        assert_eq!(world.calls().len(), 3, "{status} is not asked again");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_the_contracts_json_is_not_understood() {
    let page = r#"{"items": [], "nextCursor": "c", "hasMore": false}"#;
    let table = [
        (text_answer(200, "text/html", "<html>Logga in</html>"), "200 text/html"),
        (text_answer(200, "text/html", page), "200 text/html"),
        (text_answer(200, "application/json", &page[..30]), "200 application/json"),
        (text_answer(200, "application/json", ""), "200 application/json"),
        (text_answer(200, "application/json", "[]"), "200 application/json"),
        (text_answer(200, "application/json", r#"{"items": [], "hasMore": false}"#), "200 application/json"),
        (text_answer(204, "application/json", ""), "204 application/json"),
    ];
    for (answer, server) in table {
        let problem = script([answer]).calendar().changes(None).await.expect_err("not understood");
        assert_eq!((problem.code, problem.server.as_deref()), (Code::BlikkNotUnderstood, Some(server)));
    }
    let untyped = HttpResponse { status: 200, headers: Vec::new(), body: page.into() };
    assert!(script([Ok(untyped)]).calendar().changes(None).await.is_ok(), "a missing type is forgiven");
}

#[tokio::test]
async fn a_broken_connection_is_tried_once_more_and_then_told() {
    let table = [
        (HttpFault::Unreachable, Code::BlikkUnreachable, 2),
        (HttpFault::TimedOut, Code::BlikkTimedOut, 2),
        (HttpFault::TooLarge, Code::BlikkTooLarge, 1),
        (HttpFault::Cancelled, Code::RunCancelled, 1),
        (HttpFault::NotSignedIn, Code::BlikkUnauthorized, 1),
    ];
    for (fault, code, calls) in table {
        let world = script([Err(fault), Err(fault)]);
        assert_eq!(world.calendar().changes(None).await.expect_err("broken").code, code);
        assert_eq!(world.calls().len(), calls, "{fault:?}");
    }
}

#[tokio::test]
async fn when_blikk_asks_for_patience_the_run_waits_and_says_until_when() {
    let world = script([asks_for_patience(3), asks_for_patience(2), answer(200, event("1", 1, "Möte"))]);
    let readings = world.calendar().read(&[RemoteId::new("1")]).await.expect("read in the end");
    assert!(matches!(readings[..], [Reading::Found(_)]));
    let until = |text| Progress::Waiting { side: Side::Blikk, until: at(text) };
    assert_eq!(*world.told.borrow(), [until("2027-03-01T08:00:03Z"), until("2027-03-01T08:00:05Z")]);
    assert_eq!(world.now.get(), at("2027-03-01T08:00:05Z"));
}

#[tokio::test]
async fn patience_ends() {
    let world = script((0..7).map(|_| refusal(429, "tooManyRequests", None)));
    let problem = world.calendar().changes(None).await.expect_err("still busy");
    assert_eq!(problem.code, Code::BlikkBusy);
    assert_eq!(world.now.get() - at("2027-03-01T08:00:00Z"), TimeDelta::seconds(1 + 2 + 4 + 8 + 16 + 32));

    let world = script([asks_for_patience(3600)]);
    let problem = world.calendar().changes(None).await.expect_err("an hour is no pause");
    assert_eq!((problem.code, problem.wait_seconds), (Code::BlikkBusy, Some(3600)));
}

#[tokio::test]
async fn a_person_who_cancels_does_not_wait_for_blikk() {
    let mut world = script([asks_for_patience(60)]);
    world.cancels_at = Some(at("2027-03-01T08:00:02Z"));
    assert_eq!(world.calendar().changes(None).await.expect_err("cancelled").code, Code::RunCancelled);
    assert_eq!(world.now.get(), at("2027-03-01T08:00:02Z"));
}

#[tokio::test]
async fn one_malformed_event_does_not_lose_the_page() {
    let mut malformed = event("2", 1, "Trasig");
    malformed["start"] = json!("i morgon");
    let mut backwards = event("3", 1, "Bakvänd");
    backwards["end"] = json!({"date": "2027-06-24"});
    let items = vec![
        event("1", 4, "Hel"),
        malformed,
        backwards,
        json!({"objectName": "calendarEvent", "title": "Utan id"}),
        json!({"objectName": "calendarNote", "id": "7"}),
        json!({"objectName": "calendarEventTombstone", "id": "8", "version": "2", "deletedAt": "2027-01-01T00:00:00Z"}),
        event("9", 1, ""),
    ];
    let world = script([answer(200, json!({"items": items, "nextCursor": "c2", "hasMore": true}))]);
    let page = world.calendar().changes(Some(&Token::new("c/1="))).await.expect("a page");

    assert_eq!(world.calls(), ["GET /v1/calendar/changes?pageSize=200&cursor=c%2F1%3D"]);
    assert_eq!((page.next, page.more), (Token::new("c2"), true));
    let lines: Vec<String> = page.changes.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "1 v4 Hel",
            "2 set aside: Trasig, EventUnreadable: start",
            "3 set aside: Bakvänd, EventEndsBeforeStart",
            "without-id-3 set aside: Utan id, EventUnreadable: start",
            "8 deleted",
            "9 v1 ",
        ]
    );
    let starts = page.changes.iter().filter_map(|change| match change {
        Change::Seen(observed) => observed.content.as_ref().err().map(|reason| reason.start),
        _ => None,
    });
    assert_eq!(starts.collect::<Vec<_>>(), [None, Some(Start::On("2027-06-25".parse().expect("a date"))), None]);

    fn line(change: &Change) -> String {
        match change {
            Change::Touched { id, .. } => format!("{id} touched"),
            Change::Deleted { id } => format!("{id} deleted"),
            Change::Seen(observed) => match &observed.content {
                Ok(event) => format!("{} v{} {}", observed.id, observed.version, event.title),
                Err(reason) => format!("{} set aside: {}, {}", observed.id, reason.title, reason.problem),
            },
        }
    }
}

#[tokio::test]
async fn only_blikks_own_word_makes_an_event_gone() {
    let world = script([
        answer(200, event("1", 1, "Kvar")),
        refusal(404, "eventNotFound", None),
        refusal(410, "eventDeleted", None),
        refusal(400, "invalidRequest", None),
    ]);
    let ids = ["1", "2", "3", "4/5"].map(RemoteId::new);
    let readings = world.calendar().read(&ids).await.expect("all asked");
    assert!(matches!(
        &readings[..],
        [Reading::Found(_), Reading::Gone(b), Reading::Gone(c), Reading::Failed(_, Problem { code: Code::BlikkEventRefused, .. })]
            if *b == ids[1] && *c == ids[2]
    ));
    assert_eq!(world.calls()[3], "GET /v1/calendar/events/4%2F5");
}

#[tokio::test]
async fn a_creation_names_its_link_and_the_items_uid() {
    let world = script([answer(201, event("1", 1, "Möte"))]);
    let results = world.calendar().create(&[draft("1", "Möte")]).await.expect("answered");
    let observed = results[0].as_ref().expect("created");
    assert_eq!(world.calls(), ["POST /v1/calendar/events link-1"]);
    assert_eq!((&world.body(0)["externalId"], &world.body(0)["title"]), (&json!("uid-1"), &json!("Möte")));
    assert_eq!((observed.uid.clone(), observed.version.clone()), (Some(Uid::new("uid-1")), Version::new("1")));
}

#[tokio::test]
async fn a_creation_whose_answer_was_lost_is_not_made_twice() {
    let world = script([Err(HttpFault::TimedOut), answer(200, event("1", 1, "Möte"))]);
    let results = world.calendar().create(&[draft("1", "Möte")]).await.expect("answered");
    assert_eq!(codes(&results), [None]);
    assert_eq!(world.calls(), ["POST /v1/calendar/events link-1"; 2]);
}

/// What it is, what Blikk answers, the problem if any, and the calls.
type Creation = (&'static str, Vec<Answer>, Option<Code>, Vec<&'static str>);

#[tokio::test]
async fn what_the_links_key_created_before_is_brought_up_to_the_draft_unless_a_person_touched_it() {
    let before = |version, title| answer(200, event("1", version, title));
    const POST: &str = "POST /v1/calendar/events link-1";
    const PUT: &str = "PUT /v1/calendar/events/1 \"1\"";
    let table: [Creation; 3] = [
        ("as the draft says", vec![before(3, "Möte")], None, vec![POST]),
        ("untouched, and the item has moved on", vec![before(1, "Gammalt"), before(2, "Möte")], None, vec![POST, PUT]),
        ("touched by a person", vec![before(3, "Ändrat")], Some(Code::BlikkConflict), vec![POST]),
    ];
    for (case, answers, code, calls) in table {
        let world = script(answers);
        let results = world.calendar().create(&[draft("1", "Möte")]).await.expect("answered");
        assert_eq!(codes(&results), [code], "{case}");
        assert_eq!(world.calls(), calls, "{case}");
    }

    let without_uid = Draft { uid: None, ..draft("1", "Möte") };
    let results = script([before(3, "Ändrat")]).calendar().create(&[without_uid]).await.expect("answered");
    assert_eq!(codes(&results), [None], "nothing else would make the two a pair again");
}

#[tokio::test]
async fn an_event_that_an_earlier_run_created_is_adopted_and_another_is_left_alone() {
    let taken = || refusal(409, "externalIdTaken", Some("externalId"));
    let found = |version, title| answer(200, list(vec![event("7", 1, "Annan"), event("1", version, title)]));
    const POST: &str = "POST /v1/calendar/events link-1";
    const FIND: &str = "GET /v1/calendar/events?filter.externalId=uid-1";
    let table: [Creation; 3] = [
        ("as the draft says", vec![taken(), found(3, "Möte")], None, vec![POST, FIND]),
        ("made of another item", vec![taken(), found(1, "Annat")], Some(Code::EventDuplicateUid), vec![POST, FIND]),
        ("not to be found", vec![taken(), answer(200, list(vec![]))], Some(Code::BlikkConflict), vec![POST, FIND]),
    ];
    for (case, answers, code, calls) in table {
        let world = script(answers);
        let results = world.calendar().create(&[draft("1", "Möte")]).await.expect("answered");
        assert_eq!(codes(&results), [code], "{case}");
        assert_eq!(world.calls(), calls, "{case}");
    }
}

#[tokio::test]
async fn an_update_writes_what_differs_provided_the_version_is_the_expected_one() {
    let world = script([answer(200, event("1", 2, "Ny"))]);
    let results = world.calendar().update(&[revision("Gammal", "Ny")]).await.expect("answered");
    assert_eq!(results[0].as_ref().map(|observed| observed.version.as_str()), Ok("2"));
    assert_eq!(world.calls(), ["PUT /v1/calendar/events/1 \"1\""]);
    assert_eq!(world.body(0), json!({"title": "Ny"}));
}

#[tokio::test]
async fn an_update_that_meets_another_version_is_settled_by_reading() {
    let stale = || refusal(412, "versionMismatch", None);
    let table: [(&str, Vec<Answer>, Option<Code>); 4] = [
        (
            "our own, whose answer was lost",
            vec![Err(HttpFault::Unreachable), stale(), answer(200, event("1", 2, "Ny"))],
            None,
        ),
        ("somebody wrote the same", vec![stale(), answer(200, event("1", 2, "Ny"))], None),
        ("somebody was faster", vec![stale(), answer(200, event("1", 2, "Annan"))], Some(Code::BlikkConflict)),
        ("deleted meanwhile", vec![stale(), refusal(410, "eventDeleted", None)], Some(Code::BlikkNotFound)),
    ];
    for (case, answers, code) in table {
        let results = script(answers).calendar().update(&[revision("Gammal", "Ny")]).await.expect("answered");
        assert_eq!(codes(&results), [code], "{case}");
    }
}

#[tokio::test]
async fn deleting_what_is_gone_is_done() {
    let world = script([
        text_answer(204, "", ""),
        Err(HttpFault::Unreachable),
        refusal(410, "eventDeleted", None),
        refusal(404, "eventNotFound", None),
        refusal(412, "versionMismatch", None),
    ]);
    let results = world.calendar().delete(&["1", "2", "3", "4"].map(removal)).await.expect("answered");
    assert_eq!(codes(&results), [None, None, None, Some(Code::BlikkConflict)]);
    assert_eq!(world.calls()[0], "DELETE /v1/calendar/events/1 \"1\"");
}

#[tokio::test]
async fn one_refused_event_does_not_stop_the_others() {
    let world = script([
        answer(201, event("1", 1, "Ett")),
        refusal(422, "invalidValue", Some("title")),
        answer(201, event("3", 1, "Tre")),
    ]);
    let drafts = [draft("1", "Ett"), draft("2", "Två"), draft("3", "Tre")];
    let results = world.calendar().create(&drafts).await.expect("answered");
    assert_eq!(codes(&results), [None, Some(Code::BlikkEventRefused), None]);
}

#[tokio::test]
async fn when_blikk_goes_down_in_the_middle_what_is_done_keeps_its_result() {
    let drafts = [draft("1", "Ett"), draft("2", "Två"), draft("3", "Tre")];
    let world = script([answer(201, event("1", 1, "Ett")), refusal(500, "internal", None)]);
    let results = world.calendar().create(&drafts).await.expect("one is done");
    assert_eq!(codes(&results), [None, Some(Code::BlikkFailed), Some(Code::BlikkFailed)]);
    assert_eq!(world.calls().len(), 2, "the third is not even tried");

    let world = script([answer(201, event("1", 1, "Ett")), refusal(401, "unauthorized", None)]);
    let problem = world.calendar().create(&drafts).await.expect_err("nobody is signed in");
    assert_eq!(problem.code, Code::BlikkUnauthorized);
}
