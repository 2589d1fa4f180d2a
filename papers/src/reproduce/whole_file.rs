//! Files that appear as a whole or not at all.
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is written under a temporary name and renamed when it is complete. The temporary name is always the same, so a run overwrites what
/// a killed run left.
pub(crate) struct WholeFile {
    file: File,
    partial: PathBuf,
    path: PathBuf,
    bytes: u64,
}

impl WholeFile {
    /// Starts the file that will be `path`.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let mut name = path.file_name().map(OsString::from).unwrap_or_default();
        name.push(".partial");
        let partial = path.with_file_name(name);
        Ok(Self { file: File::create(&partial)?, partial, path: path.to_owned(), bytes: 0 })
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Renames the file, which replaces a file with its final name. Gives its length in bytes.
    pub(crate) fn finish(self) -> io::Result<u64> {
        self.file.sync_all()?;
        std::fs::rename(&self.partial, &self.path)?;
        Ok(self.bytes)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // After `finish`, there is no file with this name. Before it, the file is incomplete.
        let _ = std::fs::remove_file(&self.partial);
    }
}
