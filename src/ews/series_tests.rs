//! Series as Exchange tells them, and what it has to be told.

use std::collections::BTreeMap;

use super::*;
use crate::event::{Reminder, Start, When};
use crate::ews::envelope::read;
use crate::ews::item::changes;
use crate::ews::mapping::{event_of, wire};
use crate::ews::operation::get_item::GetItem;
use crate::recurrence::{DayInterval, Interval, Pattern, Range, WeekDays, Weekday};
use crate::zone::IanaRules;

fn date(text: &str) -> OriginalDate {
    OriginalDate(text.parse().unwrap())
}

fn items(items: &str) -> Vec<CalendarItem> {
    let answer = format!(
        "<Envelope><Body><GetItemResponse><ResponseMessages><GetItemResponseMessage ResponseClass='Success'>\
         <ResponseCode>NoError</ResponseCode><Items>{items}</Items></GetItemResponseMessage></ResponseMessages>\
         </GetItemResponse></Body></Envelope>"
    );
    read::<GetItem>(answer.as_bytes()).unwrap().messages.remove(0).unwrap()
}

/// What the first of these items becomes for a person in Stockholm; the others are its exceptions.
fn event(text: &str) -> Event {
    let mut items = items(text);
    let mut master = items.remove(0);
    let zone = ZoneId::new("Europe/Stockholm");
    event_of(&mut master, items, &Place::new(&zone, &IanaRules)).unwrap()
}

fn weekly_on_mondays() -> Recurrence {
    Recurrence {
        pattern: Pattern::Weekly {
            interval: Interval::new(1).unwrap(),
            days: WeekDays::only(Weekday::Monday),
            first_day_of_week: Weekday::Monday,
        },
        range: Range::NoEnd,
    }
}

const MONDAYS: &str = "<Recurrence><WeeklyRecurrence><Interval>1</Interval><DaysOfWeek>Monday</DaysOfWeek>\
    <FirstDayOfWeek>Monday</FirstDayOfWeek></WeeklyRecurrence><NoEndRecurrence><StartDate>2027-03-01</StartDate>\
    </NoEndRecurrence></Recurrence>";

/// Mondays at 09:00 in Stockholm from 1 March 2027, over the change to summer time on the 28th.
fn mondays(told: &str) -> String {
    format!(
        "<CalendarItem><Subject>Planering</Subject><Start>2027-03-01T08:00:00Z</Start><End>2027-03-01T09:00:00Z</End>\
         <CalendarItemType>RecurringMaster</CalendarItemType>{MONDAYS}{told}\
         <StartTimeZone Id='W. Europe Standard Time'/></CalendarItem>"
    )
}

fn exception(fields: &str) -> String {
    format!(
        "<CalendarItem><Subject>Planering</Subject>{fields}<StartTimeZone Id='W. Europe Standard Time'/></CalendarItem>"
    )
}

#[test]
fn scenario_15_each_exception_belongs_to_the_date_that_the_rule_gave_it() {
    let told = "<ModifiedOccurrences>\
        <Occurrence><ItemId Id='a'/><Start>2027-03-16T08:00:00Z</Start><OriginalStart>2027-03-15T08:00:00Z</OriginalStart></Occurrence>\
        <Occurrence><ItemId Id='b'/><Start>2027-04-05T07:00:00Z</Start><OriginalStart>2027-04-05T07:00:00Z</OriginalStart></Occurrence>\
        </ModifiedOccurrences><DeletedOccurrences>\
        <DeletedOccurrence><Start>2027-03-29T07:00:00Z</Start></DeletedOccurrence>\
        <DeletedOccurrence><Start>2027-03-30T07:00:00Z</Start></DeletedOccurrence></DeletedOccurrences>";
    let moved = exception("<Start>2027-03-16T08:00:00Z</Start><End>2027-03-16T09:00:00Z</End>");
    let elsewhere =
        exception("<Start>2027-04-05T07:00:00Z</Start><End>2027-04-05T08:00:00Z</End><Location>Rum 2</Location>");
    let event = event(&[mondays(told), moved, elsewhere].concat());
    let series = event.series.unwrap();
    assert_eq!(series.recurrence, weekly_on_mondays());
    let Exception::Changed(moved) = &series.exceptions[&date("2027-03-15")] else { panic!("not moved") };
    assert_eq!(moved.when.as_ref().unwrap().first_date(&IanaRules).unwrap().to_string(), "2027-03-16");
    let Exception::Changed(elsewhere) = &series.exceptions[&date("2027-04-05")] else { panic!("not changed") };
    assert_eq!(
        (elsewhere.place.as_deref(), &elsewhere.when),
        (Some("Rum 2"), &None),
        "still at 09:00, an hour earlier in UTC"
    );
    assert_eq!(series.exceptions[&date("2027-03-29")], Exception::Cancelled);
    assert_eq!(series.exceptions.len(), 3, "30 March is no Monday, so nothing was deleted there");
}

