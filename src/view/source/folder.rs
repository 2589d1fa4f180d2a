//! Rows of the folder of a dataset.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::super::Place;
use super::{Config, Each, NoRow};
use crate::generate::error::GenerateError;
use crate::generate::manifest::Manifest;
use crate::recipe::Recipe;
use crate::rows::some_rows;

/// The rows of a dataset. Their indices are their places in their split.
pub struct FolderRows {
    folder: PathBuf,
    manifest: Manifest,
}

impl FolderRows {
    /// Reads the manifest of a folder.
    pub fn open(folder: &Path) -> Result<Self, GenerateError> {
        let (manifest, _) = Manifest::read(folder)?;
        Ok(FolderRows { folder: folder.into(), manifest })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    pub(super) fn about(&self) -> Value {
        let job = &self.manifest.job;
        let name = self
            .folder
            .file_name()
            .map_or_else(|| self.folder.display().to_string(), |name| name.to_string_lossy().into());
        let recipe = Some(job.recipe.as_str()).filter(|recipe| !recipe.is_empty());
        json!({
            "kind": "dataset", "name": name, "recipe": recipe, "seed": job.seed, "space": job.puzzle_space,
            "versions": job.versions, "packed": self.manifest.packed, "tally": self.manifest.tally,
        })
    }

    pub(super) fn configs(&self) -> Vec<Config> {
        let recipe = Recipe::from_toml(&self.manifest.job.recipe).ok();
        let kind = |name: &str| {
            let record = recipe.as_ref()?.records.iter().find(|record| record.folder() == name)?;
            Some(record.kind.clone())
        };
        // The first config of the job is the first here; a packed dataset may have others.
        let mut names: Vec<&String> =
            self.manifest.job.configs.iter().filter(|name| self.manifest.rows.contains_key(*name)).collect();
        names.extend(self.manifest.rows.keys().filter(|name| !self.manifest.job.configs.contains(name)));
        let config = |name: &String| {
            let counts = &self.manifest.rows[name];
            let mut splits: Vec<(String, u64)> = counts.iter().map(|(split, rows)| (split.clone(), *rows)).collect();
            let order = |name: &str| self.manifest.job.splits.iter().position(|split| split.name == name);
            splits.sort_by_key(|(name, _)| order(name).unwrap_or(usize::MAX));
            Config { name: name.clone(), kind: kind(name).unwrap_or_default(), splits }
        };
        names.into_iter().map(config).collect()
    }

    pub(super) fn rows(
        &self,
        config: Option<&str>,
        split: &str,
        from: u64,
        to: u64,
        each: Each<'_>,
    ) -> Result<(), NoRow> {
        for Config { name, .. } in self.configs().into_iter().filter(|of| config.is_none_or(|config| of.name == config))
        {
            let mut before = 0;
            let files = self.manifest.files.iter().filter(|file| file.config == name && file.split == split);
            for file in files {
                let (first, end) = (before, before + file.record.rows);
                before = end;
                if end <= from || to <= first {
                    continue;
                }
                let path = self.folder.join(&file.path);
                let numbers = from.max(first) - first + 1..to.min(end) - first + 1;
                let rows = some_rows(&path, numbers.start, |number| number < numbers.end)
                    .map_err(|error| error.to_string())?;
                for (number, row) in rows {
                    let row =
                        row.map_err(|error| format!("{}: line {number}: {error}; see sos audit", path.display()))?;
                    let place = Place { config: name.clone(), split: split.into(), index: first + number - 1 };
                    if let ControlFlow::Break(()) = each(row, place) {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }
}
