//! Totals over rollouts: shares with confidence intervals, pass at k, right plans against right traces, and first errors.
//!
//! Groups are resampled, not rows, since rollouts of one puzzle are not independent measurements.

use std::collections::BTreeMap;

use serde::Serialize;
use sos_envs::Draw;

use super::Rollout;
use super::charts::{Charts, Lengths, OfDifficulty, OfEnvironment, Within, length_bins, part_edges, parts};

/// Number of resamples for a confidence interval.
pub(super) const RESAMPLES: usize = 1000;

/// Number of resamples for a statistic that needs all rows in order.
const POOLED_RESAMPLES: usize = 200;

/// A mean over groups with its 95 % bootstrap interval over groups (Efron 1979; percentile method).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Mean {
    /// The mean.
    pub mean: f64,
    /// The 2.5th percentile of the resamples; none with fewer than two groups, of which nothing varies.
    pub low: Option<f64>,
    /// The 97.5th percentile of the resamples; none in the same case.
    pub high: Option<f64>,
}

impl Mean {
    /// Both ends of the interval, if there is one.
    pub fn interval(&self) -> Option<(f64, f64)> {
        self.low.zip(self.high)
    }
}

/// Number of rows by whether plan and trace are right. Rows without a trace are counted apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TwoByTwo {
    /// Plan and trace are right.
    pub plan_and_trace: u64,
    /// Only the plan is right.
    pub plan_alone: u64,
    /// Only the trace is right.
    pub trace_alone: u64,
    /// Neither is right.
    pub neither: u64,
    /// Rows without a trace whose plan is right.
    pub plan_without_trace: u64,
    /// Rows without a trace and without a right plan, including rows that cannot be read.
    pub nothing: u64,
}

/// The totals of all rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Totals {
    /// Number of rows. It includes rows that cannot be read, which solve nothing.
    pub rows: u64,
    /// Number of groups.
    pub groups: u64,
    /// Number of groups by size.
    pub group_sizes: BTreeMap<u64, u64>,
    /// Number of rows that cannot be read, by the wrong field.
    pub unreadable: BTreeMap<String, u64>,
    /// Share of rows that solve their puzzle.
    pub solved: Mean,
    /// Share of rows without error.
    pub valid: Mean,
    /// Share of rows with a solution that is known to be a cheapest one.
    pub optimal: Mean,
    /// Right plans against right traces.
    pub two_by_two: TwoByTwo,
    /// Number of first errors by class, over rows that have errors.
    pub first_errors: BTreeMap<String, u64>,
    /// Share of wrong steps among all steps.
    pub wrong_steps: Mean,
    /// Mean length of a row in bytes.
    pub length: Mean,
    /// Other shares and means by name: two turns, critiques, comparisons, a search to compare with, and puzzles solved within a number of bytes.
    pub more: BTreeMap<String, Mean>,
    /// The probability that at least one of k rollouts solves the puzzle (unbiased, Chen et al. 2021). k is a power of two up to the size of the smallest
    /// group.
    pub pass_at: BTreeMap<usize, Mean>,
    /// The shares of puzzles that are solved within numbers of bytes, where groups have several rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<Within>,
    /// The scores of each environment.
    pub by_env: Vec<OfEnvironment>,
    /// The scores by difficulty, where rows tell that of their puzzle.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_difficulty: Vec<OfDifficulty>,
    /// For each class of first errors, how many are in each tenth of their text.
    pub first_error_positions: BTreeMap<String, [u64; 10]>,
    /// Histograms of lengths in bytes.
    pub lengths: Lengths,
    /// Nodes of a text, nodes of the true search, and 1 where the text solves its puzzle: where there is a search to compare with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub true_lengths: Vec<[u64; 3]>,
}

