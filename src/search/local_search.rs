//! Local search over values of all variables: min-conflicts and WalkSAT.
//!
//! A try gives every variable a value, one step each. Then it changes one value after another until no rule is broken. After `steps` changes control returns to
//! the root, and another try starts, at most `restarts` times.

use sos_envs::{Complete, Conflict, Environment, Repair};

use super::context::{Context, Outcome};
use super::order;
use crate::trace::{EventKind, NodeId};

/// Min-conflicts (Minton, Johnston, Philips and Laird 1992, "Minimizing conflicts: a heuristic repair method for constraint satisfaction and scheduling
/// problems"). A random variable of a broken rule gets another value, one with the fewest conflicts. The first values are chosen in the same way, in order. Not
/// complete.
pub fn min_conflicts<E: Complete>(context: &mut Context<'_, E>, restarts: u64, steps: u64) -> Outcome {
    tries(context, restarts, steps, Strategy { by_rule: false, noise_percent: 0 })
}

/// WalkSAT (Selman, Kautz and Cohen 1994, "Noise strategies for improving local search"), for rules of any kind. In a random broken rule, it changes a variable
/// such that something is repaired and nothing broken, if there is one. Otherwise it changes at random any variable, or one that breaks the fewest. The first
/// values are random. Not complete.
pub fn walksat<E: Complete>(context: &mut Context<'_, E>, restarts: u64, steps: u64, noise_percent: u64) -> Outcome {
    tries(context, restarts, steps, Strategy { by_rule: true, noise_percent })
}

/// Steps of an environment, of which one is taken.
type Steps<E> = Vec<Repair<<E as Environment>::Move, <E as Environment>::State>>;

#[derive(Clone, Copy)]
struct Strategy {
    /// Whether a broken rule is chosen first and then one of its variables, or a variable directly.
    by_rule: bool,
    noise_percent: u64,
}

fn tries<E: Complete>(context: &mut Context<'_, E>, restarts: u64, steps: u64, strategy: Strategy) -> Outcome {
    let root = context.start();
    if context.is_goal(root) {
        context.trace.push(EventKind::Goal, root);
        return Outcome::Solved;
    }
    for number in 0..=restarts {
        if number > 0 {
            context.move_to(root);
        }
        match attempt(context, strategy, root, number as u32, steps) {
            Some(Outcome::Solved) => return Outcome::Solved,
            Some(outcome) => return context.end(outcome, false),
            None => {}
        }
    }
    context.end(Outcome::Exhausted, false)
}

/// A try, which is the root's child with this number. Returns the outcome if the search ended.
fn attempt<E: Complete>(
    context: &mut Context<'_, E>,
    strategy: Strategy,
    root: NodeId,
    number: u32,
    mut changes: u64,
) -> Option<Outcome> {
    let (mut at, mut ordinal) = (root, number);
    loop {
        if context.spent() {
            return Some(Outcome::Budget);
        }
        let mut conflicts = Vec::new();
        context.puzzle.conflicts(&context.trace.nodes[at as usize].state, &mut conflicts);
        let mends = conflicts.first()?.rule.is_some();
        changes = changes.checked_sub(u64::from(mends))?;
        let repair = strategy.choose(context, at, ordinal, &conflicts)?;
        context.scratch.steps.clear();
        context.scratch.steps.push(repair.step);
        let child = context.generate(at, ordinal, 0);
        if context.is_goal(child) {
            context.trace.push(EventKind::Goal, child);
            return Some(Outcome::Solved);
        }
        if context.is_taken_for_dead_end(child) {
            context.trace.push(EventKind::DeadEnd, child);
            return None;
        }
        context.trace.push(EventKind::Open, child);
        context.move_to(child);
        (at, ordinal) = (child, 0);
    }
}

impl Strategy {
    fn choose<E: Complete>(
        self,
        context: &mut Context<'_, E>,
        at: NodeId,
        ordinal: u32,
        conflicts: &[Conflict],
    ) -> Option<Repair<E::Move, E::State>> {
        let mut choices = conflicts.to_vec();
        let same = |a: &Conflict, b: &Conflict| if self.by_rule { a.rule == b.rule } else { a.variable == b.variable };
        if !self.by_rule {
            order::conflicts_by_variable(&mut choices);
        }
        choices.dedup_by(|a, b| same(a, b));
        let steps = |context: &Context<'_, E>, choice: &Conflict| {
            let mut steps: Steps<E> = Vec::new();
            let state = &context.trace.nodes[at as usize].state;
            let parts = conflicts
                .iter()
                .filter(|conflict| if self.by_rule { same(conflict, choice) } else { *conflict == choice });
            parts.for_each(|&conflict| context.puzzle.repairs(state, conflict, &mut steps));
            steps
        };
        if context.tie_breaker.is_some() {
            let wanted = context.child_move(at, ordinal);
            let possible = choices.iter().flat_map(|choice| self.possible::<E>(steps(context, choice), choice, true));
            let possible: Steps<E> = possible.collect();
            let found = possible.iter().find(|repair| Some(repair.step.action) == wanted);
            return found.or(possible.first()).cloned();
        }
        let choice = *context.draw.choose(&choices)?;
        let noise = context.draw.chance(self.noise_percent, 100);
        let possible = self.possible::<E>(steps(context, &choice), &choice, noise);
        context.draw.choose(&possible).cloned()
    }

    /// The steps that the strategy may take. With `noise` they include random ones.
    fn possible<E: Complete>(self, mut steps: Steps<E>, choice: &Conflict, noise: bool) -> Steps<E> {
        let is_free = |repair: &Repair<E::Move, E::State>| repair.break_count == 0 && repair.make_count > 0;
        if !self.by_rule {
            let least = steps.iter().map(|repair| repair.conflicts).min();
            steps.retain(|repair| Some(repair.conflicts) == least);
        } else if choice.rule.is_some() && steps.iter().any(is_free) {
            steps.retain(is_free);
        } else if choice.rule.is_some() && !(noise && self.noise_percent > 0) {
            let least = steps.iter().map(|repair| repair.break_count).min();
            steps.retain(|repair| Some(repair.break_count) == least);
        }
        steps
    }
}
