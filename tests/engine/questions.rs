//! Events that wait for the person's word.

use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::merge::Field;
use blikk_calendar_sync::sync::options::{Conflicts, Options};
use blikk_calendar_sync::sync::report::Outcome;

use crate::event;
use crate::pair::Pair;

/// Both sides renamed the event, and Outlook moved it to another room as well.
fn in_dispute() -> Pair {
    let pair = Pair::new();
    pair.choose(Options { conflicts: Conflicts::Ask, ..Options::default() });
    pair.blikk.add(event("Möte"));
    pair.run_until_done();
    pair.blikk.edit(&pair.blikk.only().0, |event| event.title = "Från Blikk".into());
    pair.exchange.edit(&pair.exchange.only().0, |event| {
        event.title = "Från Outlook".into();
        event.place = "Rum 1".into();
    });
    pair
}

#[test]
fn an_event_that_both_sides_edited_waits_and_stays_as_it_is_on_both() {
    let pair = in_dispute();
    let writes = pair.writes();
    let report = pair.run();
    assert_eq!((report.outcome, report.asking, pair.writes()), (Outcome::Done, 1, writes));
    assert_eq!(pair.run().asking, 1, "as long as it takes");
    let asked = pair.questions().remove(0);
    let titles = [asked.before.unwrap().title, asked.blikk.title, asked.exchange.title];
    assert_eq!(
        (titles.map(String::from), asked.fields),
        (["Möte", "Från Blikk", "Från Outlook"].map(String::from), vec![Field::Title])
    );
    pair.assert_at_rest();
}

#[test]
fn the_answer_decides_what_was_asked_and_what_was_not_is_merged() {
    for (winner, title) in [(Side::Blikk, "Från Blikk"), (Side::Exchange, "Från Outlook")] {
        let pair = in_dispute();
        pair.run();
        let asked = pair.questions().remove(0);
        let report = pair.answer(asked.link, winner);
        assert_eq!((report.outcome, report.asking), (Outcome::Done, 0));
        pair.assert_same();
        let held = pair.blikk.only().1;
        assert_eq!((held.title.as_str(), held.place.as_str()), (title, "Rum 1"));
        pair.assert_at_rest();
        let lost = pair.changes_of(report.run.expect("it wrote"));
        let before: Vec<&str> = lost.iter().filter_map(|change| Some(change.before.as_ref()?.title.as_str())).collect();
        assert_eq!(before.iter().filter(|before| **before != title).count(), 1, "what was overruled is in the history");
    }
}

#[test]
fn who_goes_on_editing_is_asked_anew_and_who_comes_to_agree_is_not() {
    let pair = in_dispute();
    pair.run();
    let asked = pair.questions().remove(0);
    pair.blikk.edit(&pair.blikk.only().0, |event| event.title = "Ännu ett".into());
    let report = pair.answer(asked.link, Side::Blikk);
    assert_eq!((report.asking, pair.exchange.only().1.title.as_str()), (1, "Från Outlook"), "it was another question");
    assert_eq!(pair.questions().remove(0).blikk.title, "Ännu ett");
    pair.blikk.edit(&pair.blikk.only().0, |event| event.title = "Från Outlook".into());
    assert_eq!(pair.run_until_done().asking, 0);
    pair.assert_same();
}

#[test]
fn a_choice_of_another_rule_answers_everything_that_waits() {
    let pair = in_dispute();
    pair.run();
    pair.choose(Options { conflicts: Conflicts::BlikkWins, ..Options::default() });
    assert_eq!(pair.run_until_done().asking, 0);
    assert_eq!(pair.exchange.only().1.title, "Från Blikk");
    pair.assert_same();
}
