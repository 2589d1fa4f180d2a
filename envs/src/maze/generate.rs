//! Draws of mazes.

use super::config::{Config, Layout};
use super::lattice::{self, Method};
use super::{Cell, Floor, Maze, open, solve};
use crate::draw::Draw;
use crate::environment::Reject;

/// Number of pairs of start and goal that are tried for the same walls, as in Searchformer.
const PAIRS: usize = 100;

/// Draws the walls.
pub fn layout(config: &Config, draw: &mut Draw) -> Result<Floor, Reject> {
    let (width, height) = (config.width.draw(draw), config.height.draw(draw));
    Ok(match &config.layout {
        Layout::Wilson(_) => lattice::perfect(Method::Wilson, width, height, draw)?,
        Layout::Kruskal(_) => lattice::perfect(Method::Kruskal, width, height, draw)?,
        Layout::DepthFirst(_) => lattice::perfect(Method::DepthFirst, width, height, draw)?,
        Layout::Prim(_) => lattice::perfect(Method::Prim, width, height, draw)?,
        Layout::DrunkardsWalk(layout) => open::drunkards_walk(layout, width, height, draw)?,
        Layout::RandomWalls(layout) => open::random_walls(layout, width, height, draw),
        Layout::CellularAutomata(layout) => open::caves(layout, width, height, draw)?,
        Layout::Rooms(layout) => open::rooms(layout, width, height, draw),
    })
}

/// Draws start and goal for the walls. All pairs of cells that are far enough apart are equally likely.
pub fn task(config: &Config, floor: &Floor, draw: &mut Draw) -> Result<Maze, Reject> {
    let least = config.least_path(floor.width(), floor.height());
    let mut large = None;
    for pair in 0..PAIRS {
        let (start, goal) = (any(floor, draw)?, any(floor, draw)?);
        // A path of `least` steps has one cell more, so smaller parts are excluded. This pays if it excludes most pairs.
        if pair == 2 && matches!(config.layout, Layout::RandomWalls(_)) {
            large = Some(solve::Large::of(floor, least).ok_or(Reject)?);
        }
        if large.as_ref().is_some_and(|large| !large.joins(floor, start, goal)) {
            continue;
        }
        if !solve::far_apart(floor, start, goal, least) {
            continue;
        }
        let facts = solve::facts(floor, start, goal);
        if facts.optimal_cost.is_some_and(|cost| cost >= least) {
            return Ok(Maze { floor: floor.clone(), start, goal, facts });
        }
    }
    Err(Reject)
}

/// Number of random cells that are tried before the open cells are counted.
const TRIES: usize = 32;

/// A random open cell; all are equally likely.
fn any(floor: &Floor, draw: &mut Draw) -> Result<Cell, Reject> {
    for _ in 0..TRIES {
        let cell = Cell { x: draw.index(floor.width()) as u8, y: draw.index(floor.height()) as u8 };
        if floor.is_open(cell) {
            return Ok(cell);
        }
    }
    floor.nth(draw.index(floor.count())).ok_or(Reject)
}
