//! Searches: algorithms that explore a puzzle and write what they do into a trace. They know no text.
//!
//! A new search is one file and one line in [`searches`].

mod annealing;
mod beam;
mod best_first;
mod bidirectional;
mod context;
mod depth_first;
mod guide;
mod hill_climbing;
pub mod limits;
mod local_search;
mod mcts;
mod order;
mod scratch;
mod settings;
mod tabu;
#[cfg(test)]
mod tests;

use sos_envs::{About, Draw, Environment, Traits};

use best_first::Priority;
pub use context::{Context, Outcome, Slip};
pub use guide::Guide;
use limits::Limits;
pub use scratch::Scratch;
pub use settings::{SearchConfig, SearchError, Settings, Threshold, Ties, Use};

use crate::trace::Trace;

/// A search in the registry.
pub struct SearchEntry<E: Environment> {
    /// Name in recipes and requests.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// Whether it finds a solution wherever there is one (without a threshold or a budget).
    pub complete: bool,
    /// What is promised of the solutions that it finds.
    pub finds: Finds,
    /// The settings that it takes beside ties and budgets.
    uses: &'static [(&'static str, Use)],
    fits: Fits,
    fits_puzzle: fn(&E) -> Result<(), &'static str>,
    run: fn(&mut Context<'_, E>) -> Outcome,
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

/// Whether a search makes sense in an environment; why not.
type Fits = fn(&Traits) -> Result<(), &'static str>;

/// The registry: one line a search.
#[rustfmt::skip]
pub fn searches<E: Environment>() -> Vec<SearchEntry<E>> {
    use Use::{May, Needs};
    let entry = |name, complete, uses, run: fn(&mut Context<'_, E>) -> Outcome, help| SearchEntry {
        name, help, complete, finds: Finds::Any, uses, fits: |_| Ok(()), fits_puzzle: |_| Ok(()), run,
    };
    let fewest = |entry| SearchEntry { finds: Finds::FewestMoves, ..entry };
    let cheapest = |entry| SearchEntry { finds: Finds::Cheapest, ..entry };
    let turns = |entry| SearchEntry { fits: turns_back, ..entry };
    let decides = |entry| SearchEntry { fits: has_variables, ..entry };
    let two_way = |entry| SearchEntry { fits: is_two_way, fits_puzzle: has_two_way_goal::<E>, ..entry };
    vec![
        entry("dfs", true, &[("heuristic", May), ("threshold", May)], depth_first::dfs, "depth-first; with heuristic and threshold as in the Stream of Search paper"),
        fewest(entry("bfs", true, &[], |c| best_first::best_first(c, Priority::Depth), "breadth-first")),
        entry("beam", false, &[("heuristic", Needs), ("width", Needs)], beam::beam, "beam search, level by level"),
        entry("beam-paper", false, &[("heuristic", Needs), ("width", Needs)], beam::beam_paper, "the Stream of Search paper's beam search (its bfs), quirks included"),
        cheapest(entry("uniform-cost", true, &[], |c| best_first::best_first(c, Priority::Cost), "cheapest node first (Dijkstra)")),
        entry("greedy", true, &[("heuristic", Needs)], |c| best_first::best_first(c, Priority::Estimate), "node with the least estimate first"),
        cheapest(entry("astar", true, &[("heuristic", Needs)], |c| best_first::best_first(c, Priority::Sum), "A*: least cost plus estimate first")),
        cheapest(entry("weighted-astar", true, &[("heuristic", Needs), ("weight_percent", Needs)], |c| best_first::best_first(c, Priority::Sum), "A* with the estimate weighted (weight_percent)")),
        fewest(entry("iddfs", true, &[("heuristic", May)], depth_first::iddfs, "depth-first with a depth limit that grows")),
        cheapest(entry("ida-star", true, &[("heuristic", Needs)], depth_first::ida_star, "depth-first with a growing bound on cost plus estimate")),
        entry("hill-climbing", false, &[("heuristic", Needs), ("restarts", May)], hill_climbing::hill_climbing, "the best child as long as it is better, then again from the root"),
        turns(entry("annealing", false, &[("heuristic", Needs), ("steps", May), ("temperature", May), ("cooling_percent", May)], annealing::annealing, "a random child; a worse one with a chance that cools down")),
        turns(entry("tabu", false, &[("heuristic", Needs), ("steps", May), ("tenure", May)], tabu::tabu, "the best child that is not among the last positions, even if worse")),
        entry("mcts", false, &[("heuristic", May), ("simulations", May), ("failed_leaves", May)], mcts::mcts, "Monte-Carlo tree search, told as walks to wrong leaves and then to the right one"),
        decides(entry("backtracking", true, &[("heuristic", May), ("variables", May), ("propagation", May), ("inference", May)], depth_first::dfs, "depth-first over the values of one variable at a time; heuristic orders the values; inference tells what follows before each guess")),
        decides(entry("backjumping", true, &[("heuristic", May), ("variables", May), ("propagation", May), ("inference", May)], depth_first::backjumping, "backtracking that goes back to the last choice that is to blame for the dead end")),
        decides(entry("min-conflicts", false, &[("restarts", May), ("steps", May)], local_search::min_conflicts, "values for all variables, then the best other value of one that breaks a rule, until none does")),
        decides(entry("walksat", false, &[("restarts", May), ("steps", May), ("noise_percent", May)], local_search::walksat, "values for all variables, then another one for a variable of a broken rule, chosen by chance or so that it breaks the fewest")),
        fewest(two_way(entry("bidirectional-bfs", true, &[], bidirectional::bidirectional_bfs, "breadth-first from start and goal, until both meet"))),
        cheapest(two_way(entry("bidirectional-astar", true, &[("heuristic", Needs)], bidirectional::bidirectional_astar, "A* from the start and cheapest first from the goal, until no cheaper meeting can be"))),
    ]
}

/// Walks that go on from where they are must be able to turn back.
fn turns_back(traits: &Traits) -> Result<(), &'static str> {
    if traits.cycles { Ok(()) } else { Err("each move uses something up, so that a walk cannot turn back") }
}

