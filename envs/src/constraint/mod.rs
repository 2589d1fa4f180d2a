//! Constraint puzzles: variables get values that satisfy all rules.
//!
//! All kinds are one environment type, since they share states, moves, rules and the exact solver. Each kind is a file with its variables and rules, the draw
//! of its puzzles and their texts ([`model::Kind`]), and one line in [`kinds`].
//!
//! A state has the decided variables, and the values that the others have lost. A move decides a variable. It is legal if the decided variables break no rule.
//! Searches try the first undecided variable, in the order of the kind, with each of its values. So every state is reached in one way, and each solution costs
//! as many moves as there are undecided variables at the start. Searches that write their inferences make further moves, each with its [`reason`]: they decide,
//! remove a value, or find that there is no solution.
//!
//! A worked puzzle, a 4 by 4 sudoku: `[1_3_/__12/2143/4_2_]`. Six cells are open, so a solution takes six moves; see [`sudoku`].
//!
//! Facts: `solutions` counts the solutions, up to [`MOST_SOLUTIONS`] (none if there are more). `difficulty` is the number of guesses of a search up to its
//! first solution, or to the proof that there is none. This search decides a variable with the fewest values left and propagates the rules after each guess
//! (Haralick and Elliott 1980, "Increasing tree search efficiency for constraint satisfaction problems": fail first).

pub(crate) mod answer;
mod atoms;
mod bands;
mod board;
mod chosen;
pub mod colouring;
mod conflict;
pub mod cover;
pub mod cryptarithm;
mod damage;
pub mod futoshiki;
mod infer;
mod instruct;
pub mod kakurasu;
pub mod kinds;
pub mod knights_knaves;
pub mod latin;
mod local;
pub mod model;
pub(crate) mod names;
pub mod network;
mod notation;
mod paired;
pub mod queens;
pub mod reason;
pub mod rule;
pub mod sat;
mod solve;
pub mod subset;
pub mod sudoku;
pub mod survo;
#[cfg(test)]
mod tests;
mod told;
pub mod zebra;

use std::sync::Arc;

pub use kinds::Settings;
use model::{Model, decided};
use network::Network;
use reason::{By, Candidates, Effect};
use rule::Domains;
pub use solve::{Solved, Solver};

use crate::prelude::*;
use crate::variable_set::VariableSet;
use crate::variables::{Branch, Conflict, InferenceSlip, Order, RANDOM_ORDER, Repair};

/// The value of an undecided variable.
pub const OPEN: u8 = u8::MAX;

/// Solutions are counted up to this number.
pub const MOST_SOLUTIONS: u64 = 1000;

/// Number of guesses after which solutions are no longer counted. Whether there is one is always proven.
const MOST_GUESSES: u64 = 100_000;

/// A position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Values {
    /// The possible values of each variable: its value if it is decided, otherwise the values that it has not lost. Entries after the last variable are 1.
    pub domains: Domains,
    /// The decided variables.
    pub decided: VariableSet,
    /// Whether it was inferred that there is no solution from here.
    pub contradicts: bool,
}

/// Most puzzles have far fewer variables than there is room for, so entries after the last value that is not alone are left out.
impl std::hash::Hash for Values {
    fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
        let (eights, _) = self.domains.as_chunks::<8>();
        let used = eights.iter().rposition(|eight| *eight != [1; 8]).map_or(0, |last| last + 1);
        self.domains[..8 * used].hash(hasher);
        self.decided.hash(hasher);
        self.contradicts.hash(hasher);
    }
}

impl Values {
    /// Whether a variable is undecided.
    pub fn is_open(&self, variable: usize) -> bool {
        !self.decided.has(variable)
    }

    /// The value of a variable; none if it is undecided.
    pub fn value(&self, variable: usize) -> Option<u8> {
        (!self.is_open(variable)).then(|| self.domains[variable].trailing_zeros() as u8)
    }

    /// Decides a variable, even if the value was excluded.
    pub fn decide(&mut self, variable: usize, value: u8) {
        self.domains[variable] = 1u16.checked_shl(value.into()).unwrap_or(0);
        self.decided.insert(variable);
    }

    /// The state after a move, legal or not. The variable must exist.
    fn with(mut self, choice: Choice) -> Values {
        let variable = usize::from(choice.variable);
        match choice.by.effect() {
            Effect::Decide | Effect::Change => self.decide(variable, choice.value),
            Effect::Remove => self.domains[variable] &= !1u16.checked_shl(choice.value.into()).unwrap_or(0),
            Effect::End => self.contradicts = true,
        }
        self
    }
}

