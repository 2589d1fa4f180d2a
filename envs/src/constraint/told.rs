//! What a prompt tells of a constraint puzzle: its header, and what is decided at the start.

use crate::prompt::{Task, numbers};
use crate::text::Style;

/// What a prompt tells.
#[derive(Clone, Debug)]
pub struct PromptParts<'a> {
    /// The style of the header.
    pub style: Style,
    /// What the kind's `write_header` writes; in the notation of `sudoku`, its `write_notation`.
    pub header: &'a str,
    givens: Givens<'a>,
}

#[derive(Clone, Debug)]
enum Givens<'a> {
    /// The values of all variables, in their order.
    State(Vec<&'a str>),
    /// Row and column of what is decided, from 0, and the value. What is in no row is in row 0.
    Listed(Vec<(usize, usize, u64)>),
}

impl<'a> PromptParts<'a> {
    /// What header, start and target tell.
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

    /// What a prompt in the notation of `sudoku` tells: a header, a line for each variable that is decided, and a last word.
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

    /// How many variables there are; none where only those are listed that are decided.
    pub fn count(&self) -> Option<usize> {
        match &self.givens {
            Givens::State(values) => Some(values.len()),
            Givens::Listed(_) => None,
        }
    }

    /// Rows of a square board; none where that is not told, or it is no square.
    pub fn side(&self) -> Option<usize> {
        let count = self.count()?;
        let side = count.isqrt();
        (side * side == count).then_some(side)
    }

    /// The header cut in two, before and behind a sign. What stands behind may be nothing, and then so may the spaces at the end of the sign.
    pub fn cut(&self, sign: &str) -> Option<(&'a str, &'a str)> {
        self.header.split_once(sign).or_else(|| Some((self.header.strip_suffix(sign.trim_end())?, "")))
    }

    /// The numbers of a board of rows and columns, 0 where none is decided. More than a few hundred cells are no board.
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

/// Whether a line says what a variable is.
fn is_given(line: &str) -> bool {
    line.split_once(" = ").is_some_and(|(variable, value)| {
        !variable.contains(['+', ' ']) && value.bytes().all(|byte| byte.is_ascii_digit())
            || variable.starts_with('(') && variable.ends_with(')') && variable.len() < 12
    })
}
