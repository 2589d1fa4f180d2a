//! Totals over rollouts: shares with confidence intervals, pass at k, the two by two of plan and trace, and what went wrong first.
//!
//! Groups, not rows, are what is resampled: rollouts of one puzzle are no independent measurements.

use std::collections::BTreeMap;

use serde::Serialize;
use sos_envs::Draw;

use super::Rollout;

/// Resamples of a confidence interval.
const RESAMPLES: usize = 1000;

/// A mean over groups, with the interval in which 95 of 100 bootstrap resamples of the groups lie (Efron 1979; percentile method).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Mean {
    /// The mean.
    pub mean: f64,
    /// The 2.5th percentile of the resamples …
    pub low: f64,
    /// … and the 97.5th.
    pub high: f64,
}

/// Plans and traces that are right and wrong, in rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TwoByTwo {
    /// Both are right.
    pub plan_and_trace: u64,
    /// The plan alone.
    pub plan_alone: u64,
    /// The trace alone.
    pub trace_alone: u64,
    /// Neither.
    pub neither: u64,
}

/// What all rows together give.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Totals {
    /// Rows, those that cannot be read included: they solve nothing.
    pub rows: u64,
    /// Groups.
    pub groups: u64,
    /// Rows that cannot be read, by the field that is wrong.
    pub unreadable: BTreeMap<String, u64>,
    /// Share of rows that solve their puzzle.
    pub solved: Mean,
    /// Share of rows without error.
    pub valid: Mean,
    /// Share of rows with a solution that is known to be a cheapest one.
    pub optimal: Mean,
    /// Plans and traces.
    pub two_by_two: TwoByTwo,
    /// First errors by class; rows without one are not in it.
    pub first_errors: BTreeMap<String, u64>,
    /// Share of steps that are wrong, over all steps.
    pub wrong_steps: Mean,
    /// Bytes of a row.
    pub length: Mean,
    /// The chance that of k rollouts of a puzzle one at least solves it, for k up to what every group has (Chen and others 2021, unbiased).
    pub pass_at: BTreeMap<usize, Mean>,
}

/// A row, as totals need it.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// The numbers.
    pub rollout: Rollout,
    /// Whether the trace is right, whatever the plan.
    pub trace_valid: bool,
    /// Class of the first error.
    pub first_error: Option<String>,
    /// Of a row that cannot be read: the field that is wrong.
    pub unreadable: Option<String>,
}

/// Sums of one group.
#[derive(Clone, Copy, Default)]
struct Sums {
    rows: u64,
    solved: u64,
    valid: u64,
    optimal: u64,
    steps: u64,
    wrong_steps: u64,
    bytes: u64,
}

/// Collects groups one by one, in memory that grows with their number alone.
#[derive(Default)]
pub struct Collector {
    groups: Vec<Sums>,
    two_by_two: TwoByTwo,
    first_errors: BTreeMap<String, u64>,
    unreadable: BTreeMap<String, u64>,
}

impl Collector {
    /// Adds a group.
    pub fn add(&mut self, group: &[Measured]) {
        let mut sums = Sums::default();
        for row in group {
            let Rollout { solved, valid, optimal, steps, wrong_steps, length, .. } = row.rollout;
            sums.rows += 1;
            sums.solved += u64::from(solved);
            sums.valid += u64::from(valid);
            sums.optimal += u64::from(optimal);
            sums.steps += steps;
            sums.wrong_steps += wrong_steps;
            sums.bytes += length;
            let cell = match (solved, row.trace_valid) {
                (true, true) => &mut self.two_by_two.plan_and_trace,
                (true, false) => &mut self.two_by_two.plan_alone,
                (false, true) => &mut self.two_by_two.trace_alone,
                (false, false) => &mut self.two_by_two.neither,
            };
            *cell += 1;
            for (counts, name) in [(&mut self.first_errors, &row.first_error), (&mut self.unreadable, &row.unreadable)]
            {
                if let Some(name) = name {
                    *counts.entry(name.clone()).or_default() += 1;
                }
            }
        }
        self.groups.push(sums);
    }

    /// The totals; resamples follow from the seed.
    pub fn finish(self, seed: u64) -> Totals {
        let groups = &self.groups;
        let ratio = |part: fn(&Sums) -> u64, whole: fn(&Sums) -> u64| mean_ratio(groups, part, whole, seed);
        let least = groups.iter().map(|group| group.rows).min().unwrap_or(0);
        let powers = (0..32).map(|power| 1u64 << power).take_while(|&k| k <= least);
        let pass_at = powers.map(|k| {
            let values: Vec<f64> = groups.iter().map(|group| pass_at(group.rows, group.solved, k)).collect();
            (k as usize, mean(&values, seed))
        });
        Totals {
            rows: groups.iter().map(|group| group.rows).sum(),
            groups: groups.len() as u64,
            solved: ratio(|group| group.solved, |group| group.rows),
            valid: ratio(|group| group.valid, |group| group.rows),
            optimal: ratio(|group| group.optimal, |group| group.rows),
            wrong_steps: ratio(|group| group.wrong_steps, |group| group.steps),
            length: ratio(|group| group.bytes, |group| group.rows),
            pass_at: pass_at.collect(),
            two_by_two: self.two_by_two,
            first_errors: self.first_errors,
            unreadable: self.unreadable,
        }
    }
}

