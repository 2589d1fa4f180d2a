//! Seeded draws: the only source of randomness in the project.
//!
//! Draws are stable: the same seed, purpose, split and index give the same values on every platform and in every later version. Only raw 32-bit words of
//! ChaCha8 (`rand_chacha`) are used, with the bounded integers and the shuffle of this file. Nothing of `rand` is used whose values may change between
//! versions. Each purpose has its own streams, so a new corruption never changes the puzzles. The key is a BLAKE3 hash, so neighbouring seeds share nothing.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The streams of one purpose in one split. They share a key; the index of a row chooses the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Streams {
    key: [u8; 32],
}

impl Streams {
    /// The streams of `purpose` (`puzzle`, `search`, `corruption`, `record` …) in `split` under `seed`.
    pub fn new(seed: u64, purpose: &str, split: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("stream-of-search 2026 draw streams v1");
        hasher.update(&seed.to_le_bytes());
        for part in [purpose, split] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        Streams { key: *hasher.finalize().as_bytes() }
    }

    /// The draws of one index.
    pub fn at(&self, index: u64) -> Draw {
        let mut rng = ChaCha8Rng::from_seed(self.key);
        rng.set_stream(index);
        Draw { rng }
    }

    /// A keyed permutation of `0..size`.
    pub fn permutation(&self, size: u128) -> Permutation {
        Permutation::new(self, size)
    }
}

/// A stream of draws.
#[derive(Clone, Debug)]
pub struct Draw {
    rng: ChaCha8Rng,
}

impl Draw {
    /// The stream of index 0 for a purpose, for tests and single calls.
    pub fn new(seed: u64, purpose: &str) -> Self {
        Streams::new(seed, purpose, "").at(0)
    }

    /// The next raw word.
    #[inline]
    pub fn word(&mut self) -> u32 {
        self.rng.next_u32()
    }

    /// The next two raw words as one integer; the first word is the low half.
    #[inline]
    pub fn word64(&mut self) -> u64 {
        let low = u64::from(self.word());
        low | u64::from(self.word()) << 32
    }

    /// A uniform integer in `0..bound`; 0 for a bound of 0.
    ///
    /// Multiply and reject (Lemire 2019, "Fast Random Integer Generation in an Interval"), on one word if the bound fits 32 bits and on two otherwise.
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound <= 1 {
            return 0;
        }
        match u32::try_from(bound) {
            Ok(bound) => u64::from(self.below32(bound)),
            Err(_) => self.below64(bound),
        }
    }

    #[inline]
    fn below32(&mut self, bound: u32) -> u32 {
        let mut product = u64::from(self.word()) * u64::from(bound);
        if (product as u32) < bound {
            let threshold = bound.wrapping_neg() % bound;
            while (product as u32) < threshold {
                product = u64::from(self.word()) * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }

    fn below64(&mut self, bound: u64) -> u64 {
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let product = u128::from(self.word64()) * u128::from(bound);
            if product as u64 >= threshold {
                return (product >> 64) as u64;
            }
        }
    }

    /// A uniform index into a list of `len` elements; 0 for an empty list.
    #[inline]
    pub fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// A uniform integer in `low..=high`; `low` if the range is empty.
    #[inline]
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        match high.checked_sub(low).and_then(|width| width.checked_add(1)) {
            Some(width) => low + self.below(width),
            None if high < low => low,
            None => self.word64(),
        }
    }

    /// True with probability `numerator / denominator`.
    #[inline]
    pub fn chance(&mut self, numerator: u64, denominator: u64) -> bool {
        self.below(denominator) < numerator
    }

    /// A uniform element of the list; none if the list is empty.
    pub fn choose<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        if things.is_empty() { None } else { things.get(self.index(things.len())) }
    }

    /// An index drawn with probability proportional to its weight; 0 if all weights are 0.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u64> + Clone) -> usize {
        let total = weights.clone().fold(0u64, u64::saturating_add);
        let mut rest = self.below(total);
        for (index, weight) in weights.enumerate() {
            if rest < weight {
                return index;
            }
            rest -= weight;
        }
        0
    }

    /// Shuffles a list in place (Fisher and Yates, from the end).
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            let other = self.index(last + 1);
            things.swap(last, other);
        }
    }
}

/// Rounds of the Feistel network. With six, every bit of a half depends on every bit of the other many times over.
const ROUNDS: usize = 6;

/// A keyed permutation of `0..size` with random access: a balanced Feistel network over the next even number of bits, applied again until the value is in the
/// range (cycle walking: Black and Rogaway 2002, "Ciphers with Arbitrary Finite Domains").
#[derive(Clone, Debug)]
pub struct Permutation {
    size: u128,
    half_bits: u32,
    keys: [u64; ROUNDS],
}

