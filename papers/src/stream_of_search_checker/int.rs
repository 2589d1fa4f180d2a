//! Whole numbers without a bound, as Python has them: just what the paper's checks do with numbers.
//!
//! A number is a sign and 32-bit limbs, lowest first, without leading zero limbs; zero is never negative.
use std::cmp::Ordering;
use std::fmt;

/// The most bits that a computed number may have; beyond it the compatibility check gives up.
pub(super) const MAX_BITS: usize = 1 << 17;

/// A whole number of any size.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Int {
    negative: bool,
    limbs: Vec<u32>,
}

impl Int {
    fn new(negative: bool, mut limbs: Vec<u32>) -> Self {
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        Self { negative: negative && !limbs.is_empty(), limbs }
    }

    /// The number that these digits (values below `radix`, highest first) spell.
    pub(super) fn from_digits(digits: impl Iterator<Item = u32>, radix: u32) -> Self {
        let mut limbs = Vec::new();
        let (mut chunk, mut scale) = (0u32, 1u32);
        for digit in digits {
            chunk = chunk * radix + digit;
            scale *= radix;
            if scale > u32::MAX / radix / radix {
                multiply_add(&mut limbs, scale, chunk);
                (chunk, scale) = (0, 1);
            }
        }
        multiply_add(&mut limbs, scale, chunk);
        Self::new(false, limbs)
    }

    /// The whole number that a float is, if it is one.
    pub(super) fn from_float(value: f64) -> Option<Self> {
        if !value.is_finite() || value.fract() != 0.0 {
            return None;
        }
        let bits = value.to_bits();
        let exponent = ((bits >> 52) & 0x7ff) as usize;
        if exponent == 0 {
            return Some(Self::default());
        }
        let mantissa = (bits & ((1 << 52) - 1)) | (1 << 52);
        let limbs = vec![mantissa as u32, (mantissa >> 32) as u32];
        let limbs = match exponent.checked_sub(1075) {
            Some(up) => shift_left(&limbs, up),
            None => shift_right(&limbs, 1075 - exponent),
        };
        Some(Self::new(value < 0.0, limbs))
    }

    pub(super) fn is_zero(&self) -> bool {
        self.limbs.is_empty()
    }

    pub(super) fn is_negative(&self) -> bool {
        self.negative
    }

    /// How many bits the size of the number takes.
    pub(super) fn bits(&self) -> usize {
        bit_length(&self.limbs)
    }

    pub(super) fn negated(&self) -> Self {
        Self::new(!self.negative, self.limbs.clone())
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        if self.negative == other.negative {
            return Self::new(self.negative, add_limbs(&self.limbs, &other.limbs));
        }
        match compare_limbs(&self.limbs, &other.limbs) {
            Ordering::Less => Self::new(other.negative, subtract_limbs(&other.limbs, &self.limbs)),
            _ => Self::new(self.negative, subtract_limbs(&self.limbs, &other.limbs)),
        }
    }

    pub(super) fn subtract(&self, other: &Self) -> Self {
        self.add(&other.negated())
    }

    pub(super) fn multiply(&self, other: &Self) -> Self {
        Self::new(self.negative != other.negative, multiply_limbs(&self.limbs, &other.limbs))
    }

    /// Quotient rounded down and the remainder that goes with it; `None` for a zero divisor.
    pub(super) fn floor_divide(&self, other: &Self) -> Option<(Self, Self)> {
        if other.is_zero() {
            return None;
        }
        let (quotient, rest) = divide_limbs(&self.limbs, &other.limbs);
        let quotient = Self::new(self.negative != other.negative, quotient);
        let rest = Self::new(self.negative, rest);
        if rest.is_zero() || rest.negative == other.negative {
            return Some((quotient, rest));
        }
        Some((quotient.subtract(&Self::from(1)), rest.add(other)))
    }

