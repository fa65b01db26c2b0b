//! The native half of `cargo xtask bench`. Prints JSON: milliseconds per round and contestant; with a file name as
//! argument, stores the fixture there for the browser's half.

use std::hint::black_box;
use std::time::Instant;

use bench_ews::{ITEMS, digest, events, fixture, read_items, write_request};
use blikk_calendar_sync::ews::mapping::{Place, event_of};
use blikk_calendar_sync::zone::{IanaRules, ZoneId};
use quick_xml::Reader;
use quick_xml::events::Event as XmlEvent;

const ROUNDS: usize = 41;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer = fixture::get_item_answer(ITEMS);
    if let Some(file) = std::env::args().nth(1) {
        std::fs::write(file, &answer)?;
    }
    let answer = answer.as_bytes();
    let events = events(ITEMS)?;
    let stockholm = ZoneId::new("Europe/Stockholm");
    let place = Place { own_zone: &stockholm, rules: &IanaRules };

    let [mut scan, mut items, mut to_events, mut write] = [const { Vec::new() }; 4];
    // One after the other in each round, so that a busy moment of the machine meets all of them.
    for _ in 0..ROUNDS {
        scan.push(milliseconds(|| bare_scan(answer))?);
        items.push(milliseconds(|| read_items(answer).map_err(|no_answer| format!("{no_answer:?}")))?);
        to_events.push(milliseconds(|| {
            let items = read_items(answer).map_err(|no_answer| format!("{no_answer:?}"))?;
            // Meetings are set aside with their reason, which is a result too.
            Ok::<_, String>(
                items.into_iter().map(|mut item| event_of(&mut item, Vec::new(), &place)).collect::<Vec<_>>(),
            )
        })?);
        write.push(milliseconds(|| write_request(&events))?);
    }
    let digest = digest(&read_items(answer).map_err(|no_answer| format!("{no_answer:?}"))?);
    let json = serde_json::json!({
        "items": ITEMS, "bytes": answer.len(), "digest": digest, "requestBytes": write_request(&events)?.len(),
        "scan": scan, "read": items, "readToEvents": to_events, "write": write,
    });
    println!("{json}");
    Ok(())
}

/// Everything that reading XML costs before anybody looks at what is read.
fn bare_scan(answer: &[u8]) -> Result<usize, Box<dyn std::error::Error>> {
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

/// With the time that it takes to drop the result.
fn milliseconds<T, E>(task: impl FnOnce() -> Result<T, E>) -> Result<f64, E> {
    let started = Instant::now();
    drop(black_box(task()?));
    Ok(started.elapsed().as_secs_f64() * 1_000.0)
}
