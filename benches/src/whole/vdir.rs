//! The same events as vdirsyncer takes them: a folder with an iCalendar file for each.

use std::fmt::Write as _;
use std::path::Path;

use blikk_calendar_sync::event::{Event, When};
use chrono::{DateTime, Utc};

/// Writes each event into a file of its own.
///
/// # Errors
/// When there is an all-day event, of which there is none, or the disk is full.
pub fn fill(folder: &Path, events: &[Event]) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    for (number, event) in events.iter().enumerate() {
        std::fs::write(folder.join(file(number)), text(number, event)?)?;
    }
    Ok(())
}

/// Somebody renames every nth event.
///
/// # Errors
/// When a file cannot be read or written.
pub fn rename_every(folder: &Path, nth: usize, count: usize, title: &str) -> std::io::Result<()> {
    for number in (0..count).step_by(nth) {
        let path = folder.join(file(number));
        let lines = std::fs::read_to_string(&path)?;
        let renamed = lines.split_inclusive('\n').map(|line| match line.starts_with("SUMMARY:") {
            true => format!("SUMMARY:{title} {number}\r\n"),
            false => line.to_owned(),
        });
        std::fs::write(&path, renamed.collect::<String>())?;
    }
    Ok(())
}

fn file(number: usize) -> String {
    format!("event-{number}.ics")
}

fn text(number: usize, event: &Event) -> Result<String, Box<dyn std::error::Error>> {
    let When::Timed(span) = &event.when else { return Err("an all-day event".into()) };
    let mut text =
        String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Blikk Kalendersynk//bench//SV\r\nBEGIN:VEVENT\r\n");
    write!(text, "UID:event-{number}\r\nDTSTAMP:20270104T080000Z\r\nDTSTART:{}\r\n", utc(span.start().instant()))?;
    write!(text, "DTEND:{}\r\nSUMMARY:{}\r\n", utc(span.end().instant()), escaped(&event.title))?;
    write!(text, "LOCATION:{}\r\nDESCRIPTION:{}\r\n", escaped(&event.place), escaped(&event.body))?;
    let categories: Vec<String> = event.categories.iter().map(|category| escaped(category)).collect();
    write!(text, "CATEGORIES:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", categories.join(","))?;
    Ok(text)
}

fn utc(instant: DateTime<Utc>) -> String {
    instant.format("%Y%m%dT%H%M%SZ").to_string()
}

/// RFC 5545, 3.3.11.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}
