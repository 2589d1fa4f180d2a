//! Sudoku: a board whose rows, columns and boxes contain every digit once.
//!
//! Boards of 4 by 4 (boxes of 2 by 2), 6 by 6 (boxes 2 high and 3 wide), 9 by 9 (3 by 3) and 16 by 16 (4 by 4, with the numbers 1 to 16). A worked puzzle of 4 by 4, `[1_3_/__12/2143/4_2_]`: column 1 lacks
//! only the 3, so `r2c1` is 3. Row 2 then lacks the 4, and so on: `[1234/3412/2143/4321]`.
//!
//! Source: Garns (1979), "Number Place"; Nikoli. Every puzzle has a unique solution. Digits are removed in random order; each removal is kept only if the
//! solution is proven to stay unique.
//!
//! A puzzle of 16 by 16 from outside can be too hard to prove. It is refused if the exact solver finds no solution, and no proof that there is none, within
//! [`MOST_PROOF_GUESSES`].
//!
//! Identity: a puzzle stays the same if digits are exchanged, or if a board with square boxes is mirrored on the diagonal. Twins may also have rows of a band,
//! bands, columns of a stack and stacks exchanged.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::bands::{self, Bands};
use super::board::{self, Rows};
use super::model::{self, Kind, Model};
use super::network::Network;
use super::rule::Rule;
use super::told::PromptParts;
use super::{Settings, Solver, instruct, names};
use crate::about::About;
use crate::draw::Draw;
use crate::environment::twin::Structure;
use crate::environment::twin::tags::{GIVEN, GROUP, IN, LESS, LINE};
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::{Instructions, block as block_of_lines};
use crate::settings::{Amount, Range, amount_within};
use crate::text::Style;
use serde_json::{Value, json};

/// Allowed numbers of rows and columns.
const SIZES: [usize; 4] = [4, 6, 9, LARGEST];
/// The largest boards. Not every puzzle of this size can be proven.
const LARGEST: usize = 16;
/// Most guesses of the exact solver on the largest boards.
pub const MOST_PROOF_GUESSES: u64 = 20_000;
/// The size of the boards of To Backtrack or Not. Its prompts do not state it.
const PAPERS_SIZE: usize = 9;
/// Greatest number of open cells in the settings, by size. More are rare or impossible.
const MOST_BLANKS: [u64; 4] = [11, 24, 56, 110];

/// The line above the board in prompts for models that speak.
const TITLE: &str = "Sudoku (_ is an open cell):";

/// Settings of sudoku.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of rows and of columns: 4, 6, 9 or 16.
    pub size: u64,
    /// Number of open cells: up to 11, 24, 56 and 110 by size. Ignored if the puzzle must be minimal.
    pub blanks: Amount,
    /// Whether the puzzle must be minimal: every further removal of a digit gives several solutions. Not on boards of 16 by 16.
    pub minimal: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config { size: 9, blanks: Amount::Between(Range { min: 30, max: 50 }), minimal: false }
    }
}

/// A sudoku.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sudoku {
    /// Digits row by row; 0 for an open cell.
    cells: Rows,
}

fn network_of(size: usize) -> Arc<Network> {
    static NETWORKS: [OnceLock<Arc<Network>>; SIZES.len()] = [const { OnceLock::new() }; SIZES.len()];
    let place = SIZES.iter().position(|&known| known == size).unwrap_or(0);
    NETWORKS[place].get_or_init(|| Arc::new(build(size))).clone()
}

/// Height and width of a box.
fn block(size: usize) -> (usize, usize) {
    match size {
        4 => (2, 2),
        6 => (2, 3),
        LARGEST => (4, 4),
        _ => (3, 3),
    }
}

fn build(size: usize) -> Network {
    let (height, width) = block(size);
    let each = ((1u32 << size) - 1) as u16;
    let mut rules = board::lines(size);
    for square in 0..size {
        let (top, left) = (square / (size / width) * height, square % (size / width) * width);
        let cell = |at: usize| ((top + at / width) * size + left + at % width) as u8;
        rules.push(Rule::AllDifferent { variables: (0..size).map(cell).collect(), each });
    }
    board::network(size, rules)
}

impl Model for Sudoku {
    fn network(&self) -> Arc<Network> {
        network_of(self.cells.len())
    }

    fn givens(&self) -> Vec<u8> {
        board::values(&self.cells)
    }

    fn canonical(&self) -> Box<dyn Model> {
        let (size, values) = (self.cells.len(), board::values(&self.cells));
        let mut least = board::renumbered(&values);
        if size != 6 {
            least = least.min(board::renumbered(&board::mirrored(&values, size)));
        }
        Box::new(Sudoku { cells: board::rows(&least, size) })
    }

    /// Digits, rows of a band, bands, columns of a stack and stacks may be permuted. With square boxes the board may also be mirrored on the diagonal.
    fn twin(&self) -> Option<Vec<u8>> {
        let size = self.cells.len();
        let (height, width) = block(size);
        let mut structure = Structure::new();
        let digits = structure.nodes(size, LESS);
        let lines = [height, width].map(|together| {
            // if boxes are not square, the two directions get different colours
            let (axis, group) = (structure.node(together as u64), structure.nodes(size / together, GROUP));
            let lines = structure.nodes(size, LINE);
            group.iter().for_each(|&group| structure.fact(IN, &[group, axis]));
            (0..size).for_each(|line| structure.fact(IN, &[lines[line], group[line / together]]));
            lines
        });
        for (row, column, digit) in board::given(&self.cells) {
            let given = structure.node(GIVEN);
            [lines[0][row], lines[1][column], digits[digit]].iter().for_each(|&of| structure.fact(IN, &[given, of]));
        }
        Some(structure.key().to_vec())
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        if style == Style::Prose {
            let size = self.cells.len();
            let (height, width) = block(size);
            let rules = format!(
                "Every row, every column and every box of {height} rows and {width} columns is to have each of the digits 1 to {size} once. Rows are given one after the other, with _ where a cell is open."
            );
            out.extend_from_slice(rules.as_bytes());
        }
    }

