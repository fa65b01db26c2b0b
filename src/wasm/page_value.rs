//! The page's plain values and ours.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::value::Value;

/// A value of the page, as its JSON would be read. What JSON does not have is nothing.
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
    match value {
        Value::Null => JsValue::NULL,
        Value::Bool(bool) => bool.into(),
        Value::Number(number) => number.into(),
        Value::Text(text) => text.into(),
        Value::List(values) => values.into_iter().map(page_value).collect::<Array>().into(),
        Value::Object(members) => {
            let object = Object::new();
            for (name, value) in members {
                // Setting a property of a plain object of our own cannot fail.
                let _ = Reflect::set(&object, &name.into(), &page_value(value));
            }
            object.into()
        }
    }
}