/// A move: a variable gets or loses a value, or there is no solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Choice {
    /// The variable; the first one if the move names none.
    pub variable: u8,
    /// The value; the first one if the move names none.
    pub value: u8,
    /// The reason.
    pub by: By,
}

/// A constraint puzzle.
#[derive(Clone, Debug)]
pub struct Constraint {
    kind: usize,
    model: Arc<dyn Model>,
    network: Arc<Network>,
    start: Values,
}

impl PartialEq for Constraint {
    fn eq(&self, other: &Self) -> bool {
        let json = |puzzle: &Constraint| {
            let mut out = Vec::new();
            puzzle.model.write_json(&mut out);
            out
        };
        self.kind == other.kind && (Arc::ptr_eq(&self.model, &other.model) || json(self) == json(other))
    }
}

impl Constraint {
    /// The puzzle of a model.
    pub fn new(kind: usize, model: Arc<dyn Model>) -> Self {
        let network = model.network();
        let mut start = nothing_decided(&network);
        let known = model.givens().into_iter().enumerate().filter(|&(_, value)| value != OPEN);
        known.for_each(|(variable, value)| start.decide(variable, value));
        Constraint { kind, model, network, start }
    }

    /// The variables, values and rules.
    pub fn network(&self) -> &Network {
        &self.network
    }

    fn nothing_decided(&self) -> Values {
        nothing_decided(&self.network)
    }

    /// The undecided variables.
    fn open<'a>(&'a self, state: &'a Values) -> impl Iterator<Item = usize> + 'a {
        (0..self.network.len()).filter(|&variable| state.is_open(variable))
    }

    fn solver(&self, solutions: u64, guesses: u64) -> Solver<'_> {
        Solver::new(&self.network, solutions, guesses)
    }
}

fn nothing_decided(network: &Network) -> Values {
    Values { domains: decided(network, &[]), decided: VariableSet::EMPTY, contradicts: false }
}

/// The listing that all kinds share.
const SHARED: About = <Constraint as Environment>::ABOUT;

impl Environment for Constraint {
    const ABOUT: About = About {
        name: "constraint",
        version: 3,
        help: "variables get values so that every rule holds",
        answer_form: "the value of each variable, such as a = b, c = d",
        state_noun: "Values",
        heuristics: &[
            HeuristicSpec::consistent("open", "variables that are not decided: each takes a move"),
            HeuristicSpec {
                name: "lost",
                admissible: false,
                consistent: false,
                help: "values that the undecided variables have lost: the least-constraining value first",
            },
        ],
        move_claim: MoveClaim::Result,
        difficulty: "guesses of a fewest-values-first search with propagation, to its first solution or to the end",
        positions_recur: false,
        shared_words: &[
            "guess",
            "place",
            "toss",
            "repair",
            "single",
            "hidden",
            "unit",
            "pure",
            "rule",
            "locked",
            "naked-pair",
            "naked-triple",
            "hidden-pair",
            "hidden-triple",
            "x-wing",
            "no-candidate",
            "no-place",
            "not",
            "contradiction",
        ],
        prompts: &["sudoku"],
        variable_orders: &["input", "mrv", "degree", RANDOM_ORDER, "dancing-links"],
        propagations: &["none", "forward", "full"],
        inferences: &infer::INFERENCES,
        ..About::NEW
    };

    type Config = Settings;
    type State = Values;
    type Move = Choice;

    /// The levels of the first kind. [`Kinds::levels_of`] has those of each kind.
    fn levels() -> [Settings; 3] {
        Self::levels_of(0)
    }

    fn check(config: &Settings) -> Result<(), ConfigError> {
        (kinds::KINDS[config.kind()].check)(config)
    }

    fn generate(config: &Settings, draw: &mut Draw) -> Result<Self, Reject> {
        let kind = config.kind();
        (kinds::KINDS[kind].generate)(config, draw).map(|model| Constraint::new(kind, model))
    }

    fn canonical(&self) -> Self {
        Constraint::new(self.kind, self.model.canonical().into())
    }

    fn start(&self) -> Values {
        self.start
    }

    fn is_goal(&self, state: &Values) -> bool {
        let decided = !state.contradicts && self.open(state).next().is_none();
        decided && self.network.rules().iter().all(|rule| rule.can_hold(&state.domains))
    }

