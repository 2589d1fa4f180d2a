//! Files while they are written: with a temporary name until they are complete, and with their size and checksum.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use super::error::GenerateError;
use super::files::{Unnamed, sync_folder, temporary};
use super::recorded::FileRecord;
use crate::sink::{FileWriter, Format, Piece};
use crate::table::{Schema, Tally};

/// The files of the part that is written.
pub(crate) struct OpenPart {
    /// A file for each config that is wanted.
    pub(crate) files: Vec<Option<OpenFile>>,
    /// The counts of the source.
    pub(crate) tally: Tally,
}

impl OpenPart {
    /// Creates a file at each path, for rows with the config's schema. A config without a path is not wanted. No file may grow beyond `limit` bytes.
    pub(crate) fn new(
        paths: Vec<Option<PathBuf>>,
        schemas: &[Schema],
        format: Format,
        limit: u64,
    ) -> Result<Self, GenerateError> {
        let open = |(path, schema): (Option<PathBuf>, &Schema)| {
            path.map(|path| OpenFile::new(path, schema, format, limit)).transpose()
        };
        let files = paths.into_iter().zip(schemas).map(open).collect::<Result<_, _>>()?;
        Ok(OpenPart { files, tally: Tally::new() })
    }

    /// Appends a piece to a config's file.
    pub(crate) fn append(&mut self, config: usize, piece: Piece) -> Result<(), GenerateError> {
        match self.files.get_mut(config) {
            Some(Some(file)) => file.append(piece),
            _ => Ok(()),
        }
    }
}

/// A file that is written under its temporary name.
pub(crate) struct OpenFile {
    // Declared before `unnamed`, so that it is dropped first: some systems cannot delete an open file.
    writer: FileWriter<Measured>,
    unnamed: Unnamed,
    path: PathBuf,
    rows: u64,
}

impl OpenFile {
    /// Creates a file for rows with this schema. It may not grow beyond `limit` bytes.
    pub(crate) fn new(path: PathBuf, schema: &Schema, format: Format, limit: u64) -> Result<Self, GenerateError> {
        let unnamed = Unnamed::new(temporary(&path));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&unnamed.path)
            .map_err(GenerateError::io("create", &unnamed.path))?;
        let measured = Measured { file, hasher: blake3::Hasher::new(), bytes: 0, limit };
        let writer = FileWriter::new(format, schema, measured).map_err(GenerateError::sink(&path))?;
        Ok(OpenFile { writer, unnamed, path, rows: 0 })
    }

    /// Appends a piece.
    pub(crate) fn append(&mut self, piece: Piece) -> Result<(), GenerateError> {
        self.rows += piece.rows();
        self.writer.append(piece).map_err(GenerateError::sink(&self.path))
    }

    /// Completes the file and renames it. Both survive a power cut.
    pub(crate) fn finish(self) -> Result<FileRecord, GenerateError> {
        let measured = self.writer.finish().map_err(GenerateError::sink(&self.path))?;
        measured.file.sync_all().map_err(GenerateError::io("sync", &self.path))?;
        self.unnamed.rename(&self.path)?;
        sync_folder(&self.path)?;
        let blake3 = measured.hasher.finalize().to_string();
        Ok(FileRecord { rows: self.rows, bytes: measured.bytes, blake3 })
    }
}

/// A file that computes its size and checksum.
struct Measured {
    file: File,
    hasher: blake3::Hasher,
    bytes: u64,
    limit: u64,
}

impl Write for Measured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.saturating_add(bytes.len() as u64) > self.limit {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
