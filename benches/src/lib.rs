//! What is measured, said once for the native and the Wasm bench: the fixture, our reader, our writer, and a digest by
//! which contestants prove that they read the same.

#[cfg(not(target_arch = "wasm32"))]
pub mod data;
pub mod fixture;
#[cfg(not(target_arch = "wasm32"))]
pub mod turns;
pub mod whole;

use blikk_calendar_sync::event::{Event, Moment, Reminder, When};
use blikk_calendar_sync::ews::envelope::{NoAnswer, RequestHeader, RequestVersion, read, request};
use blikk_calendar_sync::ews::item::{CalendarItem, MarkerText};
use blikk_calendar_sync::ews::mapping::{Place, wire};
use blikk_calendar_sync::ews::operation::FolderRef;
use blikk_calendar_sync::ews::operation::create_item::CreateItem;
use blikk_calendar_sync::ews::operation::get_item::GetItem;
use blikk_calendar_sync::problem::Problem;
use blikk_calendar_sync::zone::{ZoneId, ZoneRules};
use chrono::{DateTime, TimeDelta, Utc};

/// How many items every contestant reads and writes.
pub const ITEMS: usize = 1_000;

/// Our reader: from the bytes of an answer to calendar items.
///
/// # Errors
/// When the bytes are no answer.
pub fn read_items(answer: &[u8]) -> Result<Vec<CalendarItem>, NoAnswer> {
    Ok(read::<GetItem>(answer)?.messages.into_iter().flatten().flatten().collect())
}

/// What was read, in few numbers; two readers that read the same fields have the same. Lengths are in UTF-16 units,
/// which is how JavaScript counts.
pub fn digest(items: &[CalendarItem]) -> [usize; 5] {
    let length = |text: &str| text.encode_utf16().count();
    let sum = |of: fn(&CalendarItem) -> &str| items.iter().map(|item| length(of(item))).sum();
    [
        items.len(),
        sum(|item| &item.subject),
        sum(|item| item.body.as_deref().unwrap_or_default()),
        sum(|item| item.link_id.as_deref().unwrap_or_default()),
        items.iter().map(|item| item.participants.len() + item.categories.len()).sum(),
    ]
}

/// Events to write, with bodies of a common length.
///
/// # Errors
/// Never for the times that stand here.
pub fn events(count: usize) -> Result<Vec<Event>, Box<dyn std::error::Error>> {
    let zone = ZoneId::new("Europe/Stockholm");
    let first: DateTime<Utc> = "2027-01-04T08:00:00Z".parse()?;
    (0..count)
        .map(|number| {
            let start = first + TimeDelta::hours(3 * number as i64);
            let when =
                When::timed(Moment::new(start, zone.clone()), Moment::new(start + TimeDelta::hours(1), zone.clone()))?;
            let mut event = Event::new(format!("Avstämning & prognos {number}"), when);
            event.body = "Vi går igenom läget <i projektet> och beslutar om nästa steg 🙂.\n".repeat(10);
            event.place = "Sal Mälaren".into();
            event.reminder = Some(Reminder { minutes_before_start: 15 });
            event.categories = ["Projekt".to_owned(), format!("Kund {}", number % 40)].into();
            Ok(event)
        })
        .collect()
}

/// What every created item carries.
pub const MARKER: MarkerText<'static> =
    MarkerText { link: "00112233445566778899aabbccddeeff", blikk: "1042", is_unfinished: false };

/// Our writer: one CreateItem request for all of them.
///
/// # Errors
/// When Exchange cannot hold an event.
pub fn write_request(events: &[Event]) -> Result<Vec<u8>, Problem> {
    let own_zone = ZoneId::new("Europe/Stockholm");
    let place = Place::new(&own_zone, &OneHourEast);
    let items = events.iter().map(|event| wire(event, Some(MARKER), &place)).collect::<Result<_, _>>()?;
    let mailbox = "anna.akesson@konsult.example".to_owned();
    let header = RequestHeader { version: RequestVersion::Exchange2016, mailbox: mailbox.clone() };
    Ok(request(&header, &CreateItem { folder: FolderRef::Calendar { mailbox }, items }))
}

/// Only all-day events ask for rules, and there are none here.
struct OneHourEast;

impl ZoneRules for OneHourEast {
    fn offset_at(&self, _: &ZoneId, _: DateTime<Utc>) -> Option<i32> {
        Some(3600)
    }
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    use blikk_calendar_sync::event::Event;
    use blikk_calendar_sync::ews::item::CalendarItem;
    use blikk_calendar_sync::wasm::{Host, Page};
    use wasm_bindgen::prelude::*;

    use crate::whole::numbered;

    /// A full reading of both calendars over a page's state, through the boundary that the plugin has.
    #[wasm_bindgen]
    pub async fn recheck(host: Host, count: u32) -> Result<(), JsError> {
        let page = Page::new(host);
        let rechecked = numbered::recheck(count as usize, &page, &page).await;
        rechecked.map_err(|problem| JsError::new(&problem.to_string()))
    }

    /// What our reader read.
    #[wasm_bindgen]
    pub struct Items(Vec<CalendarItem>);

    #[wasm_bindgen]
    impl Items {
        pub fn digest(&self) -> Vec<u32> {
            super::digest(&self.0).map(|number| number as u32).to_vec()
        }
    }

    #[wasm_bindgen(js_name = readItems)]
    pub fn read_items(answer: &[u8]) -> Result<Items, JsError> {
        super::read_items(answer).map(Items).map_err(|no_answer| JsError::new(&format!("{no_answer:?}")))
    }

    /// Events that are waiting to be written.
    #[wasm_bindgen]
    pub struct Events(Vec<Event>);

    #[wasm_bindgen]
    impl Events {
        #[wasm_bindgen(constructor)]
        pub fn new() -> Result<Events, JsError> {
            super::events(super::ITEMS).map(Events).map_err(|error| JsError::new(&error.to_string()))
        }

        /// The request, as the page's shim would send it.
        pub fn write(&self) -> Result<Vec<u8>, JsError> {
            super::write_request(&self.0).map_err(|problem| JsError::new(&problem.to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_reads_the_fixture_whole() {
        let items = read_items(fixture::get_item_answer(4).as_bytes()).unwrap();
        let [count, _, _, links, lists] = digest(&items);
        // Four items with two categories each, one of them with three attendees; the link's id has 32 digits.
        assert_eq!((count, links, lists), (4, 4 * 32, 4 * 2 + 3));
        assert!(items[0].body.as_deref().unwrap().contains("(version 2 < 3)"));
    }
}
