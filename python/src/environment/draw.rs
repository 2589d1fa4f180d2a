//! Seeded draws for generators in Python.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyList;
use sos_envs::Draw;

/// A stream of seeded draws: the only source of chance of a generator. The same draws come on every machine and in every version.
#[pyclass(name = "Draw", module = "stream_of_search._core")]
pub struct PyDraw(pub Draw);

fn wrong(message: impl Into<String>) -> PyErr {
    PyValueError::new_err(message.into())
}

#[pymethods]
impl PyDraw {
    /// The draws of a seed, for tests of a generator.
    #[new]
    #[pyo3(signature = (seed=0))]
    fn new(seed: u64) -> Self {
        PyDraw(Draw::new(seed, "python"))
    }

    /// A whole number from 0 to `bound` - 1.
    fn below(&mut self, bound: u64) -> PyResult<u64> {
        if bound == 0 {
            return Err(wrong("below: found 0; allowed: 1 or more"));
        }
        Ok(self.0.below(bound))
    }

    /// A whole number from `low` to `high`, both included.
    fn between(&mut self, low: i64, high: i64) -> PyResult<i64> {
        let width = u64::try_from(i128::from(high) - i128::from(low)).map_err(|_| {
            wrong(format!("between: found {low} to {high}; allowed: a first number that is not above the second"))
        })?;
        let more = self.0.between(0, width);
        i64::try_from(i128::from(low) + i128::from(more)).map_err(|_| wrong("between: a number beyond 64 bits"))
    }

    /// True in `numerator` of `denominator` cases.
    #[pyo3(signature = (numerator, denominator))]
    fn chance(&mut self, numerator: u64, denominator: u64) -> PyResult<bool> {
        if denominator == 0 {
            return Err(wrong("chance: found a denominator of 0; allowed: 1 or more"));
        }
        Ok(self.0.chance(numerator, denominator))
    }

    /// An element of a sequence.
    fn choose<'py>(&mut self, things: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let len = things.len()?;
        if len == 0 {
            return Err(wrong("choose: found an empty sequence; allowed: one element or more"));
        }
        things.get_item(self.0.index(len))
    }

    /// An index, drawn by weights that are whole numbers.
    fn weighted(&mut self, weights: Vec<u64>) -> PyResult<usize> {
        if weights.iter().all(|weight| *weight == 0) {
            return Err(wrong("weighted: found no weight above 0; allowed: one or more"));
        }
        Ok(self.0.weighted(weights.into_iter()))
    }

    /// The elements of a sequence in random order, as a new list.
    fn shuffled<'py>(&mut self, py: Python<'py>, things: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        let mut all = things.try_iter()?.collect::<PyResult<Vec<_>>>()?;
        self.0.shuffle(&mut all);
        PyList::new(py, all)
    }

    /// Some different elements of a sequence, as a new list.
    fn sample<'py>(
        &mut self,
        py: Python<'py>,
        things: &Bound<'py, PyAny>,
        count: usize,
    ) -> PyResult<Bound<'py, PyList>> {
        let mut all = things.try_iter()?.collect::<PyResult<Vec<_>>>()?;
        if count > all.len() {
            return Err(wrong(format!("sample: found {count} of {}; allowed: at most all of them", all.len())));
        }
        self.0.shuffle(&mut all);
        all.truncate(count);
        PyList::new(py, all)
    }

    fn __repr__(&self) -> &'static str {
        "<Draw>"
    }
}
