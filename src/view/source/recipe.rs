//! Rows that a recipe makes: any row by its index, and nothing on disk.

use std::ops::ControlFlow;

use serde_json::{Value, json};

use super::super::Place;
use super::{Config, Each, NoRow};
use crate::recipe::load::Loaded;
use crate::record::Datasets;
use crate::sink::row_json;
use crate::table::{RowSource, Rows};

/// The rows of a recipe.
pub struct RecipeRows {
    name: String,
    loaded: Loaded,
    dataset: Datasets,
}

impl RecipeRows {
    /// The rows of a recipe. `name` is what the page calls it.
    pub fn new(name: String, loaded: Loaded) -> Result<Self, NoRow> {
        let dataset = Datasets::new(loaded.recipe.clone()).map_err(|error| loaded.wrong(&error).to_string())?;
        Ok(RecipeRows { name, loaded, dataset })
    }

    pub(super) fn about(&self) -> Value {
        let about = self.dataset.about();
        let space: serde_json::Map<String, Value> =
            about.puzzle_space.into_iter().map(|(name, size)| (name, size.to_string().into())).collect();
        json!({
            "kind": "recipe", "name": self.name, "title": about.title, "summary": about.summary, "recipe": self.loaded.text(),
            "seed": about.seed, "space": space, "versions": about.versions, "puzzles": about.puzzles,
        })
    }

    pub(super) fn configs(&self) -> Vec<Config> {
        let splits: Vec<(String, u64)> =
            RowSource::splits(&self.dataset).into_iter().map(|split| (split.name, split.rows)).collect();
        let config = |record: &crate::recipe::RecordConfig| Config {
            name: record.folder().to_string(),
            kind: record.kind.clone(),
            splits: splits.clone(),
        };
        self.dataset.recipe.records.iter().map(config).collect()
    }

    pub(super) fn rows(
        &self,
        config: Option<&str>,
        split: &str,
        from: u64,
        to: u64,
        each: Each<'_>,
    ) -> Result<(), NoRow> {
        let wrong = |error: &dyn std::fmt::Display| self.loaded.wrong(error).to_string();
        let names = self.dataset.configs();
        let place = self.dataset.splits().iter().position(|name| name == split);
        let place = place.ok_or_else(|| format!("split: found \"{split}\"; there is no such split"))?;
        self.dataset.prepare_split(place).map_err(|error| wrong(&error))?;
        let (mut rows, mut buffers) = (self.dataset.batches(), self.dataset.scratch());
        for index in from..to {
            rows.iter_mut().for_each(Rows::clear);
            self.dataset
                .rows(place, index, &mut buffers, &mut rows)
                .map_err(|error| format!("index {index}: {error}"))?;
            let wanted = names.iter().zip(&rows).filter(|(name, _)| config.is_none_or(|config| config == *name));
            for (name, batch) in wanted {
                let row = row_json(batch, 0).ok_or("the row is not UTF-8")?;
                let place = Place { config: name.clone(), split: split.into(), index };
                if let ControlFlow::Break(()) = each(row, place) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}
