//! The parts of a constraint puzzle in a prompt: its header, and the values at the start.

use crate::prompt::{Task, numbers};
use crate::text::Style;

/// The parts of a prompt.
#[derive(Clone, Debug)]
pub struct PromptParts<'a> {
    /// The style of the header.
    pub style: Style,
    /// The text of the kind's `write_header`; in the notation of `sudoku`, of its `write_notation`.
    pub header: &'a str,
    givens: Givens<'a>,
}

#[derive(Clone, Debug)]
enum Givens<'a> {
    /// The values of all variables, in their order.
    State(Vec<&'a str>),
    /// Row, column and value of each decided variable, counted from 0. Variables without a row are in row 0.
    Listed(Vec<(usize, usize, u64)>),
}

impl<'a> PromptParts<'a> {
    /// The parts of header and start.
    pub fn of_task(task: &Task<'a>) -> Self {
        let state = task.start.trim_start_matches('[').trim_end_matches(']');
        let values = if state.contains(' ') {
            state.split(' ').collect()
        } else {
            // a board of single characters, row by row
            state
                .char_indices()
                .filter(|(_, sign)| *sign != '/')
                .map(|(at, sign)| &state[at..at + sign.len_utf8()])
                .collect()
        };
        PromptParts { style: task.style, header: task.header, givens: Givens::State(values) }
    }

    /// The parts of a prompt in the notation of `sudoku`: a header, a line for each decided variable, and a last word.
    pub fn of_notation(text: &'a str) -> Option<Self> {
        let before = text.strip_suffix("solving")?;
        let mut lines = before.lines().peekable();
        let is_header = lines.peek().is_some_and(|line| !is_given(line));
        let header = if is_header { lines.next()? } else { "" };
        let given = |line: &str| {
            let (variable, value) = line.split_once(" = ")?;
            let places = numbers(Style::Frame, variable)?;
            let from = u64::from(!variable.starts_with('('));
            let index = |place: u64| usize::try_from(place.checked_sub(from)?).ok();
            let (row, column) = match places[..] {
                [column] => (0, index(column)?),
                [row, column] => (index(row)?, index(column)?),
                _ => return None,
            };
            Some((row, column, value.parse().ok()?))
        };
        let givens = lines.map(given).collect::<Option<Vec<_>>>()?;
        Some(PromptParts { style: Style::Frame, header, givens: Givens::Listed(givens) })
    }

    /// Number of variables; none if only the decided ones are listed.
    pub fn count(&self) -> Option<usize> {
        match &self.givens {
            Givens::State(values) => Some(values.len()),
            Givens::Listed(_) => None,
        }
    }

    /// Number of rows of a square board; none if it is not given or the board is not square.
    pub fn side(&self) -> Option<usize> {
        let count = self.count()?;
        let side = count.isqrt();
        (side * side == count).then_some(side)
    }

    /// The header split into the parts before and after a text. If the second part is empty, the spaces at the end of the text may be missing.
    pub fn cut(&self, sign: &str) -> Option<(&'a str, &'a str)> {
        self.header.split_once(sign).or_else(|| Some((self.header.strip_suffix(sign.trim_end())?, "")))
    }

    /// The numbers of a board, 0 for open cells. None for more than 400 cells.
    pub fn board(&self, rows: usize, columns: usize) -> Option<Vec<Vec<u64>>> {
        const MOST_CELLS: usize = 400;
        let cells = rows.checked_mul(columns).filter(|cells| (1..=MOST_CELLS).contains(cells))?;
        let mut board = vec![vec![0; columns]; rows];
        match &self.givens {
            Givens::State(values) if values.len() == cells => {
                for (place, value) in values.iter().enumerate() {
                    board[place / columns][place % columns] = if *value == "_" { 0 } else { value.parse().ok()? };
                }
            }
            Givens::State(_) => return None,
            Givens::Listed(givens) => {
                for &(row, column, value) in givens {
                    *board.get_mut(row)?.get_mut(column)? = value;
                }
            }
        }
        Some(board)
    }
}

/// Whether a line gives the value of a variable.
fn is_given(line: &str) -> bool {
    line.split_once(" = ").is_some_and(|(variable, value)| {
        !variable.contains(['+', ' ']) && value.bytes().all(|byte| byte.is_ascii_digit())
            || variable.starts_with('(') && variable.ends_with(')') && variable.len() < 12
    })
}
