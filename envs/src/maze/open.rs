//! Layouts without a lattice.

use super::config::RandomWalls;
use super::{Cell, Floor};
use crate::draw::Draw;
use crate::environment::Reject;

/// Walls on as many cells as drawn.
pub fn random_walls(layout: &RandomWalls, width: usize, height: usize, draw: &mut Draw) -> Result<Floor, Reject> {
    let cells = (width * height) as u64;
    let walls = draw.between(cells * layout.walls_percent.min() / 100, cells * layout.walls_percent.max() / 100);
    let mut floor = Floor::solid(width, height);
    let mut left = walls;
    for y in 0..height {
        for x in 0..width {
            let rest = cells - (y * width + x) as u64;
            if draw.below(rest) < left {
                left -= 1;
            } else {
                floor.dig(Cell { x: x as u8, y: y as u8 });
            }
        }
    }
    Ok(floor)
}
