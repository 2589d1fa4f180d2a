//! Strategies of [`proptest`] for puzzles, with shrinking. They need the feature `proptest`.
//!
//! A failing test of a solver, a parser or an environment ends with the smallest puzzle on which it fails. [`crate::smaller`] makes puzzles smaller. The values
//! of a strategy depend only on proptest's own random numbers, so a seed that proptest has kept gives the same value again.

use proptest::strategy::Strategy;

use crate::environment::Complete;
use crate::smaller::Of;

mod hostile;
#[doc(hidden)]
pub mod shrinking;
mod walks;

pub use hostile::hostile_texts;
pub use walks::{Walk, walks};

use shrinking::{Puzzles, Shrinking};

/// Puzzles of an environment that the settings accept. Smaller puzzles may be outside the ranges of the settings. They are solvable if the settings require it.
///
/// ```
/// use proptest::prelude::*;
/// use sos_envs::{Environment, WaterJugs, strategies::puzzles};
/// proptest!(|(jugs in puzzles::<WaterJugs>(Default::default()))| {
///     prop_assert!(jugs.is_solvable());
/// });
/// ```
pub fn puzzles<E: Complete>(settings: E::Config) -> impl Strategy<Value = E> + Clone {
    Shrinking(Puzzles { maker: Of::<E>::accepted(E::kind_of(&settings)), settings })
}

#[cfg(test)]
mod tests;
