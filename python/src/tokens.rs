//! Tokens of texts, for Python: ids, spans, labels, and batches of them without a copy for each token.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::{Array, ListArray, UInt16Array};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyBytes, PyCapsule, PyMemoryView};
use stream_of_search::arena::environments;
use stream_of_search::dialect::vocabulary::{Digits, Encoder, Table};
use stream_of_search::dialect::{Span, all_dialects};

use stream_of_search::names::nearest;

use crate::errors;

/// The label of a token that a loss skips.
const SKIPPED: i32 = -100;

/// The tokens of a dialect.
#[pyclass(frozen, module = "stream_of_search._core")]
pub struct Tokenizer(Arc<Encoder>);

/// A part of a row: its text, and the ranges of its bytes that the loss skips.
type Part = (PyBackedStr, Vec<(usize, usize)>);

#[pymethods]
impl Tokenizer {
    #[new]
    #[pyo3(signature = (dialect, cells=false, digits="whole"))]
    fn new(dialect: &str, cells: bool, digits: &str) -> PyResult<Self> {
        let digits = match digits {
            "whole" => Digits::Whole,
            "single" => Digits::Single,
            _ => return Err(wrong(format!("digits: found \"{digits}\"; allowed: whole, single"))),
        };
        let names = dialects();
        if dialect != "bytes" && !names.contains(&dialect) {
            let near =
                nearest(dialect, names.iter().copied()).map_or(String::new(), |name| format!("; did you mean {name}?"));
            return Err(wrong(format!("dialect: found \"{dialect}\"; allowed: {}, bytes{near}", names.join(", "))));
        }
        let table = Table::of(dialect, cells, digits).ok_or_else(|| {
            let found = format!("cells: found true for the dialect \"{dialect}\" with digits {}", name(digits));
            wrong(format!("{found}; only compact with whole numbers has tokens for cells"))
        })?;
        Ok(Tokenizer(Arc::new(Encoder::new(table))))
    }

    /// Name and version of the table.
    #[getter]
    fn name(&self) -> &'static str {
        self.0.table().name()
    }

    fn tokens(&self) -> Vec<String> {
        self.0.tokens().to_vec()
    }

    #[getter]
    fn vocab_size(&self) -> usize {
        self.0.tokens().len()
    }

    /// The content of tokenizer.json and of tokenizer_config.json.
    fn files(&self) -> (String, String) {
        let table = self.0.table();
        (format!("{:#}\n", table.tokenizer()), format!("{:#}\n", table.config()))
    }

    fn encode(&self, text: &str) -> Vec<u16> {
        let mut ids = Vec::new();
        self.0.encode(text, &mut ids);
        ids
    }

    /// Ids, and the span of each in characters.
    fn encode_with_spans(&self, text: &str) -> (Vec<u16>, Vec<(usize, usize)>) {
        let (mut ids, mut spans) = (Vec::new(), Vec::new());
        self.0.encode_with_spans(text, &mut ids, &mut spans);
        (ids, in_characters(text, &spans))
    }

    #[pyo3(signature = (texts, threads=1))]
    fn encode_batch(&self, py: Python<'_>, texts: Vec<PyBackedStr>, threads: usize) -> TokenBatch {
        py.detach(|| {
            TokenBatch::joined(in_threads(&texts, threads, |texts| {
                let mut batch = TokenBatch::default();
                for text in texts {
                    self.0.encode(text, &mut batch.ids);
                    batch.ends.push(batch.ids.len());
                }
                batch
            }))
        })
    }

    /// Rows of parts: the ids of each row's joined text, and their labels. A part is a text and the ranges of its bytes that a loss skips.
    #[pyo3(signature = (rows, threads=1))]
    fn label_batch(&self, py: Python<'_>, rows: Vec<Vec<Part>>, threads: usize) -> (TokenBatch, LabelBatch) {
        py.detach(|| {
            let made = in_threads(&rows, threads, |rows| {
                let (mut batch, mut labels, mut row) = (TokenBatch::default(), Vec::new(), Labelled::default());
                for parts in rows {
                    row.read(parts);
                    row.label(&self.0, &mut batch.ids, &mut labels);
                    batch.ends.push(batch.ids.len());
                }
                (batch, labels)
            });
            let (batches, labels): (Vec<_>, Vec<_>) = made.into_iter().unzip();
            let batch = TokenBatch::joined(batches);
            let labels = LabelBatch { labels: labels.concat(), ends: batch.ends.clone() };
            (batch, labels)
        })
    }

    #[pyo3(signature = (ids, skip_special_tokens=false))]
    fn decode(&self, ids: Vec<u32>, skip_special_tokens: bool) -> PyResult<String> {
        self.0.decode(ids, skip_special_tokens).map_err(|error| wrong(error.to_string()))
    }
}

