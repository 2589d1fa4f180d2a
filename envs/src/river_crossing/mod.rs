//! River crossing: bring everyone across a river with a small boat, without leaving anybody in bad company.
//!
//! There are two kinds. `people`: missionaries and cannibals, some of whom must row. On neither bank may cannibals outnumber missionaries, if there are any
//! missionaries. `items`: a farmer rows, with some of his items. Certain pairs of items may not be left on a bank without him.
//!
//! A worked puzzle: items wolf, goat and cabbage, one of which fits into the boat. Neither wolf and goat nor goat and cabbage may be left alone. `(goat)`,
//! `()`, `(wolf)`, `(goat)`, `(cabbage)`, `()`, `(goat)`: 7 crossings, with the boat going back and forth.
//!
//! A state tells who is on the near bank and where the boat is. Everyone starts on the near bank and has to end on the far bank. Every crossing can be undone,
//! so searches can work from both ends.
//!
//! Wolf, goat and cabbage are from Alcuin's Propositiones (about 800). Missionaries and cannibals as a state space are from Amarel 1968, "On representations of
//! problems of reasoning about actions". Csorba, Hurkens and Woeginger 2008, "The Alcuin number of a graph", determine the boats that solve a graph of pairs:
//! what is left behind on the first trip must be free of pairs, so the boat has to hold a vertex cover; one more seat than that always suffices.
//!
//! Identity: the names of items, and the order of items and pairs, do not count. The canonical form is the least graph of pairs under any renumbering of the
//! items, from a table of all graphs. The generator numbers the graphs of the same table.
//!
//! The heuristic `trips` counts crossings without regard to bad company. With people, each return trip takes at least one person back. It is the exact cost of
//! that easier puzzle, and so admissible.

mod answer;
mod atoms;
mod config;
mod damage;
mod graphs;
mod instruct;
mod json;

pub use config::{Config, KindSetting};

use crate::exact::{self, Distances, Known};
use crate::prelude::*;

/// Greatest number of missionaries, and of cannibals.
pub const MAX_PEOPLE: u8 = 10;
/// Greatest number of items.
pub const MAX_ITEMS: usize = 7;

/// The names of items.
pub const NAMES: [&str; 24] = [
    "wolf", "goat", "cabbage", "fox", "goose", "grain", "dog", "cat", "rat", "hen", "corn", "snake", "frog", "owl",
    "mouse", "cheese", "lion", "sheep", "hay", "bear", "fish", "beetle", "leaf", "pig",
];

/// Items, and the pairs that may not be left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Items {
    count: usize,
    /// The name of each item, an index into [`NAMES`].
    names: [u8; MAX_ITEMS],
    /// The partners with which each item may not be left, one bit each.
    foes: [u8; MAX_ITEMS],
}

impl Items {
    fn all(&self) -> u8 {
        ((1u16 << self.count) - 1) as u8
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.into_iter().take(self.count).map(|name| NAMES[usize::from(name) % NAMES.len()])
    }

    /// The pairs, each with the lesser item first.
    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let all = (1..self.count).flat_map(|b| (0..b).map(move |a| (a, b)));
        let foes = self.foes;
        all.filter(move |&(a, b)| foes[a] >> b & 1 == 1)
    }
}

/// Who has to cross.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Party {
    /// Numbers of missionaries and cannibals.
    People(u8, u8),
    /// The items of the farmer.
    Items(Items),
}

/// A part of the party: a bit for each item, or 16 times the missionaries plus the cannibals.
pub type Group = u8;

/// A position: who is on the near bank, and whether the boat is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Who is on the near bank.
    pub near: Group,
    /// Whether the boat is on the near bank.
    pub boat_near: bool,
}

/// A crossing: who is in the boat, besides the farmer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Crossing(pub Group);

fn people(group: Group) -> (u8, u8) {
    (group >> 4, group & 15)
}

fn group_of(missionaries: u8, cannibals: u8) -> Group {
    missionaries << 4 | cannibals
}

/// A river crossing puzzle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiverCrossing {
    party: Party,
    /// Number of seats or items in the boat, besides the farmer.
    boat: u8,
    known: Known,
}

impl RiverCrossing {
    fn everyone(&self) -> Group {
        match &self.party {
            Party::People(missionaries, cannibals) => group_of(*missionaries, *cannibals),
            Party::Items(items) => items.all(),
        }
    }

    /// Who is on the bank with the boat.
    fn at_boat(&self, position: Position) -> Group {
        if position.boat_near { position.near } else { self.everyone() - position.near }
    }

