//! Futoshiki: a Latin square with signs between some neighbours that tell which of the two is less.
//!
//! A worked puzzle of 3 by 3, `[___/___/___]` with `r1c1<r1c2 r1c2<r1c3 r1c1<r2c1 r2c1<r3c1`: row 1 and column 1 ascend, so `r1c1` is 1, and the rest follows:
//! `[123/231/312]`.
//!
//! Source: Tamaki Seto (2001). Signs are drawn first. Then digits are removed as long as the solution is unique.
//!
//! Identity: a puzzle stays the same if the board is turned or mirrored, or if all digits and signs are reversed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::answer::{self, Assigned};
use super::board::{self, Rows};
use super::model::{self, Kind, Model};
use super::network::Network;
use super::rule::Rule;
use super::told::PromptParts;
use super::{Settings, instruct, names};
use crate::about::About;
use crate::answers::{Read, Token, Unread, token};
use crate::draw::Draw;
use crate::environment::twin::Structure;
use crate::environment::twin::tags::{AXIS, GIVEN, IN, LESS, LINE};
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::{Instructions, items, line, listed};
use crate::prompt::numbers;
use crate::settings::{Amount, Range, amount_within, within};
use crate::text::{Style, write_number};
use serde_json::{Value, json};

/// Allowed numbers of rows and columns.
const SIZES: [usize; 7] = [3, 4, 5, 6, 7, 8, 9];

/// The lines above the board and before its signs in prompts for models that speak.
const TITLE: &str = "Board (_ is an open cell):";
const SIGNS: &str = "Signs: ";
const NO_SIGNS: &str = "none";

/// Settings of Futoshiki.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of rows and of columns: 3 to 9.
    pub size: u64,
    /// Number of signs, in percent of the pairs of neighbours: 5 to 100.
    pub signs_percent: u64,
    /// Number of open cells: up to three quarters of all.
    pub blanks: Amount,
}

impl Default for Config {
    fn default() -> Self {
        Config { size: 5, signs_percent: 30, blanks: Amount::Between(Range { min: 12, max: 18 }) }
    }
}

/// A Futoshiki.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Futoshiki {
    /// Digits row by row; 0 for an open cell.
    cells: Rows,
    /// Row and column of a cell and of its neighbour, counted from 1. The first cell has the lesser digit.
    less: Vec<[u8; 4]>,
}

fn network_of(size: usize, less: &[[u8; 4]]) -> Network {
    let cell = |row: u8, column: u8| (row - 1) * size as u8 + column - 1;
    let mut rules = board::lines(size);
    let sign = |&[a, b, c, d]: &[u8; 4]| Rule::pair([cell(a, b), cell(c, d)], |one, other| one < other);
    rules.extend(less.iter().map(sign));
    board::network(size, rules)
}

impl Futoshiki {
    /// The same puzzle turned and mirrored (bits 1 to 4) and with digits and signs reversed (bit 8). The signs are sorted.
    fn view(&self, how: u8) -> Futoshiki {
        let size = self.cells.len();
        let turn = |row: usize, column: usize| {
            let (row, column) = if how & 1 == 0 { (row, column) } else { (column, row) };
            let row = if how & 2 == 0 { row } else { size - 1 - row };
            (row, if how & 4 == 0 { column } else { size - 1 - column })
        };
        let mut cells = vec![vec![0; size]; size];
        for (row, digits) in self.cells.iter().enumerate() {
            for (column, &digit) in digits.iter().enumerate() {
                let (to_row, to_column) = turn(row, column);
                let round = how & 8 != 0 && digit != 0;
                cells[to_row][to_column] = if round { size as u8 + 1 - digit } else { digit };
            }
        }
        let sign = |&[a, b, c, d]: &[u8; 4]| {
            let place = |row: u8, column: u8| {
                let (row, column) = turn(usize::from(row) - 1, usize::from(column) - 1);
                [row as u8 + 1, column as u8 + 1]
            };
            let ([a, b], [c, d]) = (place(a, b), place(c, d));
            if how & 8 == 0 { [a, b, c, d] } else { [c, d, a, b] }
        };
        let mut less: Vec<[u8; 4]> = self.less.iter().map(sign).collect();
        less.sort_unstable();
        less.dedup();
        Futoshiki { cells, less }
    }
}

impl Model for Futoshiki {
    fn network(&self) -> Arc<Network> {
        Arc::new(network_of(self.cells.len(), &self.less))
    }

    fn givens(&self) -> Vec<u8> {
        board::values(&self.cells)
    }

    fn canonical(&self) -> Box<dyn Model> {
        let key = |puzzle: &Futoshiki| (puzzle.cells.clone(), puzzle.less.clone());
        let least = (1..16)
            .map(|how| self.view(how))
            .fold(self.view(0), |least, view| if key(&view) < key(&least) { view } else { least });
        Box::new(least)
    }

