//! Linear algebra over the field of two elements, prepared once for each size of board.

use std::sync::OnceLock;

use super::{MAX_SIDE, MIN_SIDE};
use crate::environment::Cost;

const SIDES: usize = MAX_SIDE - MIN_SIDE + 1;
const MOST_CELLS: usize = MAX_SIDE * MAX_SIDE;

/// Data of all boards of a size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// The lamps that each press switches.
    presses: Vec<u64>,
    /// The lamps at most 2 steps away from each lamp.
    near: Vec<u64>,
    /// For each press that a solution may need: the pattern whose common lamps with the board, if odd in number, make it part of the solution. Other presses
    /// are not needed.
    solution: Vec<(usize, u64)>,
    /// A basis of the quiet patterns. Each has a lamp that no other basis pattern has.
    basis: Vec<(usize, u64)>,
    /// All quiet patterns, the empty one first.
    quiet: Vec<u64>,
}

#[inline]
fn is_odd(lamps: u64) -> bool {
    lamps.count_ones() % 2 == 1
}

impl Board {
    /// The board of a size. Both sides must be 2 to 8.
    pub fn of(rows: usize, columns: usize) -> &'static Board {
        static BOARDS: [OnceLock<Board>; SIDES * SIDES] = [const { OnceLock::new() }; SIDES * SIDES];
        BOARDS[(rows - MIN_SIDE) * SIDES + columns - MIN_SIDE].get_or_init(|| Board::new(rows, columns))
    }

    fn new(rows: usize, columns: usize) -> Self {
        let cells = rows * columns;
        let within = |steps: usize, of: usize| {
            let close = |cell: &usize| {
                (cell / columns).abs_diff(of / columns) + (cell % columns).abs_diff(of % columns) <= steps
            };
            (0..cells).filter(close).fold(0, |lamps, cell| lamps | 1u64 << cell)
        };
        let presses: Vec<u64> = (0..cells).map(|cell| within(1, cell)).collect();
        let (solution, basis) = eliminate(&presses);
        let mut quiet = vec![0];
        for &(_, pattern) in &basis {
            quiet.extend_from_within(..);
            let half = quiet.len() / 2;
            quiet[half..].iter_mut().for_each(|sum| *sum ^= pattern);
        }
        Board { presses, near: (0..cells).map(|cell| within(2, cell)).collect(), solution, basis, quiet }
    }

    /// The lamps that each press switches, row by row.
    pub fn presses(&self) -> impl Iterator<Item = u64> {
        self.presses.iter().copied()
    }

    /// The lamps that a press of a cell on the board switches.
    #[inline]
    pub fn press(&self, cell: usize) -> u64 {
        self.presses[cell]
    }

    /// Number of classes of patterns that presses turn into each other. It is a power of two, and 1 if every pattern can be solved.
    pub fn kinds(&self) -> usize {
        self.quiet.len()
    }

    /// Lamps that turn a solvable pattern into one of a class when they are switched. Class 0 has the solvable patterns; the class must be below
    /// [`Board::kinds`].
    pub fn lamps_of_kind(&self, kind: usize) -> u64 {
        let lamp = |(place, &(lamp, _)): (usize, &(usize, u64))| if kind >> place & 1 == 1 { 1 << lamp } else { 0 };
        self.basis.iter().enumerate().map(lamp).sum()
    }

    /// The lamps that a set of presses switches.
    pub fn switched(&self, set: u64) -> u64 {
        self.presses
            .iter()
            .enumerate()
            .fold(0, |lamps, (cell, press)| if set >> cell & 1 == 1 { lamps ^ press } else { lamps })
    }

    /// Whether a pattern can be solved.
    #[inline]
    pub fn is_solvable(&self, lamps: u64) -> bool {
        self.basis.iter().all(|&(_, pattern)| !is_odd(pattern & lamps))
    }

    /// A set of presses that solves a solvable pattern.
    #[inline]
    fn a_solution(&self, lamps: u64) -> u64 {
        self.solution.iter().fold(0, |set, &(cell, row)| set | u64::from(is_odd(row & lamps)) << cell)
    }

    /// The least number of presses that solve a pattern, and the number of sets of this size; none if no set solves it.
    pub fn fewest(&self, lamps: u64) -> Option<(Cost, u64)> {
        if !self.is_solvable(lamps) {
            return None;
        }
        let set = self.a_solution(lamps);
        let sizes = self.quiet.iter().map(|pattern| (set ^ pattern).count_ones());
        let (fewest, sets) = sizes.fold((u32::MAX, 0), |(fewest, sets), size| match size.cmp(&fewest) {
            std::cmp::Ordering::Less => (size, 1),
            std::cmp::Ordering::Equal => (fewest, sets + 1),
            std::cmp::Ordering::Greater => (fewest, sets),
        });
        Some((fewest.into(), sets))
    }

    /// Whether the set is the least of all sets of presses with the same effect, by size and then as a number.
    pub fn is_least(&self, set: u64) -> bool {
        self.quiet.iter().all(|pattern| {
            let other = set ^ pattern;
            (set.count_ones(), set) <= (other.count_ones(), other)
        })
    }

    /// A lower bound: a number of lit lamps, chosen from the first on, of which no two can be switched by one press.
    #[inline]
    pub fn packing(&self, mut lamps: u64) -> Cost {
        let mut count = 0;
        while lamps != 0 {
            count += 1;
            lamps &= !self.near[lamps.trailing_zeros() as usize];
        }
        count
    }
}

