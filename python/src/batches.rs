//! Batches in order, made by several threads, and their way to Python: Arrow's C interfaces, or dicts.

use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchReader, StructArray};
use arrow_schema::{ArrowError, DataType, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};
use sos_envs::{Permutation, Streams};
use stream_of_search::record::Datasets;
use stream_of_search::table::{RowSource, Rows};

use crate::columns;
use crate::errors;

/// A dataset with one record config, prepared, and the schema of its rows.
pub struct Source {
    pub datasets: Datasets,
    pub schema: SchemaRef,
}

impl Source {
    pub fn new(datasets: Datasets) -> Self {
        let schema = datasets.schemas().first().map_or_else(|| columns::schema(&Default::default()), columns::schema);
        Source { datasets, schema }
    }

    /// Makes the rows of some indices of a split.
    pub fn make(&self, split: usize, indices: impl Iterator<Item = u64>) -> Result<RecordBatch, String> {
        let (mut rows, mut scratch) = (self.datasets.batches(), self.datasets.scratch());
        for index in indices {
            self.datasets.rows(split, index, &mut scratch, &mut rows).map_err(|error| error.to_string())?;
        }
        self.finish(rows)
    }

    fn finish(&self, rows: Vec<Rows>) -> Result<RecordBatch, String> {
        let rows = rows.into_iter().next().ok_or("the recipe has no record config")?;
        columns::batch(&self.schema, rows).map_err(|error| error.to_string())
    }
}

/// Which rows of a split come, in which order, and in how large batches: the positions `start`, `start + step` … below `stop`.
#[derive(Clone)]
pub struct Plan {
    pub split: usize,
    pub start: u64,
    pub stop: u64,
    pub step: u64,
    pub size: u64,
    /// The order of the rows; that of the split where there is none. Position 5 is then the row `order.at(5)`.
    pub order: Option<Permutation>,
}

impl Plan {
    /// The order of a shuffled epoch of so many rows.
    pub fn shuffled(seed: u64, epoch: u64, rows: u64) -> Option<Permutation> {
        (rows > 0).then(|| Streams::new(seed, "shuffle", &epoch.to_string()).permutation(u128::from(rows)))
    }

    fn batches(&self) -> u64 {
        self.stop.saturating_sub(self.start).div_ceil(self.step).div_ceil(self.size)
    }

    fn indices(&self, batch: u64) -> impl Iterator<Item = u64> + '_ {
        let first = self.start + batch * self.size * self.step;
        let positions = (0..self.size).map(move |place| first + place * self.step);
        let row = |position| match &self.order {
            Some(order) => u64::try_from(order.at(u128::from(position))).unwrap_or(position),
            None => position,
        };
        positions.take_while(|position| *position < self.stop).map(row)
    }
}

/// Batches in order. Thread t of n makes the batches t, t + n … ahead of the reader.
pub struct Ordered {
    schema: SchemaRef,
    threads: Vec<Receiver<Result<RecordBatch, String>>>,
    next: u64,
    batches: u64,
}

impl Ordered {
    pub fn start(source: &Arc<Source>, plan: Plan, threads: usize) -> Self {
        let batches = plan.batches();
        let threads = (threads.max(1) as u64).min(batches.max(1));
        let started = (0..threads).map(|thread| {
            let (send, receive) = sync_channel(2);
            let (source, plan) = (Arc::clone(source), plan.clone());
            std::thread::spawn(move || {
                let (mut rows, mut scratch) = (source.datasets.batches(), source.datasets.scratch());
                for batch in (thread..batches).step_by(threads as usize) {
                    let mut made = Ok(());
                    for index in plan.indices(batch) {
                        made = source.datasets.rows(plan.split, index, &mut scratch, &mut rows).map(drop);
                        if made.is_err() {
                            break;
                        }
                    }
                    let full = std::mem::replace(&mut rows, source.datasets.batches());
                    let made = made.map_err(|error| error.to_string()).and_then(|()| source.finish(full));
                    // The reader is gone, or has its error.
                    let failed = made.is_err();
                    if send.send(made).is_err() || failed {
                        return;
                    }
                }
            });
            receive
        });
        Ordered { schema: Arc::clone(&source.schema), threads: started.collect(), next: 0, batches }
    }
}

