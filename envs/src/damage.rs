//! How claims about a puzzle go wrong: what corruptions plant, and what a wrong claim would mean.

use crate::draw::Draw;
use crate::environment::{Cost, Environment, Step};
use crate::search_support::SearchSupport;

/// A way to damage a state on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DamageKind {
    /// A thing of the state is lost.
    Lose,
    /// A thing of the state becomes another.
    Change,
    /// A thing is added that is not there.
    Invent,
}

/// Wrong claims. The defaults are right for every environment whose moves claim nothing beside what is done
/// ([`MoveClaim::None`](crate::MoveClaim::None)): `impl Damage for Pegs {}`. Where moves claim a result or a cost, `apply_as_claimed` and `damage_claim` must be given.
pub trait Damage: SearchSupport {
    /// Where a move leads if what it claims of itself is taken as true. None where even so it is illegal. By default as
    /// [`Environment::apply`] says, which is right where a move claims nothing.
    fn apply_as_claimed(&self, state: &Self::State, action: Self::Move) -> Option<(Self::State, Cost)> {
        self.apply(state, action).map(|(_, to, cost)| (to, cost))
    }
    /// Why a move is legal in no position of the puzzle, where it names what the puzzle does not have: a word that is in no list. None of other moves.
    fn never_legal(&self, _action: Self::Move) -> Option<String> {
        None
    }

    /// The state with one thing wrong; none where that cannot be. Never the same position. By default a state cannot lose or gain
    /// a thing, and changes to one that is a step or two away (from it, or else a few steps from the start).
    fn damage_state(&self, state: &Self::State, kind: DamageKind, draw: &mut Draw) -> Option<Self::State> {
        if kind != DamageKind::Change {
            return None;
        }
        let found = |attempt| near(self, state, 2, attempt, draw).filter(|near| !self.same_state(near, state));
        (0..ATTEMPTS).find_map(found)
    }
    /// The move with what it claims of itself wrong, but well formed. None where it claims nothing.
    fn damage_claim(&self, _action: Self::Move, _draw: &mut Draw) -> Option<Self::Move> {
        None
    }
    /// A well-formed move that is not possible in the state, with a state that it might be thought to lead to. By default a move that is legal in a
    /// position near by and not here, with the state that it leads to there; none where no such move is found.
    fn illegal_move(&self, state: &Self::State, draw: &mut Draw) -> Option<(Self::Move, Self::State)> {
        (0..ATTEMPTS).find_map(|attempt| {
            let mut steps = steps_of(self, &near(self, state, 3, attempt, draw)?);
            steps.retain(|step| self.apply(state, step.action).is_none());
            draw.choose(&steps).map(|step| (step.action, step.state.clone()))
        })
    }
}

/// How often a default looks for damage before it says that there is none: half of the times near the state, then near the start.
const ATTEMPTS: usize = 8;
/// Steps of a walk from the start, at most.
const FROM_START: u64 = 6;

fn steps_of<E: Environment>(puzzle: &E, state: &E::State) -> Vec<Step<E::Move, E::State>> {
    let mut steps = Vec::new();
    puzzle.successors(state, &mut steps);
    steps
}

/// A position that is one to `most` random steps away from a state, or in later attempts a few steps away from the start; none where there are no steps.
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
