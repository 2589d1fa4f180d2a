//! Python's operations on whole numbers that `num-bigint` does not have: reading digits, and conversion to and from floats.
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{FromPrimitive, ToPrimitive, Zero};
use std::cmp::Ordering;

/// Greatest number of bits in a computed number. The checker gives up on an operation that may need more.
pub(super) const MAX_BITS: u64 = 1 << 17;

/// Number of bits in a float's mantissa.
const MANTISSA_BITS: i64 = 53;
/// The least float above 0 is 2 to the power of minus this.
const LEAST_FLOAT: i64 = 1074;

/// The number with these digits: values below `radix`, highest first.
pub(super) fn from_digits(digits: impl Iterator<Item = u32>, radix: u32) -> BigInt {
    let radix = u64::from(radix);
    // Digits are first collected in a word, since most numbers are short.
    let (mut number, mut word, mut scale) = (BigInt::ZERO, 0, 1);
    for digit in digits {
        if scale > u64::MAX / radix {
            number = number * scale + word;
            (word, scale) = (0, 1);
        }
        word = word * radix + u64::from(digit);
        scale *= radix;
    }
    number * scale + word
}

/// The whole number that equals a float, if there is one.
pub(super) fn from_float(value: f64) -> Option<BigInt> {
    BigInt::from_f64(value).filter(|_| value.fract() == 0.0)
}

/// The nearest float (half to even); `None` if it is out of range.
///
/// `num-bigint`'s `to_f64` is not used: version 0.5.1 ignores some of the bits below the highest 64, and rounds some numbers just above the
/// middle of two floats down.
pub(super) fn to_float(number: &BigInt) -> Option<f64> {
    true_divide(number, &BigInt::ONE)
}

/// Compares a number with a float, exactly; `None` for NaN.
pub(super) fn compare_float(number: &BigInt, value: f64) -> Option<Ordering> {
    if value.is_nan() {
        return None;
    }
    let Some(floor) = BigInt::from_f64(value.floor()) else {
        return Some(if value > 0.0 { Ordering::Less } else { Ordering::Greater });
    };
    Some(number.cmp(&floor).then(if value.fract() == 0.0 { Ordering::Equal } else { Ordering::Less }))
}