    /// For the first undecided variable, each value that breaks no rule, in ascending order.
    fn successors(&self, state: &Values, out: &mut Vec<Step<Choice, Values>>) {
        self.decide(Order { rule: 0, pick: 0 }, state, out);
    }

    /// Any undecided variable may be decided if no rule is broken. Other moves are legal if their reason holds.
    fn apply(&self, state: &Values, action: Choice) -> Option<(Choice, Values, Cost)> {
        let keeps_givens = action.by.effect() != Effect::Change || self.start.is_open(action.variable.into());
        let legal = keeps_givens && !state.contradicts && Candidates::new(&self.network, state).justify(action);
        let cost = Cost::from(action.by.effect() == Effect::Decide);
        legal.then(|| (action, state.with(action), cost))
    }

    fn is_terminal(&self, state: &Values) -> bool {
        match self.open(state).next() {
            None => true,
            Some(variable) => state.contradicts || self.network.candidates(&state.domains, variable) == 0,
        }
    }

    fn estimate(&self, heuristic: usize, state: &Values) -> Cost {
        if heuristic == 0 {
            return self.open(state).count() as Cost;
        }
        let taken = self.network.taken(&state.domains);
        let lost = |variable: usize| {
            let all = self.network.domains[variable].count_ones();
            Cost::from(all - self.network.candidates_beside(&taken, &state.domains, variable).count_ones())
        };
        self.open(state).map(lost).sum()
    }

    /// The facts of the canonical form, so they do not depend on the presentation.
    fn solver_facts(&self) -> SolverFacts {
        let canonical = self.canonical();
        let domains = canonical.start.domains;
        let mut counted = canonical.solver(MOST_SOLUTIONS + 1, MOST_GUESSES).run(&domains, None);
        if !counted.finished && counted.solutions == 0 {
            counted = canonical.solver(1, u64::MAX).run(&domains, None);
        }
        let solvable = counted.solutions > 0;
        let all = counted.finished && counted.solutions <= MOST_SOLUTIONS;
        SolverFacts {
            solvable,
            optimal_cost: solvable.then(|| self.open(&self.start).count() as Cost),
            solutions: all.then_some(counted.solutions),
            difficulty: Some(counted.guesses),
        }
    }

    fn is_solvable(&self) -> bool {
        self.solver(1, u64::MAX).run(&self.start.domains, None).solutions > 0
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        DistanceTable::new(|puzzle: &Self, state: &Values| {
            let solutions = puzzle.solver(1, u64::MAX).run(&state.domains, None).solutions;
            (solutions > 0 && !state.contradicts).then(|| puzzle.open(state).count() as Cost)
        })
    }
}

/// The kinds have their own JSON fields.
impl Json for Constraint {
    type Fields = serde_json::Value;

    fn to_fields(&self) -> serde_json::Value {
        let mut json = Vec::new();
        self.write_json(&mut json);
        serde_json::from_slice(&json).unwrap_or_default()
    }

    /// Reads the first kind.
    fn from_fields(value: serde_json::Value) -> Result<Self, PuzzleError> {
        Self::from_json_of(0, &value)
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        self.model.write_json(out);
    }
}

impl Kinds for Constraint {
    fn kinds() -> &'static [About] {
        &kinds::ABOUT
    }

    fn levels_of(kind: usize) -> [Settings; 3] {
        (kinds::KINDS[kind].levels)()
    }

    fn kind_of(config: &Settings) -> usize {
        config.kind()
    }

    fn defaults_of(kind: usize) -> Settings {
        (kinds::KINDS[kind].defaults)()
    }

    fn read_config(kind: usize, settings: &serde_json::Value) -> Result<Settings, serde_json::Error> {
        (kinds::KINDS[kind].read_config)(settings)
    }

    fn kind(&self) -> usize {
        self.kind
    }

    fn from_json_of(kind: usize, value: &serde_json::Value) -> Result<Self, PuzzleError> {
        (kinds::KINDS[kind].from_json)(value).map(|model| Constraint::new(kind, model))
    }

    fn read_task_of(kind: usize, task: &Task<'_>) -> Option<serde_json::Value> {
        if task.target != "solved" {
            return None;
        }
        (kinds::KINDS[kind].read)(&told::PromptParts::of_task(task))
    }
}

impl Splits for Constraint {
    fn accepts(config: &Settings, solvable: bool) -> bool {
        (kinds::KINDS[config.kind()].accepts)(config, solvable)
    }

