//! Constraint puzzles: variables get values that satisfy all rules.

use crate::draw::Draw;
use crate::environment::{Environment, Step};
use crate::variable_set::VariableSet;

/// A move as one option of a choice. If all options fail, the position has no solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The number of the choice.
    pub choice: u64,
    /// The number of the option.
    pub way: u64,
    /// How many options the choice has; 1 for a forced move.
    pub ways: u32,
    /// The move in [`Variables::conflict_set`], as a set of one; empty if the move is never to blame.
    pub bit: VariableSet,
}

/// How a search chooses the next variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Index of the rule in [`About::variable_orders`](crate::About::variable_orders).
    pub rule: usize,
    /// For the rule [`RANDOM_ORDER`]: the index of the variable among the open ones, modulo their number.
    pub pick: u32,
}

/// The name of the rule that chooses the next variable at random.
pub const RANDOM_ORDER: &str = "random";

/// A broken rule in a fully decided position, or a variable that is still open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The broken rule; none if the variable is open.
    pub rule: Option<u32>,
    /// A variable of the rule, which can be changed.
    pub variable: u32,
}

/// A step of local search, with the counts of WalkSAT (Selman, Kautz and Cohen 1994).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repair<M, S> {
    /// The step.
    pub step: Step<M, S>,
    /// Number of conflicts after the step.
    pub conflicts: u32,
    /// Sum of the increases, over the rules with more conflicts than before.
    pub break_count: u32,
    /// Sum of the decreases, over the rules with fewer conflicts than before.
    pub make_count: u32,
}

/// How a corruption makes an inference wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InferenceSlip {
    /// The inference has another conclusion, which does not follow.
    Unsound,
    /// The conclusion stays, but the reason does not hold.
    WrongReason,
    /// A guess omits one of the candidates.
    ForgottenCandidate,
}

/// Variables, propagation and inferences. Environments without variables take the defaults: `impl Variables for Pegs {}`. The names of orders, propagations and
/// inferences are in [`About`](crate::About). If there are no names, no search calls these functions.
pub trait Variables: Environment {
    /// Appends the steps that decide the variable chosen by the order, in canonical order.
    fn decide(&self, _order: Order, state: &Self::State, out: &mut Vec<Step<Self::Move, Self::State>>) {
        self.successors(state, out);
    }
    /// Whether propagation at a level of [`About::propagations`](crate::About::propagations) shows that no goal can be reached from the state.
    fn is_stuck(&self, _propagation: usize, state: &Self::State) -> bool {
        self.is_terminal(state)
    }
    /// Appends the conflicts for local search. If a variable is open, an open variable alone; otherwise every variable of every broken rule.
    fn conflicts(&self, _state: &Self::State, _out: &mut Vec<Conflict>) {}
    /// Appends the steps that resolve or move a conflict.
    fn repairs(&self, _state: &Self::State, _conflict: Conflict, _out: &mut Vec<Repair<Self::Move, Self::State>>) {}

    /// Appends the next inference. If nothing can be inferred, appends the guesses for the variable chosen by the order.
    fn infer(
        &self,
        _inference: usize,
        order: Order,
        state: &Self::State,
        out: &mut Vec<Step<Self::Move, Self::State>>,
    ) {
        self.decide(order, state, out);
    }
    /// Whether a move states a reason. Such a move is legal only if the reason holds.
    fn is_inference(&self, _action: Self::Move) -> bool {
        false
    }
    /// The kind of reason that a move states. Equal words have equal numbers.
    fn reason(&self, _action: Self::Move) -> usize {
        0
    }
    /// Whether a move states that its state is a dead end.
    fn ends_search(&self, _action: Self::Move) -> bool {
        false
    }
    /// Whether the inferences written so far show that a state is a dead end. Searches that write their inferences look no further.
    fn is_ended(&self, state: &Self::State) -> bool {
        self.is_terminal(state)
    }

    /// The choice of which a move is an option; none if it is not known.
    fn branch(&self, _state: &Self::State, _action: Self::Move) -> Option<Branch> {
        None
    }
    /// The earlier choices ([`Branch::bit`]) that leave the choice of `action` no more options than it has here. Without an action: those that
    /// make the state a dead end (the conflict set of backjumping, Prosser 1993). A superset is never wrong; the default has all.
    fn conflict_set(&self, _state: &Self::State, _action: Option<Self::Move>) -> VariableSet {
        VariableSet::ALL
    }

    /// The state after a move, legal or not, if the move alone determines it. Texts for models then need not repeat the whole state. None if the state contains
    /// more than the move tells.
    fn state_after(&self, _state: &Self::State, _action: Self::Move) -> Option<Self::State> {
        None
    }
    /// Whether a move repeats a given of the puzzle, such as a given of a board. An answer may include or omit such moves.
    fn repeats_given(&self, _state: &Self::State, _action: Self::Move) -> bool {
        false
    }
    /// The moves of a path, as an answer lists them.
    fn answer(&self, moves: Vec<Self::Move>) -> Vec<Self::Move> {
        moves
    }

    /// A wrong inference or guess instead of the right one, and the state after it. Both start from the given state. None if there is none.
    fn slip_inference(
        &self,
        _state: &Self::State,
        _action: Self::Move,
        _slip: InferenceSlip,
        _draw: &mut Draw,
    ) -> Option<(Self::Move, Self::State)> {
        None
    }
    /// A copy of the state that wrongly keeps something of a state from which the search backtracked. None if nothing can be kept.
    fn stale_state(&self, _state: &Self::State, _given_up: &Self::State, _draw: &mut Draw) -> Option<Self::State> {
        None
    }
}
