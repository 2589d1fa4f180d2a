//! Large boards: what is proven is found by breadth-first search over the positions that can be reached, up to [`MOST_PLACES`].
//!
//! A puzzle is not proven if this limit ends the search before a goal is found. Whether it has a solution is then not known; it is treated as solvable, and its
//! optimal cost, its number of solutions and its difficulty are none.

use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::{Config, Direction, Level, Solved, State, matching, solve};
use crate::distance::UNPROVEN;
use crate::prelude::*;

/// A puzzle on a large board.
pub type LargeSokoban = Level<u16>;

/// Most places for positions of a search: the sets of cells for the boxes that it meets, times the floor cells for the worker.
pub const MOST_PLACES: usize = 1 << 23;

/// No distance.
const FAR: u32 = u32::MAX;

/// A position that was met: the number of its set of boxes, the worker's cell, and the number of shortest ways to it, at most 2^64 - 1.
struct Met {
    set: u32,
    worker: u16,
    ways: u64,
}

/// The positions around one of them, layer by layer. Deadlocks are left out.
struct Ball {
    /// Number of floor cells.
    floor: usize,
    /// The numbers of the sets of boxes.
    sets: FxHashMap<Box<[u16]>, u32>,
    /// Their cells, one set after the other.
    cells: Vec<u16>,
    /// By set: whether all boxes are on docks.
    solved: Vec<bool>,
    /// By set and floor cell: 0, or 1 plus the place in the list of the position with the worker there.
    places: Vec<u32>,
    met: Vec<Met>,
    /// Where the layers begin in the list. The last layer is not empty.
    layers: Vec<usize>,
    /// Most places.
    most: usize,
    /// Whether the last layer lacks positions, because there are too many.
    is_cut: bool,
}

impl Ball {
    /// Only the position itself; nothing where it is a deadlock.
    fn around(level: &LargeSokoban, state: &State<u16>, most: usize) -> Self {
        let mut ball = Ball {
            floor: level.map.floor,
            sets: FxHashMap::default(),
            cells: Vec::new(),
            solved: Vec::new(),
            places: Vec::new(),
            met: Vec::new(),
            layers: Vec::new(),
            most,
            is_cut: false,
        };
        if let Some(set) = ball.set(level, state.boxes()) {
            ball.layers.push(0);
            ball.meet(level, set, state.worker(), 1);
        }
        ball
    }

    /// The number of a set of boxes in row-major order; none for a deadlock. (These are not kept: there may be many times as many.)
    fn set(&mut self, level: &LargeSokoban, boxes: &[u16]) -> Option<u32> {
        if let Some(&set) = self.sets.get(boxes) {
            return Some(set);
        }
        if level.map.is_deadlock(boxes) {
            return None;
        }
        let set = self.solved.len() as u32;
        self.sets.insert(boxes.into(), set);
        self.cells.extend_from_slice(boxes);
        self.solved.push(boxes.iter().all(|&at| level.map.is_dock(at)));
        self.places.resize(self.places.len() + self.floor, 0);
        Some(set)
    }

    /// Adds a position of the layer under way, or more ways to it.
    fn meet(&mut self, level: &LargeSokoban, set: u32, worker: u16, ways: u64) {
        let begin = self.layers.last().copied().unwrap_or(0);
        let place = &mut self.places[set as usize * self.floor + level.map.floor_number(worker)];
        if *place == 0 {
            self.met.push(Met { set, worker, ways });
            *place = self.met.len() as u32;
        } else if *place as usize > begin {
            let met = &mut self.met[*place as usize - 1];
            met.ways = met.ways.saturating_add(ways);
        }
    }

    /// The place of a position that was met.
    fn place(&self, level: &LargeSokoban, state: &State<u16>) -> Option<usize> {
        let set = self.sets.get(state.boxes())?;
        let place = self.places.get(*set as usize * self.floor + level.map.floor_number(state.worker()))?;
        (*place as usize).checked_sub(1)
    }

    /// The position at a place.
    fn state(&self, level: &LargeSokoban, place: usize) -> State<u16> {
        let Met { set, worker, .. } = self.met[place];
        let mut state = level.start.with_worker(worker);
        let boxes = self.boxes(level, set);
        state.boxes.as_mut()[..boxes.len()].copy_from_slice(boxes);
        state
    }

    fn boxes(&self, level: &LargeSokoban, set: u32) -> &[u16] {
        let count = level.boxes().len();
        &self.cells[set as usize * count..][..count]
    }

    /// The places of the last layer.
    fn last(&self) -> Range<usize> {
        self.layers.last().copied().unwrap_or(0)..self.met.len()
    }

