//! Values by number: equal values have the same number.

use std::hash::{BuildHasher, Hash};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// Up to this many values, each is compared in turn and nothing is hashed. Most puzzles have no more moves.
const FEW: usize = 8;

/// Size in bytes up to which hashing a value takes no longer than comparing it.
pub(super) const SMALL: usize = 64;

/// A list of distinct values. Equal numbers mean equal values.
pub(super) struct Numbered<T> {
    pub things: Vec<T>,
    numbers: HashTable<u32>,
    /// How many of `things` are in `numbers`. Later ones were found by their place, and are added when a value is next hashed.
    hashed: usize,
    /// The number that was asked for last. Values are mostly met again in the order in which they were met first. So a large value is
    /// compared with the next one before it is hashed.
    last: u32,
    /// For each place, the round that wrote the entry and the number. A new round makes all old entries void at once.
    places: Vec<(u32, u32)>,
    round: u32,
    /// Whether each value was added by a place that no other value has.
    pub placed: bool,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        let (things, numbers, places) = (Vec::new(), HashTable::new(), Vec::new());
        Numbered { things, numbers, hashed: 0, last: u32::MAX, places, round: 1, placed: true }
    }
}

impl<T> Numbered<T> {
    /// Removes all values and keeps the memory.
    pub fn clear(&mut self) {
        self.things.clear();
        self.numbers.clear();
        self.hashed = 0;
        self.last = u32::MAX;
        self.placed = true;
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.round = 1;
            self.places.clear();
        }
    }
}

impl<T: Hash + Eq> Numbered<T> {
    /// The number of a value. A new value gets the next number.
    #[inline]
    pub fn number(&mut self, thing: T) -> u32 {
        if size_of::<T>() > SMALL {
            for likely in [self.last.wrapping_add(1), self.last] {
                if self.things.get(likely as usize) == Some(&thing) {
                    self.last = likely;
                    return likely;
                }
            }
        }
        if self.things.len() <= FEW
            && let Some(number) = self.things.iter().position(|known| *known == thing)
        {
            self.last = number as u32;
            return self.last;
        }
        self.last = self.hashed_number(thing);
        self.last
    }

    fn hashed_number(&mut self, thing: T) -> u32 {
        let Numbered { things, numbers, hashed, placed, .. } = self;
        let hash = |thing: &T| FxBuildHasher.hash_one(thing);
        for number in *hashed..things.len() {
            numbers.insert_unique(hash(&things[number]), number as u32, |&number| hash(&things[number as usize]));
        }
        *hashed = things.len();
        let key = hash(&thing);
        if let Some(&number) = numbers.find(key, |&number| things[number as usize] == thing) {
            return number;
        }
        let number = things.len() as u32;
        things.push(thing);
        numbers.insert_unique(key, number, |&number| hash(&things[number as usize]));
        *hashed = things.len();
        *placed = false;
        number
    }

    /// The number of a value that has a place below `bound`. Other values may have the same place.
    #[inline]
    pub fn number_at(&mut self, place: usize, bound: usize, thing: T) -> u32 {
        if self.places.len() < bound {
            self.places.resize(bound, (0, 0));
        }
        let Some(&entry) = self.places.get(place) else { return self.number(thing) };
        if entry.0 == self.round && self.things[entry.1 as usize] == thing {
            return entry.1;
        }
        let number = if self.placed && entry.0 != self.round {
            self.things.push(thing);
            self.things.len() as u32 - 1
        } else {
            self.hashed_number(thing)
        };
        self.places[place] = (self.round, number);
        number
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Numbered;

    proptest! {
        /// Numbers are given in order and are equal exactly for equal values, whether values are hashed or found by a shared place.
        #[test]
        fn equal_things_have_equal_numbers(rounds in prop::collection::vec(prop::collection::vec((0..60u8, any::<bool>()), 0..90), 1..4)) {
            let mut numbered = Numbered::<u8>::default();
            for round in rounds {
                let mut known: Vec<u8> = Vec::new();
                for (thing, hashed) in round {
                    let number = if hashed { numbered.number(thing) } else { numbered.number_at(usize::from(thing) / 2, 25, thing) };
                    let expected = known.iter().position(|&one| one == thing).unwrap_or(known.len());
                    if expected == known.len() {
                        known.push(thing);
                    }
                    prop_assert_eq!(number as usize, expected);
                    prop_assert_eq!(&numbered.things, &known);
                }
                numbered.clear();
            }
        }
    }
}
