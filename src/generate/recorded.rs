//! Records of finished parts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::table::Tally;

/// The record of a finished part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PartRecord {
    /// A file for each config, in the order of the job.
    pub(crate) files: Vec<FileRecord>,
    /// The counts of the source.
    pub(crate) tally: Tally,
}

/// The record of a finished file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Number of rows.
    pub rows: u64,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 hash in hexadecimal digits.
    pub blake3: String,
}

/// Adds the counts of a tally to a sum.
pub(crate) fn add_tally(sum: &mut BTreeMap<String, u64>, tally: &Tally) {
    for (name, count) in tally {
        let entry = sum.entry(name.clone()).or_default();
        *entry = entry.saturating_add(*count);
    }
}
