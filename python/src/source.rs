//! A prepared dataset, the order of its rows, and batches of them in this order, made ahead by threads.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use sos_envs::{Permutation, Streams};
use stream_of_search::record::Datasets;
use stream_of_search::table::{RowSource, Rows};

use crate::columns;
use crate::forks::Inside;

type Scratch = <Datasets as RowSource>::Scratch;
pub type Made = Result<RecordBatch, String>;

/// Datasets whose buffers a thread keeps for the next call.
const KEPT: usize = 4;

thread_local! {
    /// Buffers of the thread, each with the number of its dataset; the last used last.
    static BUFFERS: RefCell<Vec<(usize, Scratch)>> = const { RefCell::new(Vec::new()) };
}

static OPENED: AtomicUsize = AtomicUsize::new(0);

/// A dataset with one record config, prepared, and the schema of its rows.
pub struct Source {
    datasets: Datasets,
    pub schema: SchemaRef,
    /// Number of rows that the split can have.
    pub capacity: u64,
    number: usize,
}

impl Source {
    /// A dataset of which a split is prepared.
    pub fn new(datasets: Datasets, split: usize) -> Self {
        let schema = datasets.schemas().first().map_or_else(|| columns::schema(&Default::default()), columns::schema);
        let capacity = u64::try_from(datasets.capacity(split)).unwrap_or(u64::MAX);
        Source { datasets, schema, capacity, number: OPENED.fetch_add(1, Ordering::Relaxed) }
    }

    pub fn datasets(&self) -> &Datasets {
        &self.datasets
    }

    /// Does something with the buffers that this thread has for the dataset. It keeps them if nothing went wrong.
    pub fn with_buffers<T>(&self, run: impl FnOnce(&mut Scratch) -> Result<T, String>) -> Result<T, String> {
        let kept = BUFFERS.with_borrow_mut(|kept| {
            let place = kept.iter().position(|(number, _)| *number == self.number);
            place.map(|place| kept.remove(place).1)
        });
        let mut scratch = kept.unwrap_or_else(|| self.datasets.scratch());
        let done = run(&mut scratch)?;
        BUFFERS.with_borrow_mut(|kept| {
            if kept.len() >= KEPT {
                kept.remove(0);
            }
            kept.push((self.number, scratch));
        });
        Ok(done)
    }

    /// Adds a row.
    pub fn row(&self, split: usize, index: u64, scratch: &mut Scratch, rows: &mut [Rows]) -> Result<(), String> {
        let _inside = Inside::enter();
        let made = crate::environment::failure::caught(|| self.datasets.rows(split, index, scratch, rows))?;
        made.map(drop).map_err(|error| error.to_string())
    }

    /// The batch of the rows, which leaves none.
    pub fn batch(&self, rows: &mut Vec<Rows>) -> Made {
        let rows = std::mem::replace(rows, self.datasets.batches());
        let rows = rows.into_iter().next().ok_or("the recipe has no record config")?;
        columns::batch(&self.schema, rows).map_err(|error| error.to_string())
    }
}

/// Which rows of a split come, in which order, and in how large batches: the positions `start`, `start + step` … below `stop`, and of their batches those
/// numbered `first`, `first + stride` ….
#[derive(Clone)]
pub struct Plan {
    pub split: usize,
    pub start: u64,
    pub stop: u64,
    pub step: u64,
    pub size: u64,
    pub first: u64,
    pub stride: u64,
    /// Positions count on from the first row behind so many rows.
    pub wrap: Option<u64>,
    /// The order of the rows; that of the split where there is none. Position 5 is then the row `order.at(5)`.
    pub order: Option<Permutation>,
}

impl Plan {
    /// The order of a shuffled epoch of so many rows.
    pub fn shuffled(seed: u64, epoch: u64, rows: u64) -> Option<Permutation> {
        (rows > 0).then(|| Streams::new(seed, "shuffle", &epoch.to_string()).permutation(u128::from(rows)))
    }

    /// Number of batches.
    fn batches(&self) -> u64 {
        let all = self.stop.saturating_sub(self.start).div_ceil(self.step.max(1)).div_ceil(self.size.max(1));
        all.saturating_sub(self.first).div_ceil(self.stride.max(1))
    }

