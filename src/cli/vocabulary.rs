//! `sos vocabulary`

use std::path::PathBuf;

use serde_json::Value;

use super::Failure;
use crate::arena::environments;
use crate::dialect::all_dialects;
use crate::dialect::vocabulary::{Digits, Table};
use crate::names::nearest;

/// `sos vocabulary`
#[derive(clap::Args)]
pub struct Arguments {
    /// A dialect: `compact` and `sudoku` have a token for each of their words, all others one for each byte
    dialect: String,
    /// Write tokenizer.json and tokenizer_config.json here
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// `wall 3 4` and `: 3 4` are one token each: short rows of mazes in `compact`, for small models
    #[arg(long)]
    cells: bool,
    /// How numbers become tokens
    #[arg(long, default_value = "whole")]
    digits: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum How {
    /// A number below 1000 is one token
    Whole,
    /// Each digit of a number is a token
    Single,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let any = environments().first().map(|family| family.about());
    let names: Vec<&str> = any.into_iter().flat_map(all_dialects).map(|dialect| dialect.name).collect();
    if !names.contains(&arguments.dialect.as_str()) {
        let near = nearest(&arguments.dialect, names.iter().copied());
        let near = near.map_or(String::new(), |name| format!("; did you mean {name}?"));
        let message = format!("found the dialect \"{}\"; allowed: {}{near}", arguments.dialect, names.join(", "));
        return Err(Failure::Request(message));
    }
    let digits = match arguments.digits {
        How::Whole => Digits::Whole,
        How::Single => Digits::Single,
    };
    let Some(table) = Table::of(&arguments.dialect, arguments.cells, digits) else {
        let how = if digits == Digits::Single { " with single digits" } else { "" };
        let message =
            format!("--cells: {}{how} has no table with cells; allowed: compact with whole numbers", arguments.dialect);
        return Err(Failure::Request(message));
    };
    let failed = |error: std::io::Error| Failure::System(format!("{}: {error}", arguments.out.display()));
    std::fs::create_dir_all(&arguments.out).map_err(failed)?;
    let write = |name: &str, value: &Value| std::fs::write(arguments.out.join(name), format!("{value:#}\n"));
    write("tokenizer.json", &table.tokenizer()).map_err(failed)?;
    write("tokenizer_config.json", &table.config()).map_err(failed)?;
    println!("{}: {} with {} tokens", arguments.out.display(), table.name(), table.tokens().len());
    Ok(())
}
