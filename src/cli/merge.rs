//! `sos merge`: several datasets in one. No puzzle may be in two splits of the result.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet, btree_map};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Failure;
use super::dataset::each_row;
use super::input::Running;
use super::output::{RowFile, file_of, write};
use crate::generate::Job;
use crate::generate::manifest::{MERGED, Manifest, ManifestFile};
use crate::record::records;
use crate::rows::{Row, text};
use crate::sink::Format;
use crate::table::{ColumnKind, ColumnSpec, Schema, SplitRows, column};

/// `sos merge`
#[derive(clap::Args)]
pub struct Arguments {
    /// The folders of the datasets. They have the same record configs
    #[arg(required = true, num_args = 2..)]
    folders: Vec<PathBuf>,
    /// Where the rows go: a new folder
    #[arg(long)]
    out: PathBuf,
    /// File format: parquet, jsonl or jsonl.zst. By default that of the datasets, or jsonl where they differ
    #[arg(long, value_parser = super::load::format)]
    format: Option<Format>,
    /// Leave out a row whose puzzle, up to renaming, an earlier row of the same split has
    #[arg(long)]
    distinct: bool,
    #[command(flatten)]
    running: Running,
}

impl Arguments {
    /// Where the rows go.
    pub fn out(&self) -> &Path {
        &self.out
    }
}

/// The report in `merge.json`.
#[derive(Serialize)]
struct Report {
    /// The datasets, in the order of their rows in each split.
    datasets: Vec<PathBuf>,
    distinct: bool,
    /// Number of rows of each split.
    rows: BTreeMap<String, u64>,
    /// For each split, the rows whose puzzle an earlier row has.
    repeated: BTreeMap<String, u64>,
    /// Rows that were left out.
    left_out: u64,
}

/// A puzzle up to renaming, by a hash of its twin id.
type Twin = u128;

/// The puzzles of all datasets.
#[derive(Default)]
struct Puzzles {
    /// Where a puzzle was seen first: the number of its dataset, and its split.
    first: HashMap<Twin, (usize, String)>,
    repeated: BTreeMap<String, u64>,
    /// Rows that are left out: dataset, split and index.
    left_out: HashSet<(usize, String, i64)>,
    /// Puzzles in two splits, and the first one in words.
    shared: (u64, Option<String>),
}

/// Runs the command. The exit status is 1, and nothing is written, if a puzzle is in two splits.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.out.exists() {
        let message = format!("--out: {} is there already; choose a new folder", arguments.out.display());
        return Err(Failure::Request(message));
    }
    let manifests = arguments.folders.iter().map(|folder| Manifest::read(folder).map(|(manifest, _)| manifest));
    let manifests = manifests.collect::<Result<Vec<_>, _>>().map_err(|error| Failure::Request(error.to_string()))?;
    let Some(first) = manifests.first() else { return Ok(()) };
    let configs = &first.job.configs;
    for (folder, manifest) in arguments.folders.iter().zip(&manifests) {
        if manifest.job.configs != *configs {
            return Err(Failure::Request(format!(
                "{}: found the record configs {}; allowed: those of the first dataset, {}",
                folder.display(),
                manifest.job.configs.join(", "),
                configs.join(", ")
            )));
        }
    }
    let puzzles = puzzles(arguments, &configs[0])?;
    if let (shared @ 1.., Some(example)) = &puzzles.shared {
        eprintln!("sos: {shared} puzzles are in two splits, up to renaming: {example}; nothing is written");
        return Err(Failure::BadData);
    }
    let format = arguments.format.unwrap_or_else(|| format_of(&manifests));
    let files = merge(arguments, format, &puzzles)?;
    let mut report = Report {
        datasets: arguments.folders.clone(),
        distinct: arguments.distinct,
        rows: BTreeMap::new(),
        repeated: puzzles.repeated,
        left_out: puzzles.left_out.len() as u64,
    };
    for file in files.iter().filter(|file| file.config == configs[0]) {
        report.rows.insert(file.split.clone(), file.record.rows);
    }
    finish(arguments, format, &manifests, files, &report)?;
    for (split, rows) in &report.rows {
        let repeated = report.repeated.get(split).copied().unwrap_or(0);
        eprintln!(
            "{split}: {rows} rows; {repeated} repeat a puzzle{}",
            if arguments.distinct { ", left out" } else { "" }
        );
    }
    Ok(())
}

/// Looks at the puzzles of the first config, which all configs share.
fn puzzles(arguments: &Arguments, config: &str) -> Result<Puzzles, Failure> {
    let mut puzzles = Puzzles::default();
    for (number, folder) in arguments.folders.iter().enumerate() {
        each_row(
            folder,
            &arguments.running,
            |of, _| of == config,
            |row| {
                let twin = if row.contains_key("twin") { text(&row, "twin") } else { text(&row, "id") };
                let hash = blake3::hash(format!("{} {twin}", text(&row, "env")).as_bytes());
                let hash = Twin::from_le_bytes(std::array::from_fn(|i| hash.as_bytes()[i]));
                let index = row.get("index").and_then(serde_json::Value::as_i64).unwrap_or(-1);
                ((hash, twin.to_string(), index), 64)
            },
            |origin, rows| {
                for (hash, twin, index) in rows {
                    let place = (number, origin.split.clone());
                    let first = match puzzles.first.entry(hash) {
                        Entry::Vacant(free) => {
                            free.insert(place);
                            continue;
                        }
                        Entry::Occupied(first) => first.into_mut(),
                    };
                    if first.1 == place.1 {
                        *puzzles.repeated.entry(place.1.clone()).or_default() += 1;
                        if arguments.distinct {
                            puzzles.left_out.insert((number, place.1, index));
                        }
                        continue;
                    }
                    let of = |(number, split): &(usize, String)| {
                        let folder = arguments.folders.get(*number).map(|folder| folder.display().to_string());
                        format!("{split} of {}", folder.unwrap_or_default())
                    };
                    puzzles.shared.0 += 1;
                    let example = || format!("the twin {twin} is in {} and in {}", of(first), of(&place));
                    puzzles.shared.1.get_or_insert_with(example);
                }
            },
        )?;
    }
    Ok(puzzles)
}