/// A row for the totals.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// The numbers of the text.
    pub rollout: Rollout,
    /// Whether the trace has no error; the plan does not matter. None where there is no trace.
    pub trace_valid: Option<bool>,
    /// Whether the answer section is right, whatever the trace. None where there is none.
    pub answer_right: Option<bool>,
    /// The class of the first error.
    pub first_error: Option<String>,
    /// For a row that cannot be read: the wrong field.
    pub unreadable: Option<String>,
    /// Other shares: name, part and whole.
    pub shares: Vec<(&'static str, f64, f64)>,
    /// Number of nodes in the text, and in the trace of a search.
    pub nodes: Option<(u64, u64)>,
    /// A model's confidence in candidates, and whether each is right.
    pub sure: Vec<(f64, bool)>,
    /// The environment.
    pub environment: Option<String>,
    /// The difficulty of the puzzle, where the row tells it.
    pub difficulty: Option<u64>,
    /// The tenth of the text in which the first error is.
    pub first_error_tenth: Option<usize>,
}

/// Sums over a group.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    rows: u64,
    solved: u64,
    valid: u64,
    optimal: u64,
    steps: u64,
    wrong_steps: u64,
    bytes: u64,
}

/// Collects groups one by one. Memory grows with the number of groups, not with the texts.
#[derive(Default)]
pub struct Collector {
    groups: Vec<Sums>,
    two_by_two: TwoByTwo,
    first_errors: BTreeMap<String, u64>,
    unreadable: BTreeMap<String, u64>,
    /// For each share, the part and the whole of each group.
    shares: BTreeMap<&'static str, Vec<(f64, f64)>>,
    /// For each group: the bytes up to the end of its first right rollout, if there is one, and all its bytes.
    first_right: Vec<(Option<u64>, u64)>,
    nodes: Vec<Vec<(f64, f64)>>,
    sure: Vec<Vec<(f64, bool)>>,
    charts: Charts,
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
                (true, Some(true)) => &mut self.two_by_two.plan_and_trace,
                (true, Some(false)) => &mut self.two_by_two.plan_alone,
                (false, Some(true)) => &mut self.two_by_two.trace_alone,
                (false, Some(false)) => &mut self.two_by_two.neither,
                (true, None) => &mut self.two_by_two.plan_without_trace,
                (false, None) => &mut self.two_by_two.nothing,
            };
            *cell += 1;
            for (counts, name) in [(&mut self.first_errors, &row.first_error), (&mut self.unreadable, &row.unreadable)]
            {
                if let Some(name) = name {
                    *counts.entry(name.clone()).or_default() += 1;
                }
            }
        }
        self.charts.add(self.groups.len(), group);
        self.groups.push(sums);
        self.add_more(group);
    }

    fn add_more(&mut self, group: &[Measured]) {
        let mut shares: BTreeMap<&'static str, (f64, f64)> = BTreeMap::new();
        for (name, part, whole) in group.iter().flat_map(|row| &row.shares) {
            let sums = shares.entry(name).or_default();
            (sums.0, sums.1) = (sums.0 + part, sums.1 + whole);
        }
        for (name, sums) in shares {
            self.shares.entry(name).or_default().push(sums);
        }
        let (mut bytes, mut first) = (0, None);
        for row in group {
            bytes += row.rollout.length;
            if row.rollout.solved {
                first.get_or_insert(bytes);
            }
        }
        self.first_right.push((first, bytes));
        let nodes: Vec<_> =
            group.iter().filter_map(|row| row.nodes).map(|(one, other)| (one as f64, other as f64)).collect();
        if !nodes.is_empty() {
            self.nodes.push(nodes);
        }
        let sure: Vec<_> = group.iter().flat_map(|row| row.sure.iter().copied()).collect();
        if !sure.is_empty() {
            self.sure.push(sure);
        }
    }

    /// Computes the other shares and means.
    fn more(&self, seed: u64) -> BTreeMap<String, Mean> {
        let mut more = BTreeMap::new();
        for (name, groups) in &self.shares {
            let ratio = |places: &mut dyn Iterator<Item = usize>| {
                let add = |sums: (f64, f64), place: usize| (sums.0 + groups[place].0, sums.1 + groups[place].1);
                let (part, whole) = places.fold((0.0, 0.0), add);
                if whole == 0.0 { 0.0 } else { part / whole }
            };
            more.insert((*name).to_string(), bootstrap(groups.len(), RESAMPLES, seed, ratio));
        }
        for Within { bytes, solved } in self.within(seed) {
            more.insert(format!("solved within {bytes:>9} bytes"), solved);
        }
        let mut pooled = |name: &str, statistic: fn(&[(f64, f64)]) -> f64, groups: &[Vec<(f64, f64)>]| {
            if groups.is_empty() {
                return;
            }
            let of = |places: &mut dyn Iterator<Item = usize>| {
                statistic(&places.flat_map(|place| groups[place].iter().copied()).collect::<Vec<_>>())
            };
            more.insert(name.to_string(), bootstrap(groups.len(), POOLED_RESAMPLES, seed, of));
        };
        pooled("spearman of nodes", spearman, &self.nodes);
        let number =
            |group: &Vec<(f64, bool)>| group.iter().map(|(sure, right)| (*sure, f64::from(u8::from(*right)))).collect();
        let sure: Vec<Vec<(f64, f64)>> = self.sure.iter().map(number).collect();
        pooled("confidence: auroc", auroc, &sure);
        pooled("confidence: ece", calibration_error, &sure);
        more
    }

    /// The shares of puzzles that are solved within numbers of bytes.
    fn within(&self, seed: u64) -> Vec<Within> {
        let share = |bytes: u64| {
            let holds = |first: &Option<u64>| f64::from(u8::from(first.is_some_and(|first| first <= bytes)));
            let within: Vec<f64> = self.first_right.iter().map(|(first, _)| holds(first)).collect();
            Within { bytes, solved: mean(&within, seed) }
        };
        self.budgets().into_iter().map(share).collect()
    }

    /// Some of the groups.
    fn some(&self, places: &[usize]) -> Vec<Sums> {
        places.iter().filter_map(|place| self.groups.get(*place).copied()).collect()
    }

    /// The scores of each environment.
    fn by_env(&self, seed: u64) -> Vec<OfEnvironment> {
        let of = |(name, places): (&String, &Vec<usize>)| {
            let groups = self.some(places);
            OfEnvironment {
                name: name.clone(),
                rows: groups.iter().map(|group| group.rows).sum(),
                groups: groups.len() as u64,
                solved: mean_ratio(&groups, |group| group.solved, |group| group.rows, seed),
                valid: mean_ratio(&groups, |group| group.valid, |group| group.rows, seed),
                pass_at: all_pass_at(&groups, seed),
            }
        };
        self.charts.environments.iter().map(of).collect()
    }

    /// Numbers of bytes for a group: from the mean of one rollout, doubled until it covers the longest group. Empty where all groups have one rollout.
    fn budgets(&self) -> Vec<u64> {
        let rows: u64 = self.groups.iter().map(|group| group.rows).sum();
        let bytes: u64 = self.groups.iter().map(|group| group.bytes).sum();
        let most = self.first_right.iter().map(|(_, bytes)| *bytes).max().unwrap_or(0);
        if rows <= self.groups.len() as u64 || bytes == 0 {
            return Vec::new();
        }
        let first = (bytes / rows).max(1);
        (0..32).map_while(|power| first.checked_shl(power)).take_while(|&budget| budget < 2 * most).collect()
    }

    /// The totals. The seed decides the resamples.
    pub fn finish(self, seed: u64) -> Totals {
        let (mut totals, parts) = self.finish_apart(seed);
        align(vec![(&mut totals, &parts)], seed);
        totals
    }

    /// The totals, and what is to be cut into parts that several files share ([`align`]).
    pub fn finish_apart(mut self, seed: u64) -> (Totals, Uncut) {
        let difficulties = std::mem::take(&mut self.charts.difficulties);
        let uncut = Uncut { groups: self.groups.clone(), difficulties, lengths: self.charts.lengths() };
        let groups = &self.groups;
        let ratio = |part: fn(&Sums) -> u64, whole: fn(&Sums) -> u64| mean_ratio(groups, part, whole, seed);
        let mut group_sizes = BTreeMap::new();
        for group in groups {
            *group_sizes.entry(group.rows).or_default() += 1;
        }
        let totals = Totals {
            group_sizes,
            rows: groups.iter().map(|group| group.rows).sum(),
            groups: groups.len() as u64,
            solved: ratio(|group| group.solved, |group| group.rows),
            valid: ratio(|group| group.valid, |group| group.rows),
            optimal: ratio(|group| group.optimal, |group| group.rows),
            wrong_steps: ratio(|group| group.wrong_steps, |group| group.steps),
            length: ratio(|group| group.bytes, |group| group.rows),
            pass_at: all_pass_at(groups, seed),
            two_by_two: self.two_by_two,
            more: self.more(seed),
            within: self.within(seed),
            by_env: self.by_env(seed),
            by_difficulty: Vec::new(),
            lengths: Lengths::default(),
            true_lengths: self.charts.pairs(),
            first_error_positions: self.charts.error_positions,
            first_errors: self.first_errors,
            unreadable: self.unreadable,
        };
        (totals, uncut)
    }
}

