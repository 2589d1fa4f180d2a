//! `search`: the exploration as it was, with dead ends and backtracking.

use sos_envs::Environment;

use super::{Base, Bench, Dataset, Made, NoSettings, Record, RecordError, Said};
use crate::recipe::{Recipe, RecipeError, RecordConfig};

struct SearchRecord;

pub fn new<E: Environment>(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record<E>>, RecipeError> {
    config.settings::<NoSettings>()?;
    Ok(Box::new(SearchRecord))
}

impl<E: Environment> Record<E> for SearchRecord {
    fn make(
        &self,
        dataset: &Dataset<E>,
        base: &Base<E>,
        _bench: &mut Bench<E>,
        out: &mut Made<E>,
    ) -> Result<(), RecordError> {
        out.trace.clone_from(&base.trace);
        (dataset.dialect.write)(&base.drawn.puzzle, &base.trace, base.phrasing, &mut out.text);
        out.said = Said::of_clean(dataset.dialect.told, &base.trace);
        Ok(())
    }
}
