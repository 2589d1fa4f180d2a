//! The [`Environment`] trait: what a puzzle is.
//!
//! A value of an environment is one puzzle. It knows its states, its legal moves, its goal and the proven optimal cost. [`Atoms`] defines how it is written and
//! read. It knows no search, no trace and no file. Features of only some environments have traits of their own: [`Kinds`], [`Splits`], [`SharedGround`],
//! [`SearchSupport`], [`Variables`], [`Prompts`], [`Answers`], [`Instruct`], [`Damage`]. All of their items have defaults. Code that works on any environment requires all of them:
//! [`Complete`].

pub mod twin;

use std::cell::Cell;
use std::fmt::{Debug, Display};
use std::hash::Hash;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::about::About;
use crate::answers::Answers;
use crate::damage::Damage;
use crate::distance::{self, DistanceTable};
use crate::draw::Draw;
use crate::ground::SharedGround;
use crate::instruct::Instruct;
use crate::json::Json;
use crate::kinds::Kinds;
use crate::prompt::{Prompts, Task};
use crate::search_support::SearchSupport;
use crate::splits::Splits;
use crate::text::{Reader, Style};
use crate::variables::Variables;

/// A cost, in the environment's own unit (moves, or the sum of edge weights).
pub type Cost = u64;

/// A move out of a state, with its result and its cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<M, S> {
    /// The move.
    pub action: M,
    /// The state that it leads to.
    pub state: S,
    /// The cost of the move.
    pub cost: Cost,
}

/// Facts that an exact solver proved about a puzzle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SolverFacts {
    /// Whether there is a solution. True as well where this is not known ([`SearchSupport::is_decided`]).
    pub solvable: bool,
    /// Cost of a cheapest solution. None if there is no solution, or if the proof exceeds a limit that the environment states (the hardest sliding tiles).
    pub optimal_cost: Option<Cost>,
    /// Number of solutions; each environment defines which ones it counts. None if it does not count them.
    pub solutions: Option<u64>,
    /// Number of nodes of an exhaustive search; each environment defines its order. None only if the search exceeds a limit that the environment states.
    pub difficulty: Option<u64>,
}

/// A draw that gave no puzzle. The caller draws again, and limits how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reject;

/// A setting that is not allowed: its name, the value found, the allowed values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: found {found}; allowed: {allowed}")]
pub struct ConfigError {
    /// The setting's name as in a recipe.
    pub field: String,
    /// What was found.
    pub found: String,
    /// The allowed values, or what to change.
    pub allowed: String,
}

impl ConfigError {
    /// A new error.
    pub fn new(field: &str, found: impl ToString, allowed: impl ToString) -> Self {
        ConfigError { field: field.into(), found: found.to_string(), allowed: allowed.to_string() }
    }
}

/// JSON that is no valid puzzle: the problem, and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("puzzle: {0}")]
pub struct PuzzleError(pub String);

impl PuzzleError {
    /// The error for a field: the value found and what is allowed. Numbers and lists are shown as they are, texts in quotes.
    pub fn new(field: &str, found: impl Debug, allowed: impl Display) -> Self {
        PuzzleError(format!("{field}: found {found:?}; allowed: {allowed}"))
    }
    /// Refuses a number that is out of its range.
    pub fn within(field: &str, found: impl Into<u64>, least: impl Into<u64>, most: impl Into<u64>) -> Result<(), Self> {
        let (found, least, most) = (found.into(), least.into(), most.into());
        if (least..=most).contains(&found) {
            Ok(())
        } else {
            Err(Self::new(field, found, format!("{least} to {most}")))
        }
    }
    /// An error unless the condition holds. The message states what is allowed.
    pub fn unless(condition: bool, message: impl Into<String>) -> Result<(), Self> {
        if condition { Ok(()) } else { Err(PuzzleError(message.into())) }
    }
}

/// Names of the ready settings of every environment.
pub const LEVELS: [&str; 3] = ["easy", "medium", "hard"];

