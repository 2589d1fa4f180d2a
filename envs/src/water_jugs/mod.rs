//! Water jugs: measure a number of litres with jugs that have no marks.
//!
//! There are two to four jugs, a tap and a drain. A move fills a jug to the brim, empties it, or pours one jug into another until the first is empty or the
//! second full. It must change something. The goal is the target in one of the jugs.
//!
//! A worked puzzle: jugs a of 3 and b of 5 litres, both empty, target 4. `fill b` (0 5), `pour b a` (3 2), `empty a` (0 2), `pour b a` (2 0), `fill b` (2 5),
//! `pour b a` (3 4). This takes 6 moves, and no solution is shorter.
//!
//! A move states the contents after it, so slips of arithmetic are visible. The order of the jugs does not count for a puzzle's identity.
//!
//! The puzzle is as old as Abbot Albert of Stade (13th century). Boldi, Santini and Vigna 2002, "Measuring with jugs", determine the measurable amounts.
//! Puzzles are drawn evenly from all sets of distinct sizes and all targets up to the largest. Every amount stays a multiple of the sizes' greatest common
//! divisor; targets that cannot be measured are rejected or required, as the settings say.
//!
//! Facts: `solutions` counts the shortest sequences of moves, at most 2^64 - 1. `difficulty` is the number of positions nearer to the start than the nearest
//! goal; if there is no goal, the number of reachable positions.

mod answer;
mod atoms;
mod config;
mod damage;
mod instruct;
mod json;
mod relaxed;
mod solve;

pub use config::{Config, Fill};

use crate::exact::Known;
use crate::prelude::*;

/// Greatest number of jugs.
pub const MAX_JUGS: usize = 4;
/// Greatest size of a jug, in litres.
pub const MAX_SIZE: u8 = 60;
/// Greatest number of positions of a puzzle: the product of all sizes, each plus 1.
pub const MAX_POSITIONS: usize = 1_000_000;

/// The litres in each jug; 0 for jugs that do not exist.
pub type Litres = [u8; MAX_JUGS];

/// An action on the jugs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// The tap fills a jug.
    Fill(u8),
    /// A jug is emptied into the drain.
    Empty(u8),
    /// The first jug is poured into the second.
    Pour(u8, u8),
}

/// A move: an action, and its claimed result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    /// The action.
    pub action: Action,
    /// The claimed contents of the jugs after it.
    pub result: Litres,
}

/// A water jugs puzzle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaterJugs {
    jugs: usize,
    sizes: Litres,
    start: Litres,
    target: u8,
    known: Known,
}

/// The numbering of positions: the factor of each jug, and the number of positions.
#[derive(Clone, Copy, Debug)]
struct Numbering {
    factors: [u32; MAX_JUGS],
    positions: usize,
}

impl Numbering {
    #[inline]
    fn of(self, litres: &Litres) -> usize {
        let [a, b, c, d] = litres.map(u32::from);
        let [_, f, g, h] = self.factors;
        (a + b * f + c * g + d * h) as usize
    }
}

impl WaterJugs {
    /// The sizes of the jugs, in litres.
    pub fn sizes(&self) -> &[u8] {
        &self.sizes[..self.jugs]
    }

    /// The target, in litres.
    pub fn target(&self) -> u8 {
        self.target
    }

    fn numbering(&self) -> Numbering {
        let mut factors = [0; MAX_JUGS];
        let mut positions = 1;
        for (factor, &size) in factors.iter_mut().zip(self.sizes()) {
            *factor = positions;
            positions *= u32::from(size) + 1;
        }
        Numbering { factors, positions: positions as usize }
    }

    /// All actions, legal or not, in the order of the successors.
    fn actions(&self) -> impl Iterator<Item = Action> + use<> {
        let jugs = self.jugs as u8;
        let pours = (0..jugs).flat_map(move |from| (0..jugs).filter(move |&to| to != from).map(move |to| (from, to)));
        (0..jugs)
            .map(Action::Fill)
            .chain((0..jugs).map(Action::Empty))
            .chain(pours.map(|(from, to)| Action::Pour(from, to)))
    }

    /// Calls `visit` with each action that changes something and its result, in the order of [`WaterJugs::actions`].
    #[inline]
    fn each_step(&self, litres: &Litres, mut visit: impl FnMut(Action, Litres)) {
        let jugs = self.jugs;
        for jug in 0..jugs {
            if litres[jug] < self.sizes[jug] {
                let mut after = *litres;
                after[jug] = self.sizes[jug];
                visit(Action::Fill(jug as u8), after);
            }
        }
        for jug in 0..jugs {
            if litres[jug] > 0 {
                let mut after = *litres;
                after[jug] = 0;
                visit(Action::Empty(jug as u8), after);
            }
        }
        for from in (0..jugs).filter(|&from| litres[from] > 0) {
            for to in (0..jugs).filter(|&to| to != from && litres[to] < self.sizes[to]) {
                let moved = litres[from].min(self.sizes[to] - litres[to]);
                let mut after = *litres;
                after[from] -= moved;
                after[to] += moved;
                visit(Action::Pour(from as u8, to as u8), after);
            }
        }
    }

