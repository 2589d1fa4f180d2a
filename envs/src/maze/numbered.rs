//! The numbered space of mazes: every puzzle of one size has a number.
//!
//! Wilson's layout draws all trees of the rooms, so counting trees ([`super::trees`]) numbers the walls. Start and goal are two of the cells that can be open.
//! Of mazes that can be turned or mirrored into each other, one is the representative: the one with the least start and goal, and of those the one with the
//! least walls. Most candidates can be rejected by start and goal alone, before a tree is looked up. The representative is shown in a random one of its images,
//! so that starts can be anywhere.

use super::config::{Config, Layout};
use super::trees::{self, Trees};
use super::{Cell, Floor, Maze, solve};
use crate::draw::Draw;
use crate::environment::Reject;
use crate::environment::twin::Symmetry;
use crate::splits::Space;

/// Mazes of one size with the same first room: columns and rows of rooms are the even or the odd ones.
struct Part {
    first: [usize; 2],
    columns: usize,
    rows: usize,
    trees: &'static Trees,
}

impl Part {
    /// Number of cells that can be open: rooms and the walls between two of them.
    fn cells(&self) -> usize {
        (2 * self.columns - 1) * (2 * self.rows - 1) - (self.columns - 1) * (self.rows - 1)
    }

    /// The cell with a number among those that can be open.
    fn cell(&self, number: usize) -> Cell {
        // a row of rooms has one cell for each column and for each wall between columns; the row below has one for each column
        let (in_row, in_two) = (2 * self.columns - 1, 3 * self.columns - 1);
        let (two, rest) = (number / in_two, number % in_two);
        let (x, y) = if rest < in_row { (rest, 2 * two) } else { (2 * (rest - in_row), 2 * two + 1) };
        Cell::new((self.first[0] + x) as u8, (self.first[1] + y) as u8)
    }

    fn pairs(&self) -> u128 {
        let cells = self.cells() as u128;
        cells * (cells - 1)
    }

    fn size(&self) -> Option<u128> {
        self.trees.count().checked_mul(self.pairs())
    }

    fn floor(&self, width: usize, height: usize, tree: u128) -> Floor {
        let mut floor = Floor::solid(width, height);
        let turned = self.columns > self.rows;
        let flip = |[across, along]: [usize; 2]| if turned { [along, across] } else { [across, along] };
        for (room, joined) in self.trees.tree(tree) {
            let [x, y] = flip(room);
            let (x, y) = ((self.first[0] + 2 * x) as u8, (self.first[1] + 2 * y) as u8);
            floor.dig(Cell { x, y });
            let [left, above] = if turned { [joined[1], joined[0]] } else { joined };
            if left {
                floor.dig(Cell { x: x.wrapping_sub(1), y });
            }
            if above {
                floor.dig(Cell { x, y: y.wrapping_sub(1) });
            }
        }
        floor
    }
}

/// The parts of the space; none if the settings have no numbered space. There are always at least two rooms, as in drawn mazes.
fn parts(config: &Config) -> Option<impl Iterator<Item = Option<Part>>> {
    let fixed = config.width.min() == config.width.max() && config.height.min() == config.height.max();
    let wilson = matches!(config.layout, Layout::Wilson(_));
    let (width, height) = (config.width.min() as usize, config.height.min() as usize);
    (wilson && fixed && config.tasks == 1).then_some(())?;
    let firsts = [[0, 0], [1, 0], [0, 1], [1, 1]].into_iter();
    Some(firsts.map(move |first| {
        let (columns, rows) = (width.checked_sub(first[0])?.div_ceil(2), height.checked_sub(first[1])?.div_ceil(2));
        Some(Part { first, columns, rows, trees: trees::all(columns, rows)? })
    }))
}

/// The space of the settings; none if they have no numbered space, or one of more than 2^128 candidates.
pub fn space(config: &Config) -> Option<Space> {
    let size = parts(config)?.try_fold(0u128, |all, part| all.checked_add(part?.size()?))?;
    Some(Space { strata: 1, size })
}

