//! How what a person fills in gets into an item.

use chrono::{DateTime, Datelike as _, Utc, Weekday};

use super::super::body::Body;
use super::super::field;
use super::super::item::{Attendee, Content, Person};
use super::super::recurrence::{self, DaySet, End, Nth, Recurrence};
use super::super::zone::{self, Zone};
use super::Wrong;
use super::event::{ForeignZone, NewEvent, Pattern, PersonName, Series, Time};
use super::words::{ANSWER, IMPORTANCE, STATUS, VISIBILITY, theirs};

/// Writes what is given into an item.
///
/// # Errors
/// A sentence about what cannot be understood.
pub fn fill_in(content: &mut Content, event: &NewEvent) -> Result<(), Wrong> {
    if let Some(title) = &event.title {
        content.subject = Some(title.clone());
    }
    if let Some(text) = &event.body {
        content.body = Some(Body::typed_in_outlook(text)).filter(|_| !text.is_empty());
    }
    if let Some(html) = &event.body_html {
        content.body = Some(Body::html(html.clone()));
    }
    if let Some(place) = &event.place {
        content.place = Some(place.clone()).filter(|place| !place.is_empty());
    }
    if let Some(status) = &event.status {
        content.free_busy = theirs(STATUS, status)?;
    }
    if let Some(visibility) = &event.visibility {
        content.sensitivity = theirs(VISIBILITY, visibility)?;
    }
    if let Some(reminder) = event.reminder_minutes {
        content.reminder_is_set = reminder.is_some();
        content.reminder_minutes = reminder.unwrap_or(content.reminder_minutes);
    }
    if let Some(categories) = &event.categories {
        content.categories.clone_from(categories);
    }
    fill_in_times(content, event)?;
    if let Some(attendees) = &event.attendees {
        fill_in_attendees(content, attendees)?;
    }
    if let Some(organizer) = &event.organizer {
        content.organizer = Some(person(organizer));
        content.my_response = Some("Accept".to_owned());
    }
    if let Some(answer) = &event.my_answer {
        content.my_response = Some(theirs(ANSWER, answer)?);
    }
    content.is_cancelled = event.cancelled.unwrap_or(content.is_cancelled);
    if let Some(url) = &event.online_url {
        content.online_url = Some(url.clone()).filter(|url| !url.is_empty());
    }
    if let Some(importance) = &event.importance {
        content.importance = theirs(IMPORTANCE, importance)?;
    }
    if let Some(names) = &event.attachments {
        content.attachments.clone_from(names);
    }
    if let Some(series) = &event.recurrence {
        content.recurrence = Some(recurrence(series, content)?);
    }
    Ok(())
}

fn fill_in_times(content: &mut Content, event: &NewEvent) -> Result<(), Wrong> {
    content.all_day = match (event.all_day, &event.start) {
        (Some(all_day), _) => all_day,
        (None, Some(start)) => matches!(start, Time::Date { .. }),
        (None, None) => content.all_day,
    };
    if let Some(start) = &event.start {
        let (instant, zone) = moment(start, content)?;
        (content.start, content.start_zone) = (Some(instant), Some(zone));
        // Who drags a series in Outlook, drags its pattern along.
        let date = zone.wall(instant).date();
        content.recurrence = content.recurrence.take().map(|recurrence| recurrence.moved_to(date));
    }
    if let Some(end) = &event.end {
        let (instant, zone) = moment(end, content)?;
        (content.end, content.end_zone) = (Some(instant), Some(zone));
    }
    if let Some(ForeignZone { id, name, with_rules }) = &event.foreign_zone {
        let called = |zone: Zone| zone.called(id, name.as_ref().unwrap_or(id), *with_rules);
        let (start, end) = (content.start_zone(), content.end_zone());
        (content.start_zone, content.end_zone) = (Some(called(start)), Some(called(end)));
    }
    Ok(())
}

fn moment(time: &Time, content: &Content) -> Result<(DateTime<Utc>, Zone), Wrong> {
    match time {
        Time::Date { date } => {
            // The people of the demo live in Stockholm.
            let at_home = Zone::from_windows("W. Europe Standard Time").unwrap_or(Zone::UTC);
            let zone = content.start_zone.unwrap_or(at_home);
            Ok((zone.midnight(*date), zone))
        }
        Time::Moment { date_time, time_zone } => {
            let rough = field::parse_time(date_time, Zone::UTC).ok_or_else(|| format!("{date_time} is no time."))?;
            let known = Zone::from_iana(time_zone, zone::year_of(rough)).or_else(|| Zone::from_windows(time_zone));
            let zone = known.ok_or_else(|| format!("{time_zone} is no time zone."))?;
            Ok((field::parse_time(date_time, zone).unwrap_or(rough), zone))
        }
    }
}

fn person(name: &PersonName) -> Person {
    let shown = if name.name.is_empty() { &name.email } else { &name.name };
    Person { name: shown.clone(), address: name.email.clone() }
}

fn fill_in_attendees(content: &mut Content, attendees: &[PersonName]) -> Result<(), Wrong> {
    let of_role = |role: &str| {
        let meant = attendees.iter().filter(|attendee| attendee.role.as_deref().unwrap_or("required") == role);
        meant.map(attendee).collect::<Result<Vec<_>, Wrong>>()
    };
    content.required = of_role("required")?;
    content.optional = of_role("optional")?;
    content.resources = of_role("resource")?;
    content.invitations_sent = content.is_meeting();
    Ok(())
}

fn attendee(name: &PersonName) -> Result<Attendee, Wrong> {
    let response = theirs(ANSWER, name.answer.as_deref().unwrap_or("notAnswered"))?;
    Ok(Attendee { person: person(name), response })
}

fn recurrence(series: &Series, content: &Content) -> Result<Recurrence, Wrong> {
    let start = content.start_zone().wall(content.start()).date();
    let interval = series.interval;
    let days = DaySet::One(start.weekday());
    let nth = match start.day0() / 7 {
        4 => Nth::Last,
        week => Nth::FromStart(week as usize),
    };
    let pattern = match series.pattern {
        Pattern::Daily => recurrence::Pattern::Daily { interval },
        Pattern::Weekly => {
            let day = |name: &String| recurrence::day_from_name(name).ok_or_else(|| format!("{name} is no day."));
            let mut days = series.days_of_week.iter().map(day).collect::<Result<Vec<_>, _>>()?;
            if days.is_empty() {
                days.push(start.weekday());
            }
            recurrence::Pattern::Weekly { interval, days, first_day: Weekday::Mon }
        }
        Pattern::Monthly => recurrence::Pattern::AbsoluteMonthly { interval, day: start.day() },
        Pattern::MonthlyByWeekday => recurrence::Pattern::RelativeMonthly { interval, days, nth },
        Pattern::Yearly => recurrence::Pattern::AbsoluteYearly { month: start.month(), day: start.day() },
        Pattern::YearlyByWeekday => recurrence::Pattern::RelativeYearly { month: start.month(), days, nth },
    };
    let until = series.until.map_or(End::Never, End::On);
    Ok(Recurrence { pattern, start, end: series.count.map_or(until, End::After) })
}
