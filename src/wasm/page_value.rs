//! The page's plain values and ours.
//!
//! Out they go through serde-wasm-bindgen, for one type, [`Value`], and not for each of ours. In they come by a walk of our
//! own: serde-wasm-bindgen's reader brings errors that print every type there is, floats included, which is 10 kB of the
//! compressed Wasm, and nothing here has such an error to tell.

use js_sys::{Array, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::value::Value;

/// A value of the page, as its JSON would be read; what is no JSON is nothing.
pub fn value_of(page: &JsValue) -> Value {
    if let Some(bool) = page.as_bool() {
        Value::Bool(bool)
    } else if let Some(number) = page.as_f64() {
        Value::Number(number)
    } else if let Some(text) = page.as_string() {
        Value::Text(text)
    } else if Array::is_array(page) {
        let list: &Array = page.unchecked_ref();
        Value::List(list.iter().map(|item| value_of(&item)).collect())
    } else if page.is_object() {
        Value::Object(Object::entries(page.unchecked_ref()).iter().map(member_of).collect())
    } else {
        Value::Null
    }
}

/// `[name, value]`.
fn member_of(pair: JsValue) -> (String, Value) {
    let pair: Array = pair.unchecked_into();
    (pair.get(0).as_string().unwrap_or_default(), value_of(&pair.get(1)))
}

/// A plain object of the page, as its JSON parser would make it.
pub fn page_value(value: Value) -> JsValue {
    // A value of our own is nothing that the page could refuse.
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or_default()
}
