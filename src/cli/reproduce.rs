//! `sos reproduce`

use std::ops::ControlFlow;
use std::path::PathBuf;

use sos_papers::reproduce::{beyond_semantics, stream_of_search};

use super::Failure;

/// `sos reproduce`
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    paper: Paper,
}

#[derive(clap::Subcommand)]
enum Paper {
    /// Stream of Search (Gandhi et al. 2024): train, val_target and val of Countdown
    StreamOfSearch(StreamOfSearch),
    /// Beyond Semantics (Stechly, Valmeekam et al. 2025): A* through mazes of six generators
    BeyondSemantics(BeyondSemantics),
}

#[derive(clap::Args)]
struct StreamOfSearch {
    /// --seed of the paper's program
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    seed: i128,
    /// --min_range: least size of a puzzle
    #[arg(long, default_value_t = 3)]
    min_size: u32,
    /// --start_range: greatest size of a puzzle
    #[arg(long, default_value_t = 3)]
    max_size: u32,
    /// --max_target
    #[arg(long, default_value_t = 100)]
    max_target: u32,
    /// --num_samples: rows of the train split
    #[arg(long, default_value_t = 1000)]
    num_samples: u64,
    /// --offset: part of the file names; with --grow it is added to the seed
    #[arg(long, default_value_t = 1, allow_negative_numbers = true)]
    offset: i64,
    /// --grow: fresh rows over the targets of train
    #[arg(long)]
    grow: bool,
    /// Folder for the files
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(clap::Args)]
struct BeyondSemantics {
    /// wilson, kruskal, dfs, drunkards_walk, searchformer or cellular_automata
    #[arg(long)]
    generator: String,
    /// train or test: which of the seed's two streams
    #[arg(long, default_value = "train")]
    mode: String,
    /// --seed of the paper's program
    #[arg(long, default_value_t = 42, allow_negative_numbers = true)]
    seed: i64,
    /// Rows of the grid, up to 1000
    #[arg(long, default_value_t = 30)]
    rows: u32,
    /// Columns of the grid, up to 1000
    #[arg(long, default_value_t = 30)]
    cols: u32,
    /// Mazes to write
    #[arg(long, default_value_t = 1)]
    count: u64,
    /// A parameter of the generator, such as coverage=0.7; can be given again
    #[arg(long, value_name = "KEY=VALUE")]
    param: Vec<String>,
    /// The file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.paper {
        Paper::StreamOfSearch(arguments) => stream_of_search(arguments),
        Paper::BeyondSemantics(arguments) => beyond_semantics(arguments),
    }
}

fn stream_of_search(arguments: &StreamOfSearch) -> Result<(), Failure> {
    use stream_of_search::{Progress, ReproduceError, Settings, generate};
    let settings = Settings {
        seed: arguments.seed,
        min_size: arguments.min_size,
        max_size: arguments.max_size,
        max_target: arguments.max_target,
        num_samples: arguments.num_samples,
        offset: arguments.offset,
        grow: arguments.grow,
    };
    let bar = indicatif::ProgressBar::new(0);
    let report = generate(&settings, &arguments.out, &mut |Progress { rows, of }| {
        bar.set_length(of);
        bar.set_position(rows);
        ControlFlow::Continue(())
    });
    bar.finish_and_clear();
    let report = report.map_err(|error| match error {
        ReproduceError::Io { .. } => Failure::System(error.to_string()),
        _ => Failure::Request(error.to_string()),
    })?;
    for file in &report.files {
        eprintln!("{}: {} rows, {} bytes", file.path.display(), file.rows, file.bytes);
    }
    Ok(())
}

fn beyond_semantics(arguments: &BeyondSemantics) -> Result<(), Failure> {
    use beyond_semantics::{Progress, generate};
    let settings = arguments.settings()?;
    let bar = indicatif::ProgressBar::new(settings.count);
    let report = generate(&settings, &arguments.out, &mut |Progress { rows, .. }| {
        bar.set_position(rows);
        ControlFlow::Continue(())
    });
    bar.finish_and_clear();
    let report = report.map_err(refused)?;
    eprintln!("{}: {} rows, {} bytes", arguments.out.display(), report.rows, report.bytes);
    Ok(())
}

impl BeyondSemantics {
    fn settings(&self) -> Result<beyond_semantics::Settings, Failure> {
        use beyond_semantics::{Generator, Mode, Settings};
        let mut generator = Generator::named(&self.generator).map_err(refused)?;
        for parameter in &self.param {
            let (key, value) = parameter
                .split_once('=')
                .ok_or_else(|| Failure::Request(format!("--param: found {parameter:?}; allowed: KEY=VALUE")))?;
            generator.set(key, value).map_err(refused)?;
        }
        let mode = Mode::named(&self.mode).map_err(refused)?;
        let &Self { seed, rows, cols, count, .. } = self;
        Ok(Settings { generator, mode, seed, rows, cols, count })
    }
}

fn refused(error: beyond_semantics::ReproduceError) -> Failure {
    use beyond_semantics::ReproduceError;
    let mut message = error.to_string();
    match error {
        ReproduceError::Io { .. } => return Failure::System(message),
        ReproduceError::Unknown { found, allowed, .. } => {
            if let Some(name) = crate::names::nearest(&found, allowed) {
                message += &format!("; did you mean {name:?}?");
            }
        }
        _ => {}
    }
    Failure::Request(message)
}
