//! Two files of rollouts of the same puzzles, compared puzzle by puzzle. A resample takes the same puzzles in both files, so what makes a puzzle hard does
//! not widen the interval of their difference.

use std::collections::BTreeMap;

use serde::Serialize;

use super::charts::{part_edges, parts};
use super::totals::{Mean, Measured, RESAMPLES, bootstrap, pass_at, powers_of_two};

/// What came out for a puzzle.
#[derive(Clone, Copy, Debug, Default)]
struct Outcomes {
    rows: u64,
    solved: u64,
    /// Rows with an answer section, and those whose answer is right.
    answers: u64,
    answers_right: u64,
    /// The place of its environment in the list, where its rows tell it.
    environment: Option<usize>,
    /// Its difficulty, where its rows tell it.
    difficulty: Option<u64>,
}

/// The rollouts of a file by puzzle.
#[derive(Clone, Debug, Default)]
pub struct Puzzles {
    by_id: BTreeMap<String, Outcomes>,
    environments: Vec<String>,
    unnamed: u64,
}

/// The differences of one file to another, over the puzzles that both have. A difference is positive where the file has more than the other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Paired {
    /// Number of puzzles that both files have.
    pub shared: u64,
    /// The share of solved rows.
    pub solved: Mean,
    /// The probability that at least one of k rollouts solves the puzzle. k is a power of two up to the size of the smallest group of both files.
    pub pass_at: BTreeMap<usize, Mean>,
    /// The share of right answers, over the puzzles that have an answer in both files; none where no puzzle has.
    pub answer_right: Option<Mean>,
    /// Puzzles that no row of the other file solves, and some row of this one.
    pub wrong_to_right: u64,
    /// Puzzles that some row of the other file solves, and no row of this one.
    pub right_to_wrong: u64,
    /// The puzzles that only this file has.
    pub only_here: Vec<String>,
    /// The puzzles that only the other file has.
    pub only_there: Vec<String>,
    /// The share of solved rows in each environment.
    pub by_env: Vec<OfEnvironment>,
    /// The share of solved rows by difficulty, where rows tell it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_difficulty: Vec<OfDifficulty>,
}

/// The difference in an environment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfEnvironment {
    /// The environment.
    pub name: String,
    /// Number of puzzles that both files have.
    pub shared: u64,
    /// The share of solved rows.
    pub solved: Mean,
}

/// The difference for puzzles with a difficulty of `from` up to, and without, `to`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfDifficulty {
    /// The least difficulty.
    pub from: u64,
    /// The end of the difficulties.
    pub to: u64,
    /// Number of puzzles that both files have.
    pub shared: u64,
    /// The share of solved rows.
    pub solved: Mean,
}

impl Puzzles {
    /// Adds a row. A row without a puzzle is counted, and compared with nothing.
    pub fn add(&mut self, id: Option<&str>, row: &Measured) {
        let Some(id) = id else {
            self.unnamed += 1;
            return;
        };
        if !self.by_id.contains_key(id) {
            self.by_id.insert(id.to_string(), Outcomes::default());
        }
        let environment = row.environment.as_ref().map(|name| self.environment(name));
        let Some(outcomes) = self.by_id.get_mut(id) else { return };
        outcomes.environment = outcomes.environment.or(environment);
        outcomes.difficulty = outcomes.difficulty.or(row.difficulty);
        outcomes.rows += 1;
        outcomes.solved += u64::from(row.rollout.solved);
        outcomes.answers += u64::from(row.answer_right.is_some());
        outcomes.answers_right += u64::from(row.answer_right == Some(true));
    }

    /// The place of an environment in the list.
    fn environment(&mut self, name: &str) -> usize {
        let known = self.environments.iter().position(|known| known == name);
        known.unwrap_or_else(|| {
            self.environments.push(name.to_string());
            self.environments.len() - 1
        })
    }

    /// Number of puzzles.
    pub fn len(&self) -> u64 {
        self.by_id.len() as u64
    }

    /// Whether there is no puzzle.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Number of rows that name no puzzle.
    pub fn unnamed(&self) -> u64 {
        self.unnamed
    }

