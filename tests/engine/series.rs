//! Series and meetings between two calendars.

use blikk_calendar_sync::event::{Changes, Event, Exception, Importance, Meeting, OriginalDate, Series};
use blikk_calendar_sync::problem::{Code, Side};
use blikk_calendar_sync::recurrence::{DayInterval, Interval, Pattern, Range, Recurrence};
use blikk_calendar_sync::recurrence::{WeekDays, Weekday};
use blikk_calendar_sync::sync::report::Outcome;
use chrono::NaiveDate;
use simulation::calendar::{Fault, Temper, without_meeting};

use crate::event;
use crate::pair::{Pair, sorted};

pub fn daily() -> Recurrence {
    Recurrence { pattern: Pattern::Daily { interval: DayInterval::new(1).unwrap() }, range: Range::NoEnd }
}

pub fn weekly() -> Recurrence {
    let days = WeekDays::only(Weekday::Monday);
    let interval = Interval::new(1).unwrap();
    Recurrence { pattern: Pattern::Weekly { interval, days, first_day_of_week: Weekday::Monday }, range: Range::NoEnd }
}

/// A day in February.
pub fn on(day: u32) -> OriginalDate {
    OriginalDate(NaiveDate::from_ymd_opt(2027, 2, day).unwrap())
}

pub fn renamed(title: &str) -> Exception {
    Exception::Changed(Box::new(Changes { title: Some(title.to_owned()), ..Changes::default() }))
}

pub fn series(title: &str, exceptions: &[(u32, Exception)]) -> Event {
    let mut series = Series::new(daily());
    series.exceptions.extend(exceptions.iter().map(|(day, exception)| (on(*day), exception.clone())));
    Event { series: Some(series), ..event(title) }
}

pub fn meeting(title: &str, is_mine: bool) -> Event {
    let meeting = Meeting {
        is_mine,
        organizer: None,
        participants: Vec::new(),
        my_answer: Default::default(),
        is_cancelled: false,
        online_url: None,
    };
    Event { meeting: Some(meeting), attachments: vec!["Dagordning.pdf".into()], ..event(title) }
}

#[test]
fn a_series_with_its_exceptions_travels_both_ways_and_rests() {
    for side in [Side::Blikk, Side::Exchange] {
        let pair = Pair::new();
        pair.side(side).add(series("Avstämning", &[(2, Exception::Cancelled), (3, renamed("Kort"))]));
        pair.run();
        pair.assert_same();
        pair.assert_at_rest();
    }
}

#[test]
fn scenario_15_occurrences_edited_on_both_sides_all_survive() {
    let pair = Pair::new();
    let here = pair.blikk.add(series("Avstämning", &[(2, Exception::Cancelled)]));
    pair.run();
    let (there, _) = pair.exchange.only();
    pair.blikk.edit_occurrence(&here, on(3), Some(renamed("Kort")));
    pair.blikk.edit(&here, |event| event.importance = Importance::High);
    pair.exchange.edit_occurrence(&there, on(4), Some(Exception::Cancelled));
    pair.exchange.edit_occurrence(&there, on(2), None);
    pair.run();
    pair.assert_same();
    let expected = series("Avstämning", &[(3, renamed("Kort")), (4, Exception::Cancelled)]);
    assert_eq!(pair.blikk.only().1, Event { importance: Importance::High, ..expected });
    pair.assert_at_rest();
}

#[test]
fn scenario_16_a_series_whose_rule_was_changed_is_the_same_series() {
    for side in [Side::Blikk, Side::Exchange] {
        let pair = Pair::new();
        let id = pair.side(side).add(series("Avstämning", &[(2, Exception::Cancelled)]));
        pair.run();
        pair.side(side).edit(&id, |event| event.series.as_mut().unwrap().recurrence = weekly());
        let report = pair.run();
        assert_eq!((report.blikk.created, report.exchange.created), (0, 0));
        assert_eq!(report.blikk.updated + report.exchange.updated, 1);
        pair.assert_same();
        pair.assert_at_rest();
    }
}

