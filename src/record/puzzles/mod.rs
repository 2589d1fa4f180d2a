//! The puzzles of a split: a pure function of (recipe, split, index). They are disjoint between splits, without duplicates if the environment's space can be
//! enumerated, and need no memory that grows with the count.
//!
//! **Splits.** Each puzzle belongs to one split. It is decided by the id of its family (a maze's walls), or otherwise by the id that it shares with its twins,
//! which differ from it only in names or by a symmetry. If a property is held out, this property decides first. So no puzzle and no twin of it is in two
//! splits, whatever the settings and the number of rows. A split may have its own settings and filters, and successive stages.
//!
//! **No duplicates.** The space of candidates is walked in the order of a keyed permutation and cut into blocks of fixed size. Each block gives a fixed number
//! of rows, which are its first accepted candidates. A row is found from its index alone, by its block and its rank in the block. There are three sizes of
//! blocks:
//! - a space of up to 2^18 candidates is one block, and every accepted candidate is a row;
//! - a larger space has blocks of 4,096, with a number of rows that is eight standard deviations below the expected number;
//! - a space of 2^28 and more, or one in strata, has blocks so long that each gives one row almost surely.

mod file;
mod filter;
mod owner;
mod stage;
mod wanted;

use std::collections::BTreeMap;
use std::sync::Arc;

use sos_envs::{About, LEVELS, PuzzleId, SolverFacts};

use crate::arena::{self, Config, Family, Puzzle};
use crate::recipe::{PuzzleFile, Recipe, RecipeError, Stage};

pub use file::FilePuzzles;
pub use stage::BlockCache;
use stage::StagePuzzles;
pub(super) use stage::{BLOCK, rows_of_block};
pub use wanted::{Unfulfilled, Wanted};

/// A puzzle with its proven facts.
#[derive(Clone, Debug)]
pub struct ProvenPuzzle {
    /// The puzzle, as the row shows it.
    pub puzzle: Puzzle,
    /// Its id.
    pub id: PuzzleId,
    /// The id that it shares with its twins.
    pub twin: PuzzleId,
    /// The proven facts.
    pub facts: SolverFacts,
    /// Number of candidates that were drawn and rejected before it.
    pub rejected: u64,
    /// What the file of puzzles says of it, as JSON; none for a drawn puzzle.
    pub source: Option<Arc<[u8]>>,
}

impl ProvenPuzzle {
    fn new(puzzle: Puzzle, twin: PuzzleId, facts: Option<SolverFacts>, rejected: u64) -> Self {
        let facts = facts.unwrap_or_else(|| puzzle.solver_facts());
        ProvenPuzzle { id: puzzle.id(), puzzle, twin, facts, rejected, source: None }
    }
}

/// No puzzle was found for a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPuzzle {
    /// No candidate was accepted. With reasonable settings this is less likely than a broken machine.
    #[error(
        "split {split}, row {index}: none of {tried} candidates was accepted; the settings accept too few puzzles of some kind: widen them, or set draws = \"uniform\" where there is such a setting"
    )]
    NoneAccepted {
        /// The split.
        split: String,
        /// The row.
        index: u64,
        /// Number of candidates that were tried.
        tried: u64,
    },
    /// The split has no such row.
    #[error("split {split}, row {index}: the split's puzzles are enough for {capacity} rows")]
    Beyond {
        /// The split.
        split: String,
        /// The row.
        index: u64,
        /// Number of rows that the split can have.
        capacity: u128,
    },
}

impl NoPuzzle {
    /// The same for a stage that begins at this row.
    fn behind(self, start: u64) -> Self {
        match self {
            NoPuzzle::NoneAccepted { split, index, tried } => {
                NoPuzzle::NoneAccepted { split, index: start + index, tried }
            }
            NoPuzzle::Beyond { split, index, capacity } => {
                NoPuzzle::Beyond { split, index: start + index, capacity: capacity.saturating_add(start.into()) }
            }
        }
    }
}

/// Number of rows of a stage that a filter can choose from, over the greatest number of rows of a split.
pub(super) const STAGE: u64 = 1 << 40;

/// The puzzles of one split.
pub enum Puzzles {
    /// Drawn ones: the stages, each with the index of its first row.
    Drawn(Vec<(u64, StagePuzzles)>),
    /// Those of a file, and the index of the split.
    File(Arc<FilePuzzles>, usize),
}

