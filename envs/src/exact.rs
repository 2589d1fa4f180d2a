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

/// Facts by breadth-first search from `start` over positions that `index` numbers below `positions`, level by level up to the
/// first that holds a goal. `after` appends the positions to which one step leads, each as often as there are steps to it.
///
/// `solutions` counts the shortest paths (2^64 - 1 stands for that many or more); `difficulty` the positions that are nearer to
/// the start than the nearest goal, all within reach where there is none. Neither depends on the order of steps.
pub fn breadth_first<S: Copy>(
    positions: usize,
    start: S,
    index: impl Fn(&S) -> usize,
    is_goal: impl Fn(&S) -> bool,
    mut after: impl FnMut(&S, &mut Vec<S>),
) -> Facts {
    // For each number: 0, or 1 and its place in the list.
    let mut places = vec![0u32; positions];
    let mut list = vec![(start, 1u64)];
    places[index(&start)] = 1;
    let mut level = 0..1;
    let mut near = Vec::new();
    for cost in 0.. {
        let goals = list[level.clone()].iter().filter(|(state, _)| is_goal(state));
        let solutions = goals.fold(0u64, |sum, (_, ways)| sum.saturating_add(*ways));
        let nearer = level.start as u64;
        if solutions > 0 {
            return Facts {
                solvable: true,
                optimal_cost: Some(cost),
                solutions: Some(solutions),
                difficulty: Some(nearer),
            };
        }
        if level.is_empty() {
            break;
        }
        for here in level.clone() {
            let (state, ways) = list[here];
            near.clear();
            after(&state, &mut near);
            for &next in &near {
                let place = &mut places[index(&next)];
                if *place == 0 {
                    list.push((next, ways));
                    *place = list.len() as u32;
                } else if *place as usize > level.end {
                    let met = &mut list[*place as usize - 1].1;
                    *met = met.saturating_add(ways);
                }
            }
        }
        level = level.end..list.len();
    }
    Facts { solvable: false, optimal_cost: None, solutions: Some(0), difficulty: Some(list.len() as u64) }
}
