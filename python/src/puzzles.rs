//! Puzzles: an environment and a puzzle of it, read and checked once. A puzzle of the library belongs to one thread, so this keeps its JSON.

use std::borrow::Cow;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use serde_json::{Map, Value, json};
use stream_of_search::arena::{self, Family};
use stream_of_search::dialect::{self, DialectEntry};
use stream_of_search::request::{self, RequestError};

use crate::environment::failure::{caught, guarded};
use crate::errors;
use crate::requests::python;
use crate::texts;

/// What is known of a puzzle in every thread.
pub struct Told {
    pub family: &'static dyn Family,
    /// The puzzle as JSON: as its environment writes it.
    pub value: Value,
    pub json: String,
    pub id: Arc<str>,
}

impl Told {
    /// Reads a puzzle.
    pub fn read(env: &str, value: Value) -> Result<Self, RequestError> {
        let family = request::environment(env)?;
        let value = match &value {
            Value::String(text) => serde_json::from_str(text).unwrap_or(value),
            _ => value,
        };
        let told = move || {
            let Ok(puzzle) = family.read_json(&value) else { return Err(refusal(env, value, None)) };
            let mut json = Vec::new();
            puzzle.write_json(&mut json);
            let json = String::from_utf8_lossy(&json).into_owned();
            // What the environment writes has every field; where it could not be read back, the puzzle stays as it was given.
            let written = serde_json::from_str(&json).ok().filter(|written| family.read_json(written).is_ok());
            Ok(Told { family, value: written.unwrap_or(value), json, id: puzzle.id().to_string().into() })
        };
        caught(told).unwrap_or_else(|sentence| Err(RequestError::new("puzzle", sentence)))
    }

    /// The puzzle, for this thread.
    pub fn puzzle(&self) -> Result<arena::Puzzle, RequestError> {
        self.family.read_json(&self.value).map_err(|error| RequestError::new("puzzle", error.to_string()))
    }

    pub fn env(&self) -> &'static str {
        self.family.about().name
    }

    /// The dialect with a name.
    pub fn dialect(&self, name: &str) -> Result<DialectEntry, RequestError> {
        let found = dialect::dialect(self.family.about(), name);
        found.ok_or_else(|| refusal(self.env(), self.value.clone(), Some(name)))
    }
}

/// Why a check of a puzzle is refused. The sentences are those of a check request.
fn refusal(env: &str, value: Value, dialect: Option<&str>) -> RequestError {
    let mut request =
        Map::from_iter([("env".into(), json!(env)), ("puzzle".into(), value), ("text".into(), json!(""))]);
    match dialect {
        Some(name) => request.insert("dialect".into(), json!(name)),
        None => request.insert("read".into(), json!("answer")),
    };
    match request::check_row(request) {
        Err(error) => error,
        Ok(_) => RequestError::new("puzzle", "cannot be read"),
    }
}

/// A puzzle of an environment.
///
/// env: the name of the environment, such as "countdown".
/// puzzle: what `sos check` takes as `puzzle`: a dict, or its JSON as a string, as in the rows of datasets.
///
/// Raises RequestError where there is no such environment, or where it has no such puzzle. Two puzzles are equal where environment and
/// puzzle are equal as they are shown; puzzles that differ only in how they are shown have the same `id`.
#[pyclass(frozen, module = "stream_of_search")]
pub struct Puzzle(pub Arc<Told>);

#[pymethods]
impl Puzzle {
    #[new]
    #[pyo3(signature = (env, puzzle))]
    fn new(env: &str, puzzle: &Bound<'_, PyAny>) -> PyResult<Self> {
        let value = json_of(puzzle, "puzzle")?;
        let told = Told::read(env, value).map_err(errors::request)?;
        Ok(Puzzle(Arc::new(told)))
    }

    /// The puzzle of a row of a dataset: its columns `env` and `puzzle`. A row of a `verl` config has them in
    /// `reward_model["ground_truth"]`.
    ///
    /// Raises RequestError where the row has no puzzle.
    #[staticmethod]
    fn from_row(row: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (env, value) = fields(row)?;
        let told = Told::read(&env, value).map_err(errors::request)?;
        Ok(Puzzle(Arc::new(told)))
    }

