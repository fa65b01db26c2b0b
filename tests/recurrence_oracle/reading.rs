//! Random RRULE text: does the pattern that we read in it have the rule's dates, and is what we refuse really beyond
//! all patterns?

use blikk_calendar_sync::recurrence::rule::{self, Refusal};
use blikk_calendar_sync::recurrence::*;
use blikk_calendar_sync::zone::IanaRules;
use chrono::{Datelike, NaiveDate};

use crate::dice::Dice;
use crate::oracle;
use crate::try_rules;

/// Enough for every kind of month and for the years around a leap year.
const DATES: usize = 60;

#[test]
fn random_rules_are_read_as_what_they_mean_or_mean_nothing_that_exchange_can_hold() {
    try_rules("reading", 30_000, |mut dice| {
        let text = rule_text(&mut dice);
        let Some((first, dates)) = dates(&text, dice.date()) else { return "no dates at all" };
        let start = SeriesStart::AllDay(first);
        let read = rule::read(&[messy(&mut dice, &text)], &start, &IanaRules);
        match read {
            Ok(read) => {
                let ours: Vec<_> = read.recurrence.occurrences(first).take(DATES).collect();
                assert_eq!(ours, dates, "{text} from {first} of {:?}", dice.name);
                "read"
            }
            Err(Refusal::NotExpressible(_)) => {
                // A rule of every eleventh year may look like a simpler one in its first.
                let missed = pattern_with(&dates).filter(|pattern| has(pattern, &dates_from(&text, first, 2000)));
                assert_eq!(missed, None, "{text} from {first} of {:?}: {dates:?}", dice.name);
                "refused, and no pattern has these dates"
            }
            Err(unreadable) => panic!("{unreadable:?}: {text} of {:?}", dice.name),
        }
    });
}

/// The rule's dates for the crate, from the first on or after this one, which becomes the start (R26).
fn dates(rule: &str, from: NaiveDate) -> Option<(NaiveDate, Vec<NaiveDate>)> {
    // The crate looks for a 30 February until the year 10,000, so it is asked first from close to there.
    oracle::instants(rule, &SeriesStart::AllDay(NaiveDate::from_ymd_opt(9960, 1, 1)?), 1).unwrap().first()?;
    let first = oracle::instants(rule, &SeriesStart::AllDay(from), 1).unwrap().first()?.date_naive();
    let dates = dates_from(rule, first, DATES);
    // A rule that says less than its start (YEARLY) means something else from another start.
    (dates.len() == DATES && dates[0] == first && first.year() < 2200).then_some((first, dates))
}

fn dates_from(rule: &str, first: NaiveDate, most: usize) -> Vec<NaiveDate> {
    let instants = oracle::instants(rule, &SeriesStart::AllDay(first), most).unwrap();
    instants.iter().map(|instant| instant.date_naive()).collect()
}

/// A rule without an end. Left out is what the crate is known to get wrong, or what RFC 5545 does not define:
/// - WEEKLY with BYSETPOS: the crate counts from the start instead of from the beginning of the first week;
/// - ordinals beside plain days (`BYDAY=1MO,TU`): it takes the days that are both, RFC 5545 those that are either.
fn rule_text(dice: &mut Dice) -> String {
    let frequency = dice.one_of(&["DAILY", "WEEKLY", "MONTHLY", "MONTHLY", "MONTHLY", "YEARLY", "YEARLY"]);
    let mut parts = vec![format!("FREQ={frequency}")];
    let has_interval = dice.one_in(3);
    if has_interval {
        parts.push(format!("INTERVAL={}", dice.interval(12)));
    }
    // We refuse DAILY with an interval and limits of months without a look, see `meaning::daily`.
    let has_months = frequency != "WEEKLY" && !(frequency == "DAILY" && has_interval);
    if has_months && dice.one_in(3) {
        parts.push(format!("BYMONTH={}", list(dice, &[1..=12], &["1,4,7,10", "2,5,8,11", "1,7", "2", "12", "3,6"])));
    }
    if has_months && dice.one_in(2) {
        let runs =
            ["28,29,30,31", "28,29", "30,31", "1,2,3,4,5,6,7", "8,9,10,11,12,13,14", "-1", "-1,-2,-3,-4,-5,-6,-7"];
        parts.push(format!("BYMONTHDAY={}", list(dice, &[1..=31, 28..=31, -31..=-1], &runs)));
    }
    if dice.one_in(2) {
        let sets = ["MO", "MO,TU,WE,TH,FR", "SA,SU", "MO,TU,WE,TH,FR,SA,SU", "FR", "TU,TH"];
        let ordinals = ["1MO", "2TU", "-1FR", "5SU", "-1MO,-2MO", "1MO,2MO", "4TH", "-4SA", "1MO,-1MO"];
        let counts = matches!(frequency, "MONTHLY" | "YEARLY") && dice.one_in(2);
        parts.push(format!("BYDAY={}", if counts { dice.one_of(&ordinals) } else { dice.one_of(&sets) }));
    }
    if matches!(frequency, "MONTHLY" | "YEARLY") && parts.len() > 2 && dice.one_in(3) {
        parts.push(format!("BYSETPOS={}", dice.one_of(&["1", "-1", "2", "-2", "3", "4", "5", "1,-1", "1,2"])));
    }
    if dice.one_in(3) {
        parts.push(format!("WKST={}", dice.one_of(&["SU", "MO", "SA"])));
    }
    parts.join(";")
}

