//! One member of an object, as it came.

use crate::value::{FromValue, Value};

/// A member by itself, so that what is wrong with it is wrong with nothing else.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Field<T> {
    /// Left out.
    #[default]
    Missing,
    /// There, and `null`. Only where the contract says so is that another thing than left out.
    Null,
    Read(T),
    /// There, but not what the contract says.
    Wrong,
}

impl<T> Field<T> {
    /// The value, if it could be read.
    pub fn read(&self) -> Option<&T> {
        match self {
            Field::Read(value) => Some(value),
            Field::Missing | Field::Null | Field::Wrong => None,
        }
    }
}

impl<T: FromValue> Field<T> {
    /// Takes the member out of an object.
    pub(super) fn take(object: &mut Value, name: &str) -> Self {
        object.take(name).map_or(Field::Missing, Field::of)
    }

    fn of(value: Value) -> Self {
        match value {
            Value::Null => Field::Null,
            value => T::from_value(value).map_or(Field::Wrong, Field::Read),
        }
    }
}

impl<T: FromValue> FromValue for Field<T> {
    /// Never `None`: what is wrong with one is not wrong with the list that it stands in.
    fn from_value(value: Value) -> Option<Self> {
        Some(Field::of(value))
    }
}
