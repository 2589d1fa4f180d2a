//! `direct`: the solution that the search found, in its own order, without anything that it took back: the twin of its trace in "To Backtrack or Not" (Qin et
//! al. 2025). A search that was cut has the row's right answer instead.

use sos_envs::Environment;

use super::{Base, Bench, Dataset, Made, Record, RecordError, optimal};
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::search::Outcome;

struct DirectRecord;

pub fn new<E: Environment>(_config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record<E>>, RecipeError> {
    Ok(Box::new(DirectRecord))
}

impl<E: Environment> Record<E> for DirectRecord {
    fn make(
        &self,
        dataset: &Dataset<E>,
        base: &Base<E>,
        _bench: &mut Bench<E>,
        out: &mut Made<E>,
    ) -> Result<(), RecordError> {
        let puzzle = &base.drawn.puzzle;
        optimal::write_path(puzzle, base.answer.moves.as_deref(), &mut out.trace);
        if dataset.recipe.answer {
            out.trace.answer = Some(base.answer.clone());
        }
        (dataset.dialect.write)(puzzle, &out.trace, base.phrasing, &mut out.text);
        out.solved = true;
        out.outcome = if base.drawn.facts.solvable { Outcome::Solved } else { Outcome::Exhausted };
        Ok(())
    }
}
