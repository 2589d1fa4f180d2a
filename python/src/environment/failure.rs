//! Errors of Python code that is called in the middle of a search. The library's traits have no way to return them, so they unwind the Rust stack like a
//! panic, without a message on the terminal, and [`guarded`] turns them into Python errors again.

use std::any::Any;
use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind, set_hook, take_hook};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use pyo3::exceptions::PyException;
use pyo3::prelude::*;

use crate::errors::SosError;

pyo3::create_exception!(
    stream_of_search,
    RulesError,
    SosError,
    "The code of an environment in Python raised an error (`__cause__`), or gave what no environment may give."
);

thread_local! {
    /// Whether this thread unwinds because of an error that is kept.
    static RAISING: Cell<bool> = const { Cell::new(false) };
}

/// The message with which a scope of threads ends where one of them ended like a panic.
const SCOPE: &str = "a scoped thread panicked";

/// How many errors are kept for those who ask for them.
const KEPT: usize = 16;

/// An error, with its number and the sentence that the unwinding carries.
struct Failure {
    number: u64,
    sentence: String,
    error: PyErr,
}

#[derive(Default)]
struct Failures {
    number: u64,
    last: VecDeque<Failure>,
}

static FAILURES: Mutex<Option<Failures>> = Mutex::new(None);

fn failures() -> MutexGuard<'static, Option<Failures>> {
    FAILURES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps the terminal quiet while an error of Python code unwinds.
pub fn prepare() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            // A scope of threads ends like this where one of them did, which has told it or was to be quiet.
            let of_scope = info.payload().downcast_ref::<&str>().is_some_and(|message| *message == SCOPE);
            if !RAISING.get() && !of_scope {
                before(info);
            }
        }));
    });
}

/// Stops to keep quiet, when the stack of [`raise`] unwinds.
struct Quiet;

impl Drop for Quiet {
    fn drop(&mut self) {
        RAISING.set(false);
    }
}

/// Unwinds with an error.
#[expect(clippy::panic, reason = "the only way out of the library's traits; `guarded` catches it")]
pub fn raise(py: Python<'_>, error: PyErr) -> ! {
    let sentence = error.value(py).str().map_or_else(|_| error.to_string(), |text| text.to_string());
    // Interrupts have no message.
    let sentence = if sentence.is_empty() { error.to_string() } else { sentence };
    let oldest = {
        let mut all = failures();
        let all = all.get_or_insert_default();
        all.number += 1;
        let kept = Failure { number: all.number, sentence: sentence.clone(), error };
        all.last.push_back(kept);
        if all.last.len() > KEPT { all.last.pop_front() } else { None }
    };
    // With the interpreter attached, and without the lock: this may run code in Python, which may let another thread run.
    drop(oldest);
    let _quiet = Quiet;
    RAISING.set(true);
    panic!("{sentence}")
}

/// The number of the latest error.
pub fn latest() -> u64 {
    failures().as_ref().map_or(0, |all| all.number)
}

/// The latest error behind a number: with this sentence, or any.
pub fn since(py: Python<'_>, number: u64, sentence: Option<&str>) -> Option<PyErr> {
    let all = failures();
    let mut new = all.as_ref()?.last.iter().rev().filter(|failure| failure.number > number);
    let found = match sentence {
        Some(sentence) => new.find(|failure| failure.sentence == sentence)?,
        None => new.next()?,
    };
    Some(found.error.clone_ref(py))
}

/// Runs work that may call an environment in Python, without holding the interpreter. An error of the environment's code is given back as it was raised.
/// Work of other threads counts where their end ends this one.
pub fn guarded<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    let before = latest();
    let done = py.detach(|| catch_unwind(AssertUnwindSafe(work)));
    done.or_else(|payload| raised(py, before, payload))
}

/// How often Python is asked for signals while work goes on.
const PATIENCE: Duration = Duration::from_millis(50);

/// The same in a thread of its own, while this one asks Python for signals. An interrupt sets `stop`; it goes on when the work has ended.
pub fn interruptible<T: Send>(py: Python<'_>, stop: &AtomicBool, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    let before = latest();
    let (send, receive) = sync_channel(1);
    let receive = Mutex::new(receive);
    let (done, interrupt) = std::thread::scope(|scope| {
        scope.spawn(move || send.send(catch_unwind(AssertUnwindSafe(work))));
        let mut interrupt = None;
        loop {
            let wait = || receive.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(PATIENCE);
            match py.detach(wait) {
                Ok(done) => break (Some(done), interrupt),
                Err(RecvTimeoutError::Disconnected) => break (None, interrupt),
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(error) = py.check_signals() {
                        stop.store(true, Ordering::Relaxed);
                        interrupt = interrupt.or(Some(error));
                    }
                }
            }
        }
    });
    match (interrupt, done) {
        (Some(interrupt), _) => Err(interrupt),
        (None, Some(done)) => done.or_else(|payload| raised(py, before, payload)),
        (None, None) => Err(crate::errors::row("the thread of the work ended")),
    }
}

/// The error of the code of an environment that ended some work, out of those behind a number. Any other end goes on.
fn raised<T>(py: Python<'_>, before: u64, payload: Box<dyn Any + Send>) -> PyResult<T> {
    let sentence = payload.downcast_ref::<String>();
    let same = sentence.and_then(|sentence| since(py, before, Some(sentence)));
    // A scope of threads ends with a message of its own.
    let threads = payload.downcast_ref::<&str>().is_some_and(|message| message.contains("thread"));
    match same.or_else(|| threads.then(|| since(py, before, None)).flatten()) {
        Some(error) => Err(error),
        None => resume_unwind(payload),
    }
}

/// The error of a call into the code of an environment: `what` says which. Interrupts and errors that have their sentence stay as they are.
pub fn told(py: Python<'_>, error: PyErr, what: &str) -> PyErr {
    if error.is_instance_of::<SosError>(py) || !error.is_instance_of::<PyException>(py) {
        return error;
    }
    let kind = error.get_type(py).name().map_or_else(|_| "an error".to_string(), |name| name.to_string());
    let message = error.value(py).str().map_or_else(|_| String::new(), |text| text.to_string());
    let told = RulesError::new_err(format!("{what} raised {kind}: {message}"));
    told.set_cause(py, Some(error));
    told
}

/// Does work that may call an environment in Python. An error of the environment's code is its sentence, by which [`known`] finds it.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let before = latest();
    catch_unwind(AssertUnwindSafe(work)).or_else(|payload| {
        let sentence = payload.downcast_ref::<String>().cloned();
        let is_kept = |sentence: &String| {
            failures().as_ref().is_some_and(|all| {
                all.last.iter().any(|failure| failure.number > before && failure.sentence == *sentence)
            })
        };
        sentence.filter(is_kept).map_or_else(|| resume_unwind(payload), Err)
    })
}

/// The latest kept error whose sentence ends a message.
pub fn known(message: &str) -> Option<PyErr> {
    let has = |failure: &&Failure| !failure.sentence.is_empty() && message.ends_with(&failure.sentence);
    // Without any error, which is nearly always, this takes no interpreter.
    if failures().as_ref().is_none_or(|all| !all.last.iter().any(|failure| has(&failure))) {
        return None;
    }
    Python::attach(|py| {
        let all = failures();
        let found = all.as_ref()?.last.iter().rev().find(has)?;
        Some(found.error.clone_ref(py))
    })
}
