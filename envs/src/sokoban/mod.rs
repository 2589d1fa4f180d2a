//! Sokoban: push every box onto a dock.
//!
//! A worker walks over the floor of a walled board, one cell up, down, left or right at a time. Every step costs 1. A step into a box pushes it one cell on, if
//! the next cell is floor without a box. Boxes are never pulled, and all boxes are alike. Drawn puzzles have as many docks as boxes; others can have more, and
//! then some stay free. The column is x, the row is y, and row 0 is at the top.
//!
//! ```
//! use sos_envs::{Environment, Json, Sokoban};
//!
//! // A room of 3 by 2 cells: the box is pushed right, and right it stays.
//! let puzzle = r#"{"width":5,"height":4,"walls":[[0,0],[1,0],[2,0],[3,0],[4,0],[0,1],[4,1],[0,2],[4,2],[0,3],[1,3],[2,3],
//!     [3,3],[4,3]],"worker":[2,2],"boxes":[[2,1]],"docks":[[3,1]]}"#;
//! let puzzle = Sokoban::from_json(&serde_json::from_str(puzzle).unwrap()).unwrap();
//! // left, up, right
//! assert_eq!(puzzle.solver_facts().optimal_cost, Some(3));
//! ```
//!
//! Sources: the game is by Hiroyuki Imabayashi (Thinking Rabbit, 1982). The random placement and the form of states follow
//! Searchformer (Lehnert et al. 2024, arXiv 2402.14083: 7 by 7 cells, 2 boxes, 2 inner walls). Dead squares, freeze
//! deadlocks and the matching heuristic are those of Rolling Stone (Junghanns and Schaeffer 2001, "Sokoban: Enhancing general
//! single-agent search methods using domain knowledge"). Reverse play from a solved board is from Taylor and Parberry 2011,
//! "Procedural generation of Sokoban levels".
//!
//! A position in which dead squares or freeze deadlocks prove that there is no solution is terminal: it has no successors. Its moves are still legal:
//! [`Environment::apply`] judges them by the rules of the game alone. A goal is a position like any other and has successors.
//!
//! A state may be any worker cell with up to one box cell more than a puzzle can have, since texts may claim anything. A state that is not a position of the
//! puzzle (a box too few, a worker in a wall) is terminal, not a goal, and infinitely far from one.
//!
//! Small boards, which are all that is drawn, have states of a few bytes and exact tables over all positions. Boards up to 64 by 64 with up to 64 boxes have
//! the same rules, written once for both, and states of a hundred bytes; what is proven of them is found by search ([`large`]).

mod answer;
mod atoms;
mod bits;
mod board;
mod config;
mod damage;
mod generate;
mod heuristics;
mod instruct;
mod json;
pub mod large;
mod matching;
mod small;
mod solve;

use std::sync::Arc;

use crate::environment::twin::{self, Symmetry};
use crate::prelude::*;

pub use board::{Cell, Direction, Extent, cell_at, coordinates};
use board::{CellSet, Map};
pub use config::{Config, Placement};

/// Greatest number of boxes of a drawn puzzle.
pub const MAX_BOXES: usize = <Cell as Extent>::MOST_BOXES;
/// Greatest width and height of a drawn puzzle.
pub const MAX_SIDE: u64 = <Cell as Extent>::SIDE as u64;
/// Greatest number of positions of a small puzzle (floor cells for the worker, times sets of live cells for the boxes). A table of exact distances takes two
/// bytes for each.
pub const MAX_POSITIONS: usize = 1 << 22;

/// The worker's cell and those of the boxes, in row-major order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State<C: Extent> {
    worker: C,
    len: u8,
    boxes: C::Boxes,
}

impl<C: Extent> State<C> {
    /// A state; none if there are too many boxes. They may be in any order.
    pub fn new(worker: C, boxes: &[C]) -> Option<Self> {
        let mut state = State { worker, len: 0, boxes: C::NO_BOXES };
        if boxes.len() > C::MOST_BOXES + 1 {
            return None;
        }
        state.set_boxes(boxes);
        Some(state)
    }

    fn set_boxes(&mut self, boxes: &[C]) {
        self.boxes = C::NO_BOXES;
        let places = self.boxes.as_mut();
        let len = boxes.len().min(places.len());
        places[..len].copy_from_slice(&boxes[..len]);
        places[..len].sort_unstable();
        self.len = len as u8;
    }

