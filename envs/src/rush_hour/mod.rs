//! Rush Hour: cars on a square board slide along their row or column. Car A must reach the right edge, where the exit is. A board can have walls, single
//! squares that no car can enter.
//!
//! A worked puzzle, with the exit at the end of row 1 (rows and columns are counted from 0):
//!
//! ```text
//! . . . B
//! . A A B    B down 2, then A right 1
//! . . . .
//! . . . .
//! ```
//!
//! A move is a slide of one car by one or more free squares, and costs 1 at any length. A state is the offset of every car from the left or upper edge. Every
//! slide can be undone, but a puzzle has many goals: all positions with A at the edge.
//!
//! The puzzle is Nob Yoshigahara's (sold since 1996). It is PSPACE-complete on boards of any size (Flake and Baum 2002, "Rush Hour is PSPACE-complete"). Moves
//! are counted as in Fogleman's database of all puzzles (2018, "Solving Rush Hour, the Puzzle"), and the idea of the generator is from there: all positions
//! that can be reached from a random one are explored, and the start is chosen among them by its proven distance from the nearest goal. The heuristics are
//! bounds of Hauptman, Elyasaf, Sipper and Karmon 2009, "GP-Rush: using genetic programming to evolve solvers for the Rush Hour puzzle".
//!
//! Identity: cars are sorted by place, and the lesser of the two mirror images across the exit's row counts.
//!
//! Facts: `solutions` counts the shortest solutions, at most 2^64 - 1. `difficulty` is the number of positions nearer to the start than the nearest goal; if
//! there is no solution, the number of reachable positions.

use crate::prelude::*;
mod answer;
mod atoms;
mod board;
mod config;
mod generate;
mod instruct;
mod json;
mod reach;
mod solve;
#[cfg(test)]
mod tests;

pub use board::{Board, Car, Direction, MOST_CARS, Offsets, Slide};
pub use config::Config;

/// A puzzle.
#[derive(Clone, Debug, PartialEq)]
pub struct RushHour {
    board: Board,
    start: Offsets,
    facts: SolverFacts,
}

/// An illegal slide, and the position that one could expect after it.
type Mistake = (Slide, Offsets);

impl RushHour {
    /// The row of the exit.
    pub fn exit(&self) -> u8 {
        self.board.cars[0].lane
    }

    /// The lanes of the cars.
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// The puzzle with the cars after A sorted by their start: by row, then by column.
    fn sorted(&self) -> Self {
        let mut cars: Vec<(Car, u8)> = self.board.cars.iter().copied().zip((0..).map(|i| self.start.of(i))).collect();
        cars[1..].sort_unstable_by_key(|(car, offset)| {
            let (x, y) = car.place(*offset);
            (y, x)
        });
        let start = cars.iter().enumerate().fold(Offsets::default(), |all, (i, &(_, offset))| all.with(i, offset));
        let cars = cars.into_iter().map(|(car, _)| car).collect();
        let board = Board { cars, ..self.board };
        RushHour { board, start, facts: self.facts }
    }

    /// The mirror image, above and below exchanged. It is the same puzzle.
    fn mirrored(&self) -> Self {
        let mut mirrored = self.clone();
        let last = self.board.size - 1;
        mirrored.board.walls = self.board.wall_squares().fold(0, |all, [x, y]| all | board::square(x, last - y));
        for (i, car) in mirrored.board.cars.iter_mut().enumerate() {
            if car.across {
                car.lane = last - car.lane;
            } else {
                let offset = self.board.last_offset(*car) - self.start.of(i);
                mirrored.start = mirrored.start.with(i, offset);
            }
        }
        mirrored
    }

    /// Illegal slides: first those that jump over a car, then the others.
    fn impossible(&self, state: Offsets) -> [Vec<Mistake>; 2] {
        let (mut jumps, mut others) = (Vec::new(), Vec::new());
        let directions = |car| Direction::ALL.into_iter().map(move |direction| (car, direction));
        for (car, direction) in (0..self.board.cars.len() as u8).flat_map(directions) {
            for by in 1..self.board.size {
                let slide = Slide { car, direction, by };
                if self.board.slide(state, slide).is_some() {
                    continue;
                }
                let landed = self.board.landing(state, slide).map(|offset| state.with(car.into(), offset));
                match landed.filter(|&landed| self.board.is_position(landed)) {
                    Some(landed) => jumps.push((slide, landed)),
                    None => others.push((slide, state)),
                }
            }
        }
        [jumps, others]
    }
}

