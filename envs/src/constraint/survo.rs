//! Survo: a table contains the numbers from 1 on, each once. The sums of its rows and columns are given.
//!
//! A worked puzzle of 2 by 2, `[1 _ _ _]` with row sums 4 and 6 and column sums 3 and 7: `r1c2` is 3, `r2c1` is 2, and `r2c2` is 4.
//!
//! Source: Mustonen (2006), "On certain cross sum puzzles". Numbers are removed as long as the solution is unique.
//!
//! Identity: rows may be permuted, and columns, and the two exchanged. The puzzle's id covers the exchange, and the order of rows and of columns if no two have
//! the same sum.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::answer::{self, Assigned};
use super::board::Rows;
use super::kakurasu::{COLUMNS, ROWS, read_sums, write_sums};
use super::model::{self, Model};
use super::network::Network;
use super::rule::{Relation, Rule};
use super::told::PromptParts;
use super::{Settings, board, instruct, names};
use crate::about::About;
use crate::answers::{Kind, Read, Token};
use crate::draw::Draw;
use crate::environment::twin::Structure;
use crate::environment::twin::tags::{AXIS, GIVEN, IN, LINE};
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::{Instructions, line, listed};
use crate::prompt::numbers;
use crate::settings::{Amount, Range, amount_within, within};
use crate::text::Style;
use serde_json::{Value, json};

/// The line above the table in prompts for models that speak.
const TITLE: &str = "Table (_ is an open cell):";

/// Settings of Survo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of rows: 2 to 4.
    pub rows: u64,
    /// Number of columns: 2 to 5, with at most 16 cells.
    pub columns: u64,
    /// Number of open cells, up to all.
    pub blanks: Amount,
}

impl Default for Config {
    fn default() -> Self {
        Config { rows: 3, columns: 4, blanks: Amount::Between(Range { min: 5, max: 8 }) }
    }
}

/// A Survo puzzle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survo {
    /// Numbers row by row; 0 for an open cell.
    cells: Rows,
    /// The sums of the rows.
    rows: Vec<u64>,
    /// The sums of the columns.
    columns: Vec<u64>,
}

impl Survo {
    fn mirrored(&self) -> Survo {
        let column = |column: usize| self.cells.iter().map(|row| row[column]).collect();
        let cells = (0..self.columns.len()).map(column).collect();
        Survo { cells, rows: self.columns.clone(), columns: self.rows.clone() }
    }

    /// The tokens of a table without the sums in its margins; all tokens where they are not the right sums, or where lines are not rows.
    fn without_sums<'a>(&self, tokens: &[Token<'a>]) -> Vec<Token<'a>> {
        let lines: Vec<&[Token<'a>]> = tokens.split(|token| token.kind == Kind::Line).collect();
        let numbers = |line: &[Token<'a>]| line.iter().filter_map(Token::number).collect::<Vec<u64>>();
        let mut rows = lines.iter().filter(|line| !numbers(line).is_empty());
        let (mut rest, mut sums) = (Vec::new(), Vec::new());
        for sum in &self.rows {
            let Some(row) = rows.next() else { return tokens.to_vec() };
            let last = row.iter().rposition(|token| token.kind == Kind::Number).unwrap_or(0);
            if numbers(row).len() != self.columns.len() + 1 || row.get(last).and_then(Token::number) != Some(*sum) {
                return tokens.to_vec();
            }
            rest.extend(row.iter().enumerate().filter(|(place, _)| *place != last).map(|(_, token)| token.clone()));
        }
        for row in rows {
            sums.extend(numbers(row));
        }
        let all = self.rows.iter().sum::<u64>();
        if sums.is_empty() || sums == self.columns || sums.split_last() == Some((&all, self.columns.as_slice())) {
            rest
        } else {
            tokens.to_vec()
        }
    }

    /// The puzzle with rows sorted by their sums; rows with equal sums keep their order.
    fn sorted_rows(&self) -> Survo {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|&row| self.rows[row]);
        let cells = order.iter().map(|&row| self.cells[row].clone()).collect();
        Survo { cells, rows: order.iter().map(|&row| self.rows[row]).collect(), columns: self.columns.clone() }
    }
}

