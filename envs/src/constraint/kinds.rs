//! The registry of constraint puzzles: a line for each kind in [`Settings`], `ABOUT` and `KINDS`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::colouring::{self, Colouring};
use super::cover::{self, ExactCover};
use super::cryptarithm::{self, Cryptarithm};
use super::futoshiki::{self, Futoshiki};
use super::kakurasu::{self, Kakurasu};
use super::knights_knaves::{self, KnightsKnaves};
use super::latin::{self, LatinSquare};
use super::model::{self, Kind, Model};
use super::queens::{self, Queens};
use super::sat::{self, Satisfiability};
use super::subset::{self, Knapsack, Partition, SubsetSum};
use super::sudoku::{self, Sudoku};
use super::survo::{self, Survo};
use super::told::PromptParts;
use super::zebra::{self, Zebra};
use crate::about::About;
use crate::draw::Draw;
use crate::environment::{ConfigError, PuzzleError, Reject};

/// Settings of a kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Settings {
    /// Sudoku.
    Sudoku(sudoku::Config),
    /// Latin squares.
    LatinSquare(latin::Config),
    /// N queens.
    Queens(queens::Config),
    /// Futoshiki.
    Futoshiki(futoshiki::Config),
    /// Graph colouring.
    Colouring(colouring::Config),
    /// Random k-SAT.
    Satisfiability(sat::Config),
    /// Subset sum.
    SubsetSum(subset::SubsetConfig),
    /// Knapsack.
    Knapsack(subset::KnapsackConfig),
    /// Number partition.
    Partition(subset::PartitionConfig),
    /// Exact cover.
    ExactCover(cover::Config),
    /// Kakurasu.
    Kakurasu(kakurasu::Config),
    /// Survo.
    Survo(survo::Config),
    /// Zebra puzzles.
    Zebra(zebra::Config),
    /// Knights and knaves.
    KnightsKnaves(knights_knaves::Config),
    /// Cryptarithms.
    Cryptarithm(cryptarithm::Config),
}

/// The listings of the kinds.
#[rustfmt::skip]
pub(super) const ABOUT: [About; 15] = [
    Sudoku::ABOUT,
    LatinSquare::ABOUT,
    Queens::ABOUT,
    Futoshiki::ABOUT,
    Colouring::ABOUT,
    Satisfiability::ABOUT,
    SubsetSum::ABOUT,
    Knapsack::ABOUT,
    Partition::ABOUT,
    ExactCover::ABOUT,
    Kakurasu::ABOUT,
    Survo::ABOUT,
    Zebra::ABOUT,
    KnightsKnaves::ABOUT,
    Cryptarithm::ABOUT,
];

/// The functions of the kinds, in the same order.
#[rustfmt::skip]
pub(super) static KINDS: [Entry; ABOUT.len()] = [
    entry::<Sudoku>(),
    entry::<LatinSquare>(),
    entry::<Queens>(),
    entry::<Futoshiki>(),
    entry::<Colouring>(),
    entry::<Satisfiability>(),
    entry::<SubsetSum>(),
    entry::<Knapsack>(),
    entry::<Partition>(),
    entry::<ExactCover>(),
    entry::<Kakurasu>(),
    entry::<Survo>(),
    entry::<Zebra>(),
    entry::<KnightsKnaves>(),
    entry::<Cryptarithm>(),
];

impl Default for Settings {
    fn default() -> Self {
        Settings::Sudoku(sudoku::Config::default())
    }
}

impl Settings {
    /// The index of their kind.
    pub(super) fn kind(&self) -> usize {
        KINDS.iter().position(|entry| (entry.owns)(self)).unwrap_or(0)
    }
}

/// A drawn puzzle, or a rejection.
type DrawnModel = Result<Arc<dyn Model>, Reject>;

/// The functions of a kind, for the common type of settings.
pub(super) struct Entry {
    owns: fn(&Settings) -> bool,
    pub levels: fn() -> [Settings; 3],
    pub defaults: fn() -> Settings,
    pub read_config: fn(&Value) -> Result<Settings, serde_json::Error>,
    pub check: fn(&Settings) -> Result<(), ConfigError>,
    pub generate: fn(&Settings, &mut Draw) -> DrawnModel,
    pub read: fn(&PromptParts<'_>) -> Option<Value>,
    pub read_layout: fn(&str) -> Option<Value>,
    pub accepts: fn(&Settings, bool) -> bool,
    pub from_json: fn(&Value) -> Result<Arc<dyn Model>, PuzzleError>,
}

const fn entry<K: Kind>() -> Entry {
    Entry {
        owns: |settings| K::config(settings).is_some(),
        levels: || K::levels().map(K::settings),
        defaults: || K::settings(K::Config::default()),
        read_config: |value| K::Config::deserialize(value).map(K::settings),
        check: |settings| K::config(settings).map_or(Ok(()), K::check),
        generate: |settings, draw| Ok(Arc::new(K::generate(K::config(settings).ok_or(Reject)?, draw)?)),
        read: K::read,
        read_layout: K::read_layout,
        accepts: |settings, solvable| K::config(settings).is_some_and(|config| K::accepts(config, solvable)),
        from_json: |value| Ok(Arc::new(model::from_json::<K>(value)?)),
    }
}
