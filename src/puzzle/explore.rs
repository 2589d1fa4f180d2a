//! Searches on puzzles of any environment: the search itself is that of the type, what it wrote is numbered.

use sos_envs::{Cost, Environment, Step};

use super::typed::Typed;
use super::{MoveId, Puzzle, StateId};
use crate::search::{Algorithm, Context, Guide, Outcome, Run, Scratch, Slip, algorithms};
use crate::trace::{NodeId, Trace};

/// Runs the search of a place in the registry on a puzzle.
pub fn run(place: usize, run: Run<'_, Puzzle>) -> Outcome {
    run.puzzle.0.explore(place, run)
}

/// What searches on puzzles of a type reuse.
struct Kept<E: Environment> {
    algorithms: Vec<Algorithm<E>>,
    scratch: Scratch<E>,
    trace: Trace<E>,
}

/// The same with the puzzle's type.
pub(super) fn run_typed<E: Environment>(typed: &Typed<E>, place: usize, run: Run<'_, Puzzle>) -> Outcome {
    let Run { settings, slips, guide, draw, trace, scratch, .. } = run;
    let new = || Kept::<E> { algorithms: algorithms(), scratch: Scratch::default(), trace: Trace::default() };
    let kept = scratch.kept(new);
    let slips: Vec<Slip<E>> = slips.iter().map(|slip| typed_slip(typed, slip)).collect();
    let mut guide = guide.map(|guide| TypedGuide { typed, guide, trace: Trace::default(), steps: Vec::new() });
    let mut context = Context::new(&typed.puzzle, settings, draw, &mut kept.trace, &mut kept.scratch);
    context.slips = &slips;
    context.guide = guide.as_mut().map(|guide| guide as &mut dyn Guide<E>);
    let outcome = (kept.algorithms[place])(&mut context);
    trace.clear();
    number(typed, &mut kept.trace, trace);
    outcome
}

fn typed_slip<E: Environment>(typed: &Typed<E>, slip: &Slip<Puzzle>) -> Slip<E> {
    match slip {
        Slip::Node { node, action, state } => Slip::Node {
            node: *node,
            action: typed.typed_move(*action),
            state: typed.with(*state, |_, state| state.clone()),
        },
        Slip::MissedGoal(node) => Slip::MissedGoal(*node),
        Slip::DeadEnd(node) => Slip::DeadEnd(*node),
    }
}

/// Moves what a search wrote into a trace by number.
fn number<E: Environment>(typed: &Typed<E>, from: &mut Trace<E>, to: &mut Trace<Puzzle>) {
    typed.numbered(from.nodes.iter(), &mut to.nodes);
    std::mem::swap(&mut to.events, &mut from.events);
    std::mem::swap(&mut to.bounds, &mut from.bounds);
    std::mem::swap(&mut to.meetings, &mut from.meetings);
}

/// A guide that knows states and moves by number.
struct TypedGuide<'a, E: Environment> {
    typed: &'a Typed<E>,
    guide: &'a mut dyn Guide<Puzzle>,
    /// The trace so far, without costs: nodes are made as they are, and only told costs later.
    trace: Trace<Puzzle>,
    steps: Vec<Step<MoveId, StateId>>,
}

impl<E: Environment> TypedGuide<'_, E> {
    fn follow(&mut self, trace: &Trace<E>) {
        let known = self.trace.nodes.len();
        self.typed.numbered(trace.nodes[known..].iter(), &mut self.trace.nodes);
        self.trace.events.extend(&trace.events[self.trace.events.len()..]);
        self.trace.bounds.extend(&trace.bounds[self.trace.bounds.len()..]);
        self.trace.meetings.extend(&trace.meetings[self.trace.meetings.len()..]);
    }
}

impl<E: Environment> Guide<E> for TypedGuide<'_, E> {
    fn goes_on(&mut self, trace: &Trace<E>) -> bool {
        self.follow(trace);
        self.guide.goes_on(&self.trace)
    }

    fn rank_children(
        &mut self,
        trace: &Trace<E>,
        parent: NodeId,
        steps: &[Step<E::Move, E::State>],
        ranks: &mut Vec<u32>,
    ) {
        self.follow(trace);
        self.steps.clear();
        self.steps.extend(steps.iter().map(|step| Step {
            action: self.typed.action(step.action),
            state: self.typed.state(step.state.clone()),
            cost: step.cost,
        }));
        self.guide.rank_children(&self.trace, parent, &self.steps, ranks);
    }

    fn rank_visit(&mut self, trace: &Trace<E>, node: NodeId) -> u32 {
        self.follow(trace);
        self.guide.rank_visit(&self.trace, node)
    }

    fn child_move(&mut self, trace: &Trace<E>, parent: NodeId, ordinal: u32) -> Option<E::Move> {
        self.follow(trace);
        self.guide.child_move(&self.trace, parent, ordinal).map(|action| self.typed.typed_move(action))
    }

    fn visits(&mut self, trace: &Trace<E>, node: NodeId) -> bool {
        self.follow(trace);
        self.guide.visits(&self.trace, node)
    }

    fn opened(&mut self, node: NodeId, key: Cost) {
        self.guide.opened(node, key);
    }
}
