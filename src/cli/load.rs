//! Loading a recipe, with the overrides of the command line.

use std::path::Path;

use super::Failure;
use crate::recipe::Recipe;

/// Reads a recipe file; `seed` and `counts` replace what it says.
pub fn recipe(path: &Path, seed: Option<u64>, counts: &[(String, u64)]) -> Result<Recipe, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::Request(format!("{}: {error}; give the path of a recipe, a TOML file", path.display()))
    })?;
    let mut recipe =
        Recipe::from_toml(&text).map_err(|error| Failure::Request(format!("{}: {error}", path.display())))?;
    if let Some(seed) = seed {
        recipe.seed = seed;
    }
    for (name, rows) in counts {
        let names: Vec<String> = recipe.splits.keys().cloned().collect();
        // A split's part of the space is the recipe's, so that rows do not depend on how many are asked for.
        for split in recipe.splits.values_mut() {
            split.share.get_or_insert(split.rows);
        }
        let Some(split) = recipe.splits.get_mut(name) else {
            let hint = crate::names::nearest(name, names.iter().map(String::as_str));
            let hint = hint.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
            let message = format!("--count: found split \"{name}\"; the recipe has: {}{hint}", names.join(", "));
            return Err(Failure::Request(message));
        };
        split.rows = *rows;
    }
    Ok(recipe)
}

/// Reads `SPLIT=N`.
pub fn count(text: &str) -> Result<(String, u64), String> {
    let (name, rows) = text.split_once('=').ok_or("found no =; write SPLIT=N, as in train=1000")?;
    let rows = rows.replace('_', "").parse().map_err(|_| format!("found \"{rows}\"; write a whole number of rows"))?;
    Ok((name.to_string(), rows))
}
