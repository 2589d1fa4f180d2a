//! Exact knowledge: the positions that can be reached, what is proven of a start, and distances from every position.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::board::{Board, Offsets};
use crate::environment::{Cost, Facts};

/// No goal can be reached.
const NEVER: u16 = u16::MAX;
/// Most positions of a component whose distances are kept.
const MOST_KEPT: usize = 1 << 20;

/// Positions with numbers, in the order in which they were found: a hash table with open addressing over a list.
#[derive(Default)]
pub struct Positions {
    states: Vec<Offsets>,
    /// Number of a position plus 1; 0 is free. A power of two of them, at most half in use.
    slots: Vec<u32>,
}

impl Positions {
    /// Forgets all positions, not the memory.
    fn clear(&mut self) {
        self.states.clear();
        self.slots.fill(0);
    }

    /// The slot of a position, or the free one where it belongs.
    #[inline]
    fn slot(&self, state: Offsets) -> usize {
        // Fibonacci hashing (Knuth, volume 3, 6.4): the high bits of the product are well mixed.
        let hash = state.0.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut slot = (hash >> (64 - self.slots.len().trailing_zeros())) as usize;
        while self.slots[slot] != 0 && self.states[self.slots[slot] as usize - 1] != state {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        slot
    }

    /// The number of a position, a new one if it has none.
    #[inline]
    fn intern(&mut self, state: Offsets) -> u32 {
        if self.slots.len() < 2 * (self.states.len() + 1) {
            self.grow();
        }
        let slot = self.slot(state);
        if self.slots[slot] == 0 {
            self.states.push(state);
            self.slots[slot] = self.states.len() as u32;
        }
        self.slots[slot] - 1
    }

    fn grow(&mut self) {
        self.slots = vec![0; (2 * self.slots.len()).max(1 << 10)];
        for number in 0..self.states.len() {
            let slot = self.slot(self.states[number]);
            self.slots[slot] = number as u32 + 1;
        }
    }

    /// The number of a position that has one.
    fn find(&self, state: Offsets) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        self.slots[self.slot(state)].checked_sub(1).map(|number| number as usize)
    }
}

/// All positions that can be reached from one of them. Every slide can be taken back, so that it is the same from each.
#[derive(Default)]
pub struct Component {
    positions: Positions,
    /// Where the neighbours of each position begin in `near`; one more at the end.
    first: Vec<u32>,
    near: Vec<u32>,
    /// Slides to the nearest goal.
    distances: Vec<u16>,
}

impl Component {
    /// Finds all positions that can be reached, with their distances; false where there are more than `most`.
    pub fn explore(&mut self, board: &Board, from: Offsets, most: usize) -> bool {
        self.positions.clear();
        self.first.clear();
        self.near.clear();
        self.positions.intern(from);
        let mut at = 0;
        while at < self.positions.states.len() {
            self.first.push(self.near.len() as u32);
            let (positions, near) = (&mut self.positions, &mut self.near);
            board.slides(positions.states[at], |_, to| near.push(positions.intern(to)));
            if positions.states.len() > most {
                return false;
            }
            at += 1;
        }
        self.first.push(self.near.len() as u32);
        self.measure(board);
        true
    }

    fn measure(&mut self, board: &Board) {
        self.distances.clear();
        self.distances.resize(self.positions.states.len(), NEVER);
        let mut queue = VecDeque::new();
        for (number, &state) in self.positions.states.iter().enumerate() {
            if board.is_goal(state) {
                self.distances[number] = 0;
                queue.push_back(number);
            }
        }
        while let Some(here) = queue.pop_front() {
            let distance = self.distances[here].saturating_add(1).min(NEVER - 1);
            for &there in &self.near[self.first[here] as usize..self.first[here + 1] as usize] {
                if self.distances[there as usize] == NEVER {
                    self.distances[there as usize] = distance;
                    queue.push_back(there as usize);
                }
            }
        }
    }

    fn neighbours(&self, number: usize) -> &[u32] {
        &self.near[self.first[number] as usize..self.first[number + 1] as usize]
    }

    /// The positions of a number of slides to the nearest goal, by number.
    pub fn at_distance(&self, distance: Cost) -> Vec<usize> {
        let found = self.distances.iter().enumerate();
        found.filter(|&(_, &d)| d != NEVER && Cost::from(d) == distance).map(|(number, _)| number).collect()
    }

    /// The most slides that a position is from the nearest goal; none where no goal can be reached.
    pub fn farthest(&self) -> Option<Cost> {
        self.distances.iter().filter(|&&distance| distance != NEVER).max().map(|&distance| distance.into())
    }

    /// A position by number.
    pub fn state(&self, number: usize) -> Offsets {
        self.positions.states[number]
    }

