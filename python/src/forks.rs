//! Forks of the process. A fork copies the memory, but not the threads, so a lock that a thread of ours holds would stay locked in the child for ever. So no
//! thread is inside the library while the process forks: each asks here before it makes a row, and a fork waits for the rows that are being made.
//!
//! There are no locks here, since these would have the same trouble.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pyo3::prelude::*;

static INSIDE: AtomicUsize = AtomicUsize::new(0);
static FORKING: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// How many stays this thread has. The rules of an environment in Python may themselves ask for rows.
    static OWN: Cell<usize> = const { Cell::new(0) };
}

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_micros(100);

/// A stay inside the library. While it lasts, no other thread forks the process.
pub struct Inside(PhantomData<*const ()>);

impl Inside {
    /// Waits for the end of a fork, if there is one; a thread that is inside already does not, since the fork waits for it.
    pub fn enter() -> Self {
        let own = OWN.get();
        loop {
            INSIDE.fetch_add(1, Ordering::SeqCst);
            if own > 0 || FORKING.load(Ordering::SeqCst) == 0 {
                OWN.set(own + 1);
                return Inside(PhantomData);
            }
            INSIDE.fetch_sub(1, Ordering::SeqCst);
            std::thread::sleep(PAUSE);
        }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        OWN.set(OWN.get().saturating_sub(1));
        INSIDE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Before a fork: waits until no other thread is inside.
#[pyfunction]
fn before_fork(py: Python<'_>) {
    FORKING.fetch_add(1, Ordering::SeqCst);
    let own = OWN.get();
    py.detach(|| {
        while INSIDE.load(Ordering::SeqCst) > own {
            std::thread::sleep(PAUSE);
        }
    });
}

/// After a fork, in the parent.
#[pyfunction]
fn after_fork_in_parent() {
    FORKING.fetch_sub(1, Ordering::SeqCst);
}

/// After a fork, in the child: it has no other threads.
#[pyfunction]
fn after_fork_in_child() {
    INSIDE.store(OWN.get(), Ordering::SeqCst);
    FORKING.store(0, Ordering::SeqCst);
}

/// Tells Python's `os.fork` of these functions, where it has them.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let os = module.py().import("os")?;
    if !os.hasattr("register_at_fork")? {
        return Ok(());
    }
    let hooks = pyo3::types::PyDict::new(module.py());
    hooks.set_item("before", wrap_pyfunction!(before_fork, module)?)?;
    hooks.set_item("after_in_parent", wrap_pyfunction!(after_fork_in_parent, module)?)?;
    hooks.set_item("after_in_child", wrap_pyfunction!(after_fork_in_child, module)?)?;
    os.call_method("register_at_fork", (), Some(&hooks)).map(drop)
}