    /// Signs may stand between cells (`1 < 2`), and lines of `^` and `v` between rows. A sign beside the cells that it compares must be right.
    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        let mut cells = Vec::with_capacity(tokens.len());
        for (at, token) in tokens.iter().enumerate() {
            let digit = |place: Option<usize>, last: bool| {
                let text = tokens.get(place?).filter(|token| token.kind == token::Kind::Number)?.text;
                if last { text.chars().next_back() } else { text.chars().next() }
            };
            match (token.kind, digit(at.checked_sub(1), true), digit(Some(at + 1), false)) {
                (token::Kind::Sign('<'), Some(a), Some(b)) if a < b => {}
                (token::Kind::Sign('>'), Some(a), Some(b)) if a > b => {}
                (token::Kind::Sign(sign @ ('<' | '>')), Some(a), Some(b)) => {
                    return Err(Unread::wrong(&tokens[at - 1..at + 2], format!("{a} {sign} {b} is not right")));
                }
                (token::Kind::Sign('^' | '∧' | '∨'), ..) => {}
                (token::Kind::Word, ..) if token.says("v") => {}
                _ => cells.push(token.clone()),
            }
        }
        answer::board(network, self.cells.len(), &cells)
    }

    /// Rows and columns may be exchanged with their signs, the board mirrored on the diagonal, and all digits and signs reversed.
    fn twin(&self) -> Option<Vec<u8>> {
        let size = self.cells.len();
        let key = |turned: bool| {
            let mut structure = Structure::new();
            let lines = [(); 2].map(|()| {
                let (axis, lines) = (structure.node(AXIS), structure.nodes(size, LINE));
                lines.iter().for_each(|&line| structure.fact(IN, &[line, axis]));
                lines
            });
            let cells: Vec<Vec<u32>> = self
                .cells
                .iter()
                .map(|row| {
                    let colour = |&digit: &u8| match usize::from(digit) {
                        0 => 0,
                        digit => (if turned { size + 1 - digit } else { digit }) as u64,
                    };
                    row.iter().map(|digit| structure.node(GIVEN + colour(digit))).collect()
                })
                .collect();
            for (row, cells) in lines[0].iter().zip(&cells) {
                for (column, &cell) in lines[1].iter().zip(cells) {
                    structure.fact(IN, &[cell, *row]);
                    structure.fact(IN, &[cell, *column]);
                }
            }
            let mut less = self.less.clone();
            less.sort_unstable();
            less.dedup();
            for [a, b, c, d] in less.into_iter().map(|sign| sign.map(|line| usize::from(line) - 1)) {
                let (one, other) = (cells[a][b], cells[c][d]);
                structure.fact(LESS, &if turned { [other, one] } else { [one, other] });
            }
            structure.key()
        };
        Some(key(false).min(key(true)).to_vec())
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let less: &[u8] = if style == Style::Compact { b" < " } else { b"<" };
        if style == Style::Prose {
            let size = self.cells.len();
            let rules = format!(
                "Every row and every column is to have each of the digits 1 to {size} once. Rows are given one after the other, with _ where a cell is open; r1c2 is the cell in row 1 and column 2. Less than another are: "
            );
            out.extend_from_slice(rules.as_bytes());
        }
        for (place, &[a, b, c, d]) in self.less.iter().enumerate() {
            if place > 0 {
                out.extend_from_slice(if style == Style::Prose { b", " } else { b" " });
            }
            for (end, [row, column]) in [[a, b], [c, d]].into_iter().enumerate() {
                out.extend_from_slice(if end > 0 { less } else { b"" });
                out.push(b'r');
                write_number(row.into(), out);
                out.push(b'c');
                write_number(column.into(), out);
            }
        }
    }

    fn write_notation(&self, out: &mut Vec<u8>) {
        board::write_size(self.cells.len(), out);
        out.extend_from_slice(b": ");
        self.write_header(Style::Frame, out);
    }

    fn columns(&self) -> Option<usize> {
        Some(self.cells.len())
    }

    /// The size, or the number of signs.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.cells.len() as u64 } else { self.less.len() as u64 }
    }

    fn instructions(&self) -> Instructions {
        let size = self.cells.len();
        let sign = |[a, b, c, d]: &[u8; 4]| format!("r{a}c{b} < r{c}c{d}");
        let signs = if self.less.is_empty() { NO_SIGNS.into() } else { listed(self.less.iter().map(sign)) };
        let rules = [
            format!(
                "This is a Futoshiki. Put a number from 1 to {size} into every open cell, so that each row and each column contains every number from 1 to {size} exactly once and all signs hold. A sign says which of two neighbouring cells has the smaller number; r2c3 is the cell in row 2, counted from the top, and column 3, counted from the left. Given numbers stay."
            ),
            format!(
                "Fill a square of {size} rows and {size} columns with the numbers 1 to {size}. No number may be twice in a row or in a column. In addition, some cells must have a smaller number than a cell next to them: r1c1 < r1c2 means that the number in row 1, column 1 is smaller than the one in row 1, column 2. Rows are counted from the top, columns from the left. The numbers given cannot be changed."
            ),
            format!(
                "Complete the board. Every row and every column must hold all numbers from 1 to {size}, each once, and every listed sign must be true, where r and c give the row and the column of a cell, from 1 at the upper left, and < means less than. Cells with a number keep it."
            ),
        ];
        let layout = format!("{}\n{SIGNS}{signs}", instruct::board(TITLE, &self.cells));
        Instructions { rules, layout, form: instruct::grid_form(size, size) }
    }
}