/// The format of all datasets; JSON Lines where they differ.
fn format_of(manifests: &[Manifest]) -> Format {
    let mut formats = manifests.iter().map(|manifest| manifest.job.format.parse().ok());
    let first: Option<Format> = formats.next().flatten();
    first.filter(|_| formats.all(|format| format == first)).unwrap_or(Format::JsonLines)
}

/// The columns of the rows of a config; files of lines need none.
fn schema(folder: &Path, format: Format, row: &Row) -> Result<Schema, Failure> {
    if format != Format::Parquet {
        return Ok(Schema::default());
    }
    let record = text(row, "record");
    let kind = records().into_iter().find(|kind| kind.name == record);
    let schema = kind.map(|kind| kind.schema()).unwrap_or_default().with([MERGED_FROM, SOURCE_INDEX]);
    match row.keys().find(|name| schema.iter().all(|spec| spec.name != *name)) {
        None => Ok(schema),
        Some(name) => Err(Failure::Request(format!(
            "--format parquet: {}: rows of the kind \"{record}\" have no column \"{name}\" here; --format jsonl takes any rows",
            folder.display()
        ))),
    }
}

/// The columns that say where a row comes from.
const MERGED_FROM: ColumnSpec = column("source", ColumnKind::Text, "the dataset that the row comes from");
const SOURCE_INDEX: ColumnSpec = column("source_index", ColumnKind::Integer, "the index that the row has there");

/// Writes the rows of all datasets, one dataset after the other in each split. A row gets the next index, and columns that say where it comes from.
fn merge(arguments: &Arguments, format: Format, puzzles: &Puzzles) -> Result<Vec<ManifestFile>, Failure> {
    let mut files: BTreeMap<(String, String), RowFile> = BTreeMap::new();
    for (number, folder) in arguments.folders.iter().enumerate() {
        let name = folder.display().to_string();
        let mut failed = Ok(());
        each_row(
            folder,
            &arguments.running,
            |_, _| true,
            |row| {
                let size = crate::rows::written(&row).iter().map(|text| text.len()).sum();
                (row, size)
            },
            |origin, rows| {
                for mut row in rows {
                    let index = row.get("index").cloned().unwrap_or_default();
                    let place = (number, origin.split.clone(), index.as_i64().unwrap_or(-1));
                    if failed.is_err() || puzzles.left_out.contains(&place) {
                        continue;
                    }
                    failed = (|| {
                        row.insert("source".into(), name.clone().into());
                        row.insert("source_index".into(), index);
                        let file = match files.entry((origin.config.clone(), origin.split.clone())) {
                            btree_map::Entry::Occupied(file) => file.into_mut(),
                            btree_map::Entry::Vacant(free) => {
                                let path = arguments.out.join(file_of(&origin.config, &origin.split, format));
                                free.insert(RowFile::new(&path, format, schema(folder, format, &row)?)?)
                            }
                        };
                        row.insert("index".into(), file.rows().into());
                        file.write(row)
                    })();
                }
            },
        )?;
        failed?;
    }
    let files = files.into_iter().map(|((config, split), file)| {
        let record = file.finish()?;
        Ok(ManifestFile { path: file_of(&config, &split, format), config, split, first: 0, record })
    });
    files.collect()
}

/// Writes manifest, report and data card.
fn finish(
    arguments: &Arguments,
    format: Format,
    manifests: &[Manifest],
    files: Vec<ManifestFile>,
    report: &Report,
) -> Result<(), Failure> {
    let Some(first) = manifests.first() else { return Ok(()) };
    let splits = report.rows.iter().map(|(name, rows)| SplitRows { name: name.clone(), rows: *rows });
    // The rows are of several recipes, so there is none by which all of them could be judged.
    let job = Job {
        format: format.name().into(),
        splits: splits.collect(),
        rows_per_file: report.rows.values().copied().max().unwrap_or(1).max(1),
        recipe: String::new(),
        ..first.job.clone()
    };
    let mut rows: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for file in &files {
        rows.entry(file.config.clone()).or_default().insert(file.split.clone(), file.record.rows);
    }
    let mut card = "---\nconfigs:\n".to_string();
    for config in &job.configs {
        card += &format!("- config_name: {config}\n  data_files:\n");
        for split in report.rows.keys() {
            card += &format!("  - split: {split}\n    path: {config}/{split}-*.{format}\n");
        }
    }
    card += "---\n\n# Merged datasets\n\n`merge.json` says which. The columns `source` and `source_index` say where a row comes from.\n";
    let manifest =
        Manifest { manifest: 1, rows, tally: BTreeMap::new(), files, job, packed: true, fresh: BTreeMap::new() };
    let json = |value: serde_json::Result<String>| value.unwrap_or_default();
    write(&arguments.out.join("README.md"), card.as_bytes())?;
    write(&arguments.out.join(MERGED), json(serde_json::to_string_pretty(report)).as_bytes())?;
    write(&arguments.out.join("manifest.json"), json(serde_json::to_string_pretty(&manifest)).as_bytes())
}
