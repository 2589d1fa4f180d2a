//! `answer`: the answer section alone, with no trace before it.

use super::{Base, Bench, Dataset, Made, NoSettings, Record, RecordError};
use crate::recipe::{Recipe, RecipeError, RecordConfig};

struct AnswerRecord;

pub fn new(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    config.settings::<NoSettings>()?;
    Ok(Box::new(AnswerRecord))
}

impl Record for AnswerRecord {
    fn make(&self, dataset: &Dataset, base: &Base, _bench: &mut Bench, out: &mut Made) -> Result<(), RecordError> {
        let puzzle = &base.drawn.puzzle;
        out.trace.add_root(puzzle.start());
        out.trace.answer.clone_from(&base.answer);
        if let Some(answer) = &base.answer {
            (dataset.dialect.write_answer)(puzzle, answer, &mut out.text);
        }
        out.said = dataset.said_of_clean(base, &out.trace);
        Ok(())
    }
}
