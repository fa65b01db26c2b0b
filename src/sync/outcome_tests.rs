//! What a row holds, one line for each way that its writes can end.
//!
//! A row is told as `blikk | exchange`, each side as `id@version title/place` (`?`: an unknown version, `=`: as the base
//! has it, `-`: not there).

use chrono::NaiveDate;

use super::*;
use crate::event::{Meeting, When};
use crate::problem::{Code, Side};
use crate::sync::execute::refused;
use crate::sync::state::{LinkId, RemoteId, Uid, Unsynced};

fn event(title: &str, place: &str) -> Event {
    let day = NaiveDate::from_ymd_opt(2027, 2, 1).unwrap();
    let event = Event::new(title, When::all_day(day, day.succ_opt().unwrap()).unwrap());
    Event { place: place.into(), ..event }
}

fn called(event: Event) -> Event {
    let meeting = Meeting {
        is_mine: true,
        organizer: None,
        participants: Vec::new(),
        my_answer: Default::default(),
        is_cancelled: false,
        online_url: None,
    };
    Event { meeting: Some(meeting), ..event }
}

fn id_on(side: Side) -> &'static str {
    if side == Side::Blikk { "b" } else { "x" }
}

fn side(side: Side, version: &str, seen: Option<Event>) -> Option<SideState> {
    Some(SideState { id: RemoteId::new(id_on(side)), version: Version::new(version), seen })
}

/// Both sides last agreed on `Före` without a place.
fn prior() -> Link {
    Link {
        id: LinkId::new("l"),
        origin: Side::Blikk,
        state: LinkState::Active,
        blikk: side(Side::Blikk, "1", None),
        exchange: side(Side::Exchange, "1", None),
        uid: Some(Uid::new("u")),
        base: Some(event("Före", "")),
    }
}

/// The row as the plan makes it: what each side holds now.
fn planned(blikk: Option<Event>, exchange: Option<Event>) -> Link {
    let state = |on, seen: Option<Event>| seen.and_then(|seen| side(on, "2", Some(seen)));
    Link { blikk: state(Side::Blikk, blikk), exchange: state(Side::Exchange, exchange), ..prior() }
}

fn held(on: Side, version: &str, event: Event) -> Box<Observed> {
    Box::new(Observed {
        id: RemoteId::new(id_on(on)),
        version: Version::new(version),
        uid: (on == Side::Exchange).then(|| Uid::new("u-made")),
        marker: None,
        created_at: None,
        changed_at: None,
        is_unfinished: false,
        content: Ok(event),
    })
}

fn unreadable(on: Side, version: &str) -> Box<Observed> {
    let reason = Unsynced { problem: Code::EventZoneUnknown.into(), title: "Före".into(), start: None };
    Box::new(Observed { content: Err(reason), ..*held(on, version, event("", "")) })
}

fn create(on: Side, event: Event) -> Write {
    Write::Create { on, event }
}

fn update(on: Side, before: Event, after: Event) -> Write {
    Write::Update { on, id: RemoteId::new(id_on(on)), expected: Version::new("1"), before, after, unmark: false }
}

fn delete(on: Side) -> Write {
    Write::Delete { on, id: RemoteId::new(id_on(on)), expected: Version::new("1"), before: None }
}

fn told(row: &Row) -> String {
    let row = match row {
        Row::Is(row) => row,
        Row::None => return "none".into(),
        Row::AsBefore => return "as before".into(),
    };
    let side = |on: Side| {
        let Some(state) = row.on(on) else { return "-".to_owned() };
        let version = if state.version.is_unknown() { "?" } else { state.version.as_str() };
        let seen = state.seen.as_ref().map_or("=".to_owned(), |seen| format!("{}/{}", seen.title, seen.place));
        format!("{}@{version} {seen}", state.id)
    };
    let state = match &row.state {
        LinkState::Active => String::new(),
        LinkState::SetAside { side, .. } => format!(" set aside in {side:?}"),
        LinkState::LeftAlone { run } => format!(" left alone by {run}"),
        other => format!(" {other:?}"),
    };
    format!("{} | {}{state}", side(Side::Blikk), side(Side::Exchange))
}

fn check(planned: &Link, prior: Option<&Link>, writes: &[(&Write, Fate)], expected: &str) {
    let row = row_after(planned, prior, writes);
    assert_eq!(told(&row), expected, "{writes:?}");
    if let Row::Is(row) = row {
        assert_eq!((&row.id, &row.base), (&planned.id, &planned.base));
    }
}

