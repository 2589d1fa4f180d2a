//! Strategies of [`proptest`] for puzzles, with shrinking. Feature `proptest`.
//!
//! A failing test of a solver, a parser or an environment ends on the smallest puzzle on which it fails: puzzles are made smaller as [`crate::smaller`] says.
//! What a strategy gives depends on proptest's own random numbers alone, so that a seed which proptest has kept gives the same again.

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

/// Puzzles of an environment that the settings accept. Smaller ones may lie outside of the settings' ranges; they are solvable where the settings ask
/// for that.
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
