//! `direct`: the solution that the search found, in its own order, without the parts that it took back: the counterpart of its trace in "To Backtrack or Not"
//! (Qin et al. 2025). If the search ended without a solution, the row has a right answer instead.

use super::{Dataset, Episode, NoSettings, Record, RecordError, RowContent, WorkerBuffers, optimal};
use crate::recipe::{Recipe, RecipeError, RecordConfig};

struct DirectRecord;

pub fn new(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    config.settings::<NoSettings>()?;
    Ok(Box::new(DirectRecord))
}

impl Record for DirectRecord {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _bench: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        optimal::straight(dataset, episode, episode.answer.clone(), out);
        Ok(())
    }
}