    /// Share of right answers among all; none where no row has an answer.
    pub fn answer_right(&self) -> Option<f64> {
        let all: u64 = self.by_id.values().map(|outcomes| outcomes.answers).sum();
        let right: u64 = self.by_id.values().map(|outcomes| outcomes.answers_right).sum();
        (all > 0).then(|| right as f64 / all as f64)
    }

    /// The differences to another file. The seed decides the resamples.
    pub fn against(&self, other: &Puzzles, seed: u64) -> Paired {
        let both: Vec<(Outcomes, Outcomes)> =
            self.by_id.iter().filter_map(|(id, here)| Some((*here, *other.by_id.get(id)?))).collect();
        let only = |one: &Puzzles, two: &Puzzles| {
            one.by_id.keys().filter(|id| !two.by_id.contains_key(*id)).cloned().collect::<Vec<_>>()
        };
        let least = both.iter().map(|(here, there)| here.rows.min(there.rows)).min().unwrap_or(0);
        let pass = powers_of_two(least).map(|k| {
            let of = |outcomes: &Outcomes| pass_at(outcomes.rows, outcomes.solved, k);
            let values: Vec<f64> = both.iter().map(|(here, there)| of(here) - of(there)).collect();
            (k as usize, super::totals::mean(&values, seed))
        });
        let answered: Vec<_> =
            both.iter().filter(|(here, there)| here.answers > 0 && there.answers > 0).copied().collect();
        let changed = |from: bool, to: bool| {
            both.iter().filter(|(here, there)| (there.solved > 0) == from && (here.solved > 0) == to).count() as u64
        };
        let solved =
            |some: &[(Outcomes, Outcomes)]| difference(some, |outcomes| (outcomes.solved, outcomes.rows), seed);
        let of_environment = |(place, name): (usize, &String)| {
            let some: Vec<_> = both.iter().filter(|(here, _)| here.environment == Some(place)).copied().collect();
            OfEnvironment { name: name.clone(), shared: some.len() as u64, solved: solved(&some) }
        };
        let mut by_env: Vec<OfEnvironment> = self.environments.iter().enumerate().map(of_environment).collect();
        by_env.retain(|environment| environment.shared > 0);
        by_env.sort_by(|one, other| one.name.cmp(&other.name));
        let difficulty = |place: usize| both[place].0.difficulty.or(both[place].1.difficulty);
        let known: Vec<_> = (0..both.len()).filter_map(|place| Some((difficulty(place)?, place))).collect();
        let parts = parts(&part_edges(known.iter().map(|(at, _)| *at).collect()), &known);
        let of_difficulty = |(from, to, places): (u64, u64, Vec<usize>)| {
            let some: Vec<_> = places.iter().map(|&place| both[place]).collect();
            OfDifficulty { from, to, shared: some.len() as u64, solved: solved(&some) }
        };
        Paired {
            by_env,
            by_difficulty: parts.into_iter().map(of_difficulty).collect(),
            shared: both.len() as u64,
            solved: solved(&both),
            pass_at: pass.collect(),
            answer_right: (!answered.is_empty())
                .then(|| difference(&answered, |outcomes| (outcomes.answers_right, outcomes.answers), seed)),
            wrong_to_right: changed(false, true),
            right_to_wrong: changed(true, false),
            only_here: only(self, other),
            only_there: only(other, self),
        }
    }
}

/// The difference of two ratios of sums, each of a part and a whole, over the same puzzles.
fn difference(both: &[(Outcomes, Outcomes)], part: fn(&Outcomes) -> (u64, u64), seed: u64) -> Mean {
    bootstrap(both.len(), RESAMPLES, seed, |places| {
        let (mut here, mut there) = ((0u64, 0u64), (0u64, 0u64));
        for (one, other) in places.filter_map(|place| both.get(place)) {
            for (sums, outcomes) in [(&mut here, one), (&mut there, other)] {
                let (add, whole) = part(outcomes);
                *sums = (sums.0 + add, sums.1 + whole);
            }
        }
        let ratio = |(part, whole): (u64, u64)| part as f64 / whole.max(1) as f64;
        ratio(here) - ratio(there)
    })
}

