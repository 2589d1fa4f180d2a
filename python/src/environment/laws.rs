//! The laws, on a class in Python.

use std::sync::Mutex;
use std::sync::atomic::Ordering;

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::{Map, Value};
use sos_envs::Kinds;
use sos_envs::laws::{self, LawError};

use super::class::named;
use super::failure::{guarded, latest, since};
use super::instance::FORGETFUL;
use super::puzzle::OwnPuzzle;
use crate::errors::RequestError_;

/// One check of laws at a time: puzzles remember nothing while it runs.
static ONE: Mutex<()> = Mutex::new(());

struct Forget;

impl Drop for Forget {
    fn drop(&mut self) {
        FORGETFUL.store(false, Ordering::Relaxed);
    }
}

/// The sentence without the place in this program that stands behind it.
fn without_place(says: &str) -> String {
    match says.rfind(" (src/environment/").or_else(|| says.rfind(" (python/src/environment/")) {
        Some(at) => says[..at].to_string(),
        None => says.to_string(),
    }
}

/// What the broken item says, and the error of the user's code behind it.
fn told(py: Python<'_>, broken: &LawError, before: u64) -> (String, Option<PyErr>) {
    let says = without_place(&broken.says);
    let message = says.strip_prefix("panics").and_then(|rest| rest.split_once(": ")).map_or("", |(_, message)| message);
    let cause = since(py, before, Some(message));
    (says, cause)
}

/// The type of the user's own error.
fn kind(py: Python<'_>, error: &Option<PyErr>) -> Option<String> {
    let error = error.as_ref()?;
    let own = error.cause(py);
    Some(own.as_ref().unwrap_or(error).get_type(py).to_string())
}

/// Checks the laws of an environment in Python. None where they hold; else the broken one, as a dict, with the error of the user's code as `cause`.
#[pyfunction]
pub fn environment_laws<'py>(
    py: Python<'py>,
    name: &str,
    settings: Vec<String>,
    seed: u64,
    count: u64,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    let class =
        named(name).ok_or_else(|| RequestError_::new_err(format!("there is no environment {name:?} in Python")))?;
    let mut configs = Vec::new();
    for text in &settings {
        let read: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| RequestError_::new_err(format!("settings: {error}")))?;
        let read = OwnPuzzle::read_config(class.kind, &Value::from(read));
        configs.push(read.map_err(|error| RequestError_::new_err(format!("settings: {error}")))?);
    }
    let before = latest();
    let checked = guarded(py, || {
        let _one = ONE.lock();
        FORGETFUL.store(true, Ordering::Relaxed);
        let _forget = Forget;
        let first = laws::check::<OwnPuzzle>(&configs, seed, count);
        let between = latest();
        first.map_err(|first| (first, between, laws::check_laws::<OwnPuzzle>(&configs, seed, count).err()))
    })?;
    let last = since(py, before, None);
    if let Some(interrupt) = last.filter(|error| !error.is_instance_of::<PyException>(py)) {
        return Err(interrupt);
    }
    let Err((first, between, smallest)) = checked else { return Ok(None) };
    // A smaller puzzle may break the same law in another way. It counts only where the user's code raises the same kind of error, or none.
    let (says, cause) = told(py, &first, before);
    let (broken, says, cause) = match smallest.map(|smallest| (told(py, &smallest, between), smallest)) {
        Some(((smaller, other), smallest)) if kind(py, &cause) == kind(py, &other) => (smallest, smaller, other),
        _ => (first, says, cause),
    };
    let dict = PyDict::new(py);
    dict.set_item("law", broken.law.to_string())?;
    dict.set_item("item", broken.item)?;
    dict.set_item("puzzle", &broken.puzzle)?;
    dict.set_item("settings", &broken.settings)?;
    dict.set_item("expected", &broken.expected)?;
    dict.set_item("first", broken.first.as_deref())?;
    dict.set_item("cause", cause.map(|error| error.into_value(py)))?;
    dict.set_item("says", says)?;
    Ok(Some(dict))
}
