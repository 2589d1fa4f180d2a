//! How a trace is told, where a dialect leaves that open.

use crate::trace::NodeId;

/// A row's choice among the ways to tell a trace: all of its texts are told in the same one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phrasing {
    /// Which wording is taken, where the dialect has several, and which states are restated: drawn from the record's stream.
    pub word: u32,
    /// How many of a thousand states stand beside the move that tells them, in a dialect that leaves them out
    /// ([`leaves_states_out`](super::DialectEntry::leaves_states_out)). Clean rows then have the words that a wrong state is written in.
    pub restate_per_mille: u32,
}

impl Phrasing {
    /// A wording that restates nothing.
    pub fn of(word: u32) -> Self {
        Phrasing { word, restate_per_mille: 0 }
    }

    /// Whether the state of a node is told beside its move, though the move tells it: the same in every text of a row that has the node.
    pub fn restates(self, node: NodeId) -> bool {
        // The finalizer of MurmurHash3 (Appleby), 64 bits: every bit of the wording and the node changes the remainder.
        let mix = |value: u64, factor: u64| (value ^ (value >> 33)).wrapping_mul(factor);
        let key = (u64::from(self.word) << 32) | u64::from(node);
        let mixed = mix(mix(key, 0xff51_afd7_ed55_8ccd), 0xc4ce_b9fe_1a85_ec53);
        self.restate_per_mille > 0 && (mixed ^ (mixed >> 33)) % 1000 < u64::from(self.restate_per_mille)
    }
}