    /// The quotient as the nearest float (half to even); `None` where that is beyond the floats. The divisor is not 0.
    pub(super) fn true_divide(&self, other: &Self) -> Option<f64> {
        if self.is_zero() || other.is_zero() {
            return Some(0.0);
        }
        // Scaled so that the quotient has 65 or 66 bits less what the comparison of lengths leaves open.
        let up = 64 + other.bits();
        let (scaled, divisor, exponent) = match up.checked_sub(self.bits()) {
            Some(shift) => (shift_left(&self.limbs, shift), other.limbs.clone(), -(shift as i64)),
            None => {
                let shift = self.bits() - up;
                (self.limbs.clone(), shift_left(&other.limbs, shift), shift as i64)
            }
        };
        let (quotient, rest) = divide_limbs(&scaled, &divisor);
        let value = round_to_float(&quotient, exponent, rest.iter().any(|&limb| limb != 0))?;
        Some(if self.negative != other.negative { -value } else { value })
    }

    /// The nearest float (half to even); `None` where that is beyond the floats.
    pub(super) fn to_float(&self) -> Option<f64> {
        let value = round_to_float(&self.limbs, 0, false)?;
        Some(if self.negative { -value } else { value })
    }

    /// The number, where 128 bits hold it.
    pub(super) fn to_i128(&self) -> Option<i128> {
        let mut value: i128 = 0;
        for &limb in self.limbs.iter().rev() {
            value = value.checked_mul(1 << 32)?.checked_add(i128::from(limb))?;
        }
        Some(if self.negative { -value } else { value })
    }

    /// The number times two to the given power.
    pub(super) fn shifted_left(&self, by: usize) -> Self {
        Self::new(self.negative, shift_left(&self.limbs, by))
    }

    /// How the number compares with a float, exactly; `None` for a float that is not a number.
    pub(super) fn compare_float(&self, value: f64) -> Option<Ordering> {
        if value.is_nan() {
            return None;
        }
        if value.is_infinite() {
            return Some(if value > 0.0 { Ordering::Less } else { Ordering::Greater });
        }
        let floor = Self::from_float(value.floor()).unwrap_or_default();
        Some(self.cmp(&floor).then(if value.fract() == 0.0 { Ordering::Equal } else { Ordering::Less }))
    }
}

impl From<i128> for Int {
    fn from(value: i128) -> Self {
        let size = value.unsigned_abs();
        Self::new(value < 0, (0..4).map(|limb| (size >> (32 * limb)) as u32).collect())
    }
}

impl Ord for Int {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => compare_limbs(&self.limbs, &other.limbs),
            (true, true) => compare_limbs(&other.limbs, &self.limbs),
        }
    }
}

impl PartialOrd for Int {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Int {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.limbs.clone();
        let mut chunks = Vec::new();
        while !rest.is_empty() {
            chunks.push(divide_small(&mut rest, 1_000_000_000));
        }
        if self.negative {
            out.write_str("-")?;
        }
        write!(out, "{}", chunks.pop().unwrap_or(0))?;
        chunks.iter().rev().try_for_each(|chunk| write!(out, "{chunk:09}"))
    }
}

fn trim(limbs: &mut Vec<u32>) {
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
}

fn bit_length(limbs: &[u32]) -> usize {
    let top = limbs.last().map_or(0, |limb| 32 - limb.leading_zeros() as usize);
    limbs.len().saturating_sub(1) * 32 + top
}

fn compare_limbs(left: &[u32], right: &[u32]) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.iter().rev().cmp(right.iter().rev()))
}

fn multiply_add(limbs: &mut Vec<u32>, factor: u32, addend: u32) {
    let mut carry = u64::from(addend);
    for limb in limbs.iter_mut() {
        carry += u64::from(*limb) * u64::from(factor);
        *limb = carry as u32;
        carry >>= 32;
    }
    if carry != 0 {
        limbs.push(carry as u32);
    }
}

fn divide_small(limbs: &mut Vec<u32>, divisor: u32) -> u32 {
    let mut rest = 0u64;
    for limb in limbs.iter_mut().rev() {
        let value = (rest << 32) | u64::from(*limb);
        *limb = (value / u64::from(divisor)) as u32;
        rest = value % u64::from(divisor);
    }
    trim(limbs);
    rest as u32
}

fn add_limbs(left: &[u32], right: &[u32]) -> Vec<u32> {
    let mut carry = 0u64;
    let mut sum: Vec<u32> = (0..left.len().max(right.len()))
        .map(|at| {
            carry += u64::from(left.get(at).copied().unwrap_or(0)) + u64::from(right.get(at).copied().unwrap_or(0));
            let limb = carry as u32;
            carry >>= 32;
            limb
        })
        .collect();
    sum.push(carry as u32);
    sum
}