fn dialects() -> Vec<&'static str> {
    let any = environments().first().map(|family| family.about());
    any.into_iter().flat_map(all_dialects).map(|dialect| dialect.name).collect()
}

fn name(digits: Digits) -> &'static str {
    match digits {
        Digits::Whole => "whole",
        Digits::Single => "single",
    }
}

fn wrong(sentence: String) -> PyErr {
    errors::RequestError_::new_err(sentence)
}

/// Work on runs of items in order, by several threads.
fn in_threads<T: Sync, R: Send>(items: &[T], threads: usize, work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    let threads = threads.clamp(1, items.len().max(1));
    if threads == 1 {
        return vec![work(items)];
    }
    std::thread::scope(|scope| {
        let work = &work;
        let parts = items.chunks(items.len().div_ceil(threads));
        let started: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
        started
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Spans in bytes, which are in order and have a byte, as the spans of the characters that hold them.
fn in_characters(text: &str, spans: &[Span]) -> Vec<(usize, usize)> {
    let goes_on = |byte: &u8| *byte & 0xc0 == 0x80;
    let (mut byte, mut characters) = (0, 0);
    // The characters that begin before a byte.
    let mut before = |to: usize| {
        characters += text.as_bytes().get(byte..to).unwrap_or_default().iter().filter(|byte| !goes_on(byte)).count();
        byte = byte.max(to);
        characters
    };
    let span = |Span(start, end): &Span| {
        let inside = text.as_bytes().get(*start).is_some_and(goes_on);
        (before(*start).saturating_sub(usize::from(inside)), before(*end))
    };
    spans.iter().map(span).collect()
}

/// A row that gets labels: its text, and the ranges that the loss skips, in order.
#[derive(Default)]
struct Labelled {
    text: String,
    skipped: Vec<Range<usize>>,
    spans: Vec<Span>,
}

impl Labelled {
    fn read(&mut self, parts: &[Part]) {
        self.text.clear();
        self.skipped.clear();
        for (text, skipped) in parts {
            let before = self.text.len();
            let inside = |place: usize| before + place.min(text.len());
            self.skipped.extend(skipped.iter().map(|(start, end)| inside(*start)..inside(*end)));
            self.text.push_str(text);
        }
        self.skipped.retain(|range| range.start < range.end);
        self.skipped.sort_by_key(|range| range.start);
        self.skipped.dedup_by(|next, before| {
            let joined = next.start <= before.end;
            if joined {
                before.end = before.end.max(next.end);
            }
            joined
        });
    }

    /// Appends ids and labels. A token that a skipped range touches is skipped.
    fn label(&mut self, encoder: &Encoder, ids: &mut Vec<u16>, labels: &mut Vec<i32>) {
        self.spans.clear();
        let first = ids.len();
        encoder.encode_with_spans(&self.text, ids, &mut self.spans);
        let mut skipped = self.skipped.iter().peekable();
        for (id, Span(from, to)) in ids.iter().skip(first).zip(&self.spans) {
            while skipped.next_if(|range| range.end <= *from).is_some() {}
            let touched = skipped.peek().is_some_and(|range| range.start < *to);
            labels.push(if touched { SKIPPED } else { i32::from(*id) });
        }
    }
}

/// Ids of several texts, one after the other.
#[derive(Default)]
#[pyclass(frozen, module = "stream_of_search._core")]
pub struct TokenBatch {
    ids: Vec<u16>,
    ends: Vec<usize>,
}

impl TokenBatch {
    fn joined(batches: Vec<TokenBatch>) -> TokenBatch {
        let mut batches = batches.into_iter();
        let mut all = batches.next().unwrap_or_default();
        for batch in batches {
            let before = all.ids.len();
            all.ids.extend_from_slice(&batch.ids);
            all.ends.extend(batch.ends.iter().map(|end| before + end));
        }
        all
    }
}

/// Labels of several texts, one after the other.
#[pyclass(frozen, module = "stream_of_search._core")]
pub struct LabelBatch {
    labels: Vec<i32>,
    ends: Vec<usize>,
}

/// Items of the text at an index, which may count from the end.
fn at<'a, T>(items: &'a [T], ends: &[usize], index: isize) -> PyResult<&'a [T]> {
    let place = if index < 0 { index + ends.len() as isize } else { index };
    let end = usize::try_from(place).ok().and_then(|place| ends.get(place).map(|end| (place, *end)));
    let (place, end) = end.ok_or_else(|| PyIndexError::new_err(format!("text {index} of {}", ends.len())))?;
    let start = place.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    Ok(items.get(start..end).unwrap_or_default())
}

/// A view of numbers in memory, which `memoryview` calls by this letter. Each has so many bytes.
fn view<'py, const N: usize>(
    py: Python<'py>,
    letter: &str,
    count: usize,
    numbers: impl Iterator<Item = [u8; N]>,
) -> PyResult<Bound<'py, PyAny>> {
    let bytes = PyBytes::new_with(py, count * N, |out| {
        out.as_chunks_mut::<N>().0.iter_mut().zip(numbers).for_each(|(to, number)| *to = number);
        Ok(())
    })?;
    PyMemoryView::from(&bytes)?.call_method1("cast", (letter,))
}

