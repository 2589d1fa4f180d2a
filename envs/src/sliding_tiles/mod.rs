//! Sliding tiles: the 8-puzzle, the 15-puzzle and smaller boards.
//!
//! Numbered tiles are on a board with one free cell, the blank. A tile beside the blank slides into it. The goal has the tiles in order and the blank last; a
//! puzzle from outside can have any other goal. A state is the board, a move the tile that slides. Every move costs 1.
//!
//! A worked puzzle, on 2 x 3 cells with 0 as the blank: from `[1, 2, 3 / 0, 4, 5]`, `slide 4` and `slide 5` lead to `[1, 2, 3 / 4, 5, 0]`.
//!
//! Half of all arrangements can be solved (Johnson and Story 1879, "Notes on the '15' Puzzle"). On boards of up to 9 cells, solvable positions are numbered: a
//! start is any position with a suitable cost, each with the same probability, and distances come from a table. On larger boards a start is the end of a random
//! walk from the goal. If its cost is too high, it is moved along a cheapest solution. There distances are proven by iterative deepening (Korf 1985) with
//! additive pattern databases (Korf and Felner 2002, "Disjoint pattern database heuristics"), built once in less than a second. A proof takes at most a
//! millisecond for most generated starts and a tenth of a second for random positions of the 15-puzzle. It would take minutes for its hardest ones, 80 moves
//! deep, which can only come from JSON. So the solver facts give up after [`MOST_PROOF_NODES`] nodes, which takes some seconds, and leave the cost open.
//!
//! Facts, on boards of up to 9 cells: `solutions` counts the cheapest solutions, and `difficulty` the positions nearer to the start than the goal (or all
//! reachable ones if there is no solution). On larger boards `solutions` is not counted, and `difficulty` is the number of nodes that the iterative deepening
//! of the proof visits, in the order of the successors. It is 0 if the parity shows that there is no solution, and none if the proof gives up.

mod answer;
mod atoms;
mod board;
mod config;
mod heuristics;
mod instruct;
mod solve;

pub use board::{Board, Tiles};
pub use config::Config;

use crate::environment::twin::{self, Symmetry};
use crate::exact::cheapest_solutions;
use crate::prelude::*;
use board::MAX_NUMBERED;

/// A sliding-tiles puzzle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlidingTiles {
    /// The board, whose plain goal has the blank where the goal has it.
    board: Board,
    start: Tiles,
    goal: Tiles,
    /// The name of each tile in the plain goal, if it is not its own.
    names: Option<[u8; 16]>,
}

/// A move: the tile that slides into the blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slide(u8);

/// Most nodes that are visited to prove the cost of a drawn start.
const MOST_NODES: u64 = 3_000_000;
/// Most nodes that are visited to prove the cost of any start. If more are needed, neither cost nor difficulty is known.
pub const MOST_PROOF_NODES: u64 = 100_000_000;
/// Index of a property in [`About::keys`].
const SIZE: usize = 0;

impl SlidingTiles {
    /// A puzzle on a board with this start, and the goal of the board.
    pub fn new(board: Board, start: Tiles) -> Self {
        SlidingTiles { board, start, goal: board.goal(), names: None }
    }

    /// A puzzle with any goal.
    pub fn with_goal(board: Board, start: Tiles, goal: Tiles) -> Self {
        let board = board.with_blank(goal.blank());
        let plain = board.goal();
        let mut names = [0; 16];
        (0..board.cells()).for_each(|cell| names[usize::from(goal.tile(cell))] = plain.tile(cell));
        SlidingTiles { board, start, goal, names: (goal != plain).then_some(names) }
    }

    /// The position with the tiles named so that the goal is the plain one.
    #[inline]
    fn plain(&self, tiles: Tiles) -> Tiles {
        self.names.as_ref().map_or(tiles, |names| tiles.renamed(self.board, names))
    }

    /// The cost of a cheapest solution from a position; none if there is no solution.
    fn distance(&self, tiles: Tiles) -> Option<Cost> {
        solve::distance(self.board, self.plain(tiles))
    }

    /// The board.
    pub fn board(&self) -> Board {
        self.board
    }

    /// The image of a cell.
    fn image_of(&self, symmetry: Symmetry, cell: usize) -> usize {
        let size = (usize::from(self.board.columns), usize::from(self.board.rows));
        let (row, column) = self.board.place(cell);
        let (x, y) = symmetry.cell(size, (column, row));
        y * symmetry.size(size).0 + x
    }

    /// The image under a symmetry, with tiles named so that the goal is a plain one.
    fn image(&self, symmetry: Symmetry) -> Self {
        let (width, height) = symmetry.size((self.board.columns.into(), self.board.rows.into()));
        let cell_of = |cell: usize| self.image_of(symmetry, cell);
        let board = Board::new(height as u8, width as u8).with_blank(cell_of(self.board.blank()));
        let (plain, mut names) = (board.goal(), [0; 16]);
        (0..board.cells()).for_each(|cell| names[usize::from(self.goal.tile(cell))] = plain.tile(cell_of(cell)));
        let mut cells = vec![0; board.cells()];
        (0..board.cells()).for_each(|cell| cells[cell_of(cell)] = names[usize::from(self.start.tile(cell))]);
        SlidingTiles::new(board, Tiles::new(board, &cells).unwrap_or(self.start))
    }

