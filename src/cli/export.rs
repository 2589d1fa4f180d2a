//! `sos export`

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use serde_json::Value;

use super::{Failure, import, lines};
use crate::import::FORMATS;

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
    let name = import::name_of(&arguments.file);
    let mut input = lines::open(&arguments.file)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut line, mut number, mut puzzles, mut left_out) = (Vec::new(), 0u64, 0u64, 0u64);
    while let Some(read) =
        lines::next_line(&mut input, &mut line).map_err(|error| lines::unreadable(&arguments.file, &error))?
    {
        number += 1;
        let row = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| number == 1).unwrap_or(&line).trim_ascii();
        if row.is_empty() {
            continue;
        }
        let text = if read.too_long {
            Err(format!("longer than {} bytes", lines::LONGEST))
        } else {
            match serde_json::from_slice(row) {
                Ok(Value::Object(row)) => format.write(&row),
                Ok(_) => Err("found no object; a row is {\"puzzle\":{…}}".into()),
                Err(error) => Err(format!("not JSON: {error}; a row is {{\"puzzle\":{{…}}}}")),
            }
        };
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
    out.flush()?;
    if puzzles == 0 {
        return Err(Failure::Request(format!(
            "{name}: no row with a puzzle of {} that the format has a text for",
            format.env
        )));
    }
    import::counted(format, puzzles, left_out)
}
