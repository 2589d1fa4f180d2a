//! `sos import`

use std::io::{BufWriter, Read, Write};
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::Failure;
use crate::import::{FORMATS, Format};
use crate::rows::{Input, name as name_of};
use crate::sink::batches::Batches;

/// `sos import`
#[derive(clap::Args)]
pub struct Arguments {
    /// The format: `sos list formats`
    format: String,
    /// A file, or - for standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// A field of every puzzle that the file does not set itself, as `fractions=true`; may be given several times
    #[arg(long, value_name = "FIELD=VALUE", value_parser = field)]
    set: Vec<(String, Value)>,
}

/// A field of a puzzle: its value is JSON, or else a text.
fn field(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or("allowed: FIELD=VALUE")?;
    Ok((name.into(), serde_json::from_str(value).unwrap_or_else(|_| value.into())))
}

/// Runs the command. The exit status is 1 if an entry was left out, and 2 if there is no puzzle at all.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let format = chosen(&arguments.format, FORMATS.iter())?;
    let name = name_of(&arguments.file);
    let Batches::Lines(lines) = Input::open(&arguments.file)?.batches else {
        return Err(Failure::Request(format!("{name}: the file is Parquet; give a text file of the format")));
    };
    let mut bytes = Vec::new();
    lines.text().read_to_end(&mut bytes).map_err(|error| Failure::System(format!("{name}: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|&&byte| byte == b'\n').count() + 1;
        Failure::Request(format!("{name}:{line}: not UTF-8; convert the file"))
    })?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut puzzles, mut left_out) = (0u64, 0u64);
    let mut written = Ok(());
    let set = arguments.set.iter().cloned().collect();
    format.read(&text, &set, &mut |place, entry| match entry {
        Ok(imported) => {
            puzzles += 1;
            let mut row = Map::new();
            row.insert("id".into(), imported.id.into());
            row.insert("env".into(), format.env.into());
            row.insert("puzzle".into(), imported.puzzle);
            for (name, value) in imported.more {
                let name = if row.contains_key(&name) { format!("source_{name}") } else { name };
                row.insert(name, value);
            }
            if written.is_ok() {
                written = writeln!(out, "{}", Value::from(row));
            }
        }
        Err(message) => {
            left_out += 1;
            eprintln!("{name}:{}:{}: {message}", place.line, place.column);
        }
    });
    written?;
    out.flush()?;
    if puzzles == 0 {
        return Err(Failure::Request(format!("{name}: no puzzle in the format {}: {}", format.name, format.help)));
    }
    counted(format, puzzles, left_out)
}

/// The format with a name, out of those that are allowed.
pub fn chosen(name: &str, allowed: impl Iterator<Item = &'static Format> + Clone) -> Result<&'static Format, Failure> {
    allowed.clone().find(|format| format.name == name).ok_or_else(|| {
        let names: Vec<&str> = allowed.map(|format| format.name).collect();
        let hint = crate::names::nearest(name, names.iter().copied());
        let hint = hint.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
        Failure::Request(format!("format: found \"{name}\"; allowed: {}{hint}", names.join(", ")))
    })
}

/// Says how many puzzles there were, and what was left out.
pub fn counted(format: &Format, puzzles: u64, left_out: u64) -> Result<(), Failure> {
    eprintln!("puzzles of {}: {puzzles}, entries left out: {left_out}", format.env);
    if left_out == 0 { Ok(()) } else { Err(Failure::BadData) }
}
