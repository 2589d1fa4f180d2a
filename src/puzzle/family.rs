//! The registry of environments without their types: what can be asked of each before there is a puzzle of it.

use std::any::Any;
use std::fmt::Debug;
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use sos_envs::prompt::Task;
use sos_envs::{About, ConfigError, Draw, Environment, EnvironmentVisitor, PuzzleError, Reject, Space};

use super::Puzzle;

/// An environment of the registry.
pub(super) trait Family: Send + Sync {
    fn levels(&self, kind: usize) -> [Config; 3];
    fn defaults(&self, kind: usize) -> Config;
    fn read_config(
        &self,
        kind: usize,
        settings: &mut dyn erased_serde::Deserializer<'_>,
    ) -> Result<Config, erased_serde::Error>;
    fn space(&self, config: &Config) -> Result<Option<Space>, ConfigError>;
    fn distinct_space(&self, config: &Config) -> Option<Space>;
    fn at(&self, config: &Config, stratum: u64, index: u128, draw: &mut Draw) -> Result<Puzzle, Reject>;
    fn generate(&self, config: &Config, draw: &mut Draw) -> Result<Puzzle, Reject>;
    fn tasks(&self, config: &Config) -> u64;
    fn accepts(&self, config: &Config, solvable: bool) -> bool;
    fn hold_out_values(&self, config: &Config, key: usize) -> Option<Vec<u64>>;
    fn counts_twins_once(&self, config: &Config) -> bool;
    fn read_json(&self, value: &Value) -> Result<Puzzle, PuzzleError>;
    fn read_task(&self, task: &Task<'_>) -> Option<Value>;
    fn read_prompt(&self, grammar: &str, text: &str) -> Option<Value>;
    fn untold(&self, grammar: &str) -> Option<&'static str>;
}

/// All environments, in the order in which they are listed, and what is said of each.
pub(super) struct Registry {
    pub families: Vec<Box<dyn Family>>,
    pub abouts: Vec<About>,
}

pub(super) static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry { families: Vec::new(), abouts: Vec::new() };
    sos_envs::visit_environments(&mut registry);
    registry
});

impl EnvironmentVisitor for Registry {
    fn visit<E: Environment>(&mut self, kind: usize) {
        self.families.push(Box::new(FamilyOf::<E> { kind, environment: PhantomData }));
        self.abouts.push(E::KINDS[kind]);
    }
}

/// The environment of a number in the registry.
pub(super) fn family(kind: usize) -> &'static dyn Family {
    &*REGISTRY.families[kind]
}

/// The number in the registry of an environment of a type.
pub(super) fn place_of<E: Environment>(kind: usize) -> usize {
    let name = E::KINDS[kind].name;
    REGISTRY.abouts.iter().position(|about| about.name == name).unwrap_or(usize::MAX)
}

/// The environments of a type.
struct FamilyOf<E> {
    kind: usize,
    environment: PhantomData<fn() -> E>,
}

impl<E: Environment> FamilyOf<E> {
    fn wrap(&self, place: usize, config: E::Config) -> Config {
        Config { kind: place, settings: Arc::new(config) }
    }

    fn settings<'c>(&self, config: &'c Config) -> &'c E::Config {
        config.settings_of::<E>()
    }
}

impl<E: Environment> Family for FamilyOf<E> {
    fn levels(&self, kind: usize) -> [Config; 3] {
        E::levels(self.kind).map(|config| self.wrap(kind, config))
    }

    fn defaults(&self, kind: usize) -> Config {
        self.wrap(kind, E::defaults(self.kind))
    }

    fn read_config(
        &self,
        kind: usize,
        settings: &mut dyn erased_serde::Deserializer<'_>,
    ) -> Result<Config, erased_serde::Error> {
        E::read_config(self.kind, settings).map(|config| self.wrap(kind, config))
    }

    fn space(&self, config: &Config) -> Result<Option<Space>, ConfigError> {
        E::space(self.settings(config))
    }

    fn distinct_space(&self, config: &Config) -> Option<Space> {
        E::distinct_space(self.settings(config))
    }

    fn at(&self, config: &Config, stratum: u64, index: u128, draw: &mut Draw) -> Result<Puzzle, Reject> {
        E::at(self.settings(config), stratum, index, draw).map(Puzzle::of)
    }

    fn generate(&self, config: &Config, draw: &mut Draw) -> Result<Puzzle, Reject> {
        E::generate(self.settings(config), draw).map(Puzzle::of)
    }

    fn tasks(&self, config: &Config) -> u64 {
        E::tasks(self.settings(config))
    }

    fn accepts(&self, config: &Config, solvable: bool) -> bool {
        E::accepts(self.settings(config), solvable)
    }

    fn hold_out_values(&self, config: &Config, key: usize) -> Option<Vec<u64>> {
        E::hold_out_values(self.settings(config), key)
    }

    fn counts_twins_once(&self, config: &Config) -> bool {
        E::counts_twins_once(self.settings(config))
    }

    fn read_json(&self, value: &Value) -> Result<Puzzle, PuzzleError> {
        E::from_json(self.kind, value).map(Puzzle::of)
    }

    fn read_task(&self, task: &Task<'_>) -> Option<Value> {
        E::read_task(self.kind, task)
    }

    fn read_prompt(&self, grammar: &str, text: &str) -> Option<Value> {
        E::read_prompt(self.kind, grammar, text)
    }

    fn untold(&self, grammar: &str) -> Option<&'static str> {
        E::untold(self.kind, grammar)
    }
}

/// Settings of the generator of an environment.
#[derive(Clone, Debug)]
pub struct Config {
    /// The environment, by its number in the registry.
    pub(super) kind: usize,
    settings: Arc<dyn Settings>,
}

impl Config {
    /// The settings with their type; those of another environment cannot be here, since a config names its own.
    pub(super) fn settings_of<E: Environment>(&self) -> &E::Config {
        let settings: &dyn Any = &*self.settings;
        settings.downcast_ref().expect("a config holds the settings of its own environment")
    }
}

/// Settings of some type.
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

impl PartialEq for Config {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.settings.equals(&*other.settings)
    }
}

impl Serialize for Config {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        erased_serde::serialize(self.settings.serializable(), serializer)
    }
}

/// The default settings of the first environment: [`Environment::defaults`] has those of each.
impl Default for Config {
    fn default() -> Self {
        family(0).defaults(0)
    }
}

impl<'de> Deserialize<'de> for Config {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("settings are read by Environment::read_config, which knows the environment"))
    }
}
