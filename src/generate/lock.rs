//! Locks that keep two runs from writing the same files.
//!
//! Each run holds a lock on a file that names its shard. To open a folder, a run first locks the hidden folder, so that it sees every other
//! run. A lock ends with its process. On file systems without locks, two runs of one shard write the same bytes twice.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::error::GenerateError;

/// The lock that a run holds while it opens a folder. Only one run at a time looks and changes.
pub(crate) struct OpenLock(#[expect(dead_code, reason = "held until dropped")] Option<File>);

impl OpenLock {
    /// Waits for the lock on a hidden folder.
    pub(crate) fn wait(hidden: &Path) -> OpenLock {
        OpenLock(File::open(hidden).ok().filter(|folder| folder.lock().is_ok()))
    }
}

/// The lock that a run holds while it works.
pub(crate) struct RunLock {
    path: PathBuf,
    file: Option<File>,
}

impl RunLock {
    /// Takes the lock of a shard. An error if another run is working on parts of this shard, or, with `alone`, if any other run is working. Call
    /// it while holding an [`OpenLock`].
    pub(crate) fn take(folder: &Path, hidden: &Path, shard: (u64, u64), alone: bool) -> Result<RunLock, GenerateError> {
        let own = lock_name(shard);
        for entry in fs::read_dir(hidden).map_err(GenerateError::io("read", hidden))? {
            let entry = entry.map_err(GenerateError::io("read", hidden))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(other) = parse_lock_name(&name).filter(|_| name != own) else { continue };
            if !is_held(&entry.path()) {
                // The lock file was left by a killed run. Its temporary files may be there as well.
                sweep(&[folder, hidden, &hidden.join("parts")], other);
                let _ = fs::remove_file(entry.path());
            } else if alone || share_parts(shard, other) {
                return Err(GenerateError::Busy { folder: folder.to_path_buf(), lock: name });
            }
        }
        let path = hidden.join(&own);
        let file = File::create(&path).map_err(GenerateError::io("create", &path))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(GenerateError::Busy { folder: folder.to_path_buf(), lock: own }),
            _ => Ok(RunLock { path, file: Some(file) }),
        }
    }
}

/// The ending of the temporary names of a shard's small files. It is different for each shard.
pub(crate) fn temporary_end((index, count): (u64, u64)) -> String {
    format!(".{index}-of-{count}.tmp")
}

fn sweep(folders: &[&Path], shard: (u64, u64)) {
    let end = temporary_end(shard);
    for entry in folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') && name.ends_with(&end) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        drop(self.file.take());
    }
}

fn lock_name((index, count): (u64, u64)) -> String {
    format!("run-{index}-of-{count}.lock")
}

fn parse_lock_name(name: &str) -> Option<(u64, u64)> {
    let (index, count) = name.strip_prefix("run-")?.strip_suffix(".lock")?.split_once("-of-")?;
    Some((index.parse().ok()?, count.parse().ok()?)).filter(|&(_, count)| count > 0)
}

fn is_held(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// Whether some part number is `a` modulo the one count and `b` modulo the other.
fn share_parts((a, of_a): (u64, u64), (b, of_b): (u64, u64)) -> bool {
    let (mut x, mut y) = (of_a, of_b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a % x == b % x
}

#[cfg(test)]
mod tests {
    use super::{parse_lock_name, share_parts};

    #[test]
    fn cuts_that_share_a_part_are_seen() {
        for of_a in 1..8 {
            for of_b in 1..8 {
                for (a, b) in (0..of_a).flat_map(|a| (0..of_b).map(move |b| (a, b))) {
                    let expected = (0..60).any(|part| part % of_a == a && part % of_b == b);
                    // Testing 60 parts is enough if the product of the counts is not greater.
                    if of_a * of_b <= 60 {
                        assert_eq!(share_parts((a, of_a), (b, of_b)), expected);
                    }
                }
            }
        }
        assert_eq!(parse_lock_name("run-3-of-8.lock"), Some((3, 8)));
        assert_eq!(parse_lock_name("run-3-of-0.lock"), None);
        assert_eq!(parse_lock_name("job.json"), None);
    }
}
