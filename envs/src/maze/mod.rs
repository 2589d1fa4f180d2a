//! Mazes: from a start to a goal over the cells of a grid, around walls.
//!
//! A worked puzzle, with `#` for walls, row 0 at the top:
//!
//! ```text
//! y = 0   S . .
//! y = 1   . # #
//! y = 2   . . G
//! ```
//!
//! From (0, 0) to (2, 2): down, down, right, right. It costs 4, one for each step, and no other path is as short.
//!
//! A state is a cell. A move is one of the four directions, in the order down (y + 1), up, left, right. This order and the order of states (by y, then by x)
//! are those of Searchformer (Lehnert et al. 2024, "Beyond A*: Better Planning with Transformers via Search Dynamics Bootstrapping"), which breaks ties by x +
//! 100,000 y.
//!
//! Layouts: the walls of Searchformer; perfect mazes on a lattice of rooms as in Beyond Semantics (Stechly et al. 2025, arXiv
//! 2505.13775), by Wilson's (1996), Kruskal's and Prim's algorithms and by depth-first search; drunkard's walks; caves by a
//! cellular automaton (Johnson, Yannakakis and Togelius 2010); rooms with corridors. See [`Layout`].
//!
//! Facts: `solutions` counts the shortest paths, at most 2^64 - 1. `difficulty` is the number of cells that breadth-first search from the start expands before
//! it expands the goal; if there is no path, the number of reachable cells.

mod answer;
mod atoms;
mod config;
mod damage;
mod floor;
mod generate;
mod instruct;
mod json;
mod lattice;
mod numbered;
mod open;
mod solve;
mod trees;

pub use config::{CellularAutomata, Config, DrunkardsWalk, Lattice, Layout, RandomWalls, Rooms};
pub use floor::{Floor, MAX_SIDE};
pub use generate::{layout, task};
pub use solve::Steps;

use crate::environment::twin::{self, Symmetry};
use crate::prelude::*;

/// A cell of a maze. Cells are ordered by row, then by column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    /// Row; row 0 is at the top.
    pub y: u8,
    /// Column.
    pub x: u8,
}

impl Cell {
    /// The cell in a column and a row.
    pub fn new(x: u8, y: u8) -> Self {
        Cell { y, x }
    }
}

/// A step to a neighbouring cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// To the next greater y.
    Down,
    /// To the next lesser y.
    Up,
    /// To the next lesser x.
    Left,
    /// To the next greater x.
    Right,
}

/// All directions, in the order of successors.
pub const DIRECTIONS: [Direction; 4] = [Direction::Down, Direction::Up, Direction::Left, Direction::Right];

impl Direction {
    /// The cell in this direction; none below 0 or above 255.
    #[inline]
    pub fn from(self, cell: Cell) -> Option<Cell> {
        let Cell { x, y } = cell;
        Some(match self {
            Direction::Down => Cell { x, y: y.checked_add(1)? },
            Direction::Up => Cell { x, y: y.checked_sub(1)? },
            Direction::Left => Cell { x: x.checked_sub(1)?, y },
            Direction::Right => Cell { x: x.checked_add(1)?, y },
        })
    }
}

/// A maze with its start and its goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maze {
    floor: Floor,
    start: Cell,
    goal: Cell,
    /// The solver facts, found when the maze is made.
    facts: SolverFacts,
}

impl Maze {
    /// A maze of a size with walls on the listed cells, each listed once.
    pub fn new(
        width: usize,
        height: usize,
        walls: impl IntoIterator<Item = Cell>,
        start: Cell,
        goal: Cell,
    ) -> Result<Maze, PuzzleError> {
        for (field, side) in [("width", width), ("height", height)] {
            PuzzleError::within(field, side as u64, 1u64, MAX_SIDE as u64)?;
        }
        let mut floor = Floor::empty(width, height);
        for wall in walls {
            if !floor.is_open(wall) {
                let Cell { x, y } = wall;
                return Err(PuzzleError::new("walls", format_args!("[{x},{y}]"), "cells of the maze, each once"));
            }
            floor.build(wall);
        }
        for (field, Cell { x, y }) in [("start", start), ("goal", goal)] {
            if !floor.is_open(Cell { x, y }) {
                return Err(PuzzleError::new(field, format_args!("[{x},{y}]"), "cells of the maze without walls"));
            }
        }
        Ok(Maze { facts: solve::facts(&floor, start, goal), floor, start, goal })
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.floor.width()
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.floor.height()
    }

    /// The start cell.
    pub fn start_cell(&self) -> Cell {
        self.start
    }

    /// The goal cell.
    pub fn goal_cell(&self) -> Cell {
        self.goal
    }

    /// The walls.
    pub fn floor(&self) -> &Floor {
        &self.floor
    }

    /// The cell after a step; none into a wall, off the edge, or from a wall.
    #[inline]
    fn step(&self, cell: Cell, direction: Direction) -> Option<Cell> {
        let to = direction.from(cell)?;
        (self.floor.is_open(cell) && self.floor.is_open(to)).then_some(to)
    }

