//! An Exchange that answers another question than it was asked.

use blikk_calendar_sync::http::HttpResponse;
use blikk_calendar_sync::problem::Code;
use blikk_calendar_sync::sync::report::Outcome;
use chrono::TimeDelta;
use serde_json::{Value, json};
use standins::exchange::Server;

use crate::code_of;
use crate::line::event_path;
use crate::wire::{Wire, an_hour, text};

const STOCKHOLM: &str = "Europe/Stockholm";

/// Five events that were made in Outlook and are on both sides, and news of them: all are edited, and five are new.
fn with_news() -> Wire {
    let wire = Wire::to(Server::default());
    for number in 0..5 {
        wire.adds_in_outlook(&an_hour(&format!("Möte {number}"), "2027-03-01T08:00:00Z", STOCKHOLM));
    }
    wire.done();
    for event in wire.in_outlook() {
        wire.edits_in_outlook(&text(&event, "id"), &json!({ "place": format!("Rum {}", text(&event, "title")) }));
    }
    for number in 5..10 {
        wire.adds_in_outlook(&an_hour(&format!("Möte {number}"), "2027-03-01T08:00:00Z", STOCKHOLM));
    }
    wire
}

/// Makes otherwise what the messages of an operation's answers say.
fn answers_otherwise(
    wire: &Wire,
    operation: &'static str,
    times: usize,
    mut make: impl FnMut(Vec<String>) -> Vec<String> + 'static,
) {
    let mut left = times;
    *wire.line.meddler.borrow_mut() = Some(Box::new(move |name, response| {
        if name != operation || left == 0 {
            return Ok(response);
        }
        left -= 1;
        let body = String::from_utf8_lossy(&response.body).into_owned();
        let (begin, end) = (format!("<m:{operation}ResponseMessage "), format!("</m:{operation}ResponseMessage>"));
        let (head, rest) = body.split_once(&begin).expect("a message");
        let (inner, tail) = rest.rsplit_once(&end).expect("its end");
        let messages = inner.split(&format!("{end}{begin}")).map(str::to_owned).collect();
        let messages: String = make(messages).iter().map(|message| format!("{begin}{message}{end}")).collect();
        Ok(HttpResponse { body: format!("{head}{messages}{tail}").into_bytes(), ..response })
    }));
}

/// That nothing was deleted, and nothing is in Blikk that is not in Outlook; and with honest answers, all comes right
/// within a day.
fn assert_comes_right(wire: &Wire, what: &str) {
    *wire.line.meddler.borrow_mut() = None;
    let (here, there) = (wire.blikk.titles(), wire.titles_in_outlook());
    assert_eq!(there.len(), 10, "{what}: {there:?}");
    assert!(here.len() >= 5, "{what}: nothing is deleted: {here:?}");
    assert!(here.iter().all(|title| there.contains(title)), "{what}: {here:?}");
    wire.run();
    wire.pass(TimeDelta::days(1));
    wire.run_until_done();
    assert_eq!(wire.blikk.titles(), wire.titles_in_outlook(), "{what}");
    let mut places: Vec<String> = wire.blikk.events().into_iter().map(|event| event.place).collect();
    places.sort();
    let edited = places.split_off(5);
    let expected: Vec<String> = (0..5).map(|number| format!("Rum Möte {number}")).collect();
    assert_eq!((edited, places), (expected, vec![String::new(); 5]), "{what}");
    for event in wire.blikk.events().iter().filter(|event| !event.place.is_empty()) {
        assert_eq!(event.place, format!("Rum {}", event.title), "{what}: each has its own");
    }
    wire.assert_at_rest();
}

#[test]
fn items_in_another_order_than_asked_for_are_no_items_and_nothing_of_theirs_is_brought_over() {
    for times in [1, 2, 100] {
        let wire = with_news();
        answers_otherwise(&wire, "GetItem", times, |messages| messages.into_iter().rev().collect());
        wire.run();
        for event in wire.blikk.events() {
            let is_its_own = event.place.is_empty() || event.place == format!("Rum {}", event.title);
            assert!(is_its_own, "{times}: {event:?}");
        }
        assert_comes_right(&wire, &format!("{times} times"));
    }
}

