//! Any JSON, as it came.
//!
//! serde's own way to survive a member of the wrong type (`untagged`, `flatten`) keeps such a value privately and
//! compiles a reader for each type that may hide in it: 40 kB of the plugin. This is the one value that all answers
//! are read through; what is in it is then taken out by name.
//!
//! Between the page's objects and our own types it is the one value too: [`read()`] and [`write()`] are serde's two ends
//! with errors of one short text, and the page needs to be walked in one place only. The types that an event is made of
//! are [`FromValue`] themselves, like all that Blikk answers.

mod read;
mod write;

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use read::read;
pub use write::write;

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl Value {
    /// Takes a member out of an object, if there is one.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let Value::Object(members) = self else { return None };
        members.iter_mut().find(|(key, _)| key == name).map(|(_, value)| std::mem::take(value))
    }
}

impl Value {
    /// What a member holds; missing is as good as `null`. `None` when it holds something else.
    pub fn member<T: FromValue>(&mut self, name: &str) -> Option<T> {
        T::from_value(self.take(name).unwrap_or_default())
    }

    /// What a member holds, or the default of one that is missing.
    pub fn member_or_default<T: FromValue + Default>(&mut self, name: &str) -> Option<T> {
        self.take(name).map_or_else(|| Some(T::default()), T::from_value)
    }

    /// An enum as serde writes it: a name, or an object with the name as its one member and what belongs to it.
    pub fn variant(self) -> Option<(String, Value)> {
        match self {
            Value::Text(name) => Some((name, Value::Null)),
            Value::Object(mut members) if members.len() == 1 => members.pop(),
            _ => None,
        }
    }
}

/// What [`read()`] or [`write()`] came upon: where a member is wrong or missing its name, else what kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch(pub &'static str);

impl std::error::Error for Mismatch {}

/// What can be taken out of a [`Value`]; `None` when something else is in it.
pub trait FromValue: Sized {
    fn from_value(value: Value) -> Option<Self>;
}

/// serde's reading for types that are [`FromValue`]. Derived, it is a state machine for each struct and each variant,
/// with a place for every member that was not read yet: all together three times as much code.
macro_rules! deserialized_by_value {
    ($($type:ident),*) => {$(
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <$crate::value::Value as serde::Deserialize>::deserialize(deserializer)?;
                let read = <$type as $crate::value::FromValue>::from_value(value);
                read.ok_or_else(|| serde::de::Error::custom(concat!("not a stored ", stringify!($type))))
            }
        }
    )*};
}
pub(crate) use deserialized_by_value;

/// Enums by the names under which serde writes them.
macro_rules! from_names {
    ($($type:ident { $($name:literal => $variant:ident),* $(,)? })*) => {$(
        impl $crate::value::FromValue for $type {
            fn from_value(value: $crate::value::Value) -> Option<Self> {
                match String::from_value(value)?.as_str() {
                    $($name => Some($type::$variant),)*
                    _ => None,
                }
            }
        }
    )*};
}
pub(crate) use from_names;

impl FromValue for bool {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Bool(bool) = value { Some(bool) } else { None }
    }
}

impl FromValue for i64 {
    /// Whole numbers alone.
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Number(number) if number == number.trunc() => Some(number as i64),
            _ => None,
        }
    }
}

