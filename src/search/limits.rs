//! What bounds a search that is given no budget, and the greatest budgets that one can be given.
//!
//! A search that meets a bound ends with the outcome `budget`, as with a budget of its own. Bounds are numbers of nodes, events and bytes
//! of text, not of memory: the same on every platform, so that a row stays a pure function.

/// Nodes after which a search ends that is given no `max_nodes`.
pub const DEFAULT_NODES: u64 = 100_000;

/// The greatest `max_nodes`.
pub const MOST_NODES: u64 = 1_000_000;

/// Bytes of text after which a search ends that is given no `max_bytes`.
pub const DEFAULT_BYTES: u64 = 2 << 20;

/// The greatest `max_bytes`.
pub const MOST_BYTES: u64 = 16 << 20;

/// Expansions after which a search ends that is given no `max_expansions`.
pub const MOST_EXPANSIONS: u64 = 1_000_000;

/// Events after which any search ends: a walk can go to and fro without a new node.
pub const MOST_EVENTS: u64 = 4_000_000;

/// Bytes of text that all further runs of a row share (candidates, trajectories of a group): each of `n` has an `n`-th of it.
pub const ROW_BYTES: u64 = 32 << 20;

/// Most traces of a row.
const MOST_RUNS: u64 = 256;

/// Bytes of text below which no search met a limit that its settings do not name, however many runs share what a row may take.
pub const LEAST_LIMITED: u64 = 32 << 10;

/// What one run may take, beside what its settings say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nodes that are generated.
    pub nodes: u64,
    /// Events of the trace.
    pub events: u64,
    /// Bytes of the text that tells the trace.
    pub bytes: u64,
}

impl Limits {
    /// The part of one of so many runs of a row.
    pub fn share(runs: u64) -> Self {
        let runs = runs.clamp(1, MOST_RUNS);
        Limits { nodes: MOST_NODES / runs, events: MOST_EVENTS / runs, bytes: ROW_BYTES / runs }
    }
}
