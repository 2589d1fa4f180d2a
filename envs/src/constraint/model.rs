//! What a kind of constraint puzzle is: a file each, and a line in the table of [`kinds`](super::kinds).

use std::fmt::Debug;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::Settings;
use super::network::{Domains, Network};
use crate::draw::Draw;
use crate::environment::{About, ConfigError, PuzzleError, Reject};
use crate::text::Style;

/// A puzzle of a kind.
pub trait Model: Debug + Send + Sync + 'static {
    /// Variables, values and rules.
    fn network(&self) -> Arc<Network>;
    /// What is decided at the start: the value of each variable, [`OPEN`](super::OPEN) for those that are not.
    fn givens(&self) -> Vec<u8>;
    /// The puzzle as JSON, on one line, keys in a fixed order.
    fn write_json(&self, out: &mut Vec<u8>);
    /// The same puzzle in the form in which puzzles that differ only in how they are shown are equal.
    fn canonical(&self) -> Box<dyn Model>;
    /// What must be told of the puzzle beside what is decided, on one line; nothing for most. In [`Style::Compact`] tokens between single spaces.
    fn write_header(&self, _style: Style, _out: &mut Vec<u8>) {}
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
pub trait Kind: Model + Sized {
    /// How it is listed.
    const ABOUT: About;
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
    /// Draws a puzzle.
    fn generate(config: &Self::Config, draw: &mut Draw) -> Result<Self, Reject>;
    /// Whether the settings accept a puzzle that is solvable or not.
    fn accepts(_config: &Self::Config, solvable: bool) -> bool {
        solvable
    }
    /// Reads a puzzle.
    fn from_json(value: &serde_json::Value) -> Result<Self, PuzzleError>;
}

/// The domains of a puzzle in which some variables are decided.
pub fn decided(network: &Network, values: &[u8]) -> Domains {
    let mut domains = [1u16; super::network::MAX_VARIABLES];
    for (variable, domain) in network.domains.iter().enumerate() {
        domains[variable] = match values.get(variable) {
            Some(&value) if value != super::OPEN => domain & 1u16.checked_shl(value.into()).unwrap_or(0),
            _ => *domain,
        };
    }
    domains
}