/// `left - right` where `left` is not the smaller.
fn subtract_limbs(left: &[u32], right: &[u32]) -> Vec<u32> {
    let mut borrow = false;
    left.iter()
        .enumerate()
        .map(|(at, &limb)| {
            let (first, under) = limb.overflowing_sub(right.get(at).copied().unwrap_or(0));
            let (second, again) = first.overflowing_sub(u32::from(borrow));
            borrow = under || again;
            second
        })
        .collect()
}

fn multiply_limbs(left: &[u32], right: &[u32]) -> Vec<u32> {
    let mut product = vec![0u32; left.len() + right.len()];
    for (at, &factor) in left.iter().enumerate() {
        let mut carry = 0u64;
        for (place, &limb) in product[at..].iter_mut().zip(right.iter().chain(std::iter::repeat(&0))) {
            carry += u64::from(*place) + u64::from(factor) * u64::from(limb);
            *place = carry as u32;
            carry >>= 32;
            // Past the other number's end only the carry is left to place.
        }
    }
    trim(&mut product);
    product
}

fn shift_left(limbs: &[u32], by: usize) -> Vec<u32> {
    let (whole, part) = (by / 32, by % 32);
    let mut shifted = vec![0u32; whole];
    let mut carry = 0u64;
    for &limb in limbs {
        carry |= u64::from(limb) << part;
        shifted.push(carry as u32);
        carry >>= 32;
    }
    shifted.push(carry as u32);
    trim(&mut shifted);
    shifted
}

fn shift_right(limbs: &[u32], by: usize) -> Vec<u32> {
    let (whole, part) = (by / 32, by % 32);
    let kept = limbs.get(whole..).unwrap_or(&[]);
    let mut shifted: Vec<u32> = (0..kept.len())
        .map(|at| {
            let pair = u64::from(kept[at]) | u64::from(kept.get(at + 1).copied().unwrap_or(0)) << 32;
            (pair >> part) as u32
        })
        .collect();
    trim(&mut shifted);
    shifted
}

/// Quotient and remainder by long division (Knuth's algorithm D); the divisor is not empty.
fn divide_limbs(dividend: &[u32], divisor: &[u32]) -> (Vec<u32>, Vec<u32>) {
    if compare_limbs(dividend, divisor) == Ordering::Less {
        return (Vec::new(), dividend.to_vec());
    }
    if let [small] = divisor {
        let mut quotient = dividend.to_vec();
        let rest = divide_small(&mut quotient, *small);
        return (quotient, vec![rest]);
    }
    let shift = divisor.last().map_or(0, |limb| limb.leading_zeros() as usize);
    let divisor = shift_left(divisor, shift);
    let mut rest = shift_left(dividend, shift);
    rest.resize(dividend.len() + 1, 0);
    let size = divisor.len();
    let mut quotient = vec![0u32; rest.len() - size];
    for at in (0..quotient.len()).rev() {
        quotient[at] = divide_step(&mut rest[at..=at + size], &divisor);
    }
    trim(&mut quotient);
    trim(&mut rest);
    (quotient, shift_right(&rest, shift))
}

/// One limb of a quotient; takes that many times the divisor from the window, which is one limb longer.
fn divide_step(window: &mut [u32], divisor: &[u32]) -> u32 {
    let size = divisor.len();
    let (top, next) = (u64::from(divisor[size - 1]), u64::from(divisor[size - 2]));
    let head = u64::from(window[size]) << 32 | u64::from(window[size - 1]);
    let (mut guess, mut left) = (head / top, head % top);
    while guess >> 32 != 0 || guess * next > (left << 32 | u64::from(window[size - 2])) {
        guess -= 1;
        left += top;
        if left >> 32 != 0 {
            break;
        }
    }
    let (mut carry, mut borrow) = (0u64, false);
    for (place, &limb) in window.iter_mut().zip(divisor.iter().chain(std::iter::once(&0))) {
        carry += guess * u64::from(limb);
        let (first, under) = place.overflowing_sub(carry as u32);
        let (second, again) = first.overflowing_sub(u32::from(borrow));
        (*place, borrow) = (second, under || again);
        carry >>= 32;
    }
    if borrow {
        guess -= 1;
        let mut carry = 0u64;
        for (place, &limb) in window.iter_mut().zip(divisor.iter().chain(std::iter::once(&0))) {
            carry += u64::from(*place) + u64::from(limb);
            *place = carry as u32;
            carry >>= 32;
        }
    }
    guess as u32
}