    /// The worker's cell.
    pub fn worker(&self) -> C {
        self.worker
    }

    /// The cells of the boxes.
    #[inline]
    pub fn boxes(&self) -> &[C] {
        let places = self.boxes.as_ref();
        &places[..usize::from(self.len).min(places.len())]
    }

    #[inline]
    fn box_at(&self, cell: C) -> Option<usize> {
        self.boxes().iter().position(|&at| at == cell)
    }

    /// The state with the worker in another cell.
    #[inline]
    fn with_worker(mut self, worker: C) -> Self {
        self.worker = worker;
        self
    }

    /// The state with a box, given by its index, in another cell.
    #[inline]
    fn with_box(mut self, which: usize, cell: C) -> Self {
        self.boxes = solve::replaced(self.boxes, which, cell, self.boxes().len());
        self
    }
}

/// A step of the worker, with its claims: the worker's cell after it, and the cell of the pushed box, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorkerStep<C> {
    /// The direction.
    pub direction: Direction,
    /// The claimed cell of the worker.
    pub worker: C,
    /// The claimed cell of the pushed box.
    pub pushed: Option<C>,
}

/// A Sokoban puzzle of an extent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level<C: Extent> {
    width: u8,
    height: u8,
    walls: CellSet<C>,
    start: State<C>,
    docks: Arc<[C]>,
    map: Arc<Map<C>>,
}

/// What small boards have in tables and large ones by search. The functions are those of [`Environment`] and its parts.
pub trait Solved: Extent {
    /// Refuses what is too large.
    fn check(level: &Level<Self>) -> Result<(), PuzzleError>;
    /// Draws a puzzle; only small ones are drawn.
    fn generate(config: &Config, draw: &mut Draw) -> Result<Level<Self>, Reject>;
    /// The puzzle with a number.
    fn at(config: &Config, index: u128) -> Result<Level<Self>, Reject>;
    /// The facts of a puzzle.
    fn facts(level: &Level<Self>) -> SolverFacts;
    /// Whether there is a solution.
    fn is_solvable(level: &Level<Self>) -> bool;
    /// Whether it is known if there is a solution.
    fn is_decided(level: &Level<Self>) -> bool;
    /// Exact distances.
    fn distance_table(level: &Level<Self>) -> DistanceTable<Level<Self>>;
    /// A heuristic by its index.
    fn evaluator(level: &Level<Self>, heuristic: usize) -> Evaluator<Level<Self>>;
    /// A bound of the numbers of positions, where they have numbers.
    fn index_bound(level: &Level<Self>) -> Option<usize>;
    /// The number of a position.
    fn index(level: &Level<Self>, state: &State<Self>) -> usize;
}

/// A puzzle on a small board.
pub type Sokoban = Level<Cell>;

impl<C: Extent> Level<C> {
    /// A puzzle from parts that fit each other: cells on the board, no fewer docks than boxes, none of them in a wall.
    fn new(width: u8, height: u8, walls: CellSet<C>, start: State<C>, docks: &[C]) -> Self {
        let map = Self::map_of(width, height, &walls, start.worker(), docks);
        Level { width, height, walls, start, docks: sorted(docks), map: map.into() }
    }

    fn map_of(width: u8, height: u8, walls: &CellSet<C>, worker: C, docks: &[C]) -> Map<C> {
        let is_open = |cell: C| {
            let (x, y) = coordinates(cell);
            x < width && y < height && !walls.has(cell)
        };
        Map::new(is_open, worker, docks)
    }

