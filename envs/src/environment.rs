//! What a puzzle is: the [`Environment`] trait and what goes with it.
//!
//! A value of an environment is one puzzle. It knows its states, its legal moves and its goal, what it costs to get there
//! (proven), how it is written and read, and how a claim about it can be damaged on purpose. It knows no search, no
//! trace and no file.

pub mod twin;

use std::fmt::Debug;
use std::hash::Hash;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use crate::draw::Draw;
use crate::prompt::Task;
use crate::text::{Reader, Style};

/// A cost, in the environment's own unit (moves, or the sum of edge weights).
pub type Cost = u64;

/// A move out of a state, where it leads, and what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<M, S> {
    /// The move.
    pub action: M,
    /// The state that it leads to.
    pub state: S,
    /// What it costs.
    pub cost: Cost,
}

/// A heuristic that an environment offers, with its properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HeuristicSpec {
    /// Name in recipes and requests.
    pub name: &'static str,
    /// Whether it never says more than the true cost to go.
    pub admissible: bool,
    /// Whether it never falls by more than a step's cost.
    pub consistent: bool,
    /// One line, with the source.
    pub help: &'static str,
}

/// What a written move says of itself beside what is done: the class of error when that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveClaim {
    /// The result of an operation: `2*3=7` is an arithmetic error.
    Result,
    /// The cost of the step: a wrong edge weight is a wrong cost.
    Cost,
}

/// What an exact solver proved of a puzzle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// Whether there is a solution.
    pub solvable: bool,
    /// Cost of a cheapest solution; none where there is no solution, or where a limit that the environment states is passed before
    /// it is proven (the hardest sliding tiles).
    pub optimal_cost: Option<Cost>,
    /// Number of solutions (each environment says of what kind); none where it is not counted.
    pub solutions: Option<u64>,
    /// Nodes of an exhaustive search (each environment says in which order); none only where a limit that the
    /// environment states is passed.
    pub difficulty: Option<u64>,
}

/// A draw that gave no puzzle: draw again. Counted and bounded by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reject;

/// A setting that cannot be: which one, what was found, what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: found {found}; allowed: {allowed}")]
pub struct ConfigError {
    /// The setting's name as in a recipe.
    pub field: String,
    /// What was found.
    pub found: String,
    /// What is allowed, or what to change.
    pub allowed: String,
}

impl ConfigError {
    /// A new error.
    pub fn new(field: &str, found: impl ToString, allowed: impl ToString) -> Self {
        ConfigError { field: field.into(), found: found.to_string(), allowed: allowed.to_string() }
    }
}

/// A puzzle in JSON that is not one: what is wrong and what is asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("puzzle: {0}")]
pub struct PuzzleError(pub String);

/// The space of an enumerable environment: `strata` parts of equal weight with up to `size` candidates each. Candidates are
/// distinct puzzles in canonical form; some of them may be rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Space {
    /// Parts that are drawn equally often.
    pub strata: u64,
    /// Candidates of each part.
    pub size: u128,
}

impl Space {
    /// All candidates together.
    pub fn total(&self) -> u128 {
        self.size.saturating_mul(u128::from(self.strata))
    }
}

/// A move as one of the ways of a choice: where all ways lead nowhere, the position has no solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Which choice.
    pub choice: u64,
    /// Which way.
    pub way: u64,
    /// How many ways there are; 1 for what follows in any case.
    pub ways: u32,
    /// The bit by which [`Environment::culprits`] names the move; 0 of one that is never to blame.
    pub bit: u128,
}

/// How a search that decides variables one by one chooses the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// A rule of [`Environment::VARIABLE_ORDERS`].
    pub rule: usize,
    /// For the rule [`RANDOM_ORDER`]: which one it is, of those that are open, modulo their number.
    pub pick: u32,
}

/// The name of the rule by which chance chooses the next variable.
pub const RANDOM_ORDER: &str = "random";

/// Something that is wrong with a position in which everything is decided, or what is not decided yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The rule that is broken; none where the variable is open.
    pub rule: Option<u32>,
    /// A variable of it, which can be changed.
    pub variable: u32,
}

/// A step of local search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repair<M, S> {
    /// The step.
    pub step: Step<M, S>,
    /// How many conflicts there are where it leads.
    pub conflicts: u32,
    /// How many more there are in rules that have more than before …
    pub breaks: u32,
    /// … and how many less in those that have less.
    pub mends: u32,
}

