//! Knights: one knight goes from one square to another, or white and black knights exchange their squares.
//!
//! There are two tasks, on a board of 3 to 8 columns and rows with some blocked squares. In a path, one knight has to reach a square in as few jumps as
//! possible. In a swap, the white knights have to reach the squares of the black ones and vice versa. Any knight may jump at any time, to an empty square.
//! Every jump costs 1 and can be undone, and there is one goal position.
//!
//! A worked puzzle: on a board of 3 by 3 from a1 to b1. `a1-c2`, `c2-a3`, `a3-b1` is the shortest way: the knight goes around the rim, three jumps one way or
//! five the other way, and never reaches the middle.
//!
//! The swap on 3 by 3 with knights in the corners is Guarini's problem of 1512 (Ball and Coxeter, "Mathematical Recreations and Essays"); it takes 16 jumps. It
//! is an example of pebble motion on a graph (Wilson 1974, "Graph puzzles, homotopy, and the alternating group"; Kornhauser, Miller and Spirakis 1984). It may
//! have no solution, which is proven by search through all reachable positions. The generator draws squares uniformly and keeps puzzles whose facts fit the
//! settings.
//!
//! Identity: the id is that of the least image under the symmetries of the board and the exchange of colours.
//!
//! Facts: `solutions` counts the shortest solutions, at most 2^64 - 1. `difficulty` is the number of positions that a breadth-first search from both ends
//! expands until the sides meet. It expands a layer of the smaller side at a time, of the start's side if both are equal.

mod answer;
mod atoms;
mod board;
mod config;
mod generate;
mod heuristics;
mod instruct;
mod json;
mod solve;
#[cfg(test)]
mod tests;

pub use board::{Board, Jump, Position};
pub use config::{Config, Task};
pub use heuristics::Tables;
pub use solve::Distances;

use crate::prelude::*;
use board::{JUMPS, bits, positions, squares};

/// Greatest number of knights of a colour.
pub const MOST_KNIGHTS: u64 = 8;
/// Greatest number of positions of a puzzle.
pub const MOST_POSITIONS: usize = 1_000_000;

/// A board with a start and a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Layout {
    board: Board,
    start: Position,
    goal: Position,
}

/// A puzzle.
#[derive(Clone, Debug, PartialEq)]
pub struct Knights {
    layout: Layout,
    facts: SolverFacts,
}

impl Layout {
    /// Number of positions.
    fn positions(&self) -> usize {
        let [open, white, black] = [self.board.open, self.start.white, self.start.black].map(u64::count_ones);
        positions(open.into(), white.into(), black.into()).min(MOST_POSITIONS as u128) as usize
    }
}

impl Knights {
    fn new(layout: Layout) -> Self {
        Knights { layout, facts: solve::facts(&layout.board, layout.start, layout.goal, layout.positions()) }
    }

    /// The board.
    pub fn board(&self) -> &Board {
        &self.layout.board
    }

    /// The position with a knight on another square; unchanged if that square is not free.
    fn put(&self, state: Position, from: u8, to: u8) -> Position {
        let (from, to) = (1u64 << from, 1u64 << to);
        if to & self.layout.board.open & !(state.white | state.black) == 0 {
            return state;
        }
        let moved = |set: u64| if set & from != 0 { set ^ from | to } else { set };
        Position { white: moved(state.white), black: moved(state.black) }
    }
}

const KNIGHTS: usize = 0;

impl Environment for Knights {
    const ABOUT: About = About {
        name: "knights",
        version: 3,
        help: "a knight's shortest way, or knights of two colours that exchange their squares",
        state_noun: "Squares",
        heuristics: heuristics::SPECS,
        move_claim: MoveClaim::Result,
        difficulty: "positions that a breadth-first search from both ends takes",
        walks_turn_back: true,
        two_way: true,
        words: &atoms::WORDS,
        keys: &["knights", "size"],
        answer_form: "the jumps in their order, such as a1-c2, c2-a3",
        ..About::NEW
    };

    type Config = Config;
    type State = Position;
    type Move = Jump;

    fn levels() -> [Config; 3] {
        let [five, four] = [5, 4].map(Amount::Exactly);
        let path =
            Config { task: Task::Path, width: five, height: five, blocked: four, min_cost: 2, ..Config::default() };
        let swap = Task::Swap { knights: Amount::Exactly(1) };
        let medium = Config { task: swap, min_cost: 4, ..Config::default() };
        let hard = Config { width: five, blocked: five, ..medium.clone() };
        [path, medium, hard]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config.check()
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        generate::generate(config, draw)
    }

    fn canonical(&self) -> Self {
        Knights { layout: self.layout.canonical(), facts: self.facts }
    }

    fn start(&self) -> Position {
        self.layout.start
    }