/// `limbs * 2^exponent` (and a little more, if `sticky`) as the nearest float, half to even.
fn round_to_float(limbs: &[u32], exponent: i64, sticky: bool) -> Option<f64> {
    let length = bit_length(limbs) as i64;
    let top = length + exponent;
    // Small results have fewer bits than 53.
    let keep = (top + 1074).min(53);
    if length == 0 || keep < 0 {
        return Some(0.0);
    }
    let drop = (length - keep).max(0);
    let bit = |at: i64| limbs.get((at / 32) as usize).is_some_and(|limb| limb >> (at % 32) & 1 == 1);
    let mut mantissa = (drop..length).rev().fold(0u64, |value, at| value << 1 | u64::from(bit(at)));
    let half = drop > 0 && bit(drop - 1);
    let more = sticky || (0..drop - 1).any(bit);
    if half && (more || mantissa & 1 == 1) {
        mantissa += 1;
    }
    let scale = exponent + drop;
    let first = scale / 2;
    let value = mantissa as f64 * 2f64.powi(first as i32) * 2f64.powi((scale - first) as i32);
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(text: &str) -> Int {
        let digits = text.trim_start_matches('-');
        let value = Int::from_digits(digits.bytes().map(|byte| u32::from(byte - b'0')), 10);
        if text.starts_with('-') { value.negated() } else { value }
    }

    #[test]
    fn agrees_with_machine_integers() {
        let mut state = 1u128;
        for round in 0..20_000 {
            let mut next = || {
                state = state.wrapping_mul(0x2360ed051fc65da44385df649fccf645).wrapping_add(99);
                (state >> 65) as i128 >> ((state >> 20) as u32 % 62)
            };
            let (a, b) = if round % 2 == 0 { (next(), next() >> 64) } else { (next() >> 64, -next() >> 70) };
            let (left, right) = (Int::from(a), Int::from(b));
            assert_eq!(left.add(&right).to_string(), (a + b).to_string());
            assert_eq!(left.subtract(&right).to_string(), (a - b).to_string());
            assert_eq!(int(&a.to_string()), left);
            assert_eq!(left.cmp(&right), a.cmp(&b));
            if let Some(product) = a.checked_mul(b) {
                assert_eq!(left.multiply(&right).to_string(), product.to_string());
            }
            if b != 0 {
                let (quotient, rest) = left.floor_divide(&right).unwrap_or_default();
                assert_eq!(quotient.multiply(&right).add(&rest), left);
                assert_eq!(rest, Int::from(((a % b) + b) % b));
            }
            assert_eq!(left.to_float(), Some(a as f64));
            assert_eq!(left.true_divide(&Int::from(1)), Some(a as f64));
        }
    }

    #[test]
    fn divides_long_numbers_and_rounds_as_python_does() {
        let ten = |zeros: usize| int(&format!("1{}", "0".repeat(zeros)));
        assert_eq!(ten(400).true_divide(&ten(399)), Some(10.0));
        assert_eq!(ten(400).true_divide(&Int::from(1)), None);
        assert_eq!(Int::from(1).true_divide(&ten(400)), Some(0.0));
        assert_eq!(Int::from(5).true_divide(&ten(324)), Some(5e-324));
        assert_eq!(Int::from(-1).true_divide(&Int::from(3)), Some(-1.0 / 3.0));
        assert_eq!(int("9007199254740993").true_divide(&Int::from(1)), Some(9007199254740992.0));
        let long = int("340282366920938463463374607431768211455").multiply(&ten(60));
        let (quotient, rest) = long.floor_divide(&int("340282366920938463463374607431768211457")).unwrap_or_default();
        assert_eq!(quotient.to_string(), "999999999999999999999999999999999999994122528245888562460156");
        assert_eq!(quotient.multiply(&int("340282366920938463463374607431768211457")).add(&rest), long);
    }
}