/// What totals show in parts: groups by difficulty, and texts by length.
#[derive(Clone, Debug)]
pub struct Uncut {
    groups: Vec<Sums>,
    /// The difficulty of each group that has one.
    difficulties: Vec<(u64, usize)>,
    /// The lengths of texts, and whether each solves its puzzle.
    lengths: Vec<(u64, bool)>,
}

/// Fills in the parts by difficulty and by length of totals of several files: the same parts for all of them.
pub fn align(mut files: Vec<(&mut Totals, &Uncut)>, seed: u64) {
    let edges = part_edges(files.iter().flat_map(|(_, uncut)| uncut.difficulties.iter().map(|(at, _)| *at)).collect());
    let bins = length_bins(files.iter().flat_map(|(_, uncut)| &uncut.lengths));
    for (totals, uncut) in &mut files {
        totals.lengths = Lengths::of(&bins, &uncut.lengths);
        let of = |(from, to, places): (u64, u64, Vec<usize>)| {
            let groups: Vec<Sums> = places.iter().filter_map(|place| uncut.groups.get(*place).copied()).collect();
            OfDifficulty {
                from,
                to,
                rows: groups.iter().map(|group| group.rows).sum(),
                groups: groups.len() as u64,
                solved: mean_ratio(&groups, |group| group.solved, |group| group.rows, seed),
                valid: mean_ratio(&groups, |group| group.valid, |group| group.rows, seed),
            }
        };
        totals.by_difficulty = parts(&edges, &uncut.difficulties).into_iter().map(of).collect();
    }
}