    fn hold_out_key(&self, key: usize) -> u64 {
        self.model.hold_out_key(key)
    }

    fn id(&self) -> PuzzleId {
        PuzzleId::of(self.about().name, |out| self.model.canonical().write_json(out))
    }

    fn twin(&self) -> PuzzleId {
        self.model.twin().map_or_else(|| self.id(), |key| crate::environment::twin::id(self.about().name, &key))
    }
}

impl Variables for Constraint {
    /// The variable is the first undecided one, the first with the fewest candidates (minimum remaining values), the first in the most rules, or a random one.
    /// Dancing links instead takes the column with the fewest places.
    fn decide(&self, order: Order, state: &Values, out: &mut Vec<Step<Choice, Values>>) {
        if state.contradicts {
            return;
        }
        let open = || self.open(state);
        let fewest = || {
            let taken = self.network.taken(&state.domains);
            let count = |variable| self.network.candidates_beside(&taken, &state.domains, variable).count_ones();
            open().min_by_key(|&variable| count(variable))
        };
        let variable = match Self::ABOUT.variable_orders[order.rule] {
            "input" => open().next(),
            "mrv" => fewest(),
            "degree" => open().min_by_key(|&variable| std::cmp::Reverse(self.network.rules_of(variable).len())),
            RANDOM_ORDER => {
                let count = open().count().max(1);
                open().nth(order.pick as usize % count)
            }
            _ => match infer::fewest_places(&self.network, state) {
                Some(infer::Column::Places { rule, value, places }) => {
                    for variable in places.iter().map(|variable| variable as u8) {
                        let action = Choice { variable, value, by: By::Place(rule) };
                        out.push(Step { action, state: state.with(action), cost: 1 });
                    }
                    return;
                }
                Some(infer::Column::Variable(variable)) => Some(variable),
                None => fewest(),
            },
        };
        let Some(variable) = variable else { return };
        let candidates = self.network.candidates(&state.domains, variable);
        for value in (0..16).filter(|value| candidates >> value & 1 == 1) {
            let action = Choice { variable: variable as u8, value, by: By::Choice };
            out.push(Step { action, state: state.with(action), cost: 1 });
        }
    }

    /// Forward: some undecided variable has no candidate left. Full: propagation of the rules to a fixed point finds a contradiction.
    fn is_stuck(&self, propagation: usize, state: &Values) -> bool {
        match propagation {
            _ if state.contradicts => true,
            0 => self.is_terminal(state),
            1 => {
                let mut open = self.open(state).peekable();
                let taken = self.network.taken(&state.domains);
                open.peek().is_none()
                    || open.any(|variable| self.network.candidates_beside(&taken, &state.domains, variable) == 0)
            }
            _ => {
                self.open(state).next().is_none()
                    || solve::propagate(&self.network, &mut { state.domains }, None).is_err()
            }
        }
    }

    /// The move gives a given variable its value.
    fn repeats_given(&self, state: &Values, action: Choice) -> bool {
        let variable = usize::from(action.variable);
        let given = variable < self.network.len() && !self.start.is_open(variable);
        given && action.by.effect() == Effect::Decide && state.value(variable) == Some(action.value)
    }

    fn is_inference(&self, action: Choice) -> bool {
        !matches!(action.by, By::Choice | By::Toss)
    }

    fn ends_search(&self, action: Choice) -> bool {
        action.by.effect() == Effect::End
    }

    fn is_ended(&self, state: &Values) -> bool {
        state.contradicts
    }

    /// A guess is one of the candidates of the variable.
    fn branch(&self, state: &Values, action: Choice) -> Option<Branch> {
        let variable = usize::from(action.variable);
        if variable >= self.network.len() {
            return None;
        }
        let (of, way) = (u64::from(action.variable), u64::from(action.value));
        // choices are numbered: the value of a variable, the place of a value, and forced moves
        let (choice, way, ways) = match action.by {
            By::Toss | By::Repair(_) => return None,
            By::Guess(candidates) => (of, way, candidates.count_ones()),
            By::Choice => (of, way, self.network.candidates(&state.domains, variable).count_ones()),
            By::Place(rule) => {
                let places = Candidates::new(&self.network, state).needed_places(rule, action.value)?;
                ((u64::from(rule) + 1) << 16 | way, of, places.len())
            }
            _ => (1 << 15 | of, way, 1),
        };
        let bit = if action.by.effect() == Effect::Decide { VariableSet::of(variable) } else { VariableSet::EMPTY };
        Some(Branch { choice, way, ways, bit })
    }

