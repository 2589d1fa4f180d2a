//! The network of a constraint puzzle: variables, their possible values, and the rules.

use std::ops::Deref;

use super::rule::{Domains, MAX_VARIABLES, Rule};
use crate::text::Reader;

/// Greatest number of values of a variable.
pub const MAX_VALUES: usize = 16;
/// Greatest number of rules of a puzzle.
pub const MAX_RULES: usize = 1024;

/// The variables, values and rules of a puzzle.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// The names of the variables, each one token.
    pub variables: Names,
    /// The names of the values, each one token; the same for all variables.
    pub values: Names,
    /// The possible values of every variable before any rule applies, one bit each.
    pub domains: Vec<u16>,
    /// The rules.
    rules: Vec<Rule>,
    /// The rules of all variables, one list after the other.
    touching: Vec<u16>,
    /// The start of each variable's list.
    offsets: Vec<u32>,
    /// For each rule that requires different values, its slot in [`Taken`]. [`NO_SLOT`] for other rules, and if there are too many.
    slots: Vec<u8>,
}

/// Names for fast reading: the first bytes of each are compared at once.
#[derive(Clone, Debug, Default)]
pub struct Names {
    names: Vec<String>,
    /// The first eight bytes of each name, a mask of the bytes that it has, and its index. Long names come first.
    heads: Vec<(u64, u64, usize)>,
}

impl From<Vec<String>> for Names {
    fn from(names: Vec<String>) -> Self {
        let head = |(place, name): (usize, &String)| {
            let len = name.len().min(8) as u32;
            (first_bytes(name.as_bytes()), u64::MAX.checked_shr(64 - 8 * len).unwrap_or(0), place)
        };
        let mut heads: Vec<_> = names.iter().enumerate().map(head).collect();
        heads.sort_by_key(|&(.., place)| std::cmp::Reverse((names[place].len(), place)));
        Names { heads, names }
    }
}

impl Deref for Names {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.names
    }
}

impl Names {
    /// Takes the longest name that comes next, and returns its index.
    pub fn read(&self, reader: &mut Reader<'_>) -> Option<u8> {
        let next = first_bytes(reader.rest());
        let mut fits = self.heads.iter().filter(|(head, mask, _)| next & mask == *head);
        let &(.., place) = fits.find(|&&(.., place)| reader.rest().starts_with(self.names[place].as_bytes()))?;
        reader.take(self.names[place].as_bytes())?;
        u8::try_from(place).ok()
    }
}

/// The first eight bytes of a text, the first one lowest, filled with zeros.
fn first_bytes(text: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let len = text.len().min(8);
    bytes[..len].copy_from_slice(&text[..len]);
    u64::from_le_bytes(bytes)
}

/// Greatest number of rules with a slot in [`Taken`].
const MOST_SLOTS: usize = 64;
const NO_SLOT: u8 = u8::MAX;

/// The taken values of each rule that requires different values: those of its variables with a single value left.
pub struct Taken([u16; MOST_SLOTS]);

impl Network {
    /// A network in which every variable can have every value.
    pub fn new(variables: Vec<String>, values: Vec<String>, rules: Vec<Rule>) -> Self {
        let full = ((1u32 << values.len()) - 1) as u16;
        let domains = vec![full; variables.len()];
        Self::with_domains(variables, values, domains, rules)
    }

    /// A network in which every variable has its own domain.
    pub fn with_domains(variables: Vec<String>, values: Vec<String>, domains: Vec<u16>, rules: Vec<Rule>) -> Self {
        debug_assert!(variables.len() <= MAX_VARIABLES && values.len() <= MAX_VALUES && rules.len() <= MAX_RULES);
        let mut slots = vec![NO_SLOT; rules.len()];
        let differ = rules.iter().enumerate().filter(|(_, rule)| matches!(rule, Rule::AllDifferent { .. }));
        for (slot, (rule, _)) in differ.take(MOST_SLOTS).enumerate() {
            slots[rule] = slot as u8;
        }
        let mut network = Network {
            variables: variables.into(),
            values: values.into(),
            domains,
            rules,
            touching: Vec::new(),
            offsets: Vec::new(),
            slots,
        };
        network.offsets = vec![0; network.len() + 1];
        for rule in &network.rules {
            rule.each_variable(|variable| network.offsets[variable + 1] += 1);
        }
        for variable in 0..network.variables.len() {
            network.offsets[variable + 1] += network.offsets[variable];
        }
        network.touching = vec![0; network.offsets[network.variables.len()] as usize];
        let mut free = network.offsets.clone();
        for (number, rule) in network.rules.iter().enumerate() {
            rule.each_variable(|variable| {
                network.touching[free[variable] as usize] = number as u16;
                free[variable] += 1;
            });
        }
        network
    }

    /// Number of variables.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.variables.len()
    }

    /// The rules.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The values of a variable, one bit each, that break no rule given the domains of the others.
    #[inline]
    pub fn candidates(&self, domains: &Domains, variable: usize) -> u16 {
        let mut left = domains[variable];
        for &rule in self.rules_of(variable) {
            if left == 0 {
                break;
            }
            left &= self.rules[usize::from(rule)].permits(domains, variable);
        }
        left
    }

    /// The taken values of each rule, for [`Network::candidates_beside`].
    pub fn taken(&self, domains: &Domains) -> Taken {
        let mut taken = Taken([0; MOST_SLOTS]);
        for (rule, &slot) in self.rules.iter().zip(&self.slots) {
            if let (Rule::AllDifferent { variables, .. }, Some(taken)) = (rule, taken.0.get_mut(usize::from(slot))) {
                let domains = variables.iter().map(|&variable| domains[usize::from(variable)]);
                *taken = domains.filter(|domain| domain.is_power_of_two()).fold(0, |all, domain| all | domain);
            }
        }
        taken
    }

    /// The same as [`Network::candidates`], for many variables with the same domains.
    #[inline]
    pub fn candidates_beside(&self, taken: &Taken, domains: &Domains, variable: usize) -> u16 {
        let mut left = domains[variable];
        if left.is_power_of_two() {
            // the taken values include its own
            return self.candidates(domains, variable);
        }
        for &rule in self.rules_of(variable) {
            left &= match taken.0.get(usize::from(self.slots[usize::from(rule)])) {
                Some(taken) => !taken,
                None => self.rules[usize::from(rule)].permits(domains, variable),
            };
        }
        left
    }

    /// The numbers of the rules that contain a variable.
    #[inline]
    pub fn rules_of(&self, variable: usize) -> &[u16] {
        &self.touching[self.offsets[variable] as usize..self.offsets[variable + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Checks that the longest name at the front is read, by comparing whole names.
        #[test]
        fn the_longest_name_is_read(names in prop::collection::vec("[ab\\x00]{1,10}", 1..8), text in "[ab\\x00]{0,14}") {
            let longest = names.iter().filter(|name| text.starts_with(name.as_str())).map(String::len).max();
            let list = Names::from(names.clone());
            let mut reader = Reader::new(text.as_bytes());
            let read = list.read(&mut reader);
            prop_assert_eq!(read.map(|place| names[usize::from(place)].len()), longest);
            prop_assert_eq!(reader.position(), longest.unwrap_or(0));
        }
    }
}
