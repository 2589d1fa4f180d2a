//! Cues: does anything but its content tell the label of a row?
//!
//! The simplest classifiers there are, of one feature each, are chosen on one half of the rows and judged on the other: an area under the curve
//! (AUC) of 0.5 tells nothing, 1 tells the label. A model that can learn such a cue need not learn the task.
//!
//! A cue is a finding where its AUC on the half that it was not chosen on is over [`MOST_AUC`] and chance is no explanation: the lower end of its
//! interval lies over 0.5. A recipe may declare a cue that is inherent to an arm (a truncated trace is shorter).
//!
//! Knows rows as JSON and texts, and nothing of puzzles.

mod auc;
mod features;
mod labels;
mod table;

pub use labels::{Collector, declarable};
pub use table::{Cue, Family, MOST_AUC, markdown, table};

/// Rows that are looked at of each config, where nothing else is asked for.
pub const ROWS: u64 = 4000;
