//! The same data for contestants that cannot take it as it is.

use blikk_calendar_sync::event::{Event, When};
use blikk_calendar_sync::rfc3339::instant_text;

/// The events of [`crate::events`], for programs in other languages: what they are to build requests from.
///
/// # Errors
/// When there is an all-day event, of which there is none.
pub fn events_as_json(events: &[Event]) -> Result<String, Box<dyn std::error::Error>> {
    let events = events.iter().map(|event| {
        let When::Timed(span) = &event.when else { return Err("an all-day event") };
        Ok(serde_json::json!({
            "title": event.title,
            "body": event.body,
            "place": event.place,
            "start": instant_text(span.start().instant()),
            "end": instant_text(span.end().instant()),
            "zone": span.start().zone().as_str(),
            "windowsZone": span.start().zone().windows(),
            "categories": event.categories,
            "reminderMinutes": event.reminder.map(|reminder| reminder.minutes_before_start),
            "marker": { "link": crate::MARKER.link, "blikk": crate::MARKER.blikk },
        }))
    });
    Ok(serde_json::Value::Array(events.collect::<Result<_, _>>()?).to_string())
}

/// The answer, byte for byte as long, but each item's two categories are one with a longer name: crate `ews` 0.1.2 reads
/// no item that has two (`duplicate field`), and loses the answer.
pub fn with_one_category(answer: &str) -> String {
    answer.replace("</t:String><t:String>", ", and in one category")
}
