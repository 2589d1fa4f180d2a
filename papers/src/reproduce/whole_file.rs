//! Files that appear whole or not at all.
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is written under another name, and takes its final name once it is complete. The other name is always the same,
/// so that a run overwrites what a killed run left behind.
pub(crate) struct WholeFile {
    file: File,
    partial: PathBuf,
    path: PathBuf,
    bytes: u64,
}

impl WholeFile {
    /// Starts the file that is to be `path`.
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

    /// Gives the file its name, replacing another of that name; its length in bytes.
    pub(crate) fn finish(self) -> io::Result<u64> {
        self.file.sync_all()?;
        std::fs::rename(&self.partial, &self.path)?;
        Ok(self.bytes)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // after `finish` there is no file of this name; before it, the file is incomplete
        let _ = std::fs::remove_file(&self.partial);
    }
}