impl Permutation {
    fn new(streams: &Streams, size: u128) -> Self {
        let bits = 128 - size.saturating_sub(1).leading_zeros();
        let mut draw = streams.at(u64::MAX);
        Permutation { size, half_bits: bits.div_ceil(2).max(1), keys: std::array::from_fn(|_| draw.word64()) }
    }

    /// The number of permuted values.
    pub fn size(&self) -> u128 {
        self.size
    }

    /// The image of `index`. It panics if `index` is not below the size.
    pub fn at(&self, index: u128) -> u128 {
        assert!(index < self.size, "index {index} of a permutation of {}", self.size);
        let mut value = self.once(index);
        while value >= self.size {
            value = self.once(value);
        }
        value
    }

    /// The index whose image is `place`: the inverse of [`Permutation::at`]. It panics if `place` is not below the size.
    pub fn inverse(&self, place: u128) -> u128 {
        assert!(place < self.size, "place {place} of a permutation of {}", self.size);
        let mut value = self.back(place);
        while value >= self.size {
            value = self.back(value);
        }
        value
    }

    fn back(&self, value: u128) -> u128 {
        let mask = if self.half_bits == 64 { u64::MAX } else { (1u64 << self.half_bits) - 1 };
        let mut left = (value >> self.half_bits) as u64 & mask;
        let mut right = value as u64 & mask;
        for key in self.keys.into_iter().rev() {
            let before = right ^ (mix(left ^ key) & mask);
            right = left;
            left = before;
        }
        u128::from(left) << self.half_bits | u128::from(right)
    }

    fn once(&self, value: u128) -> u128 {
        let mask = if self.half_bits == 64 { u64::MAX } else { (1u64 << self.half_bits) - 1 };
        let mut left = (value >> self.half_bits) as u64 & mask;
        let mut right = value as u64 & mask;
        for key in self.keys {
            let next = left ^ (mix(right ^ key) & mask);
            left = right;
            right = next;
        }
        u128::from(left) << self.half_bits | u128::from(right)
    }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014), with a first multiplication for short halves.
#[inline]
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// These values must never change: every data set depends on them.
    #[test]
    fn value_stability() {
        let mut draw = Streams::new(7, "puzzle", "train").at(3);
        let words: Vec<u32> = (0..4).map(|_| draw.word()).collect();
        let small: Vec<u64> = (0..8).map(|_| draw.below(10)).collect();
        let large = draw.below(1 << 40);
        let mut list: Vec<u8> = (0..8).collect();
        draw.shuffle(&mut list);
        let permutation = Streams::new(7, "puzzle", "train").permutation(1000);
        let walked: Vec<u128> = (0..6).map(|i| permutation.at(i)).collect();
        let seen = format!("{words:?} {small:?} {large} {list:?} {walked:?}");
        assert_eq!(seen, include_str!("draw_values.txt").trim_end());
    }

    #[test]
    fn neighbouring_seeds_purposes_splits_and_indices_share_nothing() {
        let first = |seed, purpose, split, index| Streams::new(seed, purpose, split).at(index).word64();
        let mut words = Vec::new();
        for seed in 0..20 {
            for (purpose, split) in [("puzzle", "train"), ("puzzle", "test"), ("search", "train"), ("puzzlet", "rain")]
            {
                for index in 0..20 {
                    words.push(first(seed, purpose, split, index));
                }
            }
        }
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), 20 * 4 * 20);
    }

    #[test]
    fn bounded_draws_are_uniform_enough() {
        let mut draw = Draw::new(1, "test");
        let mut counts = [0u32; 7];
        for _ in 0..70_000 {
            counts[draw.index(7)] += 1;
        }
        assert!(counts.iter().all(|&count| (9_500..10_500).contains(&count)), "{counts:?}");
    }

    proptest! {
        #[test]
        fn a_permutation_is_one(size in 1u128..3000, seed: u64) {
            let permutation = Streams::new(seed, "p", "s").permutation(size);
            let mut seen: Vec<u128> = (0..size).map(|i| permutation.at(i)).collect();
            prop_assert!(seen.iter().zip(0..).all(|(&place, i)| permutation.inverse(place) == i));
            seen.sort_unstable();
            prop_assert!(seen.into_iter().eq(0..size));
        }

        #[test]
        fn a_large_permutation_stays_in_range(size in (1u128 << 90)..(1u128 << 120), index: u64) {
            let permutation = Streams::new(1, "p", "s").permutation(size);
            prop_assert!(permutation.at(u128::from(index)) < size);
        }
    }
}