    /// What is proven of the position of a number.
    pub fn facts(&self, number: usize) -> Facts {
        let near = |here: u32, out: &mut Vec<(u32, bool)>| {
            let with_goal = |&there: &u32| (there, self.distances[there as usize] == 0);
            out.extend(self.neighbours(here as usize).iter().map(with_goal));
        };
        prove(number as u32, self.distances[number] == 0, near, usize::MAX).unwrap_or(UNPROVEN)
    }

    fn distance(&self, number: usize) -> Option<Cost> {
        Some(self.distances[number]).filter(|&distance| distance != NEVER).map(Cost::from)
    }
}

const UNPROVEN: Facts = Facts { solvable: false, optimal_cost: None, solutions: None, difficulty: None };

/// What is proven of a start, without looking farther than the nearest goal; none where more than `most` positions are found first.
pub fn facts(board: &Board, start: Offsets, most: usize) -> Option<Facts> {
    let mut positions = Positions::default();
    positions.intern(start);
    let near = |here: u32, out: &mut Vec<(u32, bool)>| {
        board.slides(positions.states[here as usize], |_, to| out.push((positions.intern(to), board.is_goal(to))));
    };
    prove(0, board.is_goal(start), near, most)
}

/// Breadth-first search in layers; every layer in full, so that the cheapest solutions can be counted and the counts do not depend on
/// the order of the slides. `near` appends the neighbours of a position, and whether each is a goal.
fn prove(start: u32, solved: bool, mut near: impl FnMut(u32, &mut Vec<(u32, bool)>), most: usize) -> Option<Facts> {
    if solved {
        return Some(Facts { solvable: true, optimal_cost: Some(0), solutions: Some(1), difficulty: Some(0) });
    }
    // Layer and number of cheapest ways to each position.
    let mut reached: Vec<(u32, u64)> = Vec::new();
    reached.resize(start as usize + 1, (u32::MAX, 0));
    reached[start as usize] = (0, 1);
    let (mut layer, mut next, mut out) = (vec![start], Vec::new(), Vec::new());
    let (mut taken, mut depth) = (0u64, 0u32);
    while !layer.is_empty() {
        let mut solutions = 0u64;
        for &here in &layer {
            let ways = reached[here as usize].1;
            out.clear();
            near(here, &mut out);
            for &(there, goal) in &out {
                if there as usize >= reached.len() {
                    reached.resize(there as usize + 1, (u32::MAX, 0));
                }
                let (found, sum) = &mut reached[there as usize];
                if *found == u32::MAX {
                    *found = depth + 1;
                    next.push(there);
                }
                if *found == depth + 1 {
                    *sum = sum.saturating_add(ways);
                    solutions = solutions.saturating_add(if goal { ways } else { 0 });
                }
            }
        }
        taken += layer.len() as u64;
        depth += 1;
        if solutions > 0 {
            let optimal_cost = Some(depth.into());
            return Some(Facts { solvable: true, optimal_cost, solutions: Some(solutions), difficulty: Some(taken) });
        }
        if taken as usize + next.len() > most {
            return None;
        }
        layer.clear();
        std::mem::swap(&mut layer, &mut next);
    }
    Some(Facts { solvable: false, optimal_cost: None, solutions: Some(0), difficulty: Some(taken) })
}

/// Exact distances: of the start's component at once, of others (positions that slides never lead to, only mistakes) when they are asked
/// for.
pub struct Oracle {
    own: Option<Component>,
    pub(super) others: Mutex<Vec<Component>>,
}

impl Oracle {
    /// Prepares the component of the start.
    pub fn new(board: &Board, start: Offsets) -> Self {
        Oracle { own: explored(board, start), others: Mutex::new(Vec::new()) }
    }

    /// The slides from a position to the nearest goal.
    pub fn distance(&self, board: &Board, state: Offsets) -> Option<Cost> {
        let known = |part: &Component| part.positions.find(state).map(|number| part.distance(number));
        if let Some(found) = self.own.as_ref().and_then(known) {
            return found;
        }
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = others.iter().find_map(known) {
            return found;
        }
        let Some(part) = explored(board, state) else {
            // Too many to keep: the way to the nearest goal alone.
            return facts(board, state, usize::MAX).and_then(|facts| facts.optimal_cost);
        };
        let kept: usize = others.iter().map(|part| part.distances.len()).sum();
        if kept + part.distances.len() > MOST_KEPT || others.len() >= MOST_PARTS {
            others.clear();
        }
        let found = part.distance(0);
        others.push(part);
        found
    }
}

/// Most other components that are kept: they are looked through one by one.
const MOST_PARTS: usize = 64;

fn explored(board: &Board, from: Offsets) -> Option<Component> {
    let mut part = Component::default();
    part.explore(board, from, MOST_KEPT).then_some(part)
}
