//! Any event at all, written for Blikk and read back.

use chrono::{NaiveDate, NaiveDateTime};
use proptest::prelude::*;
use serde_json::json;

use super::tests::{changed, merged, read, written};
use super::*;
use crate::event::{
    Answer, Attendance, Exception, FreeBusy, Importance, Meeting, Moment, OriginalDate, Participant, Person, Reminder,
    Sensitivity, Series, When,
};
use crate::recurrence::{
    Count, DayInterval, DayOfMonth, DayOfWeek, Interval, Month, Pattern, Range, Recurrence, WeekDays, WeekIndex,
    Weekday,
};
use crate::zone::{IanaRules, ZoneId, instant_of};

/// Enough of the world: whole and half hours, both sides of the date line, a summer time of 30 minutes, a clock that
/// jumps over midnight.
const ZONES: [&str; 8] = [
    "Europe/Stockholm",
    "America/New_York",
    "Pacific/Kiritimati",
    "Asia/Calcutta",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "UTC",
];

fn a_zone() -> impl Strategy<Value = ZoneId> {
    proptest::sample::select(&ZONES).prop_map(ZoneId::new)
}

/// 2000 to 2060.
fn a_date() -> impl Strategy<Value = NaiveDate> {
    (730_120..752_000_i32).prop_map(|day| NaiveDate::from_num_days_from_ce_opt(day).expect("in reach"))
}

fn a_moment(local: NaiveDateTime, zone: ZoneId) -> Moment {
    Moment::new(instant_of(&IanaRules, &zone, local).expect("a known zone"), zone)
}

/// That begins on the date.
fn a_when(date: NaiveDate) -> impl Strategy<Value = When> {
    let timed = (0..86_400_u32, 0..200_000_i64, a_zone(), a_zone()).prop_map(move |(second, length, zone, other)| {
        let local = date.and_hms_opt(0, 0, 0).expect("midnight") + chrono::TimeDelta::seconds(second.into());
        let start = a_moment(local, zone);
        let end = Moment::new(start.instant() + chrono::TimeDelta::seconds(length), other);
        When::timed(start, end).expect("forwards")
    });
    let days = (1..40_u64).prop_map(move |days| When::all_day(date, date + chrono::Days::new(days)).expect("a day"));
    prop_oneof![3 => timed, 1 => days]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zåäö &<>\"']{0,20}", "(\\PC|\t|😀| ){0,12}"]
}

fn lines() -> impl Strategy<Value = String> {
    proptest::collection::vec(text(), 0..3).prop_map(|lines| lines.join("\n"))
}

/// What an occurrence may say, each member or not. Where it is moved, the caller knows better.
fn some_changes() -> impl Strategy<Value = Changes> {
    use {FreeBusy::*, Sensitivity::*};
    let texts = (of(text()), of(lines()), of(text()), of(proptest::collection::btree_set("[a-zåäö]{1,9}", 0..4)));
    let words = (
        of(proptest::sample::select(&[Free, Tentative, Busy, OutOfOffice, WorkingElsewhere])),
        of(proptest::sample::select(&[Normal, Personal, Private, Confidential])),
        of(proptest::sample::select(&[Importance::Low, Importance::Normal, Importance::High])),
        of(of((0..2_629_801_u32).prop_map(|minutes_before_start| Reminder { minutes_before_start }))),
    );
    return (texts, words).prop_map(
        |((title, body, place, categories), (free_busy, sensitivity, importance, reminder))| Changes {
            title,
            body,
            place,
            when: None,
            free_busy,
            sensitivity,
            importance,
            reminder,
            categories,
        },
    );

    fn of<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>>
    where
        S::Value: Clone,
    {
        proptest::option::of(strategy)
    }
}

fn a_pattern() -> impl Strategy<Value = Pattern> {
    let interval = || (1..=Interval::MOST).prop_map(|number| Interval::new(number).expect("in reach"));
    let day = || (1..=31_u32).prop_map(|day| DayOfMonth::new(day).expect("in reach"));
    let week_day = || proptest::sample::select(&Weekday::ALL);
    let relative = || (proptest::sample::select(&DayOfWeek::ALL), proptest::sample::select(&WeekIndex::ALL));
    let days = proptest::collection::vec(week_day(), 1..7).prop_map(|days| WeekDays::new(days).expect("a day"));
    let month = || proptest::sample::select(&Month::ALL);
    prop_oneof![
        (1..=DayInterval::MOST).prop_map(|days| Pattern::Daily { interval: DayInterval::new(days).expect("in reach") }),
        (interval(), days, week_day()).prop_map(|(interval, days, first_day_of_week)| Pattern::Weekly {
            interval,
            days,
            first_day_of_week
        }),
        (interval(), day()).prop_map(|(interval, day_of_month)| Pattern::AbsoluteMonthly { interval, day_of_month }),
        (interval(), relative()).prop_map(|(interval, (day, index))| Pattern::RelativeMonthly { interval, day, index }),
        (month(), day()).prop_map(|(month, day_of_month)| Pattern::AbsoluteYearly { month, day_of_month }),
        (month(), relative()).prop_map(|(month, (day, index))| Pattern::RelativeYearly { month, day, index }),
    ]
}

