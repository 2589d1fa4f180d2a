//! Helpers for searches: equality of positions, prepared heuristics, numbers of positions, and a goal for backward search.

use std::fmt;
use std::sync::Arc;

use crate::environment::{Cost, Environment};

/// Optional helpers for searches: `impl SearchSupport for Pegs {}` takes the defaults.
pub trait SearchSupport: Environment {
    /// The form of a state in which equal positions are equal. The default is the state itself. Implement it if one position can be shown in several ways.
    fn key_state(&self, state: &Self::State) -> Self::State {
        state.clone()
    }
    /// Whether two states are the same position. No environment overrides it.
    #[inline]
    fn same_state(&self, a: &Self::State, b: &Self::State) -> bool {
        a == b || self.key_state(a) == self.key_state(b)
    }
    /// A heuristic prepared for many states, with tables that are built once for the puzzle. The default is [`Environment::estimate`]; an implementation must
    /// return the same estimates.
    fn evaluator(&self, heuristic: usize) -> Evaluator<Self> {
        Evaluator::plain(heuristic)
    }
    /// Whether a proof within the environment's limits decides if there is a solution. Where it does not, [`SolverFacts::solvable`](crate::SolverFacts::solvable)
    /// is true and its optimal cost is none.
    fn is_decided(&self) -> bool {
        true
    }
    /// A bound on estimates by its name in [`About::thresholds`](crate::About::thresholds), in cost units: `target` in Countdown.
    fn threshold(&self, _name: &str) -> Option<Cost> {
        None
    }
    /// The goal, if it is a single position and every step can be undone at the same cost. A search can then work from both ends.
    fn two_way_goal(&self) -> Option<Self::State> {
        None
    }
    /// An upper bound of [`SearchSupport::index`], if positions are numbered. Searches then need no hashing.
    fn index_bound(&self) -> Option<usize> {
        None
    }
    /// The number of a position, below [`SearchSupport::index_bound`]. Two states have the same number exactly if they are the same position.
    fn index(&self, _state: &Self::State) -> usize {
        0
    }
}

type Estimate<E> = dyn Fn(&E, &<E as Environment>::State) -> Cost + Send + Sync;

/// A heuristic of a puzzle, ready for many states.
pub enum Evaluator<E: Environment> {
    /// [`Environment::estimate`] with this heuristic.
    Plain(usize),
    /// A function with its prepared data.
    Prepared(Arc<Estimate<E>>),
}

impl<E: Environment> Evaluator<E> {
    /// [`Environment::estimate`] with a heuristic, without prepared data.
    pub fn plain(heuristic: usize) -> Self {
        Evaluator::Plain(heuristic)
    }

    /// A function that owns its prepared data: a table, a pattern database.
    pub fn prepared(estimate: impl Fn(&E, &E::State) -> Cost + Send + Sync + 'static) -> Self {
        Evaluator::Prepared(Arc::new(estimate))
    }

    /// The estimate of a state, in units of one cost divided by [`About::estimate_scale`](crate::About::estimate_scale).
    #[inline]
    pub fn estimate(&self, puzzle: &E, state: &E::State) -> Cost {
        match self {
            Evaluator::Plain(heuristic) => puzzle.estimate(*heuristic, state),
            Evaluator::Prepared(estimate) => estimate(puzzle, state),
        }
    }
}

impl<E: Environment> Clone for Evaluator<E> {
    fn clone(&self) -> Self {
        match self {
            Evaluator::Plain(heuristic) => Evaluator::Plain(*heuristic),
            Evaluator::Prepared(estimate) => Evaluator::Prepared(estimate.clone()),
        }
    }
}

impl<E: Environment> fmt::Debug for Evaluator<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Evaluator::Plain(heuristic) => write!(f, "Plain({heuristic})"),
            Evaluator::Prepared(_) => f.write_str("Prepared"),
        }
    }
}
