//! Filters of a split beyond its settings: bands of difficulty and cost, and that no search of the recipe solves the puzzle.

use sos_envs::{SolverFacts, Streams};

use super::about_of;
use crate::arena::{Puzzle, Scratch};
use crate::recipe::{Band, Recipe, RecipeError};
use crate::search::{Outcome, Search};
use crate::trace::Trace;

/// The filters of one stage: those of its split and its own.
pub(super) struct Filter {
    difficulty: Vec<Band>,
    cost: Vec<Band>,
    /// The searches that must all fail; empty if this is not required.
    must_fail: Vec<Search>,
    streams: Streams,
}

impl Filter {
    pub fn new(recipe: &Recipe, split: usize, stage: usize) -> Result<Self, RecipeError> {
        let streams = Streams::new(recipe.seed, "unsolved", "");
        let mut filter = Filter { difficulty: Vec::new(), cost: Vec::new(), must_fail: Vec::new(), streams };
        let Some(split) = recipe.splits.values().nth(split) else { return Ok(filter) };
        let own = split.stages.get(stage);
        filter.difficulty = split.difficulty.into_iter().chain(own.and_then(|stage| stage.difficulty)).collect();
        filter.cost = split.cost.into_iter().chain(own.and_then(|stage| stage.cost)).collect();
        if split.unsolved {
            let about = about_of(recipe)?;
            for entry in recipe.searches.iter().filter(|entry| entry.weight > 0) {
                filter.must_fail.push(Search::new(about, &entry.search)?);
            }
        }
        Ok(filter)
    }

    /// Whether all puzzles pass.
    pub fn is_empty(&self) -> bool {
        self.difficulty.is_empty() && self.cost.is_empty() && self.must_fail.is_empty()
    }

    /// Whether a puzzle passes. Searches use random streams of the puzzle's own, so the result is a function of the puzzle.
    pub fn passes(&self, puzzle: &Puzzle, facts: &SolverFacts) -> bool {
        self.outside(facts).is_none() && self.all_fail(puzzle)
    }

    /// The first band that excludes a puzzle: its quantity, the puzzle's value, and the ends of the band.
    pub fn outside(&self, facts: &SolverFacts) -> Option<(&'static str, Option<u64>, (u64, String))> {
        let outside = |what, bands: &[Band], value: Option<u64>| {
            let band = bands.iter().find(|band| !value.is_some_and(|value| band.contains(value)))?;
            let most = band.max.map_or("any number".to_string(), |max| max.to_string());
            Some((what, value, (band.min, most)))
        };
        let cost = || outside("cost", &self.cost, facts.optimal_cost);
        outside("difficulty", &self.difficulty, facts.difficulty).or_else(cost)
    }

    /// Whether all searches that must fail do fail on a puzzle.
    pub fn all_fail(&self, puzzle: &Puzzle) -> bool {
        if self.must_fail.is_empty() {
            return true;
        }
        let id = puzzle.id().0;
        let (mut trace, mut scratch) = (Trace::default(), Scratch::default());
        self.must_fail.iter().zip(0..).all(|(search, which): (_, u64)| {
            let mut draw = self.streams.at((id as u64) ^ which);
            search.run(puzzle, &mut draw, None, &mut trace, &mut scratch) != Outcome::Solved
        })
    }
}