/// The candidate with a number, in a random one of its images.
pub fn at(config: &Config, mut index: u128, draw: &mut Draw) -> Result<Maze, Reject> {
    let size = (config.width.min() as usize, config.height.min() as usize);
    for part in parts(config).ok_or(Reject)? {
        let part = part.ok_or(Reject)?;
        let candidates = part.size().ok_or(Reject)?;
        if index >= candidates {
            index -= candidates;
            continue;
        }
        let others = part.cells() as u128 - 1;
        let (tree, pair) = (index / part.pairs(), index % part.pairs());
        let (start, goal) = ((pair / others) as usize, (pair % others) as usize);
        let ends = [start, goal + usize::from(goal >= start)].map(|number| part.cell(number));
        if symmetries(size).any(|symmetry| ends.map(|cell| image(symmetry, size, cell)) < ends) {
            return Err(Reject);
        }
        let floor = part.floor(size.0, size.1, tree);
        if ends.iter().any(|&cell| !floor.is_open(cell)) || !is_least(&floor, ends) {
            return Err(Reject);
        }
        let ways = symmetries(size).count();
        let shown = symmetries(size).nth(draw.index(ways)).ok_or(Reject)?;
        let (floor, [start, goal]) = (turned(&floor, shown), ends.map(|cell| image(shown, size, cell)));
        let facts = solve::facts(&floor, start, goal);
        let far = facts.optimal_cost.is_some_and(|cost| cost >= config.least_path(size.0, size.1));
        return if far { Ok(Maze { floor, start, goal, facts }) } else { Err(Reject) };
    }
    Err(Reject)
}

/// The symmetries that keep the size.
fn symmetries(size: (usize, usize)) -> impl Iterator<Item = Symmetry> {
    Symmetry::ALL.into_iter().filter(move |symmetry| symmetry.size(size) == size)
}

fn image(symmetry: Symmetry, size: (usize, usize), Cell { x, y }: Cell) -> Cell {
    let (x, y) = symmetry.cell(size, (x.into(), y.into()));
    Cell::new(x as u8, y as u8)
}

/// The walls after a symmetry that keeps the size.
fn turned(floor: &Floor, symmetry: Symmetry) -> Floor {
    let (width, height) = (floor.width(), floor.height());
    let mut turned = Floor::solid(width, height);
    let cells = (0..height).flat_map(|y| (0..width).map(move |x| Cell::new(x as u8, y as u8)));
    let open = cells.filter(|&cell| floor.is_open(cell));
    open.for_each(|cell| turned.dig(image(symmetry, (width, height), cell)));
    turned
}

/// Whether no symmetry that keeps start and goal gives lesser walls.
fn is_least(floor: &Floor, ends: [Cell; 2]) -> bool {
    let size = (floor.width(), floor.height());
    let in_place = |symmetry: &Symmetry| ends.map(|cell| image(*symmetry, size, cell)) == ends;
    symmetries(size).skip(1).filter(in_place).all(|symmetry| turned(floor, symmetry).bits() >= floor.bits())
}

#[cfg(test)]
mod tests {
    use super::super::config::Lattice;
    use super::*;
    use crate::draw::Streams;
    use crate::environment::Environment;
    use crate::settings::{Amount, Range};
    use crate::splits::Splits;
    use std::collections::{BTreeMap, BTreeSet};

    fn config(width: u64, height: u64, min_path: u64) -> Config {
        let (width, height) = (Amount::Exactly(width), Amount::Exactly(height));
        Config { layout: Layout::Wilson(Lattice {}), width, height, min_path: Some(min_path), tasks: 1 }
    }

    fn whole(config: &Config) -> Vec<Maze> {
        let mut draw = Streams::new(1, "test", "shown").at(0);
        (0..space(config).unwrap().size).filter_map(|index| at(config, index, &mut draw).ok()).collect()
    }

    #[test]
    fn the_space_is_what_is_drawn_one_of_all_twins() {
        for (width, height, min_path) in [(3, 3, 1), (3, 5, 3), (5, 3, 2), (4, 4, 3), (5, 4, 4), (5, 5, 6)] {
            let config = config(width, height, min_path);
            let all = whole(&config);
            let twins: BTreeSet<_> = all.iter().map(|maze| maze.twin()).collect();
            assert_eq!(twins.len(), all.len(), "{width} x {height}: no twins");
            let streams = Streams::new(1, "test", "numbered");
            let drawn = (0..20_000).filter_map(|index| Maze::generate(&config, &mut streams.at(index)).ok());
            let drawn: BTreeMap<_, _> = drawn.map(|maze| (maze.twin(), maze)).collect();
            assert!(drawn.keys().all(|twin| twins.contains(twin)), "{width} x {height}: all that can be drawn");
            assert!(2 * drawn.len() > twins.len().min(20_000), "{} of {}", drawn.len(), twins.len());
        }
    }

