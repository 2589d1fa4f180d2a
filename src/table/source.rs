//! Sources of rows: the interface between those who make rows and those who write them.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Rows, Schema};

/// A split and the number of rows in each of its configs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitRows {
    /// Name of the split.
    pub name: String,
    /// Number of rows.
    pub rows: u64,
}

/// The description of a source. It goes into the manifest and the data card. Another description makes another job.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// Title of the data card.
    pub title: String,
    /// What the dataset is, in a sentence or more.
    pub summary: String,
    /// Licence of the data, by its identifier on the Hugging Face hub: `cc0-1.0`.
    pub license: String,
    /// Tags of the data card.
    pub tags: Vec<String>,
    /// The recipe in full, as TOML.
    pub recipe: String,
    /// The seed.
    pub seed: u64,
    /// Versions of the environment, the dialect and all other parts that decide bytes.
    pub versions: BTreeMap<String, String>,
    /// Size of the puzzle space, where it is known, by split or by another key of the source's choice.
    pub puzzle_space: BTreeMap<String, u128>,
    /// What became of the puzzles of a file; empty where puzzles are drawn.
    pub puzzles: BTreeMap<String, u64>,
}

/// A field in which two recipes differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field.
    pub field: String,
    /// Its value in the other recipe.
    pub there: String,
    /// Its value in this one.
    pub here: String,
}

/// Counts of events while rows are made: rejected draws, repeated draws of corruptions.
///
/// Counts of two ranges are added. So they must depend on the rows alone, as the rows do.
pub type Tally = BTreeMap<String, u64>;

/// A source of rows. A row depends on recipe, split and index alone.
pub trait RowSource: Sync {
    /// What a worker keeps between calls: buffers, but nothing that changes a row.
    type Scratch;

    /// The description for the manifest and the data card.
    fn about(&self) -> Provenance;

    /// Names of the record configs, the default first.
    fn configs(&self) -> Vec<String>;

    /// The columns of each config in [`RowSource::configs`].
    fn schemas(&self) -> Vec<Schema> {
        vec![Schema::default(); self.configs().len()]
    }

    /// The splits, in order.
    fn splits(&self) -> Vec<SplitRows>;

    /// The fields in which another recipe makes other rows. That it asks for more rows or fewer does not matter. An empty list says that a row has the same
    /// bytes there, so a source that does not know lists a field.
    fn recipe_differences(&self, there: &str) -> Vec<Difference> {
        let here = self.about().recipe;
        let other = Difference { field: "recipe".into(), there: "another".into(), here: "this".into() };
        if here == there { Vec::new() } else { vec![other] }
    }

    /// New buffers for a worker.
    fn scratch(&self) -> Self::Scratch;

    /// Appends the rows of a range of indices to the batches: one empty batch for each config in [`RowSource::configs`]. So configs can
    /// share the work on a puzzle. Counts go into the tally.
    fn fill(
        &self,
        split: usize,
        range: Range<u64>,
        scratch: &mut Self::Scratch,
        out: &mut [Rows],
        tally: &mut Tally,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;
}
