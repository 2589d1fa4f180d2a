//! Environments without their types: settings, generators and readers, for which no puzzle is needed.

use std::any::Any;
use std::fmt::Debug;
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock, PoisonError, RwLock, RwLockReadGuard};

use serde::{Serialize, Serializer};
use serde_json::Value;
use sos_envs::prompt::Task;
use sos_envs::{About, Complete, ConfigError, Draw, EnvironmentVisitor, PuzzleError, Reject, Space};

use super::Puzzle;

/// An environment: a family of puzzles with its settings and its generator. The methods are documented at the functions of the same
/// name in [`sos_envs::Environment`] and its parts.
pub trait Family: Send + Sync {
    /// The listing: name, kinds of text, heuristics and more.
    fn about(&self) -> &'static About;
    /// Ready settings, in the order of [`sos_envs::LEVELS`].
    fn levels(&'static self) -> [Config; 3];
    /// The settings with every field at its default.
    fn defaults(&'static self) -> Config;
    /// Reads settings from JSON.
    fn read_config(&'static self, settings: &Value) -> Result<Config, serde_json::Error>;
    /// Reads a puzzle from JSON.
    fn read_json(&self, value: &Value) -> Result<Puzzle, PuzzleError>;
    /// The puzzle that a prompt describes, as JSON; none where it describes none.
    fn read_task(&self, task: &Task<'_>) -> Option<Value>;
    /// The puzzle that a prompt in a grammar of another data set describes, as JSON; none where it describes none.
    fn read_prompt(&self, grammar: &str, text: &str) -> Option<Value>;
    /// The puzzle that a layout describes, as JSON; none where it describes none.
    fn read_layout(&self, layout: &str) -> Option<Value>;
    /// What a prompt grammar leaves out, and what reading it assumes; none where it leaves out nothing.
    fn untold(&self, grammar: &str) -> Option<&'static str>;

    /// Checks settings.
    fn check(&self, config: &Config) -> Result<(), ConfigError>;
    /// Checks settings. Gives the space of candidates where it can be enumerated.
    fn space(&self, config: &Config) -> Result<Option<Space>, ConfigError>;
    /// The space of candidates for a recipe that asks for distinct puzzles.
    fn distinct_space(&self, config: &Config) -> Option<Space>;
    /// The candidate of a space at `stratum` and `index`.
    fn at(&self, config: &Config, stratum: u64, index: u128, draw: &mut Draw) -> Result<Puzzle, Reject>;
    /// Draws a puzzle.
    fn generate(&self, config: &Config, draw: &mut Draw) -> Result<Puzzle, Reject>;
    /// How many rows in succession share their ground (the walls of a maze, say).
    fn tasks(&self, config: &Config) -> u64;
    /// Whether the settings accept a puzzle that is solvable, or one that is not.
    fn accepts(&self, config: &Config, solvable: bool) -> bool;
    /// All values of the hold-out property `key`, where they can be listed.
    fn hold_out_values(&self, config: &Config, key: usize) -> Option<Vec<u64>>;
    /// Whether a numbered space has only one candidate of each set of twins.
    fn counts_twins_once(&self, config: &Config) -> bool;
}

static ENVIRONMENTS: LazyLock<Vec<&'static dyn Family>> = LazyLock::new(|| {
    let mut registry = Registry(Vec::new());
    sos_envs::visit_environments(&mut registry);
    registry.0
});

struct Registry(Vec<&'static dyn Family>);

impl EnvironmentVisitor for Registry {
    fn visit<E: Complete>(&mut self, kind: usize) {
        self.0.push(family_of::<E>(kind, None));
    }

    fn visit_sizes<E: Complete, Larger: Complete>(&mut self) {
        self.0.push(family_of::<E>(0, Some(|value| Larger::from_json_of(0, value).map(Puzzle::of))));
    }
}

/// The environments of the registry, in its order.
pub fn environments() -> &'static [&'static dyn Family] {
    &ENVIRONMENTS
}

/// The environment with a name: from the registry, or one that [`add`] added.
pub fn environment(name: &str) -> Option<&'static dyn Family> {
    let named = |family: &&&'static dyn Family| family.about().name == name;
    environments().iter().find(named).copied().or_else(|| added().iter().find(named).copied())
}

/// Names of all environments: those of the registry, then those that [`add`] added.
pub fn environment_names() -> Vec<&'static str> {
    environments().iter().chain(added().iter()).map(|family| family.about().name).collect()
}

/// Environments that were added while the program runs.
static ADDED: RwLock<Vec<&'static dyn Family>> = RwLock::new(Vec::new());

fn added() -> RwLockReadGuard<'static, Vec<&'static dyn Family>> {
    ADDED.read().unwrap_or_else(PoisonError::into_inner)
}

/// Adds the environments of a type, for as long as the program runs. Recipes and requests can then name them. An environment whose
/// name is taken is not added.
pub fn add<E: Complete>() {
    for (kind, about) in E::kinds().iter().enumerate() {
        if environment(about.name).is_none() {
            ADDED.write().unwrap_or_else(PoisonError::into_inner).push(family_of::<E>(kind, None));
        }
    }
}

type ReadJson = fn(&Value) -> Result<Puzzle, PuzzleError>;

