//! Things by number: what is equal has the same number.

use std::hash::{BuildHasher, Hash};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// So few things are compared one by one: the moves of most puzzles.
const FEW: usize = 8;

/// Bytes of a thing that is hashed as fast as it is compared.
pub(super) const SMALL: usize = 64;

/// Things by number, each once: equal numbers are equal things.
pub(super) struct Numbered<T> {
    pub things: Vec<T>,
    numbers: HashTable<u32>,
    /// How many of the things are in `numbers`: those behind them were found by their place, and are added when something is hashed.
    hashed: usize,
    /// The number that was asked for last. What is met again is mostly met in the order in which it was met first, so the next one is
    /// looked at before a large thing is hashed; to hash a small one takes no longer.
    last: u32,
    /// By place: the round that wrote the entry, and the number. A new round forgets all of them at once.
    places: Vec<(u32, u32)>,
    round: u32,
    /// Whether every thing has a place that is its own.
    pub placed: bool,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        let (things, numbers, places) = (Vec::new(), HashTable::new(), Vec::new());
        Numbered { things, numbers, hashed: 0, last: u32::MAX, places, round: 1, placed: true }
    }
}

impl<T> Numbered<T> {
    /// Forgets all things and keeps the memory.
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
    /// The number of a thing.
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

    /// The number of a thing that has a place below `bound`, which other things may share with it.
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
        /// Whether things are hashed or found by a place that they share with others: numbers are given in order, equal ones exactly to equal things.
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