    /// Whether nobody is in bad company.
    fn is_safe(&self, position: Position) -> bool {
        match &self.party {
            Party::People(..) => [position.near, self.everyone() - position.near].into_iter().all(|bank| {
                let (missionaries, cannibals) = people(bank);
                missionaries == 0 || missionaries >= cannibals
            }),
            Party::Items(items) => {
                let alone = if position.boat_near { items.all() & !position.near } else { position.near };
                (0..items.count).all(|item| alone >> item & 1 == 0 || items.foes[item] & alone == 0)
            }
        }
    }

    /// Whether the boat can hold the load.
    fn fits(&self, load: Group) -> bool {
        match &self.party {
            Party::People(..) => {
                let (missionaries, cannibals) = people(load);
                (1..=self.boat).contains(&(missionaries + cannibals))
            }
            Party::Items(_) => load.count_ones() <= u32::from(self.boat),
        }
    }

    /// Whether `load` is part of `bank`.
    fn is_part(&self, load: Group, bank: Group) -> bool {
        match &self.party {
            Party::People(..) => people(load).0 <= people(bank).0 && people(load).1 <= people(bank).1,
            Party::Items(_) => load & !bank == 0,
        }
    }

    /// The position after a crossing, safe or not. The load must be on the bank with the boat.
    fn after(&self, position: Position, load: Group) -> Position {
        let near = if position.boat_near { position.near - load } else { position.near + load };
        Position { near, boat_near: !position.boat_near }
    }

    /// Calls `visit` with every load from a bank that the boat can hold, in ascending order: items by bits, people by missionaries, then cannibals.
    fn each_load(&self, bank: Group, mut visit: impl FnMut(Group)) {
        match &self.party {
            Party::People(..) => {
                let (missionaries, cannibals) = people(bank);
                for m in 0..=missionaries.min(self.boat) {
                    for c in u8::from(m == 0)..=cannibals.min(self.boat - m) {
                        visit(group_of(m, c));
                    }
                }
            }
            Party::Items(_) => {
                let mut load: Group = 0;
                loop {
                    if self.fits(load) {
                        visit(load);
                    }
                    // The next subset of the bank in ascending order.
                    load = load.wrapping_sub(bank) & bank;
                    if load == 0 {
                        break;
                    }
                }
            }
        }
    }

    fn each_step(&self, position: Position, mut visit: impl FnMut(Group, Position)) {
        self.each_load(self.at_boat(position), |load| {
            let after = self.after(position, load);
            if self.is_safe(after) {
                visit(load, after);
            }
        });
    }

    fn number(&self, position: Position) -> usize {
        let near = match &self.party {
            Party::People(_, cannibals) => {
                let (m, c) = people(position.near);
                usize::from(m) * (usize::from(*cannibals) + 1) + usize::from(c)
            }
            Party::Items(_) => usize::from(position.near),
        };
        2 * near + usize::from(position.boat_near)
    }

    fn position(&self, number: usize) -> Position {
        let near = match &self.party {
            Party::People(_, cannibals) => {
                let width = usize::from(*cannibals) + 1;
                group_of((number / 2 / width) as u8, (number / 2 % width) as u8)
            }
            Party::Items(_) => (number / 2) as u8,
        };
        Position { near, boat_near: number % 2 == 1 }
    }

    fn positions(&self) -> usize {
        self.number(Position { near: self.everyone(), boat_near: true }) + 1
    }

    fn goal(&self) -> Position {
        Position { near: 0, boat_near: false }
    }

    fn solve(&self) -> SolverFacts {
        let safe: Vec<bool> = (0..self.positions()).map(|number| self.is_safe(self.position(number))).collect();
        exact::breadth_first(
            self.positions(),
            self.start(),
            |&position| self.number(position),
            |&position| position == self.goal(),
            |&position, near| {
                self.each_load(self.at_boat(position), |load| {
                    let after = self.after(position, load);
                    if safe[self.number(after)] {
                        near.push(after);
                    }
                });
            },
        )
    }

    /// Number of crossings without regard to bad company.
    fn trips(&self, position: Position) -> Cost {
        let boat = Cost::from(self.boat);
        match &self.party {
            Party::People(..) => {
                let (missionaries, cannibals) = people(position.near);
                let near = Cost::from(missionaries + cannibals);
                // Each return trip takes one back, so a round trip carries one less than the seats.
                let over = |near: Cost| 1 + 2 * near.saturating_sub(boat).div_ceil(boat - 1);
                if position.boat_near {
                    over(near)
                } else if near == 0 {
                    0
                } else {
                    1 + over(near + 1)
                }
            }
            Party::Items(_) => {
                let near = Cost::from(position.near.count_ones());
                let full = near.div_ceil(boat);
                if position.boat_near { 2 * full.max(1) - 1 } else { 2 * full }
            }
        }
    }
}

