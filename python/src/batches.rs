//! Batches of rows and their way to Python: Arrow's C interfaces, or dicts.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray};
use arrow_schema::{DataType, SchemaRef};
use pyo3::exceptions::{PyIndexError, PyKeyError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList, PyString};

use crate::errors;
use crate::source::{Next, Ordered};

/// How often Python is asked for signals while a batch is waited for.
const PAUSE: Duration = Duration::from_millis(100);

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
        let column = self.find(name)?;
        let values = (0..column.len()).map(|row| value(py, column, row)).collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, values)
    }

    /// The rows, each a dict; of some columns alone, if they are named.
    #[pyo3(signature = (columns=None))]
    fn to_pylist<'py>(&self, py: Python<'py>, columns: Option<Vec<String>>) -> PyResult<Bound<'py, PyList>> {
        let rows = 0..self.0.num_rows();
        match columns {
            None => self.dicts(py, &self.column_names(), rows),
            Some(names) => self.dicts(py, &names, rows),
        }
    }

    /// A row, as a dict.
    fn __getitem__<'py>(&self, py: Python<'py>, index: isize) -> PyResult<Bound<'py, PyAny>> {
        let rows = self.0.num_rows();
        let row = if index < 0 { rows.checked_sub(index.unsigned_abs()) } else { usize::try_from(index).ok() };
        let wrong = || PyIndexError::new_err(format!("row {index} of a batch of {rows}"));
        let row = row.filter(|row| *row < rows).ok_or_else(wrong)?;
        Ok(self.row(py, row)?.into_any())
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
    fn find(&self, name: &str) -> PyResult<&ArrayRef> {
        let columns = || self.column_names().join(", ");
        let wrong = || PyKeyError::new_err(format!("found \"{name}\"; the columns are: {}", columns()));
        self.0.column_by_name(name).ok_or_else(wrong)
    }

    /// A row, as a dict.
    pub fn row<'py>(&self, py: Python<'py>, row: usize) -> PyResult<Bound<'py, PyAny>> {
        self.dicts(py, &self.column_names(), row..row.saturating_add(1))?.get_item(0)
    }

    fn dicts<'py>(&self, py: Python<'py>, names: &[String], rows: Range<usize>) -> PyResult<Bound<'py, PyList>> {
        let columns = names.iter().map(|name| Ok((PyString::intern(py, name), self.find(name)?)));
        let columns = columns.collect::<PyResult<Vec<_>>>()?;
        let dict = |row| {
            let dict = PyDict::new(py);
            for (name, column) in &columns {
                dict.set_item(name, value(py, column, row)?)?;
            }
            Ok(dict)
        };
        PyList::new(py, rows.map(dict).collect::<PyResult<Vec<_>>>()?)
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
pub struct Batches {
    ordered: Mutex<Ordered>,
    rows: AtomicU64,
}

impl Batches {
    pub fn new(ordered: Ordered) -> Self {
        Batches { ordered: Mutex::new(ordered), rows: AtomicU64::new(0) }
    }
}

#[pymethods]
impl Batches {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    /// The next batch. An interrupt ends the waiting for it, and takes nothing away.
    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Batch>> {
        loop {
            match py.detach(|| self.ordered.lock().unwrap_or_else(PoisonError::into_inner).wait(PAUSE)) {
                Next::Batch(batch) => {
                    self.rows.fetch_add(batch.num_rows() as u64, Ordering::Relaxed);
                    return Ok(Some(Batch(batch)));
                }
                Next::Wrong(error) => return Err(errors::row(error)),
                Next::Later => py.check_signals()?,
                Next::End => return Ok(None),
            }
        }
    }

    /// Number of rows in the batches that came out.
    #[getter]
    fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Batch>()?;
    module.add_class::<Batches>()
}
