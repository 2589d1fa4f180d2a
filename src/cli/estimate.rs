//! What a dataset will be: lengths, size and time, from a sample of its rows.

use std::fmt;
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, HumanDuration};
use serde::Serialize;
use serde_json::Value;

use crate::record::{Datasets, RecordError};
use crate::rows::texts;
use crate::sink::{Encoder, FileWriter, Format, SinkError, row_json};
use crate::table::{RowSource, Rows};

/// Contexts of usual models, in tokens.
const CONTEXTS: [u64; 3] = [4096, 8192, 32768];

/// Rows in succession in a sample.
const RUN: u64 = 20;

/// How much is sampled: rows of each split at most, and time at most for all of them.
#[derive(Clone, Copy)]
pub struct Sampling {
    /// Rows of each split.
    pub rows: u64,
    /// Time for all splits. One row of each is made in any case.
    pub patience: Duration,
}

/// What a dataset will be.
#[derive(Serialize)]
pub struct Estimate {
    /// Each config in each split.
    pub parts: Vec<Part>,
    /// Rows in all.
    pub rows: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Time of the run.
    pub seconds: f64,
    /// The threads of the run.
    pub threads: u64,
    /// The format of the files.
    pub format: &'static str,
    /// The tokenizer file in whose tokens rows are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokenizer: Option<String>,
}

/// A config in a split.
#[derive(Serialize)]
pub struct Part {
    config: String,
    split: String,
    rows: u64,
    sampled: u64,
    words: Spread,
    /// Tokens of a row, prompt and completion.
    pub tokens: Spread,
    /// Bytes of a row as JSON.
    row_bytes: Spread,
    /// Bytes of all files of the part.
    bytes: u64,
    /// For each context, the share of rows that have more tokens.
    over: Vec<Over>,
}

/// How many rows pass a context.
#[derive(Serialize)]
struct Over {
    context: u64,
    share: f64,
}

/// Median, 90th percentile and greatest of a sample.
#[derive(Clone, Copy, Default, Serialize)]
pub struct Spread {
    /// The median.
    pub median: u64,
    /// The 90th percentile.
    pub p90: u64,
    /// The greatest.
    pub most: u64,
}

impl Spread {
    fn of(mut values: Vec<u64>) -> Self {
        values.sort_unstable();
        let at = |percent: usize| values.get(values.len().saturating_sub(1) * percent / 100).copied().unwrap_or(0);
        Spread { median: at(50), p90: at(90), most: at(100) }
    }
}

