//! Bins of histograms over whole numbers.

use serde::Serialize;

/// Greatest number of bins, but for numbers beyond 2^40.
const MOST: u64 = 40;

/// The edges of bins: bin i has the numbers from edge i up to, and without, edge i + 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Bins(Vec<u64>);

impl Bins {
    /// Bins for numbers, which are sorted. Few numbers have a bin each. A long tail has bins that grow by the root of 2. All others have bins of 1, 2 or 5
    /// times a power of 10. No numbers have no bins.
    pub fn of(sorted: &[u64]) -> Bins {
        let (Some(&least), Some(&most)) = (sorted.first(), sorted.last()) else { return Bins::default() };
        let most = most.min(u64::MAX / 4);
        if most.saturating_sub(least) < MOST {
            return Bins((least.min(most)..=most + 1).collect());
        }
        let ninetieth = sorted[(sorted.len() - 1) * 90 / 100];
        if ninetieth < most / 8 {
            return Bins::growing(least, most);
        }
        let steps = (0..19).flat_map(|power| [1, 2, 5].map(|step: u64| step * 10u64.pow(power)));
        let bins = |step: u64| most / step - least / step + 1;
        let step = steps.into_iter().find(|&step| bins(step) <= MOST).unwrap_or(u64::MAX / 8);
        Bins((least / step..=most / step + 1).map(|edge| edge * step).collect())
    }

    fn growing(least: u64, most: u64) -> Bins {
        let mut edges = Vec::new();
        for doubled in 0.. {
            let edge = 2f64.powf(f64::from(doubled) / 2.0).round() as u64;
            if edges.last() != Some(&edge) {
                edges.push(edge);
            }
            if edge > most {
                break;
            }
        }
        let before = edges.iter().rposition(|edge| *edge <= least);
        match before {
            // Zeros have a bin of their own.
            None => edges.insert(0, 0),
            Some(place) => drop(edges.drain(..place)),
        }
        if edges.len() as u64 > MOST + 1 {
            // Twice as wide, as often as it takes.
            let last = edges.pop();
            edges = edges.into_iter().step_by(2).chain(last).collect();
        }
        Bins(edges)
    }

    /// The edges.
    pub fn edges(&self) -> &[u64] {
        &self.0
    }

    /// The bin of a number; none where it is outside.
    pub fn bin(&self, number: u64) -> Option<usize> {
        let bin = self.0.partition_point(|edge| *edge <= number).checked_sub(1)?;
        (bin + 1 < self.0.len()).then_some(bin)
    }

    /// How many of the numbers are in each bin.
    pub fn count(&self, numbers: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let mut counts = vec![0; self.0.len().saturating_sub(1)];
        numbers.into_iter().filter_map(|number| self.bin(number)).for_each(|bin| counts[bin] += 1);
        counts
    }
}

/// The tenth of a text in which a byte stands.
pub fn tenth(place: usize, length: usize) -> usize {
    (place.saturating_mul(10) / length.max(1)).min(9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_of_few_of_many_and_of_long_tails() {
        let edges = |numbers: &[u64]| Bins::of(numbers).edges().to_vec();
        assert_eq!(edges(&[]), [0; 0]);
        assert_eq!(edges(&[7]), [7, 8]);
        assert_eq!(edges(&[3, 5]), [3, 4, 5, 6]);
        assert_eq!(edges(&[16, 99, 100]), (3..=21).map(|edge| edge * 5).collect::<Vec<_>>());
        let tail: Vec<u64> = (0..100).map(|number| number / 10).chain([1000]).collect();
        assert_eq!(edges(&tail), [0, 1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181, 256, 362, 512, 724, 1024]);
    }

    proptest::proptest! {
        #[test]
        fn every_number_is_in_a_bin(mut numbers in proptest::collection::vec(0..u64::MAX / 5, 1..50), shift in 0..60u32) {
            numbers.iter_mut().for_each(|number| *number >>= shift);
            numbers.sort_unstable();
            let bins = Bins::of(&numbers);
            proptest::prop_assert!(bins.edges().windows(2).all(|pair| pair[0] < pair[1]), "{:?}", bins);
            proptest::prop_assert!(bins.edges().len() <= 65);
            proptest::prop_assert_eq!(bins.count(numbers.iter().copied()).iter().sum::<u64>(), numbers.len() as u64);
        }
    }
}