/// `left / right` as the nearest float (half to even); `None` if it is out of range. `right` must not be 0.
pub(super) fn true_divide(left: &BigInt, right: &BigInt) -> Option<f64> {
    if left.is_zero() {
        return Some(0.0);
    }
    // The quotient is computed in units of 2 to the power of `-shift`. It has 66 or 67 bits, or fewer where the unit is a quarter of the least
    // float. In both cases some bits are left for rounding.
    let shift = (66 + right.bits() as i64 - left.bits() as i64).min(LEAST_FLOAT + 2);
    let scaled = |number: &BigInt, by: i64| number.magnitude() << by.max(0) as u64;
    let (quotient, rest) = scaled(left, shift).div_rem(&scaled(right, -shift));
    let quotient = quotient.to_u128()?;
    let length = i64::from(u128::BITS - quotient.leading_zeros());
    let dropped = (length - MANTISSA_BITS).max(shift - LEAST_FLOAT);
    let (kept, below) = (quotient >> dropped, quotient & ((1 << dropped) - 1));
    let up = match below.cmp(&(1 << (dropped - 1))) {
        Ordering::Less => false,
        Ordering::Equal => !rest.is_zero() || kept.is_odd(),
        Ordering::Greater => true,
    };
    // In two steps, because the power alone may be out of range.
    let power = (dropped - shift) as i32;
    let value = (kept + u128::from(up)) as f64 * 2f64.powi(power / 2) * 2f64.powi(power - power / 2);
    let value = if (left.sign() == Sign::Minus) == (right.sign() == Sign::Minus) { value } else { -value };
    Some(value).filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigUint;
    use proptest::prelude::*;

    fn ten_to(power: u32) -> BigInt {
        BigInt::from(10).pow(power)
    }

    /// Numbers of up to 1,300 bits. Many of them are near the middle of two floats.
    fn number() -> impl Strategy<Value = BigInt> {
        let limbs = prop::collection::vec(any::<u32>(), 41);
        (0u64..1300, limbs, any::<bool>(), -1i64..2, any::<bool>()).prop_map(
            |(bits, limbs, beside_middle, little, negative)| {
                let number = BigInt::from(BigUint::new(limbs) >> (1312 - bits));
                let zeros = if beside_middle { bits.saturating_sub(54) } else { 0 };
                let number = (number >> zeros << zeros) + little;
                if negative { -number } else { number }
            },
        )
    }

    fn read(text: String) -> Option<f64> {
        text.parse().ok().filter(|value: &f64| value.is_finite())
    }

    proptest! {
        /// Rust's parser of floats also rounds half to even.
        #[test]
        fn floats_are_the_nearest(number in number(), places in 0u32..700) {
            prop_assert_eq!(to_float(&number), read(number.to_string()));
            prop_assert_eq!(true_divide(&number, &ten_to(places)), read(format!("{number}e-{places}")));
            prop_assert_eq!(true_divide(&number, &-ten_to(places)), read(format!("{}e-{places}", -&number)));
        }

        #[test]
        fn quotients_of_small_numbers_are_those_of_floats(left in -1i64 << 53..1 << 53, right in 1i64..1 << 53, up in 0u64..1300) {
            let quotient = true_divide(&(BigInt::from(left) << up), &(BigInt::from(right) << up));
            prop_assert_eq!(quotient, Some(left as f64 / right as f64));
        }

        #[test]
        fn floats_are_compared_exactly(number in number(), little in -1i64..2, digits in "[0-9]{1,30}") {
            if let Some(value) = to_float(&number) {
                let whole = from_float(value).unwrap_or_default();
                prop_assert_eq!(compare_float(&number, value), Some(number.cmp(&whole)));
                prop_assert_eq!(compare_float(&(&whole + little), value), Some(little.cmp(&0)));
            }
            let small = from_digits(digits.chars().filter_map(|c| c.to_digit(10)), 10);
            prop_assert_eq!(Some(small), digits.parse().ok());
        }
    }

    #[test]
    fn the_ends_of_the_floats() {
        assert_eq!(true_divide(&ten_to(400), &ten_to(399)), Some(10.0));
        assert_eq!(true_divide(&ten_to(400), &BigInt::ONE), None);
        assert_eq!(true_divide(&BigInt::ONE, &ten_to(400)), Some(0.0));
        assert_eq!(true_divide(&BigInt::ZERO, &ten_to(400)), Some(0.0));
        assert_eq!(true_divide(&BigInt::from(5), &ten_to(324)), Some(5e-324));
        assert_eq!(true_divide(&BigInt::from(-1), &BigInt::from(3)), Some(-1.0 / 3.0));
        let most = (BigInt::ONE << 1024) - (BigInt::ONE << 970);
        assert_eq!(to_float(&(&most - 1)), Some(f64::MAX));
        assert_eq!(to_float(&most), None);
        assert_eq!(from_float(f64::MAX).as_ref().and_then(to_float), Some(f64::MAX));
        assert_eq!([0.5, 5e-324, f64::INFINITY, f64::NAN].map(from_float), [const { None }; 4]);
        assert_eq!(compare_float(&most, f64::INFINITY), Some(Ordering::Less));
        assert_eq!(compare_float(&most, f64::NEG_INFINITY), Some(Ordering::Greater));
        assert_eq!(compare_float(&most, f64::NAN), None);
        assert_eq!(compare_float(&BigInt::from(-1), -0.5), Some(Ordering::Less));
    }

    #[test]
    fn bits_far_below_the_middle_of_two_floats_count() {
        let middle = (BigInt::ONE << 192) + (BigInt::ONE << 139);
        assert_eq!(to_float(&middle), Some(2f64.powi(192)));
        assert_eq!(to_float(&(middle + 2)), Some(2f64.powi(192) + 2f64.powi(140)));
    }
}
