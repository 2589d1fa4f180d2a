//! A puzzle of a known type, with ids for its states and moves. This file is compiled for each environment.

use std::any::{Any, TypeId};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use sos_envs::answers::{self, Unread};
use sos_envs::{
    About, Branch, Complete, Cost, DamageKind, DistanceTable, Draw, Evaluator, InferenceSlip, Instructions, PuzzleId,
    Reader, Reject, SolverFacts, Step, Style, VariableSet,
};

use super::numbered::{Numbered, SMALL};
use super::{Config, Puzzle, Rules, Run, run};
use crate::search::Outcome;
use crate::trace::{MoveId, Node, StateId};

/// How many look-aheads have their results remembered: each takes two bits of a word.
const MOST_REMEMBERED: usize = 8;

/// Greatest number of positions for which a table with an entry each is made. Beyond it states are hashed.
const MOST_PLACES: usize = 1 << 13;

/// A value for each pair of a state and a move.
type ByStep<T> = HashMap<(StateId, MoveId), T, FxBuildHasher>;

/// The states and moves that a puzzle has met, and results for them.
struct Arena<E: Complete> {
    states: Numbered<E::State>,
    moves: Numbered<E::Move>,
    /// For each state the id of its position ([`Rules::key_state`]), or [`UNKNOWN`].
    positions: Vec<StateId>,
    /// For each state and look-ahead two bits: whether the result is known, and whether the state is stuck.
    stuck: Vec<u16>,
    /// Results of [`Rules::apply`], kept only for large states.
    applied: ByStep<Option<(MoveId, StateId, Cost)>>,
    told: ByStep<Option<StateId>>,
}

impl<E: Complete> Default for Arena<E> {
    fn default() -> Self {
        Arena {
            states: Numbered::default(),
            moves: Numbered::default(),
            positions: Vec::new(),
            stuck: Vec::new(),
            applied: HashMap::default(),
            told: HashMap::default(),
        }
    }
}

/// Arenas that a thread no longer uses, by type. The next puzzle of the type takes the memory.
type Spare = RefCell<HashMap<TypeId, Box<dyn Any>, FxBuildHasher>>;

thread_local! {
    static SPARE: Spare = RefCell::default();
}

/// An arena with room for this many states or more is not kept as a spare.
const MOST_SPARE: usize = 1 << 16;

impl<E: Complete> Arena<E> {
    /// An empty arena, with the memory of a spare one if there is one.
    fn spare() -> Self {
        let spare = SPARE.try_with(|spare| spare.borrow_mut().remove(&TypeId::of::<Self>()));
        let spare = spare.ok().flatten().and_then(|spare| spare.downcast::<Self>().ok());
        spare.map_or_else(Self::default, |spare| *spare)
    }

    /// Whether it has allocated nothing yet.
    fn is_new(&self) -> bool {
        self.states.things.capacity() == 0 && self.moves.things.capacity() == 0
    }

    /// Empties the arena and keeps it as the thread's spare.
    fn give_back(mut self) {
        if (1..MOST_SPARE).contains(&self.states.things.capacity()) {
            self.states.clear();
            self.moves.clear();
            self.positions.clear();
            self.stuck.clear();
            self.applied.clear();
            self.told.clear();
            // While a thread ends, its spares are gone, and the arena is dropped.
            let _ = SPARE.try_with(|spare| spare.borrow_mut().insert(TypeId::of::<Self>(), Box::new(self)));
        }
    }
}

impl<E: Complete> Drop for Typed<E> {
    fn drop(&mut self) {
        self.arena.take().give_back();
    }
}

/// A puzzle of a known type, with the states and moves that it has met.
pub(super) struct Typed<E: Complete> {
    pub puzzle: E,
    arena: RefCell<Arena<E>>,
    evaluators: Vec<OnceCell<Evaluator<E>>>,
    distances: OnceCell<DistanceTable<E>>,
    /// The header in each style. It is needed for each text of a row, so it is written once.
    headers: [OnceCell<Box<[u8]>>; 3],
    /// A prompt and its grammar: the one that was asked for first.
    prompt: OnceCell<(Box<str>, Box<[u8]>)>,
    start: OnceCell<StateId>,
    goal: OnceCell<Option<StateId>>,
    steps: RefCell<Vec<Step<E::Move, E::State>>>,
}

const UNKNOWN: StateId = StateId(u32::MAX);

