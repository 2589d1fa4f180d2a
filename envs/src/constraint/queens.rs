//! N queens completion: some queens are on a board. The others must be placed so that no two share a row, column or diagonal.
//!
//! A worked puzzle of 4 by 4 with a queen in row 1, column 2: `[2 _ _ _]`. Row 2 leaves only column 4, row 3 column 1, row 4 column 3.
//!
//! Source: Bezzel (1848); Gent, Jefferson and Nightingale (2017), "Complexity of n-queens completion": NP-complete.
//!
//! Variables are the rows, `q1` to `qn`. A value is the queen's column. Identity: a puzzle stays the same if the board is turned or mirrored.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::answer::{self, Assigned};
use super::board;
use super::model::{self, Model};
use super::network::Network;
use super::rule::Rule;
use super::told::PromptParts;
use super::{OPEN, Settings, names};
use crate::about::About;
use crate::answers::steps::{cells, is_between};
use crate::answers::{Kind, Problem, Read, Token, Unread, span};
use crate::draw::Draw;
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::{Instructions, block as lines_below};
use crate::settings::{Amount, Range, Solvable, amount_within};
use crate::text::Style;
use serde_json::{Value, json};

/// The line above the board in prompts for models that speak.
const TITLE: &str = "Board (Q is a queen, . is a free square):";

/// Settings of n queens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of rows and of columns: 4 to 16.
    pub size: Amount,
    /// Number of queens to place: at most the number of rows.
    pub missing: Amount,
    /// Whether the solution must be unique.
    pub unique: bool,
    /// Whether a solution is required: `yes`, `no` or `any`. Without `yes` the given queens are placed at random, no two of them attacking.
    pub solvable: Solvable,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            size: Amount::Exactly(8),
            missing: Amount::Between(Range { min: 4, max: 7 }),
            unique: false,
            solvable: Solvable::Yes,
        }
    }
}

/// A board with some queens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queens {
    /// The column of each row's queen, counted from 1; 0 if the row has none.
    columns: Vec<u8>,
}

fn network_of(size: usize) -> Arc<Network> {
    static NETWORKS: [OnceLock<Arc<Network>>; 17] = [const { OnceLock::new() }; 17];
    NETWORKS[size.min(16)].get_or_init(|| Arc::new(build(size))).clone()
}

fn build(size: usize) -> Network {
    let variables = (0..size as u8).collect();
    let mut rules = vec![Rule::AllDifferent { variables, each: ((1u32 << size) - 1) as u16 }];
    for a in 0..size {
        for b in a + 1..size {
            rules.push(Rule::pair([a as u8, b as u8], |one, other| one.abs_diff(other) != b - a));
        }
    }
    let names = |prefix: &str| names::numbered(prefix, size);
    Network::new(names("q"), names(""), rules)
}

impl Queens {
    /// The queens as rows and columns, counted from 0.
    fn places(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let set = self.columns.iter().enumerate().filter(|(_, column)| **column > 0);
        set.map(|(row, &column)| (row, usize::from(column) - 1))
    }
}

impl Model for Queens {
    fn network(&self) -> Arc<Network> {
        network_of(self.columns.len())
    }

    fn givens(&self) -> Vec<u8> {
        self.columns.iter().map(|&column| column.wrapping_sub(1)).collect()
    }

    fn canonical(&self) -> Box<dyn Model> {
        let last = self.columns.len() - 1;
        let view = |turned: u8| {
            let mut columns = vec![0; self.columns.len()];
            for (row, column) in self.places() {
                let (row, column) = if turned & 1 == 0 { (row, column) } else { (column, row) };
                let row = if turned & 2 == 0 { row } else { last - row };
                let column = if turned & 4 == 0 { column } else { last - column };
                // In a board from outside, two attacking queens can need the same row of a view. Then this view does not exist.
                if columns[row] != 0 {
                    return None;
                }
                columns[row] = column as u8 + 1;
            }
            Some(columns)
        };
        let views = (0..8).map(view).collect::<Option<Vec<_>>>();
        let least = views.and_then(|views| views.into_iter().min());
        Box::new(Queens { columns: least.unwrap_or_else(|| self.columns.clone()) })
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        if style == Style::Prose {
            let size = self.columns.len();
            let rules = format!(
                "Put a queen in each of {size} rows, q1 to q{size}, so that none attacks another: all columns differ, and no two are on a diagonal. A row's column is given from 1 on, with _ where it is open."
            );
            out.extend_from_slice(rules.as_bytes());
        }
    }

