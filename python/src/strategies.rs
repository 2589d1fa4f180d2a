//! Cases for tests of other people's parsers and rewards: puzzles and smaller ones, traces of searches, planted defects, right and wrong answers. Each is a
//! function of its arguments. The package's module `strategies` makes Hypothesis strategies of them.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::Value;
use sos_envs::smaller::{Size, edits};
use sos_envs::{About, Cost, Draw};
use stream_of_search::arena::{Config, Family, Puzzle, Scratch};
use stream_of_search::check::{LazyFacts, follow};
use stream_of_search::corrupt::{Corruption, CorruptionConfig, Input, corrupt, fitting_kinds};
use stream_of_search::dialect::{DialectEntry, Phrasing};
use stream_of_search::request::{self, RequestError};
use stream_of_search::search::{Outcome, SEARCHES, Search, SearchEntry, random_config};
use stream_of_search::trace::{Answer, MoveId, Trace};

use crate::environment::failure::guarded;
use crate::errors;

type Told<T> = Result<T, RequestError>;

/// Most draws of a puzzle, as in the program.
const MOST_DRAWS: u64 = 1000;
/// Draws of settings of a search, until some fit.
const MOST_SETTINGS: u64 = 50;
/// Traces that are tried until one can be damaged.
const MOST_TRACES: u64 = 50;
/// Most moves of a random walk.
const MOST_MOVES: u64 = 12;

fn wrong(field: &str, message: impl Into<String>) -> RequestError {
    RequestError::new(field, message)
}

fn puzzle_of(env: &str, json: &str) -> Told<Puzzle> {
    let value: Value = serde_json::from_str(json).map_err(|error| wrong("puzzle", error.to_string()))?;
    request::environment(env)?.read_json(&value).map_err(|error| wrong("puzzle", error.to_string()))
}

fn json(puzzle: &Puzzle) -> String {
    shown(|out| puzzle.write_json(out))
}

fn shown(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn dialect_of(about: &'static About, name: &str) -> Told<DialectEntry> {
    let found = stream_of_search::dialect::dialect(about, name);
    found.ok_or_else(|| {
        let known: Vec<&str> = stream_of_search::dialect::dialects(about).iter().map(|dialect| dialect.name).collect();
        wrong("dialect", format!("found {name:?}; allowed for {}: {}", about.name, known.join(", ")))
    })
}

/// The settings of a level, or settings over the defaults.
fn settings_of(family: &'static dyn Family, level: &str, settings: Option<&str>) -> Told<Config> {
    if let Some(settings) = settings {
        let value: Value = serde_json::from_str(settings).map_err(|error| wrong("settings", error.to_string()))?;
        let config = family.read_config(&value).map_err(|error| wrong("settings", error.to_string()))?;
        config.space().map_err(|error| wrong("settings", error.to_string()))?;
        return Ok(config);
    }
    let place = sos_envs::LEVELS.iter().position(|name| *name == level);
    let found = place.and_then(|place| family.levels().into_iter().nth(place));
    found.ok_or_else(|| wrong("level", format!("found {level:?}; allowed: {}", sos_envs::LEVELS.join(", "))))
}

fn drawn(env: &str, level: &str, settings: Option<&str>, seed: u64) -> Told<String> {
    let family = request::environment(env)?;
    let config = settings_of(family, level, settings)?;
    let mut draw = Draw::new(seed, "puzzle of a strategy");
    let accepted = |puzzle: &Puzzle| config.accepts(puzzle.is_solvable());
    let found = (0..MOST_DRAWS).find_map(|_| config.generate(&mut draw).ok().filter(accepted));
    found
        .as_ref()
        .map(json)
        .ok_or_else(|| wrong("settings", format!("{MOST_DRAWS} draws of {env} gave no puzzle; choose others")))
}

/// A puzzle with changes that make it smaller: each number chooses where the list of changes is entered, and the first that gives a puzzle is made.
fn reduced(env: &str, puzzle: &str, choices: &[u64]) -> Told<String> {
    let solvable = puzzle_of(env, puzzle)?.is_solvable();
    let mut text = puzzle.to_string();
    for choice in choices {
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        let (than, all) = (Size::of(&value), edits(&value));
        let from = usize::try_from(choice.checked_rem(all.len() as u64).unwrap_or(0)).unwrap_or(0);
        let smaller = all.iter().cycle().skip(from).take(all.len()).find_map(|edit| {
            let read = puzzle_of(env, &edit.of(&value)?.to_string()).ok()?;
            let found = json(&read);
            let size = Size::of(&serde_json::from_str(&found).ok()?);
            (size < than && read.is_solvable() == solvable).then_some(found)
        });
        match smaller {
            Some(smaller) => text = smaller,
            None => break,
        }
    }
    Ok(text)
}

/// Draws a puzzle of a level (or of settings), and makes it smaller by some choices. Gives its JSON.
#[pyfunction]
#[pyo3(signature = (env, level, seed, choices, settings=None))]
fn strategy_puzzle(
    py: Python<'_>,
    env: &str,
    level: &str,
    seed: u64,
    choices: Vec<u64>,
    settings: Option<&str>,
) -> PyResult<String> {
    let made = guarded(py, || {
        let first = drawn(env, level, settings, seed)?;
        reduced(env, &first, &choices)
    })?;
    made.map_err(errors::request)
}

/// Names of the searches whose traces a dialect tells for an environment, the simplest first.
#[pyfunction]
fn strategy_searches(env: &str, dialect: &str) -> PyResult<Vec<&'static str>> {
    let about = request::environment(env).map_err(errors::request)?.about();
    let dialect = dialect_of(about, dialect).map_err(errors::request)?;
    let mut names: Vec<&str> = SEARCHES
        .iter()
        .filter(|entry| may_write(entry, about) && dialect.tells(entry.name))
        .map(|entry| entry.name)
        .collect();
    names.sort_by_key(|name| *name != "bfs");
    Ok(names)
}

