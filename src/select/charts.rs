//! What charts of rollouts show: scores by environment and by difficulty, lengths, and where first errors are.

use std::collections::BTreeMap;

use serde::Serialize;

use super::bins::Bins;
use super::totals::{Mean, Measured};

/// Greatest number of parts by difficulty.
const PARTS: usize = 8;

/// Greatest number of rows whose length is shown beside the true one.
const MOST_PAIRS: usize = 2000;

/// The scores of the groups of an environment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfEnvironment {
    /// The environment.
    pub name: String,
    /// Number of rows.
    pub rows: u64,
    /// Number of groups.
    pub groups: u64,
    /// Share of rows that solve their puzzle.
    pub solved: Mean,
    /// Share of rows without error.
    pub valid: Mean,
    /// The probability that at least one of k rollouts solves the puzzle.
    pub pass_at: BTreeMap<usize, Mean>,
}

/// The scores of the groups whose puzzles have a difficulty of `from` up to, and without, `to`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfDifficulty {
    /// The least difficulty.
    pub from: u64,
    /// The end of the difficulties.
    pub to: u64,
    /// Number of rows.
    pub rows: u64,
    /// Number of groups.
    pub groups: u64,
    /// Share of rows that solve their puzzle.
    pub solved: Mean,
    /// Share of rows without error.
    pub valid: Mean,
}

/// How long texts are in bytes, those that solve their puzzle and the others.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Lengths {
    /// The edges of the bins.
    pub edges: Bins,
    /// Texts that solve their puzzle.
    pub solved: Vec<u64>,
    /// The others.
    pub unsolved: Vec<u64>,
}

impl Lengths {
    /// Histograms of lengths.
    pub(super) fn of(edges: &Bins, lengths: &[(u64, bool)]) -> Lengths {
        let of = |solved: bool| edges.count(lengths.iter().filter(|text| text.1 == solved).map(|text| text.0));
        Lengths { solved: of(true), unsolved: of(false), edges: edges.clone() }
    }
}

/// The bins of the lengths of texts.
pub(super) fn length_bins<'a>(lengths: impl Iterator<Item = &'a (u64, bool)>) -> Bins {
    let mut all: Vec<u64> = lengths.map(|(length, _)| *length).collect();
    all.sort_unstable();
    Bins::of(&all)
}

/// The share of puzzles that are solved within a number of bytes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Within {
    /// The bytes.
    pub bytes: u64,
    /// The share.
    pub solved: Mean,
}

/// The ends of parts of about equal size by difficulty.
pub(super) fn part_edges(mut difficulties: Vec<u64>) -> Vec<u64> {
    difficulties.sort_unstable();
    let first = |part: usize| difficulties.get(part * difficulties.len() / PARTS).copied();
    let mut edges: Vec<u64> = (0..PARTS).filter_map(first).collect();
    edges.extend(difficulties.last().map(|most| most.saturating_add(1)));
    edges.dedup();
    edges
}

/// Things in parts by difficulty: from, to, things.
pub(super) fn parts(edges: &[u64], all: &[(u64, usize)]) -> Vec<(u64, u64, Vec<usize>)> {
    let within =
        |from: u64, to: u64| all.iter().filter(move |(at, _)| (from..to).contains(at)).map(|(_, thing)| *thing);
    edges.windows(2).map(|pair| (pair[0], pair[1], within(pair[0], pair[1]).collect())).collect()
}

/// Collects what charts need, row by row.
#[derive(Default)]
pub(super) struct Charts {
    /// The groups of each environment.
    pub environments: BTreeMap<String, Vec<usize>>,
    /// The difficulty of each group that has one.
    pub difficulties: Vec<(u64, usize)>,
    /// For each class of first errors, the tenths of the texts in which they are.
    pub error_positions: BTreeMap<String, [u64; 10]>,
    lengths: Vec<(u64, bool)>,
    pairs: Vec<(u64, u64, bool)>,
}

impl Charts {
    /// Adds the group with a number.
    pub fn add(&mut self, number: usize, group: &[Measured]) {
        if let Some(name) = group.iter().find_map(|row| row.environment.as_ref()) {
            match self.environments.get_mut(name) {
                Some(groups) => groups.push(number),
                None => drop(self.environments.insert(name.clone(), vec![number])),
            }
        }
        self.difficulties.extend(group.iter().find_map(|row| row.difficulty).map(|difficulty| (difficulty, number)));
        for row in group.iter().filter(|row| row.unreadable.is_none()) {
            self.lengths.push((row.rollout.length, row.rollout.solved));
            self.pairs.extend(row.nodes.map(|(nodes, right)| (nodes, right, row.rollout.solved)));
            if let (Some(class), Some(tenth)) = (&row.first_error, row.first_error_tenth) {
                self.error_positions.entry(class.clone()).or_default()[tenth.min(9)] += 1;
            }
        }
    }

    /// The lengths of all texts, and whether each solves its puzzle.
    pub fn lengths(&mut self) -> Vec<(u64, bool)> {
        std::mem::take(&mut self.lengths)
    }

    /// Nodes of the text, nodes of the true search, and whether the text solves its puzzle: of rows that are evenly spaced.
    pub fn pairs(&self) -> Vec<[u64; 3]> {
        let step = self.pairs.len().div_ceil(MOST_PAIRS).max(1);
        self.pairs.iter().step_by(step).map(|&(nodes, right, solved)| [nodes, right, u64::from(solved)]).collect()
    }
}
