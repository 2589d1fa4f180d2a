//! Rows of a recipe, with nothing on disk.

use std::iter::Peekable;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::vec::IntoIter;

use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};
use stream_of_search::recipe::load::Loaded;
use stream_of_search::recipe::ready::READY;
use stream_of_search::recipe::{Recipe, RecordConfig};
use stream_of_search::record::Datasets;
use stream_of_search::table::{RowSource, Rows};

use crate::batches::{Batch, Batches, schema_capsule, stream_capsule};
use crate::errors;
use crate::forks::Inside;
use crate::source::{Ordered, Plan, Source};

/// Rows of a batch of the Arrow stream.
const STREAM_ROWS: u64 = 512;

/// How long rows are made before Python is asked for signals.
const PAUSE: Duration = Duration::from_millis(100);

/// A recipe: its text, its name or path, and what is asked of it.
pub fn load(
    recipe: &Bound<'_, PyAny>,
    seed: Option<u64>,
    counts: &[(String, u64)],
    configs: &[String],
) -> PyResult<Loaded> {
    let mut loaded = match recipe.cast::<PyDict>() {
        Ok(dict) => {
            let wrong = |error: &dyn std::fmt::Display| errors::RecipeError::new_err(format!("recipe: {error}"));
            let value: toml::Value = pythonize::depythonize(dict).map_err(|error| wrong(&error))?;
            let text = toml::to_string(&value).map_err(|error| wrong(&error))?;
            Loaded::of_text(Path::new("recipe"), text)
        }
        Err(_) => Loaded::open(Path::new(&recipe.str()?.to_string())),
    }
    .map_err(errors::recipe)?;
    loaded.recipe.seed = seed.unwrap_or(loaded.recipe.seed);
    loaded.ask_for(counts).map_err(errors::recipe)?;
    loaded.only(configs).map_err(errors::recipe)?;
    Ok(loaded)
}

/// One record config of one split of a recipe.
#[pyclass(frozen, module = "stream_of_search._core")]
pub struct Dataset {
    source: Arc<Source>,
    split: usize,
    rows: u64,
    kinds: Vec<toml::Table>,
    instruct: bool,
}

/// The kinds of record of a config, each with its settings: one, or those of the components of a mixture.
fn kinds(record: &RecordConfig) -> Vec<toml::Table> {
    let components = record.settings.get("components").and_then(toml::Value::as_array);
    components.map_or_else(
        || {
            let kind = ("kind".to_string(), toml::Value::from(record.kind.as_str()));
            vec![record.settings.clone().into_iter().chain([kind]).collect()]
        },
        |components| components.iter().filter_map(toml::Value::as_table).cloned().collect(),
    )
}

#[pymethods]
impl Dataset {
    /// Opens a recipe: the path of a file, the name of a ready one, or a dict. Without a config it is the recipe's first.
    #[new]
    #[pyo3(signature = (recipe, config=None, split="train", seed=None, count=None))]
    fn new(
        py: Python<'_>,
        recipe: &Bound<'_, PyAny>,
        config: Option<String>,
        split: &str,
        seed: Option<u64>,
        count: Option<u64>,
    ) -> PyResult<Self> {
        let counts: Vec<(String, u64)> = count.into_iter().map(|count| (split.to_string(), count)).collect();
        let first = || -> PyResult<String> {
            let all = load(recipe, seed, &[], &[])?;
            Ok(all.recipe.records.first().map(|record| record.folder().to_string()).unwrap_or_default())
        };
        let config = config.map_or_else(first, Ok)?;
        let loaded = load(recipe, seed, &counts, &[config])?;
        crate::environment::failure::guarded(py, || {
            let _inside = Inside::enter();
            let wrong = |error: &dyn std::fmt::Display| errors::recipe(loaded.wrong(error));
            let datasets = Datasets::new(loaded.recipe.clone()).map_err(|error| wrong(&error))?;
            let names = datasets.splits();
            let place = names.iter().position(|name| name == split).ok_or_else(|| {
                errors::recipe(stream_of_search::recipe::load::no_such(
                    "split",
                    split,
                    names.iter().map(String::as_str),
                ))
            })?;
            datasets.prepare_split(place).map_err(|error| wrong(&error))?;
            let rows = RowSource::splits(&datasets).get(place).map_or(0, |split| split.rows);
            let Recipe { records, prompt, .. } = &loaded.recipe;
            let (kinds, instruct) = (records.first().map(kinds).unwrap_or_default(), prompt.is_some());
            Ok(Dataset { source: Arc::new(Source::new(datasets, place)), split: place, rows, kinds, instruct })
        })?
    }

    /// Number of rows that are asked for.
    fn __len__(&self) -> usize {
        usize::try_from(self.rows).unwrap_or(usize::MAX)
    }

    /// Number of rows that the split can have.
    #[getter]
    fn capacity(&self) -> u64 {
        self.source.capacity
    }

    /// The record config.
    #[getter]
    fn config(&self) -> String {
        self.source.datasets().configs().into_iter().next().unwrap_or_default()
    }

