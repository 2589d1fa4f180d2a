//! `direct`: the solution that the search found, in its own order, without anything that it took back: the twin of its trace in "To Backtrack or Not" (Qin et
//! al. 2025). A search that was cut has the row's right answer instead.

use sos_envs::Environment;

use super::{Base, Bench, Dataset, Made, NoSettings, Record, RecordError, optimal};
use crate::recipe::{Recipe, RecipeError, RecordConfig};

struct DirectRecord;

pub fn new<E: Environment>(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record<E>>, RecipeError> {
    config.settings::<NoSettings>()?;
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
        optimal::straight(dataset, base, base.answer.clone(), out);
        Ok(())
    }
}
