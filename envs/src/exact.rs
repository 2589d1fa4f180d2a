//! Exact distances over positions that have numbers: what most environments prove their optimal costs with.

use std::collections::VecDeque;

use crate::environment::{Cost, Facts};

/// Distances in steps from every position to the nearest goal.
#[derive(Clone, Debug)]
pub struct Distances(Vec<u16>);

/// No goal can be reached.
const NEVER: u16 = u16::MAX;

impl Distances {
    /// Breadth-first search backwards from the goals over positions `0..positions`. `before` appends the positions from which one
    /// step leads to a position (where every step can be taken back, those to which one leads).
    pub fn backwards(
        positions: usize,
        goals: impl IntoIterator<Item = usize>,
        mut before: impl FnMut(usize, &mut Vec<usize>),
    ) -> Self {
        let mut distances = vec![NEVER; positions];
        let mut queue = VecDeque::new();
        for goal in goals {
            if distances[goal] == NEVER {
                distances[goal] = 0;
                queue.push_back(goal);
            }
        }
        let mut near = Vec::new();
        while let Some(here) = queue.pop_front() {
            let distance = distances[here].saturating_add(1).min(NEVER - 1);
            near.clear();
            before(here, &mut near);
            for &there in &near {
                if distances[there] == NEVER {
                    distances[there] = distance;
                    queue.push_back(there);
                }
            }
        }
        Distances(distances)
    }

    /// The distance of a position; none where no goal can be reached, or there is no such position.
    pub fn of(&self, position: usize) -> Option<Cost> {
        self.0.get(position).filter(|&&distance| distance != NEVER).map(|&distance| Cost::from(distance))
    }
}

/// What was proven of a puzzle when it was drawn, kept so that it need not be proven again. It is no part of the puzzle: two
/// puzzles are equal whether it is known or not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known(pub Option<Facts>);

impl PartialEq for Known {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Known {}
