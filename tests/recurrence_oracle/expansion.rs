//! Random patterns: do both implementations find the same instants, and do we read our own text again?

use std::collections::BTreeSet;

use blikk_calendar_sync::recurrence::*;
use blikk_calendar_sync::zone::{IanaRules, ZoneId};
use chrono::{Days, NaiveDate};

use crate::dice::Dice;
use crate::oracle::{self, ZONES};
use crate::try_rules;

#[test]
fn random_series_have_the_instants_that_another_implementation_finds() {
    try_rules("expansion", 100_000, |mut dice| {
        let (start, recurrence) = series(&mut dice);
        says_the_same(&mut dice, &recurrence, &start)
    });
}

fn says_the_same(dice: &mut Dice, recurrence: &Recurrence, start: &SeriesStart) -> &'static str {
    let rule_name = (dice.name, recurrence, start);
    let first = start.date();
    let dates = recurrence.occurrences(first);
    // One in a hundred is followed for long, because the crate steps through it all.
    let most = if dice.one_in(100) { 1500 } else { 16 };
    let excluded: BTreeSet<NaiveDate> = dates.take(4).filter(|_| dice.one_in(8)).collect();
    let lines = rule::write(recurrence, &excluded, start, &IanaRules);
    let read = rule::read(&lines, start, &IanaRules);
    assert_eq!(read, Ok(rule::RuleRead { recurrence: *recurrence, excluded }), "{lines:?} of {rule_name:?}");

    let dates: Vec<NaiveDate> = dates.take(most).collect();
    questions_agree_with_the_list(recurrence, first, &dates);
    if dates.iter().any(|date| oracle::loses(start, *date)) {
        return "on a day that the crate loses";
    }
    if !oracle::starts_plainly(start, first) {
        return "from a start that the crate does not take";
    }
    let theirs = oracle::instants(lines[0].strip_prefix("RRULE:").unwrap(), start, most).unwrap();
    let ours: Vec<_> = dates.iter().map(|date| oracle::instant_on(start, *date)).collect();
    assert!(
        ours.iter().filter(|it| oracle::is_in_time(it)).eq(theirs.iter().filter(|it| oracle::is_in_time(it))),
        "{lines:?} of {rule_name:?}\nours   {ours:?}\ntheirs {theirs:?}"
    );
    for (date, instant) in dates.iter().zip(ours).filter(|_| !matches!(start, SeriesStart::AllDay(_))) {
        assert_eq!(start.date_of(&IanaRules, instant), Some(*date), "{rule_name:?}");
    }
    if dates.iter().all(|date| oracle::starts_plainly(start, *date)) {
        "the same"
    } else {
        "the same, in gaps and folds"
    }
}

/// What can be asked of a recurrence is asked of the list of its dates instead.
fn questions_agree_with_the_list(recurrence: &Recurrence, first: NaiveDate, dates: &[NaiveDate]) {
    assert!(dates.is_sorted_by(|a, b| a < b), "no two occurrences on one date");
    assert!(recurrence.agrees_with_start(first));
    for (at, date) in dates.iter().enumerate().take(20) {
        let index = at as u32 + 1;
        assert_eq!(recurrence.index_of(first, *date), Some(index));
        assert_eq!(recurrence.date_of(first, index), Some(*date));
        let next = dates.get(at + 1).copied();
        for between in [*date + Days::new(1), *date + Days::new(3)] {
            if next.is_some_and(|next| between <= next) {
                assert_eq!(recurrence.first_on_or_after(first, between), next);
                assert_eq!(recurrence.contains(first, between), Some(between) == next);
            }
        }
    }
    let all = recurrence.occurrences(first);
    if all.len() == dates.len() && recurrence.range != Range::NoEnd {
        assert_eq!(recurrence.last_date(first), dates.last().copied());
    }
}

/// A random series that begins with an occurrence (R26).
fn series(dice: &mut Dice) -> (SeriesStart, Recurrence) {
    let pattern = pattern(dice);
    let endless = Recurrence { pattern, range: Range::NoEnd };
    let date = dice.date();
    let first = endless.first_on_or_after(date, date).unwrap();
    let start = if dice.one_in(5) {
        SeriesStart::AllDay(first)
    } else {
        SeriesStart::Timed { local: first.and_time(dice.time()), zone: ZoneId::new(dice.one_of(&ZONES)) }
    };
    let range = match dice.between(1, 4) {
        1 => Range::NoEnd,
        2 => Range::EndDate(first + Days::new(dice.between(0, 4000).into())),
        3 => Range::Numbered(Count::new(dice.between(1, 20)).unwrap()),
        _ => Range::Numbered(Count::new(dice.between(1, 999)).unwrap()),
    };
    (start, Recurrence { pattern, range })
}

fn pattern(dice: &mut Dice) -> Pattern {
    let interval = Interval::new(dice.interval(99)).unwrap();
    let day_of_month =
        DayOfMonth::new(if dice.one_in(2) { dice.between(28, 31) } else { dice.between(1, 31) }).unwrap();
    let (day, index) = (dice.one_of(&DayOfWeek::ALL), dice.one_of(&WeekIndex::ALL));
    let month = if dice.one_in(3) { Month::February } else { dice.one_of(&Month::ALL) };
    match dice.between(1, 6) {
        1 => Pattern::Daily { interval: DayInterval::new(dice.interval(999)).unwrap() },
        2 => Pattern::Weekly {
            interval,
            days: WeekDays::try_from(dice.between(1, 127) as u8).unwrap(),
            first_day_of_week: dice.one_of(&Weekday::ALL),
        },
        3 => Pattern::AbsoluteMonthly { interval, day_of_month },
        4 => Pattern::RelativeMonthly { interval, day, index },
        5 => Pattern::AbsoluteYearly { month, day_of_month },
        _ => Pattern::RelativeYearly { month, day, index },
    }
}
