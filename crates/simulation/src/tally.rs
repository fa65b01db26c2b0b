//! How often each kind of thing was tried: a simulation that never tries a thing proves nothing about it.

use std::collections::BTreeMap;

/// Something that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count {
    pub kind: Kind,
    pub name: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// What people did.
    Deed,
    /// What networks, servers and machines did.
    Fault,
    /// What the engine did.
    Engine,
}

impl Count {
    pub fn deed(name: &'static str) -> Self {
        Count { kind: Kind::Deed, name }
    }

    pub fn fault(name: &'static str) -> Self {
        Count { kind: Kind::Fault, name }
    }

    pub fn engine(name: &'static str) -> Self {
        Count { kind: Kind::Engine, name }
    }
}

/// How often.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<Count, u64>);

impl Tally {
    pub fn add(&mut self, what: Count) {
        *self.0.entry(what).or_default() += 1;
    }

    pub fn take_in(&mut self, other: &Tally) {
        for (count, times) in &other.0 {
            *self.0.entry(*count).or_default() += times;
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (Count, u64)> {
        self.0.iter().map(|(count, times)| (*count, *times))
    }

    pub fn of(&self, what: Count) -> u64 {
        self.0.get(&what).copied().unwrap_or_default()
    }
}
