//! Where rows come from: whoever makes rows and whoever writes them meet here.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Rows, Schema};

/// A split and how many rows each of its configs has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitRows {
    /// Name of the split.
    pub name: String,
    /// Rows.
    pub rows: u64,
}

/// What a source says of itself: it goes into the manifest and the data card, and a change of it is another job.
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
    /// Versions of environment, dialect and whatever else decides bytes.
    pub versions: BTreeMap<String, String>,
    /// Size of the puzzle space, by split or by whatever else the source chooses, where it is known.
    pub puzzle_space: BTreeMap<String, u128>,
}

/// What a source counts while it makes rows: rejected draws, corruptions drawn again.
///
/// Counts of two ranges add up, so they must be a function of the rows alone, like the rows.
pub type Tally = BTreeMap<String, u64>;

/// Where rows come from. A row is a function of (recipe, split, index) alone.
pub trait RowSource: Sync {
    /// What a worker keeps from one call to the next: buffers, never anything that changes a row.
    type Scratch;

    /// What the manifest and the card say.
    fn about(&self) -> Provenance;

    /// Names of the record configs, the default first.
    fn configs(&self) -> Vec<String>;

    /// The columns of each of [`RowSource::configs`].
    fn schemas(&self) -> Vec<Schema> {
        vec![Schema::default(); self.configs().len()]
    }

    /// The splits, in order.
    fn splits(&self) -> Vec<SplitRows>;

    /// Buffers for one worker.
    fn scratch(&self) -> Self::Scratch;

    /// Appends the rows of a range of indices to each config's batch (one for each of [`RowSource::configs`], given
    /// empty), so that configs can share the work on a puzzle. Counts go into the tally.
    fn fill(
        &self,
        split: usize,
        range: Range<u64>,
        scratch: &mut Self::Scratch,
        out: &mut [Rows],
        tally: &mut Tally,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;
}