    /// The contents after an action; none if it changes nothing, or names a jug that does not exist.
    fn act(&self, litres: &Litres, action: Action) -> Option<Litres> {
        let there = |jug: u8| Some(usize::from(jug)).filter(|&jug| jug < self.jugs);
        let mut after = *litres;
        match action {
            Action::Fill(jug) => after[there(jug)?] = self.sizes[there(jug)?],
            Action::Empty(jug) => after[there(jug)?] = 0,
            Action::Pour(from, to) => {
                let (from, to) = (there(from)?, there(to)?);
                if from == to {
                    return None;
                }
                let moved = litres[from].min(self.sizes[to] - litres[to]);
                after[from] -= moved;
                after[to] += moved;
            }
        }
        (after != *litres).then_some(after)
    }
}

const SIZE: usize = 0;
const LARGEST: usize = 1;

impl Environment for WaterJugs {
    const ABOUT: About = About {
        name: "water-jugs",
        version: 3,
        help: "measure out litres with two to four jugs, a tap and a drain",
        state_noun: "Litres",
        heuristics: &[
            HeuristicSpec::consistent(
                "relaxed",
                "moves until a jug can hold the target if amounts once held are never lost (h^max of Bonet and Geffner 2001)",
            ),
            HeuristicSpec::consistent("unmet", "1 until the target is measured"),
        ],
        move_claim: MoveClaim::Result,
        difficulty: "positions nearer to the start than the nearest goal",
        walks_turn_back: true,
        words: &["jugs", "fill", "empty", "pour", "a", "b", "c", "d"],
        keys: &["size", "largest", "target"],
        answer_form: "one step a line: fill a, empty a, or pour a into b",
        ..About::NEW
    };

    type Config = Config;
    type State = Litres;
    type Move = Move;

    fn levels() -> [Config; 3] {
        config::levels()
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config::space(config).map(drop)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        config::generate(config, draw)
    }

    fn canonical(&self) -> Self {
        let mut pairs: [(u8, u8); MAX_JUGS] = std::array::from_fn(|jug| (self.sizes[jug], self.start[jug]));
        pairs[..self.jugs].sort_unstable();
        WaterJugs { sizes: pairs.map(|pair| pair.0), start: pairs.map(|pair| pair.1), ..self.clone() }
    }

    fn start(&self) -> Litres {
        self.start
    }

    #[inline]
    fn is_goal(&self, state: &Litres) -> bool {
        state[..self.jugs].contains(&self.target)
    }

    #[inline]
    fn successors(&self, state: &Litres, out: &mut Vec<Step<Move, Litres>>) {
        self.each_step(state, |action, result| {
            out.push(Step { action: Move { action, result }, state: result, cost: 1 });
        });
    }

    fn apply(&self, state: &Litres, action: Move) -> Option<(Move, Litres, Cost)> {
        let result = self.act(state, action.action)?;
        Some((Move { result, ..action }, result, 1))
    }

    /// There is always a jug to fill or to empty.
    fn is_terminal(&self, _state: &Litres) -> bool {
        false
    }

    fn estimate(&self, heuristic: usize, state: &Litres) -> Cost {
        if heuristic == 0 { relaxed::estimate(self, state) } else { u64::from(!self.is_goal(state)) }
    }

    fn solver_facts(&self) -> SolverFacts {
        self.known.0.unwrap_or_else(|| solve::facts(self))
    }

    fn is_solvable(&self) -> bool {
        !solve::is_out_of_reach(self) && self.solver_facts().solvable
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        let table = solve::table(self);
        DistanceTable::new(move |puzzle: &Self, state: &Litres| solve::distance(puzzle, &table, state))
    }
}

impl Splits for WaterJugs {
    fn space(config: &Config) -> Option<Space> {
        config::space(config).ok().flatten()
    }

    fn at(config: &Config, _stratum: u64, index: u128, draw: &mut Draw) -> Result<Self, Reject> {
        config::at(config, index, draw)
    }

    fn accepts(config: &Config, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    fn shown_otherwise(&self, draw: &mut Draw) -> Option<Self> {
        let mut order: Vec<usize> = (0..self.jugs).collect();
        draw.shuffle(&mut order);
        let shown = |litres: &Litres| std::array::from_fn(|jug| order.get(jug).map_or(0, |&jug| litres[jug]));
        Some(WaterJugs { sizes: shown(&self.sizes), start: shown(&self.start), ..self.clone() })
    }

    fn hold_out_key(&self, key: usize) -> u64 {
        match key {
            SIZE => self.jugs as u64,
            LARGEST => self.sizes().iter().copied().max().unwrap_or(0).into(),
            _ => self.target.into(),
        }
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        Some(match key {
            SIZE => (config.jugs.min()..=config.jugs.max()).collect(),
            LARGEST => (config.sizes.min + config.jugs.min() - 1..=config.sizes.max).collect(),
            _ => (1..=config.sizes.max).collect(),
        })
    }
}

impl SearchSupport for WaterJugs {
    fn index_bound(&self) -> Option<usize> {
        Some(self.numbering().positions)
    }

    #[inline]
    fn index(&self, state: &Litres) -> usize {
        self.numbering().of(state)
    }
}

impl Plain for WaterJugs {}

#[cfg(test)]
mod tests;
