//! Exact distances, from tables that are built once.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::corners::{Cube, PERMUTATIONS, TURNS, TWISTS, turned_permutation, turned_twist};
use crate::environment::Cost;
use crate::exact::Spheres;

/// The turns that count as one move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// Any turn of a face.
    #[default]
    HalfTurn,
    /// A quarter turn of a face; half turns are not moves.
    QuarterTurn,
}

impl Metric {
    /// The turns that are moves, in canonical order: U, U2, U3, R, R2, R3, F, F2, F3, where 3 is counterclockwise.
    pub fn turns(self) -> impl Iterator<Item = usize> {
        (0..TURNS).filter(move |&turn| self.allows(turn))
    }

    /// Whether a turn is a move.
    #[inline]
    pub fn allows(self, turn: usize) -> bool {
        turn < TURNS && (self == Metric::HalfTurn || turn % 3 != 1)
    }

    /// Number of positions at each distance from the solved one: 3,674,160 in all.
    pub fn counts(self) -> &'static [u64] {
        match self {
            Metric::HalfTurn => &[1, 9, 54, 321, 1847, 9992, 50_136, 227_536, 870_072, 1_887_748, 623_800, 2_644],
            Metric::QuarterTurn => {
                &[1, 6, 27, 120, 534, 2_256, 8_969, 33_058, 114_149, 360_508, 930_588, 1_350_852, 782_536, 90_280, 276]
            }
        }
    }

    /// The greatest distance.
    pub fn greatest(self) -> Cost {
        self.counts().len() as Cost - 1
    }

    /// Number of positions at distances from `min` to `max`.
    pub fn between(self, min: Cost, max: Cost) -> u64 {
        self.counts().iter().zip(0..).filter(|&(_, distance)| min <= distance && distance <= max).map(|(n, _)| n).sum()
    }
}

/// Distances of one metric.
pub struct Tables {
    /// Of whole positions.
    pub whole: OnceLock<Spheres>,
    /// Of the corners' places, without their twists.
    pub permutation: OnceLock<Spheres>,
    /// Of the corners' twists, without their places.
    pub twist: OnceLock<Spheres>,
}

fn tables(metric: Metric) -> &'static Tables {
    static TABLES: [Tables; 2] =
        [const { Tables { whole: OnceLock::new(), permutation: OnceLock::new(), twist: OnceLock::new() } }; 2];
    &TABLES[metric as usize]
}

/// Distances of all positions, about five bytes each.
pub fn whole(metric: Metric) -> &'static Spheres {
    tables(metric).whole.get_or_init(|| {
        let turns: Vec<usize> = metric.turns().collect();
        Spheres::around(Cube::SOLVED.number(), PERMUTATIONS * TWISTS, |number, near| {
            let cube = Cube::numbered(number);
            let [permutation, twist] = [turned_permutation(cube.permutation()), turned_twist(cube.twist())];
            let there = |&turn: &usize| usize::from(permutation[turn]) * TWISTS + usize::from(twist[turn]);
            near.extend(turns.iter().map(there));
        })
    })
}

/// Distances of the corners' places alone.
pub fn permutation(metric: Metric) -> &'static Spheres {
    tables(metric).permutation.get_or_init(|| {
        Spheres::around(Cube::SOLVED.permutation(), PERMUTATIONS, |number, near| {
            near.extend(metric.turns().map(|turn| usize::from(turned_permutation(number)[turn])));
        })
    })
}

/// Distances of the corners' twists alone.
pub fn twist(metric: Metric) -> &'static Spheres {
    tables(metric).twist.get_or_init(|| {
        Spheres::around(Cube::SOLVED.twist(), TWISTS, |number, near| {
            near.extend(metric.turns().map(|turn| usize::from(turned_twist(number)[turn])));
        })
    })
}