#[test]
fn scenario_3_with_the_state_lost_series_and_meetings_are_linked_again_and_nothing_is_written() {
    let pair = Pair::new();
    pair.blikk.add(series("Blikks", &[(2, Exception::Cancelled)]));
    pair.exchange.add(series("Outlooks", &[(3, renamed("Kort"))]));
    pair.exchange.add(meeting("Mitt", true));
    pair.exchange.add(meeting("Någon annans", false));
    pair.run();
    let writes = pair.writes();
    pair.store.wipe();
    let report = pair.run();
    assert_eq!((pair.writes(), report.linked), (writes, 4));
    pair.assert_same();
}

#[test]
fn a_series_that_we_were_interrupted_in_writing_is_finished_by_the_next_run() {
    // What is done to it in Blikk, from a series with one occurrence cancelled and one renamed.
    let deeds: [fn(&mut Event); 4] = [
        |event| drop(event.series.as_mut().unwrap().exceptions.insert(on(5), Exception::Cancelled)),
        |event| event.series.as_mut().unwrap().recurrence = weekly(),
        |event| drop(event.series.as_mut().unwrap().exceptions.remove(&on(2))),
        |event| {
            event.series.as_mut().unwrap().recurrence = weekly();
            event.title = "Nytt".into();
        },
    ];
    for (number, deed) in deeds.into_iter().enumerate() {
        for turn in 0..2 {
            let pair = Pair::new();
            let here = pair.blikk.add(series("Avstämning", &[(2, Exception::Cancelled), (3, renamed("Kort"))]));
            pair.run();
            if turn == 1 {
                pair.exchange.edit_untold(&pair.exchange.only().0, |_| {}); // The server stops at another place.
            }
            pair.blikk.edit(&here, deed);
            let wanted = pair.blikk.only().1;
            // The list of changes, the series as it is before it is written, and the write.
            pair.exchange.faults.borrow_mut().extend([None, None, Some(Fault::Interrupted)]);
            assert!(matches!(pair.run().outcome, Outcome::Failed { side: Some(Side::Exchange), .. }), "{number}");
            let (there, half) = pair.exchange.only();
            assert!(pair.exchange.is_unfinished(&there) && half != wanted, "{number}: {half:?}");
            pair.run_until_done();
            assert!(!pair.exchange.is_unfinished(&there), "{number}");
            assert_eq!((pair.exchange.only().1, pair.blikk.only().1), (wanted.clone(), wanted), "{number}");
            pair.assert_at_rest();
        }
    }
}

#[test]
fn scenario_1_a_series_of_which_only_half_was_created_is_recognised_and_finished() {
    let pair = Pair::new();
    let wanted = series("Avstämning", &[(2, Exception::Cancelled)]);
    pair.blikk.add(wanted.clone());
    pair.exchange.faults.borrow_mut().extend([None, Some(Fault::Interrupted)]);
    assert!(matches!(pair.run().outcome, Outcome::Failed { side: Some(Side::Exchange), .. }));
    assert_ne!(pair.exchange.only().1, wanted);
    pair.run_until_done();
    assert_eq!((pair.exchange.only().1, pair.blikk.only().1), (wanted.clone(), wanted));
    pair.assert_at_rest();
}

#[test]
fn scenario_1_a_series_that_was_made_anew_in_blikk_is_recognised_though_it_is_looked_at_once_more() {
    let pair = Pair::new();
    pair.exchange.temper.set(Temper { is_forgetful: true, ..Temper::default() });
    let here = pair.blikk.add(series("Avstämning", &[]));
    pair.run();
    let (there, _) = pair.exchange.only();
    pair.exchange.edit_occurrence(&there, on(3), Some(renamed("Kort")));
    pair.blikk.remove(&here);
    // The list of changes, the tombstone confirmed, the look at it, and the creation.
    pair.blikk.faults.borrow_mut().extend([None, None, None, Some(Fault::LostAnswer)]);
    assert!(matches!(pair.run().outcome, Outcome::Failed { side: Some(Side::Blikk), .. }));
    pair.exchange.edit_untold(&there, |event| event.title = "Morgonmöte".into());
    pair.run_until_done();
    pair.pass_hours(24);
    pair.run_until_done();
    pair.assert_same();
    assert_eq!(pair.blikk.only().1, series("Morgonmöte", &[(3, renamed("Kort"))]));
    pair.assert_at_rest();
}

