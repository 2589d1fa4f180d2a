//! Damage to states and moves of Sokoban.

use super::{Direction, Extent, Level, Solved, State, WorkerStep, board};
use crate::prelude::*;

/// Another floor cell, mostly next to the right one; none if there is no other.
fn other_cell<C: Extent>(puzzle: &Level<C>, cell: C, draw: &mut Draw) -> Option<C> {
    let near = Direction::ALL.map(|direction| puzzle.map().floor_beside(cell, direction));
    if let Some(slip) = near[draw.index(near.len())] {
        return Some(slip);
    }
    let floor: Vec<C> = puzzle.map().floor_cells().filter(|&other| other != cell).collect();
    draw.choose(&floor).copied()
}

impl<C: Solved> Damage for Level<C> {
    fn apply_as_claimed(&self, state: &State<C>, action: WorkerStep<C>) -> Option<(State<C>, Cost)> {
        let step = self.step(state, action.direction)?;
        let mut believed = state.with_worker(action.worker);
        if let (Some(which), Some(to)) = (state.box_at(step.action.worker), action.pushed) {
            let mut boxes = state.boxes;
            let boxes = &mut boxes.as_mut()[..state.boxes().len()];
            boxes[which] = to;
            believed.set_boxes(boxes);
        }
        Some((believed, step.cost))
    }

    fn damage_state(&self, state: &State<C>, how: DamageKind, draw: &mut Draw) -> Option<State<C>> {
        let mut boxes = state.boxes().to_vec();
        let mut worker = state.worker();
        let which = draw.index(boxes.len());
        match how {
            DamageKind::Lose => drop((!boxes.is_empty()).then(|| boxes.remove(which))?),
            DamageKind::Change if boxes.is_empty() || draw.chance(1, 2) => worker = other_cell(self, worker, draw)?,
            DamageKind::Change => boxes[which] = other_cell(self, boxes[which], draw)?,
            DamageKind::Invent => {
                let free = |&cell: &C| cell != worker && !boxes.contains(&cell);
                let floor: Vec<C> = self.map().floor_cells().filter(free).collect();
                boxes.push(*draw.choose(&floor).filter(|_| boxes.len() <= C::MOST_BOXES)?);
            }
        }
        State::new(worker, &boxes).filter(|damaged| damaged != state)
    }

    /// Claims another cell for the worker or for the pushed box.
    fn damage_claim(&self, action: WorkerStep<C>, draw: &mut Draw) -> Option<WorkerStep<C>> {
        match action.pushed {
            Some(cell) if draw.chance(1, 2) => {
                Some(WorkerStep { pushed: Some(other_cell(self, cell, draw)?), ..action })
            }
            _ => Some(WorkerStep { worker: other_cell(self, action.worker, draw)?, ..action }),
        }
    }

    /// A step into a wall, or against a box with a wall or another box behind it, with the result as if nothing were in the way.
    fn illegal_move(&self, state: &State<C>, draw: &mut Draw) -> Option<(WorkerStep<C>, State<C>)> {
        let on_board = |cell: C, direction| board::neighbour(cell, direction).filter(|&next| self.on_board(next));
        let impossible = |direction: Direction| {
            let worker = on_board(state.worker(), direction)?;
            if self.step(state, direction).is_some() {
                return None;
            }
            let mut boxes = state.boxes().to_vec();
            let mut pushed = None;
            if let Some(which) = state.box_at(worker) {
                boxes[which] = on_board(worker, direction)?;
                pushed = Some(boxes[which]);
            }
            Some((WorkerStep { direction, worker, pushed }, State::new(worker, &boxes)?))
        };
        let all: Vec<_> = Direction::ALL.into_iter().filter_map(impossible).collect();
        draw.choose(&all).copied()
    }
}
