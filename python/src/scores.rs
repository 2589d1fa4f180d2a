//! The scores of many texts: columns for Arrow and for Python.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::{Array, StructArray};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use pyo3::exceptions::{PyIndexError, PyKeyError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};
use stream_of_search::select::Rollout;

use crate::errors;

/// The numbers of a text.
#[derive(Clone)]
pub struct Scored {
    pub id: Arc<str>,
    pub rollout: Rollout,
    pub trace_valid: Option<bool>,
    pub answer_right: Option<bool>,
    pub first_error: Option<Cow<'static, str>>,
    pub nodes: u64,
    pub penalty: f64,
    pub taken: Option<String>,
    pub how: Option<Cow<'static, str>>,
    /// Why a row of a file cannot be scored.
    pub error: Option<String>,
}

/// A value of a column.
enum Cell<'a> {
    Flag(Option<bool>),
    Number(u64),
    Fraction(f64),
    Text(Option<&'a str>),
}

type Read = fn(&Scored) -> Cell<'_>;

/// The columns: name, type, whether there may be none, and the value.
const COLUMNS: [(&str, DataType, bool, Read); 17] = {
    use DataType::{Boolean, Float64, Int64, Utf8};
    [
        ("id", Utf8, false, |row| Cell::Text(Some(&row.id))),
        ("reward", Float64, false, |row| Cell::Fraction(if row.rollout.reward { 1.0 } else { 0.0 })),
        ("solved", Boolean, false, |row| Cell::Flag(Some(row.rollout.solved))),
        ("valid", Boolean, false, |row| Cell::Flag(Some(row.rollout.valid))),
        ("optimal", Boolean, false, |row| Cell::Flag(Some(row.rollout.optimal))),
        ("trace_valid", Boolean, true, |row| Cell::Flag(row.trace_valid)),
        ("answer_right", Boolean, true, |row| Cell::Flag(row.answer_right)),
        ("first_error", Utf8, true, |row| Cell::Text(row.first_error.as_deref())),
        ("nodes", Int64, false, |row| Cell::Number(row.nodes)),
        ("steps", Int64, false, |row| Cell::Number(row.rollout.steps)),
        ("wrong_steps", Int64, false, |row| Cell::Number(row.rollout.wrong_steps)),
        ("claims", Int64, false, |row| Cell::Number(row.rollout.claims)),
        ("length", Int64, false, |row| Cell::Number(row.rollout.length)),
        ("penalty", Float64, false, |row| Cell::Fraction(row.penalty)),
        ("taken", Utf8, true, |row| Cell::Text(row.taken.as_deref())),
        ("how", Utf8, true, |row| Cell::Text(row.how.as_deref())),
        ("error", Utf8, true, |row| Cell::Text(row.error.as_deref())),
    ]
};

/// The scores of texts, in their order.
#[pyclass(frozen, module = "stream_of_search._core")]
pub struct Scores(pub Vec<Scored>);

#[pymethods]
impl Scores {
    /// Scores from dicts, as `row` gives them.
    #[new]
    fn new(rows: Vec<Bound<'_, PyDict>>) -> PyResult<Self> {
        rows.iter().map(restored).collect::<PyResult<Vec<_>>>().map(Scores)
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// Names of the columns.
    #[staticmethod]
    fn columns() -> Vec<&'static str> {
        COLUMNS.iter().map(|(name, ..)| *name).collect()
    }

