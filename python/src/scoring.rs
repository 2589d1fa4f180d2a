//! Scores of many texts: threads, without the interpreter's lock. The numbers are those of `stream_of_search::request::score`.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};
use sos_envs::SolverFacts;
use stream_of_search::answer::Reading;
use stream_of_search::check::{LazyFacts, ReadText, Request, Steps};
use stream_of_search::dialect::{DialectEntry, dialects};
use stream_of_search::request::RequestError;
use stream_of_search::select::Rollout;

use crate::errors;
use crate::puzzles::{Puzzle, Told, fields, said};
use crate::scores::{Scored, Scores};
use crate::texts;

/// Texts of a chunk, the work of a thread at a time. A puzzle keeps every state that it has met, so it does not outlive its chunk.
const CHUNK_TEXTS: usize = 64;
const CHUNK_BYTES: usize = 1 << 20;
/// The greatest number of characters of a taken answer, as in `sos check`.
const SHOWN: usize = 1000;
/// How often a long run asks whether it was interrupted.
const PATIENCE: Duration = Duration::from_millis(100);

/// A puzzle that texts are scored against.
struct Subject {
    told: Arc<Told>,
    /// What a solver proved, once it was needed.
    facts: OnceLock<SolverFacts>,
}

/// A text to score.
struct Job<'a> {
    text: std::borrow::Cow<'a, str>,
    subject: usize,
    form: usize,
}

/// How a text is read.
struct Form {
    dialect: DialectEntry,
    reading: Reading,
}

/// The puzzles and forms of a call. Equal ones are kept once.
#[derive(Default)]
struct Subjects {
    subjects: Vec<Subject>,
    forms: Vec<Form>,
    by_address: HashMap<usize, usize>,
    by_json: HashMap<(String, String), usize>,
    form_of: HashMap<(&'static str, String, &'static str), usize>,
}

impl Subjects {
    fn add(&mut self, told: Arc<Told>) -> usize {
        self.subjects.push(Subject { told, facts: OnceLock::new() });
        self.subjects.len() - 1
    }

    /// The puzzle of an item: a Puzzle, or a row.
    fn subject(&mut self, item: &Bound<'_, PyAny>) -> PyResult<usize> {
        if let Ok(puzzle) = item.cast::<Puzzle>() {
            let told = &puzzle.get().0;
            let address = Arc::as_ptr(told) as usize;
            if let Some(known) = self.by_address.get(&address) {
                return Ok(*known);
            }
            // Another object of an equal puzzle.
            let key = (told.env().to_string(), told.json.clone());
            let place = match self.by_json.get(&key) {
                Some(known) => *known,
                None => {
                    let place = self.add(Arc::clone(told));
                    self.by_json.insert(key, place);
                    place
                }
            };
            self.by_address.insert(address, place);
            return Ok(place);
        }
        let (env, value) = fields(item)?;
        let json = match &value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let key = (env, json);
        if let Some(known) = self.by_json.get(&key) {
            return Ok(*known);
        }
        let told = Told::read(&key.0, value).map_err(errors::request)?;
        let place = self.add(Arc::new(told));
        self.by_json.insert(key, place);
        Ok(place)
    }

    /// How the text of a row is read: as the call says; else as the row says; else as an answer, in `compact`.
    fn form(&mut self, subject: usize, item: &Bound<'_, PyAny>, call: &Call) -> PyResult<usize> {
        let is_row = !item.is_instance_of::<Puzzle>();
        let of_row = |name: &str| if is_row { said(item, name) } else { Ok(None) };
        let reading = match call.reading {
            Some(reading) => reading,
            None => of_row("read")?.map(|name| reading_of(&name)).transpose()?.unwrap_or(Reading::Answer),
        };
        let name = match (&call.dialect, reading) {
            // An answer stands in no dialect.
            (_, Reading::Answer) => String::new(),
            (Some(name), _) => name.clone(),
            (None, _) => of_row("dialect")?.unwrap_or_else(|| "compact".into()),
        };
        let told = self.subjects.get(subject).map(|subject| Arc::clone(&subject.told));
        let told = told.ok_or_else(|| errors::request(RequestError::new("puzzle", "missing")))?;
        let key = (told.env(), name, reading.name());
        if let Some(known) = self.form_of.get(&key) {
            return Ok(*known);
        }
        let dialect = match reading {
            Reading::Answer => dialects(told.family.about())
                .into_iter()
                .next()
                .ok_or_else(|| RequestError::new("dialect", "there is none for this environment")),
            _ => told.dialect(&key.1),
        };
        self.forms.push(Form { dialect: dialect.map_err(errors::request)?, reading });
        self.form_of.insert(key, self.forms.len() - 1);
        Ok(self.forms.len() - 1)
    }
}

