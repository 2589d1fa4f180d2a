//! Searches: algorithms that explore a puzzle and write what they do into a trace. They know no text.
//!
//! A search is generic over the environment: it works on the states and moves themselves. `arena` runs it on a puzzle of any environment.
//!
//! A new search is one file, an [`Algorithm`] with its function, and one line in [`SEARCHES`].

mod annealing;
mod beam;
mod best_first;
mod bidirectional;
mod context;
mod depth_first;
mod hill_climbing;
pub mod limits;
mod local_search;
mod mcts;
mod order;
mod scratch;
mod settings;
mod tabu;
mod tie_breaker;

use best_first::Priority;
use sos_envs::{About, Complete};

pub use context::{Context, Outcome, SearchTrace, Slip};
use limits::Limits;
pub use scratch::Scratch;
pub use settings::{SearchConfig, SearchError, Settings, Threshold, Ties, Use};
pub use tie_breaker::TieBreaker;

/// A search in the registry.
#[derive(Clone, Copy)]
pub struct SearchEntry {
    /// Name in recipes and requests.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// Whether it finds a solution wherever there is one (without a threshold or a budget).
    pub complete: bool,
    /// What is promised of the solutions that it finds.
    pub finds: Finds,
    /// What it asks of a puzzle.
    pub asks: Asks,
    /// The settings that it takes beside ties and budgets.
    uses: &'static [(&'static str, Use)],
    algorithm: Algorithm,
}

/// What a search promises of a solution that it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finds {
    /// That it is one.
    Any,
    /// That none has fewer moves.
    FewestMoves,
    /// That none is cheaper, where its heuristic, if it has one, is admissible and weighs no more than 100 percent.
    Cheapest,
}

/// What a search asks of a puzzle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Nothing.
    Nothing,
    /// That a walk can turn back: one that goes on from where it is gets nowhere else.
    ToTurnBack,
    /// Variables that are decided one by one.
    Variables,
    /// A goal that is one position and can be worked back from.
    TwoWayGoal,
}

/// How a search explores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// Depth-first; backtracking over variables is the same.
    DepthFirst,
    /// Best-first, by depth.
    BreadthFirst,
    /// The best nodes of each level.
    Beam,
    /// The Stream of Search paper's beam search.
    BeamPaper,
    /// Best-first, by the cost from the start.
    UniformCost,
    /// Best-first, by the estimate.
    Greedy,
    /// Best-first, by cost and weighted estimate.
    AStar,
    /// Depth-first with a growing limit of depth.
    DepthFirstDeepening,
    /// Depth-first with a growing bound on cost plus estimate.
    IdaStar,
    /// The best child as long as it is better.
    HillClimbing,
    /// Simulated annealing.
    Annealing,
    /// Tabu search.
    Tabu,
    /// Monte-Carlo tree search.
    MonteCarlo,
    /// Depth-first, back to the choice that is to blame.
    Backjumping,
    /// Local search by the fewest conflicts.
    MinConflicts,
    /// Local search by break counts and chance.
    WalkSat,
    /// Breadth-first from both ends.
    BidirectionalBreadthFirst,
    /// A* from the start, cheapest first from the goal.
    BidirectionalAStar,
}

impl Algorithm {
    /// Explores, and writes the trace of the context.
    pub fn explore<E: Complete>(self, context: &mut Context<'_, E>) -> Outcome {
        match self {
            Algorithm::DepthFirst => depth_first::dfs(context),
            Algorithm::BreadthFirst => best_first::best_first(context, Priority::Depth),
            Algorithm::Beam => beam::beam(context),
            Algorithm::BeamPaper => beam::beam_paper(context),
            Algorithm::UniformCost => best_first::best_first(context, Priority::Cost),
            Algorithm::Greedy => best_first::best_first(context, Priority::Estimate),
            Algorithm::AStar => best_first::best_first(context, Priority::Sum),
            Algorithm::DepthFirstDeepening => depth_first::iddfs(context),
            Algorithm::IdaStar => depth_first::ida_star(context),
            Algorithm::HillClimbing => hill_climbing::hill_climbing(context),
            Algorithm::Annealing => annealing::annealing(context),
            Algorithm::Tabu => tabu::tabu(context),
            Algorithm::MonteCarlo => mcts::mcts(context),
            Algorithm::Backjumping => depth_first::backjumping(context),
            Algorithm::MinConflicts => local_search::min_conflicts(context),
            Algorithm::WalkSat => local_search::walksat(context),
            Algorithm::BidirectionalBreadthFirst => bidirectional::bidirectional_bfs(context),
            Algorithm::BidirectionalAStar => bidirectional::bidirectional_astar(context),
        }
    }
}

