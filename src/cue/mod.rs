//! Cues: can anything but the content of a row predict its label?
//!
//! Very simple classifiers, of one feature each, are chosen on one half of the rows and evaluated on the other. An area under the curve (AUC) of
//! 0.5 means no prediction, 1 means perfect prediction. A model that can learn such a cue need not learn the task.
//!
//! A cue is a finding if its AUC on the second half is over [`MOST_AUC`] and not explained by chance: the lower end of its interval is over
//! 0.5. A recipe may declare a cue that is inherent to an arm (a truncated trace is shorter).
//!
//! This folder knows rows as JSON and texts, and nothing of puzzles.

mod auc;
mod features;
mod labels;
mod table;

pub use labels::{Collector, RowSamples, declarable};
pub use table::{Cue, Family, MOST_AUC, markdown, table};

/// Number of rows that are read of each config by default.
pub const ROWS: u64 = 4000;
