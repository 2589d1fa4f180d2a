//! How an environment is listed, and the facts that hold for all its puzzles.

use serde::Serialize;

/// A heuristic that an environment offers, with its properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HeuristicSpec {
    /// Name in recipes and requests.
    pub name: &'static str,
    /// Whether the estimate is never above the true cost to go.
    pub admissible: bool,
    /// Whether a step never lowers the estimate by more than the step's cost.
    pub consistent: bool,
    /// One line of help, with the source.
    pub help: &'static str,
}

impl HeuristicSpec {
    /// A heuristic that is admissible and consistent.
    pub const fn consistent(name: &'static str, help: &'static str) -> Self {
        HeuristicSpec { name, admissible: true, consistent: true, help }
    }
}

/// What a written move claims besides the action itself. It decides the class of the error if the claim is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveClaim {
    /// No claim: `up`. Such a move is legal or illegal, and nothing else can be wrong about it.
    None,
    /// The result of an operation: a wrong `2*3=7` is an arithmetic error.
    Result,
    /// The cost of the step: a wrong edge weight is a wrong cost.
    Cost,
}

/// The listing of an environment. Every field but `name` and `help` has a default: `About { name: "pegs", help: "…", ..About::NEW }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Name in recipes and requests.
    pub name: &'static str,
    /// Version of the environment, 1 by default. Raise it whenever the bytes of a record may change: draws, order of successors, atoms.
    pub version: u32,
    /// One line of help.
    pub help: &'static str,
    /// The name of a state in the sentences of the dialect `stream-of-search`: `Resulting Numbers`. `State` by default.
    pub state_noun: &'static str,
    /// The heuristics, by index; none by default.
    pub heuristics: &'static [HeuristicSpec],
    /// Number of estimate units in one cost unit; 1 by default. With 2, estimates count half units.
    pub estimate_scale: u64,
    /// What a written move claims; nothing by default.
    pub move_claim: MoveClaim,
    /// What [`SolverFacts::difficulty`](crate::SolverFacts::difficulty) counts, in a few words. The default describes the default of
    /// [`Environment::solver_facts`](crate::Environment::solver_facts).
    pub difficulty: &'static str,
    /// Whether searches keep a set of visited positions and expand none twice; true by default. This is needed if a walk can return to a position, and useful
    /// if several ways lead to one position. False only if no walk returns and each way should be explored by itself (Countdown, as in its paper).
    pub positions_recur: bool,
    /// Whether a walk can still reach a goal after a wrong step, because steps can be undone or gone around; false by default. Searches that only walk on from
    /// their current state (annealing, tabu) need it. It is false for peg solitaire: its positions recur, but each jump removes a peg for good.
    pub walks_turn_back: bool,
    /// Whether there are puzzles with a [`two_way_goal`](crate::SearchSupport::two_way_goal); false by default.
    pub two_way: bool,
    /// Words of the atoms in [`Style::Compact`](crate::Style::Compact), besides numbers and the words of the compact dialect.
    pub words: &'static [&'static str],
    /// Words of the atoms that all environments of the same type use; empty if the type is one environment.
    pub shared_words: &'static [&'static str],
    /// Names of the settings that are paths of files; none by default. In a recipe a relative path starts at the recipe's folder.
    pub files: &'static [&'static str],
    /// Names of the properties that can be held out ([`Splits::hold_out_key`](crate::Splits::hold_out_key)).
    pub keys: &'static [&'static str],
    /// Names of bounds on estimates ([`SearchSupport::threshold`](crate::SearchSupport::threshold)).
    pub thresholds: &'static [&'static str],
    /// Names of the prompt grammars of other projects' data sets ([`Prompts`](crate::Prompts)).
    pub prompts: &'static [&'static str],
    /// How to write an answer outside of dialects, in a few words ([`Answers`](crate::Answers)).
    pub answer_form: &'static str,
    /// Names of the rules that choose the next variable of a search ([`Variables::decide`](crate::Variables::decide)); empty if there are no variables.
    pub variable_orders: &'static [&'static str],
    /// Names of the levels of propagation, the weakest first. The first sees no more than [`Environment::is_terminal`](crate::Environment::is_terminal).
    pub propagations: &'static [&'static str],
    /// Names of the levels of inference, for searches that write their inferences ([`Variables::infer`](crate::Variables::infer)).
    pub inferences: &'static [&'static str],
}

impl About {
    /// The defaults. A name and a line of help must be added.
    pub const NEW: About = About {
        name: "",
        version: 1,
        help: "",
        state_noun: "State",
        heuristics: &[],
        estimate_scale: 1,
        move_claim: MoveClaim::None,
        difficulty: "positions nearer to the start than the nearest goal",
        positions_recur: true,
        walks_turn_back: false,
        two_way: false,
        words: &[],
        shared_words: &[],
        files: &[],
        keys: &[],
        thresholds: &[],
        prompts: &[],
        answer_form: "the moves in their order, with commas or lines between them",
        variable_orders: &[],
        propagations: &[],
        inferences: &[],
    };
}