#[test]
fn a_create_leaves_what_came_back_or_only_the_side_that_it_was_made_of() {
    let sent = || event("Möte", "");
    #[rustfmt::skip]
    let cases = [
        (Fate::Done(Some(held(Side::Exchange, "9", sent()))),                    "b@2 Möte/ | x@9 Möte/"),
        // The server has made something else of it: that is what it holds.
        (Fate::Done(Some(held(Side::Exchange, "9", event("Möte", "Rum")))),      "b@2 Möte/ | x@9 Möte/Rum"),
        (Fate::Done(Some(unreadable(Side::Exchange, "9"))),                      "b@2 Möte/ | x@9 = set aside in Exchange"),
        (Fate::Done(None),                                                       "b@2 Möte/ | -"),
        (Fate::NotDone,                                                          "b@2 Möte/ | -"),
        (Fate::Gone,                                                             "b@2 Möte/ | -"),
        (Fate::Unknown(held(Side::Exchange, "9", sent())),                       "b@2 Möte/ | x@? Möte/"),
        // A person has edited it since: we wrote `Möte`, and it is an edit.
        (Fate::Unknown(held(Side::Exchange, "9", event("Ändrat", "Rum"))),       "b@2 Möte/ | x@? Möte/"),
        (Fate::Unknown(unreadable(Side::Exchange, "9")),                         "b@2 Möte/ | x@? Möte/"),
        (Fate::DoneBefore(held(Side::Exchange, "9", event("Ändrat", "Rum"))),    "b@2 Möte/ | x@? Möte/"),
    ];
    for (fate, expected) in cases {
        let write = create(Side::Exchange, sent());
        for prior in [None, Some(&prior())] {
            check(&planned(Some(sent()), None), prior, &[(&write, fate.clone())], expected);
        }
    }
}

#[test]
fn a_create_in_exchange_brings_the_items_uid_and_one_in_blikk_leaves_it() {
    let uid_after = |on: Side, fate| {
        let write = create(on, event("Möte", ""));
        let planned = Link { uid: None, ..planned(None, None) };
        match row_after(&planned, None, &[(&write, fate)]) {
            Row::Is(row) => row.uid.map(|uid| uid.as_str().to_owned()),
            other => panic!("{other:?}"),
        }
    };
    let made = |on| held(on, "9", event("Möte", ""));
    assert_eq!(uid_after(Side::Exchange, Fate::Done(Some(made(Side::Exchange)))).as_deref(), Some("u-made"));
    assert_eq!(uid_after(Side::Exchange, Fate::Unknown(made(Side::Exchange))).as_deref(), Some("u-made"));
    assert_eq!(uid_after(Side::Blikk, Fate::Done(Some(made(Side::Blikk)))), None);
}

#[test]
fn a_create_of_which_nothing_came_and_nothing_was_leaves_no_row() {
    // An undo that makes anew what a run deleted: the other side has nothing.
    for fate in [Fate::NotDone, Fate::Gone, Fate::Done(None)] {
        check(&planned(None, None), None, &[(&create(Side::Blikk, event("Möte", "")), fate)], "none");
    }
}