    fn conflict_set(&self, state: &Values, action: Option<Choice>) -> VariableSet {
        conflict::conflict_set(self, state, action)
    }

    /// The final value of each variable, in the order of the decisions. Other inferences are left out.
    fn answer(&self, moves: Vec<Choice>) -> Vec<Choice> {
        let mut answer: Vec<Choice> = Vec::with_capacity(moves.len());
        for action in moves {
            let value = Choice { by: By::Choice, ..action };
            match action.by.effect() {
                Effect::Decide => answer.push(value),
                Effect::Change => answer
                    .iter_mut()
                    .filter(|before| before.variable == value.variable)
                    .for_each(|before| *before = value),
                Effect::Remove | Effect::End => {}
            }
        }
        answer
    }

    fn conflicts(&self, state: &Values, out: &mut Vec<Conflict>) {
        local::conflicts(self, state, out);
    }

    fn repairs(&self, state: &Values, conflict: Conflict, out: &mut Vec<Repair<Choice, Values>>) {
        local::repairs(self, state, conflict, out);
    }

    /// Appends the next inference. If there is none, appends the guesses for a variable, each with all candidates.
    fn infer(&self, inference: usize, order: Order, state: &Values, out: &mut Vec<Step<Choice, Values>>) {
        if state.contradicts {
            return;
        }
        if let Some(action) = infer::next(&self.network, inference, &self.start, state) {
            let cost = Cost::from(action.by.effect() == Effect::Decide);
            return out.push(Step { action, state: state.with(action), cost });
        }
        let first = out.len();
        self.decide(order, state, out);
        let candidates = out[first..].iter().fold(0, |all, step| all | 1u16 << step.action.value);
        if out.len() == first
            && let Some(infer::Column::Places { rule, value, places }) = infer::fewest_places(&self.network, state)
            && places.is_empty()
        {
            let action = Choice { variable: 0, value, by: By::NoPlace(rule) };
            out.push(Step { action, state: state.with(action), cost: 0 });
        }
        let guesses = out[first..].iter_mut().filter(|step| step.action.by == By::Choice);
        guesses.for_each(|step| step.action.by = By::Guess(candidates));
    }

    fn slip_inference(
        &self,
        state: &Values,
        action: Choice,
        slip: InferenceSlip,
        draw: &mut Draw,
    ) -> Option<(Choice, Values)> {
        damage::inference(self, state, action, slip, draw)
    }

    fn reason(&self, action: Choice) -> usize {
        let same = |by: &By| std::mem::discriminant(by) == std::mem::discriminant(&action.by);
        By::ALL.iter().position(same).unwrap_or(By::ALL.len())
    }

    fn stale_state(&self, state: &Values, given_up: &Values, draw: &mut Draw) -> Option<Values> {
        let kept: Vec<usize> = self.open(state).filter(|&variable| !given_up.is_open(variable)).collect();
        let &variable = draw.choose(&kept)?;
        let mut stale = *state;
        stale.decide(variable, given_up.value(variable)?);
        Some(stale)
    }

    fn state_after(&self, state: &Values, action: Choice) -> Option<Values> {
        (usize::from(action.variable) < self.network.len()).then(|| state.with(action))
    }
}

impl Prompts for Constraint {
    /// Writes the givens, one on each line, and the word before the solution.
    fn write_prompt(&self, _grammar: &str, out: &mut Vec<u8>) {
        notation::write_prompt(self, out);
    }

    fn read_prompt(kind: usize, _grammar: &str, text: &str) -> Option<serde_json::Value> {
        (kinds::KINDS[kind].read)(&told::PromptParts::of_notation(text)?)
    }

    fn write_move_in(&self, _grammar: &str, action: Choice, out: &mut Vec<u8>) {
        notation::write_move(self, action, out);
    }

    fn read_move_in(&self, _grammar: &str, reader: &mut Reader<'_>) -> Option<Choice> {
        notation::read_move(self, reader)
    }
}

impl Damage for Constraint {
    fn damage_state(&self, state: &Values, damage: DamageKind, draw: &mut Draw) -> Option<Values> {
        damage::state(self, state, damage, draw)
    }

    fn illegal_move(&self, state: &Values, draw: &mut Draw) -> Option<(Choice, Values)> {
        damage::illegal_move(self, state, draw)
    }
}

impl SharedGround for Constraint {}
impl SearchSupport for Constraint {}
