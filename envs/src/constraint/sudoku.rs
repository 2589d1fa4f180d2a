//! Sudoku: a board whose rows, columns and boxes hold every digit once.
//!
//! Boards of 4 by 4 (boxes of 2 by 2), 6 by 6 (boxes 2 high and 3 wide) and 9 by 9 (3 by 3). A worked puzzle of 4 by 4,
//! `[1_3_/__12/2143/4_2_]`: column 1 lacks only the 3, so `r2c1` is 3; row 2 then lacks the 4, and so on to
//! `[1234/3412/2143/4321]`.
//!
//! Source: Garns (1979), "Number Place"; Nikoli. Every puzzle has one solution, which is proven for each digit that is taken away: digits go in
//! random order, as long as the others still leave one solution.
//!
//! Identity: digits may be exchanged, and square boards mirrored on the diagonal, without it being another puzzle. Rows, columns, bands and stacks are not
//! exchanged to find the same puzzle again, since that takes longer than solving it.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::model::{Kind, Model, decided};
use super::network::Network;
use super::rule::Rule;
use super::{OPEN, Settings, Solver, names};
use crate::draw::Draw;
use crate::environment::{About, ConfigError, PuzzleError, Reject};
use crate::settings::{Amount, Range, amount_within};

/// Settings of sudoku.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Rows and columns: 4, 6 or 9.
    pub size: u64,
    /// Cells that are open: up to 10, 22 and 56 by size. Not looked at where the puzzle is to be minimal.
    pub blanks: Amount,
    /// Whether no digit can be taken away without leaving several solutions.
    pub minimal: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config { size: 9, blanks: Amount::Between(Range { min: 30, max: 50 }), minimal: false }
    }
}

/// Most open cells that can be asked for: more are rare, or not possible at all.
fn most_blanks(size: u64) -> u64 {
    match size {
        4 => 11,
        6 => 24,
        _ => 56,
    }
}

/// A sudoku.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sudoku {
    size: usize,
    /// The digits less one, row by row; [`OPEN`] where there is none.
    cells: Vec<u8>,
}

/// Height and width of a box.
fn box_of(size: usize) -> (usize, usize) {
    match size {
        4 => (2, 2),
        6 => (2, 3),
        _ => (3, 3),
    }
}

fn network_of(size: usize) -> Arc<Network> {
    static NETWORKS: [OnceLock<Arc<Network>>; 3] = [const { OnceLock::new() }; 3];
    let place = match size {
        4 => 0,
        6 => 1,
        _ => 2,
    };
    NETWORKS[place].get_or_init(|| Arc::new(build(size))).clone()
}

fn build(size: usize) -> Network {
    let (height, width) = box_of(size);
    let cell = |row: usize, column: usize| (row * size + column) as u8;
    let each = ((1u32 << size) - 1) as u16;
    let mut rules = Vec::new();
    for unit in 0..size {
        let (top, left) = (unit / (size / width) * height, unit % (size / width) * width);
        let row = (0..size).map(|at| cell(unit, at)).collect();
        let column = (0..size).map(|at| cell(at, unit)).collect();
        let square = (0..size).map(|at| cell(top + at / width, left + at % width)).collect();
        rules.extend([row, column, square].map(|variables| Rule::AllDifferent { variables, each }));
    }
    let values = (1..=size).map(|digit| digit.to_string()).collect();
    Network::new(names::cells(size, size), values, rules)
}

impl Model for Sudoku {
    fn network(&self) -> Arc<Network> {
        network_of(self.size)
    }

    fn givens(&self) -> Vec<u8> {
        self.cells.clone()
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"cells\":[");
        for (place, &digit) in self.cells.iter().enumerate() {
            if place % self.size == 0 {
                out.extend_from_slice(if place == 0 { b"[" } else { b"],[" });
            } else {
                out.push(b',');
            }
            out.push(if digit == OPEN { b'0' } else { b'1' + digit });
        }
        out.extend_from_slice(b"]]}");
    }

    fn canonical(&self) -> Box<dyn Model> {
        let plain = numbered(&self.cells);
        if self.size == 6 {
            return Box::new(Sudoku { size: self.size, cells: plain });
        }
        let mirror = |place: usize| self.cells[place % self.size * self.size + place / self.size];
        let mirrored = numbered(&(0..self.cells.len()).map(mirror).collect::<Vec<u8>>());
        Box::new(Sudoku { size: self.size, cells: plain.min(mirrored) })
    }

    fn columns(&self) -> Option<usize> {
        Some(self.size)
    }

    /// The size, or the number of open cells.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.size as u64 } else { self.cells.iter().filter(|&&digit| digit == OPEN).count() as u64 }
    }
}

