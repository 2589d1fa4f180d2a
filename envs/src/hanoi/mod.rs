//! The Tower of Hanoi with 3 to 5 pegs, from any legal position to any other.
//!
//! Disks of different sizes are on pegs, on each peg the largest at the bottom. A move takes the top disk of a peg to another peg, where it must not be on a
//! smaller disk. Every assignment of disks to pegs is exactly one legal position, so `n` disks on `p` pegs have `p^n` positions. Every move can be undone, and
//! every position can be reached from every other.
//!
//! With 3 pegs, from `[A 2 1, B, C]` to `[A, B, C 2 1]`: `1 A->B`, `2 A->C`, `1 B->C`. A move names its disk, which follows from the pegs: this is the claim of
//! a move.
//!
//! Puzzle: Édouard Lucas (1883); with four pegs: Dudeney (1908), "The Reve's Puzzle". From all disks on one peg to all on another takes `2^n - 1` moves with 3
//! pegs; with 4 pegs the number of Stewart and Frame (1941), proven optimal by Bousch (2014). Any position to any other: Hinz, Klavžar and Petr (2018), "The
//! Tower of Hanoi - Myths and Maths". Additive pattern databases over disjoint sets of disks: Felner, Korf and Hanan (2004), "Additive Pattern Database
//! Heuristics".
//!
//! Puzzles are drawn uniformly. Pegs are interchangeable, so a puzzle is a string of pegs (of each disk at the start, then at the goal) whose letters are named
//! in the order of their first occurrence. Such strings ("restricted growth strings", Knuth, TAOCP 7.2.1.5) are numbered.

use crate::prelude::*;
mod answer;
mod atoms;
mod config;
mod damage;
mod instruct;
mod solve;

pub use config::Config;

/// Greatest number of pegs.
pub const MAX_PEGS: usize = 5;
/// Greatest number of disks.
pub const MAX_DISKS: usize = 9;
/// The place of a disk that a damaged state has lost.
const LOST: u8 = 7;
/// No disk; it compares as larger than any.
const NO_DISK: u8 = u8::MAX;

/// The peg of each disk, three bits for each, the smallest disk lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Disks(u32);

impl Disks {
    /// The peg of a disk.
    #[inline]
    pub fn peg(self, disk: u8) -> u8 {
        (self.0 >> (3 * disk) & 7) as u8
    }

    /// The state with a disk on another peg.
    #[inline]
    fn with(self, disk: u8, peg: u8) -> Self {
        Disks(self.0 & !(7 << (3 * disk)) | u32::from(peg) << (3 * disk))
    }
}

/// A move: a disk from one peg to another. Disks count from 0, the smallest; texts count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    /// The disk that the move claims to take.
    pub disk: u8,
    /// The peg whose top disk is taken.
    pub from: u8,
    /// The peg that gets the disk.
    pub to: u8,
}

/// A puzzle of pegs and disks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hanoi {
    pegs: u8,
    disks: u8,
    start: Disks,
    goal: Disks,
}

impl Hanoi {
    /// Number of pegs.
    pub fn pegs(&self) -> usize {
        usize::from(self.pegs)
    }

    /// Number of disks.
    pub fn disks(&self) -> usize {
        usize::from(self.disks)
    }

    /// The top disk of each peg.
    #[inline]
    fn tops(&self, state: Disks) -> [u8; 8] {
        let mut tops = [NO_DISK; 8];
        for disk in (0..self.disks).rev() {
            tops[usize::from(state.peg(disk))] = disk;
        }
        tops
    }

    /// The disk that a move between two pegs takes; none if it is illegal.
    fn taken(&self, state: Disks, from: u8, to: u8) -> Option<u8> {
        let tops = self.tops(state);
        let there = from < self.pegs && to < self.pegs;
        (there && tops[usize::from(from)] < tops[usize::from(to)]).then(|| tops[usize::from(from)])
    }

    fn is_complete(&self, state: Disks) -> bool {
        (0..self.disks).all(|disk| state.peg(disk) < self.pegs)
    }

    /// The puzzle with pegs renamed in the order of their first occurrence: from the smallest disk up, at the start and then at the goal.
    fn renamed(&self) -> Self {
        let mut names = [LOST; 8];
        let mut next = 0;
        let mut rename = |state: Disks| {
            (0..self.disks).fold(Disks::default(), |renamed, disk| {
                let name = &mut names[usize::from(state.peg(disk))];
                if *name == LOST {
                    *name = next;
                    next += 1;
                }
                renamed.with(disk, *name)
            })
        };
        Hanoi { start: rename(self.start), goal: rename(self.goal), ..*self }
    }
}