#[test]
fn somebody_elses_meeting_is_in_blikk_what_it_is_in_exchange_whatever_is_done_to_it_there() {
    let pair = Pair::new();
    let there = pair.exchange.add(meeting("Styrgrupp", false));
    pair.run();
    pair.assert_same();
    let (here, _) = pair.blikk.only();

    pair.blikk.edit(&here, |event| event.title = "Mitt".into());
    pair.exchange.edit(&there, |event| event.place = "Rum 3".into());
    let report = pair.run();
    assert_eq!((report.blikk.updated, report.exchange.total()), (1, 0));
    assert_eq!((pair.blikk.only().1, pair.blikk.titles()), (pair.exchange.only().1, vec!["Styrgrupp".into()]));
    pair.assert_at_rest();

    pair.blikk.remove(&here);
    let report = pair.run();
    assert_eq!((report.blikk.created, report.exchange.total()), (1, 0));
    pair.assert_same();
    pair.assert_at_rest();

    pair.blikk.edit(&pair.blikk.only().0, |event| event.title = "Mitt".into());
    pair.exchange.remove(&there);
    assert_eq!(pair.run().blikk.deleted, 1);
    assert!(pair.blikk.ids().is_empty() && pair.exchange.ids().is_empty());
}

#[test]
fn scenario_10_a_blikk_that_keeps_nothing_of_meetings_is_not_told_of_them_again_and_again() {
    let pair = Pair::new();
    pair.blikk.temper.set(Temper { knows_no_meetings: true, ..Temper::default() });
    let (mine, others) = (pair.exchange.add(meeting("Mitt", true)), pair.exchange.add(meeting("Deras", false)));
    pair.run();
    pair.assert_at_rest();
    let answered = |event: &mut Event| event.meeting.as_mut().unwrap().online_url = Some("https://x.example".into());
    for id in [&mine, &others] {
        pair.exchange.edit(id, answered);
    }
    pair.run();
    pair.assert_at_rest();
    for id in pair.blikk.ids() {
        pair.blikk.edit(&id, |event| event.place = "Rum 1".into());
    }
    pair.run();
    pair.assert_at_rest();
    let places = |event: Option<Event>| event.unwrap().place;
    assert_eq!((places(pair.exchange.event(&mine)), places(pair.exchange.event(&others))), ("Rum 1".into(), "".into()));
    let stripped = pair.exchange.events().into_iter().map(without_meeting).collect();
    assert_eq!(sorted(pair.blikk.events()), sorted(stripped));

    // Deleted in Exchange, edited in Blikk: of the two, only mine outlives it.
    for id in [&mine, &others] {
        pair.exchange.remove(id);
    }
    for id in pair.blikk.ids() {
        pair.blikk.edit(&id, |event| event.place = "Rum 2".into());
    }
    pair.run();
    assert_eq!((pair.blikk.titles(), pair.exchange.titles()), (vec!["Mitt".into()], vec!["Mitt".into()]));
}

#[test]
fn somebody_elses_meeting_whose_item_is_not_found_waits_for_it_and_is_not_made() {
    let pair = Pair::new();
    let there = pair.exchange.add(meeting("Styrgrupp", false));
    pair.run();
    let writes = pair.writes();
    pair.store.wipe();
    pair.exchange.hidden.borrow_mut().insert(there.clone());
    let temper = pair.exchange.temper.replace(Temper { is_blind: true, ..Temper::default() });
    assert_eq!(pair.run().not_synchronised.get(&Code::ExchangeItemGone), Some(&1));
    pair.exchange.temper.set(temper);
    pair.exchange.hidden.borrow_mut().clear();
    pair.exchange.edit(&there, |_| {});
    let report = pair.run();
    assert_eq!(report.not_synchronised.len(), 0);
    pair.exchange.edit(&there, |event| event.place = "Rum 1".into());
    pair.run();
    pair.assert_same();
    assert_eq!((pair.blikk.ids().len(), pair.exchange.ids().len()), (1, 1));
    assert!(pair.writes() <= writes + 2, "one to find it, one to bring the place");

    pair.store.wipe();
    pair.exchange.remove(&there);
    pair.run();
    pair.blikk.remove(&pair.blikk.only().0);
    assert_eq!((pair.run().not_synchronised.len(), pair.exchange.ids().len()), (0, 0));
}
