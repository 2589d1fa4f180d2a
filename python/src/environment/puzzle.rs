//! The type of all puzzles of environments in Python. Each class is one of its kinds.

use std::fmt::{Debug, Formatter};
use std::sync::Arc;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use sos_envs::prelude::*;
use sos_envs::{Answers, Damage, Instruct, Kinds, Prompts, SharedGround, Variables};

use super::class::{Class, abouts, class};
use super::draw::PyDraw;
use super::failure::{RulesError, raise, told};
use super::header;
use super::instance::{Instance, Move, State};
use super::text::{Atom, write};

/// A puzzle of a class in Python.
#[derive(Clone)]
pub struct OwnPuzzle(Arc<Instance>);

impl Debug for OwnPuzzle {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.0.class.about.name, self.0.json)
    }
}

impl PartialEq for OwnPuzzle {
    fn eq(&self, other: &Self) -> bool {
        self.0.class.about.name == other.0.class.about.name && self.0.json == other.0.json
    }
}

/// Settings of the generator of a class. Without a class they are of none, and nothing reads such settings.
#[derive(Clone, Default)]
pub struct OwnConfig {
    class: Option<Arc<Class>>,
    values: Map<String, Value>,
}

impl Debug for OwnConfig {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", Value::from(self.values.clone()))
    }
}

impl PartialEq for OwnConfig {
    fn eq(&self, other: &Self) -> bool {
        let name = |config: &Self| config.class.as_ref().map(|class| class.about.name);
        name(self) == name(other) && self.values == other.values
    }
}

impl Serialize for OwnConfig {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.values.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for OwnConfig {
    fn deserialize<D: Deserializer<'de>>(_settings: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("settings of no environment"))
    }
}

impl OwnConfig {
    fn of(kind: usize, change: impl FnOnce(&Class) -> Map<String, Value>) -> Self {
        let class = class(kind);
        let values = class.as_ref().map(|class| {
            let mut values = class.defaults.clone();
            values.extend(change(class));
            values
        });
        OwnConfig { class, values: values.unwrap_or_default() }
    }

    fn json(&self) -> String {
        Value::from(self.values.clone()).to_string()
    }

