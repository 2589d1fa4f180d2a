//! What a puzzle is: the [`Environment`] trait and what goes with it.
//!
//! A value of an environment is one puzzle. It knows its states, its legal moves and its goal, what it costs to get there
//! (proven). How it is written and read is in [`Atoms`]. It knows no search, no trace and no file. What only some environments have stands in traits of its own:
//! [`Kinds`], [`Splits`], [`SharedGround`], [`SearchSupport`], [`Variables`], [`Prompts`], [`Damage`]. All of their items have defaults. What works on any
//! environment asks for all of them: [`Complete`].

pub mod twin;

use std::cell::Cell;
use std::fmt::{Debug, Display};
use std::hash::Hash;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::about::About;
use crate::damage::Damage;
use crate::distance::{self, DistanceTable};
use crate::draw::Draw;
use crate::ground::SharedGround;
use crate::json::Json;
use crate::kinds::Kinds;
use crate::prompt::{Prompts, Task};
use crate::search_support::SearchSupport;
use crate::splits::Splits;
use crate::text::{Reader, Style};
use crate::variables::Variables;

/// A cost, in the environment's own unit (moves, or the sum of edge weights).
pub type Cost = u64;

/// A move out of a state, where it leads, and what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<M, S> {
    /// The move.
    pub action: M,
    /// The state that it leads to.
    pub state: S,
    /// What it costs.
    pub cost: Cost,
}

/// What an exact solver proved of a puzzle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SolverFacts {
    /// Whether there is a solution.
    pub solvable: bool,
    /// Cost of a cheapest solution; none where there is no solution, or where a limit that the environment states is passed before
    /// it is proven (the hardest sliding tiles).
    pub optimal_cost: Option<Cost>,
    /// Number of solutions (each environment says of what kind); none where it is not counted.
    pub solutions: Option<u64>,
    /// Nodes of an exhaustive search (each environment says in which order); none only where a limit that the
    /// environment states is passed.
    pub difficulty: Option<u64>,
}

/// A draw that gave no puzzle: draw again. Counted and bounded by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reject;

/// A setting that cannot be: which one, what was found, what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: found {found}; allowed: {allowed}")]
pub struct ConfigError {
    /// The setting's name as in a recipe.
    pub field: String,
    /// What was found.
    pub found: String,
    /// What is allowed, or what to change.
    pub allowed: String,
}

impl ConfigError {
    /// A new error.
    pub fn new(field: &str, found: impl ToString, allowed: impl ToString) -> Self {
        ConfigError { field: field.into(), found: found.to_string(), allowed: allowed.to_string() }
    }
}

/// A puzzle in JSON that is not one: what is wrong and what is asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("puzzle: {0}")]
pub struct PuzzleError(pub String);

impl PuzzleError {
    /// A field, what was found in it, and what is allowed. Numbers and lists are shown as they stand, texts in quotes.
    pub fn new(field: &str, found: impl Debug, allowed: impl Display) -> Self {
        PuzzleError(format!("{field}: found {found:?}; allowed: {allowed}"))
    }
    /// Refuses a number of a field that is out of its range.
    pub fn within(field: &str, found: impl Into<u64>, least: impl Into<u64>, most: impl Into<u64>) -> Result<(), Self> {
        let (found, least, most) = (found.into(), least.into(), most.into());
        if (least..=most).contains(&found) {
            Ok(())
        } else {
            Err(Self::new(field, found, format!("{least} to {most}")))
        }
    }
    /// An error unless a condition holds: the message says what is allowed.
    pub fn unless(condition: bool, message: impl Into<String>) -> Result<(), Self> {
        if condition { Ok(()) } else { Err(PuzzleError(message.into())) }
    }
}

/// Names of the ready settings of every environment.
pub const LEVELS: [&str; 3] = ["easy", "medium", "hard"];

