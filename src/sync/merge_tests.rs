//! The rules of the merge, one line a case: what the event was, what each side made of it -> what both come to hold.

use super::*;
use crate::event::{Changes, Exception, Importance, Meeting, Moment, OriginalDate, Reminder, Series, When};
use crate::recurrence::{DayInterval, Interval, Pattern, Range, Recurrence, WeekDays, Weekday};
use crate::zone::ZoneId;

/// `weekly@8 12- 19=Kort` is a series that begins at eight, cancelled on the 12th, and *Kort* on the 19th; `once@8` a
/// single event, `daily@8` another rule. A word more is its title.
fn event(text: &str) -> Event {
    let mut words = text.split(' ');
    let (rule, hour) = words.next().unwrap().split_once('@').unwrap();
    let hour: u32 = hour.parse().unwrap();
    let at = |hour: u32| {
        Moment::new(format!("2027-01-05T{hour:02}:00:00Z").parse().unwrap(), ZoneId::new("Europe/Stockholm"))
    };
    let mut event = Event::new("Veckomöte", When::timed(at(hour), at(hour + 1)).unwrap());
    let pattern = match rule {
        "once" => None,
        "daily" => Some(Pattern::Daily { interval: DayInterval::new(1).unwrap() }),
        _ => Some(Pattern::Weekly {
            interval: Interval::new(1).unwrap(),
            days: WeekDays::only(Weekday::Tuesday),
            first_day_of_week: Weekday::Monday,
        }),
    };
    event.series = pattern.map(|pattern| Series::new(Recurrence { pattern, range: Range::NoEnd }));
    for word in words {
        let date = |day: &str| OriginalDate(format!("2027-01-{day}").parse().unwrap());
        let exception = if let Some(day) = word.strip_suffix('-') {
            (date(day), Exception::Cancelled)
        } else if let Some((day, title)) = word.split_once('=') {
            let changes = Changes { title: Some(title.to_owned()), ..Changes::default() };
            (date(day), Exception::Changed(Box::new(changes)))
        } else {
            event.title = word.to_owned();
            continue;
        };
        event.series.as_mut().unwrap().exceptions.extend([exception]);
    }
    event
}

/// What is known of a side: `?` is nothing.
fn before(text: &str) -> Option<Event> {
    (text != "?").then(|| event(text))
}

fn said(overruled: &[Overruled]) -> String {
    overruled.iter().map(|one| format!("{:?}: {:?}", one.field, one.winner)).collect::<Vec<_>>().join(", ")
}

fn edit<'a>(before: &'a Option<Event>, now: &'a Event) -> Edit<'a> {
    Edit { before: before.as_ref(), now, is_unfinished: false, scope: Scope::default() }
}