/// The probability that at least one of k rollouts solves a puzzle. k is a power of two up to the size of the smallest group.
fn all_pass_at(groups: &[Sums], seed: u64) -> BTreeMap<usize, Mean> {
    let least = groups.iter().map(|group| group.rows).min().unwrap_or(0);
    let each = powers_of_two(least).map(|k| {
        let values: Vec<f64> = groups.iter().map(|group| pass_at(group.rows, group.solved, k)).collect();
        (k as usize, mean(&values, seed))
    });
    each.collect()
}

/// 1, 2, 4 … up to a number.
pub(super) fn powers_of_two(most: u64) -> impl Iterator<Item = u64> {
    (0..32).map(|power| 1u64 << power).take_while(move |&k| k <= most)
}

/// The probability that at least one of `k` out of `rows` rollouts is right, if `right` of them are: `1 - C(rows - right, k) / C(rows, k)`.
pub(super) fn pass_at(rows: u64, right: u64, k: u64) -> f64 {
    let wrong = rows - right;
    if wrong < k {
        return 1.0;
    }
    let all_wrong: f64 = (0..k).map(|taken| (wrong - taken) as f64 / (rows - taken) as f64).product();
    1.0 - all_wrong
}

/// The rank of each number, from 1. Equal numbers get the mean of their ranks.
fn ranks(numbers: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|&one, &other| numbers[one].total_cmp(&numbers[other]));
    let mut ranks = vec![0.0; numbers.len()];
    let mut start = 0;
    while start < order.len() {
        let same = order[start..].iter().take_while(|&&place| numbers[place] == numbers[order[start]]).count();
        let rank = start as f64 + (same as f64 + 1.0) / 2.0;
        order[start..start + same].iter().for_each(|&place| ranks[place] = rank);
        start += same;
    }
    ranks
}