    /// The images whose goal is that of the classic puzzle; all images if there are none.
    pub(crate) fn images(&self) -> Vec<Self> {
        let is_classic = |&symmetry: &Symmetry| self.image_of(symmetry, self.board.blank()) + 1 == self.board.cells();
        let any = Symmetry::ALL.iter().any(is_classic);
        Symmetry::ALL
            .into_iter()
            .filter(|symmetry| !any || is_classic(symmetry))
            .map(|symmetry| self.image(symmetry))
            .collect()
    }

    /// The puzzle with the tiles 1 and 2 exchanged. It is solvable exactly if this one is not.
    fn other_half(self) -> Self {
        SlidingTiles { start: self.start.relabelled(self.board, 1, 2), ..self }
    }

    fn is_numbered(&self) -> bool {
        self.board.cells() <= MAX_NUMBERED
    }

    /// A start at the end of a random walk. If its cost is too high, it is moved along a cheapest solution.
    fn walked(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let board = config.board();
        let (mut tiles, mut before) = (board.goal(), None);
        for _ in 0..config.scramble.draw(draw) {
            let blank = tiles.blank();
            let ways = || board.beside(blank).filter(|&cell| Some(cell) != before);
            let to = ways().nth(draw.index(ways().count())).ok_or(Reject)?;
            tiles = tiles.exchanged(blank, to);
            before = Some(blank);
        }
        let solution = solve::solution(board, tiles, MOST_NODES).ok_or(Reject)?;
        let cost = solution.len() as Cost;
        if cost < config.min_cost {
            return Err(Reject);
        }
        let aim = if cost > config.max_cost { draw.between(config.min_cost, config.max_cost) } else { cost };
        for &tile in &solution[..(cost - aim) as usize] {
            tiles = tiles.relabelled(board, tile, 0);
        }
        Ok(SlidingTiles::new(board, tiles))
    }

    /// The facts on a board of more than 9 cells. Parity decides solvability without visiting a node.
    fn proof(&self) -> SolverFacts {
        let start = self.plain(self.start);
        let solvable = self.board.is_solvable(start);
        let proof = if solvable { solve::proof(self.board, start, MOST_PROOF_NODES) } else { Some((0, 0)) };
        SolverFacts {
            solvable,
            optimal_cost: proof.map(|(cost, _)| cost).filter(|_| solvable),
            solutions: None,
            difficulty: proof.map(|(_, nodes)| nodes),
        }
    }

    /// The step of the tile in a cell beside the blank.
    #[inline]
    fn step(state: &Tiles, cell: usize, blank: usize) -> Step<Slide, Tiles> {
        Step { action: Slide(state.tile(cell)), state: state.exchanged(cell, blank), cost: 1 }
    }
}

impl Environment for SlidingTiles {
    const ABOUT: About = About {
        name: "sliding-tiles",
        version: 3,
        help: "slide numbered tiles into order: 8-puzzle, 15-puzzle and smaller boards",
        state_noun: "Tiles",
        heuristics: heuristics::SPECS,
        move_claim: MoveClaim::Result,
        difficulty: "positions nearer to the start than the goal is; with more than 9 cells nodes of iterative deepening with pattern databases",
        walks_turn_back: true,
        two_way: true,
        words: &["board", "slide"],
        keys: &["size", "cost"],
        answer_form: "the numbers of the tiles in the order in which they slide, such as 5, 8, 7",
        ..About::NEW
    };

    type Config = Config;
    type State = Tiles;
    type Move = Slide;

    fn levels() -> [Config; 3] {
        let eight = |min_cost, max_cost| Config { min_cost, max_cost, ..Config::default() };
        [eight(4, 12), eight(8, 16), Config { rows: 4, columns: 4, ..eight(14, 20) }]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config.check()
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let stratum = if config.solvable == Solvable::Any { draw.below(2) } else { 0 };
        if config.is_numbered() {
            let size = solve::table(config.board()).between(config.min_cost, config.max_cost);
            let index = draw.below(size);
            return Self::at(config, stratum, index.into(), draw);
        }
        let puzzle = Self::walked(config, draw)?;
        let solvable = config.solvable == Solvable::Yes || config.solvable == Solvable::Any && stratum == 0;
        Ok(if solvable { puzzle } else { puzzle.other_half() })
    }

    fn canonical(&self) -> Self {
        self.clone()
    }

    fn start(&self) -> Tiles {
        self.start
    }

    #[inline]
    fn is_goal(&self, state: &Tiles) -> bool {
        *state == self.goal
    }

    #[inline]
    fn successors(&self, state: &Tiles, out: &mut Vec<Step<Slide, Tiles>>) {
        let blank = state.blank();
        out.extend(self.board.beside(blank).map(|cell| Self::step(state, cell, blank)));
    }

