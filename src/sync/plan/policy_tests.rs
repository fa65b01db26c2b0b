//! The person's choices: who wins, who is asked, what is synchronised at all.

use super::*;
use crate::event::Reminder;
use crate::sync::options::{Conflicts, Deletions};
use crate::sync::port::Marker;

fn choosing(conflicts: Conflicts, deletions: Deletions) -> Options {
    Options { conflicts, deletions, ..Options::default() }
}

#[test]
fn scenario_22_who_wins_where_both_edited_is_the_persons_choice_and_but_for_the_newest_no_clock_decides() {
    use Conflicts::{Ask, BlikkWins, ExchangeWins, NewestWins};
    #[rustfmt::skip]
    let cases = [
        // The choice, Blikk says, Exchange says -> what to do
        (BlikkWins,    "Ett@1", "Två@2", "write Ett to Exchange"),
        (BlikkWins,    "Ett@2", "Två@1", "write Ett to Exchange"),
        (ExchangeWins, "Ett@1", "Två@2", "write Två to Blikk"),
        (ExchangeWins, "Ett@2", "Två@1", "write Två to Blikk"),
        (NewestWins,   "Ett@1", "Två@2", "write Två to Blikk"),
        (NewestWins,   "Ett@2", "Två@1", "write Ett to Exchange"),
        (NewestWins,   "Ett@1", "Två@1", "write Två to Blikk"),                // no clock tells
        (Ask,          "Ett@1", "Två@2", "ask Title"),
        (Ask,          "Ett@2", "Två@1", "ask Title"),
        (Ask,          "Ett@1", "Ett@2", "remember"),
        (Ask,          "Ett@1", "Veckomöte@2", "write Ett to Exchange"),
    ];
    for (conflicts, blikk, exchange, expected) in cases {
        let options = choosing(conflicts, Deletions::EditSurvives);
        let step = by(&options, Some(linked()), now(Side::Blikk, blikk), now(Side::Exchange, exchange));
        assert_eq!(said(step), expected, "{conflicts:?}: Blikk {blikk}, Exchange {exchange}");
    }
}

#[test]
fn scenario_22_whether_an_edit_outlives_a_deletion_is_the_persons_choice() {
    let options = choosing(Conflicts::NewestWins, Deletions::DeletionStands);
    let stands = |side| Some(Reason::DeletionStands { deleted_on: side });
    #[rustfmt::skip]
    let cases = [
        ("gone",        "Projekt@1",   "delete in Exchange", stands(Side::Blikk)),
        ("Projekt@1",   "gone",        "delete in Blikk",    stands(Side::Exchange)),
        ("gone",        "Veckomöte@1", "delete in Exchange", Some(Reason::Deleted { on: Side::Blikk })),
        ("gone",        "odd",         "set aside",          None),
    ];
    for (blikk, exchange, expected, reason) in cases {
        let step = by(&options, Some(linked()), now(Side::Blikk, blikk), now(Side::Exchange, exchange));
        if let Some(reason) = reason {
            assert_eq!(step.as_ref().unwrap().reason, reason, "Blikk {blikk}, Exchange {exchange}");
        }
        assert_eq!(said(step), expected, "Blikk {blikk}, Exchange {exchange}");
    }
    let mut link = linked();
    link.base = Some(meeting(BASE, false));
    let step = by(&options, Some(link), Now::Gone, meeting_now(Side::Exchange, "Flyttat@1"));
    assert_eq!(said(step), "create Flyttat in Blikk", "somebody else's meeting lives in Exchange");
}

/// A pair about which the person is asked, and what stands on both sides.
fn asking() -> (Link, Options) {
    let options = choosing(Conflicts::Ask, Deletions::EditSurvives);
    let step = by(&options, Some(linked()), now(Side::Blikk, "Ett@1"), now(Side::Exchange, "Två@2")).unwrap();
    (step.link, options)
}

