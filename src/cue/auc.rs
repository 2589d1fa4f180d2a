//! The exact area under the ROC curve of a single number, and its confidence interval.

/// Twice the number of pairs, one positive and one negative, in which the positive has the greater value; ties count half. The greatest result is
/// `2 * positives * negatives`.
///
/// Values come in any order. Samples without a value are left out of `values`; they count as less than all others.
pub(super) fn twice_wins(values: &mut [(i64, bool)], positives: u64, negatives: u64) -> u64 {
    values.sort_unstable();
    let with = values.iter().filter(|(_, label)| *label).count() as u64;
    let without = values.len() as u64 - with;
    let (absent_positives, absent_negatives) = (positives.saturating_sub(with), negatives.saturating_sub(without));
    let mut wins = absent_positives * absent_negatives;
    let mut below = absent_negatives;
    let mut rest = &values[..];
    while let Some(&(value, _)) = rest.first() {
        let end = rest.partition_point(|(other, _)| *other == value);
        let ones = rest[..end].iter().filter(|(_, label)| *label).count() as u64;
        let zeros = end as u64 - ones;
        wins += ones * (2 * below + zeros);
        below += zeros;
        rest = &rest[end..];
    }
    wins
}

/// An area with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub auc: f64,
    pub low: f64,
    pub high: f64,
}

/// The area, with the standard error of Hanley and McNeil (1982). At 0 and 1 this error is zero however few rows there are; so it is computed at
/// least half a row away from these ends.
pub(super) fn area(twice_wins: u64, positives: u64, negatives: u64) -> Area {
    let (n1, n0) = (positives.max(1) as f64, negatives.max(1) as f64);
    let auc = twice_wins as f64 / (2.0 * n1 * n0);
    let edge = 0.5 / n1.min(n0);
    let near = auc.clamp(edge, 1.0 - edge);
    let (q1, q2) = (near / (2.0 - near), 2.0 * near * near / (1.0 + near));
    let spread = near * (1.0 - near) + (n1 - 1.0) * (q1 - near * near) + (n0 - 1.0) * (q2 - near * near);
    let error = 1.96 * (spread.max(0.0) / (n1 * n0)).sqrt();
    Area { auc, low: (auc - error).max(0.0), high: (auc + error).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The area by counting all pairs.
    #[test]
    fn areas_are_those_of_the_definition() {
        let mut draw = sos_envs::Draw::new(1, "test");
        for _ in 0..200 {
            let all: Vec<(i64, bool)> =
                (0..1 + draw.below(30)).map(|_| (draw.below(5) as i64, draw.chance(1, 3))).collect();
            let positives = all.iter().filter(|(_, label)| *label).count() as u64;
            let mut wins = 0;
            for one in all.iter().filter(|(_, label)| *label) {
                for other in all.iter().filter(|(_, label)| !*label) {
                    wins += 2 * u64::from(one.0 > other.0) + u64::from(one.0 == other.0);
                }
            }
            let mut some: Vec<(i64, bool)> = all.iter().copied().filter(|(value, _)| *value > 0).collect();
            assert_eq!(twice_wins(&mut some, positives, all.len() as u64 - positives), wins, "{all:?}");
        }
    }

    #[test]
    fn chance_is_large_where_rows_are_few() {
        let constant = area(2 * 27 * 200, 27, 200);
        assert!(constant.auc == 1.0 && constant.low > 0.9, "{constant:?}");
        assert!(area(2 * 2 * 2, 2, 2).low < 0.6, "two rows of each say nothing");
        let half = area(2000 * 2000, 2000, 2000);
        assert!(half.auc == 0.5 && half.low > 0.48 && half.high < 0.52, "{half:?}");
    }
}
