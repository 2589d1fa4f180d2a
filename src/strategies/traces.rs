//! Searches on puzzles, and their traces.

use std::fmt::{Debug, Formatter};

use proptest::strategy::Strategy;
use sos_envs::strategies::shrinking::{Drawn, Puzzles, Shrinking};
use sos_envs::{About, Draw};

use super::puzzle::{Environment, easy};
use super::{dialect_of, shown};
use crate::arena::{Puzzle, Scratch};
use crate::dialect::{DialectEntry, Phrasing};
use crate::search::{Outcome, SEARCHES, Search, SearchConfig, SearchEntry, random_config};
use crate::trace::{Answer, Trace};

/// Greatest number of nodes in a trace.
const MOST_NODES: u64 = 300;

/// A puzzle, a search that fits it, and the trace that the search wrote.
#[derive(Clone)]
pub struct SearchedPuzzle {
    /// The puzzle.
    pub puzzle: Puzzle,
    /// The search.
    pub search: Search,
    /// How the search ended.
    pub outcome: Outcome,
    /// The trace. Half of the traces that find a solution, or prove that there is none, have an answer section.
    pub trace: Trace,
}

impl SearchedPuzzle {
    /// The prompt in a dialect. None if the dialect does not fit the environment or the search.
    pub fn prompt(&self, dialect: &str) -> Option<Vec<u8>> {
        Some(self.dialect(dialect)?.prompt(&self.puzzle))
    }

    /// The text of the trace in a dialect. None if the dialect does not fit the environment or the search.
    pub fn text(&self, dialect: &str) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        (self.dialect(dialect)?.write)(&self.puzzle, &self.trace, Phrasing::default(), &mut text);
        Some(text)
    }

    fn dialect(&self, name: &str) -> Option<DialectEntry> {
        dialect_of(self.puzzle.about(), name).ok().filter(|dialect| dialect.tells(self.search.name))
    }
}

impl Debug for SearchedPuzzle {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let puzzle = shown(|out| self.puzzle.write_json(out));
        let search = serde_json::to_string(&self.search.config).unwrap_or_default();
        let text = self.text("events").unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        write!(f, "{} {puzzle}\nsearch {search}: {:?}\n{text}", self.puzzle.about().name, self.outcome)
    }
}

/// A trace and how it was made.
#[derive(Clone)]
pub(super) struct TraceCase {
    puzzles: Puzzles<Environment>,
    puzzle: <Puzzles<Environment> as Drawn>::Case,
    seed: u64,
    config: SearchConfig,
    pub searched: SearchedPuzzle,
}

/// The random stream of the search.
pub(super) fn search_draw(seed: u64) -> Draw {
    Draw::new(seed, "search of a strategy")
}

impl TraceCase {
    /// Draws a trace of an environment. `fits` decides which searches may write it.
    pub fn draw(environment: &str, seed: u64, fits: impl Fn(&str) -> bool) -> Result<Self, String> {
        let puzzles = easy(environment)?;
        let puzzle = puzzles.draw(seed)?;
        let mut draw = Draw::new(seed, "choice of a search");
        let about = puzzles.value(&puzzle).about();
        let entries: Vec<&SearchEntry> =
            SEARCHES.iter().filter(|entry| may_write(entry, about) && fits(entry.name)).collect();
        for _ in 0..100 {
            let Some(entry) = draw.choose(&entries) else { break };
            let nodes = draw.between(1, MOST_NODES);
            let config = random_config(about, entry, nodes, &mut draw);
            let case = TraceCase::of(puzzles.clone(), puzzle.clone(), seed, config);
            if let Some(case) = case {
                return Ok(case);
            }
        }
        Err(format!("no search was found that fits {environment} and its puzzle {:?}", puzzles.value(&puzzle)))
    }

    fn of(
        puzzles: Puzzles<Environment>,
        puzzle: <Puzzles<Environment> as Drawn>::Case,
        seed: u64,
        config: SearchConfig,
    ) -> Option<Self> {
        let searched = searched(&puzzles.value(&puzzle), &config, seed)?;
        Some(TraceCase { puzzles, puzzle, seed, config, searched })
    }

    /// The random stream of the search, as it was before the search ran.
    pub fn search_draw(&self) -> Draw {
        search_draw(self.seed)
    }