/// A puzzle of one family: its generator, its rules and its solver. 10 of the 18 items are required.
pub trait Environment: Clone + Debug + PartialEq + 'static {
    /// How the environment is listed, and the facts that hold for all its puzzles.
    const ABOUT: About;

    /// Settings of the generator. Every field has a default; unknown fields are refused.
    type Config: Clone + Debug + Default + PartialEq + Serialize + DeserializeOwned + Send + Sync;
    /// A position. Two states that differ only in presentation are equal under [`SearchSupport::key_state`].
    type State: Clone + PartialEq + Eq + Hash + Ord + Debug + Send + Sync;
    /// A move as it is written, including its claim of a result or cost ([`About::move_claim`]).
    type Move: Copy + PartialEq + Eq + Hash + Debug + Send + Sync;

    // --- generator

    /// Ready settings: easy, medium, hard ([`LEVELS`]).
    fn levels() -> [Self::Config; 3];
    /// Refuses settings that are not allowed or that give no puzzle. The default allows all.
    fn check(_config: &Self::Config) -> Result<(), ConfigError> {
        Ok(())
    }
    /// Draws a puzzle. After a rejection the caller draws again.
    fn generate(config: &Self::Config, draw: &mut Draw) -> Result<Self, Reject>;

    // --- identity

    /// The canonical form, which is the same for puzzles that differ only in presentation.
    fn canonical(&self) -> Self;
    /// Refuses an invalid puzzle from outside. [`Json`] calls it for types that derive serde. The default allows all.
    fn validate(&self) -> Result<(), PuzzleError> {
        Ok(())
    }

    // --- rules

    /// The start state.
    fn start(&self) -> Self::State;
    /// Whether a state is a goal.
    fn is_goal(&self, state: &Self::State) -> bool;
    /// Appends the legal steps out of a state, in canonical order. A goal or a dead end may still have steps.
    fn successors(&self, state: &Self::State, out: &mut Vec<Step<Self::Move, Self::State>>);
    /// Applies a move: the move as it should be written, the resulting state, and the cost. None if it is illegal. The default looks the move up among the
    /// successors, which suits moves that claim nothing.
    fn apply(&self, state: &Self::State, action: Self::Move) -> Option<(Self::Move, Self::State, Cost)> {
        let mut steps = Vec::new();
        self.successors(state, &mut steps);
        let step = steps.into_iter().find(|step| step.action == action)?;
        Some((action, step.state, step.cost))
    }
    /// Whether a state has no steps, so that a search need not expand it. The default computes the successors. Searches call it for every node, so a faster
    /// implementation pays.
    fn is_terminal(&self, state: &Self::State) -> bool {
        let mut steps = Vec::new();
        self.successors(state, &mut steps);
        steps.is_empty()
    }

    // --- knowledge

    /// The estimate of a heuristic in [`About::heuristics`], in units of a cost divided by [`About::estimate_scale`]. The default is 0, for environments
    /// without heuristics. For many states use [`SearchSupport::evaluator`], which may have prepared a table.
    fn estimate(&self, _heuristic: usize, _state: &Self::State) -> Cost {
        0
    }
    /// Facts that an exact solver proves. The default explores breadth-first (Dijkstra's algorithm if costs differ), up to
    /// [`MOST_EXPLORED`](crate::distance::MOST_EXPLORED) positions.
    fn solver_facts(&self) -> SolverFacts {
        distance::facts(self)
    }
    /// Whether there is a solution. Implement it if this is faster to prove than all facts.
    fn is_solvable(&self) -> bool {
        self.solver_facts().solvable
    }
    /// Exact distances to the nearest goal. The default explores the positions reachable from a state when its distance is requested, up to
    /// [`MOST_EXPLORED`](crate::distance::MOST_EXPLORED) positions.
    fn distance_table(&self) -> DistanceTable<Self> {
        DistanceTable::explored()
    }
}

/// How a puzzle, its states and its moves are written and read. All dialects consist of these atoms. Six of the seven items are required.
pub trait Atoms: Environment {
    /// Writes the description of the puzzle besides start and goal, on one line; nothing by default.
    fn write_header(&self, _style: Style, _out: &mut Vec<u8>) {}
    /// The puzzle that header, start and goal describe, as JSON; none if they describe none. It may accept more texts than are written: the caller writes the
    /// puzzle again and compares ([`crate::prompt`]).
    fn read_task(task: &Task<'_>) -> Option<Value>;
    /// Writes the goal, as in a state line.
    fn write_target(&self, style: Style, out: &mut Vec<u8>);
    /// Writes a state.
    fn write_state(&self, state: &Self::State, style: Style, out: &mut Vec<u8>);
    /// Reads a state.
    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Self::State>;
    /// Writes a move with its claim.
    fn write_move(&self, action: Self::Move, style: Style, out: &mut Vec<u8>);
    /// Reads a move.
    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Self::Move>;
}

/// An environment with all its parts. Code that works on any environment takes this.
pub trait Complete:
    Environment + Atoms + Kinds + Splits + SharedGround + SearchSupport + Variables + Prompts + Answers + Instruct + Damage
{
}

impl<E> Complete for E where
    E: Environment
        + Atoms
        + Kinds
        + Splits
        + SharedGround
        + SearchSupport
        + Variables
        + Prompts
        + Answers
        + Instruct
        + Damage
{
}

/// An environment that is the only one of its type: `impl Plain for Pegs {}` gives it the defaults of [`Kinds`], [`SharedGround`], [`Variables`] and
/// [`Prompts`]. An environment that needs one of these differently implements all four itself.
pub trait Plain: Environment {}

impl<E: Plain + Atoms + Json> Kinds for E {}
impl<E: Plain> SharedGround for E {}
impl<E: Plain> Variables for E {}
impl<E: Plain + Atoms + SearchSupport> Prompts for E {}

/// The stable id of a puzzle: the first 128 bits of a BLAKE3 hash, written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PuzzleId(pub u128);

impl PuzzleId {
    /// The id of a puzzle from the name of its environment and its canonical form.
    pub fn of(environment: &str, write_canonical: impl FnOnce(&mut Vec<u8>)) -> Self {
        // Every drawn puzzle gets an id, so the text buffer is kept.
        thread_local!(static TEXT: Cell<Vec<u8>> = const { Cell::new(Vec::new()) });
        let mut text = TEXT.take();
        text.clear();
        text.extend_from_slice(environment.as_bytes());
        text.push(b'\n');
        write_canonical(&mut text);
        let bytes = blake3::hash(&text);
        if text.capacity() <= 1 << 16 {
            TEXT.set(text);
        }
        PuzzleId(u128::from_be_bytes(std::array::from_fn(|i| bytes.as_bytes()[i])))
    }
}

impl std::fmt::Display for PuzzleId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
