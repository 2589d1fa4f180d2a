//! Datasets in a folder, with progress and interrupts.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use stream_of_search::generate::{Ending, GenerateOptions, GenerateOutcome, Progress, generate, rows_per_file};
use stream_of_search::record::Datasets;
use stream_of_search::sink::Format;

use crate::dataset::load;
use crate::errors;

/// How often Python is asked for signals and told of progress.
const PAUSE: Duration = Duration::from_millis(100);

/// Rows that are done, of all.
#[derive(Default)]
struct Done {
    rows: AtomicU64,
    all: AtomicU64,
}

impl Progress for Done {
    fn start(&self, rows: u64, there: u64) {
        self.all.store(rows, Ordering::Relaxed);
        self.rows.store(there, Ordering::Relaxed);
    }

    fn advance(&self, rows: u64, _bytes: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
    }
}

/// Generates a dataset, or the missing part of it, in a folder. `progress` is called with the rows that are done and all rows. An interrupt ends the run
/// as SIGINT ends the program: finished files are kept, and KeyboardInterrupt goes on.
#[pyfunction(name = "generate")]
#[pyo3(signature = (recipe, folder, counts, configs, seed=None, format="parquet", rows_per_file=None, threads=None, shard_index=0, num_shards=1, overwrite=false, progress=None))]
#[expect(clippy::too_many_arguments, reason = "keywords in Python")]
fn generate_folder<'py>(
    py: Python<'py>,
    recipe: &Bound<'py, PyAny>,
    folder: PathBuf,
    counts: Vec<(String, u64)>,
    configs: Vec<String>,
    seed: Option<u64>,
    format: &str,
    rows_per_file: Option<u64>,
    threads: Option<usize>,
    shard_index: u64,
    num_shards: u64,
    overwrite: bool,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let loaded = load(recipe, seed, &counts, &configs)?;
    let format: Format = format.parse().map_err(|error| errors::RequestError_::new_err(format!("format: {error}")))?;
    let mut options = GenerateOptions { format, shard_index, num_shards, overwrite, ..GenerateOptions::default() };
    options.threads = threads.unwrap_or(options.threads).max(1);
    let datasets = crate::environment::failure::guarded(py, || {
        let wrong = |error: &dyn std::fmt::Display| errors::recipe(loaded.wrong(error));
        let datasets = Datasets::new(loaded.recipe.clone()).map_err(|error| wrong(&error))?;
        datasets.prepare().map_err(|error| wrong(&error))?;
        let usual = || self::rows_per_file(&datasets, &folder, overwrite).map_err(errors::generate);
        options.rows_per_file = rows_per_file.map_or_else(usual, Ok)?;
        Ok::<Datasets, PyErr>(datasets)
    })??;
    let before = crate::environment::failure::latest();
    let (stop, done) = (AtomicBool::new(false), Done::default());
    let (outcome, interrupt) = std::thread::scope(|scope| {
        let run = scope.spawn(|| generate(&datasets, &folder, &options, &stop, &done));
        let mut interrupt = None;
        while !run.is_finished() {
            py.detach(|| std::thread::sleep(PAUSE));
            let told = py.check_signals().and_then(|()| tell(&done, progress.as_ref()));
            if let Err(error) = told {
                stop.store(true, Ordering::Relaxed);
                interrupt = interrupt.or(Some(error));
            }
        }
        (py.detach(|| run.join()), interrupt)
    });
    let outcome = outcome.map_err(|_| {
        let raised = crate::environment::failure::since(py, before, None);
        raised.unwrap_or_else(|| errors::RowError::new_err("a thread that makes rows ended"))
    })?;
    if let Some(error) = interrupt {
        return Err(error);
    }
    let outcome = outcome.map_err(errors::generate)?;
    tell(&done, progress.as_ref())?;
    summary(py, &outcome)
}

fn tell(done: &Done, progress: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
    let Some(progress) = progress else { return Ok(()) };
    progress.call1((done.rows.load(Ordering::Relaxed), done.all.load(Ordering::Relaxed))).map(drop)
}

fn summary<'py>(py: Python<'py>, outcome: &GenerateOutcome) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let missing = if let Ending::ShardComplete { missing } = outcome.ending { missing } else { 0 };
    dict.set_item("complete", outcome.ending == Ending::Complete)?;
    dict.set_item("missing_parts", missing)?;
    dict.set_item("rows_written", outcome.rows_written)?;
    dict.set_item("files_written", outcome.files_written)?;
    dict.set_item("files_kept", outcome.files_kept)?;
    dict.set_item("rows_restored", outcome.rows_restored)?;
    Ok(dict)
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(generate_folder, module)?)
}
