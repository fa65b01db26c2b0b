//! 12 zones x 12 months x single and recurring, timed and all-day: whichever side an event is made on, it keeps its
//! dates and the time on its wall. What each side holds is compared with what chrono-tz says of that zone, and the
//! Exchange is a whole one (the stand-in), so nothing here believes our own words about time.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/line.rs"]
mod line;

use blikk_calendar_sync::event::{Event, Exception, Moment, OriginalDate, Series, When};
use blikk_calendar_sync::recurrence::{Count, Interval, Pattern, Range, Recurrence, WeekDays, Weekday};
use blikk_calendar_sync::sync::port::{Calendar as _, Draft, Observed, Reading};
use blikk_calendar_sync::sync::state::{LinkId, RemoteId};
use blikk_calendar_sync::zone::ZoneId;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use line::{Line, ZONES, event_path, read, servers, updated, wait_for};
use serde_json::{Value, json};

const WEEKS: u64 = 9;

/// One event of the table, in the words of a wall calendar.
#[derive(Clone, Debug)]
struct Entry {
    zone: &'static str,
    first: NaiveDate,
    /// `None`: the whole day.
    at: Option<NaiveTime>,
    is_weekly: bool,
}

/// For every month of 2027 (in Stockholm and in New York, in Beirut, on Lord Howe and in Auckland, the clocks change
/// in some of them): early, late, and the whole day; once, and in nine weeks of which one
/// is cancelled.
fn table(zone: &'static str) -> Vec<Entry> {
    let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
    let mut entries = Vec::new();
    for month in 1..=12 {
        let first = NaiveDate::from_ymd_opt(2027, month, 28).unwrap();
        for at in [None, at(4, 30), at(23, 30)] {
            entries.extend([false, true].map(|is_weekly| Entry { zone, first, at, is_weekly }));
        }
    }
    entries
}

impl Entry {
    fn title(&self) -> String {
        format!("{:?}", (self.zone, self.first, self.at, self.is_weekly))
    }

    fn tz(&self) -> Tz {
        self.zone.parse().unwrap()
    }

    /// The one that is cancelled.
    fn cancelled(&self) -> NaiveDate {
        self.first + Days::new(7 * 3)
    }

    /// The dates on which it takes place.
    fn dates(&self) -> Vec<NaiveDate> {
        let weeks = if self.is_weekly { WEEKS } else { 1 };
        let all = (0..weeks).map(|week| self.first + Days::new(7 * week));
        all.filter(|date| !self.is_weekly || *date != self.cancelled()).collect()
    }

    /// The same as our model has it.
    fn event(&self) -> Event {
        let when = match self.at {
            None => When::all_day(self.first, self.first.succ_opt().unwrap()).unwrap(),
            Some(time) => {
                let local = self.first.and_time(time).and_local_timezone(self.tz()).earliest().unwrap();
                let moment = |at: DateTime<Utc>| Moment::new(at, ZoneId::new(self.zone));
                When::timed(moment(local.to_utc()), moment(local.to_utc() + TimeDelta::minutes(30))).unwrap()
            }
        };
        let mut event = Event::new(self.title(), when);
        if self.is_weekly {
            let mut series = Series::new(Recurrence {
                pattern: Pattern::Weekly {
                    interval: Interval::new(1).unwrap(),
                    days: WeekDays::only(Weekday::ALL[self.first.weekday().num_days_from_monday() as usize]),
                    first_day_of_week: Weekday::Monday,
                },
                range: Range::Numbered(Count::new(WEEKS as u32).unwrap()),
            });
            series.exceptions.insert(OriginalDate(self.cancelled()), Exception::Cancelled);
            event.series = Some(series);
        }
        event
    }

    /// The same as a person fills it in, before she cancels one.
    fn filled_in(&self) -> Value {
        let local = |at: NaiveDateTime| json!({ "dateTime": at.format("%FT%T").to_string(), "timeZone": self.zone });
        let start = self.first.and_time(self.at.unwrap_or(NaiveTime::MIN));
        let end = if self.at.is_some() { start + TimeDelta::minutes(30) } else { start + TimeDelta::days(1) };
        let mut event = json!({ "title": self.title(), "start": local(start), "end": local(end),
            "allDay": self.at.is_none(), "reminderMinutes": null });
        if self.is_weekly {
            event["recurrence"] = json!({ "pattern": "weekly", "count": WEEKS });
        }
        event
    }

    /// Whether what a person sees in Outlook is this, date for date and clock for clock.
    fn assert_seen(&self, seen: &[Value], server: &str) {
        let found: Vec<String> =
            seen.iter().filter(|one| one["title"] == self.title()).map(|one| self.wall(one)).collect();
        let expected: Vec<String> = self.dates().into_iter().map(|date| self.written(date)).collect();
        assert_eq!(found, expected, "{server}: {}", self.title());
    }

    fn written(&self, date: NaiveDate) -> String {
        let (next, time) = (date.succ_opt().unwrap(), self.at);
        time.map_or_else(|| format!("{date} to {next}"), |time| format!("{date} {time}"))
    }

    /// What the wall beside it shows when it begins.
    fn wall(&self, seen: &Value) -> String {
        let text = |value: &Value| value.as_str().unwrap_or("nothing").to_owned();
        if self.at.is_none() {
            return format!("{} to {}", text(&seen["start"]["date"]), text(&seen["end"]["date"]));
        }
        let at: DateTime<Utc> = text(&seen["start"]["dateTime"]).parse().unwrap();
        at.with_timezone(&self.tz()).format("%F %T").to_string()
    }
}