#[test]
fn while_the_person_is_asked_both_pasts_are_kept_and_nothing_is_written() {
    let (link, options) = asking();
    let LinkState::Asks { question } = &link.state else { panic!("{:?}", link.state) };
    assert_eq!((question.blikk.title.as_str(), question.exchange.title.as_str()), ("Ett", "Två"));
    for side in [Side::Blikk, Side::Exchange] {
        assert_eq!(link.seen_on(side).unwrap().title, BASE, "{side:?}");
        assert_eq!(link.on(side).unwrap().version.as_str(), "2", "{side:?}: what was heard is not news again");
    }
    #[rustfmt::skip]
    let cases = [
        // Blikk says, Exchange says -> what to do
        ("-",           "-",           "nothing"),
        ("Tre@3",       "-",           "look again"),
        ("Tre@3",       "Två@2",       "ask Title"),                 // with the new value
        ("Två@3",       "Två@2",       "remember"),                  // they agree meanwhile
        ("Veckomöte@3", "Två@2",       "write Två to Blikk"),        // one took it back
        ("gone",        "Två@2",       "create Två in Blikk"),
        ("gone",        "gone",        "forget"),
    ];
    for (blikk, exchange, expected) in cases {
        let step = by(&options, Some(link.clone()), now(Side::Blikk, blikk), now(Side::Exchange, exchange));
        assert_eq!(said(step), expected, "Blikk {blikk}, Exchange {exchange}");
    }
}

#[test]
fn an_answer_settles_the_question_that_was_asked_and_no_other() {
    let (link, options) = asking();
    let answering = |side| Rules { answer: Some((LinkId::new("link"), side)), ..Rules::new(&options, today()) };
    #[rustfmt::skip]
    let cases = [
        (Side::Blikk,    "-",     "-",     "look again"),
        (Side::Blikk,    "Ett@1", "Två@2", "write Ett to Exchange"),
        (Side::Exchange, "Ett@1", "Två@2", "write Två to Blikk"),
        (Side::Exchange, "Tre@3", "Två@2", "ask Title"),             // the person has not seen this one
    ];
    for (side, blikk, exchange, expected) in cases {
        let step = ruled(&answering(side), Some(link.clone()), now(Side::Blikk, blikk), now(Side::Exchange, exchange));
        assert_eq!(said(step), expected, "{side:?}: Blikk {blikk}, Exchange {exchange}");
    }
    let other = Rules { answer: Some((LinkId::new("other"), Side::Blikk)), ..Rules::new(&options, today()) };
    let step = ruled(&other, Some(link), now(Side::Blikk, "Ett@1"), now(Side::Exchange, "Två@2"));
    assert_eq!(said(step), "ask Title");
}

fn on(side: Side, event: Event) -> Now {
    here(side, "1", Ok(event))
}

fn with(title: &str, categories: &[&str], reminder: Option<u32>) -> Event {
    let categories = categories.iter().map(|name| (*name).to_owned()).collect();
    let reminder = reminder.map(|minutes_before_start| Reminder { minutes_before_start });
    Event { categories, reminder, ..event(title) }
}

#[test]
fn categories_and_reminders_that_are_left_out_are_neither_compared_nor_written_nor_made() {
    let options = Options { categories: false, reminders: false, ..Options::default() };
    let mut link = linked();
    link.base = Some(with(BASE, &["Röd"], Some(15)));
    let step = by(&options, Some(link.clone()), on(Side::Blikk, with(BASE, &[], None)), Now::Silent);
    assert_eq!(said(step), "remember");
    let step = by(&options, Some(link.clone()), on(Side::Blikk, with("Nytt", &[], None)), Now::Silent).unwrap();
    let Act::Write(writes) = &step.act else { panic!("{:?}", step.act) };
    assert!(matches!(&writes[..], [Write::Update { after, .. }] if *after == with("Nytt", &["Röd"], Some(15))));
    let step = by(&options, Some(link), Now::Gone, on(Side::Exchange, with(BASE, &["Blå"], None)));
    assert_eq!(said(step), "delete in Exchange", "an edit of what is left out is none");
    let step = by(&options, None, Now::Silent, on(Side::Exchange, with(BASE, &["Röd"], Some(15)))).unwrap();
    let Act::Write(writes) = &step.act else { panic!("{:?}", step.act) };
    assert!(matches!(&writes[..], [Write::Create { event, .. }] if *event == with(BASE, &[], None)));
}