    /// The name of the environment.
    #[getter]
    fn env(&self) -> &'static str {
        self.0.env()
    }

    /// The puzzle, as a dict with all its fields.
    #[getter]
    fn puzzle<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        python(py, &self.0.value)
    }

    /// The puzzle as JSON.
    #[getter]
    fn json(&self) -> &str {
        &self.0.json
    }

    /// The id: a hash of the environment and the puzzle's canonical form. It is the column `id` of rows.
    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    /// The prompt in a dialect, as a model gets it.
    ///
    /// Raises RequestError where the environment has no such dialect.
    #[pyo3(signature = (dialect="compact"))]
    fn prompt(&self, dialect: &str) -> PyResult<String> {
        let entry = self.0.dialect(dialect).map_err(errors::request)?;
        let prompt = caught(|| Ok(entry.prompt(&self.0.puzzle()?)));
        let prompt =
            prompt.unwrap_or_else(|sentence| Err(RequestError::new("puzzle", sentence))).map_err(errors::request)?;
        Ok(String::from_utf8_lossy(&prompt).into_owned())
    }

    /// What an exact solver proves: `solvable` (None where that is not known), `optimal_cost`, `solutions`, `difficulty`.
    fn _facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let told = Arc::clone(&self.0);
        let proven = guarded(py, move || {
            let puzzle = told.puzzle()?;
            let facts = puzzle.solver_facts();
            Ok((puzzle.known_solvable(&facts), facts))
        })?;
        let (solvable, facts) = proven.map_err(errors::request)?;
        let dict = PyDict::new(py);
        dict.set_item("solvable", solvable)?;
        dict.set_item("optimal_cost", facts.optimal_cost)?;
        dict.set_item("solutions", facts.solutions)?;
        dict.set_item("difficulty", facts.difficulty)?;
        Ok(dict)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other
            .cast::<Puzzle>()
            .is_ok_and(|other| self.0.env() == other.get().0.env() && self.0.json == other.get().0.json)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.0.env(), &self.0.json).hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        format!("Puzzle({:?}, {})", self.0.env(), self.0.json)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let py = slf.py();
        let told = &slf.get().0;
        let arguments = PyTuple::new(py, [told.env(), told.json.as_str()])?;
        Ok((slf.get_type().into_any(), arguments))
    }
}

/// A value as JSON.
pub fn json_of(value: &Bound<'_, PyAny>, field: &str) -> PyResult<Value> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Value::String(texts::utf8(text)?.into_owned()));
    }
    pythonize::depythonize(value).map_err(|error| errors::request(RequestError::new(field, error.to_string())))
}

/// A field of a row; none where the row has none, or null.
pub fn field<'py>(row: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    let found = match row.cast::<PyDict>() {
        Ok(dict) => dict.get_item(name)?,
        Err(_) => match row.get_item(name) {
            Ok(value) => Some(value),
            Err(error) if error.is_instance_of::<pyo3::exceptions::PyKeyError>(row.py()) => None,
            Err(_) => {
                let kind = row.get_type().name()?.to_string();
                let message = format!("found {kind}; send a Puzzle, or a row with `env` and `puzzle`");
                return Err(errors::request(RequestError::new("puzzle", message)));
            }
        },
    };
    Ok(found.filter(|value| !value.is_none()))
}

/// The environment and the puzzle of a row.
pub fn fields(row: &Bound<'_, PyAny>) -> PyResult<(String, Value)> {
    let missing =
        |name: &str| errors::request(RequestError::new(name, "missing; the row must have `env` and `puzzle`"));
    if let (Some(env), Some(puzzle)) = (field(row, "env")?, field(row, "puzzle")?) {
        return Ok((text(&env, "env")?, json_of(&puzzle, "puzzle")?));
    }
    // A row for verl or for NeMo Gym may have the request as JSON.
    let Some(truth) = ground_truth(row)? else {
        return Err(missing(if field(row, "env")?.is_none() { "env" } else { "puzzle" }));
    };
    let request = request::object(truth.as_bytes()).map_err(errors::request)?;
    match (request.get("env").and_then(Value::as_str), request.get("puzzle")) {
        (Some(env), Some(puzzle)) => Ok((env.to_string(), puzzle.clone())),
        _ => Err(missing("ground_truth")),
    }
}

/// What a row says of how its texts are read: in a field of its own, or in the request of its `reward_model` where that has its puzzle.
pub fn said(row: &Bound<'_, PyAny>, name: &str) -> PyResult<Option<String>> {
    if let Some(value) = field(row, name)? {
        return text(&value, name).map(Some);
    }
    if field(row, "env")?.is_some() && field(row, "puzzle")?.is_some() {
        return Ok(None);
    }
    let Some(truth) = ground_truth(row)? else { return Ok(None) };
    let request = request::object(truth.as_bytes()).map_err(errors::request)?;
    Ok(request.get(name).and_then(Value::as_str).map(str::to_string))
}

/// The request in a row's `reward_model`, if it has one.
fn ground_truth(row: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let Some(model) = field(row, "reward_model")? else { return Ok(None) };
    match field(&model, "ground_truth")? {
        Some(truth) => text(&truth, "ground_truth").map(Some),
        None => Ok(None),
    }
}

/// A string.
pub fn text(value: &Bound<'_, PyAny>, field: &str) -> PyResult<String> {
    let wrong = |kind: String| errors::request(RequestError::new(field, format!("found {kind}; send a string")));
    match value.cast::<PyString>() {
        Ok(text) => texts::utf8(text).map(Cow::into_owned),
        Err(_) => Err(wrong(value.get_type().name()?.to_string())),
    }
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Puzzle>()
}
