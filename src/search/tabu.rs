//! Tabu search (Glover 1986, "Future paths for integer programming and links to artificial intelligence"), with a list of positions.

use std::collections::VecDeque;

use sos_envs::Complete;

use super::context::{Context, Outcome};
use super::hill_climbing::{best, neighbours};
use crate::trace::EventKind;

/// Tabu search. Not complete. It goes on to the best child that is not among the last `tenure` positions, even if it is worse than the current node, at most
/// `steps` times. The other children are dropped. If there is no such child, it gives up.
pub fn tabu<E: Complete>(context: &mut Context<'_, E>, steps: u64, tenure: u64) -> Outcome {
    let root = context.start();
    context.show_estimate(root);
    if context.is_goal(root) {
        context.trace.push(EventKind::Goal, root);
        return Outcome::Solved;
    }
    let puzzle = context.puzzle;
    let mut last = VecDeque::from([puzzle.key_state(&puzzle.start())]);
    let mut at = root;
    for step in 0.. {
        if context.spent() || step == steps {
            return context.end(Outcome::Budget, false);
        }
        let children = match neighbours(context, at, |state| last.contains(&puzzle.key_state(state))) {
            Ok(children) => children,
            Err(outcome) => return outcome,
        };
        let Some((_, next)) = best(&children) else { break };
        let others = children.into_iter().filter(|&(_, child)| child != next);
        others.for_each(|(_, child)| context.trace.push(EventKind::Prune, child));
        context.move_to(next);
        at = next;
        last.push_back(puzzle.key_state(&context.trace.nodes[at as usize].state));
        if last.len() as u64 > tenure {
            last.pop_front();
        }
    }
    context.end(Outcome::Exhausted, false)
}