impl Puzzles {
    /// The puzzles of a split, by its index in the recipe. It fails at once if there are none, or fewer than `rows`.
    pub fn new(recipe: &Recipe, split: usize, rows: u64) -> Result<Self, RecipeError> {
        let Some(asked) = recipe.splits.values().nth(split) else {
            return Err(RecipeError::Value {
                field: "split".into(),
                found: split.to_string(),
                allowed: "a split of the recipe".into(),
            });
        };
        if let Some(file) = FilePuzzles::open(&mut recipe.clone())? {
            return Puzzles::of_file(&file, split, rows);
        }
        let mut stages = Vec::new();
        let mut start = 0;
        for stage in 0..asked.stages.len().max(1) {
            let last = stage + 1 >= asked.stages.len();
            let before: u64 = asked.stages.iter().take(stage).map(|stage| stage.rows).sum();
            let left = rows.saturating_sub(before);
            // Rows beyond the last stage belong to the last stage.
            let own = if last { left } else { asked.stages[stage].rows.min(left) };
            stages.push((start, StagePuzzles::new(recipe, split, stage, own)?));
            // A filter draws on within a stage.
            let given = |stage: &Stage| if recipe.filter.is_some() { STAGE } else { stage.rows };
            start += asked.stages.get(stage).map_or(0, given);
        }
        Ok(Puzzles::Drawn(stages))
    }

    /// The puzzles of a split in a file that was read.
    pub fn of_file(file: &Arc<FilePuzzles>, split: usize, rows: u64) -> Result<Self, RecipeError> {
        file.refuse_more(split, rows)?;
        Ok(Puzzles::File(Arc::clone(file), split))
    }

    /// Number of rows. If the space cannot be enumerated, it is unlimited.
    pub fn capacity(&self) -> u128 {
        match self {
            Puzzles::Drawn(stages) => {
                stages.last().map_or(0, |(start, stage)| u128::from(*start).saturating_add(stage.capacity()))
            }
            Puzzles::File(file, split) => file.capacity(*split).into(),
        }
    }

    /// Index of the first row of each stage, and the number of its puzzles.
    pub(super) fn stages(&self) -> Vec<(u64, u128)> {
        match self {
            Puzzles::Drawn(stages) => stages.iter().map(|(start, stage)| (*start, stage.capacity())).collect(),
            Puzzles::File(file, split) => vec![(0, file.capacity(*split).into())],
        }
    }

    /// Number of candidates in the whole space of the last stage, if it can be enumerated.
    pub fn space(&self) -> Option<u128> {
        match self {
            Puzzles::Drawn(stages) => stages.last().and_then(|(_, stage)| stage.space()),
            Puzzles::File(..) => None,
        }
    }

    /// The puzzle of a row. It fails where the split has fewer rows.
    pub fn get(&self, index: u64, cache: &mut BlockCache) -> Result<ProvenPuzzle, NoPuzzle> {
        match self {
            Puzzles::Drawn(stages) => {
                let place = stages.partition_point(|(start, _)| *start <= index).saturating_sub(1);
                let (start, stage) = &stages[place];
                stage.get(index - start, cache).map_err(|missing| missing.behind(*start))
            }
            Puzzles::File(file, split) => file.get(*split, index),
        }
    }
}

/// The name of a stage in messages and in its random streams.
fn stage_name(recipe: &Recipe, split: usize, stage: usize) -> String {
    match recipe.splits.iter().nth(split) {
        Some((name, split)) if !split.stages.is_empty() => format!("{name}/{stage}"),
        Some((name, _)) => name.clone(),
        None => String::new(),
    }
}

/// The environment that a recipe names.
pub fn family_of(recipe: &Recipe) -> Result<&'static dyn Family, RecipeError> {
    let name = recipe.environment_name();
    arena::environment(name).ok_or_else(|| {
        let names = arena::environment_names();
        RecipeError::Unknown {
            field: "environment.name".into(),
            found: name.into(),
            allowed: names.join(", "),
            nearest: crate::names::nearest(name, names),
        }
    })
}

/// The listing of the environment that a recipe names.
pub fn about_of(recipe: &Recipe) -> Result<&'static About, RecipeError> {
    family_of(recipe).map(Family::about)
}

/// The environment's settings of a recipe, without those of splits.
pub fn config_of(recipe: &Recipe) -> Result<Config, RecipeError> {
    if PuzzleFile::of(recipe)?.is_some() {
        // The generator is not asked.
        return Ok(family_of(recipe)?.defaults());
    }
    config(recipe, &[("environment", &recipe.environment)])
}

