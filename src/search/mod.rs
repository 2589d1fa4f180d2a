//! Searches: algorithms that explore a puzzle and write their run into a trace. They know no text.
//!
//! A search is generic over the environment: it works on the states and moves themselves. `arena` runs it on a puzzle of any environment.
//!
//! A new search is one file, a variant of `Algorithm` with its settings and its function, and one line in [`SEARCHES`].

mod annealing;
mod beam;
mod best_first;
mod bidirectional;
mod config;
mod context;
mod depth_first;
mod hill_climbing;
mod label;
pub mod limits;
mod local_search;
mod mcts;
mod order;
mod random;
mod scratch;
mod settings;
mod tabu;
mod tie_breaker;

use best_first::Priority;
use sos_envs::{About, Complete};

pub use config::{Number, SearchConfig, Threshold, Ties};
pub use context::{Context, Outcome, SearchTrace, Slip};
pub use label::search_of;
use limits::Limits;
pub use random::random_config;
pub use scratch::Scratch;
use settings::{Reader, Use};
pub use settings::{SearchError, Settings};
pub use tie_breaker::TieBreaker;

/// A search in the registry.
#[derive(Clone, Copy)]
pub struct SearchEntry {
    /// Name in recipes and requests.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// Whether it finds a solution if there is one (without a threshold or a budget).
    pub complete: bool,
    /// What it guarantees about its solutions.
    pub finds: Finds,
    /// What it requires of a puzzle.
    pub asks: Asks,
    heuristic: Use,
    /// Whether its traces are about costs, so that these cannot be left out.
    bounds_costs: bool,
    /// Reads its own settings.
    own: fn(&mut Reader<'_>) -> Algorithm,
}

/// What a search guarantees about its solutions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finds {
    /// Nothing more: any solution.
    Any,
    /// A solution with the fewest moves.
    FewestMoves,
    /// A cheapest solution, if its heuristic (if any) is admissible and weighs no more than 100 percent.
    Cheapest,
}

/// What a search requires of a puzzle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Nothing.
    Nothing,
    /// That walks can turn back: the search only goes on from its current node.
    ToTurnBack,
    /// Variables that are decided one by one.
    Variables,
    /// A goal that is a single position, and steps that can be undone.
    TwoWayGoal,
}

/// The algorithm of a search, with its own settings. [`Number`] documents each number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Algorithm {
    /// Depth-first, also over variables as backtracking.
    DepthFirst { threshold: Option<Threshold>, says_end: bool },
    /// Best-first, by depth.
    BreadthFirst,
    /// The best nodes of each level.
    Beam { width: u64 },
    /// The Stream of Search paper's beam search.
    BeamPaper { width: u64 },
    /// Best-first, by the cost from the start.
    UniformCost,
    /// Best-first, by the estimate.
    Greedy,
    /// Best-first, by cost and weighted estimate.
    AStar { weight_percent: u64 },
    /// Depth-first with a growing depth limit.
    DepthFirstDeepening,
    /// Depth-first with a growing bound on cost plus estimate.
    IdaStar,
    /// To the best child as long as it is better.
    HillClimbing { restarts: u64 },
    /// Simulated annealing.
    Annealing { steps: u64, temperature: u64, cooling_percent: u64 },
    /// Tabu search.
    Tabu { steps: u64, tenure: u64 },
    /// Monte-Carlo tree search.
    MonteCarlo { simulations: u64, failed_leaves: u64 },
    /// Depth-first, back to the choice that is to blame.
    Backjumping,
    /// Local search by the fewest conflicts.
    MinConflicts { restarts: u64, steps: u64 },
    /// Local search by break counts and chance.
    WalkSat { restarts: u64, steps: u64, noise_percent: u64 },
    /// Breadth-first from both ends.
    BidirectionalBreadthFirst,
    /// A* from the start, cheapest first from the goal.
    BidirectionalAStar,
}

