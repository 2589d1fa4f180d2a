//! Runs of searches. A search works on the environment's own states and moves; its trace gets ids when the run ends.

use std::any::Any;

use sos_envs::{Complete, Cost, Draw, Step};

use super::Puzzle;
use super::typed::Typed;
use crate::search::limits::Limits;
use crate::search::{
    Algorithm, Asks, Context, Outcome, Scratch as TypedScratch, Search, SearchError, SearchTrace, Settings, Slip,
    TieBreaker,
};
use crate::trace::{MoveId, NodeId, StateId, Trace};

/// The arguments of a run.
pub struct Run<'a> {
    /// The search algorithm, with its own settings.
    pub(crate) algorithm: &'a Algorithm,
    /// The settings that all searches share.
    pub settings: &'a Settings,
    /// Deliberate mistakes of the search.
    pub slips: &'a [Slip],
    /// Decides ties and random choices; without one, the random stream does.
    pub tie_breaker: Option<&'a mut dyn TieBreaker>,
    /// The random stream.
    pub draw: &'a mut Draw,
    /// The trace to write.
    pub trace: &'a mut Trace,
    /// Buffers to reuse.
    pub scratch: &'a mut Scratch,
}

/// Buffers that searches reuse from row to row. It holds those of the environment that was searched last.
#[derive(Default)]
pub struct Scratch(Option<Box<dyn Any + Send>>);

impl Scratch {
    /// The buffers of type `B`. Buffers of another type are dropped, and new ones made.
    fn of<B: Any + Send + Default>(&mut self) -> &mut B {
        if !self.0.as_ref().is_some_and(|buffers| buffers.is::<B>()) {
            self.0 = None;
        }
        let buffers = self.0.get_or_insert_with(|| Box::new(B::default()));
        buffers.downcast_mut().expect("they are of this type, or else new")
    }
}

impl Search {
    /// Whether the search can run on a puzzle. On a puzzle that does not fit, a run gives up at once.
    pub fn fits(&self, puzzle: &Puzzle) -> Result<(), SearchError> {
        if self.asks != Asks::TwoWayGoal || puzzle.two_way_goal().is_some() {
            return Ok(());
        }
        let reason = "the goal of this puzzle is not one position that can be worked back from";
        Err(SearchError::Unfit { kind: self.name, env: puzzle.about().name, reason })
    }

    /// Runs the search. With a slip, it makes that mistake on purpose.
    pub fn run(
        &self,
        puzzle: &Puzzle,
        draw: &mut Draw,
        slip: Option<&Slip>,
        trace: &mut Trace,
        scratch: &mut Scratch,
    ) -> Outcome {
        let slips = slip.map_or(&[][..], std::slice::from_ref);
        self.start(puzzle, &self.settings, slips, draw, trace, scratch)
    }

    /// Runs the search within its own limits and these.
    pub fn run_within(
        &self,
        puzzle: &Puzzle,
        draw: &mut Draw,
        limits: Limits,
        trace: &mut Trace,
        scratch: &mut Scratch,
    ) -> Outcome {
        self.start(puzzle, &self.within(limits), &[], draw, trace, scratch)
    }

    /// Runs the search along a trace. The tie breaker makes the random choices; no random stream is used.
    pub fn run_along(&self, puzzle: &Puzzle, tie_breaker: &mut dyn TieBreaker, trace: &mut Trace) -> Outcome {
        let (mut draw, mut scratch) = (Draw::new(0, "guided"), Scratch::default());
        puzzle.run(Run {
            algorithm: &self.algorithm,
            settings: &self.settings,
            slips: &[],
            tie_breaker: Some(tie_breaker),
            draw: &mut draw,
            trace,
            scratch: &mut scratch,
        })
    }

    /// Runs the search with slips. It stops at `max_nodes`, since a slip can make a small search endless; the result is then none.
    pub fn rerun(
        &self,
        puzzle: &Puzzle,
        draw: &mut Draw,
        slips: &[Slip],
        max_nodes: u64,
        trace: &mut Trace,
        scratch: &mut Scratch,
    ) -> Option<Outcome> {
        let capped = max_nodes < self.settings.max_nodes;
        let settings = Settings { max_nodes: max_nodes.min(self.settings.max_nodes), ..self.settings.clone() };
        let outcome = self.start(puzzle, &settings, slips, draw, trace, scratch);
        let too_long = capped && outcome == Outcome::Budget && trace.nodes.len() as u64 >= max_nodes;
        (!too_long).then_some(outcome)
    }

