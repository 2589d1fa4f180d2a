//! `sos generate`

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::Failure;
use super::estimate::{Estimate, Sampling};
use super::input::Running;
use super::load;
use crate::generate::{DEFAULT_ROWS_PER_FILE, Ending, GenerateError, GenerateOptions, generate, rows_per_file};
use crate::recipe::load::Loaded;
use crate::record::{Datasets, Imported};
use crate::sink::{Format, row_json};
use crate::table::RowSource;

/// `sos generate`
#[derive(clap::Args)]
pub struct Arguments {
    #[arg(help = load::RECIPE)]
    recipe: PathBuf,
    /// Folder of the dataset
    #[arg(long, value_name = "DIR", required_unless_present = "dry_run")]
    out: Option<PathBuf>,
    /// Only these record configs, with commas between them; the bytes are those of the whole
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    configs: Vec<String>,
    /// Say what the dataset would be, from a sample of its rows, and write nothing: words, tokens and bytes of a row, time and size in all, and which rows
    /// pass a context of 4,096, 8,192 or 32,768 tokens
    #[arg(long)]
    dry_run: bool,
    /// Rows of a split instead of the recipe's; may be repeated
    #[arg(long, value_name = "SPLIT=N", value_parser = load::count)]
    count: Vec<(String, u64)>,
    /// Replaces the recipe's seed
    #[arg(long, allow_negative_numbers = true, value_parser = load::seed)]
    seed: Option<u64>,
    #[command(flatten)]
    running: Running,
    /// File format: parquet, jsonl or jsonl.zst
    #[arg(long, default_value = "parquet", value_parser = load::format)]
    format: Format,
    /// Rows of a file. By default those of the job in DIR; for a new one 50,000, or fewer where the first rows are large (400 MB in a file, about)
    #[arg(long, value_name = "N")]
    rows_per_file: Option<u64>,
    /// Which shard of the job to make, from 0
    #[arg(long, value_name = "I", default_value_t = 0)]
    shard_index: u64,
    /// Into how many shards the job is cut: all of them leave what one run leaves
    #[arg(long, value_name = "N", default_value_t = 1)]
    num_shards: u64,
    /// Print what was done as JSON, on standard output; with --dry-run the estimate
    #[arg(long, conflicts_with = "show")]
    json: bool,
    /// Replace the dataset that is in DIR
    #[arg(long)]
    overwrite: bool,
    /// Print the first row of each record config when done, prompt and completion as a model sees them
    #[arg(long)]
    show: bool,
}

struct Generate<'a> {
    arguments: &'a Arguments,
    loaded: Loaded,
    stop: Arc<AtomicBool>,
}

impl Generate<'_> {
    fn run(self) -> Result<(), Failure> {
        let arguments = self.arguments;
        let dataset = Datasets::new(self.loaded.recipe.clone()).map_err(|error| self.loaded.wrong(&error))?;
        dataset.prepare().map_err(|error| self.loaded.wrong(&error))?;
        for file in dataset.puzzle_files() {
            eprintln!("{}: {}", file.version().0, file.summary());
        }
        let summaries: BTreeSet<String> = dataset.imported().map(Imported::summary).collect();
        summaries.iter().for_each(|summary| eprintln!("{summary}"));
        let mut options = GenerateOptions {
            format: arguments.format,
            rows_per_file: arguments.rows_per_file.unwrap_or(DEFAULT_ROWS_PER_FILE),
            threads: arguments.running.threads()?,
            shard_index: arguments.shard_index,
            num_shards: arguments.num_shards,
            overwrite: arguments.overwrite,
        };
        let threads = options.threads as u64;
        let estimate = |sampling| Estimate::of(&dataset, sampling, options.format, threads);
        let Some(folder) = arguments.out.as_deref().filter(|_| !arguments.dry_run) else {
            return tell(&estimate(DRY_RUN).map_err(|error| self.loaded.wrong(&error))?, arguments.json);
        };
        // A row that cannot be made is told by the run.
        if let Some(expected) = estimate(GLANCE).ok().filter(|expected| expected.seconds > LONG) {
            eprintln!("{}: {}", folder.display(), expected.line());
        }
        if arguments.rows_per_file.is_none() {
            options.rows_per_file = rows_per_file(&dataset, folder, options.overwrite).map_err(failure)?;
        }
        warn_of_idle_shards(&dataset, &options);
        let ticker = arguments.running.ticker();
        let outcome = generate(&dataset, folder, &options, &self.stop, &ticker);
        drop(ticker);
        let outcome = outcome.map_err(failure)?;
        let out = folder.display();
        if arguments.json {
            let missing = if let Ending::ShardComplete { missing } = outcome.ending { missing } else { 0 };
            let json = serde_json::json!({
                "out": out.to_string(),
                "complete": outcome.ending == Ending::Complete,
                "interrupted": outcome.ending == Ending::Interrupted,
                "missing_parts": missing,
                "rows_written": outcome.rows_written,
                "files_written": outcome.files_written,
                "files_kept": outcome.files_kept,
                "rows_restored": outcome.rows_restored,
            });
            writeln!(std::io::stdout(), "{json}")?;
        }
        let mut done = format!(
            "{} rows in {} new files, {} files were there already",
            outcome.rows_written, outcome.files_written, outcome.files_kept
        );
        if outcome.rows_restored > 0 {
            done += &format!("; {} rows had been saved before their files were complete", outcome.rows_restored);
        }
        match outcome.ending {
            Ending::Complete => eprintln!("{out}: complete: {done}"),
            Ending::ShardComplete { missing } => {
                eprintln!("{out}: this shard is complete: {done}; {missing} parts of other shards are missing")
            }
            Ending::Interrupted => {
                let kept = match outcome.rows_saved {
                    0 => "complete files are kept".to_string(),
                    saved => format!("complete files are kept, and {saved} rows of others"),
                };
                let message = format!("{out}: interrupted: {done}; {kept}; run the same command again to go on");
                return Err(Failure::System(message));
            }
        }
        if arguments.show { show(&dataset) } else { Ok(()) }
    }
}

