//! The workers that make and encode rows, and the writer that writes them to files.

use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::error::GenerateError;
use super::folder::{Folder, report_repairs};
use super::job::{Job, Part, range};
use super::ordered::{Ordered, StopOnPanic};
use super::output::OpenPart;
use super::recorded::{PartRecord, add_tally};
use super::saved::{Pace, Saved};
use super::{Ending, GenerateOptions, GenerateOutcome, Progress};
use crate::sink::{Encoder, Format, Piece, SinkError};
use crate::table::{RowSource, Rows, Schema, Tally};

/// Greatest number of rows that a source makes in one step. A worker holds them for every config before they are encoded.
const STEP_ROWS: u64 = 64;

/// Number of rows in the first step of a chunk, when their size is not known yet.
const FIRST_STEP_ROWS: u64 = 8;

/// Size of a step, all configs together, that a worker tries not to exceed. It affects the bytes of a file, as the other sizes here do: a row group or
/// a page may end with a step.
const STEP_BYTES: usize = 4 << 20;

/// Encoded bytes that may wait for the writer, for each thread.
const BUDGET_PER_THREAD: usize = 8 << 20;

/// What is the same for all runs but those of tests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The size at which writing a file fails as on a full disk.
    pub(crate) file: u64,
    /// When rows are saved.
    pub(crate) pace: Pace,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { file: u64::MAX, pace: Pace::default() }
    }
}

/// Generates a dataset.
pub(crate) fn generate<S: RowSource>(
    source: &S,
    folder: &Path,
    options: &GenerateOptions,
    stop: &AtomicBool,
    progress: &dyn Progress,
    limits: Limits,
) -> Result<GenerateOutcome, GenerateError> {
    let shards = options.num_shards;
    if shards == 0 {
        return Err(range("--num-shards", 0, "1 or more"));
    }
    if options.shard_index >= shards {
        return Err(range("--shard-index", options.shard_index, format!("0 to {}", shards - 1)));
    }
    let job = Job::new(source, options)?;
    let (parts, schemas) = (job.parts(), source.schemas());
    let folder = Folder::open(folder, source, &job, options)?;
    let (todo, mut outcome) = plan(&job, &parts, &folder, progress)?;
    if !todo.is_empty() {
        let run = Run::new(source, &job, &schemas, &folder, &todo, options, stop, progress, limits);
        let done = run.work(&mut outcome)?;
        outcome.rows_restored = run.restored.into_inner();
        if !done {
            outcome.rows_saved = folder.saved(&job).rows() * job.configs.len() as u64;
            outcome.ending = Ending::Interrupted;
            return Ok(outcome);
        }
    }
    outcome.ending = match folder.finish(&job, &parts, &schemas)? {
        0 => Ending::Complete,
        missing => Ending::ShardComplete { missing },
    };
    Ok(outcome)
}

/// A part that must be made, and for which configs.
struct Todo<'a> {
    part: &'a Part,
    wanted: Vec<bool>,
    /// Number of the task for its first chunk.
    first_task: u64,
    tasks: u64,
}

/// Finds the parts of this shard that are missing.
fn plan<'a>(
    job: &Job,
    parts: &'a [Part],
    folder: &Folder,
    progress: &dyn Progress,
) -> Result<(Vec<Todo<'a>>, GenerateOutcome), GenerateError> {
    let configs = job.configs.len();
    let chunk = chunk_rows(job);
    let mut outcome = GenerateOutcome::new();
    let (mut todo, mut tasks, mut rows, mut there) = (Vec::new(), 0u64, 0u64, 0u64);
    for (number, part) in (0..).zip(parts) {
        if !folder.owns(number) {
            continue;
        }
        let wanted = match folder.record(part) {
            Some(record) => report_repairs(job, part, &folder.broken_files(job, part, &record), progress),
            None => vec![true; configs],
        };
        let missing = wanted.iter().filter(|wanted| **wanted).count() as u64;
        let (kept, length) = (configs as u64 - missing, part.rows.end - part.rows.start);
        outcome.files_kept += kept;
        rows += configs as u64 * length;
        there += kept * length;
        if missing > 0 {
            folder.remove_stale(job, part)?;
            let count = length.div_ceil(chunk);
            todo.push(Todo { part, wanted, first_task: tasks, tasks: count });
            tasks += count;
        }
    }
    progress.start(rows, there);
    Ok((todo, outcome))
}

