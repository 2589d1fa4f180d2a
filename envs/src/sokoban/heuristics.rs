//! Heuristics. Both count only pushes, box by box. A step pushes at most one box by one cell, so both are admissible and consistent.

use std::sync::Arc;

use super::board::{CELLS, Cell, coordinates};
use super::{Extent, MAX_BOXES, Sokoban};
use crate::environment::Cost;

const MAX_DOCKS: usize = <Cell as Extent>::MOST_DOCKS;

/// The data of a heuristic, by cell.
#[derive(Clone, Debug)]
pub enum Bounds {
    /// Number of pushes to each dock, if there are as many docks as boxes; 255 if there is no way.
    Matching(Arc<[[u8; MAX_BOXES]; CELLS]>),
    /// The same if there are more docks.
    Choice(Arc<[[u8; MAX_DOCKS]; CELLS]>),
    /// Number of cells to the nearest dock, ignoring walls.
    Manhattan(Arc<[u8; CELLS]>),
}

const MATCHING: usize = 0;

impl Bounds {
    /// Prepares a heuristic by its index.
    pub(super) fn new(puzzle: &Sokoban, heuristic: usize) -> Self {
        if heuristic == MATCHING { Bounds::matching(puzzle) } else { Bounds::manhattan(puzzle) }
    }

    /// The estimate for the boxes of a position.
    #[inline]
    pub(super) fn estimate(&self, boxes: &[Cell]) -> Cost {
        let boxes = &boxes[..boxes.len().min(MAX_BOXES)];
        match self {
            Bounds::Matching(pushes) => cheapest_matching(pushes, boxes),
            Bounds::Choice(pushes) => cheapest_choice(pushes, boxes),
            Bounds::Manhattan(nearest) => boxes.iter().map(|&at| Cost::from(nearest[usize::from(at)])).sum(),
        }
    }

    fn matching(puzzle: &Sokoban) -> Self {
        if puzzle.docks().len() == puzzle.boxes().len() {
            Bounds::Matching(Arc::new(pushes(puzzle)))
        } else {
            Bounds::Choice(Arc::new(pushes(puzzle)))
        }
    }

    fn manhattan(puzzle: &Sokoban) -> Self {
        let apart = |(ax, ay): (u8, u8), (bx, by): (u8, u8)| ax.abs_diff(bx) + ay.abs_diff(by);
        let nearest = |cell: usize| {
            let here = coordinates(cell as Cell);
            puzzle.docks().iter().map(|&dock| apart(here, coordinates(dock))).min().unwrap_or(0)
        };
        Bounds::Manhattan(Arc::new(std::array::from_fn(nearest)))
    }
}

/// Number of pushes from each cell to each dock.
fn pushes<const DOCKS: usize>(puzzle: &Sokoban) -> [[u8; DOCKS]; CELLS] {
    let mut pushes = [[u8::MAX; DOCKS]; CELLS];
    let mut map = puzzle.map().clone();
    for (which, &dock) in puzzle.docks().iter().enumerate().take(DOCKS) {
        map.pull_distances(dock, |_, cell, distance| pushes[usize::from(cell)][which] = distance);
    }
    pushes
}

/// The least sum over all assignments of boxes to different docks, of which some stay free. It is computed over the sets of boxes that the first docks take.
fn cheapest_choice(pushes: &[[u8; MAX_DOCKS]; CELLS], boxes: &[Cell]) -> Cost {
    let pushes_to = |dock: usize, from: Cell| u16::from(pushes[usize::from(from)][dock]);
    let mut least = [u16::MAX; 1 << MAX_BOXES];
    least[0] = 0;
    for dock in 0..MAX_DOCKS {
        for taken in (1..1usize << boxes.len()).rev() {
            for (which, &at) in boxes.iter().enumerate().filter(|(which, _)| taken >> which & 1 == 1) {
                let sum = least[taken & !(1 << which)].saturating_add(pushes_to(dock, at));
                least[taken] = least[taken].min(sum);
            }
        }
    }
    Cost::from(least[(1 << boxes.len()) - 1])
}

/// The least sum over all assignments of boxes to different docks. It is computed over the sets of docks that the first boxes take.
#[inline]
fn cheapest_matching(pushes: &[[u8; MAX_BOXES]; CELLS], boxes: &[Cell]) -> Cost {
    const TAKEN: usize = 1 << MAX_BOXES;
    let (docks, mut least) = (boxes.len(), [u16::MAX; TAKEN]);
    least[0] = 0;
    for taken in 1..1usize << docks {
        let to = &pushes[usize::from(boxes[taken.count_ones() as usize - 1])];
        for (dock, &pushes) in to.iter().enumerate().take(docks) {
            if taken >> dock & 1 == 1 {
                let sum = least[taken & !(1 << dock)] + u16::from(pushes);
                least[taken] = least[taken].min(sum);
            }
        }
    }
    Cost::from(least[(1 << docks) - 1])
}
