//! RRULE, EXDATE and RDATE lines, line by line: what they mean to Exchange, and what is refused.

use std::collections::BTreeSet;

use blikk_calendar_sync::recurrence::rule::{self, Refusal};
use blikk_calendar_sync::recurrence::{Range, Recurrence, SeriesStart};
use blikk_calendar_sync::zone::{IanaRules, ZoneId};
use chrono::NaiveDate;

/// 09:00 in Stockholm on that date.
fn from(date: &str) -> SeriesStart {
    timed(&format!("{date}T09:00:00"), "Europe/Stockholm")
}

fn timed(local: &str, zone: &str) -> SeriesStart {
    SeriesStart::Timed { local: local.parse().unwrap(), zone: ZoneId::new(zone) }
}

fn all_day(date: &str) -> SeriesStart {
    SeriesStart::AllDay(date.parse().unwrap())
}

fn read(lines: &[&str], start: &SeriesStart) -> Result<(Recurrence, BTreeSet<NaiveDate>), Refusal> {
    rule::read(lines, start, &IanaRules).map(|read| (read.recurrence, read.excluded))
}

fn rule(rule: &str, start: &SeriesStart) -> Result<Recurrence, Refusal> {
    read(&[&format!("RRULE:{rule}")], start).map(|(recurrence, _)| recurrence)
}

/// What we would write for a rule that was read: the one spelling of its meaning.
fn canonical(text: &str, start: &SeriesStart) -> String {
    match rule(text, start) {
        Ok(recurrence) => {
            let lines = rule::write(&recurrence, &BTreeSet::new(), start, &IanaRules);
            lines[0].strip_prefix("RRULE:").unwrap().to_owned()
        }
        Err(Refusal::NotExpressible(why)) => format!("not expressible: {why}"),
        Err(Refusal::Unreadable(why)) => format!("unreadable: {why}"),
    }
}

