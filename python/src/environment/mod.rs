//! Environments that are written in Python. The code of a class is called through one type, [`puzzle::OwnPuzzle`], whose kinds are the classes.
//!
//! Worker threads attach to the interpreter for each question about a state. Whoever calls the library from Python must have released it.

mod class;
mod draw;
pub mod failure;
mod header;
mod instance;
mod laws;
mod puzzle;
mod text;

use pyo3::prelude::*;

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("RulesError", module.py().get_type::<failure::RulesError>())?;
    module.add_class::<draw::PyDraw>()?;
    module.add_function(wrap_pyfunction!(class::register_environment, module)?)?;
    module.add_function(wrap_pyfunction!(laws::environment_laws, module)?)
}