#[test]
fn what_both_sides_come_to_hold_of_a_series() {
    use Side::{Blikk, Exchange};
    #[rustfmt::skip]
    let cases = [
        // It was, in Blikk it is, in Exchange it is, edited last in -> both hold, overruled
        // The exceptions, date by date.
        ("weekly@8",          "weekly@8 12-",         "weekly@8",             Blikk, "weekly@8 12-",         ""),
        ("weekly@8",          "weekly@8 12-",         "weekly@8 12-",         Blikk, "weekly@8 12-",         ""),
        ("weekly@8",          "weekly@8 12-",         "weekly@8 19=Kort",     Blikk, "weekly@8 12- 19=Kort", ""),
        ("weekly@8",          "weekly@8 12=Lång",     "weekly@8 12=Kort",     Blikk, "weekly@8 12=Lång",     "Exceptions: Blikk"),
        ("weekly@8",          "weekly@8 12=Lång",     "weekly@8 12=Kort",     Exchange, "weekly@8 12=Kort",  "Exceptions: Exchange"),
        ("weekly@8",          "weekly@8 12- 19-",     "weekly@8 12=A 19=B",   Exchange, "weekly@8 12=A 19=B", "Exceptions: Exchange"),
        ("weekly@8",          "weekly@8 12-",         "weekly@8 12=Kort",     Exchange, "weekly@8 12=Kort",  "Exceptions: Exchange"),
        ("weekly@8 12-",      "weekly@8",             "weekly@8 12-",         Exchange, "weekly@8",          ""),                       // brought back
        ("weekly@8 12-",      "weekly@8",             "weekly@8",             Exchange, "weekly@8",          ""),
        ("weekly@8 12-",      "weekly@8 12=Kort",     "weekly@8",             Exchange, "weekly@8",          "Exceptions: Exchange"),
        ("weekly@8 12-",      "weekly@8 12- 19-",     "weekly@8",             Blikk, "weekly@8 19-",         ""),
        ("weekly@8",          "weekly@8 Nytt",        "weekly@8 12-",         Blikk, "weekly@8 12- Nytt",    ""),
        // The rule, and the exceptions that go with it.
        ("weekly@8 12-",      "weekly@8 12-",         "daily@8",              Blikk, "daily@8",              ""),                       // Exchange forgot
        ("weekly@8 12-",      "weekly@8 12-",         "weekly@9",             Blikk, "weekly@9",             ""),
        ("weekly@8 12-",      "daily@8 12-",          "weekly@8 12-",         Exchange, "daily@8 12-",       ""),
        ("weekly@8",          "weekly@8 12-",         "daily@8",              Exchange, "daily@8 12-",       ""),                       // an edit of another thing
        ("weekly@8 12-",      "weekly@8 12=Kort",     "daily@8",              Exchange, "daily@8 12=Kort",   ""),                       // outlives what was forgotten
        ("weekly@8 12-",      "weekly@8",             "daily@8 12-",          Exchange, "daily@8",           ""),
        ("weekly@8 12-",      "daily@8 12-",          "daily@8",              Exchange, "daily@8 12-",       ""),                       // the same rule on both
        // Two new shapes: one of them, whole, with its exceptions.
        ("weekly@8",          "weekly@9",             "daily@8",              Blikk,    "weekly@9",          "Rule: Blikk"),
        ("weekly@8",          "weekly@9",             "daily@8",              Exchange, "daily@8",           "When: Exchange"),
        ("weekly@8",          "daily@9",              "weekly@10",            Exchange, "weekly@10",         "When: Exchange, Rule: Exchange"),
        ("weekly@8 12- 19-",  "weekly@9 12- 19-",     "daily@8",              Blikk,    "weekly@9 12- 19-",  "Rule: Blikk"),            // given back
        ("weekly@8 12- 19-",  "weekly@9 12- 19-",     "daily@8",              Exchange, "daily@8",           "When: Exchange"),
        ("weekly@8 12- 19-",  "weekly@9 12- 19=Kort", "daily@8",              Exchange, "daily@8 19=Kort",   "When: Exchange"),
        // It takes place once, and its exceptions never.
        ("weekly@8 12-",      "weekly@8 12-",         "once@8",               Blikk, "once@8",               ""),
        ("weekly@8 12-",      "weekly@8 12- 19=Kort", "once@8",               Blikk, "once@8",               "Exceptions: Exchange"),
        ("weekly@8",          "once@8",               "weekly@8 12-",         Exchange, "once@8",            "Exceptions: Blikk"),
        ("weekly@8 12-",      "once@8",               "once@8",               Exchange, "once@8",            ""),
        ("weekly@8 12-",      "weekly@9 12-",         "once@8",               Blikk,    "weekly@9 12-",      "Rule: Blikk"),
        ("weekly@8 12-",      "weekly@9 12-",         "once@8",               Exchange, "once@8",            "When: Exchange"),
        ("once@8",            "weekly@8 12-",         "once@8 Nytt",          Exchange, "weekly@8 12- Nytt", ""),
        ("once@8",            "weekly@8 12-",         "once@9",               Exchange, "once@9",            "Rule: Exchange, Exceptions: Exchange"),
        ("once@8",            "weekly@8 12-",         "weekly@8 19-",         Exchange, "weekly@8 12- 19-",  ""),
        // Nobody knows what it was.
        ("?",                 "weekly@8 12-",         "weekly@8 12-",         Blikk, "weekly@8 12-",         ""),
        ("?",                 "weekly@8 12-",         "weekly@8 19=Kort",     Blikk, "weekly@8 12- 19=Kort", ""),
        ("?",                 "weekly@8 12-",         "weekly@8 12=Kort",     Exchange, "weekly@8 12=Kort",  "Exceptions: Exchange"),
        ("?",                 "weekly@8",             "weekly@8 12-",         Blikk, "weekly@8 12-",         ""),
        ("?",                 "weekly@8 12-",         "daily@8",              Exchange, "daily@8 12-",       "Rule: Exchange"),
        ("?",                 "weekly@8 12-",         "once@8",               Exchange, "once@8",            "Rule: Exchange, Exceptions: Exchange"),
    ];
    for (was, blikk, exchange, newest, expected, overruled) in cases {
        let (before, now) = (before(was), [event(blikk), event(exchange)]);
        let merged = merge(edit(&before, &now[0]), edit(&before, &now[1]), newest);
        let case = format!("{was} | {blikk} | {exchange} | {newest:?}");
        assert_eq!(merged.for_blikk, event(expected), "{case}: Blikk");
        assert_eq!(merged.for_exchange, event(expected), "{case}: Exchange");
        assert_eq!(said(&merged.overruled), overruled, "{case}");
    }
}