    /// Size and walls of the least image under the symmetries of the grid, and start and goal on it. Of images with equal walls, the least start and goal.
    fn least(&self) -> (Walls, [Cell; 2]) {
        let size = (self.width(), self.height());
        let (upright, turned) = (self.floor.lines(), self.floor.columns());
        let image = |symmetry: Symmetry| {
            let place = |Cell { x, y }: Cell| {
                let (x, y) = symmetry.cell(size, (x.into(), y.into()));
                Cell::new(x as u8, y as u8)
            };
            // the images of the first row and column determine those of the others
            let turns = symmetry.size((1, 2)) == (2, 1);
            let ((width, height), lines) = (symmetry.size(size), if turns { &turned } else { &upright });
            let first = place(Cell { x: 0, y: 0 });
            ((width, height, packed(lines, width, [first.x > 0, first.y > 0])), [self.start, self.goal].map(place))
        };
        let first = image(Symmetry::ALL[0]);
        Symmetry::ALL[1..].iter().map(|&symmetry| image(symmetry)).fold(first, std::cmp::min)
    }

    fn hash_walls(&self, hasher: &mut blake3::Hasher) {
        let mut bytes = Vec::with_capacity(8 * self.floor.bits().len() + 2);
        bytes.extend_from_slice(&[self.width() as u8, self.height() as u8]);
        bytes.extend(self.floor.bits().iter().flat_map(|word| word.to_le_bytes()));
        hasher.update(&bytes);
    }
}

/// Width, height, and the open cells, row by row, one bit each.
type Walls = (usize, usize, Vec<u64>);

/// Lines of cells one after the other, one bit each. On request, each line is mirrored, and the last one comes first.
fn packed(lines: &[floor::Line], width: usize, [mirrored, last_first]: [bool; 2]) -> Vec<u64> {
    let mut open = vec![0u64; (width * lines.len()).div_ceil(64)];
    for place in 0..lines.len() {
        let mut line = lines[if last_first { lines.len() - 1 - place } else { place }];
        if mirrored {
            line = floor::mirrored(line, width);
        }
        let (word, shift) = ((place * width) >> 6, (place * width) & 63);
        for (offset, bits) in line.into_iter().take(width.div_ceil(64)).enumerate() {
            open[word + offset] |= bits << shift;
            if let Some(next) = open.get_mut(word + offset + 1).filter(|_| shift > 0) {
                *next |= bits >> (64 - shift);
            }
        }
    }
    open
}

fn bytes_of_walls((width, height, open): &Walls) -> Vec<u8> {
    let sides = [*width as u8, *height as u8];
    sides.into_iter().chain(open.iter().flat_map(|word| word.to_le_bytes())).collect()
}

/// The heuristics, by index.
const SPECS: &[HeuristicSpec] = &[
    HeuristicSpec::consistent("manhattan", "columns and rows between cell and goal (Searchformer)"),
    HeuristicSpec::consistent("euclidean", "straight distance to the goal, rounded down"),
    HeuristicSpec::consistent("chebyshev", "the greater of columns and rows between cell and goal"),
];

const LAYOUT: usize = 0;

impl Environment for Maze {
    const ABOUT: About = About {
        name: "maze",
        version: 3,
        help: "find a shortest path through a maze; eight layouts, from 3x3 to 200x200",
        answer_form: "the directions up, down, left and right, or the cells of the path as (column, row)",
        state_noun: "Cell",
        heuristics: SPECS,
        move_claim: MoveClaim::Result,
        difficulty: "cells that breadth-first search takes before the goal",
        walks_turn_back: true,
        two_way: true,
        words: &["up", "down", "left", "right", "wall", "size"],
        keys: &["layout", "size"],
        prompts: &["searchformer"],
        ..About::NEW
    };

    type Config = Config;
    type State = Cell;
    type Move = Direction;

    fn levels() -> [Config; 3] {
        let of = |side, min_path| Config {
            width: Amount::Exactly(side),
            height: Amount::Exactly(side),
            min_path: Some(min_path),
            ..Config::default()
        };
        [of(7, 4), of(15, 10), of(30, 30)]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config.check()
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        task(config, &layout(config, draw)?, draw)
    }

    fn canonical(&self) -> Self {
        self.clone()
    }

    fn start(&self) -> Cell {
        self.start
    }

    #[inline]
    fn is_goal(&self, state: &Cell) -> bool {
        *state == self.goal
    }

