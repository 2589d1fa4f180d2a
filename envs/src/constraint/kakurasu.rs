//! Kakurasu: some cells of a board are black. A black cell adds its column number to the sum of its row, and its row number to the sum of its column.
//!
//! A worked puzzle of 3 by 3 with row sums 3, 2, 1 and column sums 3, 2, 1: row 2 has only its second cell, row 3 only its first. Row 1 has the third cell, or
//! the first and second, but column 1 already has its sum from row 3: `[001/010/100]`.
//!
//! Source: Index Sums, Puzzle (Croco-puzzle). Boards are drawn until the solution is unique, if the settings require it. Values are 0 (white) and 1 (black).
//!
//! Identity: a puzzle stays the same if the board is mirrored on its diagonal.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::answer::{self, Assigned, named};
use super::model::{self, Kind, Model};
use super::network::Network;
use super::rule::{Relation, Rule};
use super::told::PromptParts;
use super::{Settings, names};
use crate::about::About;
use crate::answers::steps::is_between;
use crate::answers::{Read, Token, token};
use crate::draw::Draw;
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::{Instructions, line, listed};
use crate::prompt::numbers;
use crate::settings::within;
use crate::text::{Style, write_number_in};
use serde_json::{Value, json};

/// The words before the sums in prompts for models that speak.
pub(super) const ROWS: &str = "Row sums, from top to bottom: ";
pub(super) const COLUMNS: &str = "Column sums, from left to right: ";

/// Settings of Kakurasu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of rows and of columns: 3 to 8.
    pub size: u64,
    /// Percentage of black cells: 20 to 80.
    pub black_percent: u64,
    /// Whether the solution must be unique.
    pub unique: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config { size: 5, black_percent: 50, unique: true }
    }
}

/// A Kakurasu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kakurasu {
    /// The sums of the rows.
    rows: Vec<u64>,
    /// The sums of the columns.
    columns: Vec<u64>,
}

impl Model for Kakurasu {
    fn network(&self) -> Arc<Network> {
        let size = self.rows.len();
        let sum = |cells: Vec<usize>, total: u64| Rule::Linear {
            terms: cells.into_iter().zip(1..).map(|(cell, counts)| (cell as u8, counts)).collect(),
            offset: 0,
            relation: Relation::Equal,
            total: total as i64,
        };
        let row = |(row, &total): (usize, &u64)| sum((0..size).map(|column| row * size + column).collect(), total);
        let column = |(column, &total): (usize, &u64)| sum((0..size).map(|row| row * size + column).collect(), total);
        let rules = self.rows.iter().enumerate().map(row).chain(self.columns.iter().enumerate().map(column)).collect();
        let values = vec!["0".to_string(), "1".to_string()];
        Arc::new(Network::new(names::cells(size, size), values, rules))
    }

    fn canonical(&self) -> Box<dyn Model> {
        let (rows, columns) =
            (self.rows.clone().min(self.columns.clone()), self.rows.clone().max(self.columns.clone()));
        Box::new(Kakurasu { rows, columns })
    }

    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        let size = self.rows.len();
        match black_cells(network, size, tokens) {
            Some(black) => Ok((0..network.len() as u8).map(|cell| (cell, u8::from(black.contains(&cell)))).collect()),
            None => answer::board(network, size, tokens),
        }
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        if style == Style::Prose {
            out.extend_from_slice(
                b"Blacken cells, 1 for black and 0 for white, so that the columns of the black cells of each row, counted from 1, sum up to the number of the row, and the rows of those of each column to that of the column. Rows are given one after the other, with _ where a cell is open. The numbers of rows by those of columns are ",
            );
        }
        write_sums(&self.rows, &self.columns, style, out);
    }

    fn columns(&self) -> Option<usize> {
        Some(self.rows.len())
    }

    /// The size.
    fn hold_out_key(&self, _key: usize) -> u64 {
        self.rows.len() as u64
    }

    fn instructions(&self) -> Instructions {
        let size = self.rows.len();
        let rules = [
            format!(
                "On a board of {size} rows and {size} columns, decide which cells are black. A black cell counts the number of its column (1 for the leftmost one) towards the sum of its row, and the number of its row (1 for the top one) towards the sum of its column. All row sums and column sums must be as given. Any such board is right."
            ),
            format!(
                "Blacken cells of an empty square of {size} by {size} cells. Add up, for each row, the column numbers of its black cells, and for each column the row numbers of its black cells, where rows are numbered from the top and columns from the left, both from 1. The results must be the sums below. If several boards have these sums, any one will do."
            ),
            format!(
                "This is a Kakurasu of {size} rows and {size} columns. Black cells in a row are worth 1, 2, 3 and so on from left to right, and black cells in a column are worth 1, 2, 3 and so on from top to bottom. Choose the black cells so that each row and each column is worth its sum; white cells are worth nothing. Any solution counts."
            ),
        ];
        let layout = format!("{ROWS}{}\n{COLUMNS}{}", listed(&self.rows), listed(&self.columns));
        let example = listed((0..size).map(|at| at % 2)).replace(',', "");
        let form = format!(
            "Write the whole board, one row a line, with 1 for a black and 0 for a white cell and spaces between them; a line looks like this: {example}."
        );
        Instructions { rules, layout, form }
    }
}

