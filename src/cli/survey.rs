//! `sos survey`: for each environment and level the number of puzzles, how often draws repeat, how fast rows are made, and how long the rows of the ready
//! recipe are. The output is the table of docs/environments.md.

use std::collections::HashSet;
use std::io::Write;
use std::time::{Duration, Instant};

use sos_envs::{About, LEVELS, Space, Streams};

use super::Failure;
use super::estimate::{Estimate, Sampling, Spread};
use crate::arena::{Config, Puzzle, Scratch, environments};
use crate::dialect::{Phrasing, dialect};
use crate::recipe::ready::at_level;
use crate::record::Datasets;
use crate::request::environment;
use crate::search::{Search, SearchConfig};
use crate::sink::Format;
use crate::trace::Trace;

/// `sos survey`
#[derive(clap::Args)]
pub struct Arguments {
    /// Environments; all by default
    environments: Vec<String>,
    /// Draws from which duplicates are counted
    #[arg(long, default_value_t = 1_000_000)]
    draws: u64,
    /// Most time for the draws of one level; where it runs out, the table says how many there were
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
}

/// Greatest number of rows that are made and timed.
const ROWS: u64 = 2000;

/// Rows of the ready recipe whose lengths are counted.
const LENGTHS: u64 = 400;

/// Number of candidates of a numbered space that are sampled.
const CANDIDATES: u64 = 4096;

/// Greatest number of nodes of a search.
const MOST_NODES: u64 = 100_000;

/// The search that is timed: backtracking if there are variables; else A* with the first admissible heuristic; else breadth-first search.
fn search(about: &'static About) -> Result<Search, Failure> {
    let heuristic = about.heuristics.iter().find(|heuristic| heuristic.admissible);
    let config = match heuristic {
        _ if !about.variable_orders.is_empty() => {
            serde_json::json!({"kind": "backtracking", "variables": "mrv", "propagation": "forward", "max_nodes": MOST_NODES})
        }
        Some(heuristic) => serde_json::json!({"kind": "astar", "heuristic": heuristic.name, "max_nodes": MOST_NODES}),
        None => serde_json::json!({"kind": "bfs", "max_nodes": MOST_NODES}),
    };
    let config: SearchConfig = serde_json::from_value(config).map_err(|error| Failure::System(error.to_string()))?;
    Search::new(about, &config).map_err(|error| Failure::System(error.to_string()))
}

/// A puzzle that the settings accept, from random draws. None after many draws without one.
fn puzzle(config: &Config, streams: &Streams, index: u64) -> Option<Puzzle> {
    let mut draw = streams.at(index);
    let mut puzzles = (0..1000).filter_map(|_| config.family.generate(config, &mut draw).ok());
    puzzles.find(|puzzle| config.family.accepts(config, puzzle.is_solvable()))
}

/// A line of the table.
fn survey(arguments: &Arguments, level: &str, config: &Config) -> Result<String, Failure> {
    let space = config.family.space(config).map_err(|error| Failure::System(error.to_string()))?;
    let streams = Streams::new(0, "survey", level);
    let most = Duration::from_secs_f64(arguments.seconds);
    let (rate, name) = rows(config, &streams, most)?;
    let tokens = tokens(config.family.about().name, level, most)?;
    let (drawn, distinct) = draws(config, &streams, arguments);
    let share = 100.0 * (drawn - distinct) as f64 / drawn.max(1) as f64;
    let (size, duplicates) = match space {
        Some(space) => {
            let candidates = format!("{} candidates{}", grouped(space.total()), represented(config, space, &streams));
            (candidates, format!("none (walked); {share:.2} % if drawn"))
        }
        None => (format!("at least {}", grouped(least_space(drawn, distinct))), format!("{share:.2} %")),
    };
    Ok(format!(
        "| {} | {level} | {size} | {duplicates} of {} draws | {name} | {} | {} | {} |",
        config.family.about().name,
        grouped(drawn.into()),
        grouped(rate.into()),
        tokens.map_or("-".into(), |tokens| grouped(tokens.median.into())),
        tokens.map_or("-".into(), |tokens| grouped(tokens.p90.into()))
    ))
}

/// Tokens of the rows of the environment's ready recipe at a level, in its dialect. None without such a recipe.
fn tokens(environment: &str, level: &str, patience: Duration) -> Result<Option<Spread>, Failure> {
    let wrong = |error: &dyn std::error::Error| Failure::System(format!("{environment}, {level}: {error}"));
    let Some(recipe) = at_level(environment, level) else { return Ok(None) };
    let mut dataset = Datasets::new(recipe).map_err(|error| wrong(&error))?;
    dataset.prepare().map_err(|error| wrong(&error))?;
    dataset.ask_for(0, u64::try_from(dataset.capacity(0)).unwrap_or(u64::MAX).min(LENGTHS));
    let sampling = Sampling { rows: LENGTHS, patience };
    let estimate = Estimate::of(&dataset, sampling, Format::JsonLines, 1).map_err(|error| wrong(&error))?;
    Ok(estimate.parts.first().map(|part| part.tokens))
}

