//! The Stream of Search paper's data set (Gandhi et al. 2024), byte for byte as `countdown_generate.py --search random`
//! writes it under CPython 3.11, from the same seed.
//!
//! One run writes the splits `train`, `val_target` and `val`, in this order and from one stream of random numbers; or, to
//! grow a data set, `grow` alone. Each row depends on all draws before it, so that rows cannot be made in parallel or from an
//! index.
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

/// Rows of `val_target` and of `val`; the paper's program fixes it.
const VALIDATION_ROWS: u64 = 1000;
/// Targets start here.
const LEAST_TARGET: u32 = 10;
/// With fewer targets, the tenth that is kept for `val_target` is empty.
const LEAST_TARGET_WITH_VALIDATION: u32 = 19;
/// The greatest target. The list of all targets is held in memory.
const MOST_TARGET: u32 = 1_000_000;
/// The greatest `max_target` to the power of `max_size`. No result is greater. So all results fit in 64 bits, and Python's
/// floats, in which means of such numbers are compared, tell any two of them apart.
const MOST_RESULT: u64 = 1_000_000_000_000_000;
/// Bytes that are written to the file at once; few enough to stay in the processor's cache.
const CHUNK: usize = 256 * 1024;

/// The options of the paper's program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `--seed`; as in Python, the sign makes no difference.
    pub seed: i128,
    /// `--min_range`: numbers in a puzzle at least, from 2.
    pub min_size: u32,
    /// `--start_range`: numbers in a puzzle at most, up to 5.
    pub max_size: u32,
    /// `--max_target`: targets are 10 to this, numbers 1 to one less.
    pub max_target: u32,
    /// `--num_samples`: rows of `train` or `grow`.
    pub num_samples: u64,
    /// `--offset`: part of the file names; with `grow` it is added to the seed.
    pub offset: i64,
    /// `--grow`: one split of that name, of fresh rows over the targets of `train`.
    pub grow: bool,
}

/// Why a data set could not be reproduced.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReproduceError {
    /// Sizes that the paper's program does not know.
    #[error("sizes {min} to {max}: a puzzle has 2 to 5 numbers here, the smaller size first")]
    Sizes {
        /// The smallest size asked for.
        min: u32,
        /// The greatest.
        max: u32,
    },
    /// No targets, or none for `val_target`.
    #[error("maximum target {found}: {least} or more is needed{reason}")]
    FewTargets {
        /// The maximum asked for.
        found: u32,
        /// The least that works.
        least: u32,
        /// What would be missing.
        reason: &'static str,
    },
    /// Numbers too great to be sure of each byte.
    #[error("maximum target {found} with {size} numbers: at most {most} is allowed, so that results stay exact")]
    LargeTargets {
        /// The maximum asked for.
        found: u32,
        /// The greatest size asked for.
        size: u32,
        /// The greatest maximum for that size.
        most: u32,
    },
    /// Seed and offset do not add up to a seed.
    #[error("seed {seed} plus offset {offset} is out of range: take a smaller seed")]
    Seed {
        /// The seed asked for.
        seed: i128,
        /// The offset asked for.
        offset: i64,
    },
    /// `val` found no solution that `train` lacks.
    #[error(
        "val: {redraws} puzzles of {size} numbers were drawn and the solution of each is in train already: ask for fewer \
         samples, more numbers or a greater maximum target"
    )]
    NoFreshSolution {
        /// Numbers in the puzzle.
        size: usize,
        /// How many puzzles were tried for one row.
        redraws: u64,
    },
    /// The progress function asked to stop.
    #[error("stopped before {} was complete: nothing of it was kept", .file.display())]
    Stopped {
        /// The file that was being written.
        file: PathBuf,
    },
    /// The file system refused.
    #[error("{}: {action} failed: {source}", .path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What was being done.
        action: &'static str,
        /// What the system says.
        source: io::Error,
    },
}

impl Settings {
    /// Refuses settings for which the paper's program fails, or for which not every byte is sure to be equal. Puzzles of two
    /// numbers are allowed, although the paper's program stops after its first row of them, in a statistic.
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

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows written in all splits.
    pub rows: u64,
    /// Rows to write in all splits.
    pub of: u64,
}

/// What a run wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The files, in the order in which they were written.
    pub files: Vec<FileReport>,
    /// How many lists of numbers were drawn until every row had one that can be solved.
    pub drawn: u64,
}

/// One file of a [`Report`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    /// Where it is.
    pub path: PathBuf,
    /// Its rows.
    pub rows: u64,
    /// Its length in bytes.
    pub bytes: u64,
}

/// What a search came to.
#[derive(Clone, Copy)]
struct SearchResult {
    /// How many operations the text explores.
    explored: u64,
    solved: bool,
}

/// Writes the data set into the folder `out`, which is made where it is missing. Each file appears whole or not at all,
/// and replaces one of the same name. `progress` is called every few hundred kilobytes and may stop the run.
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

/// Shuffles the targets and keeps a tenth of them for `val_target`. Gives the splits to write, and the stream of random numbers
/// for them.
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

/// The state that one split hands to the next.
struct Run {
    rows: Rows,
    /// Solutions of the rows in `train`.
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
