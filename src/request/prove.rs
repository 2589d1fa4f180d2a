//! What an audit can prove from the rows of a dataset and its recipe: each row shows the puzzle of its id; its split wants such puzzles; no puzzle
//! has a twin in another split; and the stated facts of the puzzle are true.
//!
//! Memory: one row at a time, and 16 bytes for each row of the first config of every split (of all configs where a dataset is packed).

use std::path::Path;

use serde_json::Value;
use sos_envs::SolverFacts;

use crate::arena::{self, Family, Puzzle};
use crate::generate::Progress;
use crate::generate::audit::{AuditReport, FindingKind};
use crate::generate::error::GenerateError;
use crate::generate::manifest::{Manifest, ManifestFile};
use crate::generate::ordered::{Emit, in_order};
use crate::recipe::{Recipe, RecipeError, SplitBy, Turns};
use crate::record::puzzles::Wanted;
use crate::sink::Row;
use crate::sink::batches::{Batch, Batches, Body};

/// Reads the puzzles of all rows and adds errors to the report. The facts of up to `most` rows of the first config of each split, evenly spread, are
/// proven again. A dataset whose manifest has no recipe of this program is skipped.
pub fn prove(
    folder: &Path,
    most: u64,
    threads: usize,
    progress: &dyn Progress,
    report: &mut AuditReport,
) -> Result<(), GenerateError> {
    let (manifest, _) = Manifest::read(folder)?;
    let Ok(recipe) = Recipe::from_toml(&manifest.job.recipe) else { return Ok(()) };
    let parts = recipe.parts().unwrap_or_default();
    // An environment that this version does not have cannot be checked.
    let families = parts.iter().map(|part| arena::environment(part.environment_name()));
    let Some(families) = families.collect::<Option<Vec<_>>>() else { return Ok(()) };
    let same = super::other_versions(&manifest).is_empty();
    progress.start(manifest.files.iter().map(|file| file.record.rows).sum(), 0);
    Prover { folder, families, parts, most, threads, progress, report, manifest, recipe, same }.run();
    Ok(())
}

struct Prover<'a> {
    folder: &'a Path,
    /// The environments, and the recipe of each.
    families: Vec<&'static dyn Family>,
    parts: Vec<Recipe>,
    most: u64,
    threads: usize,
    progress: &'a dyn Progress,
    report: &'a mut AuditReport,
    manifest: Manifest,
    recipe: Recipe,
    /// Whether this version makes the same rows. An earlier version may have assigned puzzles to other splits.
    same: bool,
}

impl Prover<'_> {
    fn run(mut self) {
        let configs = self.manifest.job.configs.clone();
        let mut twins = Vec::new();
        let turns = self.recipe.turns();
        for ((place, name), turns) in self.recipe.splits.clone().keys().enumerate().zip(&turns) {
            let mut found = Twins::new();
            let wanted = self.parts.iter().map(|part| Wanted::new(part, place));
            let Ok(wanted) = wanted.collect::<Result<Vec<Wanted>, RecipeError>>() else { continue };
            for (number, config) in configs.iter().enumerate() {
                let of_split = |file: &&ManifestFile| file.config == *config && file.split == *name;
                let files: Vec<ManifestFile> = self.manifest.files.iter().filter(of_split).cloned().collect();
                let rows: u64 = files.iter().map(|file| file.record.rows).sum();
                let every = rows.div_ceil(self.most.max(1)).max(1);
                for file in &files {
                    // All configs share their puzzles, so proving those of the first config is enough. In a packed dataset one may have more than others.
                    let own = Some((&wanted[..], &mut found)).filter(|_| number == 0 || self.manifest.packed);
                    self.file(file, turns, own, every);
                }
            }
            twins.push((name.clone(), found));
        }
        // Where a puzzle's own id decides its split, twins in two splits are intended.
        if self.recipe.split_by == SplitBy::Twin {
            let distinct = !self.parts.is_empty() && self.parts.iter().all(|part| part.distinct);
            compare(&mut twins, distinct, self.report);
        }
    }
}

/// An entry for each row of a split: the upper 88 bits of its twin id, then its index.
type Twins = Vec<u128>;