impl Algorithm {
    /// Explores, and writes the trace of the context.
    pub(crate) fn explore<E: Complete>(&self, context: &mut Context<'_, E>) -> Outcome {
        match *self {
            Algorithm::DepthFirst { ref threshold, says_end } => {
                depth_first::dfs(context, threshold.as_ref(), says_end)
            }
            Algorithm::BreadthFirst => best_first::best_first(context, Priority::Depth),
            Algorithm::Beam { width } => beam::beam(context, width),
            Algorithm::BeamPaper { width } => beam::beam_paper(context, width),
            Algorithm::UniformCost => best_first::best_first(context, Priority::Cost),
            Algorithm::Greedy => best_first::best_first(context, Priority::Estimate),
            Algorithm::AStar { weight_percent } => best_first::best_first(context, Priority::Sum { weight_percent }),
            Algorithm::DepthFirstDeepening => depth_first::iddfs(context),
            Algorithm::IdaStar => depth_first::ida_star(context),
            Algorithm::HillClimbing { restarts } => hill_climbing::hill_climbing(context, restarts),
            Algorithm::Annealing { steps, temperature, cooling_percent } => {
                annealing::annealing(context, steps, temperature, cooling_percent)
            }
            Algorithm::Tabu { steps, tenure } => tabu::tabu(context, steps, tenure),
            Algorithm::MonteCarlo { simulations, failed_leaves } => mcts::mcts(context, simulations, failed_leaves),
            Algorithm::Backjumping => depth_first::backjumping(context),
            Algorithm::MinConflicts { restarts, steps } => local_search::min_conflicts(context, restarts, steps),
            Algorithm::WalkSat { restarts, steps, noise_percent } => {
                local_search::walksat(context, restarts, steps, noise_percent)
            }
            Algorithm::BidirectionalBreadthFirst => bidirectional::bidirectional_bfs(context),
            Algorithm::BidirectionalAStar => bidirectional::bidirectional_astar(context),
        }
    }
}

/// The registry, one line for each search.
#[rustfmt::skip]
pub const SEARCHES: [SearchEntry; 20] = {
    use Algorithm::*;
    use Number::*;
    use Use::{May, Needs, Never};
    [
        entry("dfs", May, |own| DepthFirst { threshold: own.threshold(), says_end: own.says_end() }, "depth-first; with heuristic and threshold as in the Stream of Search paper"),
        entry("bfs", Never, |_| BreadthFirst, "breadth-first").fewest(),
        entry("beam", Needs, |own| Beam { width: own.needed(Width) }, "beam search, level by level").incomplete(),
        entry("beam-paper", Needs, |own| BeamPaper { width: own.needed(Width) }, "the Stream of Search paper's beam search (its bfs), quirks included").incomplete(),
        entry("uniform-cost", Never, |_| UniformCost, "cheapest node first (Dijkstra)").cheapest(),
        entry("greedy", Needs, |_| Greedy, "node with the least estimate first"),
        entry("astar", Needs, |_| AStar { weight_percent: 100 }, "A*: least cost plus estimate first").cheapest(),
        entry("weighted-astar", Needs, |own| AStar { weight_percent: own.needed(WeightPercent) }, "A* with the estimate weighted (weight_percent)").cheapest(),
        entry("iddfs", May, |_| DepthFirstDeepening, "depth-first with a depth limit that grows").fewest(),
        entry("ida-star", Needs, |_| IdaStar, "depth-first with a growing bound on cost plus estimate").cheapest().bounds_costs(),
        entry("hill-climbing", Needs, |own| HillClimbing { restarts: own.number(Restarts) }, "the best child as long as it is better, then again from the root").incomplete(),
        entry("annealing", Needs, |own| Annealing { steps: own.number(Steps), temperature: own.number(Temperature), cooling_percent: own.number(CoolingPercent) }, "a random child; a worse one with a chance that cools down").incomplete().asks(Asks::ToTurnBack),
        entry("tabu", Needs, |own| Tabu { steps: own.number(Steps), tenure: own.number(Tenure) }, "the best child that is not among the last positions, even if worse").incomplete().asks(Asks::ToTurnBack),
        entry("mcts", May, |own| MonteCarlo { simulations: own.number(Simulations), failed_leaves: own.number(FailedLeaves) }, "Monte-Carlo tree search, told as walks to wrong leaves and then to the right one").incomplete(),
        entry("backtracking", May, |own| { own.decisions(); DepthFirst { threshold: None, says_end: false } }, "depth-first over the values of one variable at a time; heuristic orders the values; inference tells what follows before each guess").asks(Asks::Variables),
        entry("backjumping", May, |own| { own.decisions(); Backjumping }, "backtracking that goes back to the last choice that is to blame for the dead end").asks(Asks::Variables),
        entry("min-conflicts", Never, |own| MinConflicts { restarts: own.number(Restarts), steps: own.number(Steps) }, "values for all variables, then the best other value of one that breaks a rule, until none does").incomplete().asks(Asks::Variables),
        entry("walksat", Never, |own| WalkSat { restarts: own.number(Restarts), steps: own.number(Steps), noise_percent: own.number(NoisePercent) }, "values for all variables, then another one for a variable of a broken rule, chosen by chance or so that it breaks the fewest").incomplete().asks(Asks::Variables),
        entry("bidirectional-bfs", Never, |_| BidirectionalBreadthFirst, "breadth-first from start and goal, until both meet").fewest().asks(Asks::TwoWayGoal),
        entry("bidirectional-astar", Needs, |_| BidirectionalAStar, "A* from the start and cheapest first from the goal, until no cheaper meeting can be").cheapest().asks(Asks::TwoWayGoal),
    ]
};

