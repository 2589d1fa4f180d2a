//! Heuristics of large boards: those of small ones ([`super::heuristics`]) for any number of boxes and docks.

use super::board::{Extent, coordinates};
use super::large::LargeSokoban;
use crate::environment::Cost;

/// The data of a heuristic.
pub enum Bounds {
    /// Number of pushes from each cell to each dock, cell by cell; [`NO_WAY`] if there is no way.
    Matching { docks: usize, pushes: Vec<u32> },
    /// Number of cells to the nearest dock from each cell, ignoring walls.
    Manhattan(Vec<u32>),
}

/// The pushes where there is no way: more than any sum of those where there is one.
const NO_WAY: u32 = 1 << 20;

impl Bounds {
    /// Prepares a heuristic by its index.
    pub fn new(level: &LargeSokoban, heuristic: usize) -> Self {
        let cells = 0..<u16 as Extent>::CELLS as u16;
        if heuristic != 0 {
            let apart =
                |(ax, ay): (u8, u8), (bx, by): (u8, u8)| u32::from(ax.abs_diff(bx)) + u32::from(ay.abs_diff(by));
            let to_docks =
                |cell: u16| level.docks().iter().map(move |&dock| apart(coordinates(cell), coordinates(dock)));
            return Bounds::Manhattan(cells.map(|cell| to_docks(cell).min().unwrap_or(0)).collect());
        }
        let docks = level.docks().len();
        let mut pushes = vec![NO_WAY; cells.len() * docks];
        let mut map = level.map().clone();
        for (which, &dock) in level.docks().iter().enumerate() {
            map.pull_distances(dock, |_, cell, distance| pushes[usize::from(cell) * docks + which] = distance.into());
        }
        Bounds::Matching { docks, pushes }
    }

    /// The estimate for the boxes of a position.
    pub fn estimate(&self, boxes: &[u16]) -> Cost {
        match self {
            Bounds::Matching { docks, pushes } => {
                let row = |at: u16| &pushes[usize::from(at) * docks..][..*docks];
                cheapest(*docks, &boxes.iter().map(|&at| row(at)).collect::<Vec<_>>())
            }
            Bounds::Manhattan(nearest) => boxes.iter().map(|&at| Cost::from(nearest[usize::from(at)])).sum(),
        }
    }
}

/// The least sum over all assignments of rows to different columns, of which there are at least as many: the Hungarian method (Kuhn 1955), by shortest
/// augmenting paths with potentials (Edmonds and Karp 1972).
pub(super) fn cheapest(columns: usize, rows: &[&[u32]]) -> Cost {
    // Column 0 stands for the row that is added.
    let mut row_of: Vec<Option<usize>> = vec![None; columns + 1];
    let mut of_rows = vec![0i64; rows.len()];
    let mut of_columns = vec![0i64; columns + 1];
    for added in 0..rows.len() {
        row_of[0] = Some(added);
        let (mut slack, mut from) = (vec![i64::MAX; columns + 1], vec![0; columns + 1]);
        let mut done = vec![false; columns + 1];
        let mut here = 0;
        while let Some(row) = row_of[here] {
            done[here] = true;
            for column in (1..=columns).filter(|&column| !done[column]) {
                let reduced = i64::from(rows[row][column - 1]) - of_rows[row] - of_columns[column];
                if reduced < slack[column] {
                    (slack[column], from[column]) = (reduced, here);
                }
            }
            let Some(next) = (1..=columns).filter(|&column| !done[column]).min_by_key(|&column| slack[column]) else {
                break;
            };
            let least = slack[next];
            for column in 0..=columns {
                match row_of[column] {
                    Some(row) if done[column] => {
                        of_rows[row] += least;
                        of_columns[column] -= least;
                    }
                    _ => slack[column] = slack[column].saturating_sub(least),
                }
            }
            here = next;
        }
        while here != 0 {
            row_of[here] = row_of[from[here]];
            here = from[here];
        }
    }
    let pairs = row_of.iter().enumerate().skip(1).filter_map(|(column, row)| Some((column, (*row)?)));
    pairs.map(|(column, row)| Cost::from(rows[row][column - 1])).sum()
}
