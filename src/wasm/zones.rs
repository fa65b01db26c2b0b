//! Time zone rules from the browser's Intl: always as current as the browser, and without a byte in the bundle.

use std::cell::RefCell;

use chrono::{DateTime, Utc};
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::zone::{KnownOffsets, ZoneId, ZoneRules};

#[wasm_bindgen]
extern "C" {
    // js-sys has this class too, but its constructor throws through Wasm for an unknown zone.
    #[wasm_bindgen(js_namespace = Intl, js_name = DateTimeFormat)]
    type Format;
    #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "DateTimeFormat")]
    fn new(locale: &str, options: &Object) -> Result<Format, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn format(this: &Format, date: &Date) -> Result<String, JsValue>;
}

/// A formatter is dear to make (67 µs) and not cheap to ask (8 µs, and a series asks thousands of times), so each is
/// made once and asked little.
#[derive(Default)]
pub struct IntlRules {
    zones: RefCell<Vec<Known>>,
}

/// What is known of a zone.
struct Known {
    zone: ZoneId,
    /// `None` for a zone that the browser does not know.
    format: Option<Format>,
    offsets: KnownOffsets,
}

impl ZoneRules for IntlRules {
    fn offset_at(&self, zone: &ZoneId, instant: DateTime<Utc>) -> Option<i32> {
        let mut zones = self.zones.borrow_mut();
        let place = zones.iter().position(|known| known.zone == *zone).unwrap_or_else(|| {
            zones.push(Known { zone: zone.clone(), format: formatter(zone), offsets: KnownOffsets::default() });
            zones.len() - 1
        });
        let Known { format, offsets, .. } = &mut zones[place];
        let format = format.as_ref()?;
        offsets.offset_at(instant, |instant| {
            let date = Date::new(&JsValue::from_f64(instant.timestamp_millis() as f64));
            offset_in(&format.format(&date).ok()?)
        })
    }
}

fn formatter(zone: &ZoneId) -> Option<Format> {
    let options = Object::new();
    Reflect::set(&options, &"timeZone".into(), &zone.as_str().into()).ok()?;
    Reflect::set(&options, &"timeZoneName".into(), &"longOffset".into()).ok()?;
    Format::new("en-US", &options).ok()
}

/// Seconds from a text that ends with `GMT`, `GMT+02:00` or, before zones were standardised, `GMT+01:12:12`.
fn offset_in(text: &str) -> Option<i32> {
    let (_, offset) = text.rsplit_once("GMT")?;
    let (sign, digits) = match offset.chars().next() {
        None => return Some(0),
        Some('+') => (1, &offset[1..]),
        Some(_) => (-1, offset.trim_start_matches(|first: char| !first.is_ascii_digit())),
    };
    let seconds = digits
        .split(':')
        .zip([3600, 60, 1])
        .try_fold(0, |sum, (part, unit)| part.parse::<i32>().ok().map(|number| sum + number * unit))?;
    Some(sign * seconds)
}
