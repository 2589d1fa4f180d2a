//! A puzzle of any environment, behind one type: what is written for it is compiled once, whatever environments there are.
//!
//! States and moves are numbers into what the puzzle has met. Each is kept once, so equal numbers are equal states. Clones of a puzzle share
//! what it has met.

mod explore;
mod family;
mod typed;

use std::any::Any;
use std::fmt::Debug;
use std::rc::Rc;

use serde::Deserializer;
use sos_envs::prompt::Task;
use sos_envs::{
    About, Branch, ConfigError, Cost, Damage, Draw, Environment, EnvironmentVisitor, Facts, Flaw, HeuristicSpec,
    InferenceSlip, MoveClaim, Order, PuzzleError, PuzzleId, Reader, Reject, Repair, Space, Step, Style,
};

pub use explore::run;
pub use family::Config;
use family::{REGISTRY, family};
use typed::{Rules, Typed};

use crate::trace::Trace;

/// A state of a puzzle, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId(u32);

/// A move of a puzzle, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MoveId(u32);

/// A puzzle of any environment.
#[derive(Clone)]
pub struct Puzzle(Rc<dyn Rules>);

/// Visits every environment of the registry without its type.
pub fn visit(visitor: &mut impl EnvironmentVisitor) {
    (0..Puzzle::abouts().len()).for_each(|kind| visitor.visit::<Puzzle>(kind));
}

impl Puzzle {
    /// A puzzle of an environment.
    pub fn of<E: Environment>(puzzle: E) -> Self {
        Puzzle(Rc::new(Typed::new(puzzle)))
    }
}

/// A trace of one puzzle as a trace of another one of the same environment: the same states and moves, by the other's numbers.
pub fn translated<E: Environment>(trace: &Trace<E>, from: &E, to: &E) -> Trace<E> {
    let (trace_any, from, to): (&dyn Any, &dyn Any, &dyn Any) = (trace, from, to);
    let any = (trace_any.downcast_ref::<Trace<Puzzle>>(), from.downcast_ref::<Puzzle>(), to.downcast_ref::<Puzzle>());
    let (Some(any), Some(from), Some(to)) = any else { return trace.clone() };
    let translated: Box<dyn Any> = Box::new(to.translated(any, from));
    translated.downcast().map_or_else(|_| trace.clone(), |trace| *trace)
}

impl Puzzle {
    fn translated(&self, trace: &Trace<Puzzle>, from: &Puzzle) -> Trace<Puzzle> {
        let state = |state: StateId| self.0.state_of(&*from.0, state);
        let action = |action: MoveId| self.0.move_of(&*from.0, action);
        let mut trace = trace.clone();
        for node in &mut trace.nodes {
            (node.state, node.action) = (state(node.state), node.action.map(action));
        }
        for claim in &mut trace.claims {
            (claim.state, claim.action) = (claim.state.map(state), claim.action.map(action));
            claim.path.iter_mut().flatten().for_each(|step| *step = action(*step));
        }
        let answers = trace.answer.iter_mut().filter_map(|answer| answer.moves.as_mut());
        answers.flatten().for_each(|step| *step = action(*step));
        trace
    }
}

impl Debug for Puzzle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.show(f)
    }
}

impl PartialEq for Puzzle {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(&*other.0)
    }
}

impl Environment for Puzzle {
    // What depends on the environment is in `abouts`; nothing reads these.
    const NAME: &'static str = "";
    const VERSION: u32 = 0;
    const HELP: &'static str = "";
    const STATE_NOUN: &'static str = "";
    const HEURISTICS: &'static [HeuristicSpec] = &[];
    const MOVE_CLAIM: MoveClaim = MoveClaim::Result;
    const DIFFICULTY: &'static str = "";
    const CYCLES: bool = false;
    const KINDS: &'static [About] = &[];

    type Config = Config;
    type State = StateId;
    type Move = MoveId;
    type Evaluator = usize;
    type Oracle = ();

