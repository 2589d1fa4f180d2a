//! Work on all processors before the first row.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Calls a function with every item, on all processors, each of which keeps its buffers. The results are in the order of the items.
pub(super) fn in_parallel<T: Sync, B: Default, R: Send>(items: &[T], each: impl Fn(&mut B, &T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(items.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut buffers, mut results) = (B::default(), Vec::new());
        while let Some((place, item)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, items.get(at)?)))
        {
            results.push((place, each(&mut buffers, item)));
        }
        results
    };
    if threads <= 1 {
        return work().into_iter().map(|(_, result)| result).collect();
    }
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.flat_map(|results| results.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    results.sort_unstable_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}