impl<E: Complete> Typed<E> {
    pub fn new(puzzle: E) -> Self {
        Typed {
            arena: RefCell::new(Arena::default()),
            evaluators: puzzle.about().heuristics.iter().map(|_| OnceCell::new()).collect(),
            puzzle,
            distances: OnceCell::new(),
            headers: Default::default(),
            prompt: OnceCell::new(),
            start: OnceCell::new(),
            goal: OnceCell::new(),
            steps: RefCell::default(),
        }
    }

    /// Gives ids to the states and moves of a search's nodes. A search that is `led`, by slips or along a text, may reach states that the
    /// rules do not make.
    pub fn numbered(&self, nodes: &[Node<E::State, E::Move>], led: bool, out: &mut Vec<Node>) {
        let mut arena = self.arena.borrow_mut();
        let places = if led { None } else { places(&self.puzzle) };
        out.extend(nodes.iter().map(|node| Node {
            parent: node.parent,
            ordinal: node.ordinal,
            depth: node.depth,
            state: arena.legal_state(&self.puzzle, places, node.state.clone()),
            action: node.action.map(|action| MoveId(arena.moves.number(action))),
            g: node.g,
            h: node.h,
        }));
    }

    /// Whether a state is so large that results of moves are worth remembering.
    fn is_large(&self) -> bool {
        size_of::<E::State>() > SMALL
    }

    /// The id of a state.
    #[inline]
    pub fn state(&self, state: E::State) -> StateId {
        StateId(self.arena.borrow_mut().states.number(state))
    }

    /// The id of a move.
    #[inline]
    pub fn action(&self, action: E::Move) -> MoveId {
        MoveId(self.arena.borrow_mut().moves.number(action))
    }

    /// Calls `act` with the state of an id.
    #[inline]
    pub fn with<T>(&self, state: StateId, act: impl FnOnce(&E, &E::State) -> T) -> T {
        act(&self.puzzle, &self.arena.borrow().states.things[state.0 as usize])
    }

    /// The move of an id.
    #[inline]
    pub fn typed_move(&self, action: MoveId) -> E::Move {
        self.arena.borrow().moves.things[action.0 as usize]
    }

    /// Appends the steps that `list` makes, with ids.
    fn steps(
        &self,
        state: StateId,
        out: &mut Vec<Step<MoveId, StateId>>,
        list: impl FnOnce(&E, &E::State, &mut Vec<Step<E::Move, E::State>>),
    ) {
        let mut steps = self.steps.borrow_mut();
        steps.clear();
        self.with(state, |puzzle, state| list(puzzle, state, &mut steps));
        let mut arena = self.arena.borrow_mut();
        let places = arena.places(&self.puzzle);
        out.extend(steps.drain(..).map(|step| Step {
            action: MoveId(arena.moves.number(step.action)),
            state: arena.legal_state(&self.puzzle, places, step.state),
            cost: step.cost,
        }));
    }

    fn evaluator(&self, heuristic: usize) -> &Evaluator<E> {
        self.evaluators[heuristic].get_or_init(|| self.puzzle.evaluator(heuristic))
    }
}

/// The number of places for positions, where they are few enough for a table. Only states of up to four bytes have one: the place of a
/// larger state takes longer to find than its hash.
fn places<E: Complete>(puzzle: &E) -> Option<usize> {
    puzzle.index_bound().filter(|&bound| bound <= MOST_PLACES && size_of::<E::State>() <= size_of::<u32>())
}

impl<E: Complete> Arena<E> {
    /// The number of places, as long as the rules made all known states. After that, states are hashed.
    fn places(&self, puzzle: &E) -> Option<usize> {
        places(puzzle).filter(|_| self.states.placed)
    }

    /// The id of a state that the rules made. Other states may have no place.
    #[inline]
    fn legal_state(&mut self, puzzle: &E, places: Option<usize>, state: E::State) -> StateId {
        StateId(match places {
            Some(bound) => self.states.number_at(puzzle.index(&state), bound, state),
            None => self.states.number(state),
        })
    }
}

impl<E: Complete> Rules for Typed<E> {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn equals(&self, other: &dyn Rules) -> bool {
        other.as_any().downcast_ref::<Self>().is_some_and(|other| other.puzzle == self.puzzle)
    }

    fn show(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut json = Vec::new();
        self.puzzle.write_json(&mut json);
        write!(f, "{} {}", self.puzzle.about().name, String::from_utf8_lossy(&json))
    }

