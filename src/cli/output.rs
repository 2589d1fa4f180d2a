//! Files of rows in a folder that a command makes from other datasets.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Failure;
use super::dataset::Row;
use crate::generate::manifest::FileRecord;

/// A file of JSON Lines while it is written.
pub struct RowFile {
    path: PathBuf,
    file: BufWriter<File>,
    hasher: blake3::Hasher,
    rows: u64,
    bytes: u64,
}

impl RowFile {
    /// Creates a file, and its folder.
    pub fn new(path: PathBuf) -> Result<Self, Failure> {
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let file = folder.and_then(|()| File::create(&path)).map_err(|error| failed(&path, &error))?;
        Ok(RowFile { path, file: BufWriter::new(file), hasher: blake3::Hasher::new(), rows: 0, bytes: 0 })
    }

    /// Writes a row.
    pub fn write(&mut self, row: Row) -> Result<(), Failure> {
        let line = format!("{}\n", Value::Object(row));
        self.hasher.update(line.as_bytes());
        self.rows += 1;
        self.bytes += line.len() as u64;
        self.file.write_all(line.as_bytes()).map_err(|error| failed(&self.path, &error))
    }

    /// Number of rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Ends the file. Gives its entry in a manifest.
    pub fn finish(mut self) -> Result<FileRecord, Failure> {
        let flushed = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        flushed.map_err(|error| failed(&self.path, &error))?;
        Ok(FileRecord { rows: self.rows, bytes: self.bytes, blake3: self.hasher.finalize().to_string() })
    }
}

/// Writes a small file.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| failed(path, &error))
}

/// The path of a file that holds all rows of a split in a config.
pub fn file_of(config: &str, split: &str) -> String {
    format!("{config}/{split}-00000-of-00001.jsonl")
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::System(format!("{}: {error}", path.display()))
}