/// How an inference is made wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InferenceSlip {
    /// Something else is inferred, which does not follow.
    Unsound,
    /// The same is inferred, for a reason that does not hold.
    WrongReason,
    /// A guess leaves out one of the candidates.
    ForgottenCandidate,
}

/// A way to damage a state on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// A thing of the state is lost.
    Lose,
    /// A thing of the state becomes another.
    Change,
    /// A thing is added that is not there.
    Invent,
}

/// An environment as it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Name in recipes and requests.
    pub name: &'static str,
    /// Changes whenever the bytes of a record may change.
    pub version: u32,
    /// One line of help.
    pub help: &'static str,
    /// Words that its atoms use in [`Style::Compact`] beside numbers and the words of the compact dialect.
    pub words: &'static [&'static str],
    /// Names of the properties by which puzzles can be held out.
    pub keys: &'static [&'static str],
    /// What all puzzles of its type share.
    pub traits: Traits,
}

/// What all puzzles of a type share, as values: the constants of [`Environment`] with the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits {
    /// What a state is called in the sentence frames.
    pub state_noun: &'static str,
    /// The heuristics, by index.
    pub heuristics: &'static [HeuristicSpec],
    /// Estimates are in units of one cost divided by this.
    pub estimate_scale: u64,
    /// What a written move says of itself.
    pub move_claim: MoveClaim,
    /// What [`Facts::difficulty`] counts.
    pub difficulty: &'static str,
    /// Whether there are puzzles in which a position can be met again.
    pub cycles: bool,
    /// Whether there are puzzles with a [`Environment::two_way_goal`].
    pub two_way: bool,
    /// Rules by which a search can choose the next variable.
    pub variable_orders: &'static [&'static str],
    /// How far a look ahead can go, least first.
    pub propagations: &'static [&'static str],
    /// How far inferences can go.
    pub inferences: &'static [&'static str],
    /// Names of bounds on estimates.
    pub thresholds: &'static [&'static str],
    /// Names of the prompt grammars of other data sets.
    pub prompts: &'static [&'static str],
    /// Words that the atoms of all kinds use in [`Style::Compact`], beside those of each kind.
    pub words: &'static [&'static str],
}

/// Names of the ready settings of every environment.
pub const LEVELS: [&str; 3] = ["easy", "medium", "hard"];