const fn entry(
    name: &'static str,
    heuristic: Use,
    own: fn(&mut Reader<'_>) -> Algorithm,
    help: &'static str,
) -> SearchEntry {
    SearchEntry {
        name,
        help,
        complete: true,
        finds: Finds::Any,
        asks: Asks::Nothing,
        heuristic,
        bounds_costs: false,
        own,
    }
}

impl SearchEntry {
    const fn incomplete(mut self) -> Self {
        self.complete = false;
        self
    }

    const fn fewest(mut self) -> Self {
        self.finds = Finds::FewestMoves;
        self
    }

    const fn cheapest(mut self) -> Self {
        self.finds = Finds::Cheapest;
        self
    }

    const fn bounds_costs(mut self) -> Self {
        self.bounds_costs = true;
        self
    }

    const fn asks(mut self, asks: Asks) -> Self {
        self.asks = asks;
        self
    }

    /// The settings that it takes besides ties and budgets, each with whether it is required.
    pub fn settings(&self) -> Vec<(&'static str, bool)> {
        self.read(&About::NEW, &SearchConfig::new(self.name)).0.taken
    }

    fn read<'a>(&self, about: &'a About, config: &'a SearchConfig) -> (Reader<'a>, Algorithm) {
        let mut reader = Reader::new(about, config, self.heuristic);
        let algorithm = (self.own)(&mut reader);
        (reader, algorithm)
    }

    /// Whether the search suits the environment; if not, the reason.
    pub fn fits(&self, about: &About) -> Result<(), &'static str> {
        let (fits, reason) = match self.asks {
            Asks::Nothing => return Ok(()),
            Asks::ToTurnBack => (about.walks_turn_back, "each move uses something up, so that a walk cannot turn back"),
            Asks::Variables => (!about.variable_orders.is_empty(), "it has no variables that are decided one by one"),
            Asks::TwoWayGoal => (
                about.two_way,
                "it cannot be worked back from its goal: moves have no way back at the same cost, or the goal is not one position",
            ),
        };
        if fits { Ok(()) } else { Err(reason) }
    }

    /// The guarantee with the settings of a search. A search for the cheapest solution guarantees any solution if its heuristic is not admissible or weighs too
    /// much.
    pub fn promises(&self, about: &About, search: &Search) -> Finds {
        let admissible = search.settings.heuristic.is_none_or(|place| about.heuristics[place].admissible);
        let overweight = matches!(search.algorithm, Algorithm::AStar { weight_percent } if weight_percent > 100);
        if self.finds == Finds::Cheapest && (!admissible || overweight) { Finds::Any } else { self.finds }
    }
}

/// A search that suits its environment.
#[derive(Clone)]
pub struct Search {
    /// The config.
    pub config: SearchConfig,
    /// The name in the registry.
    pub name: &'static str,
    /// The name with the settings that distinguish it from others of its kind: `beam-5`, `weighted-astar-150`.
    pub label: String,
    /// The common settings, looked up.
    pub settings: Settings,
    /// What it requires of a puzzle.
    pub asks: Asks,
    /// The algorithm.
    pub(crate) algorithm: Algorithm,
}

impl Search {
    /// Looks a search up.
    pub fn new(about: &'static About, config: &SearchConfig) -> Result<Self, SearchError> {
        let names: Vec<&str> = SEARCHES.iter().map(|entry| entry.name).collect();
        let entry = &SEARCHES[settings::place("kind", &config.kind, &names)?];
        entry.fits(about).map_err(|reason| SearchError::Unfit { kind: entry.name, env: about.name, reason })?;
        let (reader, algorithm) = entry.read(about, config);
        Ok(Search {
            config: config.clone(),
            name: entry.name,
            label: config.label(),
            settings: reader.finish(entry)?,
            asks: entry.asks,
            algorithm,
        })
    }

    /// The settings, with these limits where they are stricter.
    pub fn within(&self, limits: Limits) -> Settings {
        Settings {
            max_nodes: limits.nodes.min(self.settings.max_nodes),
            max_events: limits.events.min(self.settings.max_events),
            ..self.settings.clone()
        }
    }
}
