//! Latin squares: every digit once in each row and column.
//!
//! A worked puzzle of 3 by 3, `[1__/_3_/___]`: row 2 has a 3 and column 1 has a 1, so `r2c1` is 2 and `r2c3` is 1. Column 1 then lacks the 3, and so on:
//! `[123/231/312]`.
//!
//! Source: Euler (1782). Digits are removed from a random solution. Completing a Latin square is NP-complete (Colbourn 1984).
//!
//! Identity: a puzzle stays the same if digits are exchanged, or if the square is mirrored on the diagonal.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::board::{self, Rows};
use super::model::{self, Kind, Model};
use super::network::Network;
use super::told::PromptParts;
use super::{OPEN, Settings, instruct, names};
use crate::about::About;
use crate::draw::Draw;
use crate::environment::twin::Structure;
use crate::environment::twin::tags::{AXIS, GIVEN, IN, LINE};
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::Instructions;
use crate::settings::{Amount, Range, amount_within, within};
use crate::text::Style;
use serde_json::{Value, json};

/// Allowed numbers of rows and columns.
const SIZES: [usize; 7] = [3, 4, 5, 6, 7, 8, 9];

/// The line above the board in prompts for models that speak.
const TITLE: &str = "Square (_ is an open cell):";

/// Settings of Latin squares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of rows and of columns: 3 to 9.
    pub size: u64,
    /// Number of open cells: up to two thirds of all, or all if the solution need not be unique.
    pub blanks: Amount,
    /// Whether the solution must be unique.
    pub unique: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config { size: 6, blanks: Amount::Between(Range { min: 14, max: 20 }), unique: true }
    }
}

/// A Latin square with open cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LatinSquare {
    /// Digits row by row; 0 for an open cell.
    cells: Rows,
}

fn network_of(size: usize) -> Arc<Network> {
    static NETWORKS: [OnceLock<Arc<Network>>; 10] = [const { OnceLock::new() }; 10];
    NETWORKS[size.min(9)].get_or_init(|| Arc::new(board::network(size, board::lines(size)))).clone()
}

impl Model for LatinSquare {
    fn network(&self) -> Arc<Network> {
        network_of(self.cells.len())
    }

    fn givens(&self) -> Vec<u8> {
        board::values(&self.cells)
    }

    fn canonical(&self) -> Box<dyn Model> {
        let (size, values) = (self.cells.len(), board::values(&self.cells));
        let mirrored = board::renumbered(&board::mirrored(&values, size));
        Box::new(LatinSquare { cells: board::rows(&board::renumbered(&values).min(mirrored), size) })
    }

    /// Rows, columns and digits may each be permuted, and the three exchanged with each other: a square is a set of triples in which any two entries determine
    /// the third.
    fn twin(&self) -> Option<Vec<u8>> {
        let size = self.cells.len();
        let mut structure = Structure::new();
        let [rows, columns, digits] = [(); 3].map(|()| {
            let (axis, lines) = (structure.node(AXIS), structure.nodes(size, LINE));
            lines.iter().for_each(|&line| structure.fact(IN, &[line, axis]));
            lines
        });
        for (row, column, digit) in board::given(&self.cells) {
            let given = structure.node(GIVEN);
            [rows[row], columns[column], digits[digit]].iter().for_each(|&of| structure.fact(IN, &[given, of]));
        }
        Some(structure.key().to_vec())
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        if style == Style::Prose {
            let size = self.cells.len();
            let rules = format!(
                "Every row and every column is to have each of the digits 1 to {size} once. Rows are given one after the other, with _ where a cell is open."
            );
            out.extend_from_slice(rules.as_bytes());
        }
    }

    fn write_notation(&self, out: &mut Vec<u8>) {
        board::write_size(self.cells.len(), out);
    }

    fn columns(&self) -> Option<usize> {
        Some(self.cells.len())
    }

    /// The size, or the number of open cells.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.cells.len() as u64 } else { board::blanks(&self.cells) }
    }

    fn instructions(&self) -> Instructions {
        let size = self.cells.len();
        let rules = [
            format!(
                "Complete the Latin square: put a number from 1 to {size} into every open cell, so that each row and each column contains every number from 1 to {size} exactly once. The given numbers stay where they are."
            ),
            format!(
                "Fill the open cells of a square of {size} rows and {size} columns with the numbers 1 to {size}. In the end no number may occur twice in a row or twice in a column. Numbers that are there already cannot be changed."
            ),
            format!(
                "Each row and each column of this square must hold all numbers from 1 to {size}, each once. Some cells are given; find the numbers in all others. If there are several ways to do it, any one is right."
            ),
        ];
        Instructions { rules, layout: instruct::board(TITLE, &self.cells), form: instruct::grid_form(size, size) }
    }
}

impl Kind for LatinSquare {
    const ABOUT: About = About {
        name: "latin-square",
        version: 3,
        help: "every digit once in each row and column; 3 by 3 to 9 by 9",
        answer_form: "the whole board, row by row",
        words: &names::CELLS,
        keys: &["size", "blanks"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"cells":[[1,0,0],[0,3,0],[0,0,0]]}"#;
    type Config = Config;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let size = board::read_size(told)?;
        Some(json!({"cells": told.board(size, size)?}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        Some(json!({"cells": instruct::read_board(layout, TITLE, "")?}))
    }

    fn settings(config: Config) -> Settings {
        Settings::LatinSquare(config)
    }

    fn config(settings: &Settings) -> Option<&Config> {
        if let Settings::LatinSquare(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [Config; 3] {
        let level = |size, min, max| Config { size, blanks: Amount::Between(Range { min, max }), unique: true };
        [level(5, 8, 13), Config::default(), level(8, 30, 40)]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        within("size", config.size, 3, 9)?;
        let cells = config.size * config.size;
        amount_within("blanks", config.blanks, 1, if config.unique { cells * 2 / 3 } else { cells })
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let size = config.size as usize;
        let network = network_of(size);
        let mut values = model::random_solution(&network, draw)?;
        let wanted = config.blanks.draw(draw);
        if config.unique {
            if model::dig(&network, &mut values, wanted, draw) < wanted {
                return Err(Reject);
            }
        } else {
            let mut order: Vec<usize> = (0..values.len()).collect();
            draw.shuffle(&mut order);
            order.into_iter().take(wanted).for_each(|cell| values[cell] = OPEN);
        }
        Ok(LatinSquare { cells: board::rows(&values, size) })
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        board::validate(&self.cells, &SIZES)
    }
}