/// Whether a search fits the environment, can have the heuristic that it needs, and writes traces without errors.
fn may_write(entry: &SearchEntry, about: &About) -> bool {
    let needs_heuristic = entry.settings().contains(&("heuristic", true));
    // The paper's beam search moves to nodes that it never announced, which is an error.
    entry.name != "beam-paper" && entry.fits(about).is_ok() && !(needs_heuristic && about.heuristics.is_empty())
}

/// A search, its trace, and the draws that it began with.
struct Searched {
    search: Search,
    outcome: Outcome,
    trace: Trace,
    draw: Draw,
}

fn searched(puzzle: &Puzzle, name: &str, nodes: u64, seed: u64) -> Told<Searched> {
    let about = puzzle.about();
    let entry = SEARCHES.iter().find(|entry| entry.name == name && may_write(entry, about));
    let entry = entry.ok_or_else(|| wrong("search", format!("found {name:?}, which does not fit {}", about.name)))?;
    let mut choice = Draw::new(seed, "choice of a search");
    let fitting = (0..MOST_SETTINGS).find_map(|_| {
        let search = Search::new(about, &random_config(about, entry, nodes.max(1), &mut choice)).ok()?;
        search.fits(puzzle).is_ok().then_some(search)
    });
    let search = fitting.ok_or_else(|| wrong("search", format!("{name} does not fit {puzzle:?}")))?;
    let draw = Draw::new(seed, "search of a strategy");
    let mut trace = Trace::default();
    let outcome = search.run(puzzle, &mut draw.clone(), None, &mut trace, &mut Scratch::default());
    if seed.is_multiple_of(2) {
        let unsolvable = || (outcome == Outcome::Exhausted && !puzzle.is_solvable()).then_some(None);
        let moves = puzzle.solution(&trace).map(Some).or_else(unsolvable);
        trace.answer = moves.map(|moves| Answer { moves, optimal: false });
    }
    Ok(Searched { search, outcome, trace, draw })
}

/// A trace as text, and the planted defect where one was asked for.
struct Written {
    prompt: String,
    text: String,
    clean: String,
    config: String,
    outcome: &'static str,
    defect: Option<(Value, (usize, usize))>,
}

/// Bytes of a text as characters.
fn characters(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < byte).count()
}

fn damaged(
    puzzle: &Puzzle,
    searched: &Searched,
    dialect: &DialectEntry,
    kind: Option<&str>,
    seed: u64,
) -> Option<(String, Value, (usize, usize))> {
    let mut draw = Draw::new(seed, "damage of a strategy");
    let mut kinds = fitting_kinds(dialect, &mut draw);
    kinds.retain(|config| kind.is_none_or(|kind| config.kind == kind));
    let corruption = Corruption::new(&CorruptionConfig::of(kinds)).ok()?;
    let facts = LazyFacts::new(puzzle);
    let input = Input {
        puzzle,
        facts: &facts,
        trace: &searched.trace,
        search: &searched.search,
        search_draw: &searched.draw,
        dialect,
        phrasing: Phrasing::default(),
        donor: None,
    };
    let mut text = Vec::new();
    let corrupted = corrupt(&input, &corruption, &mut draw, &mut Scratch::default(), &mut text).ok()?;
    let defect = corrupted.defects.into_iter().next()?;
    let text = String::from_utf8(text).ok()?;
    let span = (characters(&text, defect.span.0), characters(&text, defect.span.1));
    Some((text, serde_json::to_value(defect).ok()?, span))
}

fn written(puzzle: &Puzzle, searched: &Searched, dialect: &DialectEntry) -> Written {
    let clean = shown(|out| (dialect.write)(puzzle, &searched.trace, Phrasing::default(), out));
    Written {
        prompt: String::from_utf8_lossy(&dialect.prompt(puzzle)).into_owned(),
        text: clean.clone(),
        clean,
        config: serde_json::to_string(&searched.search.config).unwrap_or_default(),
        outcome: searched.outcome.name(),
        defect: None,
    }
}

