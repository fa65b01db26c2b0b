//! The rules of the plan, one line a case: what each side says now -> what is to be done.

use super::*;
use crate::event::When;
use crate::problem::{Code, Problem};
use crate::sync::state::Uid;

const BASE: &str = "Veckomöte";

fn event(title: &str) -> Event {
    let day = "2027-02-01".parse().unwrap();
    Event::new(title, When::all_day(day, "2027-02-02".parse().unwrap()).unwrap())
}

fn state(id: &str) -> Option<SideState> {
    Some(SideState { id: RemoteId::new(id), version: Version::new("1"), seen: None })
}

/// A pair that agreed on [`BASE`].
fn linked() -> Link {
    let mut link = new_link(LinkId::new("link"), Side::Blikk);
    link.blikk = state("b");
    link.exchange = state("x");
    link.base = Some(event(BASE));
    link
}

/// `title@minute`: here, changed at that minute. `gone`, `-` (nothing heard) and `series` are what they say.
fn now(side: Side, text: &str) -> Now {
    let (title, minute) = text.split_once('@').unwrap_or((text, "0"));
    let id = if side == Side::Blikk { "b" } else { "x" };
    let content = match title {
        "-" => return Now::Silent,
        "gone" => return Now::Gone,
        "series" => Err(unsynced(Code::EventRuleNotExpressible)),
        title => Ok(event(title)),
    };
    Now::Here(Box::new(Observed {
        id: RemoteId::new(id),
        version: Version::new("2"),
        uid: (side == Side::Exchange).then(|| Uid::new("uid")),
        marker: None,
        created_at: None,
        changed_at: format!("2027-01-01T00:{minute:0>2}:00Z").parse().ok(),
        is_unfinished: false,
        content,
    }))
}

fn unsynced(code: Code) -> Unsynced {
    Unsynced { problem: Problem::new(code), title: "?".into(), start: None }
}

/// The step in words: what is written where.
fn said(step: Option<Step>) -> String {
    let Some(step) = step else { return "nothing".into() };
    match step.act {
        Act::Remember if step.reason == Reason::SetAside => "set aside".into(),
        Act::Remember => "remember".into(),
        Act::Forget => "forget".into(),
        Act::LookAgain => "look again".into(),
        Act::Write(writes) => writes.iter().map(write_said).collect::<Vec<_>>().join(", "),
    }
}

fn write_said(write: &Write) -> String {
    match write {
        Write::Create { on, event } => format!("create {} in {on:?}", event.title),
        Write::Update { on, after, .. } => format!("write {} to {on:?}", after.title),
        Write::Delete { on, .. } => format!("delete in {on:?}"),
    }
}

fn step_for(link: Option<Link>, blikk: &str, exchange: &str) -> Option<Step> {
    let pair = Pair { link, blikk: now(Side::Blikk, blikk), exchange: now(Side::Exchange, exchange) };
    plan(vec![pair], || LinkId::new("drawn")).pop()
}

#[test]
fn what_happens_to_a_pair_that_is_linked() {
    #[rustfmt::skip]
    let cases = [
        // Blikk says, Exchange says -> what to do
        ("-",           "-",           "nothing"),
        ("Veckomöte@1", "-",           "remember"),                          // touched, but nothing that we carry
        ("Projekt@1",   "-",           "write Projekt to Exchange"),
        ("-",           "Projekt@1",   "write Projekt to Blikk"),
        ("Projekt@1",   "Projekt@2",   "remember"),                          // the same edit on both sides
        ("Ett@1",       "Två@2",       "write Två to Blikk"),                // newest wins
        ("Ett@2",       "Två@1",       "write Ett to Exchange"),
        ("gone",        "-",           "delete in Exchange"),
        ("-",           "gone",        "delete in Blikk"),
        ("gone",        "Veckomöte@9", "delete in Exchange"),                // touched, not edited
        ("gone",        "Projekt@1",   "create Projekt in Blikk"),           // the edit outlives the deletion
        ("Projekt@1",   "gone",        "create Projekt in Exchange"),
        ("gone",        "gone",        "forget"),
        ("-",           "series",      "set aside"),
        ("Veckomöte@1", "series",      "set aside"),
        ("gone",        "series",      "set aside"),                         // nobody's series is deleted
    ];
    for (blikk, exchange, expected) in cases {
        assert_eq!(said(step_for(Some(linked()), blikk, exchange)), expected, "Blikk {blikk}, Exchange {exchange}");
    }
}

#[test]
fn what_happens_to_events_that_are_not_linked() {
    #[rustfmt::skip]
    let cases = [
        ("Kick-off@1", "-",          "create Kick-off in Exchange"),
        ("-",          "Kick-off@1", "create Kick-off in Blikk"),
        ("Kick-off@1", "Kick-off@1", "remember"),                            // they name each other: link, write nothing
        ("Ny titel@2", "Kick-off@1", "write Ny titel to Exchange"),
        ("-",          "series",     "set aside"),
    ];
    for (blikk, exchange, expected) in cases {
        assert_eq!(said(step_for(None, blikk, exchange)), expected, "Blikk {blikk}, Exchange {exchange}");
    }
}

#[test]
fn what_happens_to_an_event_that_was_set_aside() {
    let mut both = linked();
    both.state = LinkState::SetAside { side: Side::Exchange, reason: unsynced(Code::ExchangeItemRefused) };
    let mut lone = linked();
    lone.blikk = None;
    lone.base = None;
    lone.state = LinkState::SetAside { side: Side::Exchange, reason: unsynced(Code::EventRuleNotExpressible) };
    #[rustfmt::skip]
    let cases = [
        (&both, "-",         "-",           "nothing"),
        (&both, "Projekt@1", "-",           "look again"),                   // what Exchange holds was not kept
        (&both, "Projekt@1", "Veckomöte@0", "write Projekt to Exchange"),    // tried again, with the right past
        (&both, "gone",      "-",           "look again"),
        (&lone, "-",         "-",           "nothing"),
        (&lone, "-",         "series",      "set aside"),
        (&lone, "-",         "Ensam@1",     "create Ensam in Blikk"),
        (&lone, "-",         "gone",        "forget"),
    ];
    for (link, blikk, exchange, expected) in cases {
        assert_eq!(said(step_for(Some(link.clone()), blikk, exchange)), expected, "Blikk {blikk}, Exchange {exchange}");
    }
}

#[test]
fn a_write_expects_the_version_that_was_read() {
    let step = step_for(Some(linked()), "-", "Projekt@1").unwrap();
    let Act::Write(writes) = step.act else { panic!("{:?}", step.act) };
    assert!(matches!(&writes[..], [Write::Update { on: Side::Blikk, expected, .. }] if expected.as_str() == "1"));
    assert_eq!(step.link.exchange.unwrap().version.as_str(), "2");
}

#[test]
fn an_event_that_is_made_anew_gets_a_new_link_so_that_no_idempotency_key_is_used_twice() {
    let step = step_for(Some(linked()), "gone", "Projekt@1").unwrap();
    assert_eq!((step.link.id.as_str(), step.prior.unwrap().id.as_str()), ("drawn", "link"));
    assert_eq!(step.reason, Reason::EditOutlivesDeletion { deleted_on: Side::Blikk });
}

#[test]
fn overruling_names_the_fields_and_the_winner() {
    let step = step_for(Some(linked()), "Ett@1", "Två@2").unwrap();
    assert_eq!(step.reason, Reason::Overruled { fields: vec![Field::Title], winner: Side::Exchange });
}