/// Spearman's rank correlation (1904) of pairs; 0 where one side has no spread.
fn spearman(pairs: &[(f64, f64)]) -> f64 {
    let ones = ranks(&pairs.iter().map(|pair| pair.0).collect::<Vec<_>>());
    let others = ranks(&pairs.iter().map(|pair| pair.1).collect::<Vec<_>>());
    let middle = (pairs.len() as f64 + 1.0) / 2.0;
    let sum = |numbers: &mut dyn Iterator<Item = f64>| numbers.sum::<f64>();
    let both = sum(&mut ones.iter().zip(&others).map(|(one, other)| (one - middle) * (other - middle)));
    let spread = |ranks: &[f64]| sum(&mut ranks.iter().map(|rank| (rank - middle).powi(2)));
    let whole = (spread(&ones) * spread(&others)).sqrt();
    if whole == 0.0 { 0.0 } else { both / whole }
}

/// The probability that a right item has greater confidence than a wrong one, ties counted half (area under the ROC curve); 0.5 where there are none of
/// one kind.
fn auroc(pairs: &[(f64, f64)]) -> f64 {
    let right = pairs.iter().filter(|pair| pair.1 > 0.0).count() as f64;
    let wrong = pairs.len() as f64 - right;
    if right == 0.0 || wrong == 0.0 {
        return 0.5;
    }
    let ranks = ranks(&pairs.iter().map(|pair| pair.0).collect::<Vec<_>>());
    let sum: f64 = ranks.iter().zip(pairs).filter(|(_, pair)| pair.1 > 0.0).map(|(rank, _)| rank).sum();
    (sum - right * (right + 1.0) / 2.0) / (right * wrong)
}

/// The expected calibration error (Naeini et al. 2015): how far confidence lies from the share of right items, over ten bins of equal width.
fn calibration_error(pairs: &[(f64, f64)]) -> f64 {
    let mut bins = [(0.0, 0.0, 0.0); 10];
    for (sure, right) in pairs {
        let bin = &mut bins[((sure * 10.0) as usize).min(9)];
        *bin = (bin.0 + 1.0, bin.1 + sure, bin.2 + right);
    }
    let all = pairs.len().max(1) as f64;
    bins.iter().map(|(_, sure, right): &(f64, f64, f64)| (sure - right).abs() / all).sum()
}

/// The sum of the parts divided by the sum of the wholes; 0 where the whole is 0.
fn mean_ratio(groups: &[Sums], part: fn(&Sums) -> u64, whole: fn(&Sums) -> u64, seed: u64) -> Mean {
    let ratio = |places: &mut dyn Iterator<Item = usize>| {
        let sums =
            places.fold((0u64, 0u64), |sums, place| (sums.0 + part(&groups[place]), sums.1 + whole(&groups[place])));
        if sums.1 == 0 { 0.0 } else { sums.0 as f64 / sums.1 as f64 }
    };
    bootstrap(groups.len(), RESAMPLES, seed, ratio)
}

/// The mean of values, one for each group.
pub(super) fn mean(values: &[f64], seed: u64) -> Mean {
    bootstrap(values.len(), RESAMPLES, seed, |places| {
        if values.is_empty() { 0.0 } else { places.map(|place| values[place]).sum::<f64>() / values.len() as f64 }
    })
}