/// A puzzle of one family.
pub trait Environment: Clone + Debug + PartialEq + 'static {
    /// Name in recipes and requests.
    const NAME: &'static str;
    /// Changes whenever the bytes of a record may change: draws, order of successors, atoms.
    const VERSION: u32;
    /// One line of help.
    const HELP: &'static str;
    /// What a state is called in the sentence frames: `Resulting Numbers`.
    const STATE_NOUN: &'static str;
    /// The heuristics, by index.
    const HEURISTICS: &'static [HeuristicSpec];
    /// Estimates are in units of one cost divided by this.
    const ESTIMATE_SCALE: u64 = 1;
    /// What a written move says of itself.
    const MOVE_CLAIM: MoveClaim;
    /// What [`Facts::difficulty`] counts, in a few words.
    const DIFFICULTY: &'static str;
    /// Whether there are puzzles in which a position can be met again: a walk is then never stuck for good.
    const CYCLES: bool;
    /// Whether there are puzzles with a [`Environment::two_way_goal`].
    const TWO_WAY: bool = false;
    /// Words that its atoms use in [`Style::Compact`] beside numbers and the words of the compact dialect.
    const WORDS: &'static [&'static str] = &[];
    /// Names of the properties by which puzzles can be held out.
    const KEYS: &'static [&'static str] = &[];

    /// The environments of this type: most types are one, as the constants say. Puzzles of different kinds that share states, moves and rules
    /// are one type, so that everything that is generic is compiled once for all of them.
    const KINDS: &'static [About] = &[About {
        name: Self::NAME,
        version: Self::VERSION,
        help: Self::HELP,
        words: Self::WORDS,
        keys: Self::KEYS,
        traits: Self::TRAITS,
    }];
    /// The constants as values: never another one than these.
    const TRAITS: Traits = Traits {
        state_noun: Self::STATE_NOUN,
        heuristics: Self::HEURISTICS,
        estimate_scale: Self::ESTIMATE_SCALE,
        move_claim: Self::MOVE_CLAIM,
        difficulty: Self::DIFFICULTY,
        cycles: Self::CYCLES,
        two_way: Self::TWO_WAY,
        variable_orders: Self::VARIABLE_ORDERS,
        propagations: Self::PROPAGATIONS,
        inferences: Self::INFERENCES,
        thresholds: Self::THRESHOLDS,
        prompts: Self::PROMPTS,
        words: Self::WORDS,
    };

    /// Settings of the generator; every field has a default, unknown fields are refused.
    type Config: Clone + Debug + Default + PartialEq + Serialize + DeserializeOwned + Send + Sync;
    /// A position. Two states that differ only in how they are shown are equal under [`Environment::key_state`].
    type State: Clone + PartialEq + Eq + Hash + Ord + Debug + Send + Sync;
    /// A move, as it is written: with what it claims of its own result or cost.
    type Move: Copy + PartialEq + Eq + Hash + Debug + Send + Sync;
    /// A prepared heuristic.
    type Evaluator: Clone + Send + Sync;
    /// Prepared knowledge of exact distances.
    type Oracle: Send + Sync;

    // --- generator

    /// What is said of each kind.
    fn abouts() -> &'static [About] {
        Self::KINDS
    }
    /// Ready settings of a kind of [`Environment::KINDS`], by [`LEVELS`].
    fn levels(kind: usize) -> [Self::Config; 3];
    /// The kind that settings are of.
    fn kind_of(_config: &Self::Config) -> usize {
        0
    }
    /// Settings of a kind where nothing is set.
    fn defaults(_kind: usize) -> Self::Config {
        Self::Config::default()
    }
    /// Reads settings of a kind.
    fn read_config<'de, D: Deserializer<'de>>(_kind: usize, settings: D) -> Result<Self::Config, D::Error> {
        Self::Config::deserialize(settings)
    }
    /// Checks the settings; the space, where it can be enumerated.
    fn space(config: &Self::Config) -> Result<Option<Space>, ConfigError>;
    /// The space where a recipe asks that no puzzle comes twice and [`Environment::space`] has none. Its puzzles are other ones than those that are
    /// drawn, and maybe dearer to find, so that it is used only then.
    fn distinct_space(_config: &Self::Config) -> Option<Space> {
        None
    }
    /// The candidate of a space at `stratum` and `index`; `draw` decides how it is shown and what else is left to chance.
    /// Environments without a space reject.
    fn at(_config: &Self::Config, _stratum: u64, _index: u128, _draw: &mut Draw) -> Result<Self, Reject> {
        Err(Reject)
    }
    /// Draws a puzzle.
    fn generate(config: &Self::Config, draw: &mut Draw) -> Result<Self, Reject>;
    /// How many rows in succession share the ground of their puzzles (the walls of a maze), as the settings say; 1 for most.
    fn tasks(_config: &Self::Config) -> u64 {
        1
    }
    /// Another puzzle over the same ground.
    fn another_task(&self, _config: &Self::Config, _draw: &mut Draw) -> Result<Self, Reject> {
        Err(Reject)
    }
    /// Whether the settings accept a puzzle that is solvable or not (most ask for solvable ones).
    fn accepts(config: &Self::Config, solvable: bool) -> bool;
    /// The value of a property by which puzzles are held out ([`Environment::KEYS`]).
    fn hold_out_key(&self, _key: usize) -> u64 {
        0
    }
    /// All values of a property under the settings, where they can be listed.
    fn hold_out_values(_config: &Self::Config, _key: usize) -> Option<Vec<u64>> {
        None
    }

    // --- identity

    /// The canonical form: puzzles that differ only in how they are shown have the same.
    fn canonical(&self) -> Self;
    /// The puzzle as JSON, on one line, keys in a fixed order.
    fn write_json(&self, out: &mut Vec<u8>);
    /// Reads a puzzle of a kind from JSON.
    fn from_json(kind: usize, value: &serde_json::Value) -> Result<Self, PuzzleError>;
    /// Which of [`Environment::KINDS`] it is.
    fn kind(&self) -> usize {
        0
    }
    /// The environment of the puzzle.
    fn about(&self) -> &'static About {
        &Self::abouts()[self.kind()]
    }
    /// What it shares with all puzzles of its type.
    fn traits(&self) -> &'static Traits {
        &self.about().traits
    }
    /// The stable id: a hash of name and canonical form.
    fn id(&self) -> PuzzleId {
        let mut json = Vec::with_capacity(64);
        self.canonical().write_json(&mut json);
        PuzzleId::of(self.about().name, &json)
    }

    /// The id that it shares with all puzzles that differ from it only in names, in order, or by a symmetry of the rules: never two ids
    /// for twins, maybe one for a few that are none. Splits go by it. The same as [`Environment::id`] where the canonical form goes as far.
    fn twin(&self) -> PuzzleId {
        self.id()
    }

    /// Whether it is the one among its twins that a numbered space counts; true where the space has no twins.
    fn is_representative(&self) -> bool {
        true
    }

    /// Whether a numbered space under these settings counts one of all twins, so that no two of its candidates are twins.
    fn counts_twins_once(_config: &Self::Config) -> bool {
        true
    }

    /// The id of the ground that it shares with other puzzles, which splits must not tear apart, up to symmetry like
    /// [`Environment::twin`]; none where there is none.
    fn family(&self) -> Option<PuzzleId> {
        None
    }

    // --- rules

    /// The start.
    fn start(&self) -> Self::State;
    /// Whether a state is a goal.
    fn is_goal(&self, state: &Self::State) -> bool;
    /// The legal steps out of a state, appended in canonical order. What is a goal or a dead end may still have steps.
    fn successors(&self, state: &Self::State, out: &mut Vec<Step<Self::Move, Self::State>>);
    /// Where a move leads: the move as it should be written, the state, the cost. None where it is illegal.
    fn apply(&self, state: &Self::State, action: Self::Move) -> Option<(Self::Move, Self::State, Cost)>;
    /// Where a move leads if what it claims of itself is believed. None where even so it is illegal.
    fn believe(&self, state: &Self::State, action: Self::Move) -> Option<(Self::State, Cost)>;
    /// Where a move leads, legal or not, if whoever reads the move knows that by itself: then texts for models need not repeat the whole state. None where the
    /// state says more than the move.
    fn told_by(&self, _state: &Self::State, _action: Self::Move) -> Option<Self::State> {
        None
    }
    /// Whether a move says again what a state has, so that an answer may hold it and need not: a given of a board, repeated.
    fn says_again(&self, _state: &Self::State, _action: Self::Move) -> bool {
        false
    }
    /// What the sentence of a data set says that its answer costs; none where it says nothing of it.
    fn stated_cost(&self, _grammar: &str, _text: &[u8]) -> Option<Cost> {
        None
    }
    /// A state in the form in which equal positions are equal.
    fn key_state(&self, state: &Self::State) -> Self::State {
        state.clone()
    }
    /// Whether two states are the same position.
    fn same_state(&self, a: &Self::State, b: &Self::State) -> bool {
        a == b || self.key_state(a) == self.key_state(b)
    }
    /// Whether a state has no step at all, so that it need not be named to be explored.
    fn is_terminal(&self, state: &Self::State) -> bool;
    /// Rules by which a search that decides variables one by one can choose the next variable; none where there are no variables.
    const VARIABLE_ORDERS: &'static [&'static str] = &[];
    /// How far a look ahead can go, least first: the first sees no more than [`Environment::is_terminal`].
    const PROPAGATIONS: &'static [&'static str] = &[];
    /// The steps out of a state that decide the variable which an order of [`Environment::VARIABLE_ORDERS`] chooses, in canonical order.
    fn decide(&self, _order: Order, state: &Self::State, out: &mut Vec<Step<Self::Move, Self::State>>) {
        self.successors(state, out);
    }
    /// What a local search can mend: while something is open, that alone; then every variable of every rule that is broken. Nothing in environments without
    /// variables.
    fn flaws(&self, _state: &Self::State, _out: &mut Vec<Flaw>) {}
    /// The steps that mend, or move, a flaw.
    fn repairs(&self, _state: &Self::State, _flaw: Flaw, _out: &mut Vec<Repair<Self::Move, Self::State>>) {}
    /// How far inferences can go, for searches that tell them.
    const INFERENCES: &'static [&'static str] = &[];
    /// The step that an inference of [`Environment::INFERENCES`] takes next; where there is nothing to infer, the guesses at the variable which an order chooses.
    fn infer(
        &self,
        _inference: usize,
        order: Order,
        state: &Self::State,
        out: &mut Vec<Step<Self::Move, Self::State>>,
    ) {
        self.decide(order, state, out);
    }
    /// Whether a move gives a reason and is legal only where that holds.
    fn is_inference(&self, _action: Self::Move) -> bool {
        false
    }
    /// Why a move is possible nowhere, where it names what the puzzle does not have: a word that is in no list. None of other moves.
    fn names_nothing(&self, _action: Self::Move) -> Option<String> {
        None
    }
    /// Whether a move says that its state leads nowhere.
    fn ends_search(&self, _action: Self::Move) -> bool {
        false
    }
    /// Whether a state leads nowhere by what was told: searches that tell their inferences look no further.
    fn is_ended(&self, state: &Self::State) -> bool {
        self.is_terminal(state)
    }
    /// Of which choice a move is one of the ways; none where that is not known.
    fn branch(&self, _state: &Self::State, _action: Self::Move) -> Option<Branch> {
        None
    }
    /// The choices before a state, a bit each ([`Branch::bit`]), that leave the choice of `action` no other ways than those that it has there; without an action,
    /// that make the state a dead end. Too many are never wrong: without knowledge all.
    fn culprits(&self, _state: &Self::State, _action: Option<Self::Move>) -> u128 {
        u128::MAX
    }
    /// The moves of a path as an answer tells them.
    fn answer(&self, moves: Vec<Self::Move>) -> Vec<Self::Move> {
        moves
    }
    /// Of which kind the reason is that a move gives: the same number for the same words.
    fn reason(&self, _action: Self::Move) -> usize {
        0
    }
    /// A wrong inference or guess in the place of a right one, and what it makes of the state that both are made in. None where there is none.
    fn slip_inference(
        &self,
        _state: &Self::State,
        _action: Self::Move,
        _slip: InferenceSlip,
        _draw: &mut Draw,
    ) -> Option<(Self::Move, Self::State)> {
        None
    }
    /// A state that has kept something of another, from which the search came back. None where it could keep nothing.
    fn stale_state(&self, _state: &Self::State, _given_up: &Self::State, _draw: &mut Draw) -> Option<Self::State> {
        None
    }
    /// Whether a look ahead of [`Environment::PROPAGATIONS`] shows that no goal can be reached from a state.
    fn is_stuck(&self, _propagation: usize, state: &Self::State) -> bool {
        self.is_terminal(state)
    }
    /// Whether positions can be reached in more than one way or again, so that a search should remember what it has seen.
    fn has_cycles(&self) -> bool {
        Self::CYCLES
    }
    /// The goal, where it is one position alone and each step can be taken back at the same cost, so that a search can work from
    /// both ends.
    fn two_way_goal(&self) -> Option<Self::State> {
        None
    }
    /// How many numbers [`Environment::index`] gives at most, where positions have numbers: searches then need no hashing.
    fn index_bound(&self) -> Option<usize> {
        None
    }
    /// The number of a position: the same exactly for the same position, below [`Environment::index_bound`].
    fn index(&self, _state: &Self::State) -> usize {
        0
    }

    // --- knowledge

    /// Prepares a heuristic of [`Environment::HEURISTICS`].
    fn evaluator(&self, heuristic: usize) -> Self::Evaluator;
    /// The estimate of a state, in units of `1 / ESTIMATE_SCALE`.
    fn estimate(&self, evaluator: &Self::Evaluator, state: &Self::State) -> Cost;
    /// What an exact solver proves.
    fn facts(&self) -> Facts;
    /// Whether there is a solution, where that is quicker to prove than the rest.
    fn is_solvable(&self) -> bool {
        self.facts().solvable
    }
    /// Prepares exact distances.
    fn oracle(&self) -> Self::Oracle;
    /// The exact cost from a state to the nearest goal; none where no goal can be reached.
    fn distance(&self, oracle: &Self::Oracle, state: &Self::State) -> Option<Cost>;

    /// A bound on estimates by name, in cost units: `target` in Countdown.
    fn threshold(&self, _name: &str) -> Option<Cost> {
        None
    }
    /// The names that [`Environment::threshold`] knows.
    const THRESHOLDS: &'static [&'static str] = &[];

    // --- atoms: every dialect is made of these

    /// What a model must be told of the puzzle beside start and goal, on one line; nothing for most.
    fn write_header(&self, _style: Style, _out: &mut Vec<u8>) {}
    /// The goal, as it stands in a state line.
    fn write_target(&self, style: Style, out: &mut Vec<u8>);
    /// A state.
    fn write_state(&self, state: &Self::State, style: Style, out: &mut Vec<u8>);
    /// Reads a state.
    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Self::State>;
    /// A move, with what it claims of itself.
    fn write_move(&self, action: Self::Move, style: Style, out: &mut Vec<u8>);
    /// Reads a move.
    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Self::Move>;
    /// A state in the short form of a goal or dead-end line: `24` of `24,24 equal`.
    fn write_value(&self, state: &Self::State, style: Style, out: &mut Vec<u8>) {
        self.write_state(state, style, out);
    }
    /// Reads the short form, as the state that it stands for.
    fn read_value(&self, style: Style, reader: &mut Reader<'_>) -> Option<Self::State> {
        self.read_state(style, reader)
    }
    /// Whether a short form that was read can stand for `state`.
    fn value_fits(&self, value: &Self::State, state: &Self::State) -> bool {
        self.same_state(value, state)
    }

    // --- prompts of other projects' data sets

    /// Names of the prompt grammars of other data sets that it can write.
    const PROMPTS: &'static [&'static str] = &[];
    /// Writes the puzzle in a grammar of [`Environment::PROMPTS`].
    fn write_prompt(&self, _grammar: &str, _out: &mut Vec<u8>) {}
    /// Writes what a plan tells of a state in a grammar of [`Environment::PROMPTS`] whose plans are lists of states.
    fn write_step(&self, _grammar: &str, state: &Self::State, out: &mut Vec<u8>) {
        self.write_state(state, Style::Compact, out);
    }
    /// Writes a move in a grammar of [`Environment::PROMPTS`] that has moves of its own.
    fn write_move_in(&self, _grammar: &str, action: Self::Move, out: &mut Vec<u8>) {
        self.write_move(action, Style::Frame, out);
    }
    /// Reads what [`Environment::write_move_in`] writes.
    fn read_move_in(&self, _grammar: &str, reader: &mut Reader<'_>) -> Option<Self::Move> {
        self.read_move(Style::Frame, reader)
    }
    /// The puzzle that a prompt tells, as JSON for [`Environment::from_json`]; none where it is none. It may take more texts than are
    /// written: whoever asks writes the puzzle again and compares ([`crate::prompt`]).
    fn read_task(_kind: usize, _task: &Task<'_>) -> Option<serde_json::Value> {
        None
    }
    /// The same of a prompt in a grammar of [`Environment::PROMPTS`].
    fn read_prompt(_kind: usize, _grammar: &str, _text: &str) -> Option<serde_json::Value> {
        None
    }
    /// What a prompt in a grammar of [`Environment::PROMPTS`] leaves out, and what is assumed where it is read; none where it tells all.
    fn untold(_kind: usize, _grammar: &str) -> Option<&'static str> {
        None
    }
    /// Writes a solution (or that there is none) as the grammar's data set does; nothing where the dialect writes it by itself.
    fn write_solution(&self, _grammar: &str, _moves: Option<&[Self::Move]>, _out: &mut Vec<u8>) {}
    /// Reads what [`Environment::write_solution`] writes: moves, legal or not, or that there are none.
    fn read_solution(&self, _grammar: &str, _reader: &mut Reader<'_>) -> Option<Option<Vec<Self::Move>>> {
        None
    }

    // --- damage, for corruptions

    /// The state with one thing wrong; none where that cannot be. Never the same position.
    fn damage_state(&self, state: &Self::State, damage: Damage, draw: &mut Draw) -> Option<Self::State>;
    /// The move with what it claims of itself wrong, but well formed.
    fn damage_claim(&self, action: Self::Move, draw: &mut Draw) -> Option<Self::Move>;
    /// A well-formed move that is not possible in the state, with a state that it might be thought to lead to.
    fn illegal_move(&self, state: &Self::State, draw: &mut Draw) -> Option<(Self::Move, Self::State)>;
}

/// The stable id of a puzzle: the first 128 bits of a BLAKE3 hash, shown as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PuzzleId(pub u128);

impl PuzzleId {
    /// The id of the puzzle of an environment whose canonical form is this JSON.
    pub fn of(environment: &str, canonical: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(environment.as_bytes());
        hasher.update(b"\n");
        hasher.update(canonical);
        let bytes = hasher.finalize();
        PuzzleId(u128::from_be_bytes(std::array::from_fn(|i| bytes.as_bytes()[i])))
    }
}

impl std::fmt::Display for PuzzleId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