/// The sample of `--dry-run`.
const DRY_RUN: Sampling = Sampling { rows: 200, patience: Duration::from_secs(10) };

/// The sample before a run, for a run that may be long.
const GLANCE: Sampling = Sampling { rows: 4, patience: Duration::from_millis(500) };

/// From how many seconds on a run is long.
const LONG: f64 = 60.0;

/// Prints an estimate.
fn tell(estimate: &Estimate, json: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match json {
        true => writeln!(out, "{}", serde_json::to_string_pretty(estimate).unwrap_or_default())?,
        false => write!(out, "{estimate}")?,
    }
    Ok(())
}

/// The failure of a run.
fn failure(error: GenerateError) -> Failure {
    match error.is_request() {
        true => Failure::Request(error.to_string()),
        false => Failure::System(error.to_string()),
    }
}

/// Says so where there are more shards than parts: the others make nothing.
fn warn_of_idle_shards(dataset: &Datasets, options: &GenerateOptions) {
    let GenerateOptions { num_shards, rows_per_file, .. } = options;
    let splits = RowSource::splits(dataset);
    let parts: u64 = splits.iter().map(|split| split.rows.div_ceil((*rows_per_file).max(1))).sum();
    if *num_shards > parts {
        eprintln!(
            "--num-shards: {num_shards} shards for {parts} parts (a part is one file in each config): {} of them make nothing; ask for fewer, or for a \
             smaller --rows-per-file",
            num_shards - parts
        );
    }
}

/// Prints the first row of each record config.
fn show(dataset: &Datasets) -> Result<(), Failure> {
    let split = dataset.splits().iter().position(|split| split == "train").unwrap_or(0);
    let mut rows = dataset.batches();
    let made = dataset.rows(split, 0, &mut dataset.scratch(), &mut rows);
    made.map_err(|error| Failure::System(error.to_string()))?;
    let mut out = std::io::stdout().lock();
    for (config, rows) in dataset.recipe.records.iter().zip(&rows) {
        let Some(row) = row_json(rows, 0) else { continue };
        let text = |field: &str| row.get(field).and_then(serde_json::Value::as_str).unwrap_or("").to_string();
        writeln!(out, "--- {}, {} 0", config.folder(), dataset.splits()[split])?;
        if row.contains_key("completion") {
            writeln!(out, "{}{}", text("prompt"), text("completion").trim_end())?;
        } else {
            let texts = ["prompt", "messages", "chosen", "rejected", "completions", "labels", "rewards"];
            for (name, value) in texts.into_iter().filter_map(|name| Some((name, row.get(name)?))) {
                writeln!(out, "{name}: {value}")?;
            }
        }
        if text("defects") != "[]" {
            writeln!(out, "planted: {}", text("defects"))?;
        }
    }
    Ok(())
}

/// Runs the command. The first SIGINT or SIGTERM ends the run and keeps complete files; the second ends the program at once.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut loaded = load::recipe(&arguments.recipe, arguments.seed, &arguments.count)?;
    loaded.only(&arguments.configs)?;
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        let listen = |error| Failure::System(format!("cannot listen to signals: {error}"));
        signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&stop)).map_err(listen)?;
        signal_hook::flag::register(signal, Arc::clone(&stop)).map_err(listen)?;
    }
    Generate { arguments, loaded, stop }.run()
}
