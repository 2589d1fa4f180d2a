//! Features of a text: its length, its tokens, and its pairs of adjacent tokens. All numbers are the same token, so no cue is a number.

use std::collections::HashMap;

/// Greatest number of different tokens and pairs for a label; later ones are ignored.
const MOST_NAMES: usize = 1 << 18;

/// Greatest number of tokens that are read from the beginning of a text.
const MOST_TOKENS: usize = 1 << 16;

/// Tokens and pairs, as small numbers.
#[derive(Default)]
pub(super) struct Names {
    numbers: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    fn number(&mut self, name: &str) -> Option<u32> {
        if let Some(&number) = self.numbers.get(name) {
            return Some(number);
        }
        let number = u32::try_from(self.names.len()).ok().filter(|_| self.names.len() < MOST_NAMES)?;
        self.names.push(name.into());
        self.numbers.insert(name.into(), number);
        Some(number)
    }

    /// The token or pair with a number.
    pub fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", String::as_str)
    }

    /// Whether a number stands for a pair.
    pub fn is_pair(&self, number: u32) -> bool {
        self.name(number).contains(' ')
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }
}

/// A token or pair that occurs in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Count {
    pub name: u32,
    pub count: u32,
    /// The index of the first occurrence, from 1.
    pub first: u32,
}

/// The features of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Features {
    pub bytes: u64,
    pub tokens: u64,
    pub counts: Vec<Count>,
}

/// The features of a text whose tokens and pairs have no numbers yet. It is the same for each label, and in each thread.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    bytes: u64,
    tokens: u64,
    /// Tokens and pairs in the order of their first occurrence: name, count, and the index of that occurrence, from 1.
    counts: Vec<(String, u32, u32)>,
}

impl Counted {
    /// Counts the tokens and pairs of a text.
    pub fn of(text: &str) -> Self {
        let tokens = tokens(text);
        let mut counts: Vec<(String, u32, u32)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut add = |name: &str, at: usize| match places.get(name).and_then(|&place| counts.get_mut(place)) {
            Some((_, count, _)) => *count += 1,
            None => {
                places.insert(name.into(), counts.len());
                counts.push((name.into(), 1, at as u32 + 1));
            }
        };
        let mut pair = String::new();
        for (at, token) in tokens.iter().enumerate() {
            add(token, at);
            if let Some(next) = tokens.get(at + 1) {
                pair.clear();
                pair.extend([token, " ", next]);
                add(&pair, at);
            }
        }
        Counted { bytes: text.len() as u64, tokens: tokens.len() as u64, counts }
    }

    /// Size in memory, about.
    pub fn size(&self) -> usize {
        self.counts.iter().map(|(name, ..)| name.len() + size_of::<(String, u32, u32)>()).sum()
    }

    /// The features, with the numbers of a label.
    pub fn numbered(self, names: &mut Names) -> Features {
        let number =
            |(name, count, first): (String, u32, u32)| Some(Count { name: names.number(&name)?, count, first });
        let mut counts: Vec<Count> = self.counts.into_iter().filter_map(number).collect();
        counts.sort_unstable_by_key(|count| count.name);
        Features { bytes: self.bytes, tokens: self.tokens, counts }
    }
}

/// The tokens of a text: words (with each number in them as `0`), ends of lines, and every other character by itself.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    for c in text.trim_end().chars() {
        if tokens.len() >= MOST_TOKENS {
            break;
        }
        match c {
            '0'..='9' if word.ends_with('0') => {}
            '0'..='9' => word.push('0'),
            c if c.is_alphabetic() => word.push(c),
            c => {
                if !word.is_empty() {
                    tokens.push(std::mem::take(&mut word));
                }
                match c {
                    '\n' => tokens.push("\\n".into()),
                    c if c.is_whitespace() => {}
                    c => tokens.push(c.into()),
                }
            }
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_one_token() {
        assert_eq!(tokens("R1C12 = 37, #0,4\nGoal "), ["R0C0", "=", "0", ",", "#", "0", ",", "0", "\\n", "Goal"]);
        let mut names = Names::default();
        let features = Counted::of("a 12 a 3").numbered(&mut names);
        assert_eq!((features.bytes, features.tokens), (8, 4));
        let named: Vec<_> =
            features.counts.iter().map(|count| (names.name(count.name), count.count, count.first)).collect();
        assert_eq!(named, [("a", 2, 1), ("a 0", 2, 1), ("0", 2, 2), ("0 a", 1, 2)]);
    }
}
