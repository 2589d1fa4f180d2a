//! Positions of a puzzle: what a player sees, and what a move does.
//!
//! A puzzle here is a name and a JSON text, and a position is the list of the moves that led to it, as texts. So Python can pickle both and use them in any
//! thread. Each thread keeps the puzzles that it used last, with the states of the last walk in each of them.

use std::cell::RefCell;
use std::collections::VecDeque;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use sos_envs::distance::UNPROVEN;
use sos_envs::{About, Cost, Reader, Step, Style};
use stream_of_search::arena::Puzzle;
use stream_of_search::dialect::instruct::Instruct;
use stream_of_search::trace::{MoveId, StateId};

use crate::environment::failure::guarded;
use crate::errors::{MoveError, RequestError_};

/// How many puzzles a thread keeps.
const MOST_KEPT: usize = 32;

/// A puzzle that met about so many states is opened anew, so that it does not grow for ever.
const MOST_MET: usize = 1 << 18;

/// Greatest length of the text of a move, in bytes. No environment writes moves that come near it.
const LONGEST_MOVE: usize = 4096;

/// How many characters of a text a message shows at most.
const MOST_SHOWN: usize = 60;

/// The styles of a move, in the order in which they are tried.
const STYLES: [Style; 3] = [Style::Compact, Style::Frame, Style::Prose];

/// The styles that a player is shown.
const SHOWN: [Style; 2] = [Style::Compact, Style::Prose];

thread_local! {
    static KEPT: RefCell<VecDeque<Walk>> = const { RefCell::new(VecDeque::new()) };
}

/// A puzzle, and the walk in it that was asked for last.
struct Walk {
    env: String,
    /// The listing of the environment when the puzzle was opened. A class in Python can take the place of another with its name.
    about: &'static About,
    json: String,
    puzzle: Puzzle,
    places: Vec<Place>,
    /// Number of states that it met, at most.
    met: usize,
}

/// A move of a walk, and where it led.
struct Place {
    text: String,
    action: MoveId,
    state: StateId,
    /// Cost of the walk so far.
    cost: Cost,
}

impl Walk {
    fn open(env: &str, json: &str) -> PyResult<Self> {
        let wrong = |error: &dyn std::fmt::Display| RequestError_::new_err(format!("puzzle: {error}"));
        let family = stream_of_search::request::environment(env).map_err(crate::errors::request)?;
        let value = serde_json::from_str(json).map_err(|error| wrong(&error))?;
        let puzzle = family.read_json(&value).map_err(|error| wrong(&error))?;
        Ok(Walk { env: env.into(), about: family.about(), json: json.into(), puzzle, places: Vec::new(), met: 0 })
    }

    fn state(&self) -> StateId {
        self.places.last().map_or_else(|| self.puzzle.start(), |place| place.state)
    }

    fn cost(&self) -> Cost {
        self.places.last().map_or(0, |place| place.cost)
    }

    /// Goes where these moves lead.
    fn follow(&mut self, moves: &[String]) -> PyResult<()> {
        let shared = self.places.iter().zip(moves).take_while(|(place, text)| place.text == **text).count();
        self.places.truncate(shared);
        moves.iter().skip(shared).try_for_each(|text| self.go(text))
    }

    /// Makes a move that is given as text.
    fn go(&mut self, text: &str) -> PyResult<()> {
        let (action, state, cost) = self.step(text).map_err(MoveError::new_err)?;
        let cost = self.cost().saturating_add(cost);
        self.met = self.met.saturating_add(1);
        self.places.push(Place { text: text.into(), action, state, cost });
        Ok(())
    }

    /// The move of a text, with the state that it leads to and its cost, or a sentence that says why it is none.
    fn step(&self, text: &str) -> Result<(MoveId, StateId, Cost), String> {
        let (puzzle, state) = (&self.puzzle, self.state());
        let mut wrong = None;
        for style in STYLES {
            let Some(action) = read(puzzle, style, text) else { continue };
            match puzzle.apply(state, action) {
                Some((right, next, cost)) if right == action => return Ok((action, next, cost)),
                Some((right, ..)) => wrong = wrong.or(Some((action, Some(right)))),
                None => wrong = wrong.or(Some((action, None))),
            }
        }
        Err(match wrong {
            None => format!(
                "move: found \"{}\", which is no move of {}; send one of the legal moves",
                shortened(text),
                self.env
            ),
            Some((_, Some(right))) => {
                format!(
                    "move: found \"{}\"; the right claim is \"{}\"",
                    shortened(text),
                    self.text(right, Style::Compact)
                )
            }
            Some((action, None)) => {
                let why = puzzle.never_legal(action).map(|reason| format!(" ({reason})")).unwrap_or_default();
                format!("move: \"{}\" is illegal here{why}; send one of the legal moves", shortened(text))
            }
        })
    }

    fn text(&self, action: MoveId, style: Style) -> String {
        written(|out| self.puzzle.write_move(action, style, out))
    }

    fn legal(&mut self) -> Vec<MoveId> {
        let mut steps: Vec<Step<MoveId, StateId>> = Vec::new();
        self.puzzle.successors(self.state(), &mut steps);
        self.met = self.met.saturating_add(steps.len());
        steps.into_iter().map(|step| step.action).collect()
    }

    fn texts(&self, moves: &[MoveId], style: Style) -> Vec<String> {
        moves.iter().map(|action| self.text(*action, style)).collect()
    }
}

