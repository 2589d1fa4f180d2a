//! Numbering of puzzles, and what keeps splits apart: ids, twins, held-out properties.

use serde::Serialize;

use crate::draw::Draw;
use crate::environment::{PuzzleId, Reject};
use crate::kinds::Kinds;

/// The space of an enumerable environment: `strata` parts of equal weight with up to `size` candidates each. Candidates are distinct puzzles in canonical form;
/// some of them may be rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Space {
    /// Number of parts. They are drawn equally often.
    pub strata: u64,
    /// Number of candidates in each part.
    pub size: u128,
}

impl Space {
    /// Number of all candidates.
    pub fn total(&self) -> u128 {
        self.size.saturating_mul(u128::from(self.strata))
    }
}

/// The digits of a number in a base, the lowest first. They are the parts of a candidate with this index.
pub fn digits<const N: usize>(mut index: u128, base: u64) -> [u64; N] {
    std::array::from_fn(|_| {
        let digit = index % u128::from(base.max(1));
        index /= u128::from(base.max(1));
        digit as u64
    })
}

/// Numbered puzzles, ids, twins and properties to hold out. By default puzzles are drawn, solvable ones are accepted, and the canonical form decides which
/// puzzles are the same.
///
/// Implement [`space`](Splits::space) if few puzzles are possible, or if draws repeat puzzles often. Rows then walk through the candidates by number, and none
/// repeats. Without a space, a row draws again if its puzzle belongs to another split or repeats an earlier one.
pub trait Splits: Kinds {
    /// Whether the settings accept a puzzle of this solvability; solvable ones by default.
    fn accepts(_config: &Self::Config, solvable: bool) -> bool {
        solvable
    }
    /// The space of checked settings ([`check`](crate::Environment::check)), if their puzzles can be numbered.
    fn space(_config: &Self::Config) -> Option<Space> {
        None
    }
    /// The space to use if [`Splits::space`] is none and a recipe wants no puzzle twice. Its puzzles differ from the drawn ones and may cost more to find, so
    /// it is used only then.
    fn distinct_space(_config: &Self::Config) -> Option<Space> {
        None
    }
    /// The candidate at `stratum` and `index` of the space. `draw` decides its presentation and other random parts. Environments without a space reject.
    fn at(_config: &Self::Config, _stratum: u64, _index: u128, _draw: &mut Draw) -> Result<Self, Reject> {
        Err(Reject)
    }

    /// The stable id: a hash of the environment's name and the canonical form.
    fn id(&self) -> PuzzleId {
        PuzzleId::of(self.about().name, |out| self.canonical().write_json(out))
    }
    /// The same puzzle in another random presentation: another order, other names. It has the same canonical form and id; the laws check this. None if there is
    /// only one presentation.
    fn shown_otherwise(&self, _draw: &mut Draw) -> Option<Self> {
        None
    }
    /// The id that all twins share: puzzles that differ only in names, in order, or by a symmetry of the rules. Twins never have different ids; a few other
    /// puzzles may share one. Splits use this id. By default it is [`Splits::id`], which suffices if the canonical form covers all these differences.
    fn twin(&self) -> PuzzleId {
        self.id()
    }
    /// Whether the puzzle is the one among its twins that a numbered space counts; true if the space has no twins.
    fn is_representative(&self) -> bool {
        true
    }
    /// Whether the numbered space of these settings contains only one of all twins.
    fn counts_twins_once(_config: &Self::Config) -> bool {
        true
    }

    /// The value of a property for holding out puzzles ([`About::keys`](crate::About::keys)).
    fn hold_out_key(&self, _key: usize) -> u64 {
        0
    }
    /// All values of a property under the settings, if they can be listed.
    fn hold_out_values(_config: &Self::Config, _key: usize) -> Option<Vec<u64>> {
        None
    }
}
