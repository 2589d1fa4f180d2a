//! The rooms of mazes in which every other cell is a room.

use super::super::grid::Grid;

/// The rooms of a maze: the cells whose column and row are both even, or both odd. Their numbers leave space for places around the rooms, as
/// the indices of a [`Grid`] do for cells around the grid.
pub(super) struct Rooms {
    /// The step from a room to the one below it.
    pub(super) stride: usize,
    pub(super) cols: usize,
    /// How many numbers there are, including those of places around the rooms.
    pub(super) numbers: usize,
    /// The numbers of the rooms, row by row.
    pub(super) list: Vec<u32>,
    /// The cell of each room, by the room's number.
    pub(super) cells: Vec<u32>,
}

impl Rooms {
    /// The rooms at even (0) or odd (1) columns and rows.
    pub(super) fn new(grid: &Grid, offset: usize) -> Self {
        let [rows, cols] = [grid.rows, grid.cols].map(|length| (length + 1 - offset) / 2);
        let stride = cols + 1;
        let numbers = (rows + 2) * stride + 1;
        let mut list = Vec::with_capacity(rows * cols);
        let mut cells = vec![0; numbers];
        for y in 0..rows {
            for x in 0..cols {
                let number = (y + 1) * stride + x;
                list.push(number as u32);
                cells[number] = grid.cell(2 * x + offset, 2 * y + offset) as u32;
            }
        }
        Self { stride, cols, numbers, list, cells }
    }

    /// The rooms at even columns and rows, and those at odd ones.
    pub(super) fn both(grid: &Grid) -> [Self; 2] {
        [Self::new(grid, 0), Self::new(grid, 1)]
    }

    /// A list by number, with one value for rooms and another for places around them.
    pub(super) fn marks(&self, inside: u8, around: u8) -> Vec<u8> {
        let mut marks = vec![around; self.numbers];
        for &room in &self.list {
            marks[room as usize] = inside;
        }
        marks
    }
}