    /// Calls a function of the bridge.
    fn call<T>(&self, method: &str, call: impl FnOnce(Python<'_>, &Class) -> PyResult<T>, otherwise: T) -> T {
        let Some(class) = &self.class else { return otherwise };
        Python::attach(|py| {
            call(py, class).unwrap_or_else(|error| {
                let what = format!("{}.{method} with the settings {}", class.about.name, self.json());
                raise(py, told(py, error, &what))
            })
        })
    }
}

/// The kind of a JSON value, in a message.
fn kind_of_value(value: &Value) -> &'static str {
    match value {
        Value::Null => "anything",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a number",
        Value::Number(_) => "a whole number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}

/// Settings over the defaults; each must be of the kind of its default.
fn over(defaults: &Map<String, Value>, given: Map<String, Value>) -> Result<Map<String, Value>, String> {
    let mut values = defaults.clone();
    for (name, value) in given {
        let Some(default) = defaults.get(&name) else {
            let names: Vec<&str> = defaults.keys().map(String::as_str).collect();
            let near = stream_of_search::names::nearest(&name, names.iter().copied());
            let near = near.map_or(String::new(), |near| format!("; did you mean {near:?}?"));
            return Err(format!("unknown field `{name}`, expected one of: {}{near}", names.join(", ")));
        };
        let (wanted, found) = (kind_of_value(default), kind_of_value(&value));
        if !(wanted == found || default.is_null() || (wanted == "a number" && found == "a whole number")) {
            return Err(format!("{name}: found {value}; allowed: {wanted}"));
        }
        values.insert(name, value);
    }
    Ok(values)
}

/// A puzzle that Python gave as JSON, or none.
fn made(py: Python<'_>, class: &Arc<Class>, json: Option<String>) -> PyResult<Option<OwnPuzzle>> {
    let Some(json) = json else { return Ok(None) };
    let fields: Map<String, Value> =
        serde_json::from_str(&json).map_err(|error| RulesError::new_err(error.to_string()))?;
    let opened = Instance::open(py, class, &fields).map_err(|error| {
        let sentence =
            format!("{} made the puzzle {json}, which cannot be read: {}", class.about.name, error.value(py));
        let wrong = RulesError::new_err(sentence);
        wrong.set_cause(py, Some(error));
        wrong
    })?;
    Ok(Some(OwnPuzzle(Arc::new(opened))))
}

impl OwnPuzzle {
    fn open(class: &Arc<Class>, fields: &Map<String, Value>) -> Result<Self, PuzzleError> {
        Python::attach(|py| match Instance::open(py, class, fields) {
            Ok(instance) => Ok(OwnPuzzle(Arc::new(instance))),
            Err(error) if error.is_instance_of::<PyValueError>(py) || error.is_instance_of::<PyTypeError>(py) => {
                Err(PuzzleError(error.value(py).to_string()))
            }
            Err(error) => {
                let what = format!("{}.validate of {}", class.about.name, Value::from(fields.clone()));
                raise(py, told(py, error, &what))
            }
        })
    }

    /// A drawn puzzle: `more` are the arguments beside the draw and the settings.
    fn drawn(config: &OwnConfig, draw: &mut Draw, method: &str, index: Option<u128>) -> Result<Self, Reject> {
        let puzzle = config.call(
            method,
            |py, of| {
                let Some(class) = config.class.as_ref() else { return Ok(None) };
                let own = Bound::new(py, PyDraw(draw.clone()))?;
                let made_json = match index {
                    Some(index) => of.bridge.bind(py).call_method1(method, (index, &own, config.json()))?,
                    None => of.bridge.bind(py).call_method1(method, (&own, config.json()))?,
                };
                *draw = own.borrow().0.clone();
                made(py, class, made_json.extract()?)
            },
            None,
        );
        puzzle.ok_or(Reject)
    }
}

impl Environment for OwnPuzzle {
    /// What all kinds share. Each class has its own listing in [`Kinds::kinds`].
    const ABOUT: About = About { name: "python", help: "an environment in Python", ..About::NEW };
    type Config = OwnConfig;
    type State = State;
    type Move = Move;

    fn levels() -> [OwnConfig; 3] {
        Self::levels_of(0)
    }
    fn check(config: &OwnConfig) -> Result<(), ConfigError> {
        let Some(class) = config.class.as_ref().filter(|class| class.has_check) else { return Ok(()) };
        Python::attach(|py| {
            let Err(error) = class.bridge.bind(py).call_method1("check", (config.json(),)) else { return Ok(()) };
            if error.is_instance_of::<PyValueError>(py) {
                return Err(ConfigError::new("settings", config.json(), error.value(py)));
            }
            raise(py, told(py, error, &format!("{}.check with the settings {}", class.about.name, config.json())))
        })
    }
    fn generate(config: &OwnConfig, draw: &mut Draw) -> Result<Self, Reject> {
        Self::drawn(config, draw, "generate", None)
    }
    fn canonical(&self) -> Self {
        if !self.0.class.has_canonical {
            return self.clone();
        }
        let fields = self.0.canonical();
        Self::open(&self.0.class, &fields).unwrap_or_else(|error| {
            Python::attach(|py| {
                raise(py, RulesError::new_err(format!("the canonical form of {}: {}", self.0.json, error.0)))
            })
        })
    }
    fn start(&self) -> State {
        self.0.start()
    }
    fn is_goal(&self, state: &State) -> bool {
        self.0.is_goal(state)
    }
    fn successors(&self, state: &State, out: &mut Vec<Step<Move, State>>) {
        out.extend_from_slice(&self.0.steps(state));
    }
    fn apply(&self, state: &State, action: Move) -> Option<(Move, State, Cost)> {
        let steps = self.0.steps(state);
        let step = steps.iter().find(|step| step.action == action)?;
        Some((action, step.state.clone(), step.cost))
    }
    fn is_terminal(&self, state: &State) -> bool {
        self.0.steps(state).is_empty()
    }
    fn estimate(&self, heuristic: usize, state: &State) -> Cost {
        self.0.estimate(heuristic, state)
    }
}

impl Atoms for OwnPuzzle {
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        header::write(&self.0.fields, style, out);
    }
    fn read_task(_task: &Task<'_>) -> Option<Value> {
        None
    }
    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        write(self.0.goal_text(), style, out);
    }
    fn write_state(&self, state: &State, style: Style, out: &mut Vec<u8>) {
        write(&state.0, style, out);
    }
    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<State> {
        let begin = reader.position();
        let text = self.0.words.read(Atom::State, style, reader)?;
        let state = self.0.read(text);
        if state.is_none() {
            reader.seek(begin);
        }
        state
    }
    fn write_move(&self, action: Move, style: Style, out: &mut Vec<u8>) {
        write(&action.text(), style, out);
    }
    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Move> {
        self.0.words.read(Atom::Move, style, reader).map(|text| Move::of(&text))
    }
}

