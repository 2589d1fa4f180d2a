//! `sos reproduce`

use std::ops::ControlFlow;
use std::path::PathBuf;

use super::Failure;
use crate::reproduce::stream_of_search::{Progress, ReproduceError, Settings, generate};

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

/// Runs it.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Paper::StreamOfSearch(arguments) = &arguments.paper;
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
