//! Damage to states and moves of mazes.

use super::{Cell, DIRECTIONS, Direction, Maze};
use crate::prelude::*;

impl Damage for Maze {
    /// Another cell of the maze, mostly near: one coordinate off by one or two, or both exchanged. A cell cannot lose or gain anything.
    fn damage_state(&self, &state: &Cell, how: DamageKind, draw: &mut Draw) -> Option<Cell> {
        if how != DamageKind::Change {
            return None;
        }
        let kind = draw.below(5);
        let by = if draw.chance(3, 4) { 1 } else { 2 };
        let Cell { x, y } = state;
        let likely = match kind {
            0 => Cell { x, y: y.saturating_add(by) },
            1 => Cell { x, y: y.saturating_sub(by) },
            2 => Cell { x: x.saturating_sub(by), y },
            3 => Cell { x: x.saturating_add(by), y },
            _ => Cell { x: y, y: x },
        };
        let other = |&cell: &Cell| cell != state && self.floor().holds(cell);
        let mut any = || Cell { x: draw.index(self.width()) as u8, y: draw.index(self.height()) as u8 };
        Some(likely).filter(other).or_else(|| Some(any()).filter(other))
    }

    /// A step into a wall or off the edge. Off the edge the result is the same cell.
    fn illegal_move(&self, &state: &Cell, draw: &mut Draw) -> Option<(Direction, Cell)> {
        let first = draw.index(4);
        let direction =
            (first..first + 4).map(|turn| DIRECTIONS[turn % 4]).find(|&way| self.step(state, way).is_none())?;
        let to = direction.from(state).filter(|&cell| self.floor().holds(cell)).unwrap_or(state);
        Some((direction, to))
    }
}