fn has_variables(traits: &Traits) -> Result<(), &'static str> {
    if traits.variable_orders.is_empty() { Err("it has no variables that are decided one by one") } else { Ok(()) }
}

fn is_two_way(traits: &Traits) -> Result<(), &'static str> {
    if traits.two_way {
        Ok(())
    } else {
        Err(
            "it cannot be worked back from its goal: moves have no way back at the same cost, or the goal is not one position",
        )
    }
}

fn has_two_way_goal<E: Environment>(puzzle: &E) -> Result<(), &'static str> {
    let has = puzzle.two_way_goal().is_some();
    if has { Ok(()) } else { Err("the goal of this puzzle is not one position that can be worked back from") }
}

impl<E: Environment> SearchEntry<E> {
    /// The settings that it takes beside ties and budgets, and whether it needs them.
    pub fn settings(&self) -> Vec<(&'static str, bool)> {
        self.uses.iter().map(|&(field, usage)| (field, usage == Use::Needs)).collect()
    }

    /// Whether it makes sense in the environment; why not.
    pub fn fits(&self, traits: &Traits) -> Result<(), &'static str> {
        (self.fits)(traits)
    }

    /// What it promises with its settings: where the cheapest solution needs an admissible heuristic and has none, any.
    pub fn promises(&self, traits: &Traits, settings: &Settings) -> Finds {
        let admissible = settings.heuristic.is_none_or(|place| traits.heuristics[place].admissible);
        match self.finds {
            Finds::Cheapest if !admissible || settings.weight_percent > 100 => Finds::Any,
            finds => finds,
        }
    }
}

/// A search that is known to fit an environment.
pub struct Search<E: Environment> {
    /// What was asked for.
    pub config: SearchConfig,
    /// The registry's name.
    pub name: &'static str,
    /// The name with what tells it from others of its kind: `beam-5`, `weighted-astar-150`.
    pub label: String,
    /// The settings, looked up.
    pub settings: Settings,
    fits_puzzle: fn(&E) -> Result<(), &'static str>,
    /// The place in the registry, and who runs what stands there.
    place: usize,
    run: Runner<E>,
}

/// A search as it runs.
pub type Algorithm<E> = for<'a, 'b> fn(&'a mut Context<'b, E>) -> Outcome;

/// The algorithms of all searches, by their places in the registry.
pub fn algorithms<E: Environment>() -> Vec<Algorithm<E>> {
    searches::<E>().into_iter().map(|entry| entry.run).collect()
}

/// What a search is run with.
pub struct Run<'a, E: Environment> {
    /// The puzzle.
    pub puzzle: &'a E,
    /// The settings.
    pub settings: &'a Settings,
    /// Deliberate slips.
    pub slips: &'a [Slip<E>],
    /// Who decides what is left to chance; none where the random stream does.
    pub guide: Option<&'a mut dyn Guide<E>>,
    /// The random stream.
    pub draw: &'a mut Draw,
    /// What is written.
    pub trace: &'a mut Trace<E>,
    /// Reused buffers.
    pub scratch: &'a mut Scratch<E>,
}

type Runner<E> = for<'a> fn(usize, Run<'a, E>) -> Outcome;

