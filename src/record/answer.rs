//! `answer`: the answer section alone, with no trace before it.

use sos_envs::Environment;

use super::{Base, Bench, Dataset, Made, NoSettings, Record, RecordError};
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::search::Outcome;

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
        out.trace.answer = Some(base.answer.clone());
        (dataset.dialect.write_answer)(puzzle, &base.answer, &mut out.text);
        out.solved = true;
        out.outcome = if base.drawn.facts.solvable { Outcome::Solved } else { Outcome::Exhausted };
        Ok(())
    }
}