/// One of the usual lists, or one or two numbers in one of the ranges.
fn list(dice: &mut Dice, ranges: &[std::ops::RangeInclusive<i32>], usual: &[&str]) -> String {
    if dice.one_in(2) {
        return dice.one_of(usual).to_owned();
    }
    let range = dice.one_of(ranges);
    let mut number = || range.start() + dice.between(0, (range.end() - range.start()) as u32) as i32;
    let (one, other) = (number(), number());
    if dice.one_in(2) || one == other { one.to_string() } else { format!("{one},{other}") }
}

/// The same rule as somebody else might have written it.
fn messy(dice: &mut Dice, rule: &str) -> String {
    let mut parts: Vec<_> = rule.split(';').collect();
    let turn = dice.between(0, parts.len() as u32 - 1) as usize;
    parts.rotate_left(turn);
    let text = format!("RRULE:{}", parts.join(dice.one_of(&[";", " ; "])));
    let text = if dice.one_in(3) { text.to_lowercase() } else { text };
    let fold = dice.between(7, text.len() as u32 - 1) as usize;
    if dice.one_in(3) { format!("{}\r\n {}", &text[..fold], &text[fold..]) } else { text }
}

/// A pattern with exactly these dates, found by trying all that the first few allow.
fn pattern_with(dates: &[NaiveDate]) -> Option<Pattern> {
    let first = dates[0];
    let days = (dates[1] - first).num_days() as u32;
    let months = (dates[1].year() - first.year()) * 12 + dates[1].month0() as i32 - first.month0() as i32;
    let daily = DayInterval::new(days).map(|interval| Pattern::Daily { interval });
    let week_days = WeekDays::new(dates.iter().copied().map(Weekday::of))?;
    let weekly = (1..=Interval::MOST).filter_map(Interval::new).flat_map(|interval| {
        Weekday::ALL.map(|first_day_of_week| Pattern::Weekly { interval, days: week_days, first_day_of_week })
    });
    let monthly = Interval::new(months.max(0) as u32).into_iter().flat_map(|interval| {
        let absolute = (1..=DayOfMonth::MOST).filter_map(DayOfMonth::new);
        let absolute = absolute.map(move |day_of_month| Pattern::AbsoluteMonthly { interval, day_of_month });
        let relative = DayOfWeek::ALL
            .into_iter()
            .flat_map(move |day| WeekIndex::ALL.map(|index| Pattern::RelativeMonthly { interval, day, index }));
        absolute.chain(relative)
    });
    // A yearly pattern is a monthly one of twelve.
    daily.into_iter().chain(weekly).chain(monthly).find(|pattern| has(pattern, dates))
}

fn has(pattern: &Pattern, dates: &[NaiveDate]) -> bool {
    let all = Recurrence { pattern: *pattern, range: Range::NoEnd };
    all.occurrences(dates[0]).take(dates.len()).eq(dates.iter().copied())
}