    fn write_notation(&self, out: &mut Vec<u8>) {
        board::write_size(self.columns.len(), out);
    }

    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        read_answer(network, tokens)
    }

    /// The size, or the number of missing queens.
    fn hold_out_key(&self, key: usize) -> u64 {
        let size = self.columns.len();
        if key == 0 { size as u64 } else { (size - self.places().count()) as u64 }
    }

    fn instructions(&self) -> Instructions {
        let size = self.columns.len();
        let square = |of: u8, at: usize| if usize::from(of) == at { "Q" } else { "." };
        let row = |&of: &u8| (1..=size).map(|at| square(of, at)).collect::<Vec<_>>().join(" ");
        let rows: Vec<String> = self.columns.iter().map(row).collect();
        let rules = [
            format!(
                "Put queens on the board, so that there is exactly one in each of the {size} rows and no two attack each other: no two queens may stand in the same row, in the same column or on the same diagonal. The queens that are on the board already stay where they are."
            ),
            format!(
                "Some queens stand on a chess board of {size} by {size} squares. Add queens until there are {size} of them, one in each row, such that no queen can capture another one, that is, no row, no column and no diagonal (in either direction, of any length) has two queens. The given queens must not be moved."
            ),
            format!(
                "Complete this board to a solution of the {size} queens puzzle: {size} queens, none of which threatens another along a row, a column or a diagonal. Keep the queens that are given. If there are several solutions, any one is right."
            ),
        ];
        let form = "Write for each row, from the top, the column of its queen, counted from 1 at the left, separated by commas. For a board of three rows it would look like this: 1, 3, 2.";
        Instructions { rules, layout: format!("{TITLE}\n{}", rows.join("\n")), form: form.into() }
    }
}

/// Reads a board of `Q` and `.`, rows and columns as `(1, 2)`, the columns of the rows in a list, or `q1 = 2`. Rows and columns count from 1, or from 0 where a 0
/// stands among them.
fn read_answer(network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
    let size = network.len();
    let malformed = || Unread { problem: Problem::Malformed, span: span(tokens) };
    if tokens.iter().any(|token| answer::named(&network.variables, token.text).is_some()) {
        return answer::list(network, tokens, |_| None);
    }
    let is_row = |token: &Token<'_>| {
        token.kind == Kind::Word && token.text.bytes().all(|byte| matches!(byte, b'Q' | b'q' | b'_'))
    };
    if tokens.iter().any(is_row) {
        let is_open =
            |token: &Token<'_>| token.is('.') || token.is('-') || token.is('*') || token.text == "0" || token.is('□');
        let mut cells = Vec::new();
        for token in tokens {
            match token.kind {
                _ if is_row(token) => cells.extend(token.text.bytes().map(|byte| byte != b'_')),
                _ if is_open(token) => cells.push(false),
                Kind::Line | Kind::Sign('|' | '[' | ']' | ',' | '"' | '\'' | '+' | '─') => {}
                _ => return Err(Unread::at(token)),
            }
        }
        let queens = |row: &[bool]| {
            row.iter().enumerate().filter(|(_, queen)| **queen).map(|(column, _)| column as u8).collect::<Vec<_>>()
        };
        if cells.len() != size * size {
            return Err(malformed());
        }
        let rows = cells.chunks(size).enumerate();
        return Ok(rows
            .flat_map(|(row, cells)| queens(cells).into_iter().map(move |column| (row as u8, column)))
            .collect());
    }
    let numbers = |numbers: Vec<u64>| {
        let least = u64::from(!numbers.contains(&0));
        let place =
            |number: u64| number.checked_sub(least).filter(|&place| place < size as u64).map(|place| place as u8);
        numbers.into_iter().map(place).collect::<Option<Vec<u8>>>().ok_or_else(malformed)
    };
    let in_pairs =
        tokens.iter().any(|token| token.is('(')) || tokens.windows(2).any(|pair| pair[0].is('[') && pair[1].is('['));
    if in_pairs {
        let pairs = cells(tokens).ok_or_else(malformed)?;
        let places = numbers(pairs.into_iter().flatten().collect())?;
        return Ok(places.as_chunks::<2>().0.iter().map(|&[row, column]| (row, column)).collect());
    }
    let mut columns = Vec::new();
    // The number behind `row`, whose column comes next.
    let (mut rows, mut is_label) = (Vec::new(), false);
    for token in tokens {
        match token.kind {
            Kind::Number => {
                let number = token.number().ok_or_else(|| Unread::at(token))?;
                if std::mem::take(&mut is_label) { rows.push(number) } else { columns.push(number) }
            }
            Kind::Word if token.says("row") => is_label = true,
            Kind::Word
                if token.says_one(&["column", "col", "columns", "queen", "queens", "in", "at", "a", "placed"]) => {}
            _ if is_between(token) || token.is('=') => {}
            _ => return Err(Unread::at(token)),
        }
    }
    if columns.is_empty() {
        return Err(Unread::nothing());
    }
    let columns = numbers(columns)?;
    if rows.is_empty() && columns.len() == size {
        return Ok((0..).zip(columns).collect());
    }
    let rows = numbers(rows)?;
    if rows.len() == columns.len() { Ok(rows.into_iter().zip(columns).collect()) } else { Err(malformed()) }
}