    /// The cells of the walls, in row-major order.
    pub fn walls(&self) -> impl Iterator<Item = C> + '_ {
        self.walls.iter()
    }

    /// The worker's cell at the start.
    pub fn worker(&self) -> C {
        self.start.worker
    }

    /// The cells of the boxes at the start, in row-major order.
    pub fn boxes(&self) -> &[C] {
        self.start.boxes()
    }

    /// The docks, in row-major order; at least as many as boxes.
    #[inline]
    pub fn docks(&self) -> &[C] {
        &self.docks
    }

    fn map(&self) -> &Map<C> {
        &self.map
    }

    fn state(&self) -> State<C> {
        self.start
    }

    /// Whether a cell is on the board.
    fn on_board(&self, cell: C) -> bool {
        let (x, y) = coordinates(cell);
        x < self.width && y < self.height
    }

    /// Whether a state is a position: all boxes on different floor cells, the worker on another.
    #[inline]
    fn is_position(&self, state: &State<C>) -> bool {
        let boxes = state.boxes();
        boxes.len() == self.boxes().len()
            && self.map.is_floor(state.worker)
            && boxes.iter().all(|&at| at != state.worker && self.map.is_floor(at))
            && boxes.windows(2).all(|pair| pair[0] < pair[1])
    }

    /// Whether it is certain that no goal can be reached: the state is not a position, or is a deadlock.
    #[inline]
    fn is_dead(&self, state: &State<C>) -> bool {
        !self.is_position(state) || self.map.is_deadlock(state.boxes())
    }

    /// The step in a direction, by the rules of the game. None into a wall or against a box that cannot move.
    #[inline]
    fn step(&self, state: &State<C>, direction: Direction) -> Option<Step<WorkerStep<C>, State<C>>> {
        let worker = self.map.floor_beside(state.worker, direction)?;
        let mut after = state.with_worker(worker);
        let mut pushed = None;
        if let Some(which) = state.box_at(worker) {
            let to = self.map.floor_beside(worker, direction).filter(|&to| state.box_at(to).is_none())?;
            after = after.with_box(which, to);
            pushed = Some(to);
        }
        Some(Step { action: WorkerStep { direction, worker, pushed }, state: after, cost: 1 })
    }

    /// Calls `each` for each position from which one step leads to `state`.
    fn predecessors(&self, state: &State<C>, mut each: impl FnMut(State<C>)) {
        for direction in Direction::ALL {
            let behind = self.map.floor_beside(state.worker, direction.back());
            let Some(behind) = behind.filter(|&behind| state.box_at(behind).is_none()) else { continue };
            let walked = state.with_worker(behind);
            each(walked);
            let ahead = board::neighbour(state.worker, direction).and_then(|ahead| state.box_at(ahead));
            if let Some(which) = ahead {
                each(walked.with_box(which, state.worker));
            }
        }
    }
}

/// The cells in row-major order.
fn sorted<C: Extent>(cells: &[C]) -> Arc<[C]> {
    let mut list = cells.to_vec();
    list.sort_unstable();
    list.into()
}

impl<C: Extent> Level<C> {
    /// A key for the image under each wanted symmetry of the grid: of its size, worker, boxes, docks and walls.
    fn images(&self, wanted: impl Fn(Symmetry) -> bool) -> impl Iterator<Item = PuzzleId> {
        let size = (usize::from(self.width), usize::from(self.height));
        Symmetry::ALL.into_iter().filter(move |&symmetry| wanted(symmetry)).map(move |symmetry| {
            let (width, height) = symmetry.size(size);
            let place = |cell: C| {
                let (x, y) = coordinates(cell);
                let (x, y) = symmetry.cell(size, (x.into(), y.into()));
                C::of(y * C::SIDE + x)
            };
            let (boxes, docks) = (self.boxes().len(), self.docks().len());
            let counts = if docks == boxes { boxes } else { C::SIDE * C::SIDE / 16 * docks + boxes };
            let mut image = vec![C::of(width), C::of(height), C::of(counts), place(self.worker())];
            let mut walls = self.walls();
            for cells in [
                &mut self.boxes().iter().copied() as &mut dyn Iterator<Item = C>,
                &mut self.docks().iter().copied(),
                &mut walls,
            ] {
                let first = image.len();
                image.extend(cells.map(place));
                image[first..].sort_unstable();
            }
            twin::id(NAME, &C::bytes(image))
        })
    }
}

const NAME: &str = "sokoban";

impl<C: Solved> Environment for Level<C> {
    const ABOUT: About = About {
        name: NAME,
        version: 3,
        help: "push every box onto a dock",
        state_noun: "Position",
        heuristics: &[
            HeuristicSpec::consistent(
                "matching",
                "fewest pushes of boxes to docks of their own, each as if alone (Junghanns and Schaeffer 2001)",
            ),
            HeuristicSpec::consistent(
                "manhattan",
                "sum over the boxes of the Manhattan distance to the nearest dock (Junghanns and Schaeffer 2001)",
            ),
        ],
        move_claim: MoveClaim::Result,
        difficulty: "positions without a deadlock that are nearer to the start than any goal",
        walks_turn_back: true,
        words: &["size", "wall", "worker", "box", "dock", "up", "down", "left", "right"],
        keys: &["boxes", "size"],
        prompts: &["searchformer"],
        answer_form: "the steps as the letters u, d, l and r in their order, a capital for each push, such as rRRd",
        ..About::NEW
    };

