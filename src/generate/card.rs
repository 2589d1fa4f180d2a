//! The data card: a README.md with a head that tells Hugging Face which files belong to which split.

use std::fmt::Write;

use super::job::Job;
use crate::table::{ColumnKind, Schema};

/// The card of a job. `schemas` has the columns of each config.
pub(crate) fn card(job: &Job, schemas: &[Schema]) -> String {
    let mut text = String::new();
    head(job, &mut text);
    body(job, schemas, &mut text);
    text
}

/// A text as a YAML string. JSON's quoting is valid in YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn head(job: &Job, out: &mut String) {
    let _ = write!(out, "---\nlicense: {}\nlanguage:\n- en\n", quoted(&job.license));
    let _ = writeln!(out, "pretty_name: {}", quoted(&job.title));
    let _ = write!(out, "task_categories:\n- text-generation\nannotations_creators:\n- machine-generated\n");
    let _ = writeln!(out, "size_categories:\n- {}", size_category(total_rows(job)));
    if !job.tags.is_empty() {
        let _ = writeln!(out, "tags:");
        job.tags.iter().for_each(|tag| {
            let _ = writeln!(out, "- {}", quoted(tag));
        });
    }
    let splits: Vec<_> = job.splits.iter().filter(|split| split.rows > 0).collect();
    if !splits.is_empty() {
        let _ = writeln!(out, "configs:");
        for (place, config) in job.configs.iter().enumerate() {
            let _ = writeln!(out, "- config_name: {}", quoted(config));
            if place == 0 {
                let _ = writeln!(out, "  default: true");
            }
            let _ = writeln!(out, "  data_files:");
            for split in &splits {
                let path = format!("{config}/{}-*.{}", split.name, job.format);
                let _ = writeln!(out, "  - split: {}\n    path: {}", quoted(&split.name), quoted(&path));
            }
        }
    }
    out.push_str("---\n");
}

fn total_rows(job: &Job) -> u64 {
    job.splits.iter().fold(0u64, |sum, split| sum.saturating_add(split.rows)).saturating_mul(job.configs.len() as u64)
}

/// The name for a number of rows on the Hugging Face hub.
fn size_category(rows: u64) -> &'static str {
    const STEPS: [(u64, &str); 10] = [
        (1_000, "n<1K"),
        (10_000, "1K<n<10K"),
        (100_000, "10K<n<100K"),
        (1_000_000, "100K<n<1M"),
        (10_000_000, "1M<n<10M"),
        (100_000_000, "10M<n<100M"),
        (1_000_000_000, "100M<n<1B"),
        (10_000_000_000, "1B<n<10B"),
        (100_000_000_000, "10B<n<100B"),
        (1_000_000_000_000, "100B<n<1T"),
    ];
    STEPS.iter().find(|(end, _)| rows < *end).map_or("n>1T", |(_, name)| name)
}

fn body(job: &Job, schemas: &[Schema], out: &mut String) {
    let _ = write!(out, "\n# {}\n\n{}\n\n", job.title, job.summary);
    let _ = writeln!(out, "| config | {} |", join(job.splits.iter().map(|split| split.name.clone()), " | "));
    let _ = writeln!(out, "|---|{}", "---|".repeat(job.splits.len()));
    for config in &job.configs {
        let _ =
            writeln!(out, "| `{config}` | {} |", join(job.splits.iter().map(|split| split.rows.to_string()), " | "));
    }
    if job.configs.len() > 1 {
        out.push_str("\nRows of one index show the same puzzle in every config.\n");
    }
    if job.splits.len() > 1 {
        out.push_str("\nNo puzzle is in two splits.\n");
    }
    loading(job, out);
    columns(job, schemas, out);
    making(job, out);
}

/// Writes the columns of all configs, each once. If only some configs have a column, it names them.
fn columns(job: &Job, schemas: &[Schema], out: &mut String) {
    out.push_str("\n## Columns\n\n| column | type | what it holds |\n|---|---|---|\n");
    let mut specs = Vec::new();
    for spec in schemas.iter().flat_map(|schema| schema.iter()) {
        if !specs.contains(spec) {
            specs.push(*spec);
        }
    }
    for spec in specs {
        let kind = match spec.kind {
            ColumnKind::Text => "string",
            ColumnKind::Integer => "int64 or null",
            ColumnKind::Boolean => "bool",
            ColumnKind::Flag => "bool or null",
            ColumnKind::Texts => "list of strings",
            ColumnKind::Integers => "list of int64",
            ColumnKind::Booleans => "list of bools",
            ColumnKind::Messages => "list of {role, content}",
            ColumnKind::Reward => "{style, ground_truth}",
        };
        let has = |schema: &&Schema| schema.contains(&spec);
        let some = if schemas.iter().all(|schema| has(&schema)) {
            String::new()
        } else {
            let with = job.configs.iter().zip(schemas).filter(|(_, schema)| has(schema));
            format!(" ({})", join(with.map(|(config, _)| format!("`{config}`")), ", "))
        };
        let _ = writeln!(out, "| `{}` | {kind} | {}{some} |", spec.name, spec.help);
    }
}

fn loading(job: &Job, out: &mut String) {
    let Some(config) = job.configs.first() else { return };
    let split = job.splits.iter().find(|split| split.rows > 0).map_or("train", |split| &split.name);
    let _ = write!(
        out,
        "\n## Loading\n\n```python\nfrom datasets import load_dataset\n\n\
         rows = load_dataset(\"path/to/this/folder\", \"{config}\", split=\"{split}\")\n```\n"
    );
    if job.format == "jsonl.zst" {
        out.push_str("\nReading `.jsonl.zst` needs `pip install zstandard`.\n");
    }
}

fn making(job: &Job, out: &mut String) {
    let versions = join(job.versions.iter().map(|(name, version)| format!("{name} {version}")), ", ");
    let _ = write!(out, "\n## How it was made\n\nBy {}", job.program);
    if !versions.is_empty() {
        let _ = write!(out, " ({versions})");
    }
    let _ = writeln!(
        out,
        ", seed {}, from the recipe below. The same recipe, seed and versions give the same bytes on every machine; \
         `manifest.json` has the checksum of each file, and `sos audit` compares.",
        job.seed
    );
    // The fence is longer than any in the recipe.
    let mut fence = "```".to_string();
    while job.recipe.contains(&fence) {
        fence.push('`');
    }
    let _ = write!(out, "\n{fence}toml\n{}\n{fence}\n", job.recipe.trim_end());
}

fn join(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}
