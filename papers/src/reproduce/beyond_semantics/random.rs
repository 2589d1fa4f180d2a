//! The paper's generator of random numbers.

const FACTOR: u32 = 1_664_525;
const STEP: u32 = 1_013_904_223;

/// A linear congruential generator modulo 2^32. The paper's program divides its state by 2^32 and multiplies the fraction by a bound. Neither step
/// rounds for bounds up to 2^21, so integers give the same numbers.
///
/// A loop that also writes bytes uses a copy of the generator, which the compiler keeps in a register.
#[derive(Clone, Debug)]
pub(super) struct Random(u32);

impl Random {
    /// Starts from twice the seed, plus one for the test split, in JavaScript's arithmetic: seeds beyond 2^52 are rounded as a double, and all are
    /// then taken modulo 2^32.
    pub(super) fn new(seed: i64, test: bool) -> Self {
        const MODULUS: f64 = 4_294_967_296.0;
        let start = seed as f64 * 2.0 + f64::from(u8::from(test));
        Self(start.rem_euclid(MODULUS) as u32)
    }

    /// The next fraction, in units of 2^-32.
    #[inline]
    pub(super) fn draw(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(FACTOR).wrapping_add(STEP);
        self.0
    }

    /// A whole number below the bound. The bound is at most 2^21.
    #[inline]
    pub(super) fn below(&mut self, bound: usize) -> usize {
        scale(self.draw(), bound)
    }

    /// The next four fractions. They are computed independently, so that none waits for the one before.
    #[inline]
    pub(super) fn draw_four(&mut self) -> [u32; 4] {
        const JUMPS: [(u32, u32); 4] = jumps();
        let start = self.0;
        let four = JUMPS.map(|(factor, step)| start.wrapping_mul(factor).wrapping_add(step));
        self.0 = four[3];
        four
    }

    /// The shuffle of Fisher and Yates, from the last place down to the second.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        let mut left = items.len();
        while left > 4 {
            let four = self.draw_four();
            // A slice of known length needs only one bounds check for four swaps.
            let part = &mut items[..left];
            for (back, fraction) in four.into_iter().enumerate() {
                let last = left - 1 - back;
                part.swap(last, scale(fraction, last + 1));
            }
            left -= 4;
        }
        for last in (1..left).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }
}

/// A bound times a fraction, rounded down. The fraction is in units of 2^-32.
#[inline]
pub(super) fn scale(fraction: u32, bound: usize) -> usize {
    ((u64::from(fraction) * bound as u64) >> 32) as usize
}

/// Factor and step for one to four draws at once.
const fn jumps() -> [(u32, u32); 4] {
    let mut all = [(FACTOR, STEP); 4];
    let mut at = 1;
    while at < 4 {
        let (factor, step) = all[at - 1];
        all[at] = (factor.wrapping_mul(FACTOR), step.wrapping_mul(FACTOR).wrapping_add(STEP));
        at += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_those_of_javascript() {
        let start = |seed, test| Random::new(seed, test).0;
        assert_eq!([start(0, false), start(0, true), start(42, false)], [0, 1, 84]);
        assert_eq!([start(-1, false), start(-1, true), start(1 << 31, true)], [4_294_967_294, u32::MAX, 1]);
        // 2^53 + 1 is not a double. Node has 2^53 there, and 2^53 + 2 for the next odd number.
        assert_eq!([start((1 << 53) + 1, false), start((1 << 53) + 3, false)], [0, 8]);
    }

    #[test]
    fn four_draws_are_four_draws() {
        let mut single = Random(12_345);
        let mut fours = single.clone();
        for _ in 0..5 {
            assert_eq!(fours.draw_four(), [(); 4].map(|()| single.draw()));
        }
    }

    #[test]
    fn a_shuffle_draws_once_for_each_place_but_the_first() {
        for length in 0..20 {
            let mut random = Random(7);
            let mut plain = random.clone();
            let mut items: Vec<u32> = (0..length).collect();
            let mut expected = items.clone();
            random.shuffle(&mut items);
            for last in (1..expected.len()).rev() {
                let other = plain.below(last + 1);
                expected.swap(last, other);
            }
            assert_eq!((items, random.0), (expected, plain.0));
        }
    }
}
