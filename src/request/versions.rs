//! Versions of a dataset. A dataset of an earlier version can be read, and the differences are reported.

use std::collections::BTreeMap;

use crate::arena::{self, Family};
use crate::dialect::all_dialects;
use crate::generate::manifest::Manifest;
use crate::recipe::Recipe;
use crate::table::ROWS_VERSION;

/// Versions of the parts that decide the bytes of a row, by name.
pub type Versions = BTreeMap<String, String>;

/// The versions that rows of a recipe with one environment would have with this program.
fn versions(family: &dyn Family, recipe: &Recipe) -> Versions {
    let about = family.about();
    let dialect = all_dialects(about).into_iter().find(|dialect| dialect.name == recipe.dialect);
    let dialect = dialect.map(|dialect| (format!("dialect {}", dialect.name), dialect.version));
    let all = [(format!("environment {}", about.name), about.version), ("rows".to_string(), ROWS_VERSION)];
    all.into_iter().chain(dialect).map(|(name, version)| (name, version.to_string())).collect()
}

/// The versions in which a dataset differs from this program, each as `environment maze 2 (3 here)`. Empty where there is no difference.
pub fn other_versions(manifest: &Manifest) -> Vec<String> {
    // Rows of several recipes.
    if manifest.packed && manifest.job.recipe.is_empty() {
        return Vec::new();
    }
    let Ok(recipe) = Recipe::from_toml(&manifest.job.recipe) else {
        return vec!["a recipe that this version does not read".into()];
    };
    let mut current = Versions::new();
    for part in recipe.parts().unwrap_or_default() {
        let Some(family) = arena::environment(part.environment_name()) else {
            return vec![format!("the environment {}, which this version does not have", part.environment_name())];
        };
        current.extend(versions(family, &part));
    }
    let there = |name: &str| manifest.job.versions.get(name).map_or("1", String::as_str);
    let differ = current.iter().filter(|(name, version)| there(name) != version.as_str());
    differ.map(|(name, version)| format!("{name} {} ({version} here)", there(name))).collect()
}
