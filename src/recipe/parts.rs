//! Recipes of several environments. The part of each environment is a recipe of its own, with the puzzles, the searches and the text format of that
//! environment alone; all else is shared.

use std::collections::BTreeSet;

use serde::Deserialize;
use sos_envs::Streams;
use toml::{Table, Value};

use super::{ALL_ROWS, HoldOut, Recipe, RecipeError, WeightedSearch, plain};

/// What a table of `environments` has beside the settings of its environment: a weight, and what this environment has in place of the recipe's.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Own {
    weight: Option<u64>,
    dialect: Option<String>,
    mixture: Option<String>,
    searches: Option<Vec<WeightedSearch>>,
    hold_out: Option<HoldOut>,
    distinct: Option<bool>,
}

/// The fields of [`Own`].
const OWN: [&str; 6] = ["weight", "dialect", "mixture", "searches", "hold_out", "distinct"];

/// Greatest number of rows of a round ([`super::Turns`]).
const MOST_OF_A_ROUND: u64 = 1000;

/// The name that a table of settings has.
fn name_of(table: &Table) -> &str {
    table.get("name").and_then(Value::as_str).unwrap_or("")
}

fn value(field: impl Into<String>, found: impl Into<String>, allowed: impl Into<String>) -> RecipeError {
    RecipeError::Value { field: field.into(), found: found.into(), allowed: allowed.into() }
}

/// The weight that a table gives, if it gives one.
fn weight_of(table: &Table) -> Option<u64> {
    u64::try_from(table.get("weight")?.as_integer()?).ok()
}

impl Recipe {
    /// The names of its environments.
    pub fn environment_names(&self) -> Vec<&str> {
        match &self.environments[..] {
            [] => vec![name_of(&self.environment)],
            several => several.iter().map(name_of).collect(),
        }
    }

    /// The recipe of each environment. A recipe with one environment is its own.
    pub fn parts(&self) -> Result<Vec<Recipe>, RecipeError> {
        if self.environments.is_empty() {
            return Ok(vec![self.clone()]);
        }
        let part = |place| {
            let mut part = self.part(place)?;
            part.mix_searches().map_err(|error| error.at("environments", place))?;
            Ok(part)
        };
        (0..self.environments.len()).map(part).collect()
    }

    /// The recipe of one of several environments. It has a seed of its own, so that rows of two environments share no draws. Its splits have the rows that the
    /// environment gives to each.
    pub(super) fn part(&self, place: usize) -> Result<Recipe, RecipeError> {
        let mut settings = self.environments[place].clone();
        let own: Table = OWN.iter().filter_map(|&field| Some((field.to_string(), settings.remove(field)?))).collect();
        let own: Result<Own, toml::de::Error> = Value::Table(own).try_into();
        let own = own.map_err(|error| RecipeError::Form(plain(error.message())).at("environments", place))?;
        let name = name_of(&settings).to_string();
        let mut part = Recipe { environments: Vec::new(), ..self.clone() };
        part.seed = Streams::new(self.seed, "environment", &name).at(0).word64();
        for (split, turns) in self.turns().iter().enumerate() {
            let Some(split) = part.splits.values_mut().nth(split) else { continue };
            split.share = Some(split.part());
            split.rows = turns.counts(split.rows).get(place).copied().unwrap_or(0);
            split.environment = joined(split.environment.take(), split.environments.remove(&name));
            split.environments.clear();
            let stages: Vec<u64> = split.stages.iter().map(|stage| stage.rows).collect();
            for (stage, rows) in split.stages.iter_mut().zip(turns.of_stages(place, &stages)) {
                stage.rows = rows;
                stage.environment = joined(stage.environment.take(), stage.environments.remove(&name));
                stage.environments.clear();
            }
            split.stages.retain(|stage| stage.rows > 0);
        }
        if own.searches.is_some() || own.mixture.is_some() {
            (part.searches, part.mixture) = (own.searches.unwrap_or_default(), own.mixture);
        }
        part.dialect = own.dialect.unwrap_or(part.dialect);
        part.hold_out = own.hold_out.or(part.hold_out);
        part.distinct = own.distinct.unwrap_or(part.distinct);
        part.environment = settings;
        Ok(part)
    }

