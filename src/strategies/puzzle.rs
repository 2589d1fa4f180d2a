//! Puzzles of an environment that is given by name.

use proptest::strategy::Strategy;
use serde_json::Value;
use sos_envs::smaller::{MOST_DRAWS, Maker};
use sos_envs::strategies::shrinking::{Drawn, Puzzles, Shrinking};
use sos_envs::{About, Draw};

use crate::arena::{Config, Family, Puzzle, environment, environments};

/// Makes the puzzles of an environment.
#[derive(Clone, Copy)]
pub(super) struct Environment(&'static dyn Family);

impl Maker for Environment {
    type Puzzle = Puzzle;
    type Settings = Config;

    fn ready(&self) -> Vec<Config> {
        let mut ready = self.0.levels().to_vec();
        ready.push(self.0.defaults());
        ready
    }

    fn settings_json(&self, settings: &Config) -> Value {
        serde_json::to_value(settings).unwrap_or_default()
    }

    fn read_settings(&self, value: &Value) -> Option<Config> {
        self.0.read_config(value).ok().filter(|settings| settings.space().is_ok())
    }

    fn draw(&self, settings: &Config, draw: &mut Draw) -> Option<Puzzle> {
        let accepts = |puzzle: &Puzzle| settings.accepts(puzzle.is_solvable());
        (0..MOST_DRAWS).find_map(|_| settings.generate(draw).ok().filter(accepts))
    }

    fn puzzle_json(&self, puzzle: &Puzzle) -> Value {
        super::json(puzzle)
    }

    fn read_puzzle(&self, settings: &Config, value: &Value) -> Option<Puzzle> {
        self.0.read_json(value).ok().filter(|puzzle| settings.accepts(puzzle.is_solvable()))
    }
}

/// The listing of an environment. The error lists the known names.
pub(super) fn about(name: &str) -> Result<&'static About, String> {
    easy(name).map(|puzzles| puzzles.maker.0.about())
}

/// Puzzles of the easy level of an environment. The error lists the known names.
pub(super) fn easy(name: &str) -> Result<Puzzles<Environment>, String> {
    let family = environment(name).ok_or_else(|| {
        let known: Vec<&str> = environments().iter().map(|family| family.about().name).collect();
        format!("there is no environment \"{name}\"; there are: {}", known.join(", "))
    })?;
    let [settings, _, _] = family.levels();
    Ok(Puzzles { maker: Environment(family), settings })
}

/// The strategy for an environment's name, which may be wrong.
#[derive(Clone, Debug)]
struct Named(String);

impl Drawn for Named {
    type Case = (Puzzles<Environment>, <Puzzles<Environment> as Drawn>::Case);
    type Value = Puzzle;
    type Smaller = <Puzzles<Environment> as Drawn>::Smaller;

    fn draw(&self, seed: u64) -> Result<Self::Case, String> {
        let puzzles = easy(&self.0)?;
        let case = puzzles.draw(seed)?;
        Ok((puzzles, case))
    }

    fn value(&self, (puzzles, case): &Self::Case) -> Puzzle {
        puzzles.value(case)
    }

    fn smaller(&self, (puzzles, case): &Self::Case) -> Self::Smaller {
        puzzles.smaller(case)
    }

    fn next(&self, (puzzles, case): &Self::Case, smaller: &mut Self::Smaller) -> Option<Self::Case> {
        Some((puzzles.clone(), puzzles.next(case, smaller)?))
    }
}

/// Puzzles of the easy level of an environment. An unknown name ends the test with the list of names.
///
/// ```
/// use proptest::prelude::*;
/// use stream_of_search::strategies::any_puzzle;
/// proptest!(|(puzzle in any_puzzle("maze"))| {
///     prop_assert!(puzzle.is_solvable());
/// });
/// ```
pub fn any_puzzle(environment: impl Into<String>) -> impl Strategy<Value = Puzzle> + Clone {
    Shrinking(Named(environment.into()))
}