/// What a call says of all its texts.
struct Call {
    reading: Option<Reading>,
    dialect: Option<String>,
}

pub fn reading_of(name: &str) -> PyResult<Reading> {
    Reading::of_name(name).ok_or_else(|| {
        let names = Reading::ALL.map(Reading::name).join(", ");
        errors::request(RequestError::new("read", format!("found \"{name}\"; allowed: {names}")))
    })
}

/// Scores texts. `puzzles` is one Puzzle or row for all of them, or a list with one for each.
#[pyfunction]
#[pyo3(signature = (texts, puzzles, read=None, dialect=None, threads=0))]
fn score_texts(
    py: Python<'_>,
    texts: &Bound<'_, PyList>,
    puzzles: &Bound<'_, PyAny>,
    read: Option<&str>,
    dialect: Option<String>,
    threads: usize,
) -> PyResult<Scores> {
    let call = Call { reading: read.map(reading_of).transpose()?, dialect };
    let strings = strings(texts)?;
    let mut subjects = Subjects::default();
    let mut jobs = Vec::with_capacity(strings.len());
    let many = puzzles.cast::<PyList>().ok();
    let mut one = None;
    if let Some(list) = many.filter(|list| list.len() != strings.len()) {
        let message =
            format!("found {} for {} texts; send one for each text, or one for all", list.len(), strings.len());
        return Err(errors::request(RequestError::new("puzzles", message)));
    }
    for (row, string) in strings.iter().enumerate() {
        let place = |item: &Bound<'_, PyAny>, subjects: &mut Subjects| -> PyResult<(usize, usize)> {
            let subject = subjects.subject(item)?;
            Ok((subject, subjects.form(subject, item, &call)?))
        };
        let (subject, form) = match (many, one) {
            (Some(list), _) => {
                let item = list.get_item(row)?;
                place(&item, &mut subjects).map_err(|error| in_row(py, error, row))?
            }
            (None, Some(known)) => known,
            (None, None) => *one.insert(place(puzzles, &mut subjects)?),
        };
        jobs.push(Job { text: texts::utf8(string)?, subject, form });
    }
    if many.is_none() && one.is_none() {
        // A wrong puzzle is an error even where there is no text.
        let subject = subjects.subject(puzzles)?;
        subjects.form(subject, puzzles, &call)?;
    }
    let scored = run(py, &jobs, &subjects, threads)?;
    Ok(Scores(scored))
}

/// The texts; an item that is no string is an error of the call.
fn strings<'py>(texts: &Bound<'py, PyList>) -> PyResult<Vec<Bound<'py, PyString>>> {
    let string = |(row, item): (usize, Bound<'py, PyAny>)| {
        item.cast_into::<PyString>().map_err(|error| {
            let kind = error.into_inner().get_type().name().map(|name| name.to_string()).unwrap_or_default();
            errors::request(RequestError::new("texts", format!("text {row}: found {kind}; send a string")))
        })
    };
    texts.iter().enumerate().map(string).collect()
}

/// An error with the number of its row.
fn in_row(py: Python<'_>, error: PyErr, row: usize) -> PyErr {
    if !error.is_instance_of::<errors::RequestError_>(py) {
        return error;
    }
    errors::RequestError_::new_err(format!("row {row}: {}", error.value(py)))
}

/// Scores all texts, in the order of their puzzles, and gives the scores in the order of the texts.
fn run(py: Python<'_>, jobs: &[Job<'_>], subjects: &Subjects, threads: usize) -> PyResult<Vec<Scored>> {
    let mut order: Vec<usize> = (0..jobs.len()).collect();
    order.sort_by_key(|&place| jobs.get(place).map(|job| (job.subject, job.form)));
    let chunks = chunks(jobs, &order);
    let most = match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let threads = most.min(chunks.len());
    let (subjects, forms) = (&subjects.subjects, &subjects.forms);
    let chunk = |range: &Range<usize>| {
        let places = order.get(range.clone()).unwrap_or_default();
        // An error of the code of an environment in Python is that of the chunk's rows.
        let wrong = |sentence: String| {
            places.iter().map(|place| (*place, Err(RequestError::new("puzzle", sentence.clone())))).collect()
        };
        crate::environment::failure::caught(|| score_chunk(places, jobs, subjects, forms)).unwrap_or_else(wrong)
    };
    let done = crate::environment::failure::guarded(py, || match threads {
        0 => Ok(Vec::new()),
        1 if jobs.len() <= CHUNK_TEXTS => Ok(chunks.iter().flat_map(chunk).collect()),
        _ => in_threads(&chunks, threads, &chunk),
    })??;
    let mut scored: Vec<Option<Scored>> = Vec::new();
    scored.resize_with(jobs.len(), || None);
    for (place, score) in done {
        if let Some(slot) = scored.get_mut(place) {
            *slot = Some(score.map_err(|error| in_row(py, errors::request(error), place))?);
        }
    }
    let all: Option<Vec<Scored>> = scored.into_iter().collect();
    all.ok_or_else(|| errors::row("a thread that scores texts ended"))
}

