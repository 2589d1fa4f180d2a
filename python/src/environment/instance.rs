//! A puzzle of an environment in Python, with what its code has said so far. No lock is held while Python code runs.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use pyo3::exceptions::{PyException, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFrozenSet, PyInt, PyString, PyTuple};
use serde_json::{Map, Value};
use sos_envs::{Cost, Step};

use super::class::Class;
use super::failure::{RulesError, raise, told};
use super::text::{Atom, Words, number};

/// A state: its canonical text. The Python value is kept by the puzzle.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State(pub Arc<str>);

/// A move: the number of its canonical text, the same in all puzzles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Move(u32);

#[derive(Default)]
struct Moves {
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

static MOVES: RwLock<Option<Moves>> = RwLock::new(None);

impl Move {
    pub fn of(text: &str) -> Self {
        let find = |moves: &Moves| moves.numbers.get(text).copied();
        let known = MOVES.read().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(find);
        if let Some(known) = known {
            return Move(known);
        }
        let mut moves = MOVES.write().unwrap_or_else(PoisonError::into_inner);
        let moves = moves.get_or_insert_default();
        let next = u32::try_from(moves.texts.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = text.into();
        let number = *moves.numbers.entry(Arc::clone(&text)).or_insert(next);
        if number == next {
            moves.texts.push(text);
        }
        Move(number)
    }

    pub fn text(self) -> Arc<str> {
        let moves = MOVES.read().unwrap_or_else(PoisonError::into_inner);
        moves.as_ref().and_then(|moves| moves.texts.get(self.0 as usize).cloned()).unwrap_or_default()
    }
}

pub type Steps = Arc<[Step<Move, State>]>;

/// What is known of a state.
#[derive(Default)]
struct Known {
    value: Option<Arc<Py<PyAny>>>,
    /// Whether the rules made it. Other states come from texts. Where the code raises an error for one of those, it has no moves and is no goal.
    lawful: bool,
    steps: Option<Steps>,
    goal: Option<bool>,
    estimates: Vec<Option<Cost>>,
}

#[derive(Default)]
struct Memory {
    known: HashMap<State, Known>,
    lawful: Vec<State>,
}

/// A puzzle.
pub struct Instance {
    pub class: Arc<Class>,
    pub fields: Map<String, Value>,
    /// The puzzle as JSON.
    pub json: String,
    pub words: Words,
    object: Py<PyAny>,
    /// From Python values that the rules made to their places in `Memory::lawful`.
    values: Py<PyDict>,
    /// From moves to the numbers of their texts, for moves that can be hashed.
    moves: Py<PyDict>,
    memory: Mutex<Memory>,
    start: OnceLock<State>,
    goal_text: OnceLock<String>,
}

/// Whether every question goes to Python again. The laws ask twice to see whether the answers are the same.
pub static FORGETFUL: AtomicBool = AtomicBool::new(false);

/// The strings in a JSON value.
fn strings<'v>(value: &'v Value, out: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => out.extend(text.split(' ')),
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(fields) => fields.values().for_each(|item| strings(item, out)),
        _ => {}
    }
}

impl Instance {
    /// A puzzle from its JSON. An error of the type ValueError says what is wrong with the JSON.
    pub fn open(py: Python<'_>, class: &Arc<Class>, fields: &Map<String, Value>) -> PyResult<Self> {
        let given = Value::from(fields.clone()).to_string();
        let opened = class.bridge.bind(py).call_method1("open", (given,))?;
        let (object, json): (Py<PyAny>, String) = opened.extract()?;
        let fields: Map<String, Value> =
            serde_json::from_str(&json).map_err(|error| RulesError::new_err(format!("the JSON of a puzzle: {error}")))?;
        let mut names = Vec::new();
        fields.values().for_each(|value| strings(value, &mut names));
        Ok(Instance {
            class: Arc::clone(class),
            words: class.words.with(names),
            json: Value::from(fields.clone()).to_string(),
            fields,
            object,
            values: PyDict::new(py).unbind(),
            moves: PyDict::new(py).unbind(),
            memory: Mutex::default(),
            start: OnceLock::new(),
            goal_text: OnceLock::new(),
        })
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls a function of the bridge with the puzzle.
    fn call<'py>(&self, py: Python<'py>, name: &str, more: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        let bridge = self.class.bridge.bind(py);
        match more {
            Some(more) => bridge.call_method1(name, (&self.object, more)),
            None => bridge.call_method1(name, (&self.object,)),
        }
    }

