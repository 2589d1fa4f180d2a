//! The report of an audit.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// Number of findings of one kind that are listed. Further ones are only counted.
pub(super) const LISTED: usize = 20;

/// The kind of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A file of the manifest is missing.
    Missing,
    /// A file is shorter than in the manifest.
    Truncated,
    /// A file has other bytes than in the manifest.
    Altered,
    /// There is a file that the manifest does not name.
    Foreign,
    /// A file cannot be read as its format.
    Unreadable,
    /// Counts of files or rows differ: within the manifest, or between the manifest and a file.
    Count,
    /// The index of a row does not match its place.
    Index,
    /// A puzzle occurs twice in a split of a config.
    Duplicate,
    /// A puzzle occurs in two splits.
    Leak,
    /// A puzzle has a twin in another split: the same puzzle up to renaming and symmetry.
    Renamed,
    /// Rows with one index have different puzzles in two configs.
    Twin,
    /// The puzzle of a row cannot be read, or the row states something false about it.
    Puzzle,
    /// A puzzle does not belong in its split: by held-out values, bands, `unsolved`, or because it belongs to another split.
    Split,
    /// A cue other than the content predicts the label of a row.
    Cue,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The kind.
    pub kind: FindingKind,
    /// The file, relative to the folder.
    pub file: String,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// What to do about it.
    pub advice: &'static str,
}

/// The result of an audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// Whether there are no findings.
    pub ok: bool,
    /// The folder.
    pub folder: PathBuf,
    /// Number of files in the manifest.
    pub files: u64,
    /// Number of bytes that were read and compared.
    pub bytes: u64,
    /// Number of rows that were read, by config and split.
    pub rows: BTreeMap<String, BTreeMap<String, u64>>,
    /// Number of rows whose puzzles were read again, and of those whose facts were proven again.
    pub proven: (u64, u64),
    /// For each split, the number of rows that repeat an earlier puzzle of the split, up to renaming and symmetry.
    pub repeated: BTreeMap<String, u64>,
    /// Number of findings of each kind, including those that are not listed.
    pub counts: BTreeMap<FindingKind, u64>,
    /// The findings; of each kind only the first ones.
    pub findings: Vec<Finding>,
}

impl AuditReport {
    /// A report without findings.
    pub(crate) fn new(folder: &Path, files: u64) -> Self {
        AuditReport {
            ok: true,
            folder: folder.to_path_buf(),
            files,
            bytes: 0,
            rows: BTreeMap::new(),
            proven: (0, 0),
            repeated: BTreeMap::new(),
            counts: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    /// Adds a finding.
    pub(crate) fn add(&mut self, kind: FindingKind, file: &str, found: impl Into<String>, expected: impl Into<String>) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        self.ok = false;
        if *count <= LISTED as u64 {
            let (file, found, expected) = (file.to_string(), found.into(), expected.into());
            self.findings.push(Finding { kind, file, found, expected, advice: advice(kind) });
        }
    }
}

fn advice(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Missing | FindingKind::Truncated => "run the same generate command again: it makes the file anew",
        FindingKind::Altered | FindingKind::Unreadable => {
            "delete the file and run the same generate command again: it makes the file anew"
        }
        FindingKind::Foreign => "move the file out of the dataset: a loader may take it for data",
        FindingKind::Count | FindingKind::Index => {
            "do not use the dataset; make it anew with --overwrite, and report it if it happens again"
        }
        FindingKind::Duplicate => "if the recipe does not allow it, report it: a split must not repeat a puzzle",
        FindingKind::Renamed => "do not evaluate on this dataset; make it anew: this version splits by `twin`",
        FindingKind::Leak => "do not evaluate on this dataset; report it: no puzzle may be in two splits",
        FindingKind::Puzzle => {
            "do not use the dataset; make it anew with --overwrite, and report it if it happens again"
        }
        FindingKind::Split => "do not evaluate on this dataset; report it: the recipe says which puzzles a split has",
        FindingKind::Cue => {
            "a model can learn this and not the task; choose other settings, or declare it in the recipe: cues = { … = \"why\" }"
        }
        FindingKind::Twin => "do not compare these configs row by row; make them from one recipe",
    }
}

impl fmt::Display for AuditReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}: {} files, {} bytes", self.folder.display(), self.files, self.bytes)?;
        for (config, splits) in &self.rows {
            let splits: Vec<_> = splits.iter().map(|(split, rows)| format!("{split} {rows}")).collect();
            writeln!(out, "  {config}: {} rows", splits.join(", "))?;
        }
        let (read, proven) = self.proven;
        if read > 0 {
            writeln!(out, "  {read} puzzles read again, {proven} of them proven again")?;
        }
        let repeated: Vec<_> = self.repeated.iter().filter(|(_, rows)| **rows > 0).collect();
        if !repeated.is_empty() {
            let repeated: Vec<_> = repeated.iter().map(|(split, rows)| format!("{split} {rows}")).collect();
            writeln!(out, "  rows that repeat a puzzle of their split, up to renaming: {}", repeated.join(", "))?;
        }
        for finding in &self.findings {
            let Finding { file, found, expected, advice, .. } = finding;
            writeln!(out, "{file}: found {found}; expected {expected}; {advice}")?;
        }
        for (kind, count) in &self.counts {
            if let Some(more) = count.checked_sub(LISTED as u64).filter(|more| *more > 0) {
                writeln!(out, "… and {more} more findings of the kind {kind:?}")?;
            }
        }
        match self.counts.values().sum::<u64>() {
            0 => write!(out, "ok: every file is as the manifest says, and no puzzle is twice or in two splits"),
            1 => write!(out, "1 finding"),
            more => write!(out, "{more} findings"),
        }
    }
}