impl Model for Survo {
    fn network(&self) -> Arc<Network> {
        let (height, width) = (self.rows.len(), self.columns.len());
        let cells = height * width;
        let sum = |terms: Vec<(u8, i32)>, total: u64| Rule::Linear {
            terms,
            offset: 1,
            relation: Relation::Equal,
            total: total as i64,
        };
        let variables = (0..cells as u8).collect();
        let mut rules = vec![Rule::AllDifferent { variables, each: ((1u32 << cells) - 1) as u16 }];
        for (row, &total) in self.rows.iter().enumerate() {
            rules.push(sum((0..width).map(|column| ((row * width + column) as u8, 1)).collect(), total));
        }
        for (column, &total) in self.columns.iter().enumerate() {
            rules.push(sum((0..height).map(|row| ((row * width + column) as u8, 1)).collect(), total));
        }
        Arc::new(Network::new(names::cells(height, width), names::numbered("", cells), rules))
    }

    fn givens(&self) -> Vec<u8> {
        board::values(&self.cells)
    }

    fn canonical(&self) -> Box<dyn Model> {
        let sorted = |puzzle: &Survo| puzzle.sorted_rows().mirrored().sorted_rows().mirrored();
        let key =
            |puzzle: &Survo| (puzzle.rows.len(), puzzle.rows.clone(), puzzle.columns.clone(), puzzle.cells.clone());
        let (one, other) = (sorted(self), sorted(&self.mirrored()));
        Box::new(if key(&one) <= key(&other) { one } else { other })
    }

    /// Rows may be permuted, columns may be permuted, the two may be exchanged, and all numbers reversed.
    fn twin(&self) -> Option<Vec<u8>> {
        let (height, width) = (self.rows.len(), self.columns.len());
        let greatest = height as u64 * width as u64 + 1;
        let key = |turned: bool| {
            let mut structure = Structure::new();
            let lines = [(&self.rows, width as u64), (&self.columns, height as u64)].map(|(sums, cells)| {
                let axis = structure.node(AXIS);
                let line = |&sum: &u64| {
                    // the sum of a line of reversed numbers; an impossible sum becomes some other number
                    let sum = if turned { (cells * greatest).wrapping_sub(sum) } else { sum };
                    let line = structure.node(LINE.wrapping_add(sum));
                    structure.fact(IN, &[line, axis]);
                    line
                };
                sums.iter().map(line).collect::<Vec<_>>()
            });
            for (row, column, number) in board::given(&self.cells) {
                let number = number as u64 + 1;
                let given = structure.node(GIVEN + if turned { greatest - number } else { number });
                structure.fact(IN, &[given, lines[0][row]]);
                structure.fact(IN, &[given, lines[1][column]]);
            }
            structure.key()
        };
        Some(key(false).min(key(true)).to_vec())
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        if style == Style::Prose {
            let last = self.rows.len() * self.columns.len();
            let rules = format!(
                "Put each of the numbers 1 to {last} into a table once, so that rows and columns have their sums. Rows are given one after the other, with _ where a cell is open. The sums of rows by those of columns are "
            );
            out.extend_from_slice(rules.as_bytes());
        }
        write_sums(&self.rows, &self.columns, style, out);
    }

    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        answer::board(network, self.columns.len(), &self.without_sums(tokens))
    }

    fn write_plain_answer(&self, network: &Network, values: &[u8], out: &mut Vec<u8>) {
        answer::write(network, Some(self.columns.len()), values, out);
    }

    /// The number of cells, or of open cells.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { (self.rows.len() * self.columns.len()) as u64 } else { board::blanks(&self.cells) }
    }

    fn instructions(&self) -> Instructions {
        let (rows, columns) = (self.rows.len(), self.columns.len());
        let last = rows * columns;
        let rules = [
            format!(
                "Fill the open cells of the table, so that each of the numbers from 1 to {last} is in it exactly once and every row and every column has the given sum. The numbers that are in the table already stay where they are."
            ),
            format!(
                "Put the missing ones of the numbers 1 to {last} into this table of {rows} rows and {columns} columns, one into each open cell. No number may be used twice. In the end, the numbers of each row and of each column must add up to its sum below."
            ),
            format!(
                "This is a Survo puzzle: a table that contains all numbers from 1 to {last}, each once, with a fixed sum for every row and every column. Some numbers are given and cannot be moved; find the others."
            ),
        ];
        let layout = format!(
            "{}\n{ROWS}{}\n{COLUMNS}{}",
            instruct::board(TITLE, &self.cells),
            listed(&self.rows),
            listed(&self.columns)
        );
        Instructions { rules, layout, form: instruct::grid_form(rows, columns) }
    }
}

