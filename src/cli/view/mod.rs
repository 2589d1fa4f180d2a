//! `sos view`

mod figures;
mod html;
mod http;
mod server;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Failure;
use super::groups::scoring;
use super::input::Running;
use super::load;
use crate::answer::Reading;
use crate::dialect::Tokens;
use crate::recipe::load::is_named;
use crate::view::{FileRows, FolderRows, MOST_LISTED, RecipeRows, Source};

/// `sos view`
#[derive(clap::Args)]
pub struct Arguments {
    /// A recipe: a TOML file or the name of a ready one, of which any row is made when it is looked at; the folder of a dataset; a file of rows, of ours or of a
    /// model, or of requests (JSON Lines, plain, .gz or .zst, or Parquet); or - for rows from standard input
    #[arg(default_value = "-", value_name = "DIR|RECIPE|FILE")]
    source: PathBuf,
    /// Writes one HTML file with some rows, which needs no network and no server, in the place of a server; with the ending .json the data alone
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The port of the server; any free one by default
    #[arg(long, conflicts_with = "out")]
    port: Option<u16>,
    /// Record config of the rows of --out; all of them by default
    #[arg(long, requires = "out")]
    config: Option<String>,
    /// Split of the rows of --out; the first one that has rows by default
    #[arg(long, requires = "out")]
    split: Option<String>,
    /// Index of the first row of --out
    #[arg(long, requires = "out", default_value_t = 0)]
    index: u64,
    /// Number of indices in --out
    #[arg(long, requires = "out", default_value_t = 10)]
    count: u64,
    /// Replaces the recipe's seed
    #[arg(long, allow_negative_numbers = true, value_parser = load::seed)]
    seed: Option<u64>,
    /// The dataset whose puzzles the rows of a file name by `id`
    #[arg(long)]
    dataset: Option<PathBuf>,
    /// How to read the texts of rows without a field `read`: a trace in the dialect; an answer as people write it; or `auto`, what is there
    #[arg(long, default_value = "trace", value_parser = ["trace", "answer", "auto"])]
    read: String,
    /// Counts tokens as this file tokenizer.json does, in the place of words of the dialect
    #[arg(long, value_name = "FILE")]
    tokenizer: Option<PathBuf>,
    #[command(flatten)]
    running: Running,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let tokens = load::tokenizer(arguments.tokenizer.as_deref())?;
    let source = open(arguments)?;
    match &arguments.out {
        Some(path) => write(arguments, &source, &tokens, path),
        None => {
            let stats = || figures::figures(&source, &tokens, &arguments.running);
            server::serve(&source, &tokens, &stats, arguments.port, server::tell).map_err(|error| {
                let port = arguments.port.map_or(String::new(), |port| format!("port {port}: "));
                Failure::System(format!("{port}{error}; give another --port, or none"))
            })
        }
    }
}

/// Finds out what is to be looked at.
fn open(arguments: &Arguments) -> Result<Source, Failure> {
    let path = arguments.source.as_path();
    let is_recipe = path != Path::new("-") && (is_named(path) || path.extension().is_some_and(|end| end == "toml"));
    if arguments.seed.is_some() && !is_recipe {
        return Err(Failure::Request("--seed: the rows of a recipe follow from it, and this is none".into()));
    }
    if is_recipe {
        let loaded = load::recipe(path, arguments.seed, &[])?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        return Ok(Source::Recipe(Box::new(RecipeRows::new(name, loaded).map_err(Failure::Request)?)));
    }
    if path.is_dir() {
        let rows = FolderRows::open(path).map_err(|error| Failure::Request(error.to_string()))?;
        super::dataset::tell_versions(path, rows.manifest());
        return Ok(Source::Folder(Box::new(rows)));
    }
    if path == Path::new("-") && std::io::stdin().is_terminal() {
        let given = "nothing to look at; give the folder of a dataset, a recipe, a file of rows, or send rows to standard input";
        return Err(Failure::Request(given.into()));
    }
    if path != Path::new("-") && !path.exists() {
        return Err(Failure::Request(format!(
            "{}: there is no such file, and no ready recipe of this name (sos list recipes); give the folder of a dataset, a recipe, a file of rows, or -",
            path.display()
        )));
    }
    let mut scoring = scoring(arguments.dataset.as_deref(), None, &arguments.running)?;
    scoring.reading = Reading::of_name(&arguments.read).unwrap_or_default();
    let rows = FileRows::open(path, scoring)?;
    if rows.is_empty() {
        return Err(Failure::Request(format!("{}: no rows", crate::rows::name(path))));
    }
    Ok(Source::File(Box::new(rows)))
}

/// Writes a file with a sample of rows.
fn write(arguments: &Arguments, source: &Source, tokens: &Tokens, path: &Path) -> Result<(), Failure> {
    let rows = sample(arguments, source, tokens)?;
    let stats = figures::figures(source, tokens, &arguments.running).map_err(Failure::Request)?;
    write_data(path, &json!({"about": source.about(tokens), "rows": rows, "stats": stats}))
}

/// Writes a file with figures alone, those of a dataset's folder or of files.
pub fn write_figures(path: &Path, of: &[PathBuf], figures: &impl serde::Serialize) -> Result<(), Failure> {
    let mut about = match of {
        [folder] if folder.is_dir() => {
            let rows = FolderRows::open(folder).map_err(|error| Failure::Request(error.to_string()))?;
            Source::Folder(Box::new(rows)).about(&Tokens::Dialect)
        }
        files => {
            let names: Vec<String> = files.iter().map(|file| crate::rows::name(file)).collect();
            json!({"kind": "rows", "name": names.join(", "), "version": env!("CARGO_PKG_VERSION"), "configs": [], "rows": null})
        }
    };
    // The page opens with them, since it has no rows.
    about["figures"] = true.into();
    let stats = serde_json::to_value(figures).map_err(|error| Failure::System(error.to_string()))?;
    write_data(path, &json!({"about": about, "rows": [], "stats": stats}))
}

fn write_data(path: &Path, data: &Value) -> Result<(), Failure> {
    write_page(path, data).map_err(|error| Failure::System(format!("{}: {error}", path.display())))
}

/// Writes the page of `sos view` with data in it, or the data alone where the path ends with `.json`. The fields of the data are `about`, `rows` and `stats`.
pub fn write_page(path: &Path, data: &Value) -> std::io::Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    match path.extension().is_some_and(|end| end == "json") {
        true => serde_json::to_writer(&mut file, data)?,
        false => html::write(data, &mut file)?,
    }
    file.flush()
}

/// The rows of the indices that are asked for, in all configs or in one.
fn sample(arguments: &Arguments, source: &Source, tokens: &Tokens) -> Result<Vec<Value>, Failure> {
    let Arguments { config, split, index, count, .. } = arguments;
    if *count as usize > MOST_LISTED {
        return Err(Failure::Request(format!("--count: found {count}; allowed: up to {MOST_LISTED}")));
    }
    let configs: Vec<Option<String>> = match config {
        Some(_) => vec![config.clone()],
        None => source.configs().into_iter().map(|config| Some(config.name)).collect(),
    };
    let configs = if configs.is_empty() { vec![None] } else { configs };
    let mut rows = Vec::new();
    for index in *index..index.saturating_add(*count) {
        for config in &configs {
            match source.row(config.as_deref(), split.as_deref(), index, tokens) {
                Ok(row) => rows.push(row),
                // There may be fewer rows than are asked for.
                Err(_) if !rows.is_empty() => return Ok(rows),
                Err(message) => return Err(Failure::Request(message)),
            }
        }
    }
    Ok(rows)
}
