//! The Stream of Search paper's data set (Gandhi et al. 2024), byte for byte as `countdown_generate.py --search random`
//! writes it under CPython 3.11, from the same seed.
//!
//! One run writes the splits `train`, `val_target` and `val`, in this order and from one stream of random numbers. To grow a data set, it writes
//! only `grow`. Each row depends on all draws before it. So rows cannot be made in parallel or from an index.
mod beam;
mod depth_first;
mod puzzle;
mod row;
mod state;
mod text;

use super::python::PythonRandom;
use super::whole_file::WholeFile;
use row::{Rows, Seen};
use std::collections::HashSet;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use text::Text;

/// Number of rows in `val_target` and in `val`. The paper's program fixes it.
const VALIDATION_ROWS: u64 = 1000;
/// The least target.
const LEAST_TARGET: u32 = 10;
/// The least `max_target` for which the tenth of the targets that is kept for `val_target` is not empty.
const LEAST_TARGET_WITH_VALIDATION: u32 = 19;
/// The greatest target. The list of all targets is held in memory.
const MOST_TARGET: u32 = 1_000_000;
/// Greatest value of `max_target` to the power of `max_size`. No result is greater. So all results fit in 64 bits, and Python's floats, in which
/// means of such numbers are compared, keep any two of them apart.
const MOST_RESULT: u64 = 1_000_000_000_000_000;
/// Number of bytes written to the file at once. They should stay in the processor's cache.
const CHUNK: usize = 256 * 1024;

/// The options of the paper's program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `--seed`. As in Python, the sign makes no difference.
    pub seed: i128,
    /// `--min_range`: least number of numbers in a puzzle, from 2.
    pub min_size: u32,
    /// `--start_range`: greatest number of numbers in a puzzle, up to 5.
    pub max_size: u32,
    /// `--max_target`: targets are 10 to this; numbers are 1 to one less than this.
    pub max_target: u32,
    /// `--num_samples`: number of rows in `train` or `grow`.
    pub num_samples: u64,
    /// `--offset`: part of the file names; with `grow` it is added to the seed.
    pub offset: i64,
    /// `--grow`: only the split `grow`, with new rows over the targets of `train`.
    pub grow: bool,
}

/// Why a data set could not be reproduced.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReproduceError {
    /// Sizes that the paper's program does not support.
    #[error("sizes {min} to {max}: a puzzle has 2 to 5 numbers here, the smaller size first")]
    Sizes {
        /// The least size requested.
        min: u32,
        /// The greatest size requested.
        max: u32,
    },
    /// There are no targets, or none for `val_target`.
    #[error("maximum target {found}: {least} or more is needed{reason}")]
    FewTargets {
        /// The maximum requested.
        found: u32,
        /// The least maximum that works.
        least: u32,
        /// What would be missing.
        reason: &'static str,
    },
    /// Numbers so great that equal bytes are not certain.
    #[error("maximum target {found} with {size} numbers: at most {most} is allowed, so that results stay exact")]
    LargeTargets {
        /// The maximum requested.
        found: u32,
        /// The greatest size requested.
        size: u32,
        /// The greatest maximum for that size.
        most: u32,
    },
    /// Seed plus offset is out of range.
    #[error("seed {seed} plus offset {offset} is out of range: take a smaller seed")]
    Seed {
        /// The seed requested.
        seed: i128,
        /// The offset requested.
        offset: i64,
    },
    /// No solution was found for `val` that `train` does not have.
    #[error(
        "val: {redraws} puzzles of {size} numbers were drawn and the solution of each is in train already: ask for fewer \
         samples, more numbers or a greater maximum target"
    )]
    NoFreshSolution {
        /// Number of numbers in the puzzle.
        size: usize,
        /// Number of puzzles that were tried for one row.
        redraws: u64,
    },
    /// The progress function asked to stop.
    #[error("stopped before {} was complete: nothing of it was kept", .file.display())]
    Stopped {
        /// The file that was being written.
        file: PathBuf,
    },
    /// An error of the file system.
    #[error("{}: {action} failed: {source}", .path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// What the program was doing.
        action: &'static str,
        /// The error.
        source: io::Error,
    },
}

impl Settings {
    /// Refuses settings for which the paper's program fails, or for which equal bytes are not certain. Puzzles of two numbers are allowed, although
    /// the paper's program stops after its first row of them, in a statistic.
    pub fn check(&self) -> Result<(), ReproduceError> {
        let &Self { min_size, max_size, max_target, .. } = self;
        if min_size < 2 || max_size > puzzle::MOST_NUMBERS as u32 || min_size > max_size {
            return Err(ReproduceError::Sizes { min: min_size, max: max_size });
        }
        if max_target < LEAST_TARGET {
            let reason = ", since targets start there";
            return Err(ReproduceError::FewTargets { found: max_target, least: LEAST_TARGET, reason });
        }
        if !self.grow && max_target < LEAST_TARGET_WITH_VALIDATION {
            let reason = ", so that val_target has a target (a tenth of all, rounded down); growing needs none";
            return Err(ReproduceError::FewTargets { found: max_target, least: LEAST_TARGET_WITH_VALIDATION, reason });
        }
        let most = greatest_target(max_size);
        if max_target > most {
            return Err(ReproduceError::LargeTargets { found: max_target, size: max_size, most });
        }
        self.growing_seed().map(|_| ())
    }

    /// The files that a run writes, in order.
    pub fn file_names(&self) -> Vec<String> {
        self.splits().iter().map(|split| self.file_name(split)).collect()
    }

