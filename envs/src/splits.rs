//! Which puzzles there are, and how those of different splits are kept apart.

use serde::Serialize;

use crate::draw::Draw;
use crate::environment::{PuzzleId, Reject};
use crate::kinds::Kinds;

/// The space of an enumerable environment: `strata` parts of equal weight with up to `size` candidates each. Candidates are
/// distinct puzzles in canonical form; some of them may be rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Space {
    /// Parts that are drawn equally often.
    pub strata: u64,
    /// Candidates of each part.
    pub size: u128,
}

impl Space {
    /// All candidates together.
    pub fn total(&self) -> u128 {
        self.size.saturating_mul(u128::from(self.strata))
    }
}

/// The digits of a number to a base, the lowest first: the parts of a candidate from its index, each from 0.
pub fn digits<const N: usize>(mut index: u128, base: u64) -> [u64; N] {
    std::array::from_fn(|_| {
        let digit = index % u128::from(base.max(1));
        index /= u128::from(base.max(1));
        digit as u64
    })
}

/// Numbered puzzles, ids, twins and properties to hold out. By default puzzles are drawn, solvable ones are accepted, and the canonical
/// form says which are the same.
///
/// Give a [`space`](Splits::space) where few puzzles are possible, or draws meet the same ones again and again: rows then walk through the candidates by number, and
/// none comes twice. Without one a row that draws a puzzle of another split, or one that is there already, draws again.
pub trait Splits: Kinds {
    /// Whether the settings accept a puzzle that is solvable or not; solvable ones by default.
    fn accepts(_config: &Self::Config, solvable: bool) -> bool {
        solvable
    }
    /// The space of settings that [`check`](crate::Environment::check) has found good, where its puzzles can be numbered.
    fn space(_config: &Self::Config) -> Option<Space> {
        None
    }
    /// The space where a recipe asks that no puzzle comes twice and [`Splits::space`] has none. Its puzzles are other ones than those that are
    /// drawn, and maybe dearer to find, so that it is used only then.
    fn distinct_space(_config: &Self::Config) -> Option<Space> {
        None
    }
    /// The candidate of a space at `stratum` and `index`; `draw` decides how it is shown and what else is left to chance.
    /// Environments without a space reject.
    fn at(_config: &Self::Config, _stratum: u64, _index: u128, _draw: &mut Draw) -> Result<Self, Reject> {
        Err(Reject)
    }

    /// The stable id: a hash of name and canonical form.
    fn id(&self) -> PuzzleId {
        PuzzleId::of(self.about().name, |out| self.canonical().write_json(out))
    }
    /// The same puzzle shown in another way, by chance: in another order, under other names. It has the same canonical form and id, which the laws
    /// hold. None where there is one way only.
    fn shown_otherwise(&self, _draw: &mut Draw) -> Option<Self> {
        None
    }
    /// The id that it shares with all puzzles that differ from it only in names, in order, or by a symmetry of the rules: never two ids
    /// for twins, maybe one for a few that are none. Splits go by it. The same as [`Splits::id`] where the canonical form goes as far.
    fn twin(&self) -> PuzzleId {
        self.id()
    }
    /// Whether it is the one among its twins that a numbered space counts; true where the space has no twins.
    fn is_representative(&self) -> bool {
        true
    }
    /// Whether a numbered space under these settings counts one of all twins, so that no two of its candidates are twins.
    fn counts_twins_once(_config: &Self::Config) -> bool {
        true
    }

    /// The value of a property by which puzzles are held out ([`About::keys`](crate::About::keys)).
    fn hold_out_key(&self, _key: usize) -> u64 {
        0
    }
    /// All values of a property under the settings, where they can be listed.
    fn hold_out_values(_config: &Self::Config, _key: usize) -> Option<Vec<u64>> {
        None
    }
}
