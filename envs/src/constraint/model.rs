//! What a kind of constraint puzzle is: a file each, and a line in the table of [`kinds`](super::kinds).

use std::fmt::Debug;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::network::Network;
use super::rule::{Domains, MAX_VARIABLES};
use super::told::PromptParts;
use super::{OPEN, Settings, Solver};
use crate::about::About;
use crate::draw::Draw;
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::json;
use crate::text::Style;

/// A puzzle of a kind. Its JSON is what serde makes of it.
pub trait Model: WriteJson + Debug + Send + Sync + 'static {
    /// Variables, values and rules.
    fn network(&self) -> Arc<Network>;
    /// What is decided at the start: the value of each variable, [`OPEN`] for those that are not; nothing where all are open.
    fn givens(&self) -> Vec<u8> {
        Vec::new()
    }
    /// The same puzzle in the form in which puzzles that differ only in how they are shown are equal.
    fn canonical(&self) -> Box<dyn Model>;
    /// A key that puzzles share which differ only by a renaming or a symmetry of the rules ([`crate::environment::twin`]); none where the canonical
    /// form goes as far.
    fn twin(&self) -> Option<Vec<u8>> {
        None
    }
    /// What must be told of the puzzle beside what is decided, on one line; nothing for most. In [`Style::Compact`] tokens between single spaces.
    fn write_header(&self, _style: Style, _out: &mut Vec<u8>) {}
    /// The same in the notation of the dialect `sudoku`, which lists only the variables that are decided, so that how many there are must be told.
    fn write_notation(&self, out: &mut Vec<u8>) {
        self.write_header(Style::Frame, out);
    }
    /// Variables in a row of the board, where the puzzle is one and its values are single characters.
    fn columns(&self) -> Option<usize> {
        None
    }
    /// The value of a property by which puzzles can be held out ([`About::keys`]).
    fn hold_out_key(&self, _key: usize) -> u64 {
        0
    }
}

/// How a kind makes puzzles.
pub trait Kind: Model + Sized + Serialize + DeserializeOwned {
    /// How it is listed.
    const ABOUT: About;
    /// A puzzle, for those who send another.
    const EXAMPLE: &'static str;
    /// Its settings; every field has a default, unknown fields are refused.
    type Config: Default + DeserializeOwned + 'static;

    /// The settings among those of all kinds …
    fn settings(config: Self::Config) -> Settings;
    /// … and back; none of another kind.
    fn config(settings: &Settings) -> Option<&Self::Config>;
    /// Ready settings, by [`LEVELS`](crate::LEVELS).
    fn levels() -> [Self::Config; 3];
    /// Refuses settings that cannot be.
    fn check(config: &Self::Config) -> Result<(), ConfigError>;
    /// The puzzle that a prompt tells, as JSON; none where it is none.
    fn read(told: &PromptParts<'_>) -> Option<serde_json::Value>;
    /// Draws a puzzle.
    fn generate(config: &Self::Config, draw: &mut Draw) -> Result<Self, Reject>;
    /// Whether the settings accept a puzzle that is solvable or not.
    fn accepts(_config: &Self::Config, solvable: bool) -> bool {
        solvable
    }
    /// Refuses a puzzle from outside that cannot be.
    fn validate(&self) -> Result<(), PuzzleError>;
}

/// Reads a puzzle of a kind.
pub(super) fn from_json<K: Kind>(value: &serde_json::Value) -> Result<K, PuzzleError> {
    let puzzle: K = json::read(value, K::EXAMPLE)?;
    puzzle.validate()?;
    Ok(puzzle)
}

/// Written as serde does: what is serialized need not be known as a type.
pub trait WriteJson {
    /// Appends the puzzle as JSON, on one line, keys in a fixed order.
    fn write_json(&self, out: &mut Vec<u8>);
}

impl<T: Serialize> WriteJson for T {
    fn write_json(&self, out: &mut Vec<u8>) {
        json::write(self, out);
    }
}

/// The domains of a puzzle in which some variables are decided.
pub(super) fn decided(network: &Network, values: &[u8]) -> Domains {
    let mut domains = [1u16; MAX_VARIABLES];
    for (variable, domain) in network.domains.iter().enumerate() {
        domains[variable] = match values.get(variable) {
            Some(&value) if value != OPEN => domain & 1u16.checked_shl(value.into()).unwrap_or(0),
            _ => *domain,
        };
    }
    domains
}

/// A solution, each with some chance but not all alike.
pub(super) fn random_solution(network: &Network, draw: &mut Draw) -> Result<Vec<u8>, Reject> {
    /// Guesses after which a draw is given up.
    const MOST: u64 = 100_000;
    let mut solver = Solver::new(network, 1, MOST).at_random(draw);
    solver.run(&decided(network, &[]), None);
    let solution = solver.first.ok_or(Reject)?;
    Ok(solution[..network.len()].iter().map(|value| value.trailing_zeros() as u8).collect())
}

/// Whether there is exactly one solution.
pub(super) fn is_unique(network: &Network, values: &[u8]) -> bool {
    Solver::new(network, 2, u64::MAX).run(&decided(network, values), None).solutions == 1
}

/// Opens variables of a solution in random order, as long as there is no other solution, until `wanted` are open; how many are.
pub(super) fn dig(network: &Network, values: &mut [u8], wanted: usize, draw: &mut Draw) -> usize {
    dig_while(values, wanted, draw, |values, variable, value| {
        let mut others = decided(network, values);
        let only = network.candidates(&mut others, variable) == 1 << value;
        others[variable] &= !(1 << value);
        only || Solver::new(network, 1, u64::MAX).run(&others, None).solutions == 0
    })
}

/// As [`dig`]; `is_forced` says whether a variable that was opened must have its value.
pub(super) fn dig_while(
    values: &mut [u8],
    wanted: usize,
    draw: &mut Draw,
    is_forced: impl Fn(&[u8], usize, u8) -> bool,
) -> usize {
    let mut order: Vec<usize> = (0..values.len()).collect();
    draw.shuffle(&mut order);
    let mut open = 0;
    for variable in order {
        if open == wanted {
            break;
        }
        let value = std::mem::replace(&mut values[variable], OPEN);
        // Another solution has another value here.
        if is_forced(values, variable, value) {
            open += 1;
        } else {
            values[variable] = value;
        }
    }
    open
}
