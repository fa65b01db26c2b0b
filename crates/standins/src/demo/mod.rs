//! The demo's people and their weeks: a Swedish consultancy, seen from Exchange and from Blikk before they first meet.
//!
//! Times are said in weeks around a Monday, so that there is always a past, a present and a future; what belongs to a
//! date (midsummer, the night when the clock is set forward) stands on its date in 2027.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Europe::Stockholm;

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
    pub in_blikk: Vec<NewEvent>,
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
            in_blikk: blikk::annas(weeks).into_iter().map(|entry| entry.0).collect(),
            ..colleague("Anna Åkesson", "anna.akesson@konsult.example")
        },
        Colleague {
            in_exchange: exchange::bjorns(weeks).into_iter().map(|entry| entry.0).collect(),
            in_blikk: blikk::bjorns(weeks).into_iter().map(|entry| entry.0).collect(),
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

    use super::*;

    fn today() -> DateTime<Utc> {
        "2027-02-18T10:00:00Z".parse().expect("an instant")
    }

    fn all() -> (Vec<NewEvent>, Vec<NewEvent>) {
        let colleagues = colleagues(today());
        let exchange = colleagues.iter().flat_map(|colleague| colleague.in_exchange.clone()).collect();
        let blikk = colleagues.iter().flat_map(|colleague| colleague.in_blikk.clone()).collect();
        (exchange, blikk)
    }

    #[test]
    fn there_are_about_35_events_in_exchange_and_30_in_blikk() {
        let (exchange, blikk) = all();
        assert!((33..=38).contains(&exchange.len()), "{}", exchange.len());
        assert!((28..=33).contains(&blikk.len()), "{}", blikk.len());
    }

    #[test]
    fn no_two_events_of_a_person_have_the_same_title() {
        for colleague in colleagues(today()) {
            let titles = colleague.in_exchange.iter().chain(&colleague.in_blikk).map(|event| event.title.clone());
            let titles: Vec<_> = titles.collect();
            assert_eq!(titles.iter().collect::<BTreeSet<_>>().len(), titles.len(), "{}", colleague.name);
        }
    }

    #[test]
    fn the_hard_cases_are_on_both_sides() {
        let (exchange, blikk) = all();
        for side in [&exchange, &blikk] {
            let text: String = side.iter().map(|event| format!("{:?}{:?}", event.title, event.body)).collect();
            for hard in ["å", "ä", "ö", "&", "<", ">", "\\\""] {
                assert!(text.contains(hard), "{hard}");
            }
            assert!(text.chars().any(|character| character > '\u{1F000}'), "an emoji");
            assert!(side.iter().any(|event| event.all_day == Some(true)));
            assert!(side.iter().any(|event| event.visibility.as_deref() == Some("private")));
            let crosses = |event: &NewEvent| match (&event.start, &event.end) {
                (Some(Time::Moment { date_time: start, .. }), Some(Time::Moment { date_time: end, .. })) => {
                    start.as_str() < "2027-03-28T01:00:00Z" && end.as_str() > "2027-03-28T01:00:00Z"
                }
                _ => false,
            };
            assert!(side.iter().any(crosses), "the night when the clock is set forward");
        }
        assert!(exchange.iter().any(|event| event.recurrence.is_some()));
        assert!(exchange.iter().any(|event| event.attendees.is_some()));
    }

    #[test]
    fn weeks_are_counted_from_the_monday_in_stockholm() {
        let late_sunday: DateTime<Utc> = "2027-02-21T23:30:00Z".parse().expect("an instant");
        let (early, late) = (colleagues(today()), colleagues(late_sunday));
        assert_ne!(early[0].in_exchange[0].start, late[0].in_exchange[0].start, "it is Monday in Stockholm already");
    }
}