/// Number of bits for the index in an entry of [`Twins`].
const INDEX_BITS: u32 = 40;

fn twin_of(entry: u128) -> u128 {
    entry >> INDEX_BITS
}

fn index_of(entry: u128) -> u128 {
    entry & ((1 << INDEX_BITS) - 1)
}

/// Reports rows of a split that have a twin in an earlier split, and counts rows that repeat a puzzle of their own split.
fn compare(splits: &mut [(String, Twins)], distinct: bool, report: &mut AuditReport) {
    for (_, twins) in splits.iter_mut() {
        twins.sort_unstable();
        // A packed dataset may have a row more than once, and in several configs.
        twins.dedup();
    }
    for (name, twins) in splits.iter() {
        let repeats = || twins.windows(2).filter(|pair| twin_of(pair[0]) == twin_of(pair[1]));
        report.repeated.insert(name.clone(), repeats().count() as u64);
        for pair in repeats().filter(|_| distinct) {
            let found = format!("row {} is row {} up to renaming", index_of(pair[1]), index_of(pair[0]));
            report.add(FindingKind::Duplicate, name, found, "each puzzle once, by `distinct`");
        }
    }
    for (later, (name, twins)) in splits.iter().enumerate() {
        for (other, known) in &splits[..later] {
            for &entry in twins {
                let place = known.partition_point(|&known| twin_of(known) < twin_of(entry));
                if let Some(&there) = known.get(place).filter(|&&there| twin_of(there) == twin_of(entry)) {
                    let found = format!("row {} is row {} of {other} up to renaming", index_of(entry), index_of(there));
                    report.add(FindingKind::Renamed, name, found, format!("no twin of a puzzle of {other}"));
                }
            }
        }
    }
}

/// What is found of a row.
struct Judged {
    index: u64,
    twin: Option<u128>,
    proves: bool,
    finding: Option<(FindingKind, String, String)>,
}

impl Prover<'_> {
    /// Judges the rows of a file. Errors in reading it are ignored here; they are already in the report.
    fn file(&mut self, file: &ManifestFile, turns: &Turns, own: Option<(&[Wanted], &mut Twins)>, every: u64) {
        let (wanted, mut twins) = own.unzip();
        let path = file.path.split('/').fold(self.folder.to_path_buf(), |path, name| path.join(name));
        let Ok(mut batches) = Batches::open(&path) else { return };
        let (most, same, packed) = (self.most, self.same, self.manifest.packed);
        let families = self.families.clone();
        let judged = |row: Row, number: u64| {
            let index = match row.get("index").and_then(Value::as_u64).filter(|_| packed) {
                Some(index) => index,
                None => file.first.saturating_add(number.saturating_sub(1)),
            };
            let proves = wanted.is_some() && most > 0 && index.is_multiple_of(every);
            let (part, own) = turns.at(index);
            let family = families[part];
            let wanted = wanted.and_then(|wanted| Some((wanted.get(part)?, own)));
            let puzzle = puzzle_of(family, &row);
            let twin = puzzle.as_ref().map(|puzzle| puzzle.twin().0);
            Judged { index, twin, proves, finding: judge(family, puzzle, &row, wanted, proves, same) }
        };
        let work = |batch: Batch, emit: Emit<'_, Option<Judged>>| {
            batch.each(&mut |entry| {
                let row = match entry.body {
                    Body::Line(line) => super::object(line).ok(),
                    Body::Row(row) => Some(row),
                    Body::TooLong | Body::Broken(_) => None,
                };
                emit(row.map(|row| judged(row, entry.number)), std::mem::size_of::<Judged>())
            });
        };
        let (report, progress) = (&mut *self.report, self.progress);
        let mut row = 0;
        // A row that cannot be read ends the work on the file.
        let _ = in_order(
            self.threads,
            || batches.next_batch().map_err(|_| ()),
            work,
            |judged| {
                let Judged { index, twin, proves, finding } = judged.ok_or(())?;
                progress.advance(1, 0);
                report.proven.0 += 1;
                report.proven.1 += u64::from(proves);
                if let (Some(twin), Some(twins)) = (twin, &mut twins) {
                    twins.push(twin >> INDEX_BITS << INDEX_BITS | u128::from(index) & ((1 << INDEX_BITS) - 1));
                }
                if let Some((kind, found, expected)) = finding {
                    report.add(kind, &file.path, format!("in row {row} {found}"), expected);
                }
                row += 1;
                Ok(())
            },
        );
    }
}

