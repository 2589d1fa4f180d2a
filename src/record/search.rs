//! `search`: the exploration as it was, with dead ends and backtracking.

use super::{Dataset, Episode, NoSettings, Record, RecordError, RowContent, WorkerBuffers};
use crate::recipe::{Recipe, RecipeError, RecordConfig};

struct SearchRecord;

pub fn new(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    config.settings::<NoSettings>()?;
    Ok(Box::new(SearchRecord))
}

impl Record for SearchRecord {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _bench: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        out.trace.clone_from(&episode.trace);
        dataset.write_trace(episode, &mut out.text);
        out.said = dataset.said_of_clean(episode, &episode.trace);
        Ok(())
    }
}