impl Json for OwnPuzzle {
    type Fields = Value;
    fn to_fields(&self) -> Value {
        Value::from(self.0.fields.clone())
    }
    fn from_fields(_value: Value) -> Result<Self, PuzzleError> {
        Err(PuzzleError("a puzzle of no environment".into()))
    }
}

impl Kinds for OwnPuzzle {
    fn kinds() -> &'static [About] {
        abouts()
    }
    fn kind(&self) -> usize {
        self.0.class.kind
    }
    fn kind_of(config: &OwnConfig) -> usize {
        config.class.as_ref().map_or(0, |class| class.kind)
    }
    fn levels_of(kind: usize) -> [OwnConfig; 3] {
        [0, 1, 2].map(|level| OwnConfig::of(kind, |class| class.levels.get(level).cloned().unwrap_or_default()))
    }
    fn defaults_of(kind: usize) -> OwnConfig {
        OwnConfig::of(kind, |_| Map::new())
    }
    fn read_config(kind: usize, settings: &Value) -> Result<OwnConfig, serde_json::Error> {
        let given = Map::deserialize(settings)?;
        let Some(class) = class(kind) else { return Err(serde_json::Error::custom("settings of no environment")) };
        let values = over(&class.defaults, given).map_err(serde_json::Error::custom)?;
        Ok(OwnConfig { class: Some(class), values })
    }
    fn from_json_of(kind: usize, value: &Value) -> Result<Self, PuzzleError> {
        let fields = value.as_object().ok_or_else(|| PuzzleError(format!("found {value}; allowed: an object")))?;
        let class = class(kind).ok_or_else(|| PuzzleError("a puzzle of no environment".into()))?;
        Self::open(&class, fields)
    }
    fn read_task_of(kind: usize, task: &Task<'_>) -> Option<Value> {
        header::read(&class(kind)?.fields, task.style, task.header).map(Value::from)
    }
    /// The listing of the class that the puzzle was made by, even where another one has taken its name.
    fn about(&self) -> &'static About {
        self.0.class.about
    }
}

impl Splits for OwnPuzzle {
    fn accepts(config: &OwnConfig, solvable: bool) -> bool {
        config.class.as_ref().is_none_or(|class| class.solvable.accepts(solvable))
    }
    fn space(config: &OwnConfig) -> Option<Space> {
        config.class.as_ref().filter(|class| class.has_space)?;
        let size: Option<u128> = config.call(
            "space",
            |py, class| class.bridge.bind(py).call_method1("space", (config.json(),))?.extract(),
            None,
        );
        size.map(|size| Space { strata: 1, size })
    }
    fn at(config: &OwnConfig, _stratum: u64, index: u128, draw: &mut Draw) -> Result<Self, Reject> {
        Self::drawn(config, draw, "at", Some(index))
    }
}

impl SearchSupport for OwnPuzzle {}
impl SharedGround for OwnPuzzle {}
impl Variables for OwnPuzzle {}
impl Prompts for OwnPuzzle {}
impl Instruct for OwnPuzzle {}
impl Damage for OwnPuzzle {}
impl Answers for OwnPuzzle {}
