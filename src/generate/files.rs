//! Files in a dataset's folder: JSON records, temporary names, and renames that survive a power cut.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::GenerateError;

/// Reads a JSON record; none if there is no file.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path, advice: &'static str) -> Result<Option<T>, GenerateError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(GenerateError::io("read", path)(error)),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| GenerateError::Damaged {
        path: path.to_path_buf(),
        problem: format!("the file is not what this program writes ({error})"),
        advice,
    })
}

/// Encodes a JSON record.
pub(crate) fn to_json(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The temporary name of a file. It is in the same folder and matches no pattern for data files.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.tmp"))
}

/// Deletes a file, if there is one.
pub(crate) fn remove(path: &Path) -> Result<(), GenerateError> {
    match fs::remove_file(path) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Err(GenerateError::io("delete", path)(error))
        }
        _ => Ok(()),
    }
}

/// Syncs the folder of a file, so that a rename survives a power cut.
pub(crate) fn sync_folder(file: &Path) -> Result<(), GenerateError> {
    let Some(folder) = file.parent().filter(|_| cfg!(unix)) else { return Ok(()) };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(GenerateError::io("sync the folder", folder))
}

/// A file with a temporary name. When dropped, it is deleted unless it was renamed.
pub(crate) struct Unnamed {
    /// The temporary name.
    pub(crate) path: PathBuf,
    named: bool,
}

impl Unnamed {
    pub(crate) fn new(path: PathBuf) -> Self {
        Unnamed { path, named: false }
    }

    /// Renames the file. It replaces a file that has the name.
    pub(crate) fn rename(mut self, to: &Path) -> Result<(), GenerateError> {
        fs::rename(&self.path, to).map_err(GenerateError::io("rename to", to))?;
        self.named = true;
        Ok(())
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        if !self.named {
            let _ = fs::remove_file(&self.path);
        }
    }
}
