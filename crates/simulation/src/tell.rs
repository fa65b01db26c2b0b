//! Events in a few words, for the log.

use blikk_calendar_sync::event::{Event, Exception};
use blikk_calendar_sync::sync::merge::{Field, differences};

/// An event as a line.
pub fn event(event: &Event) -> String {
    let mut text = format!("{:?}", event.title);
    for part in [&event.body, &event.place] {
        if !part.is_empty() {
            text += &format!(" {part:?}");
        }
    }
    for category in &event.categories {
        text += &format!(" {category:?}");
    }
    if let Some(series) = &event.series {
        let exceptions: Vec<String> = series.exceptions.iter().map(|(date, one)| exception(date, one)).collect();
        text += &format!(" (series, {:?}, {})", series.recurrence.pattern, exceptions.join(", "));
    }
    match &event.meeting {
        Some(meeting) if meeting.is_mine => text += " (own meeting)",
        Some(_) => text += " (meeting of others)",
        None => {}
    }
    text
}

fn exception(date: &blikk_calendar_sync::event::OriginalDate, one: &Exception) -> String {
    match one {
        Exception::Cancelled => format!("not on {}", date.0),
        Exception::Changed(changes) => format!("{:?} on {}", changes.title.clone().unwrap_or_default(), date.0),
    }
}

/// What is different between two states of an event.
pub fn change(before: &Event, after: &Event) -> String {
    let fields = differences(before, after);
    let part = |field: &Field| match field {
        Field::Title => format!("title {:?} -> {:?}", before.title, after.title),
        Field::Body => format!("body {:?} -> {:?}", before.body, after.body),
        Field::Place => format!("place {:?} -> {:?}", before.place, after.place),
        Field::Categories => format!("categories {:?} -> {:?}", before.categories, after.categories),
        Field::Reminder => format!("reminder {:?} -> {:?}", before.reminder, after.reminder),
        Field::When => format!("when {:?} -> {:?}", before.when.start(), after.when.start()),
        Field::Rule | Field::Exceptions => format!("{field:?} {} -> {}", event(before), event(after)),
        other => format!("{other:?}"),
    };
    let parts: Vec<String> = fields.iter().map(part).collect();
    format!("{:?}: {}", before.title, if parts.is_empty() { "nothing".to_owned() } else { parts.join("; ") })
}
