//! What a folder was made by: a dataset of an earlier version is read, and it is said that it is one.

use std::collections::BTreeMap;

use sos_envs::Environment;

use super::{Action, with_environment};
use crate::dialect::all_dialects;
use crate::generate::manifest::Manifest;
use crate::recipe::Recipe;
use crate::record::rows::ROWS_VERSION;

/// What decides the bytes of a row, with its version.
pub type Versions = BTreeMap<String, String>;

/// The versions of this program that the rows of a recipe would have; nothing where it has no such environment.
struct Current<'a>(&'a Recipe);

impl Action for Current<'_> {
    type Output = Versions;

    fn run<E: Environment>(self, kind: usize) -> Versions {
        let about = &E::abouts()[kind];
        let dialect = all_dialects::<E>(about).into_iter().find(|dialect| dialect.name == self.0.dialect);
        let dialect = dialect.map(|dialect| (format!("dialect {}", dialect.name), dialect.version));
        let all = [(format!("environment {}", about.name), about.version), ("rows".to_string(), ROWS_VERSION)];
        all.into_iter().chain(dialect).map(|(name, version)| (name, version.to_string())).collect()
    }
}

/// In which versions a dataset differs from what this program makes: each as `environment maze 2 (3 here)`. Empty where there is no
/// difference.
pub fn other_versions(manifest: &Manifest) -> Vec<String> {
    let Ok(recipe) = Recipe::from_toml(&manifest.job.recipe) else {
        return vec!["a recipe that this version does not read".into()];
    };
    let Ok(current) = with_environment(recipe.environment_name(), Current(&recipe)) else {
        return vec![format!("the environment {}, which this version does not have", recipe.environment_name())];
    };
    let there = |name: &str| manifest.job.versions.get(name).map_or("1", String::as_str);
    let differ = current.iter().filter(|(name, version)| there(name) != version.as_str());
    differ.map(|(name, version)| format!("{name} {} ({version} here)", there(name))).collect()
}