#[test]
fn r04_the_exceptions_of_an_all_day_series_are_told_by_its_own_midnights() {
    let all_day = |zone: &str, start: &str, end: &str, deleted: &str| {
        format!(
            "<CalendarItem><Start>{start}</Start><End>{end}</End><IsAllDayEvent>true</IsAllDayEvent>{MONDAYS}\
             <DeletedOccurrences><DeletedOccurrence><Start>{deleted}</Start></DeletedOccurrence></DeletedOccurrences>\
             <StartTimeZone Id='{zone}'/></CalendarItem>"
        )
    };
    #[rustfmt::skip]
    let cases = [
        // zone                         first midnight          its end                 the midnight of 29 March
        ("W. Europe Standard Time",    "2027-02-28T23:00:00Z", "2027-03-01T23:00:00Z", "2027-03-28T22:00:00Z"),
        ("Eastern Standard Time",      "2027-03-01T05:00:00Z", "2027-03-02T05:00:00Z", "2027-03-29T04:00:00Z"),
        ("Line Islands Standard Time", "2027-02-28T10:00:00Z", "2027-03-01T10:00:00Z", "2027-03-28T10:00:00Z"),
        ("Dateline Standard Time",     "2027-03-01T12:00:00Z", "2027-03-02T12:00:00Z", "2027-03-29T12:00:00Z"),
    ];
    for (zone, start, end, deleted) in cases {
        let event = event(&all_day(zone, start, end, deleted));
        let exceptions = event.series.unwrap().exceptions;
        assert_eq!(exceptions, BTreeMap::from([(date("2027-03-29"), Exception::Cancelled)]), "{zone}");
    }
}

#[test]
fn r26_a_series_that_starts_on_a_day_without_occurrence_begins_with_its_first_one() {
    let text = mondays("")
        .replace("<Start>2027-03-01T08", "<Start>2027-02-25T08")
        .replace("<End>2027-03-01", "<End>2027-02-25");
    assert_eq!(event(&text), event(&mondays("")));
}

#[test]
fn scenario_13_an_occurrence_after_the_change_of_the_clock_starts_at_the_same_time_of_day() {
    let all = event(&mondays(""));
    #[rustfmt::skip]
    let cases = [("2027-03-22", "2027-03-22T08:00:00Z"), ("2027-03-29", "2027-03-29T07:00:00Z"), ("2027-11-01", "2027-11-01T08:00:00Z")];
    for (day, start) in cases {
        let occurrence = occurrence(&all, None, date(day), &IanaRules).unwrap();
        assert_eq!(occurrence.when.start(), Start::At(start.parse().unwrap()), "{day}");
    }
}

fn with(edit: impl FnOnce(&mut BTreeMap<OriginalDate, Exception>)) -> Event {
    let mut event = event(&mondays(""));
    edit(&mut event.series.as_mut().unwrap().exceptions);
    event
}

fn changed(title: &str) -> Exception {
    Exception::Changed(Box::new(Changes { title: Some(title.into()), ..Changes::default() }))
}

#[test]
fn r17_a_step_names_its_occurrence_by_a_number_that_counts_the_deleted_ones() {
    let before = with(|exceptions| {
        exceptions.insert(date("2027-03-08"), Exception::Cancelled);
        exceptions.insert(date("2027-03-22"), changed("Planering A"));
        exceptions.insert(date("2027-04-05"), changed("Planering B"));
    });
    let after = with(|exceptions| {
        exceptions.insert(date("2027-03-08"), Exception::Cancelled);
        exceptions.insert(date("2027-03-15"), changed("Ny"));
        exceptions.insert(date("2027-03-22"), changed("Planering A"));
        exceptions.insert(date("2027-04-12"), Exception::Cancelled);
        exceptions.insert(date("2027-04-13"), Exception::Cancelled);
    });
    let said: Vec<String> = steps(&before, &after, &IanaRules)
        .into_iter()
        .map(|step| {
            let act = match step.act {
                Act::Cancel => "cancel".to_owned(),
                Act::Change { before, after } => format!("{} -> {}", before.title, after.title),
            };
            format!("{} {}: {act}", step.index, step.date.0)
        })
        .collect();
    assert_eq!(
        said,
        ["3 2027-03-15: Planering -> Ny", "6 2027-04-05: Planering B -> Planering", "7 2027-04-12: cancel"]
    );
}