/// Why there is no estimate.
#[derive(Debug, thiserror::Error)]
pub enum EstimateError {
    /// A row cannot be made.
    #[error(transparent)]
    Row(#[from] RecordError),
    /// A row cannot be written.
    #[error(transparent)]
    Sink(#[from] SinkError),
}

impl Estimate {
    /// Estimates from a sample. All splits must be prepared.
    pub fn of(dataset: &Datasets, sampling: Sampling, format: Format, threads: u64) -> Result<Self, EstimateError> {
        let splits: Vec<usize> = (0..dataset.splits().len()).filter(|&split| dataset.asked_for(split) > 0).collect();
        let patience = sampling.patience / u32::try_from(splits.len().max(1)).unwrap_or(1);
        let threads = threads.max(1);
        let (mut parts, mut seconds, mut rows, mut bytes) = (Vec::new(), 0.0, 0, 0);
        for split in splits {
            let (batches, time) = sample(dataset, split, Sampling { patience, ..sampling })?;
            let asked = dataset.asked_for(split);
            let sampled = batches.first().map_or(0, Rows::len) as f64;
            seconds += time.as_secs_f64() * asked as f64 / sampled.max(1.0) / threads as f64;
            for (config, batch) in dataset.configs().into_iter().zip(&batches) {
                let part = part(dataset, config, split, batch, format)?;
                rows += part.rows;
                bytes += part.bytes;
                parts.push(part);
            }
        }
        let tokenizer = dataset.tokens().version().map(|(name, _)| name.to_string());
        Ok(Estimate { parts, rows, bytes, seconds, threads, format: format.name(), tokenizer })
    }

    /// What it will be, in one line.
    pub fn line(&self) -> String {
        let time = HumanDuration(Duration::from_secs_f64(self.seconds.clamp(0.0, 1e12)));
        format!(
            "{} rows, about {} as {}, {time} on {} threads",
            HumanCount(self.rows),
            HumanBytes(self.bytes),
            self.format,
            self.threads
        )
    }
}

/// Rows of a split, and the time that they took. They are runs of rows in succession, as a dataset has them, evenly spread.
fn sample(dataset: &Datasets, split: usize, sampling: Sampling) -> Result<(Vec<Rows>, Duration), RecordError> {
    let asked = dataset.asked_for(split);
    // Multiples of the golden ratio are spread evenly wherever they end.
    let begins = |run: u64| {
        let fraction = run.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((u128::from(fraction) * u128::from(asked.saturating_sub(RUN))) >> 64) as u64
    };
    let (mut buffers, mut batches) = (dataset.scratch(), dataset.batches());
    let start = Instant::now();
    for number in 0..asked.min(sampling.rows) {
        let index = if asked <= sampling.rows { number } else { begins(number / RUN) + number % RUN };
        dataset.rows(split, index, &mut buffers, &mut batches)?;
        if start.elapsed() > sampling.patience {
            break;
        }
    }
    Ok((batches, start.elapsed()))
}

fn part(dataset: &Datasets, config: String, split: usize, batch: &Rows, format: Format) -> Result<Part, EstimateError> {
    let (mut words, mut own_tokens, mut row_bytes) = (Vec::new(), Vec::new(), Vec::new());
    for row in (0..batch.len()).filter_map(|row| row_json(batch, row)) {
        words.push(row.get("tokens").and_then(Value::as_u64).unwrap_or(0));
        let dialect = row.get("dialect").and_then(Value::as_str).unwrap_or("");
        own_tokens.push(texts(&row).iter().map(|text| dataset.tokens().count(dialect, text)).sum());
        row_bytes.push(Value::Object(row).to_string().len() as u64 + 1);
    }
    let (rows, sampled) = (dataset.asked_for(split), batch.len() as u64);
    let over = |context: u64| {
        let more = own_tokens.iter().filter(|&&tokens| tokens > context).count();
        Over { context, share: more as f64 / sampled.max(1) as f64 }
    };
    let bytes = file_bytes(batch, format)? as u128 * u128::from(rows) / u128::from(sampled.max(1));
    Ok(Part {
        config,
        split: dataset.splits()[split].clone(),
        rows,
        sampled,
        over: CONTEXTS.map(over).into_iter().filter(|over| over.share > 0.0).collect(),
        words: Spread::of(words),
        tokens: Spread::of(own_tokens),
        row_bytes: Spread::of(row_bytes),
        bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
    })
}

/// Size of a file with these rows.
fn file_bytes(batch: &Rows, format: Format) -> Result<usize, SinkError> {
    let mut encoder = Encoder::new(format, batch.schema())?;
    let mut file = FileWriter::new(format, batch.schema(), Vec::new())?;
    for piece in encoder.push(batch)?.into_iter().chain(encoder.finish()?) {
        file.append(piece)?;
    }
    Ok(file.finish()?.len())
}

impl fmt::Display for Spread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&format!("{} / {} / {}", HumanCount(self.median), HumanCount(self.p90), HumanCount(self.most)))
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.parts.iter().map(|part| part.config.len() + part.split.len() + 1).max().unwrap_or(0);
        writeln!(
            out,
            "{:<width$} {:>9} {:>9}  {:<22} {:<22} {:<24} size",
            "config, split",
            "rows",
            "sampled",
            "words",
            "tokens",
            "bytes a row",
            width = width.max(13)
        )?;
        for part in &self.parts {
            writeln!(
                out,
                "{:<width$} {:>9} {:>9}  {:<22} {:<22} {:<24} {}",
                format!("{} {}", part.config, part.split),
                HumanCount(part.rows).to_string(),
                HumanCount(part.sampled).to_string(),
                part.words,
                part.tokens,
                part.row_bytes,
                HumanBytes(part.bytes),
                width = width.max(13)
            )?;
        }
        let counted = self.tokenizer.as_ref().map(|name| format!("; tokens of {name}")).unwrap_or_default();
        writeln!(out, "(median / 90 % / largest{counted})\nin all {}", self.line())?;
        for part in self.parts.iter().filter(|part| !part.over.is_empty()) {
            let over = |Over { context, share }: &Over| format!("{:.1} % over {}", 100.0 * share, HumanCount(*context));
            let over: Vec<String> = part.over.iter().map(over).collect();
            writeln!(out, "warning: {} {}: of the rows {} tokens", part.config, part.split, over.join(", "))?;
        }
        Ok(())
    }
}
