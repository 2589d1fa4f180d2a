//! Sets of variables.

use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

/// A set of variables, numbered below [`VariableSet::MOST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariableSet([u128; 2]);

impl VariableSet {
    /// Number of variables that a set can hold.
    pub const MOST: usize = 256;
    /// No variable.
    pub const EMPTY: Self = VariableSet([0; 2]);
    /// All variables.
    pub const ALL: Self = VariableSet([u128::MAX; 2]);

    /// The set of one variable.
    #[inline]
    pub fn of(variable: usize) -> Self {
        let mut set = Self::EMPTY;
        set.insert(variable);
        set
    }

    /// Whether a variable is in the set.
    #[inline]
    pub fn has(self, variable: usize) -> bool {
        self.0[variable >> 7 & 1] >> (variable & 127) & 1 == 1
    }

    /// Adds a variable.
    #[inline]
    pub fn insert(&mut self, variable: usize) {
        self.0[variable >> 7 & 1] |= 1 << (variable & 127);
    }

    /// Removes a variable.
    #[inline]
    pub fn remove(&mut self, variable: usize) {
        self.0[variable >> 7 & 1] &= !(1 << (variable & 127));
    }

    /// Whether the set is empty.
    #[inline]
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    /// Number of variables in the set.
    #[inline]
    pub fn len(self) -> u32 {
        self.0[0].count_ones() + self.0[1].count_ones()
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
        let mut left = self;
        std::iter::from_fn(move || {
            let first = left.first()?;
            left.remove(first);
            Some(first)
        })
    }

    /// The least variable.
    #[inline]
    pub fn first(self) -> Option<usize> {
        let [low, high] = self.0.map(|half| half.trailing_zeros() as usize);
        if low < 128 { Some(low) } else { (high < 128).then_some(128 + high) }
    }

    /// The greatest variable.
    #[inline]
    pub fn last(self) -> Option<usize> {
        let [low, high] = self.0.map(|half| 128 - half.leading_zeros() as usize);
        if high > 0 { Some(127 + high) } else { low.checked_sub(1) }
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
        VariableSet([self.0[0] | other.0[0], self.0[1] | other.0[1]])
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
        VariableSet([self.0[0] & other.0[0], self.0[1] & other.0[1]])
    }
}

impl Not for VariableSet {
    type Output = Self;

    #[inline]
    fn not(self) -> Self {
        VariableSet(self.0.map(|half| !half))
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
            let mut without = a;
            without.remove(variable);
            prop_assert!(!without.has(variable) && (without | VariableSet::of(variable)) == (a | VariableSet::of(variable)));
        }
    }
}