fn offsets<'py>(py: Python<'py>, ends: &[usize]) -> PyResult<Bound<'py, PyAny>> {
    let offsets = std::iter::once(0).chain(ends.iter().map(|end| *end as i64));
    view(py, "q", ends.len() + 1, offsets.map(i64::to_ne_bytes))
}

#[pymethods]
impl TokenBatch {
    fn __len__(&self) -> usize {
        self.ends.len()
    }

    fn __getitem__(&self, index: isize) -> PyResult<Vec<u16>> {
        Ok(at(&self.ids, &self.ends, index)?.to_vec())
    }

    /// All ids, as a view of unsigned numbers of 16 bits.
    #[getter]
    fn ids<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        view(py, "H", self.ids.len(), self.ids.iter().map(|id| id.to_ne_bytes()))
    }

    /// Where each text begins in `ids`, and where the last one ends: a view of numbers of 64 bits.
    #[getter]
    fn offsets<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        offsets(py, &self.ends)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        let _ = requested_schema;
        let ends = std::iter::once(Ok(0)).chain(self.ends.iter().map(|end| i32::try_from(*end)));
        let ends: Vec<i32> = ends.collect::<Result<_, _>>().map_err(|_| {
            wrong("a batch with more than 2,147,483,647 tokens has no Arrow form; encode smaller batches".into())
        })?;
        let field = Arc::new(Field::new("item", DataType::UInt16, false));
        let values = Arc::new(UInt16Array::from(self.ids.clone()));
        let list = ListArray::try_new(field, OffsetBuffer::new(ScalarBuffer::from(ends)), values, None);
        let data = list.map_err(errors::row)?.into_data();
        let schema = FFI_ArrowSchema::try_from(data.data_type()).map_err(errors::row)?;
        let schema = PyCapsule::new_with_value(py, schema, c"arrow_schema")?;
        Ok((schema, PyCapsule::new_with_value(py, FFI_ArrowArray::new(&data), c"arrow_array")?))
    }
}

#[pymethods]
impl LabelBatch {
    fn __len__(&self) -> usize {
        self.ends.len()
    }

    fn __getitem__(&self, index: isize) -> PyResult<Vec<i32>> {
        Ok(at(&self.labels, &self.ends, index)?.to_vec())
    }

    /// All labels, as a view of signed numbers of 32 bits.
    #[getter]
    fn labels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        view(py, "i", self.labels.len(), self.labels.iter().map(|label| label.to_ne_bytes()))
    }
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Tokenizer>()?;
    module.add_class::<TokenBatch>()?;
    module.add_class::<LabelBatch>()
}
