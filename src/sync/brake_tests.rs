//! When a run waits for a yes.

use chrono::NaiveDate;

use super::*;
use crate::event::{Event, When};
use crate::sync::plan::{Act, Write};
use crate::sync::state::{Link, LinkId, LinkState, RemoteId, Version};

fn deletions(count: u32, on: Side, reason: &Reason) -> Vec<Step> {
    let day = NaiveDate::from_ymd_opt(2027, 2, 1).unwrap();
    let event = Event::new("Möte", When::all_day(day, day.succ_opt().unwrap()).unwrap());
    let step = |number: u32| {
        let id = LinkId::new(number.to_string());
        let (blikk, exchange, uid, base) = (None, None, None, None);
        let link = Link { id, origin: on, state: LinkState::Active, blikk, exchange, uid, base };
        let (id, expected, before) = (RemoteId::new(number.to_string()), Version::new("1"), Some(event.clone()));
        let act = Act::Write(vec![Write::Delete { on, id, expected, before }]);
        Step { prior: Some(link.clone()), link, act, reason: reason.clone() }
    };
    (0..count).map(step).collect()
}

fn by_people(count: u32) -> Vec<Step> {
    deletions(count, Side::Blikk, &Reason::Deleted { on: Side::Exchange })
}

fn among(linked: u32) -> Measure {
    Measure { brake: Brake::default(), linked, is_first: false, approval: Approval::default() }
}

#[test]
fn five_deletions_or_a_fifth_of_all_pass_and_one_more_waits() {
    for (linked, most) in [(0, 5), (10, 5), (25, 5), (100, 20), (1000, 200), (u32::MAX, 100_000)] {
        assert_eq!(hold(&by_people(most), &among(linked), [0, 0]), None, "{most} of {linked}");
        let one_more = hold(&by_people(most + 1), &among(linked), [0, 0]);
        let waits = linked != u32::MAX;
        assert_eq!(one_more, waits.then_some(Hold::TooMany), "{} of {linked}", most + 1);
    }
}

#[test]
fn each_side_is_measured_by_itself() {
    let reason = Reason::Deleted { on: Side::Blikk };
    let both = [by_people(4), deletions(4, Side::Exchange, &reason)].concat();
    assert_eq!(hold(&both, &among(10), [0, 0]), None);
}

#[test]
fn what_the_run_has_deleted_already_counts() {
    assert_eq!(hold(&by_people(2), &among(10), [4, 0]), Some(Hold::TooMany));
    assert_eq!(hold(&by_people(2), &among(10), [0, 4]), None, "on the other side");
}

#[test]
fn a_first_run_deletes_nothing_unseen() {
    let first = Measure { is_first: true, ..among(0) };
    assert_eq!(hold(&by_people(1), &first, [0, 0]), Some(Hold::FirstRun));
    assert_eq!(hold(&[], &first, [0, 0]), None);
}

#[test]
fn what_no_person_deleted_waits_however_little_it_is() {
    for reason in [Reason::Private, Reason::Undone { run: 3 }, Reason::Disconnected] {
        let one = deletions(1, Side::Blikk, &reason);
        assert_eq!(hold(&one, &among(1000), [0, 0]), Some(Hold::OptionChanged), "{reason:?}");
    }
}

#[test]
fn a_yes_is_for_as_many_as_were_seen_and_not_for_more() {
    let approval = Approval { blikk_deletions: 600, exchange_deletions: 0 };
    let measure = Measure { approval, ..among(1000) };
    assert_eq!(hold(&by_people(600), &measure, [0, 0]), None);
    assert_eq!(hold(&by_people(601), &measure, [0, 0]), Some(Hold::TooMany));
    assert_eq!(hold(&by_people(100), &measure, [501, 0]), Some(Hold::TooMany));
}