impl Iterator for Ordered {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.batches {
            return None;
        }
        let thread = self.threads.get((self.next % self.threads.len() as u64) as usize)?;
        self.next += 1;
        let made = thread.recv().unwrap_or_else(|_| Err("a thread that makes rows ended".into()));
        if made.is_err() {
            self.next = self.batches;
        }
        Some(made.map_err(|error| ArrowError::ExternalError(error.into())))
    }
}

impl RecordBatchReader for Ordered {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// A batch of rows: an Arrow record batch.
#[pyclass(frozen, module = "stream_of_search._core")]
pub struct Batch(pub RecordBatch);

#[pymethods]
impl Batch {
    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    /// Names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.0.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The values of a column, as a list.
    fn column<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        let column = self.0.column_by_name(name).ok_or_else(|| {
            pyo3::exceptions::PyKeyError::new_err(format!("found \"{name}\"; the columns are: {}", self.column_names().join(", ")))
        })?;
        let values = (0..column.len()).map(|row| value(py, column, row)).collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, values)
    }

    /// The rows, each a dict.
    fn to_pylist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let rows = (0..self.0.num_rows()).map(|row| self.row(py, row)).collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, rows)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        let _ = requested_schema;
        let data = StructArray::from(self.0.clone()).into_data();
        let schema = FFI_ArrowSchema::try_from(data.data_type()).map_err(errors::row)?;
        let schema = PyCapsule::new_with_value(py, schema, c"arrow_schema")?;
        Ok((schema, PyCapsule::new_with_value(py, FFI_ArrowArray::new(&data), c"arrow_array")?))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        schema_capsule(py, &self.0.schema())
    }
}

impl Batch {
    pub fn row<'py>(&self, py: Python<'py>, row: usize) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (field, column) in self.0.schema().fields().iter().zip(self.0.columns()) {
            dict.set_item(field.name(), value(py, column, row)?)?;
        }
        Ok(dict)
    }
}

/// The capsule of a schema.
pub fn schema_capsule<'py>(py: Python<'py>, schema: &SchemaRef) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema.as_ref()).map_err(errors::row)?;
    PyCapsule::new_with_value(py, schema, c"arrow_schema")
}

/// The capsule of a stream of batches.
pub fn stream_capsule<'py>(py: Python<'py>, batches: Ordered) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), c"arrow_array_stream")
}

/// A value of a column as a Python value.
fn value<'py>(py: Python<'py>, column: &ArrayRef, row: usize) -> PyResult<Bound<'py, PyAny>> {
    if column.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    Ok(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).into_pyobject(py)?.into_any(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).into_pyobject(py)?.into_any(),
        DataType::Boolean => column.as_boolean().value(row).into_pyobject(py)?.to_owned().into_any(),
        DataType::List(_) => {
            let items = column.as_list::<i32>().value(row);
            let items = (0..items.len()).map(|item| value(py, &items, item)).collect::<PyResult<Vec<_>>>()?;
            PyList::new(py, items)?.into_any()
        }
        DataType::Struct(fields) => {
            let dict = PyDict::new(py);
            for (field, column) in fields.iter().zip(column.as_struct().columns()) {
                dict.set_item(field.name(), value(py, column, row)?)?;
            }
            dict.into_any()
        }
        other => return Err(errors::row(format!("a column of the type {other}"))),
    })
}

/// An iterator over batches.
#[pyclass(module = "stream_of_search._core")]
pub struct Batches(pub Mutex<Ordered>);

#[pymethods]
impl Batches {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Batch>> {
        let next = py.detach(|| self.0.lock().unwrap_or_else(PoisonError::into_inner).next());
        next.transpose().map(|batch| batch.map(Batch)).map_err(errors::row)
    }
}


pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Batch>()?;
    module.add_class::<Batches>()
}
