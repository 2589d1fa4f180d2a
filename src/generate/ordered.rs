//! A queue that gives numbered tasks to workers and their results to one writer, in the order of the tasks and in bounded memory.
//!
//! [`in_order`] is for tasks that come from a source of unknown length.
//!
//! A worker splits the result of a task into items. Items of the *head*, the oldest unfinished task, go to the writer directly. Items of later tasks
//! wait, up to a budget; a worker over the budget waits as well. The head never waits for other tasks, so the queue always makes progress.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The queue.
pub(crate) struct Ordered<T> {
    state: Mutex<State<T>>,
    /// Signalled when a worker may continue: there is room, the head has moved, or the queue has stopped.
    room: Condvar,
    /// Signalled when the writer may continue.
    arrived: Condvar,
    budget: usize,
}

struct State<T> {
    tasks: u64,
    next: u64,
    head: u64,
    /// Of the head and the tasks behind it, as far as they have said anything.
    waiting: VecDeque<Waiting<T>>,
    /// Total weight of the items of tasks behind the head.
    ahead: usize,
    stopped: bool,
}

struct Waiting<T> {
    items: VecDeque<(T, usize)>,
    weight: usize,
    ended: bool,
}

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Waiting { items: VecDeque::new(), weight: 0, ended: false }
    }
}

impl<T> State<T> {
    /// What waits of a task that is not before the head.
    fn of_task(&mut self, task: u64) -> &mut Waiting<T> {
        let place = usize::try_from(task.saturating_sub(self.head)).unwrap_or(usize::MAX);
        while self.waiting.len() <= place {
            self.waiting.push_back(Waiting::default());
        }
        &mut self.waiting[place]
    }
}

impl<T> Ordered<T> {
    /// A queue of `tasks` tasks. The items of the head may weigh up to `budget`, and all other items together as well.
    pub(crate) fn new(tasks: u64, budget: usize) -> Self {
        let state = State { tasks, next: 0, head: 0, waiting: VecDeque::new(), ahead: 0, stopped: false };
        Ordered { state: Mutex::new(state), room: Condvar::new(), arrived: Condvar::new(), budget }
    }

