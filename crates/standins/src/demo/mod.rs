//! The demo's people and their weeks: a Swedish consultancy, seen from Exchange and from Blikk before they first meet.
//!
//! Times are said in weeks around a Monday, so that there is always a past, a present and a future; what belongs to a
//! date (midsummer, the night when the clock is set forward) stands on its date in 2027.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Europe::Stockholm;
use serde_json::Value;

use crate::exchange::{NewEvent, Pattern, PersonName, Series, Time};

mod blikk;
mod exchange;

/// Somebody of the consultancy, with what stands in both calendars.
#[derive(Clone, Debug, PartialEq)]
pub struct Colleague {
    pub name: &'static str,
    pub email: &'static str,
    pub is_admin: bool,
    pub in_exchange: Vec<NewEvent>,
    /// As a POST of Blikk's contract takes it.
    pub in_blikk: Vec<Value>,
}

/// Everybody, with the weeks around `today`.
pub fn colleagues(today: DateTime<Utc>) -> Vec<Colleague> {
    let date = today.with_timezone(&Stockholm).date_naive();
    let monday = date - Days::new(date.weekday().num_days_from_monday().into());
    let weeks = Weeks { monday };
    let colleague =
        |name, email| Colleague { name, email, is_admin: false, in_exchange: Vec::new(), in_blikk: Vec::new() };
    vec![
        Colleague {
            in_exchange: exchange::annas(weeks).into_iter().map(|entry| entry.0).collect(),
            in_blikk: blikk::annas(weeks),
            ..colleague("Anna Åkesson", "anna.akesson@konsult.example")
        },
        Colleague {
            in_exchange: exchange::bjorns(weeks).into_iter().map(|entry| entry.0).collect(),
            in_blikk: blikk::bjorns(weeks),
            ..colleague("Björn Östlund", "bjorn.ostlund@konsult.example")
        },
        Colleague { is_admin: true, ..colleague("Karin Admin", "karin.admin@konsult.example") },
    ]
}

/// The weeks around a Monday.
#[derive(Clone, Copy)]
struct Weeks {
    monday: NaiveDate,
}

/// Days of the week, as offsets from Monday.
const MON: i64 = 0;
const TUE: i64 = 1;
const WED: i64 = 2;
const THU: i64 = 3;
const FRI: i64 = 4;
const SAT: i64 = 5;

impl Weeks {
    fn day(self, week: i64, day: i64) -> NaiveDate {
        self.monday + TimeDelta::days(7 * week + day)
    }

    /// On a day of this week (0), the last one (-1), the next one (1)..., `("09:00", "10:30")` on the wall.
    fn timed(self, week: i64, day: i64, (from, to): (&str, &str), title: &str) -> Entry {
        timed(self.day(week, day), from, self.day(week, day), to, title)
    }

    /// From that day, for so many days.
    fn whole_days(self, week: i64, day: i64, days: u64, title: &str) -> Entry {
        whole_days(self.day(week, day), days, title)
    }
}

/// On dates of 2027 that will not move.
fn on_2027(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, month, day).unwrap_or_default()
}

fn timed(first: NaiveDate, from: &str, last: NaiveDate, to: &str, title: &str) -> Entry {
    let moment = |date: NaiveDate, clock: &str| {
        let clock = NaiveTime::parse_from_str(clock, "%H:%M").unwrap_or_default();
        let instant = Stockholm.from_local_datetime(&date.and_time(clock)).earliest();
        let instant = instant.map(|instant| instant.to_utc()).unwrap_or_default();
        let date_time = instant.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        Some(Time::Moment { date_time, time_zone: Stockholm.name().to_owned() })
    };
    Entry(NewEvent {
        title: Some(title.to_owned()),
        start: moment(first, from),
        end: moment(last, to),
        reminder_minutes: Some(Some(15)),
        ..NewEvent::default()
    })
}

fn whole_days(first: NaiveDate, days: u64, title: &str) -> Entry {
    Entry(NewEvent {
        title: Some(title.to_owned()),
        start: Some(Time::Date { date: first }),
        end: Some(Time::Date { date: first + Days::new(days) }),
        all_day: Some(true),
        status: Some("free".to_owned()),
        reminder_minutes: Some(None),
        ..NewEvent::default()
    })
}

/// An event in the making.
#[derive(Default)]
struct Entry(NewEvent);

impl Entry {
    fn at(mut self, place: &str) -> Self {
        self.0.place = Some(place.to_owned());
        self
    }

    fn saying(mut self, body: &str) -> Self {
        self.0.body = Some(body.to_owned());
        self
    }