    fn told(&self, py: Python<'_>, error: PyErr, method: &str, state: Option<&State>) -> PyErr {
        let at = state.map_or(String::new(), |state| format!(" in the state {}", state.0));
        told(py, error, &format!("{}.{method}{at} of the puzzle {}", self.class.about.name, self.json))
    }

    fn wrong(&self, sentence: String) -> PyErr {
        RulesError::new_err(format!("{}: {sentence}; in the puzzle {}", self.class.about.name, self.json))
    }

    // --- texts

    /// The text of a Python value.
    fn text_of(&self, py: Python<'_>, atom: Atom, value: &Bound<'_, PyAny>) -> PyResult<String> {
        let (own, method, what) = match atom {
            Atom::State => (self.class.own_states, "state_text", "state"),
            Atom::Move => (self.class.own_moves, "move_text", "move"),
        };
        let text = if own {
            self.call(py, method, Some(value.clone()))?.extract::<String>()?
        } else {
            let mut text = String::new();
            default_text(value, &mut text).map_err(|why| {
                self.wrong(format!("the {what} {} cannot be written: {why}; give `{method}`", shown(value)))
            })?;
            text
        };
        if text.len() > LONGEST {
            return Err(self.wrong(format!("the text of the {what} {} is longer than {LONGEST} bytes", shown(value))));
        }
        self.words.check(atom, &text).map_err(|why| {
            self.wrong(format!("the {what} {} has the text {text:?}, which does not fit: {why}", shown(value)))
        })?;
        Ok(text)
    }

