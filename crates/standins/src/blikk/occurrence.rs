//! What takes place in a period: single events, and the occurrences of series (pure).
//!
//! This is Blikk's own page's affair and no part of the contract: the synchronisation never asks for an occurrence.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use serde::Serialize;

use super::event::{CalendarEvent, ChangedOccurrence, Fields, Moment};
use super::layout::{Layout, moment_on_the_wall, on_the_wall};

/// An event as it takes place once, for the page to show.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Occurrence {
    #[serde(flatten)]
    pub event: CalendarEvent,
    /// By which a series knows it; `null`: it is no occurrence of a series.
    pub original_start: Option<Moment>,
    /// Whether it departs from its series.
    pub is_changed: bool,
}

/// Half open, in time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Period {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

impl Period {
    /// As in the list of events: what ends at `from` is over, unless it lasts no time at all.
    fn has(self, fields: &Fields) -> bool {
        let (start, end) = (fields.start.instant(), fields.end.instant());
        start < self.to && (end > self.from || (start == end && end == self.from))
    }

    /// All readings of the wall clock, anywhere in the world, at which something so long may begin that is there in
    /// the period.
    fn on_walls(self, length: TimeDelta) -> (NaiveDateTime, NaiveDateTime) {
        let a_day = TimeDelta::days(1);
        (self.from.naive_utc() - length - a_day, self.to.naive_utc() + a_day)
    }
}

/// How `event` takes place in the period, in order.
pub(super) fn occurrences(event: &CalendarEvent, period: Period) -> Vec<Occurrence> {
    let Some(lines) = &event.fields.recurrence else {
        let once = Occurrence { event: event.clone(), original_start: None, is_changed: false };
        return if period.has(&event.fields) { vec![once] } else { Vec::new() };
    };
    // What was stored was checked.
    let Ok(layout) = Layout::read(lines, &event.fields.start) else { return Vec::new() };
    let changed: Vec<(NaiveDate, &ChangedOccurrence)> = event
        .fields
        .exceptions
        .iter()
        .filter_map(|exception| Some((layout.date_of(&exception.original_start)?, exception)))
        .collect();
    let length = event.fields.end.instant() - event.fields.start.instant();
    let (from, to) = period.on_walls(length);
    let as_ruled = layout
        .between(from, to)
        .into_iter()
        .filter(|local| changed.iter().all(|(date, _)| *date != local.date()))
        .map(|local| (ruled(&event.fields, local), local, false));
    let otherwise = changed.iter().filter_map(|(date, exception)| {
        let local = layout.on(*date)?;
        // Its members were checked when they were sent.
        Some((ruled(&event.fields, local).with("", &exception.members).ok()?, local, true))
    });
    let mut found: Vec<Occurrence> = as_ruled
        .chain(otherwise)
        .filter(|(fields, ..)| period.has(fields))
        .map(|(fields, local, is_changed)| Occurrence {
            event: CalendarEvent { fields, ..event.clone() },
            original_start: Some(moment_on_the_wall(local, &event.fields.start)),
            is_changed,
        })
        .collect();
    found.sort_by_key(|occurrence| occurrence.event.fields.start.instant());
    found
}