    fn splits(&self) -> &'static [&'static str] {
        if self.grow { &["grow"] } else { &["train", "val_target", "val"] }
    }

    fn file_name(&self, split: &str) -> String {
        let Self { offset, max_size, max_target, num_samples, .. } = self;
        format!("{split}{offset}_b{max_size}_t{max_target}_n{num_samples}_random.json")
    }

    fn growing_seed(&self) -> Result<i128, ReproduceError> {
        let error = ReproduceError::Seed { seed: self.seed, offset: self.offset };
        self.seed.checked_add(self.offset.into()).ok_or(error)
    }
}

/// The greatest maximum target that is allowed for puzzles of `size` numbers.
fn greatest_target(size: u32) -> u32 {
    let fits = |target: u32| u64::from(target).checked_pow(size).is_some_and(|result| result <= MOST_RESULT);
    let (mut most, mut above) = (1, MOST_TARGET + 1);
    while above - most > 1 {
        let middle = most.midpoint(above);
        if fits(middle) {
            most = middle;
        } else {
            above = middle;
        }
    }
    most
}

/// The progress of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Number of rows written, in all splits.
    pub rows: u64,
    /// Number of rows to write, in all splits.
    pub of: u64,
}

/// The result of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The files, in the order in which they were written.
    pub files: Vec<FileReport>,
    /// Number of lists of numbers that were drawn, including those that cannot reach their target.
    pub drawn: u64,
}

/// A file in a [`Report`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    /// The path.
    pub path: PathBuf,
    /// Number of rows.
    pub rows: u64,
    /// Length in bytes.
    pub bytes: u64,
}

/// The result of a search.
#[derive(Clone, Copy)]
struct SearchResult {
    /// Number of operations that the text explores.
    explored: u64,
    solved: bool,
}

/// Writes the data set to the folder `out`, and creates it if it is missing. Each file appears as a whole or not at all, and replaces a file with
/// its name. `progress` is called every few hundred kilobytes and may stop the run.
pub fn generate(
    settings: &Settings,
    out: &Path,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Report, ReproduceError> {
    settings.check()?;
    std::fs::create_dir_all(out).map_err(io_error(out, "making the folder"))?;
    let (random, splits) = plan(settings)?;
    let of = splits.iter().map(|split| split.rows).fold(0, u64::saturating_add);
    let mut run =
        Run { rows: Rows::new(settings, random), trained: HashSet::new(), text: Text::default(), done: 0, of };
    let mut files = Vec::with_capacity(splits.len());
    for split in &splits {
        let path = out.join(settings.file_name(split.name));
        let bytes = run.write_file(&path, split, progress)?;
        files.push(FileReport { path, rows: split.rows, bytes });
    }
    Ok(Report { files, drawn: run.rows.drawn })
}

/// A file to write.
struct Split {
    name: &'static str,
    rows: u64,
    targets: Vec<u32>,
}

/// Shuffles the targets and keeps a tenth of them for `val_target`. Gives the splits to write, and their stream of random numbers.
fn plan(settings: &Settings) -> Result<(PythonRandom, Vec<Split>), ReproduceError> {
    let mut random = PythonRandom::new(settings.seed);
    let mut targets: Vec<u32> = (LEAST_TARGET..=settings.max_target).collect();
    random.shuffle(&mut targets);
    let train = targets.split_off(targets.len() / 10);
    let split = |name, rows, targets| Split { name, rows, targets };
    if settings.grow {
        let random = PythonRandom::new(settings.growing_seed()?);
        return Ok((random, vec![split("grow", settings.num_samples, train)]));
    }
    let splits = vec![
        split("train", settings.num_samples, train.clone()),
        split("val_target", VALIDATION_ROWS, targets),
        split("val", VALIDATION_ROWS, train),
    ];
    Ok((random, splits))
}

/// The state that splits hand on.
struct Run {
    rows: Rows,
    /// Keys of the solutions in `train`.
    trained: HashSet<u128>,
    text: Text,
    done: u64,
    of: u64,
}

impl Run {
    fn write_file(
        &mut self,
        path: &Path,
        split: &Split,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<u64, ReproduceError> {
        let mut file = WholeFile::create(path).map_err(io_error(path, "making the file"))?;
        self.text.clear();
        self.text.put(b"[");
        for row in 0..split.rows {
            self.write_row(split, row == 0)?;
            if self.text.end() >= CHUNK {
                self.flush(&mut file).map_err(io_error(path, "writing"))?;
                if progress(Progress { rows: self.done, of: self.of }).is_break() {
                    return Err(ReproduceError::Stopped { file: path.to_owned() });
                }
            }
        }
        self.text.slice(if split.rows == 0 { b"]" } else { b"\n]" });
        self.flush(&mut file).map_err(io_error(path, "writing"))?;
        file.finish().map_err(io_error(path, "finishing the file"))
    }

    fn write_row(&mut self, split: &Split, is_first: bool) -> Result<(), ReproduceError> {
        self.text.slice(if is_first { b"\n" } else { b",\n" });
        let mut seen = match split.name {
            "train" => Seen::Note(&mut self.trained),
            "val" => Seen::Avoid(&self.trained),
            _ => Seen::Ignore,
        };
        self.rows.write(&mut self.text, &split.targets, &mut seen)?;
        self.done += 1;
        Ok(())
    }

    fn flush(&mut self, file: &mut WholeFile) -> io::Result<()> {
        file.write(self.text.as_slice())?;
        self.text.clear();
        Ok(())
    }
}

fn io_error(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> ReproduceError {
    let path = path.to_owned();
    move |source| ReproduceError::Io { path, action, source }
}

#[cfg(test)]
mod tests;
