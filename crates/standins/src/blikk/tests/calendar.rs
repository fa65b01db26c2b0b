use super::*;

#[tokio::test]
async fn an_event_comes_back_character_by_character() {
    let served = served().await;
    let sent = json!({
        "externalId": "uid-1", "title": " Möte <&>\"' 🎉 ", "body": "Rad 1\r\nRad 2\n\n", "place": "Åre",
        "allDay": false,
        "start": {"dateTime": "2027-03-28T00:30:00Z", "timeZone": "Asia/Calcutta"},
        "end": {"dateTime": "2027-03-28T01:30:00Z", "timeZone": "Europe/Stockholm"},
        "status": "tentative", "visibility": "private", "reminderMinutes": 0, "categories": ["Kund", "Möte"],
        "importance": "high", "attachments": ["Bilaga.docx", "Bilaga.docx"],
        "recurrence": ["RRULE:FREQ=DAILY;COUNT=9", "EXDATE;TZID=Asia/Calcutta:20270329T060000"],
        "exceptions": [{
            "originalStart": {"dateTime": "2027-03-30T00:30:00Z", "timeZone": "Asia/Calcutta"},
            "title": " & ", "categories": [], "reminderMinutes": null,
        }],
        "meeting": {
            "isMine": true, "organizer": null, "myAnswer": "organizer", "isCancelled": false, "onlineUrl": null,
            "participants": [{"name": "Åsa", "email": "asa@konsult.example", "role": "optional", "answer": "declined"}],
        },
    });
    let made = served.post(&sent).await;
    assert_eq!((made.status, made.header("etag")), (201, Some("\"1\"")));
    let path = made.header("location").expect("a path").to_owned();
    let read = served.get(&path).await;
    for (member, value) in sent.as_object().expect("an object") {
        assert_eq!(&read.body[member], value, "{member}");
    }
    assert_eq!(read.body, made.body);
    assert_eq!(read.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn what_a_new_event_leaves_out_gets_its_default() {
    let served = served().await;
    let made = served.post(&json!({"title": "", "start": {"date": "2027-06-25"}, "end": {"date": "2027-06-26"}})).await;
    let expected = json!({
        "title": "", "body": "", "place": "", "allDay": true, "start": {"date": "2027-06-25"},
        "end": {"date": "2027-06-26"}, "status": "busy", "visibility": "normal", "reminderMinutes": null,
        "categories": [], "externalId": null, "importance": "normal", "recurrence": null, "exceptions": [],
        "meeting": null, "attachments": [],
    });
    for (member, value) in expected.as_object().expect("an object") {
        assert_eq!(&made.body[member], value, "{member}");
    }
}

#[tokio::test]
async fn a_key_creates_one_event_however_often_it_comes() {
    let served = served().await;
    let post = |title: &str| {
        answer(served.as_anna("POST", "/v1/calendar/events").header("idempotency-key", "k1").json(&event(title)))
    };
    let first = post("Ett").await;
    let id = first.body["id"].as_str().expect("an id");
    let again = post("Två").await;
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(again.body, first.body, "the event as it is, whatever the body says");
    assert_eq!(served.blikk.count(&served.anna.id).await, Ok(1));

    assert_eq!(served.delete(id, "1").await.status, 204);
    assert_eq!(post("Ett").await.refusal(), "410 eventDeleted", "a repeat does not bring it back");
    assert_eq!(served.blikk.count(&served.anna.id).await, Ok(0));
}

#[tokio::test]
async fn a_key_belongs_to_one_user() {
    let served = served().await;
    let bo = served.blikk.add_user(NewUser::named("Bo", "bo@konsult.example")).await.expect("new");
    let token = served.blikk.sign_in(&bo.id).await.expect("a token");
    for token in [&served.token, &token] {
        let request = served.request("POST", "/v1/calendar/events").bearer_auth(token);
        assert_eq!(answer(request.header("idempotency-key", "k").json(&event("x"))).await.status, 201);
    }
    let id = served.blikk.events(&bo.id).await.expect("events")[0].id.clone();
    assert_eq!(served.get(&format!("/v1/calendar/events/{id}")).await.refusal(), "404 eventNotFound");
}

#[tokio::test]
async fn at_most_one_living_event_has_an_external_id() {
    let served = served().await;
    let event = with(event("Möte"), "externalId", "uid å/1");
    let id = served.post(&event).await.body["id"].as_str().expect("an id").to_owned();
    let second = served.post(&event).await;
    assert_eq!((second.refusal(), &second.body["field"]), ("409 externalIdTaken".into(), &json!("externalId")));

    let found = served.get("/v1/calendar/events?filter.externalId=uid%20%C3%A5%2F1").await;
    assert_eq!((&found.body["itemCount"], &found.body["items"][0]["id"]), (&json!(1), &json!(id)));
    assert_eq!(served.delete(&id, "1").await.status, 204);
    assert_eq!(served.post(&event).await.status, 201, "the dead have none");
}

#[tokio::test]
async fn a_change_needs_the_version_that_it_changes() {
    let served = served().await;
    let id = served.created("Ett").await;
    let path = format!("/v1/calendar/events/{id}");
    let blind = answer(served.as_anna("PUT", &path).json(&json!({"title": "Två"}))).await;
    assert_eq!(blind.refusal(), "428 versionRequired");
    assert_eq!(answer(served.as_anna("DELETE", &path)).await.refusal(), "428 versionRequired");

    let changed = served.put(&id, "1", &json!({"title": "Två"})).await;
    assert_eq!((changed.status, changed.header("etag")), (OK, Some("\"2\"")));
    assert!(changed.body["changedAt"].as_str() > changed.body["createdAt"].as_str(), "within the same second too");

    let stale = served.put(&id, "1", &json!({"title": "Tre"})).await;
    assert_eq!((stale.refusal().as_str(), stale.header("etag")), ("412 versionMismatch", Some("\"2\"")));
    assert_eq!(served.delete(&id, "1").await.refusal(), "412 versionMismatch");
    let weak = answer(served.as_anna("PUT", &path).header("if-match", "W/\"2\"").json(&json!({"title": "Tre"}))).await;
    assert_eq!(weak.status, 412, "a weak tag matches nothing (RFC 9110 §13.1.1)");
    assert_eq!(served.blikk.events(&served.anna.id).await.expect("events")[0].fields.title, "Två");
}

#[tokio::test]
async fn a_change_leaves_alone_what_it_does_not_name() {
    let served = served().await;
    let id = served.post(&with(with(event("Ett"), "body", "Text"), "reminderMinutes", 15)).await.body["id"].clone();
    let id = id.as_str().expect("an id");
    let changed = served.put(id, "1", &json!({"reminderMinutes": null, "id": "7", "version": "9", "later": {}})).await;
    assert_eq!((&changed.body["id"], &changed.body["version"]), (&json!(id), &json!("2")));
    assert_eq!((&changed.body["body"], &changed.body["reminderMinutes"]), (&json!("Text"), &Value::Null));

    let same = served.put(id, "2", &changed.body).await;
    assert_eq!(same.body, changed.body, "what changes nothing keeps the version");
    let half = served.put(id, "2", &json!({"end": {"date": "2027-04-01"}})).await;
    assert_eq!((half.refusal(), &half.body["field"]), ("422 invalidValue".into(), &json!("start")));
}

#[tokio::test]
async fn changes_enumerate_everything_and_then_only_what_happened() {
    let served = served().await;
    let (a, b, c) = (served.created("A").await, served.created("B").await, served.created("C").await);
    let (all, cursor) = served.changes_since(None, 2).await;
    assert_eq!(all, [format!("{a} A"), format!("{b} B"), format!("{c} C")]);
    assert_eq!(served.changes_since(Some(&cursor), 2).await, (vec![], cursor.clone()));

    served.put(&a, "1", &json!({"title": "A2"})).await;
    served.delete(&b, "1").await;
    served.put(&a, "2", &json!({"title": "A3"})).await;
    let (news, later) = served.changes_since(Some(&cursor), 1).await;
    assert_eq!(news, [format!("{b} deleted"), format!("{a} A3")], "the present state, once");
    assert_eq!(served.changes_since(Some(&cursor), 200).await, (news, later), "a cursor may be used again");
    assert_eq!(served.changes_since(None, 200).await.0, [format!("{c} C"), format!("{a} A3")], "no dead at first");
}

#[tokio::test]
async fn what_happens_during_an_enumeration_is_not_missed() {
    let served = served().await;
    let (a, b, c) = (served.created("A").await, served.created("B").await, served.created("C").await);
    let first = served.get("/v1/calendar/changes?pageSize=1").await;
    assert_eq!(line(&first.body["items"][0]), format!("{a} A"));
    served.delete(&a, "1").await;
    served.put(&b, "1", &json!({"title": "B2"})).await;
    let cursor = first.body["nextCursor"].as_str().expect("a cursor");
    let (rest, _) = served.changes_since(Some(cursor), 1).await;
    assert_eq!(rest, [format!("{c} C"), format!("{a} deleted"), format!("{b} B2")]);
}

#[tokio::test]
async fn a_page_counts_what_is_left() {
    let served = served().await;
    for title in ["A", "B", "C"] {
        served.created(title).await;
    }
    let page = served.get("/v1/calendar/changes?pageSize=2").await.body;
    let counts = ["page", "pageSize", "itemCount", "totalItemCount", "totalPages", "hasMore"].map(|name| &page[name]);
    assert_eq!(counts, [&json!(1), &json!(2), &json!(2), &json!(3), &json!(2), &json!(true)]);
}

#[tokio::test]
async fn a_page_is_closed_when_its_bodies_are_large() {
    let served = served().await;
    let large: Vec<Value> = (0..7).map(|n| with(event(&n.to_string()), "body", "x".repeat(1 << 20))).collect();
    served.blikk.insert(&served.anna.id, &large).await.expect("inserted");
    let page = served.get("/v1/calendar/changes").await.body;
    assert_eq!((&page["itemCount"], &page["hasMore"]), (&json!(4), &json!(true)));
    assert_eq!(served.changes_since(None, 200).await.0.len(), 7);
}

#[tokio::test]
async fn a_cursor_dies_with_the_tombstones_that_it_needs() {
    let served = served().await;
    let id = served.created("A").await;
    let (_, before) = served.changes_since(None, 200).await;
    served.delete(&id, "1").await;
    let (_, after) = served.changes_since(Some(&before), 200).await;
    served.blikk.forget_tombstones(chrono::Utc::now() + chrono::TimeDelta::days(1)).await.expect("forgotten");

    assert_eq!(served.get(&format!("/v1/calendar/changes?cursor={before}")).await.refusal(), "410 cursorExpired");
    assert_eq!(served.changes_since(Some(&after), 200).await.0, Vec::<String>::new(), "this one has seen it");
    assert_eq!(served.get(&format!("/v1/calendar/events/{id}")).await.refusal(), "404 eventNotFound");
}

#[tokio::test]
async fn a_cursor_holds_for_one_calendar_and_through_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options { database: Some(folder.path().join("blikk.db")), ..Options::default() };
    let first = Blikk::open(options.clone()).await.expect("a database");
    let [anna, bo] = ["anna@x.example", "bo@x.example"].map(|email| NewUser::named("x", email));
    let (anna, bo) = (first.add_user(anna).await.expect("new"), first.add_user(bo).await.expect("new"));
    first.insert(&anna.id, &[event("A")]).await.expect("inserted");
    let cursor = first.inner.store.changes(1, None, 10).await.expect("a page").next;
    drop(first);

    let second = Blikk::open(options).await.expect("the same database");
    assert_eq!(second.count(&anna.id).await, Ok(1));
    let page = second.inner.store.changes(1, Some(cursor.clone()), 10).await.expect("a page");
    assert_eq!((page.items.len(), page.has_more), (0, false));
    let foreign = second.inner.store.changes(bo.id.parse().expect("a row"), Some(cursor), 10).await;
    assert_eq!(foreign.err().map(|refusal| refusal.code), Some("cursorExpired"));
}

#[tokio::test]
async fn a_list_shows_what_overlaps_the_period_in_order() {
    let served = served().await;
    let at = |hour: u32, minute: u32| json!({"dateTime": format!("2027-03-01T{hour:02}:{minute:02}:00Z"), "timeZone": "Europe/Stockholm"});
    let timed = |title: &str, start: Value, end: Value| json!({"title": title, "start": start, "end": end});
    let day = |title: &str, start: &str, end: &str| timed(title, json!({"date": start}), json!({"date": end}));
    let events = [
        timed("eleven", at(11, 0), at(12, 0)),
        timed("no time at nine", at(9, 0), at(9, 0)),
        timed("eight to nine", at(8, 0), at(9, 0)),
        timed("twelve", at(12, 0), at(13, 0)),
        day("the day", "2027-03-01", "2027-03-02"),
        day("the next", "2027-03-02", "2027-03-03"),
    ];
    served.blikk.insert(&served.anna.id, &events).await.expect("inserted");
    let titles = async |query: &str| {
        let list = served.get(&format!("/v1/calendar/events?{query}")).await;
        assert_eq!(list.status, OK, "{query}: {list:?}");
        let items = list.body["items"].as_array().expect("items").clone();
        items.iter().map(|item| item["title"].as_str().expect("a title").to_owned()).collect::<Vec<_>>()
    };
    let morning = "filter.from=2027-03-01T10:00:00%2B01:00&filter.to=2027-03-01T12:00:00Z";
    assert_eq!(titles(morning).await, ["the day", "no time at nine", "eleven"]);
    assert_eq!(titles("filter.from=2027-03-02&filter.to=2027-03-03").await, ["the next"]);
    assert_eq!(titles("pageSize=2&page=2").await, ["no time at nine", "eleven"]);
    assert_eq!(titles("pageSize=2&page=9").await, Vec::<String>::new());
    let beyond = served.get("/v1/calendar/events?pageSize=2&page=9").await.body;
    assert_eq!((&beyond["totalItemCount"], &beyond["totalPages"]), (&json!(6), &json!(3)));
}

#[tokio::test]
async fn two_who_change_the_same_version_do_not_both_win() {
    let served = served().await;
    let id = served.created("Ett").await;
    let (title_a, title_b) = (json!({"title": "A"}), json!({"title": "B"}));
    let (a, b) = tokio::join!(served.put(&id, "1", &title_a), served.put(&id, "1", &title_b));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn what_was_deleted_is_gone_with_all_that_stood_in_it() {
    let served = served().await;
    let id = served.created("Hemligt möte").await;
    served.delete(&id, "1").await;
    assert_eq!(served.get(&format!("/v1/calendar/events/{id}")).await.refusal(), "410 eventDeleted");
    assert_eq!(served.delete(&id, "1").await.refusal(), "410 eventDeleted");
    assert_eq!(served.put(&id, "1", &json!({"title": "x"})).await.refusal(), "410 eventDeleted");
    for id in ["999999", "01001", "x", "-1", "99999999999999999999"] {
        assert_eq!(served.get(&format!("/v1/calendar/events/{id}")).await.refusal(), "404 eventNotFound", "{id}");
    }
}

#[tokio::test]
async fn a_series_is_one_event_of_the_list_for_ever_and_takes_place_in_the_period_asked_for() {
    let served = served().await;
    let daily = with(event("Dagligen"), "recurrence", vec!["RRULE:FREQ=DAILY;COUNT=3"]);
    served.post(&daily).await;
    served.created("En gång").await;
    let far_away = "filter.from=2031-01-01&filter.to=2031-02-01";
    let listed = served.get(&format!("/v1/calendar/events?{far_away}")).await;
    assert_eq!((&listed.body["itemCount"], &listed.body["items"][0]["title"]), (&json!(1), &json!("Dagligen")));

    let titles = async |period: &str| {
        let page = served.get(&format!("/v1/calendar/occurrences?{period}")).await;
        let items = page.body["items"].as_array().expect("items").clone();
        items.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(titles(far_away).await, [""; 0]);
    let week = "filter.from=2027-03-22&filter.to=2027-03-29";
    assert_eq!(titles(week).await, ["1 Dagligen", "2 En gång", "1 Dagligen"]);
    for period in ["filter.from=2027-03-22", "filter.from=2027-03-22&filter.to=2029-03-30"] {
        let refused = served.get(&format!("/v1/calendar/occurrences?{period}")).await;
        assert_eq!((refused.refusal().as_str(), &refused.body["field"]), ("400 invalidParameter", &json!("filter.to")));
    }
}