    type Config = Config;
    type State = State<C>;
    type Move = WorkerStep<C>;

    fn levels() -> [Config; 3] {
        config::levels()
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config.check()
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        C::generate(config, draw)
    }

    fn canonical(&self) -> Self {
        self.clone()
    }

    fn start(&self) -> State<C> {
        self.start
    }

    #[inline]
    fn is_goal(&self, state: &State<C>) -> bool {
        state.boxes().iter().all(|&at| self.map.is_dock(at)) && self.is_position(state)
    }

    #[inline]
    fn successors(&self, state: &State<C>, out: &mut Vec<Step<WorkerStep<C>, State<C>>>) {
        if !self.is_dead(state) {
            out.extend(Direction::ALL.into_iter().filter_map(|direction| self.step(state, direction)));
        }
    }

    fn apply(&self, state: &State<C>, action: WorkerStep<C>) -> Option<(WorkerStep<C>, State<C>, Cost)> {
        self.step(state, action.direction).map(|step| (step.action, step.state, step.cost))
    }

    #[inline]
    fn is_terminal(&self, state: &State<C>) -> bool {
        self.is_dead(state) || Direction::ALL.into_iter().all(|direction| self.step(state, direction).is_none())
    }

    fn estimate(&self, heuristic: usize, state: &State<C>) -> Cost {
        self.evaluator(heuristic).estimate(self, state)
    }

    fn solver_facts(&self) -> SolverFacts {
        C::facts(self)
    }

    fn is_solvable(&self) -> bool {
        C::is_solvable(self)
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        C::distance_table(self)
    }
}

impl<C: Solved> Splits for Level<C> {
    fn space(config: &Config) -> Option<Space> {
        generate::space(config).map(|size| Space { strata: 1, size })
    }

    fn at(config: &Config, _stratum: u64, index: u128, _draw: &mut Draw) -> Result<Self, Reject> {
        C::at(config, index)
    }

    /// The number of boxes, or width times height.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.boxes().len() as u64 } else { u64::from(self.width) * u64::from(self.height) }
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        Some(config.hold_out_values(key))
    }

    /// A board may be turned and mirrored.
    fn twin(&self) -> PuzzleId {
        twin::of_least(NAME, self.images(|_| true))
    }

    fn is_representative(&self) -> bool {
        let size = (usize::from(self.width), usize::from(self.height));
        let itself = self.images(|symmetry| symmetry == Symmetry::ALL[0]).next();
        self.images(|symmetry| symmetry.size(size) == size).min() == itself
    }
}

impl<C: Solved> SearchSupport for Level<C> {
    fn is_decided(&self) -> bool {
        C::is_decided(self)
    }

    fn evaluator(&self, heuristic: usize) -> Evaluator<Self> {
        C::evaluator(self, heuristic)
    }

    fn index_bound(&self) -> Option<usize> {
        C::index_bound(self)
    }

    #[inline]
    fn index(&self, state: &State<C>) -> usize {
        C::index(self, state)
    }
}

impl<C: Solved> Prompts for Level<C> {
    fn write_prompt(&self, _grammar: &str, out: &mut Vec<u8>) {
        atoms::write_searchformer(self, out);
    }

    fn read_prompt(_kind: usize, _grammar: &str, text: &str) -> Option<serde_json::Value> {
        atoms::read_searchformer(text)
    }

    fn untold(_kind: usize, _grammar: &str) -> Option<&'static str> {
        Some("the size of the board; it is taken to be the smallest that holds all cells that are told")
    }

    /// Searchformer's plans list the worker's cells; the moves tell the rest.
    fn write_step(&self, _grammar: &str, state: &State<C>, out: &mut Vec<u8>) {
        atoms::write_place(state.worker(), out);
    }
}

impl<C: Solved> Kinds for Level<C> {}
impl<C: Solved> SharedGround for Level<C> {}
impl<C: Solved> Variables for Level<C> {}

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
