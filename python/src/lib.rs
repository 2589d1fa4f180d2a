//! The native module `stream_of_search._core`: what the Python package takes from the library. Python code of the package gives it its face.

mod batches;
mod columns;
mod dataset;
mod errors;
mod generate;
mod requests;
mod tokens;

use pyo3::prelude::*;

/// Runs the program `sos` on a command line, its name first, and gives its exit status.
#[pyfunction]
fn main(py: Python<'_>, arguments: Vec<String>) -> u8 {
    py.detach(|| stream_of_search::cli::run_with(arguments.into_iter().map(Into::into)))
}

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_function(wrap_pyfunction!(main, module)?)?;
    errors::register(module)?;
    dataset::register(module)?;
    batches::register(module)?;
    generate::register(module)?;
    requests::register(module)?;
    tokens::register(module)
}