type Vectors = Vec<(usize, u64)>;

/// Gauss-Jordan elimination. Returns, for each press that a solution needs, the lamps whose parity decides it, and for each other press the quiet pattern with
/// this press and no other of those.
fn eliminate(presses: &[u64]) -> (Vectors, Vectors) {
    let mut rows: Vec<(u64, u64)> = presses.iter().enumerate().map(|(cell, &press)| (press, 1 << cell)).collect();
    let mut needed = Vec::new();
    let mut free = Vec::new();
    for cell in 0..presses.len() {
        let rank = needed.len();
        let Some(found) = (rank..rows.len()).find(|&row| rows[row].0 >> cell & 1 == 1) else {
            free.push(cell);
            continue;
        };
        rows.swap(rank, found);
        let pivot = rows[rank];
        for (place, row) in rows.iter_mut().enumerate() {
            if place != rank && row.0 >> cell & 1 == 1 {
                *row = (row.0 ^ pivot.0, row.1 ^ pivot.1);
            }
        }
        needed.push(cell);
    }
    let quiet = |&free: &usize| {
        let with = needed.iter().zip(&rows).filter(|(_, row)| row.0 >> free & 1 == 1);
        (free, with.fold(1 << free, |pattern, (&cell, _)| pattern | 1 << cell))
    };
    let basis = free.iter().map(quiet).collect();
    (needed.iter().zip(&rows).map(|(&cell, row)| (cell, row.1)).collect(), basis)
}

/// Binomial coefficients: Pascal's triangle.
static CHOICES: [[u64; MOST_CELLS + 1]; MOST_CELLS + 1] = {
    let mut table = [[0; MOST_CELLS + 1]; MOST_CELLS + 1];
    let mut n = 0;
    while n <= MOST_CELLS {
        table[n][0] = 1;
        let mut k = 1;
        while k <= n {
            table[n][k] = table[n - 1][k - 1] + table[n - 1][k];
            k += 1;
        }
        n += 1;
    }
    table
};

/// The number of sets of `k` of `n` cells, for `n` up to 64.
#[inline]
pub fn choices(n: usize, k: usize) -> u64 {
    CHOICES.get(n).and_then(|row| row.get(k)).copied().unwrap_or(0)
}

/// The set of `k` of `n` cells with the number `rank` (Knuth, TAOCP 7.2.1.3).
pub fn choice(n: usize, k: usize, mut rank: u64) -> u64 {
    let mut set = 0;
    let mut left = k;
    for cell in (0..n).rev() {
        let without = choices(cell, left);
        if left > 0 && rank >= without {
            rank -= without;
            left -= 1;
            set |= 1 << cell;
        }
    }
    set
}
