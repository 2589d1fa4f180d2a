//! The options of the paper's program.

use super::ReproduceError;
use std::fmt::Display;

/// Greatest number of rows and of columns. Coordinates have up to three digits.
pub const MOST_SIDE: u32 = 1000;
/// Greatest number of iterations of the automaton.
const MOST_ITERATIONS: f64 = 1_000_000.0;

/// The options of the paper's program.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// `--generator`, with its own parameters.
    pub generator: Generator,
    /// `--mode`: which of the seed's two streams is used.
    pub mode: Mode,
    /// `--seed`
    pub seed: i64,
    /// `--rows`
    pub rows: u32,
    /// `--cols`
    pub cols: u32,
    /// `--count`: number of rows in the file.
    pub count: u64,
}

impl Default for Settings {
    /// The defaults of the paper's program, with the generator of its training set.
    fn default() -> Self {
        Self { generator: Generator::Wilson, mode: Mode::Train, seed: 42, rows: 30, cols: 30, count: 1 }
    }
}

impl Settings {
    /// Refuses settings that cannot be reproduced.
    pub fn check(&self) -> Result<(), ReproduceError> {
        for (field, side) in [("rows", self.rows), ("cols", self.cols)] {
            if !(1..=MOST_SIDE).contains(&side) {
                return Err(refused(field, side, &format!("1 to {MOST_SIDE}")));
            }
        }
        for (name, value) in self.generator.parameters() {
            check_parameter(name, value)?;
        }
        Ok(())
    }
}

/// The two streams of random numbers that a seed has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The training split.
    Train,
    /// The test split.
    Test,
}

impl Mode {
    /// The names of both modes.
    pub const NAMES: [&str; 2] = ["train", "test"];

    /// The mode with a name.
    pub fn named(name: &str) -> Result<Self, ReproduceError> {
        match name {
            "train" => Ok(Self::Train),
            "test" => Ok(Self::Test),
            _ => Err(unknown("mode".to_owned(), name, &Self::NAMES)),
        }
    }
}

/// The maze generators with their parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Generator {
    /// Loop-erased random walks over rooms: the paper's training set.
    Wilson,
    /// A random spanning tree over rooms, by shuffled passages.
    Kruskal,
    /// Randomised depth-first search over rooms.
    Dfs,
    /// A random walk that carves the cells it enters.
    DrunkardsWalk {
        /// `coverage`: share of the cells that become floor.
        coverage: f64,
    },
    /// Random walls, with start and goal far apart, as in the Searchformer paper.
    Searchformer,
    /// Random walls, smoothed. The goal may be unreachable.
    CellularAutomata {
        /// `fillProbability`: initial share of walls.
        fill_probability: f64,
        /// `survivalThreshold`: a wall becomes floor where fewer of its eight neighbours are walls.
        survival_threshold: f64,
        /// `birthThreshold`: a floor cell becomes a wall where more than this many of its eight neighbours are walls.
        birth_threshold: f64,
        /// `iterations`: how often the rule is applied. A fraction is rounded up.
        iterations: f64,
    },
}

impl Generator {
    /// The names of all generators.
    pub const NAMES: [&str; 6] = ["wilson", "kruskal", "dfs", "drunkards_walk", "searchformer", "cellular_automata"];

    /// The generator with a name, with the default parameters of the paper's program.
    pub fn named(name: &str) -> Result<Self, ReproduceError> {
        match name {
            "wilson" => Ok(Self::Wilson),
            "kruskal" => Ok(Self::Kruskal),
            "dfs" => Ok(Self::Dfs),
            "drunkards_walk" => Ok(Self::DrunkardsWalk { coverage: 0.5 }),
            "searchformer" => Ok(Self::Searchformer),
            "cellular_automata" => Ok(Self::CellularAutomata {
                fill_probability: 0.45,
                survival_threshold: 4.0,
                birth_threshold: 5.0,
                iterations: 3.0,
            }),
            _ => Err(unknown("generator".to_owned(), name, &Self::NAMES)),
        }
    }

    /// The name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Wilson => "wilson",
            Self::Kruskal => "kruskal",
            Self::Dfs => "dfs",
            Self::DrunkardsWalk { .. } => "drunkards_walk",
            Self::Searchformer => "searchformer",
            Self::CellularAutomata { .. } => "cellular_automata",
        }
    }

    /// The parameters, by their names in the paper's program.
    pub fn parameters(&self) -> Vec<(&'static str, f64)> {
        { *self }.slots().into_iter().map(|(name, value)| (name, *value)).collect()
    }

    /// Sets a parameter from text.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), ReproduceError> {
        let generator = self.name();
        let mut slots = self.slots();
        let names: Vec<&'static str> = slots.iter().map(|(name, _)| *name).collect();
        let Some((name, slot)) = slots.iter_mut().find(|(known, _)| *known == name) else {
            return Err(unknown(format!("param of {generator}"), name, &names));
        };
        // Rust and JavaScript read the same numbers, except for words such as `inf`. Those are refused below.
        let number = value.parse().map_err(|_| refused(name, value, "a number"))?;
        check_parameter(name, number)?;
        **slot = number;
        Ok(())
    }

    fn slots(&mut self) -> Vec<(&'static str, &mut f64)> {
        match self {
            Self::Wilson | Self::Kruskal | Self::Dfs | Self::Searchformer => Vec::new(),
            Self::DrunkardsWalk { coverage } => vec![("coverage", coverage)],
            Self::CellularAutomata { fill_probability, survival_threshold, birth_threshold, iterations } => vec![
                ("fillProbability", fill_probability),
                ("survivalThreshold", survival_threshold),
                ("birthThreshold", birth_threshold),
                ("iterations", iterations),
            ],
        }
    }
}

/// Refuses values that are not finite, and too many iterations. The paper's program accepts any number; shares outside 0 to 1, and thresholds that no
/// cell meets, work in both.
fn check_parameter(name: &'static str, value: f64) -> Result<(), ReproduceError> {
    if !value.is_finite() {
        return Err(refused(name, value, "a finite number"));
    }
    if name == "iterations" && value > MOST_ITERATIONS {
        return Err(refused(name, value, &format!("up to {MOST_ITERATIONS}")));
    }
    Ok(())
}

fn refused(field: &'static str, found: impl Display, allowed: &str) -> ReproduceError {
    ReproduceError::Setting { field, found: found.to_string(), allowed: allowed.to_owned() }
}

fn unknown(field: String, found: &str, allowed: &[&'static str]) -> ReproduceError {
    ReproduceError::Unknown { field, found: found.to_owned(), allowed: allowed.to_vec() }
}