/// The files that settings of the environment name, in the recipe, its splits and their stages: setting and name as written, with a checksum of the content.
pub fn setting_files(recipe: &Recipe) -> Result<BTreeMap<String, String>, RecipeError> {
    let of_splits = recipe.splits.values().flat_map(|split| {
        split.environment.iter().chain(split.stages.iter().filter_map(|stage| stage.environment.as_ref()))
    });
    let tables: Vec<&toml::Table> = [&recipe.environment].into_iter().chain(of_splits).collect();
    let mut files = BTreeMap::new();
    for setting in family_of(recipe)?.about().files {
        for name in tables.iter().filter_map(|table| table.get(*setting)?.as_str()) {
            let bytes = std::fs::read(recipe.folder.join(name)).map_err(|error| RecipeError::Value {
                field: format!("environment.{setting}"),
                found: format!("\"{name}\" ({error})"),
                allowed: "a file; a relative path starts at the folder of the recipe".into(),
            })?;
            files.insert(format!("{setting} {name}"), blake3::hash(&bytes).to_string());
        }
    }
    Ok(files)
}

/// The environment's settings of a stage: the recipe's, overridden by those of the split and of the stage.
fn stage_config(recipe: &Recipe, split: usize, stage: usize) -> Result<Config, RecipeError> {
    let mut tables = vec![("environment".to_string(), &recipe.environment)];
    if let Some((name, split)) = recipe.splits.iter().nth(split) {
        tables.extend(split.environment.as_ref().map(|table| (format!("splits.{name}.environment"), table)));
        let own = split.stages.get(stage).and_then(|stage| stage.environment.as_ref());
        tables.extend(own.map(|table| (format!("splits.{name}.stages.{stage}.environment"), table)));
    }
    let tables: Vec<(&str, &toml::Table)> = tables.iter().map(|(field, table)| (field.as_str(), *table)).collect();
    config(recipe, &tables)
}

/// Settings from tables, each overriding those before it. A `level` sets all settings that its own table does not.
fn config(recipe: &Recipe, tables: &[(&str, &toml::Table)]) -> Result<Config, RecipeError> {
    let family = family_of(recipe)?;
    let mut settings = toml::Table::new();
    let mut config = family.defaults();
    for &(field, table) in tables {
        let mut table = table.clone();
        table.remove("name");
        for setting in family.about().files {
            if let Some(toml::Value::String(name)) = table.get_mut(*setting) {
                *name = recipe.folder.join(&*name).to_string_lossy().into_owned();
            }
        }
        if let Some(level) = table.remove("level") {
            settings = level_settings(family, field, &level)?;
        }
        settings.extend(table.clone());
        config = read_config(family, field, &settings, &table)?;
    }
    Ok(config)
}

fn level_settings(family: &'static dyn Family, field: &str, level: &toml::Value) -> Result<toml::Table, RecipeError> {
    let named = level.as_str().and_then(|level| LEVELS.iter().position(|&name| name == level));
    let Some(place) = named else {
        return Err(RecipeError::Unknown {
            field: format!("{field}.level"),
            found: level.as_str().map_or_else(|| level.to_string(), str::to_string),
            allowed: LEVELS.join(", "),
            nearest: level.as_str().and_then(|level| crate::names::nearest(level, LEVELS)),
        });
    };
    let settings = toml::Table::try_from(family.levels()[place].clone());
    settings.map_err(|error| RecipeError::Form(format!("{field}.level: {error}")))
}

fn read_config(
    family: &'static dyn Family,
    prefix: &str,
    settings: &toml::Table,
    own: &toml::Table,
) -> Result<Config, RecipeError> {
    let read = |table: &toml::Table| -> Result<Config, String> {
        let read = serde_json::to_value(table).and_then(|settings| family.read_config(&settings));
        read.map_err(|error| crate::recipe::plain(&error.to_string()))
    };
    read(settings).map_err(|message| {
        // The reader does not name the setting. It is the one that is refused alone as well.
        let alone =
            |(key, value): (&String, &toml::Value)| read(&toml::Table::from_iter([(key.clone(), value.clone())]));
        let field = own.iter().find(|&entry| alone(entry).is_err_and(|error| error == message));
        // `level` is a setting of every environment that the reader does not know.
        let unknown = message.contains("unknown field") && !message.contains("did you mean");
        let level = field.filter(|(key, _)| unknown && crate::names::nearest(key, ["level"]).is_some());
        let hint = level.map(|_| "; did you mean `level`?").unwrap_or_default();
        let field = field.map(|(key, _)| format!(".{key}")).unwrap_or_default();
        RecipeError::Form(format!("{prefix}{field}: {message}{hint}"))
    })
}
