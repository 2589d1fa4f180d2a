//! The wording of a trace, where a dialect has a choice.

use crate::trace::NodeId;

/// The wording of a row. All texts of the row have the same one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phrasing {
    /// A number drawn from the record's stream. It selects the wording, and the states that are restated.
    pub word: u32,
    /// How many of a thousand states are written beside the move that determines them, in a dialect that leaves such states out
    /// ([`leaves_states_out`](super::DialectEntry::leaves_states_out)). So clean rows have the same words as rows with a wrong state.
    pub restate_per_mille: u32,
}

impl Phrasing {
    /// A wording without restated states.
    pub fn of(word: u32) -> Self {
        Phrasing { word, restate_per_mille: 0 }
    }

    /// Whether the state of a node is written beside its move, although the move determines it. It is the same in all texts of a row.
    pub fn restates(self, node: NodeId) -> bool {
        // The 64-bit finalizer of MurmurHash3 (Appleby): each bit of the key affects the remainder.
        let mix = |value: u64, factor: u64| (value ^ (value >> 33)).wrapping_mul(factor);
        let key = (u64::from(self.word) << 32) | u64::from(node);
        let mixed = mix(mix(key, 0xff51_afd7_ed55_8ccd), 0xc4ce_b9fe_1a85_ec53);
        self.restate_per_mille > 0 && (mixed ^ (mixed >> 33)) % 1000 < u64::from(self.restate_per_mille)
    }
}