    fn abouts() -> &'static [About] {
        &REGISTRY.abouts
    }

    fn levels(kind: usize) -> [Config; 3] {
        family(kind).levels(kind)
    }

    fn kind_of(config: &Config) -> usize {
        config.kind
    }

    fn defaults(kind: usize) -> Config {
        family(kind).defaults(kind)
    }

    fn read_config<'de, D: Deserializer<'de>>(kind: usize, settings: D) -> Result<Config, D::Error> {
        let mut settings = <dyn erased_serde::Deserializer<'_>>::erase(settings);
        family(kind).read_config(kind, &mut settings).map_err(serde::de::Error::custom)
    }

    fn space(config: &Config) -> Result<Option<Space>, ConfigError> {
        family(config.kind).space(config)
    }

    fn distinct_space(config: &Config) -> Option<Space> {
        family(config.kind).distinct_space(config)
    }

    fn at(config: &Config, stratum: u64, index: u128, draw: &mut Draw) -> Result<Self, Reject> {
        family(config.kind).at(config, stratum, index, draw)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        family(config.kind).generate(config, draw)
    }

    fn tasks(config: &Config) -> u64 {
        family(config.kind).tasks(config)
    }

    fn another_task(&self, config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        self.0.another_task(config, draw)
    }

    fn accepts(config: &Config, solvable: bool) -> bool {
        family(config.kind).accepts(config, solvable)
    }

    fn hold_out_key(&self, key: usize) -> u64 {
        self.0.hold_out_key(key)
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        family(config.kind).hold_out_values(config, key)
    }

    fn canonical(&self) -> Self {
        self.0.canonical()
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        self.0.write_json(out);
    }

    fn from_json(kind: usize, value: &serde_json::Value) -> Result<Self, PuzzleError> {
        family(kind).read_json(value)
    }

    fn kind(&self) -> usize {
        self.0.kind()
    }

    fn about(&self) -> &'static About {
        self.0.about()
    }

    fn id(&self) -> PuzzleId {
        self.0.id()
    }

    fn twin(&self) -> PuzzleId {
        self.0.twin()
    }

    fn is_representative(&self) -> bool {
        self.0.is_representative()
    }

    fn counts_twins_once(config: &Config) -> bool {
        family(config.kind).counts_twins_once(config)
    }

    fn family(&self) -> Option<PuzzleId> {
        self.0.family()
    }

    fn start(&self) -> StateId {
        self.0.start()
    }

    fn is_goal(&self, state: &StateId) -> bool {
        self.0.is_goal(*state)
    }

    fn successors(&self, state: &StateId, out: &mut Vec<Step<MoveId, StateId>>) {
        self.0.successors(*state, out);
    }

    fn apply(&self, state: &StateId, action: MoveId) -> Option<(MoveId, StateId, Cost)> {
        self.0.apply(*state, action)
    }

    fn believe(&self, state: &StateId, action: MoveId) -> Option<(StateId, Cost)> {
        self.0.believe(*state, action)
    }

    fn told_by(&self, state: &StateId, action: MoveId) -> Option<StateId> {
        self.0.told_by(*state, action)
    }

    fn says_again(&self, state: &StateId, action: MoveId) -> bool {
        self.0.says_again(*state, action)
    }

    fn stated_cost(&self, grammar: &str, text: &[u8]) -> Option<Cost> {
        self.0.stated_cost(grammar, text)
    }

    fn key_state(&self, state: &StateId) -> StateId {
        self.0.key_state(*state)
    }

    fn is_terminal(&self, state: &StateId) -> bool {
        self.0.is_terminal(*state)
    }

    fn decide(&self, order: Order, state: &StateId, out: &mut Vec<Step<MoveId, StateId>>) {
        self.0.decide(order, *state, out);
    }

    fn flaws(&self, state: &StateId, out: &mut Vec<Flaw>) {
        self.0.flaws(*state, out);
    }

    fn repairs(&self, state: &StateId, flaw: Flaw, out: &mut Vec<Repair<MoveId, StateId>>) {
        self.0.repairs(*state, flaw, out);
    }

    fn infer(&self, inference: usize, order: Order, state: &StateId, out: &mut Vec<Step<MoveId, StateId>>) {
        self.0.infer(inference, order, *state, out);
    }

    fn is_inference(&self, action: MoveId) -> bool {
        self.0.is_inference(action)
    }

    fn names_nothing(&self, action: MoveId) -> Option<String> {
        self.0.names_nothing(action)
    }

    fn ends_search(&self, action: MoveId) -> bool {
        self.0.ends_search(action)
    }

    fn is_ended(&self, state: &StateId) -> bool {
        self.0.is_ended(*state)
    }

    fn branch(&self, state: &StateId, action: MoveId) -> Option<Branch> {
        self.0.branch(*state, action)
    }

    fn culprits(&self, state: &StateId, action: Option<MoveId>) -> u128 {
        self.0.culprits(*state, action)
    }

    fn answer(&self, moves: Vec<MoveId>) -> Vec<MoveId> {
        self.0.answer(moves)
    }

    fn reason(&self, action: MoveId) -> usize {
        self.0.reason(action)
    }

    fn slip_inference(
        &self,
        state: &StateId,
        action: MoveId,
        slip: InferenceSlip,
        draw: &mut Draw,
    ) -> Option<(MoveId, StateId)> {
        self.0.slip_inference(*state, action, slip, draw)
    }

    fn stale_state(&self, state: &StateId, given_up: &StateId, draw: &mut Draw) -> Option<StateId> {
        self.0.stale_state(*state, *given_up, draw)
    }

    fn is_stuck(&self, propagation: usize, state: &StateId) -> bool {
        self.0.is_stuck(propagation, *state)
    }

    fn has_cycles(&self) -> bool {
        self.0.has_cycles()
    }

    fn two_way_goal(&self) -> Option<StateId> {
        self.0.two_way_goal()
    }

    fn index_bound(&self) -> Option<usize> {
        self.0.index_bound()
    }

    fn index(&self, state: &StateId) -> usize {
        self.0.index(*state)
    }

    fn evaluator(&self, heuristic: usize) -> usize {
        self.0.prepare(heuristic);
        heuristic
    }

    fn estimate(&self, heuristic: &usize, state: &StateId) -> Cost {
        self.0.estimate(*heuristic, *state)
    }

    fn facts(&self) -> Facts {
        self.0.facts()
    }

    fn is_solvable(&self) -> bool {
        self.0.is_solvable()
    }

    fn oracle(&self) {}

    fn distance(&self, (): &(), state: &StateId) -> Option<Cost> {
        self.0.distance(*state)
    }

    fn threshold(&self, name: &str) -> Option<Cost> {
        self.0.threshold(name)
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        self.0.write_header(style, out);
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        self.0.write_target(style, out);
    }

    fn write_state(&self, state: &StateId, style: Style, out: &mut Vec<u8>) {
        self.0.write_state(*state, style, out);
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<StateId> {
        self.0.read_state(style, reader)
    }

    fn write_move(&self, action: MoveId, style: Style, out: &mut Vec<u8>) {
        self.0.write_move(action, style, out);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<MoveId> {
        self.0.read_move(style, reader)
    }

    fn write_value(&self, state: &StateId, style: Style, out: &mut Vec<u8>) {
        self.0.write_value(*state, style, out);
    }

    fn read_value(&self, style: Style, reader: &mut Reader<'_>) -> Option<StateId> {
        self.0.read_value(style, reader)
    }

    fn value_fits(&self, value: &StateId, state: &StateId) -> bool {
        self.0.value_fits(*value, *state)
    }

    fn write_prompt(&self, grammar: &str, out: &mut Vec<u8>) {
        self.0.write_prompt(grammar, out);
    }

    fn write_step(&self, grammar: &str, state: &StateId, out: &mut Vec<u8>) {
        self.0.write_step(grammar, *state, out);
    }

    fn write_move_in(&self, grammar: &str, action: MoveId, out: &mut Vec<u8>) {
        self.0.write_move_in(grammar, action, out);
    }

    fn read_move_in(&self, grammar: &str, reader: &mut Reader<'_>) -> Option<MoveId> {
        self.0.read_move_in(grammar, reader)
    }

    fn read_task(kind: usize, task: &Task<'_>) -> Option<serde_json::Value> {
        family(kind).read_task(task)
    }

    fn read_prompt(kind: usize, grammar: &str, text: &str) -> Option<serde_json::Value> {
        family(kind).read_prompt(grammar, text)
    }

    fn untold(kind: usize, grammar: &str) -> Option<&'static str> {
        family(kind).untold(grammar)
    }

    fn write_solution(&self, grammar: &str, moves: Option<&[MoveId]>, out: &mut Vec<u8>) {
        self.0.write_solution(grammar, moves, out);
    }

    fn read_solution(&self, grammar: &str, reader: &mut Reader<'_>) -> Option<Option<Vec<MoveId>>> {
        self.0.read_solution(grammar, reader)
    }

    fn damage_state(&self, state: &StateId, damage: Damage, draw: &mut Draw) -> Option<StateId> {
        self.0.damage_state(*state, damage, draw)
    }

    fn damage_claim(&self, action: MoveId, draw: &mut Draw) -> Option<MoveId> {
        self.0.damage_claim(action, draw)
    }

    fn illegal_move(&self, state: &StateId, draw: &mut Draw) -> Option<(MoveId, StateId)> {
        self.0.illegal_move(*state, draw)
    }
}