type Done = Vec<(usize, Result<Scored, RequestError>)>;

/// Does the chunks in threads. An interrupt of Python ends the work.
fn in_threads(
    chunks: &[Range<usize>],
    threads: usize,
    chunk: &(impl Fn(&Range<usize>) -> Done + Sync),
) -> PyResult<Done> {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (send, receive) = sync_channel(threads);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (send, next, stop) = (send.clone(), &next, &stop);
            scope.spawn(move || {
                let mut done = Vec::new();
                while !stop.load(Ordering::Relaxed)
                    && let Some(range) = chunks.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    done.extend(chunk(range));
                }
                // The other side waits for all threads, or is no longer interested.
                let _ = send.send(done);
            });
        }
        drop(send);
        let mut all = Vec::new();
        loop {
            match receive.recv_timeout(PATIENCE) {
                Ok(done) => all.extend(done),
                Err(RecvTimeoutError::Disconnected) => return Ok(all),
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(interrupt) = Python::attach(|py| py.check_signals()) {
                        stop.store(true, Ordering::Relaxed);
                        return Err(interrupt);
                    }
                }
            }
        }
    })
}

/// Divides the texts in their order.
fn chunks(jobs: &[Job<'_>], order: &[usize]) -> Vec<Range<usize>> {
    let (mut chunks, mut start, mut bytes) = (Vec::new(), 0, 0);
    for (at, &place) in order.iter().enumerate() {
        bytes += jobs.get(place).map_or(0, |job| job.text.len());
        if at + 1 - start >= CHUNK_TEXTS || bytes >= CHUNK_BYTES {
            chunks.push(start..at + 1);
            (start, bytes) = (at + 1, 0);
        }
    }
    if start < order.len() {
        chunks.push(start..order.len());
    }
    chunks
}

fn score_chunk(places: &[usize], jobs: &[Job<'_>], subjects: &[Subject], forms: &[Form]) -> Done {
    let _inside = crate::forks::Inside::enter();
    let mut done = Vec::with_capacity(places.len());
    let subject_of = |place: &usize| jobs.get(*place).map(|job| job.subject);
    for same in places.chunk_by(|one, other| subject_of(one) == subject_of(other)) {
        let Some(subject) = same.first().and_then(subject_of).and_then(|subject| subjects.get(subject)) else {
            continue;
        };
        let puzzle = match subject.told.puzzle() {
            Ok(puzzle) => puzzle,
            Err(error) => {
                done.extend(same.iter().map(|place| (*place, Err(error.clone()))));
                continue;
            }
        };
        let facts = match subject.facts.get() {
            Some(known) => LazyFacts::known(&puzzle, *known),
            None => LazyFacts::new(&puzzle),
        };
        for &place in same {
            let Some((job, form)) = jobs.get(place).and_then(|job| Some((job, forms.get(job.form)?))) else { continue };
            let read = ReadText::read(&puzzle, &form.dialect, &job.text, 0, form.reading);
            let verdict = read.check(&puzzle, &facts, Request::default());
            if verdict.solved {
                // A right answer was compared with the cheapest one, so this proves nothing anew.
                subject.facts.get_or_init(|| *facts.get());
            }
            let Steps { steps, wrong, claims } = Steps::count(&read.parsed, &verdict);
            let rollout = Rollout {
                readable: true,
                solved: verdict.solved,
                reward: verdict.reward >= 1.0,
                valid: verdict.valid,
                optimal: verdict.optimal == Some(true),
                steps,
                wrong_steps: wrong,
                claims,
                length: job.text.len() as u64,
            };
            let scored = Scored {
                id: Arc::clone(&subject.told.id),
                trace_valid: read.parsed.trace.tells().then_some(verdict.metrics.trace_valid),
                answer_right: verdict.answer_right,
                first_error: verdict.first_error.as_ref().map(|error| error.class.name().into()),
                nodes: verdict.metrics.counts.nodes,
                penalty: rollout.penalty().value(),
                taken: read.taken.map(|taken| shown(job.text.get(taken.span.0..taken.span.1).unwrap_or_default())),
                how: read.taken.map(|taken| taken.how.name().into()),
                error: None,
                rollout,
            };
            done.push((place, Ok(scored)));
        }
    }
    done
}

/// A taken answer; a long one is shortened, as in a verdict.
fn shown(inside: &str) -> String {
    match inside.char_indices().nth(SHOWN).and_then(|(end, _)| inside.get(..end)) {
        Some(front) => format!("{front}…"),
        None => inside.into(),
    }
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(score_texts, module)?)
}
