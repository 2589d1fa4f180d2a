//! Damage to states and moves for corruptions, and the meaning of wrong claims.

use crate::draw::Draw;
use crate::environment::{Cost, Environment, Step};
use crate::search_support::SearchSupport;

/// A way to damage a state on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DamageKind {
    /// An element of the state is removed.
    Lose,
    /// An element of the state becomes another.
    Change,
    /// An element is added that does not belong there.
    Invent,
}

/// Wrong claims about a puzzle. The defaults suit every environment whose moves claim nothing ([`MoveClaim::None`](crate::MoveClaim::None)): `impl Damage for
/// Pegs {}`. If moves claim a result or a cost, `apply_as_claimed` and `damage_claim` must be implemented.
pub trait Damage: SearchSupport {
    /// The state after a move, and its cost, if the move's claim is taken as true. None if the move is illegal even then. The default is
    /// [`Environment::apply`], which suits moves without claims.
    fn apply_as_claimed(&self, state: &Self::State, action: Self::Move) -> Option<(Self::State, Cost)> {
        self.apply(state, action).map(|(_, to, cost)| (to, cost))
    }
    /// Why a move is illegal in every position, if it names something that the puzzle does not have, such as a word outside the list. None for other moves.
    fn never_legal(&self, _action: Self::Move) -> Option<String> {
        None
    }

    /// A copy of the state with one defect; none if this kind of damage is impossible. The result is never the same position. The default supports only
    /// `Change`: it returns a state one or two steps away, or else a few steps from the start.
    fn damage_state(&self, state: &Self::State, kind: DamageKind, draw: &mut Draw) -> Option<Self::State> {
        if kind != DamageKind::Change {
            return None;
        }
        let found = |attempt| near(self, state, 2, attempt, draw).filter(|near| !self.same_state(near, state));
        (0..ATTEMPTS).find_map(found)
    }
    /// The move with a wrong but well-formed claim. None if the move claims nothing.
    fn damage_claim(&self, _action: Self::Move, _draw: &mut Draw) -> Option<Self::Move> {
        None
    }
    /// A well-formed move that is illegal in the state, and a state that one could expect after it. The default takes a move that is legal in a nearby
    /// position, with its result there. None if no such move is found.
    fn illegal_move(&self, state: &Self::State, draw: &mut Draw) -> Option<(Self::Move, Self::State)> {
        (0..ATTEMPTS).find_map(|attempt| {
            let mut steps = steps_of(self, &near(self, state, 3, attempt, draw)?);
            steps.retain(|step| self.apply(state, step.action).is_none());
            draw.choose(&steps).map(|step| (step.action, step.state.clone()))
        })
    }
}

/// Number of attempts of a default before it gives up: the first half near the state, the second half near the start.
const ATTEMPTS: usize = 8;
/// Most steps of a walk from the start.
const FROM_START: u64 = 6;

fn steps_of<E: Environment>(puzzle: &E, state: &E::State) -> Vec<Step<E::Move, E::State>> {
    let mut steps = Vec::new();
    puzzle.successors(state, &mut steps);
    steps
}

/// A state one to `most` random steps away from `state`, or in later attempts up to [`FROM_START`] steps away from the start. None if there are no steps.
fn near<E: Environment>(puzzle: &E, state: &E::State, most: u64, attempt: usize, draw: &mut Draw) -> Option<E::State> {
    let (from, most) = if attempt < ATTEMPTS / 2 { (state.clone(), most) } else { (puzzle.start(), FROM_START) };
    let mut at = None;
    for _ in 0..draw.between(1, most) {
        let steps = steps_of(puzzle, at.as_ref().unwrap_or(&from));
        let Some(step) = draw.choose(&steps) else { break };
        at = Some(step.state.clone());
    }
    at
}
