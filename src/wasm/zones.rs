//! Time zone rules from the browser's Intl: always as current as the browser, and without a byte in the bundle.

use std::cell::RefCell;

use chrono::{DateTime, Utc};
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::zone::{ZoneId, ZoneRules};

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

/// Formatters are dear to make (67 µs) and cheap to use (8 µs), so each is made once.
#[derive(Default)]
pub struct IntlRules {
    formats: RefCell<Vec<(ZoneId, Option<Format>)>>,
}

impl ZoneRules for IntlRules {
    fn offset_at(&self, zone: &ZoneId, instant: DateTime<Utc>) -> Option<i32> {
        let mut formats = self.formats.borrow_mut();
        let place = formats.iter().position(|(known, _)| known == zone).unwrap_or_else(|| {
            formats.push((zone.clone(), formatter(zone)));
            formats.len() - 1
        });
        let format = formats[place].1.as_ref()?;
        let date = Date::new(&JsValue::from_f64(instant.timestamp_millis() as f64));
        offset_in(&format.format(&date).ok()?)
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