    fn start(
        &self,
        puzzle: &Puzzle,
        settings: &Settings,
        slips: &[Slip],
        draw: &mut Draw,
        trace: &mut Trace,
        scratch: &mut Scratch,
    ) -> Outcome {
        puzzle.run(Run { algorithm: &self.algorithm, settings, slips, tie_breaker: None, draw, trace, scratch })
    }
}

/// Buffers that searches on puzzles of one type reuse.
struct Buffers<E: Complete> {
    scratch: TypedScratch<E>,
    trace: SearchTrace<E>,
}

impl<E: Complete> Default for Buffers<E> {
    fn default() -> Self {
        Buffers { scratch: TypedScratch::default(), trace: Trace::default() }
    }
}

/// Runs a search on a puzzle whose type is known.
pub(super) fn run_typed<E: Complete>(typed: &Typed<E>, run: Run<'_>) -> Outcome {
    let Run { algorithm, settings, slips, tie_breaker, draw, trace, scratch } = run;
    let buffers = scratch.of::<Buffers<E>>();
    let led = !slips.is_empty() || tie_breaker.is_some();
    let slips: Vec<_> = slips.iter().map(|slip| typed_slip(typed, slip)).collect();
    let mut tie_breaker = tie_breaker.map(|tie_breaker| TypedTieBreaker {
        typed,
        tie_breaker,
        trace: Trace::default(),
        steps: Vec::new(),
    });
    let mut context = Context::new(&typed.puzzle, settings, draw, &mut buffers.trace, &mut buffers.scratch);
    context.slips = &slips;
    context.tie_breaker = tie_breaker.as_mut().map(|tie_breaker| tie_breaker as &mut dyn TieBreaker<_, _>);
    let outcome = algorithm.explore(&mut context);
    trace.clear();
    typed.numbered(&buffers.trace.nodes, led, &mut trace.nodes);
    std::mem::swap(&mut trace.events, &mut buffers.trace.events);
    std::mem::swap(&mut trace.bounds, &mut buffers.trace.bounds);
    std::mem::swap(&mut trace.meetings, &mut buffers.trace.meetings);
    outcome
}

fn typed_slip<E: Complete>(typed: &Typed<E>, slip: &Slip) -> Slip<E::State, E::Move> {
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

/// A tie breaker on typed states and moves that asks one on ids.
struct TypedTieBreaker<'a, E: Complete> {
    typed: &'a Typed<E>,
    tie_breaker: &'a mut dyn TieBreaker,
    /// The trace so far, by ids. Its nodes may lack costs: a node is copied when it is made, and a search may set its costs later.
    trace: Trace,
    steps: Vec<Step<MoveId, StateId>>,
}

impl<E: Complete> TypedTieBreaker<'_, E> {
    fn follow(&mut self, trace: &SearchTrace<E>) {
        let known = self.trace.nodes.len();
        self.typed.numbered(&trace.nodes[known..], true, &mut self.trace.nodes);
        self.trace.events.extend(&trace.events[self.trace.events.len()..]);
        self.trace.bounds.extend(&trace.bounds[self.trace.bounds.len()..]);
        self.trace.meetings.extend(&trace.meetings[self.trace.meetings.len()..]);
    }
}

impl<E: Complete> TieBreaker<E::State, E::Move> for TypedTieBreaker<'_, E> {
    fn goes_on(&mut self, trace: &SearchTrace<E>) -> bool {
        self.follow(trace);
        self.tie_breaker.goes_on(&self.trace)
    }

    fn rank_children(
        &mut self,
        trace: &SearchTrace<E>,
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
        self.tie_breaker.rank_children(&self.trace, parent, &self.steps, ranks);
    }

    fn rank_visit(&mut self, trace: &SearchTrace<E>, node: NodeId) -> u32 {
        self.follow(trace);
        self.tie_breaker.rank_visit(&self.trace, node)
    }

    fn child_move(&mut self, trace: &SearchTrace<E>, parent: NodeId, ordinal: u32) -> Option<E::Move> {
        self.follow(trace);
        self.tie_breaker.child_move(&self.trace, parent, ordinal).map(|action| self.typed.typed_move(action))
    }

    fn visits(&mut self, trace: &SearchTrace<E>, node: NodeId) -> bool {
        self.follow(trace);
        self.tie_breaker.visits(&self.trace, node)
    }

    fn opened(&mut self, node: NodeId, key: Cost) {
        self.tie_breaker.opened(node, key);
    }
}