#[test]
fn categories_and_reminders_that_are_wanted_again_are_learnt_anew_and_none_is_lost() {
    let options = Options::default();
    let settled = Options { categories: false, reminders: false, ..Options::default() };
    let relearn = Relearn::since(Some(&settled), &options);
    assert!(
        relearn.everything && relearn.fields.contains(Field::Categories) && relearn.fields.contains(Field::Reminder)
    );
    assert_eq!(Relearn::since(Some(&options), &options), Relearn::default());
    assert_eq!(Relearn::since(None, &options), Relearn::default(), "a first run has nothing to unlearn");
    let rules = Rules { relearn, ..Rules::new(&options, today()) };
    assert_eq!(said(ruled(&rules, Some(linked()), Now::Silent, Now::Silent)), "look again");
    let mut link = linked();
    link.base = Some(with(BASE, &["Röd", "Gul"], Some(15)));
    let (blikk, exchange) = (with(BASE, &["Blå", "Gul"], None), with(BASE, &["Röd", "Gul"], Some(15)));
    let step = ruled(&rules, Some(link), on(Side::Blikk, blikk), on(Side::Exchange, exchange)).unwrap();
    let Act::Write(writes) = &step.act else { panic!("{:?}", step.act) };
    let both = with(BASE, &["Röd", "Gul", "Blå"], Some(15));
    assert_eq!(writes.len(), 2);
    for write in writes {
        assert!(
            matches!(write, Write::Update { after, .. } if *after == Event { reminder: after.reminder, ..both.clone() }),
            "{write:?}"
        );
    }
    assert!(matches!(&writes[1], Write::Update { on: Side::Blikk, after, .. } if after.reminder == both.reminder));
}

#[test]
fn an_event_whose_making_was_not_carried_out_is_made_under_the_same_link() {
    let half = |state| {
        let mut link = linked();
        link.exchange = None;
        link.base = None;
        link.blikk.as_mut().unwrap().version = Version::unknown();
        link.state = state;
        link
    };
    let refused = LinkState::SetAside { side: Side::Exchange, reason: unreadable(Code::ExchangeItemRefused) };
    let cases = [
        (half(LinkState::Active), "link"),
        (half(LinkState::OutsideWindow { enters: None }), "link"),
        (half(refused), "drawn"),
        (half(LinkState::LeftAlone { run: 1 }), "drawn"),
    ];
    for (link, id) in cases {
        let step = decided(Some(link.clone()), now(Side::Blikk, "Nytt@1"), Now::Silent).unwrap();
        assert_eq!(step.link.id.as_str(), id, "{:?}", link.state);
        assert_eq!(said(Some(step)), "create Nytt in Exchange");
    }
}

#[test]
fn what_the_person_undid_is_left_alone_until_either_side_changes() {
    let mut lone = linked();
    lone.exchange = None;
    lone.state = LinkState::LeftAlone { run: 1 };
    assert_eq!(said(decided(Some(lone.clone()), now(Side::Blikk, "Veckomöte@1"), Now::Silent)), "nothing");
    assert_eq!(said(decided(Some(lone), now(Side::Blikk, "Nytt@1"), Now::Silent)), "create Nytt in Exchange");
    let mut both = linked();
    both.exchange.as_mut().unwrap().seen = Some(event("Ångrat"));
    both.state = LinkState::LeftAlone { run: 1 };
    let step = decided(Some(both.clone()), now(Side::Blikk, "Veckomöte@1"), now(Side::Exchange, "Ångrat@2"));
    assert_eq!(said(step), "remember", "though they differ");
    let step = decided(Some(both), now(Side::Blikk, "Nytt@1"), now(Side::Exchange, "Ångrat@2"));
    assert_eq!(said(step), "write Nytt to Exchange");
}

#[test]
fn scenario_8_a_copy_that_becomes_an_event_of_its_own_stops_naming_the_original() {
    let copy = |blikk: &str| {
        let mut now = now(Side::Exchange, "Kopia@1");
        let Now::Here(seen) = &mut now else { unreachable!() };
        seen.marker = Some(Marker { link: LinkId::new("link"), blikk: RemoteId::new(blikk) });
        now
    };
    let is_unmarked = |write: &Write| matches!(write, Write::Update { on: Side::Exchange, before, after, unmark: true, .. } if before == after);
    let step = decided(None, Now::Silent, copy("b")).unwrap();
    let Act::Write(writes) = &step.act else { panic!("{:?}", step.act) };
    assert!(is_unmarked(&writes[0]) && matches!(writes[1], Write::Create { on: Side::Blikk, .. }), "{writes:?}");
    // Linked with its own Blikk event already, and still marked.
    let step = decided(None, now(Side::Blikk, "Kopia@1"), copy("another")).unwrap();
    let Act::Write(writes) = &step.act else { panic!("{:?}", step.act) };
    assert!(writes.len() == 1 && is_unmarked(&writes[0]), "{writes:?}");
    let step = decided(None, now(Side::Blikk, "Kopia@1"), copy("b")).unwrap();
    assert_eq!((step.link.id.as_str(), step.act), ("link", Act::Remember), "it is the original, under its own link");
}
