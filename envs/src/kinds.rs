//! Types that implement several environments.

use serde::Deserialize;
use serde_json::Value;

use crate::about::About;
use crate::environment::{Atoms, Environment, PuzzleError};
use crate::json::Json;
use crate::prompt::Task;

/// The environments of a type. Most types are one environment: `impl Kinds for Pegs {}`. Environments with the same states, moves and rules are one type with
/// several kinds, so that generic code is compiled once for all of them (the constraint puzzles). Code above calls these functions, and not those of
/// [`Environment`], [`Atoms`] and [`Json`] that are their defaults.
pub trait Kinds: Environment + Atoms + Json {
    /// How each kind is listed; by default [`Environment::ABOUT`] alone.
    fn kinds() -> &'static [About] {
        const { &[Self::ABOUT] }
    }
    /// The kind of the puzzle.
    fn kind(&self) -> usize {
        0
    }
    /// The kind of the settings.
    fn kind_of(_config: &Self::Config) -> usize {
        0
    }
    /// Ready settings of a kind, by [`LEVELS`](crate::LEVELS); by default [`Environment::levels`].
    fn levels_of(_kind: usize) -> [Self::Config; 3] {
        Self::levels()
    }
    /// The default settings of a kind.
    fn defaults_of(_kind: usize) -> Self::Config {
        Self::Config::default()
    }
    /// Reads settings of a kind.
    fn read_config(_kind: usize, settings: &Value) -> Result<Self::Config, serde_json::Error> {
        Self::Config::deserialize(settings)
    }
    /// Reads a puzzle of a kind from JSON; by default [`Json::from_json`].
    fn from_json_of(_kind: usize, value: &Value) -> Result<Self, PuzzleError> {
        Self::from_json(value)
    }
    /// The puzzle of a kind that a prompt describes; by default [`Atoms::read_task`].
    fn read_task_of(_kind: usize, task: &Task<'_>) -> Option<Value> {
        Self::read_task(task)
    }
    /// The listing of the puzzle's kind. No environment overrides it.
    #[inline]
    fn about(&self) -> &'static About {
        &Self::kinds()[self.kind()]
    }
}