/// The share of candidates that represent their twins, from a sample. Empty if all of them do.
fn represented(config: &Config, space: Space, streams: &Streams) -> String {
    let order = streams.permutation(space.size);
    let candidate = |number: u64| {
        let mut draw = streams.at(number);
        config.family.at(config, draw.below(space.strata), order.at(u128::from(number) % space.size), &mut draw).ok()
    };
    let candidates: Vec<Puzzle> = (0..CANDIDATES).filter_map(candidate).collect();
    let counted = candidates.iter().filter(|puzzle| puzzle.is_representative()).count();
    match candidates.len() {
        all if all == counted => String::new(),
        all => format!(", of which {:.1} % represent their twins", 100.0 * counted as f64 / all as f64),
    }
}

/// The rows per second (puzzle, proof, search, and text in the compact dialect), and the name of the search.
fn rows(config: &Config, streams: &Streams, most: Duration) -> Result<(u64, String), Failure> {
    let search = search(config.family.about())?;
    let compact = dialect(config.family.about(), "compact")
        .ok_or_else(|| Failure::System("there is no compact dialect".into()))?;
    let (mut trace, mut scratch, mut text) = (Trace::default(), Scratch::default(), Vec::new());
    let mut made = 0;
    // Tables that are built once are not counted as part of a row.
    puzzle(config, streams, 0).map(|puzzle| puzzle.solver_facts());
    let start = Instant::now();
    for index in 0..ROWS {
        let Some(puzzle) = puzzle(config, streams, index) else { continue };
        puzzle.solver_facts();
        search.run(&puzzle, &mut streams.at(index), None, &mut trace, &mut scratch);
        text.clear();
        (compact.write_prompt)(&puzzle, &mut text);
        (compact.write)(&puzzle, &trace, Phrasing::default(), &mut text);
        made += 1;
        if start.elapsed() > most {
            break;
        }
    }
    let rate = f64::from(made) / start.elapsed().as_secs_f64();
    Ok((rate as u64, search.label))
}

/// The number of puzzles that were drawn, and how many of them are distinct.
fn draws(config: &Config, streams: &Streams, arguments: &Arguments) -> (u64, u64) {
    let start = Instant::now();
    let mut ids = HashSet::new();
    let mut drawn = 0;
    for index in 0.. {
        if drawn == arguments.draws || start.elapsed().as_secs_f64() > arguments.seconds {
            break;
        }
        let Some(puzzle) = puzzle(config, streams, index) else { continue };
        ids.insert(puzzle.id().0 as u64);
        drawn += 1;
    }
    (drawn, ids.len() as u64)
}

/// A lower bound for the size of the space: the number of distinct puzzles, or if greater the estimate from repetitions, less one and a half
/// standard deviations. If N puzzles are equally likely, n draws see N (1 - exp(-n / N)) of them. If some are more likely than others, there
/// are more.
fn least_space(drawn: u64, distinct: u64) -> u128 {
    let (drawn, seen) = (drawn as f64, distinct as f64);
    let repeated = drawn - seen;
    let wanted = seen - 1.5 * repeated.sqrt() - 2.0;
    let sees = |space: f64| -space * (-drawn / space).exp_m1();
    let (mut least, mut most) = (1.0, drawn.max(2.0).powi(2));
    for _ in 0..100 {
        let middle = (least + most) / 2.0;
        if sees(middle) < wanted { least = middle } else { most = middle }
    }
    (least as u128).max(distinct.into())
}

/// A number with commas between groups of three digits.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if !(arguments.seconds > 0.0 && arguments.seconds <= 1e6) {
        return Err(Failure::Request(format!(
            "--seconds: found {}; allowed: more than 0, up to 1000000",
            arguments.seconds
        )));
    }
    // An unknown name is refused before any output.
    let named = arguments.environments.iter().map(|name| environment(name));
    let named = named.collect::<Result<Vec<_>, _>>().map_err(|error| Failure::Request(error.to_string()))?;
    let families = if named.is_empty() { environments().to_vec() } else { named };
    writeln!(
        std::io::stdout().lock(),
        "| environment | level | space | duplicates | search | rows a second | median tokens | 90 % |\n|---|---|---|---|---|---|---|---|"
    )?;
    for family in families {
        for (level, config) in LEVELS.iter().zip(family.levels()) {
            let line = survey(arguments, level, &config)?;
            writeln!(std::io::stdout().lock(), "{line}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sos_envs::Draw;

    use super::least_space;

    /// The bound is never too large and not much too small, from draws without repetition to draws that have seen everything.
    #[test]
    fn a_space_is_at_least_what_is_said() {
        assert_eq!(least_space(1_000_000, 464), 464);
        assert!((20_000_000..30_000_000).contains(&least_space(10_000, 10_000)), "{}", least_space(10_000, 10_000));
        for (space, draws) in [(50_u64, 10_000_u64), (1_000, 3_000), (20_000, 10_000), (1_000_000, 10_000)] {
            let mut draw = Draw::new(5, "space");
            let seen: std::collections::BTreeSet<u64> = (0..draws).map(|_| draw.below(space)).collect();
            let least = least_space(draws, seen.len() as u64) as f64 / space as f64;
            assert!((0.6..=1.0).contains(&least), "{space}, {draws} draws: {least}");
        }
    }
}