/// A series with what is different about some of its first occurrences; it begins with its first one (R26).
fn a_series(date: NaiveDate) -> impl Strategy<Value = (When, Series)> {
    a_pattern().prop_flat_map(move |pattern| {
        let endless = Recurrence { pattern, range: Range::NoEnd };
        let first = endless.first_on_or_after(date, date).expect("a century has one");
        let range = prop_oneof![
            Just(Range::NoEnd),
            (1..=Count::MOST).prop_map(|count| Range::Numbered(Count::new(count).expect("in reach"))),
            (0..4000_u64).prop_map(move |days| Range::EndDate(first + chrono::Days::new(days))),
        ];
        let exceptions = proptest::collection::btree_map(0..20_usize, an_exception(), 0..6);
        (range, a_when(first), exceptions).prop_map(move |(range, when, exceptions)| {
            let mut series = Series::new(Recurrence { pattern, range });
            let first = when.first_date(&IanaRules).expect("a known zone");
            let dates: Vec<_> = series.recurrence.occurrences(first).take(20).collect();
            for (place, (exception, moved)) in exceptions {
                let Some(date) = dates.get(place) else { continue };
                let exception = match exception {
                    Some(mut changes) => {
                        changes.when = moved.filter(|moved| when.on_date(*date, &IanaRules).as_ref() != Some(moved));
                        Exception::Changed(changes.into())
                    }
                    None => Exception::Cancelled,
                };
                series.exceptions.insert(OriginalDate(*date), exception);
            }
            (when, series)
        })
    })
}

/// What is different (`None`: it is cancelled), and where it is moved to.
fn an_exception() -> impl Strategy<Value = (Option<Changes>, Option<When>)> {
    let moved = proptest::option::of(a_date().prop_flat_map(a_when));
    (proptest::option::of(some_changes()), moved)
}

fn a_meeting() -> impl Strategy<Value = Meeting> {
    const ANSWERS: [Answer; 5] =
        [Answer::NotAnswered, Answer::Organizer, Answer::Accepted, Answer::Tentative, Answer::Declined];
    const ROLES: [Attendance; 3] = [Attendance::Required, Attendance::Optional, Attendance::Resource];
    let answer = || proptest::sample::select(&ANSWERS);
    let person = || (text(), "[a-z@.]{0,9}").prop_map(|(name, address)| Person { name, address });
    let participant = (person(), proptest::sample::select(&ROLES), answer())
        .prop_map(|(person, attendance, answer)| Participant { person, attendance, answer });
    let people = (proptest::option::of(person()), proptest::collection::vec(participant, 0..4));
    (any::<(bool, bool)>(), people, answer(), proptest::option::of("https://[a-z]{1,9}")).prop_map(
        |((is_mine, is_cancelled), (organizer, participants), my_answer, online_url)| Meeting {
            is_mine,
            organizer,
            participants,
            my_answer,
            is_cancelled,
            online_url,
        },
    )
}

fn an_event() -> impl Strategy<Value = Event> {
    let time = a_date().prop_flat_map(|date| {
        prop_oneof![
            1 => a_when(date).prop_map(|when| (when, None)),
            3 => a_series(date).prop_map(|(when, series)| (when, Some(series))),
        ]
    });
    let more = (proptest::option::of(a_meeting()), proptest::collection::vec("[a-zåäö .]{1,9}", 0..3));
    (some_changes(), time, more).prop_map(|(said, (when, series), (meeting, attachments))| {
        let event = said.applied_to(&Event::new("Möte", when.clone()), when);
        Event { series, meeting, attachments, ..event }.tidied()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_written_is_what_is_read_back(event in an_event()) {
        prop_assert_eq!(read(written(&event)), Ok(event));
    }

    #[test]
    fn what_blikk_keeps_is_what_is_read_back(event in an_event()) {
        let kept = standins::blikk::event::NewEvent::read(&written(&event));
        let kept = kept.map_err(|refusal| TestCaseError::fail(format!("{refusal} of {}", written(&event))))?;
        prop_assert_eq!(read(json!(kept.fields)), Ok(event));
    }

    #[test]
    fn a_change_of_one_event_into_another_makes_that_other(before in an_event(), after in an_event()) {
        prop_assert_eq!(read(merged(written(&before), changed(&before, &after))), Ok(after));
    }

    #[test]
    fn an_event_changed_to_itself_needs_no_writing(event in an_event()) {
        prop_assert_eq!(changed(&event, &event), json!({}));
    }
}
