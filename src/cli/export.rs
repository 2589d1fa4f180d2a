//! `sos export`

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use super::input::alone;
use super::{Failure, import};
use crate::import::FORMATS;
use crate::rows::{Found, each_row, name};

/// `sos export`
#[derive(clap::Args)]
pub struct Arguments {
    /// The format: dimacs, rush-hour, sudoku or xsb
    format: String,
    /// A file of JSON Lines with `puzzle`, or - for standard input
    #[arg(default_value = "-")]
    file: PathBuf,
}

/// Runs the command. The exit status is 1 if a row was left out, and 2 if there is no puzzle at all.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let format = import::chosen(&arguments.format, FORMATS.iter().filter(|format| format.is_written()))?;
    let name = name(&arguments.file);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut puzzles, mut left_out) = (0u64, 0u64);
    let written = |number, row: Found| {
        let text = row.map_err(|error| error.to_string()).and_then(|row| format.write(&row));
        let size = text.as_ref().map_or(0, String::len);
        ((number, text), size)
    };
    each_row(&arguments.file, alone(), written, |texts| {
        for (number, text) in texts {
            match text {
                Ok(text) => {
                    puzzles += 1;
                    out.write_all(text.as_bytes())?;
                }
                Err(message) => {
                    left_out += 1;
                    eprintln!("{name}:{number}: {message}");
                }
            }
        }
        Ok::<_, Failure>(())
    })?;
    out.flush()?;
    if puzzles == 0 {
        return Err(Failure::Request(format!(
            "{name}: no row with a puzzle of {} that the format has a text for",
            format.env
        )));
    }
    import::counted(format, puzzles, left_out)
}
