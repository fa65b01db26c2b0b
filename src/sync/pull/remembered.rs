//! What is remembered of a whole side, as much of it as tells what is news.
//!
//! An enumeration speaks of everything, and nearly everything is as it was. So neither the links nor what the server
//! says of each are held, only the id and version of every event: of 100,000 some 25 MB, where links and events would be
//! hundreds.

use crate::problem::Side;
use crate::sync::places::Places;
use crate::sync::port::Change;
use crate::sync::state::{IndexRow, RemoteId, Version};

use super::{id_of, is_news};

/// One side's part of the index, and what of it was mentioned so far.
pub(super) struct Remembered {
    /// Id -> place in the two below.
    places: Places,
    versions: Vec<Version>,
    is_mentioned: Vec<bool>,
    /// The other side's ids of links that hold nothing on this one.
    waiting: Vec<RemoteId>,
}

impl Remembered {
    pub fn on(side: Side, index: Vec<IndexRow>) -> Self {
        let (mut places, mut versions, mut waiting) = (Places::default(), Vec::new(), Vec::new());
        for row in index {
            let IndexRow { blikk, blikk_version, exchange, exchange_version, .. } = row;
            let ((id, version), other) = match side {
                Side::Blikk => ((blikk, blikk_version), exchange),
                Side::Exchange => ((exchange, exchange_version), blikk),
            };
            match id {
                Some(id) => {
                    places.put(id.into_string(), versions.len());
                    versions.push(version.unwrap_or_else(Version::unknown));
                }
                None => waiting.extend(other),
            }
        }
        let is_mentioned = vec![false; versions.len()];
        Remembered { places, versions, is_mentioned, waiting }
    }

    /// Takes note of what is said of an event, and says whether that is what is remembered.
    pub fn hears(&mut self, change: &Change) -> bool {
        let Some(place) = self.places.get(id_of(change).as_str()) else { return false };
        self.is_mentioned[place] = true;
        let version = match change {
            Change::Touched { version, .. } => version,
            Change::Seen(observed) => &observed.version,
            Change::Deleted { .. } => return false,
        };
        !is_news(version, Some(&self.versions[place]))
    }

    /// What was not mentioned, and whom something new may belong to.
    pub fn missing(self) -> (Vec<(RemoteId, Version)>, Vec<RemoteId>) {
        let not_mentioned = |(_, place): &(&str, usize)| !self.is_mentioned[*place];
        let missing = self.places.iter().filter(not_mentioned);
        let missing = missing.map(|(id, place)| (RemoteId::new(id), self.versions[place].clone()));
        (missing.collect(), self.waiting)
    }
}
