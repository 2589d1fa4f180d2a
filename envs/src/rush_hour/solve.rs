//! Exact solver: the positions that can be reached, the facts of a start, and distances from every position.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::board::{Board, Offsets};
use super::reach::{Reach, Slid};
use crate::environment::{Cost, SolverFacts};

/// The distance of a position from which no goal can be reached.
const NEVER: u16 = u16::MAX;
/// Most positions in a component whose distances are kept.
const MOST_KEPT: usize = 1 << 20;

/// Numbered positions, in the order in which they were found: a hash table with open addressing.
#[derive(Default)]
pub struct Positions {
    states: Vec<Offsets>,
    /// A position or [`FREE`] in each slot. The number of slots is a power of two, at most half of them in use.
    slots: Vec<Offsets>,
    /// The number of the position in each slot.
    numbers: Vec<u32>,
}

/// No position: there are fewer cars than this needs.
const FREE: Offsets = Offsets(u64::MAX);

impl Positions {
    /// Removes all positions and keeps the memory.
    fn clear(&mut self) {
        self.states.clear();
        self.slots.fill(FREE);
    }

    /// The slot of a position, or the free slot where it belongs.
    #[inline]
    fn slot(&self, state: Offsets) -> usize {
        let last = self.slots.len() - 1;
        // Fibonacci hashing (Knuth, volume 3, 6.4): the high bits of the product are well mixed.
        let mut slot = (state.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> last.leading_zeros()) as usize;
        while self.slots[slot] != FREE && self.slots[slot] != state {
            slot = (slot + 1) & last;
        }
        slot
    }

    /// The number of a position. A position without a number gets a new one.
    #[inline]
    fn intern(&mut self, state: Offsets) -> u32 {
        if self.slots.len() < 2 * (self.states.len() + 1) {
            self.grow();
        }
        let slot = self.slot(state);
        if self.slots[slot] == FREE {
            self.slots[slot] = state;
            self.numbers[slot] = self.states.len() as u32;
            self.states.push(state);
        }
        self.numbers[slot]
    }

    #[cold]
    fn grow(&mut self) {
        let slots = (2 * self.slots.len()).max(1 << 10);
        self.slots = vec![FREE; slots];
        self.numbers.resize(slots, 0);
        for number in 0..self.states.len() {
            let slot = self.slot(self.states[number]);
            self.slots[slot] = self.states[number];
            self.numbers[slot] = number as u32;
        }
    }

    /// The number of a position, if it has one.
    #[inline]
    fn find(&self, state: Offsets) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        let slot = self.slot(state);
        (self.slots[slot] == state).then(|| self.numbers[slot] as usize)
    }
}

/// All positions that can be reached from one of them. Every slide can be undone, so they are the same from each.
#[derive(Default)]
pub struct Component {
    positions: Positions,
    /// The car that slid to each position. A further slide of it finds nothing new, since the position before had the same slides.
    slid: Vec<u8>,
    /// Number of slides from each position to the nearest goal.
    distances: Vec<u16>,
    queue: VecDeque<u32>,
}

/// No car has slid.
const NONE: u8 = u8::MAX;

impl Component {
    /// Finds all positions that can be reached, with their distances. False if there are more than `most`.
    pub fn explore(&mut self, board: &Board, from: Offsets, most: usize) -> bool {
        self.positions.clear();
        self.positions.intern(from);
        self.slid.clear();
        self.slid.push(NONE);
        let mut reach = Reach::new(board);
        let mut at = 0;
        while at < self.positions.states.len() {
            for &Slid { to, car } in reach.slides_but(self.positions.states[at], self.slid[at]) {
                if self.positions.intern(to) as usize == self.slid.len() {
                    self.slid.push(car);
                }
            }
            if self.positions.states.len() > most {
                return false;
            }
            at += 1;
        }
        self.measure(board, &mut reach);
        true
    }