    /// The weights of its environments in a stage of a split.
    pub(super) fn weights(&self, split: usize, stage: usize) -> Vec<u64> {
        let split = self.splits.values().nth(split);
        let stage = split.and_then(|split| split.stages.get(stage));
        let weight = |table: &Table| {
            let name = name_of(table);
            let of_stage = stage.and_then(|stage| stage.environments.get(name)).and_then(weight_of);
            let of_split = || split.and_then(|split| split.environments.get(name)).and_then(weight_of);
            of_stage.or_else(of_split).or_else(|| weight_of(table)).unwrap_or(1)
        };
        let weights: Vec<u64> = self.environments.iter().map(weight).collect();
        if weights.is_empty() {
            return vec![1];
        }
        let common = weights.iter().copied().fold(0, common_divisor).max(1);
        weights.into_iter().map(|weight| weight / common).collect()
    }

    /// Checks that the recipe has one environment, or several with weights.
    pub(super) fn check_environments(&self) -> Result<(), RecipeError> {
        let names = "a name of `sos list environments`";
        if self.environments.is_empty() {
            let other = self.splits.values().find_map(|split| {
                let of_stages = split.stages.iter().flat_map(|stage| stage.environments.keys());
                split.environments.keys().chain(of_stages).next()
            });
            if let Some(name) = other {
                return Err(value(
                    "splits.environments",
                    name,
                    "`environment`; `environments` goes with the tables [[environments]] of a recipe with several",
                ));
            }
            let named = !name_of(&self.environment).is_empty();
            return if named { Ok(()) } else { Err(value("environment.name", "nothing", names)) };
        }
        if !self.environment.is_empty() {
            return Err(value("environments", "tables beside `environment`", "one of the two"));
        }
        let mut known = BTreeSet::new();
        for (place, table) in self.environments.iter().enumerate() {
            let wrong = |found: &str, allowed: &str| Err(value("name", found, allowed).at("environments", place));
            match name_of(table) {
                "" => return wrong("nothing", names),
                name if !known.insert(name) => {
                    return wrong(
                        &format!("\"{name}\" again"),
                        "each environment once; a curriculum of several settings is a list of stages",
                    );
                }
                _ => {}
            }
        }
        self.check_weights()?;
        match self.splits.iter().find(|(_, split)| split.rows == ALL_ROWS) {
            Some((name, _)) => Err(value(
                format!("splits.{name}.rows"),
                "\"all\"",
                "a number of rows, since the environments take turns by weight",
            )),
            None => Ok(()),
        }
    }

    /// Checks the weights of several environments, and the names of those to which a split or a stage gives something of its own.
    fn check_weights(&self) -> Result<(), RecipeError> {
        let names = self.environment_names();
        for (place, (name, split)) in self.splits.iter().enumerate() {
            for stage in 0..split.stages.len().max(1) {
                let own = split.stages.get(stage).map(|stage| &stage.environments);
                let field = match own {
                    Some(_) => format!("splits.{name}.stages {}.environments", stage + 1),
                    None => format!("splits.{name}.environments"),
                };
                for unknown in split.environments.keys().chain(own.into_iter().flat_map(|own| own.keys())) {
                    if !names.contains(&unknown.as_str()) {
                        let nearest = crate::names::nearest(unknown, names.iter().copied());
                        let (found, allowed) = (unknown.clone(), names.join(", "));
                        return Err(RecipeError::Unknown { field, found, allowed, nearest });
                    }
                }
                let weights = self.weights(place, stage);
                if !(1..=MOST_OF_A_ROUND).contains(&weights.iter().copied().fold(0, u64::saturating_add)) {
                    return Err(value(
                        "environments.weight",
                        format!("{} in {name}", weights.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")),
                        format!(
                            "weights with a sum of 1 to {MOST_OF_A_ROUND}, divided by what they have in common: 70 and 30 are 7 and 3"
                        ),
                    ));
                }
            }
        }
        let tables = self.splits.values().flat_map(|split| {
            let of_stages = split.stages.iter().flat_map(|stage| stage.environments.values());
            split.environments.values().chain(of_stages)
        });
        for table in self.environments.iter().chain(tables) {
            if let Some(weight) = table.get("weight").filter(|_| weight_of(table).is_none()) {
                return Err(value("environments.weight", weight.to_string(), "a whole number from 0 on"));
            }
        }
        Ok(())
    }
}

/// The settings of a split or stage: those for all environments, and over them those for one.
fn joined(shared: Option<Table>, own: Option<Table>) -> Option<Table> {
    let Some(mut own) = own else { return shared };
    own.remove("weight");
    let mut all = shared.unwrap_or_default();
    all.extend(own);
    Some(all).filter(|all| !all.is_empty())
}

fn common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}