impl model::Kind for Survo {
    const ABOUT: About = About {
        name: "survo",
        version: 3,
        help: "put the numbers from 1 on into a table so that rows and columns have their sums; up to 4 by 4",
        answer_form: "the whole table, row by row",
        words: &names::CELLS,
        keys: &["cells", "blanks"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"cells":[[1,0],[0,0]],"rows":[4,6],"columns":[3,7]}"#;
    type Config = Config;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let [rows, columns] = read_sums(told)?;
        Some(json!({"cells": told.board(rows.len(), columns.len())?, "rows": rows, "columns": columns}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        let list = |label: &str| numbers(Style::Frame, line(layout, label)?);
        Some(
            json!({"cells": instruct::read_board(layout, TITLE, ROWS)?, "rows": list(ROWS)?, "columns": list(COLUMNS)?}),
        )
    }

    fn settings(config: Config) -> Settings {
        Settings::Survo(config)
    }

    fn config(settings: &Settings) -> Option<&Config> {
        if let Settings::Survo(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [Config; 3] {
        let level = |rows, columns, min, max| Config { rows, columns, blanks: Amount::Between(Range { min, max }) };
        [level(3, 3, 4, 6), Config::default(), level(4, 4, 7, 10)]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        within("rows", config.rows, 2, 4)?;
        within("columns", config.columns, 2, 5)?;
        within("rows times columns", config.rows * config.columns, 4, 16)?;
        amount_within("blanks", config.blanks, 1, config.rows * config.columns)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let (height, width) = (config.rows as usize, config.columns as usize);
        let mut values: Vec<u8> = (0..(height * width) as u8).collect();
        draw.shuffle(&mut values);
        let cells = board::rows(&values, width);
        let row = |row: &Vec<u8>| row.iter().map(|&number| u64::from(number)).sum();
        let column = |column: usize| cells.iter().map(|row| u64::from(row[column])).sum();
        let (rows, columns) = (cells.iter().map(row).collect(), (0..width).map(column).collect());
        let mut puzzle = Survo { cells, rows, columns };
        let wanted = config.blanks.draw(draw);
        if model::dig(&puzzle.network(), &mut values, wanted, draw) < wanted {
            return Err(Reject);
        }
        puzzle.cells = board::rows(&values, width);
        Ok(puzzle)
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        let (height, width) = (self.rows.len(), self.columns.len());
        if height < 2 || width < 2 || height > 9 || width > 9 || height * width > 16 {
            return Err(PuzzleError::new(
                "rows and columns",
                format!("{height} by {width} sums"),
                "2 by 2 up to 16 cells",
            ));
        }
        let wrong = self.rows.iter().chain(&self.columns).find(|sum| **sum > 1000);
        if let Some(sum) = wrong {
            return Err(PuzzleError::new("rows and columns", sum, "0 to 1000"));
        }
        let fits =
            |row: &Vec<u8>| row.len() == width && row.iter().all(|&number| usize::from(number) <= height * width);
        if self.cells.len() == height && self.cells.iter().all(fits) {
            return Ok(());
        }
        let allowed = format!("{height} rows of {width} numbers from 0 (open) to {}", height * width);
        Err(PuzzleError::new("cells", &self.cells, allowed))
    }
}
