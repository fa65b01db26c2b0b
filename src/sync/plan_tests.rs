//! The rules of the plan, one line a case: what each side says now -> what is to be done.

use super::*;

#[path = "plan/border_tests.rs"]
mod border;
#[path = "plan/policy_tests.rs"]
mod policy;

use crate::event::{Exception, Meeting, OriginalDate, Series, When};
use crate::problem::{Code, Problem};
use crate::recurrence::{DayInterval, Pattern, Range, Recurrence};
use crate::sync::options::Options;
use crate::sync::state::{SideState, Uid};

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

/// `title@minute`: here, changed at that minute. `gone`, `-` (nothing heard) and `odd` (nobody understands it) are what
/// they say.
fn now(side: Side, text: &str) -> Now {
    let (title, minute) = text.split_once('@').unwrap_or((text, "0"));
    match title {
        "-" => Now::Silent,
        "gone" => Now::Gone,
        "odd" => here(side, minute, Err(unreadable(Code::EventRuleNotExpressible))),
        title => here(side, minute, Ok(event(title))),
    }
}

fn here(side: Side, minute: &str, content: Result<Event, Unsynced>) -> Now {
    let id = if side == Side::Blikk { "b" } else { "x" };
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

fn unreadable(code: Code) -> Unsynced {
    Unsynced { problem: Problem::new(code), title: "?".into(), start: None }
}

/// The step in words: what is written where.
fn said(step: Option<Step>) -> String {
    let Some(step) = step else { return "nothing".into() };
    match step.act {
        Act::Remember => match step.reason {
            Reason::SetAside => "set aside".into(),
            Reason::Asks { fields } => {
                format!("ask {}", fields.iter().map(|field| format!("{field:?}")).collect::<Vec<_>>().join(", "))
            }
            Reason::OutsideWindow => "outside".into(),
            Reason::OneWay => "one way".into(),
            Reason::Private => "keep out".into(),
            _ => "remember".into(),
        },
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
    decided(link, now(Side::Blikk, blikk), now(Side::Exchange, exchange))
}

fn decided(link: Option<Link>, blikk: Now, exchange: Now) -> Option<Step> {
    by(&Options::default(), link, blikk, exchange)
}

fn by(options: &Options, link: Option<Link>, blikk: Now, exchange: Now) -> Option<Step> {
    ruled(&Rules::new(options, today()), link, blikk, exchange)
}

fn ruled(rules: &Rules<'_>, link: Option<Link>, blikk: Now, exchange: Now) -> Option<Step> {
    plan(vec![Pair { link, blikk, exchange }], rules, || LinkId::new("drawn")).pop()
}

fn today() -> chrono::DateTime<chrono::Utc> {
    "2027-01-20T12:00:00Z".parse().unwrap()
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
        ("-",           "odd"   ,      "set aside"),
        ("Veckomöte@1", "odd"   ,      "set aside"),
        ("gone",        "odd"   ,      "set aside"),                         // nobody's series is deleted
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
        ("-",          "odd"   ,     "set aside"),
    ];
    for (blikk, exchange, expected) in cases {
        assert_eq!(said(step_for(None, blikk, exchange)), expected, "Blikk {blikk}, Exchange {exchange}");
    }
}

#[test]
fn what_happens_to_an_event_that_was_set_aside() {
    let mut both = linked();
    both.state = LinkState::SetAside { side: Side::Exchange, reason: unreadable(Code::ExchangeItemRefused) };
    let mut lone = linked();
    lone.blikk = None;
    lone.base = None;
    lone.state = LinkState::SetAside { side: Side::Exchange, reason: unreadable(Code::EventRuleNotExpressible) };
    #[rustfmt::skip]
    let cases = [
        (&both, "-",         "-",           "nothing"),
        (&both, "Projekt@1", "-",           "look again"),                   // what Exchange holds was not kept
        (&both, "Projekt@1", "Veckomöte@0", "write Projekt to Exchange"),    // tried again, with the right past
        (&both, "gone",      "-",           "look again"),
        (&lone, "-",         "-",           "nothing"),
        (&lone, "-",         "odd"   ,      "set aside"),
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
fn a_step_says_which_edits_do_not_stand_and_why() {
    let step = step_for(Some(linked()), "Ett@1", "Två@2").unwrap();
    let edits = vec![Overruled { field: Field::Title, winner: Side::Exchange }];
    assert_eq!(step.reason, Reason::Overruled { edits });
}

/// The event as a meeting that `Side::Blikk`'s user organises, or as somebody else's.
fn meeting(title: &str, is_mine: bool) -> Event {
    let meeting = Meeting {
        is_mine,
        organizer: None,
        participants: Vec::new(),
        my_answer: Default::default(),
        is_cancelled: false,
        online_url: None,
    };
    Event { meeting: Some(meeting), ..event(title) }
}

/// As [`now`], of a meeting that is somebody else's, or `mine`.
fn meeting_now(side: Side, text: &str) -> Now {
    let (text, is_mine) = text.strip_prefix("mine ").map_or((text, false), |text| (text, true));
    match now(side, text) {
        Now::Here(mut seen) => {
            seen.content = seen.content.map(|event| meeting(&event.title, is_mine));
            Now::Here(seen)
        }
        other => other,
    }
}

#[test]
fn what_happens_to_somebody_elses_meeting() {
    let mut link = linked();
    link.base = Some(meeting(BASE, false));
    // As a Blikk of before has it: without a word about whose meeting it is.
    let mut half_known = link.clone();
    half_known.base = Some(event(BASE));
    half_known.exchange.as_mut().unwrap().seen = Some(meeting(BASE, false));
    let belongs = |fields: Vec<Field>| Reason::BelongsToExchange { fields };
    #[rustfmt::skip]
    let cases = [
        // Blikk says, Exchange says -> what to do
        ("-",           "Flyttat@1",        "write Flyttat to Blikk",     Some(Reason::Edited)),
        ("Mitt@1",      "-",                "look again",                 None), // What Exchange said once may be over.
        ("Mitt@1",      "Veckomöte@0",      "write Veckomöte to Blikk",   Some(belongs(vec![Field::Title]))),
        ("Mitt@2",      "Flyttat@1",        "write Flyttat to Blikk",     Some(belongs(vec![Field::Title]))),
        ("gone",        "-",                "look again",                 None),
        ("gone",        "Veckomöte@0",      "create Veckomöte in Blikk",  Some(belongs(vec![]))),
        ("gone",        "Flyttat@1",        "create Flyttat in Blikk",    Some(belongs(vec![]))),
        ("-",           "gone",             "delete in Blikk",            Some(Reason::Deleted { on: Side::Exchange })),
        ("Mitt@1",      "gone",             "delete in Blikk",            Some(Reason::Deleted { on: Side::Exchange })),
        ("gone",        "gone",             "forget",                     Some(Reason::GoneOnBoth)),
        ("Mitt@2",      "mine Flyttat@1",   "write Mitt to Exchange, write Mitt to Blikk", None),      // it has become mine
        ("gone",        "mine Veckomöte@1", "create Veckomöte in Blikk",  None),
    ];
    for (blikk, exchange, expected, reason) in cases {
        let case = format!("Blikk {blikk}, Exchange {exchange}");
        let step = decided(Some(link.clone()), meeting_now(Side::Blikk, blikk), meeting_now(Side::Exchange, exchange));
        if let Some(reason) = reason {
            assert_eq!(step.as_ref().unwrap().reason, reason, "{case}");
        }
        assert_eq!(said(step), expected, "{case}");
        if !exchange.starts_with("mine") {
            let step =
                decided(Some(half_known.clone()), now(Side::Blikk, blikk), meeting_now(Side::Exchange, exchange));
            assert_eq!(said(step), expected, "{case}, half known");
        }
    }
}

#[test]
fn somebody_elses_meeting_is_never_made_in_exchange() {
    let orphan = || {
        let mut now = meeting_now(Side::Blikk, "Möte@1");
        let Now::Here(seen) = &mut now else { unreachable!() };
        seen.uid = Some(Uid::new("uid"));
        now
    };
    let step = decided(None, orphan(), Now::Silent).unwrap();
    assert_eq!(step.link.uid, Some(Uid::new("uid")), "by which its item is known when it comes back");
    let waiting = step.link.clone();
    assert_eq!(said(Some(step)), "set aside");
    assert_eq!(said(decided(Some(waiting.clone()), orphan(), Now::Silent)), "set aside");
    assert_eq!(said(decided(Some(waiting.clone()), Now::Silent, meeting_now(Side::Exchange, "Möte@1"))), "look again");
    assert_eq!(
        said(decided(Some(waiting.clone()), orphan(), meeting_now(Side::Exchange, "Nytt@1"))),
        "write Nytt to Blikk"
    );
    assert_eq!(said(decided(Some(waiting), Now::Gone, Now::Silent)), "forget");
    let copy = meeting_now(Side::Blikk, "Kopia@1");
    assert_eq!(
        said(decided(None, copy, Now::Silent)),
        "create Kopia in Exchange",
        "a copy made in Blikk was never there"
    );
}

/// [`event`] every day, but not on these days of February.
fn series(title: &str, cancelled: &[u32]) -> Event {
    let pattern = Pattern::Daily { interval: DayInterval::new(1).unwrap() };
    let mut series = Series::new(Recurrence { pattern, range: Range::NoEnd });
    for day in cancelled {
        let date = chrono::NaiveDate::from_ymd_opt(2027, 2, *day).unwrap();
        series.exceptions.insert(OriginalDate(date), Exception::Cancelled);
    }
    Event { series: Some(series), ..event(title) }
}

fn linked_series() -> Link {
    let mut link = linked();
    link.base = Some(series(BASE, &[2]));
    link
}

#[test]
fn a_series_in_exchange_is_looked_at_before_it_is_written_because_not_every_server_tells_of_its_occurrences() {
    let there = |event: Event| here(Side::Exchange, "0", Ok(event));
    let in_blikk = |event: Event| here(Side::Blikk, "1", Ok(event));
    let cases = [
        (in_blikk(series("Nytt", &[2])), Now::Silent, "look again"),
        (in_blikk(series(BASE, &[2])), Now::Silent, "remember"),
        (Now::Gone, Now::Silent, "look again"),
        (Now::Silent, Now::Gone, "delete in Blikk"),
        (in_blikk(series("Nytt", &[2])), there(series(BASE, &[2])), "write Nytt to Exchange"),
        (Now::Gone, there(series(BASE, &[2])), "delete in Exchange"),
        // Told or not, it was edited: by its ChangeKey it was not.
        (in_blikk(series("Nytt", &[2])), there(series(BASE, &[2, 3])), "write Nytt to Exchange, write Nytt to Blikk"),
        (Now::Gone, there(series(BASE, &[2, 3])), "create Veckomöte in Blikk"),
        (Now::Silent, there(series(BASE, &[2, 3])), "write Veckomöte to Blikk"),
        (Now::Silent, there(series(BASE, &[2])), "remember"),
    ];
    for (blikk, exchange, expected) in cases {
        let case = format!("{blikk:?} {exchange:?}");
        assert_eq!(said(decided(Some(linked_series()), blikk, exchange)), expected, "{case}");
    }
}

#[test]
fn a_series_that_we_were_interrupted_in_writing_is_finished_and_never_taken_for_an_edit() {
    let unfinished = |event: Event| {
        let mut now = here(Side::Exchange, "5", Ok(event));
        let Now::Here(seen) = &mut now else { unreachable!() };
        seen.is_unfinished = true;
        now
    };
    let in_blikk = |event: Event| here(Side::Blikk, "1", Ok(event));
    let single = || event(BASE);
    let cases = [
        // Blikk says, what stands in Exchange -> what to do, and what Exchange then holds
        (
            in_blikk(series("Nytt", &[2])),
            unfinished(series("Nytt", &[])),
            "write Nytt to Exchange",
            Some(series("Nytt", &[2])),
        ),
        (
            in_blikk(series("Nytt", &[2])),
            unfinished(series("Nytt", &[2])),
            "write Nytt to Exchange",
            Some(series("Nytt", &[2])),
        ),
        (in_blikk(series(BASE, &[])), unfinished(single()), "write Veckomöte to Exchange", Some(series(BASE, &[]))),
        (Now::Silent, unfinished(single()), "write Veckomöte to Exchange", Some(series(BASE, &[2]))),
        (Now::Gone, unfinished(series(BASE, &[])), "delete in Exchange", None),
        (Now::Gone, unfinished(single()), "delete in Exchange", None),
        (Now::Gone, unfinished(series("Nytt", &[])), "write Nytt to Exchange, create Nytt in Blikk", None),
    ];
    for (blikk, exchange, expected, held) in cases {
        let case = format!("{blikk:?} {exchange:?}");
        let step = decided(Some(linked_series()), blikk, exchange).unwrap();
        if let (Some(held), Act::Write(writes)) = (held, &step.act) {
            assert!(matches!(&writes[0], Write::Update { after, .. } if *after == held), "{case}");
        }
        assert_eq!(said(Some(step)), expected, "{case}");
    }
}