#[test]
fn an_update_of_one_side_is_remembered_as_far_as_it_went() {
    // Renamed in Blikk; Exchange is to be told.
    let (before, after) = (|| event("Före", ""), || event("Efter", ""));
    let planned = planned(Some(after()), Some(before()));
    let write = update(Side::Exchange, before(), after());
    #[rustfmt::skip]
    let cases = [
        (Fate::Done(Some(held(Side::Exchange, "3", after()))),               "b@2 Efter/ | x@3 Efter/"),
        (Fate::Done(Some(unreadable(Side::Exchange, "3"))),                  "b@2 Efter/ | x@3 = set aside in Exchange"),
        // The title did not go over: it is still an edit, of which Exchange has not heard.
        (Fate::NotDone,                                                      "b@2 Före/ | x@2 Före/"),
        (Fate::Gone,                                                         "b@2 Före/ | x@2 Före/"),
        (Fate::Unknown(held(Side::Exchange, "3", after())),                  "b@2 Efter/ | x@? Efter/"),
        (Fate::Unknown(held(Side::Exchange, "3", before())),                 "b@2 Före/ | x@? Före/"),
        (Fate::Unknown(unreadable(Side::Exchange, "3")),                     "b@2 Före/ | x@? Före/"),
        // A person wrote another title since, or before: both are edits, to be weighed against each other.
        (Fate::Unknown(held(Side::Exchange, "3", event("Annat", ""))),       "b@2 Före/ | x@? Före/"),
        // Ours is there, and a person's place since: that is an edit.
        (Fate::Unknown(held(Side::Exchange, "3", event("Efter", "Rum"))),    "b@2 Efter/ | x@? Efter/"),
        // Ours was there, and a person wrote another title since: that is an edit, and ours is none any more.
        (Fate::DoneBefore(held(Side::Exchange, "3", event("Annat", ""))),    "b@2 Efter/ | x@? Efter/"),
        (Fate::DoneBefore(held(Side::Exchange, "3", after())),               "b@2 Efter/ | x@? Efter/"),
        // Ours is not, and a person's place is.
        (Fate::Unknown(held(Side::Exchange, "3", event("Före", "Rum"))),     "b@2 Före/ | x@? Före/"),
    ];
    for (fate, expected) in cases {
        check(&planned, Some(&prior()), &[(&write, fate)], expected);
    }
    for fate in [Fate::NotDone, Fate::Gone, Fate::Unknown(held(Side::Exchange, "3", before()))] {
        check(&planned, None, &[(&write, fate)], "as before");
    }
    check(&planned, None, &[(&write, Fate::Done(Some(held(Side::Exchange, "3", after()))))], "b@2 Efter/ | x@3 Efter/");
}

#[test]
fn an_update_of_both_sides_is_remembered_field_by_field() {
    // Renamed in Blikk, given a place in Exchange.
    let (in_blikk, in_exchange, both) = (|| event("Efter", ""), || event("Före", "Rum"), || event("Efter", "Rum"));
    let planned = planned(Some(in_blikk()), Some(in_exchange()));
    let to_exchange = update(Side::Exchange, in_exchange(), both());
    let to_blikk = update(Side::Blikk, in_blikk(), both());
    let done = |on| Fate::Done(Some(held(on, "3", both())));
    let unknown = |on, event: Event| Fate::Unknown(held(on, "3", event));
    #[rustfmt::skip]
    let cases = [
        // to Exchange                                   to Blikk
        (done(Side::Exchange),                           done(Side::Blikk),                        "b@3 Efter/Rum | x@3 Efter/Rum"),
        // The place is still an edit of Exchange's: Blikk has not heard of it.
        (done(Side::Exchange),                           Fate::NotDone,                            "b@2 Efter/ | x@3 Efter/"),
        (done(Side::Exchange),                           Fate::Gone,                               "b@2 Efter/ | x@3 Efter/"),
        (done(Side::Exchange),                           unknown(Side::Blikk, both()),             "b@? Efter/Rum | x@3 Efter/Rum"),
        (done(Side::Exchange),                           unknown(Side::Blikk, in_blikk()),         "b@? Efter/ | x@3 Efter/"),
        // The title is still an edit of Blikk's.
        (Fate::NotDone,                                  done(Side::Blikk),                        "b@3 Före/Rum | x@2 Före/Rum"),
        (Fate::NotDone,                                  Fate::NotDone,                            "b@2 Före/ | x@2 Före/"),
        (Fate::NotDone,                                  unknown(Side::Blikk, both()),             "b@? Före/Rum | x@2 Före/Rum"),
        (Fate::Gone,                                     Fate::Gone,                               "b@2 Före/ | x@2 Före/"),
        // The first was answered before the second was sent, and a person has written another title since.
        (Fate::DoneBefore(held(Side::Exchange, "3", event("Annat", "Rum"))), unknown(Side::Blikk, in_blikk()), "b@? Efter/ | x@? Efter/"),
        (unknown(Side::Exchange, both()),                done(Side::Blikk),                        "b@3 Efter/Rum | x@? Efter/Rum"),
        (unknown(Side::Exchange, both()),                unknown(Side::Blikk, both()),             "b@? Efter/Rum | x@? Efter/Rum"),
        (unknown(Side::Exchange, both()),                unknown(Side::Blikk, in_blikk()),         "b@? Efter/ | x@? Efter/"),
        (unknown(Side::Exchange, in_exchange()),         unknown(Side::Blikk, in_blikk()),         "b@? Före/ | x@? Före/"),
        (unknown(Side::Exchange, in_exchange()),         Fate::NotDone,                            "b@2 Före/ | x@? Före/"),
    ];
    for (exchange, blikk, expected) in cases {
        let writes = [(&to_exchange, exchange), (&to_blikk, blikk)];
        check(&planned, Some(&prior()), &writes, expected);
        let turned = [writes[1].clone(), writes[0].clone()];
        check(&planned, Some(&prior()), &turned, expected);
    }
}

