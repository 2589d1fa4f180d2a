//! `sos trace`

use std::path::PathBuf;

use super::Failure;
use super::input::Running;
use super::lines::{Answer, Answers, answer_each};
use crate::request::{error_of, trace_row};

/// `sos trace`
#[derive(clap::Args)]
pub struct Arguments {
    /// A file of JSON Lines (plain, .gz or .zst) or Parquet, or - for standard input. A row has `env`, `puzzle`, `search` and `dialect`; `seed`, `phrasing`, `answer` where they are
    /// wanted; and what else it has comes back in its answer, which is a request for `sos check`
    #[arg(default_value = "-")]
    file: PathBuf,
    #[command(flatten)]
    running: Running,
}

/// Runs the command. The exit status is 2 if a request was wrong.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Answers { served, .. } = answer_each(&arguments.file, &arguments.running, |number, row| {
        let id = row.as_ref().ok().and_then(|row| row.get("id").cloned());
        match row.and_then(trace_row) {
            Ok(value) => Answer { value, good: true, error: None },
            Err(error) => Answer { value: error_of(&error, number, id), good: false, error: Some(error.to_string()) },
        }
    })?;
    served.some(&arguments.file)?;
    if served.unserved > 0 {
        let message = format!("{} request(s) could not be served; each has an error in its line", served.unserved);
        return Err(Failure::Request(message));
    }
    Ok(())
}
