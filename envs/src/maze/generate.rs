//! How mazes are drawn.

use super::config::{Config, Layout};
use super::{Floor, Maze, open};
use crate::draw::Draw;
use crate::environment::Reject;

/// Starts and goals that are drawn for the same walls, as many as in Searchformer.
const PAIRS: usize = 100;

/// Draws the walls.
pub fn layout(config: &Config, draw: &mut Draw) -> Result<Floor, Reject> {
    let (width, height) = (config.width.draw(draw), config.height.draw(draw));
    match &config.layout {
        Layout::RandomWalls(layout) => open::random_walls(layout, width, height, draw),
        _ => Err(Reject),
    }
}

/// Draws start and goal between the walls: every two cells that are far enough apart are equally likely.
pub fn task(config: &Config, floor: &Floor, draw: &mut Draw) -> Result<Maze, Reject> {
    let least = config.least_path(floor.width(), floor.height());
    let cells = floor.count() as u64;
    for _ in 0..PAIRS {
        let [start, goal] = [(); 2].map(|()| floor.nth(draw.below(cells) as usize));
        let maze = Maze::on(floor, start.ok_or(Reject)?, goal.ok_or(Reject)?);
        if maze.cost().is_some_and(|cost| cost >= least) {
            return Ok(maze);
        }
    }
    Err(Reject)
}
