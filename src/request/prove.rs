//! What an audit can prove from the rows of a dataset and its recipe alone: that each row shows the puzzle of its id, in a split that wants such
//! puzzles, and that what it says of the puzzle is so.
//!
//! Memory: one row at a time.

use std::path::Path;

use serde_json::Value;
use sos_envs::{Environment, Facts};

use super::{Action, with_environment};
use crate::generate::audit::{AuditReport, FindingKind};
use crate::generate::error::GenerateError;
use crate::generate::manifest::{Manifest, ManifestFile};
use crate::recipe::Recipe;
use crate::record::puzzles::Wanted;
use crate::sink::Format;
use crate::sink::{Row, read_rows};

/// Reads the puzzles of all rows again, and adds to the report what is wrong with them. Of each split the facts of `most` rows of the first config are proven
/// anew, evenly spread. A dataset whose manifest holds no recipe of this program is left alone.
pub fn prove(folder: &Path, most: u64, report: &mut AuditReport) -> Result<(), GenerateError> {
    let (manifest, format) = Manifest::read(folder)?;
    let Ok(recipe) = Recipe::from_toml(&manifest.job.recipe) else { return Ok(()) };
    let name = recipe.environment_name().to_string();
    let same = super::other_versions(&manifest).is_empty();
    let prover = Prover { folder, most, report, manifest, format, recipe, same };
    // An environment that this version does not have cannot be judged by it.
    let _ = with_environment(&name, prover);
    Ok(())
}

struct Prover<'a> {
    folder: &'a Path,
    most: u64,
    report: &'a mut AuditReport,
    manifest: Manifest,
    format: Format,
    recipe: Recipe,
    /// Whether this version makes the same rows: an earlier one may have drawn the line between splits elsewhere.
    same: bool,
}

impl Action for Prover<'_> {
    type Output = ();

    fn run<E: Environment>(mut self, kind: usize) {
        let configs = self.manifest.job.configs.clone();
        for (place, name) in self.recipe.splits.clone().keys().enumerate() {
            let Ok(wanted) = Wanted::<E>::new(&self.recipe, place) else { continue };
            for (number, config) in configs.iter().enumerate() {
                let of_split = |file: &&ManifestFile| file.config == *config && file.split == *name;
                let files: Vec<ManifestFile> = self.manifest.files.iter().filter(of_split).cloned().collect();
                let rows: u64 = files.iter().map(|file| file.record.rows).sum();
                let every = rows.div_ceil(self.most.max(1)).max(1);
                for file in &files {
                    // Other configs have the ids of the first one, so that what holds of its puzzles holds of theirs.
                    self.file(kind, file, Some(&wanted).filter(|_| number == 0), every);
                }
            }
        }
    }
}

impl Prover<'_> {
    /// What cannot be read as rows was said already.
    fn file<E: Environment>(&mut self, kind: usize, file: &ManifestFile, wanted: Option<&Wanted<E>>, every: u64) {
        let path = file.path.split('/').fold(self.folder.to_path_buf(), |path, name| path.join(name));
        let mut index = file.first;
        let (most, same) = (self.most, self.same);
        let report = &mut *self.report;
        let mut each = |row: Row| {
            let proves = wanted.is_some() && most > 0 && index.is_multiple_of(every);
            report.proven.0 += 1;
            report.proven.1 += u64::from(proves);
            if let Some((finding, found, expected)) = judge(kind, &row, index, wanted, proves, same) {
                let found = format!("in row {} {found}", index - file.first);
                report.add(finding, &file.path, found, expected);
            }
            index += 1;
        };
        let _ = read_rows(self.format, &path, &mut each);
    }
}

/// The first thing that is wrong with a row.
fn judge<E: Environment>(
    kind: usize,
    row: &Row,
    index: u64,
    wanted: Option<&Wanted<E>>,
    proves: bool,
    same: bool,
) -> Option<(FindingKind, String, String)> {
    let puzzle = row.get("puzzle").and_then(Value::as_str).and_then(|text| serde_json::from_str::<Value>(text).ok());
    let puzzle = puzzle.and_then(|value| E::from_json(kind, &value).ok());
    let Some(puzzle) = puzzle else {
        let expected = format!("a puzzle of {}", E::KINDS[kind].name);
        return Some((FindingKind::Puzzle, "no puzzle that can be read".into(), expected));
    };
    let id = puzzle.id().to_string();
    if row.get("id").and_then(Value::as_str) != Some(&id) {
        let found = format!("the id {}", row.get("id").unwrap_or(&Value::Null));
        return Some((FindingKind::Puzzle, found, format!("{id}, by its puzzle")));
    }
    let wanted = wanted?;
    let stated = stated(row);
    if proves {
        let facts = puzzle.facts();
        let facts = Facts { solutions: stated.solutions.and(facts.solutions), ..facts };
        if facts != stated {
            return Some((FindingKind::Puzzle, shown(&stated), format!("{}, by proof", shown(&facts))));
        }
    }
    let wrong = wanted.unfulfilled(index, &puzzle, &stated, proves).filter(|_| same)?;
    Some((FindingKind::Split, wrong.found, wrong.expected))
}

/// What a row says of its puzzle.
fn stated(row: &Row) -> Facts {
    let number = |name: &str| row.get(name).and_then(Value::as_u64);
    Facts {
        solvable: row.get("solvable").and_then(Value::as_bool).unwrap_or(false),
        optimal_cost: number("optimal_cost"),
        solutions: number("solutions"),
        difficulty: number("difficulty"),
    }
}

fn shown(facts: &Facts) -> String {
    let number = |value: Option<u64>| value.map_or("null".to_string(), |value| value.to_string());
    let Facts { solvable, optimal_cost, solutions, difficulty } = facts;
    format!(
        "solvable {solvable}, optimal_cost {}, solutions {}, difficulty {}",
        number(*optimal_cost),
        number(*solutions),
        number(*difficulty)
    )
}