/// A statistic of all groups, with its bootstrap interval.
pub(super) fn bootstrap(
    groups: usize,
    resamples: usize,
    seed: u64,
    statistic: impl Fn(&mut dyn Iterator<Item = usize>) -> f64,
) -> Mean {
    let mut draw = Draw::new(seed, "bootstrap");
    let mut resampled: Vec<f64> = match groups {
        0 | 1 => Vec::new(),
        _ => (0..resamples).map(|_| statistic(&mut (0..groups).map(|_| draw.index(groups)))).collect(),
    };
    resampled.sort_by(f64::total_cmp);
    let at = |per_mille: usize| resampled.get((resampled.len().saturating_sub(1)) * per_mille / 1000).copied();
    Mean { mean: statistic(&mut (0..groups)), low: at(25), high: at(975) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(solved: bool, valid: bool, steps: u64, wrong_steps: u64, length: u64) -> Measured {
        let rollout = Rollout {
            readable: true,
            solved,
            reward: solved,
            valid,
            optimal: solved && valid,
            steps,
            wrong_steps,
            claims: 1,
            length,
        };
        let first_error = (!valid).then(|| "arithmetic".to_string());
        Measured { rollout, trace_valid: Some(valid), first_error, ..Measured::default() }
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
        assert_eq!(
            totals.two_by_two,
            TwoByTwo {
                plan_and_trace: 1,
                plan_alone: 1,
                trace_alone: 0,
                neither: 1,
                plan_without_trace: 0,
                nothing: 1
            }
        );
        assert_eq!(totals.group_sizes, BTreeMap::from([(2, 2)]));
        assert_eq!(totals.first_errors, BTreeMap::from([("arithmetic".to_string(), 2)]));
        assert_eq!(totals.unreadable, BTreeMap::from([("line".to_string(), 1)]));
        // both rollouts of one puzzle are right, none of the other
        assert_eq!(totals.pass_at.keys().copied().collect::<Vec<_>>(), [1, 2]);
        assert_eq!((totals.pass_at[&1].mean, totals.pass_at[&2].mean), (0.5, 0.5));
        // resamples of two groups have both, or one of them twice
        assert_eq!(totals.solved.interval(), Some((0.0, 1.0)));
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
        let (low, high) = (low.unwrap(), high.unwrap());
        assert!((low - 0.255).abs() < 0.01 && (high - 0.345).abs() < 0.01, "{low} {high}");
    }

    /// Of one group nothing varies, which says nothing about others.
    #[test]
    fn one_group_has_no_interval() {
        let mut collector = Collector::default();
        collector.add(&[row(true, true, 1, 0, 1), row(false, true, 1, 0, 1)]);
        let solved = collector.finish(5).solved;
        assert_eq!((solved.mean, solved.interval()), (0.5, None));
    }

    /// Values worked out by hand.
    #[test]
    fn statistics_of_ranks_and_confidence() {
        let pairs = |list: &[(i32, i32)]| list.iter().map(|(a, b)| (f64::from(*a), f64::from(*b))).collect::<Vec<_>>();
        assert_eq!(spearman(&pairs(&[(1, 10), (2, 20), (3, 30)])), 1.0);
        assert_eq!(spearman(&pairs(&[(1, 30), (2, 20), (3, 10)])), -1.0);
        // ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / sqrt(4.5 * 5)
        let tied = spearman(&pairs(&[(1, 1), (2, 2), (2, 3), (3, 4)]));
        assert!((tied - 4.5 / (4.5f64 * 5.0).sqrt()).abs() < 1e-12, "{tied}");
        assert_eq!(spearman(&pairs(&[(1, 1), (1, 2)])), 0.0);
        // right: 0.9, 0.4; wrong: 0.4, 0.1. Of four pairs three are in order and one is tied.
        let sure = [(0.9, 1.0), (0.4, 1.0), (0.4, 0.0), (0.1, 0.0)];
        assert_eq!(auroc(&sure), 0.875);
        // bins 0.9: |0.9 - 1|, 0.4: |0.8 - 1|, 0.1: 0.1; over four
        assert!((calibration_error(&sure) - (0.1 + 0.2 + 0.1) / 4.0).abs() < 1e-12);
    }

    #[test]
    fn rollouts_within_a_budget_of_bytes() {
        let mut collector = Collector::default();
        collector.add(&[row(false, true, 1, 0, 100), row(true, true, 1, 0, 100)]);
        collector.add(&[row(true, true, 1, 0, 100), row(false, true, 1, 0, 100)]);
        let more = collector.finish(0).more;
        let solved: Vec<f64> = more.values().map(|mean| mean.mean).collect();
        assert_eq!(
            more.keys().map(|name| name.trim_end()).collect::<Vec<_>>(),
            ["solved within       100 bytes", "solved within       200 bytes"]
        );
        assert_eq!(solved, [0.5, 1.0]);
    }

    #[test]
    fn nothing_gives_nothing() {
        let totals = Collector::default().finish(0);
        assert_eq!((totals.rows, totals.solved.mean, totals.pass_at.len()), (0, 0.0, 0));
    }
}