#[cfg(test)]
mod tests {
    use super::super::Rollout;
    use super::*;

    fn row(solved: bool, answer_right: Option<bool>) -> Measured {
        Measured {
            rollout: Rollout { readable: true, solved, ..Rollout::default() },
            answer_right,
            ..Measured::default()
        }
    }

    /// The same number of rows of each puzzle: the difference is the mean of the differences of puzzles, and its standard error that of a paired sample.
    #[test]
    fn differences_are_those_of_a_paired_sample() {
        let mut draw = sos_envs::Draw::new(3, "test");
        let (mut one, mut two, mut each) = (Puzzles::default(), Puzzles::default(), Vec::new());
        for puzzle in 0..500 {
            let hard = draw.chance(1, 2);
            let mut counts = [0.0, 0.0];
            for (file, count) in [&mut one, &mut two].into_iter().zip(&mut counts) {
                for _ in 0..2 {
                    let solved = draw.chance(if hard { 1 } else { 9 }, 10);
                    *count += f64::from(u8::from(solved)) / 2.0;
                    file.add(Some(&format!("{puzzle}")), &row(solved, None));
                }
            }
            each.push(counts[1] - counts[0]);
        }
        let paired = two.against(&one, 1);
        let mean = each.iter().sum::<f64>() / each.len() as f64;
        let variance = each.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / each.len() as f64;
        let error = 1.96 * (variance / each.len() as f64).sqrt();
        assert!((paired.solved.mean - mean).abs() < 1e-12);
        let (low, high) = paired.solved.interval().unwrap();
        assert!(
            (low - (mean - error)).abs() < 0.006 && (high - (mean + error)).abs() < 0.006,
            "{low} {high} {mean} {error}"
        );
        assert_eq!(paired.pass_at.keys().copied().collect::<Vec<_>>(), [1, 2]);
        assert!((paired.pass_at[&1].mean - mean).abs() < 1e-12);
        let turned = one.against(&two, 1);
        assert!((turned.solved.mean + mean).abs() < 1e-12);
        assert_eq!((turned.wrong_to_right, turned.right_to_wrong), (paired.right_to_wrong, paired.wrong_to_right));
    }

    #[test]
    fn a_file_differs_from_itself_by_nothing() {
        let mut one = Puzzles::default();
        (0..9).for_each(|puzzle| one.add(Some(&format!("{puzzle}")), &row(puzzle % 3 == 0, Some(puzzle % 2 == 0))));
        let paired = one.against(&one, 0);
        let nothing = Mean { mean: 0.0, low: Some(0.0), high: Some(0.0) };
        assert_eq!(
            (paired.shared, paired.solved, paired.pass_at[&1], paired.answer_right),
            (9, nothing, nothing, Some(nothing))
        );
        assert_eq!((paired.wrong_to_right, paired.right_to_wrong), (0, 0));
        assert!(paired.only_here.is_empty() && paired.only_there.is_empty());
    }

    #[test]
    fn puzzles_of_one_file_alone_are_named_and_not_compared() {
        let (mut one, mut two) = (Puzzles::default(), Puzzles::default());
        one.add(Some("a"), &row(true, Some(true)));
        one.add(Some("b"), &row(false, None));
        two.add(Some("b"), &row(true, Some(true)));
        two.add(Some("c"), &row(false, None));
        two.add(None, &row(true, None));
        let paired = two.against(&one, 0);
        assert_eq!((paired.shared, paired.solved.mean, paired.solved.interval()), (1, 1.0, None));
        // b has an answer in one file alone
        assert_eq!(paired.answer_right, None);
        assert_eq!((paired.wrong_to_right, paired.right_to_wrong), (1, 0));
        assert_eq!((paired.only_here, paired.only_there), (vec!["c".to_string()], vec!["a".to_string()]));
        assert_eq!((two.len(), two.unnamed(), one.answer_right()), (2, 1, Some(1.0)));
    }
}