    /// The values of a column, as a list.
    fn column<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        let Some((.., read)) = COLUMNS.iter().find(|column| column.0 == name) else {
            let message = format!("found \"{name}\"; the columns are: {}", Self::columns().join(", "));
            return Err(PyKeyError::new_err(message));
        };
        let values = self.0.iter().map(|row| value(py, read(row))).collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, values)
    }

    /// The scores of a text, as a dict.
    fn row<'py>(&self, py: Python<'py>, place: usize) -> PyResult<Bound<'py, PyDict>> {
        let row =
            self.0.get(place).ok_or_else(|| PyIndexError::new_err(format!("text {place} of {}", self.0.len())))?;
        let dict = PyDict::new(py);
        for (name, _, _, read) in &COLUMNS {
            dict.set_item(*name, value(py, read(row))?)?;
        }
        Ok(dict)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        let _ = requested_schema;
        let data = StructArray::from(batch(&self.0)?).into_data();
        let schema = FFI_ArrowSchema::try_from(data.data_type()).map_err(errors::row)?;
        let schema = PyCapsule::new_with_value(py, schema, c"arrow_schema")?;
        Ok((schema, PyCapsule::new_with_value(py, FFI_ArrowArray::new(&data), c"arrow_array")?))
    }
}

fn value<'py>(py: Python<'py>, cell: Cell<'_>) -> PyResult<Bound<'py, PyAny>> {
    Ok(match cell {
        Cell::Flag(Some(flag)) => flag.into_pyobject(py)?.to_owned().into_any(),
        Cell::Number(number) => number.into_pyobject(py)?.into_any(),
        Cell::Fraction(number) => number.into_pyobject(py)?.into_any(),
        Cell::Text(Some(text)) => text.into_pyobject(py)?.into_any(),
        Cell::Flag(None) | Cell::Text(None) => py.None().into_bound(py),
    })
}

fn batch(rows: &[Scored]) -> PyResult<RecordBatch> {
    let array = |read: Read, kind: &DataType| -> ArrayRef {
        let flag = |row| if let Cell::Flag(flag) = read(row) { flag } else { None };
        let number =
            |row| if let Cell::Number(number) = read(row) { i64::try_from(number).unwrap_or(i64::MAX) } else { 0 };
        let fraction = |row| if let Cell::Fraction(number) = read(row) { number } else { 0.0 };
        match kind {
            DataType::Boolean => Arc::new(rows.iter().map(flag).collect::<BooleanArray>()),
            DataType::Int64 => Arc::new(rows.iter().map(number).collect::<Int64Array>()),
            DataType::Float64 => Arc::new(rows.iter().map(fraction).collect::<Float64Array>()),
            _ => Arc::new(
                rows.iter()
                    .map(|row| if let Cell::Text(text) = read(row) { text } else { None })
                    .collect::<StringArray>(),
            ),
        }
    };
    let fields = COLUMNS.iter().map(|(name, kind, nullable, _)| Field::new(*name, kind.clone(), *nullable));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<Field>>()));
    let arrays = COLUMNS.iter().map(|(_, kind, _, read)| array(*read, kind)).collect();
    RecordBatch::try_new(schema, arrays).map_err(errors::row)
}

/// Scores from a dict.
fn restored(row: &Bound<'_, PyDict>) -> PyResult<Scored> {
    fn get<'py, T: for<'a> FromPyObject<'a, 'py, Error: Into<PyErr>>>(
        row: &Bound<'py, PyDict>,
        name: &str,
    ) -> PyResult<T> {
        let value = row.get_item(name)?.ok_or_else(|| PyKeyError::new_err(name.to_string()))?;
        value.extract().map_err(Into::into)
    }
    let text = |name: &str| get::<Option<String>>(row, name);
    Ok(Scored {
        id: get::<String>(row, "id")?.into(),
        rollout: Rollout {
            readable: true,
            solved: get(row, "solved")?,
            reward: get::<f64>(row, "reward")? >= 1.0,
            valid: get(row, "valid")?,
            optimal: get(row, "optimal")?,
            steps: get(row, "steps")?,
            wrong_steps: get(row, "wrong_steps")?,
            claims: get(row, "claims")?,
            length: get(row, "length")?,
        },
        trace_valid: get(row, "trace_valid")?,
        answer_right: get(row, "answer_right")?,
        first_error: text("first_error")?.map(Cow::from),
        nodes: get(row, "nodes")?,
        penalty: get(row, "penalty")?,
        taken: text("taken")?,
        how: text("how")?.map(Cow::from),
        error: text("error")?,
    })
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Scores>()
}