impl Kind for Futoshiki {
    const ABOUT: About = About {
        name: "futoshiki",
        version: 3,
        help: "a Latin square with signs between neighbours that say which is less; 3 by 3 to 9 by 9, one solution",
        answer_form: "the whole board, row by row",
        words: &names::CELLS_AND_LESS,
        keys: &["size", "signs"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str =
        r#"{"cells":[[0,0,0],[0,0,0],[0,0,0]],"less":[[1,1,1,2],[1,2,1,3],[1,1,2,1],[2,1,3,1]]}"#;
    type Config = Config;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let size = board::read_size(told)?;
        let (_, signs) = told.cut(": ").unwrap_or(("", told.header));
        let signs = numbers(told.style, signs)?;
        let (less, rest) = signs.as_chunks::<4>();
        rest.is_empty().then_some(())?;
        Some(json!({"cells": told.board(size, size)?, "less": less}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        let sign = |sign: &str| numbers(Style::Frame, sign).filter(|places| places.len() == 4);
        let signs = items(line(layout, SIGNS)?).into_iter().filter(|sign| *sign != NO_SIGNS);
        let less = signs.map(sign).collect::<Option<Vec<_>>>()?;
        Some(json!({"cells": instruct::read_board(layout, TITLE, SIGNS)?, "less": less}))
    }

    fn settings(config: Config) -> Settings {
        Settings::Futoshiki(config)
    }

    fn config(settings: &Settings) -> Option<&Config> {
        if let Settings::Futoshiki(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [Config; 3] {
        let level = |size, min, max| Config { size, blanks: Amount::Between(Range { min, max }), ..Config::default() };
        [level(4, 6, 10), Config::default(), level(7, 24, 32)]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        within("size", config.size, 3, 9)?;
        within("signs_percent", config.signs_percent, 5, 100)?;
        amount_within("blanks", config.blanks, 1, config.size * config.size * 3 / 4)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let size = config.size as usize;
        let solution = model::random_solution(&board::network(size, board::lines(size)), draw)?;
        let place = |cell: usize| [(cell / size) as u8 + 1, (cell % size) as u8 + 1];
        let right = (0..size * size).filter(|cell| cell % size + 1 < size).map(|cell| [cell, cell + 1]);
        let below = (0..size * (size - 1)).map(|cell| [cell, cell + size]);
        let mut pairs: Vec<[usize; 2]> = right.chain(below).collect();
        draw.shuffle(&mut pairs);
        pairs.truncate((pairs.len() * config.signs_percent as usize).div_ceil(100));
        let sign = |[a, b]: [usize; 2]| {
            let ([a, b], [c, d]) = if solution[a] < solution[b] { (place(a), place(b)) } else { (place(b), place(a)) };
            [a, b, c, d]
        };
        let less: Vec<[u8; 4]> = pairs.into_iter().map(sign).collect();
        let wanted = config.blanks.draw(draw);
        let mut values = solution;
        let blanks = model::dig(&network_of(size, &less), &mut values, wanted, draw);
        if blanks < wanted { Err(Reject) } else { Ok(Futoshiki { cells: board::rows(&values, size), less }) }
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        board::validate(&self.cells, &SIZES)?;
        let size = self.cells.len() as u8;
        let inside = |&[a, b, c, d]: &[u8; 4]| {
            [a, b, c, d].iter().all(|place| (1..=size).contains(place)) && a.abs_diff(c) + b.abs_diff(d) == 1
        };
        let wrong = self.less.iter().find(|sign| !inside(sign)).map(|sign| format!("{sign:?}"));
        let many = (self.less.len() > 512).then(|| format!("{} of them", self.less.len()));
        let allowed = format!("up to 512, each row and column of a cell and of its neighbour, from 1 to {size}");
        wrong.or(many).map_or(Ok(()), |found| Err(PuzzleError::new("less", found, allowed)))
    }
}