fn seen_in_outlook(line: &Line) -> Vec<Value> {
    let view = line.outlook("GET", "events?from=2026-12-01T00:00:00Z&to=2028-04-01T00:00:00Z", &Value::Null);
    view["items"].as_array().unwrap().clone()
}

fn all_created(line: &Line, entries: &[Entry]) -> Vec<Observed> {
    let draft = |(number, entry): (usize, &Entry)| Draft {
        link: LinkId::new(format!("{number:032x}")),
        counterpart: RemoteId::new(number.to_string()),
        uid: None,
        event: entry.event(),
    };
    let drafts: Vec<Draft> = entries.iter().enumerate().map(draft).collect();
    let home = line.calendar_of_somebody_in(entries[0].zone);
    wait_for(home.create(&drafts)).unwrap().into_iter().map(Result::unwrap).collect()
}

#[test]
fn what_is_made_in_blikk_keeps_its_dates_and_its_clock_in_twelve_zones_and_twelve_months() {
    for (name, server) in servers() {
        for zone in ZONES {
            let (line, entries) = (Line::to(server.clone()), table(zone));
            let held = all_created(&line, &entries);
            for (entry, held) in entries.iter().zip(held) {
                assert_eq!(held.content, Ok(entry.event()), "{name}");
            }
            let seen = seen_in_outlook(&line);
            entries.iter().for_each(|entry| entry.assert_seen(&seen, name));
        }
    }
}

#[test]
fn what_is_made_in_outlook_keeps_its_dates_and_its_clock_in_twelve_zones_and_twelve_months() {
    // The reader lives elsewhere: it is the event's own zone that counts.
    let homes = ["Europe/Stockholm", "Pacific/Kiritimati", "Etc/GMT+12"];
    for (name, server) in servers() {
        for (zone, home) in ZONES.into_iter().zip(homes.into_iter().cycle()) {
            let (line, entries) = (Line::to(server.clone()), table(zone));
            let add =
                |entry: &Entry| line.outlook("POST", "events", &entry.filled_in())["id"].as_str().unwrap().to_owned();
            let ids: Vec<RemoteId> = entries.iter().map(add).map(RemoteId::new).collect();
            for one in seen_in_outlook(&line) {
                let entry = entries.iter().find(|entry| entry.title() == one["title"]).unwrap();
                if entry.is_weekly && entry.wall(&one) == entry.written(entry.cancelled()) {
                    line.outlook("DELETE", &event_path(one["id"].as_str().unwrap()), &Value::Null);
                }
            }
            let found = wait_for(line.calendar_of_somebody_in(home).read(&ids)).unwrap();
            for (entry, reading) in entries.iter().zip(found) {
                let Reading::Found(observed) = reading else { panic!("{name}: {reading:?}") };
                let event = observed.content.unwrap();
                assert!(event.when.is_same_time_as(&entry.event().when), "{name}: {event:?}");
                assert_eq!(event.series, entry.event().series, "{name}: {}", entry.title());
            }
        }
    }
}

/// An event that is moved goes on to belong to its zone: attendees far away would otherwise be invited in UTC, and a
/// series would drift by an hour when the clocks change.
#[test]
fn r07_an_event_that_is_moved_stays_in_the_zone_that_it_was_made_in() {
    let entry = Entry {
        zone: "America/New_York",
        first: NaiveDate::from_ymd_opt(2027, 3, 1).unwrap(),
        at: NaiveTime::from_hms_opt(9, 0, 0),
        is_weekly: true,
    };
    for (name, server) in servers() {
        let line = Line::to(server);
        let mut made = entry.filled_in();
        made["attendees"] = json!([{ "name": "Kund", "email": "kund@kund.example" }]);
        let id = RemoteId::new(line.outlook("POST", "events", &made)["id"].as_str().unwrap());
        let Reading::Found(held) = wait_for(line.calendar().read(std::slice::from_ref(&id))).unwrap().remove(0) else {
            panic!("{name}: it is there")
        };
        let mut later = held.content.clone().unwrap();
        let When::Timed(span) = &later.when else { unreachable!() };
        let shift = |moment: &Moment| Moment::new(moment.instant() + TimeDelta::hours(1), moment.zone().clone());
        later.when = When::timed(shift(span.start()), shift(span.end())).unwrap();
        let held = updated(&line, &held, &later).unwrap();
        assert_eq!(read(&line, &held), later, "{name}");

        let series = line.outlook("GET", &event_path(id.as_str()), &Value::Null);
        for end in ["start", "end"] {
            assert_eq!(series[end]["timeZone"], "America/New_York", "{name}");
        }
        let moved = Entry { at: NaiveTime::from_hms_opt(10, 0, 0), ..entry.clone() };
        let clocks: Vec<String> = seen_in_outlook(&line).iter().map(|one| moved.wall(one)).collect();
        assert!(clocks.iter().all(|clock| clock.ends_with("10:00:00")), "{name}: {clocks:?}");
        assert!(line.server.outbox().is_empty(), "{name}: nobody gets mail");
        let update = line.writes().pop().unwrap();
        assert!(update.contains("<t:StartTimeZone Id=\"Eastern Standard Time\"/>"), "{name}: {update}");

        // Who only gives it another name says nothing about time at all.
        let mut renamed = later.clone();
        renamed.title = "Annat".into();
        updated(&line, &held, &renamed).unwrap();
        let update = line.writes().pop().unwrap();
        assert!(!update.contains("TimeZone") && !update.contains("<t:Start>"), "{name}: {update}");
    }
}
