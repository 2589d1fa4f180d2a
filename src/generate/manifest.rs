//! The manifest: a description of a finished dataset, with a checksum for each file. It has no times and no host name: the same job has the
//! same manifest.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::GenerateError;
use super::files::read_json;
use super::job::{Job, Part};
pub use super::recorded::FileRecord;
use super::recorded::{PartRecord, add_tally};
use crate::sink::Format;
use crate::table::Tally;

/// Name of the manifest file.
pub(crate) const MANIFEST: &str = "manifest.json";

/// Name of the report of a packed dataset.
pub(crate) const PACKED: &str = "pack.json";

/// Name of the report of a merged dataset.
pub(crate) const MERGED: &str = "merge.json";

/// The manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the manifest format.
    pub manifest: u32,
    /// Number of rows, by config and split.
    pub rows: BTreeMap<String, BTreeMap<String, u64>>,
    /// The counts of the source, such as rejected draws.
    pub tally: Tally,
    /// All files, in order of config, split and number.
    pub files: Vec<ManifestFile>,
    /// The job, with the whole recipe.
    pub job: Job,
    /// Whether the rows come from other datasets, by `sos pack` or `sos merge`. Then an index may be missing, or come more than once, and the numbers of rows are
    /// not those of the job.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub packed: bool,
    /// For each record config of a packed dataset, the indices of the rows that `sos pack` made anew by the recipe. All others come from the dataset that was
    /// packed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fresh: BTreeMap<String, Range<u64>>,
}

/// A file of the dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Path in the folder, with `/`.
    pub path: String,
    /// Its record config.
    pub config: String,
    /// Its split.
    pub split: String,
    /// Index of its first row in the split.
    pub first: u64,
    /// Rows, bytes and checksum.
    #[serde(flatten)]
    pub record: FileRecord,
}

impl Manifest {
    /// Reads the manifest of a finished dataset. Gives the file format as well.
    pub fn read(folder: &Path) -> Result<(Manifest, Format), GenerateError> {
        let path = folder.join(MANIFEST);
        let manifest: Manifest = read_json(&path, "restore it, or delete it and run the same generate command again")?
            .ok_or_else(|| GenerateError::NoManifest { folder: folder.to_path_buf() })?;
        manifest.job.check()?;
        let format: Format =
            manifest.job.format.parse().map_err(|_| GenerateError::Format(manifest.job.format.clone()))?;
        if !format.is_available() {
            return Err(GenerateError::Format(manifest.job.format));
        }
        Ok((manifest, format))
    }

    /// The manifest of a job. All its parts must be recorded.
    pub(crate) fn new(job: &Job, parts: &[Part], records: &[PartRecord]) -> Manifest {
        let mut manifest = Manifest {
            manifest: 1,
            rows: BTreeMap::new(),
            tally: Tally::new(),
            files: Vec::new(),
            job: job.clone(),
            packed: false,
            fresh: BTreeMap::new(),
        };
        for record in records {
            add_tally(&mut manifest.tally, &record.tally);
        }
        for (config, name) in job.configs.iter().enumerate() {
            let counts = manifest.rows.entry(name.clone()).or_default();
            for split in &job.splits {
                counts.insert(split.name.clone(), 0);
            }
            for (part, record) in parts.iter().zip(records) {
                let Some(record) = record.files.get(config) else { continue };
                let split = &job.splits[part.split].name;
                *counts.entry(split.clone()).or_default() += record.rows;
                manifest.files.push(ManifestFile {
                    path: job.file(config, part),
                    config: name.clone(),
                    split: split.clone(),
                    first: part.rows.start,
                    record: record.clone(),
                });
            }
        }
        manifest
    }
}
