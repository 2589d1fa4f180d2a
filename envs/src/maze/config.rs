//! Settings of mazes.

use serde::{Deserialize, Serialize};

use super::MAX_SIDE;
use crate::environment::ConfigError;
use crate::settings::{Amount, Range, amount_within, within};

/// Rooms on a lattice, one cell each and one cell apart, joined to a tree: there is exactly one path between any two. Columns and
/// rows of rooms are the even or the odd ones, by coin (Beyond Semantics, arXiv 2505.13775).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lattice {}

/// A drunkard's walk from a cell drawn at random: every cell on it is dug out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DrunkardsWalk {
    /// How much of the maze is dug out, in percent of its cells, 5 to 95.
    pub coverage_percent: Amount,
}

impl Default for DrunkardsWalk {
    fn default() -> Self {
        DrunkardsWalk { coverage_percent: Amount::Exactly(50) }
    }
}

/// Walls on cells drawn at random, as in Searchformer (Lehnert et al. 2024): every set of as many walls is equally likely.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RandomWalls {
    /// How many cells are walls, in percent, 0 to 50; every number of walls between the ends is equally likely.
    pub walls_percent: Amount,
}

impl Default for RandomWalls {
    fn default() -> Self {
        RandomWalls { walls_percent: Amount::Between(Range { min: 30, max: 50 }) }
    }
}

/// Caves: walls by chance, then a few rounds in which a cell becomes a wall where at least five of the nine cells around and
/// including it are walls (the 4-5 rule of roguelike games; Johnson, Yannakakis and Togelius 2010). Beyond the edge it is as at
/// the edge. Only the largest cave is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CellularAutomata {
    /// How many cells are walls at first, in percent, 20 to 50.
    pub walls_percent: Amount,
    /// Number of rounds, 0 to 20.
    pub rounds: u64,
}

impl Default for CellularAutomata {
    fn default() -> Self {
        CellularAutomata { walls_percent: Amount::Exactly(40), rounds: 3 }
    }
}

/// Rectangular rooms that may overlap, each joined to the one before by a corridor with one bend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rooms {
    /// Number of rooms, 1 to 1,000.
    pub rooms: Amount,
    /// Sides of a room in cells, 2 to 50; cut to the maze's.
    pub side: Amount,
}

impl Default for Rooms {
    fn default() -> Self {
        Rooms { rooms: Amount::Between(Range { min: 4, max: 9 }), side: Amount::Between(Range { min: 2, max: 5 }) }
    }
}

/// How the walls come about: a table with `kind` and what belongs to the kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Layout {
    /// Loop-erased random walks: every tree of the rooms is equally likely (Wilson 1996).
    Wilson(Lattice),
    /// Walls between rooms that are not yet joined fall in random order (Kruskal 1956).
    Kruskal(Lattice),
    /// A walk to rooms not yet visited, back where there is none: long corridors.
    DepthFirst(Lattice),
    /// From one room on, a random room beside the maze is joined to it (after Prim 1957): many short dead ends.
    Prim(Lattice),
    /// A drunkard digs.
    DrunkardsWalk(DrunkardsWalk),
    /// Walls by chance.
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
    /// How the walls come about: `{ kind = "wilson" }`.
    pub layout: Layout,
    /// Number of columns, 3 to 200.
    pub width: Amount,
    /// Number of rows, 3 to 200.
    pub height: Amount,
    /// Least number of steps of a shortest path from start to goal. Left out: 1; with `random-walls` as in Searchformer, so that
    /// the path has as many cells as the longer side, but at most twice the shorter, and at most 20 with more than 40 percent of
    /// walls at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_path: Option<u64>,
    /// How many puzzles share the same walls, 1 to 1,000: different ones, as far as the walls have so many.
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

/// With at most so many walls in percent there are paths through large mazes: they need 59.3 percent of open cells (site
/// percolation on the square lattice).
const FEW_WALLS: u64 = 40;
/// With more walls there are paths as long as the longer side up to this one.
const FAR: u64 = 20;

impl RandomWalls {
    /// As many steps as a path has that is as long as the longer side; less in long narrow mazes and behind many walls.
    fn long_path(&self, width: u64, height: u64) -> u64 {
        let side = width.max(height).min(2 * width.min(height));
        if self.walls_percent.min() <= FEW_WALLS { side - 1 } else { side.min(FAR) - 1 }
    }
}

impl Config {
    /// Least steps from start to goal in a maze of this size.
    pub(super) fn least_path(&self, width: usize, height: usize) -> u64 {
        match (self.min_path, &self.layout) {
            (Some(least), _) => least,
            (None, Layout::RandomWalls(layout)) => layout.long_path(width as u64, height as u64),
            (None, _) => 1,
        }
    }

    /// The longest least path that mazes of the smallest size have often enough to be found by drawing.
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

    /// Refuses what cannot be, before anything is drawn.
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
