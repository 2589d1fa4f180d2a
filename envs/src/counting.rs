//! Factorials and binomial coefficients.

/// `n!`, for `n` up to 20.
pub const fn factorial(n: u64) -> u64 {
    if n < 2 { 1 } else { n * factorial(n - 1) }
}

/// For each `k`, the greatest `n` for which `n` to the power of `k` fits 64 bits. Up to it, one product and one division give the binomial coefficient.
const SMALL: [u128; 8] = [u64::MAX as u128, u64::MAX as u128, 4_294_967_295, 2_642_245, 65_535, 7_131, 1_625, 565];

/// The binomial coefficient: the number of ways to choose `k` of `n`. `u128::MAX` if it, or a product on the way to it, does not fit.
pub const fn binomial(n: u128, k: u64) -> u128 {
    if n < k as u128 {
        return 0;
    }
    let mut i = 0;
    if k < 8 && n <= SMALL[k as usize] {
        let mut product = 1;
        while i < k {
            product *= n as u64 - i;
            i += 1;
        }
        return (product / factorial(k)) as u128;
    }
    let mut value = 1u128;
    while i < k {
        value = match value.checked_mul(n - i as u128) {
            Some(product) => product / (i as u128 + 1),
            None => return u128::MAX,
        };
        i += 1;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks Pascal's rule, also at the borders between the two methods.
    #[test]
    fn choices_are_counted() {
        for n in 1..60 {
            for k in 1..=n {
                assert_eq!(
                    binomial(n.into(), k),
                    binomial((n - 1).into(), k) + binomial((n - 1).into(), k - 1),
                    "{n}, {k}"
                );
            }
        }
        for (k, &n) in (1..).zip(&SMALL[1..]) {
            let step = binomial(n, k).checked_add(binomial(n, k - 1));
            assert_eq!(Some(binomial(n + 1, k)), step, "{n}, {k}");
        }
        assert_eq!((binomial(3, 4), binomial(u128::MAX, 2)), (0, u128::MAX));
    }
}