impl FromValue for u32 {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).and_then(|number| u32::try_from(number).ok())
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        if value == Value::Null { Some(None) } else { T::from_value(value).map(Some) }
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text) } else { None }
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::List(values) = value { values.into_iter().map(T::from_value).collect() } else { None }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(bool) => serializer.serialize_bool(*bool),
            Value::Number(number) => serializer.serialize_f64(*number),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(values) => serializer.collect_seq(values),
            Value::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::event::Event;
    use crate::sync::state::{Head, Link};

    /// The rows are read natively by serde_json and in the browser by [`read()`], so both must mean the same.
    #[test]
    fn a_row_is_read_and_written_as_serde_json_does_it() {
        let event = r#"{"title":"Avstämning","body":"","place":"","when":{"timed":{
              "start":{"instant":"2027-01-11T08:00:00Z","zone":"Europe/Stockholm"},
              "end":{"instant":"2027-01-11T09:00:00Z","zone":"Europe/Stockholm"}}},
            "freeBusy":"outOfOffice","sensitivity":"private","importance":"high",
            "reminder":{"minutesBeforeStart":15},"categories":["Blå","Röd"],
            "series":{"recurrence":{
                "pattern":{"weekly":{"interval":2,"days":9,"firstDayOfWeek":"sunday"}},"range":{"endDate":"2027-12-31"}},
              "exceptions":{"2027-01-14":"cancelled","2027-01-25":{"changed":{"title":"","reminder":null}}}},
            "meeting":{"isMine":true,"organizer":{"name":"Anna","address":""},"participants":[{
              "person":{"name":"Bo","address":"bo@example.com"},"attendance":"optional","answer":"declined"}],
              "myAnswer":"organizer","isCancelled":false,"onlineUrl":null},
            "attachments":["plan.pdf"]}"#;
        let row = r#"{"id":"1","origin":"blikk","state":{"setAside":{"side":"exchange","reason":{
              "problem":{"code":"exchange.busy","server":"ErrorServerBusy","waitSeconds":30},"title":"Avstämning"}}},
            "blikk":{"id":"2","version":"3"},"exchange":null,"uid":"4","base":EVENT}"#;
        same::<Link>(&row.replace("EVENT", event));
        same::<Link>(
            r#"{"id":"","origin":"exchange","state":"active","blikk":null,"exchange":null,"uid":null,"base":null}"#,
        );
        let first_format = r#""format":1,"generation":9007199254740991,"blikkToken":null,"exchangeToken":"H4s",
              "tokensCoverWrites":true,"exchangeCheckedAt":"2027-01-11T08:00:00Z","setAside":{"exchange.busy":2}"#;
        let choice = r#""direction":"both","window":{"daysBack":30,"daysAhead":365,"zone":"Europe/Stockholm"},
              "privateEvents":"asBusy","busyTitle":"Upptagen","categories":true,"reminders":false,"conflicts":"newestWins",
              "deletions":"editSurvives","brake":{"events":5,"percent":20}"#;
        let since = format!(
            r#""options":{{{choice}}},"settledOptions":{{{choice}}},"linked":7,"asking":1,"operations":2,
              "lastRun":9007199254740991,"lastSuccess":"2027-01-11T08:00:01Z",
              "lease":{{"holder":"1","until":"2027-01-11T08:05:00Z"}}"#
        );
        same::<Head>(&format!("{{{first_format},{since}}}"));
        let head = alike::<Head>(&format!("{{{first_format}}}"));
        assert_eq!(
            Head { format: 1, generation: head.generation, ..Head::default() },
            Head { exchange_token: None, exchange_checked_at: None, set_aside: Default::default(), ..head }
        );
        let unfit: &[(&str, &str)] = &[
            ("\"title\":\"Avstämning\",", ""),
            ("\"minutesBeforeStart\":15", "\"minutesBeforeStart\":-15"),
            ("\"minutesBeforeStart\":15", "\"minutesBeforeStart\":1.5"),
            ("\"private\"", "\"secret\""),
            ("\"cancelled\"", "{\"cancelled\":1}"),
            ("\"freeBusy\":\"outOfOffice\"", "\"freeBusy\":1"),
            ("[\"Blå\",\"Röd\"]", "\"Blå\""),
        ];
        for (fit, unfit) in unfit {
            let text = event.replace(fit, unfit);
            assert!(serde_json::from_str::<Event>(&text).is_err() && read::<Event>(json(&text)).is_err(), "{unfit}");
        }
    }

    fn json(text: &str) -> Value {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
    }

    /// Read alike and written alike by both.
    fn alike<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + fmt::Debug>(text: &str) -> T {
        let row: T = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"));
        assert_eq!(read::<T>(json(text)).as_ref(), Ok(&row));
        assert_eq!(write(&row).unwrap(), json(&serde_json::to_string(&row).unwrap()));
        row
    }

    fn same<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + fmt::Debug>(text: &str) {
        let row = alike::<T>(text);
        assert_eq!(write(&row).unwrap(), json(text), "nothing that was there is left out");
    }
}
