//! Walks of legal moves.

use std::fmt::Debug;

use proptest::strategy::Strategy;

use super::shrinking::{Drawn, Puzzles, Shrinking};
use crate::draw::Draw;
use crate::environment::{Complete, Step};
use crate::smaller::{Of, Smaller};

/// A puzzle, and legal moves from its start.
#[derive(Clone, PartialEq)]
pub struct Walk<E: Complete> {
    /// The puzzle.
    pub puzzle: E,
    /// The moves, with the states after them.
    pub steps: Vec<Step<E::Move, E::State>>,
}

impl<E: Complete> Walk<E> {
    /// The state at the end of the walk.
    pub fn end(&self) -> E::State {
        self.steps.last().map_or_else(|| self.puzzle.start(), |step| step.state.clone())
    }

    /// The walk that takes these choices among the successors. It ends early at a state without successors.
    fn of(puzzle: E, choices: &[u32]) -> Self {
        let (mut state, mut steps, mut successors) = (puzzle.start(), Vec::new(), Vec::new());
        for &choice in choices {
            successors.clear();
            puzzle.successors(&state, &mut successors);
            let Some(step) = choice.checked_rem(successors.len() as u32).and_then(|at| successors.get(at as usize))
            else {
                break;
            };
            state = step.state.clone();
            steps.push(step.clone());
        }
        Walk { puzzle, steps }
    }
}

impl<E: Complete> Debug for Walk<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let moves: Vec<_> = self.steps.iter().map(|step| step.action).collect();
        f.debug_struct("Walk").field("puzzle", &self.puzzle).field("moves", &moves).finish()
    }
}

/// Puzzles, each with up to `most` random legal moves. A walk shrinks to a shorter one, and to one of a smaller puzzle.
///
/// ```
/// use proptest::prelude::*;
/// use sos_envs::{Environment, WaterJugs, strategies::walks};
/// proptest!(|(walk in walks::<WaterJugs>(Default::default(), 20))| {
///     let mut state = walk.puzzle.start();
///     for step in &walk.steps {
///         let (_, next, _) = walk.puzzle.apply(&state, step.action).unwrap();
///         prop_assert_eq!(next, step.state);
///         state = step.state;
///     }
/// });
/// ```
pub fn walks<E: Complete>(settings: E::Config, most: usize) -> impl Strategy<Value = Walk<E>> + Clone {
    let maker = Of::<E>::accepted(E::kind_of(&settings));
    Shrinking(Walks { puzzles: Puzzles { maker, settings }, most })
}

#[derive(Clone)]
struct Walks<E: Complete> {
    puzzles: Puzzles<Of<E>>,
    most: usize,
}

impl<E: Complete> Debug for Walks<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "up to {} moves in {:?}", self.most, self.puzzles)
    }
}

/// The origin of a walk.
#[derive(Clone)]
struct WalkCase<E: Complete> {
    puzzle: <Puzzles<Of<E>> as Drawn>::Case,
    choices: Vec<u32>,
}

#[derive(Clone)]
struct SmallerWalks<E: Complete> {
    /// Shorter lists of choices that are still to be tried.
    shorter: std::vec::IntoIter<Vec<u32>>,
    puzzles: Smaller<E::Config>,
}

impl<E: Complete> Drawn for Walks<E> {
    type Case = WalkCase<E>;
    type Value = Walk<E>;
    type Smaller = SmallerWalks<E>;

    fn draw(&self, seed: u64) -> Result<Self::Case, String> {
        let puzzle = self.puzzles.draw(seed)?;
        let mut draw = Draw::new(seed, "walk");
        let length = draw.index(self.most.saturating_add(1));
        Ok(WalkCase { puzzle, choices: (0..length).map(|_| draw.word() >> 8).collect() })
    }

    fn value(&self, case: &Self::Case) -> Walk<E> {
        Walk::of(self.puzzles.value(&case.puzzle), &case.choices)
    }

    /// First walks with fewer of the choices, then the same choices in smaller puzzles.
    fn smaller(&self, case: &Self::Case) -> Self::Smaller {
        let length = self.value(case).steps.len();
        let taken = &case.choices[..length];
        let mut shorter: Vec<Vec<u32>> = [0, length / 2, length.saturating_sub(1)]
            .iter()
            .filter(|&&to| to < length)
            .map(|&to| taken[..to].to_vec())
            .collect();
        shorter.extend((0..length.saturating_sub(1)).map(|left_out| {
            let rest = taken.iter().enumerate().filter(|(place, _)| *place != left_out);
            rest.map(|(_, choice)| *choice).collect()
        }));
        SmallerWalks { shorter: shorter.into_iter(), puzzles: self.puzzles.smaller(&case.puzzle) }
    }

    fn next(&self, case: &Self::Case, smaller: &mut Self::Smaller) -> Option<Self::Case> {
        if let Some(choices) = smaller.shorter.next() {
            return Some(WalkCase { puzzle: case.puzzle.clone(), choices });
        }
        let puzzle = self.puzzles.next(&case.puzzle, &mut smaller.puzzles)?;
        Some(WalkCase { puzzle, choices: case.choices.clone() })
    }
}
