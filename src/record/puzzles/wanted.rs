//! The requirements of a split, checked for a puzzle from a file. An audit uses them to find rows in the wrong place.

use sos_envs::SolverFacts;

use super::filter::Filter;
use super::owner::Ownership;
use super::{config_of, stage_name};
use crate::arena::Puzzle;
use crate::recipe::{Destination, PuzzleFile, Recipe, RecipeError};

/// The requirements of a split.
pub struct Wanted {
    /// The stages, each with the index of its first row.
    stages: Vec<(u64, WantedStage)>,
    /// The settings of the file of puzzles.
    file: Option<PuzzleFile>,
}

struct WantedStage {
    name: String,
    ownership: Ownership,
    filter: Filter,
}

/// A requirement that a puzzle does not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfulfilled {
    /// The puzzle's value.
    pub found: String,
    /// The recipe's requirement.
    pub expected: String,
}

impl Wanted {
    /// The requirements of a split, by its index in the recipe.
    pub fn new(recipe: &Recipe, split: usize) -> Result<Self, RecipeError> {
        let config = config_of(recipe)?;
        let given = recipe.splits.values().nth(split).map_or(&[][..], |split| &split.stages);
        let mut stages = Vec::new();
        let mut start = 0;
        for stage in 0..given.len().max(1) {
            let ownership = Ownership::new(recipe, &config, split, stage)?;
            let filter = Filter::new(recipe, split, stage)?;
            stages.push((start, WantedStage { name: stage_name(recipe, split, stage), ownership, filter }));
            start += given.get(stage).map_or(0, |stage| stage.rows);
        }
        Ok(Wanted { stages, file: PuzzleFile::of(recipe)? })
    }

    /// The first requirement that the puzzle of a row does not meet. `facts` are those of the row. With `searched`, the searches that must fail are run.
    pub fn unfulfilled(&self, index: u64, puzzle: &Puzzle, facts: &SolverFacts, searched: bool) -> Option<Unfulfilled> {
        let place = self.stages.partition_point(|(start, _)| *start <= index).saturating_sub(1);
        let (_, stage) = &self.stages[place];
        let wrong = |found: String, expected: String| Some(Unfulfilled { found, expected });
        if !stage.ownership.admits(puzzle) {
            let (is, should) =
                if stage.ownership.is_held_out() { ("is not", "held-out") } else { ("is", "no held-out") };
            return wrong(format!("a puzzle that {is} held out"), format!("{should} puzzles in {}", stage.name));
        }
        if stage.ownership.owns(puzzle).is_none() {
            let found = "a puzzle whose ground (or id) belongs to another split or stage".to_string();
            return wrong(found, format!("puzzles of {}'s own part", stage.name));
        }
        if let Some(file) = &self.file {
            let goes = match file.destination(facts) {
                Destination::Keep => !file.receives(&stage.name),
                Destination::Skip => false,
                Destination::Split(name) => *name == stage.name,
            };
            if !goes {
                let found = format!("a puzzle with solvable {}, optimal_cost {:?}", facts.solvable, facts.optimal_cost);
                return wrong(found, format!("what `unsolvable` and `unproven` send to {}", stage.name));
            }
        }
        if let Some((what, value, band)) = stage.filter.outside(facts) {
            let value = value.map_or("null".to_string(), |value| value.to_string());
            return wrong(format!("{what} {value}"), format!("{what} {} to {} in {}", band.0, band.1, stage.name));
        }
        if searched && !stage.filter.all_fail(puzzle) {
            return wrong(
                "a puzzle that a search of the recipe solves".into(),
                format!("unsolved ones in {}", stage.name),
            );
        }
        None
    }
}