fn puzzle_of(family: &dyn Family, row: &Row) -> Option<Puzzle> {
    let text = row.get("puzzle").and_then(Value::as_str)?;
    family.read_json(&serde_json::from_str(text).ok()?).ok()
}

/// The first error of a row. `wanted` is what its environment wants, and the number of the row among those of this environment.
fn judge(
    family: &dyn Family,
    puzzle: Option<Puzzle>,
    row: &Row,
    wanted: Option<(&Wanted, u64)>,
    proves: bool,
    same: bool,
) -> Option<(FindingKind, String, String)> {
    let Some(puzzle) = puzzle else {
        let expected = format!("a puzzle of {}", family.about().name);
        return Some((FindingKind::Puzzle, "no puzzle that can be read".into(), expected));
    };
    let id = puzzle.id().to_string();
    if row.get("id").and_then(Value::as_str) != Some(&id) {
        let found = format!("the id {}", row.get("id").unwrap_or(&Value::Null));
        return Some((FindingKind::Puzzle, found, format!("{id}, by its puzzle")));
    }
    // Rows of earlier versions lack this column or have another hash in it.
    let twin = puzzle.twin().to_string();
    if let Some(told) = row.get("twin").filter(|told| same && told.as_str() != Some(&twin)) {
        return Some((FindingKind::Puzzle, format!("the twin {told}"), format!("{twin}, by its puzzle")));
    }
    let (wanted, index) = wanted?;
    let stated = stated(row);
    if proves {
        let facts = puzzle.solver_facts();
        let facts = SolverFacts { solutions: stated.solutions.and(facts.solutions), ..facts };
        let solvable = row.get("solvable").and_then(Value::as_bool);
        if facts != stated || solvable != puzzle.known_solvable(&facts) {
            return Some((FindingKind::Puzzle, shown(&stated), format!("{}, by proof", shown(&facts))));
        }
    }
    let wrong = wanted.unfulfilled(index, &puzzle, &stated, proves).filter(|_| same)?;
    Some((FindingKind::Split, wrong.found, wrong.expected))
}

/// The facts that a row states about its puzzle.
fn stated(row: &Row) -> SolverFacts {
    let number = |name: &str| row.get(name).and_then(Value::as_u64);
    SolverFacts {
        // What is not known is treated as solvable.
        solvable: row.get("solvable").and_then(Value::as_bool).unwrap_or(true),
        optimal_cost: number("optimal_cost"),
        solutions: number("solutions"),
        difficulty: number("difficulty"),
    }
}

fn shown(facts: &SolverFacts) -> String {
    let number = |value: Option<u64>| value.map_or("null".to_string(), |value| value.to_string());
    let SolverFacts { solvable, optimal_cost, solutions, difficulty } = facts;
    format!(
        "solvable {solvable}, optimal_cost {}, solutions {}, difficulty {}",
        number(*optimal_cost),
        number(*solutions),
        number(*difficulty)
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn twins_in_other_splits_are_named_and_those_in_one_are_counted() {
        let entries = |twins: &[u128]| twins.iter().zip(0..).map(|(twin, index)| twin << INDEX_BITS | index).collect();
        let splits = || [("test".to_string(), entries(&[7, 3])), ("train".to_string(), entries(&[1, 3, 1, 7]))];
        for (distinct, duplicates) in [(false, None), (true, Some(&1))] {
            let mut report = AuditReport::new(Path::new(""), 0);
            compare(&mut splits(), distinct, &mut report);
            assert_eq!(report.counts.get(&FindingKind::Renamed), Some(&2));
            assert_eq!(report.counts.get(&FindingKind::Duplicate), duplicates);
            assert_eq!(report.repeated.values().copied().collect::<Vec<_>>(), [0, 1]);
            let found: Vec<&str> = report.findings.iter().map(|finding| finding.found.as_str()).collect();
            assert!(found.contains(&"row 3 is row 0 of test up to renaming"), "{found:?}");
        }
    }
}