#[test]
fn an_item_that_was_not_asked_for_is_not_brought_over() {
    for times in [1, 100] {
        let wire = with_news();
        // Of a mailbox next door.
        let elsewhere = Wire::to(Server::default());
        elsewhere.adds_in_outlook(&an_hour("Någon annans", "2027-03-01T08:00:00Z", STOCKHOLM));
        elsewhere.done();
        let id = text(&elsewhere.in_outlook()[0], "id").replace("AAMk", "AAMx");
        answers_otherwise(&wire, "GetItem", times, move |mut messages| {
            let changed = messages[0].split_once("<t:ItemId Id=\"").map(|(before, rest)| {
                let (_, after) = rest.split_once('"').expect("the id's end");
                format!("{before}<t:ItemId Id=\"{id}\"{after}")
            });
            let mut strange = changed.expect("an id");
            for (name, said) in [("Subject", "Någon annans"), ("UID", "another-uid")] {
                let (open, close) = (format!("<t:{name}>"), format!("</t:{name}>"));
                if let Some((before, rest)) = strange.split_once(&open) {
                    let (_, after) = rest.split_once(&close).expect("its end");
                    strange = format!("{before}{open}{said}{close}{after}");
                }
            }
            messages[0] = strange;
            messages
        });
        wire.run();
        assert!(!wire.blikk.titles().contains(&"Någon annans".to_owned()), "{:?}", wire.blikk.titles());
        assert_comes_right(&wire, &format!("{times} times"));
    }
}

#[test]
fn an_item_that_cannot_be_read_just_now_keeps_the_place_from_where_to_go_on() {
    for code in ["ErrorTimeoutExpired", "ErrorInternalServerTransientError", "ErrorMailboxStoreUnavailable"] {
        let wire = with_news();
        let token = wire.head().exchange_token;
        answers_otherwise(&wire, "GetItem", 100, move |mut messages| {
            let (_, rest) = messages[0].split_once("<m:Items>").expect("an item");
            let (_, after) = rest.split_once("</m:Items>").expect("its end");
            messages[0] = format!(
                "ResponseClass=\"Error\"><m:MessageText>Later</m:MessageText><m:ResponseCode>{code}</m:ResponseCode>\
                 <m:DescriptiveLinkKey>0</m:DescriptiveLinkKey><m:Items/>{after}"
            );
            messages
        });
        let report = wire.run();
        assert!(code_of(&report).is_some(), "{code}: {report:?}");
        assert_eq!(wire.head().exchange_token, token, "{code}");
        assert_comes_right(&wire, code);
    }
}

#[test]
fn an_answer_with_fewer_or_more_messages_than_things_asked_for_is_none() {
    type Make = fn(Vec<String>) -> Vec<String>;
    let cases: [(&str, Make); 4] = [
        ("fewer", |mut messages| {
            messages.pop();
            messages
        }),
        ("fewer at the beginning", |messages| messages.into_iter().skip(1).collect()),
        ("more", |messages| [messages.clone(), messages].concat()),
        ("one twice", |mut messages| {
            messages.extend(messages.first().cloned());
            messages
        }),
    ];
    for (what, make) in cases {
        let wire = with_news();
        answers_otherwise(&wire, "GetItem", 100, make);
        let report = wire.run();
        assert_eq!(code_of(&report), Some(Code::ExchangeNotSoap), "{what}: {report:?}");
        assert_eq!(wire.blikk.ids().len(), 5, "{what}");
        assert_comes_right(&wire, what);
    }
}