    /// The kinds of record of the rows, each a dict with the kind and its settings: one, or those of the components of a mixture.
    #[getter]
    fn kinds<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(pythonize::pythonize(py, &self.kinds)?)
    }

    /// Whether the recipe asks for prompts in plain English.
    #[getter]
    fn instruct(&self) -> bool {
        self.instruct
    }

    /// The recipe in full, as TOML.
    #[getter]
    fn recipe(&self) -> String {
        self.source.datasets().about().recipe
    }

    /// Names and help of the columns.
    #[getter]
    fn columns(&self) -> Vec<(String, String)> {
        let schema = self.source.datasets().schemas().into_iter().next().unwrap_or_default();
        schema.iter().map(|column| (column.name.to_string(), column.help.to_string())).collect()
    }

    /// A row, as a dict.
    fn row<'py>(&self, py: Python<'py>, index: u64) -> PyResult<Bound<'py, PyAny>> {
        self.take(py, vec![index])?.row(py, 0)
    }

    /// Rows by their indices, as a batch.
    fn take(&self, py: Python<'_>, indices: Vec<u64>) -> PyResult<Batch> {
        let (mut rows, mut indices) = (self.source.datasets().batches(), indices.into_iter().peekable());
        while indices.peek().is_some() {
            py.check_signals()?;
            py.detach(|| self.some(&mut indices, &mut rows)).map_err(errors::row)?;
        }
        py.detach(|| self.source.batch(&mut rows)).map(Batch).map_err(errors::row)
    }

    /// Batches of rows: the positions `start`, `start + step` … below `stop`, and of their batches those numbered `first`, `first + stride` …. With
    /// `shuffle`, a seed, a position means the row that the keyed permutation of `rows` rows of that seed and epoch has there. With `wrap`, positions
    /// count on from 0 behind `rows`.
    #[pyo3(signature = (size, start, stop, step=1, shuffle=None, epoch=0, rows=None, threads=1, first=0, stride=1, wrap=false))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn batches(
        &self,
        size: u64,
        start: u64,
        stop: u64,
        step: u64,
        shuffle: Option<u64>,
        epoch: u64,
        rows: Option<u64>,
        threads: usize,
        first: u64,
        stride: u64,
        wrap: bool,
    ) -> Batches {
        let rows = rows.unwrap_or(self.rows);
        let order = shuffle.and_then(|seed| Plan::shuffled(seed, epoch, rows));
        let (step, size, stride) = (step.max(1), size.max(1), stride.max(1));
        let plan =
            Plan { split: self.split, start, stop, step, size, first, stride, wrap: wrap.then_some(rows), order };
        Batches::new(Ordered::new(&self.source, plan, threads))
    }

    /// The capsule of an Arrow stream of rows.
    #[pyo3(signature = (start, stop, threads=1))]
    fn stream<'py>(&self, py: Python<'py>, start: u64, stop: u64, threads: usize) -> PyResult<Bound<'py, PyCapsule>> {
        let split = self.split;
        let plan =
            Plan { split, start, stop, step: 1, size: STREAM_ROWS, first: 0, stride: 1, wrap: None, order: None };
        stream_capsule(py, Ordered::new(&self.source, plan, threads))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        schema_capsule(py, &self.source.schema)
    }
}

impl Dataset {
    /// Makes rows until all are made, or time is over.
    fn some(&self, indices: &mut Peekable<IntoIter<u64>>, rows: &mut [Rows]) -> Result<(), String> {
        let started = Instant::now();
        self.source.with_buffers(|scratch| {
            while let Some(index) = indices.next_if(|_| started.elapsed() < PAUSE) {
                self.source.row(self.split, index, scratch, rows)?;
            }
            Ok(())
        })
    }
}

/// What a recipe has: its record configs, the kinds of record of each, and its splits with their rows.
#[pyfunction]
#[pyo3(signature = (recipe, seed=None))]
fn describe<'py>(py: Python<'py>, recipe: &Bound<'py, PyAny>, seed: Option<u64>) -> PyResult<Bound<'py, PyDict>> {
    let loaded = load(recipe, seed, &[], &[])?;
    let dict = PyDict::new(py);
    let records = &loaded.recipe.records;
    let configs: Vec<&str> = records.iter().map(RecordConfig::folder).collect();
    let of_config = PyDict::new(py);
    for record in records {
        of_config.set_item(record.folder(), pythonize::pythonize(py, &kinds(record))?)?;
    }
    let splits = PyDict::new(py);
    for (name, split) in &loaded.recipe.splits {
        splits.set_item(name, split.rows)?;
    }
    dict.set_item("configs", configs)?;
    dict.set_item("kinds", of_config)?;
    dict.set_item("instruct", loaded.recipe.prompt.is_some())?;
    dict.set_item("splits", splits)?;
    dict.set_item("seed", loaded.recipe.seed)?;
    Ok(dict)
}

/// Names of the ready recipes.
#[pyfunction]
fn ready_recipes(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    PyList::new(py, READY.iter().map(|(name, _)| *name))
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Dataset>()?;
    module.add_function(wrap_pyfunction!(describe, module)?)?;
    module.add_function(wrap_pyfunction!(ready_recipes, module)?)
}
