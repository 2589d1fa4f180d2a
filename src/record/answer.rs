//! `answer`: the answer section alone, with no trace before it.

use super::{Dataset, Episode, NoSettings, Record, RecordError, RowContent, WorkerBuffers};
use crate::recipe::{Recipe, RecipeError, RecordConfig};

struct AnswerRecord;

pub fn new(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    config.settings::<NoSettings>()?;
    Ok(Box::new(AnswerRecord))
}

impl Record for AnswerRecord {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _bench: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let puzzle = &episode.proven.puzzle;
        out.trace.add_root(puzzle.start());
        out.trace.answer.clone_from(&episode.answer);
        if let Some(answer) = &episode.answer {
            (dataset.dialect.write_answer)(puzzle, answer, &mut out.text);
        }
        out.said = dataset.said_of_clean(episode, &out.trace);
        Ok(())
    }
}
