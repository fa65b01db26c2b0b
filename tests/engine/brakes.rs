//! Runs that wait for a yes, previews, and what full stores do.

use blikk_calendar_sync::event::{Event, Moment, Start, When};
use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::preview::{Hold, Verb};
use blikk_calendar_sync::sync::report::Outcome;
use blikk_calendar_sync::zone::ZoneId;
use chrono::NaiveDate;
use simulation::store::StoreFault;

use crate::event;
use crate::pair::Pair;

fn linked(count: u32) -> Pair {
    let pair = Pair::new();
    for number in 0..count {
        pair.exchange.add(event(&format!("Möte {number}")));
    }
    pair.run_until_done();
    pair
}

fn held(outcome: &Outcome) -> Option<Hold> {
    match outcome {
        Outcome::Held { preview } => preview.held,
        _ => None,
    }
}

#[test]
fn scenario_7_sixty_percent_gone_waits_for_a_yes_and_nothing_is_written_before() {
    let pair = linked(100);
    for id in pair.exchange.ids().into_iter().take(60) {
        pair.exchange.remove(&id);
    }
    pair.exchange.add(event("Nytt"));
    let writes = pair.writes();
    let report = pair.run();
    assert_eq!((held(&report.outcome), pair.writes()), (Some(Hold::TooMany), writes));
    assert_eq!(held(&pair.run().outcome), Some(Hold::TooMany), "it waits as long as it takes");
    let Outcome::Held { preview } = report.outcome else { unreachable!() };
    assert_eq!((preview.blikk.deleted, preview.blikk.created, preview.invitations), (60, 1, 0));
    assert_eq!(preview.steps[0].writes[0].verb, Verb::Delete, "deletions are listed first");
    let report = pair.run_approved(preview.blikk.deleted, preview.exchange.deleted);
    assert_eq!((report.outcome, report.blikk.deleted), (Outcome::Done, 60));
    pair.assert_same();
    pair.assert_at_rest();
}

#[test]
fn a_yes_to_sixty_is_no_yes_to_sixty_one() {
    let pair = linked(100);
    for id in pair.exchange.ids().into_iter().take(61) {
        pair.exchange.remove(&id);
    }
    let writes = pair.writes();
    assert_eq!(held(&pair.run_approved(60, 0).outcome), Some(Hold::TooMany));
    assert_eq!(pair.writes(), writes);
}

#[test]
fn a_fifth_passes_without_a_question() {
    let pair = linked(100);
    for id in pair.exchange.ids().into_iter().take(20) {
        pair.exchange.remove(&id);
    }
    assert_eq!(pair.run().blikk.deleted, 20);
}

#[test]
fn scenario_2_killed_in_the_middle_of_the_first_run_what_people_did_meanwhile_stands() {
    let pair = Pair::new();
    for number in 0..60 {
        pair.blikk.add(event(&format!("Blikk {number:02}")));
    }
    pair.store.fail_after(9, StoreFault::Dies);
    assert_eq!(pair.run_with("test", Default::default()), None);
    let there = pair.exchange.ids();
    assert!(there.len() > 10 && there.len() < 60, "{}", there.len());
    // Three are deleted and three edited in Outlook, among them those of the last batch, of which no row tells.
    let last = there.len() - 1;
    let deleted: Vec<String> =
        [0, 1, last].iter().map(|place| pair.exchange.event(&there[*place]).unwrap().title).collect();
    for place in [0, 1, last] {
        pair.exchange.remove(&there[place]);
    }
    for place in [2, 3, last - 1] {
        pair.exchange.edit(&there[place], |event| event.place = "Rum 7".into());
    }
    pair.run_until_done();
    pair.assert_same();
    pair.assert_at_rest();
    let titles = pair.blikk.titles();
    let edited = pair.blikk.events().into_iter().filter(|event| event.place == "Rum 7").count();
    assert_eq!(edited, 3, "every edit is on both sides");
    assert_eq!(deleted[..2].iter().filter(|title| titles.contains(title)).count(), 0, "what a row knew stays deleted");
    assert!(titles.len() >= 57, "and nothing else is gone");
}

#[test]
fn a_preview_says_what_the_run_then_does_and_writes_nothing() {
    let pair = linked(3);
    pair.blikk.add(event("Från Blikk"));
    let there = pair.exchange.ids();
    pair.exchange.edit(&there[0], |event| event.place = "Rum 1".into());
    pair.exchange.remove(&there[1]);
    let writes = pair.writes();
    let preview = pair.preview();
    assert_eq!((pair.writes(), preview.held, preview.invitations), (writes, None, 0));
    let report = pair.run();
    assert_eq!((preview.blikk, preview.exchange), (report.blikk, report.exchange));
    assert_eq!(preview.steps.len(), 3);
    assert_eq!(pair.preview().steps, [], "and then there is nothing more to do");
}

#[test]
fn a_preview_tells_deletions_first_and_then_the_rest_as_the_days_come() {
    let date = |day: u32| NaiveDate::from_ymd_opt(2027, 3, day).unwrap();
    let all_day = |title: &str, day| Event::new(title, When::all_day(date(day), date(day + 1)).unwrap());
    let at = |title: &str, day, hour| {
        let instant = date(day).and_hms_opt(hour, 0, 0).unwrap().and_utc();
        let moment = Moment::new(instant, ZoneId::new("Europe/Stockholm"));
        (Event::new(title, When::timed(moment.clone(), moment).unwrap()), Start::At(instant))
    };
    let pair = Pair::new();
    let gone = [pair.blikk.add(all_day("Borta sent", 20)), pair.exchange.add(all_day("Borta tidigt", 10))];
    pair.run_until_done();
    pair.blikk.remove(&gone[0]);
    pair.exchange.remove(&gone[1]);
    let ((lunch, noon), (breakfast, morning)) = (at("Lunch", 5, 11), at("Frukost", 5, 7));
    for event in [all_day("Semester", 6), lunch, all_day("Helgdag", 5), breakfast] {
        pair.exchange.add(event);
    }
    let told: Vec<_> = pair.preview().steps.into_iter().map(|step| (step.title, step.start)).collect();
    let expected = [
        ("Borta tidigt", Start::On(date(10))),
        ("Borta sent", Start::On(date(20))),
        ("Helgdag", Start::On(date(5))),
        ("Frukost", morning),
        ("Lunch", noon),
        ("Semester", Start::On(date(6))),
    ];
    assert_eq!(told, expected.map(|(title, start)| (title.to_owned(), Some(start))));
    let run = pair.run().run.expect("it wrote");
    let kept = pair.changes_of(run).into_iter().find(|change| change.title == "Helgdag");
    assert_eq!(kept.map(|change| change.start), Some(Some(Start::On(date(5)))), "the history has the date too");
}

#[test]
fn a_store_that_is_full_ends_the_run_before_anything_is_sent() {
    let pair = Pair::new();
    pair.blikk.add(event("Möte"));
    pair.store.fail_after(0, StoreFault::Full);
    let full = Problem { code: Code::StoreFull, server: None, wait_seconds: None };
    assert_eq!(pair.run().outcome, Outcome::Failed { side: None, problem: full });
    assert_eq!(pair.writes(), 0);
    pair.run_until_done();
    pair.assert_same();
    for side in [Side::Blikk, Side::Exchange] {
        assert_eq!(pair.side(side).ids().len(), 1);
    }
}