    /// The Python value of a text; none where there is none.
    fn value_of<'py>(&self, py: Python<'py>, text: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        if self.class.own_states {
            let value = self.call(py, "read_state", Some(PyString::new(py, text).into_any()))?;
            return Ok((!value.is_none()).then_some(value));
        }
        default_value(py, text).map(Some)
    }

    // --- states

    /// A value that the rules made, as a state.
    fn lawful(&self, py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<State> {
        let values = self.values.bind(py);
        let place = values.get_item(value).map_err(|error| match error.is_instance_of::<PyTypeError>(py) {
            true => self.wrong(format!(
                "the state {} cannot be hashed ({}); states are values that do not change: numbers, strings, tuples",
                shown(value),
                error.value(py)
            )),
            false => error,
        })?;
        if let Some(place) = place {
            let place: usize = place.extract()?;
            if let Some(state) = self.memory().lawful.get(place) {
                return Ok(state.clone());
            }
        }
        let text = self.text_of(py, Atom::State, value)?;
        let back = self.value_of(py, &text)?;
        let same = match &back {
            Some(back) => back.get_type().is(value.get_type()) && back.eq(value)?,
            None => false,
        };
        if !same {
            let back = back.map_or("nothing".to_string(), |back| shown(&back));
            return Err(self.wrong(format!("the state {} has the text {text:?}, which is read as {back}", shown(value))));
        }
        let state = State(text.into());
        let most = self.class.most_states;
        let place = {
            let mut memory = self.memory();
            let Memory { known, lawful } = &mut *memory;
            let entry = known.entry(state.clone()).or_default();
            if entry.lawful {
                return Err(self.wrong(format!("two states have the text {:?}; one of them is {}", state.0, shown(value))));
            }
            *entry = Known { value: Some(Arc::new(value.clone().unbind())), lawful: true, ..Known::default() };
            lawful.push(state.clone());
            lawful.len() - 1
        };
        if place >= most {
            return Err(self.wrong(format!(
                "there are more than {most} states; make puzzles with fewer states, or raise `most_states`"
            )));
        }
        values.set_item(value, place)?;
        Ok(state)
    }

    /// A state from a text in canonical form; none where the text is no state.
    pub fn read(&self, text: String) -> Option<State> {
        let state = State(text.into());
        if self.memory().known.get(&state).is_some_and(|known| known.value.is_some()) {
            return Some(state);
        }
        Python::attach(|py| match self.read_value(py, &state) {
            Ok(read) => read.then_some(state),
            Err(error) if error.is_instance_of::<PyException>(py) => None,
            Err(error) => raise(py, error),
        })
    }

    fn read_value(&self, py: Python<'_>, state: &State) -> PyResult<bool> {
        let Some(value) = self.value_of(py, &state.0)? else { return Ok(false) };
        value.hash()?;
        if !self.call(py, "is_state", Some(value.clone()))?.is_truthy()? {
            return Ok(false);
        }
        if self.class.own_states && self.text_of(py, Atom::State, &value)? != *state.0 {
            return Ok(false);
        }
        let mut memory = self.memory();
        let known = memory.known.entry(state.clone()).or_default();
        if known.value.is_none() {
            known.value = Some(Arc::new(value.unbind()));
        }
        Ok(true)
    }

    /// The Python value of a state, and whether the rules made it. None for states of other puzzles that this one cannot read.
    fn value(&self, state: &State) -> Option<(Arc<Py<PyAny>>, bool)> {
        let find = || {
            let memory = self.memory();
            let known = memory.known.get(state)?;
            Some((Arc::clone(known.value.as_ref()?), known.lawful))
        };
        find().or_else(|| {
            self.read(state.0.to_string())?;
            find()
        })
    }

    /// Asks the code about a state. An error about a state that only texts have is the answer `otherwise`.
    fn ask<T>(
        &self,
        state: &State,
        method: &str,
        otherwise: T,
        ask: impl FnOnce(Python<'_>, Bound<'_, PyAny>) -> PyResult<T>,
    ) -> T {
        let Some((value, lawful)) = self.value(state) else { return otherwise };
        Python::attach(|py| match ask(py, value.bind(py).clone()) {
            Ok(answer) => answer,
            Err(error) if !lawful && error.is_instance_of::<PyException>(py) => otherwise,
            Err(error) => {
                let error = self.told(py, error, method, Some(state));
                raise(py, error)
            }
        })
    }

    fn remembered<T>(&self, state: &State, find: impl FnOnce(&Known) -> Option<T>) -> Option<T> {
        if FORGETFUL.load(Ordering::Relaxed) {
            return None;
        }
        find(self.memory().known.get(state)?)
    }

    fn remember(&self, state: &State, note: impl FnOnce(&mut Known)) {
        if let Some(known) = self.memory().known.get_mut(state) {
            note(known);
        }
    }

    // --- rules

    pub fn start(&self) -> State {
        if let Some(start) = self.start.get() {
            return start.clone();
        }
        let start = Python::attach(|py| {
            let made = self.call(py, "start", None).and_then(|value| self.lawful(py, &value));
            made.unwrap_or_else(|error| raise(py, self.told(py, error, "start", None)))
        });
        self.start.get_or_init(|| start).clone()
    }

    pub fn is_goal(&self, state: &State) -> bool {
        if let Some(goal) = self.remembered(state, |known| known.goal) {
            return goal;
        }
        let goal = self.ask(state, "is_goal", false, |py, value| self.call(py, "is_goal", Some(value))?.extract());
        self.remember(state, |known| known.goal = Some(goal));
        goal
    }

    pub fn steps(&self, state: &State) -> Steps {
        if let Some(steps) = self.remembered(state, |known| known.steps.clone()) {
            return steps;
        }
        let steps = self.ask(state, "moves", Steps::from([]), |py, value| self.steps_in_python(py, state, value));
        self.remember(state, |known| known.steps = Some(Arc::clone(&steps)));
        steps
    }

    fn steps_in_python(&self, py: Python<'_>, state: &State, value: Bound<'_, PyAny>) -> PyResult<Steps> {
        let is_lawful = self.memory().known.get(state).is_some_and(|known| known.lawful);
        let listed = self.call(py, "steps", Some(value))?;
        let mut steps: Vec<Step<Move, State>> = Vec::new();
        for step in listed.try_iter()? {
            let (action, next, cost): (Bound<'_, PyAny>, Bound<'_, PyAny>, Cost) = step?.extract()?;
            let action = self.action(py, &action)?;
            if steps.iter().any(|step| step.action == action) {
                let text = action.text();
                return Err(self.wrong(format!("two moves out of the state {} have the text {text:?}", state.0)));
            }
            let next = if is_lawful { self.lawful(py, &next)? } else { self.reached(py, &next)? };
            steps.push(Step { action, state: next, cost });
        }
        Ok(steps.into())
    }

    fn action(&self, py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<Move> {
        let moves = self.moves.bind(py);
        // Moves need not be hashed.
        if let Ok(Some(number)) = moves.get_item(value) {
            return Ok(Move(number.extract()?));
        }
        let action = Move::of(&self.text_of(py, Atom::Move, value)?);
        let _ = moves.set_item(value, action.0);
        Ok(action)
    }

    /// A state behind a state that only texts have.
    fn reached(&self, py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<State> {
        let state = State(self.text_of(py, Atom::State, value)?.into());
        value.hash()?;
        let mut memory = self.memory();
        let known = memory.known.entry(state.clone()).or_default();
        if known.value.is_none() {
            known.value = Some(Arc::new(value.clone().unbind()));
        }
        Ok(state)
    }

    pub fn estimate(&self, heuristic: usize, state: &State) -> Cost {
        if let Some(estimate) = self.remembered(state, |known| known.estimates.get(heuristic).copied().flatten()) {
            return estimate;
        }
        let name = self.class.about.heuristics.get(heuristic).map_or("estimate", |spec| spec.name);
        let estimate = self.ask(state, name, 0, |py, value| {
            self.class.bridge.bind(py).call_method1("estimate", (&self.object, heuristic, value))?.extract()
        });
        self.remember(state, |known| {
            known.estimates.resize(known.estimates.len().max(heuristic + 1), None);
            known.estimates[heuristic] = Some(estimate);
        });
        estimate
    }

    /// The goal in words.
    pub fn goal_text(&self) -> &str {
        self.goal_text.get_or_init(|| {
            Python::attach(|py| {
                let text = self.call(py, "goal_text", None).and_then(|text| {
                    let text: String = text.extract()?;
                    let wrong = |why| self.wrong(format!("`goal_text` gave {text:?}, which does not fit: {why}"));
                    self.words.check(Atom::Move, &text).map_err(wrong)?;
                    Ok(text)
                });
                text.unwrap_or_else(|error| raise(py, self.told(py, error, "goal_text", None)))
            })
        })
    }

    /// The fields of the canonical form.
    pub fn canonical(&self) -> Map<String, Value> {
        Python::attach(|py| {
            let text = self.call(py, "canonical", None).and_then(|text| text.extract::<String>());
            let text = text.unwrap_or_else(|error| raise(py, self.told(py, error, "canonical", None)));
            serde_json::from_str(&text).unwrap_or_default()
        })
    }
}

/// A Python value in a message.
fn shown(value: &Bound<'_, PyAny>) -> String {
    const MOST: usize = 200;
    let text = value.repr().map_or_else(|_| "a value without a text".to_string(), |text| text.to_string());
    if text.chars().count() > MOST { text.chars().take(MOST).collect::<String>() + "…" } else { text }
}

/// Most bytes of a text.
const LONGEST: usize = 1 << 16;

/// The default text of a value: whole numbers, strings of words, tuples and frozensets of these.
fn default_text(value: &Bound<'_, PyAny>, out: &mut String) -> Result<(), String> {
    write_value(value, out, true, 0)
}

fn write_value(value: &Bound<'_, PyAny>, out: &mut String, outermost: bool, depth: usize) -> Result<(), String> {
    if depth > 30 {
        return Err("its tuples are nested more than 30 deep".into());
    }
    if out.len() > LONGEST {
        return Err(format!("its text is longer than {LONGEST} bytes"));
    }
    if let Ok(number) = value.cast_exact::<PyInt>() {
        let number: i64 = number.extract().map_err(|_| format!("{} is beyond 64 bits", shown(value)))?;
        out.push_str(&number.to_string());
    } else if let Ok(text) = value.cast_exact::<PyString>() {
        let text = text.to_str().map_err(|_| format!("{} is no Unicode text", shown(value)))?;
        if number(text).is_some() {
            return Err(format!("the string {text:?} would be read as a number"));
        }
        if !outermost && text.contains(' ') {
            return Err(format!("{text:?} in a tuple has several words"));
        }
        out.push_str(text);
    } else if let Ok(tuple) = value.cast_exact::<PyTuple>() {
        let items: Vec<Bound<'_, PyAny>> = tuple.iter().collect();
        out.push('[');
        for (place, item) in items.iter().enumerate() {
            out.push_str(if place > 0 { ", " } else { "" });
            write_value(item, out, false, depth + 1)?;
        }
        out.push(']');
    } else if let Ok(set) = value.cast_exact::<PyFrozenSet>() {
        let mut items = Vec::new();
        for item in set.iter() {
            let mut text = String::new();
            write_value(&item, &mut text, false, depth + 1)?;
            items.push(text);
        }
        items.sort_by(|one, other| number(one).cmp(&number(other)).then_with(|| one.cmp(other)));
        out.push('{');
        out.push_str(&items.join(", "));
        out.push('}');
    } else {
        let kind = value.get_type().name().map_or_else(|_| "this type".to_string(), |name| name.to_string());
        return Err(format!("there is no default for {kind}; allowed: whole numbers, strings of words, tuples and frozensets of these"));
    }
    Ok(())
}

/// The value of a default text in canonical form.
fn default_value<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    let mut rest = text;
    if !text.starts_with(['[', '{']) {
        return word_value(py, text);
    }
    list_value(py, &mut rest)
}

fn word_value<'py>(py: Python<'py>, word: &str) -> PyResult<Bound<'py, PyAny>> {
    Ok(match number(word) {
        Some(number) => number.into_pyobject(py)?.into_any(),
        None => PyString::new(py, word).into_any(),
    })
}

/// Reads a list from the front of a text that is well formed.
fn list_value<'py>(py: Python<'py>, rest: &mut &str) -> PyResult<Bound<'py, PyAny>> {
    let is_set = rest.starts_with('{');
    *rest = rest.get(1..).unwrap_or_default();
    let mut items = Vec::new();
    while let Some(sign) = rest.chars().next() {
        match sign {
            ']' | '}' => {
                *rest = &rest[1..];
                break;
            }
            ',' | ' ' => *rest = &rest[1..],
            '[' | '{' => items.push(list_value(py, rest)?),
            _ => {
                let len = rest.find([',', ']', '}']).unwrap_or(rest.len());
                items.push(word_value(py, &rest[..len])?);
                *rest = &rest[len..];
            }
        }
    }
    Ok(if is_set { PyFrozenSet::new(py, items)?.into_any() } else { PyTuple::new(py, items)?.into_any() })
}
