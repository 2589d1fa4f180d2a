//! What a measurement says: medians with intervals, beside an earlier measurement.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::Failure;

/// Where measurements with a name are kept.
const FOLDER: &str = ".sos-bench";

/// The file of a measurement: a plain name stands for one in the folder of measurements, anything else for a path.
fn file_of(name: &Path) -> PathBuf {
    let plain = name.to_str().is_some_and(|name| !name.is_empty() && !name.contains(['/', '\\', '.']));
    if plain { Path::new(FOLDER).join(name).with_extension("json") } else { name.to_path_buf() }
}

/// The names of measurements that are kept, for a message.
fn kept() -> String {
    let files = std::fs::read_dir(FOLDER).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        files.filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_string())).collect();
    names.sort();
    if names.is_empty() { "; none has a name here".into() } else { format!("; names here: {}", names.join(", ")) }
}

/// The median of some repeated measurements, with the least and the greatest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The median.
    pub median: f64,
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
}

impl Spread {
    /// The spread of some numbers; none where they are all 0, or where there are none.
    pub fn of(mut numbers: Vec<f64>) -> Option<Spread> {
        numbers.sort_by(f64::total_cmp);
        let (low, high) = (*numbers.first()?, *numbers.last()?);
        let at = |place: usize| numbers.get(place).copied().unwrap_or(high);
        let median = (at((numbers.len() - 1) / 2) + at(numbers.len() / 2)) / 2.0;
        (high > 0.0).then_some(Spread { median, low, high })
    }

    /// This measurement by an earlier one.
    fn against(&self, earlier: &Spread) -> Ratio {
        let ratio = self.median / earlier.median;
        Ratio { ratio, noise: self.low <= earlier.high && earlier.low <= self.high }
    }
}

/// How much faster a stage is than before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The median by the earlier median.
    pub ratio: f64,
    /// Whether both measurements have numbers in common, so that the difference may be chance.
    pub noise: bool,
}

/// A stage, per second and core.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// Its name.
    pub stage: String,
    /// Items a second: puzzles, texts or indices.
    pub items: Spread,
    /// Nodes a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<Spread>,
    /// Words a second, in the column `tokens`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Spread>,
    /// Bytes a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Spread>,
    /// The share of a row's time that it takes, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// Its items beside those of the earlier measurement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Ratio>,
}

/// The measurements of a recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The name of the recipe.
    pub recipe: String,
    /// BLAKE3 of the recipe, as in a manifest.
    pub recipe_blake3: String,
    /// Versions of the environment, the dialect and the rows.
    pub versions: BTreeMap<String, String>,
    /// The stages.
    pub stages: Vec<Stage>,
}

/// The machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor.
    pub processor: String,
    /// Number of its cores, as far as this program may use them.
    pub cores: usize,
    /// The operating system and the kind of processor.
    pub system: String,
}

impl Machine {
    /// This machine.
    pub fn here() -> Machine {
        let about = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = about.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        Machine {
            processor: model.map_or("unknown", |(_, model)| model.trim()).to_string(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        }
    }
}

/// A whole measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Name and version of the program, and how it was built.
    pub program: String,
    /// The machine.
    pub machine: Machine,
    /// How often each stage was measured.
    pub runs: usize,
    /// Threads of the last stage.
    pub threads: u64,
    /// The recipes.
    pub recipes: Vec<Measured>,
}

impl Report {
    /// Reads an earlier measurement.
    pub fn read(name: &Path) -> Result<Report, Failure> {
        let path = file_of(name);
        let wrong = |error: &dyn std::fmt::Display| {
            let kept = if path == name { String::new() } else { kept() };
            Failure::Request(format!(
                "--compare: {}: {error}; give a file that --save wrote, or a name{kept}",
                path.display()
            ))
        };
        let bytes = std::fs::read(&path).map_err(|error| wrong(&error))?;
        serde_json::from_slice(&bytes).map_err(|error| wrong(&error))
    }

