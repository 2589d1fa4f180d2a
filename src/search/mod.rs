//! Searches: algorithms that explore a puzzle and write what they do into a trace. They know no text.
//!
//! A new search is one file and one line in [`searches`].

mod beam;
mod best_first;
mod context;
mod depth_first;
mod settings;

use sos_envs::{Draw, Environment};

use best_first::Priority;
pub use context::{Context, Outcome, Scratch, Slip};
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
    /// Use of heuristic, threshold, width, weight_percent.
    uses: [Use; 4],
    run: fn(&mut Context<'_, E>) -> Outcome,
}

/// The registry: one line a search.
pub fn searches<E: Environment>() -> Vec<SearchEntry<E>> {
    use Use::{May, Needs, Never};
    let entry = |name, complete, uses, run: fn(&mut Context<'_, E>) -> Outcome, help| SearchEntry {
        name,
        help,
        complete,
        uses,
        run,
    };
    vec![
        entry(
            "dfs",
            true,
            [May, May, Never, Never],
            depth_first::dfs,
            "depth-first; with heuristic and threshold as in the Stream of Search paper",
        ),
        entry(
            "bfs",
            true,
            [Never, Never, Never, Never],
            |c| best_first::best_first(c, Priority::Depth),
            "breadth-first",
        ),
        entry("beam", false, [Needs, Never, Needs, Never], beam::beam, "beam search, level by level"),
        entry(
            "beam-paper",
            false,
            [Needs, Never, Needs, Never],
            beam::beam_paper,
            "the Stream of Search paper's beam search (its bfs), quirks included",
        ),
        entry(
            "uniform-cost",
            true,
            [Never, Never, Never, Never],
            |c| best_first::best_first(c, Priority::Cost),
            "cheapest node first (Dijkstra)",
        ),
        entry(
            "greedy",
            true,
            [Needs, Never, Never, Never],
            |c| best_first::best_first(c, Priority::Estimate),
            "node with the least estimate first",
        ),
        entry(
            "astar",
            true,
            [Needs, Never, Never, Never],
            |c| best_first::best_first(c, Priority::Sum),
            "A*: least cost plus estimate first",
        ),
        entry(
            "weighted-astar",
            true,
            [Needs, Never, Never, Needs],
            |c| best_first::best_first(c, Priority::Sum),
            "A* with the estimate weighted (weight_percent)",
        ),
        entry(
            "iddfs",
            true,
            [May, Never, Never, Never],
            depth_first::iddfs,
            "depth-first with a depth limit that grows",
        ),
        entry(
            "ida-star",
            true,
            [Needs, Never, Never, Never],
            depth_first::ida_star,
            "depth-first with a growing bound on cost plus estimate",
        ),
    ]
}

impl<E: Environment> SearchEntry<E> {
    /// The settings that it takes beside ties and budgets, and whether it needs them.
    pub fn settings(&self) -> Vec<(&'static str, bool)> {
        let used = FIELDS.into_iter().zip(self.uses).filter(|(_, usage)| *usage != Use::Never);
        used.map(|(field, usage)| (field, usage == Use::Needs)).collect()
    }
}

/// Settings that only some searches use.
const FIELDS: [&str; 4] = ["heuristic", "threshold", "width", "weight_percent"];

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
    run: fn(&mut Context<'_, E>) -> Outcome,
}

impl<E: Environment> Search<E> {
    /// Looks a search up.
    pub fn new(config: &SearchConfig) -> Result<Self, SearchError> {
        let entries = searches::<E>();
        let Some(entry) = entries.iter().find(|entry| entry.name == config.kind) else {
            return Err(SearchError::Unknown {
                field: "kind",
                found: config.kind.clone(),
                allowed: entries.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", "),
                nearest: crate::names::nearest(&config.kind, entries.iter().map(|entry| entry.name)),
            });
        };
        let uses = std::array::from_fn(|i| (FIELDS[i], entry.uses[i]));
        let settings = Settings::new::<E>(config, entry.name, uses)?;
        let number = config.width.or(config.weight_percent);
        let label = number.map_or(entry.name.to_string(), |number| format!("{}-{number}", entry.name));
        Ok(Search { config: config.clone(), name: entry.name, label, settings, run: entry.run })
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
        let mut context = Context::new(puzzle, &self.settings, draw, trace, scratch);
        context.slips = slip.map_or(&[], std::slice::from_ref);
        (self.run)(&mut context)
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
        let mut context = Context::new(puzzle, &settings, draw, trace, scratch);
        context.slips = slips;
        let outcome = (self.run)(&mut context);
        let too_long = capped && outcome == Outcome::Budget && trace.nodes.len() as u64 >= max_nodes;
        (!too_long).then_some(outcome)
    }
}