#[test]
fn a_pattern_is_known_in_each_of_its_spellings() {
    let every_day = "MO,TU,WE,TH,FR,SA,SU";
    #[rustfmt::skip]
    let cases = [
        // start,       rule,                                                        the same in our words
        ("2027-01-04", "FREQ=DAILY".to_owned(),                                      "FREQ=DAILY"),
        ("2027-01-04", "freq=daily ; Interval=1;".to_owned(),                        "FREQ=DAILY"),
        ("2027-01-04", "FREQ=DAILY;INTERVAL=999".to_owned(),                         "FREQ=DAILY;INTERVAL=999"),
        ("2027-01-04", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR".to_owned(),                 "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("2027-01-04", format!("FREQ=DAILY;INTERVAL=3;BYDAY={every_day}"),           "FREQ=DAILY;INTERVAL=3"),
        ("2027-01-04", "FREQ=DAILY;INTERVAL=14;BYDAY=MO,WE".to_owned(),              "FREQ=DAILY;INTERVAL=14"),
        ("2027-01-04", "FREQ=DAILY;INTERVAL=2;BYDAY=MO".to_owned(),                  "FREQ=DAILY;INTERVAL=14"),
        ("2027-01-05", "FREQ=DAILY;INTERVAL=2;BYDAY=TU,TH".to_owned(),               "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=MO"),
        ("2027-01-04", "FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU".to_owned(),               "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU;WKST=TU"), // Tuesday of the next week
        ("2027-01-15", "FREQ=DAILY;BYMONTHDAY=15".to_owned(),                        "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("2027-03-15", "FREQ=DAILY;BYMONTH=3;BYMONTHDAY=15".to_owned(),              "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15"),
        ("2027-01-04", "FREQ=DAILY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12".to_owned(),   "FREQ=DAILY"),
        ("2027-01-04", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=00".to_owned(),      "FREQ=DAILY"),

        ("2027-01-04", "FREQ=WEEKLY".to_owned(),                                     "FREQ=WEEKLY;BYDAY=MO"),
        ("2027-01-04", "FREQ=WEEKLY;WKST=SU".to_owned(),                             "FREQ=WEEKLY;BYDAY=MO;WKST=SU"),
        ("2027-01-04", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,MO,WE".to_owned(),           "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=MO"),
        ("2027-01-04", format!("FREQ=WEEKLY;BYDAY={every_day}"),                     "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"),
        ("2027-01-04", "FREQ=WEEKLY;BYDAY=TU,MO;BYSETPOS=1".to_owned(),              "FREQ=WEEKLY;BYDAY=MO"),
        ("2027-01-03", "FREQ=WEEKLY;BYDAY=SU,MO;WKST=SU;BYSETPOS=-2".to_owned(),     "FREQ=WEEKLY;BYDAY=SU;WKST=SU"),
        ("2027-01-04", "FREQ=WEEKLY;INTERVAL=104".to_owned(),                        "FREQ=DAILY;INTERVAL=728"),
        ("2027-01-04", "FREQ=MONTHLY;BYDAY=MO".to_owned(),                           "FREQ=WEEKLY;BYDAY=MO"),
        ("2027-01-04", "FREQ=YEARLY;BYDAY=MO,FR".to_owned(),                         "FREQ=WEEKLY;BYDAY=MO,FR"),

        ("2027-01-15", "FREQ=MONTHLY".to_owned(),                                    "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("2027-01-15", "FREQ=MONTHLY;BYMONTHDAY=+15".to_owned(),                     "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("2027-01-15", "FREQ=YEARLY;BYMONTHDAY=15".to_owned(),                       "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("2027-01-31", "FREQ=MONTHLY;BYMONTHDAY=-1".to_owned(),                      "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("2027-01-31", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1".to_owned(), "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        ("2027-01-30", "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1".to_owned(),    "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        ("2027-01-31", "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD".to_owned(),     "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        ("2027-01-30", "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD;BYMONTHDAY=30".to_owned(), "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        ("2027-01-31", "FREQ=MONTHLY;INTERVAL=6".to_owned(),                         "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"), // January and July both have a 31st
        ("2027-01-15", "FREQ=YEARLY;INTERVAL=2".to_owned(),                          "FREQ=MONTHLY;INTERVAL=24;BYMONTHDAY=15"),
        ("2027-01-15", "FREQ=YEARLY;INTERVAL=8;BYMONTH=1".to_owned(),                "FREQ=MONTHLY;INTERVAL=96;BYMONTHDAY=15"),
        ("2027-04-15", "FREQ=YEARLY;BYMONTH=1,4,7,10".to_owned(),                    "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15"),
        ("2027-04-15", "FREQ=MONTHLY;BYMONTH=1,4,7,10".to_owned(),                   "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15"),
        ("2027-01-15", "FREQ=MONTHLY;INTERVAL=2;BYMONTH=1,3,5,7,9,11".to_owned(),    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15"),

        ("2027-01-12", "FREQ=MONTHLY;BYDAY=2TU".to_owned(),                          "FREQ=MONTHLY;BYDAY=2TU"),
        ("2027-01-12", "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2".to_owned(),                "FREQ=MONTHLY;BYDAY=2TU"),
        ("2027-01-12", "FREQ=MONTHLY;BYDAY=TU;BYMONTHDAY=8,9,10,11,12,13,14".to_owned(), "FREQ=MONTHLY;BYDAY=2TU"),
        ("2027-01-25", "FREQ=MONTHLY;BYDAY=-1MO".to_owned(),                         "FREQ=MONTHLY;BYDAY=-1MO"),
        ("2027-01-25", "FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=-7,-6,-5,-4,-3,-2,-1".to_owned(), "FREQ=MONTHLY;BYDAY=-1MO"),
        ("2027-01-29", "FREQ=MONTHLY;BYDAY=FR,TH,WE,TU,MO;BYSETPOS=-1".to_owned(),   "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        ("2027-01-02", "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1".to_owned(),             "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1"),
        ("2027-01-03", format!("FREQ=MONTHLY;BYDAY={every_day};BYSETPOS=3"),         "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=3"),

        ("2027-12-24", "FREQ=YEARLY".to_owned(),                                     "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"),
        ("2027-12-24", "FREQ=YEARLY;BYMONTH=12".to_owned(),                          "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"),
        ("2027-12-24", "FREQ=MONTHLY;INTERVAL=12".to_owned(),                        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=24"),
        ("2027-12-24", "FREQ=MONTHLY;BYMONTH=12".to_owned(),                         "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"),
        ("2028-02-29", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1".to_owned(), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"),
        ("2028-02-29", "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=BACKWARD".to_owned(),      "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"),
        ("2027-02-28", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1".to_owned(),             "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
        ("2027-01-31", "FREQ=YEARLY".to_owned(),                                     "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=31"),
        ("2027-03-28", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU".to_owned(),                "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
        ("2027-01-04", "FREQ=YEARLY;BYDAY=1MO".to_owned(),                           "FREQ=YEARLY;BYMONTH=1;BYDAY=1MO"),
        ("2027-12-27", "FREQ=YEARLY;BYDAY=-1MO".to_owned(),                          "FREQ=YEARLY;BYMONTH=12;BYDAY=-1MO"),
        ("2027-01-01", "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1".to_owned(),     "FREQ=YEARLY;BYMONTH=1;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"),
        ("2027-12-31", "FREQ=MONTHLY;BYMONTH=11,12".to_owned(),                      "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31"), // November never has one
        ("2027-06-30", "FREQ=YEARLY;BYMONTH=3,6;BYMONTHDAY=-1;BYSETPOS=-1".to_owned(), "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=-1"),
    ];
    for (start, text, expected) in cases {
        assert_eq!(canonical(&text, &from(start)), expected, "{text} from {start}");
    }
}

#[test]
fn what_exchange_cannot_hold_is_refused_with_the_part_in_the_way() {
    #[rustfmt::skip]
    let cases = [
        ("2027-01-04", "FREQ=HOURLY",                                     "FREQ=HOURLY"),
        ("2027-01-04", "FREQ=minutely;INTERVAL=5",                        "FREQ=MINUTELY"),
        ("2027-01-04", "FREQ=DAILY;BYHOUR=9,15",                          "BYHOUR=9,15"),
        ("2027-01-04", "FREQ=DAILY;BYMINUTE=30",                          "BYMINUTE=30"),
        ("2027-01-04", "FREQ=DAILY;INTERVAL=1000",                        "INTERVAL=1000"),
        ("2027-01-04", "FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU,WE",            "INTERVAL=2;BYDAY=MO,TU,WE"),
        ("2027-01-04", "FREQ=DAILY;BYMONTH=1",                            "BYMONTH=1"),
        ("2027-01-04", "FREQ=DAILY;BYDAY=1MO",                            "BYDAY=1MO"),
        ("2027-01-04", "FREQ=WEEKLY;INTERVAL=100;BYDAY=MO,TU",            "INTERVAL=100;BYDAY=MO,TU"),
        ("2027-01-04", "FREQ=WEEKLY;BYDAY=1MO",                           "BYDAY=1MO"),
        ("2027-01-04", "FREQ=WEEKLY;BYMONTH=1",                           "BYMONTH=1"),
        ("2027-01-04", "FREQ=WEEKLY;BYMONTHDAY=4",                        "BYMONTHDAY=4"),
        ("2027-01-31", "FREQ=MONTHLY;BYMONTHDAY=31",                      "BYMONTHDAY=31 skips months"),
        ("2027-01-31", "FREQ=MONTHLY",                                    "BYMONTHDAY=31 skips months"),
        ("2027-01-31", "FREQ=MONTHLY;INTERVAL=3",                         "INTERVAL=3;BYMONTHDAY=31 skips months"),
        ("2028-02-29", "FREQ=YEARLY",                                     "BYMONTHDAY=29 skips months"),
        ("2027-01-29", "FREQ=MONTHLY;BYDAY=5FR",                          "BYDAY=5FR skips months"),
        ("2027-01-31", "FREQ=MONTHLY;BYMONTHDAY=31;RSCALE=GREGORIAN;SKIP=FORWARD", "SKIP=FORWARD"),
        ("2027-01-31", "FREQ=MONTHLY;RSCALE=CHINESE",                     "RSCALE=CHINESE"),
        ("2027-01-04", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,3",              "BYDAY=MO;BYSETPOS=1,3"),
        ("2027-01-15", "FREQ=MONTHLY;BYMONTHDAY=1,15",                    "BYMONTHDAY=1,15"),
        ("2027-01-30", "FREQ=MONTHLY;BYMONTHDAY=-2",                      "BYMONTHDAY=-2"),
        ("2027-01-04", "FREQ=MONTHLY;BYDAY=1MO,3MO",                      "BYDAY=1MO,3MO"),
        ("2027-08-13", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",             "BYDAY=FR;BYMONTHDAY=13 skips months"),
        ("2027-01-15", "FREQ=MONTHLY;INTERVAL=100",                       "INTERVAL=100"),
        ("2027-01-15", "FREQ=YEARLY;INTERVAL=9",                          "INTERVAL=9"),
        ("2027-01-15", "FREQ=YEARLY;BYMONTH=1,2",                         "BYMONTH=1,2"),
        ("2027-01-15", "FREQ=YEARLY;INTERVAL=2;BYMONTH=1,7",              "INTERVAL=2;BYMONTH=1,7"),
        ("2027-05-17", "FREQ=YEARLY;BYDAY=20MO",                          "BYDAY=20MO"),
        ("2027-01-04", "FREQ=YEARLY;BYDAY=1MO,53MO",                      "BYDAY=1MO,53MO skips months"),
        ("2027-01-04", "FREQ=YEARLY;BYDAY=MO;BYSETPOS=1,52",              "BYDAY=MO;BYSETPOS=1,52 skips months"),
        ("2027-05-17", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",                "BYWEEKNO=20"),
        ("2027-01-01", "FREQ=YEARLY;BYYEARDAY=1",                         "BYYEARDAY=1"),
        ("2027-01-04", "FREQ=DAILY;X-MOOD=SUNNY",                         "X-MOOD=SUNNY"),
        // R26: what these rules mean from these starts is undefined.
        ("2027-01-05", "FREQ=WEEKLY;BYDAY=MO",                            "DTSTART outside RRULE"),
        ("2027-01-05", "FREQ=DAILY;UNTIL=20270101",                       "DTSTART outside RRULE"),
        ("2027-01-15", "FREQ=YEARLY;BYMONTH=3",                           "BYMONTH=3"),
    ];
    for (start, text, expected) in cases {
        assert_eq!(canonical(text, &from(start)), format!("not expressible: {expected}"), "{text} from {start}");
    }
}

#[test]
fn what_is_no_rule_at_all_is_called_unreadable() {
    let long = format!("FREQ=WEEKLY;BYDAY={}MO", "MO,".repeat(500));
    #[rustfmt::skip]
    let cases = [
        ("",                                    "no FREQ"),
        ("INTERVAL=2",                          "no FREQ"),
        ("FREQ=SOMETIMES",                      "FREQ=SOMETIMES"),
        ("FREQ",                                "FREQ"),
        ("FREQ=DAILY;FREQ=WEEKLY",              "FREQ twice"),
        ("FREQ=DAILY;INTERVAL=0",               "INTERVAL=0"),
        ("FREQ=DAILY;INTERVAL=-1",              "INTERVAL=-1"),
        ("FREQ=DAILY;INTERVAL=99999999999",     "INTERVAL=99999999999"),
        ("FREQ=DAILY;COUNT=0",                  "COUNT=0"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20280101",   "COUNT and UNTIL"),
        ("FREQ=DAILY;UNTIL=20270230",           "UNTIL=20270230"),
        ("FREQ=DAILY;UNTIL=20270228T250000Z",   "UNTIL=20270228T250000Z"),
        ("FREQ=DAILY;UNTIL=2027-02-28",         "UNTIL=2027-02-28"),
        ("FREQ=WEEKLY;BYDAY=MÅ",                "BYDAY=MÅ"),
        ("FREQ=WEEKLY;BYDAY=",                  "BYDAY="),
        ("FREQ=MONTHLY;BYDAY=54MO",             "BYDAY=54MO"),
        ("FREQ=MONTHLY;BYMONTHDAY=0",           "BYMONTHDAY=0"),
        ("FREQ=MONTHLY;BYMONTHDAY=32",          "BYMONTHDAY=32"),
        ("FREQ=MONTHLY;BYSETPOS=367",           "BYSETPOS=367"),
        ("FREQ=YEARLY;BYMONTH=5L",              "BYMONTH=5L"),
        (long.as_str(),                         &format!("BYDAY={}", "MO,".repeat(18))),
    ];
    for (text, expected) in cases {
        assert_eq!(canonical(text, &from("2027-01-04")), format!("unreadable: {expected}"), "{text}");
    }
}

#[test]
fn until_becomes_the_last_date_in_the_zone_of_the_series() {
    let new_year_in_kiritimati = timed("2027-01-01T08:00:00", "Pacific/Kiritimati");
    let late_in_new_york = timed("2027-01-01T23:00:00", "America/New_York");
    let at_half_past_two = timed("2027-03-01T02:30:00", "Europe/Stockholm");
    #[rustfmt::skip]
    let cases = [
        (from("2027-01-04"),             "20270201",         "2027-02-01"), // a date includes its whole day
        (from("2027-01-04"),             "20270201T090000",  "2027-02-01"),
        (from("2027-01-04"),             "20270201T085959",  "2027-01-31"), // too early for that day's occurrence
        (from("2027-01-04"),             "20270201T080000Z", "2027-02-01"), // 09:00 in winter
        (from("2027-01-04"),             "20270201T075959Z", "2027-01-31"),
        (from("2027-01-04"),             "20270701T070000Z", "2027-07-01"), // 09:00 in summer
        (new_year_in_kiritimati.clone(), "20270201T180000Z", "2027-02-02"), // fourteen hours ahead
        (new_year_in_kiritimati.clone(), "20270201T175959Z", "2027-02-01"),
        (late_in_new_york.clone(),       "20270202T040000Z", "2027-02-01"), // five hours behind
        (late_in_new_york,               "20270202T035959Z", "2027-01-31"),
        (at_half_past_two.clone(),       "20270328T013000Z", "2027-03-28"), // shown as 03:30: 02:30 is in the gap
        (at_half_past_two.clone(),       "20270328T012959Z", "2027-03-27"),
        (at_half_past_two.clone(),       "20271031T003000Z", "2027-10-31"), // the first of the two 02:30
        (at_half_past_two,               "20271031T013000Z", "2027-10-31"), // the second
        (all_day("2027-01-04"),          "20270201",         "2027-02-01"),
        (all_day("2027-01-04"),          "20270201T000000Z", "2027-02-01"),
        (all_day("2027-01-04"),          "20270201T120000",  "2027-02-01"),
        (from("2027-01-04"),             "99991231T235959Z", "9999-12-31"), // how calendars say "for ever"
        (new_year_in_kiritimati,         "99991231T235959Z", "9999-12-31"), // where the year 10,000 has begun
    ];
    for (start, until, last) in cases {
        let read = rule(&format!("FREQ=DAILY;UNTIL={until}"), &start).unwrap();
        assert_eq!(read.range, Range::EndDate(last.parse().unwrap()), "{until} from {start:?}");
    }
}

#[test]
fn more_occurrences_than_exchange_counts_to_become_an_end_date() {
    let cases = [
        ("COUNT=999", "FREQ=DAILY;COUNT=999"),
        ("COUNT=1000", "FREQ=DAILY;UNTIL=20290929T070000Z"),
        // No calendar has a date for the last of these: the year would have five digits.
        ("COUNT=4000000000", "FREQ=DAILY"),
    ];
    for (count, expected) in cases {
        assert_eq!(canonical(&format!("FREQ=DAILY;{count}"), &from("2027-01-04")), expected);
    }
}

#[test]
fn r20_a_deleted_occurrence_is_known_by_its_date_in_the_zone_of_the_series() {
    let late_in_new_york = timed("2027-01-01T23:00:00", "America/New_York");
    let early_in_stockholm = timed("2027-01-01T00:30:00", "Europe/Stockholm");
    let at_half_past_two = timed("2027-03-01T02:30:00", "Europe/Stockholm");
    #[rustfmt::skip]
    let cases = [
        (from("2027-01-04"),         "EXDATE:20270301T080000Z",                                 &["2027-03-01"][..]),
        (from("2027-01-04"),         "EXDATE:20270701T070000Z,20270801T070000Z",                &["2027-07-01", "2027-08-01"]),
        (from("2027-01-04"),         "EXDATE:20270701T080000Z",                                 &[]), // that is 10:00
        (from("2027-01-04"),         "EXDATE:20270701T090000",                                  &["2027-07-01"]),
        (from("2027-01-04"),         "exdate;tzid=Europe/Stockholm:20270701t090000",            &["2027-07-01"]),
        (from("2027-01-04"),         "EXDATE;TZID=\"W. Europe Standard Time\":20270701T090000", &["2027-07-01"]), // R05
        (from("2027-01-04"),         "EXDATE;TZID=Europe/London:20270701T080000",               &["2027-07-01"]),
        (from("2027-01-04"),         "EXDATE;X-WHY=\"a:b;c\";VALUE=DATE:20270701",              &["2027-07-01"]),
        (from("2027-01-04"),         "EXDATE;VALUE=DATE-TIME:20260101T090000",                  &[]), // before the series
        (late_in_new_york,           "EXDATE:20270202T040000Z",                                 &["2027-02-01"]),
        (early_in_stockholm,         "EXDATE:20270131T233000Z",                                 &["2027-02-01"]),
        (at_half_past_two.clone(),   "EXDATE:20270328T013000Z",                                 &["2027-03-28"]), // in the gap
        (at_half_past_two.clone(),   "EXDATE;TZID=Europe/Stockholm:20270328T033000",            &["2027-03-28"]), // the same, as shown
        (at_half_past_two,           "EXDATE;TZID=Europe/Stockholm:20271031T023000",            &["2027-10-31"]), // in the fold
        (all_day("2027-01-04"),      "EXDATE;VALUE=DATE:20270301",                              &["2027-03-01"]),
        (all_day("2027-01-04"),      "EXDATE:20270301T000000Z",                                 &["2027-03-01"]),
        (all_day("2027-01-04"),      "EXDATE:20270301T000000\r\nEXDATE:20270302\r\n T000000",   &["2027-03-01", "2027-03-02"]),
    ];
    for (start, line, expected) in cases {
        let (_, excluded) = read(&["RRULE:FREQ=DAILY", line], &start).unwrap();
        let expected: BTreeSet<NaiveDate> = expected.iter().map(|date| date.parse().unwrap()).collect();
        assert_eq!(excluded, expected, "{line} of {start:?}");
    }
}

#[test]
fn lines_that_a_series_in_exchange_cannot_have_are_refused() {
    let not_expressible = |text: &str| Err(Refusal::NotExpressible(text.to_owned()));
    let unreadable = |text: &str| Err(Refusal::Unreadable(text.to_owned()));
    let daily = "RRULE:FREQ=DAILY";
    #[rustfmt::skip]
    let cases = [
        (&[daily, "RDATE:20270105T080000Z"][..],            Ok(())), // an occurrence as it is
        (&[daily, "RDATE:20270105T120000Z"],                not_expressible("RDATE")),
        (&["RRULE:FREQ=WEEKLY", "RDATE:20270105T080000Z"],  not_expressible("RDATE")),
        (&[daily, "RDATE;VALUE=PERIOD:20270105T080000Z/PT1H"], not_expressible("VALUE=PERIOD")),
        (&[daily, daily],                                   not_expressible("RRULE twice")),
        (&[daily, "EXRULE:FREQ=WEEKLY"],                    not_expressible("EXRULE")),
        (&[daily, "DTSTART:20270104T080000Z"],              not_expressible("DTSTART")),
        (&[daily, "EXDATE;TZID=Mars/Olympus:20270105T090000"], not_expressible("Mars/Olympus")),
        (&["EXDATE:20270105T080000Z"],                      unreadable("no RRULE")),
        (&[],                                               unreadable("no RRULE")),
        (&[daily, "EXDATE"],                                unreadable("EXDATE")),
        (&[daily, "EXDATE;TZID:20270105T080000Z"],          unreadable("TZID")),
        (&[daily, "EXDATE:tomorrow"],                       unreadable("tomorrow")),
        (&[daily, "EXDATE:20270105T0800é"],                 unreadable("20270105T0800é")),
        (&["RRULE:FREQ=DA", " ILY", "", "EXDATE:"],         Ok(())), // folded
    ];
    for (lines, expected) in cases {
        assert_eq!(read(lines, &from("2027-01-04")).map(|_| ()), expected, "{lines:?}");
    }
    let noon_of_an_all_day_series = read(&[daily, "EXDATE:20270105T120000Z"], &all_day("2027-01-04"));
    assert_eq!(noon_of_an_all_day_series.map(|_| ()), not_expressible("EXDATE"));
}

#[test]
fn text_of_any_length_is_answered_at_once() {
    let start = from("2027-01-04");
    let exdates = format!("EXDATE:{}", vec!["20270105T080000Z"; 3000].join(","));
    assert!(read(&["RRULE:FREQ=DAILY", &exdates], &start).is_ok());
    let too_long = format!("RRULE:FREQ=DAILY;{}", "X=1;".repeat(100_000));
    assert_eq!(read(&[&too_long], &start), Err(Refusal::Unreadable("too long".into())));
    assert_eq!(read(&vec![""; 100_000], &start), Err(Refusal::Unreadable("too long".into())));
}