/// Puzzles of any environment are searched by their own type.
fn runner<E: Environment>() -> Runner<E> {
    let any: Runner<crate::puzzle::Puzzle> = crate::puzzle::run;
    let any: &dyn std::any::Any = &any;
    any.downcast_ref().copied().unwrap_or(run_typed::<E>)
}

fn run_typed<E: Environment>(place: usize, run: Run<'_, E>) -> Outcome {
    let Run { puzzle, settings, slips, guide, draw, trace, scratch } = run;
    let mut context = Context::new(puzzle, settings, draw, trace, scratch);
    (context.slips, context.guide) = (slips, guide);
    (searches::<E>()[place].run)(&mut context)
}

impl<E: Environment> Search<E> {
    /// Looks a search up.
    pub fn new(about: &'static About, config: &SearchConfig) -> Result<Self, SearchError> {
        let entries = searches::<E>();
        let place = entries.iter().position(|entry| entry.name == config.kind);
        let Some((place, entry)) = place.map(|place| (place, &entries[place])) else {
            return Err(SearchError::Unknown {
                field: "kind",
                found: config.kind.clone(),
                allowed: entries.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", "),
                nearest: crate::names::nearest(&config.kind, entries.iter().map(|entry| entry.name)),
            });
        };
        entry.fits(&about.traits).map_err(|reason| SearchError::Unfit { kind: entry.name, env: about.name, reason })?;
        let settings = Settings::new(&about.traits, config, entry.name, entry.uses)?;
        let label = config.label();
        Ok(Search {
            config: config.clone(),
            name: entry.name,
            label,
            settings,
            fits_puzzle: entry.fits_puzzle,
            place,
            run: runner(),
        })
    }

    /// Whether it makes sense for a puzzle. Where it does not, a run gives up at once.
    pub fn fits(&self, puzzle: &E) -> Result<(), SearchError> {
        (self.fits_puzzle)(puzzle).map_err(|reason| SearchError::Unfit {
            kind: self.name,
            env: puzzle.about().name,
            reason,
        })
    }

    /// Runs the search; `slip` makes it err on purpose.
    pub fn run(
        &self,
        puzzle: &E,
        draw: &mut Draw,
        slip: Option<&Slip<E>>,
        trace: &mut Trace<E>,
        scratch: &mut Scratch<E>,
    ) -> Outcome {
        let slips = slip.map_or(&[][..], std::slice::from_ref);
        let settings = &self.settings;
        (self.run)(self.place, Run { puzzle, settings, slips, guide: None, draw, trace, scratch })
    }

    /// Runs the search within limits, where those are narrower than its own.
    pub fn run_within(
        &self,
        puzzle: &E,
        draw: &mut Draw,
        limits: Limits,
        trace: &mut Trace<E>,
        scratch: &mut Scratch<E>,
    ) -> Outcome {
        let settings = Settings {
            max_nodes: limits.nodes.min(self.settings.max_nodes),
            max_events: limits.events.min(self.settings.max_events),
            ..self.settings.clone()
        };
        let run = Run { puzzle, settings: &settings, slips: &[], guide: None, draw, trace, scratch };
        (self.run)(self.place, run)
    }

    /// Runs the search along a trace: what it leaves to chance is the guide's, and no random stream is used.
    pub fn run_guided(&self, puzzle: &E, guide: &mut dyn Guide<E>, trace: &mut Trace<E>) -> Outcome {
        let (mut draw, mut scratch) = (Draw::new(0, "guided"), Scratch::default());
        let (draw, scratch, settings) = (&mut draw, &mut scratch, &self.settings);
        (self.run)(self.place, Run { puzzle, settings, slips: &[], guide: Some(guide), draw, trace, scratch })
    }

    /// Runs the search with slips, and gives up over `max_nodes`: a slip can make a small search endless. None where it did.
    pub fn rerun(
        &self,
        puzzle: &E,
        draw: &mut Draw,
        slips: &[Slip<E>],
        max_nodes: u64,
        trace: &mut Trace<E>,
        scratch: &mut Scratch<E>,
    ) -> Option<Outcome> {
        let capped = max_nodes < self.settings.max_nodes;
        let settings = Settings { max_nodes: max_nodes.min(self.settings.max_nodes), ..self.settings.clone() };
        let run = Run { puzzle, settings: &settings, slips, guide: None, draw, trace: &mut *trace, scratch };
        let outcome = (self.run)(self.place, run);
        let too_long = capped && outcome == Outcome::Budget && trace.nodes.len() as u64 >= max_nodes;
        (!too_long).then_some(outcome)
    }
}