fn family_of<E: Complete>(kind: usize, read_larger: Option<ReadJson>) -> &'static dyn Family {
    Box::leak(Box::new(FamilyOf::<E> { kind, read_larger, environment: PhantomData }))
}

/// An environment of the type `E`: its kind with this number.
struct FamilyOf<E> {
    kind: usize,
    /// Reads a puzzle that is too large for the type.
    read_larger: Option<ReadJson>,
    environment: PhantomData<fn() -> E>,
}

impl<E: Complete> FamilyOf<E> {
    fn wrap(&'static self, config: E::Config) -> Config {
        Config { family: self, settings: Arc::new(config) }
    }
}

impl<E: Complete> Family for FamilyOf<E> {
    fn about(&self) -> &'static About {
        &E::kinds()[self.kind]
    }

    fn levels(&'static self) -> [Config; 3] {
        E::levels_of(self.kind).map(|config| self.wrap(config))
    }

    fn defaults(&'static self) -> Config {
        self.wrap(E::defaults_of(self.kind))
    }

    fn read_config(&'static self, settings: &Value) -> Result<Config, serde_json::Error> {
        E::read_config(self.kind, settings).map(|config| self.wrap(config))
    }

    fn read_json(&self, value: &Value) -> Result<Puzzle, PuzzleError> {
        match (E::from_json_of(self.kind, value), self.read_larger) {
            (Ok(puzzle), _) => Ok(Puzzle::of(puzzle)),
            (Err(_), Some(read_larger)) => read_larger(value),
            (Err(error), None) => Err(error),
        }
    }

    fn read_task(&self, task: &Task<'_>) -> Option<Value> {
        E::read_task_of(self.kind, task)
    }

    fn read_prompt(&self, grammar: &str, text: &str) -> Option<Value> {
        E::read_prompt(self.kind, grammar, text)
    }

    fn read_layout(&self, layout: &str) -> Option<Value> {
        E::read_layout(self.kind, layout)
    }

    fn untold(&self, grammar: &str) -> Option<&'static str> {
        E::untold(self.kind, grammar)
    }

    fn check(&self, config: &Config) -> Result<(), ConfigError> {
        E::check(config.typed::<E>())
    }

    fn space(&self, config: &Config) -> Result<Option<Space>, ConfigError> {
        self.check(config)?;
        Ok(E::space(config.typed::<E>()))
    }

    fn distinct_space(&self, config: &Config) -> Option<Space> {
        E::distinct_space(config.typed::<E>())
    }

    fn at(&self, config: &Config, stratum: u64, index: u128, draw: &mut Draw) -> Result<Puzzle, Reject> {
        E::at(config.typed::<E>(), stratum, index, draw).map(Puzzle::of)
    }

    fn generate(&self, config: &Config, draw: &mut Draw) -> Result<Puzzle, Reject> {
        E::generate(config.typed::<E>(), draw).map(Puzzle::of)
    }

    fn tasks(&self, config: &Config) -> u64 {
        E::tasks(config.typed::<E>())
    }

    fn accepts(&self, config: &Config, solvable: bool) -> bool {
        E::accepts(config.typed::<E>(), solvable)
    }

    fn hold_out_values(&self, config: &Config, key: usize) -> Option<Vec<u64>> {
        E::hold_out_values(config.typed::<E>(), key)
    }

    fn counts_twins_once(&self, config: &Config) -> bool {
        E::counts_twins_once(config.typed::<E>())
    }
}

/// Settings of the generator of an environment.
#[derive(Clone)]
pub struct Config {
    /// The environment that they are for.
    pub family: &'static dyn Family,
    settings: Arc<dyn Settings>,
}

impl Config {
    /// The settings as a value of their type. `E` must be the type of the config's own environment.
    pub(super) fn typed<E: Complete>(&self) -> &E::Config {
        let settings: &dyn Any = &*self.settings;
        settings.downcast_ref().expect("a config holds the settings of its own environment")
    }

    /// Checks the settings. Gives the space of candidates where it can be enumerated.
    pub fn space(&self) -> Result<Option<Space>, ConfigError> {
        self.family.space(self)
    }

    /// Draws a puzzle.
    pub fn generate(&self, draw: &mut Draw) -> Result<Puzzle, Reject> {
        self.family.generate(self, draw)
    }

    /// Whether the settings accept a puzzle that is solvable, or one that is not.
    pub fn accepts(&self, solvable: bool) -> bool {
        self.family.accepts(self, solvable)
    }
}

/// Settings with their type hidden.
trait Settings: Any + Debug + Send + Sync {
    fn equals(&self, other: &dyn Settings) -> bool;
    fn serializable(&self) -> &dyn erased_serde::Serialize;
}

impl<C: Any + Debug + PartialEq + Serialize + Send + Sync> Settings for C {
    fn equals(&self, other: &dyn Settings) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<C>() == Some(self)
    }

    fn serializable(&self) -> &dyn erased_serde::Serialize {
        self
    }
}

impl Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.settings.fmt(f)
    }
}

impl PartialEq for Config {
    fn eq(&self, other: &Self) -> bool {
        self.family.about().name == other.family.about().name && self.settings.equals(&*other.settings)
    }
}

impl Serialize for Config {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        erased_serde::serialize(self.settings.serializable(), serializer)
    }
}