    #[inline]
    fn is_goal(&self, state: &Position) -> bool {
        *state == self.layout.goal
    }

    #[inline]
    fn successors(&self, state: &Position, out: &mut Vec<Step<Jump, Position>>) {
        self.layout.board.jumps(*state, |action, state| out.push(Step { action, state, cost: 1 }));
    }

    fn apply(&self, state: &Position, action: Jump) -> Option<(Jump, Position, Cost)> {
        self.layout.board.jump(*state, action).map(|state| (action, state, 1))
    }

    fn is_terminal(&self, state: &Position) -> bool {
        let mut stuck = true;
        self.layout.board.jumps(*state, |_, _| stuck = false);
        stuck
    }

    fn estimate(&self, heuristic: usize, state: &Position) -> Cost {
        self.evaluator(heuristic).estimate(self, state)
    }

    fn solver_facts(&self) -> SolverFacts {
        self.facts
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        let distances = Distances::new(&self.layout.board, self.layout.goal, self.layout.positions());
        DistanceTable::new(move |puzzle: &Self, state: &Position| distances.of(puzzle.layout.board.index(*state)))
    }
}

impl Splits for Knights {
    fn space(config: &Config) -> Option<Space> {
        generate::space(config)
    }

    fn at(config: &Config, _stratum: u64, index: u128, draw: &mut Draw) -> Result<Self, Reject> {
        generate::at(config, index, draw)
    }

    fn accepts(config: &Config, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    fn hold_out_key(&self, key: usize) -> u64 {
        let Layout { board, start, .. } = self.layout;
        if key == KNIGHTS {
            (start.white | start.black).count_ones().into()
        } else {
            u64::from(board.width) * u64::from(board.height)
        }
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        let all = |amount: Amount| amount.min()..=amount.max();
        let mut values: Vec<u64> = match (&config.task, key) {
            (Task::Path, KNIGHTS) => vec![1],
            (Task::Swap { knights }, KNIGHTS) => all(*knights).map(|knights| 2 * knights).collect(),
            _ => all(config.width).flat_map(|width| all(config.height).map(move |height| width * height)).collect(),
        };
        values.sort_unstable();
        values.dedup();
        Some(values)
    }
}

impl SearchSupport for Knights {
    fn evaluator(&self, heuristic: usize) -> Evaluator<Self> {
        let tables = heuristics::tables(&self.layout, heuristic);
        Evaluator::prepared(move |_, state: &Position| heuristics::estimate(&tables, state))
    }

    fn two_way_goal(&self) -> Option<Position> {
        Some(self.layout.goal)
    }

    fn index_bound(&self) -> Option<usize> {
        Some(self.layout.positions())
    }

    #[inline]
    fn index(&self, state: &Position) -> usize {
        self.layout.board.index(*state)
    }
}

impl Damage for Knights {
    /// Moves a knight to another square, or exchanges two of different colours. The numbers of knights stay.
    fn damage_state(&self, state: &Position, damage: DamageKind, draw: &mut Draw) -> Option<Position> {
        if damage != DamageKind::Change {
            return None;
        }
        let any = |set: u64, draw: &mut Draw| draw.choose(&bits(set).collect::<Vec<_>>()).copied();
        let (white, black) = (any(state.white, draw), any(state.black, draw));
        let exchanged = white.zip(black).map(|(white, black)| {
            let both = 1u64 << white | 1 << black;
            Position { white: state.white ^ both, black: state.black ^ both }
        });
        let from = any(state.white | state.black, draw)?;
        let to = any(self.layout.board.open & !(state.white | state.black), draw);
        let elsewhere = to.map(|to| self.put(*state, from, to));
        if draw.chance(1, 4) { exchanged.or(elsewhere) } else { elsewhere.or(exchanged) }
    }

    /// A knight's move to a square that is taken, blocked or not a knight's jump away; or a jump from an empty square.
    fn illegal_move(&self, state: &Position, draw: &mut Draw) -> Option<(Jump, Position)> {
        let Layout { board, .. } = &self.layout;
        let all = squares(board.width, board.height);
        let knights = state.white | state.black;
        let from_empty = draw.chance(1, 4);
        let from = if from_empty { all & !knights } else { knights };
        let &from = draw.choose(&bits(from).collect::<Vec<_>>())?;
        let reached = JUMPS[usize::from(from)] & all;
        let near = reached & (knights | !board.open);
        let to = match (from_empty, draw.chance(1, 2) && near != 0) {
            (true, _) => reached,
            (false, true) => near,
            (false, false) => all & !reached & !(1 << from),
        };
        let &to = draw.choose(&bits(to).collect::<Vec<_>>())?;
        Some((Jump { from, to }, self.put(*state, from, to)))
    }
}

impl Plain for Knights {}