#[test]
fn what_an_unfinished_series_lacks_was_not_taken_away() {
    #[rustfmt::skip]
    let cases = [
        // It was, in Blikk it is, in Exchange it came to be -> both hold
        ("weekly@8 12-",         "daily@8 12-",          "daily@8",              "daily@8 12-"),          // the rule is there, its exceptions not yet
        ("weekly@8",             "weekly@8 12- 19-",     "weekly@8 12-",         "weekly@8 12- 19-"),     // one of two
        ("weekly@8 12- 19=Kort", "weekly@8 19=Kort",     "once@8",               "weekly@8 19=Kort"),     // the rule was taken away to bring the 12th back
        ("weekly@8 12- 19=Kort", "weekly@8 19=Kort",     "weekly@8",             "weekly@8 19=Kort"),     // and given again
        ("weekly@8 12- 19=Kort", "weekly@8 12- 19=Kort", "weekly@8 12-",         "weekly@8 12- 19=Kort"), // though Blikk is as it was
        ("weekly@8 12-",         "weekly@8 12-",         "once@8",               "weekly@8 12-"),
        ("?",                    "weekly@8 12-",         "weekly@8",             "weekly@8 12-"),         // created, and the row was never written
        ("?",                    "weekly@8 12-",         "once@8",               "weekly@8 12-"),
        // What people did there meanwhile is an edit all the same.
        ("weekly@8",             "weekly@8 12-",         "weekly@8 19=Kort",     "weekly@8 12- 19=Kort"),
        ("weekly@8",             "weekly@8 12-",         "weekly@8 Nytt",        "weekly@8 12- Nytt"),
        ("weekly@8 12-",         "weekly@8 12- 19-",     "weekly@9",             "weekly@9 12- 19-"),
    ];
    for (was, blikk, exchange, expected) in cases {
        let (before, now) = (before(was), [event(blikk), event(exchange)]);
        let exchange_edit = Edit { is_unfinished: true, ..edit(&before, &now[1]) };
        let merged = merge(edit(&before, &now[0]), exchange_edit, Side::Exchange);
        let case = format!("{was} | {blikk} | {exchange}");
        assert_eq!(merged.for_exchange, event(expected), "{case}: Exchange");
        assert_eq!(merged.for_blikk, event(expected), "{case}: Blikk");
        assert_eq!(said(&merged.overruled), "", "{case}");
    }
}

#[test]
fn an_unfinished_series_counts_as_edited_only_if_a_person_edited_it() {
    #[rustfmt::skip]
    let cases = [
        // It was, in Exchange it came to be, unfinished -> edited
        ("weekly@8 12-", "weekly@8 12-",         true,  false),
        ("weekly@8 12-", "weekly@8",             true,  false),
        ("weekly@8 12-", "once@8",               true,  false),
        ("weekly@8 12-", "weekly@8",             false, true),
        ("weekly@8 12-", "once@8",               false, true),
        ("weekly@8 12-", "weekly@8 12- 19=Kort", true,  true),
        ("weekly@8 12-", "weekly@8 12- Nytt",    true,  true),
    ];
    for (was, now, is_unfinished, expected) in cases {
        let (before, event) = (before(was), event(now));
        let edit = Edit { is_unfinished, ..edit(&before, &event) };
        assert_eq!(edit.is_edit(), expected, "{was} | {now}");
    }
}

