//! The check: what a list of changes never told is found within a day, and repaired.

use blikk_calendar_sync::event::Exception;
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::report::Outcome;
use simulation::calendar::{Fault, Temper};

use crate::event;
use crate::pair::Pair;
use crate::series::{on, renamed, series};

#[test]
fn an_occurrence_that_was_edited_without_a_word_is_found_after_a_day() {
    let pair = Pair::new();
    pair.exchange.temper.set(Temper { is_forgetful: true, ..Temper::default() });
    let there = pair.exchange.add(series("Avstämning", &[]));
    pair.run();
    pair.exchange.edit_occurrence(&there, on(2), Some(Exception::Cancelled));
    pair.pass_hours(23);
    let report = pair.run();
    assert_eq!(report.blikk.total(), 0, "nobody has told us");
    pair.pass_hours(1);
    let report = pair.run();
    assert_eq!((report.blikk.updated, report.outcome), (1, Outcome::Done));
    pair.assert_same();
    pair.assert_at_rest();
}

#[test]
fn an_occurrence_that_was_edited_without_a_word_is_not_written_over() {
    let pair = Pair::new();
    pair.exchange.temper.set(Temper { is_forgetful: true, ..Temper::default() });
    let here = pair.blikk.add(series("Avstämning", &[]));
    pair.run();
    pair.exchange.edit_occurrence(&pair.exchange.only().0, on(2), Some(renamed("Kort")));
    pair.blikk.edit(&here, |event| event.title = "Morgonmöte".into());
    pair.run();
    pair.assert_same();
    assert_eq!(pair.blikk.only().1, series("Morgonmöte", &[(2, renamed("Kort"))]));

    pair.exchange.edit_occurrence(&pair.exchange.only().0, on(3), Some(Exception::Cancelled));
    pair.blikk.remove(&here);
    pair.run();
    pair.assert_same();
    assert_eq!(pair.exchange.only().1, series("Morgonmöte", &[(2, renamed("Kort")), (3, Exception::Cancelled)]));
}

#[test]
fn a_deletion_and_an_edit_that_were_never_told_are_found_after_a_day() {
    let pair = Pair::new();
    for number in 0..20 {
        pair.exchange.add(event(&format!("Outlook {number}")));
    }
    pair.run();
    let ids = pair.exchange.ids();
    pair.exchange.remove_untold(&ids[3]);
    pair.exchange.edit_untold(&ids[15], |event| event.place = "Ny plats".into());
    pair.run();
    pair.pass_hours(24);
    let report = pair.run();
    assert_eq!((report.blikk.deleted, report.blikk.updated, report.blikk.created), (1, 1, 0));
    pair.assert_same();
    pair.assert_at_rest();
}

#[test]
fn a_deletion_that_was_never_told_does_not_take_an_edit_with_it() {
    let pair = Pair::new();
    let here = pair.blikk.add(event("Möte"));
    pair.run();
    pair.exchange.remove_untold(&pair.exchange.only().0);
    pair.blikk.edit(&here, |event| event.place = "Ny plats".into());
    pair.pass_hours(24);
    pair.run();
    pair.assert_same();
    assert_eq!(pair.exchange.only().1.place, "Ny plats");
}

#[test]
fn what_a_list_lacks_is_read_before_it_counts_as_gone() {
    let pair = Pair::new();
    for number in 0..10 {
        pair.exchange.add(event(&format!("Outlook {number}")));
    }
    pair.run();
    let writes = pair.writes();
    pair.exchange.hidden.borrow_mut().insert(pair.exchange.ids().remove(4));
    pair.pass_hours(24);
    assert_eq!(pair.run().outcome, Outcome::Done);
    assert_eq!((pair.writes(), pair.blikk.ids().len()), (writes, 10));
}

#[test]
fn a_list_that_fails_on_its_way_changes_nothing_and_is_tried_again_while_the_run_goes_on() {
    // Two pages, and the reading of what they show.
    for failing in 0..3 {
        let pair = Pair::new();
        let ids: Vec<_> = (0..10).map(|number| pair.exchange.add(event(&format!("Outlook {number}")))).collect();
        pair.run();
        pair.run();
        pair.exchange.remove_untold(&ids[0]);
        pair.exchange.edit(&ids[1], |event| event.place = "Ny plats".into());
        pair.pass_hours(24);
        let faults = (0..=failing + 2).map(|call| (call == failing + 2).then_some(Fault::LostRequest));
        pair.exchange.faults.borrow_mut().extend(faults);
        let report = pair.run();
        assert_eq!((report.outcome, report.blikk.updated, report.blikk.deleted), (Outcome::Done, 1, 0), "{failing}");
        let report = pair.run();
        assert_eq!((report.outcome, report.blikk.deleted), (Outcome::Done, 1), "{failing}");
        pair.assert_same();
    }
}

#[test]
fn a_check_costs_one_reading_and_a_run_that_is_not_due_costs_what_it_always_did() {
    let pair = Pair::new();
    for number in 0..20 {
        pair.exchange.add(event(&format!("Outlook {number}")));
        pair.exchange.add(series(&format!("Serie {number}"), &[(2, Exception::Cancelled)]));
    }
    pair.run();
    pair.run();
    let calls = || {
        let before = pair.calls();
        assert_eq!(pair.run().outcome, Outcome::Done);
        let after = pair.calls();
        [0, 1, 2].map(|place| after[place] - before[place])
    };
    let writes = pair.writes();
    assert_eq!(calls(), [1, 1, 1], "the first run has read everything, so no check is due");
    pair.pass_hours(24);
    // The changes, six pages of the list, and one reading of all series. Of the store: the head, the index, the links of
    // the series, the head again; no other row.
    assert_eq!(calls(), [1, 8, 4]);
    assert_eq!(calls(), [1, 1, 1]);
    pair.pass_hours(-48);
    assert_eq!(calls(), [1, 8, 4], "a clock that has gone back is no reason to wait");
    assert_eq!(pair.writes(), writes);
}

#[test]
fn an_item_that_only_the_check_finds_is_paired_like_any_other() {
    let pair = Pair::new();
    pair.blikk.add(event("Möte"));
    pair.run();
    let (there, _) = pair.exchange.only();
    // Moved out of the calendar and back: another id, the same UID, and not a word.
    let back = pair.exchange.copy_with_uid(&there).unwrap();
    pair.exchange.remove_untold(&there);
    pair.exchange.hidden.borrow_mut().insert(back.clone());
    pair.run();
    pair.exchange.hidden.borrow_mut().clear();
    let writes = pair.writes();
    pair.pass_hours(24);
    pair.run();
    assert_eq!((pair.writes(), pair.blikk.ids().len(), pair.exchange.ids()), (writes, 1, vec![back]));
    assert_eq!(pair.side(Side::Blikk).titles(), ["Möte"]);
}
