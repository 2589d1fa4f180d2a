//! What searches use beside the rules: equal positions, prepared heuristics, numbers of positions, a goal to work back from.

use std::fmt;
use std::sync::Arc;

use crate::environment::{Cost, Environment};

/// Helps for searches. None is needed: `impl SearchSupport for Pegs {}`.
pub trait SearchSupport: Environment {
    /// A state in the form in which equal positions are equal. By default the state itself: needed only where one position is shown in several ways.
    fn key_state(&self, state: &Self::State) -> Self::State {
        state.clone()
    }
    /// Whether two states are the same position. Nothing else than this, for any environment.
    #[inline]
    fn same_state(&self, a: &Self::State, b: &Self::State) -> bool {
        a == b || self.key_state(a) == self.key_state(b)
    }
    /// A heuristic, prepared for many states: where it takes a table that is made once a puzzle. By default [`Environment::estimate`], which must say
    /// the same.
    fn evaluator(&self, heuristic: usize) -> Evaluator<Self> {
        Evaluator::plain(heuristic)
    }
    /// A bound on estimates by a name of [`About::thresholds`](crate::About::thresholds), in cost units: `target` in Countdown.
    fn threshold(&self, _name: &str) -> Option<Cost> {
        None
    }
    /// The goal, where it is one position alone and each step can be taken back at the same cost, so that a search can work from
    /// both ends.
    fn two_way_goal(&self) -> Option<Self::State> {
        None
    }
    /// How many numbers [`SearchSupport::index`] gives at most, where positions have numbers: searches then need no hashing.
    fn index_bound(&self) -> Option<usize> {
        None
    }
    /// The number of a position: the same exactly for the same position, below [`SearchSupport::index_bound`].
    fn index(&self, _state: &Self::State) -> usize {
        0
    }
}

type Estimate<E> = dyn Fn(&E, &<E as Environment>::State) -> Cost + Send + Sync;

/// A heuristic of a puzzle, ready for many states.
pub enum Evaluator<E: Environment> {
    /// [`Environment::estimate`] with this heuristic.
    Plain(usize),
    /// A function with what it has prepared.
    Prepared(Arc<Estimate<E>>),
}

impl<E: Environment> Evaluator<E> {
    /// [`Environment::estimate`] with a heuristic: nothing is prepared.
    pub fn plain(heuristic: usize) -> Self {
        Evaluator::Plain(heuristic)
    }

    /// A function that owns what was prepared: a table, a database of patterns.
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