#[test]
fn what_makes_exchange_forget_and_what_only_forgetting_brings_back_is_known() {
    let before = with(|exceptions| {
        exceptions.insert(date("2027-03-08"), Exception::Cancelled);
    });
    let edited = |edit: &dyn Fn(&mut Event)| {
        let mut after = before.clone();
        edit(&mut after);
        after
    };
    let later = |event: &mut Event| event.when = event.when.on_date(date("2027-03-08").0, &IanaRules).unwrap();
    let daily = |event: &mut Event| {
        let pattern = Pattern::Daily { interval: DayInterval::new(1).unwrap() };
        event.series.as_mut().unwrap().recurrence.pattern = pattern;
    };
    let one_more = |event: &mut Event| {
        event.series.as_mut().unwrap().exceptions.insert(date("2027-03-15"), Exception::Cancelled);
    };
    #[rustfmt::skip]
    let cases: [(&str, Event, bool, bool); 6] = [
        // what                        after                                                                forgets  brings back
        ("nothing",                    before.clone(),                                                       false,  false),
        ("title",                      edited(&|event| event.title = "Annat".into()),                        false,  false),
        ("one more is cancelled",      edited(&one_more),                                                    false,  false),
        ("a cancelled one is back",    edited(&|event| event.series.as_mut().unwrap().exceptions.clear()),   false,  true),
        ("first date",                 edited(&later),                                                       true,   false),
        ("rule",                       edited(&daily),                                                       true,   false),
    ];
    for (what, after, forgets, is_back) in cases {
        assert_eq!((makes_forget(&before, &after), brings_back(&before, &after)), (forgets, is_back), "{what}");
    }
}

#[test]
fn a_series_moved_or_ruled_otherwise_is_written_zones_first_and_rule_last() {
    let zone = ZoneId::new("Europe/Stockholm");
    let place = Place::new(&zone, &IanaRules);
    let before = event(&mondays(""));
    let written = |after: &Event| {
        let changes = changes(&wire(&before, None, &place).unwrap(), &wire(after, None, &place).unwrap());
        changes.iter().map(|change| format!("{change:?}").replace("calendar:", "")).collect::<Vec<_>>().join(", ")
    };
    let mut moved = before.clone();
    moved.when = moved.when.on_date(date("2027-03-08").0, &IanaRules).unwrap();
    assert_eq!(
        written(&moved),
        "set StartTimeZone, set EndTimeZone, set Start, set End, set IsAllDayEvent, set Recurrence"
    );
    let mut single = before.clone();
    single.series = None;
    assert_eq!(written(&single), "delete Recurrence");
    let mut ends = before.clone();
    ends.series.as_mut().unwrap().recurrence.range = Range::EndDate(date("2027-06-28").0);
    ends.reminder = Some(Reminder { minutes_before_start: 5 });
    assert_eq!(written(&ends), "set Recurrence, set item:ReminderIsSet, set item:ReminderMinutesBeforeStart");
}

#[test]
fn a_series_in_a_zone_like_no_windows_zone_is_refused_and_a_single_event_there_is_not() {
    let zone = ZoneId::new("Europe/Stockholm");
    let place = Place::new(&zone, &IanaRules);
    let mut all = event(&mondays(""));
    let When::Timed(span) = &all.when else { panic!("timed") };
    let in_troll =
        |moment: &crate::event::Moment| crate::event::Moment::new(moment.instant(), ZoneId::new("Antarctica/Troll"));
    all.when = When::timed(in_troll(span.start()), in_troll(span.end())).unwrap();
    let problem = wire(&all, None, &place).unwrap_err();
    assert_eq!(problem.code, crate::problem::Code::EventZoneUnknown);
    all.series = None;
    assert_eq!(wire(&all, None, &place).unwrap().start, "2027-03-01T08:00:00Z".parse::<DateTime<Utc>>().unwrap());
}
