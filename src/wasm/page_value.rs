//! The page's plain values and ours.
//!
//! serde-wasm-bindgen walks the page's objects; we let it do so for one type, [`Value`], and not for each of ours: its
//! reader and writer compiled for every type that crosses weigh 10 kB more of the compressed Wasm.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::value::Value;

/// A value of the page, as its JSON would be read; what is no JSON is nothing.
pub fn value_of(page: &JsValue) -> Value {
    serde_wasm_bindgen::from_value(page.clone()).unwrap_or_default()
}

/// A plain object of the page, as its JSON parser would make it.
pub fn page_value(value: Value) -> JsValue {
    // A value of our own is nothing that the page could refuse.
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or_default()
}