/// The chance that of `k` out of `rows` rollouts, of which `right` are right, one at least is: `1 - C(rows - right, k) / C(rows, k)`.
fn pass_at(rows: u64, right: u64, k: u64) -> f64 {
    let wrong = rows - right;
    if wrong < k {
        return 1.0;
    }
    let all_wrong: f64 = (0..k).map(|taken| (wrong - taken) as f64 / (rows - taken) as f64).product();
    1.0 - all_wrong
}

/// The sum of the parts over the sum of the wholes; 0 where there is nothing.
fn mean_ratio(groups: &[Sums], part: fn(&Sums) -> u64, whole: fn(&Sums) -> u64, seed: u64) -> Mean {
    let ratio = |places: &mut dyn Iterator<Item = usize>| {
        let sums =
            places.fold((0u64, 0u64), |sums, place| (sums.0 + part(&groups[place]), sums.1 + whole(&groups[place])));
        if sums.1 == 0 { 0.0 } else { sums.0 as f64 / sums.1 as f64 }
    };
    bootstrap(groups.len(), seed, ratio)
}

fn mean(values: &[f64], seed: u64) -> Mean {
    bootstrap(values.len(), seed, |places| {
        if values.is_empty() { 0.0 } else { places.map(|place| values[place]).sum::<f64>() / values.len() as f64 }
    })
}

/// A statistic of all groups, and of resamples of them.
fn bootstrap(groups: usize, seed: u64, statistic: impl Fn(&mut dyn Iterator<Item = usize>) -> f64) -> Mean {
    let mut draw = Draw::new(seed, "bootstrap");
    let mut resampled: Vec<f64> = match groups {
        0 => Vec::new(),
        _ => (0..RESAMPLES).map(|_| statistic(&mut (0..groups).map(|_| draw.index(groups)))).collect(),
    };
    resampled.sort_by(f64::total_cmp);
    let at = |per_mille: usize| resampled.get((resampled.len().saturating_sub(1)) * per_mille / 1000).copied();
    Mean { mean: statistic(&mut (0..groups)), low: at(25).unwrap_or(0.0), high: at(975).unwrap_or(0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(solved: bool, valid: bool, steps: u64, wrong_steps: u64, length: u64) -> Measured {
        let rollout =
            Rollout { readable: true, solved, valid, optimal: solved && valid, steps, wrong_steps, claims: 1, length };
        let first_error = (!valid).then(|| "arithmetic".to_string());
        Measured { rollout, trace_valid: valid, first_error, unreadable: None }
    }

    /// Two puzzles with two rollouts each, worked out by hand.
    #[test]
    fn totals_are_those_of_a_case_by_hand() {
        let mut collector = Collector::default();
        collector.add(&[row(true, true, 10, 0, 100), row(true, false, 10, 3, 120)]);
        collector
            .add(&[row(false, false, 20, 5, 60), Measured { unreadable: Some("line".into()), ..Measured::default() }]);
        let totals = collector.finish(1);
        assert_eq!((totals.rows, totals.groups), (4, 2));
        assert_eq!([totals.solved.mean, totals.valid.mean, totals.optimal.mean], [0.5, 0.25, 0.25]);
        assert_eq!((totals.wrong_steps.mean, totals.length.mean), (0.2, 70.0));
        assert_eq!(totals.two_by_two, TwoByTwo { plan_and_trace: 1, plan_alone: 1, trace_alone: 0, neither: 2 });
        assert_eq!(totals.first_errors, BTreeMap::from([("arithmetic".to_string(), 2)]));
        assert_eq!(totals.unreadable, BTreeMap::from([("line".to_string(), 1)]));
        // both rollouts of one puzzle are right, none of the other
        assert_eq!(totals.pass_at.keys().copied().collect::<Vec<_>>(), [1, 2]);
        assert_eq!((totals.pass_at[&1].mean, totals.pass_at[&2].mean), (0.5, 0.5));
        // resamples of two groups have both, or one of them twice
        assert_eq!((totals.solved.low, totals.solved.high), (0.0, 1.0));
    }

    #[test]
    fn pass_at_k_is_the_share_of_subsets_with_a_right_one() {
        for rows in 1..9u64 {
            for right in 0..=rows {
                for k in 1..=rows {
                    let subsets = (0u64..1 << rows).filter(|set| u64::from(set.count_ones()) == k);
                    let (mut all, mut hits) = (0, 0);
                    for set in subsets {
                        all += 1;
                        hits += u64::from(set & ((1 << right) - 1) != 0);
                    }
                    let share = hits as f64 / f64::from(all);
                    assert!((pass_at(rows, right, k) - share).abs() < 1e-12, "{rows} {right} {k}");
                }
            }
        }
    }

    /// Of 400 groups with a share of 0.3 the interval is about 0.3 ± 1.96 sqrt(0.3 · 0.7 / 400).
    #[test]
    fn intervals_are_as_wide_as_they_should_be() {
        let mut collector = Collector::default();
        (0..400).for_each(|place| collector.add(&[row(place % 10 < 3, true, 1, 0, 1)]));
        let Mean { mean, low, high } = collector.finish(5).solved;
        assert_eq!(mean, 0.3);
        assert!((low - 0.255).abs() < 0.01 && (high - 0.345).abs() < 0.01, "{low} {high}");
    }

    #[test]
    fn nothing_gives_nothing() {
        let totals = Collector::default().finish(0);
        assert_eq!((totals.rows, totals.solved.mean, totals.pass_at.len()), (0, 0.0, 0));
    }
}
