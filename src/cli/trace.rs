//! `sos trace`

use std::path::Path;

use super::{Failure, lines};
use crate::request::trace;

/// Runs the command. The exit status is 2 if a request was wrong.
pub fn run(file: &Path) -> Result<(), Failure> {
    let mut wrong = 0u64;
    lines::answer_each(file, |number, line| {
        line.and_then(trace).unwrap_or_else(|error| {
            wrong += 1;
            error.to_json(number)
        })
    })?;
    if wrong > 0 {
        return Err(Failure::Request(format!("{wrong} request(s) could not be served; each has an error in its line")));
    }
    Ok(())
}