    /// Compares with another method: every pair of ends in every set of walls between rooms that leaves a tree.
    #[test]
    fn no_maze_of_a_size_is_missing() {
        let (width, height) = (5u8, 4u8);
        let cells: Vec<Cell> = (0..height).flat_map(|y| (0..width).map(move |x| Cell { x, y })).collect();
        let mut twins = BTreeSet::new();
        for first in [[0, 0], [1, 0], [0, 1], [1, 1]] {
            let is_room = |x: u8, y: u8| x < width && y < height && x % 2 == first[0] && y % 2 == first[1];
            let beside = |at: u8| [at.wrapping_sub(1), at + 1];
            let is_between = |&Cell { x, y }: &Cell| {
                beside(x).iter().all(|&x| is_room(x, y)) || beside(y).iter().all(|&y| is_room(x, y))
            };
            let rooms: Vec<Cell> = cells.iter().copied().filter(|cell| is_room(cell.x, cell.y)).collect();
            let walls: Vec<Cell> = cells.iter().copied().filter(is_between).collect();
            for fallen in 0..1u32 << walls.len() {
                let fallen = walls.iter().enumerate().filter(|(bit, _)| fallen >> bit & 1 == 1).map(|(_, &cell)| cell);
                let open: Vec<Cell> = rooms.iter().copied().chain(fallen).collect();
                let closed = || cells.iter().copied().filter(|cell| !open.contains(cell));
                let maze =
                    |[start, goal]: [Cell; 2]| Maze::new(width.into(), height.into(), closed(), start, goal).unwrap();
                // as few open walls as join all rooms: a tree
                if open.len() == 2 * rooms.len() - 1 && rooms.iter().all(|&room| maze([rooms[0], room]).facts.solvable)
                {
                    let ends = open.iter().flat_map(|&start| open.iter().map(move |&goal| [start, goal]));
                    twins.extend(ends.filter(|[start, goal]| start != goal).map(|ends| maze(ends).twin()));
                }
            }
        }
        let all: BTreeSet<_> = whole(&config(5, 4, 1)).iter().map(|maze| maze.twin()).collect();
        assert_eq!(all, twins);
        assert!(all.len() > 500, "{}", all.len());
    }

    #[test]
    fn mazes_are_shown_in_all_ways() {
        let all = whole(&config(5, 5, 3));
        let starts = |quarter: fn(Cell) -> bool| all.iter().filter(|maze| quarter(maze.start)).count();
        let quarters = [
            starts(|start| start.x < 2 && start.y < 2),
            starts(|start| start.x > 2 && start.y < 2),
            starts(|start| start.x < 2 && start.y > 2),
            starts(|start| start.x > 2 && start.y > 2),
        ];
        let expected = quarters.iter().sum::<usize>() / 4;
        assert!(quarters.iter().all(|&count| count.abs_diff(expected) * 5 < expected), "{quarters:?}");
    }

    #[test]
    fn only_one_size_of_uniform_trees_has_a_number() {
        assert!(space(&config(16, 16, 1)).is_some() && space(&config(5, 60, 1)).is_some());
        assert!(space(&config(17, 17, 1)).is_none() && space(&config(16, 40, 1)).is_none());
        let sizes = Amount::Between(Range { min: 5, max: 7 });
        let mut draw = Streams::new(1, "test", "sizes").at(0);
        let more = [
            Config { width: sizes, ..config(7, 7, 4) },
            Config { tasks: 2, ..config(7, 7, 4) },
            Config { layout: Layout::Kruskal(Lattice {}), ..config(7, 7, 4) },
        ];
        assert!(more.iter().all(|config| space(config).is_none() && at(config, 0, &mut draw).is_err()));
        let large = config(15, 15, 10);
        let size = space(&large).unwrap().size;
        assert!((0..2000).any(|part| at(&large, size / 2000 * part, &mut draw).is_ok()));
        assert!(at(&large, size, &mut draw).is_err());
    }
}
