//! SyncFolderItems: pages, coalescing, and states that die.

use standins::exchange::Exchange;

use crate::support::*;

/// `("Create", "title")` and so on, the next state, and whether that was all.
fn page(exchange: &Exchange, state: &mut String, limit: usize) -> (Vec<(String, String)>, bool) {
    let answer = ask(exchange, ANNA, &sync_request(state, limit));
    *state = text(&answer, "SyncState");
    let document = roxmltree::Document::parse(&answer).expect("well-formed");
    let changes = document.descendants().find(|node| node.tag_name().name() == "Changes").expect("changes");
    let told = changes.children().map(|change| {
        let subject = change.descendants().find(|node| node.tag_name().name() == "Subject");
        let subject = subject.and_then(|node| node.text()).unwrap_or_default();
        (change.tag_name().name().to_owned(), subject.to_owned())
    });
    (told.collect(), text(&answer, "IncludesLastItemInRange") == "true")
}

fn told(kind: &str, title: &str) -> (String, String) {
    (kind.to_owned(), title.to_owned())
}

#[test]
fn a_calendar_is_read_in_pages_and_then_only_its_changes() {
    let exchange = server();
    let ids: Vec<Id> = (1..=5).map(|number| create_titled(&exchange, ANNA, &format!("Nr {number}"))).collect();
    let mut state = String::new();
    assert_eq!(
        page(&exchange, &mut state, 3),
        (vec![told("Create", "Nr 1"), told("Create", "Nr 2"), told("Create", "Nr 3")], false)
    );
    assert_eq!(page(&exchange, &mut state, 3), (vec![told("Create", "Nr 4"), told("Create", "Nr 5")], true));
    assert_eq!(page(&exchange, &mut state, 3), (vec![], true), "nothing new");

    let rename = set_field("item:Subject", "<t:Subject>Nr 2b</t:Subject>");
    ask(&exchange, ANNA, &update_request("AlwaysOverwrite", &ids[1].xml(), &rename));
    ask(&exchange, ANNA, &delete_request(&ids[4].xml()));
    create_titled(&exchange, ANNA, "Nr 6");
    let briefly = create_titled(&exchange, ANNA, "Kort");
    ask(&exchange, ANNA, &delete_request(&briefly.xml()));
    let (mut changes, _) = page(&exchange, &mut state, 512);
    changes.sort();
    assert_eq!(changes, [told("Create", "Nr 6"), told("Delete", ""), told("Update", "Nr 2b")]);
}

#[test]
fn the_same_state_asked_twice_gives_the_same_changes() {
    let exchange = server();
    create_titled(&exchange, ANNA, "Ett");
    let first = page(&exchange, &mut String::new(), 512);
    assert_eq!(page(&exchange, &mut String::new(), 512), first);
}

#[test]
fn an_edit_in_outlook_shows_up_as_an_update_with_a_new_change_key() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Ett");
    let mut state = String::new();
    page(&exchange, &mut state, 512);
    json(&exchange, "PUT", &event_path(ANNA, &id.id), &serde_json::json!({ "place": "Kajutan" }));
    let answer = ask(&exchange, ANNA, &sync_request(&state, 512));
    assert_eq!(Id::first_of(&answer).id, id.id);
    assert_ne!(Id::first_of(&answer).change_key, id.change_key);
}

#[test]
fn ids_and_little_more_bodies_and_recurrences_never() {
    let exchange = server();
    create(&exchange, ANNA, "<t:Subject>Ett</t:Subject><t:Body BodyType=\"Text\">hemligt</t:Body>");
    let all = sync_request("", 512).replace("IdOnly", "AllProperties").replace("item:Subject", "item:Body");
    let answer = ask(&exchange, ANNA, &all);
    assert!(answer.contains("t:Subject>") && !answer.contains("hemligt") && !answer.contains("StartTimeZone"));
}

#[test]
fn dead_and_foreign_states_and_garbage_are_refused_without_a_word_about_changes() {
    let exchange = server();
    create_titled(&exchange, ANNA, "Ett");
    create_titled(&exchange, BJORN, "Hans");
    let foreign = text(&ask(&exchange, BJORN, &sync_request("", 512)), "SyncState");
    let own = text(&ask(&exchange, ANNA, &sync_request("", 512)), "SyncState");
    for state in ["skräp", "AAAA", &foreign] {
        let answer = ask(&exchange, ANNA, &sync_request(state, 512));
        assert_eq!(codes(&answer), ["ErrorInvalidSyncStateData"], "{state}");
        assert_eq!(
            (text(&answer, "SyncState"), text(&answer, "IncludesLastItemInRange")),
            (String::new(), "true".into())
        );
    }
    assert_eq!(codes(&ask(&exchange, ANNA, &sync_request(&own, 512))), ["NoError"]);
    exchange.expire_sync_states();
    assert_eq!(codes(&ask(&exchange, ANNA, &sync_request(&own, 512))), ["ErrorInvalidSyncStateData"]);
    let again = ask(&exchange, ANNA, &sync_request("", 512));
    assert_eq!(texts(&again, "Subject"), ["Ett"], "a full pass starts without a state");
}

#[test]
fn what_is_to_be_ignored_is_left_out() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Ett");
    create_titled(&exchange, ANNA, "Två");
    let ignore = format!("<m:Ignore>{}</m:Ignore><m:MaxChangesReturned>", id.xml());
    let answer = ask(&exchange, ANNA, &sync_request("", 512).replace("<m:MaxChangesReturned>", &ignore));
    assert_eq!(texts(&answer, "Subject"), ["Två"]);
}

#[test]
fn the_marker_comes_along_so_that_a_lost_state_can_be_linked_again() {
    let exchange = server();
    create(&exchange, ANNA, &format!("<t:ExtendedProperty>{MARKER}<t:Value>länk-7</t:Value></t:ExtendedProperty>"));
    assert_eq!(texts(&ask(&exchange, ANNA, &sync_request("", 512)), "Value"), ["länk-7"]);
}