const SIZE: usize = 0;
const KIND: usize = 1;

impl Environment for RiverCrossing {
    const ABOUT: About = About {
        name: "river-crossing",
        version: 3,
        help: "missionaries and cannibals, or a farmer's items: all over a river, none in bad company",
        state_noun: "Near Bank",
        heuristics: &[HeuristicSpec::consistent(
            "trips",
            "crossings where nobody minds the company (relaxation; after Amarel 1968)",
        )],
        move_claim: MoveClaim::Result,
        difficulty: "positions nearer to the start than the goal",
        walks_turn_back: true,
        two_way: true,
        words: &[
            "people", "items", "boat", "pairs", "near", "far", "wolf", "goat", "cabbage", "fox", "goose", "grain",
            "dog", "cat", "rat", "hen", "corn", "snake", "frog", "owl", "mouse", "cheese", "lion", "sheep", "hay",
            "bear", "fish", "beetle", "leaf", "pig",
        ],
        keys: &["size", "kind", "boat"],
        answer_form: "one crossing a line, with who is in the boat, such as: take goat across, take nothing across, or take 1 missionary and 1 cannibal across",
        ..About::NEW
    };

    type Config = Config;
    type State = Position;
    type Move = Crossing;

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
        let party = match &self.party {
            Party::People(..) => self.party,
            Party::Items(items) => Party::Items(graphs::canonical(items)),
        };
        RiverCrossing { party, ..self.clone() }
    }

    fn start(&self) -> Position {
        Position { near: self.everyone(), boat_near: true }
    }

    #[inline]
    fn is_goal(&self, state: &Position) -> bool {
        *state == self.goal()
    }

    fn successors(&self, state: &Position, out: &mut Vec<Step<Crossing, Position>>) {
        self.each_step(*state, |load, after| out.push(Step { action: Crossing(load), state: after, cost: 1 }));
    }

    fn apply(&self, state: &Position, action: Crossing) -> Option<(Crossing, Position, Cost)> {
        if !self.is_part(action.0, self.at_boat(*state)) || !self.fits(action.0) {
            return None;
        }
        let after = self.after(*state, action.0);
        self.is_safe(after).then_some((action, after, 1))
    }

    fn is_terminal(&self, state: &Position) -> bool {
        let mut terminal = true;
        self.each_step(*state, |_, _| terminal = false);
        terminal
    }

    fn estimate(&self, _heuristic: usize, state: &Position) -> Cost {
        self.trips(*state)
    }

    fn solver_facts(&self) -> SolverFacts {
        self.known.0.unwrap_or_else(|| self.solve())
    }

    /// Backwards from the goal. A crossing may start in an unsafe position, which texts can claim, but must not end in one.
    fn distance_table(&self) -> DistanceTable<Self> {
        let distances = Distances::backwards(self.positions(), [self.number(self.goal())], |number, before| {
            let position = self.position(number);
            if self.is_safe(position) {
                self.each_load(self.at_boat(position), |load| before.push(self.number(self.after(position, load))));
            }
        });
        DistanceTable::new(move |puzzle: &Self, state: &Position| distances.of(puzzle.number(*state)))
    }
}

impl Splits for RiverCrossing {
    fn space(config: &Config) -> Option<Space> {
        config::space(config).ok()
    }

    fn at(config: &Config, _stratum: u64, index: u128, draw: &mut Draw) -> Result<Self, Reject> {
        config::at(config, index, draw)
    }

    fn accepts(config: &Config, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    /// The size is the number of people or items. Kind 0 is people, kind 1 items.
    fn hold_out_key(&self, key: usize) -> u64 {
        let (size, kind) = match &self.party {
            Party::People(missionaries, cannibals) => (u64::from(missionaries + cannibals), 0),
            Party::Items(items) => (items.count as u64, 1),
        };
        match key {
            SIZE => size,
            KIND => kind,
            _ => self.boat.into(),
        }
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        Some(match key {
            SIZE => config::sizes(config),
            KIND => config.kind.numbers(),
            _ => config::boats(config),
        })
    }
}

impl SearchSupport for RiverCrossing {
    fn two_way_goal(&self) -> Option<Position> {
        Some(self.goal())
    }

    fn index_bound(&self) -> Option<usize> {
        Some(self.positions())
    }

    fn index(&self, state: &Position) -> usize {
        self.number(*state)
    }
}

impl Plain for RiverCrossing {}

#[cfg(test)]
mod tests;