    /// The places of goals in the last layer.
    fn goals(&self) -> impl Iterator<Item = usize> + '_ {
        self.last().filter(|&place| self.solved[self.met[place].set as usize])
    }

    /// Adds a layer. Returns whether there is one more, whole or cut.
    fn grow(&mut self, level: &LargeSokoban) -> bool {
        let last = self.last();
        if last.is_empty() || self.is_cut {
            return false;
        }
        self.layers.push(last.end);
        let mut pushed = Vec::new();
        for place in last {
            if self.places.len() >= self.most {
                self.is_cut = true;
                break;
            }
            let Met { set, worker, ways } = self.met[place];
            for direction in Direction::ALL {
                let Some(to) = level.map.floor_beside(worker, direction) else { continue };
                let boxes = self.boxes(level, set);
                let Ok(which) = boxes.binary_search(&to) else {
                    self.meet(level, set, to, ways);
                    continue;
                };
                let ahead = level.map.floor_beside(to, direction).filter(|ahead| boxes.binary_search(ahead).is_err());
                if let Some(ahead) = ahead {
                    pushed.clear();
                    pushed.extend_from_slice(boxes);
                    solve::replace(&mut pushed, which, ahead);
                    if let Some(set) = self.set(level, &pushed) {
                        self.meet(level, set, to, ways);
                    }
                }
            }
        }
        if self.met.len() == self.layers.last().copied().unwrap_or(0) {
            self.layers.pop();
            return false;
        }
        true
    }

    /// Adds layers up to the first that is whole and has a goal. Returns its distance; none where the layers end or are cut before.
    fn grow_to_goal(&mut self, level: &LargeSokoban) -> Option<u64> {
        while !self.is_cut {
            if self.goals().next().is_some() {
                return Some(self.layers.len() as u64 - 1);
            }
            if !self.grow(level) {
                break;
            }
        }
        None
    }

    /// The distances to the nearest goal over positions of the ball, by place; [`FAR`] where there are none.
    fn distances(&self, level: &LargeSokoban) -> Vec<u32> {
        let mut distances = vec![FAR; self.met.len()];
        let is_goal = |&place: &u32| self.solved[self.met[place as usize].set as usize];
        let mut queue: Vec<u32> = (0..self.met.len() as u32).filter(is_goal).collect();
        queue.iter().for_each(|&place| distances[place as usize] = 0);
        let mut head = 0;
        while let Some(&here) = queue.get(head) {
            head += 1;
            let before = distances[here as usize] + 1;
            level.predecessors(&self.state(level, here as usize), |previous| {
                if let Some(place) = self.place(level, &previous).filter(|&place| distances[place] == FAR) {
                    distances[place] = before;
                    queue.push(place as u32);
                }
            });
        }
        distances
    }
}

/// The exact distances of the positions around the start, and those that were asked for beside them.
struct Distances {
    ball: Ball,
    /// By place in the ball.
    left: Vec<u32>,
    others: Mutex<FxHashMap<State<u16>, Option<Cost>>>,
}

impl Distances {
    fn new(level: &LargeSokoban, most: usize) -> Self {
        let mut ball = Ball::around(level, &level.start, most);
        while ball.grow(level) {}
        let left = ball.distances(level);
        Distances { ball, left, others: Mutex::default() }
    }

    fn of(&self, level: &LargeSokoban, state: &State<u16>) -> Option<Cost> {
        if level.is_dead(state) {
            return None;
        }
        if let Some(place) = self.ball.place(level, state) {
            let left = Some(self.left[place]).filter(|&left| left != FAR).map(Cost::from);
            // Ways out of a cut ball may be shorter, unless what is left is within its whole layers.
            let depth = self.ball.layers.partition_point(|&begin| begin <= place) as Cost;
            let whole = self.ball.layers.len() as Cost - 1;
            if !self.ball.is_cut || left.is_some_and(|left| depth + left <= whole) {
                return left;
            }
        }
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        *others.entry(*state).or_insert_with(|| {
            let mut ball = Ball::around(level, state, self.ball.most);
            let found = ball.grow_to_goal(level);
            found.or(ball.is_cut.then_some(UNPROVEN))
        })
    }
}

impl Solved for u16 {
    fn check(_level: &LargeSokoban) -> Result<(), PuzzleError> {
        Ok(())
    }

    /// Only small boards are drawn.
    fn generate(_config: &Config, _draw: &mut Draw) -> Result<LargeSokoban, Reject> {
        Err(Reject)
    }

    fn at(_config: &Config, _index: u128) -> Result<LargeSokoban, Reject> {
        Err(Reject)
    }

    fn facts(level: &LargeSokoban) -> SolverFacts {
        let mut ball = Ball::around(level, &level.start, MOST_PLACES);
        let cost = ball.grow_to_goal(level);
        SolverFacts {
            solvable: cost.is_some() || ball.is_cut,
            optimal_cost: cost,
            solutions: cost.map(|_| ball.goals().fold(0u64, |sum, place| sum.saturating_add(ball.met[place].ways))),
            difficulty: cost.map(|_| ball.last().start as u64),
        }
    }

    fn is_solvable(level: &LargeSokoban) -> bool {
        Self::facts(level).solvable
    }

    fn is_decided(level: &LargeSokoban) -> bool {
        let facts = Self::facts(level);
        !facts.solvable || facts.optimal_cost.is_some()
    }

    fn distance_table(_level: &LargeSokoban) -> DistanceTable<LargeSokoban> {
        // Most of the time no distance is asked for.
        let distances = OnceLock::new();
        DistanceTable::new(move |level: &LargeSokoban, state: &State<u16>| {
            distances.get_or_init(|| Distances::new(level, MOST_PLACES)).of(level, state)
        })
    }

    fn evaluator(level: &LargeSokoban, heuristic: usize) -> Evaluator<LargeSokoban> {
        let bounds = Arc::new(matching::Bounds::new(level, heuristic));
        Evaluator::prepared(move |level: &LargeSokoban, state: &State<u16>| {
            // For a state that is not a position, any estimate will do.
            if state.boxes().len() == level.boxes().len() { bounds.estimate(state.boxes()) } else { 0 }
        })
    }

    /// States are hashed.
    fn index_bound(_level: &LargeSokoban) -> Option<usize> {
        None
    }

    fn index(_level: &LargeSokoban, _state: &State<u16>) -> usize {
        0
    }
}

#[cfg(test)]
mod tests;
