//! Small boards: positions have numbers, and what is proven stands in tables.

use super::{Config, Level, MAX_POSITIONS, Sokoban, Solved, State, generate, heuristics, solve};
use crate::prelude::*;

impl Solved for u8 {
    fn check(level: &Sokoban) -> Result<(), PuzzleError> {
        let positions = level.positions();
        if positions > MAX_POSITIONS {
            let allowed = format!("at most {MAX_POSITIONS}: fewer boxes or a smaller board");
            return Err(PuzzleError::new("boxes", format_args!("{positions} positions"), allowed));
        }
        Ok(())
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Sokoban, Reject> {
        generate::generate(config, draw)
    }

    fn at(config: &Config, index: u128) -> Result<Sokoban, Reject> {
        generate::at(config, index)
    }

    fn facts(level: &Sokoban) -> SolverFacts {
        solve::facts(level)
    }

    fn is_solvable(level: &Sokoban) -> bool {
        solve::optimal_cost(level, u16::MAX).is_some()
    }

    /// Tables hold every position.
    fn is_decided(_level: &Sokoban) -> bool {
        true
    }

    fn distance_table(level: &Sokoban) -> DistanceTable<Sokoban> {
        let table = solve::Table::new(level);
        DistanceTable::new(move |level: &Sokoban, state: &State<u8>| table.of(level.position(state)?))
    }

    fn evaluator(level: &Sokoban, heuristic: usize) -> Evaluator<Sokoban> {
        let bounds = heuristics::Bounds::new(level, heuristic);
        // For a state that is not a position, any estimate will do.
        Evaluator::prepared(
            move |level: &Sokoban, state: &State<u8>| {
                if state.boxes().len() == level.boxes().len() { bounds.estimate(state.boxes()) } else { 0 }
            },
        )
    }

    fn index_bound(level: &Sokoban) -> Option<usize> {
        let sets = solve::choose(level.map.floor, level.boxes().len());
        let bound = level.map.floor * sets + 1;
        (bound <= MAX_POSITIONS).then_some(bound)
    }

    /// Positions are numbered by their boxes, then by the worker. All other states have the last number.
    #[inline]
    fn index(level: &Sokoban, state: &State<u8>) -> usize {
        let boxes = state.boxes();
        if !level.is_position(state) {
            return level.map.floor * solve::choose(level.map.floor, level.boxes().len());
        }
        let ranks = state.boxes.map(|at| level.map.floor_rank[usize::from(at)]);
        solve::rank(&ranks[..boxes.len()]) * level.map.floor + level.map.floor_number(state.worker)
    }
}

impl Level<u8> {
    /// Number of positions that [`Level::position`] numbers.
    pub(super) fn positions(&self) -> usize {
        self.map.floor * solve::choose(self.map.live, self.boxes().len())
    }

    /// The number of a position; none if a box is on a dead square.
    #[inline]
    pub(super) fn position(&self, state: &State<u8>) -> Option<usize> {
        let boxes = state.boxes();
        if !self.is_position(state) || boxes.iter().any(|&at| !self.map.is_live(at)) {
            return None;
        }
        let ranks = state.boxes.map(|at| self.map.live_rank[usize::from(at)]);
        Some(solve::rank(&ranks[..boxes.len()]) * self.map.floor + self.map.floor_number(state.worker))
    }
}