    /// Says that there are only the tasks before this one, which a worker took and does not end.
    fn close(&self, tasks: u64) {
        let mut state = self.lock();
        state.tasks = state.tasks.min(tasks);
        self.arrived.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next task for a worker; none if there is none left or the queue has stopped.
    pub(crate) fn take(&self) -> Option<u64> {
        let mut state = self.lock();
        if state.stopped || state.next >= state.tasks {
            return None;
        }
        state.next += 1;
        Some(state.next - 1)
    }

    /// Adds an item of a task. It waits for room. False if the queue has stopped.
    pub(crate) fn push(&self, task: u64, item: T, weight: usize) -> bool {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return false;
            }
            let is_head = task == state.head;
            let held = if is_head { state.of_task(task).weight } else { state.ahead };
            // A single item always fits, whatever its weight.
            if held == 0 || held.saturating_add(weight) <= self.budget {
                let waiting = state.of_task(task);
                waiting.items.push_back((item, weight));
                waiting.weight += weight;
                if is_head {
                    self.arrived.notify_one();
                } else {
                    state.ahead += weight;
                }
                return true;
            }
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Ends a task: it has no more items.
    pub(crate) fn end(&self, task: u64) {
        let mut state = self.lock();
        state.of_task(task).ended = true;
        if task == state.head {
            self.arrived.notify_one();
        }
    }

    /// The next item in order, with its task. It waits for one. None if all tasks have ended or the queue has stopped.
    pub(crate) fn pop(&self) -> Option<(u64, T)> {
        let mut state = self.lock();
        loop {
            if state.stopped || state.head >= state.tasks {
                return None;
            }
            let head = state.head;
            let waiting = state.of_task(head);
            if let Some((item, weight)) = waiting.items.pop_front() {
                waiting.weight -= weight;
                self.room.notify_all();
                return Some((head, item));
            }
            if waiting.ended {
                state.waiting.pop_front();
                state.head += 1;
                state.ahead -= state.waiting.front().map_or(0, |waiting| waiting.weight);
                self.room.notify_all();
                continue;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether all items of all tasks went to the writer before the queue stopped.
    pub(crate) fn is_done(&self) -> bool {
        let state = self.lock();
        state.head >= state.tasks && !state.stopped
    }

    /// Stops the queue. Workers and writer get nothing more.
    pub(crate) fn stop(&self) {
        self.lock().stopped = true;
        self.room.notify_all();
        self.arrived.notify_all();
    }
}

/// Stops the queue when its thread panics, so that other threads do not wait for it.
pub(crate) struct StopOnPanic<'a, T>(pub(crate) &'a Ordered<T>);

impl<T> Drop for StopOnPanic<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

/// Weight of the results that may wait for the writer, for each thread.
const BUDGET_PER_THREAD: usize = 8 << 20;

/// Receives a result and its weight. False if there is no need for more.
pub(crate) type Emit<'a, O> = &'a mut dyn FnMut(O, usize) -> bool;

/// Takes inputs, one thread at a time, works them off in `threads` threads, and gives the results to `each` in the order of the inputs, in this thread.
/// An error of `next` comes behind the results of all inputs before it. An error of `each` ends the work.
pub(crate) fn in_order<I, O: Send, E: Send>(
    threads: usize,
    mut next: impl FnMut() -> Result<Option<I>, E> + Send,
    work: impl Fn(I, Emit<'_, O>) + Sync,
    mut each: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
    let queue = Ordered::new(u64::MAX, BUDGET_PER_THREAD.saturating_mul(threads));
    let source = Mutex::new((&mut next, None));
    let worker: &(dyn Fn() + Sync) = &|| {
        let _guard = StopOnPanic(&queue);
        loop {
            let mut source = source.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(task) = queue.take() else { return };
            let input = match (source.0)() {
                Ok(Some(input)) => input,
                end => {
                    source.1 = end.err();
                    return queue.close(task);
                }
            };
            drop(source);
            work(input, &mut |result, weight| queue.push(task, result, weight));
            queue.end(task);
        }
    };
    let mut ended = Ok(());
    let started = run_threads(threads, worker, &mut || {
        while let Some((_, result)) = queue.pop() {
            ended = each(result);
            if ended.is_err() {
                return queue.stop();
            }
        }
    });
    let (_, failed) = source.into_inner().unwrap_or_else(PoisonError::into_inner);
    if !started {
        return here(next, work, each);
    }
    ended.and(failed.map_or(Ok(()), Err))
}

/// Runs `worker` in up to `threads` threads and `writer` in this one. False, and nothing is run, if the system gives no thread. Apart from the types of
/// [`in_order`], so that threads are compiled once.
fn run_threads(threads: usize, worker: &(dyn Fn() + Sync), writer: &mut dyn FnMut()) -> bool {
    std::thread::scope(|scope| {
        let mut started = 0;
        while started < threads && std::thread::Builder::new().spawn_scoped(scope, worker).is_ok() {
            started += 1;
        }
        if started > 0 {
            writer();
        }
        started > 0
    })
}

/// The same work in this thread alone.
fn here<I, O, E>(
    mut next: impl FnMut() -> Result<Option<I>, E>,
    work: impl Fn(I, Emit<'_, O>),
    mut each: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
    while let Some(input) = next()? {
        let mut ended = Ok(());
        work(input, &mut |result, _| {
            ended = each(result);
            ended.is_ok()
        });
        ended?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Ordered, StopOnPanic, in_order};
    use std::sync::atomic::{AtomicIsize, Ordering};

    #[test]
    fn results_come_in_the_order_of_the_inputs_and_errors_behind_them() {
        for threads in [0, 1, 2, 7] {
            for (end, least) in [(None, u64::MAX), (Some("source"), u64::MAX), (None, 41)] {
                let (mut inputs, mut found) = (0..100u64, Vec::new());
                let done = in_order(
                    threads,
                    || inputs.next().map(Some).map_or(end.map_or(Ok(None), Err), Ok),
                    |input, emit| {
                        for item in 0..input % 5 {
                            std::thread::sleep(std::time::Duration::from_micros((input * 7) % 11 * 20));
                            if !emit((input, item), 1 << 20) {
                                return;
                            }
                        }
                    },
                    |item| {
                        found.push(item);
                        if item.0 >= least { Err("writer") } else { Ok(()) }
                    },
                );
                let all = (0..100u64).flat_map(|input| (0..input % 5).map(move |item| (input, item)));
                let mut expected: Vec<_> = all.take_while(|(input, _)| *input <= least).collect();
                // The writer ends at the first item that it does not want.
                let fails = expected.iter().position(|(input, _)| *input >= least);
                expected.truncate(fails.map_or(expected.len(), |place| place + 1));
                assert_eq!(found, expected, "{threads}");
                assert_eq!(done, if fails.is_some() { Err("writer") } else { end.map_or(Ok(()), Err) }, "{threads}");
            }
        }
    }

    #[test]
    fn items_come_in_order_and_within_the_budget() {
        const BUDGET: isize = 20;
        for threads in [1, 2, 7] {
            let queue = Ordered::new(50, BUDGET as usize);
            let (held, most) = (AtomicIsize::new(0), AtomicIsize::new(0));
            std::thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|| {
                        let _guard = StopOnPanic(&queue);
                        while let Some(task) = queue.take() {
                            for item in 0..task % 7 {
                                assert!(queue.push(task, (task, item), 3));
                                most.fetch_max(held.fetch_add(3, Ordering::SeqCst) + 3, Ordering::SeqCst);
                            }
                            queue.end(task);
                        }
                    });
                }
                let mut found = Vec::new();
                while let Some((task, item)) = queue.pop() {
                    assert_eq!(task, item.0);
                    held.fetch_sub(3, Ordering::SeqCst);
                    found.push(item);
                }
                let expected: Vec<_> = (0..50).flat_map(|task| (0..task % 7).map(move |item| (task, item))).collect();
                assert_eq!(found, expected);
            });
            // The counters are read outside the lock, so each thread may have one item more.
            assert!(most.load(Ordering::SeqCst) <= 2 * BUDGET + 3 * threads, "{most:?} with {threads} threads");
        }
    }

    #[test]
    fn a_heavy_item_passes_and_a_stop_frees_all() {
        let queue = Ordered::new(3, 10);
        assert!(queue.push(0, "heavy", 100));
        assert_eq!(queue.pop(), Some((0, "heavy")));
        std::thread::scope(|scope| {
            assert!(queue.push(1, "full", 10));
            let waits = scope.spawn(|| queue.push(2, "over", 1));
            queue.stop();
            assert!(!waits.join().unwrap_or(true));
        });
        assert_eq!(queue.pop(), None);
        assert_eq!(queue.take(), None);
    }
}