impl Environment for RushHour {
    const ABOUT: About = About {
        name: "rush-hour",
        version: 3,
        help: "slide the cars on a board until one of them is out",
        state_noun: "Positions",
        heuristics: &[
            HeuristicSpec::consistent(
                "blocking",
                "1 for A and 1 for each car between it and the exit (Hauptman et al. 2009)",
            ),
            HeuristicSpec {
                name: "blocked-blockers",
                admissible: true,
                consistent: false,
                help: "blocking, and the cars that must give way to those that block (after Hauptman et al. 2009)",
            },
        ],
        move_claim: MoveClaim::Result,
        difficulty: "positions nearer to the start than the nearest goal",
        walks_turn_back: true,
        words: &atoms::WORDS,
        keys: &["size", "cars"],
        answer_form: "one slide a line: the car, its direction and the number of squares, such as B down 2",
        ..About::NEW
    };

    type Config = Config;
    type State = Offsets;
    type Move = Slide;

    fn levels() -> [Config; 3] {
        let easy = Config {
            size: Amount::Between(Range { min: 4, max: 5 }),
            cars: Amount::Between(Range { min: 4, max: 5 }),
            long_percent: 30,
            min_cost: 3,
            ..Config::default()
        };
        let medium = Config { max_positions: 500, ..Config::default() };
        let hard = Config {
            cars: Amount::Between(Range { min: 8, max: 9 }),
            min_cost: 7,
            max_positions: 300,
            ..Config::default()
        };
        [easy, medium, hard]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config.check()
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        generate::generate(config, draw)
    }

    fn canonical(&self) -> Self {
        let (one, other) = (self.sorted(), self.mirrored().sorted());
        let key = |puzzle: &Self| (puzzle.exit(), puzzle.start, puzzle.board.cars.clone(), puzzle.board.walls);
        if key(&other) < key(&one) { other } else { one }
    }

    fn start(&self) -> Offsets {
        self.start
    }

    #[inline]
    fn is_goal(&self, state: &Offsets) -> bool {
        self.board.is_goal(*state)
    }

    #[inline]
    fn successors(&self, state: &Offsets, out: &mut Vec<Step<Slide, Offsets>>) {
        self.board.slides(*state, |action, state| out.push(Step { action, state, cost: 1 }));
    }

    fn apply(&self, state: &Offsets, action: Slide) -> Option<(Slide, Offsets, Cost)> {
        self.board.slide(*state, action).map(|state| (action, state, 1))
    }

    fn is_terminal(&self, state: &Offsets) -> bool {
        let mut stuck = true;
        self.board.slides(*state, |_, _| stuck = false);
        stuck
    }

    #[inline]
    fn estimate(&self, heuristic: usize, state: &Offsets) -> Cost {
        if heuristic == 0 { self.board.blocking(*state) } else { self.board.blocked_blockers(*state) }
    }

    fn solver_facts(&self) -> SolverFacts {
        self.facts
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        let table = solve::Table::new(&self.board, self.start);
        DistanceTable::new(move |puzzle: &Self, state: &Offsets| table.distance(&puzzle.board, *state))
    }
}

impl Splits for RushHour {
    fn shown_otherwise(&self, _draw: &mut Draw) -> Option<Self> {
        Some(self.mirrored())
    }

    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.board.size.into() } else { self.board.cars.len() as u64 }
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        let amount = if key == 0 { config.size } else { config.cars };
        Some((amount.min()..=amount.max()).collect())
    }
}

impl Damage for RushHour {
    /// Moves a car to another place in its lane without overlap: mostly to one that no slide reaches. Cars cannot be lost or invented, since a state has a
    /// number for each.
    fn damage_state(&self, state: &Offsets, damage: DamageKind, draw: &mut Draw) -> Option<Offsets> {
        if damage != DamageKind::Change {
            return None;
        }
        let [jumps, _] = self.impossible(*state);
        let mut slides = Vec::new();
        self.board.slides(*state, |_, to| slides.push(to));
        let jump = draw.choose(&jumps).map(|&(_, to)| to);
        let slide = draw.choose(&slides).copied();
        if draw.chance(3, 4) { jump.or(slide) } else { slide.or(jump) }
    }

    /// A slide that jumps over a car, or one into a car, beyond the edge or across the car's lane.
    fn illegal_move(&self, state: &Offsets, draw: &mut Draw) -> Option<(Slide, Offsets)> {
        let [jumps, others] = self.impossible(*state);
        let (jump, other) = (draw.choose(&jumps), draw.choose(&others));
        if draw.chance(1, 2) { jump.or(other) } else { other.or(jump) }.copied()
    }
}

impl Plain for RushHour {}
impl SearchSupport for RushHour {}