/// A meeting of the mailbox's owner, or of somebody else.
fn meeting(text: &str, is_mine: bool) -> Event {
    let meeting = Meeting {
        is_mine,
        organizer: None,
        participants: Vec::new(),
        my_answer: Default::default(),
        is_cancelled: false,
        online_url: None,
    };
    Event { meeting: Some(meeting), attachments: vec!["Dagordning.pdf".into()], ..event(text) }
}

#[test]
fn somebody_elses_meeting_is_as_exchange_says() {
    #[rustfmt::skip]
    let cases = [
        // It was, in Blikk it is, in Exchange it is -> what Blikk loses
        ("weekly@8",         "weekly@8",             "weekly@9",         ""),                // moved by its organiser
        ("weekly@8",         "weekly@8 Mitt",        "weekly@8",         "Title"),           // edited in Blikk
        ("weekly@8",         "weekly@8 Mitt",        "weekly@9",         "Title"),           // both at once
        ("weekly@8",         "weekly@9",             "weekly@10",        "When"),
        ("weekly@8",         "weekly@8 12-",         "weekly@8 19=Kort", "Exceptions"),
        ("weekly@8 12-",     "weekly@8 12- 19-",     "daily@8",          "Exceptions"),      // what Exchange forgot, too
        ("weekly@8 12-",     "weekly@8 12-",         "daily@8",          ""),
        ("weekly@8 12-",     "weekly@8 12-",         "once@8",           ""),
        ("weekly@8",         "once@8",               "weekly@8 12-",     "Rule"),
    ];
    for (was, blikk, exchange, lost) in cases {
        let before = Some(meeting(was, false));
        let (blikk_now, exchange_now) = (meeting(blikk, false), meeting(exchange, false));
        for newest in [Side::Blikk, Side::Exchange] {
            let merged = merge(edit(&before, &blikk_now), edit(&before, &exchange_now), newest);
            let case = format!("{was} | {blikk} | {exchange}");
            assert_eq!((&merged.for_blikk, &merged.for_exchange), (&exchange_now, &exchange_now), "{case}");
            let fields: Vec<String> = merged.overruled.iter().map(|one| format!("{:?}", one.field)).collect();
            assert_eq!(fields.join(", "), lost, "{case}");
        }
    }
}

#[test]
fn a_meeting_that_has_become_mine_is_edited_on_both_sides_like_any_event() {
    let before = Some(meeting("once@8", false));
    let (blikk, exchange) = (Event { place: "Rum 1".into(), ..meeting("once@8", false) }, meeting("once@8", true));
    let merged = merge(edit(&before, &blikk), edit(&before, &exchange), Side::Exchange);
    assert_eq!(merged.for_blikk, merged.for_exchange);
    assert_eq!(merged.for_exchange, Event { place: "Rum 1".into(), ..meeting("once@8", true) });
    assert_eq!(merged.overruled, []);
}

#[test]
fn what_makes_it_a_meeting_is_told_by_exchange_and_never_the_other_way() {
    let (plain, mine) = (event("once@8"), meeting("once@8", true));
    let with_place = |event: &Event| Event { place: "Rum 1".into(), ..event.clone() };
    #[rustfmt::skip]
    let cases = [
        // It was in Blikk and in Exchange, is in Blikk and in Exchange -> Blikk holds
        (Some(&plain), Some(&plain), &plain, &mine,  &mine),               // somebody was invited
        (Some(&mine),  Some(&mine),  &mine,  &plain, &plain),
        (Some(&mine),  Some(&mine),  &plain, &mine,  &mine),               // Blikk lost it
        (None,         None,         &plain, &mine,  &mine),
        (None,         None,         &mine,  &plain, &plain),
        (Some(&plain), Some(&mine),  &plain, &mine,  &plain),              // a Blikk that does not keep it is left alone
        (Some(&plain), Some(&mine),  &plain, &with_place(&mine), &with_place(&plain)),
        (Some(&plain), Some(&mine),  &with_place(&plain), &mine, &with_place(&plain)),
    ];
    for (number, (was_in_blikk, was_in_exchange, blikk, exchange, expected)) in cases.into_iter().enumerate() {
        let (was_in_blikk, was_in_exchange) = (was_in_blikk.cloned(), was_in_exchange.cloned());
        let merged = merge(edit(&was_in_blikk, blikk), edit(&was_in_exchange, exchange), Side::Blikk);
        assert_eq!(&merged.for_blikk, expected, "{number}");
        assert_eq!(merged.for_exchange.meeting, exchange.meeting, "{number}");
        assert_eq!(merged.overruled, [], "{number}");
    }
}

