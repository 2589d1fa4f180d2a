//! Constraint puzzles: variables get values so that every rule holds.

use crate::draw::Draw;
use crate::environment::{Environment, Step};

/// A move as one of the ways of a choice: where all ways lead nowhere, the position has no solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Which choice.
    pub choice: u64,
    /// Which way.
    pub way: u64,
    /// How many ways there are; 1 for what follows in any case.
    pub ways: u32,
    /// The bit by which [`Variables::conflict_set`] names the move; 0 of one that is never to blame.
    pub bit: u128,
}

/// How a search that decides variables one by one chooses the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// A rule of [`About::variable_orders`](crate::About::variable_orders).
    pub rule: usize,
    /// For the rule [`RANDOM_ORDER`]: which one it is, of those that are open, modulo their number.
    pub pick: u32,
}

/// The name of the rule by which chance chooses the next variable.
pub const RANDOM_ORDER: &str = "random";

/// A rule that is broken in a position where everything is decided, or a variable that is not decided yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The rule that is broken; none where the variable is open.
    pub rule: Option<u32>,
    /// A variable of it, which can be changed.
    pub variable: u32,
}

/// A step of local search, with the counts of WalkSAT (Selman, Kautz and Cohen 1994).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repair<M, S> {
    /// The step.
    pub step: Step<M, S>,
    /// How many conflicts there are where it leads.
    pub conflicts: u32,
    /// How many more there are in rules that have more than before …
    pub break_count: u32,
    /// … and how many less in those that have less.
    pub make_count: u32,
}

/// How an inference is made wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InferenceSlip {
    /// Something else is inferred, which does not follow.
    Unsound,
    /// The same is inferred, for a reason that does not hold.
    WrongReason,
    /// A guess leaves out one of the candidates.
    ForgottenCandidate,
}

/// Variables, propagation and inferences. Environments without variables have the defaults: `impl Variables for Pegs {}`. The names of orders,
/// propagations and inferences are in [`About`](crate::About); where there are none, no search asks.
pub trait Variables: Environment {
    /// The steps out of a state that decide the variable which an order chooses, in canonical order.
    fn decide(&self, _order: Order, state: &Self::State, out: &mut Vec<Step<Self::Move, Self::State>>) {
        self.successors(state, out);
    }
    /// Whether a look ahead of [`About::propagations`](crate::About::propagations) shows that no goal can be reached from a state.
    fn is_stuck(&self, _propagation: usize, state: &Self::State) -> bool {
        self.is_terminal(state)
    }
    /// What a local search can mend: while something is open, that alone; then every variable of every rule that is broken.
    fn conflicts(&self, _state: &Self::State, _out: &mut Vec<Conflict>) {}
    /// The steps that mend, or move, a conflict.
    fn repairs(&self, _state: &Self::State, _conflict: Conflict, _out: &mut Vec<Repair<Self::Move, Self::State>>) {}

    /// The step that an inference takes next; where there is nothing to infer, the guesses at the variable which an order chooses.
    fn infer(
        &self,
        _inference: usize,
        order: Order,
        state: &Self::State,
        out: &mut Vec<Step<Self::Move, Self::State>>,
    ) {
        self.decide(order, state, out);
    }
    /// Whether a move gives a reason and is legal only where that holds.
    fn is_inference(&self, _action: Self::Move) -> bool {
        false
    }
    /// Of which kind the reason is that a move gives: the same number for the same words.
    fn reason(&self, _action: Self::Move) -> usize {
        0
    }
    /// Whether a move says that its state leads nowhere.
    fn ends_search(&self, _action: Self::Move) -> bool {
        false
    }
    /// Whether a state leads nowhere by what was told: searches that tell their inferences look no further.
    fn is_ended(&self, state: &Self::State) -> bool {
        self.is_terminal(state)
    }

    /// Of which choice a move is one of the ways; none where that is not known.
    fn branch(&self, _state: &Self::State, _action: Self::Move) -> Option<Branch> {
        None
    }
    /// The choices before a state, a bit each ([`Branch::bit`]), that leave the choice of `action` no other ways than those that it has there; without an action,
    /// that make the state a dead end (the conflict set of backjumping, Prosser 1993). Too many are never wrong: all by default.
    fn conflict_set(&self, _state: &Self::State, _action: Option<Self::Move>) -> u128 {
        u128::MAX
    }

    /// The state after a move, legal or not, where the move alone tells it: texts for models then need not repeat the whole state. None where the
    /// state says more than the move.
    fn state_after(&self, _state: &Self::State, _action: Self::Move) -> Option<Self::State> {
        None
    }
    /// Whether a move says again what a state has from the start, so that an answer may hold it and need not: a given of a board.
    fn repeats_given(&self, _state: &Self::State, _action: Self::Move) -> bool {
        false
    }
    /// The moves of a path as an answer tells them.
    fn answer(&self, moves: Vec<Self::Move>) -> Vec<Self::Move> {
        moves
    }

    /// A wrong inference or guess in the place of a right one, and what it makes of the state that both are made in. None where there is none.
    fn slip_inference(
        &self,
        _state: &Self::State,
        _action: Self::Move,
        _slip: InferenceSlip,
        _draw: &mut Draw,
    ) -> Option<(Self::Move, Self::State)> {
        None
    }
    /// A state that has kept something of another, from which the search came back. None where it could keep nothing.
    fn stale_state(&self, _state: &Self::State, _given_up: &Self::State, _draw: &mut Draw) -> Option<Self::State> {
        None
    }
}