#[test]
fn what_was_lost_goes_back_to_what_each_side_held_and_not_to_what_one_of_them_did() {
    // Exchange keeps the title in its own form, so the two sides' pasts differ.
    let past = Link {
        blikk: side(Side::Blikk, "1", Some(event("Före", ""))),
        exchange: side(Side::Exchange, "1", Some(event("FÖRE", ""))),
        ..prior()
    };
    let planned = planned(Some(event("Efter", "")), Some(event("FÖRE", "")));
    let write = update(Side::Exchange, event("FÖRE", ""), event("Efter", ""));
    check(&planned, Some(&past), &[(&write, Fate::NotDone)], "b@2 Före/ | x@2 FÖRE/");
}

#[test]
fn a_body_that_the_server_laid_out_anew_is_what_we_wrote() {
    let body = |text: &str| Event { body: text.into(), ..event("Möte", "") };
    let planned = planned(Some(body("Ett två")), Some(body("")));
    let write = update(Side::Exchange, body(""), body("Ett två"));
    let fate = Fate::Unknown(held(Side::Exchange, "3", body("Ett\n\n   två")));
    assert!(is_carried_out(&write, &fate));
    let Row::Is(row) = row_after(&planned, Some(&prior()), &[(&write, fate)]) else { panic!("a row") };
    let seen = |on| row.on(on).and_then(|state| state.seen.as_ref()).map(|seen| seen.body.as_str());
    assert_eq!((seen(Side::Blikk), seen(Side::Exchange)), (Some("Ett två"), Some("Ett\n\n   två")), "each in its form");
    // Of a create, too.
    let write = create(Side::Exchange, body("Ett två"));
    let fate = Fate::Unknown(held(Side::Exchange, "3", body("Ett\n\n   två")));
    let Row::Is(row) = row_after(&planned, None, &[(&write, fate)]) else { panic!("a row") };
    assert_eq!(row.seen_on(Side::Exchange).map(|seen| seen.body.as_str()), Some("Ett\n\n   två"));
}

#[test]
fn what_exchange_tells_of_a_meeting_while_nobody_looked_is_news_for_blikk() {
    let write = create(Side::Exchange, event("Möte", ""));
    let fate = Fate::Unknown(held(Side::Exchange, "9", called(event("Möte", ""))));
    let Row::Is(row) = row_after(&planned(Some(event("Möte", "")), None), None, &[(&write, fate)]) else { panic!() };
    assert_eq!(row.seen_on(Side::Exchange).map(|seen| seen.meeting.is_some()), Some(false), "Blikk was not told yet");

    let (before, after) = (called(event("Före", "")), called(event("Efter", "")));
    let write = update(Side::Exchange, before.clone(), after.clone());
    let fate = Fate::Unknown(held(Side::Exchange, "9", event("Efter", "")));
    let planned = planned(Some(after), Some(before));
    let Row::Is(row) = row_after(&planned, Some(&prior()), &[(&write, fate)]) else { panic!() };
    assert_eq!(row.seen_on(Side::Exchange).map(|seen| seen.meeting.is_some()), Some(true), "nor that it is none");
}

#[test]
fn a_deletion_takes_its_side_from_the_row_if_it_was_carried_out_and_else_all_is_as_before() {
    let gone_in_blikk = planned(None, Some(event("Före", "")));
    let write = delete(Side::Exchange);
    #[rustfmt::skip]
    let cases = [
        (Fate::Done(None),                                                   "none"),
        (Fate::NotDone,                                                      "as before"),
        (Fate::Gone,                                                         "as before"),
        (Fate::Unknown(held(Side::Exchange, "3", event("Före", ""))),        "as before"),
    ];
    for (fate, expected) in cases {
        check(&gone_in_blikk, Some(&prior()), &[(&write, fate)], expected);
    }
}