#[test]
fn a_create_that_is_answered_for_fewer_items_than_were_sent_is_settled_by_reading() {
    for skip in [0, 1] {
        let wire = Wire::to(Server::default());
        for number in 0..5 {
            wire.blikk.add(crate::event(&format!("Möte {number}")));
        }
        answers_otherwise(&wire, "CreateItem", 1, move |mut messages| {
            messages.remove(if skip == 0 { 4 } else { 0 });
            messages
        });
        assert!(code_of(&wire.run()).is_some());
        *wire.line.meddler.borrow_mut() = None;
        wire.run_until_done();
        assert_eq!((wire.titles_in_outlook(), wire.links().len()), (wire.blikk.titles(), 5));
        wire.assert_at_rest();
    }
}

#[test]
fn a_create_that_is_answered_in_another_order_pairs_nobody_with_somebody_else() {
    let wire = Wire::to(Server::default());
    for number in 0..5 {
        wire.blikk.add(crate::event(&format!("Möte {number}")));
    }
    answers_otherwise(&wire, "CreateItem", 1, |messages| messages.into_iter().rev().collect());
    wire.run();
    *wire.line.meddler.borrow_mut() = None;
    wire.run_until_done();
    assert_eq!((wire.titles_in_outlook(), wire.blikk.ids().len()), (wire.blikk.titles(), 5));
    for id in wire.blikk.ids() {
        wire.blikk.edit(&id, |event| event.place = format!("Rum {}", event.title));
    }
    wire.run_until_done();
    for event in wire.in_outlook() {
        assert_eq!(text(&event, "place"), format!("Rum {}", text(&event, "title")), "each is its own counterpart");
    }
}

#[test]
fn a_sync_state_that_never_moves_on_ends_the_run_with_a_reason_and_asks_no_more_than_it_must() {
    let wire = with_news();
    let (writes, token, calls) = (wire.writes(), wire.head().exchange_token, wire.calls());
    let old = token.as_ref().expect("a token").as_str().to_owned();
    answers_otherwise(&wire, "SyncFolderItems", usize::MAX, move |messages| {
        let stands_still = |message: String| {
            let (before, rest) = message.split_once("<m:SyncState>").expect("a state");
            let (_, after) = rest.split_once("</m:SyncState>").expect("its end");
            let message = format!("{before}<m:SyncState>{old}</m:SyncState>{after}");
            message.replace("InRange>true<", "InRange>false<")
        };
        messages.into_iter().map(stands_still).collect()
    });
    let report = wire.run();
    assert_eq!(code_of(&report), Some(Code::ExchangeFailed), "{report:?}");
    assert!(wire.calls() - calls < 5, "{} calls", wire.calls() - calls);
    assert_eq!((wire.writes(), wire.head().exchange_token), (writes, token));
    assert_comes_right(&wire, "afterwards");
}

#[test]
fn an_item_of_another_calendar_in_the_list_deletes_and_doubles_nothing() {
    let wire = with_news();
    let mut elsewhere = an_hour("Privat kalender", "2027-03-01T08:00:00Z", STOCKHOLM);
    elsewhere["calendar"] = json!("Privat");
    let id = wire.adds_in_outlook(&elsewhere);
    let shown = wire.line.outlook("GET", &event_path(&id), &Value::Null);
    let create = format!(
        "<t:Create><t:CalendarItem><t:ItemId Id=\"{id}\" ChangeKey=\"{}\"/></t:CalendarItem></t:Create>",
        text(&shown, "version")
    );
    answers_otherwise(&wire, "SyncFolderItems", 1, move |messages| {
        let more = |message: String| message.replacen("</m:Changes>", &format!("{create}</m:Changes>"), 1);
        messages.into_iter().map(more).collect()
    });
    assert_eq!(wire.run().outcome, Outcome::Done);
    *wire.line.meddler.borrow_mut() = None;
    for _ in 0..3 {
        wire.pass(TimeDelta::days(1));
        wire.run_until_done();
        assert_eq!(wire.in_outlook().len(), 10, "what is in the calendar stays there, and gets no company");
        assert!(wire.blikk.ids().len() >= 10);
    }
    let shown = wire.line.outlook("GET", &event_path(&id), &Value::Null);
    assert_eq!(shown["title"], "Privat kalender", "and what lies elsewhere is as it was");
}