    fn indices(&self, batch: u64) -> impl Iterator<Item = u64> + '_ {
        let wide = |number: u64| u128::from(number);
        let batch = wide(batch).saturating_mul(wide(self.stride)).saturating_add(wide(self.first));
        let before = batch.saturating_mul(wide(self.size)).saturating_mul(wide(self.step));
        let first = before.saturating_add(wide(self.start));
        let positions =
            (0..self.size).map(move |place| first.saturating_add(wide(place).saturating_mul(wide(self.step))));
        positions
            .map_while(move |position| u64::try_from(position).ok().filter(|&position| position < self.stop))
            .map(|at| self.row(at))
    }

    fn row(&self, position: u64) -> u64 {
        let position = self.wrap.and_then(|rows| position.checked_rem(rows)).unwrap_or(position);
        match &self.order {
            Some(order) if wide_of(position) < order.size() => {
                u64::try_from(order.at(wide_of(position))).unwrap_or(position)
            }
            _ => position,
        }
    }
}

fn wide_of(number: u64) -> u128 {
    u128::from(number)
}

/// Batches in order. Thread t of n makes the batches t, t + n … ahead of the reader. The threads start with the first batch that is asked for, and start
/// again in a forked process, which has none.
pub struct Ordered {
    source: Arc<Source>,
    plan: Plan,
    count: u64,
    threads: Vec<Receiver<Made>>,
    /// The process of the threads, and the batch with which they began.
    process: u32,
    began: u64,
    next: u64,
    batches: u64,
}

/// What comes next of the batches.
pub enum Next {
    Batch(RecordBatch),
    Wrong(String),
    /// Nothing yet.
    Later,
    End,
}

impl Ordered {
    pub fn new(source: &Arc<Source>, plan: Plan, threads: usize) -> Self {
        let batches = plan.batches();
        let count = (threads.max(1) as u64).min(batches.max(1));
        let source = Arc::clone(source);
        Ordered { source, plan, count, threads: Vec::new(), process: 0, began: 0, next: 0, batches }
    }

    /// The next batch, if it is there before the time is over.
    pub fn wait(&mut self, time: Duration) -> Next {
        if self.next >= self.batches {
            return Next::End;
        }
        if let Err(error) = self.started() {
            return self.failed(error);
        }
        let thread = (self.next - self.began).checked_rem(self.threads.len() as u64).unwrap_or(0);
        let Some(thread) = self.threads.get(thread as usize) else { return Next::End };
        match thread.recv_timeout(time) {
            Ok(Ok(batch)) => {
                self.next += 1;
                Next::Batch(batch)
            }
            Ok(Err(error)) => self.failed(error),
            Err(RecvTimeoutError::Timeout) => Next::Later,
            Err(RecvTimeoutError::Disconnected) => self.failed("a thread that makes rows ended".into()),
        }
    }

    fn failed(&mut self, error: String) -> Next {
        self.next = self.batches;
        Next::Wrong(error)
    }

    /// Sees to it that this process has threads.
    fn started(&mut self) -> Result<(), String> {
        let process = std::process::id();
        if self.process == process {
            return Ok(());
        }
        self.forget();
        (self.process, self.began) = (process, self.next);
        for thread in 0..self.count {
            let (send, receive) = sync_channel(2);
            let (source, plan) = (Arc::clone(&self.source), self.plan.clone());
            let batches = (self.began.saturating_add(thread)..self.batches).step_by(self.count as usize);
            let work = move || make(&source, &plan, batches, &send);
            std::thread::Builder::new().spawn(work).map_err(|error| format!("a thread that makes rows: {error}"))?;
            self.threads.push(receive);
        }
        Ok(())
    }

    /// Leaves the threads of another process alone. To disconnect from them could wait for one of them for ever.
    fn forget(&mut self) {
        std::mem::take(&mut self.threads).into_iter().for_each(std::mem::forget);
    }
}

/// Makes batches until all are made, one fails, or the reader is gone.
fn make(source: &Source, plan: &Plan, batches: impl Iterator<Item = u64>, send: &SyncSender<Made>) {
    let (mut rows, mut scratch) = (source.datasets.batches(), source.datasets.scratch());
    for batch in batches {
        let made = plan.indices(batch).try_for_each(|index| source.row(plan.split, index, &mut scratch, &mut rows));
        let made = made.and_then(|()| source.batch(&mut rows));
        let failed = made.is_err();
        if send.send(made).is_err() || failed {
            return;
        }
    }
}

impl Drop for Ordered {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            self.forget();
        }
    }
}

impl Iterator for Ordered {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.wait(Duration::from_secs(3600)) {
                Next::Batch(batch) => return Some(Ok(batch)),
                Next::Wrong(error) => return Some(Err(ArrowError::ExternalError(error.into()))),
                Next::Later => {}
                Next::End => return None,
            }
        }
    }
}

impl RecordBatchReader for Ordered {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.source.schema)
    }
}
