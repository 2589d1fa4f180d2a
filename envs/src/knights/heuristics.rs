//! Heuristics: the distances of the knights to the goal squares of their colour, each knight to a different square.

use std::sync::Arc;

use super::board::{Board, Position, bits, squares};
use super::{Layout, MOST_KNIGHTS};
use crate::about::HeuristicSpec;
use crate::environment::Cost;

/// The heuristics.
pub const SPECS: &[HeuristicSpec] = &[
    HeuristicSpec::consistent(
        "knight-distance",
        "jumps on the empty board, each knight to a goal square of its own so that the sum is least (Kuhn 1955)",
    ),
    HeuristicSpec::consistent("board-distance", "the same around blocked squares"),
];

/// The distance of a square that cannot be reached. Then there is no solution, whatever the other knights do.
const FAR: u8 = 64;

/// Distances from each goal square to every square, for white and for black.
pub type Tables = Arc<[Vec<[u8; 64]>; 2]>;

pub fn tables(layout: &Layout, heuristic: usize) -> Tables {
    let Board { width, height, .. } = layout.board;
    let board = if heuristic == 0 { Board { open: squares(width, height), ..layout.board } } else { layout.board };
    let of = |set: u64| bits(set).map(|goal| board.distances(goal, FAR)).collect();
    Arc::new([of(layout.goal.white), of(layout.goal.black)])
}

pub fn estimate(tables: &Tables, state: &Position) -> Cost {
    assigned(&tables[0], state.white) + assigned(&tables[1], state.black)
}

/// The least sum of distances with a different goal for each knight: the assignment problem, over subsets of the goals.
fn assigned(goals: &[[u8; 64]], knights: u64) -> Cost {
    if let [goal] = goals {
        return goal[(knights.trailing_zeros() & 63) as usize].into();
    }
    let count = goals.len().min(MOST_KNIGHTS as usize);
    let mut least = [u16::MAX; 1 << MOST_KNIGHTS];
    least[0] = 0;
    let squares: [u8; MOST_KNIGHTS as usize] = {
        let mut all = bits(knights);
        std::array::from_fn(|_| all.next().unwrap_or(0))
    };
    for given in 0..(1usize << count) - 1 {
        let square = usize::from(squares[given.count_ones() as usize]);
        for (i, goal) in goals.iter().enumerate().take(count).filter(|(i, _)| given >> i & 1 == 0) {
            let sum = least[given] + u16::from(goal[square]);
            least[given | 1 << i] = sum.min(least[given | 1 << i]);
        }
    }
    least[(1 << count) - 1].into()
}
