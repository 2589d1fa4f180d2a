//! The native module `stream_of_search._core`: what the Python package takes from the library. Python code of the package gives it its face.

mod batches;
mod columns;
mod dataset;
mod environment;
mod errors;
mod forks;
mod generate;
mod play;
mod puzzles;
mod reports;
mod requests;
mod scores;
mod scoring;
mod source;
mod strategies;
mod texts;
mod tokens;
mod trees;

use std::path::PathBuf;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Runs the program `sos` on a command line, its name first, and gives its exit status.
#[pyfunction]
fn main(py: Python<'_>, arguments: Vec<String>) -> PyResult<u8> {
    environment::failure::guarded(py, || stream_of_search::cli::run_with(arguments.into_iter().map(Into::into)))
}

/// Writes the page of `sos view` with data in it: JSON with the fields `about`, `rows` and `stats`.
#[pyfunction]
fn write_page(path: PathBuf, data: &str) -> PyResult<()> {
    let data = serde_json::from_str(data).map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(stream_of_search::cli::write_page(&path, &data)?)
}

// Without the interpreter's lock it works as with it. The crate has no unsafe code. What threads share is behind locks and atomics. Of the locks, only
// that of the check of laws is held while Python code runs, and threads wait for it detached. Puzzles and buffers belong to one thread each.
#[pymodule(gil_used = false)]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_function(wrap_pyfunction!(main, module)?)?;
    module.add_function(wrap_pyfunction!(write_page, module)?)?;
    errors::register(module)?;
    environment::register(module)?;
    forks::register(module)?;
    dataset::register(module)?;
    batches::register(module)?;
    generate::register(module)?;
    play::register(module)?;
    puzzles::register(module)?;
    scores::register(module)?;
    scoring::register(module)?;
    strategies::register(module)?;
    texts::register(module)?;
    trees::register(module)?;
    reports::register(module)?;
    requests::register(module)?;
    tokens::register(module)
}
