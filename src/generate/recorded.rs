//! What is recorded of a finished part.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::table::Tally;

/// What is recorded of a finished part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PartRecord {
    /// One file for each config, in the job's order.
    pub(crate) files: Vec<FileRecord>,
    /// What the source counted.
    pub(crate) tally: Tally,
}

/// What is recorded of a finished file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Rows in the file.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// Its BLAKE3 in hexadecimal digits.
    pub blake3: String,
}

/// Sums of tallies by name.
pub(crate) fn add_tally(sum: &mut BTreeMap<String, u64>, tally: &Tally) {
    for (name, count) in tally {
        let entry = sum.entry(name.clone()).or_default();
        *entry = entry.saturating_add(*count);
    }
}