impl Environment for Hanoi {
    const ABOUT: About = About {
        name: "hanoi",
        version: 3,
        help: "move disks between pegs, never a larger onto a smaller one; 3 to 5 pegs, any start and goal",
        answer_form: "one move a line, such as: Move disk 1 from A to C",
        state_noun: "Pegs",
        heuristics: &[
            HeuristicSpec::consistent("misplaced-disks", "disks that are not on their goal peg: each must be moved"),
            HeuristicSpec::consistent(
                "patterns",
                "exact moves of the larger and of the smaller half of the disks, added up (Felner, Korf, Hanan 2004)",
            ),
        ],
        move_claim: MoveClaim::Result,
        difficulty: "positions that are nearer to the start than the goal is",
        walks_turn_back: true,
        two_way: true,
        words: &["A", "B", "C", "D", "E"],
        keys: &["pegs", "disks"],
        ..About::NEW
    };

    type Config = Config;
    type State = Disks;
    type Move = Move;

    fn levels() -> [Config; 3] {
        config::levels()
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config.space().map(drop)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        config.generate(draw)
    }

    fn canonical(&self) -> Self {
        self.renamed()
    }

    fn start(&self) -> Disks {
        self.start
    }

    #[inline]
    fn is_goal(&self, state: &Disks) -> bool {
        *state == self.goal
    }

    /// Steps are in the order of the source peg, then of the target peg.
    #[inline]
    fn successors(&self, state: &Disks, out: &mut Vec<Step<Move, Disks>>) {
        let tops = self.tops(*state);
        for from in 0..self.pegs {
            let disk = tops[usize::from(from)];
            for to in (0..self.pegs).filter(|&to| disk < tops[usize::from(to)]) {
                out.push(Step { action: Move { disk, from, to }, state: state.with(disk, to), cost: 1 });
            }
        }
    }

    fn apply(&self, state: &Disks, action: Move) -> Option<(Move, Disks, Cost)> {
        let disk = self.taken(*state, action.from, action.to)?;
        Some((Move { disk, ..action }, state.with(disk, action.to), 1))
    }

    fn is_terminal(&self, state: &Disks) -> bool {
        // If any disk is there, the smallest one can go to any other peg.
        (0..self.disks).all(|disk| state.peg(disk) == LOST)
    }

    fn estimate(&self, heuristic: usize, state: &Disks) -> Cost {
        if heuristic != 0 {
            return self.evaluator(heuristic).estimate(self, state);
        }
        (0..self.disks).filter(|&disk| state.peg(disk) != self.goal.peg(disk)).count() as Cost
    }

    fn solver_facts(&self) -> SolverFacts {
        solve::facts(self)
    }

    fn is_solvable(&self) -> bool {
        true
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        let distances = solve::distances(self.pegs, self.goal, 0..self.disks);
        DistanceTable::new(move |puzzle: &Self, state: &Disks| {
            distances.of(puzzle.index(state)).filter(|_| puzzle.is_complete(*state))
        })
    }
}

impl Splits for Hanoi {
    fn space(config: &Config) -> Option<Space> {
        config.space().ok()
    }

    fn at(config: &Config, _stratum: u64, index: u128, draw: &mut Draw) -> Result<Self, Reject> {
        config.at(index, draw)
    }

    fn shown_otherwise(&self, draw: &mut Draw) -> Option<Self> {
        let mut pegs: Vec<u8> = (0..self.pegs).collect();
        draw.shuffle(&mut pegs);
        let renamed = |state: Disks, disk| pegs.get(usize::from(state.peg(disk))).copied().unwrap_or(LOST);
        let shown = |state: Disks| (0..self.disks).fold(state, |shown, disk| shown.with(disk, renamed(state, disk)));
        Some(Hanoi { start: shown(self.start), goal: shown(self.goal), ..self.clone() })
    }

    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.pegs.into() } else { self.disks.into() }
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        let amount = if key == 0 { config.pegs } else { config.disks };
        Some((amount.min()..=amount.max()).collect())
    }
}

impl SearchSupport for Hanoi {
    fn evaluator(&self, heuristic: usize) -> Evaluator<Self> {
        if heuristic == 0 {
            return Evaluator::plain(heuristic);
        }
        let patterns = solve::Patterns::new(self);
        Evaluator::prepared(move |puzzle: &Self, state: &Disks| patterns.estimate(puzzle, *state))
    }

    fn two_way_goal(&self) -> Option<Disks> {
        Some(self.goal)
    }

    fn index_bound(&self) -> Option<usize> {
        Some(solve::positions(self.pegs, self.disks))
    }

    #[inline]
    fn index(&self, state: &Disks) -> usize {
        solve::index(self.pegs, *state, 0..self.disks)
    }
}

impl Plain for Hanoi {}

#[cfg(test)]
mod tests;