/// The same cells with digits numbered in the order in which they occur.
fn numbered(cells: &[u8]) -> Vec<u8> {
    let mut numbers = [OPEN; 9];
    let mut next = 0;
    let number = |&digit: &u8| {
        let Some(number) = numbers.get_mut(usize::from(digit)) else { return OPEN };
        if *number == OPEN {
            *number = next;
            next += 1;
        }
        *number
    };
    cells.iter().map(number).collect()
}

impl Kind for Sudoku {
    const ABOUT: About = About {
        name: "sudoku",
        version: 1,
        help: "every digit once in each row, column and box; 4 by 4, 6 by 6 and 9 by 9, one solution",
        words: &names::CELLS,
        keys: &["size", "blanks"],
    };
    type Config = Config;

    fn settings(config: Config) -> Settings {
        Settings::Sudoku(config)
    }

    fn config(settings: &Settings) -> Option<&Config> {
        let Settings::Sudoku(config) = settings;
        Some(config)
    }

    fn levels() -> [Config; 3] {
        [
            Config { size: 4, blanks: Amount::Exactly(8), minimal: false },
            Config::default(),
            Config { minimal: true, ..Config::default() },
        ]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        if ![4, 6, 9].contains(&config.size) {
            return Err(ConfigError::new("size", config.size, "4, 6 or 9"));
        }
        if config.minimal { Ok(()) } else { amount_within("blanks", config.blanks, 1, most_blanks(config.size)) }
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let size = config.size as usize;
        let network = network_of(size);
        let mut solver = Solver::new(&network, 1, u64::MAX).at_random(draw);
        solver.run(&decided(&network, &[]), None);
        let solution = solver.first.ok_or(Reject)?;
        let mut cells: Vec<u8> = solution[..size * size].iter().map(|digit| digit.trailing_zeros() as u8).collect();
        let wanted = if config.minimal { usize::MAX } else { config.blanks.draw(draw) };
        let mut order: Vec<usize> = (0..cells.len()).collect();
        draw.shuffle(&mut order);
        let mut blanks = 0;
        for cell in order {
            if blanks == wanted {
                break;
            }
            let digit = std::mem::replace(&mut cells[cell], OPEN);
            // Another solution has another digit here.
            let mut others = decided(&network, &cells);
            others[cell] &= !(1 << digit);
            if Solver::new(&network, 1, u64::MAX).run(&others, None).solutions == 0 {
                blanks += 1;
            } else {
                cells[cell] = digit;
            }
        }
        if !config.minimal && blanks < wanted { Err(Reject) } else { Ok(Sudoku { size, cells }) }
    }

    fn from_json(value: &Value) -> Result<Self, PuzzleError> {
        let wrong = |what: &str| {
            PuzzleError(format!(
                "found {what}; send {{\"cells\": [[…], …]}} of 4, 6 or 9 rows with as many digits, 0 where a cell is open"
            ))
        };
        let fields = value.as_object().ok_or_else(|| wrong("no object"))?;
        if let Some(field) = fields.keys().find(|&field| field != "cells") {
            return Err(wrong(&format!("the field \"{field}\"")));
        }
        let rows = fields.get("cells").and_then(Value::as_array).ok_or_else(|| wrong("no list \"cells\""))?;
        let size = rows.len();
        if ![4, 6, 9].contains(&size) {
            return Err(wrong(&format!("{size} rows")));
        }
        let mut cells = Vec::with_capacity(size * size);
        for row in rows {
            let row = row.as_array().filter(|row| row.len() == size).ok_or_else(|| wrong("a row of another length"))?;
            for cell in row {
                let digit = cell.as_u64().filter(|&digit| digit <= size as u64);
                let digit = digit.ok_or_else(|| wrong(&format!("the cell {cell}")))?;
                cells.push((digit as u8).wrapping_sub(1));
            }
        }
        Ok(Sudoku { size, cells })
    }
}