    fn instructions(&self) -> Instructions {
        let size = self.cells.len();
        let (height, width) = block(size);
        let mut layout = String::from(TITLE);
        for (at, row) in self.cells.iter().enumerate() {
            let boxes: Vec<String> = row.chunks(width).map(instruct::row).collect();
            let line = boxes.join(" | ");
            if at > 0 && at % height == 0 {
                layout.push('\n');
                layout.extend(line.chars().map(|sign| if sign == '|' { '+' } else { '-' }));
            }
            layout = layout + "\n" + &line;
        }
        let boxes = format!("{height} rows by {width} columns");
        let rules = [
            format!(
                "Fill in the sudoku. Each row, each column and each box of {boxes} must contain every number from 1 to {size} exactly once. The given numbers stay where they are."
            ),
            format!(
                "Solve this sudoku on a board of {size} rows and {size} columns: put a number from 1 to {size} into every open cell so that no number occurs twice in a row, in a column or in one of the marked boxes ({boxes} each)."
            ),
            format!(
                "Complete the grid below. In the end all numbers from 1 to {size} stand in every row, in every column and in every one of the boxes of {boxes} which the lines mark. Cells that hold a number already are fixed."
            ),
        ];
        Instructions { rules, layout, form: instruct::grid_form(size, size) }
    }

    /// Writes the size, unless it is that of the paper.
    fn write_notation(&self, out: &mut Vec<u8>) {
        if self.cells.len() != PAPERS_SIZE {
            board::write_size(self.cells.len(), out);
        }
    }

    fn columns(&self) -> Option<usize> {
        Some(self.cells.len())
    }

    /// The size, or the number of open cells.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.cells.len() as u64 } else { board::blanks(&self.cells) }
    }
}

impl Kind for Sudoku {
    const ABOUT: About = About {
        name: "sudoku",
        version: 3,
        help: "every digit once in each row, column and box; 4 by 4, 6 by 6, 9 by 9 and 16 by 16, one solution",
        answer_form: "the whole board, row by row",
        words: &names::CELLS_OF_16,
        keys: &["size", "blanks"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"cells":[[1,0,3,0],[0,0,1,2],[2,1,4,3],[4,0,2,0]]}"#;
    type Config = Config;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let size = board::read_size(told).unwrap_or(PAPERS_SIZE);
        Some(json!({"cells": told.board(size, size)?}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        let rows = block_of_lines(layout, TITLE, "")?.into_iter().filter(|line| !line.starts_with('-'));
        let cells = rows.map(|row| instruct::digits(&row.replace('|', " "))).collect::<Option<Vec<_>>>()?;
        Some(json!({"cells": cells}))
    }

    fn settings(config: Config) -> Settings {
        Settings::Sudoku(config)
    }

    fn config(settings: &Settings) -> Option<&Config> {
        if let Settings::Sudoku(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [Config; 3] {
        [
            Config { size: 4, blanks: Amount::Exactly(8), minimal: false },
            Config::default(),
            Config { minimal: true, ..Config::default() },
        ]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        let Some(place) = SIZES.iter().position(|&size| size as u64 == config.size) else {
            return Err(ConfigError::new("size", config.size, "4, 6, 9 or 16"));
        };
        if config.minimal && config.size == LARGEST as u64 {
            return Err(ConfigError::new(
                "minimal",
                true,
                "false on boards of 16 by 16, whose minimal puzzles are too hard to prove",
            ));
        }
        if config.minimal { Ok(()) } else { amount_within("blanks", config.blanks, 1, MOST_BLANKS[place]) }
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let size = config.size as usize;
        let network = network_of(size);
        let mut values = model::random_solution(&network, draw)?;
        let wanted = if config.minimal { usize::MAX } else { config.blanks.draw(draw) };
        let blanks = if size == bands::SIZE {
            model::dig_while(&mut values, wanted, draw, |values, cell, digit| {
                let mut others = Bands::new(values);
                others.exclude(cell, digit.into());
                !others.has_solution()
            })
        } else {
            model::dig(&network, &mut values, wanted, draw)
        };
        if config.minimal || blanks == wanted { Ok(Sudoku { cells: board::rows(&values, size) }) } else { Err(Reject) }
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        board::validate(&self.cells, &SIZES)?;
        let is_proven = |puzzle: &dyn Model| {
            let network = puzzle.network();
            Solver::new(&network, 1, MOST_PROOF_GUESSES).run(&model::decided(&network, &puzzle.givens()), None).finished
        };
        // Its facts are found on its canonical form, and those of its positions as they are.
        if self.cells.len() == LARGEST && !(is_proven(self) && is_proven(&*self.canonical())) {
            let (found, allowed) =
                ("a board too hard to prove", format!("at most {MOST_PROOF_GUESSES} guesses of the exact solver"));
            return Err(PuzzleError::new("cells", format_args!("{found}"), allowed));
        }
        Ok(())
    }
}
