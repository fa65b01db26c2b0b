//! From a type of ours that serde can write to the [`Value`] that serde_json would make of it.

use std::fmt::Display;

use serde::Serialize;
use serde::ser::{Error, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, Serializer};

use super::{Mismatch, Value};

/// What serde writes of `value`.
///
/// ```
/// use blikk_calendar_sync::event::Reminder;
/// use blikk_calendar_sync::value::{Value, write};
///
/// let object = write(&Reminder { minutes_before_start: 15 }).unwrap();
/// assert_eq!(object, Value::Object(vec![("minutesBeforeStart".into(), Value::Number(15.0))]));
/// ```
///
/// # Errors
/// For what JSON does not have: members that have no text for a name, and types that nothing here uses.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<Value, Mismatch> {
    value.serialize(Writer)
}

impl Error for Mismatch {
    fn custom<T: Display>(_: T) -> Self {
        Mismatch("a value")
    }
}

#[derive(Clone, Copy)]
struct Writer;

impl Serializer for Writer {
    type Ok = Value;
    type Error = Mismatch;
    type SerializeSeq = Values;
    type SerializeTuple = Impossible<Value, Mismatch>;
    type SerializeTupleStruct = Impossible<Value, Mismatch>;
    type SerializeTupleVariant = Impossible<Value, Mismatch>;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = VariantMembers;

    fn serialize_bool(self, value: bool) -> Result<Value, Mismatch> {
        Ok(Value::Bool(value))
    }

    fn serialize_i8(self, value: i8) -> Result<Value, Mismatch> {
        Ok(Value::Number(value.into()))
    }

    fn serialize_i16(self, value: i16) -> Result<Value, Mismatch> {
        Ok(Value::Number(value.into()))
    }

    fn serialize_i32(self, value: i32) -> Result<Value, Mismatch> {
        Ok(Value::Number(value.into()))
    }

    fn serialize_i64(self, value: i64) -> Result<Value, Mismatch> {
        Ok(Value::Number(value as f64))
    }

    fn serialize_u8(self, value: u8) -> Result<Value, Mismatch> {
        Ok(Value::Number(value.into()))
    }

    fn serialize_u16(self, value: u16) -> Result<Value, Mismatch> {
        Ok(Value::Number(value.into()))
    }

    fn serialize_u32(self, value: u32) -> Result<Value, Mismatch> {
        Ok(Value::Number(value.into()))
    }

    fn serialize_u64(self, value: u64) -> Result<Value, Mismatch> {
        Ok(Value::Number(value as f64))
    }

    fn serialize_f32(self, value: f32) -> Result<Value, Mismatch> {
        Ok(Value::Number(value.into()))
    }

    fn serialize_f64(self, value: f64) -> Result<Value, Mismatch> {
        Ok(Value::Number(value))
    }

    fn serialize_char(self, value: char) -> Result<Value, Mismatch> {
        Ok(Value::Text(value.into()))
    }

    fn serialize_str(self, value: &str) -> Result<Value, Mismatch> {
        Ok(Value::Text(value.into()))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Value, Mismatch> {
        Err(Mismatch("bytes"))
    }

    fn serialize_none(self) -> Result<Value, Mismatch> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Mismatch> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Mismatch> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Mismatch> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<Value, Mismatch> {
        Ok(Value::Text(name.into()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Value, Mismatch> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<Value, Mismatch> {
        Ok(variant(name, write(value)?))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Values, Mismatch> {
        Ok(Values(Vec::new()))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Mismatch> {
        Err(Mismatch("a tuple"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Mismatch> {
        Err(Mismatch("a tuple"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Mismatch> {
        Err(Mismatch("a tuple"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members, Mismatch> {
        Ok(Members::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members, Mismatch> {
        Ok(Members::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<VariantMembers, Mismatch> {
        Ok(VariantMembers { name, members: Members::default() })
    }
}

fn variant(name: &str, content: Value) -> Value {
    Value::Object(vec![(name.into(), content)])
}

struct Values(Vec<Value>);

impl SerializeSeq for Values {
    type Ok = Value;
    type Error = Mismatch;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Mismatch> {
        self.0.push(write(value)?);
        Ok(())
    }

    fn end(self) -> Result<Value, Mismatch> {
        Ok(Value::List(self.0))
    }
}

#[derive(Default)]
struct Members(Vec<(String, Value)>);

impl SerializeMap for Members {
    type Ok = Value;
    type Error = Mismatch;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Mismatch> {
        match write(key)? {
            Value::Text(name) => {
                self.0.push((name, Value::Null));
                Ok(())
            }
            _ => Err(Mismatch("a member's name")),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Mismatch> {
        let value = write(value)?;
        if let Some(member) = self.0.last_mut() {
            member.1 = value;
        }
        Ok(())
    }

    fn end(self) -> Result<Value, Mismatch> {
        Ok(Value::Object(self.0))
    }
}

impl SerializeStruct for Members {
    type Ok = Value;
    type Error = Mismatch;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Mismatch> {
        self.0.push((name.into(), write(value)?));
        Ok(())
    }

    fn end(self) -> Result<Value, Mismatch> {
        Ok(Value::Object(self.0))
    }
}

struct VariantMembers {
    name: &'static str,
    members: Members,
}

impl SerializeStructVariant for VariantMembers {
    type Ok = Value;
    type Error = Mismatch;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Mismatch> {
        self.members.serialize_field(name, value)
    }

    fn end(self) -> Result<Value, Mismatch> {
        Ok(variant(self.name, Value::Object(self.members.0)))
    }
}