/// The occurrence that begins then by the rule: as long as the first one, whatever the clock does meanwhile.
fn ruled(series: &Fields, local: NaiveDateTime) -> Fields {
    let start = moment_on_the_wall(local, &series.start);
    let end = match (&series.end, &start) {
        (Moment::At { time_zone, .. }, _) => Moment::At {
            date_time: start.instant() + (series.end.instant() - series.start.instant()),
            time_zone: time_zone.clone(),
        },
        (Moment::On { .. }, _) => {
            let length = on_the_wall(&series.end) - on_the_wall(&series.start);
            Moment::On { date: (local + length).date() }
        }
    };
    Fields { start, end, recurrence: None, exceptions: Vec::new(), ..series.clone() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::blikk::event::NewEvent;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn event(json: &Value) -> CalendarEvent {
        let NewEvent { external_id, fields } = NewEvent::read(json).expect("good");
        let now = instant("2027-01-01T00:00:00Z");
        let (object_name, id, version) = ("calendarEvent".to_owned(), "1".to_owned(), "1".to_owned());
        CalendarEvent { object_name, id, version, external_id, fields, created_at: now, changed_at: now }
    }

    fn lines(event: &CalendarEvent, from: &str, to: &str) -> Vec<String> {
        let line = |occurrence: &Occurrence| {
            let Fields { title, start, .. } = &occurrence.event.fields;
            format!("{title} {}{}", start.instant().format("%F %R"), if occurrence.is_changed { " *" } else { "" })
        };
        occurrences(event, Period { from: instant(from), to: instant(to) }).iter().map(line).collect()
    }

    fn stand_up(exceptions: Value) -> CalendarEvent {
        event(&json!({
            "title": "Stand-up",
            "start": {"dateTime": "2027-03-22T08:00:00Z", "timeZone": "Europe/Stockholm"},
            "end": {"dateTime": "2027-03-22T08:15:00Z", "timeZone": "Europe/Stockholm"},
            "recurrence": [
                "RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR;UNTIL=20270402T070000Z",
                "EXDATE;TZID=Europe/Stockholm:20270324T090000",
                "RDATE:20270327T100000Z",
            ],
            "exceptions": exceptions,
        }))
    }

    #[test]
    fn nine_stays_nine_when_summer_time_begins_and_cancelled_ones_do_not_take_place() {
        assert_eq!(
            lines(&stand_up(json!([])), "2027-03-01T00:00:00Z", "2027-05-01T00:00:00Z"),
            [
                "Stand-up 2027-03-22 08:00",
                "Stand-up 2027-03-26 08:00",
                "Stand-up 2027-03-27 10:00",
                "Stand-up 2027-03-29 07:00",
                "Stand-up 2027-03-31 07:00",
                "Stand-up 2027-04-02 07:00",
            ]
        );
    }

    #[test]
    fn a_moved_occurrence_is_found_where_it_is_and_not_where_it_was() {
        let series = stand_up(json!([{
            "originalStart": {"dateTime": "2027-03-29T07:00:00Z", "timeZone": "Europe/Stockholm"},
            "title": "Stand-up i Åre",
            "start": {"dateTime": "2027-03-21T12:00:00Z", "timeZone": "Europe/Stockholm"},
            "end": {"dateTime": "2027-03-21T12:15:00Z", "timeZone": "Europe/Stockholm"},
        }]));
        let before = lines(&series, "2027-03-15T00:00:00Z", "2027-03-22T00:00:00Z");
        assert_eq!(before, ["Stand-up i Åre 2027-03-21 12:00 *"]);
        let its_day = lines(&series, "2027-03-29T00:00:00Z", "2027-03-30T00:00:00Z");
        assert!(its_day.is_empty(), "{its_day:?}");
    }

    #[test]
    fn what_falls_into_a_gap_takes_place_an_hour_on_and_what_comes_twice_the_first_time() {
        let night = event(&json!({
            "title": "Natt",
            "start": {"dateTime": "2027-03-27T01:30:00Z", "timeZone": "Europe/Stockholm"},
            "end": {"dateTime": "2027-03-27T01:45:00Z", "timeZone": "Europe/Stockholm"},
            "recurrence": ["RRULE:FREQ=DAILY"],
        }));
        let gap = lines(&night, "2027-03-28T00:00:00Z", "2027-03-29T00:00:00Z");
        assert_eq!(gap, ["Natt 2027-03-28 01:30"], "03:30 in Stockholm");
        let fold = lines(&night, "2027-10-30T12:00:00Z", "2027-10-31T12:00:00Z");
        assert_eq!(fold, ["Natt 2027-10-31 00:30"], "the first 02:30 in Stockholm");
    }

    #[test]
    fn whole_days_keep_their_number() {
        let fair = event(&json!({
            "title": "Mässa", "start": {"date": "2027-01-29"}, "end": {"date": "2027-02-01"},
            "recurrence": ["RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "EXDATE;VALUE=DATE:20270226"],
        }));
        let found =
            occurrences(&fair, Period { from: instant("2027-04-01T00:00:00Z"), to: instant("2027-05-01T00:00:00Z") });
        let spans: Vec<_> =
            found.iter().map(|found| json!([found.event.fields.start, found.event.fields.end])).collect();
        assert_eq!(
            spans,
            [
                json!([{"date": "2027-03-31"}, {"date": "2027-04-03"}]),
                json!([{"date": "2027-04-30"}, {"date": "2027-05-03"}]),
            ]
        );
    }
}
