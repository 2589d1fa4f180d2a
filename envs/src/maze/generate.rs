//! How mazes are drawn.

use super::config::{Config, Layout};
use super::lattice::{self, Method};
use super::{Floor, Maze, open, solve};
use crate::draw::Draw;
use crate::environment::Reject;

/// Starts and goals that are drawn for the same walls, as many as in Searchformer.
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

/// Draws start and goal between the walls: every two cells that are far enough apart are equally likely.
pub fn task(config: &Config, floor: &Floor, draw: &mut Draw) -> Result<Maze, Reject> {
    let least = config.least_path(floor.width(), floor.height());
    let cells = floor.count() as u64;
    for _ in 0..PAIRS {
        let [start, goal] = [(); 2].map(|()| floor.nth(draw.below(cells) as usize));
        let (start, goal) = (start.ok_or(Reject)?, goal.ok_or(Reject)?);
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
