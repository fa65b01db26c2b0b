//! The contestant that is ours, natively, and the bare scan that it is measured against. Stores the data in the folder
//! that its argument names, for the contestants of other languages.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;

use bench_ews::turns::{Task, take};
use bench_ews::{ITEMS, data, digest, events, fixture, read_items, write_request};
use blikk_calendar_sync::ews::mapping::{Place, event_of};
use blikk_calendar_sync::zone::{IanaRules, ZoneId};
use quick_xml::Reader;
use quick_xml::events::Event as XmlEvent;

fn main() -> Result<(), Box<dyn Error>> {
    let answer = fixture::get_item_answer(ITEMS);
    let events = events(ITEMS)?;
    let folder = std::env::args().nth(1).ok_or("which folder?")?;
    std::fs::write(Path::new(&folder).join("answer.xml"), &answer)?;
    std::fs::write(Path::new(&folder).join("events.json"), data::events_as_json(&events)?)?;
    let answer = answer.as_bytes();

    let stockholm = ZoneId::new("Europe/Stockholm");
    let place = Place { own_zone: &stockholm, rules: &IanaRules };
    let read = || read_items(answer).map_err(|no_answer| format!("{no_answer:?}").into());
    let read_to_events = || {
        // Meetings are set aside with their reason, which is a result too.
        let to_event = |mut item| event_of(&mut item, Vec::new(), &place);
        read().map(|items| items.into_iter().map(to_event).collect::<Vec<_>>())
    };
    let hello = serde_json::json!({
        "version": "",
        "items": ITEMS,
        "bytes": answer.len(),
        "digest": digest(&read()?),
        "requestBytes": write_request(&events)?.len(),
    });
    take(
        &hello,
        vec![
            Task::new("scan", || bare_scan(answer)),
            Task::new("read", read),
            Task::new("readToEvents", read_to_events),
            Task::new("write", || Ok(write_request(&events)?)),
        ],
    )
}

/// Everything that reading XML costs before anybody looks at what is read.
fn bare_scan(answer: &[u8]) -> Result<usize, Box<dyn Error>> {
    let mut reader = Reader::from_str(std::str::from_utf8(answer)?);
    let mut events = 0;
    loop {
        match reader.read_event()? {
            XmlEvent::Eof => return Ok(events),
            event => {
                black_box(event);
                events += 1;
            }
        }
    }
}