/// The registry: one line a search.
#[rustfmt::skip]
pub const SEARCHES: [SearchEntry; 20] = {
    use Use::{May, Needs};
    [
        entry("dfs", Algorithm::DepthFirst, &[("heuristic", May), ("threshold", May)], "depth-first; with heuristic and threshold as in the Stream of Search paper"),
        entry("bfs", Algorithm::BreadthFirst, &[], "breadth-first").fewest(),
        entry("beam", Algorithm::Beam, &[("heuristic", Needs), ("width", Needs)], "beam search, level by level").incomplete(),
        entry("beam-paper", Algorithm::BeamPaper, &[("heuristic", Needs), ("width", Needs)], "the Stream of Search paper's beam search (its bfs), quirks included").incomplete(),
        entry("uniform-cost", Algorithm::UniformCost, &[], "cheapest node first (Dijkstra)").cheapest(),
        entry("greedy", Algorithm::Greedy, &[("heuristic", Needs)], "node with the least estimate first"),
        entry("astar", Algorithm::AStar, &[("heuristic", Needs)], "A*: least cost plus estimate first").cheapest(),
        entry("weighted-astar", Algorithm::AStar, &[("heuristic", Needs), ("weight_percent", Needs)], "A* with the estimate weighted (weight_percent)").cheapest(),
        entry("iddfs", Algorithm::DepthFirstDeepening, &[("heuristic", May)], "depth-first with a depth limit that grows").fewest(),
        entry("ida-star", Algorithm::IdaStar, &[("heuristic", Needs)], "depth-first with a growing bound on cost plus estimate").cheapest(),
        entry("hill-climbing", Algorithm::HillClimbing, &[("heuristic", Needs), ("restarts", May)], "the best child as long as it is better, then again from the root").incomplete(),
        entry("annealing", Algorithm::Annealing, &[("heuristic", Needs), ("steps", May), ("temperature", May), ("cooling_percent", May)], "a random child; a worse one with a chance that cools down").incomplete().asks(Asks::ToTurnBack),
        entry("tabu", Algorithm::Tabu, &[("heuristic", Needs), ("steps", May), ("tenure", May)], "the best child that is not among the last positions, even if worse").incomplete().asks(Asks::ToTurnBack),
        entry("mcts", Algorithm::MonteCarlo, &[("heuristic", May), ("simulations", May), ("failed_leaves", May)], "Monte-Carlo tree search, told as walks to wrong leaves and then to the right one").incomplete(),
        entry("backtracking", Algorithm::DepthFirst, &[("heuristic", May), ("variables", May), ("propagation", May), ("inference", May)], "depth-first over the values of one variable at a time; heuristic orders the values; inference tells what follows before each guess").asks(Asks::Variables),
        entry("backjumping", Algorithm::Backjumping, &[("heuristic", May), ("variables", May), ("propagation", May), ("inference", May)], "backtracking that goes back to the last choice that is to blame for the dead end").asks(Asks::Variables),
        entry("min-conflicts", Algorithm::MinConflicts, &[("restarts", May), ("steps", May)], "values for all variables, then the best other value of one that breaks a rule, until none does").incomplete().asks(Asks::Variables),
        entry("walksat", Algorithm::WalkSat, &[("restarts", May), ("steps", May), ("noise_percent", May)], "values for all variables, then another one for a variable of a broken rule, chosen by chance or so that it breaks the fewest").incomplete().asks(Asks::Variables),
        entry("bidirectional-bfs", Algorithm::BidirectionalBreadthFirst, &[], "breadth-first from start and goal, until both meet").fewest().asks(Asks::TwoWayGoal),
        entry("bidirectional-astar", Algorithm::BidirectionalAStar, &[("heuristic", Needs)], "A* from the start and cheapest first from the goal, until no cheaper meeting can be").cheapest().asks(Asks::TwoWayGoal),
    ]
};

const fn entry(
    name: &'static str,
    algorithm: Algorithm,
    uses: &'static [(&'static str, Use)],
    help: &'static str,
) -> SearchEntry {
    SearchEntry { name, help, complete: true, finds: Finds::Any, asks: Asks::Nothing, uses, algorithm }
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

    const fn asks(mut self, asks: Asks) -> Self {
        self.asks = asks;
        self
    }

    /// The settings that it takes beside ties and budgets, and whether it needs them.
    pub fn settings(&self) -> Vec<(&'static str, bool)> {
        self.uses.iter().map(|&(field, usage)| (field, usage == Use::Needs)).collect()
    }

    /// Whether it makes sense in the environment; why not.
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

    /// What it promises with its settings: where the cheapest solution needs an admissible heuristic and has none, any.
    pub fn promises(&self, about: &About, settings: &Settings) -> Finds {
        let admissible = settings.heuristic.is_none_or(|place| about.heuristics[place].admissible);
        match self.finds {
            Finds::Cheapest if !admissible || settings.weight_percent > 100 => Finds::Any,
            finds => finds,
        }
    }
}

/// A search that is known to fit an environment.
#[derive(Clone)]
pub struct Search {
    /// What was asked for.
    pub config: SearchConfig,
    /// The registry's name.
    pub name: &'static str,
    /// The name with what tells it from others of its kind: `beam-5`, `weighted-astar-150`.
    pub label: String,
    /// The settings, looked up.
    pub settings: Settings,
    /// What it asks of a puzzle.
    pub asks: Asks,
    /// How it explores.
    pub algorithm: Algorithm,
}

impl Search {
    /// Looks a search up.
    pub fn new(about: &'static About, config: &SearchConfig) -> Result<Self, SearchError> {
        let names = || SEARCHES.iter().map(|entry| entry.name);
        let Some(entry) = SEARCHES.iter().find(|entry| entry.name == config.kind) else {
            return Err(SearchError::Unknown {
                field: "kind",
                found: config.kind.clone(),
                allowed: names().collect::<Vec<_>>().join(", "),
                nearest: crate::names::nearest(&config.kind, names()),
            });
        };
        entry.fits(about).map_err(|reason| SearchError::Unfit { kind: entry.name, env: about.name, reason })?;
        Ok(Search {
            config: config.clone(),
            name: entry.name,
            label: config.label(),
            settings: Settings::new(about, config, entry.name, entry.uses)?,
            asks: entry.asks,
            algorithm: entry.algorithm,
        })
    }

    /// The settings, with limits where those are narrower than its own.
    pub fn within(&self, limits: Limits) -> Settings {
        Settings {
            max_nodes: limits.nodes.min(self.settings.max_nodes),
            max_events: limits.events.min(self.settings.max_events),
            ..self.settings.clone()
        }
    }
}
