//! Environments in Python: what each class says of itself, and the list of them.

use std::sync::{Arc, PoisonError, RwLock};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::{Map, Value};
use sos_envs::settings::Solvable;
use sos_envs::{About, HeuristicSpec};
use stream_of_search::arena;

use super::failure;
use super::puzzle::OwnPuzzle;
use super::text::{Words, fits};
use crate::errors::RequestError_;

/// Words of the compact dialect that need no declaration.
fn compact_words() -> impl Iterator<Item = &'static str> {
    stream_of_search::dialect::compact::WORDS.into_iter()
}

/// An environment in Python.
pub struct Class {
    /// Its place in the list.
    pub kind: usize,
    pub about: &'static About,
    /// Python code of the package that calls the class, checks what it gives, and raises errors with sentences.
    pub bridge: Py<PyAny>,
    pub words: Words,
    /// Names of the fields of a puzzle, in their order.
    pub fields: Vec<String>,
    /// Settings of the generator with their defaults, in their order.
    pub defaults: Map<String, Value>,
    pub levels: [Map<String, Value>; 3],
    pub solvable: Solvable,
    /// Most states that the rules may make in one puzzle.
    pub most_states: usize,
    /// Whether the class writes and reads states itself.
    pub own_states: bool,
    pub own_moves: bool,
    pub has_canonical: bool,
    pub has_check: bool,
    pub has_space: bool,
}

/// What Python says of a class.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Listing {
    name: String,
    version: u32,
    help: String,
    state_noun: String,
    heuristics: Vec<(String, bool, bool, String)>,
    positions_recur: bool,
    walks_turn_back: bool,
    words: Vec<String>,
    fields: Vec<String>,
    defaults: String,
    levels: Vec<String>,
    solvable: String,
    most_states: usize,
    own_states: bool,
    own_moves: bool,
    has_canonical: bool,
    has_check: bool,
    has_space: bool,
}

static CLASSES: RwLock<Vec<Arc<Class>>> = RwLock::new(Vec::new());
static ABOUTS: RwLock<&'static [About]> = RwLock::new(&[]);

/// The listings of all classes, by kind.
pub fn abouts() -> &'static [About] {
    *ABOUTS.read().unwrap_or_else(PoisonError::into_inner)
}

/// The class of a kind.
pub fn class(kind: usize) -> Option<Arc<Class>> {
    CLASSES.read().unwrap_or_else(PoisonError::into_inner).get(kind).cloned()
}

/// The class with a name.
pub fn named(name: &str) -> Option<Arc<Class>> {
    CLASSES.read().unwrap_or_else(PoisonError::into_inner).iter().find(|class| class.about.name == name).cloned()
}

/// The registry keeps names for as long as the program runs.
fn keep(text: String) -> &'static str {
    text.leak()
}

fn object(text: &str) -> PyResult<Map<String, Value>> {
    serde_json::from_str(text).map_err(|error| PyValueError::new_err(error.to_string()))
}

fn about(listing: &Listing) -> PyResult<&'static About> {
    for word in &listing.words {
        fits(word).map_err(|why| RequestError_::new_err(format!("{}: words: {why}", listing.name)))?;
    }
    let spec = |(name, admissible, consistent, help): &(String, bool, bool, String)| HeuristicSpec {
        name: keep(name.clone()),
        admissible: *admissible,
        consistent: *consistent,
        help: keep(help.clone()),
    };
    let known = |word: &&String| !compact_words().any(|known| known == word.as_str());
    let mut words: Vec<&'static str> = listing.words.iter().filter(known).map(|word| keep(word.clone())).collect();
    words.extend(["{", "}"]);
    words.sort_unstable();
    words.dedup();
    let about = About {
        name: keep(listing.name.clone()),
        version: listing.version,
        help: keep(listing.help.clone()),
        state_noun: keep(listing.state_noun.clone()),
        heuristics: listing.heuristics.iter().map(spec).collect::<Vec<_>>().leak(),
        positions_recur: listing.positions_recur,
        walks_turn_back: listing.walks_turn_back,
        words: words.leak(),
        ..About::NEW
    };
    Ok(Box::leak(Box::new(about)))
}

/// Adds a class, or puts it in the place of the one with the same name. What is open already goes on with the one it knows.
#[pyfunction]
pub fn register_environment(listing: &Bound<'_, PyAny>, bridge: Py<PyAny>) -> PyResult<()> {
    failure::prepare();
    let listing: Listing = listing.extract()?;
    let [Ok(easy), Ok(medium), Ok(hard)] =
        [0, 1, 2].map(|level| object(listing.levels.get(level).map_or("{}", |text| text)))
    else {
        return Err(PyValueError::new_err("levels: no JSON"));
    };
    let about = about(&listing)?;
    let mut classes = CLASSES.write().unwrap_or_else(PoisonError::into_inner);
    let known = classes.iter().position(|class| class.about.name == about.name);
    if known.is_none() && arena::environment(about.name).is_some() {
        let sentence =
            format!("{}: there is an environment of this name in the program; choose another name", about.name);
        return Err(RequestError_::new_err(sentence));
    }
    let class = Class {
        kind: known.unwrap_or(classes.len()),
        about,
        bridge,
        words: Words::new(listing.words.iter().map(String::as_str)),
        fields: listing.fields,
        defaults: object(&listing.defaults)?,
        levels: [easy, medium, hard],
        solvable: match listing.solvable.as_str() {
            "no" => Solvable::No,
            "any" => Solvable::Any,
            _ => Solvable::Yes,
        },
        most_states: listing.most_states,
        own_states: listing.own_states,
        own_moves: listing.own_moves,
        has_canonical: listing.has_canonical,
        has_check: listing.has_check,
        has_space: listing.has_space,
    };
    let class = Arc::new(class);
    match known {
        // The old class may be that of puzzles in use. Its Python objects go with the last of them.
        Some(place) => classes[place] = class,
        None => classes.push(class),
    }
    let all: Vec<About> = classes.iter().map(|class| *class.about).collect();
    *ABOUTS.write().unwrap_or_else(PoisonError::into_inner) = all.leak();
    drop(classes);
    arena::add::<OwnPuzzle>();
    Ok(())
}
