//! Boards of digits, shared by sudoku, Latin squares and Futoshiki.

use super::OPEN;
use super::network::Network;
use super::rule::Rule;
use super::told::PromptParts;
use crate::environment::PuzzleError;
use crate::prompt::numbers;
use crate::text::Style;

/// Digits row by row; 0 for an open cell.
pub type Rows = Vec<Vec<u8>>;

/// The values of the cells: digits minus one, [`OPEN`] for open cells.
pub fn values(rows: &Rows) -> Vec<u8> {
    rows.iter().flatten().map(|&digit| digit.wrapping_sub(1)).collect()
}

/// The rows of a board with so many columns.
pub fn rows(values: &[u8], columns: usize) -> Rows {
    values.chunks(columns).map(|row| row.iter().map(|&value| value.wrapping_add(1)).collect()).collect()
}

/// Number of open cells.
pub fn blanks(rows: &Rows) -> u64 {
    rows.iter().flatten().filter(|&&digit| digit == 0).count() as u64
}

/// Row, column and value (digit minus one) of each given.
pub fn given(rows: &Rows) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
    let cells = rows
        .iter()
        .enumerate()
        .flat_map(|(row, cells)| cells.iter().enumerate().map(move |(at, &digit)| (row, at, digit)));
    cells.filter_map(|(row, column, digit)| Some((row, column, usize::from(digit.checked_sub(1)?))))
}

/// Refuses boards that are not square, have a size outside `sizes`, or digits above their size.
pub fn validate(rows: &Rows, sizes: &[usize]) -> Result<(), PuzzleError> {
    let size = rows.len();
    if !sizes.contains(&size) {
        let allowed = sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        return Err(PuzzleError::new("cells", format!("{size} rows"), format!("{allowed} rows")));
    }
    let wrong = rows.iter().find(|row| row.len() != size || row.iter().any(|&digit| usize::from(digit) > size));
    wrong.map_or(Ok(()), |row| Err(PuzzleError::new("cells", row, format!("{size} digits from 0 (open) to {size}"))))
}

/// The rules that each row and each column contains every digit once.
pub fn lines(size: usize) -> Vec<Rule> {
    let each = ((1u32 << size) - 1) as u16;
    let row = |row: usize| (0..size).map(|column| (row * size + column) as u8).collect();
    let column = |column: usize| (0..size).map(|row| (row * size + column) as u8).collect();
    let all = (0..size).map(row).chain((0..size).map(column));
    all.map(|variables| Rule::AllDifferent { variables, each }).collect()
}

/// The network of a board of this size with these rules.
pub fn network(size: usize, rules: Vec<Rule>) -> Network {
    let digits = (1..=size).map(|digit| digit.to_string()).collect();
    Network::new(super::names::cells(size, size), digits, rules)
}

/// The same cells with values renumbered in the order of their first occurrence.
pub fn renumbered(values: &[u8]) -> Vec<u8> {
    let mut numbers = [OPEN; 16];
    let mut next = 0;
    let number = |&value: &u8| {
        let Some(number) = numbers.get_mut(usize::from(value)) else { return OPEN };
        if *number == OPEN {
            *number = next;
            next += 1;
        }
        *number
    };
    values.iter().map(number).collect()
}

/// The board mirrored on its main diagonal.
pub fn mirrored(values: &[u8], size: usize) -> Vec<u8> {
    (0..values.len()).map(|place| values[place % size * size + place / size]).collect()
}

/// Writes the size of a board in the notation of the dialect `sudoku`.
pub fn write_size(size: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("size {size}").as_bytes());
}

/// The size of a board: the number of its rows, or the number that [`write_size`] wrote at the beginning of the header.
pub fn read_size(told: &PromptParts<'_>) -> Option<usize> {
    told.side().or_else(|| {
        let size = numbers(Style::Frame, told.header.strip_prefix("size ")?)?;
        usize::try_from(*size.first()?).ok()
    })
}
