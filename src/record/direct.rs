//! `direct`: the solution that the search found, in its own order, without anything that it took back: the twin of its trace in "To Backtrack or Not" (Qin et
//! al. 2025). A search that was cut has the row's right answer instead.

use super::{Base, Bench, Dataset, Made, NoSettings, Record, RecordError, optimal};
use crate::recipe::{Recipe, RecipeError, RecordConfig};

struct DirectRecord;

pub fn new(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    config.settings::<NoSettings>()?;
    Ok(Box::new(DirectRecord))
}

impl Record for DirectRecord {
    fn make(&self, dataset: &Dataset, base: &Base, _bench: &mut Bench, out: &mut Made) -> Result<(), RecordError> {
        optimal::straight(dataset, base, base.answer.clone(), out);
        Ok(())
    }
}