    fn measure(&mut self, board: &Board, reach: &mut Reach) {
        let (positions, distances, slid, queue) =
            (&self.positions, &mut self.distances, &mut self.slid, &mut self.queue);
        distances.clear();
        distances.resize(positions.states.len(), NEVER);
        for (number, &state) in (0..).zip(&positions.states) {
            if board.is_goal(state) {
                (distances[number as usize], slid[number as usize]) = (0, NONE);
                queue.push_back(number);
            }
        }
        while let Some(here) = queue.pop_front() {
            let here = here as usize;
            let distance = distances[here].saturating_add(1).min(NEVER - 1);
            for &Slid { to, car } in reach.slides_but(positions.states[here], slid[here]) {
                if let Some(there) = positions.find(to)
                    && distances[there] == NEVER
                {
                    (distances[there], slid[there]) = (distance, car);
                    queue.push_back(there as u32);
                }
            }
        }
    }

    /// The numbers of the positions at this distance from the nearest goal.
    pub fn at_distance(&self, distance: Cost) -> Vec<usize> {
        let found = self.distances.iter().enumerate();
        found.filter(|&(_, &d)| d != NEVER && Cost::from(d) == distance).map(|(number, _)| number).collect()
    }

    /// The greatest distance of a position from the nearest goal; none if no goal can be reached.
    pub fn farthest(&self) -> Option<Cost> {
        self.distances.iter().filter(|&&distance| distance != NEVER).max().map(|&distance| distance.into())
    }

    /// The position with a number.
    pub fn state(&self, number: usize) -> Offsets {
        self.positions.states[number]
    }

    fn distance(&self, number: usize) -> Option<Cost> {
        Some(self.distances[number]).filter(|&distance| distance != NEVER).map(Cost::from)
    }
}

/// The solver facts of a start, without exploring farther than the nearest goal. None if more than `most` positions are found first. It is breadth-first search
/// with complete layers, so that the cheapest solutions can be counted and the counts do not depend on the order of slides.
pub fn facts(board: &Board, start: Offsets, most: usize) -> Option<SolverFacts> {
    if board.is_goal(start) {
        return Some(SolverFacts { solvable: true, optimal_cost: Some(0), solutions: Some(1), difficulty: Some(0) });
    }
    let mut positions = Positions::default();
    positions.intern(start);
    // Layer, and number of cheapest ways, of each position.
    let mut reached: Vec<(u32, u64)> = vec![(0, 1)];
    let (mut layer, mut depth) = (0..1, 0);
    while !layer.is_empty() {
        let mut solutions = 0u64;
        depth += 1;
        for here in layer.clone() {
            let ways = reached[here].1;
            board.slides(positions.states[here], |_, to| {
                let there = positions.intern(to) as usize;
                if there == reached.len() {
                    reached.push((depth, 0));
                }
                let (found, sum) = &mut reached[there];
                if *found == depth {
                    *sum = sum.saturating_add(ways);
                    solutions = solutions.saturating_add(if board.is_goal(to) { ways } else { 0 });
                }
            });
        }
        let difficulty = Some(layer.end as u64);
        if solutions > 0 {
            let optimal_cost = Some(depth.into());
            return Some(SolverFacts { solvable: true, optimal_cost, solutions: Some(solutions), difficulty });
        }
        if reached.len() > most {
            return None;
        }
        layer = layer.end..reached.len();
    }
    Some(SolverFacts {
        solvable: false,
        optimal_cost: None,
        solutions: Some(0),
        difficulty: Some(reached.len() as u64),
    })
}

/// Exact distances. The component of the start is explored at once. Other components, which slides never reach but mistakes do, are explored on demand.
pub struct Table {
    own: Option<Component>,
    pub(super) others: Mutex<Vec<Component>>,
}

impl Table {
    /// Explores the component of the start.
    pub fn new(board: &Board, start: Offsets) -> Self {
        Table { own: explored(board, start), others: Mutex::new(Vec::new()) }
    }

    /// The number of slides from a position to the nearest goal.
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
            // There are too many positions to keep, so only the shortest way to a goal is searched.
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

/// Most other components that are kept. They are searched one by one.
const MOST_PARTS: usize = 64;

fn explored(board: &Board, from: Offsets) -> Option<Component> {
    let mut part = Component::default();
    part.explore(board, from, MOST_KEPT).then_some(part)
}
