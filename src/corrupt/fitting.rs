//! Kinds of defects that fit a dialect, for tests that try all of them.

use sos_envs::Draw;

use super::{Corruption, CorruptionConfig, KindConfig, Mode, corruptions};
use crate::dialect::DialectEntry;

/// The kinds of defects that fit a dialect. `swap` is left out, since it needs a second puzzle. Defects that are propagated are drawn where a kind has them.
pub fn fitting_kinds(dialect: &DialectEntry, draw: &mut Draw) -> Vec<KindConfig> {
    let mut kinds = Vec::new();
    for entry in corruptions().iter().filter(|entry| entry.name != "swap") {
        let propagated = entry.options.contains(&"mode") && draw.chance(1, 2);
        let kind = KindConfig { mode: propagated.then_some(Mode::Propagated), ..KindConfig::of(entry.name) };
        let alone = Corruption::new(&CorruptionConfig::of(vec![kind.clone()]));
        if alone.is_ok_and(|alone| alone.fits(dialect, false).is_ok()) {
            kinds.push(kind);
        }
    }
    kinds
}
