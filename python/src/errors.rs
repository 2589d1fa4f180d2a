//! Errors: a class for each way in which a call can fail, with the program's sentences.

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use stream_of_search::generate::GenerateError;
use stream_of_search::recipe::load::LoadError;
use stream_of_search::request::RequestError;
use stream_of_search::rows::RowsError;
use stream_of_search::sink::SinkError;

create_exception!(stream_of_search, SosError, PyException, "The base of all errors of this package.");
create_exception!(stream_of_search, RecipeError, SosError, "A recipe is wrong, or has not what was asked of it.");
create_exception!(
    stream_of_search,
    RequestError_,
    SosError,
    "A call is wrong: the field, what was found, what is allowed."
);
create_exception!(stream_of_search, RowError, SosError, "A row could not be made.");
create_exception!(stream_of_search, MoveError, SosError, "A text is no legal move in its position.");
create_exception!(stream_of_search, FolderError, SosError, "A folder or file could not be written or read.");

/// The error of a recipe.
pub fn recipe(error: LoadError) -> PyErr {
    of_environment(error, RecipeError::new_err)
}

/// The error of a request.
pub fn request(error: RequestError) -> PyErr {
    of_environment(error, RequestError_::new_err)
}

/// The error of a row.
pub fn row(error: impl std::fmt::Display) -> PyErr {
    of_environment(error, RowError::new_err)
}

/// An error of the code of an environment in Python, as it was raised; else the error that is made of the sentence.
fn of_environment(error: impl std::fmt::Display, otherwise: impl FnOnce(String) -> PyErr) -> PyErr {
    let sentence = error.to_string();
    crate::environment::failure::known(&sentence).unwrap_or_else(|| otherwise(sentence))
}

/// The error of a run.
pub fn generate(error: GenerateError) -> PyErr {
    match error.is_request() {
        true => RequestError_::new_err(error.to_string()),
        false => FolderError::new_err(error.to_string()),
    }
}

/// The error of a file of rows.
pub fn rows(error: RowsError) -> PyErr {
    let no_file = matches!(error, RowsError::NoRows { error: SinkError::Io(_), .. });
    match error.is_request() && !no_file {
        true => RequestError_::new_err(error.to_string()),
        false => FolderError::new_err(error.to_string()),
    }
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    // The name in Rust gives way to that of the library's own type; pickles and messages need the one in Python.
    for name in ["__name__", "__qualname__"] {
        py.get_type::<RequestError_>().setattr(name, "RequestError")?;
    }
    module.add("SosError", py.get_type::<SosError>())?;
    module.add("RecipeError", py.get_type::<RecipeError>())?;
    module.add("RequestError", py.get_type::<RequestError_>())?;
    module.add("RowError", py.get_type::<RowError>())?;
    module.add("MoveError", py.get_type::<MoveError>())?;
    module.add("FolderError", py.get_type::<FolderError>())
}