/// Reads a text that is one move and nothing else.
fn read(puzzle: &Puzzle, style: Style, text: &str) -> Option<MoveId> {
    let mut reader = Reader::new(text.as_bytes());
    let action = puzzle.read_move(style, &mut reader)?;
    reader.is_at_end().then_some(action)
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into(),
    }
}

/// Does something with a puzzle of this thread at the position where moves lead.
fn at<T>(env: &str, json: &str, moves: &[String], act: impl FnOnce(&mut Walk) -> PyResult<T>) -> PyResult<T> {
    let about = stream_of_search::request::environment(env).map_err(crate::errors::request)?.about();
    KEPT.with(|kept| {
        // Not borrowed while the puzzle works: environments may be Python's, and call back.
        let mut walk = {
            let mut kept = kept.borrow_mut();
            let place = kept.iter().position(|walk| walk.env == env && walk.json == json);
            place.and_then(|place| kept.remove(place)).filter(|walk| std::ptr::eq(walk.about, about))
        }
        .map_or_else(|| Walk::open(env, json), Ok)?;
        let done = walk.follow(moves).and_then(|()| act(&mut walk));
        let mut kept = kept.borrow_mut();
        if walk.met < MOST_MET {
            kept.push_front(walk);
        }
        kept.truncate(MOST_KEPT);
        done
    })
}

/// What a player sees.
struct Seen {
    state: [String; 2],
    legal: [Vec<String>; 2],
    goal: bool,
    cost: Cost,
    /// The exact cost to the nearest goal; none inside where no goal can be reached. None where it was not asked for, or is not known.
    distance: Option<Option<Cost>>,
}

/// A position: the state and the legal moves, as the dialect compact writes them and in words, whether it is a goal, the cost so far, and with `distance`
/// the exact cost to go. `known` says whether that is known; then None means that no goal can be reached.
#[pyfunction]
fn position<'py>(
    py: Python<'py>,
    env: &str,
    puzzle: &str,
    moves: Vec<String>,
    distance: bool,
) -> PyResult<Bound<'py, PyDict>> {
    let seen = guarded(py, || {
        at(env, puzzle, &moves, |walk| {
            let legal = walk.legal();
            let (puzzle, state) = (&walk.puzzle, walk.state());
            let goal = puzzle.is_goal(state);
            let found =
                distance.then(|| puzzle.distance(state)).filter(|found| found.is_none_or(|cost| cost < UNPROVEN));
            Ok(Seen {
                state: SHOWN.map(|style| written(|out| puzzle.write_state(state, style, out))),
                legal: SHOWN.map(|style| walk.texts(&legal, style)),
                goal,
                cost: walk.cost(),
                distance: found,
            })
        })
    })??;
    let ([state, state_in_words], [legal, legal_in_words]) = (seen.state, seen.legal);
    let dict = PyDict::new(py);
    dict.set_item("state", state)?;
    dict.set_item("state_in_words", state_in_words)?;
    dict.set_item("legal", legal)?;
    dict.set_item("legal_in_words", legal_in_words)?;
    dict.set_item("goal", seen.goal)?;
    dict.set_item("cost", seen.cost)?;
    dict.set_item("known", seen.distance.is_some())?;
    dict.set_item("cost_to_go", seen.distance.flatten())?;
    Ok(dict)
}

/// The move of a text at a position, as the dialect compact writes it. A text that is no legal move there raises MoveError.
#[pyfunction]
fn read_move(py: Python<'_>, env: &str, puzzle: &str, moves: Vec<String>, text: &str) -> PyResult<String> {
    if text.len() > LONGEST_MOVE {
        let shown = shortened(text);
        return Err(MoveError::new_err(format!("move: found {} bytes, \"{shown}\"; send one legal move", text.len())));
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    guarded(py, || {
        at(env, puzzle, &moves, |walk| {
            let (action, ..) = walk.step(&text).map_err(MoveError::new_err)?;
            Ok(walk.text(action, Style::Compact))
        })
    })?
}

/// The texts of a puzzle: its rules, its layout and the form of its answer in words, its whole prompt in words, and its goal as the dialect compact writes it.
#[pyfunction]
fn puzzle_texts<'py>(py: Python<'py>, env: &str, puzzle: &str) -> PyResult<Bound<'py, PyDict>> {
    let (told, prompt, target) = guarded(py, || {
        at(env, puzzle, &[], |walk| {
            let target = written(|out| walk.puzzle.write_target(Style::Compact, out));
            Ok((walk.puzzle.instructions(), Instruct::default().write(&walk.puzzle, 0), target))
        })
    })??;
    let dict = PyDict::new(py);
    dict.set_item("rules", told.rules.first())?;
    dict.set_item("layout", told.layout)?;
    dict.set_item("form", told.form)?;
    dict.set_item("prompt", prompt)?;
    dict.set_item("target", target)?;
    Ok(dict)
}

/// The answer of a walk, in the form in which people write answers of the environment.
#[pyfunction]
fn plain_answer(py: Python<'_>, env: &str, puzzle: &str, moves: Vec<String>) -> PyResult<String> {
    guarded(py, || {
        at(env, puzzle, &moves, |walk| {
            let moves = walk.puzzle.answer(walk.places.iter().map(|place| place.action).collect());
            Ok(written(|out| walk.puzzle.write_plain_answer(&moves, out)))
        })
    })?
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(position, module)?)?;
    module.add_function(wrap_pyfunction!(read_move, module)?)?;
    module.add_function(wrap_pyfunction!(puzzle_texts, module)?)?;
    module.add_function(wrap_pyfunction!(plain_answer, module)?)
}