#[test]
fn an_undo_that_is_interrupted_leaves_a_row_that_is_left_alone_or_the_one_before() {
    let left_alone = |link: Link| Link { state: LinkState::LeftAlone { run: 7 }, ..link };
    // It takes back a create: the copy goes, the original stays.
    let both = left_alone(planned(Some(event("Före", "")), Some(event("Före", ""))));
    let write = delete(Side::Exchange);
    check(&both, Some(&prior()), &[(&write, Fate::Done(None))], "b@2 Före/ | - left alone by 7");
    check(&both, Some(&prior()), &[(&write, Fate::NotDone)], "as before");
    let still_there = Fate::Unknown(held(Side::Exchange, "3", event("Före", "")));
    check(&both, Some(&prior()), &[(&write, still_there)], "as before");
    // It takes back a deletion: made anew on that side alone.
    let none = left_alone(planned(None, None));
    let write = create(Side::Exchange, event("Före", ""));
    let made = || held(Side::Exchange, "3", event("Före", ""));
    check(&none, None, &[(&write, Fate::Done(Some(made())))], "- | x@3 Före/ left alone by 7");
    check(&none, None, &[(&write, Fate::Unknown(made()))], "- | x@? Före/ left alone by 7");
    check(&none, None, &[(&write, Fate::NotDone)], "none");
}

#[test]
fn a_create_after_a_write_of_the_same_side_is_remembered_with_it() {
    // A copy loses the original's mark, and is brought over.
    let copy = || event("Kopia", "");
    let unmark = Write::Update {
        on: Side::Exchange,
        id: RemoteId::new("x"),
        expected: Version::new("1"),
        before: copy(),
        after: copy(),
        unmark: true,
    };
    let write = create(Side::Blikk, copy());
    let planned = planned(None, Some(copy()));
    let (unmarked, made) = (Fate::Done(Some(held(Side::Exchange, "3", copy()))), held(Side::Blikk, "4", copy()));
    #[rustfmt::skip]
    let cases = [
        (unmarked.clone(), Fate::Done(Some(made.clone())),   "b@4 Kopia/ | x@3 Kopia/"),
        (unmarked.clone(), Fate::Unknown(made.clone()),      "b@? Kopia/ | x@3 Kopia/"),
        (unmarked,         Fate::NotDone,                    "- | x@3 Kopia/"),
        (Fate::NotDone,    Fate::NotDone,                    "- | x@2 Kopia/"),
        (Fate::NotDone,    Fate::Done(Some(made)),           "b@4 Kopia/ | x@2 Kopia/"),
    ];
    for (first, second, expected) in cases {
        check(&planned, None, &[(&unmark, first), (&write, second)], expected);
    }
}

#[test]
fn a_write_is_carried_out_when_all_of_it_shows() {
    let (before, after) = (event("Före", ""), event("Efter", "Rum"));
    let write = update(Side::Exchange, before.clone(), after.clone());
    let unknown = |event| Fate::Unknown(held(Side::Exchange, "3", event));
    #[rustfmt::skip]
    let cases = [
        (&write,                                 Fate::Done(None),                               true),
        (&write,                                 unknown(after.clone()),                         true),
        (&write,                                 Fate::DoneBefore(held(Side::Exchange, "3", before.clone())), true),
        (&write,                                 unknown(event("Efter", "")),                    false),
        (&write,                                 unknown(before.clone()),                        false),
        (&write,                                 Fate::Unknown(unreadable(Side::Exchange, "3")), false),
        (&write,                                 Fate::Gone,                                     false),
        (&write,                                 Fate::NotDone,                                  false),
        (&create(Side::Exchange, after.clone()), unknown(event("Ändrat", "")),                   true),
        (&create(Side::Exchange, after.clone()), Fate::NotDone,                                  false),
        (&delete(Side::Exchange),                Fate::Done(None),                               true),
        (&delete(Side::Exchange),                unknown(before.clone()),                        false),
    ];
    for (write, fate, expected) in cases {
        assert_eq!(is_carried_out(write, &fate), expected, "{write:?}, {fate:?}");
    }
}

#[test]
fn a_refused_step_keeps_the_past_of_both_sides_under_the_versions_of_today() {
    let past = Link { exchange: side(Side::Exchange, "1", Some(event("FÖRE", ""))), ..prior() };
    let planned = planned(Some(event("Efter", "")), Some(event("FÖRE", "")));
    let row = refused(&planned, Some(&past));
    assert_eq!(told(&Row::Is(row.clone())), "b@2 = | x@2 FÖRE/");
    assert_eq!(row.base, past.base);
    let row = refused(&planned, None);
    assert_eq!((told(&Row::Is(row.clone())).as_str(), row.base), ("b@2 = | x@2 =", None));
}
