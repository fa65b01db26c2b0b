//! From a [`Value`] into a type of ours that serde can read.

use std::fmt::{self, Display};
use std::vec::IntoIter;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::{Mismatch, Value};

/// Makes a `T` of what a value holds.
///
/// ```
/// use blikk_calendar_sync::problem::{Code, Problem};
/// use blikk_calendar_sync::value::{Mismatch, Value, read};
///
/// let object = Value::Object(vec![("code".into(), Value::Text("exchange.busy".into()))]);
/// assert_eq!(read(object), Ok(Problem::new(Code::ExchangeBusy)));
/// assert_eq!(read::<Problem>(Value::Object(vec![])), Err(Mismatch("code")));
/// ```
///
/// # Errors
/// When it holds something else.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Mismatch> {
    T::deserialize(value)
}

/// serde's own words for each of these would quote what was found, which may be an event, and link the printing of
/// every type there is, floating point included.
impl Error for Mismatch {
    fn custom<T: Display>(_: T) -> Self {
        Mismatch("a value")
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Mismatch("a type")
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Mismatch("a value")
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Mismatch("a length")
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Mismatch("a name")
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Mismatch("a member")
    }

    fn missing_field(field: &'static str) -> Self {
        Mismatch(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Mismatch(field)
    }
}

impl Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wrong or missing: ")?;
        f.write_str(self.0)
    }
}

impl<'de> Deserializer<'de> for Value {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self {
            Value::Null => visitor.visit_unit(),
            Value::Bool(bool) => visitor.visit_bool(bool),
            Value::Number(number) => visitor.visit_f64(number),
            Value::Text(text) => visitor.visit_string(text),
            list @ Value::List(_) => list.deserialize_seq(visitor),
            object @ Value::Object(_) => object.deserialize_map(visitor),
        }
    }

    // From here on each asks for the one thing that it can be. Were all to go through `deserialize_any`, as serde lets
    // them, every type would be compiled with a reader for lists, for objects and for numbers: 60 kB before compression.

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if let Value::Bool(bool) = self { visitor.visit_bool(bool) } else { Err(Mismatch("a type")) }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self {
            Value::Number(number) if number as u64 as f64 == number => visitor.visit_u64(number as u64),
            _ => Err(Mismatch("a type")),
        }
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if let Value::Text(text) = self { visitor.visit_string(text) } else { Err(Mismatch("a type")) }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if let Value::Text(text) = self { visitor.visit_str(&text) } else { Err(Mismatch("a type")) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if let Value::List(values) = self {
            visitor.visit_seq(Values(values.into_iter()))
        } else {
            Err(Mismatch("a type"))
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let Value::Object(members) = self else { return Err(Mismatch("a type")) };
        visitor.visit_map(Members { left: members.into_iter(), value: Value::Null })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self == Value::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    /// As serde_json has it: a name, or an object with the name as its one member and what belongs to it.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self {
            Value::Text(name) => visitor.visit_enum(Variant(name, Value::Null)),
            Value::Object(mut members) if members.len() == 1 => {
                let (name, content) = members.swap_remove(0);
                visitor.visit_enum(Variant(name, content))
            }
            _ => Err(Mismatch("a type")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u16 u128 f32 f64 char str bytes byte_buf unit unit_struct tuple tuple_struct
    }
}

struct Values(IntoIter<Value>);

impl<'de> SeqAccess<'de> for Values {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mismatch> {
        self.0.next().map(|value| seed.deserialize(value)).transpose()
    }
}

struct Members {
    left: IntoIter<(String, Value)>,
    /// Of the member whose name was given last.
    value: Value,
}

impl<'de> MapAccess<'de> for Members {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mismatch> {
        let Some((name, value)) = self.left.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(Value::Text(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mismatch> {
        seed.deserialize(std::mem::take(&mut self.value))
    }
}

/// A variant's name and what belongs to it.
struct Variant(String, Value);

impl<'de> EnumAccess<'de> for Variant {
    type Error = Mismatch;
    type Variant = Value;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Value), Mismatch> {
        Ok((seed.deserialize(Value::Text(self.0))?, self.1))
    }
}

impl<'de> VariantAccess<'de> for Value {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        if self == Value::Null { Ok(()) } else { Err(Mismatch("a type")) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Mismatch> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_map(visitor)
    }
}
