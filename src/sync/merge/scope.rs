//! What of an event is compared and brought over at all.

use super::field::Field;

/// A set of fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fields(u16);

impl Fields {
    #[must_use]
    pub fn with(self, field: Field) -> Self {
        Fields(self.0 | 1 << field as u16)
    }

    pub fn contains(self, field: Field) -> bool {
        self.0 & (1 << field as u16) != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// With which eyes an edit is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Neither compared nor written: the person chose so.
    pub left_out: Fields,
    /// As between strangers, for they were left out until now.
    pub learnt_anew: Fields,
    pub veil: Veil,
}

/// Whether what the Exchange event is about was kept from us ([`crate::sync::veil`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Veil {
    #[default]
    None,
    /// Over an event that was made in Blikk: Blikk keeps its own words.
    OverOurs,
    /// Over an event of Exchange: Blikk shows what little it is told, and changes nothing.
    OverTheirs,
}
