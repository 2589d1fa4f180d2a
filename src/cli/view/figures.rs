//! The figures beside the rows: those of `sos stats` for a recipe or dataset, those of `sos score` for a file.

use std::time::Duration;

use serde_json::Value;

use super::super::Failure;
use super::super::input::Running;
use super::super::stats::{AllCounts, Counted, of_folder};
use crate::dialect::Tokens;
use crate::rollouts::{Report, score_file};
use crate::view::{FileRows, Source};

/// Rows of each split of a recipe that are made for its figures, and about how long it may take.
const SAMPLED: u64 = 300;
const PATIENCE: Duration = Duration::from_secs(3);

/// The figures of what is looked at.
pub fn figures(source: &Source, tokens: &Tokens, running: &Running) -> Result<Value, String> {
    let told = match source {
        Source::Recipe(_) => sampled(source, tokens)?,
        Source::Folder(rows) => serde_json::to_value(of_folder(rows.folder(), running, tokens).map_err(sentence)?),
        Source::File(rows) => serde_json::to_value(scores(rows, running).map_err(sentence)?.totals),
    };
    told.map_err(|error| error.to_string())
}

fn sentence(failure: Failure) -> String {
    match failure {
        Failure::Request(message) | Failure::System(message) => message,
        Failure::BadData | Failure::ClosedPipe => "the data is bad".into(),
    }
}

/// The figures of the first rows of a recipe.
fn sampled(source: &Source, tokens: &Tokens) -> Result<serde_json::Result<Value>, String> {
    let mut counts = AllCounts::default();
    source.sample(SAMPLED, PATIENCE, &mut |row, place| {
        counts.add(&place.config, &place.split, [Counted::of(&row, tokens)]);
    })?;
    let mut report = counts.finish(Vec::new());
    report.sampled = Some(SAMPLED);
    report.tokenizer = tokens.version().map(|(name, _)| name.to_string());
    Ok(serde_json::to_value(report))
}

fn scores(rows: &FileRows, running: &Running) -> Result<Report, Failure> {
    let ticker = running.ticker();
    score_file(rows.path(), running.workers(&ticker)?, rows.scoring(), 0, |_| Ok::<_, Failure>(()))
}
