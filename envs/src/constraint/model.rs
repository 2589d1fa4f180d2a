//! The traits of a kind of constraint puzzle. Each kind is a file and a line in the registry [`kinds`](super::kinds).

use std::fmt::Debug;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::answer::{self, Assigned};
use super::network::Network;
use super::rule::{Domains, MAX_VARIABLES};
use super::told::PromptParts;
use super::{OPEN, Settings, Solver};
use crate::about::About;
use crate::answers::{Read, Token};
use crate::draw::Draw;
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::Instructions;
use crate::json;
use crate::text::Style;

/// A puzzle of a kind. Serde defines its JSON.
pub trait Model: WriteJson + Debug + Send + Sync + 'static {
    /// The variables, values and rules.
    fn network(&self) -> Arc<Network>;
    /// The values at the start, [`OPEN`] for undecided variables. An empty list if all are open.
    fn givens(&self) -> Vec<u8> {
        Vec::new()
    }
    /// The canonical form, which is the same for puzzles that differ only in presentation.
    fn canonical(&self) -> Box<dyn Model>;
    /// A key that is the same for puzzles that differ only by a renaming or a symmetry of the rules ([`crate::environment::twin`]). None if the canonical form
    /// suffices.
    fn twin(&self) -> Option<Vec<u8>> {
        None
    }
    /// Writes the description of the puzzle besides the decided values, on one line; nothing for most kinds. [`Style::Compact`] uses tokens between single
    /// spaces.
    fn write_header(&self, _style: Style, _out: &mut Vec<u8>) {}
    /// The same in the notation of the dialect `sudoku`. It lists only the decided variables, so the number of variables must be written.
    fn write_notation(&self, out: &mut Vec<u8>) {
        self.write_header(Style::Frame, out);
    }
    /// The puzzle in words, for prompts of models that speak.
    fn instructions(&self) -> Instructions;
    /// Number of variables in a row, if the puzzle is a board.
    fn columns(&self) -> Option<usize> {
        None
    }
    /// Reads an answer: variables with their values. The default reads a board (`answer::board`) or names with values (`answer::list`).
    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        match self.columns() {
            Some(columns) => answer::board(network, columns, tokens),
            None => answer::list(network, tokens, |_| None),
        }
    }
    /// Writes the values of all variables in a form that [`Model::read_plain_answer`] reads.
    fn write_plain_answer(&self, network: &Network, values: &[u8], out: &mut Vec<u8>) {
        answer::write(network, self.columns(), values, out);
    }
    /// The value of a property for holding out puzzles ([`About::keys`]).
    fn hold_out_key(&self, _key: usize) -> u64 {
        0
    }
}

/// The generator of a kind, and its input from outside.
pub trait Kind: Model + Sized + Serialize + DeserializeOwned {
    /// How the kind is listed.
    const ABOUT: About;
    /// An example of a puzzle, for error messages.
    const EXAMPLE: &'static str;
    /// The settings of the kind. Every field has a default; unknown fields are refused.
    type Config: Default + DeserializeOwned + 'static;

    /// Converts the settings to the common type.
    fn settings(config: Self::Config) -> Settings;
    /// Converts settings back from the common type; none for another kind.
    fn config(settings: &Settings) -> Option<&Self::Config>;
    /// Ready settings, by [`LEVELS`](crate::LEVELS).
    fn levels() -> [Self::Config; 3];
    /// Refuses settings that are not allowed.
    fn check(config: &Self::Config) -> Result<(), ConfigError>;
    /// The puzzle that a prompt describes, as JSON; none if it describes none.
    fn read(told: &PromptParts<'_>) -> Option<serde_json::Value>;
    /// The puzzle that a layout of [`Model::instructions`] describes, as JSON; none if it describes none.
    fn read_layout(layout: &str) -> Option<serde_json::Value>;
    /// Draws a puzzle.
    fn generate(config: &Self::Config, draw: &mut Draw) -> Result<Self, Reject>;
    /// Whether the settings accept a puzzle of this solvability.
    fn accepts(_config: &Self::Config, solvable: bool) -> bool {
        solvable
    }
    /// Refuses an invalid puzzle from outside.
    fn validate(&self) -> Result<(), PuzzleError>;
}

/// Reads a puzzle of a kind.
pub(super) fn from_json<K: Kind>(value: &serde_json::Value) -> Result<K, PuzzleError> {
    let puzzle: K = json::read(value, K::EXAMPLE)?;
    puzzle.validate()?;
    Ok(puzzle)
}

/// Serialization that can be called without knowing the type.
pub trait WriteJson {
    /// Appends the puzzle as JSON, on one line, keys in a fixed order.
    fn write_json(&self, out: &mut Vec<u8>);
}

impl<T: Serialize> WriteJson for T {
    fn write_json(&self, out: &mut Vec<u8>) {
        json::write(self, out);
    }
}

/// The domains of a puzzle with some variables decided.
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

/// A random solution. Not all solutions are equally likely.
pub(super) fn random_solution(network: &Network, draw: &mut Draw) -> Result<Vec<u8>, Reject> {
    /// Number of guesses after which a draw is given up.
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

/// Opens variables of a solution in random order while the solution stays unique, until `wanted` are open. Returns the number of open variables.
pub(super) fn dig(network: &Network, values: &mut [u8], wanted: usize, draw: &mut Draw) -> usize {
    dig_while(values, wanted, draw, |values, variable, value| {
        let mut others = decided(network, values);
        let only = network.candidates(&others, variable) == 1 << value;
        others[variable] &= !(1 << value);
        only || Solver::new(network, 1, u64::MAX).run(&others, None).solutions == 0
    })
}

/// Like [`dig`]. `is_forced` decides whether a variable that was opened must have its value.
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
        // Any other solution has another value here.
        if is_forced(values, variable, value) {
            open += 1;
        } else {
            values[variable] = value;
        }
    }
    open
}
