//! Requests: check, trace, score. An object in, an object out.

use pyo3::prelude::*;
use serde_json::{Map, Value};
use stream_of_search::{arena, request};

use crate::environment::failure::guarded;
use crate::errors;

fn object(value: &Bound<'_, PyAny>) -> PyResult<Map<String, Value>> {
    pythonize::depythonize(value).map_err(|error| errors::RequestError_::new_err(format!("request: {error}")))
}

pub fn python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(pythonize::pythonize(py, value)?)
}

/// Serves a check request: a verdict, and whether the data is as it should be. In a row with planted defects that is so where each is found.
#[pyfunction]
fn check<'py>(py: Python<'py>, request: &Bound<'py, PyAny>) -> PyResult<(Bound<'py, PyAny>, bool)> {
    let request = object(request)?;
    let checked = guarded(py, || request::check_row(request).map(|checked| (checked.answer, checked.good)))?
        .map_err(errors::request)?;
    Ok((python(py, &checked.0)?, checked.1))
}

/// Serves a trace request.
#[pyfunction]
fn trace<'py>(py: Python<'py>, request: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let request = object(request)?;
    let answer = guarded(py, || request::trace_row(request))?.map_err(errors::request)?;
    python(py, &answer)
}

/// Names of the environments of the program. Those that are written in Python come and go with their modules.
#[pyfunction]
fn environments() -> Vec<&'static str> {
    arena::environments().iter().map(|family| family.about().name).collect()
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(check, module)?)?;
    module.add_function(wrap_pyfunction!(trace, module)?)?;
    module.add_function(wrap_pyfunction!(environments, module)?)
}