    /// The candidates for shrinking.
    pub fn smaller(&self) -> SmallerTraces {
        let nodes = self.searched.trace.nodes.len() as u64;
        let with_nodes = |nodes: u64| SearchConfig { max_nodes: Some(nodes), ..self.config.clone() };
        let fewer =
            |budgets: &[u64]| budgets.iter().filter(|&&to| to > 0 && to < nodes).map(|&to| with_nodes(to)).collect();
        let mut first: Vec<SearchConfig> = fewer(&[1, nodes / 2]);
        if self.config.kind != "bfs" {
            first.insert(0, SearchConfig { max_nodes: self.config.max_nodes, ..SearchConfig::new("bfs") });
        }
        let last: Vec<SearchConfig> = fewer(&[nodes * 3 / 4, nodes * 7 / 8, nodes.saturating_sub(1)]);
        SmallerTraces { first: first.into_iter(), puzzles: self.puzzles.smaller(&self.puzzle), last: last.into_iter() }
    }

    /// The next smaller trace whose search fits.
    pub fn next(&self, smaller: &mut SmallerTraces, fits: impl Fn(&str) -> bool) -> Option<Self> {
        let other = |config: SearchConfig| {
            let fits = fits(&config.kind);
            fits.then(|| TraceCase::of(self.puzzles.clone(), self.puzzle.clone(), self.seed, config))?
        };
        let puzzle = |puzzle| TraceCase::of(self.puzzles.clone(), puzzle, self.seed, self.config.clone());
        let mut puzzles = std::iter::from_fn(|| self.puzzles.next(&self.puzzle, &mut smaller.puzzles));
        smaller.first.find_map(other).or_else(|| puzzles.find_map(puzzle)).or_else(|| smaller.last.find_map(other))
    }
}

/// Candidates for shrinking that were not tried yet.
#[derive(Clone)]
pub(super) struct SmallerTraces {
    /// The same puzzle with a simpler search, or with far fewer nodes.
    first: std::vec::IntoIter<SearchConfig>,
    puzzles: <Puzzles<Environment> as Drawn>::Smaller,
    /// The same puzzle with a few nodes less.
    last: std::vec::IntoIter<SearchConfig>,
}

/// Runs a search. None if it does not fit the puzzle.
fn searched(puzzle: &Puzzle, config: &SearchConfig, seed: u64) -> Option<SearchedPuzzle> {
    let search = Search::new(puzzle.about(), config).ok()?;
    search.fits(puzzle).ok()?;
    let mut trace = Trace::default();
    let outcome = search.run(puzzle, &mut search_draw(seed), None, &mut trace, &mut Scratch::default());
    if seed.is_multiple_of(2) {
        let unsolvable = || (outcome == Outcome::Exhausted && !puzzle.is_solvable()).then_some(None);
        let moves = puzzle.solution(&trace).map(Some).or_else(unsolvable);
        trace.answer = moves.map(|moves| Answer { moves, optimal: false });
    }
    Some(SearchedPuzzle { puzzle: puzzle.clone(), search, outcome, trace })
}

/// Whether a search fits the environment, can have the heuristic that it needs, and writes traces without errors.
fn may_write(entry: &SearchEntry, about: &About) -> bool {
    let needs_heuristic = entry.settings().contains(&("heuristic", true));
    // The paper's beam search moves to nodes that it never announced, which is an error.
    entry.name != "beam-paper" && entry.fits(about).is_ok() && !(needs_heuristic && about.heuristics.is_empty())
}

#[derive(Clone, Debug)]
struct Traces(String);

impl Drawn for Traces {
    type Case = TraceCase;
    type Value = SearchedPuzzle;
    type Smaller = SmallerTraces;

    fn draw(&self, seed: u64) -> Result<TraceCase, String> {
        TraceCase::draw(&self.0, seed, |_| true)
    }

    fn value(&self, case: &TraceCase) -> SearchedPuzzle {
        case.searched.clone()
    }

    fn smaller(&self, case: &TraceCase) -> SmallerTraces {
        case.smaller()
    }

    fn next(&self, case: &TraceCase, smaller: &mut SmallerTraces) -> Option<TraceCase> {
        case.next(smaller, |_| true)
    }
}

/// Puzzles of the easy level of an environment, each with a search that fits it and its trace of up to 300 nodes. A trace shrinks to a
/// breadth-first search, to fewer nodes, and to a smaller puzzle.
///
/// ```
/// use proptest::prelude::*;
/// use stream_of_search::check::{LazyFacts, Request, check};
/// use stream_of_search::{dialect::dialect, strategies::traces};
/// proptest!(|(searched in traces("countdown"))| {
///     let puzzle = &searched.puzzle;
///     let text = searched.text("compact").unwrap();
///     let parsed = (dialect(puzzle.about(), "compact").unwrap().parse)(puzzle, &text);
///     prop_assert!(check(puzzle, &LazyFacts::new(puzzle), &parsed, Request::default()).valid);
/// });
/// ```
pub fn traces(environment: impl Into<String>) -> impl Strategy<Value = SearchedPuzzle> + Clone {
    Shrinking(Traces(environment.into()))
}