impl model::Kind for Queens {
    const ABOUT: About = About {
        name: "n-queens",
        version: 3,
        help: "set the missing queens so that no two attack each other; 4 by 4 to 16 by 16",
        answer_form: "the column of the queen in each row, from 1 on, such as [2, 4, 1, 3]",
        words: &names::QUEENS,
        keys: &["size", "missing"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"columns":[2,0,0,0]}"#;
    type Config = Config;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let size = told.count().or_else(|| board::read_size(told))?;
        Some(json!({"columns": told.board(1, size)?.first()?}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        let rows = lines_below(layout, TITLE, "")?;
        let columns = rows.iter().map(|row| row.split(' ').position(|square| square == "Q").map_or(0, |at| at + 1));
        Some(json!({"columns": columns.collect::<Vec<usize>>()}))
    }

    fn settings(config: Config) -> Settings {
        Settings::Queens(config)
    }

    fn config(settings: &Settings) -> Option<&Config> {
        if let Settings::Queens(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [Config; 3] {
        let between = |min, max| Amount::Between(Range { min, max });
        [
            Config { size: between(8, 9), missing: between(3, 5), ..Config::default() },
            Config { size: between(10, 12), missing: between(4, 6), ..Config::default() },
            Config { size: between(14, 16), missing: between(7, 9), ..Config::default() },
        ]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        amount_within("size", config.size, 4, 16)?;
        amount_within("missing", config.missing, 1, config.size.min())?;
        if config.solvable == Solvable::No && config.missing.max() == config.size.max() {
            return Err(ConfigError::new(
                "missing",
                config.missing.max(),
                "less than size where there is to be no solution",
            ));
        }
        Ok(())
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let size = config.size.draw(draw);
        let network = network_of(size);
        let missing = config.missing.draw(draw);
        let mut rows: Vec<usize> = (0..size).collect();
        draw.shuffle(&mut rows);
        let standing = &rows[missing..];
        let mut columns = vec![OPEN; size];
        if config.solvable == Solvable::Yes {
            let solution = model::random_solution(&network, draw)?;
            standing.iter().for_each(|&row| columns[row] = solution[row]);
        } else {
            for &row in standing {
                let free = |&column: &usize| {
                    let attacks = |other: usize| {
                        let there = usize::from(columns[other]);
                        columns[other] != OPEN && (there == column || there.abs_diff(column) == other.abs_diff(row))
                    };
                    !(0..size).any(attacks)
                };
                let free: Vec<usize> = (0..size).filter(free).collect();
                columns[row] = *draw.choose(&free).ok_or(Reject)? as u8;
            }
        }
        if config.unique && !model::is_unique(&network, &columns) {
            return Err(Reject);
        }
        Ok(Queens { columns: columns.into_iter().map(|column| column.wrapping_add(1)).collect() })
    }

    fn accepts(config: &Config, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        let size = self.columns.len();
        if !(4..=16).contains(&size) {
            return Err(PuzzleError::new("columns", format!("{size} of them"), "4 to 16"));
        }
        let wrong = self.columns.iter().find(|&&column| usize::from(column) > size);
        wrong.map_or(Ok(()), |column| Err(PuzzleError::new("columns", column, format!("0 (none) to {size}"))))
    }
}
