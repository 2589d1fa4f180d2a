//! The default budgets of searches, and the greatest budgets in settings.
//!
//! A search that reaches a limit ends with the outcome `budget`, as with a budget of its own. Limits are numbers of nodes, events and bytes of text, not of
//! memory. They are the same on every platform, so a row stays a pure function.

/// Greatest number of nodes for a search without `max_nodes`.
pub const DEFAULT_NODES: u64 = 100_000;

/// The greatest `max_nodes`.
pub const MOST_NODES: u64 = 1_000_000;

/// Greatest number of bytes of text for a search without `max_bytes`.
pub const DEFAULT_BYTES: u64 = 2 << 20;

/// The greatest `max_bytes`.
pub const MOST_BYTES: u64 = 16 << 20;

/// Greatest number of expansions for a search without `max_expansions`.
pub const MOST_EXPANSIONS: u64 = 1_000_000;

/// Greatest number of events of any search. It bounds walks that go back and forth without a new node.
pub const MOST_EVENTS: u64 = 4_000_000;

/// Bytes of text for all further runs of a row together (candidates, trajectories of a group). Each of `n` runs gets an `n`-th.
pub const ROW_BYTES: u64 = 32 << 20;

/// Greatest number of traces of a row.
const MOST_RUNS: u64 = 256;

/// Length of text in bytes up to which no search can have reached a limit that its settings do not name, however many runs share the limits of a row.
pub const LEAST_LIMITED: u64 = 32 << 10;

/// The limits of one run, besides its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Number of generated nodes.
    pub nodes: u64,
    /// Number of events of the trace.
    pub events: u64,
    /// Length of the trace's text in bytes.
    pub bytes: u64,
}

impl Limits {
    /// The limits of each of `runs` runs of a row.
    pub fn share(runs: u64) -> Self {
        let runs = runs.clamp(1, MOST_RUNS);
        Limits { nodes: MOST_NODES / runs, events: MOST_EVENTS / runs, bytes: ROW_BYTES / runs }
    }
}