    /// Keeps the measurement for a later `--compare`. Gives its file.
    pub fn save(&self, name: &Path) -> Result<PathBuf, Failure> {
        let json = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        let path = file_of(name);
        let folder = if path == name { Ok(()) } else { std::fs::create_dir_all(FOLDER) };
        let written = folder.and_then(|()| std::fs::write(&path, json));
        written
            .map_err(|error| Failure::System(format!("--save: {}: {error}; choose another file", path.display())))?;
        Ok(path)
    }

    /// Sets the ratios of all stages that an earlier measurement has too. What was measured otherwise is named.
    pub fn compare(&mut self, earlier: &Report) -> Vec<String> {
        let mut differ = Vec::new();
        if self.machine != earlier.machine {
            differ.push(format!("another machine: {}, {} cores", earlier.machine.processor, earlier.machine.cores));
        }
        if self.program != earlier.program {
            differ.push(format!("another program: {}", earlier.program));
        }
        if self.threads != earlier.threads {
            differ.push(format!("another number of threads: {}", earlier.threads));
        }
        for measured in &mut self.recipes {
            let Some(before) = earlier.recipes.iter().find(|before| before.recipe == measured.recipe) else {
                differ.push(format!("no recipe {}", measured.recipe));
                continue;
            };
            if before.recipe_blake3 != measured.recipe_blake3 {
                differ.push(format!("another recipe of the name {}", measured.recipe));
            }
            for stage in &mut measured.stages {
                let before = before.stages.iter().find(|before| before.stage == stage.stage);
                stage.against = before.map(|before| stage.items.against(&before.items));
            }
        }
        differ
    }

    /// Prints the measurement as a table.
    pub fn table(&self, out: &mut impl Write) -> std::io::Result<()> {
        let Machine { processor, cores, system } = &self.machine;
        writeln!(out, "{}; {processor}, {cores} cores, {system}", self.program)?;
        for measured in &self.recipes {
            let versions: Vec<_> =
                measured.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
            writeln!(
                out,
                "\n{}: {}; medians of {} runs, in brackets least and greatest",
                measured.recipe,
                versions.join(", "),
                self.runs
            )?;
            writeln!(
                out,
                "{:<22} {:>12} {:>23} {:>12} {:>12} {:>9} {:>8}",
                "stage", "items/s", "", "nodes/s", "tokens/s", "MB/s", "share"
            )?;
            for stage in &measured.stages {
                let Spread { median, low, high } = stage.items;
                let number =
                    |spread: Option<Spread>| spread.map_or("-".into(), |spread| format!("{:.0}", spread.median));
                let bytes = stage.bytes.map_or("-".into(), |bytes| format!("{:.1}", bytes.median / 1e6));
                let share = stage.share.map_or("-".into(), |share| format!("{share:.1} %"));
                write!(
                    out,
                    "{:<22} {median:>12.0} {:>23} {:>12} {:>12} {bytes:>9} {share:>8}",
                    stage.stage,
                    format!("[{low:.0}, {high:.0}]"),
                    number(stage.nodes),
                    number(stage.tokens),
                )?;
                match stage.against {
                    Some(Ratio { ratio, noise }) => {
                        writeln!(out, "  x {ratio:.2}{}", if noise { ", noise" } else { "" })?;
                    }
                    None => writeln!(out)?,
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_noise_where_the_intervals_meet() {
        let spread = |numbers: &[f64]| Spread::of(numbers.to_vec()).unwrap_or_default();
        let (slow, fast, between) = (spread(&[1.0, 2.0, 3.0]), spread(&[4.0, 8.0, 9.0, 5.0]), spread(&[3.0, 4.5]));
        assert_eq!((slow.median, fast.median, between.median), (2.0, 6.5, 3.75));
        assert_eq!(fast.against(&slow), Ratio { ratio: 3.25, noise: false });
        assert!(between.against(&slow).noise && between.against(&fast).noise);
        assert_eq!(Spread::of(vec![0.0]), None);
    }
}
