//! What a folder was made by: a dataset of an earlier version is read, and it is said that it is one.

use std::collections::BTreeMap;

use crate::arena::{self, Family};
use crate::dialect::all_dialects;
use crate::generate::manifest::Manifest;
use crate::recipe::Recipe;
use crate::table::ROWS_VERSION;

/// What decides the bytes of a row, with its version.
pub type Versions = BTreeMap<String, String>;

/// The versions of this program that the rows of a recipe would have.
fn current(family: &dyn Family, recipe: &Recipe) -> Versions {
    let about = family.about();
    let dialect = all_dialects(about).into_iter().find(|dialect| dialect.name == recipe.dialect);
    let dialect = dialect.map(|dialect| (format!("dialect {}", dialect.name), dialect.version));
    let all = [(format!("environment {}", about.name), about.version), ("rows".to_string(), ROWS_VERSION)];
    all.into_iter().chain(dialect).map(|(name, version)| (name, version.to_string())).collect()
}

/// In which versions a dataset differs from what this program makes: each as `environment maze 2 (3 here)`. Empty where there is no
/// difference.
pub fn other_versions(manifest: &Manifest) -> Vec<String> {
    let Ok(recipe) = Recipe::from_toml(&manifest.job.recipe) else {
        return vec!["a recipe that this version does not read".into()];
    };
    let Some(family) = arena::environment(recipe.environment_name()) else {
        return vec![format!("the environment {}, which this version does not have", recipe.environment_name())];
    };
    let current = current(family, &recipe);
    let there = |name: &str| manifest.job.versions.get(name).map_or("1", String::as_str);
    let differ = current.iter().filter(|(name, version)| there(name) != version.as_str());
    differ.map(|(name, version)| format!("{name} {} ({version} here)", there(name))).collect()
}
