//! Settings of mazes.

use serde::{Deserialize, Serialize};

use super::MAX_SIDE;
use crate::environment::ConfigError;
use crate::settings::{Amount, Range, amount_within, within};

/// Rooms on a lattice, each one cell large and one cell from the next, joined to a tree: there is exactly one path between any two. Columns and rows of rooms
/// are the even or the odd ones, at random (Beyond Semantics, arXiv 2505.13775).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lattice {}

/// A drunkard's walk from a random cell. Every cell on it is dug out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DrunkardsWalk {
    /// Percentage of the cells to dig out, 5 to 95.
    pub coverage_percent: Amount,
}

impl Default for DrunkardsWalk {
    fn default() -> Self {
        DrunkardsWalk { coverage_percent: Amount::Exactly(50) }
    }
}

/// Walls on random cells, as in Searchformer (Lehnert et al. 2024). Every set of the same size is equally likely.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RandomWalls {
    /// Percentage of walls, 0 to 50. Every number of walls in the range is equally likely.
    pub walls_percent: Amount,
}

impl Default for RandomWalls {
    fn default() -> Self {
        RandomWalls { walls_percent: Amount::Between(Range { min: 30, max: 50 }) }
    }
}

/// Caves: random walls, then a few rounds in which a cell becomes a wall if at least five of the nine cells around and including it are walls (the 4-5 rule of
/// roguelike games; Johnson, Yannakakis and Togelius 2010). Cells beyond the edge count like those at the edge. Only the largest cave is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CellularAutomata {
    /// Percentage of walls at first, 20 to 50.
    pub walls_percent: Amount,
    /// Number of rounds, 0 to 20.
    pub rounds: u64,
}

impl Default for CellularAutomata {
    fn default() -> Self {
        CellularAutomata { walls_percent: Amount::Exactly(40), rounds: 3 }
    }
}

/// Rectangular rooms that may overlap, each joined to the previous one by a corridor with one bend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rooms {
    /// Number of rooms, 1 to 1,000.
    pub rooms: Amount,
    /// Sides of a room in cells, 2 to 50, limited by the maze's.
    pub side: Amount,
}

impl Default for Rooms {
    fn default() -> Self {
        Rooms { rooms: Amount::Between(Range { min: 4, max: 9 }), side: Amount::Between(Range { min: 2, max: 5 }) }
    }
}

/// How the walls are drawn: a table with `kind` and the fields of this kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Layout {
    /// Loop-erased random walks: every tree of the rooms is equally likely (Wilson 1996).
    Wilson(Lattice),
    /// Removes walls between rooms that are not yet joined, in random order (Kruskal 1956).
    Kruskal(Lattice),
    /// A walk to unvisited rooms that backtracks if there is none: long corridors.
    DepthFirst(Lattice),
    /// Starts with a room and joins random rooms beside the maze to it (after Prim 1957): many short dead ends.
    Prim(Lattice),
    /// A random walk that digs.
    DrunkardsWalk(DrunkardsWalk),
    /// Random walls.
    RandomWalls(RandomWalls),
    /// Caves.
    CellularAutomata(CellularAutomata),
    /// Rooms and corridors.
    Rooms(Rooms),
}

/// Settings of the generator of mazes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// How the walls are drawn: `{ kind = "wilson" }`.
    pub layout: Layout,
    /// Number of columns, 3 to 200.
    pub width: Amount,
    /// Number of rows, 3 to 200.
    pub height: Amount,
    /// Least number of steps of a shortest path from start to goal. The default is 1. With `random-walls` it is as in Searchformer: the path has as many cells
    /// as the longer side, but at most twice the shorter side, and at most 20 cells if the least `walls_percent` is above 40.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_path: Option<u64>,
    /// Number of puzzles with the same walls, 1 to 1,000. They are different as far as the walls allow.
    pub tasks: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            layout: Layout::Wilson(Lattice {}),
            width: Amount::Exactly(15),
            height: Amount::Exactly(15),
            min_path: None,
            tasks: 1,
        }
    }
}

/// Greatest percentage of walls for which large mazes have long paths. Paths need 59.3 percent of open cells (site percolation on the square lattice).
const FEW_WALLS: u64 = 40;
/// With more walls, the required path has at most this many cells.
const FAR: u64 = 20;

impl RandomWalls {
    /// Number of steps of a path with as many cells as the longer side; less in long narrow mazes and with many walls.
    fn long_path(&self, width: u64, height: u64) -> u64 {
        let side = width.max(height).min(2 * width.min(height));
        if self.walls_percent.min() <= FEW_WALLS { side - 1 } else { side.min(FAR) - 1 }
    }
}

impl Config {
    /// Least number of steps from start to goal in a maze of this size.
    pub(super) fn least_path(&self, width: usize, height: usize) -> u64 {
        match (self.min_path, &self.layout) {
            (Some(least), _) => least,
            (None, Layout::RandomWalls(layout)) => layout.long_path(width as u64, height as u64),
            (None, _) => 1,
        }
    }

    /// Greatest `min_path` that mazes of the smallest size satisfy often enough for drawing.
    fn longest_path(&self) -> u64 {
        let (width, height) = (self.width.min(), self.height.min());
        match &self.layout {
            Layout::Wilson(_) | Layout::Kruskal(_) | Layout::DepthFirst(_) | Layout::Prim(_) => width + height - 4,
            Layout::DrunkardsWalk(layout) => {
                (width * height * layout.coverage_percent.min() / 100).isqrt().clamp(1, width + height - 4)
            }
            Layout::RandomWalls(layout) => layout.long_path(width, height),
            Layout::CellularAutomata(_) => (width.min(height) / 3).max(1),
            Layout::Rooms(layout) if layout.rooms.min() > 1 => width.max(height) / 2,
            Layout::Rooms(layout) => [width, height].map(|side| layout.side.min().min(side) - 1).iter().sum(),
        }
    }

    fn check_layout(&self) -> Result<(), ConfigError> {
        match &self.layout {
            Layout::Wilson(_) | Layout::Kruskal(_) | Layout::DepthFirst(_) | Layout::Prim(_) => Ok(()),
            Layout::DrunkardsWalk(layout) => amount_within("layout.coverage_percent", layout.coverage_percent, 5, 95),
            Layout::RandomWalls(layout) => amount_within("layout.walls_percent", layout.walls_percent, 0, 50),
            Layout::CellularAutomata(layout) => {
                amount_within("layout.walls_percent", layout.walls_percent, 20, 50)?;
                within("layout.rounds", layout.rounds, 0, 20)
            }
            Layout::Rooms(layout) => {
                amount_within("layout.rooms", layout.rooms, 1, 1000)?;
                amount_within("layout.side", layout.side, 2, 50)
            }
        }
    }

    /// Refuses impossible settings.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        for (field, side) in [("width", self.width), ("height", self.height)] {
            amount_within(field, side, 3, MAX_SIDE as u64)?;
        }
        self.check_layout()?;
        within("tasks", self.tasks, 1, 1000)?;
        let longest = self.longest_path();
        match self.min_path {
            Some(least) if !(1..=longest).contains(&least) => {
                let allowed = format!("1 to {longest} with this layout in the smallest maze");
                Err(ConfigError::new("min_path", least, allowed))
            }
            _ => Ok(()),
        }
    }
}
