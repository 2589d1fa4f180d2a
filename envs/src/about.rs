//! How an environment is listed, and what it says of all its puzzles.

use serde::Serialize;

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

impl HeuristicSpec {
    /// A heuristic that is admissible and consistent.
    pub const fn consistent(name: &'static str, help: &'static str) -> Self {
        HeuristicSpec { name, admissible: true, consistent: true, help }
    }
}

/// What a written move says of itself beside what is done: the class of error when that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveClaim {
    /// Nothing: `up`. Such a move is legal or not, and nothing else of it can be wrong.
    None,
    /// The result of an operation: `2*3=7` is an arithmetic error.
    Result,
    /// The cost of the step: a wrong edge weight is a wrong cost.
    Cost,
}

/// An environment as it is listed. Every field but `name` and `help` has a default: `About { name: "pegs", help: "…", ..About::NEW }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Name in recipes and requests.
    pub name: &'static str,
    /// Raise it whenever the bytes of a record may change: draws, order of successors, atoms. 1 by default.
    pub version: u32,
    /// One line of help.
    pub help: &'static str,
    /// What a state is called in the sentences of the dialect `stream-of-search`: `Resulting Numbers`. `State` by default.
    pub state_noun: &'static str,
    /// The heuristics, by index; none by default.
    pub heuristics: &'static [HeuristicSpec],
    /// Estimates are in units of one cost divided by this; 1 by default.
    pub estimate_scale: u64,
    /// What a written move says of itself; nothing by default.
    pub move_claim: MoveClaim,
    /// What [`SolverFacts::difficulty`](crate::SolverFacts::difficulty) counts, in a few words. By default what the default of
    /// [`Environment::solver_facts`](crate::Environment::solver_facts) counts.
    pub difficulty: &'static str,
    /// Whether searches remember the positions that they have seen and open none twice; true by default. Needed where a walk can come back to a
    /// position, useful where several ways lead to one. False only where no walk comes back and each way is to be seen as one of its own (Countdown, as in
    /// its paper).
    pub positions_recur: bool,
    /// Whether a walk that went wrong can still come to a goal, because steps can be taken back or around; false by default. Searches that only
    /// walk on from where they are (annealing, tabu) need it. Peg solitaire has positions that recur, but each jump takes a peg for good: false.
    pub walks_turn_back: bool,
    /// Whether there are puzzles with a [`two_way_goal`](crate::SearchSupport::two_way_goal); false by default.
    pub two_way: bool,
    /// Words that the atoms use in [`Style::Compact`](crate::Style::Compact), beside numbers and the words of the compact dialect.
    pub words: &'static [&'static str],
    /// Such words that all environments of its type use; nothing where the type is one environment.
    pub shared_words: &'static [&'static str],
    /// Names of the properties by which puzzles can be held out ([`Splits::hold_out_key`](crate::Splits::hold_out_key)).
    pub keys: &'static [&'static str],
    /// Names of bounds on estimates ([`SearchSupport::threshold`](crate::SearchSupport::threshold)).
    pub thresholds: &'static [&'static str],
    /// Names of the prompt grammars of other projects' data sets ([`Prompts`](crate::Prompts)).
    pub prompts: &'static [&'static str],
    /// Rules by which a search chooses the next variable ([`Variables::decide`](crate::Variables::decide)); none where there are no variables.
    pub variable_orders: &'static [&'static str],
    /// How far a look ahead can go, least first: the first sees no more than [`Environment::is_terminal`](crate::Environment::is_terminal).
    pub propagations: &'static [&'static str],
    /// How far inferences can go, for searches that tell them ([`Variables::infer`](crate::Variables::infer)).
    pub inferences: &'static [&'static str],
}

impl About {
    /// The defaults, to be completed with a name and a line of help.
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
        keys: &[],
        thresholds: &[],
        prompts: &[],
        variable_orders: &[],
        propagations: &[],
        inferences: &[],
    };
}
