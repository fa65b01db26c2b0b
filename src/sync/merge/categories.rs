//! Categories are a set, so two edits of them never clash.

use crate::problem::Side;

use super::field::{Field, has_name};
use super::{Edit, Merged, Sides};

impl Edit<'_> {
    /// Whether a person gave it this category. Of strangers nobody knows who did, and each has all of its own.
    fn adds(&self, name: &str) -> bool {
        let before = self.before_of(Field::Categories);
        self.touches(Field::Categories) && before.is_none_or(|before| !has_name(&before.categories, name))
    }

    fn had(&self, name: &str) -> bool {
        self.before_of(Field::Categories).is_some_and(|before| has_name(&before.categories, name))
    }
}

/// What was added on either side is added, what was taken away is taken away, and each keeps its own spelling.
pub(super) fn merge_categories(sides: &Sides<'_>, merged: &mut Merged) {
    for side in [Side::Blikk, Side::Exchange] {
        let (own, other) = (sides.on(side), sides.on(side.other()));
        let held = &own.now.categories;
        let mut wanted = held.clone();
        if other.touches(Field::Categories) {
            let is_taken_away = |name: &str| other.had(name) && own.had(name) && !has_name(&other.now.categories, name);
            wanted.retain(|name| !is_taken_away(name));
        }
        for name in other.now.categories.iter().filter(|name| other.adds(name) && !has_name(held, name)) {
            wanted.insert(name.clone());
        }
        match side {
            Side::Blikk => merged.for_blikk.categories = wanted,
            Side::Exchange => merged.for_exchange.categories = wanted,
        }
    }
}
