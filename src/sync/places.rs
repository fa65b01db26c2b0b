//! Where things stand in a list, by their ids.
//!
//! Every look-up of the engine goes through this one type. A map of its own for each kind of id and value would be
//! plainer here and there, and costs 5 kB of the plugin each.

use std::collections::BTreeMap;

/// Id -> place in a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(BTreeMap<String, usize>);

impl Places {
    /// The places of all that have an id.
    pub fn of<'a>(ids: impl Iterator<Item = Option<&'a str>>) -> Self {
        let mut places = Places::default();
        for (place, id) in ids.enumerate() {
            if let Some(id) = id {
                places.put(id, place);
            }
        }
        places
    }

    pub fn get(&self, id: &str) -> Option<usize> {
        self.0.get(id).copied()
    }

    /// All ids in their order, each with its place.
    pub fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.0.iter().map(|(id, place)| (id.as_str(), *place))
    }

    /// Says where it stood before.
    pub fn put(&mut self, id: &str, place: usize) -> Option<usize> {
        self.0.insert(id.to_owned(), place)
    }
}