    fn status(mut self, status: &str) -> Self {
        self.0.status = Some(status.to_owned());
        self
    }

    fn visible_as(mut self, visibility: &str) -> Self {
        self.0.visibility = Some(visibility.to_owned());
        self
    }

    fn reminder(mut self, minutes: impl Into<Option<u32>>) -> Self {
        self.0.reminder_minutes = Some(minutes.into());
        self
    }

    fn categories(mut self, categories: &[&str]) -> Self {
        self.0.categories = Some(categories.iter().map(|category| (*category).to_owned()).collect());
        self
    }

    fn with(mut self, people: &[(&str, &str)]) -> Self {
        self.0.attendees = Some(people.iter().map(|(name, email)| person(name, email)).collect());
        self
    }

    fn called_by(mut self, name: &str, email: &str) -> Self {
        self.0.organizer = Some(person(name, email));
        self
    }

    fn every_week_on(mut self, days: &[&str]) -> Self {
        let days_of_week = days.iter().map(|day| (*day).to_owned()).collect();
        self.0.recurrence =
            Some(Series { pattern: Pattern::Weekly, interval: 1, days_of_week, count: None, until: None });
        self
    }
}

fn person(name: &str, email: &str) -> PersonName {
    PersonName { name: name.to_owned(), email: email.to_owned(), role: None, answer: None }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    fn today() -> DateTime<Utc> {
        "2027-02-18T10:00:00Z".parse().expect("an instant")
    }

    /// Both sides as JSON, which is alike but for who comes and how it repeats.
    fn all() -> [Vec<Value>; 2] {
        let colleagues = colleagues(today());
        let exchange = colleagues.iter().flat_map(|colleague| &colleague.in_exchange).map(|event| json!(event));
        let blikk = colleagues.iter().flat_map(|colleague| colleague.in_blikk.clone());
        [exchange.collect(), blikk.collect()]
    }

    #[test]
    fn there_are_about_35_events_on_each_side() {
        for side in all() {
            assert!((32..=38).contains(&side.len()), "{}", side.len());
        }
    }

    #[test]
    fn no_two_events_of_a_person_have_the_same_title() {
        for colleague in colleagues(today()) {
            let titles = colleague.in_exchange.iter().filter_map(|event| event.title.as_deref());
            let titles: Vec<&str> =
                titles.chain(colleague.in_blikk.iter().filter_map(|event| event["title"].as_str())).collect();
            assert_eq!(titles.iter().collect::<BTreeSet<_>>().len(), titles.len(), "{}", colleague.name);
        }
    }

    #[test]
    fn the_hard_cases_are_on_both_sides() {
        for side in all() {
            let text: String = side.iter().map(|event| format!("{:?}{:?}", event["title"], event["body"])).collect();
            for hard in ["å", "ä", "ö", "&", "<", ">", "\\\""] {
                assert!(text.contains(hard), "{hard}");
            }
            assert!(text.chars().any(|character| character > '\u{1F000}'), "an emoji");
            assert!(side.iter().any(|event| event["allDay"] == true));
            assert!(side.iter().any(|event| event["visibility"] == "private"));
            assert!(side.iter().any(|event| event.get("recurrence").is_some()), "a series");
            let crosses = |event: &Value| match (event["start"]["dateTime"].as_str(), event["end"]["dateTime"].as_str())
            {
                (Some(start), Some(end)) => start < "2027-03-28T01:00:00Z" && end > "2027-03-28T01:00:00Z",
                _ => false,
            };
            assert!(side.iter().any(crosses), "the night when the clock is set forward");
        }
        let [exchange, _] = all();
        assert!(exchange.iter().any(|event| event.get("attendees").is_some()));
    }

    #[cfg(all(feature = "server", not(target_arch = "wasm32")))]
    #[test]
    fn blikk_takes_all_of_it_whatever_day_it_is() {
        let first: DateTime<Utc> = "2027-01-01T10:00:00Z".parse().expect("an instant");
        for day in 0..800 {
            for event in colleagues(first + TimeDelta::days(day)).into_iter().flat_map(|colleague| colleague.in_blikk) {
                let read = crate::blikk::event::NewEvent::read(&event);
                assert!(read.is_ok(), "{}: {event}", read.expect_err("refused"));
            }
        }
    }

    #[test]
    fn weeks_are_counted_from_the_monday_in_stockholm() {
        let late_sunday: DateTime<Utc> = "2027-02-21T23:30:00Z".parse().expect("an instant");
        let (early, late) = (colleagues(today()), colleagues(late_sunday));
        assert_ne!(early[0].in_exchange[0].start, late[0].in_exchange[0].start, "it is Monday in Stockholm already");
    }
}
