//! Rows of unfinished files that outlive a kill.
//!
//! Rows that take long are saved as soon as they are made, some at a time: a *unit*. The next run takes them from there in the place of making them. What
//! follows (encoding, order, files) is the same for both, so the bytes of a dataset do not tell how often its run was killed. A unit is named by its split
//! and the indices of its rows, on which alone its rows depend. It is deleted when their file is complete.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::GenerateError;
use super::files::{Unnamed, remove, temporary};
use crate::sink::{Row, push_json, write_row};
use crate::table::{Rows, SplitRows, Tally};

/// Zstd level of a unit. It is read once at most.
const ZSTD_LEVEL: i32 = 1;

/// When rows are saved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// Rows are saved where a whole file of them takes longer than this.
    pub(crate) file: Duration,
    /// For how long rows are made before they are saved, about.
    pub(crate) unit: Duration,
}

impl Default for Pace {
    /// A kill loses half a minute of rows that were not worth saving, and the unit that each worker is at.
    fn default() -> Self {
        Pace { file: Duration::from_secs(30), unit: Duration::from_secs(10) }
    }
}

/// What stands before the rows of a unit: their number in each config, and the counts of the source. The rows of one config follow those of another.
#[derive(Serialize, Deserialize)]
struct Head {
    rows: u64,
    tally: Tally,
}

/// The units in the folder of a dataset.
pub(crate) struct Saved {
    folder: PathBuf,
    splits: Vec<String>,
    /// For each split the units that were there when the run began: first row, and end.
    there: Vec<BTreeMap<u64, u64>>,
}

impl Saved {
    /// Looks which units there are.
    pub(crate) fn open(folder: PathBuf, splits: &[SplitRows]) -> Saved {
        let splits: Vec<String> = splits.iter().map(|split| split.name.clone()).collect();
        let units = |split: &String| {
            let whole = files(&folder.join(split)).into_iter().filter(|(_, whole)| *whole);
            whole.map(|(rows, _)| (rows.start, rows.end)).collect()
        };
        let there = splits.iter().map(units).collect();
        Saved { folder, splits, there }
    }

    /// Number of saved rows.
    pub(crate) fn rows(&self) -> u64 {
        self.there.iter().flatten().map(|(start, end)| end - start).sum()
    }

    /// How many of some rows can be made before the next unit begins.
    pub(crate) fn free(&self, split: usize, rows: &Range<u64>) -> u64 {
        let behind = rows.start.saturating_add(1)..rows.end.max(rows.start.saturating_add(1));
        let next = self.there.get(split).and_then(|units| units.range(behind).next());
        next.map_or(rows.end, |(start, _)| *start) - rows.start
    }

    /// Appends the rows of the unit that begins where some rows begin, if it ends in time and is whole. Gives their number and counts.
    pub(crate) fn load(&self, split: usize, rows: &Range<u64>, out: &mut [Rows]) -> Option<(u64, Tally)> {
        let unit = rows.start..*self.there.get(split)?.get(&rows.start)?;
        let path = self.path(split, &unit).filter(|_| unit.end <= rows.end)?;
        let before: Vec<usize> = out.iter().map(Rows::len).collect();
        let tally = read(&path, unit.end - unit.start, out);
        if tally.is_none() {
            out.iter_mut().zip(before).for_each(|(rows, length)| rows.truncate(length));
        }
        Some((unit.end - unit.start, tally?))
    }

    /// Saves the last rows of the batches, whose indices these are.
    pub(crate) fn save(
        &self,
        split: usize,
        unit: Range<u64>,
        rows: &[Rows],
        tally: &Tally,
    ) -> Result<(), GenerateError> {
        let Some(path) = self.path(split, &unit) else { return Ok(()) };
        let number = unit.end - unit.start;
        let mut text = serde_json::to_vec(&Head { rows: number, tally: tally.clone() }).unwrap_or_default();
        text.push(b'\n');
        for batch in rows {
            let first = batch.len().saturating_sub(usize::try_from(number).unwrap_or(usize::MAX));
            (first..batch.len()).for_each(|row| write_row(batch, row, &mut text));
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(GenerateError::io("create the folder", folder))?;
        }
        let unnamed = Unnamed::new(temporary(&path));
        let write = || {
            // The checksum tells a file that a power cut left without its end.
            let mut encoder = zstd::Encoder::new(File::create(&unnamed.path)?, ZSTD_LEVEL)?;
            encoder.include_checksum(true)?;
            encoder.write_all(&text)?;
            encoder.finish()
        };
        write().map_err(GenerateError::io("write", &unnamed.path))?;
        unnamed.rename(&path)
    }

    /// Deletes the units among some rows.
    pub(crate) fn forget(&self, split: usize, rows: &Range<u64>) -> Result<(), GenerateError> {
        let Some(folder) = self.splits.get(split).map(|split| self.folder.join(split)) else { return Ok(()) };
        for (unit, whole) in files(&folder).into_iter().filter(|(unit, _)| rows.contains(&unit.start)) {
            let Some(path) = self.path(split, &unit) else { continue };
            remove(&if whole { path } else { temporary(&path) })?;
        }
        // This fails where other units are left.
        let _ = fs::remove_dir(&folder);
        let _ = fs::remove_dir(&self.folder);
        Ok(())
    }

    fn path(&self, split: usize, unit: &Range<u64>) -> Option<PathBuf> {
        Some(self.folder.join(self.splits.get(split)?).join(format!("{}-{}", unit.start, unit.end)))
    }
}

/// The units in a folder, and whether each has its name. A kill leaves temporary names.
fn files(folder: &Path) -> Vec<(Range<u64>, bool)> {
    let unit = |name: &str| {
        let whole = !name.starts_with('.');
        let (start, end) = name.trim_start_matches('.').trim_end_matches(".tmp").split_once('-')?;
        let unit = start.parse().ok()?..end.parse().ok()?;
        (unit.start < unit.end).then_some((unit, whole))
    };
    let there = fs::read_dir(folder).into_iter().flatten().flatten();
    there.filter_map(|file| unit(file.file_name().to_str()?)).collect()
}

/// Appends the rows of a file. None where it is not whole.
fn read(path: &Path, number: u64, out: &mut [Rows]) -> Option<Tally> {
    let text = zstd::decode_all(File::open(path).ok()?).ok()?;
    let mut lines = text.strip_suffix(b"\n")?.split(|&byte| byte == b'\n');
    let Head { rows, tally } = serde_json::from_slice(lines.next()?).ok()?;
    if rows != number {
        return None;
    }
    for batch in out {
        for _ in 0..number {
            push_json(batch, &serde_json::from_slice::<Row>(lines.next()?).ok()?)?;
        }
    }
    lines.next().is_none().then_some(tally)
}