/// A puzzle of one family: generator, rules, knowledge. 10 of its 18 items are required.
pub trait Environment: Clone + Debug + PartialEq + 'static {
    /// How it is listed, and what all of its puzzles share.
    const ABOUT: About;

    /// Settings of the generator; every field has a default, unknown fields are refused.
    type Config: Clone + Debug + Default + PartialEq + Serialize + DeserializeOwned + Send + Sync;
    /// A position. Two states that differ only in how they are shown are equal under [`SearchSupport::key_state`].
    type State: Clone + PartialEq + Eq + Hash + Ord + Debug + Send + Sync;
    /// A move, as it is written: with what it claims of its own result or cost ([`About::move_claim`]).
    type Move: Copy + PartialEq + Eq + Hash + Debug + Send + Sync;

    // --- generator

    /// Ready settings: easy, medium, hard ([`LEVELS`]).
    fn levels() -> [Self::Config; 3];
    /// Refuses settings that cannot be, or under which no puzzle would be found. By default all are fine.
    fn check(_config: &Self::Config) -> Result<(), ConfigError> {
        Ok(())
    }
    /// Draws a puzzle. A draw that gives none is rejected, and drawn again.
    fn generate(config: &Self::Config, draw: &mut Draw) -> Result<Self, Reject>;

    // --- identity

    /// The canonical form: puzzles that differ only in how they are shown have the same.
    fn canonical(&self) -> Self;
    /// Refuses a puzzle from outside that cannot be; [`Json`] asks it of types that serde reads. By default all are fine.
    fn validate(&self) -> Result<(), PuzzleError> {
        Ok(())
    }

    // --- rules

    /// The start.
    fn start(&self) -> Self::State;
    /// Whether a state is a goal.
    fn is_goal(&self, state: &Self::State) -> bool;
    /// The legal steps out of a state, appended in canonical order. What is a goal or a dead end may still have steps.
    fn successors(&self, state: &Self::State, out: &mut Vec<Step<Self::Move, Self::State>>);
    /// Where a move leads: the move as it should be written, the state, the cost. None where it is illegal. By default the successor of that
    /// move, which is right where moves claim nothing beside what is done.
    fn apply(&self, state: &Self::State, action: Self::Move) -> Option<(Self::Move, Self::State, Cost)> {
        let mut steps = Vec::new();
        self.successors(state, &mut steps);
        let step = steps.into_iter().find(|step| step.action == action)?;
        Some((action, step.state, step.cost))
    }
    /// Whether a state has no step at all, so that it need not be named to be explored. By default it is asked for its successors; searches ask it of
    /// every node, so a quicker answer pays.
    fn is_terminal(&self, state: &Self::State) -> bool {
        let mut steps = Vec::new();
        self.successors(state, &mut steps);
        steps.is_empty()
    }

    // --- knowledge

    /// A heuristic of [`About::heuristics`]: the estimate of a state, in units of one cost divided by [`About::estimate_scale`]. By default 0, for
    /// environments without heuristics. Whoever asks for many states asks [`SearchSupport::evaluator`], which may have prepared a table.
    fn estimate(&self, _heuristic: usize, _state: &Self::State) -> Cost {
        0
    }
    /// What an exact solver proves. By default a breadth-first search (Dijkstra's, where costs differ) over all that can be reached, up to
    /// [`MOST_EXPLORED`](crate::distance::MOST_EXPLORED) positions.
    fn solver_facts(&self) -> SolverFacts {
        distance::facts(self)
    }
    /// Whether there is a solution, where that is quicker to prove than the rest.
    fn is_solvable(&self) -> bool {
        self.solver_facts().solvable
    }
    /// Exact distances to the nearest goal. By default what can be reached from a state is explored when it is asked for, up to
    /// [`MOST_EXPLORED`](crate::distance::MOST_EXPLORED) positions.
    fn distance_table(&self) -> DistanceTable<Self> {
        DistanceTable::explored()
    }
}

/// How a puzzle, its states and its moves are written and read: every dialect is made of these. Six of the seven items are required.
pub trait Atoms: Environment {
    /// What a model must be told of the puzzle beside start and goal, on one line; nothing by default.
    fn write_header(&self, _style: Style, _out: &mut Vec<u8>) {}
    /// The puzzle that header, start and goal tell, as JSON; none where they tell none. It may take more texts than are
    /// written: whoever asks writes the puzzle again and compares ([`crate::prompt`]).
    fn read_task(task: &Task<'_>) -> Option<Value>;
    /// The goal, as it stands in a state line.
    fn write_target(&self, style: Style, out: &mut Vec<u8>);
    /// A state.
    fn write_state(&self, state: &Self::State, style: Style, out: &mut Vec<u8>);
    /// Reads a state.
    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Self::State>;
    /// A move, with what it claims of itself.
    fn write_move(&self, action: Self::Move, style: Style, out: &mut Vec<u8>);
    /// Reads a move.
    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Self::Move>;
}

/// All that is known of an environment: the trait and its parts. What works on any environment takes this.
pub trait Complete:
    Environment + Atoms + Kinds + Splits + SharedGround + SearchSupport + Variables + Prompts + Damage
{
}

impl<E: Environment + Atoms + Kinds + Splits + SharedGround + SearchSupport + Variables + Prompts + Damage> Complete
    for E
{
}

/// One environment with ground, rules and texts of its own: `impl Plain for Pegs {}` gives it [`Kinds`], [`SharedGround`], [`Variables`] and [`Prompts`] with
/// their defaults. What needs one of these implements all four by itself.
pub trait Plain: Environment {}

impl<E: Plain + Atoms + Json> Kinds for E {}
impl<E: Plain> SharedGround for E {}
impl<E: Plain> Variables for E {}
impl<E: Plain + Atoms + SearchSupport> Prompts for E {}

/// The stable id of a puzzle: the first 128 bits of a BLAKE3 hash, shown as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PuzzleId(pub u128);

impl PuzzleId {
    /// The id of the puzzle of an environment that writes this canonical form.
    pub fn of(environment: &str, write_canonical: impl FnOnce(&mut Vec<u8>)) -> Self {
        // Every puzzle that is drawn gets an id: the memory for its text is kept.
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