/// Reads a list of the black cells: names, or pairs in brackets, which are (row, column), from 1 or from 0 where a 0 occurs. None where the text is no such list.
fn black_cells(network: &Network, size: usize, tokens: &[Token<'_>]) -> Option<Vec<u8>> {
    const BESIDE: [&str; 9] = ["black", "blacken", "blackened", "cell", "cells", "fill", "filled", "shade", "shaded"];
    let (mut names, mut pairs, mut open) = (Vec::new(), Vec::new(), None);
    for token in tokens {
        match (token.kind, &mut open) {
            // Of two rows, `[0, 1]` is one.
            (token::Kind::Sign('['), _) if size == 2 => return None,
            (token::Kind::Sign('(' | '['), None) => open = Some(Vec::new()),
            (token::Kind::Sign('(' | '['), Some(pair)) if pair.is_empty() => {}
            (token::Kind::Sign(')' | ']'), _) => match open.take().as_deref() {
                Some([row, column]) => pairs.push([*row, *column]),
                None => {}
                Some(_) => return None,
            },
            (token::Kind::Number, Some(pair)) => pair.push(token.number()?),
            (token::Kind::Word, None) if named(&network.variables, token.text).is_some() => {
                names.extend(named(&network.variables, token.text));
            }
            (token::Kind::Word, _) if token.says_one(&BESIDE) => {}
            _ if is_between(token) => {}
            _ => return None,
        }
    }
    if open.is_some() || names.is_empty() == pairs.is_empty() {
        return None;
    }
    let first = u64::from(!pairs.as_flattened().contains(&0));
    let place = |number: u64| usize::try_from(number.checked_sub(first)?).ok().filter(|&place| place < size);
    let cell = |[row, column]: [u64; 2]| u8::try_from(place(row)? * size + place(column)?).ok();
    names.extend(pairs.into_iter().map(cell).collect::<Option<Vec<u8>>>()?);
    Some(names)
}

/// Writes the sums of rows and columns.
pub(super) fn write_sums(rows: &[u64], columns: &[u64], style: Style, out: &mut Vec<u8>) {
    for (sums, between) in [(rows, ""), (columns, if style == Style::Prose { " by " } else { " | " })] {
        out.extend_from_slice(between.as_bytes());
        for (place, &sum) in sums.iter().enumerate() {
            if place > 0 {
                out.extend_from_slice(if style == Style::Prose { b", " } else { b" " });
            }
            write_number_in(style, sum, out);
        }
    }
}

impl Kind for Kakurasu {
    const ABOUT: About = About {
        name: "kakurasu",
        version: 3,
        help: "blacken cells so that each row counts its columns and each column its rows up to the sum; 3 by 3 to 8 by 8",
        answer_form: "the whole board, row by row",
        words: &names::CELLS,
        keys: &["size"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"rows":[3,2,1],"columns":[3,2,1]}"#;
    type Config = Config;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let [rows, columns] = read_sums(told)?;
        Some(json!({"rows": rows, "columns": columns}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        let list = |label: &str| numbers(Style::Frame, line(layout, label)?);
        Some(json!({"rows": list(ROWS)?, "columns": list(COLUMNS)?}))
    }

    fn settings(config: Config) -> Settings {
        Settings::Kakurasu(config)
    }

    fn config(settings: &Settings) -> Option<&Config> {
        if let Settings::Kakurasu(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [Config; 3] {
        let size = |size| Config { size, ..Config::default() };
        [size(4), size(5), size(6)]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        within("size", config.size, 3, 8)?;
        within("black_percent", config.black_percent, 20, 80)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let size = config.size as usize;
        let (mut rows, mut columns) = (vec![0u64; size], vec![0u64; size]);
        for (row, counted) in rows.iter_mut().zip(1..) {
            for (column, number) in columns.iter_mut().zip(1..) {
                if draw.chance(config.black_percent, 100) {
                    *row += number;
                    *column += counted;
                }
            }
        }
        let puzzle = Kakurasu { rows, columns };
        if config.unique && !model::is_unique(&puzzle.network(), &[]) { Err(Reject) } else { Ok(puzzle) }
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        let size = self.rows.len();
        if !(2..=9).contains(&size) {
            return Err(PuzzleError::new("rows", format!("{size} sums"), "2 to 9"));
        }
        if self.columns.len() != size {
            return Err(PuzzleError::new(
                "columns",
                format!("{} sums", self.columns.len()),
                format!("{size}, as many as rows"),
            ));
        }
        let wrong = self.rows.iter().chain(&self.columns).find(|sum| **sum > 1000);
        wrong.map_or(Ok(()), |sum| Err(PuzzleError::new("rows and columns", sum, "0 to 1000")))
    }
}

/// Reads the sums of rows and columns.
pub(super) fn read_sums(told: &PromptParts<'_>) -> Option<[Vec<u64>; 2]> {
    let (_, sums) = told.header.rsplit_once(" are ").unwrap_or(("", told.header));
    let (rows, columns) = sums.split_once(if told.style == Style::Prose { " by " } else { " | " })?;
    Some([numbers(told.style, rows)?, numbers(told.style, columns)?])
}