/// A search on a puzzle, as text. With `damaged`, one defect is planted; of a kind, or of any. None where no trace of this puzzle and search takes one.
#[pyfunction]
#[pyo3(signature = (env, puzzle, dialect, search, nodes, seed, damaged=false, kind=None))]
#[expect(clippy::too_many_arguments, reason = "keywords in Python")]
fn strategy_trace<'py>(
    py: Python<'py>,
    env: &str,
    puzzle: &str,
    dialect: &str,
    search: &str,
    nodes: u64,
    seed: u64,
    damaged: bool,
    kind: Option<&str>,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    let made = guarded(py, || {
        let puzzle = puzzle_of(env, puzzle)?;
        let dialect = dialect_of(puzzle.about(), dialect)?;
        let tries = if damaged { MOST_TRACES } else { 1 };
        for seed in (0..tries).map(|more| seed.wrapping_add(more)) {
            let searched = self::searched(&puzzle, search, nodes, seed)?;
            let mut told = written(&puzzle, &searched, &dialect);
            if !damaged {
                return Ok(Some(told));
            }
            if let Some((text, defect, span)) = self::damaged(&puzzle, &searched, &dialect, kind, seed) {
                (told.text, told.defect) = (text, Some((defect, span)));
                return Ok(Some(told));
            }
        }
        Ok(None)
    })?;
    let Some(told) = made.map_err(errors::request)? else { return Ok(None) };
    let dict = PyDict::new(py);
    dict.set_item("prompt", told.prompt)?;
    dict.set_item("text", told.text)?;
    dict.set_item("clean", told.clean)?;
    dict.set_item("search", told.config)?;
    dict.set_item("outcome", told.outcome)?;
    if let Some((defect, span)) = told.defect {
        dict.set_item("defect", pythonize::pythonize(py, &defect)?)?;
        dict.set_item("span", span)?;
    }
    Ok(Some(dict))
}

// --- answers

/// The moves of an answer of a kind; none says that there is no solution.
fn moves(puzzle: &Puzzle, kind: &str, draw: &mut Draw) -> Option<Vec<MoveId>> {
    let mut best = Vec::new();
    let solvable = puzzle.finish(puzzle.start(), &mut best);
    let mut moves = Vec::new();
    match kind {
        "no-solution" => return None,
        "random" => drop(puzzle.random_walk(MOST_MOVES, draw, &mut moves)),
        "detour" => {
            let state = puzzle.random_walk(MOST_MOVES, draw, &mut moves);
            if !puzzle.finish(state, &mut moves) {
                return solvable.then(|| puzzle.answer(best));
            }
        }
        _ if !solvable => return None,
        "cut" => moves = best.split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default(),
        "skipped" => {
            let place = draw.index(best.len());
            moves = best.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, step)| *step).collect();
        }
        "illegal" => {
            let place = draw.index(best.len());
            let before = best.get(..place).unwrap_or_default().to_vec();
            let state = follow(puzzle, &before).map_or(puzzle.start(), |(state, _)| state);
            moves = best;
            if let Some((illegal, _)) = puzzle.illegal_move(state, draw) {
                moves.truncate(place);
                moves.push(illegal);
            }
        }
        _ => moves = best,
    }
    Some(puzzle.answer(moves))
}

/// An answer to a puzzle: its section in a dialect, the same in plain form, whether it is right, and its cost.
#[pyfunction]
fn strategy_answer<'py>(
    py: Python<'py>,
    env: &str,
    puzzle: &str,
    dialect: &str,
    kind: &str,
    seed: u64,
) -> PyResult<Bound<'py, PyDict>> {
    let made = guarded(py, || {
        let puzzle = puzzle_of(env, puzzle)?;
        let dialect = dialect_of(puzzle.about(), dialect)?;
        let moves = moves(&puzzle, kind, &mut Draw::new(seed, "answer of a strategy"));
        let end = moves.as_ref().and_then(|moves| follow(&puzzle, moves));
        let cost: Option<Cost> = end.filter(|(state, _)| puzzle.is_goal(*state)).map(|(_, cost)| cost);
        let right = if moves.is_some() { cost.is_some() } else { !puzzle.is_solvable() };
        let plain = match &moves {
            Some(moves) => shown(|out| puzzle.write_plain_answer(moves, out)),
            None => "no solution".into(),
        };
        let text = shown(|out| (dialect.write_answer)(&puzzle, &Answer { moves, optimal: false }, out));
        Ok((text, plain, right, cost))
    })?;
    let (text, plain, right, cost) = made.map_err(errors::request)?;
    let dict = PyDict::new(py);
    dict.set_item("text", text)?;
    dict.set_item("plain", plain)?;
    dict.set_item("right", right)?;
    dict.set_item("cost", cost)?;
    Ok(dict)
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(strategy_puzzle, module)?)?;
    module.add_function(wrap_pyfunction!(strategy_searches, module)?)?;
    module.add_function(wrap_pyfunction!(strategy_trace, module)?)?;
    module.add_function(wrap_pyfunction!(strategy_answer, module)?)
}