    #[inline]
    fn successors(&self, state: &Cell, out: &mut Vec<Step<Direction, Cell>>) {
        if !self.floor.is_open(*state) {
            return;
        }
        let (here, stride) = (self.floor.place(*state), self.floor.stride());
        let Cell { x, y } = *state;
        // There are walls all around, so no coordinate wraps around on an open cell.
        let near = [
            (here + stride, Cell { x, y: y.wrapping_add(1) }),
            (here - stride, Cell { x, y: y.wrapping_sub(1) }),
            (here - 1, Cell { x: x.wrapping_sub(1), y }),
            (here + 1, Cell { x: x.wrapping_add(1), y }),
        ];
        for (action, (there, state)) in DIRECTIONS.into_iter().zip(near) {
            if self.floor.open_at(there) {
                out.push(Step { action, state, cost: 1 });
            }
        }
    }

    #[inline]
    fn apply(&self, state: &Cell, action: Direction) -> Option<(Direction, Cell, Cost)> {
        self.step(*state, action).map(|to| (action, to, 1))
    }

    #[inline]
    fn is_terminal(&self, state: &Cell) -> bool {
        if !self.floor.is_open(*state) {
            return true;
        }
        let (here, stride) = (self.floor.place(*state), self.floor.stride());
        let near = [here + stride, here - stride, here - 1, here + 1];
        !near.into_iter().fold(false, |any, there| any | self.floor.open_at(there))
    }

    #[inline]
    fn estimate(&self, heuristic: usize, state: &Cell) -> Cost {
        let columns = Cost::from(state.x.abs_diff(self.goal.x));
        let rows = Cost::from(state.y.abs_diff(self.goal.y));
        match heuristic {
            0 => columns + rows,
            1 => (columns * columns + rows * rows).isqrt(),
            _ => columns.max(rows),
        }
    }

    fn solver_facts(&self) -> SolverFacts {
        self.facts
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        let steps = Steps::to(&self.floor, self.goal);
        DistanceTable::new(move |puzzle: &Self, state: &Cell| steps.of(&puzzle.floor, *state))
    }
}

impl Splits for Maze {
    fn distinct_space(config: &Config) -> Option<Space> {
        numbered::space(config)
    }

    fn at(config: &Config, _stratum: u64, index: u128, draw: &mut Draw) -> Result<Self, Reject> {
        numbered::at(config, index, draw)
    }

    fn hold_out_key(&self, key: usize) -> u64 {
        if key == LAYOUT {
            (self.family().map_or(0, |family| family.0) >> 64) as u64
        } else {
            1000 * self.width() as u64 + self.height() as u64
        }
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        let heights = config.height.min()..=config.height.max();
        let sizes = |width| heights.clone().map(move |height| 1000 * width + height);
        (key != LAYOUT).then(|| (config.width.min()..=config.width.max()).flat_map(sizes).collect())
    }

    /// A hash of the bits, and not of the JSON, which is ten times as long.
    fn id(&self) -> PuzzleId {
        let mut hasher = blake3::Hasher::new();
        hasher.update(Self::ABOUT.name.as_bytes());
        hasher.update(&[b'\n', self.start.x, self.start.y, self.goal.x, self.goal.y]);
        self.hash_walls(&mut hasher);
        let hash = hasher.finalize();
        PuzzleId(u128::from_be_bytes(std::array::from_fn(|i| hash.as_bytes()[i])))
    }

    /// A maze may be turned and mirrored.
    fn twin(&self) -> PuzzleId {
        let (walls, ends) = self.least();
        let mut key = bytes_of_walls(&walls);
        key.extend(ends.iter().flat_map(|cell| [cell.x, cell.y]));
        twin::id(Self::ABOUT.name, &key)
    }
}

impl SharedGround for Maze {
    fn tasks(config: &Config) -> u64 {
        config.tasks
    }

    fn another_task(&self, config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        task(config, &self.floor, draw)
    }

    /// All puzzles with the same walls, turned or mirrored, belong to one split, as in Searchformer.
    fn family(&self) -> Option<PuzzleId> {
        Some(twin::id(Self::ABOUT.name, &bytes_of_walls(&self.least().0)))
    }
}

impl SearchSupport for Maze {
    fn two_way_goal(&self) -> Option<Cell> {
        Some(self.goal)
    }

    fn index_bound(&self) -> Option<usize> {
        Some(self.width() * self.height())
    }

    #[inline]
    fn index(&self, state: &Cell) -> usize {
        usize::from(state.y) * self.width() + usize::from(state.x)
    }
}

impl Prompts for Maze {
    fn write_prompt(&self, _grammar: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(b"start ");
        atoms::cell(out, Style::Compact, self.start);
        out.extend_from_slice(b" goal ");
        atoms::cell(out, Style::Compact, self.goal);
        atoms::write_walls(&self.floor, [b" wall ", b" ", b""], out);
    }

    fn read_prompt(_kind: usize, _grammar: &str, text: &str) -> Option<serde_json::Value> {
        atoms::read_searchformer(text)
    }

    fn untold(_kind: usize, _grammar: &str) -> Option<&'static str> {
        Some("the size of the board; it is taken to be the smallest that holds all cells that are told")
    }
}

impl Kinds for Maze {}
impl Variables for Maze {}

#[cfg(test)]
mod tests;