    fn about(&self) -> &'static About {
        self.puzzle.about()
    }

    fn state_of(&self, other: &dyn Rules, state: StateId) -> Option<StateId> {
        let other: &Self = other.as_any().downcast_ref()?;
        Some(self.state(other.with(state, |_, state| state.clone())))
    }

    fn move_of(&self, other: &dyn Rules, action: MoveId) -> Option<MoveId> {
        let other: &Self = other.as_any().downcast_ref()?;
        Some(self.action(other.typed_move(action)))
    }

    fn another_task(&self, config: &Config, draw: &mut Draw) -> Result<Puzzle, Reject> {
        let settings = config.typed::<E>();
        self.puzzle.another_task(settings, draw).map(Puzzle::of)
    }

    fn hold_out_key(&self, key: usize) -> u64 {
        self.puzzle.hold_out_key(key)
    }

    fn canonical(&self) -> Puzzle {
        Puzzle::of(self.puzzle.canonical())
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        self.puzzle.write_json(out);
    }

    fn id(&self) -> PuzzleId {
        self.puzzle.id()
    }

    fn twin(&self) -> PuzzleId {
        self.puzzle.twin()
    }

    fn is_representative(&self) -> bool {
        self.puzzle.is_representative()
    }

    fn ground(&self) -> Option<PuzzleId> {
        self.puzzle.family()
    }

    fn start(&self) -> StateId {
        *self.start.get_or_init(|| {
            // Most puzzles are drawn and rejected before anything asks for a state, so memory is taken only here.
            let mut arena = self.arena.borrow_mut();
            if arena.is_new() {
                *arena = Arena::spare();
            }
            arena.legal_state(&self.puzzle, places(&self.puzzle), self.puzzle.start())
        })
    }

    fn is_goal(&self, state: StateId) -> bool {
        self.with(state, E::is_goal)
    }

    fn successors(&self, state: StateId, out: &mut Vec<Step<MoveId, StateId>>) {
        self.steps(state, out, E::successors);
    }

    fn apply(&self, state: StateId, action: MoveId) -> Option<(MoveId, StateId, Cost)> {
        if self.is_large()
            && let Some(known) = self.arena.borrow().applied.get(&(state, action))
        {
            return *known;
        }
        let written = self.typed_move(action);
        let applied = self.with(state, |puzzle, state| puzzle.apply(state, written));
        let mut arena = self.arena.borrow_mut();
        let applied = applied.map(|(right, state, cost)| {
            let right = if right == written { action } else { MoveId(arena.moves.number(right)) };
            let places = arena.places(&self.puzzle);
            (right, arena.legal_state(&self.puzzle, places, state), cost)
        });
        if self.is_large() {
            arena.applied.insert((state, action), applied);
        }
        applied
    }

    fn apply_as_claimed(&self, state: StateId, action: MoveId) -> Option<(StateId, Cost)> {
        let action = self.typed_move(action);
        let (state, cost) = self.with(state, |puzzle, state| puzzle.apply_as_claimed(state, action))?;
        Some((self.state(state), cost))
    }

    fn state_after(&self, state: StateId, action: MoveId) -> Option<StateId> {
        if self.is_large()
            && let Some(known) = self.arena.borrow().told.get(&(state, action))
        {
            return *known;
        }
        let written = self.typed_move(action);
        let told = self.with(state, |puzzle, state| puzzle.state_after(state, written));
        let told = told.map(|told| self.state(told));
        if self.is_large() {
            self.arena.borrow_mut().told.insert((state, action), told);
        }
        told
    }

    fn repeats_given(&self, state: StateId, action: MoveId) -> bool {
        let action = self.typed_move(action);
        self.with(state, |puzzle, state| puzzle.repeats_given(state, action))
    }

    fn stated_cost(&self, grammar: &str, text: &[u8]) -> Option<Cost> {
        self.puzzle.stated_cost(grammar, text)
    }

    fn key_state(&self, state: StateId) -> StateId {
        let mut arena = self.arena.borrow_mut();
        let arena = &mut *arena;
        if arena.positions.len() <= state.0 as usize {
            arena.positions.resize(arena.states.things.len(), UNKNOWN);
        }
        if arena.positions[state.0 as usize] == UNKNOWN {
            let key = self.puzzle.key_state(&arena.states.things[state.0 as usize]);
            let places = arena.places(&self.puzzle);
            arena.positions[state.0 as usize] = arena.legal_state(&self.puzzle, places, key);
        }
        arena.positions[state.0 as usize]
    }

    fn is_terminal(&self, state: StateId) -> bool {
        self.with(state, E::is_terminal)
    }

    fn is_inference(&self, action: MoveId) -> bool {
        self.puzzle.is_inference(self.typed_move(action))
    }

    fn never_legal(&self, action: MoveId) -> Option<String> {
        self.puzzle.never_legal(self.typed_move(action))
    }

    fn ends_search(&self, action: MoveId) -> bool {
        self.puzzle.ends_search(self.typed_move(action))
    }

    fn branch(&self, state: StateId, action: MoveId) -> Option<Branch> {
        let action = self.typed_move(action);
        self.with(state, |puzzle, state| puzzle.branch(state, action))
    }

    fn conflict_set(&self, state: StateId, action: Option<MoveId>) -> VariableSet {
        let action = action.map(|action| self.typed_move(action));
        self.with(state, |puzzle, state| puzzle.conflict_set(state, action))
    }

    fn answer(&self, moves: Vec<MoveId>) -> Vec<MoveId> {
        let moves = moves.into_iter().map(|action| self.typed_move(action)).collect();
        self.puzzle.answer(moves).into_iter().map(|action| self.action(action)).collect()
    }

    fn reason(&self, action: MoveId) -> usize {
        self.puzzle.reason(self.typed_move(action))
    }

    fn slip_inference(
        &self,
        state: StateId,
        action: MoveId,
        slip: InferenceSlip,
        draw: &mut Draw,
    ) -> Option<(MoveId, StateId)> {
        let action = self.typed_move(action);
        let (action, state) = self.with(state, |puzzle, state| puzzle.slip_inference(state, action, slip, draw))?;
        Some((self.action(action), self.state(state)))
    }

    fn stale_state(&self, state: StateId, given_up: StateId, draw: &mut Draw) -> Option<StateId> {
        let stale = self.with(state, |puzzle, state| {
            self.with(given_up, |_, given_up| puzzle.stale_state(state, given_up, draw))
        })?;
        Some(self.state(stale))
    }

    fn is_stuck(&self, propagation: usize, state: StateId) -> bool {
        if propagation >= MOST_REMEMBERED {
            return self.with(state, |puzzle, state| puzzle.is_stuck(propagation, state));
        }
        let (known, stuck) = (1u16 << (2 * propagation), 2u16 << (2 * propagation));
        let mut arena = self.arena.borrow_mut();
        let arena = &mut *arena;
        if arena.stuck.len() <= state.0 as usize {
            arena.stuck.resize(arena.states.things.len(), 0);
        }
        let bits = &mut arena.stuck[state.0 as usize];
        if *bits & known == 0 {
            let is_stuck = self.puzzle.is_stuck(propagation, &arena.states.things[state.0 as usize]);
            *bits |= known | if is_stuck { stuck } else { 0 };
        }
        *bits & stuck != 0
    }

    fn two_way_goal(&self) -> Option<StateId> {
        *self.goal.get_or_init(|| self.puzzle.two_way_goal().map(|goal| self.state(goal)))
    }

    fn estimate(&self, heuristic: usize, state: StateId) -> Cost {
        let evaluator = self.evaluator(heuristic);
        self.with(state, |puzzle, state| evaluator.estimate(puzzle, state))
    }

    fn solver_facts(&self) -> SolverFacts {
        self.puzzle.solver_facts()
    }

    fn is_solvable(&self) -> bool {
        self.puzzle.is_solvable()
    }

    fn known_solvable(&self, facts: &SolverFacts) -> Option<bool> {
        let is_decided = !facts.solvable || facts.optimal_cost.is_some() || self.puzzle.is_decided();
        is_decided.then_some(facts.solvable)
    }

    fn no_solution_means(&self) -> Option<&'static str> {
        self.puzzle.no_solution_means()
    }

    fn distance(&self, state: StateId) -> Option<Cost> {
        let distances = self.distances.get_or_init(|| self.puzzle.distance_table());
        self.with(state, |puzzle, state| distances.distance(puzzle, state))
    }

    fn threshold(&self, name: &str) -> Option<Cost> {
        self.puzzle.threshold(name)
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        out.extend_from_slice(self.headers[style as usize].get_or_init(|| {
            let mut header = Vec::new();
            self.puzzle.write_header(style, &mut header);
            header.into()
        }));
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        self.puzzle.write_target(style, out);
    }

    fn write_state(&self, state: StateId, style: Style, out: &mut Vec<u8>) {
        self.with(state, |puzzle, state| puzzle.write_state(state, style, out));
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<StateId> {
        self.puzzle.read_state(style, reader).map(|state| self.state(state))
    }

    fn write_move(&self, action: MoveId, style: Style, out: &mut Vec<u8>) {
        self.puzzle.write_move(self.typed_move(action), style, out);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<MoveId> {
        self.puzzle.read_move(style, reader).map(|action| self.action(action))
    }

    fn write_value(&self, state: StateId, style: Style, out: &mut Vec<u8>) {
        self.with(state, |puzzle, state| puzzle.write_value(state, style, out));
    }

    fn read_value(&self, style: Style, reader: &mut Reader<'_>) -> Option<StateId> {
        self.puzzle.read_value(style, reader).map(|state| self.state(state))
    }

    fn value_fits(&self, value: StateId, state: StateId) -> bool {
        self.with(value, |puzzle, value| self.with(state, |_, state| puzzle.value_fits(value, state)))
    }

    fn instructions(&self) -> Instructions {
        self.puzzle.instructions()
    }

    fn write_prompt(&self, grammar: &str, out: &mut Vec<u8>) {
        let (first, prompt) = self.prompt.get_or_init(|| {
            let mut prompt = Vec::new();
            self.puzzle.write_prompt(grammar, &mut prompt);
            (grammar.into(), prompt.into())
        });
        if **first == *grammar {
            out.extend_from_slice(prompt);
        } else {
            self.puzzle.write_prompt(grammar, out);
        }
    }

    fn write_step(&self, grammar: &str, state: StateId, out: &mut Vec<u8>) {
        self.with(state, |puzzle, state| puzzle.write_step(grammar, state, out));
    }

    fn write_move_in(&self, grammar: &str, action: MoveId, out: &mut Vec<u8>) {
        self.puzzle.write_move_in(grammar, self.typed_move(action), out);
    }

    fn read_move_in(&self, grammar: &str, reader: &mut Reader<'_>) -> Option<MoveId> {
        self.puzzle.read_move_in(grammar, reader).map(|action| self.action(action))
    }

    fn write_solution(&self, grammar: &str, moves: Option<&[MoveId]>, out: &mut Vec<u8>) {
        let moves: Option<Vec<E::Move>> =
            moves.map(|moves| moves.iter().map(|&action| self.typed_move(action)).collect());
        self.puzzle.write_solution(grammar, moves.as_deref(), out);
    }

    fn read_solution(&self, grammar: &str, reader: &mut Reader<'_>) -> Option<Option<Vec<MoveId>>> {
        let moves = self.puzzle.read_solution(grammar, reader)?;
        Some(moves.map(|moves| moves.into_iter().map(|action| self.action(action)).collect()))
    }

    fn read_plain_answer(&self, text: &str) -> Result<Option<Vec<MoveId>>, Unread> {
        let moves = answers::read(&self.puzzle, text)?;
        Ok(moves.map(|moves| moves.into_iter().map(|action| self.action(action)).collect()))
    }

    fn write_plain_answer(&self, moves: &[MoveId], out: &mut Vec<u8>) {
        let moves: Vec<E::Move> = moves.iter().map(|&action| self.typed_move(action)).collect();
        self.puzzle.write_plain_answer(&moves, out);
    }

    fn damage_state(&self, state: StateId, damage: DamageKind, draw: &mut Draw) -> Option<StateId> {
        let damaged = self.with(state, |puzzle, state| puzzle.damage_state(state, damage, draw))?;
        Some(self.state(damaged))
    }

    fn damage_claim(&self, action: MoveId, draw: &mut Draw) -> Option<MoveId> {
        self.puzzle.damage_claim(self.typed_move(action), draw).map(|action| self.action(action))
    }

    fn illegal_move(&self, state: StateId, draw: &mut Draw) -> Option<(MoveId, StateId)> {
        let (action, state) = self.with(state, |puzzle, state| puzzle.illegal_move(state, draw))?;
        Some((self.action(action), self.state(state)))
    }

    fn run(&self, run: Run<'_>) -> Outcome {
        run::run_typed(self, run)
    }
}