fn with(change: impl FnOnce(&mut Event)) -> Event {
    let mut event = event("once@8");
    change(&mut event);
    event
}

#[test]
fn each_field_travels_by_itself() {
    let base = Some(event("once@8"));
    #[rustfmt::skip]
    let cases = [
        (Field::Title,       with(|event| event.title = "Nytt".into())),
        (Field::Body,        with(|event| event.body = "Nytt".into())),
        (Field::Place,       with(|event| event.place = "Nytt".into())),
        (Field::When,        event("once@9")),
        (Field::FreeBusy,    with(|event| event.free_busy = crate::event::FreeBusy::WorkingElsewhere)),
        (Field::Sensitivity, with(|event| event.sensitivity = crate::event::Sensitivity::Private)),
        (Field::Reminder,    with(|event| event.reminder = Some(Reminder { minutes_before_start: 0 }))),
        (Field::Categories,  with(|event| event.categories = ["Röd".to_owned()].into())),
        (Field::Importance,  with(|event| event.importance = Importance::High)),
        (Field::Rule,        event("weekly@8")),
    ];
    for (field, edited) in &cases {
        assert_eq!(differences(base.as_ref().unwrap(), edited), [*field]);
        for (other, also_edited) in cases.iter().filter(|(other, _)| other != field) {
            let merged = merge(edit(&base, edited), edit(&base, also_edited), Side::Blikk);
            let is_shape = field.is_shape() && other.is_shape();
            assert_eq!(differences(&merged.for_blikk, &merged.for_exchange), [], "{field:?} {other:?}");
            assert_eq!(merged.overruled.is_empty(), !is_shape, "{field:?} {other:?}");
            assert!(field.agrees(&merged.for_exchange, edited), "{field:?} {other:?}");
            assert_eq!(other.agrees(&merged.for_blikk, also_edited), !is_shape, "{field:?} {other:?}");
        }
    }
}

#[test]
fn of_two_edits_of_one_field_the_newest_wins_and_it_is_said() {
    let base = Some(event("once@8"));
    let (blikk, exchange) = (event("once@8 Blikks"), event("once@8 Outlooks"));
    for (newest, expected) in [(Side::Blikk, "Blikks"), (Side::Exchange, "Outlooks")] {
        let merged = merge(edit(&base, &blikk), edit(&base, &exchange), newest);
        assert_eq!((merged.for_blikk.title.as_str(), merged.for_exchange.title.as_str()), (expected, expected));
        assert_eq!(merged.overruled, [Overruled { field: Field::Title, winner: newest }]);
    }
}

#[test]
fn a_body_that_exchange_keeps_in_its_own_form_is_no_edit() {
    let base = Some(with(|event| event.body = "Agenda:  1".into()));
    let kept = Some(with(|event| event.body = "Agenda: 1".into()));
    let blikk = with(|event| {
        event.body = "Agenda:  1".into();
        event.reminder = Some(Reminder { minutes_before_start: 15 });
    });
    let merged = merge(edit(&base, &blikk), edit(&kept, kept.as_ref().unwrap()), Side::Exchange);
    assert_eq!(merged.for_blikk, blikk, "nothing goes to Blikk");
    assert_eq!(merged.for_exchange.body, "Agenda: 1", "and the body is not sent again");
    assert_eq!(merged.for_exchange.reminder, blikk.reminder);
}

#[test]
fn an_exception_that_a_side_cannot_hold_is_not_taken_from_the_other() {
    let (base, kept) = (Some(event("weekly@8 12- 13-")), Some(event("weekly@8 12-")));
    let blikk = event("weekly@8 12- 13- Nytt");
    let merged = merge(edit(&base, &blikk), edit(&kept, kept.as_ref().unwrap()), Side::Exchange);
    assert_eq!((merged.for_blikk, merged.for_exchange), (blikk, event("weekly@8 12- Nytt")));
}

