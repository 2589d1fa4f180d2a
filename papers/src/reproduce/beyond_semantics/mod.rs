//! The mazes of "Beyond Semantics" (Stechly, Valmeekam et al. 2025), byte for byte as its program `headless_gen/cli.js
//! --solver astar` writes them, from the same seed.
//!
//! All mazes of a file come from one stream of random numbers. So a row cannot be made without the rows before it.
mod generators;
mod grid;
mod random;
mod settings;
mod solver;
mod text;
mod tree;

use super::whole_file::WholeFile;
use generators::{CellularAutomata, Dfs, DrunkardsWalk, Generate, Kruskal, Searchformer, Wilson};
use grid::Grid;
use random::Random;
pub use settings::{Generator, MOST_SIDE, Mode, Settings};
use solver::Solver;
use std::fs::File;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use text::Text;
use tree::TreeSolver;

/// Number of bytes written to the file at once. They should stay in the processor's cache.
const CHUNK: usize = 256 * 1024;

/// Why a data set could not be reproduced.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReproduceError {
    /// A setting has a value that is not allowed.
    #[error("{field}: found {found}; allowed: {allowed}")]
    Setting {
        /// The name of the setting.
        field: &'static str,
        /// The value.
        found: String,
        /// The allowed values.
        allowed: String,
    },
    /// A name is not one of the allowed ones.
    #[error("{field}: found {found:?}; allowed: {}", listed(allowed))]
    Unknown {
        /// The setting.
        field: String,
        /// The name.
        found: String,
        /// The allowed names.
        allowed: Vec<&'static str>,
    },
    /// The paper's program fails at this row, or never ends there.
    #[error("row {row}: {reason}; the paper's program makes no maze there either. Nothing was kept")]
    NoMaze {
        /// The row, from 0.
        row: u64,
        /// Why there is no maze.
        reason: Impossible,
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

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// Why a grid has no start or no goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    /// The rooms would be at odd columns and rows, and the grid has none.
    #[error("its rooms would be at odd columns and rows, and the grid has none")]
    NoRooms,
    /// Start and goal need two floor cells, and there are fewer.
    #[error("a start and a goal take two floor cells, and it has {found}")]
    FewFloors {
        /// The number of floor cells.
        found: usize,
    },
}

/// The progress of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Number of rows that were written.
    pub rows: u64,
    /// Number of rows to write.
    pub of: u64,
}

/// The result of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Number of rows.
    pub rows: u64,
    /// Length in bytes.
    pub bytes: u64,
}

/// Writes the file. It appears as a whole or not at all, replaces a file with its name, and creates a missing folder. A pipe or a device is
/// written to and not replaced. `progress` is called every few hundred kilobytes and may stop the run.
pub fn generate(
    settings: &Settings,
    out: &Path,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Report, ReproduceError> {
    settings.check()?;
    let mut target = Target::create(out).map_err(io_error(out, "making the file"))?;
    let mut rows = Rows::new(settings);
    for row in 0..settings.count {
        rows.write(row)?;
        if rows.text.as_slice().len() >= CHUNK {
            target.write(rows.text.as_slice()).map_err(io_error(out, "writing"))?;
            rows.text.clear();
            if progress(Progress { rows: row + 1, of: settings.count }).is_break() {
                return Err(ReproduceError::Stopped { file: out.to_owned() });
            }
        }
    }
    target.write(rows.text.as_slice()).map_err(io_error(out, "writing"))?;
    let bytes = target.finish().map_err(io_error(out, "finishing the file"))?;
    Ok(Report { rows: settings.count, bytes })
}

/// The state that rows hand on, and the text that is not written to the file yet.
struct Rows {
    random: Random,
    grid: Grid,
    generator: Box<dyn Generate>,
    solver: Solver,
    tree_solver: TreeSolver,
    text: Text,
}

impl Rows {
    /// The settings must have been checked.
    fn new(settings: &Settings) -> Self {
        let grid = Grid::new(settings.rows as usize, settings.cols as usize);
        let generator: Box<dyn Generate> = match settings.generator {
            Generator::Wilson => Box::new(Wilson::new(&grid)),
            Generator::Kruskal => Box::new(Kruskal::new(&grid)),
            Generator::Dfs => Box::new(Dfs::new(&grid)),
            Generator::DrunkardsWalk { coverage } => Box::new(DrunkardsWalk::new(&grid, coverage)),
            Generator::Searchformer => Box::new(Searchformer::new(&grid)),
            Generator::CellularAutomata { fill_probability, survival_threshold, birth_threshold, iterations } => {
                let (survival, birth) = (survival_threshold, birth_threshold);
                Box::new(CellularAutomata::new(&grid, fill_probability, survival, birth, iterations))
            }
        };
        Self {
            random: Random::new(settings.seed, settings.mode == Mode::Test),
            generator,
            solver: Solver::new(&grid),
            tree_solver: TreeSolver::new(&grid),
            text: Text::new(&grid),
            grid,
        }
    }

    fn write(&mut self, row: u64) -> Result<(), ReproduceError> {
        let task = self.generator.generate(&mut self.random, &mut self.grid);
        let (start, goal) = task.map_err(|reason| ReproduceError::NoMaze { row, reason })?;
        if self.generator.makes_trees() {
            self.text.tree_row(&self.grid, &mut self.tree_solver, start, goal);
        } else {
            self.text.row(&self.grid, &mut self.solver, start, goal);
        }
        Ok(())
    }
}

/// The destination of the rows.
enum Target {
    Whole(WholeFile),
    /// A pipe or a device, which must not be replaced by a file.
    Stream(File, u64),
}

impl Target {
    fn create(out: &Path) -> io::Result<Self> {
        match std::fs::metadata(out) {
            Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => Ok(Self::Stream(File::options().write(true).open(out)?, 0)),
            // A link stays; the file behind it is replaced.
            Ok(_) => Ok(Self::Whole(WholeFile::create(&std::fs::canonicalize(out)?)?)),
            Err(_) => {
                if let Some(folder) = out.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                Ok(Self::Whole(WholeFile::create(out)?))
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Whole(file) => file.write(bytes),
            Self::Stream(file, written) => {
                file.write_all(bytes)?;
                *written += bytes.len() as u64;
                Ok(())
            }
        }
    }

    fn finish(self) -> io::Result<u64> {
        match self {
            Self::Whole(file) => file.finish(),
            Self::Stream(_, written) => Ok(written),
        }
    }
}

fn io_error(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> ReproduceError {
    let path = path.to_owned();
    move |source| ReproduceError::Io { path, action, source }
}

#[cfg(test)]
mod tests;
