//! The fields in which two recipes make other rows.

use std::collections::BTreeMap;

use toml::Value;

use crate::recipe::Recipe;
use crate::table::Difference;

/// Compares the recipe of another dataset with one of ours. How many rows a split has does not matter, but its share does, since it decides the puzzles.
pub(super) fn differences(there: &str, here: &Recipe) -> Vec<Difference> {
    let Ok(there) = Recipe::from_toml(there) else {
        let there = "one that this version does not read".into();
        return vec![Difference { field: "recipe".into(), there, here: "this one".into() }];
    };
    let (there, here) = (fields(&there), fields(here));
    let names: std::collections::BTreeSet<&String> = there.keys().chain(here.keys()).collect();
    let differ = names.into_iter().filter(|name| there.get(*name) != here.get(*name));
    let shown = |value: Option<&Value>| value.map_or("missing".to_string(), |value| shorten(&value.to_string()));
    differ
        .map(|name| Difference { field: name.clone(), there: shown(there.get(name)), here: shown(here.get(name)) })
        .collect()
}

/// The fields of a recipe by their paths, without the numbers of rows.
fn fields(recipe: &Recipe) -> BTreeMap<String, Value> {
    let mut recipe = recipe.clone();
    for split in recipe.splits.values_mut() {
        split.share.get_or_insert(split.rows);
        split.rows = 0;
    }
    let mut fields = BTreeMap::new();
    if let Ok(table) = toml::Table::try_from(&recipe) {
        table.into_iter().for_each(|(name, value)| add(name, value, &mut fields));
    }
    fields
}

fn add(path: String, value: Value, fields: &mut BTreeMap<String, Value>) {
    match value {
        Value::Table(table) => table.into_iter().for_each(|(name, value)| add(format!("{path}.{name}"), value, fields)),
        Value::Array(items) if items.iter().any(Value::is_table) => {
            items.into_iter().enumerate().for_each(|(at, item)| add(format!("{path} {}", at + 1), item, fields));
        }
        value => {
            fields.insert(path, value);
        }
    }
}

/// A value for a message.
fn shorten(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST { text.into() } else { text.chars().take(MOST).chain(['…']).collect() }
}