fn chunk_rows(job: &Job) -> u64 {
    job.format.parse().map_or(1, Format::chunk_rows)
}

/// A message from a worker to the writer.
enum Message {
    Piece { config: usize, piece: Piece },
    Counts(Tally),
}

/// What the workers and the writer of a run share.
struct Run<'a, S: RowSource> {
    source: &'a S,
    job: &'a Job,
    schemas: &'a [Schema],
    folder: &'a Folder,
    todo: &'a [Todo<'a>],
    format: Format,
    threads: usize,
    stop: &'a AtomicBool,
    progress: &'a dyn Progress,
    limits: Limits,
    queue: Ordered<Message>,
    failure: Mutex<Option<GenerateError>>,
    saved: Saved,
    /// Number of rows, in all configs, that were taken from units.
    restored: AtomicU64,
}

impl<'a, S: RowSource> Run<'a, S> {
    #[expect(clippy::too_many_arguments, reason = "called once; a struct of the same fields follows")]
    fn new(
        source: &'a S,
        job: &'a Job,
        schemas: &'a [Schema],
        folder: &'a Folder,
        todo: &'a [Todo<'a>],
        options: &GenerateOptions,
        stop: &'a AtomicBool,
        progress: &'a dyn Progress,
        limits: Limits,
    ) -> Self {
        let tasks = todo.last().map_or(0, |last| last.first_task + last.tasks);
        let threads = options.threads.min(usize::try_from(tasks).unwrap_or(usize::MAX)).max(1);
        let queue = Ordered::new(tasks, BUDGET_PER_THREAD.saturating_mul(threads));
        let (format, failure) = (options.format, Mutex::new(None));
        let saved = folder.saved(job);
        let restored = AtomicU64::new(0);
        Run {
            source,
            job,
            schemas,
            folder,
            todo,
            format,
            threads,
            stop,
            progress,
            limits,
            queue,
            failure,
            saved,
            restored,
        }
    }

    /// Makes all parts. False if the stop flag ended the run.
    fn work(&self, outcome: &mut GenerateOutcome) -> Result<bool, GenerateError> {
        let panicked = std::thread::scope(|scope| {
            let mut workers = Vec::new();
            for number in 0..self.threads {
                let builder = std::thread::Builder::new().name(format!("worker {number}"));
                match builder.spawn_scoped(scope, || self.worker()) {
                    Ok(worker) => workers.push(worker),
                    // A run with fewer workers is only slower.
                    Err(source) if number == 0 => self.fail(GenerateError::Threads { source }),
                    Err(_) => break,
                }
            }
            if let Err(error) = self.write_all(outcome) {
                self.fail(error);
            }
            workers.into_iter().filter_map(|worker| worker.join().err()).count() > 0
        });
        if let Some(error) = self.failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(error);
        }
        if panicked {
            return Err(GenerateError::Panic);
        }
        Ok(self.queue.is_done())
    }

    /// Keeps the first error and stops the run.
    fn fail(&self, error: GenerateError) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        self.queue.stop();
    }

    fn worker(&self) {
        let _guard = StopOnPanic(&self.queue);
        if let Err(error) = self.work_off() {
            self.fail(error);
        }
    }

    fn work_off(&self) -> Result<(), GenerateError> {
        let mut state = WorkerState {
            scratch: self.source.scratch(),
            rows: self.schemas.iter().cloned().map(Rows::new).collect(),
            encoders: Vec::new(),
            row_seconds: None,
        };
        for (config, schema) in self.job.configs.iter().zip(self.schemas) {
            state.encoders.push(Encoder::new(self.format, schema).map_err(GenerateError::sink(Path::new(config)))?);
        }
        while let Some(task) = self.queue.take() {
            if !self.make_chunk(task, &mut state)? {
                break;
            }
        }
        Ok(())
    }

    fn todo_of(&self, task: u64) -> &'a Todo<'a> {
        let after = self.todo.partition_point(|todo| todo.first_task <= task);
        &self.todo[after.saturating_sub(1)]
    }

    /// Makes and encodes the rows of a task. False if the run has stopped.
    fn make_chunk(&self, task: u64, state: &mut WorkerState<S::Scratch>) -> Result<bool, GenerateError> {
        let todo = self.todo_of(task);
        let size = self.format.chunk_rows();
        let mut start = todo.part.rows.start + (task - todo.first_task) * size;
        let end = start.saturating_add(size).min(todo.part.rows.end);
        let mut tally = Tally::new();
        let mut step_rows = FIRST_STEP_ROWS;
        while start < end {
            let step = start..start.saturating_add(step_rows).min(end);
            start = step.end;
            if !self.fill(todo, step, state, &mut tally)? {
                self.queue.stop();
                return Ok(false);
            }
            step_rows = next_step(step_rows, state.rows.iter().map(Rows::byte_len).sum());
            if !self.encode(task, todo, state, start == end)? {
                return Ok(false);
            }
        }
        let alive = self.queue.push(task, Message::Counts(tally), 0);
        self.queue.end(task);
        Ok(alive)
    }

    /// Fills the batches with the rows of a step: with saved ones, and with new ones, which are saved where they are slow. False if the run has stopped.
    fn fill(
        &self,
        todo: &Todo<'_>,
        step: Range<u64>,
        state: &mut WorkerState<S::Scratch>,
        tally: &mut Tally,
    ) -> Result<bool, GenerateError> {
        let split = todo.part.split;
        state.rows.iter_mut().for_each(Rows::clear);
        let mut rest = step.clone();
        while !rest.is_empty() {
            if self.stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            if let Some((rows, counts)) = self.saved.load(split, &rest, &mut state.rows) {
                add_tally(tally, &counts);
                self.restored.fetch_add(rows * self.schemas.len() as u64, Ordering::Relaxed);
                rest.start += rows;
                continue;
            }
            let unit = self.limits.pace.unit.as_secs_f64();
            // A float too great for an integer is the greatest integer.
            let rows = state.row_seconds.map_or(1, |seconds| (unit / seconds).max(1.0) as u64);
            let made = rest.start..rest.start + rows.min(self.saved.free(split, &rest));
            rest.start = made.end;
            self.make(todo, made, state, tally)?;
        }
        Ok(true)
    }

    /// Makes rows, and saves them if a file of such rows takes long.
    fn make(
        &self,
        todo: &Todo<'_>,
        rows: Range<u64>,
        state: &mut WorkerState<S::Scratch>,
        tally: &mut Tally,
    ) -> Result<(), GenerateError> {
        let Todo { part, .. } = todo;
        let (begun, number, mut counts) = (Instant::now(), rows.end - rows.start, Tally::new());
        let before: Vec<usize> = state.rows.iter().map(Rows::len).collect();
        self.source.fill(part.split, rows.clone(), &mut state.scratch, &mut state.rows, &mut counts).map_err(
            |source| {
                let split = self.job.splits[part.split].name.clone();
                GenerateError::Source { split, from: rows.start, to: rows.end - 1, source }
            },
        )?;
        for ((config, batch), before) in self.job.configs.iter().zip(&state.rows).zip(before) {
            let found = batch.len().saturating_sub(before);
            if found as u64 != number {
                let (split, config) = (self.job.splits[part.split].name.clone(), config.clone());
                return Err(GenerateError::RowCount { split, config, from: rows.start, found, expected: number });
            }
        }
        add_tally(tally, &counts);
        let seconds = begun.elapsed().as_secs_f64() / number.max(1) as f64;
        state.row_seconds = Some(seconds);
        let file = seconds * (part.rows.end - part.rows.start) as f64 / self.threads as f64;
        if file > self.limits.pace.file.as_secs_f64() {
            self.saved.save(part.split, rows, &state.rows, &counts)?;
        }
        Ok(())
    }

    /// Encodes a worker's rows and sends complete pieces. False if the run has stopped.
    fn encode(
        &self,
        task: u64,
        todo: &Todo<'_>,
        state: &mut WorkerState<S::Scratch>,
        last: bool,
    ) -> Result<bool, GenerateError> {
        for (config, (rows, encoder)) in state.rows.iter().zip(&mut state.encoders).enumerate() {
            if !todo.wanted[config] {
                continue;
            }
            let error =
                |source: SinkError| GenerateError::sink(&self.folder.path(&self.job.file(config, todo.part)))(source);
            let full = encoder.push(rows).map_err(error)?;
            let rest = if last { encoder.finish().map_err(error)? } else { None };
            for piece in full.into_iter().chain(rest) {
                let weight = piece.weight();
                if !self.queue.push(task, Message::Piece { config, piece }, weight) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// The writer: takes pieces in order and writes them to files, one part after the other.
    fn write_all(&self, outcome: &mut GenerateOutcome) -> Result<(), GenerateError> {
        let mut open: Option<OpenPart> = None;
        while let Some((task, message)) = self.queue.pop() {
            if self.stop.load(Ordering::Relaxed) {
                self.queue.stop();
                break;
            }
            let todo = self.todo_of(task);
            let part = match &mut open {
                Some(part) => part,
                None => open.insert(self.open_part(todo)?),
            };
            match message {
                Message::Piece { config, piece } => {
                    let (rows, bytes) = (piece.rows(), piece.weight() as u64);
                    part.append(config, piece)?;
                    self.progress.advance(rows, bytes);
                }
                Message::Counts(tally) => {
                    add_tally(&mut part.tally, &tally);
                    if task + 1 == todo.first_task + todo.tasks
                        && let Some(part) = open.take()
                    {
                        self.finish_part(todo, part, outcome)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn open_part(&self, todo: &Todo<'_>) -> Result<OpenPart, GenerateError> {
        let path =
            |(config, wanted): (usize, &bool)| wanted.then(|| self.folder.path(&self.job.file(config, todo.part)));
        OpenPart::new(todo.wanted.iter().enumerate().map(path).collect(), self.schemas, self.format, self.limits.file)
    }

    /// Renames the files of a part and records it.
    fn finish_part(&self, todo: &Todo<'_>, part: OpenPart, outcome: &mut GenerateOutcome) -> Result<(), GenerateError> {
        let mut record = PartRecord { files: Vec::new(), tally: part.tally };
        let before = self.folder.record(todo.part);
        let mut finished = Vec::new();
        for (config, file) in part.files.into_iter().enumerate() {
            let path = self.job.file(config, todo.part);
            if let Some(file) = file {
                record.files.push(file.finish()?);
                outcome.files_written += 1;
                outcome.rows_written += todo.part.rows.end - todo.part.rows.start;
                finished.push(path);
            } else if let Some(kept) = before.as_ref().and_then(|before| before.files.get(config)) {
                record.files.push(kept.clone());
            }
        }
        self.folder.write_record(todo.part, &record)?;
        self.saved.forget(todo.part.split, &todo.part.rows)?;
        finished.iter().for_each(|file| self.progress.finished(file));
        Ok(())
    }
}

/// Number of rows of the next step, from the rows and bytes of the last one. Each chunk starts again from [`FIRST_STEP_ROWS`], so its steps depend only on
/// its own rows.
fn next_step(rows: u64, bytes: usize) -> u64 {
    if bytes > STEP_BYTES {
        (rows / 2).max(1)
    } else if bytes <= STEP_BYTES / 2 {
        (rows * 2).min(STEP_ROWS)
    } else {
        rows
    }
}

/// Buffers of a worker, reused for every task.
struct WorkerState<T> {
    scratch: T,
    rows: Vec<Rows>,
    encoders: Vec<Encoder>,
    /// How long a row took lately; none before the first one.
    row_seconds: Option<f64>,
}
