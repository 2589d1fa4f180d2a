//! `search`: the exploration as it was, with dead ends and backtracking.

use super::{Base, Bench, Dataset, Made, NoSettings, Record, RecordError};
use crate::recipe::{Recipe, RecipeError, RecordConfig};

struct SearchRecord;

pub fn new(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    config.settings::<NoSettings>()?;
    Ok(Box::new(SearchRecord))
}

impl Record for SearchRecord {
    fn make(&self, dataset: &Dataset, base: &Base, _bench: &mut Bench, out: &mut Made) -> Result<(), RecordError> {
        out.trace.clone_from(&base.trace);
        (dataset.dialect.write)(&base.drawn.puzzle, &base.trace, base.phrasing, &mut out.text);
        out.said = dataset.said_of_clean(base, &base.trace);
        Ok(())
    }
}
