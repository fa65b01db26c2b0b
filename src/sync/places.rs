//! Where things stand in a list, by their ids.
//!
//! Every look-up of the engine goes through this one type: a map of the standard library for each kind of id and value would
//! be plainer here and there, and costs 5 kB of the plugin each. It is a table of its own because a full reading looks up
//! hundreds of thousands of ids that begin alike: a tree compares them from their beginnings, a dozen times each.

use std::borrow::Cow;

/// Id -> place in a list. Nothing is ever taken out.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    entries: Vec<Entry>,
    /// Which entry has that hash, or one of those before it: its number, counted from one; 0 is nobody's. A power of two,
    /// and at least half of them are nobody's.
    slots: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Entry {
    hash: u32,
    id: String,
    place: usize,
}

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
        let (_, entry) = self.find(id, hash_of(id))?;
        Some(self.entries[entry?].place)
    }

    /// All ids in the order in which they came, each with its place.
    pub fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.entries.iter().map(|entry| (entry.id.as_str(), entry.place))
    }

    /// Says where it stood before.
    pub fn put<'i>(&mut self, id: impl Into<Cow<'i, str>>, place: usize) -> Option<usize> {
        self.put_text(id.into(), place)
    }

    fn put_text(&mut self, id: Cow<'_, str>, place: usize) -> Option<usize> {
        if self.slots.len() <= 2 * self.entries.len() {
            self.grow();
        }
        let hash = hash_of(&id);
        let (slot, entry) = self.find(&id, hash)?;
        if let Some(entry) = entry {
            return Some(std::mem::replace(&mut self.entries[entry].place, place));
        }
        self.entries.push(Entry { hash, id: id.into_owned(), place });
        self.slots[slot] = self.entries.len() as u32;
        None
    }

    /// Its slot, and its entry if it has one. `None`: there are no slots yet.
    fn find(&self, id: &str, hash: u32) -> Option<(usize, Option<usize>)> {
        let last = self.slots.len().checked_sub(1)?;
        let mut slot = hash as usize & last;
        while let Some(entry) = (self.slots[slot] as usize).checked_sub(1) {
            let known = &self.entries[entry];
            if known.hash == hash && known.id == id {
                return Some((slot, Some(entry)));
            }
            slot = (slot + 1) & last;
        }
        Some((slot, None))
    }

    fn grow(&mut self) {
        let count = (4 * self.entries.len()).next_power_of_two().max(8);
        self.slots = vec![0; count];
        for (number, entry) in (1..).zip(&self.entries) {
            let mut slot = entry.hash as usize & (count - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (count - 1);
            }
            self.slots[slot] = number;
        }
    }
}

/// As rustc hashes what nobody chooses in order to harm it: eight bytes at a time.
fn hash_of(id: &str) -> u32 {
    let (words, rest) = id.as_bytes().as_chunks();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mix = |hash: u64, word| (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x517c_c1b7_2722_0a95);
    (words.iter().chain([&last]).fold(0, |hash, word| mix(hash, *word)) >> 32) as u32
}
