//! The six ways to make a maze.

mod cellular_automata;
mod dfs;
mod drunkards_walk;
mod kruskal;
mod rooms;
mod searchformer;
mod wilson;

use super::Impossible;
use super::grid::Grid;
use super::random::Random;
pub(super) use cellular_automata::CellularAutomata;
pub(super) use dfs::Dfs;
pub(super) use drunkards_walk::DrunkardsWalk;
pub(super) use kruskal::Kruskal;
pub(super) use searchformer::Searchformer;
pub(super) use wilson::Wilson;

/// A start cell and a goal cell.
pub(super) type Task = (usize, usize);

/// A generator. It makes each maze in the grid of the one before.
pub(super) trait Generate {
    fn generate(&mut self, random: &mut Random, grid: &mut Grid) -> Result<Task, Impossible>;

    /// Whether its mazes are trees: exactly one path leads from each floor cell to each other one.
    fn makes_trees(&self) -> bool {
        false
    }
}

/// Draws a column and a row until they give a floor cell. There must be one.
fn pick_place(random: &mut Random, grid: &Grid) -> usize {
    loop {
        let x = random.below(grid.cols);
        let y = random.below(grid.rows);
        let cell = grid.cell(x, y);
        if grid.floor[cell] == 1 {
            return cell;
        }
    }
}

/// Draws start and goal by their numbers among the floor cells. The goal is drawn again until it differs from the start.
fn pick_two_floors(random: &mut Random, grid: &Grid, floors: usize) -> Result<Task, Impossible> {
    if floors < 2 {
        return Err(Impossible::FewFloors { found: floors });
    }
    let start = random.below(floors);
    loop {
        let goal = random.below(floors);
        if goal != start {
            return Ok((grid.nth_floor(start), grid.nth_floor(goal)));
        }
    }
}
