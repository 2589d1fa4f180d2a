//! `answer`: the answer section alone, with no trace before it.

use sos_envs::Environment;

use super::{Base, Bench, Dataset, Made, NoSettings, Record, RecordError, Said};
use crate::recipe::{Recipe, RecipeError, RecordConfig};

struct AnswerRecord;

pub fn new<E: Environment>(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record<E>>, RecipeError> {
    config.settings::<NoSettings>()?;
    Ok(Box::new(AnswerRecord))
}

impl<E: Environment> Record<E> for AnswerRecord {
    fn make(
        &self,
        dataset: &Dataset<E>,
        base: &Base<E>,
        _bench: &mut Bench<E>,
        out: &mut Made<E>,
    ) -> Result<(), RecordError> {
        let puzzle = &base.drawn.puzzle;
        out.trace.add_root(puzzle.start());
        out.trace.answer.clone_from(&base.answer);
        if let Some(answer) = &base.answer {
            (dataset.dialect.write_answer)(puzzle, answer, &mut out.text);
        }
        out.said = Said::of_clean(dataset.dialect.told, &out.trace);
        Ok(())
    }
}