    fn apply(&self, state: &Tiles, action: Slide) -> Option<(Slide, Tiles, Cost)> {
        let blank = state.blank();
        let cell = self.board.beside(blank).find(|&cell| state.tile(cell) == action.0)?;
        let step = Self::step(state, cell, blank);
        Some((step.action, step.state, step.cost))
    }

    fn is_terminal(&self, _state: &Tiles) -> bool {
        false
    }

    fn estimate(&self, heuristic: usize, state: &Tiles) -> Cost {
        self.evaluator(heuristic).estimate(self, state)
    }

    fn solver_facts(&self) -> SolverFacts {
        if !self.is_numbered() {
            return self.proof();
        }
        let cost = self.distance(self.start);
        let solvable = cost.is_some();
        let nearer = solve::nearer_than(self.board, self.start.blank(), cost.unwrap_or(Cost::MAX));
        let solutions = cheapest_solutions(self, |state| self.distance(*state));
        SolverFacts { solvable, optimal_cost: cost, solutions: Some(solutions.unwrap_or(0)), difficulty: Some(nearer) }
    }

    fn is_solvable(&self) -> bool {
        self.board.is_solvable(self.plain(self.start))
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        DistanceTable::new(|puzzle: &Self, state: &Tiles| puzzle.distance(*state))
    }
}

impl Splits for SlidingTiles {
    fn space(config: &Config) -> Option<Space> {
        if !config.is_numbered() {
            return None;
        }
        let strata = if config.solvable == Solvable::Any { 2 } else { 1 };
        Some(Space { strata, size: solve::table(config.board()).between(config.min_cost, config.max_cost).into() })
    }

    fn at(config: &Config, stratum: u64, index: u128, _draw: &mut Draw) -> Result<Self, Reject> {
        let board = config.board();
        if !config.is_numbered() {
            return Err(Reject);
        }
        let number = solve::table(board).at(config.min_cost, index).ok_or(Reject)?;
        let puzzle = SlidingTiles::new(board, board.position(number as u64));
        let solvable = config.solvable == Solvable::Yes || config.solvable == Solvable::Any && stratum == 0;
        Ok(if solvable { puzzle } else { puzzle.other_half() })
    }

    fn accepts(config: &Config, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    fn hold_out_key(&self, key: usize) -> u64 {
        if key == SIZE {
            self.board.cells() as u64
        } else {
            // No generated solvable puzzle has cost 0.
            self.distance(self.start).unwrap_or(0)
        }
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        if key == SIZE {
            return Some(vec![config.board().cells() as u64]);
        }
        let greatest =
            if config.is_numbered() { solve::table(config.board()).greatest() } else { config.scramble.max() };
        let most = config.max_cost.min(greatest);
        let unsolvable = (config.solvable != Solvable::Yes).then_some(0);
        let costs = (config.min_cost..=most).filter(|_| config.solvable != Solvable::No);
        Some(unsolvable.into_iter().chain(costs).collect())
    }

    /// A board may be turned and mirrored, with its tiles renamed so that the goal is in order again. A blank in a corner then is in the last one.
    fn twin(&self) -> PuzzleId {
        twin::of_least(Self::ABOUT.name, self.images().iter().map(Self::id))
    }

    fn is_representative(&self) -> bool {
        self.images().iter().all(|other| other.board != self.board || self.id() <= other.id())
    }
}

impl SearchSupport for SlidingTiles {
    fn evaluator(&self, heuristic: usize) -> Evaluator<Self> {
        let tables = heuristics::Tables::new(self.board, self.goal, heuristic);
        Evaluator::prepared(move |_, state: &Tiles| tables.estimate(*state))
    }

    fn two_way_goal(&self) -> Option<Tiles> {
        Some(self.goal)
    }

    fn index_bound(&self) -> Option<usize> {
        self.is_numbered().then(|| 2 * self.board.half() as usize)
    }

    #[inline]
    fn index(&self, state: &Tiles) -> usize {
        self.board.number(self.plain(*state)) as usize
    }
}

impl Damage for SlidingTiles {
    /// Exchanges two tiles, or a tile and the blank: mostly neighbours, like a typical slip.
    fn damage_state(&self, state: &Tiles, damage: DamageKind, draw: &mut Draw) -> Option<Tiles> {
        if damage != DamageKind::Change {
            return None;
        }
        let one = draw.index(self.board.cells());
        let beside: Vec<usize> = self.board.beside(one).collect();
        let other = if draw.chance(3, 4) { *draw.choose(&beside)? } else { draw.index(self.board.cells()) };
        (one != other).then(|| state.exchanged(one, other))
    }

    /// A tile that is not beside the blank is exchanged with it.
    fn illegal_move(&self, state: &Tiles, draw: &mut Draw) -> Option<(Slide, Tiles)> {
        let blank = state.blank();
        let far = |&cell: &usize| cell != blank && !self.board.adjacent(cell, blank);
        let cells: Vec<usize> = (0..self.board.cells()).filter(far).collect();
        let &cell = draw.choose(&cells)?;
        Some((Slide(state.tile(cell)), state.exchanged(cell, blank)))
    }
}

impl Plain for SlidingTiles {}

#[cfg(test)]
mod tests;
