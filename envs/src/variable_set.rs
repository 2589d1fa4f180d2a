//! Sets of variables.

use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

/// A set of variables, numbered below [`VariableSet::MOST`]. Sets are ordered as their lower 128 variables read as a number, then the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariableSet([u64; WORDS.len()]);

/// The word that holds each 64 variables: of each 128, the greater ones come first, since they weigh more in the order.
const WORDS: [usize; 4] = [1, 0, 3, 2];

/// The word of a variable, and its bit there.
#[inline]
const fn place(variable: usize) -> (usize, u64) {
    (variable >> 6 & 3 ^ 1, 1 << (variable & 63))
}

impl VariableSet {
    /// Number of variables that a set can hold.
    pub const MOST: usize = 256;
    /// No variable.
    pub const EMPTY: Self = VariableSet([0; WORDS.len()]);
    /// All variables.
    pub const ALL: Self = VariableSet([u64::MAX; WORDS.len()]);

    /// The set of one variable.
    #[inline]
    pub fn of(variable: usize) -> Self {
        let mut set = Self::EMPTY;
        set.insert(variable);
        set
    }

    /// Whether a variable is in the set.
    #[inline]
    pub fn has(&self, variable: usize) -> bool {
        let (word, bit) = place(variable);
        self.0[word] & bit != 0
    }

    /// Adds a variable.
    #[inline]
    pub fn insert(&mut self, variable: usize) {
        let (word, bit) = place(variable);
        self.0[word] |= bit;
    }

    /// Removes a variable.
    #[inline]
    pub fn remove(&mut self, variable: usize) {
        let (word, bit) = place(variable);
        self.0[word] &= !bit;
    }

    /// Whether the set is empty.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.iter().fold(0, |all, word| all | word) == 0
    }

    /// Number of variables in the set.
    #[inline]
    pub fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Whether the sets have a variable in common.
    #[inline]
    pub fn meets(self, other: Self) -> bool {
        !(self & other).is_empty()
    }

    /// Whether all variables of the set are among these.
    #[inline]
    pub fn is_within(self, variables: &[u8]) -> bool {
        !self.meets(!variables.iter().copied().collect::<Self>())
    }

    /// The variables, in ascending order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let (mut words, mut at) = (self.0, 0);
        std::iter::from_fn(move || {
            loop {
                let word = &mut words[*WORDS.get(at)?];
                if *word != 0 {
                    let bit = word.trailing_zeros() as usize;
                    *word &= *word - 1;
                    return Some(64 * at + bit);
                }
                at += 1;
            }
        })
    }

    /// The least variable.
    #[inline]
    pub fn first(self) -> Option<usize> {
        self.iter().next()
    }

    /// The greatest variable.
    #[inline]
    pub fn last(self) -> Option<usize> {
        let place = WORDS.iter().rposition(|&word| self.0[word] != 0)?;
        Some(64 * place + 63 - self.0[WORDS[place]].leading_zeros() as usize)
    }
}

impl FromIterator<u8> for VariableSet {
    fn from_iter<I: IntoIterator<Item = u8>>(variables: I) -> Self {
        let mut set = Self::EMPTY;
        variables.into_iter().for_each(|variable| set.insert(variable.into()));
        set
    }
}

impl BitOr for VariableSet {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        VariableSet(std::array::from_fn(|word| self.0[word] | other.0[word]))
    }
}

impl BitOrAssign for VariableSet {
    #[inline]
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl BitAnd for VariableSet {
    type Output = Self;

    #[inline]
    fn bitand(self, other: Self) -> Self {
        VariableSet(std::array::from_fn(|word| self.0[word] & other.0[word]))
    }
}

impl Not for VariableSet {
    type Output = Self;

    #[inline]
    fn not(self) -> Self {
        VariableSet(self.0.map(|word| !word))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::VariableSet;

    proptest! {
        #[test]
        fn sets_are_those_of_the_library(one: Vec<u8>, other: Vec<u8>, variable: u8) {
            let ours = |list: &[u8]| list.iter().copied().collect::<VariableSet>();
            let theirs = |list: &[u8]| list.iter().map(|&variable| usize::from(variable)).collect::<BTreeSet<usize>>();
            let (a, b, c, d) = (ours(&one), ours(&other), theirs(&one), theirs(&other));
            let variable = usize::from(variable);
            prop_assert_eq!((a.len() as usize, a.first(), a.last()), (c.len(), c.first().copied(), c.last().copied()));
            prop_assert_eq!((a.has(variable), a.is_empty(), a.meets(b)), (c.contains(&variable), c.is_empty(), !c.is_disjoint(&d)));
            prop_assert!(a.iter().eq(c.iter().copied()) && (a | b).iter().eq(c.union(&d).copied()));
            prop_assert!((a & !b).iter().eq(c.difference(&d).copied()));
            prop_assert_eq!(a.is_within(&other), c.is_subset(&d));
            let number = |set: VariableSet| [0, 128].map(|low| (low..low + 128).filter(|&v| set.has(v)).fold(0u128, |all, v| all | 1 << (v - low)));
            prop_assert_eq!(a.cmp(&b), number(a).cmp(&number(b)));
            let mut without = a;
            without.remove(variable);
            prop_assert!(!without.has(variable) && (without | VariableSet::of(variable)) == (a | VariableSet::of(variable)));
        }
    }
}