#[test]
fn a_blikk_that_knows_no_series_keeps_none_and_takes_none_away() {
    let (base, kept) = (Some(event("once@8")), Some(event("weekly@8 12-")));
    let blikk = event("once@8 Nytt");
    let merged = merge(edit(&base, &blikk), edit(&kept, kept.as_ref().unwrap()), Side::Exchange);
    assert_eq!((merged.for_blikk, merged.for_exchange), (blikk, event("weekly@8 12- Nytt")));

    let exchange = event("weekly@8 12- 19-");
    let merged = merge(edit(&base, base.as_ref().unwrap()), edit(&kept, &exchange), Side::Exchange);
    assert_eq!((merged.for_blikk, merged.for_exchange), (event("once@8"), exchange));
}

#[test]
fn strangers_that_are_equal_need_no_writing_even_when_a_server_laid_out_the_body_anew() {
    let blikk = with(|event| event.body = "Rad 1\n\nRad 2".into());
    let exchange = with(|event| event.body = "Rad 1 \nRad 2".into());
    let merged = merge(edit(&None, &blikk), edit(&None, &exchange), Side::Exchange);
    assert_eq!((merged.for_blikk, merged.for_exchange), (blikk, exchange));
}

#[test]
fn a_zone_that_exchange_cannot_tell_apart_is_no_difference() {
    let at =
        |hour: u32| Moment::new(format!("2027-01-05T{hour:02}:00:00Z").parse().unwrap(), ZoneId::new("Europe/Oslo"));
    let oslo = with(|event| event.when = When::timed(at(8), at(9)).unwrap());
    assert_eq!(differences(&event("once@8"), &oslo), []);
}

#[test]
fn categories_merge_as_a_set_whatever_their_order_or_case() {
    #[rustfmt::skip]
    let cases = [
        // It was, in Blikk it is, in Exchange it is -> Blikk holds, Exchange holds
        ("röd",     "röd blå", "röd gul", "blå gul röd", "blå gul röd"),
        ("röd blå", "röd",     "röd blå", "röd",         "röd"),
        ("röd blå", "röd",     "blå",     "",            ""),
        ("röd",     "",        "röd gul", "gul",         "gul"),
        ("Rest",    "rest",    "Rest gul", "gul rest",   "Rest gul"),
        ("rest",    "rest",    "REST",    "rest",        "REST"),
        ("?",       "röd",     "gul Röd", "gul röd",     "Röd gul"),
        ("?",       "",        "gul",     "gul",         "gul"),
    ];
    let named = |text: &str| with(|event| event.categories = text.split_whitespace().map(str::to_owned).collect());
    for (was, blikk, exchange, for_blikk, for_exchange) in cases {
        let before = (was != "?").then(|| named(was));
        let now = [named(blikk), named(exchange)];
        let merged = merge(edit(&before, &now[0]), edit(&before, &now[1]), Side::Exchange);
        let case = format!("{was} | {blikk} | {exchange}");
        assert_eq!((merged.for_blikk, merged.for_exchange), (named(for_blikk), named(for_exchange)), "{case}");
        assert_eq!(merged.overruled, [], "{case}");
    }
}

#[test]
fn scenario_10_a_body_that_a_server_trimmed_is_no_edit() {
    let bodies = ["Rad 1\nRad 2", "Rad 1 \nRad 2\n\n", "\nRad 1\t\r\nRad 2\r\n", "Rad 1\u{a0}\nRad 2"];
    let body = |text: &str| with(|event| event.body = text.into());
    let before = Some(body(bodies[0]));
    for text in bodies {
        assert!(!edit(&before, &body(text)).is_edit(), "{text:?}");
    }
    for text in ["Rad 1\n\nRad 2", "Rad 1\n Rad 2", "Rad 1 Rad 2", ""] {
        assert!(edit(&before, &body(text)).is_edit(), "{text:?}");
    }
    let one = |text: &str| {
        let mut event = event("weekly@8");
        let changes = Changes { body: Some(text.into()), ..Changes::default() };
        let date = OriginalDate("2027-01-12".parse().unwrap());
        event.series.as_mut().unwrap().exceptions.insert(date, Exception::Changed(changes.into()));
        event
    };
    assert!(!edit(&Some(one(bodies[0])), &one(bodies[1])).is_edit(), "nor of one occurrence");
    assert!(edit(&Some(one(bodies[0])), &one("Annat")).is_edit());
}
